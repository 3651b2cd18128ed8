//! `.gitignore` and its kin: the last line that matches wins.

use std::collections::BTreeSet;

use super::{append, blocks};

pub(super) fn join(there: &str, text: &str, line_end: &str) -> String {
    let known: BTreeSet<&str> = there.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
    let missing: Vec<String> = blocks(text).filter_map(|block| missing(&block, &known)).collect();
    if missing.is_empty() {
        return there.to_owned();
    }
    // A line at the end would win over an exception that somebody made, so all goes before the first exception.
    let exception = known.iter().any(|line| line.starts_with('!'));
    if exception { before(there, &missing, line_end) } else { append(there, &missing, line_end) }
}

/// The lines of a block that are not there, below the comments that stand over them.
fn missing(block: &[&str], known: &BTreeSet<&str>) -> Option<String> {
    let is_comment = |line: &&&str| line.trim_start().starts_with('#');
    let is_new = |line: &&&str| !is_comment(line) && !known.contains(line.trim());
    if !block.iter().any(|line| is_new(&line)) {
        return None;
    }
    // An exception means something only after the line that it is an exception of.
    if block.iter().any(|line| line.starts_with('!')) {
        return Some(block.join("\n"));
    }
    let mut kept = Vec::new();
    let mut comments = Vec::new();
    for line in block {
        if is_comment(&line) {
            comments.push(*line);
        } else {
            if is_new(&line) {
                kept.append(&mut comments);
                kept.push(*line);
            }
            comments.clear();
        }
    }
    Some(kept.join("\n"))
}

/// Pieces of text at the very start.
fn before(there: &str, blocks: &[String], line_end: &str) -> String {
    let (mark, rest) = match there.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", there),
    };
    let top = append("", blocks, line_end);
    format!("{mark}{top}{line_end}{rest}")
}
