//! pyright: JSON with comments becomes a table, with the comments above their settings.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::model::{Element, Place, Setting, Table, Value};
use crate::read::{Reading, Source, one_line, target};
use crate::report::{Outcome, Row};

/// Deeper than any file of pyright; JSON that goes further is refused before it could exhaust the stack.
const DEEPEST: usize = 64;

pub(crate) fn read(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let text = source.text.trim_start_matches('\u{feff}');
    let mut reader = Reader { text, at: 0, comments: Vec::new(), lines: Vec::new() };
    let read = reader.document();
    match read {
        Some(table) => {
            for (setting, line) in table.settings.iter().zip(&reader.lines) {
                reading.converted.rows.push(Row {
                    tool: source.tool.name.clone(),
                    from: Place::new(source.file, line_at(text, line.0)),
                    setting: format!("{} = {}", setting.key, one_line(&text[line.0..line.1])),
                    to: Some(target(source.tool, &[], &setting.key)),
                    outcome: Outcome::Carried,
                });
            }
            reading.converted.table = table;
        }
        None => reading.converted.diagnostics.push(
            Diagnostic::error(codes::UNREADABLE, "this is no JSON with comments that TOML can hold")
                .in_file(source.file, line_at(text, reader.at))
                .with_help("correct the file first; TOML has no `null`, and each key stands once"),
        ),
    }
    reading
}

fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Comments that wait for what they stand above.
    comments: Vec<String>,
    /// Where the values of the outermost table are.
    lines: Vec<(usize, usize)>,
}

impl Reader<'_> {
    /// The whole file; none where it is no table.
    fn document(&mut self) -> Option<Table> {
        self.skip()?;
        let table = self.object(0)?;
        self.skip()?;
        (self.at == self.text.len()).then_some(table)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let is_there = self.rest().starts_with(word);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    /// Passes over blanks and keeps the comments between them; none if one does not end.
    fn skip(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = self.rest();
            let (comment, length) = if let Some(comment) = rest.strip_prefix("//") {
                let comment = comment.split('\n').next().unwrap_or_default();
                (comment, comment.len() + 2)
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let comment = &comment[..comment.find("*/")?];
                (comment, comment.len() + 4)
            } else {
                return Some(());
            };
            let lines = comment.lines().map(|line| line.trim().trim_start_matches('*').trim());
            let lines: Vec<String> =
                lines.filter(|line| !line.is_empty()).map(|line| format!("# {line}")).collect();
            self.comments.extend(lines);
            self.at += length;
        }
    }

    /// A comment behind what was read, on its line.
    fn trailing(&mut self) -> Option<String> {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let comment = line.trim_start().strip_prefix("//")?;
        let comment = format!("# {}", comment.trim());
        self.at += line.len();
        Some(comment)
    }

    fn object(&mut self, depth: usize) -> Option<Table> {
        let mut table = Table::default();
        if !self.take("{") || depth > DEEPEST {
            return None;
        }
        loop {
            self.skip()?;
            if self.take("}") {
                table.closing = std::mem::take(&mut self.comments);
                return Some(table);
            }
            let comments = std::mem::take(&mut self.comments);
            let key = self.string()?;
            self.skip()?;
            if !self.take(":") || table.get(&key).is_some() {
                return None;
            }
            self.skip()?;
            let start = self.at;
            let value = self.value(depth + 1)?;
            if depth == 0 {
                self.lines.push((start, self.at));
            }
            let trailing = self.trailing();
            let has_comma = self.skip().map(|()| self.take(","))?;
            let trailing = trailing.or_else(|| self.trailing());
            table.set(Setting { trailing, ..Setting::new(key, value).with_comments(comments) });
            self.skip()?;
            if !has_comma && !self.rest().starts_with('}') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items: Vec<Element> = Vec::new();
        if !self.take("[") || depth > DEEPEST {
            return None;
        }
        loop {
            self.skip()?;
            if self.take("]") {
                return Some(Value::Array(items));
            }
            let comments = std::mem::take(&mut self.comments);
            let value = match self.value(depth + 1)? {
                Value::Table(table) => Value::Inline(table),
                other => other,
            };
            items.push(Element { comments, ..Element::new(value) });
            self.skip()?;
            if !self.take(",") && !self.rest().starts_with(']') {
                return None;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.rest().chars().next()? {
            '{' => self.object(depth).map(Value::Table),
            '[' => self.array(depth),
            '"' => self.string().map(Value::String),
            't' => self.take("true").then_some(Value::Bool(true)),
            'f' => self.take("false").then_some(Value::Bool(false)),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(rest.len());
        let text = &rest[..end];
        let number: serde_json::Number = serde_json::from_str(text).ok()?;
        let value = match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Float(format!("{:?}", number.as_f64()?)),
        };
        self.at += end;
        Some(value)
    }

    fn string(&mut self) -> Option<String> {
        let rest = self.rest().strip_prefix('"')?;
        let mut is_escaped = false;
        let end = rest.find(|c: char| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        })?;
        let text = serde_json::from_str(&self.rest()[..end + 2]).ok()?;
        self.at += end + 2;
        Some(text)
    }
}
