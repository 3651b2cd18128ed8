//! Substitutions: where they begin and end, and what they are.

use super::settings::is_name;

/// A piece of a text before substitution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A character that stands for itself.
    Literal(char),
    /// What tox replaces: the text between the braces.
    Substitution(String),
}

/// The pieces of a text. What tox would not replace is literal, braces and all.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    read(&text.chars().collect::<Vec<_>>(), 0, &mut out);
    out
}

fn read(text: &[char], depth: usize, out: &mut Vec<Token>) {
    let mut at = 0;
    while let Some(character) = text.get(at).copied() {
        match (character, text.get(at + 1).copied()) {
            ('\\', Some(next @ (':' | '{' | '}' | '[' | ']'))) => {
                out.push(Token::Literal(next));
                at += 2;
            }
            ('\\', Some('\\')) => {
                out.extend([Token::Literal('\\'), Token::Literal('\\')]);
                at += 2;
            }
            ('[', Some(']')) => {
                out.push(Token::Substitution("posargs".to_owned()));
                at += 2;
            }
            ('{', _) if let Some(end) = close(text, at) => {
                let inner = &text[at + 1..end];
                let source: String = inner.iter().collect();
                if is_replaced(&source) || depth > 20 {
                    out.push(Token::Substitution(source));
                } else {
                    out.push(Token::Literal('{'));
                    read(inner, depth + 1, out);
                    out.push(Token::Literal('}'));
                }
                at = end + 1;
            }
            _ => {
                out.push(Token::Literal(character));
                at += 1;
            }
        }
    }
}

/// The place of the brace that closes the one at `at`.
fn close(text: &[char], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = at;
    while let Some(character) = text.get(at) {
        match character {
            '\\' if matches!(text.get(at + 1), Some(':' | '{' | '}' | '[' | ']' | '\\')) => at += 1,
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The arguments of a substitution: its text, split at colons that are neither escaped nor within another one.
pub(super) fn arguments(inner: &str) -> Vec<String> {
    let text: Vec<char> = inner.chars().collect();
    let mut arguments = vec![String::new()];
    let mut at = 0;
    while let Some(character) = text.get(at).copied() {
        let end = match character {
            '\\' if at + 1 < text.len() => at + 2,
            '{' => close(&text, at).map_or(at + 1, |end| end + 1),
            ':' => {
                arguments.push(String::new());
                at += 1;
                continue;
            }
            _ => at + 1,
        };
        if let Some(argument) = arguments.last_mut() {
            argument.extend(&text[at..end]);
        }
        at = end;
    }
    arguments
}

/// `[section]key` with nothing else, as its two halves.
pub(super) fn reference(inner: &str) -> Option<(&str, &str)> {
    let (section, key) = inner.strip_prefix('[')?.split_once(']')?;
    is_key(key).then_some((section, key))
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
}

fn is_replaced(inner: &str) -> bool {
    let arguments = arguments(inner);
    match arguments.first().map(String::as_str) {
        Some("env" | "posargs" | "tty" | "glob" | "factor" | "/") => true,
        Some("") => arguments.len() == 2 && arguments[1].is_empty(),
        Some(first) if first.starts_with('[') => inner.contains(']'),
        Some(first) => is_key(first) && (is_name(first) || arguments.len() > 1),
        None => false,
    }
}
