//! Commands that go, with what joins them to their neighbours.

use std::ops::Range;

use super::How;
use super::layout::{Layout, Side};
use crate::engine::ask::Action;
use crate::engine::gap::{Gap, Token, closes, opens};
use crate::shell::Command;

/// A command that goes.
pub(super) struct Removal {
    pub(super) index: usize,
    pub(super) span: Range<usize>,
    pub(super) new: String,
    pub(super) together: u32,
    /// Commands behind `||` that go with it.
    pub(super) swallowed: Vec<usize>,
}

/// All of them.
pub(super) struct Removals<'a> {
    script: &'a str,
    commands: &'a [Command],
    layout: &'a Layout<'a>,
    how: How,
    actions: &'a [Action],
    /// Whether nothing that stays is between a command and the end of its block.
    closed: Vec<bool>,
}

impl<'a> Removals<'a> {
    pub(super) fn new(
        script: &'a str,
        commands: &'a [Command],
        layout: &'a Layout<'a>,
        how: How,
        actions: &'a [Action],
    ) -> Self {
        let mut found = Self { script, commands, layout, how, actions, closed: vec![false; commands.len()] };
        let mut order: Vec<usize> = (0..commands.len()).collect();
        order.sort_by_key(|index| found.start(*index));
        for index in order.into_iter().rev() {
            let Some(side) = layout.after(index) else { continue };
            let next =
                side.neighbour.filter(|next| matches!(side.gap, Gap::And | Gap::Next) && found.goes(*next));
            let next = next.and_then(|next| found.closed.get(next)).copied().unwrap_or(false);
            if let Some(closed) = found.closed.get_mut(index) {
                *closed = closes(&side.tokens) || next;
            }
        }
        found
    }

    fn goes(&self, index: usize) -> bool {
        matches!(self.actions.get(index), Some(Action::Remove(_)))
    }

    fn start(&self, index: usize) -> usize {
        self.commands.get(index).map_or(0, |command| command.span.start)
    }

    fn end(&self, index: usize) -> usize {
        self.commands.get(index).map_or(0, |command| command.span.end)
    }

    pub(super) fn all(&self) -> Vec<Removal> {
        let mut order: Vec<usize> = (0..self.commands.len()).filter(|index| self.goes(*index)).collect();
        order.sort_by_key(|index| self.start(*index));
        let mut done = vec![false; self.commands.len()];
        let mut found = Vec::new();
        for index in order {
            if done.get(index).copied().unwrap_or(true) {
                continue;
            }
            let chain = self.chain(index);
            for member in chain.members.iter().chain(&chain.swallowed) {
                if let Some(done) = done.get_mut(*member) {
                    *done = true;
                }
            }
            found.extend(self.chain_removals(&chain));
        }
        found
    }

    /// Commands that go, joined by `&&`, and what stands behind `||` after the last of them.
    fn chain(&self, first: usize) -> Chain {
        let mut chain = Chain { members: vec![first], swallowed: Vec::new() };
        let mut last = first;
        while let Some(side) = self.layout.after(last) {
            let Some(next) = side.neighbour else { break };
            match side.gap {
                Gap::And | Gap::Pipe if self.goes(next) && chain.swallowed.is_empty() => {
                    chain.members.push(next);
                }
                Gap::Or if self.how == How::Whole && self.is_simple(next) => chain.swallowed.push(next),
                _ => break,
            }
            last = next;
        }
        chain
    }

    /// Whether nothing nested or piped hangs on a command.
    fn is_simple(&self, index: usize) -> bool {
        self.layout.after(index).is_none_or(|side| side.gap != Gap::Pipe)
            && self.commands.get(index).is_none_or(|command| {
                command.redirections.iter().all(|redirection| redirection.document.is_none())
            })
    }

    fn chain_removals(&self, chain: &Chain) -> Vec<Removal> {
        let Some((first, last)) = chain.members.first().zip(chain.members.last()) else { return Vec::new() };
        let end_index = chain.swallowed.last().unwrap_or(last);
        let whole = self.start(*first)..self.end(*end_index);
        let (span, new) = self.place(*first, *end_index, whole.clone());
        let together = if chain.members.len() > 1 { number(self.script, whole.start) } else { 0 };
        let mut found = Vec::new();
        for (at, index) in chain.members.iter().enumerate() {
            // Each takes what is up to the next one, so that each has its own reason.
            let from = if at == 0 { span.start } else { self.start(*index) };
            let to = chain.members.get(at + 1).map_or(span.end, |next| self.start(*next));
            let is_last = at + 1 == chain.members.len();
            found.push(Removal {
                index: *index,
                span: from..to.max(from),
                new: if is_last { new.clone() } else { String::new() },
                together,
                swallowed: if is_last { chain.swallowed.clone() } else { Vec::new() },
            });
        }
        found
    }

    /// What is to be taken away with a chain of commands, and what stands there then.
    fn place(&self, first: usize, last: usize, whole: Range<usize>) -> (Range<usize>, String) {
        let placeholder = (whole.clone(), ":".to_owned());
        let (Some(before), Some(after)) = (self.layout.before(first), self.layout.after(last)) else {
            return placeholder;
        };
        let last_token = before.tokens.iter().rev().find(|token| token.text != "\n");
        let first_token = after.tokens.iter().find(|token| token.text != "\n");
        let text = |token: Option<&Token<'_>>| token.map_or("", |token| token.text).to_owned();
        let (last_text, first_text) = (text(last_token), text(first_token));
        if self.how == How::Placeholder
            || matches!(last_text.as_str(), "||" | "|" | "|&" | "!")
            || matches!(first_text.as_str(), "||" | "&" | "|" | "|&")
        {
            return placeholder;
        }
        if let Some(token) = first_token.filter(|token| token.text == "&&") {
            return (whole.start..skip_blank(self.script, token.span.end), String::new());
        }
        if let Some(token) = last_token.filter(|token| token.text == "&&") {
            return (self.back_over_blank(token.span.start)..whole.end, String::new());
        }
        if self.is_alone(first, last) {
            return placeholder;
        }
        (self.statement(whole, before, after), String::new())
    }

