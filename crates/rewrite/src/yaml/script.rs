//! A scalar as a script, and edits of the script as edits of the file that still say what they are to say.

use std::ops::Range;

use super::edit::{line_end, newline};
use super::quote::{can_be_plain, quoted};
use super::{Kind, Node, Style, Yaml};
use crate::embedded::{Embedded, Encoding};
use crate::model::{Edit, Left};
use crate::plan::apply;

/// The script of a scalar.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    embedded: Embedded,
    style: Style,
    span: Range<usize>,
    /// The scalar as it is written.
    raw: String,
    /// The indentation of a block.
    indent: String,
    /// The indentation of what the scalar stands in.
    outer_indent: usize,
    newline: &'static str,
    in_flow: bool,
}

/// A part of a scalar as it is written.
enum Token {
    /// It stands for itself.
    Literal(Range<usize>),
    /// It stands for something else.
    Escape(Range<usize>, String),
    /// A line break with the white space around it; as many of these as the value has there.
    Break(Range<usize>),
    /// A line break that is just one.
    LineBreak(Range<usize>),
}

/// The script of a node.
pub(super) fn script(node: Node<'_>) -> Option<Script> {
    let Kind::Scalar(style) = node.kind() else { return None };
    if node.has_tag() {
        return None;
    }
    let yaml = node.yaml();
    let (span, value) = (node.span(), node.as_str()?);
    let indent = if matches!(style, Style::Literal | Style::Folded) {
        block_indent(yaml.text(), &span, value)
    } else {
        String::new()
    };
    let tokens = match style {
        Style::Plain => folded_lines(yaml.text(), span.clone()),
        Style::SingleQuoted => escapes(yaml.text(), inside(&span), single_escape),
        Style::DoubleQuoted => escapes(yaml.text(), inside(&span), double_escape),
        Style::Literal | Style::Folded => block_lines(yaml.text(), &span, &indent, style),
    };
    let break_with = newline(yaml.text());
    let encoding = match style {
        Style::Plain => Encoding::Verbatim,
        Style::SingleQuoted => Encoding::SingleQuoted,
        Style::DoubleQuoted => Encoding::DoubleQuoted,
        Style::Literal | Style::Folded => Encoding::Indented(indent.clone()),
    };
    // What does not come apart can only be written anew as a whole.
    let embedded = align(yaml.text(), value, &tokens, encoding.clone());
    let embedded = embedded.unwrap_or_else(|| {
        let mut whole = Embedded::new(encoding);
        whole.push_decoded(value, span.clone());
        whole
    });
    let in_flow = std::iter::successors(node.parent(), |node| node.parent()).any(Node::is_flow);
    Some(Script {
        embedded,
        style,
        raw: node.raw().to_owned(),
        span,
        indent,
        outer_indent: node.parent().map_or(0, Node::column),
        newline: break_with,
        in_flow,
    })
}

impl Script {
    /// The script.
    pub(crate) fn text(&self) -> &str {
        self.embedded.text()
    }

    /// The place in the file of a span of the script.
    pub(crate) fn place(&self, inner: &Range<usize>) -> Range<usize> {
        self.embedded.span(inner)
    }

    /// What stays of the script, with its places in the file.
    pub(crate) fn left(&self, left: Vec<Left>) -> Vec<Left> {
        self.embedded.left(left)
    }

    /// Edits of the script, in order, as edits of the file. Each stays small when the scalar then says just what the edited
    /// script says; else one edit writes the scalar anew.
    pub(crate) fn edits(&self, edits: Vec<Edit>) -> Vec<Edit> {
        let Some(wanted) = apply(self.text(), &edits) else { return Vec::new() };
        if edits.is_empty() || wanted == self.text() {
            return Vec::new();
        }
        let small = self.small(&edits);
        if self.says(&small).is_some_and(|said| self.is_wanted(&said, &wanted)) {
            return small;
        }
        self.anew(edits, &wanted)
    }

