//! Calls of `session.install(...)` and `session.run(...)` with literal arguments, in a text of Python.

use std::ops::Range;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// From the name of the session to the closing bracket.
    pub(super) span: Range<usize>,
    /// The name of the session.
    pub(super) session: String,
    /// `install`, `run`, ...
    pub(super) method: String,
    /// The arguments.
    pub(super) arguments: Vec<String>,
    /// The start of the function that it stands in.
    pub(super) function: usize,
}

/// A piece of a text of Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    /// A string without prefix, escapes and lines, as it stands between its quotes.
    Text(&'t str),
    Sign(char),
    /// Anything else, such as a number or another string.
    Other,
}

/// Every call whose arguments are strings alone.
pub(super) fn read(text: &str) -> Vec<Call> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let (mut function, mut session) = (0, "session");
    let token = |at: usize| tokens.get(at).map(|(token, _)| *token);
    let mut at = 0;
    while let Some((current, span)) = tokens.get(at) {
        at += 1;
        if *current == Token::Name("def") {
            function = span.start;
            if let (Some(Token::Sign('(')), Some(Token::Name(name))) = (token(at + 1), token(at + 2)) {
                session = name;
            }
            continue;
        }
        if *current != Token::Name(session) || at >= 2 && token(at - 2) == Some(Token::Sign('.')) {
            continue;
        }
        let (Some(Token::Sign('.')), Some(Token::Name(method)), Some(Token::Sign('('))) =
            (token(at), token(at + 1), token(at + 2))
        else {
            continue;
        };
        let Some((arguments, end)) = arguments(&tokens, at + 3) else { continue };
        found.push(Call {
            span: span.start..end,
            session: session.to_owned(),
            method: method.to_owned(),
            arguments,
            function,
        });
    }
    found
}

/// The strings up to the closing bracket, and where that ends. `external=True` and its kin are no strings, and may stand
/// behind.
fn arguments(tokens: &[(Token<'_>, Range<usize>)], mut at: usize) -> Option<(Vec<String>, usize)> {
    let mut found = Vec::new();
    loop {
        let (token, span) = tokens.get(at)?;
        match token {
            Token::Sign(')') => return (!found.is_empty()).then_some((found, span.end)),
            Token::Text(text) => {
                found.push((*text).to_owned());
                at += 1;
            }
            Token::Name("external" | "silent") => at += 3,
            _ => return None,
        }
        match tokens.get(at)? {
            (Token::Sign(','), _) => at += 1,
            (Token::Sign(')'), _) => {}
            _ => return None,
        }
    }
}

fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let start = at;
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let token = if first == '"' || first == '\'' {
            let (token, length) = string(rest, first);
            at += length;
            token
        } else if first.is_alphabetic() || first == '_' {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            at += length;
            let behind = rest.get(length..).unwrap_or_default();
            match behind.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
                // A prefix: f"...", r"...".
                Some(quote) if length <= 2 => {
                    at += string(behind, quote).1;
                    Token::Other
                }
                _ => Token::Name(rest.get(..length).unwrap_or_default()),
            }
        } else if first.is_ascii_digit() {
            at += rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
            Token::Other
        } else {
            at += first.len_utf8();
            Token::Sign(first)
        };
        found.push((token, start..at));
    }
    found
}

/// A string at the start of a text, and how long it is.
fn string(text: &str, quote: char) -> (Token<'_>, usize) {
    let mark = quote.to_string().repeat(3);
    if let Some(body) = text.strip_prefix(mark.as_str()) {
        let end = body.find(mark.as_str()).map_or(text.len(), |end| end + 2 * mark.len());
        return (Token::Other, end);
    }
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return (Token::Other, at),
            letter if letter == quote => {
                let body = text.get(1..at).unwrap_or_default();
                let token = if body.contains('\\') { Token::Other } else { Token::Text(body) };
                return (token, at + 1);
            }
            _ => {}
        }
    }
    (Token::Other, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let calls = read(text).into_iter();
        calls.map(|call| format!("{}.{} {}", call.session, call.method, call.arguments.join("|"))).collect()
    }

    #[test]
    fn calls_with_strings_alone_are_found() {
        let text = "import nox\n\n@nox.session\ndef tests(s: nox.Session) -> None:\n    s.install(\"-r\", 'x.txt',)\n    \
                    # s.install(\"no\")\n    \"\"\"s.install('no')\"\"\"\n    s.run(\"pytest\", *s.posargs)\n    \
                    s.run(\"a\", \"b\", external=True)\n    s.install(f\"{x}\")\n    other.s.install('no')\n";
        assert_eq!(shown(text), ["s.install -r|x.txt", "s.run a|b"]);
    }

    #[test]
    fn broken_texts_do_no_harm() {
        for text in [
            "session.install(",
            "session.install('",
            "def f(\n'''",
            "session.run(\"a\\",
            "session.install('a' 'b')",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
