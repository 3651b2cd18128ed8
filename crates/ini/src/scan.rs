//! Lines into sections, keys and values, step for step as `configparser.RawConfigParser._read` of Python 3.11 does it.

use std::collections::HashMap;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::document::{Document, Key, Line, LineKind, Part, Section};
use crate::space::{content, is_space, lines, strip};
use crate::{Dialect, codes};

pub(crate) fn scan(text: &str, dialect: &Dialect) -> Document {
    let document = Document {
        text: text.to_owned(),
        dialect: *dialect,
        lines: Vec::new(),
        sections: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut scanner = Scanner {
        document,
        section: None,
        key: None,
        indent: 0,
        comments: Vec::new(),
        known: HashMap::new(),
        first_lines: HashMap::new(),
    };
    let mut start = 0;
    if text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8();
        if !dialect.byte_order_mark {
            scanner.report(
                Diagnostic::error(
                    codes::BYTE_ORDER_MARK,
                    "the file starts with a byte order mark, which its reader takes for text",
                )
                .on_line(1)
                .at(Span::new(0, start))
                .with_help("save the file as UTF-8 without a byte order mark"),
            );
        }
    }
    for (index, line) in lines(text.get(start..).unwrap_or_default()).enumerate() {
        scanner.line(line, start, index + 1);
        start += line.len();
    }
    scanner.finish()
}

struct Scanner {
    document: Document,
    /// The open section.
    section: Option<usize>,
    /// The key of it that a deeper line continues.
    key: Option<usize>,
    /// The indent of the last header or key, in characters; nothing where an empty line ended the value.
    indent: usize,
    /// Comment lines since the last line of a value.
    comments: Vec<String>,
    /// The index of each section.
    known: HashMap<String, usize>,
    /// Where each key of each section was said first.
    first_lines: HashMap<(usize, String), usize>,
}

impl Scanner {
    fn line(&mut self, line: &str, start: usize, number: usize) {
        let whole = content(line);
        let comment = self.comment_start(whole);
        let value = strip(&whole[..comment.unwrap_or(whole.len())]);
        let kind = if value.is_empty() {
            self.empty(strip(whole), comment.is_some(), number)
        } else {
            let indent = whole.chars().take_while(|character| is_space(*character)).count();
            self.content(value, indent, number, Span::new(start, start + whole.len()))
        };
        let comment = comment.map(|at| {
            let spaces = whole[at..].len() - whole[at..].trim_start_matches(is_space).len();
            let end = whole.trim_end_matches(is_space).len();
            Span::new(start + at + spaces, start + end.max(at + spaces))
        });
        let span = Span::new(start, start + line.len());
        self.document.lines.push(Line { span, number, comment, kind });
    }