    /// Whether the block would be empty without these commands and those behind them that go as well. The first of them
    /// keeps the place.
    fn is_alone(&self, first: usize, last: usize) -> bool {
        self.layout.before(first).is_some_and(|side| opens(&side.tokens))
            && self.closed.get(last).copied().unwrap_or(false)
    }

    /// A statement, with its `;` or its line.
    fn statement(&self, whole: Range<usize>, before: &Side<'_>, after: &Side<'_>) -> Range<usize> {
        let line_start = line_start(self.script, whole.start);
        let is_first = self.script.get(line_start..whole.start).is_some_and(|text| text.trim().is_empty());
        let separator = before.tokens.last().filter(|token| token.text == ";" && !is_first);
        if let Some(token) = separator {
            return self.back_over_blank(token.span.start)..whole.end;
        }
        if let Some(token) = after.tokens.first().filter(|token| token.text == ";") {
            return whole.start..skip_blank(self.script, token.span.end);
        }
        let rest = self.script.get(whole.end..).unwrap_or_default();
        let line_end = rest.find('\n').map_or(self.script.len(), |at| whole.end + at);
        let tail = self.script.get(whole.end..line_end).unwrap_or_default();
        if !tail.trim().is_empty() {
            // A comment stays.
            let blank = tail.len().saturating_sub(tail.trim_start().len());
            return whole.start..if is_first { whole.end + blank } else { whole.end };
        }
        if !is_first {
            return whole.start..whole.end;
        }
        if line_end < self.script.len() {
            return self.with_its_comment(line_start..line_end + 1);
        }
        // The last line without a new line at its end takes the one before it, unless that goes with its own line.
        if before.neighbour.is_some_and(|neighbour| self.goes(neighbour)) {
            return line_start..line_end;
        }
        let previous = self.script.get(..line_start).unwrap_or_default();
        let previous = previous.strip_suffix('\n').unwrap_or(previous);
        let previous = previous.strip_suffix('\r').unwrap_or(previous);
        previous.len()..line_end
    }

    /// Lines that go, with the comment right above that names an installer and can speak of nothing else, as what follows is
    /// another paragraph. Of the empty lines around a paragraph that goes those above stay.
    fn with_its_comment(&self, lines: Range<usize>) -> Range<usize> {
        let behind = self.script.get(lines.end..).unwrap_or_default();
        let follows = behind.lines().next().unwrap_or_default().trim();
        let mut start = lines.start;
        while let Some(line) =
            self.script.get(..start).and_then(|text| text.split_inclusive('\n').next_back())
        {
            let comment = line.trim();
            if !comment.starts_with('#') || comment.starts_with("#!") {
                break;
            }
            start -= line.len();
        }
        let comment = self.script.get(start..lines.start).unwrap_or_default();
        let ends = follows.is_empty() || follows.starts_with('#');
        if comment.is_empty() || !ends || !names_installer(comment) {
            return lines;
        }
        let before = self.script.get(..start).unwrap_or_default();
        let is_apart = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
        let blank = behind.find('\n').map_or(0, |at| at + 1);
        let end = if is_apart && follows.is_empty() { lines.end + blank } else { lines.end };
        start..end
    }

    /// Back over blanks and continued lines.
    fn back_over_blank(&self, at: usize) -> usize {
        let mut text = self.script.get(..at).unwrap_or_default();
        loop {
            let trimmed = text.trim_end_matches([' ', '\t']);
            let line = trimmed.strip_suffix("\\\n").or_else(|| trimmed.strip_suffix("\\\r\n"));
            match line {
                Some(shorter) => text = shorter,
                None if trimmed.len() == text.len() => return text.len(),
                None => text = trimmed,
            }
        }
    }
}

struct Chain {
    members: Vec<usize>,
    swallowed: Vec<usize>,
}

/// The longest comment, in lines, that goes with a command: more is an explanation that somebody may want.
const MAX_COMMENT: usize = 2;

/// Whether a comment is a short sentence about what brings packages, and no command that is out of use.
fn names_installer(comment: &str) -> bool {
    let lower = comment.to_ascii_lowercase();
    let is_prose =
        |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "#.,:;'`()/-+".contains(letter);
    let is_command = lower.contains("pip install -") || lower.contains("-m pip") || lower.contains("--");
    let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    comment.lines().count() <= MAX_COMMENT
        && comment.chars().all(is_prose)
        && !is_command
        && words.any(|word| {
            matches!(word, "pip" | "pip3" | "pipenv" | "poetry" | "pdm" | "setuptools" | "virtualenv")
        })
}

/// Where the line of a byte starts.
fn line_start(script: &str, at: usize) -> usize {
    script.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1)
}

/// Forward over blanks, new lines and continued lines.
fn skip_blank(script: &str, at: usize) -> usize {
    let mut text = script.get(at..).unwrap_or_default();
    loop {
        let trimmed = text.trim_start();
        let line = trimmed.strip_prefix("\\\n").or_else(|| trimmed.strip_prefix("\\\r\n"));
        match line {
            Some(shorter) => text = shorter,
            None => return script.len() - trimmed.len(),
        }
    }
}

/// A number for edits that belong together, which another script of the same file hardly has.
fn number(script: &str, at: usize) -> u32 {
    let bytes = script.bytes().chain(at.to_le_bytes());
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) | 1
}
