//! JSON as people write it, with the place of everything: comments, commas at the end, a byte order mark, and of JSON5 names
//! without quotes and single quotes.
//!
//! Reading is no check: what VS Code, Renovate and others accept is read, and more.

use std::ops::Range;

use crate::embedded::{Embedded, Encoding};

/// Deeper files are not read.
const MAX_DEPTH: usize = 64;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    /// All of it, quotes and brackets included.
    pub(crate) span: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Members in order.
    Object(Vec<Member>),
    /// Values in order.
    Array(Vec<Value>),
    /// A string without its quotes and escapes.
    String(String),
    /// A number, `true`, `false`, `null` and such, as it is written.
    Plain(String),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// The name without quotes and escapes.
    pub(crate) name: String,
    /// The name as it is written, quotes included.
    pub(crate) name_span: Range<usize>,
    /// The value.
    pub(crate) value: Value,
}

/// Where reading had to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The place, in bytes.
    pub(crate) at: usize,
    /// What is the matter.
    pub(crate) message: &'static str,
}

impl Value {
    /// The members of an object; none of anything else.
    pub(crate) fn members(&self) -> &[Member] {
        if let Kind::Object(members) = &self.kind { members } else { &[] }
    }

    /// The values of an array; none of anything else.
    pub(crate) fn items(&self) -> &[Value] {
        if let Kind::Array(items) = &self.kind { items } else { &[] }
    }

    /// The member of a name.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.name == name)
    }

    /// The value of a member.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.member(name).map(|member| &member.value)
    }

    /// The string, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// A string as a script, with the way back to its place in the file; none for a single-quoted one.
    pub(crate) fn script(&self, file: &str) -> Option<Embedded> {
        self.as_str()?;
        let raw = file.get(self.span.clone())?;
        if !raw.starts_with('"') {
            return None;
        }
        let end = self.span.end.saturating_sub(1);
        let mut script = Embedded::new(Encoding::DoubleQuoted);
        let mut reader = Reader { text: file, at: self.span.start + 1, depth: 0 };
        let mut from = reader.at;
        while reader.at < end {
            let start = reader.at;
            let next = reader.character()?;
            if next == '\\' {
                if from < start {
                    script.push(file, from..start);
                }
                let mut decoded = String::new();
                reader.escape(&mut decoded).ok()?;
                script.push_decoded(&decoded, start..reader.at);
                from = reader.at;
            }
        }
        // An empty piece at the end keeps what stands before it from taking the quote with it.
        script.push(file, from..end);
        Some(script)
    }
}

