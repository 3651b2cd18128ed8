//! Commands: one line into its arguments, as Python's `shlex` splits it, substitutions included.

use super::Inexact;
use super::lines::Line;
use super::token::{Token, arguments, tokens};
use super::{factor, value};
use crate::model::{Element, Table, Value};

/// A piece of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A substitution, and whether it stands between quotes.
    Substitution(String, bool),
}

/// The arguments of a line of commands.
pub(super) fn command(line: &Line, notes: &mut Vec<(usize, String)>) -> Result<Vec<Element>, Inexact> {
    let mut elements: Vec<Element> = Vec::new();
    let mut pending = String::new();
    for (index, (condition, text)) in line.segments.iter().enumerate() {
        let Some(condition) = condition else {
            pending.push_str(text);
            continue;
        };
        let last = index + 1 == line.segments.len();
        let starts = pending.ends_with(char::is_whitespace) || (pending.is_empty() && index > 0);
        let apart = starts && (last || text.ends_with(char::is_whitespace));
        if !apart {
            return Err(Inexact::new(
                line.number,
                "a factor within a continued line is for a part of a word",
            ));
        }
        elements.extend(split(&std::mem::take(&mut pending), line.number, notes)?);
        let then = split(text, line.number, notes)?;
        elements.push(Element::new(value::condition(
            &factor::condition(condition),
            Value::Array(then),
            None,
            true,
        )));
    }
    elements.extend(split(&pending, line.number, notes)?);
    Ok(elements)
}

/// The arguments of a text.
pub(super) fn split(
    text: &str,
    number: usize,
    notes: &mut Vec<(usize, String)>,
) -> Result<Vec<Element>, Inexact> {
    let words = words(&tokens(text)).ok_or_else(|| Inexact::new(number, "a quote is not closed"))?;
    words.into_iter().map(|word| argument(&word, number, notes).map(Element::new)).collect()
}

/// The words of a line; none where a quote or a backslash is left open.
fn words(tokens: &[Token]) -> Option<Vec<Vec<Piece>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<Piece>> = None;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for token in tokens {
        let character = match token {
            Token::Substitution(_) if escaped => return None,
            Token::Substitution(inner) => {
                word.get_or_insert_default().push(Piece::Substitution(inner.clone(), quote.is_some()));
                continue;
            }
            Token::Literal(character) => *character,
        };
        match (quote, character) {
            (_, character) if escaped => {
                escaped = false;
                if quote.is_some() && character != '"' && character != '\\' {
                    text(&mut word, '\\');
                }
                text(&mut word, character);
            }
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), character) if open == character => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\r' | '\n') => words.extend(word.take()),
            _ => text(&mut word, character),
        }
    }
    words.extend(word);
    (quote.is_none() && !escaped).then_some(words)
}

fn text(word: &mut Option<Vec<Piece>>, character: char) {
    let word = word.get_or_insert_default();
    match word.last_mut() {
        Some(Piece::Text(text)) => text.push(character),
        _ => word.push(Piece::Text(character.to_string())),
    }
}

/// An argument as TOML.
fn argument(word: &[Piece], number: usize, notes: &mut Vec<(usize, String)>) -> Result<Value, Inexact> {
    if let [Piece::Substitution(inner, false)] = word {
        return alone(inner, number, notes);
    }
    for piece in word {
        let Piece::Substitution(inner, quoted) = piece else { continue };
        within(inner, *quoted, number, notes)?;
    }
    let source =
        source(word).ok_or_else(|| Inexact::new(number, "a backslash before a brace cannot be written"))?;
    Ok(Value::String(source))
}

/// A substitution that is an argument of its own, and may be several or none.
fn alone(inner: &str, number: usize, notes: &mut Vec<(usize, String)>) -> Result<Value, Inexact> {
    let arguments = arguments(inner);
    let rest = inner.split_once(':').map(|(_, rest)| rest);
    match arguments[0].as_str() {
        "posargs" => {
            let mut table = Table::default();
            table.insert("replace", "posargs");
            let default = split(rest.unwrap_or_default(), number, notes)?;
            if default.iter().any(|element| !matches!(element.value, Value::String(_))) {
                return Err(Inexact::new(number, "the default of the positional arguments is not fixed"));
            }
            if !default.is_empty() {
                table.insert("default", Value::Array(default));
            }
            table.insert("extend", true);
            Ok(Value::Inline(table))
        }
        "env" => {
            let default = arguments[1..].get(1..).unwrap_or_default().join(":");
            if default.is_empty() || !is_word(&default) {
                return Err(Inexact::new(number, format!("`{{{inner}}}` may be several arguments or none")));
            }
            notes.push((number, note(&arguments[1])));
            let mut table = Table::default();
            table.insert("replace", "env");
            table.insert("name", arguments[1].as_str());
            table.insert("default", default);
            table.insert("extend", true);
            Ok(Value::Inline(table))
        }
        "tty" if arguments[1..].iter().all(|argument| is_word(argument)) => {
            // `extend` leaves out a text that is empty; a condition is the one form that takes any text.
            Ok(value::condition("'always'", Value::String(format!("{{{inner}}}")), None, true))
        }
        "glob" if arguments.len() == 2 && is_word(&arguments[1]) => {
            let mut table = Table::default();
            table.insert("replace", "glob");
            table.insert("pattern", arguments[1].as_str());
            table.insert("extend", true);
            Ok(Value::Inline(table))
        }
        "tty" | "glob" | "factor" => {
            Err(Inexact::new(number, format!("`{{{inner}}}` may be several arguments or none")))
        }
        _ => within(inner, false, number, notes).map(|()| Value::String(format!("{{{inner}}}"))),
    }
}

