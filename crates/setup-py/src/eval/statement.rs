//! Statements.

use std::rc::Rc;

use ruff_python_ast::{ElifElseClause, ExceptHandler, Expr, Stmt, StmtFor, StmtIf, StmtTry, StmtWhile, StmtWith};
use ruff_text_size::Ranged;

use super::expression::Known;
use super::state::Split;
use super::value::{Cell, Kind, Taint, Val};
use super::{Eval, Exit, Halt, Interpreter, LoopExits, TryExits, is_nothing};
use crate::RemarkKind;

/// How often the body of a loop is tried until nothing changes any more.
const ROUNDS: usize = 4;

impl<'a> Interpreter<'a> {
    pub(super) fn block(&mut self, body: &'a [Stmt]) -> Eval<()> {
        for statement in body {
            if self.exhausted() {
                self.skim(statement)?;
            } else if !is_nothing(statement) {
                match self.deeper(|this| this.statement(statement)) {
                    Some(done) => done?,
                    None => self.skim(statement)?,
                }
            }
        }
        Ok(())
    }

    /// When nothing is left to spend, only the call of `setup()` itself is still looked for.
    fn skim(&mut self, statement: &'a Stmt) -> Eval<()> {
        match statement {
            Stmt::Expr(it) => {
                if let Expr::Call(call) = &*it.value
                    && self.code(&*call.func).rsplit('.').next() == Some("setup")
                {
                    self.setup_call(call)?;
                }
                Ok(())
            }
            Stmt::If(it) => it.body.iter().try_for_each(|inner| self.skim(inner)),
            Stmt::Try(it) => it.body.iter().try_for_each(|inner| self.skim(inner)),
            Stmt::With(it) => it.body.iter().try_for_each(|inner| self.skim(inner)),
            _ => Ok(()),
        }
    }

    fn statement(&mut self, statement: &'a Stmt) -> Eval<()> {
        self.spend(1);
        match statement {
            Stmt::Expr(it) => self.eval(&it.value).map(drop),
            Stmt::Assign(it) => {
                let value = self.eval(&it.value)?;
                it.targets.iter().try_for_each(|target| self.assign(target, value.clone()))
            }
            Stmt::AnnAssign(it) => match &it.value {
                Some(value) => {
                    let value = self.eval(value)?;
                    self.assign(&it.target, value)
                }
                None => Ok(()),
            },
            Stmt::AugAssign(it) => self.augmented(it),
            Stmt::If(it) => self.if_statement(it),
            Stmt::For(it) => self.for_statement(it),
            Stmt::While(it) => self.while_statement(it),
            Stmt::Try(it) => self.try_statement(it),
            Stmt::With(it) => self.with_statement(it),
            Stmt::FunctionDef(it) => self.define(it),
            Stmt::ClassDef(it) => {
                let line = self.line(it);
                self.remark(line, RemarkKind::Class, format!("class `{}`", it.name));
                self.set_name(&it.name, Val::new(Kind::Class(Rc::from(it.name.as_str())), line));
                Ok(())
            }
            Stmt::Import(it) => self.import(it),
            Stmt::ImportFrom(it) => self.import_from(it),
            Stmt::Return(it) => self.return_statement(it.value.as_deref(), statement),
            Stmt::Raise(it) => self.raise_statement(it.exc.as_deref()),
            Stmt::Delete(it) => it.targets.iter().try_for_each(|target| self.delete(target)),
            Stmt::Assert(it) => match self.condition(&it.test)? {
                Known::Certain(false) => Err(self.throw("AssertionError")),
                _ => Ok(()),
            },
            Stmt::Break(_) | Stmt::Continue(_) => Err(self.leave_loop(matches!(statement, Stmt::Break(_)))),
            Stmt::Global(it) => self.elsewhere(it.names.iter().map(|it| it.as_str()), true),
            Stmt::Nonlocal(it) => self.elsewhere(it.names.iter().map(|it| it.as_str()), false),
            Stmt::Pass(_) | Stmt::TypeAlias(_) => Ok(()),
            Stmt::Match(_) | Stmt::IpyEscapeCommand(_) => {
                let line = self.line(statement);
                self.give_up(line, "a `match` statement is not followed");
                Ok(())
            }
        }
    }

