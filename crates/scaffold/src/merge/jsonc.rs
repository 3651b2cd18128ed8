//! JSON with comments: what is not there is added, and nothing that is there changes.

mod parse;

use std::ops::Range;

use parse::{Element, Kind, Node, parse};

/// Members that tell which of several objects in an array is meant, such as a task of VS Code.
const IDENTITIES: &[&str] = &["label", "name", "id", "repo"];

pub(super) fn join(there: &str, text: &str, line_end: &str) -> Result<String, String> {
    let ours = parse(text).map_err(|problem| format!("the generated text is not JSON: {problem}"))?;
    let blank = there.trim_start_matches('\u{feff}').trim();
    if blank.is_empty() {
        let mark = if there.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        return Ok(format!("{mark}{}", text.replace('\n', line_end)));
    }
    let theirs = parse(there)?;
    let mut joiner = Joiner {
        theirs: there,
        ours: text,
        unit: unit(there, &theirs),
        our_unit: unit(text, &ours),
        line_end,
        edits: Vec::new(),
    };
    joiner.node(&theirs, &ours);
    Ok(joiner.apply())
}

/// The value of a text, for tests.
#[cfg(test)]
pub(super) fn value(text: &str) -> Result<serde_json::Value, String> {
    parse(text).map(|node| node.value)
}

struct Joiner<'a> {
    theirs: &'a str,
    ours: &'a str,
    /// One step of indentation.
    unit: String,
    our_unit: String,
    line_end: &'a str,
    /// Text to put in, by offset.
    edits: Vec<(usize, String)>,
}

impl Joiner<'_> {
    fn node(&mut self, theirs: &Node, ours: &Node) {
        match (&theirs.kind, &ours.kind) {
            (Kind::Object(there), Kind::Object(new)) => {
                let mut added: Vec<&Element> = Vec::new();
                // Of several members with one name the last one counts.
                let last = |name: &Option<String>| new.iter().rposition(|other| other.key == *name);
                let kept = new.iter().enumerate().filter(|(at, element)| last(&element.key) == Some(*at));
                for (_, element) in kept {
                    match there.iter().rfind(|known| known.key == element.key) {
                        Some(known) => self.node(&known.value, &element.value),
                        None => added.push(element),
                    }
                }
                self.add(theirs, there, &added);
            }
            (Kind::Array(there), Kind::Array(new)) => {
                let is_new = |element: &&Element| {
                    !there.iter().any(|known| is_same(&known.value.value, &element.value.value))
                };
                let added: Vec<&Element> = new.iter().filter(is_new).collect();
                self.add(theirs, there, &added);
            }
            _ => {}
        }
    }

    /// Puts elements at the end of an object or array.
    fn add(&mut self, node: &Node, there: &[Element], added: &[&Element]) {
        if added.is_empty() {
            return;
        }
        let inside = self.theirs.get(node.span.clone()).unwrap_or_default();
        let close = node.span.end.saturating_sub(1);
        let is_on_one_line = !inside.contains('\n') && !there.is_empty();
        // A comma belongs right behind the last value; what is new comes after the comments that follow it.
        if let Some(last) = there.last().filter(|last| !last.comma) {
            self.edits.push((last.value.span.end, ",".to_owned()));
        }
        if is_on_one_line {
            let parts: Vec<String> = added.iter().map(|element| compact(element)).collect();
            let at = there.last().map_or(close, |last| last.end);
            self.edits.push((at, format!(" {}", parts.join(", "))));
            return;
        }
        let indentation = match there.first() {
            Some(first) => self.indentation(first.start),
            None => format!("{}{}", self.indentation(node.span.start), self.unit),
        };
        let parts: Vec<String> = added.iter().map(|element| self.laid_out(element, &indentation)).collect();
        let separator = format!(",{}", self.line_end);
        let mut text = format!("{}{}", self.line_end, parts.join(&separator));
        let at = self.after_content(node.span.start + 1, close);
        let has_break = self.theirs.get(at..close).is_some_and(|rest| rest.contains('\n'));
        if !has_break {
            text = format!("{text}{}{}", self.line_end, self.indentation(node.span.start));
        }
        self.edits.push((at, text));
    }

    /// Behind the last thing before a closing bracket that is not white space.
    fn after_content(&self, open: usize, close: usize) -> usize {
        let inside = self.theirs.get(open..close).unwrap_or_default();
        open + inside.trim_end().len()
    }

    /// The white space at the start of the line of an offset.
    fn indentation(&self, at: usize) -> String {
        let before = self.theirs.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}');
        line.chars().take_while(|character| matches!(character, ' ' | '\t')).collect()
    }

    /// An element of ours with the comments over it, on lines of its own.
    fn laid_out(&self, element: &Element, indentation: &str) -> String {
        let text = self.ours.get(element.comments..element.value.span.end).unwrap_or_default().trim();
        let line_start = self.ours.get(..element.start).unwrap_or_default().rsplit('\n').next();
        let own = line_start.unwrap_or_default().trim_end_matches(|character| character != ' ').len();
        let mut lines = text.lines().map(str::trim_end);
        let mut laid_out = format!("{indentation}{}", lines.next().unwrap_or_default());
        for line in lines {
            let bare = line.trim_start();
            let depth = (line.len() - bare.len()).saturating_sub(own) / self.our_unit.len().max(1);
            let step = self.unit.repeat(depth);
            laid_out.push_str(self.line_end);
            if !bare.is_empty() {
                laid_out.push_str(indentation);
                laid_out.push_str(&step);
                laid_out.push_str(bare);
            }
        }
        laid_out
    }

    fn apply(mut self) -> String {
        self.edits.sort_by_key(|(at, _)| *at);
        let mut joined = String::with_capacity(self.theirs.len() + self.ours.len());
        let mut done = 0;
        for (at, text) in &self.edits {
            joined.push_str(self.theirs.get(done..*at).unwrap_or_default());
            joined.push_str(text);
            done = *at;
        }
        joined.push_str(self.theirs.get(done..).unwrap_or_default());
        joined
    }
}

/// An element on one line.
fn compact(element: &Element) -> String {
    let value = element.value.value.to_string();
    match &element.key {
        Some(key) => format!("{}: {value}", serde_json::Value::from(key.as_str())),
        None => value,
    }
}

/// One step of indentation: that of the first element of the outermost object.
fn unit(text: &str, root: &Node) -> String {
    let (Kind::Object(elements) | Kind::Array(elements)) = &root.kind else { return "  ".to_owned() };
    let first = elements.first().map(|element| line_start(text, element.start));
    first.filter(|unit| !unit.is_empty()).unwrap_or("  ").to_owned()
}

/// What stands before an offset on its line, when it is white space.
fn line_start(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let range: Range<usize> = start..at;
    text.get(range).filter(|start| start.trim().is_empty()).unwrap_or_default()
}

/// The same value, or objects that say that they are the same thing.
fn is_same(left: &serde_json::Value, right: &serde_json::Value) -> bool {
    let identity = |name: &&str| match (left.get(*name), right.get(*name)) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    };
    left == right || IDENTITIES.iter().find_map(identity).unwrap_or(false)
}
