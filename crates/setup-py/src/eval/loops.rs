//! Loops, as often as they run or until nothing changes any more.

use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt, StmtFor, StmtWhile};

use super::expression::Known;
use super::heap::reason;
use super::state::Split;
use super::value::{Cell, Kind, State, Val};
use super::{Eval, Exit, Halt, Interpreter, LoopExits};

/// How often the body of a loop is tried until nothing changes any more.
const ROUNDS: usize = 4;

impl<'a> Interpreter<'a> {
    pub(super) fn for_statement(&mut self, statement: &'a StmtFor) -> Eval<()> {
        let over = self.eval(&statement.iter)?;
        let items = match self.items(&over) {
            Ok(items) if !statement.is_async => items,
            Ok(_) => {
                return self
                    .unknown_loop(&Val::unknown(self.line(statement), "`async for`"), statement.into());
            }
            Err(taint) => {
                let value = Val::tainted(taint);
                self.may_raise(&value);
                return self.unknown_loop(&value, statement.into());
            }
        };
        let mut breaks = Exit::default();
        let before = over.id().and_then(|id| self.state.heap.get(id).cloned());
        for item in items {
            if self.exhausted() {
                return Ok(());
            }
            if !self.round_with(statement, item, &mut breaks)? {
                self.leave(breaks)?;
                self.left_early(&over);
                return Ok(());
            }
            if self.was_changed(&over, before.as_ref()) {
                let reason =
                    Val::unknown(self.line(statement), "a list is changed while a loop goes through it");
                self.unknown_loop(&reason, statement.into())?;
                self.finish_loop(breaks);
                return Ok(());
            }
        }
        let may_leave = breaks.state.is_some();
        self.block(&statement.orelse)?;
        self.finish_loop(breaks);
        if may_leave {
            self.left_early(&over);
        }
        Ok(())
    }

    /// Runs the body for an item. One that is there only under a marker is gone through on one path only.
    fn round_with(&mut self, statement: &'a StmtFor, mut item: Val, breaks: &mut Exit) -> Eval<bool> {
        let Some(marker) = item.marker.take() else {
            self.assign(&statement.target, item)?;
            return Ok(self.round(&statement.body, breaks));
        };
        let taint = reason(item.line, format!("it is there only where `{}`", marker.text));
        let split = if marker.is_perhaps() { Split::Unknown(taint) } else { Split::Marker(marker, taint) };
        let body = |this: &mut Self| {
            this.assign(&statement.target, item)?;
            this.round(&statement.body, breaks).then_some(()).ok_or(Halt)
        };
        self.split(&split, body, |_| Ok(())).map(|_| true)
    }

    /// Whether a list that a loop goes through is another one by now.
    fn was_changed(&self, over: &Val, before: Option<&Rc<Cell>>) -> bool {
        let (Kind::List(id), Some(before)) = (&over.kind, before) else { return false };
        let Some(now) = self.state.heap.get(*id) else { return false };
        if Rc::ptr_eq(now, before) {
            return false;
        }
        match (&**now, &**before) {
            (Cell::Items(now), Cell::Items(before)) => {
                now.len() != before.len() || !now.iter().zip(before).all(|(one, two)| one.same(two))
            }
            _ => true,
        }
    }

    /// After a `break`, what an iterator would still give is not kept.
    fn left_early(&mut self, over: &Val) {
        if let Kind::Iterator(id) | Kind::File(id) = over.kind {
            let reason = Val::unknown(self.here, "a loop was left before its end");
            self.taint(&[id], &reason);
        }
    }

    /// Runs the body once. `false` when no path goes on with the loop.
    fn round(&mut self, body: &'a [Stmt], breaks: &mut Exit) -> bool {
        self.loops.push(LoopExits::default());
        let done = self.block(body);
        let exits = self.loops.pop().unwrap_or_default();
        let reason = self.reason.clone();
        if let Some(state) = exits.breaks.state {
            breaks.add(state, &reason);
        }
        let mut next = exits.continues;
        if done.is_ok() {
            let state = std::mem::take(&mut self.state);
            next.add(state, &reason);
        }
        match next.state {
            Some(state) => {
                self.state = state;
                true
            }
            None => false,
        }
    }