    /// Nothing that is computed from here on is known.
    pub(super) fn give_up(&mut self, line: usize, why: &str) {
        self.remark(line, RemarkKind::Effect, why);
        self.budget.fuel = 0;
    }

    fn return_statement(&mut self, value: Option<&'a Expr>, statement: &Stmt) -> Eval<()> {
        let value = match value {
            Some(value) => self.eval(value)?,
            None => Val::new(Kind::None, self.line(statement)),
        };
        self.set_name(super::function::RETURNED, value);
        let (state, reason) = (self.state.clone(), self.reason.clone());
        if let Some(exit) = self.returns.last_mut() {
            exit.add(state, &reason);
        }
        Err(Halt)
    }

    fn raise_statement(&mut self, exception: Option<&'a Expr>) -> Eval<()> {
        let name = match exception {
            Some(Expr::Call(call)) => self.code(&*call.func),
            Some(other) => self.code(other),
            None => String::new(),
        };
        Err(self.throw(name.rsplit('.').next().unwrap_or_default()))
    }

    fn leave_loop(&mut self, by_break: bool) -> Halt {
        let (state, reason) = (self.state.clone(), self.reason.clone());
        if let Some(exits) = self.loops.last_mut() {
            let exit = if by_break { &mut exits.breaks } else { &mut exits.continues };
            exit.add(state, &reason);
        }
        Halt
    }