    /// Where the comment of a line starts: at its beginning if all of it is one.
    fn comment_start(&self, line: &str) -> Option<usize> {
        let dialect = &self.document.dialect;
        if dialect.comment_prefixes.iter().any(|prefix| strip(line).starts_with(prefix)) {
            return Some(0);
        }
        let starts = |prefix: &&'static str| {
            let places = line.match_indices(*prefix).map(|(at, _)| at);
            let after_space = |at: &usize| line[..*at].chars().next_back().is_none_or(is_space);
            places.into_iter().find(after_space)
        };
        dialect.inline_comment_prefixes.iter().filter_map(starts).min()
    }

    /// A line without a value: it belongs to the value around it unless a comment stands on it.
    fn empty(&mut self, line: &str, comment: bool, number: usize) -> LineKind {
        if !self.document.dialect.empty_lines_in_values {
            self.indent = usize::MAX;
        } else if !comment
            && let Some(key) = self.open_key()
            && key.raw.is_some()
        {
            key.parts.push(Part { text: String::new(), line: number, comments: Vec::new() });
        }
        if comment {
            self.comments.push(line.to_owned());
            return LineKind::Comment;
        }
        self.comments.clear();
        LineKind::Blank
    }

    fn content(&mut self, value: &str, indent: usize, number: usize, span: Span) -> LineKind {
        let comments = std::mem::take(&mut self.comments);
        if let (Some(section), Some(key)) = (self.section, self.key)
            && indent > self.indent
        {
            return self.continuation(section, key, Part { text: value.to_owned(), line: number, comments });
        }
        self.indent = indent;
        if let Some(name) = header(value) {
            return self.header(name, number, span);
        }
        let Some(section) = self.section else {
            self.report(
                Diagnostic::error(
                    codes::OUTSIDE_SECTION,
                    format!("`{value}` stands before the first section"),
                )
                .on_line(number)
                .at(span)
                .with_help("write a `[section]` above it"),
            );
            return LineKind::Broken;
        };
        self.key_line(section, value, number, span)
    }

    fn continuation(&mut self, section: usize, key: usize, part: Part) -> LineKind {
        let number = part.line;
        let mut without_value = None;
        if let Some(key) = self.open_key() {
            if key.raw.is_none() {
                without_value = Some(key.written.clone());
            }
            key.end_line = number;
            key.parts.push(part);
        }
        if let Some(written) = without_value {
            self.report(
                Diagnostic::error(
                    codes::CONTINUED_WITHOUT_VALUE,
                    format!("the line continues `{written}`, which has no value"),
                )
                .on_line(number)
                .with_help(format!("write `{written} =`")),
            );
            return LineKind::Broken;
        }
        LineKind::Continuation(section, key)
    }

    fn header(&mut self, name: &str, number: usize, span: Span) -> LineKind {
        self.key = None;
        let known = self.known.get(name).copied();
        let index = known.unwrap_or_else(|| {
            self.document.sections.push(Section { name: name.to_owned(), line: number, keys: Vec::new() });
            self.document.sections.len() - 1
        });
        self.known.insert(name.to_owned(), index);
        self.section = Some(index);
        let dialect = self.document.dialect;
        if known.is_some() && dialect.strict && name != dialect.default_section {
            let first = self.document.sections.get(index).map_or(0, |section| section.line);
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_SECTION,
                    format!("section `{name}` is opened again after line {first}"),
                )
                .on_line(number)
                .at(span)
                .with_help("join the two sections"),
            );
        }
        LineKind::Header(index)
    }

    fn key_line(&mut self, section: usize, value: &str, number: usize, span: Span) -> LineKind {
        let dialect = self.document.dialect;
        let (written, text) = match delimiter(value, dialect.delimiters) {
            Some((at, length)) => {
                (value[..at].trim_end_matches(is_space), Some(strip(&value[at + length..])))
            }
            None if dialect.allow_no_value => (value, None),
            None => return self.broken(value, number, span),
        };
        let name = dialect.key(written);
        let keys = self.document.sections.get_mut(section).map(|section| &mut section.keys);
        let Some(keys) = keys else { return LineKind::Broken };
        let first = *self.first_lines.entry((section, name.clone())).or_insert(number);
        let text = text.map(str::to_owned);
        let part = text.clone().map(|text| Part { text, line: number, comments: Vec::new() });
        keys.push(Key {
            name,
            written: written.to_owned(),
            value: None,
            raw: text,
            parts: part.into_iter().collect(),
            line: number,
            end_line: number,
        });
        let index = keys.len() - 1;
        // Python lets nothing continue a key without a name.
        self.key = (!written.is_empty()).then_some(index);
        if written.is_empty() {
            return self.broken(value, number, span);
        }
        if first < number && dialect.strict {
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_KEY,
                    format!("`{written}` is said again after line {first}"),
                )
                .on_line(number)
                .at(span)
                .with_help("keep one of the two"),
            );
        }
        LineKind::Key(section, index)
    }

    fn broken(&mut self, value: &str, number: usize, span: Span) -> LineKind {
        self.report(
            Diagnostic::error(
                codes::BROKEN_LINE,
                format!("`{value}` is neither a section nor a key with a value"),
            )
            .on_line(number)
            .at(span)
            .with_help("write `key = value`, or indent the line if it continues the value above"),
        );
        LineKind::Broken
    }

    fn open_key(&mut self) -> Option<&mut Key> {
        self.document.sections.get_mut(self.section?)?.keys.get_mut(self.key?)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.document.diagnostics.push(diagnostic);
    }

    /// Joins the lines of the values. Empty lines at the end of a value are no part of it.
    fn finish(mut self) -> Document {
        for key in self.document.sections.iter_mut().flat_map(|section| &mut section.keys) {
            while key.parts.len() > 1 && key.parts.last().is_some_and(|part| part.text.is_empty()) {
                key.parts.pop();
            }
            if key.raw.is_some() {
                let texts: Vec<&str> = key.parts.iter().map(|part| part.text.as_str()).collect();
                key.raw = Some(texts.join("\n").trim_end_matches(is_space).to_owned());
            }
        }
        self.document
    }
}

/// The name in `[name]`. Python takes everything up to the last bracket and ignores what follows.
fn header(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('[')?;
    let end = inner.rfind(']')?;
    (end > 0).then(|| &inner[..end])
}

/// The place and the length of the first delimiter.
fn delimiter(value: &str, delimiters: &[&str]) -> Option<(usize, usize)> {
    value.char_indices().find_map(|(at, _)| {
        let rest = &value[at..];
        delimiters.iter().find(|delimiter| rest.starts_with(**delimiter)).map(|found| (at, found.len()))
    })
}
