//! A script within another file: a block of YAML, a recipe of a Makefile, a string of JSON.

use std::ops::Range;

use crate::model::{Edit, Left};

/// How a text is written into the file around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// As it is.
    #[default]
    Verbatim,
    /// Each line after the first has this in front, such as the indentation of a YAML block or the tab of a recipe.
    Indented(String),
    /// Within the double quotes of JSON or YAML.
    DoubleQuoted,
    /// Within the single quotes of YAML.
    SingleQuoted,
    /// A recipe of make: `$` is written twice, and each line after the first has this in front.
    Make(String),
}

/// A piece of the script that stands in the file byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    inner: usize,
    outer: usize,
    length: usize,
}

/// A script with the way back to the file that it stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embedded {
    text: String,
    pieces: Vec<Piece>,
    encoding: Encoding,
    end: usize,
}

impl Embedded {
    /// An empty script, to be put together with [`push`](Self::push) and [`push_decoded`](Self::push_decoded).
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// A script that stands in `file` byte for byte.
    pub fn verbatim(file: &str, span: Range<usize>) -> Self {
        let mut script = Self::new(Encoding::Verbatim);
        script.push(file, span);
        script
    }

    /// Adds what stands in the file byte for byte.
    pub fn push(&mut self, file: &str, span: Range<usize>) {
        let Some(text) = file.get(span.clone()) else { return };
        self.pieces.push(Piece { inner: self.text.len(), outer: span.start, length: text.len() });
        self.text.push_str(text);
        self.end = span.end;
    }

    /// Adds what is written in another way in the file, such as `\n` in JSON or `$$` in a Makefile. An edit takes it as a
    /// whole.
    pub fn push_decoded(&mut self, decoded: &str, span: Range<usize>) {
        self.pieces.push(Piece { inner: self.text.len(), outer: span.start, length: 0 });
        self.text.push_str(decoded);
        self.end = span.end;
    }

