//! What stands between two commands.

use std::ops::Range;

/// A token between commands, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
}

/// How a command is joined to its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    And,
    Or,
    Pipe,
    Background,
    /// New lines and `;`.
    Next,
    /// Words of the shell, parentheses, or the start or end of the script.
    Boundary,
}

const OPERATORS: &[&str] = &[";;&", "&&", "||", "|&", ";;", ";&", "|", ";", "&", "(", ")", "`", "\n"];

/// The tokens of a part of the script that holds no command; comments and continued lines are none.
pub(super) fn tokens(script: &str, span: Range<usize>) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let Some(mut rest) = script.get(span.clone()) else { return found };
    let mut at = span.start;
    let mut advance = |rest: &mut &str, length: usize| {
        let start = at;
        at += length;
        *rest = rest.get(length..).unwrap_or_default();
        start..at
    };
    while let Some(first) = rest.chars().next() {
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            let text = *operator;
            let span = advance(&mut rest, operator.len());
            found.push(Token { text, span });
        } else if first == '#' {
            let length = rest.find('\n').unwrap_or(rest.len());
            advance(&mut rest, length);
        } else if first.is_whitespace() {
            advance(&mut rest, first.len_utf8());
        } else if let Some(length) = continuation(rest) {
            advance(&mut rest, length);
        } else {
            let ends = |letter: char| letter.is_whitespace() || ";&|()`".contains(letter);
            let length = rest.find(ends).unwrap_or(rest.len()).max(first.len_utf8());
            let (text, _) = rest.split_at(length);
            let span = advance(&mut rest, length);
            found.push(Token { text, span });
        }
    }
    found
}

fn continuation(text: &str) -> Option<usize> {
    if text.starts_with("\\\n") {
        Some(2)
    } else if text.starts_with("\\\r\n") {
        Some(3)
    } else {
        None
    }
}

/// What the tokens between two commands say.
pub(super) fn between(tokens: &[Token<'_>]) -> Gap {
    let mut all = tokens.iter().map(|token| token.text);
    let said: Vec<&str> = all.by_ref().filter(|text| *text != "\n").collect();
    match said.as_slice() {
        [] if tokens.is_empty() => Gap::Boundary,
        [] | [";"] => Gap::Next,
        ["&&"] => Gap::And,
        ["||"] => Gap::Or,
        ["|" | "|&"] => Gap::Pipe,
        ["&"] => Gap::Background,
        _ => Gap::Boundary,
    }
}

/// Whether a block is open at the end of these tokens, and has no command yet.
pub(super) fn opens(tokens: &[Token<'_>]) -> bool {
    let last = tokens.iter().rev().find(|token| token.text != "\n");
    last.is_some_and(|token| {
        let words = ["then", "do", "else", "{", "(", ")", "`", "if", "elif", "while", "until", "$(", "\"$("];
        words.contains(&token.text) || token.text.ends_with("$(")
    })
}

/// Whether a block ends at the start of these tokens.
pub(super) fn closes(tokens: &[Token<'_>]) -> bool {
    let first = tokens.iter().find(|token| !matches!(token.text, "\n" | ";"));
    first.is_some_and(|token| {
        let words = ["fi", "else", "elif", "done", "}", ")", ";;", ";&", ";;&", "then", "do", "`", "esac"];
        words.contains(&token.text)
    })
}
