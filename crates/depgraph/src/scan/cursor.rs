//! Moves over Python text without making tokens of it: strings, brackets, comments and continuations are passed over.

use memchr::{memchr2, memchr2_iter};

/// A place in a text, with the brackets that are open there.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    /// The text.
    pub(super) text: &'a [u8],
    /// The offset of the next byte.
    pub(super) at: usize,
    /// What the text breaks.
    pub(super) flaws: Flaws,
    open: Vec<Open>,
    /// Where the outermost bracket was opened.
    opened: usize,
    lines: Lines,
}

/// What a text breaks, each with the offset of the first place.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Flaws {
    /// Not Python at all.
    pub(super) syntax: Option<(usize, &'static str)>,
    /// Python 2.
    pub(super) python2: Option<(usize, &'static str)>,
    /// The most brackets that were open at once.
    pub(super) deepest: usize,
}

impl Flaws {
    pub(super) fn syntax(&mut self, at: usize, what: &'static str) {
        self.syntax.get_or_insert((at, what));
    }

    pub(super) fn python2(&mut self, at: usize, what: &'static str) {
        self.python2.get_or_insert((at, what));
    }
}

/// Why the cursor stopped; it stands behind what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The logical line ended.
    Line,
    /// `;` outside of brackets.
    Semicolon,
    /// The `:` that ends the head of a compound statement.
    Colon,
}

/// Something that is open.
#[derive(Debug, Clone, Copy)]
enum Open {
    Bracket,
    /// A replacement field of an f-string or t-string.
    Field(Template),
}

/// An f-string or t-string, as seen from one of its fields.
#[derive(Debug, Clone, Copy)]
struct Template {
    quote: u8,
    is_triple: bool,
    is_raw: bool,
    /// Whether the field stands in the format specification of another field.
    in_specification: bool,
}

/// Counts lines up to offsets that only grow.
#[derive(Debug, Clone, Copy)]
struct Lines {
    counted: usize,
    line: u32,
}

/// What the main loop looks at.
const fn table(of_head: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let bytes = b"\n\r#\\\"'()[]{};:`";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table[b'l' as usize] = of_head;
    table
}

static IN_STATEMENT: [bool; 256] = table(false);
static IN_HEAD: [bool; 256] = table(true);

