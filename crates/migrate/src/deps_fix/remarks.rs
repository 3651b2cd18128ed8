//! The comments above a requirement: those that speak of it alone go where it goes, so that nobody takes them for a remark about
//! the next one.

use std::ops::Range;

use uvshift_requirements::normalize_name;

use super::draft::parsed;

/// A heading has no more words than this.
const HEADING: usize = 3;

/// The line where the comments start that go with a requirement on some lines; the first of these where none does.
pub(super) fn start(lines: &[&str], own: Range<usize>, name: &str) -> usize {
    let before = lines.get(..own.start).unwrap_or_default();
    let above = before.iter().rev().take_while(|line| is_remark(line)).count();
    let first = own.start.saturating_sub(above);
    let comments = lines.get(first..own.start).unwrap_or_default();
    if names_it(comments, name) {
        return first;
    }
    let next = lines.get(own.end).map_or("", |line| line.trim());
    let is_last = next.is_empty() || next.starts_with(['#', ']']);
    // Comments at the top can be about the file.
    let goes = if is_last { first > 0 } else { !is_heading(comments) };
    if goes && first > 0 { first } else { own.start }
}

/// A comment that is neither a requirement that somebody has taken out nor what pip-compile writes below one.
fn is_remark(line: &str) -> bool {
    let Some(comment) = line.trim().strip_prefix('#') else { return false };
    let text = comment.trim_start_matches('#').trim().trim_end_matches(',').trim_matches(['"', '\'']);
    let is_taken_out = parsed(text).is_some_and(|found| found.text().contains(['=', '<', '>', '~', '@']));
    !is_taken_out && text.split_whitespace().next() != Some("via")
}

fn names_it(comments: &[&str], name: &str) -> bool {
    let is_name_end = |letter: char| !(letter.is_ascii_alphanumeric() || "._-".contains(letter));
    let mut words = comments.iter().flat_map(|line| line.split(is_name_end));
    words.any(|word| normalize_name(word.trim_matches(['.', '-', '_'])) == name)
}

/// A few words that can stand for more than the next line.
fn is_heading(comments: &[&str]) -> bool {
    let words = comments.iter().flat_map(|line| line.split_whitespace());
    let words: Vec<&str> = words.filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    words.len() <= HEADING && !words.iter().any(|word| word.contains("://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many comment lines go with the line that starts with `it`.
    fn going(text: &str) -> usize {
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.trim().starts_with("it")).unwrap();
        at - start(&lines, at..at + 1, "it")
    }

    #[test]
    fn remarks_go_and_headings_of_others_stay() {
        for (text, expected) in [
            ("a\n# pinned, see https://host.example/2768\nit==1", 1),
            ("a\n# pinned because 1.1 is broken\n# on old systems\nit==1\nb", 2),
            ("a\n# web\nit\nb", 0),
            ("a\n# web\nit\n\nb", 1),
            ("a\n# web\nit\n# other\nb", 1),
            ("# what this project needs\nit", 0),
            ("# It: not 2\nit\nb", 1),
            ("a\n# b==1\nit", 0),
            ("a==1\n    # via c\nit", 0),
            ("a\n# about others\n\nit", 0),
            ("it", 0),
        ] {
            assert_eq!(going(text), expected, "{text}");
        }
    }
}