    fn is_wanted(&self, said: &str, wanted: &str) -> bool {
        let is_block = matches!(self.style, Style::Literal | Style::Folded);
        said == wanted || is_block && said.trim_end_matches('\n') == wanted.trim_end_matches('\n')
    }

    /// The edits, each where it stands.
    fn small(&self, edits: &[Edit]) -> Vec<Edit> {
        let mut end = self.text().len();
        // Where what is cut out together ends.
        let mut cut = 0..0;
        let mut one = |edit: &Edit| {
            let goes_on = edit.new.is_empty() && cut.start == edit.span.end && !cut.is_empty();
            cut = edit.span.start..if goes_on { cut.end } else { edit.span.end };
            self.small_one(edit, cut.end, &mut end)
        };
        let mut small: Vec<Edit> = edits.iter().rev().map(&mut one).collect();
        small.reverse();
        small
    }

    /// One edit. `end` is where what is left of the script ends: lines that go there go with the line break in front of them,
    /// so that no indentation is left over.
    fn small_one(&self, edit: &Edit, cut_end: usize, end: &mut usize) -> Edit {
        let before = self.text().get(..edit.span.start).unwrap_or_default();
        let mut span = self.embedded.span(&edit.span);
        if edit.new.is_empty() && edit.span.end == *end && before.ends_with('\n') {
            let start = self.embedded.span(&(edit.span.start - 1..edit.span.start)).start;
            let stop = if *end == self.text().len() {
                self.span.end
            } else {
                self.embedded.span(&(*end - 1..*end)).start
            };
            span = start..stop.max(start);
            *end = edit.span.start;
        }
        let rest = self.text().get(cut_end..).unwrap_or_default();
        let at_line = before.is_empty() || before.ends_with('\n');
        if edit.new.is_empty() && at_line && rest.starts_with('\n') && !self.indent.is_empty() {
            // An empty line follows, which must not get the indentation of this one.
            span.start = span.start.saturating_sub(self.indent.len());
        }
        let new = match self.style {
            Style::Literal | Style::Folded => {
                edit.new.replace('\n', &format!("{}{}", self.newline, self.indent))
            }
            _ => self.embedded.encode(&edit.new),
        };
        Edit { span, new, ..edit.clone() }
    }

    /// What the scalar says with edits made.
    fn says(&self, edits: &[Edit]) -> Option<String> {
        let start = self.span.start;
        let inner = |edit: &Edit| {
            let (from, to) = (edit.span.start.checked_sub(start)?, edit.span.end.checked_sub(start)?);
            Some(Edit { span: from..to, ..edit.clone() })
        };
        let edits: Option<Vec<Edit>> = edits.iter().map(inner).collect();
        self.read(&apply(&self.raw, &edits?)?)
    }

    /// What a scalar says where this one stands.
    fn read(&self, raw: &str) -> Option<String> {
        let pad = " ".repeat(self.outer_indent);
        let (open, close) = if self.in_flow { ("[", "]") } else { ("", "") };
        let around = if pad.is_empty() { "" } else { "k:\n" };
        let text = format!("{around}{pad}k: {open}{raw}{close}\n{pad}after: x\n");
        let yaml = Yaml::parse(&text).ok()?;
        let root = yaml.root()?;
        let inner = if around.is_empty() { root } else { root.get("k")? };
        let keys = inner.entries().count();
        let value = inner.get("k")?;
        let value = if self.in_flow { value.items().next()? } else { value };
        let same_kind = matches!(value.kind(), Kind::Scalar(style) if style == self.style);
        (keys == 2 && same_kind).then(|| value.as_str().map(str::to_owned)).flatten()
    }