/// Whether a substitution within an argument means the same in TOML.
fn within(inner: &str, quoted: bool, number: usize, notes: &mut Vec<(usize, String)>) -> Result<(), Inexact> {
    let arguments = arguments(inner);
    let words = arguments[1..].iter().all(|argument| is_word(argument));
    match arguments[0].as_str() {
        "posargs" => {
            Err(Inexact::new(number, "the positional arguments stand within a word or within quotes"))
        }
        "factor" => Err(Inexact::new(number, "`{factor:..}` has no labels in an ini file")),
        first if first.starts_with('[') => {
            Err(Inexact::new(number, format!("`{{{inner}}}` names nothing that can be written out")))
        }
        "glob" if !quoted => Err(Inexact::new(number, format!("`{{{inner}}}` may be several arguments"))),
        _ if quoted => Ok(()),
        _ if !words => Err(Inexact::new(number, format!("`{{{inner}}}` may be several arguments"))),
        "env" => {
            notes.push((number, note(arguments.get(1).map_or("", String::as_str))));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn note(name: &str) -> String {
    format!("the value of `{name}` is one argument now, even if it has spaces")
}

/// Whether a text is one word to a shell.
fn is_word(text: &str) -> bool {
    !text.contains(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '\\'))
}

/// An argument as the text that tox makes the same argument of.
fn source(word: &[Piece]) -> Option<String> {
    let wanted = flat(word);
    let plain = |escape: bool| -> String {
        let text = |text: &str| if escape { escaped(text) } else { text.to_owned() };
        let piece = |piece: &Piece| match piece {
            Piece::Text(part) => text(part),
            Piece::Substitution(inner, _) => format!("{{{inner}}}"),
        };
        word.iter().map(piece).collect()
    };
    [plain(false), plain(true)].into_iter().find(|source| tokens(source) == wanted)
}

fn escaped(text: &str) -> String {
    text.replace('{', "\\{").replace('}', "\\}").replace("[]", "\\[]")
}

fn flat(word: &[Piece]) -> Vec<Token> {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.chars().map(Token::Literal).collect(),
        Piece::Substitution(inner, _) => vec![Token::Substitution(inner.clone())],
    };
    word.iter().flat_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut table = Table::default();
        match split(text, 1, &mut Vec::new()) {
            Ok(elements) => {
                // One line keeps the expectations readable.
                table.insert(
                    "x",
                    Value::Inline(Table {
                        settings: vec![crate::Setting::new("y", Value::Array(elements))],
                        ..Table::default()
                    }),
                );
                let text = crate::render(&["t"], &table);
                assert_eq!(text.trim_end(), format!("[t]\nx = {{ y = [{expected}] }}"));
            }
            Err(problem) => assert_eq!(problem.why, expected),
        }
    }

    #[test]
    fn words_are_those_of_the_shell() {
        check("a 'b c' \"d \\\" e\" f\\ g ''", r#""a", "b c", 'd " e', "f g", """#);
        check(
            "x {posargs:-n 'a b'} {toxinidir}/y",
            r#""x", { replace = "posargs", default = ["-n", "a b"], extend = true }, "{toxinidir}/y""#,
        );
        check("x []", r#""x", { replace = "posargs", extend = true }"#);
        check("p '{posargs}'", "the positional arguments stand within a word or within quotes");
        check("p {env:A:}", "`{env:A:}` may be several arguments or none");
        check("p {env:A:b}", r#""p", { replace = "env", name = "A", default = "b", extend = true }"#);
        check("p 'run \\{\\}' {opts}", r#""p", "run {}", "{opts}""#);
        check("p '\\{envdir\\}'", r#""p", '\{envdir\}'"#);
        check("p 'x", "a quote is not closed");
    }
}