/// Keywords that stand in no expression: at the start of a line within brackets, the brackets are broken.
const STATEMENTS: [&[u8]; 16] = [
    b"import",
    b"def",
    b"class",
    b"return",
    b"while",
    b"try",
    b"with",
    b"raise",
    b"del",
    b"assert",
    b"pass",
    b"break",
    b"continue",
    b"global",
    b"nonlocal",
    b"except",
];

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            flaws: Flaws::default(),
            open: Vec::new(),
            opened: 0,
            lines: Lines { counted: 0, line: 1 },
        }
    }

    /// The byte at an offset; 0 behind the end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The next byte; 0 at the end.
    pub(super) fn next(&self) -> u8 {
        self.byte(self.at)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The line of an offset, from 1. Offsets must not go back.
    pub(super) fn line(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        if let Some(passed) = self.text.get(self.lines.counted..offset) {
            let next = self.byte(offset);
            self.lines.line = self.lines.line.saturating_add(count_lines(passed, next));
            self.lines.counted = offset;
        }
        self.lines.line
    }

    /// Passes over an end of line, if there is one.
    pub(super) fn eat_line_end(&mut self) -> bool {
        let length = match (self.next(), self.byte(self.at + 1)) {
            (b'\r', b'\n') => 2,
            (b'\r' | b'\n', _) => 1,
            _ => return false,
        };
        self.at += length;
        true
    }

    /// Passes over spaces and continued lines.
    pub(super) fn skip_spaces(&mut self) {
        loop {
            match self.next() {
                b' ' | b'\t' | 0x0c => self.at += 1,
                b'\\' if matches!(self.byte(self.at + 1), b'\n' | b'\r') => {
                    self.at += 1;
                    self.eat_line_end();
                }
                _ => return,
            }
        }
    }

    /// Passes over everything that means nothing within brackets.
    pub(super) fn skip_trivia(&mut self) {
        loop {
            self.skip_spaces();
            match self.next() {
                b'#' => self.skip_comment(),
                b'\n' | b'\r' => self.at += 1,
                _ => return,
            }
        }
    }

    /// Goes to the end of the physical line, but not over it.
    pub(super) fn skip_comment(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    /// The name or keyword that begins here, without going on.
    pub(super) fn word(&self) -> &'a [u8] {
        word_at(self.text, self.at)
    }

    /// Passes over the rest of a simple statement.
    pub(super) fn skip_statement(&mut self) -> Stop {
        self.skip::<false>()
    }

    /// Passes over the head of a compound statement, up to and with its `:`.
    pub(super) fn skip_head(&mut self) -> Stop {
        self.skip::<true>()
    }

    fn skip<const HEAD: bool>(&mut self) -> Stop {
        let table = if HEAD { &IN_HEAD } else { &IN_STATEMENT };
        let mut lambdas = 0_usize;
        self.open.clear();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(passed) = rest.iter().position(|byte| table.get(usize::from(*byte)) == Some(&true))
            else {
                return self.end();
            };
            self.at += passed;
            match self.next() {
                b'\n' | b'\r' => {
                    self.eat_line_end();
                    if self.open.is_empty() || self.is_broken_off() {
                        return Stop::Line;
                    }
                }
                b';' if self.open.is_empty() => {
                    self.at += 1;
                    return Stop::Semicolon;
                }
                b':' if HEAD && self.open.is_empty() && self.byte(self.at + 1) != b'=' => {
                    self.at += 1;
                    if lambdas == 0 {
                        return Stop::Colon;
                    }
                    lambdas -= 1;
                }
                b'l' => {
                    let is_start = self.at == 0 || !is_name(self.byte(self.at - 1));
                    lambdas += usize::from(is_start && self.open.is_empty() && self.word() == b"lambda");
                    self.at += 1;
                }
                byte => self.pass(byte),
            }
        }
    }

    /// Passes over one thing that ends nothing.
    fn pass(&mut self, byte: u8) {
        match byte {
            b'#' => self.skip_comment(),
            b'"' | b'\'' => self.skip_string(),
            b'\\' => {
                self.at += 1;
                self.eat_line_end();
            }
            b'(' | b'[' | b'{' => {
                self.push(Open::Bracket);
                self.at += 1;
            }
            b')' | b']' | b'}' => self.close(byte),
            b':' => {
                self.at += 1;
                if let Some(Open::Field(template)) = self.open.last().copied() {
                    self.skip_template(Template { in_specification: true, ..template });
                }
            }
            b'`' => {
                self.flaws.python2(self.at, "backticks are Python 2");
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    fn push(&mut self, open: Open) {
        if self.open.is_empty() {
            self.opened = self.at;
        }
        self.open.push(open);
        self.flaws.deepest = self.flaws.deepest.max(self.open.len());
    }

    fn close(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        match self.open.last().copied() {
            Some(Open::Bracket) => {
                self.open.pop();
            }
            Some(Open::Field(template)) if byte == b'}' => {
                self.open.pop();
                self.skip_template(template);
            }
            _ => self.flaws.syntax(at, "a bracket is closed that is not open"),
        }
    }

    fn end(&mut self) -> Stop {
        self.at = self.text.len();
        if !self.open.is_empty() {
            self.flaws.syntax(self.opened, "a bracket is never closed");
        }
        Stop::Line
    }

    /// Whether a statement begins here although brackets are open.
    fn is_broken_off(&mut self) -> bool {
        let mut at = self.at;
        while matches!(self.byte(at), b' ' | b'\t' | 0x0c) {
            at += 1;
        }
        let is_broken = match self.byte(at) {
            b'a'..=b'w' => {
                let word = word_at(self.text, at);
                STATEMENTS.contains(&word) || (word == b"from" && self.is_from_import(at + word.len()))
            }
            _ => false,
        };
        if is_broken {
            self.flaws.syntax(self.opened, "a bracket is never closed");
            self.open.clear();
        }
        is_broken
    }

    /// Whether what follows `from` is a module and `import`, in contrast to `yield from`.
    fn is_from_import(&self, mut at: usize) -> bool {
        while matches!(self.byte(at), b' ' | b'\t' | b'.') || is_name(self.byte(at)) {
            let word = word_at(self.text, at);
            if word == b"import" || word == b"cimport" {
                return true;
            }
            at += word.len().max(1);
        }
        false
    }

    /// Passes over a string that begins here.
    pub(super) fn skip_string(&mut self) {
        let quote = self.next();
        let prefix = self.prefix();
        let start = self.at;
        let is_triple = self.byte(start + 1) == quote && self.byte(start + 2) == quote;
        self.at += if is_triple { 3 } else { 1 };
        let is_raw = prefix.iter().any(|letter| letter.eq_ignore_ascii_case(&b'r'));
        if prefix.iter().any(|letter| matches!(letter, b'f' | b'F' | b't' | b'T')) {
            self.skip_template(Template { quote, is_triple, is_raw, in_specification: false });
        } else if is_triple {
            self.skip_long(quote, start);
        } else {
            self.skip_short(quote, start);
        }
    }

    /// The letters before a quote, if they are the prefix of a string.
    fn prefix(&self) -> &'a [u8] {
        let mut start = self.at;
        while start > 0 && self.at - start < 3 && is_name(self.byte(start - 1)) {
            start -= 1;
        }
        let letters = self.text.get(start..self.at).unwrap_or_default();
        let is_prefix =
            letters.len() < 3 && letters.iter().all(|letter| b"rbuft".contains(&letter.to_ascii_lowercase()));
        if is_prefix { letters } else { &[] }
    }

    fn skip_long(&mut self, quote: u8, start: usize) {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(passed) = memchr2(quote, b'\\', rest) else {
                self.at = self.text.len();
                self.flaws.syntax(start, "a string is never closed");
                return;
            };
            self.at += passed;
            if self.next() == b'\\' {
                self.at += 2;
            } else if self.byte(self.at + 1) == quote && self.byte(self.at + 2) == quote {
                self.at += 3;
                return;
            } else {
                self.at += 1;
            }
        }
    }

    fn skip_short(&mut self, quote: u8, start: usize) {
        while !self.is_at_end() {
            match self.next() {
                b'\\' => {
                    self.at += 1;
                    if !self.eat_line_end() {
                        self.at += 1;
                    }
                }
                b'\n' | b'\r' => break,
                byte if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.flaws.syntax(start, "a string is never closed");
    }

    /// Passes over the text of an f-string or t-string, up to the end of the string or into its next field.
    fn skip_template(&mut self, mut template: Template) {
        let start = self.at;
        while !self.is_at_end() {
            let byte = self.next();
            match byte {
                b'{' if !template.in_specification && self.byte(self.at + 1) == b'{' => self.at += 2,
                b'{' => {
                    self.push(Open::Field(template));
                    self.at += 1;
                    return;
                }
                b'}' if template.in_specification => {
                    self.at += 1;
                    let Some(Open::Field(outer)) = self.open.pop() else { return };
                    template = outer;
                }
                b'\\' => self.skip_escape(template),
                b'\n' | b'\r' if !template.is_triple => break,
                _ if byte == template.quote && self.is_closing(template) => {
                    self.at += if template.is_triple { 3 } else { 1 };
                    self.leave_template(template);
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.flaws.syntax(start, "a string is never closed");
        self.leave_template(template);
    }

    fn is_closing(&self, template: Template) -> bool {
        let Template { quote, is_triple, .. } = template;
        !is_triple || (self.byte(self.at + 1) == quote && self.byte(self.at + 2) == quote)
    }

    /// Takes off the fields of a string that has ended within their format specification.
    fn leave_template(&mut self, template: Template) {
        let mut is_nested = template.in_specification;
        while is_nested {
            match self.open.pop() {
                Some(Open::Field(outer)) => is_nested = outer.in_specification,
                _ => return,
            }
        }
    }

    fn skip_escape(&mut self, template: Template) {
        let escaped = self.byte(self.at + 1);
        self.at += 1;
        if matches!(escaped, b'{' | b'}') {
            return;
        }
        if !template.is_raw && escaped == b'N' && self.byte(self.at + 1) == b'{' {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = rest.iter().take(100).position(|byte| matches!(byte, b'}' | b'\n'));
            self.at += end.unwrap_or(1);
        } else if !self.eat_line_end() && !self.is_at_end() {
            self.at += 1;
        }
    }
}

/// The name or keyword at an offset; empty where there is none.
pub(super) fn word_at(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    if rest.first().is_none_or(u8::is_ascii_digit) {
        return &[];
    }
    let length = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}

/// Whether a byte can be in a name. Bytes beyond ASCII are taken for letters.
pub(super) const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// How many lines end in a text: at LF, at CRLF, and at CR alone.
pub(super) fn count_lines(text: &[u8], next: u8) -> u32 {
    let mut lines = 0;
    for at in memchr2_iter(b'\n', b'\r', text) {
        let is_pair = text.get(at) == Some(&b'\r') && text.get(at + 1).copied().unwrap_or(next) == b'\n';
        lines += u32::from(!is_pair);
    }
    lines
}
