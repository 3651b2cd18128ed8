//! What stands behind `$`, and backquotes.

use super::reader::{Read, Reader, stop};
use super::word::Parts;
use super::{Block, Part};

impl Reader<'_> {
    /// What begins with `$`.
    pub(super) fn dollar(&mut self, parts: &mut Parts, is_quoted: bool) -> Read<()> {
        let start = self.at;
        match self.byte(1) {
            Some(b'(') => {
                if self.byte(2) == Some(b'(') {
                    self.at += 3;
                    if self.attempt(|reader| reader.nested(None, Self::arithmetic))?.is_some() {
                        parts.push(Part::Arithmetic);
                        return Ok(());
                    }
                }
                self.at = start + 2;
                self.substitution(parts, start)
            }
            Some(b'{') => match self.dollar_template() {
                Some(template) => {
                    parts.push(template);
                    Ok(())
                }
                None => self.parameter(parts, is_quoted),
            },
            Some(b'\'') if !is_quoted => self.ansi_quoted(parts),
            Some(b'"') if !is_quoted => {
                self.at += 1;
                self.double_quoted(parts)
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                let name = self.run(|byte| !byte.is_ascii_alphanumeric() && byte != b'_').to_owned();
                parts.push(Part::Variable { name, operation: None, quoted: is_quoted });
                Ok(())
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => {
                self.at += 2;
                let name = char::from(byte).to_string();
                parts.push(Part::Variable { name, operation: None, quoted: is_quoted });
                Ok(())
            }
            _ => {
                self.at += 1;
                parts.literal("$");
                Ok(())
            }
        }
    }

    /// The commands behind `$(` or `<(`, with the bracket that closes it.
    pub(super) fn substitution(&mut self, parts: &mut Parts, start: usize) -> Read<()> {
        self.nested(Some(Block::Substitution), Self::list)?;
        self.expect_parenthesis(start)?;
        parts.push(Part::Substitution);
        Ok(())
    }

    /// What stands behind `((`, with the `))` that closes it.
    pub(super) fn arithmetic(&mut self) -> Read<()> {
        let start = self.at.saturating_sub(2);
        let mut ignored = Parts::default();
        let mut depth = 0_usize;
        loop {
            match self.byte(0) {
                None => return stop(start, "`((` is not closed"),
                Some(b'\\') => {
                    self.at += 1;
                    self.character();
                }
                Some(b'$') => self.dollar(&mut ignored, true)?,
                Some(b'`') => self.backquotes(&mut ignored)?,
                Some(b')') if depth == 0 => {
                    return if self.take("))") { Ok(()) } else { stop(start, "`((` is not closed") };
                }
                Some(byte) => {
                    depth += usize::from(byte == b'(');
                    depth -= usize::from(byte == b')');
                    self.character();
                }
            }
        }
    }

    /// `${NAME}` and its kin.
    fn parameter(&mut self, parts: &mut Parts, is_quoted: bool) -> Read<()> {
        let start = self.at;
        self.at += 2;
        let prefix = self.prefix();
        let name = self.parameter_name();
        let operation = self.at;
        self.nested(None, |reader| reader.operation(start, is_quoted))?;
        let operation = format!("{prefix}{}", self.slice(operation..self.at - 1));
        let operation = (!operation.is_empty()).then_some(operation);
        parts.push(Part::Variable { name, operation, quoted: is_quoted });
        Ok(())
    }

    /// The `#` or `!` before a name.
    fn prefix(&mut self) -> &'static str {
        let is_name = |byte: Option<u8>| {
            byte.is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@' || byte == b'*'
            })
        };
        if !is_name(self.byte(1)) {
            return "";
        }
        match self.byte(0) {
            Some(b'#') => {
                self.at += 1;
                "#"
            }
            Some(b'!') => {
                self.at += 1;
                "!"
            }
            _ => "",
        }
    }

    fn parameter_name(&mut self) -> String {
        let name = self.run(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        if !name.is_empty() {
            return name.to_owned();
        }
        match self.byte(0) {
            Some(byte) if b"@*#?-$!".contains(&byte) => {
                self.at += 1;
                char::from(byte).to_string()
            }
            _ => String::new(),
        }
    }

    /// What follows the name in `${NAME...}`, with the brace.
    fn operation(&mut self, start: usize, is_quoted: bool) -> Read<()> {
        let mut ignored = Parts::default();
        // In double quotes, `'` is a character like others in a default, and quotes in a pattern.
        let has_quotes = !is_quoted || matches!(self.byte(0), Some(b'#' | b'%' | b'/' | b'^' | b','));
        loop {
            match self.byte(0) {
                None => return stop(start, "`${` is not closed"),
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.character();
                }
                Some(b'\'') if has_quotes => {
                    let at = self.at;
                    self.at += 1;
                    self.run(|byte| byte == b'\'');
                    if !self.take("'") {
                        return stop(at, "`'` is not closed");
                    }
                }
                Some(b'"') => self.double_quoted(&mut ignored)?,
                Some(b'$') => self.dollar(&mut ignored, is_quoted)?,
                Some(b'`') => self.backquotes(&mut ignored)?,
                Some(_) => {
                    self.character();
                }
            }
        }
    }

    /// `` `...` ``, whose end is looked for first.
    pub(super) fn backquotes(&mut self, parts: &mut Parts) -> Read<()> {
        let start = self.at;
        self.at += 1;
        loop {
            self.run(|byte| byte == b'`' || byte == b'\\');
            match self.byte(0) {
                None => return stop(start, "a backquote is not closed"),
                Some(b'`') => break,
                Some(_) => {
                    self.at += 1;
                    self.character();
                }
            }
        }
        self.inside(start + 1, self.at)?;
        self.at += 1;
        parts.push(Part::Substitution);
        Ok(())
    }

    /// `` \`...\` `` within backquotes.
    pub(super) fn inner_backquotes(&mut self, parts: &mut Parts) -> Read<()> {
        let start = self.at;
        self.at += 2;
        let Some(length) = self.rest().find("\\`") else {
            return stop(start, "a backquote is not closed");
        };
        self.inside(start + 2, self.at + length)?;
        self.at += 2;
        parts.push(Part::Substitution);
        Ok(())
    }

    /// Reads the commands between two places.
    fn inside(&mut self, start: usize, end: usize) -> Read<()> {
        let (text, was_in) = (self.text, self.in_backquotes);
        let pending = std::mem::take(&mut self.pending);
        self.text = self.text.get(..end).unwrap_or_default();
        let closing = self.closing.take();
        self.at = start;
        // A second level of `\`` is the last one that is told apart.
        self.in_backquotes = !was_in;
        let found = self.nested(Some(Block::Substitution), |reader| {
            reader.list()?;
            if reader.at < reader.text.len() { Err(reader.unexpected()) } else { Ok(()) }
        });
        (self.text, self.in_backquotes) = (text, was_in);
        (self.pending, self.closing) = (pending, closing);
        found
    }

    /// `$'...'`
    fn ansi_quoted(&mut self, parts: &mut Parts) -> Read<()> {
        let start = self.at;
        self.at += 2;
        parts.literal("");
        loop {
            let text = self.run(|byte| byte == b'\'' || byte == b'\\');
            parts.literal(text);
            match self.byte(0) {
                None => return stop(start, "`'` is not closed"),
                Some(b'\'') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => {
                    self.at += 1;
                    let decoded = self.ansi_escape();
                    parts.literal(&decoded);
                }
            }
        }
    }

    /// What follows a backslash in `$'...'`.
    fn ansi_escape(&mut self) -> String {
        let Some(letter) = self.character() else { return "\\".to_owned() };
        let decoded = match letter {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' | 'E' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' | '\'' | '"' | '?' => letter,
            'x' => return self.number(16, 2, "\\x"),
            'u' => return self.number(16, 4, "\\u"),
            'U' => return self.number(16, 8, "\\U"),
            '0'..='7' => {
                self.at -= 1;
                return self.number(8, 3, "\\");
            }
            other => return format!("\\{other}"),
        };
        decoded.to_string()
    }

    fn number(&mut self, radix: u32, most: usize, otherwise: &str) -> String {
        let digits = self.rest().chars().take(most).take_while(|letter| letter.is_digit(radix)).count();
        let text = self.slice(self.at..self.at + digits);
        self.at += digits;
        let found = u32::from_str_radix(text, radix).ok().and_then(char::from_u32);
        found.map_or_else(|| format!("{otherwise}{text}"), String::from)
    }
}
