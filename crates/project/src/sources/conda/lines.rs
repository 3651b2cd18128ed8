//! Where the items of a YAML list stand, and the comments beside them, neither of which `serde_yaml` tells.

/// Walks over the lines of a file while its items are read in order.
pub(super) struct Lines<'a> {
    lines: Vec<&'a str>,
    /// The first line that has not been found yet, from 0.
    next: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { lines: text.lines().collect(), next: 0 }
    }

    /// The line of a key of the whole document, from 1; the walk goes on behind it.
    pub(super) fn key(&mut self, key: &str) -> usize {
        let is_key = |line: &&str| {
            let line = line.trim_start_matches(['\'', '"']);
            let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['\'', '"']).trim_start());
            rest.is_some_and(|rest| rest.starts_with(':'))
        };
        match self.lines.iter().position(is_key) {
            Some(at) => {
                self.next = at + 1;
                at + 1
            }
            None => 1,
        }
    }

    /// The line of an item, from 1. Items of a list within one line all have this line.
    pub(super) fn item(&mut self, value: &str) -> usize {
        let first = value.lines().next().unwrap_or(value).trim();
        let rest = self.lines.iter().enumerate().skip(self.next);
        if let Some((at, _)) = rest.clone().find(|(_, line)| item_text(line) == first) {
            self.next = at + 1;
            return at + 1;
        }
        let from = self.next.saturating_sub(1);
        let holds = self.lines.iter().enumerate().skip(from).find(|(_, line)| line.contains(first));
        holds.map_or(from + 1, |(at, _)| {
            self.next = self.next.max(at + 1);
            at + 1
        })
    }

    /// The comment at the end of a line, with its `#`.
    pub(super) fn trailing(&self, line: usize) -> Option<String> {
        let text = self.lines.get(line.checked_sub(1)?)?;
        let (_, comment) = split_comment(text);
        comment.filter(|_| !is_comment(text)).map(str::to_owned)
    }

    /// The comment lines directly above a line, with their `#`.
    pub(super) fn above(&self, line: usize) -> Vec<String> {
        let before = self.lines.get(..line.saturating_sub(1)).unwrap_or_default();
        let mut comments: Vec<String> = before
            .iter()
            .rev()
            .take_while(|line| is_comment(line))
            .map(|line| line.trim().to_owned())
            .collect();
        comments.reverse();
        comments
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The text of an item without its dash, its quotes and its comment.
fn item_text(line: &str) -> &str {
    let (text, _) = split_comment(line);
    let mut text = text.trim();
    while let Some(rest) = text.strip_prefix("- ") {
        text = rest.trim_start();
    }
    let quoted = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text)
}

/// A comment begins with a `#` at the start of the line or behind a space, outside quotes.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return (&line[..at], Some(line[at..].trim_end())),
            (None, '\'' | '"') if !before.is_alphanumeric() => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        before = letter;
    }
    (line, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_in_their_order() {
        let text = "channels: [a, b]\ndependencies:\n  - numpy-financial\n  # fast\n  - numpy  # arrays\n  - 'scipy # no'\n  - pip:\n    - \"x>=1\"\n";
        let mut lines = Lines::new(text);
        assert_eq!((lines.key("channels"), lines.item("a"), lines.item("b")), (1, 1, 1));
        assert_eq!(lines.key("dependencies"), 2);
        assert_eq!((lines.item("numpy-financial"), lines.item("numpy"), lines.item("scipy # no")), (3, 5, 6));
        assert_eq!((lines.item("pip:"), lines.item("x>=1")), (7, 8));
        assert_eq!(
            (lines.above(5), lines.trailing(5)),
            (vec!["# fast".to_owned()], Some("# arrays".to_owned()))
        );
        assert_eq!((lines.trailing(6), lines.above(6)), (None, Vec::new()));
    }
}
