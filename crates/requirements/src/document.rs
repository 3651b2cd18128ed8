//! A parsed file: its text, its lines, and what there is to say about them.

use std::fmt;
use std::sync::Arc;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::requirement::Requirement;
use crate::text::Part;

/// A requirements or constraints file. [`Display`](fmt::Display) gives the input back byte for byte.
#[derive(Clone)]
pub struct Document {
    pub(crate) text: Arc<str>,
    pub(crate) lines: Vec<Line>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The logical lines; their spans follow each other without a gap and cover the whole text.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What is wrong or surprising, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The requirements with the line of each.
    pub fn requirements(&self) -> impl Iterator<Item = (&Line, &Requirement)> {
        self.lines.iter().filter_map(|line| match line.kind() {
            LineKind::Requirement(requirement) => Some((line, requirement)),
            _ => None,
        })
    }

    /// The text of a comment from its `#` on.
    pub fn comment(&self, line: &Line) -> Option<&str> {
        line.comment.get(&self.text)
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Document")
            .field("lines", &self.lines)
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

/// One logical line: physical lines that `\` joins.
#[derive(Debug, Clone)]
pub struct Line {
    pub(crate) span: Part,
    pub(crate) comment: Part,
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) kind: LineKind,
}

impl Line {
    /// The bytes of the line, its line end included.
    pub fn span(&self) -> Span {
        self.span.span()
    }

    /// The first physical line, counted from 1 as pip counts (`str.splitlines`).
    pub fn line(&self) -> usize {
        self.first as usize
    }

    /// The last physical line.
    pub fn end_line(&self) -> usize {
        self.last as usize
    }

    /// The comment from its `#` to the end of the content, be it on a line of its own or behind something.
    pub fn comment(&self) -> Option<Span> {
        self.comment.is_some().then(|| self.comment.span())
    }

    /// What stands on the line.
    pub fn kind(&self) -> &LineKind {
        &self.kind
    }
}

/// What stands on a line.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LineKind {
    /// Nothing.
    Blank,
    /// A comment and nothing else.
    Comment,
    /// A requirement, editable or not.
    Requirement(Requirement),
    /// `-r` or `-c`.
    Include(Include),
    /// Options for the whole run, in the order pip sees them.
    Options(Vec<GlobalOption>),
    /// What pip refuses.
    Invalid(Box<Invalid>),
}

/// `-r FILE` or `-c FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Which of the two.
    pub kind: IncludeKind,
    /// The path or URL as written, without quotes.
    pub target: String,
}

/// What an included file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncludeKind {
    /// `-r`: requirements.
    Requirements,
    /// `-c`: constraints.
    Constraints,
}

/// An option for the whole run. Values are as written, without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GlobalOption {
    /// `-i`, `--index-url`; the last one counts.
    IndexUrl(String),
    /// `--extra-index-url`
    ExtraIndexUrl(String),
    /// `-f`, `--find-links`; pip takes only the first of a line.
    FindLinks(String),
    /// `--no-index`
    NoIndex,
    /// `--pre`
    Pre,
    /// `--prefer-binary`
    PreferBinary,
    /// `--no-binary`: names with commas, `:all:` or `:none:`.
    NoBinary(String),
    /// `--only-binary`
    OnlyBinary(String),
    /// `--trusted-host`
    TrustedHost(String),
    /// `--require-hashes`
    RequireHashes,
    /// `--no-require-hashes`
    NoRequireHashes,
    /// `--use-feature`
    UseFeature(String),
    /// `--all-releases`
    AllReleases(String),
    /// `--only-final`
    OnlyFinal(String),
}

/// A line that pip refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// At what stage.
    pub reason: InvalidReason,
    /// Why: lower case, no full stop.
    pub message: String,
    /// What could still be told about the requirement: its text, editable or not, hashes. Nothing if the options
    /// of the line could not be read.
    pub requirement: Option<Requirement>,
}

/// At what stage pip refuses a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidReason {
    /// The options cannot be parsed.
    Options,
    /// The requirement cannot be parsed.
    Requirement,
    /// The marker cannot be parsed.
    Marker,
    /// The URL, its `egg=` or the wheel's file name is not usable.
    Url,
    /// The file is larger than 4 GiB and was not looked at.
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::{Line, LineKind};
    use crate::requirement::Requirement;

    /// Millions of lines are kept; a field more in each of them is felt.
    #[test]
    fn lines_stay_small() {
        assert_eq!(size_of::<Requirement>(), 8);
        assert!(size_of::<LineKind>() <= 32, "{}", size_of::<LineKind>());
        assert!(size_of::<Line>() <= 56, "{}", size_of::<Line>());
    }
}