    /// After a loop that no path has gone through to its end.
    fn leave(&mut self, breaks: Exit) -> Eval<()> {
        self.state = breaks.state.ok_or(Halt)?;
        Ok(())
    }

    /// After a loop that went to its end on one path and was left by `break` on others.
    fn finish_loop(&mut self, mut breaks: Exit) {
        if breaks.state.is_some() {
            breaks.add(self.state.clone(), &self.reason.clone());
            if let Some(state) = breaks.state {
                self.state = state;
            }
        }
    }

    pub(super) fn while_statement(&mut self, statement: &'a StmtWhile) -> Eval<()> {
        let mut breaks = Exit::default();
        loop {
            if self.exhausted() {
                return Ok(());
            }
            self.spend(10);
            match self.condition(&statement.test)? {
                Known::Certain(true) => {
                    if !self.round(&statement.body, &mut breaks) {
                        return self.leave(breaks);
                    }
                }
                Known::Certain(false) => break,
                Known::Marker(_) => {
                    let value = self.unknown(&*statement.test, "a loop depends on the interpreter");
                    return self.unknown_loop(&value, statement.into());
                }
                Known::Unknown(taint) => return self.unknown_loop(&Val::tainted(taint), statement.into()),
            }
        }
        self.block(&statement.orelse)?;
        self.finish_loop(breaks);
        Ok(())
    }

    /// A loop that runs nobody knows how often: its body is run until one more time makes no difference.
    fn unknown_loop(&mut self, value: &Val, it: Loop<'a>) -> Eval<()> {
        let Some(taint) = value.taint().cloned() else { return Ok(()) };
        let split = Split::Unknown(taint.clone());
        let mut breaks = Exit::default();
        for round in 0..=ROUNDS {
            let before = self.state.clone();
            let going = self.split(
                &split,
                |this| {
                    if let Some(target) = it.target {
                        this.assign(target, value.clone())?;
                    }
                    this.round(it.body, &mut breaks).then_some(()).ok_or(Halt)
                },
                |_| Ok(()),
            );
            going.map(drop)?;
            if self.unchanged(&before) {
                break;
            }
            if round == ROUNDS {
                self.give_up(taint.line, "a loop changes something each time it runs");
            }
        }
        self.block(it.orelse)?;
        self.finish_loop(breaks);
        Ok(())
    }

    /// Whether everything that was known before is as it was.
    fn unchanged(&self, before: &State) -> bool {
        let heap = before.heap.iter().zip(&self.state.heap);
        let cells = heap.into_iter().all(|(old, new)| {
            Rc::ptr_eq(old, new)
                || matches!((&**old, &**new), (Cell::Unknown(_), Cell::Unknown(_)) | (Cell::Absent, _))
        });
        let unknown = |value: &Val| matches!(value.kind, Kind::Unknown(_));
        cells
            && before.frames.iter().zip(&self.state.frames).all(|(old, new)| {
                new.names.len() == old.names.len()
                    && new.names.iter().all(|(name, value)| {
                        old.names
                            .get(name)
                            .is_some_and(|it| it.same(value) || (unknown(it) && unknown(value)))
                    })
            })
    }

    pub(super) fn leave_loop(&mut self, by_break: bool) -> Halt {
        self.spend(self.state.heap.len() / 16);
        let (state, reason) = (self.state.clone(), self.reason.clone());
        if let Some(exits) = self.loops.last_mut() {
            let exit = if by_break { &mut exits.breaks } else { &mut exits.continues };
            exit.add(state, &reason);
        }
        Halt
    }
}

/// What `for` and `while` have in common.
#[derive(Clone, Copy)]
struct Loop<'a> {
    target: Option<&'a Expr>,
    body: &'a [Stmt],
    orelse: &'a [Stmt],
}

impl<'a> From<&'a StmtFor> for Loop<'a> {
    fn from(it: &'a StmtFor) -> Self {
        Self { target: Some(&it.target), body: &it.body, orelse: &it.orelse }
    }
}

impl<'a> From<&'a StmtWhile> for Loop<'a> {
    fn from(it: &'a StmtWhile) -> Self {
        Self { target: None, body: &it.body, orelse: &it.orelse }
    }
}
