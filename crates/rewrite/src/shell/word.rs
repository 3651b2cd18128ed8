//! Words and their quotes.

use super::reader::{Read, Reader, stop};
use super::{Part, Word};

/// The parts of a word as they are read.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    pub(super) fn push(&mut self, part: Part) {
        self.0.push(part);
    }

    /// Adds characters that stand for themselves; none leave a part, too, since `""` is a word.
    pub(super) fn literal(&mut self, text: &str) {
        if let Some(Part::Literal(last)) = self.0.last_mut() {
            last.push_str(text);
        } else {
            self.0.push(Part::Literal(text.to_owned()));
        }
    }

    /// The parts; empty ones only when there are no others.
    fn finish(mut self) -> Vec<Part> {
        if self.0.len() > 1 {
            self.0.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
        }
        self.0
    }
}

impl Reader<'_> {
    /// A word, if one stands here.
    pub(super) fn word(&mut self) -> Read<Option<Word>> {
        self.word_until(Self::at_word_end)
    }

    /// The expression behind `=~`, in which brackets and bars are ordinary.
    pub(super) fn expression(&mut self) -> Read<Word> {
        let start = self.at;
        let mut depth = 0_usize;
        let mut parts = Parts::default();
        loop {
            match self.byte(0) {
                None => break,
                Some(b' ' | b'\t' | b'\n' | b'\r') if depth == 0 => break,
                Some(b'(') => depth += 1,
                Some(b')') => depth = depth.saturating_sub(1),
                Some(b'|' | b'&' | b';' | b'<' | b'>' | b' ' | b'\t' | b'\n' | b'\r') => {}
                Some(_) => {
                    self.part(&mut parts, start)?;
                    continue;
                }
            }
            let at = self.at;
            self.at += 1;
            parts.literal(self.slice(at..self.at));
        }
        Ok(Word { span: start..self.at, parts: parts.finish() })
    }

    fn word_until(&mut self, ends: impl Fn(&Self) -> bool) -> Read<Option<Word>> {
        let start = self.at;
        let mut parts = Parts::default();
        // A continued line at the end of a word is not part of it.
        let mut end = start;
        loop {
            if let Some(template) = self.template() {
                parts.push(template);
            } else if self.at_process_substitution() {
                self.at += 2;
                self.substitution(&mut parts, self.at - 2)?;
            } else if ends(self) {
                break;
            } else if self.continuation() > 0 {
                self.at += self.continuation();
                continue;
            } else {
                self.part(&mut parts, start)?;
            }
            end = self.at;
        }
        self.at = end;
        Ok((end > start).then_some(Word { span: start..end, parts: parts.finish() }))
    }

    fn at_process_substitution(&self) -> bool {
        matches!(self.byte(0), Some(b'<' | b'>')) && self.byte(1) == Some(b'(')
    }

    /// One part of a word that began at `start`.
    fn part(&mut self, parts: &mut Parts, start: usize) -> Read<()> {
        let at = self.at;
        match self.byte(0) {
            Some(b'\'') => self.single_quoted(parts),
            Some(b'"') => self.double_quoted(parts),
            Some(b'\\') => self.escaped(parts),
            Some(b'$') => self.dollar(parts, false),
            Some(b'`') => self.backquotes(parts),
            Some(b'*' | b'?' | b'+' | b'@' | b'!') if self.byte(1) == Some(b'(') => {
                self.at += 2;
                self.nested(None, Self::extended_pattern)?;
                parts.push(Part::Pattern(self.slice(at..self.at).to_owned()));
                Ok(())
            }
            Some(b'*' | b'?') => {
                self.at += 1;
                parts.push(Part::Pattern(self.slice(at..self.at).to_owned()));
                Ok(())
            }
            Some(b'~') if at == start => {
                self.at += 1;
                parts.push(Part::Pattern("~".to_owned()));
                Ok(())
            }
            Some(b'[') => {
                self.bracket(parts);
                Ok(())
            }
            Some(b'{') => {
                self.brace(parts);
                Ok(())
            }
            _ => {
                self.character();
                self.run(is_special);
                parts.literal(self.slice(at..self.at));
                Ok(())
            }
        }
    }

    fn single_quoted(&mut self, parts: &mut Parts) -> Read<()> {
        let start = self.at;
        self.at += 1;
        parts.literal("");
        loop {
            if let Some(template) = self.quoted_template(b'\'') {
                parts.push(template);
                continue;
            }
            let text = self.run(|byte| matches!(byte, b'\'' | b'$' | b'{' | b'<'));
            parts.literal(text);
            match self.byte(0) {
                None => return stop(start, "`'` is not closed"),
                Some(b'\'') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => self.one(parts),
            }
        }
    }

    /// One byte that stands for itself, unless a template begins there.
    fn one(&mut self, parts: &mut Parts) {
        if !self.at_template() {
            let at = self.at;
            self.character();
            parts.literal(self.slice(at..self.at));
        }
    }

    pub(super) fn double_quoted(&mut self, parts: &mut Parts) -> Read<()> {
        let start = self.at;
        self.at += 1;
        parts.literal("");
        loop {
            if let Some(template) = self.quoted_template(b'"') {
                parts.push(template);
                continue;
            }
            let text = self.run(|byte| matches!(byte, b'"' | b'$' | b'`' | b'\\' | b'{' | b'<'));
            parts.literal(text);
            match self.byte(0) {
                None => return stop(start, "`\"` is not closed"),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'$') if !self.at_template() => self.dollar(parts, true)?,
                Some(b'`') => self.backquotes(parts)?,
                Some(b'\\') => self.escaped_in_quotes(parts)?,
                Some(_) => self.one(parts),
            }
        }
    }

    fn escaped(&mut self, parts: &mut Parts) -> Read<()> {
        if self.in_backquotes && self.byte(1) == Some(b'`') {
            return self.inner_backquotes(parts);
        }
        self.at += 1;
        let at = self.at;
        if self.character().is_none() {
            parts.literal("\\");
        }
        parts.literal(self.slice(at..self.at));
        Ok(())
    }

    fn escaped_in_quotes(&mut self, parts: &mut Parts) -> Read<()> {
        if self.continuation() > 0 {
            self.at += self.continuation();
            return Ok(());
        }
        if matches!(self.byte(1), Some(b'$' | b'`' | b'"' | b'\\')) {
            return self.escaped(parts);
        }
        self.at += 1;
        parts.literal("\\");
        Ok(())
    }

    /// What follows `@(` up to its bracket.
    fn extended_pattern(&mut self) -> Read<()> {
        let start = self.at - 1;
        let mut ignored = Parts::default();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.byte(0) {
                None => return stop(start, "`(` is not closed"),
                Some(b'\'') => self.single_quoted(&mut ignored)?,
                Some(b'"') => self.double_quoted(&mut ignored)?,
                Some(b'\\') => self.escaped(&mut ignored)?,
                Some(b'$') => self.dollar(&mut ignored, false)?,
                Some(b'`') => self.backquotes(&mut ignored)?,
                Some(byte) => {
                    depth += usize::from(byte == b'(');
                    depth -= usize::from(byte == b')');
                    self.character();
                }
            }
        }
        Ok(())
    }

    /// `[...]`, or a bracket that stands for itself.
    fn bracket(&mut self, parts: &mut Parts) {
        let at = self.at;
        self.at += 1;
        let _ = self.run(|byte| byte == b']' || byte == b'[' || ends_plain(byte));
        let end = self.at;
        match self.byte(0) {
            Some(b']') => {
                self.at += 1;
                parts.push(Part::Pattern(self.slice(at..self.at).to_owned()));
            }
            Some(b'$' | b'"' | b'\'' | b'\\' | b'`') => {
                self.at = at + 1;
                parts.push(Part::Pattern("[".to_owned()));
            }
            _ => {
                parts.literal(self.slice(at..end));
            }
        }
    }

    /// `{a,b}` or `{1..3}`, or a brace that stands for itself.
    fn brace(&mut self, parts: &mut Parts) {
        let at = self.at;
        self.at += 1;
        let inside = self.run(|byte| byte == b'}' || byte == b'{' || ends_plain(byte));
        match self.byte(0) {
            Some(b'}') if inside.contains(',') || inside.contains("..") => {
                self.at += 1;
                parts.push(Part::Pattern(self.slice(at..self.at).to_owned()));
            }
            Some(b'{' | b'$' | b'"' | b'\'' | b'\\' | b'`') => {
                self.at = at + 1;
                parts.push(Part::Pattern("{".to_owned()));
            }
            _ => parts.literal(self.slice(at..self.at)),
        }
    }
}

/// Bytes that can mean something in a word.
fn is_special(byte: u8) -> bool {
    ends_plain(byte) || matches!(byte, b'*' | b'?' | b'+' | b'@' | b'!' | b'[' | b'{')
}

/// Bytes that end a word or begin a part of it, patterns aside.
fn ends_plain(byte: u8) -> bool {
    let ends = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>');
    ends || matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'`')
}
