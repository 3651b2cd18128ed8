//! Lists, pipelines, simple commands.

use super::compound::Compound;
use super::reader::{Read, Reader, stop};
use super::{Assignment, Block, Command, Joint, Part, Word};

/// Reserved words that end a list.
const CLOSING: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// Commands whose arguments can be assignments of arrays.
const DECLARATIONS: [&str; 6] = ["declare", "export", "local", "readonly", "typeset", "alias"];

/// Longer subscripts are no assignments, so that no byte is looked at too often.
const MAX_SUBSCRIPT: usize = 200;

impl Reader<'_> {
    /// Commands up to what closes them. Whether there is one.
    pub(super) fn list(&mut self) -> Read<bool> {
        let mut any = false;
        loop {
            self.lines();
            if self.at_list_end() {
                return Ok(any);
            }
            let last = self.and_or()?;
            any = true;
            self.blanks();
            let (joint, length) = match (self.byte(0), self.byte(1)) {
                (Some(b';'), Some(b';' | b'&')) => return Ok(true),
                (Some(b';'), _) => (Joint::Next, 1),
                (Some(b'&'), next) if next != Some(b'&') => (Joint::Background, 1),
                _ if self.newline(0) > 0 => (Joint::Next, 0),
                _ => return Ok(true),
            };
            self.follow(last, joint);
            self.joint = joint;
            self.at += length;
        }
    }

    fn at_list_end(&self) -> bool {
        match self.byte(0) {
            None | Some(b')') => true,
            Some(b';') => matches!(self.byte(1), Some(b';' | b'&')),
            Some(_) => CLOSING.contains(&self.reserved()),
        }
    }

    /// A list that may not be empty.
    pub(super) fn some_list(&mut self) -> Read<()> {
        if self.list()? { Ok(()) } else { Err(self.unexpected()) }
    }

    fn follow(&mut self, command: Option<usize>, joint: Joint) {
        if let Some(command) = command.and_then(|index| self.commands.get_mut(index)) {
            command.followed_by = joint;
        }
    }

    /// Pipelines with `&&` and `||` between them; the last command if it is a simple one.
    fn and_or(&mut self) -> Read<Option<usize>> {
        let mut last = self.pipeline()?;
        loop {
            self.blanks();
            let joint = match (self.byte(0), self.byte(1)) {
                (Some(b'&'), Some(b'&')) => Joint::And,
                (Some(b'|'), Some(b'|')) => Joint::Or,
                _ => return Ok(last),
            };
            self.at += 2;
            self.follow(last, joint);
            self.lines();
            self.joint = joint;
            last = self.pipeline()?;
        }
    }

    fn pipeline(&mut self) -> Read<Option<usize>> {
        let mut is_negated = false;
        let start = self.at;
        while self.take_reserved("!") {
            is_negated = true;
            self.blanks();
        }
        if is_negated && (self.newline(0) > 0 || matches!(self.byte(0), None | Some(b';' | b')'))) {
            // `!` alone is a command that fails.
            let mut command = self.begin();
            command.span = start..start + 1;
            command.words.push(Word { span: start..start + 1, parts: vec![Part::Literal("!".to_owned())] });
            return Ok(Some(self.push(command)));
        }
        if is_negated {
            self.within.push(Block::Negation);
        }
        let found = self.pipes();
        if is_negated {
            self.within.pop();
        }
        found
    }

    fn pipes(&mut self) -> Read<Option<usize>> {
        let mut last = self.command()?;
        loop {
            self.blanks();
            let length = match (self.byte(0), self.byte(1)) {
                (Some(b'|'), Some(b'|')) => return Ok(last),
                (Some(b'|'), Some(b'&')) => 2,
                (Some(b'|'), _) => 1,
                _ => return Ok(last),
            };
            self.at += length;
            self.follow(last, Joint::Pipe);
            self.lines();
            self.joint = Joint::Pipe;
            last = self.command()?;
        }
    }

    fn command(&mut self) -> Read<Option<usize>> {
        match self.compound()? {
            Compound::None => {}
            Compound::Command(command) => return Ok(Some(command)),
            Compound::Block => return Ok(None),
        }
        if CLOSING.contains(&self.reserved()) {
            return Err(self.unexpected());
        }
        let mut command = self.begin();
        loop {
            self.blanks();
            if let Some(redirection) = self.redirection()? {
                command.redirections.push(redirection);
            } else if let Some(assignment) = self.leading_assignment(&command)? {
                command.assignments.push(assignment);
            } else if let Some(word) = self.argument(&command)? {
                command.words.push(word);
                if self.is_function(&command) {
                    self.function_body()?;
                    return Ok(None);
                }
            } else {
                break;
            }
        }
        if command.words.is_empty() && command.assignments.is_empty() && command.redirections.is_empty() {
            return Err(self.unexpected());
        }
        Ok(Some(self.push(command)))
    }

    fn leading_assignment(&mut self, command: &Command) -> Read<Option<Assignment>> {
        if command.words.is_empty() { self.assignment() } else { Ok(None) }
    }

    /// `NAME=value`, if it stands here.
    pub(super) fn assignment(&mut self) -> Read<Option<Assignment>> {
        let start = self.at;
        let Some(length) = self.assigned_name() else { return Ok(None) };
        let name = self.slice(start..start + length).to_owned();
        self.at = start + length + 1;
        let value = self.value()?;
        Ok(Some(Assignment { span: start..value.span.end, name, value }))
    }

    /// The length of what stands before `=`.
    fn assigned_name(&self) -> Option<usize> {
        let bytes = self.text.as_bytes().get(self.at..)?;
        if !bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') {
            return None;
        }
        let mut length =
            bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if bytes.get(length) == Some(&b'[') {
            length += subscript(bytes.get(length..)?)?;
        }
        if bytes.get(length) == Some(&b'+') {
            length += 1;
        }
        (bytes.get(length) == Some(&b'=')).then_some(length)
    }

    /// What stands behind `=`: an array, a word, or nothing.
    fn value(&mut self) -> Read<Word> {
        let start = self.at;
        if self.byte(0) == Some(b'(') {
            self.array()?;
            let part = Part::Pattern(self.slice(start..self.at).to_owned());
            return Ok(Word { span: start..self.at, parts: vec![part] });
        }
        Ok(self.word()?.unwrap_or(Word { span: start..start, parts: Vec::new() }))
    }

    /// `(a b [k]=c)`
    fn array(&mut self) -> Read<()> {
        let start = self.at;
        self.at += 1;
        self.nested(None, |reader| {
            loop {
                reader.lines();
                if reader.take(")") {
                    return Ok(());
                }
                if reader.word()?.is_none() {
                    return stop(start, "the `(` of an array is not closed");
                }
            }
        })
    }

    /// An argument, which can be an array for `declare` and its kin.
    fn argument(&mut self, command: &Command) -> Read<Option<Word>> {
        let first = command.words.first().and_then(|word| match word.parts.as_slice() {
            [Part::Literal(name)] => Some(name.as_str()),
            _ => None,
        });
        if first.is_some_and(|name| DECLARATIONS.contains(&name)) {
            let is_array = self.assigned_name().is_some_and(|length| self.byte(length + 1) == Some(b'('));
            if is_array {
                let found = self.assignment()?;
                return Ok(found.map(|found| Word { span: found.span, parts: found.value.parts }));
            }
        }
        self.word()
    }

    /// Whether the only word so far is the name of a function, with `()` behind it.
    fn is_function(&mut self, command: &Command) -> bool {
        if command.words.len() != 1 || !command.assignments.is_empty() || !command.redirections.is_empty() {
            return false;
        }
        let start = self.at;
        self.blanks();
        if self.take("(") {
            self.blanks();
            if self.take(")") {
                return true;
            }
        }
        self.at = start;
        false
    }
}

/// The length of `[...]` in front of `=`, quotes in it aside.
fn subscript(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in bytes.iter().take(MAX_SUBSCRIPT).enumerate() {
        match (byte, quote) {
            (b'\n', _) => return None,
            (b'\'' | b'"', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (b'[', None) => depth += 1,
            (b']', None) if depth == 1 => return Some(at + 1),
            (b']', None) => depth -= 1,
            _ => {}
        }
    }
    None
}