    fn elsewhere<'n>(&mut self, names: impl Iterator<Item = &'n str>, global: bool) -> Eval<()> {
        for name in names {
            let mut home = 0;
            let mut at = self.state.frames.get(self.frame).and_then(|frame| frame.parent);
            while let (false, Some(index)) = (global, at) {
                let Some(frame) = self.state.frames.get(index) else { break };
                if frame.names.contains_key(name) {
                    home = index;
                    break;
                }
                at = frame.parent;
            }
            if let Some(frame) = self.state.frames.get_mut(self.frame) {
                Rc::make_mut(frame).elsewhere.insert(Rc::from(name), home);
            }
        }
        Ok(())
    }

    fn if_statement(&mut self, statement: &'a StmtIf) -> Eval<()> {
        self.branch(&statement.test, &statement.body, &statement.elif_else_clauses)
    }

    fn branch(&mut self, test: &'a Expr, body: &'a [Stmt], rest: &'a [ElifElseClause]) -> Eval<()> {
        let split = match self.condition(test)? {
            Known::Certain(true) => return self.block(body),
            Known::Certain(false) => return self.otherwise(rest),
            Known::Marker(marker) => {
                let why = format!("it depends on `{}`", self.code(test));
                let taint = Val::unknown_kind(self.line(test), why, crate::UnknownKind::Platform);
                if let (Some(modern), true) = (marker.modern, leaves(body) || rest.iter().any(|it| leaves(&it.body))) {
                    let line = self.line(test);
                    self.remark(line, RemarkKind::Folded, format!("`{}` is {modern} from Python 3.8 on", self.code(test)));
                    return if modern { self.block(body) } else { self.otherwise(rest) };
                }
                match taint.taint() {
                    Some(taint) => Split::Marker(marker, taint.clone()),
                    None => return Ok(()),
                }
            }
            Known::Unknown(taint) => Split::Unknown(taint),
        };
        if raises(body) && !matches!(split, Split::Unknown(_)) {
            let line = self.line(test);
            self.remark(line, RemarkKind::Guard, format!("refuses to run where `{}`", self.code(test)));
        }
        self.split(&split, |this| this.block(body), |this| this.otherwise(rest)).map(drop)
    }

    fn otherwise(&mut self, rest: &'a [ElifElseClause]) -> Eval<()> {
        match rest.split_first() {
            None => Ok(()),
            Some((clause, rest)) => match &clause.test {
                Some(test) => self.deeper(|this| this.branch(test, &clause.body, rest)).unwrap_or(Ok(())),
                None => self.block(&clause.body),
            },
        }
    }

    fn for_statement(&mut self, statement: &'a StmtFor) -> Eval<()> {
        let over = self.eval(&statement.iter)?;
        let items = match self.items(&over) {
            Ok(items) if !statement.is_async => items,
            Ok(_) => return self.unknown_loop(&Val::unknown(self.line(statement), "`async for`"), statement.into()),
            Err(taint) => {
                let value = Val::tainted(taint);
                self.may_raise(&value);
                return self.unknown_loop(&value, statement.into());
            }
        };
        let mut breaks = Exit::default();
        for item in items {
            if self.exhausted() {
                return Ok(());
            }
            self.assign(&statement.target, item)?;
            if !self.round(&statement.body, &mut breaks) {
                return self.leave(breaks);
            }
        }
        self.block(&statement.orelse)?;
        self.finish_loop(breaks);
        Ok(())
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
            next.add(self.state.clone(), &reason);
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

    fn while_statement(&mut self, statement: &'a StmtWhile) -> Eval<()> {
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
    fn unchanged(&self, before: &super::State) -> bool {
        let heap = before.heap.iter().zip(&self.state.heap);
        let cells = heap.into_iter().all(|(old, new)| {
            Rc::ptr_eq(old, new) || matches!((&**old, &**new), (Cell::Unknown(_), Cell::Unknown(_)) | (Cell::Absent, _))
        });
        let unknown = |value: &Val| matches!(value.kind, Kind::Unknown(_));
        cells
            && before.frames.iter().zip(&self.state.frames).all(|(old, new)| {
                new.names.len() == old.names.len()
                    && new.names.iter().all(|(name, value)| {
                        old.names.get(name).is_some_and(|it| it.same(value) || (unknown(it) && unknown(value)))
                    })
            })
    }

    fn with_statement(&mut self, statement: &'a StmtWith) -> Eval<()> {
        let mut suppressed = None;
        for item in &statement.items {
            let value = self.eval(&item.context_expr)?;
            if let Kind::Object(name) = &value.kind
                && name.as_ref() == "contextlib.suppress"
            {
                let why = "it depends on whether an exception is raised";
                suppressed = Val::unknown(self.line(item), why).taint().cloned();
            }
            if let Some(target) = &item.optional_vars {
                self.assign(target, value)?;
            }
        }
        let Some(taint) = suppressed else { return self.block(&statement.body) };
        self.attempt(&statement.body, taint, |_, _, _| Ok(()))
    }

    fn try_statement(&mut self, statement: &'a StmtTry) -> Eval<()> {
        let line = self.line(statement);
        let why = Val::unknown(line, "it depends on whether the `try` in this line succeeds");
        let Some(taint) = why.taint().cloned() else { return Ok(()) };
        let done = if statement.handlers.is_empty() {
            self.block(&statement.body)
        } else {
            self.attempt_with(&statement.body, &statement.orelse, taint, |this, names, certain| {
                this.handlers(&statement.handlers, names, certain)
            })
        };
        // A path that leaves through `finally` has recorded its state already; what is done there is rarely more than closing.
        if done.is_ok() {
            self.block(&statement.finalbody)?;
        }
        done
    }

    fn attempt(
        &mut self,
        body: &'a [Stmt],
        taint: Rc<Taint>,
        handle: impl FnOnce(&mut Self, &[String], bool) -> Eval<()>,
    ) -> Eval<()> {
        self.attempt_with(body, &[], taint, handle)
    }

    /// Runs a body, and what handles its exceptions from all states in which it may have raised one.
    fn attempt_with(
        &mut self,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        taint: Rc<Taint>,
        handle: impl FnOnce(&mut Self, &[String], bool) -> Eval<()>,
    ) -> Eval<()> {
        let before = self.state.clone();
        self.tries.push(TryExits::default());
        let mut done = self.block(body);
        let exits = self.tries.pop().unwrap_or_default();
        let after = self.state.clone();
        let mut raised = exits.raised;
        let certain = exits.may_raise.is_none();
        let reason = exits.may_raise.unwrap_or(taint);
        if !certain {
            raised.add(before, &reason);
            raised.add(after.clone(), &reason);
        }
        if done.is_ok() {
            done = self.block(orelse);
        }
        let Some(state) = raised.state else { return done };
        let finished = done.is_ok().then(|| self.state.clone());
        self.reason = reason.clone();
        let (heap, frames) = (self.state.heap.len(), self.state.frames.len());
        self.state = state;
        self.state.pad(heap.max(after.heap.len()), frames.max(after.frames.len()));
        let handled = handle(self, &exits.names, certain && finished.is_none());
        match (finished, handled) {
            (None, handled) => handled,
            (Some(finished), Ok(())) => {
                self.state = super::state::join(&finished, &self.state, &Split::Unknown(reason));
                Ok(())
            }
            (Some(mut finished), Err(Halt)) => {
                finished.pad(self.state.heap.len(), self.state.frames.len());
                self.state = finished;
                Ok(())
            }
        }
    }

    /// Runs the handlers: the one that matches if the exception is known, else any of them.
    fn handlers(&mut self, handlers: &'a [ExceptHandler], names: &[String], certain: bool) -> Eval<()> {
        if let (true, [name]) = (certain, names) {
            for ExceptHandler::ExceptHandler(handler) in handlers {
                let caught = handler.type_.as_deref().map(|it| self.code(it));
                if caught.is_none_or(|caught| catches(&caught, name)) {
                    return self.handler(handler.name.as_ref().map(|it| it.as_str()), &handler.body, handler);
                }
            }
            return Err(self.throw(name));
        }
        let Some((ExceptHandler::ExceptHandler(handler), rest)) = handlers.split_first() else { return Err(Halt) };
        let split = Split::Unknown(self.reason.clone());
        let name = handler.name.as_ref().map(|it| it.as_str());
        let first = |this: &mut Self| this.handler(name, &handler.body, handler);
        if rest.is_empty() {
            return first(self);
        }
        self.split(&split, first, |this| {
            this.deeper(|this| this.handlers(rest, names, false)).unwrap_or(Err(Halt))
        })
        .map(drop)
    }

    fn handler(&mut self, name: Option<&str>, body: &'a [Stmt], at: &impl Ranged) -> Eval<()> {
        if let Some(name) = name {
            self.set_name(name, Val::unknown(self.line(at), "an exception"));
        }
        self.block(body)
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

/// Whether `except CAUGHT` catches an exception of this name.
fn catches(caught: &str, name: &str) -> bool {
    let parents: &[&str] = match name {
        "ModuleNotFoundError" => &["ImportError"],
        "FileNotFoundError" | "IsADirectoryError" => &["OSError", "IOError", "EnvironmentError"],
        "KeyError" | "IndexError" => &["LookupError"],
        "SystemExit" => &[],
        _ => &["Exception"],
    };
    caught.split([',', '(', ')', ' ']).map(|it| it.rsplit('.').next().unwrap_or_default()).any(|it| {
        it == name || it == "BaseException" || parents.contains(&it) || (it == "Exception" && name != "SystemExit")
    })
}

/// Whether a block can leave a function or a loop.
fn leaves(body: &[Stmt]) -> bool {
    body.iter().any(|it| match it {
        Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::If(it) => leaves(&it.body) || it.elif_else_clauses.iter().any(|it| leaves(&it.body)),
        Stmt::For(it) => leaves(&it.body) || leaves(&it.orelse),
        Stmt::While(it) => leaves(&it.body) || leaves(&it.orelse),
        Stmt::With(it) => leaves(&it.body),
        Stmt::Try(it) => leaves(&it.body) || leaves(&it.orelse) || leaves(&it.finalbody),
        _ => false,
    })
}

fn raises(body: &[Stmt]) -> bool {
    body.iter().any(|it| matches!(it, Stmt::Raise(_)))
}
