//! Taking arguments out of the call.

mod remainder;

use std::ops::Range;

use crate::SetupScript;
use crate::source::Source;
use remainder::Comments;

impl SetupScript {
    /// The text of setup.py without these arguments of `setup()`. Names that the call does not have are no problem.
    ///
    /// Comments on the lines that go away go with them, and comments above that speak of nothing else; where something
    /// went away, blank lines do not pile up. Everything else stays byte for byte. `None` when an argument comes through
    /// `**` of something, or when setup.py calls `setup()` in several places.
    pub fn without(&self, names: &[&str]) -> Option<String> {
        if !self.only_call {
            return None;
        }
        let wanted = self.arguments.iter().filter(|it| names.contains(&it.name.as_str()));
        let mut spans = wanted.map(|it| it.span.clone()).collect::<Option<Vec<Range<usize>>>>()?;
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        let source = Source::parse(&self.text).ok()?;
        let comments = Comments::of(&source, self.text.len());
        let mut text = self.text.clone();
        // From the back, so that what is before an argument is as it was.
        for span in spans {
            let range = removal(&text, &span)?;
            let at = range.start;
            text.replace_range(range, "");
            comments.tidy(&mut text, at);
        }
        // The spans are those of the parser, so this holds; a wrong file would be worse than none.
        let errors = |text: &str| Source::parse(text).map(|it| it.errors().len()).ok();
        (errors(&text)? <= source.errors().len()).then_some(text)
    }
}

/// What has to go so that an argument is gone: its comma, and its lines if nothing else is on them.
fn removal(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..span.start)?;
    let after = text.get(span.end..)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = before.get(line_start..)?.trim_matches([' ', '\t']).is_empty();
    let comma = comma_in(after);
    let end = span.end + comma.unwrap_or(0);
    let tail = text.get(end..)?;
    let blanks = tail.len() - tail.trim_start_matches([' ', '\t']).len();
    let rest = tail.get(blanks..)?;
    let comment = if rest.starts_with('#') { rest.find('\n').unwrap_or(rest.len()) } else { 0 };
    let line_end = rest.get(comment..)?;
    let newline = if line_end.starts_with("\r\n") { 2 } else { usize::from(line_end.starts_with('\n')) };
    if alone && newline > 0 {
        return Some(line_start..end + blanks + comment + newline);
    }
    if comma.is_some() {
        // Another argument follows on this line, or the line goes on with its comment.
        let start = if newline > 0 { before.trim_end_matches([' ', '\t']).len() } else { span.start };
        return Some(start..if newline > 0 { end } else { end + blanks });
    }
    let kept = before.trim_end();
    match kept.strip_suffix(',') {
        // The last argument takes the comma before it along, unless a line end is between them.
        Some(kept) if !alone => Some(kept.len()..span.end),
        _ if alone => Some(line_start + before.get(line_start..)?.len()..span.end),
        _ => Some(span.clone()),
    }
}

/// Where the comma behind an argument ends, comments and line ends skipped.
fn comma_in(after: &str) -> Option<usize> {
    let mut rest = after;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '\\']);
        if rest.starts_with('#') {
            rest = rest.get(rest.find('\n')?..)?;
        } else {
            return rest.strip_prefix(',').map(|it| after.len() - it.len());
        }
    }
}
