//! `.env.example`: `KEY=value`, a line each.

use std::collections::BTreeSet;

use super::{append, blocks};

pub(super) fn join(there: &str, text: &str, line_end: &str) -> String {
    // A key that somebody commented out is one that is known.
    let known: BTreeSet<&str> = there
        .trim_start_matches('\u{feff}')
        .lines()
        .filter_map(|line| key(line.trim_start().trim_start_matches('#')))
        .collect();
    let missing: Vec<String> = blocks(text).filter_map(|block| missing(&block, &known)).collect();
    append(there, &missing, line_end)
}

/// The keys of a block that are not there, with the comments over each.
fn missing(block: &[&str], known: &BTreeSet<&str>) -> Option<String> {
    let mut kept = Vec::new();
    let mut comments = Vec::new();
    for line in block {
        match key(line) {
            None => comments.push(*line),
            Some(key) if known.contains(key) => comments.clear(),
            Some(_) => {
                kept.append(&mut comments);
                kept.push(*line);
            }
        }
    }
    (!kept.is_empty()).then(|| kept.join("\n"))
}

fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    let key = key.strip_prefix("export ").unwrap_or(key).trim();
    let is_name = !key.is_empty()
        && key.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !key.starts_with(|character: char| character.is_ascii_digit());
    is_name.then_some(key)
}
