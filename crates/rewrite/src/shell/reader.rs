use std::collections::HashMap;
use std::ops::Range;

use super::{Block, Command, Joint, Problem, Script, Word};

/// How deep blocks, substitutions and braces can stand in each other.
const MAX_DEPTH: usize = 60;

pub(super) type Read<T> = Result<T, Problem>;

/// Reading stops here.
pub(super) fn stop<T>(at: usize, message: &'static str) -> Read<T> {
    Err(Problem { at, message })
}

/// A place in a script, and what has been read before it.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) commands: Vec<Command>,
    pub(super) within: Vec<Block>,
    /// What stands in front of the next command.
    pub(super) joint: Joint,
    /// The here-documents that begin after the next new line.
    pub(super) pending: Vec<Pending>,
    /// Where the documents are, by the start of their redirections.
    pub(super) documents: HashMap<usize, Range<usize>>,
    /// Whether what is read stands in backquotes, where `` \` `` begins or ends others.
    pub(super) in_backquotes: bool,
    depth: usize,
    /// How many bytes may be read a second time, since `((` can be arithmetic or two blocks.
    again: usize,
    /// A place that was asked for the next `}}`, and the answer.
    pub(super) closing: Option<(usize, Option<usize>)>,
}

/// A here-document that is still to come.
pub(super) struct Pending {
    pub(super) redirection: usize,
    pub(super) end: String,
    pub(super) strips_tabs: bool,
    /// Whether nothing in it is expanded.
    pub(super) is_quoted: bool,
    pub(super) within: Vec<Block>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            commands: Vec::new(),
            within: Vec::new(),
            joint: Joint::Start,
            pending: Vec::new(),
            documents: HashMap::new(),
            in_backquotes: false,
            depth: 0,
            again: text.len().saturating_mul(4).saturating_add(1000),
            closing: None,
        }
    }

    /// Reads all of it.
    pub(super) fn script(mut self) -> Script {
        let problem = match self.list() {
            Err(problem) => Some(problem),
            Ok(_) if self.at < self.text.len() => Some(self.unexpected()),
            Ok(_) => None,
        };
        for command in &mut self.commands {
            for redirection in &mut command.redirections {
                redirection.document = self.documents.remove(&redirection.span.start);
            }
        }
        Script { commands: self.commands, problem }
    }

    /// The byte at a distance.
    pub(super) fn byte(&self, distance: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + distance).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn starts_with(&self, start: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(start.as_bytes()))
    }

    pub(super) fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    /// Goes beyond a text if it is there.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_there = self.starts_with(text);
        if is_there {
            self.at += text.len();
        }
        is_there
    }

    /// Goes on to the first byte that is asked for, or to the end; what lies between.
    pub(super) fn run(&mut self, ends: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        let length = self.rest().bytes().position(ends).unwrap_or(self.text.len() - start);
        self.at += length;
        self.slice(start..self.at)
    }

    /// Goes beyond one character.
    pub(super) fn character(&mut self) -> Option<char> {
        let found = self.rest().chars().next()?;
        self.at += found.len_utf8();
        Some(found)
    }

    /// The length of a new line at a distance, 0 when there is none.
    pub(super) fn newline(&self, distance: usize) -> usize {
        match self.byte(distance) {
            Some(b'\n') => 1,
            Some(b'\r') if self.byte(distance + 1) == Some(b'\n') => 2,
            _ => 0,
        }
    }

    /// The length of a line continuation, 0 when there is none.
    pub(super) fn continuation(&self) -> usize {
        match (self.byte(0), self.newline(1)) {
            (Some(b'\\'), length @ 1..) => length + 1,
            _ => 0,
        }
    }

    /// Goes beyond blanks and continued lines, and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\r') if self.byte(1).is_none() => self.at += 1,
                Some(b'\\') if self.continuation() > 0 => self.at += self.continuation(),
                Some(b'#') => {
                    self.run(|byte| byte == b'\n');
                    if self.text.as_bytes().get(self.at.wrapping_sub(1)) == Some(&b'\r')
                        && self.byte(0).is_some()
                    {
                        self.at -= 1;
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    /// Goes beyond blanks, comments and new lines, with the documents that begin there.
    pub(super) fn lines(&mut self) {
        loop {
            self.blanks();
            match self.newline(0) {
                0 => return,
                length => {
                    self.at += length;
                    self.read_documents();
                }
            }
        }
    }

    /// Whether a word cannot go on here.
    pub(super) fn at_word_end(&self) -> bool {
        self.is_word_end(0)
    }

    fn is_word_end(&self, distance: usize) -> bool {
        match self.byte(distance) {
            None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>') => true,
            Some(b'\r') => self.newline(distance) > 0 || self.byte(distance + 1).is_none(),
            Some(_) => false,
        }
    }

    /// The reserved word that stands here, or a word that looks like one.
    pub(super) fn reserved(&self) -> &'a str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_lowercase() || b"{}![]".contains(byte);
        let length = rest.iter().take(9).take_while(|byte| is_part(byte)).count();
        let is_end =
            self.is_word_end(length) || self.byte(length) == Some(b'\\') && self.newline(length + 1) > 0;
        if is_end { self.slice(self.at..self.at + length) } else { "" }
    }

    /// Goes beyond a reserved word if it is there.
    pub(super) fn take_reserved(&mut self, word: &str) -> bool {
        let is_there = self.reserved() == word;
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    /// Reads what stands in a block, which must not be too deep.
    pub(super) fn nested<T>(
        &mut self,
        block: Option<Block>,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return stop(self.at, "too many blocks stand in each other");
        }
        self.depth += 1;
        self.within.extend(block);
        let joint = std::mem::take(&mut self.joint);
        let found = read(self);
        self.joint = joint;
        if block.is_some() {
            self.within.pop();
        }
        self.depth -= 1;
        found
    }

    /// Reads what may turn out to be something else: then it was never read.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        let (start, commands, pending) = (self.at, self.commands.len(), self.pending.len());
        let (depth, within, text) = (self.depth, self.within.len(), self.text);
        let found = read(self);
        match found {
            Ok(found) => Ok(Some(found)),
            Err(problem) => {
                let lost = problem.at.max(self.at).saturating_sub(start);
                let Some(again) = self.again.checked_sub(lost + 1) else { return Err(problem) };
                self.again = again;
                (self.at, self.depth, self.text) = (start, depth, text);
                self.commands.truncate(commands);
                self.pending.truncate(pending);
                self.within.truncate(within);
                Ok(None)
            }
        }
    }

    /// Adds a command, which ends where its last part ends.
    pub(super) fn push(&mut self, mut command: Command) -> usize {
        let words = command.words.last().map(|word| word.span.end);
        let assignments = command.assignments.last().map(|assignment| assignment.span.end);
        let redirections = command.redirections.last().map(|redirection| redirection.span.end);
        let end = [words, assignments, redirections].into_iter().flatten().max();
        command.span.end = end.unwrap_or(command.span.start);
        self.commands.push(command);
        self.commands.len() - 1
    }

    /// A command that begins here.
    pub(super) fn begin(&mut self) -> Command {
        Command {
            span: self.at..self.at,
            joined_by: std::mem::take(&mut self.joint),
            within: self.within.clone(),
            ..Command::default()
        }
    }

    /// What stands here and cannot stand here.
    pub(super) fn unexpected(&self) -> Problem {
        let message = match self.byte(0) {
            None => "the script ends where something should follow",
            Some(b'(') => "`(` does not belong here",
            Some(b')') => "`)` closes nothing",
            Some(b';') => "`;` does not belong here",
            Some(b'&') => "`&` does not belong here",
            Some(b'|') => "`|` does not belong here",
            Some(b'<' | b'>') => "a redirection does not belong here",
            Some(b'\n' | b'\r') => "the line ends where something should follow",
            Some(_) => match self.reserved() {
                "then" => "`then` does not belong here",
                "elif" | "else" | "fi" => "there is no `if` that this belongs to",
                "do" | "done" => "there is no loop that this belongs to",
                "esac" => "`esac` closes nothing",
                "}" => "`}` closes nothing",
                _ => "this does not belong here",
            },
        };
        Problem { at: self.at, message }
    }
}

/// A word of one part.
pub(super) fn single_part(span: Range<usize>, part: super::Part) -> Word {
    Word { span, parts: vec![part] }
}