    /// One edit that writes the scalar anew.
    fn anew(&self, edits: Vec<Edit>, wanted: &str) -> Vec<Edit> {
        let reasons: Vec<String> = edits.iter().map(|edit| edit.reason.clone()).collect();
        let safety = if edits.iter().all(|edit| edit.safety == crate::Safety::Safe) {
            crate::Safety::Safe
        } else {
            crate::Safety::NeedsReview
        };
        let Some(first) = edits.into_iter().next() else { return Vec::new() };
        let new = self.written(wanted);
        vec![Edit { span: self.span.clone(), new, reason: reasons.join("; "), safety, ..first }]
    }

    /// A value as a scalar in this place.
    fn written(&self, value: &str) -> String {
        let is_block = matches!(self.style, Style::Literal | Style::Folded);
        let starts_with_space = value.starts_with([' ', '\n', '\t']);
        let is_simple =
            !value.contains(|letter: char| letter.is_control() && letter != '\n' && letter != '\t');
        if is_block && is_simple && !starts_with_space && !self.indent.is_empty() {
            let header = self.raw.lines().next().unwrap_or_default();
            let chomping: String =
                header.chars().filter(|letter| matches!(letter, '-' | '+')).take(1).collect();
            let lines: Vec<String> = value
                .trim_end_matches('\n')
                .split('\n')
                .map(|line| if line.is_empty() { String::new() } else { format!("{}{line}", self.indent) })
                .collect();
            let joined = lines.join(self.newline);
            return format!("|{chomping}{}{joined}", self.newline);
        }
        if self.style == Style::Plain && can_be_plain(value, self.in_flow) {
            return value.to_owned();
        }
        quoted(value, self.style)
    }
}

/// Puts a script together: what stands for itself, and what the rest of the value stands for.
fn align(text: &str, value: &str, tokens: &[Token], encoding: Encoding) -> Option<Embedded> {
    let mut script = Embedded::new(encoding);
    let mut done = 0;
    for token in tokens {
        let rest = value.get(done..)?;
        match token {
            Token::Literal(span) => {
                let literal = text.get(span.clone())?;
                rest.starts_with(literal).then_some(())?;
                script.push(text, span.clone());
                done += literal.len();
            }
            Token::Escape(span, decoded) => {
                rest.starts_with(decoded.as_str()).then_some(())?;
                script.push_decoded(decoded, span.clone());
                done += decoded.len();
            }
            Token::Break(span) => {
                let lines = rest.len() - rest.trim_start_matches('\n').len();
                let gap = if lines > 0 { lines } else { usize::from(rest.starts_with(' ')) };
                script.push_decoded(rest.get(..gap)?, span.clone());
                done += gap;
            }
            Token::LineBreak(span) => {
                let gap = usize::from(rest.starts_with('\n'));
                script.push_decoded(rest.get(..gap)?, span.clone());
                done += gap;
            }
        }
    }
    (done == value.len()).then_some(script)
}

fn inside(span: &Range<usize>) -> Range<usize> {
    span.start + 1..span.end.saturating_sub(1).max(span.start + 1)
}

/// The indentation of a block scalar.
fn block_indent(text: &str, span: &Range<usize>, value: &str) -> String {
    let body = text.get(line_end(text, span.start)..span.end).unwrap_or_default();
    let first =
        body.split('\n').skip(1).find(|line| !line.trim_end_matches('\r').trim_start_matches(' ').is_empty());
    let Some(first) = first else { return String::new() };
    let written = first.len() - first.trim_start_matches(' ').len();
    let header = text.get(span.start..line_end(text, span.start)).unwrap_or_default();
    let header = header.split('#').next().unwrap_or_default();
    let extra = if header.contains(|letter: char| letter.is_ascii_digit()) {
        let first =
            value.split('\n').find(|line| !line.trim_start_matches(' ').is_empty()).unwrap_or_default();
        first.len() - first.trim_start_matches(' ').len()
    } else {
        0
    };
    " ".repeat(written.saturating_sub(extra))
}

