use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety};

/// One replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in bytes; an empty span inserts.
    pub span: Range<usize>,
    /// What stands there then.
    pub new: String,
    /// The rule that says so, such as `pip-install`.
    pub rule: &'static str,
    /// Why, and what is different: lower case, no full stop.
    pub reason: String,
    /// Whether the meaning stays the same.
    pub safety: Safety,
    /// Edits of a file with the same number are made together or not at all; 0 stands alone.
    pub together: u32,
}

/// A command, or a setting, that has to do with pip or its kin and stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// Why it stays: lower case, no full stop.
    pub reason: String,
    /// What could stand there instead, to be tried by hand.
    pub suggestion: Option<String>,
}

/// What a host makes of one file. Spans are those of the file.
#[derive(Debug, Clone, Default)]
pub struct Rewritten {
    /// The replacements, in any order, apart from each other.
    pub edits: Vec<Edit>,
    /// What stays.
    pub left: Vec<Left>,
    /// What else there is to say; an error means that the file cannot be read and nothing in it is changed.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a user can say about a rewriting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RewriteOptions {
    /// These hosts only, by name; all when empty.
    pub only: Vec<String>,
    /// Not these hosts.
    pub skip: Vec<String>,
    /// Also make the changes that a person has to look at.
    pub review: bool,
    /// Also rewrite commands in documents.
    pub documents: bool,
}