    /// The script.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the file of a byte of the script. Between two pieces it is the end of the first for the end of a span,
    /// and the start of the second for the start of one.
    fn outer(&self, inner: usize, is_end: bool) -> usize {
        let at = self
            .pieces
            .partition_point(|piece| if is_end { piece.inner < inner } else { piece.inner <= inner });
        let Some(piece) = at.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return self.pieces.first().map_or(self.end, |piece| piece.outer);
        };
        let offset = inner - piece.inner;
        if offset <= piece.length {
            return piece.outer + offset;
        }
        // Within what is decoded, or at its end: all of it.
        self.pieces.get(at).map_or(self.end, |next| next.outer)
    }

    /// The span in the file of a span of the script.
    pub fn span(&self, inner: &Range<usize>) -> Range<usize> {
        if inner.is_empty() {
            let at = self.outer(inner.start, true);
            return at..at;
        }
        self.outer(inner.start, false)..self.outer(inner.end, true)
    }

    /// The span in the file of whole lines that go, with what the file has in front of each. What stands in front of the
    /// first line of the script stays, and what stands in front of the line after those that go with it goes.
    fn lines(&self, inner: &Range<usize>, is_leading: bool) -> Range<usize> {
        if !is_leading {
            return self.outer(inner.start, true)..self.outer(inner.end, true);
        }
        let next = self.pieces.binary_search_by_key(&inner.end, |piece| piece.inner);
        let end = match next.ok().and_then(|next| self.pieces.get(next)) {
            Some(piece) => piece.outer,
            None if inner.end >= self.text.len() => self.end,
            // The next line stands in the same piece.
            None => self.outer(inner.end, true),
        };
        self.outer(inner.start, false)..end
    }

    /// Edits of the script, in order, as edits of the file.
    pub fn edits(&self, edits: Vec<Edit>) -> Vec<Edit> {
        let mut leading = 0;
        let outer = |edit: Edit| {
            let text = self.text.get(..edit.span.start).zip(self.text.get(edit.span.clone()));
            let is_lines = edit.new.is_empty()
                && text.is_some_and(|(before, text)| {
                    (before.is_empty() || before.ends_with('\n')) && text.ends_with('\n')
                });
            if !is_lines {
                return Edit { span: self.span(&edit.span), new: self.encode(&edit.new), ..edit };
            }
            let is_leading = edit.span.start == leading;
            if is_leading {
                leading = edit.span.end;
            }
            Edit { span: self.lines(&edit.span, is_leading), ..edit }
        };
        edits.into_iter().map(outer).collect()
    }

    /// What stays of the script, with its places in the file.
    pub fn left(&self, left: Vec<Left>) -> Vec<Left> {
        left.into_iter().map(|left| Left { span: self.span(&left.span), ..left }).collect()
    }

    /// A text as it is written into the file.
    pub fn encode(&self, new: &str) -> String {
        match &self.encoding {
            Encoding::Verbatim => new.to_owned(),
            Encoding::Indented(indent) => new.replace('\n', &format!("\n{indent}")),
            Encoding::Make(indent) => new.replace('$', "$$").replace('\n', &format!("\n{indent}")),
            Encoding::SingleQuoted => new.replace('\'', "''"),
            Encoding::DoubleQuoted => {
                new.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_with_its_indentation() {
        let file = "run: |\n    pip install a\n    pytest\n";
        let mut script = Embedded::new(Encoding::Indented("    ".to_owned()));
        script.push(file, 11..25);
        script.push(file, 29..36);
        let without = |span: Range<usize>| {
            let edit = Edit {
                span,
                new: String::new(),
                rule: "x",
                reason: String::new(),
                safety: uvshift_diagnostics::Safety::Safe,
                together: 0,
            };
            let span = script.edits(vec![edit])[0].span.clone();
            format!("{}{}", &file[..span.start], &file[span.end..])
        };
        assert_eq!(without(0..14), "run: |\n    pytest\n");
        assert_eq!(without(14..21), "run: |\n    pip install a\n");
    }

    #[test]
    fn what_follows_in_the_same_piece_stays() {
        let file = "pip install a\nmake\nls\n";
        let script = Embedded::verbatim(file, 0..file.len());
        let without = |span: Range<usize>| {
            let (new, reason) = (String::new(), String::new());
            let safety = uvshift_diagnostics::Safety::Safe;
            let span = script.edits(vec![Edit { span, new, rule: "x", reason, safety, together: 0 }])[0]
                .span
                .clone();
            format!("{}{}", &file[..span.start], &file[span.end..])
        };
        assert_eq!(without(0..14), "make\nls\n");
        assert_eq!(without(14..19), "pip install a\nls\n");
        assert_eq!(without(0..file.len()), "");
    }

    #[test]
    fn a_block_of_yaml_and_back() {
        let file = "run: |\n    pip install a\n    pytest\n";
        let mut script = Embedded::new(Encoding::Indented("    ".to_owned()));
        script.push(file, 11..25);
        script.push(file, 29..36);
        assert_eq!(script.text(), "pip install a\npytest\n");
        assert_eq!(file.get(script.span(&(0..13))), Some("pip install a"));
        assert_eq!(file.get(script.span(&(14..20))), Some("pytest"));
        assert_eq!(file.get(script.span(&(0..20))), Some("pip install a\n    pytest"));
        assert_eq!(script.encode("a\nb"), "a\n    b");
    }

    #[test]
    fn what_is_decoded_is_taken_as_a_whole() {
        let file = r#"{"run": "pip install \"a\" b"}"#;
        let mut script = Embedded::new(Encoding::DoubleQuoted);
        script.push(file, 9..21);
        script.push_decoded("\"", 21..23);
        script.push(file, 23..24);
        script.push_decoded("\"", 24..26);
        script.push(file, 26..28);
        assert_eq!(script.text(), "pip install \"a\" b");
        assert_eq!(file.get(script.span(&(12..15))), Some(r#"\"a\""#));
        assert_eq!(file.get(script.span(&(16..17))), Some("b"));
    }
}