/// The lines of a block scalar.
fn block_lines(text: &str, span: &Range<usize>, indent: &str, style: Style) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = (line_end(text, span.start) + 1).min(span.end);
    // The line break of the last line is part of the value unless `-` says otherwise.
    let end = text.get(span.end..).map_or(span.end, |rest| {
        span.end + if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) }
    });
    let first = at;
    let mut break_start = at;
    let mut is_first = true;
    while at < end {
        let stop = line_end(text, at).min(end);
        let line = text.get(at..stop).unwrap_or_default();
        let body = line.strip_suffix('\r').unwrap_or(line);
        let content = if body.len() >= indent.len() {
            at + indent.len()..at + body.len()
        } else {
            at + body.len()..at + body.len()
        };
        let is_blank = content.is_empty();
        if style == Style::Literal {
            if !is_first {
                tokens.push(Token::LineBreak(break_start..content.start));
            }
        } else if !is_blank && (!is_first || at > first) {
            tokens.push(Token::Break(break_start..content.start));
        }
        if !is_blank {
            tokens.push(Token::Literal(content.clone()));
        }
        if style == Style::Literal || !is_blank {
            break_start = content.end;
            is_first = false;
        }
        at = stop + 1;
    }
    tokens.push(Token::Break(break_start..end.max(break_start)));
    tokens
}

/// Lines of a scalar whose line breaks are folded.
fn folded_lines(text: &str, span: Range<usize>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let rest = text.get(at..span.end).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let is_last = line.len() == rest.len();
        let trimmed = if is_last { line } else { line.trim_end() };
        tokens.push(Token::Literal(at..at + trimmed.len()));
        let behind = text.get(at + trimmed.len()..span.end).unwrap_or_default();
        let gap = behind.len() - behind.trim_start().len();
        if gap > 0 {
            tokens.push(Token::Break(at + trimmed.len()..at + trimmed.len() + gap));
        }
        at += trimmed.len() + gap;
        if trimmed.is_empty() && gap == 0 {
            break;
        }
    }
    tokens
}

/// What is within quotes: lines, with what stands for something else.
fn escapes(text: &str, span: Range<usize>, escape: fn(&str) -> Option<(usize, String)>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut at, mut from) = (span.start, span.start);
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        if let Some((length, decoded)) = escape(rest) {
            tokens.push(Token::Literal(from..at));
            tokens.push(Token::Escape(at..at + length, decoded));
            at += length;
            from = at;
        } else if rest.starts_with(['\n', '\r']) {
            let line = text.get(from..at).unwrap_or_default();
            let end = from + line.trim_end_matches([' ', '\t']).len();
            tokens.push(Token::Literal(from..end));
            at += rest.len() - rest.trim_start().len();
            tokens.push(Token::Break(end..at));
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    tokens.push(Token::Literal(from..span.end));
    tokens
}

fn single_escape(rest: &str) -> Option<(usize, String)> {
    rest.starts_with("''").then(|| (2, "'".to_owned()))
}

fn double_escape(rest: &str) -> Option<(usize, String)> {
    let letter = rest.strip_prefix('\\')?.chars().next()?;
    let coded = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((2 + digits, char::from_u32(code)?.to_string()))
    };
    let decoded = match letter {
        'x' => return coded(2),
        'u' => return coded(4),
        'U' => return coded(8),
        '\n' | '\r' => {
            let gap = rest.get(1..)?;
            return Some((1 + gap.len() - gap.trim_start().len(), String::new()));
        }
        '0' => "\0",
        'a' => "\u{7}",
        'b' => "\u{8}",
        't' | '\t' => "\t",
        'n' => "\n",
        'v' => "\u{b}",
        'f' => "\u{c}",
        'r' => "\r",
        'e' => "\u{1b}",
        'N' => "\u{85}",
        '_' => "\u{a0}",
        'L' => "\u{2028}",
        'P' => "\u{2029}",
        other => return Some((1 + other.len_utf8(), other.to_string())),
    };
    Some((1 + letter.len_utf8(), decoded.to_owned()))
}
