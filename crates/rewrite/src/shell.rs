//! Shell scripts (POSIX sh and bash), read without loss: every command with its words and their places.
//!
//! The parser never fails: what it cannot read is a [`Problem`], and the commands before it stand.

mod compound;
mod expansion;
mod list;
mod reader;
mod redirection;
mod template;
mod word;

use std::ops::Range;

use reader::Reader;

/// A script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// Every simple command, in the order in which they end: those within `$(...)` come before the command around them.
    ///
    /// `[[ ... ]]` is a command whose first word is `[[`, and `(( ... ))` one with a single word.
    pub commands: Vec<Command>,
    /// What cannot be read.
    pub problem: Option<Problem>,
}

/// Where reading had to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place, in bytes.
    pub at: usize,
    /// What is the matter: lower case, no full stop.
    pub message: &'static str,
}

/// A simple command: assignments, words, redirections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// All of it, with assignments and redirections, in bytes.
    pub span: Range<usize>,
    /// `NAME=value` in front.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// `> file`, `2>&1`, `<<EOF` with its document.
    pub redirections: Vec<Redirection>,
    /// What stands between the command before and this one; the first one of a block has nothing in front of it.
    pub joined_by: Joint,
    /// What stands behind it: `Start` when nothing does, as at the end of the script or before `)`.
    pub followed_by: Joint,
    /// What it stands in, the outermost first.
    pub within: Vec<Block>,
}

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// All of it.
    pub span: Range<usize>,
    /// The name, with what else stands before `=`: `x[1]` for `x[1]=a`, `x+` for `x+=a`.
    pub name: String,
    /// The value; `NAME=` has one without parts, and the `(a b)` of an array is one pattern.
    pub value: Word,
}

/// A word with its quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// All of it, in bytes.
    pub span: Range<usize>,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Characters that stand for themselves, without their quotes and escapes.
    Literal(String),
    /// `$NAME` or `${NAME}`, and `${NAME:-word}` and its kin with what follows the name.
    Variable {
        /// The name; `1`, `@` and such for the special ones.
        name: String,
        /// What follows the name within the braces; for `${#NAME}` and `${!NAME}` what stands before it, too.
        operation: Option<String>,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `$(...)` or backquotes, or `<(...)`.
    Substitution,
    /// `$((...))`, or a command `((...))`.
    Arithmetic,
    /// An unquoted `*`, `?` or `[...]`, `@(a|b)`, `{a,b}`, or `~` in front.
    Pattern(String),
    /// `${{ ... }}` of GitHub and Azure, `{{ ... }}` of templates, `<< ... >>` of `CircleCI`: another program fills it in before the shell sees it.
    Template(String),
}

/// A redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirection {
    /// All of it, without the document.
    pub span: Range<usize>,
    /// `>`, `>>`, `2>`, `<`, `<<`, ...
    pub operator: String,
    /// The file, or the end of the document.
    pub target: Word,
    /// The document of `<<`.
    pub document: Option<Range<usize>>,
}

/// What stands between two commands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Joint {
    /// Nothing: it is the first.
    #[default]
    Start,
    /// A new line or `;`.
    Next,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
}

/// What a command can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// `( ... )`
    Subshell,
    /// `{ ...; }`
    Braces,
    /// `$(...)`, backquotes, `<(...)`
    Substitution,
    /// Between `if` or `elif` and `then`, or between `while` or `until` and `do`.
    Condition,
    /// After `then` or `else`, or in a `case`.
    Branch,
    /// Between `do` and `done`.
    Loop,
    /// The body of a function.
    Function,
    /// Negated with `!`.
    Negation,
}

impl Word {
    /// The word without quotes, when it has only literal parts.
    pub fn literal(&self) -> Option<String> {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            _ => None,
        });
        parts.collect()
    }

    /// The word as it is written.
    pub fn raw<'a>(&self, script: &'a str) -> &'a str {
        script.get(self.span.clone()).unwrap_or_default()
    }
}

/// Reads a script.
pub fn parse(script: &str) -> Script {
    Reader::new(script).script()
}

#[cfg(test)]
mod tests;
