//! Adding to and taking from an array in place.

use crate::document::Edit;
use crate::model::Item;
use crate::render;
use crate::syntax::{Element, Span};

/// An element ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewElement {
    above: Vec<String>,
    text: String,
    trailing: Option<String>,
}

impl NewElement {
    /// A string with its comments.
    pub(crate) fn string(item: &Item) -> Self {
        Self::with_comments(
            render::string(&item.text),
            &item.comments_above,
            item.comment_trailing.as_deref(),
        )
    }

    /// Any value with its comments.
    pub(crate) fn with_comments(text: String, above: &[String], trailing: Option<&str>) -> Self {
        Self {
            above: above.iter().flat_map(|comment| render::comment_lines(comment)).collect(),
            text,
            trailing: trailing.map(render::comment),
        }
    }

    fn has_comments(&self) -> bool {
        !self.above.is_empty() || self.trailing.is_some()
    }

    fn write(&self, out: &mut String, indent: &str, comma: &str) {
        for comment in &self.above {
            out.push_str(indent);
            out.push_str(comment);
            out.push('\n');
        }
        out.push_str(indent);
        out.push_str(&self.text);
        out.push_str(comma);
        if let Some(comment) = &self.trailing {
            out.push_str("  ");
            out.push_str(comment);
        }
        out.push('\n');
    }
}

fn write_all(elements: &[NewElement], indent: &str) -> String {
    let mut out = String::new();
    for element in elements {
        element.write(&mut out, indent, ",");
    }
    out
}

/// A new array: one element a line.
pub(crate) fn fresh(elements: &[NewElement], indent: &str) -> String {
    if elements.is_empty() {
        return "[]".to_owned();
    }
    format!("[\n{}{indent}]", write_all(elements, &format!("{indent}    ")))
}

/// The edits that add elements at the end of the array at `span`, in the style it has.
pub(crate) fn append(text: &str, span: &Span, old: &[Element], new: &[NewElement]) -> Vec<Edit> {
    if new.is_empty() {
        return Vec::new();
    }
    let base = indent_of(text, span.start);
    let inner = slice(text, span.start + 1..span.end - 1);
    let Some(last) = old.last() else {
        if inner.trim().is_empty() {
            return vec![Edit::replace(span.clone(), fresh(new, base))];
        }
        // Only comments: the elements come after them.
        let indent = inner.lines().skip(1).find(|line| !line.trim().is_empty()).map(leading_space);
        let indent = indent.map_or_else(|| format!("{base}    "), str::to_owned);
        return vec![Edit::insert(line_start(text, span.end - 1), write_all(new, &indent))];
    };
    if slice(text, span.clone()).contains('\n') {
        append_to_lines(text, span, old, last, new)
    } else {
        append_to_one_line(text, span, old, last, new)
    }
}

/// Adds to `["a", "b"]`. The elements stay on their line; new ones join them when they fit.
fn append_to_one_line(
    text: &str,
    span: &Span,
    old: &[Element],
    last: &Element,
    new: &[NewElement],
) -> Vec<Edit> {
    let line = line_start(text, span.start)..line_end(text, span.end);
    let added: usize = new.iter().map(|element| element.text.chars().count() + 2).sum();
    let fits = slice(text, line).chars().count() + added <= render::WIDTH;
    if fits && new.iter().all(|element| !element.has_comments()) {
        let texts: Vec<_> = new.iter().map(|element| element.text.as_str()).collect();
        let joined = texts.join(", ");
        return vec![match last.comma {
            Some(comma) => Edit::insert(comma + 1, format!(" {joined},")),
            None => Edit::insert(last.node.span.end, format!(", {joined}")),
        }];
    }
    let base = indent_of(text, span.start);
    let first = old.first().map_or(span.end - 1, |element| element.node.span.start);
    let end = last.comma.map_or(last.node.span.end, |comma| comma + 1);
    let comma = if last.comma.is_some() { "" } else { "," };
    let lines = write_all(new, &format!("{base}    "));
    vec![
        Edit::replace(span.start + 1..first, format!("\n{base}    ")),
        Edit::replace(end..span.end - 1, format!("{comma}\n{lines}{base}")),
    ]
}

