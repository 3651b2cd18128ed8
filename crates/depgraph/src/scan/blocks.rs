//! The compound statements around a line.

use crate::Guards;

use super::heads::Checking;

/// The clauses that are open, from the outermost to the innermost.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    open: Vec<Block>,
}

/// A clause of a compound statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// The column of its head.
    pub(super) indent: usize,
    /// What it is.
    pub(super) clause: Clause,
    /// What stands around an import in its body.
    pub(super) guards: Guards,
    /// How many functions are around its body.
    pub(super) functions: u32,
    /// What stands around the whole statement.
    pub(super) outer: Guards,
    /// How many functions are around the whole statement.
    pub(super) outer_functions: u32,
    /// Of a `try`: the records of its body.
    pub(super) body: (usize, Option<usize>),
    /// Of a `try`: whether a clause catches failed imports.
    pub(super) is_caught: bool,
    /// Of an `if`: whether the clauses that follow are only reached by type checkers.
    pub(super) rest_is_checked: bool,
}

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// `if`, `elif`, and `else` of these
    If,
    /// `case`
    Case,
    /// `try`, and its `except`, `else` and `finally`
    Try,
    /// `def`
    Function,
    /// Everything else that has a body.
    Other,
}

impl Blocks {
    /// Leaves what a line at this column is not in; gives the clause at the same column, which an `else` goes on with.
    pub(super) fn enter_line(&mut self, indent: usize) -> Option<Block> {
        let mut before = None;
        while self.open.last().is_some_and(|block| block.indent >= indent) {
            before = self.open.pop();
        }
        before.filter(|block| block.indent == indent)
    }

    /// What stands around the current line.
    pub(super) fn guards(&self) -> Guards {
        self.open.last().map_or(Guards::NONE, |block| block.guards)
    }

    /// How many functions are around the current line.
    pub(super) fn functions(&self) -> u32 {
        self.open.last().map_or(0, |block| block.functions)
    }

    /// How deep the current line is.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn push(&mut self, block: Block) {
        self.open.push(block);
    }

    /// A block that begins here, with nothing known about it.
    pub(super) fn begin(&self, indent: usize, clause: Clause) -> Block {
        let (guards, functions) = (self.guards(), self.functions());
        Block {
            indent,
            clause,
            guards,
            functions,
            outer: guards,
            outer_functions: functions,
            body: (0, None),
            is_caught: false,
            rest_is_checked: false,
        }
    }
}

impl Block {
    /// The next clause of the same statement.
    pub(super) fn go_on(self) -> Self {
        Self { guards: self.outer, functions: self.outer_functions, ..self }
    }

    /// Takes the condition of an `if` or `elif` into account.
    pub(super) fn on_condition(&mut self, checking: Checking) {
        let is_checked = self.rest_is_checked || checking == Checking::Yes;
        self.guards = self.outer.with(Guards::CONDITION);
        if is_checked {
            self.guards = self.guards.with(Guards::TYPE_CHECKING);
        }
        self.rest_is_checked |= checking == Checking::No;
    }
}
