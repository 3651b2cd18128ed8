//! A generated text joined with a file that is there. Every byte of that file stays.

mod env;
mod jsonc;
mod lines;

use crate::manifest::Merge;

#[cfg(test)]
mod tests;

/// The joined file, or why it cannot be one. Line ends and a byte order mark are those of the file that is there.
pub(crate) fn merge(kind: Merge, there: &[u8], text: &str) -> Result<Vec<u8>, String> {
    let there = std::str::from_utf8(there).map_err(|_| "it is not UTF-8".to_owned())?;
    let line_end = if there.contains("\r\n") { "\r\n" } else { "\n" };
    let joined = match kind {
        Merge::Lines => lines::join(there, text, line_end),
        Merge::Env => env::join(there, text, line_end),
        Merge::Jsonc => jsonc::join(there, text, line_end)?,
    };
    Ok(joined.into_bytes())
}

/// Pieces of text after what is there, each with an empty line before it.
fn append(there: &str, blocks: &[String], line_end: &str) -> String {
    let mut joined = there.to_owned();
    for block in blocks {
        if !joined.trim_start_matches('\u{feff}').is_empty() {
            if !joined.ends_with('\n') {
                joined.push_str(line_end);
            }
            if !joined.ends_with(&format!("{line_end}{line_end}")) {
                joined.push_str(line_end);
            }
        }
        for line in block.lines() {
            joined.push_str(line);
            joined.push_str(line_end);
        }
    }
    joined
}

/// Lines between empty lines.
fn blocks(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut lines = text.lines().map(str::trim_end).peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.is_empty()).is_some() {}
        let block: Vec<&str> = std::iter::from_fn(|| lines.next_if(|line| !line.is_empty())).collect();
        (!block.is_empty()).then_some(block)
    })
}