/// Adds to an array that takes several lines.
fn append_to_lines(
    text: &str,
    span: &Span,
    old: &[Element],
    last: &Element,
    new: &[NewElement],
) -> Vec<Edit> {
    let base = indent_of(text, span.start);
    let leads = |element: &&Element| {
        let start = element.node.span.start;
        slice(text, line_start(text, start)..start).trim().is_empty()
    };
    let indent = old.iter().rev().find(leads).map(|element| indent_of(text, element.node.span.start));
    let indent = indent.map_or_else(|| format!("{base}    "), str::to_owned);
    let close = span.end - 1;
    let mut edits = Vec::new();
    if slice(text, line_start(text, close)..close).trim().is_empty() {
        if last.comma.is_none() {
            edits.push(Edit::insert(last.node.span.end, ","));
        }
        edits.push(Edit::insert(line_start(text, close), write_all(new, &indent)));
        return edits;
    }
    // `]` stands behind the last element and stays there, unless a comment would swallow it.
    let end = last.comma.map_or(last.node.span.end, |comma| comma + 1);
    let mut lines = String::from(if last.comma.is_some() { "\n" } else { ",\n" });
    let Some((final_element, others)) = new.split_last() else { return edits };
    lines.push_str(&write_all(others, &indent));
    if final_element.trailing.is_some() {
        final_element.write(&mut lines, &indent, ",");
        lines.push_str(base);
    } else {
        final_element.write(&mut lines, &indent, if last.comma.is_some() { "," } else { "" });
        lines.pop();
    }
    edits.push(Edit::replace(end..close, lines));
    edits
}

/// The edits that take one element out. A comment behind it stays, on a line of its own.
pub(crate) fn remove(text: &str, elements: &[Element], index: usize) -> Vec<Edit> {
    let Some(element) = elements.get(index) else { return Vec::new() };
    let start = element.node.span.start;
    let end = element.comma.map_or(element.node.span.end, |comma| comma + 1);
    let before = slice(text, line_start(text, start)..start);
    let after = slice(text, end..line_end(text, end));
    if before.trim().is_empty() {
        if after.trim().is_empty() {
            let line_end = line_end(text, end);
            let newline = usize::from(text.as_bytes().get(line_end) == Some(&b'\n'));
            return vec![Edit::remove(line_start(text, start)..line_end + newline)];
        }
        let gap = after.len() - after.trim_start().len();
        return vec![Edit::remove(start..end + gap)];
    }
    let next = elements.get(index + 1).map(|next| next.node.span.start);
    match (next, index.checked_sub(1).and_then(|previous| elements.get(previous))) {
        (Some(next), _) if !slice(text, end..next).contains(['\n', '#']) => vec![Edit::remove(start..next)],
        (_, Some(previous)) if element.comma.is_none() => {
            // The comma before the last element goes with it; what stands between them stays.
            let comma = previous.comma.map(|comma| Edit::remove(comma..comma + 1));
            let gap = before.len() - before.trim_end().len();
            comma.into_iter().chain([Edit::remove(start - gap..end)]).collect()
        }
        _ => {
            let gap =
                if before.trim_end().ends_with('[') { 0 } else { before.len() - before.trim_end().len() };
            vec![Edit::remove(start - gap..end)]
        }
    }
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span).unwrap_or_default()
}

/// Where the line of a byte starts.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    slice(text, 0..at).rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of a byte ends, before its newline.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    slice(text, at..text.len()).find('\n').map_or(text.len(), |newline| at + newline)
}

/// The white space a line starts with.
pub(crate) fn indent_of(text: &str, at: usize) -> &str {
    leading_space(slice(text, line_start(text, at)..text.len()))
}

fn leading_space(line: &str) -> &str {
    let end = line.find(|character| character != ' ' && character != '\t').unwrap_or(line.len());
    slice(line, 0..end)
}
