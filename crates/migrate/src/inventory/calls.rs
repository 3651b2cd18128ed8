//! Lines of CI, containers and scripts that call pip or something like it.
//!
//! Nothing is run and no shell is taken apart as a whole: a line is cut where commands end, and a command counts by the
//! word that it starts with or that stands behind `sudo`, `sh -c` and the like, together with what follows it.

mod program;
mod show;

use self::program::program;
use self::show::{cut, shown};
use super::model::{Call, Program};
use super::places::Syntax;

/// So much of a line is looked at, in bytes.
const LOOKED_AT: usize = 8192;
/// A file with more calls than this is no script of a person.
const MOST: usize = 500;

/// Every call of a text, in its order.
pub(super) fn calls(text: &str, syntax: Syntax) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let is_uv_nox = syntax == Syntax::Nox
        && lines.iter().any(|line| line.contains("venv_backend") && line.contains("\"uv"));
    for (index, line) in lines.iter().enumerate() {
        if found.len() >= MOST {
            break;
        }
        let line = cut(line, LOOKED_AT);
        if !may_call(line) {
            continue;
        }
        if let Some(program) = action(line).filter(|_| syntax == Syntax::Yaml) {
            let command = shown(line.trim().trim_start_matches("- "), &[]);
            found.push(Call { line: index + 1, program, command });
            continue;
        }
        let Some(body) = body(line, syntax) else { continue };
        if syntax == Syntax::Nox && body.contains("session.install(") {
            if !is_uv_nox {
                found.push(Call { line: index + 1, program: Program::Pip, command: shown(body, &[]) });
            }
            continue;
        }
        let rest = lines.get(index + 1..).unwrap_or_default();
        found.extend(calls_of_line(body, syntax).into_iter().map(|(program, command)| Call {
            line: index + 1,
            program,
            command: shown(&command, rest),
        }));
    }
    found
}

/// To take a line apart costs more than to see that no program is named in it.
fn may_call(line: &str) -> bool {
    const NAMES: [&str; 12] = [
        "pip",
        "PIP",
        "venv",
        "virtualenv",
        "setup.py",
        "easy_install",
        "poetry",
        "Poetry",
        "pdm",
        "conda",
        "mamba",
        "session.install",
    ];
    NAMES.iter().any(|name| line.contains(name))
}

/// What an action of GitHub installs: `uses: snok/install-poetry@v1`.
fn action(line: &str) -> Option<Program> {
    let value = line.trim().trim_start_matches("- ").strip_prefix("uses:")?.to_ascii_lowercase();
    let known = [
        ("install-poetry", Program::Poetry),
        ("actions-poetry", Program::Poetry),
        ("setup-poetry", Program::Poetry),
        ("setup-pdm", Program::Pdm),
        ("install-pipenv", Program::Pipenv),
        ("setup-miniconda", Program::Conda),
        ("setup-micromamba", Program::Conda),
        ("provision-with-micromamba", Program::Conda),
    ];
    known.iter().find(|(name, _)| value.contains(name)).map(|(_, program)| *program)
}

/// Keys of YAML whose values are no commands.
const WORDS: [&str; 16] = [
    "name",
    "displayname",
    "description",
    "title",
    "label",
    "key",
    "if",
    "path",
    "uses",
    "image",
    "id",
    "group",
    "restore-keys",
    "cache",
    "summary",
    "when",
];

/// The part of a line that may hold commands; none for comments and for keys whose values are words for people.
fn body(line: &str, syntax: Syntax) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") || line.starts_with("REM ") {
        return None;
    }
    let line = without_comment(line);
    if syntax != Syntax::Yaml {
        return Some(line);
    }
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start();
    }
    let Some((key, value)) = rest.split_once(':').filter(|(key, value)| {
        !key.contains(char::is_whitespace) && (value.is_empty() || value.starts_with([' ', '"']))
    }) else {
        return Some(rest);
    };
    let key = key.trim_matches(['"', '\'']).to_ascii_lowercase();
    (!WORDS.contains(&key.as_str())).then(|| value.trim())
}

/// The line up to a `#` that stands after a space and outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (character, quote) {
            ('#', None) if before.is_whitespace() => return line.get(..at).unwrap_or_default().trim_end(),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => {}
        }
        before = character;
    }
    line
}

/// The programs that a line calls, each with its command.
fn calls_of_line(line: &str, syntax: Syntax) -> Vec<(Program, String)> {
    let line = without_list(line, syntax);
    let plain = without_references(&line);
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(&plain) {
        let segment = plain.get(start..end).unwrap_or_default();
        if let Some((program, at)) = program(segment) {
            let command = line.get(start + at..).unwrap_or_default();
            found.push((program, up_to_end(command).to_owned()));
        }
        start = end + 1;
    }
    found
}

/// The same line with lists as plain words: `["pip", "install"]` of an image and `session.run("pip", "install")` are one
/// command each, `['pip install a', 'make']` of YAML is several.
fn without_list(line: &str, syntax: Syntax) -> String {
    match syntax {
        Syntax::Docker if line.contains("[\"") => line.replace(['"', ',', '[', ']'], " "),
        Syntax::Nox => line.replace(['"', '\'', ',', '(', ')'], " "),
        Syntax::Yaml if line.contains("[\"") || line.contains("['") => {
            line.replace("\",", " ;").replace("',", " ;").replace(['"', '\'', '[', ']'], " ")
        }
        _ => line.to_owned(),
    }
}

/// Where commands end: at separators of the shell, whether quoted or not, as `sh -c` quotes whole commands.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let separates = |character: char| matches!(character, ';' | '&' | '|' | '`' | '(' | ')');
    let inner = text.char_indices().filter(move |(_, found)| separates(*found)).map(|(at, _)| at);
    inner.chain(std::iter::once(text.len()))
}

/// A command up to a separator outside of quotes.
fn up_to_end(text: &str) -> &str {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            (';' | '&' | '|' | '`', None) => return text.get(..at).unwrap_or_default(),
            _ => {}
        }
    }
    text
}

/// The same text with the signs of `$(NAME)`, `${NAME}`, `$NAME`, `{NAME}` and `{{ NAME }}` as `_`, so that a reference is
/// one word; every byte stays where it is.
fn without_references(line: &str) -> String {
    let mut bytes = line.as_bytes().to_vec();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-:".contains(&byte);
    let mut at = 0;
    while at < bytes.len() {
        let opening = match bytes.get(at..).unwrap_or_default() {
            [b'$', b'{', b'{', ..] => Some(3),
            [b'$', b'(' | b'{', ..] | [b'{', b'{', ..] => Some(2),
            [b'{', ..] => Some(1),
            _ => None,
        };
        let Some(length) = opening else {
            at += 1;
            continue;
        };
        let inner = bytes.get(at + length..).unwrap_or_default();
        let name = inner.iter().take(64).take_while(|byte| is_name(**byte) || **byte == b' ').count();
        let closing = inner.get(name..).unwrap_or_default();
        let closed = closing.iter().take_while(|byte| **byte == b'}' || **byte == b')').count();
        let has_inner_space = inner.get(..name).is_some_and(|name| name.trim_ascii().contains(&b' '));
        if closed == 0 || has_inner_space || name == 0 {
            at += length;
            continue;
        }
        let end = at + length + name + closed.min(2);
        for byte in bytes.get_mut(at..end).unwrap_or_default() {
            if !byte.is_ascii_alphanumeric() && *byte != b'.' {
                *byte = b'_';
            }
        }
        at = end;
    }
    // Only ASCII signs were replaced by an ASCII sign.
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests;
