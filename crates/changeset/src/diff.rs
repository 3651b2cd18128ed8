//! The plan as a unified diff in git's style.

use std::fmt::Write as _;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use crate::net::{Content, Net, Node};
use crate::path::TreePath;
use crate::set::Summary;

/// Lines of unchanged text around a change, as `diff -u` and git have it.
const CONTEXT: usize = 3;

pub(crate) fn render(net: &Net) -> String {
    let mut text = String::new();
    for node in net.nodes_in_order() {
        render_node(&mut text, node);
    }
    text
}

pub(crate) fn summarize(net: &Net) -> Summary {
    let mut summary = Summary::default();
    for node in net.nodes() {
        match (&node.origin, &node.path) {
            (None, None) => continue,
            (None, Some(_)) => summary.created += 1,
            (Some(_), None) => summary.deleted += 1,
            (Some(origin), Some(path)) if origin != path => summary.renamed += 1,
            (Some(_), Some(_)) if is_same(node) => continue,
            (Some(_), Some(_)) => summary.edited += 1,
        }
        let (old, new) = (old_bytes(node), new_bytes(node));
        if let (Some(old), Some(new)) = (text_lines(old), text_lines(new)) {
            for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
                let (tag, old_range, new_range) = operation.as_tag_tuple();
                if tag != DiffTag::Equal {
                    summary.lines_removed += old_range.len();
                    summary.lines_added += new_range.len();
                }
            }
        }
    }
    summary
}

fn render_node(text: &mut String, node: &Node) {
    match (&node.origin, &node.path) {
        (None, None) => {}
        (None, Some(path)) => {
            header(text, path, path);
            line(text, &format!("new file mode {}", git_mode(&node.new, node.new_mode)));
            body(text, None, Some(path), node);
        }
        (Some(origin), None) => {
            header(text, origin, origin);
            line(text, &format!("deleted file mode {}", git_mode(&node.old, node.old_mode)));
            body(text, Some(origin), None, node);
        }
        (Some(origin), Some(path)) if origin == path && is_same(node) => {}
        (Some(origin), Some(path)) => {
            header(text, origin, path);
            mode_change(text, node);
            if origin != path {
                if node.old == node.new {
                    line(text, "similarity index 100%");
                }
                line(text, &format!("rename from {}", quoted("", origin)));
                line(text, &format!("rename to {}", quoted("", path)));
            }
            body(text, Some(origin), Some(path), node);
        }
    }
}

fn is_same(node: &Node) -> bool {
    node.old == node.new && !changes_mode(node)
}

fn changes_mode(node: &Node) -> bool {
    node.new_mode.is_some() && node.new_mode != node.old_mode
}

fn header(text: &mut String, old: &TreePath, new: &TreePath) {
    line(text, &format!("diff --git {} {}", quoted("a/", old), quoted("b/", new)));
}

fn mode_change(text: &mut String, node: &Node) {
    if changes_mode(node) {
        line(text, &format!("old mode {}", git_mode(&node.old, node.old_mode)));
        line(text, &format!("new mode {}", git_mode(&node.new, node.new_mode)));
    }
}

fn git_mode(content: &Content, mode: Option<u32>) -> String {
    match content {
        Content::Link(_) => "120000".to_owned(),
        Content::File(_) | Content::Unknown => format!("{:o}", 0o100_000 | mode.unwrap_or(0o644)),
    }
}

fn body(text: &mut String, old_path: Option<&TreePath>, new_path: Option<&TreePath>, node: &Node) {
    let (old, new) = (old_bytes(node), new_bytes(node));
    if old == new {
        return;
    }
    let old_name = old_path.map_or_else(|| "/dev/null".to_owned(), |path| quoted("a/", path));
    let new_name = new_path.map_or_else(|| "/dev/null".to_owned(), |path| quoted("b/", path));
    let (Some(old), Some(new)) = (text_lines(old), text_lines(new)) else {
        line(text, &format!("Binary files {old_name} and {new_name} differ"));
        return;
    };
    line(text, &format!("--- {old_name}{}", tab_after(&old_name)));
    line(text, &format!("+++ {new_name}{}", tab_after(&new_name)));
    for group in group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT) {
        hunk(text, &group, &old, &new);
    }
}

fn hunk(text: &mut String, group: &[DiffOp], old: &[&str], new: &[&str]) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let old_range = first.old_range().start..last.old_range().end;
    let new_range = first.new_range().start..last.new_range().end;
    line(text, &format!("@@ -{} +{} @@", range(&old_range), range(&new_range)));
    for operation in group {
        let (tag, old_range, new_range) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            marked_lines(text, ' ', &old[old_range]);
        } else {
            marked_lines(text, '-', &old[old_range]);
            marked_lines(text, '+', &new[new_range]);
        }
    }
}

/// Line numbers start at 1, but an empty range is named by the line before it.
fn range(range: &std::ops::Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    }
}

fn marked_lines(text: &mut String, mark: char, lines: &[&str]) {
    for content in lines {
        text.push(mark);
        text.push_str(content);
        if !content.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

fn line(text: &mut String, content: &str) {
    text.push_str(content);
    text.push('\n');
}

/// The old content; none where there is none to show.
fn old_bytes(node: &Node) -> &[u8] {
    if node.origin.is_some() { content_bytes(&node.old) } else { b"" }
}

fn new_bytes(node: &Node) -> &[u8] {
    if node.path.is_some() { content_bytes(&node.new) } else { b"" }
}

fn content_bytes(content: &Content) -> &[u8] {
    match content {
        // A file that is only renamed is as unknown before as after: nothing to show.
        Content::Unknown => b"",
        Content::File(bytes) => bytes,
        Content::Link(target) => target.as_bytes(),
    }
}

/// Only `\n` ends a line, as in git: a lone `\r` is a character like any other.
fn text_lines(bytes: &[u8]) -> Option<Vec<&str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then(|| text.split_inclusive('\n').collect())
}

/// `prefix` and `path`, in quotes where a reader of the diff would otherwise stumble.
fn quoted(prefix: &str, path: &TreePath) -> String {
    if !path.chars().any(|character| character.is_ascii_control() || character == '"') {
        return format!("{prefix}{path}");
    }
    let mut name = format!("\"{prefix}");
    for character in path.chars() {
        match character {
            '"' => name.push_str("\\\""),
            '\n' => name.push_str("\\n"),
            '\t' => name.push_str("\\t"),
            '\r' => name.push_str("\\r"),
            control if control.is_ascii_control() => {
                // Writing to a string cannot fail.
                let _ = write!(name, "\\{:03o}", u32::from(control));
            }
            other => name.push(other),
        }
    }
    name.push('"');
    name
}

/// A tab tells `patch` that a name with a space ends here; git writes it too.
fn tab_after(name: &str) -> &'static str {
    if name.contains(' ') && !name.starts_with('"') { "\t" } else { "" }
}

#[cfg(test)]
mod tests;
