//! Documents name only commands and flags that exist.

use super::Problems;
use super::files::Tree;
use super::markdown::{CodeKind, code, headings};
use crate::commands::COMMANDS;

/// The help of the command line, as a test of the CLI writes it: a heading for each command.
const REFERENCE: &str = "docs/cli.md";

/// `cargo xtask` commands and their flags exist.
pub(super) fn xtask(tree: &Tree, problems: &mut Problems) {
    for (file, text) in tree.documents() {
        for found in code(text) {
            for call in calls(found.text, "cargo xtask ") {
                let mut words = call.split_whitespace();
                let Some(name) = words.next().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
                else {
                    continue;
                };
                let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
                    if !is_placeholder(name) {
                        problems.add(file, found.line, format!("there is no `cargo xtask {name}`"));
                    }
                    continue;
                };
                for flag in words.filter_map(flag) {
                    if !command.flags.contains(&flag) && !command.options.contains(&flag) && flag != "--help"
                    {
                        problems.add(file, found.line, format!("`cargo xtask {name}` has no `{flag}`"));
                    }
                }
            }
        }
    }
}

/// `uvshift` commands and their flags are those of the reference.
pub(super) fn uvshift(tree: &Tree, problems: &mut Problems) {
    let Some(reference) = tree.text(REFERENCE) else { return };
    for (file, text) in tree.documents().filter(|(file, _)| *file != REFERENCE) {
        for found in code(text) {
            // Of a block only what is typed, not what a program prints.
            let typed = match found.kind {
                CodeKind::Span => Some(found.text),
                CodeKind::Block(language) => typed(found.text, language),
            };
            let calls = ["uvshift ", "cargo run --release -- ", "cargo run -- "];
            let Some(call) = typed.and_then(|line| calls.iter().find_map(|call| command_after(line, call)))
            else {
                continue;
            };
            if let Some(message) = refusal(reference, call) {
                problems.add(file, found.line, message);
            }
        }
    }
}

fn refusal(reference: &str, call: &str) -> Option<String> {
    // Neither a comment, nor the program that reads what this one prints.
    let call = call.split('#').next().and_then(|call| call.split(" | ").next()).unwrap_or(call);
    let mut words = call.split_whitespace().peekable();
    let name = words.next_if(|word| !word.starts_with('-')).filter(|word| !is_placeholder(word));
    let section = match name {
        Some(name) => match of_heading(reference, &format!("`uvshift {name}`")) {
            Some(section) => section,
            None => return Some(format!("there is no `uvshift {name}` (see {REFERENCE})")),
        },
        None => of_heading(reference, "`uvshift`").unwrap_or(reference),
    };
    let mut shown = name.map_or("uvshift".to_owned(), |name| format!("uvshift {name}"));
    // A command may have commands of its own.
    let inner = words.peek().map(|word| format!("{shown} {}", word.trim_matches('`')));
    let inner = inner.and_then(|name| Some((of_heading(reference, &format!("`{name}`"))?, name)));
    let section = match inner {
        Some((section, name)) => {
            words.next();
            shown = name;
            section
        }
        None => section,
    };
    words
        .filter_map(flag)
        .find(|flag| !has_flag(section, flag))
        .map(|flag| format!("`{shown}` has no `{flag}`"))
}

/// What follows each occurrence of `start`.
fn calls<'a>(text: &'a str, start: &str) -> impl Iterator<Item = &'a str> {
    text.match_indices(start).map(move |(at, _)| &text[at + start.len()..])
}

/// A line that somebody is to type into a shell.
fn typed<'a>(line: &'a str, language: &str) -> Option<&'a str> {
    let line = line.trim_start();
    match language {
        "sh" | "bash" | "shell" | "powershell" => Some(line.strip_prefix("$ ").unwrap_or(line)),
        "console" | "text" => line.strip_prefix("$ "),
        _ => None,
    }
}

/// What follows `start` when it stands where a command does.
fn command_after<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    let at = line.find(start)?;
    let before = line[..at].trim_end();
    let command = before.is_empty()
        || ["&&", "||", ";", "|", "(", "uvx"].iter().any(|it| before.ends_with(it))
        || before.split_whitespace().all(|word| word.contains('='));
    command.then(|| &line[at + start.len()..])
}

/// The flag in a word, without its value and whatever surrounds it in a usage line.
fn flag(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(['[', '(']).split(['=', ']', ')', ',', '|', '`']).next()?;
    (word.starts_with('-') && word.len() > 1 && word != "--").then_some(word)
}

fn is_placeholder(word: &str) -> bool {
    !word.starts_with(|first: char| first.is_ascii_lowercase())
}

/// The text under a heading, up to the next one.
fn of_heading<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let mut following = headings(text).skip_while(|(_, found)| *found != heading);
    let (start, _) = following.next()?;
    let end = following.next().map_or(usize::MAX, |(line, _)| line);
    let offset = |line: usize| text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    Some(&text[offset(start)..offset(end.saturating_sub(1))])
}

fn has_flag(help: &str, flag: &str) -> bool {
    help.match_indices(flag).any(|(at, _)| {
        let before = help[..at].chars().next_back();
        let after = help[at + flag.len()..].chars().next();
        let inside = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '-');
        !inside(before) && !inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::{uvshift, xtask};
    use crate::tidy::testing;

    #[test]
    fn xtask_commands_and_flags_that_do_not_exist_are_named() {
        let text = "`cargo xtask test --online -p X` `cargo xtask tset` `cargo xtask tidy --fix`\n\
            ```sh\ncargo xtask setup # cargo xtask ready\n```\n`cargo xtask NAME`, cargo xtask prose";
        let expected = [
            "README.md:1: `cargo xtask tidy` has no `--fix`",
            "README.md:1: there is no `cargo xtask tset`",
            "README.md:3: there is no `cargo xtask ready`",
        ];
        assert_eq!(testing::check(xtask, &[("README.md", text)]), expected);
    }

    const REFERENCE: &str = "# Command line\n## `uvshift`\n```text\n# --quiet\n--version\n```\n\
        ## `uvshift migrate`\n```text\n  -q, --quiet\n      --no-lock\n```\n## `uvshift demo`\n## `uvshift venv`\n## `uvshift venv list`\n--sizes\n";

    #[test]
    fn uvshift_commands_and_flags_that_do_not_exist_are_named() {
        let text = "`uvshift migrate --no-lock -q`, `uvshift --version`, `uvshift COMMAND`, `uvshift` is.\n\
            `uvshift fleet`, `uvshift migrate --no`, `uvshift migrate --locked`, `uvshift venv list --sizes`, `uvshift venv list --size`\n\
            ```sh\nA=1 uvshift demo --quiet # uvshift demo --x\nuvshift demo | jq -r .x\ncargo run --release -- demon\n```\n\
            ```console\n$ uvshift migrate .\nuvshift prints this --and this\n```\n";
        let expected = [
            "README.md:2: `uvshift migrate` has no `--locked`",
            "README.md:2: `uvshift migrate` has no `--no`",
            "README.md:2: `uvshift venv list` has no `--size`",
            "README.md:2: there is no `uvshift fleet` (see docs/cli.md)",
            "README.md:4: `uvshift demo` has no `--quiet`",
            "README.md:6: there is no `uvshift demon` (see docs/cli.md)",
        ];
        assert_eq!(testing::check(uvshift, &[("README.md", text), ("docs/cli.md", REFERENCE)]), expected);
        assert!(testing::check(uvshift, &[("README.md", text)]).is_empty(), "nothing to compare with");
    }
}
