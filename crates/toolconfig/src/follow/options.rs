//! Options and variables whose value is a file that goes.

use std::ops::Range;

use crate::follow::table::{self, Tool};
use crate::follow::{Edit, Gone};

/// The edits that make a text name `Gone::to`. `command` is the program where the text does not name it itself, such as
/// the hook of pre-commit.
pub(crate) fn edits(text: &str, naming: &str, command: Option<&str>, gone: &[Gone]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for entry in gone.iter().filter(|entry| !entry.to_ruff) {
        let Some(tool) = table::tool(&entry.tool) else { continue };
        for written in occurrences(text, naming, &entry.file) {
            let is_done = edits
                .iter()
                .any(|edit| edit.span.end >= written.file.end && edit.span.start <= written.word.start);
            if !is_done {
                edits.extend(edit(text, naming, command, entry, tool, &written));
            }
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// A place where a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// The path with all that belongs to it: `./mypy.ini`, `{toxinidir}/mypy.ini`.
    pub(crate) word: Range<usize>,
    /// The part that is the path from the root, or the bare name where the naming file lies beside it.
    pub(crate) file: Range<usize>,
    /// It is the bare name of a file in the folder of the naming file.
    pub(crate) is_beside: bool,
}

/// The places of a text that spell a file.
pub(crate) fn occurrences(text: &str, naming: &str, file: &str) -> Vec<Written> {
    let mut found: Vec<Written> = spelled(text, file).collect();
    if let (Some((folder, name)), Some((beside, _))) = (file.rsplit_once('/'), naming.rsplit_once('/'))
        && folder == beside
    {
        let bare = spelled(text, name).filter(|written| {
            text.get(written.word.start..written.file.start).is_some_and(|before| matches!(before, "" | "./"))
        });
        found.extend(bare.map(|written| Written { is_beside: true, ..written }));
    }
    found
}

fn spelled<'a>(text: &'a str, file: &'a str) -> impl Iterator<Item = Written> + 'a {
    text.match_indices(file).filter_map(move |(start, _)| {
        let end = start + file.len();
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        let ends = !after.starts_with(|letter: char| is_of_path(letter) && letter != '.')
            && !after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        let begins = before.is_empty()
            || !before.ends_with(|letter: char| is_of_path(letter) && letter != '/' && letter != '}');
        if !ends || !begins {
            return None;
        }
        let word = word_start(before);
        is_root(text.get(word..start)?).then_some(Written {
            word: word..end,
            file: start..end,
            is_beside: false,
        })
    })
}

/// Whether what stands before a path may be the project's root: nothing, `./`, `../`, or a variable.
fn is_root(before: &str) -> bool {
    let rest = before.trim_start_matches("./").trim_start_matches("../");
    rest.is_empty()
        || (rest.ends_with(['/', '}']) && rest.starts_with(['$', '{', '%']))
            && !rest.contains("}/{")
            && is_variable(rest)
}

/// `{toxinidir}/`, `$PWD/`, `$(CURDIR)/`, `${{ github.workspace }}/`: one variable and nothing else.
fn is_variable(text: &str) -> bool {
    let Some(inner) = text.strip_suffix('/') else { return false };
    !inner.contains('/')
}

fn is_of_path(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '_' | '-' | '.' | '/' | '\\' | '$' | '{' | '}' | '~' | '%' | '@' | '*' | '+')
}

fn word_start(before: &str) -> usize {
    let mut start = before.len();
    loop {
        let rest = before.get(..start).unwrap_or_default();
        // `$(CURDIR)` and `${{ github.workspace }}` hold letters that end a word elsewhere.
        let variable = [("$(", ")"), ("${{", "}}"), ("{{", "}}")].iter().find_map(|(open, close)| {
            let at = rest.strip_suffix(close)?.rfind(open)?;
            (!rest.get(at..)?.contains('\n')).then_some(at)
        });
        if let Some(at) = variable {
            start = at;
            continue;
        }
        match rest.chars().next_back() {
            Some(letter) if is_of_path(letter) => start -= letter.len_utf8(),
            _ => return start,
        }
    }
}

fn edit(
    text: &str,
    naming: &str,
    command: Option<&str>,
    gone: &Gone,
    tool: &Tool,
    written: &Written,
) -> Option<Edit> {
    let value = replacement(text, naming, gone, tool, written)?;
    let before = text.get(..written.word.start)?;
    if let Some(span) = variable(before, tool) {
        let at = written.word.clone();
        return Some(Edit {
            span: at,
            new: value,
            shown: span.start..written.word.end,
            tool: gone.tool.clone(),
        });
    }
    let (option, is_joined) = option_before(before)?;
    let name = text.get(option.clone())?;
    if !tool.options.iter().any(|known| known == name) {
        return None;
    }
    // Without a command in sight, the name of the file says whose option it is.
    let ahead = text.get(..option.start)?;
    // What stands behind ` -- ` is for a command that tox runs.
    let line = ahead.rsplit('\n').next().unwrap_or_default();
    let found = command_before(ahead).filter(|found| *found != "tox" || !line.contains(" -- ")).or(command);
    if found.is_some_and(|found| !tool.commands.iter().any(|known| known == found)) {
        return None;
    }
    let Some(other) = &tool.to else {
        return Some(Edit {
            span: written.word.clone(),
            new: value,
            shown: option.start..written.word.end,
            tool: gone.tool.clone(),
        });
    };
    if has_option(text, &option, other) {
        return None;
    }
    let between = text.get(option.end..written.word.start)?;
    // A short option takes its value without a `=`.
    let new = if is_joined && !other.starts_with("--") {
        let quoted = text.get(..option.start)?.ends_with(['"', '\'']);
        let quote = text.get(option.start - usize::from(quoted)..option.start)?;
        if quoted { format!("{other}{quote}, {quote}{value}") } else { format!("{other} {value}") }
    } else {
        format!("{other}{between}{value}")
    };
    Some(Edit {
        span: option.start..written.word.end,
        new,
        shown: option.start..written.word.end,
        tool: gone.tool.clone(),
    })
}

/// Whether the command of an option has another option already, such as `-c` beside `--ini` of bandit.
fn has_option(text: &str, option: &Range<usize>, other: &str) -> bool {
    let start = text.get(..option.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end =
        text.get(option.end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| option.end + at);
    let line = text.get(start..end).unwrap_or_default();
    line.split([' ', '"', '\'', ',', '=', '[', ']']).any(|word| word == other)
}

/// What is written in place of the path.
fn replacement(text: &str, naming: &str, gone: &Gone, tool: &Tool, written: &Written) -> Option<String> {
    let mut before = text.get(written.word.start..written.file.start)?.to_owned();
    if written.is_beside {
        before = "../".repeat(naming.matches('/').count());
    }
    if tool.takes_folder {
        return Some(if before.is_empty() { ".".to_owned() } else { before });
    }
    Some(format!("{before}{}", gone.to))
}

/// The variable of a tool that a text ends in, up to its value: `PYLINTRC=`, `PYLINTRC: "`, `env["PYLINTRC"] = "`.
fn variable(before: &str, tool: &Tool) -> Option<Range<usize>> {
    let value = before.trim_end_matches(['"', '\'']);
    let rest = value.trim_end_matches([' ', '\t', '=', ':', '?']);
    let rest = rest.trim_end_matches(['"', '\'', ']', ',']);
    if rest.len() == before.len() {
        return None;
    }
    let name = tool.variables.iter().find(|name| {
        rest.strip_suffix(name.as_str())
            .is_some_and(|left| !left.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
    })?;
    Some(rest.len() - name.len()..before.len())
}

/// The option that a text ends in, and whether its value is joined to it by a `=`. Between them may stand quotes, commas,
/// the mark of a list's item, or the end of a line that goes on.
pub(crate) fn option_before(before: &str) -> Option<(Range<usize>, bool)> {
    let value = before.trim_end_matches(['"', '\'']);
    let joined = value.strip_suffix('=');
    let rest = if let Some(rest) = joined {
        rest
    } else {
        let rest = value
            .trim_end_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\\' | ',' | '^'));
        let rest = rest.strip_suffix("-").filter(|left| left.ends_with([' ', '\t', '\n'])).unwrap_or(rest);
        let rest =
            rest.trim_end_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\\' | ','));
        rest.trim_end_matches(['"', '\''])
    };
    if rest.len() == before.len() {
        return None;
    }
    let length =
        rest.chars().rev().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').count();
    let start = rest.len() - length;
    rest.get(start..)?.starts_with('-').then_some((start..rest.len(), joined.is_some()))
}

/// The last program of the table that is named on the command of which this is the start.
pub(crate) fn command_before(before: &str) -> Option<&str> {
    let mut start = before.rfind('\n').map_or(0, |at| at + 1);
    // Lines above that end in a backslash, a comma, or hold an item of the same list belong to the command.
    while start > 0 {
        let above = before.get(..start - 1)?;
        let line = above.get(above.rfind('\n').map_or(0, |at| at + 1)..)?.trim_end();
        if !(line.ends_with(['\\', ',', '(', '[']) || line.trim_start().starts_with("- ")) {
            break;
        }
        start = above.rfind('\n').map_or(0, |at| at + 1);
    }
    let line = before.get(start..)?;
    let segment = line.rfind([';', '|', '&']).map_or(line, |at| line.get(at + 1..).unwrap_or_default());
    let words = segment
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '(' | '[' | '='));
    words
        .rev()
        .map(|word| word.rsplit(['/', '\\']).next().unwrap_or(word))
        .find(|word| table::is_command(word))
}
