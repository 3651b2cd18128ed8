//! What another program fills in before the shell sees the script.

use super::Part;
use super::reader::Reader;

/// `{{ ... }}` without `$` is a template when it is closed within so many bytes on its line.
const MAX_LENGTH: usize = 200;

impl Reader<'_> {
    /// A template outside of quotes.
    pub(super) fn template(&mut self) -> Option<Part> {
        match self.byte(0)? {
            b'$' => self.dollar_template(),
            b'{' => self.mustache(None),
            b'<' => self.angles(),
            _ => None,
        }
    }

    /// A template in quotes. One that has quotes in it has two.
    pub(super) fn quoted_template(&mut self, quote: u8) -> Option<Part> {
        match self.byte(0)? {
            b'{' => self.mustache(Some(quote)),
            _ => self.template(),
        }
    }

    /// Whether a template with a sign of its own begins here.
    pub(super) fn at_template(&mut self) -> bool {
        let start = self.at;
        let is_there = match self.byte(0) {
            Some(b'$') => self.dollar_template().is_some(),
            Some(b'<') => self.angles().is_some(),
            _ => false,
        };
        self.at = start;
        is_there
    }

    /// `${{ ... }}`
    pub(super) fn dollar_template(&mut self) -> Option<Part> {
        if !self.starts_with("${{") {
            return None;
        }
        let start = self.at;
        self.at = self.closing(start + 3)? + 2;
        Some(Part::Template(self.slice(start..self.at).to_owned()))
    }

    /// Where the next `}}` is. The answer is kept, so that each byte is looked at once.
    fn closing(&mut self, from: usize) -> Option<usize> {
        match self.closing {
            Some((asked, found)) if asked <= from && found.is_none_or(|found| found >= from) => found,
            _ => {
                let found = self.text.get(from..)?.find("}}").map(|length| from + length);
                self.closing = Some((from, found));
                found
            }
        }
    }

    /// `{{ ... }}`
    fn mustache(&mut self, quote: Option<u8>) -> Option<Part> {
        if !self.starts_with("{{") {
            return None;
        }
        let start = self.at;
        let end = self.closing(start + 2).filter(|close| close - start < MAX_LENGTH)? + 2;
        let inside = self.text.as_bytes().get(start..end)?;
        if inside.contains(&b'\n') {
            return None;
        }
        let is_odd = |odd: bool, byte: &u8| odd != (Some(*byte) == quote);
        if inside.iter().fold(false, is_odd) {
            return None;
        }
        self.at = end;
        Some(Part::Template(self.slice(start..self.at).to_owned()))
    }

    /// `<< parameters.name >>` and such; a here-document whose end has a point is not what `<<` begins there.
    fn angles(&mut self) -> Option<Part> {
        if !self.starts_with("<<") {
            return None;
        }
        let start = self.at;
        let inside = self.rest().get(2..)?;
        let name = inside.trim_start_matches([' ', '#', '/', '^']);
        if !["parameters.", "pipeline.", "matrix."].iter().any(|scope| name.starts_with(scope)) {
            return None;
        }
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let length = name.bytes().position(|byte| !is_part(byte))?;
        let behind = name.get(length..)?.trim_start_matches(' ');
        if !behind.starts_with(">>") {
            return None;
        }
        self.at = self.text.len() - behind.len() + 2;
        Some(Part::Template(self.slice(start..self.at).to_owned()))
    }
}
