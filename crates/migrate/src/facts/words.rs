//! Python as words: names, strings, numbers and marks, without comments. No tree, so no depth, and nothing fails.

/// A word of Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) kind: Kind<'a>,
    /// The column of the first word of a line, from 0; none for the others and within brackets.
    pub(super) column: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A name or a number.
    Name(&'a str),
    /// What is between the quotes of a string, as it is written. One with `f` before it has none.
    Text(&'a str),
    /// Any other character.
    Mark(char),
}

impl<'a> Word<'a> {
    pub(super) fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// The words of a file, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut reader = Reader { text, at: 0, brackets: 0, line_start: 0, is_first: true, words: Vec::new() };
    while reader.step() {}
    reader.words
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    brackets: usize,
    line_start: usize,
    is_first: bool,
    words: Vec<Word<'a>>,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return false };
        match first {
            '\n' => {
                self.at += 1;
                self.line_start = self.at;
                self.is_first = self.brackets == 0;
            }
            '\\' if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => {
                self.at += rest.find('\n').map_or(1, |newline| newline + 1);
            }
            '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => self.string(""),
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            _ if first.is_alphanumeric() || first == '_' => self.name(rest),
            _ => {
                self.brackets = match first {
                    '(' | '[' | '{' => self.brackets + 1,
                    ')' | ']' | '}' => self.brackets.saturating_sub(1),
                    _ => self.brackets,
                };
                self.push(Kind::Mark(first), self.at);
                self.at += first.len_utf8();
            }
        }
        true
    }

    fn push(&mut self, kind: Kind<'a>, start: usize) {
        let column = self.is_first.then(|| start.saturating_sub(self.line_start));
        self.is_first = false;
        self.words.push(Word { kind, column });
    }

    fn name(&mut self, rest: &'a str) {
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        let name = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        let is_prefix = name.len() <= 2 && name.chars().all(|letter| "rRbBuUfFtT".contains(letter));
        let next = rest.get(name.len()..).unwrap_or_default();
        if is_prefix && next.starts_with(['"', '\'']) {
            self.at += name.len();
            self.string(name);
            return;
        }
        self.push(Kind::Name(name), self.at);
        self.at += name.len();
    }

    /// A string that starts here, after this prefix.
    fn string(&mut self, prefix: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let quote = rest.get(..1).unwrap_or_default();
        let triple = quote.repeat(3);
        let is_long = rest.starts_with(&triple);
        let open = if is_long { triple.as_str() } else { quote };
        let bytes = rest.as_bytes();
        let mut end = open.len();
        let close = loop {
            match bytes.get(end) {
                None => break end,
                Some(b'\\') => end += 2,
                Some(b'\n') if !is_long => break end,
                Some(_) if bytes.get(end..).is_some_and(|rest| rest.starts_with(open.as_bytes())) => {
                    break end + open.len();
                }
                Some(_) => end += 1,
            }
        };
        let close = close.min(rest.len());
        let inside = rest.get(open.len()..end.min(rest.len())).unwrap_or_default();
        let is_plain = !prefix.contains(['f', 'F', 't', 'T']);
        self.push(Kind::Text(if is_plain { inside } else { "" }), self.at);
        // A line end within a long string starts a line that is none of Python.
        self.at += close;
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }
}
