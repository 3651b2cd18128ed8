//! `try` and `with`.

use std::rc::Rc;

use ruff_python_ast::{ExceptHandler, Stmt, StmtTry, StmtWith};
use ruff_text_size::Ranged;

use super::state::Split;
use super::value::{Kind, Taint, Val};
use super::{Eval, Halt, Interpreter, TryExits};

impl<'a> Interpreter<'a> {
    pub(super) fn with_statement(&mut self, statement: &'a StmtWith) -> Eval<()> {
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

    pub(super) fn try_statement(&mut self, statement: &'a StmtTry) -> Eval<()> {
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
        self.spend(self.state.heap.len() / 4);
        self.tries.push(TryExits::default());
        let mut done = self.block(body);
        let exits = self.tries.pop().unwrap_or_default();
        let after = self.state.clone();
        let raised = exits.raised;
        let certain = exits.may_raise.is_none();
        let reason = exits.may_raise.unwrap_or(taint);
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
                    return self.handler(
                        handler.name.as_ref().map(ruff_python_ast::Identifier::as_str),
                        &handler.body,
                        handler,
                    );
                }
            }
            return Err(self.throw(name));
        }
        let Some((ExceptHandler::ExceptHandler(handler), rest)) = handlers.split_first() else {
            return Err(Halt);
        };
        let split = Split::Unknown(self.reason.clone());
        let name = handler.name.as_ref().map(ruff_python_ast::Identifier::as_str);
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
        it == name
            || it == "BaseException"
            || parents.contains(&it)
            || (it == "Exception" && name != "SystemExit")
    })
}
