//! Where a constraint is cut: poetry-core's two regular expressions, by hand.

/// The parts between `|` or `||`.
pub(super) fn alternatives(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some((part, after)) = rest.split_once('|') {
        parts.push(part);
        rest = after.strip_prefix('|').unwrap_or(after);
    }
    parts.push(rest);
    // Commas at the end are let through.
    parts.into_iter().map(|part| part.trim().trim_end_matches(',').trim_end()).collect()
}

/// The clauses of one alternative: cut at a comma or a space, but not behind an operator and not at a hyphen, as
/// `(?<!^)(?<![\^~=>< ,]) *(?<!-)[, ](?!-) *(?!,|$)` does.
pub(super) fn clauses(text: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    let (mut start, mut at) = (0, 1);
    while at < text.len() {
        if let Some((from, to)) = cut_at(text.as_bytes(), at) {
            clauses.push(&text[start..from]);
            start = to;
            at = to.max(at + 1);
        } else {
            at += 1;
        }
    }
    clauses.push(&text[start..]);
    clauses
}

/// Where a cut that begins at `at` begins and ends. Both are next to ASCII, so they are borders of characters.
fn cut_at(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    if b"^~=>< ,".contains(bytes.get(at - 1)?) {
        return None;
    }
    let spaces = |from: usize| bytes[from..].iter().take_while(|byte| **byte == b' ').count();
    (0..=spaces(at)).rev().map(|count| at + count).find_map(|separator| {
        let is_separator = matches!(bytes.get(separator), Some(b',' | b' '));
        if !is_separator || bytes[separator - 1] == b'-' || bytes.get(separator + 1) == Some(&b'-') {
            return None;
        }
        let after = separator + 1;
        let ends = (0..=spaces(after)).rev().map(|count| after + count);
        ends.into_iter().find(|end| bytes.get(*end).is_some_and(|next| *next != b',')).map(|end| (at, end))
    })
}
