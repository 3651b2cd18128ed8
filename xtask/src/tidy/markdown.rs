//! As much of Markdown as the rules need: code spans, code blocks, links, headings, tables.

/// A piece of code in a document, with the line it begins in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Code<'a> {
    pub(super) line: usize,
    pub(super) text: &'a str,
    pub(super) kind: CodeKind<'a>,
}

/// Where a piece of code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeKind<'a> {
    /// Between backticks in a sentence.
    Span,
    /// A line of a block, with the language of the block.
    Block(&'a str),
}

/// A line of a document: its number, its text, and the language of the code block that it stands in.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str, Option<&str>)> {
    let mut block: Option<(&str, &str)> = None;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let trimmed = line.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence));
        match (block, fence) {
            (Some((open, _)), Some(fence)) if open == fence => block = None,
            (Some((_, language)), _) => return Some((number + 1, line, Some(language))),
            (None, Some(fence)) => block = Some((fence, trimmed[3..].trim())),
            (None, None) => return Some((number + 1, line, None)),
        }
        None
    })
}

/// All code of a document.
pub(super) fn code(text: &str) -> Vec<Code<'_>> {
    let mut found = Vec::new();
    for (line, content, block) in lines(text) {
        match block {
            Some(language) => found.push(Code { line, text: content, kind: CodeKind::Block(language) }),
            None => {
                found.extend(spans(content).into_iter().map(|text| Code {
                    line,
                    text,
                    kind: CodeKind::Span,
                }));
            }
        }
    }
    found
}

/// What stands between backticks.
pub(super) fn spans(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let after = &rest[start + ticks..];
        let Some(end) = after.find(&rest[start..start + ticks]) else { break };
        found.push(after[..end].trim());
        rest = &after[end + ticks..];
    }
    found
}

/// The targets of links and pictures, with their lines.
pub(super) fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line, block) in lines(text) {
        if block.is_some() {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            // An odd number of backticks before it: the link stands in a code span.
            if line[..at].matches('`').count() % 2 == 0
                && let Some(end) = line[at + 2..].find([')', ' '])
            {
                found.push((number, &line[at + 2..at + 2 + end]));
            }
        }
    }
    found
}

/// The headings with their lines, without their marks.
pub(super) fn headings(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(text).filter(|(_, line, block)| block.is_none() && line.starts_with('#')).filter_map(
        |(number, line, _)| {
            let heading = line.trim_start_matches('#');
            heading.starts_with(' ').then_some((number, heading.trim()))
        },
    )
}

/// The anchor that a heading gets on the usual hosts.
pub(super) fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then_some(character),
        })
        .collect()
}

/// The cells of a row of a table, or nothing when the line is none.
pub(super) fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_found_in_spans_and_blocks() {
        let text = "a `b` and ``c ` d``\n```sh\n$ e\n~~~\n```\n`f\n";
        let found: Vec<_> = code(text).into_iter().map(|it| (it.line, it.text, it.kind)).collect();
        let sh = CodeKind::Block("sh");
        let span = CodeKind::Span;
        assert_eq!(found, [(1, "b", span), (1, "c ` d", span), (3, "$ e", sh), (4, "~~~", sh)]);
    }

    #[test]
    fn links_headings_and_rows_are_found() {
        let text = "# One: `two`\n[a](b.md#c) `[no](x)` ![p](q.png \"t\")\n```\n# no [no](no)\n```\n#no\n";
        assert_eq!(links(text), [(2, "b.md#c"), (2, "q.png")]);
        assert_eq!(headings(text).collect::<Vec<_>>(), [(1, "One: `two`")]);
        assert_eq!(anchor("One: `two` is-it"), "one-two-is-it");
        assert_eq!(cells("| a | `b` |"), Some(vec!["a", "`b`"]));
        assert_eq!(cells("no | row"), None);
    }
}
