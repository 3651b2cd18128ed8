//! The lines of a value as tox sees them: comments out, factors off, continued lines joined.

use uvshift_ini::Key;

use super::Inexact;
use super::factor::{Groups, split};

/// A line of a value, of one or several physical lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What the environment has to be for the whole of it.
    pub(super) condition: Option<Groups>,
    /// Its parts, some of them for some environments only.
    pub(super) segments: Vec<(Option<Groups>, String)>,
    pub(super) comments: Vec<String>,
    pub(super) trailing: Option<String>,
    pub(super) number: usize,
}

impl Line {
    /// Its text, if it is the same for all environments that have it.
    pub(super) fn text(&self) -> Option<String> {
        let same = self.segments.iter().all(|(condition, _)| condition.is_none());
        same.then(|| self.segments.iter().map(|(_, text)| text.as_str()).collect())
    }
}

/// The lines of a key. `comments` gives those above a line.
pub(super) fn lines(key: &Key, comments: &dyn Fn(usize) -> Vec<String>) -> Result<Vec<Line>, Inexact> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    let mut waiting: Vec<String> = Vec::new();
    for part in &key.parts {
        let (text, comment) = uncomment(&part.text);
        let (condition, content) = split(&text);
        if part.line != key.line {
            waiting.extend(comments(part.line));
        }
        if content.is_empty() {
            waiting.extend(comment);
            continue;
        }
        let (content, continues) = match content.strip_suffix('\\') {
            Some(content) => (content.to_owned(), true),
            None => (content.to_owned(), false),
        };
        if open && let Some(line) = lines.last_mut() {
            continued(line, condition, content, continues, part.line)?;
            line.comments.append(&mut waiting);
            line.comments.extend(comment);
        } else {
            let comments = std::mem::take(&mut waiting);
            let segments = vec![(None, content)];
            lines.push(Line { condition, segments, comments, trailing: comment, number: part.line });
        }
        open = continues;
    }
    if let Some(line) = lines.last_mut() {
        line.comments.append(&mut waiting);
    }
    if open {
        return Err(Inexact::new(key.end_line, "it ends in a backslash that continues nothing"));
    }
    Ok(lines)
}

/// Adds a continuing line, in the cases where tox drops no backslash and keeps no line by mistake.
fn continued(
    line: &mut Line,
    condition: Option<Groups>,
    content: String,
    continues: bool,
    number: usize,
) -> Result<(), Inexact> {
    let tangled =
        || Inexact::new(number, "factors within a continued line join lines that were not meant to be");
    match (&line.condition, condition) {
        (None, None) => line.segments.push((None, content)),
        (None, Some(condition)) if continues => line.segments.push((Some(condition), content)),
        (Some(_), None) if !continues && line.segments.len() == 1 => line.segments.push((None, content)),
        (Some(whole), Some(condition)) if *whole == condition => line.segments.push((None, content)),
        _ => return Err(tangled()),
    }
    Ok(())
}

/// A line without its comment, and the comment. `\#` is a `#`.
fn uncomment(text: &str) -> (String, Option<String>) {
    let unescaped = |at: &usize| !text[..*at].ends_with('\\');
    let at = text.match_indices('#').map(|(at, _)| at).find(unescaped);
    let (content, comment) = match at {
        Some(at) => (text[..at].trim_end(), Some(text[at..].to_owned())),
        None => (text, None),
    };
    (content.replace("\\#", "#"), comment)
}
