//! Small pieces that every module needs: compact spans and Python's idea of whitespace.

use uvshift_diagnostics::Span;

/// A half-open byte range in four-byte offsets, so that a line stays small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Part {
    /// Stands for "there is none"; no text reaches that far.
    pub(crate) const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    /// The range between two offsets. A document longer than `u32` can count is never parsed into parts.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`parse` refuses texts over 4 GiB before any part exists"
    )]
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) const fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) const fn end(self) -> usize {
        self.end as usize
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    pub(crate) const fn is_some(self) -> bool {
        self.start != u32::MAX
    }

    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start()..self.end()).unwrap_or_default()
    }

    /// The text, or nothing for [`Part::NONE`].
    pub(crate) fn get(self, text: &str) -> Option<&str> {
        if self.is_some() { text.get(self.start()..self.end()) } else { None }
    }

    pub(crate) const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// Whether Python's `str.isspace` and `\s` call the character a space. Rust does not count U+001C to U+001F.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, '\u{1c}'..='\u{1f}') || character.is_whitespace()
}

/// Whether Python's `\w` calls the character a word character.
pub(crate) fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Python's `str.strip()` on a part of a text.
pub(crate) fn strip(text: &str, part: Part) -> Part {
    let inner = part.of(text);
    let without_end = inner.trim_end_matches(is_space);
    let both = without_end.trim_start_matches(is_space);
    let start = part.start() + (without_end.len() - both.len());
    Part::new(start, start + both.len())
}

/// Skips what packaging's tokenizer calls whitespace: spaces and tabs.
pub(crate) fn skip_blanks(bytes: &[u8], mut at: usize, end: usize) -> usize {
    while at < end && matches!(bytes[at], b' ' | b'\t') {
        at += 1;
    }
    at
}

/// Skips what `\s*` matches.
pub(crate) fn skip_spaces(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or_default();
    end - rest.trim_start_matches(is_space).len()
}

/// The normal form of a name by PEP 503: lower case, and runs of `-`, `_` and `.` become one `-`.
pub fn normalize_name(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !normalized.ends_with('-') {
                normalized.push('-');
            }
        } else {
            normalized.extend(character.to_lowercase());
        }
    }
    normalized
}