/// Reads a file: one value, with comments and blanks around it.
pub(crate) fn parse(text: &str) -> Result<Value, Problem> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at: start, depth: 0 };
    reader.blanks()?;
    let value = reader.value()?;
    reader.blanks()?;
    if reader.at < text.len() {
        return Err(reader.problem("something follows the end of the value"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn problem(&self, message: &'static str) -> Problem {
        Problem { at: self.at, message }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn character(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Goes past a text when it stands here.
    fn takes(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        if there {
            self.at += text.len();
        }
        there
    }

    /// Goes past everything up to a text; to the end when it is not there.
    fn skips_to(&mut self, text: &str) -> bool {
        let found = self.rest().find(text);
        self.at = found.map_or(self.text.len(), |found| self.at + found);
        found.is_some()
    }

    /// Goes past white space and comments.
    fn blanks(&mut self) -> Result<(), Problem> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            if self.takes("//") {
                self.skips_to("\n");
            } else if self.takes("/*") {
                if !self.skips_to("*/") {
                    return Err(self.problem("a comment does not end"));
                }
                self.at += 2;
            } else if blank == 0 {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        let kind = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::array)?,
            Some('"' | '\'') => Kind::String(self.string()?),
            _ => Kind::Plain(self.plain()?),
        };
        Ok(Value { span: start..self.at, kind })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Kind, Problem>) -> Result<Kind, Problem> {
        if self.depth >= MAX_DEPTH {
            return Err(self.problem("values stand too deep in each other"));
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self);
        self.depth -= 1;
        kind
    }

    fn object(&mut self) -> Result<Kind, Problem> {
        let mut members = Vec::new();
        loop {
            self.blanks()?;
            if self.takes("}") {
                return Ok(Kind::Object(members));
            }
            let start = self.at;
            let name = match self.peek() {
                Some('"' | '\'') => self.string()?,
                _ => self.plain()?,
            };
            let name_span = start..self.at;
            self.blanks()?;
            if !self.takes(":") {
                return Err(self.problem("a `:` is missing"));
            }
            self.blanks()?;
            members.push(Member { name, name_span, value: self.value()? });
            if self.ends("}")? {
                return Ok(Kind::Object(members));
            }
        }
    }

    fn array(&mut self) -> Result<Kind, Problem> {
        let mut items = Vec::new();
        loop {
            self.blanks()?;
            if self.takes("]") {
                return Ok(Kind::Array(items));
            }
            items.push(self.value()?);
            if self.ends("]")? {
                return Ok(Kind::Array(items));
            }
        }
    }

    /// After a value: whether the end of what it stands in follows, or else a comma.
    fn ends(&mut self, end: &str) -> Result<bool, Problem> {
        self.blanks()?;
        if self.takes(end) {
            return Ok(true);
        }
        if self.takes(",") { Ok(false) } else { Err(self.problem("a `,` is missing")) }
    }

    fn string(&mut self) -> Result<String, Problem> {
        let quote = self.character();
        let mut text = String::new();
        loop {
            match self.character() {
                next if next == quote => return Ok(text),
                None | Some('\n') => return Err(self.problem("a string does not end")),
                Some('\\') => self.escape(&mut text)?,
                Some(next) => text.push(next),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self, text: &mut String) -> Result<(), Problem> {
        match self.character() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('u') => text.push(self.code_point()?),
            // A line goes on.
            Some('\n') => {}
            Some('\r') => drop(self.takes("\n")),
            Some(other) => text.push(other),
            None => return Err(self.problem("a string does not end")),
        }
        Ok(())
    }

    /// The four digits of `\u`, and of a second one that belongs to it.
    fn code_point(&mut self) -> Result<char, Problem> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.takes("\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let second = self.unit()?;
        let low = second.wrapping_sub(0xdc00) & 0x3ff;
        let code = 0x1_0000 + ((first - 0xd800) << 10) + low;
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, Problem> {
        let digits = self.rest().get(..4).unwrap_or_default();
        let unit = u32::from_str_radix(digits, 16)
            .map_err(|_| self.problem("four hexadecimal digits are missing"))?;
        self.at += 4;
        Ok(unit)
    }

    /// A name, a number or a word.
    fn plain(&mut self) -> Result<String, Problem> {
        let is_part = |letter: char| letter.is_alphanumeric() || "_$+-.".contains(letter);
        let rest = self.rest();
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.problem("a value is missing"));
        }
        let plain = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        Ok(plain)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str =
        "\u{feff}// top\n{\n  \"a\": [1, \"x\", /* y */ true,],\r\n  b: 'it''s', \"c\": {},\n}\n";

    #[test]
    fn comments_trailing_commas_and_a_byte_order_mark() {
        let file = FILE.replace("'it''s'", "'it'");
        let value = parse(&file).expect("a value");
        let names: Vec<&str> = value.members().iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let items = value.get("a").expect("a").items();
        assert_eq!(
            items.iter().map(|item| &file[item.span.clone()]).collect::<Vec<_>>(),
            ["1", "\"x\"", "true"]
        );
        assert_eq!(value.get("b").and_then(Value::as_str), Some("it"));
        assert_eq!(value.get("b").and_then(|value| value.script(&file)), None);
    }

    #[test]
    fn a_string_is_a_script_with_its_places() {
        let file = r#"{"run": "pip install \"a\"\u0020b \ud83d\ude00\nx"}"#;
        let value = parse(file).expect("a value");
        let string = value.get("run").expect("run");
        let script = string.script(file).expect("a script");
        assert_eq!(script.text(), "pip install \"a\" b 😀\nx");
        assert_eq!(Some(script.text()), string.as_str());
        let at = script.text().find('b').expect("b");
        assert_eq!(&file[script.span(&(at..at + 1))], "b");
        assert_eq!(&file[script.span(&(0..script.text().len()))], &file[9..file.len() - 2]);
        assert_eq!(&file[script.span(&(12..15))], r#"\"a\""#);
    }

    #[test]
    fn an_escape_at_the_end_keeps_the_quote() {
        let file = r#"["a\n"]"#;
        let script = parse(file).expect("a value").items()[0].script(file).expect("a script");
        assert_eq!(&file[script.span(&(1..2))], "\\n");
        assert_eq!(&file[script.span(&(0..2))], "a\\n");
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            ("{\"a\" 1}", 5),
            ("[1 2]", 3),
            ("[1] x", 4),
            ("\"a\n\"", 3),
            ("/* ", 3),
            ("\"\\u12\"", 3),
            ("[,]", 1),
        ] {
            assert_eq!(parse(text).map_err(|problem| problem.at), Err(at), "{text:?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&format!("{}{}", "[".repeat(60), "]".repeat(60))).is_ok());
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\\[\\]{}:,\"'/*\\\\ua-c0-9\n é😀]{0,40}") {
            if let Ok(value) = parse(&text) {
                visit(&value, &text);
            }
        }

        #[test]
        fn what_another_reader_reads_is_read_alike(text in "[a-z\"\\\\\n\t é😀\u{1}]{0,20}") {
            let file = serde_json::json!({ "run": text, "list": [text, 1, null] }).to_string();
            let value = parse(&file).expect("a value");
            let string = value.get("run").expect("run");
            prop_assert_eq!(string.as_str(), Some(text.as_str()));
            let script = string.script(&file).expect("a script");
            prop_assert_eq!(script.text(), text.as_str());
            visit(&value, &file);
        }
    }

    fn visit(value: &Value, file: &str) {
        assert!(file.get(value.span.clone()).is_some());
        if let Some(script) = value.script(file) {
            assert_eq!(Some(script.text()), value.as_str());
            let all = script.span(&(0..script.text().len()));
            assert!(all.start > value.span.start && all.end < value.span.end);
        }
        value.items().iter().for_each(|item| visit(item, file));
        value.members().iter().for_each(|member| visit(&member.value, file));
    }
}
