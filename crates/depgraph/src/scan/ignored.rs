//! Comments that have rules ignored: `# uvshift: ignore` and `# uvshift: ignore[missing,unused]`.

use memchr::memmem;

use super::Ignored;
use super::cursor::count_lines;

/// Finds the comments of a text. `statements` are the first and last lines of import statements with more than one line.
pub(super) fn ignored(text: &[u8], statements: &[(u32, u32)]) -> Vec<Ignored> {
    let (mut line, mut counted, mut start) = (1_u32, 0, 0);
    let mut found = Vec::new();
    for at in memmem::find_iter(text, b"uvshift:") {
        let before = text.get(counted..at).unwrap_or_default();
        line = line.saturating_add(count_lines(before, 0));
        start = memchr::memrchr2(b'\n', b'\r', before).map_or(start, |end| counted + end + 1);
        counted = at;
        let code = text.get(start..at).unwrap_or_default().trim_ascii_end();
        let Some(code) = code.strip_suffix(b"#") else { continue };
        let Some(rules) = rules(text.get(at + b"uvshift:".len()..).unwrap_or_default()) else { continue };
        let before = statements.partition_point(|(first, _)| *first <= line);
        let inside =
            before.checked_sub(1).and_then(|at| statements.get(at)).filter(|(_, last)| line <= *last);
        let line = match inside {
            Some((first, _)) => *first,
            None if code.trim_ascii().is_empty() => line.saturating_add(next_code(text, at)),
            None => line,
        };
        found.push(Ignored { line, cell: None, rules });
    }
    found
}

/// The rules of `ignore[a, b]`; none are every rule.
fn rules(rest: &[u8]) -> Option<Vec<String>> {
    let rest = rest.get(..LONGEST_LIST.min(rest.len()))?;
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let rest = rest.get(..end)?.trim_ascii_start().strip_prefix(b"ignore")?;
    let Some(list) = rest.trim_ascii_start().strip_prefix(b"[") else {
        let is_word = rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        return is_word.then(Vec::new);
    };
    let list = String::from_utf8_lossy(list.get(..memchr::memchr(b']', list)?)?).into_owned();
    Some(list.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect())
}

/// The longest list of rules, in bytes.
const LONGEST_LIST: usize = 1000;

/// The longest run of comments and empty lines between a comment and the line that it is about.
const MOST_COMMENTS: usize = 100;

/// How many lines further the next line is that holds more than a comment.
fn next_code(text: &[u8], at: usize) -> u32 {
    let rest = text.get(at..).unwrap_or_default();
    let mut further = 0;
    for line in rest.split_inclusive(|byte| *byte == b'\n').take(MOST_COMMENTS) {
        let code = line.trim_ascii_start();
        if further > 0 && code.first().is_some_and(|byte| *byte != b'#') {
            return further;
        }
        further += 1;
    }
    further.min(1)
}
