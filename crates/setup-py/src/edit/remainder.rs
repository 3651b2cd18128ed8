//! What is left around an argument that was taken out, as a careful person would leave it.

use std::collections::BTreeSet;

use ruff_python_ast::token::TokenKind;

use crate::source::Source;

/// Where the comments of a text start.
pub(super) struct Comments(BTreeSet<usize>);

impl Comments {
    /// The comments of a source; `len` is the length of its text with a byte order mark if there is one.
    pub(super) fn of(source: &Source, len: usize) -> Self {
        let mark = len.saturating_sub(source.text.len());
        let tokens = source.parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment);
        Self(tokens.map(|token| token.as_tuple().1.start().to_usize() + mark).collect())
    }

    /// Tidies the place where an argument was. Up to there the text has to be as it was read.
    pub(super) fn tidy(&self, text: &mut String, at: usize) {
        let before = text.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let indent = at - line;
        if !before.get(line..).unwrap_or_default().trim().is_empty() {
            return self.close(text, at, Parenthesis::Behind);
        }
        let line = self.drop_comment_above(text, line);
        let line = drop_blank_lines(text, line);
        let parenthesis = if indent == 0 { Parenthesis::Below } else { Parenthesis::Behind };
        self.close(text, line + indent, parenthesis);
    }

    /// Takes out the comment that ends at `at`, unless something is below that it may speak of, too.
    fn drop_comment_above(&self, text: &mut String, at: usize) -> usize {
        let below = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
        let nothing_below = below.is_empty() || below.starts_with(['#', ')']);
        let start = self.comment_above(text, at);
        let block = text.get(start..at).unwrap_or_default();
        if start == at || !nothing_below || is_code(block) {
            return at;
        }
        text.replace_range(start..at, "");
        start
    }

    /// Where the lines start, directly above a line, that hold nothing but a comment.
    fn comment_above(&self, text: &str, at: usize) -> usize {
        let mut start = at;
        while let Some(line) = text.get(..start).and_then(|before| before.split_inclusive('\n').next_back()) {
            let begin = start - line.len();
            let blanks = line.len() - line.trim_start().len();
            if !self.0.contains(&(begin + blanks)) {
                break;
            }
            start = begin;
        }
        start
    }

    /// Draws the closing parenthesis to the last argument if it was behind the one that is gone, or if none is left.
    fn close(&self, text: &mut String, at: usize, parenthesis: Parenthesis) {
        let Some((before, after)) = text.split_at_checked(at) else { return };
        let gap = after.len() - after.trim_start().len();
        if !after.trim_start().starts_with(')') {
            return;
        }
        let behind =
            parenthesis == Parenthesis::Behind && !after.get(..gap).is_some_and(|it| it.contains('\n'));
        let kept = before.trim_end();
        let line = kept.rfind('\n').map_or(0, |end| end + 1);
        let commented = self.0.range(line..kept.len()).next().is_some();
        let start = match kept.strip_suffix(',') {
            _ if commented => return,
            None if kept.ends_with('(') => kept.len(),
            Some(kept) if behind => kept.len(),
            _ => return,
        };
        text.replace_range(start..at + gap, "");
    }
}

/// Where the parenthesis is that closes the call, when the argument before it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parenthesis {
    /// On the line of the argument.
    Behind,
    /// On a line of its own.
    Below,
}

/// Whether a comment is an argument that somebody put out of use, which speaks for itself.
fn is_code(block: &str) -> bool {
    let first = block.lines().next().unwrap_or_default().trim().trim_start_matches('#').trim_start();
    let name = first.len() - first.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let rest = first.get(name..).unwrap_or_default().trim_start();
    name > 0 && rest.starts_with('=')
}

/// Leaves the blank lines on one side of a place only, and none behind or before a parenthesis.
fn drop_blank_lines(text: &mut String, at: usize) -> usize {
    let Some((before, after)) = text.split_at_checked(at) else { return at };
    let start = blank_lines_above(before);
    let blank_below = blank_lines_below(after);
    let closes = after.trim_start().starts_with(')');
    let opens = before.trim_end().ends_with('(');
    let from = if closes || opens { start } else { at };
    let to = if from < at || start < at || closes || opens { at + blank_below } else { at };
    text.replace_range(from..to, "");
    from
}

/// Where the blank lines at the end of a text start.
fn blank_lines_above(text: &str) -> usize {
    let kept = text.trim_end();
    text.get(kept.len()..).and_then(|gap| gap.find('\n')).map_or(text.len(), |end| kept.len() + end + 1)
}

/// Where the blank lines at the start of a text end.
fn blank_lines_below(text: &str) -> usize {
    let gap = text.len() - text.trim_start().len();
    text.get(..gap).and_then(|gap| gap.rfind('\n')).map_or(0, |end| end + 1)
}
