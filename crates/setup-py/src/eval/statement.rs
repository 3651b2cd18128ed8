//! Statements.

use std::rc::Rc;

use ruff_python_ast::{ElifElseClause, Expr, Identifier, Stmt, StmtIf};

use super::expression::Known;
use super::state::Split;
use super::value::{Kind, Val};
use super::{Eval, Halt, Interpreter, is_nothing};
use crate::RemarkKind;

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
        self.here = self.line(statement);
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
                self.classes.push((it.name.as_str(), &it.body));
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
            Stmt::Global(it) => {
                self.elsewhere(&it.names, true);
                Ok(())
            }
            Stmt::Nonlocal(it) => {
                self.elsewhere(&it.names, false);
                Ok(())
            }
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
        self.spend(self.state.heap.len() / 16);
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

    fn elsewhere(&mut self, names: &[Identifier], global: bool) {
        for name in names {
            let mut home = 0;
            let mut at = self.state.frames.get(self.frame).and_then(|frame| frame.parent);
            while let (false, Some(index)) = (global, at) {
                let Some(frame) = self.state.frames.get(index) else { break };
                if frame.names.contains_key(name.as_str()) {
                    home = index;
                    break;
                }
                at = frame.parent;
            }
            if let Some(frame) = self.state.frames.get_mut(self.frame) {
                Rc::make_mut(frame).elsewhere.insert(Rc::from(name.as_str()), home);
            }
        }
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
                if let (Some(modern), true) =
                    (marker.modern, leaves(body) || rest.iter().any(|it| leaves(&it.body)))
                {
                    let line = self.line(test);
                    self.remark(
                        line,
                        RemarkKind::Folded,
                        format!("`{}` is {modern} from Python 3.8 on", self.code(test)),
                    );
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
