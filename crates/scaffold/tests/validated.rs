//! Everything that can be generated goes through the validators: every template, every language, four shapes of projects.
//! And every command of uv in it is one that the pinned uv takes.

#![expect(clippy::print_stderr, reason = "it says what it could not do")]

mod shapes;

use std::collections::BTreeSet;

use shapes::{LANGUAGES, SHAPES, names, rendered, write};
use uvshift_scaffold::GeneratedFile;
use uvshift_testkit::{uv, uv_accepts, validate};

/// Every file of a shape in a language, with its template. Templates that make the same file come one after the other.
fn sets() -> Vec<(String, Vec<GeneratedFile>)> {
    let mut sets = Vec::new();
    for (shape, project) in SHAPES {
        for language in LANGUAGES {
            let mut first: Vec<GeneratedFile> = Vec::new();
            for name in names() {
                let files = rendered(std::slice::from_ref(&name), &project(), language);
                let is_taken = |file: &GeneratedFile| first.iter().any(|known| known.path == file.path);
                if files.iter().any(is_taken) {
                    sets.push((format!("{shape}-{}-{name}", language.code()), files));
                } else {
                    first.extend(files);
                }
            }
            sets.push((format!("{shape}-{}", language.code()), first));
        }
    }
    sets
}

#[test]
fn no_validator_finds_anything() {
    let folder = tempfile::tempdir().unwrap();
    for (name, files) in sets() {
        write(&folder.path().join(name), &files);
    }
    let validation = validate(folder.path());
    if !validation.missing.is_empty() {
        eprintln!("SKIPPED: not on this machine: {}", validation.missing.join(", "));
    }
    assert!(validation.passed > 200, "only {} files were looked at", validation.passed);
    validation.assert_clean();
}

#[test]
fn every_command_of_uv_is_one_that_it_takes() {
    let (mut seen, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for (set, files) in sets() {
        // Documents, and the script of one of them, have a test of their own, which knows prose and quotes from commands.
        let is_ours =
            |file: &&GeneratedFile| !file.path.starts_with("docs/") && file.path != "scripts/validate-uv.sh";
        for file in files.iter().filter(is_ours) {
            for command in file.text.lines().flat_map(commands) {
                let words: Vec<&str> = command.split_whitespace().collect();
                if seen.insert(command.clone())
                    && let Err(said) = uv_accepts(&words)
                {
                    wrong.insert(format!("{set}: {}: uv {command}\n  {said}", file.path));
                }
            }
        }
    }
    assert!(seen.len() > 20, "{seen:#?}");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_variable_of_uv_is_one_that_it_knows() {
    // A search in text is one of the standard library, which is fast in tests too.
    let program = std::fs::read(uv()).unwrap();
    let program = String::from_utf8_lossy(&program);
    let is_known = |name: &str| program.contains(name);
    let (mut known, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for (set, files) in sets() {
        for file in &files {
            for name in variables(&file.text) {
                if known.contains(name) || is_known(name) {
                    known.insert(name.to_owned());
                } else if !name.starts_with("UV_INDEX_") {
                    wrong.insert(format!("{set}: {}: {name}", file.path));
                }
            }
        }
    }
    assert!(known.len() > 5, "{known:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_is_told_what_to_fill_in_and_no_stranger_is_named() {
    for (set, files) in sets() {
        for file in &files {
            let other = if set.starts_with("web") {
                ["tidy-dates", "nightly-report"]
            } else {
                ["acme-shop", "acme_shop"]
            };
            for word in other.iter().chain(&[
                "TODO",
                "FIXME",
                "CHANGEME",
                "your-project",
                "my-app",
                concat!("pypi.", "org"),
            ]) {
                assert!(!file.text.contains(word), "{set}: {} has {word}", file.path);
            }
        }
    }
}

/// What follows `uv ` on a line, up to the end of the command, where it begins with a subcommand of uv.
fn commands(line: &str) -> Vec<String> {
    const SUBCOMMANDS: [&str; 20] = [
        "add", "audit", "build", "cache", "export", "format", "help", "init", "lock", "pip", "publish",
        "python", "remove", "run", "self", "sync", "tool", "tree", "venv", "version",
    ];
    let mut found = Vec::new();
    for (at, _) in line.match_indices("uv ") {
        let before = line[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || "-_./=".contains(letter)) {
            continue;
        }
        let rest = &line[at + 3..];
        let ends =
            ["`", "\"", "'", "&&", "||", "|", ";", ")", " #", "\\", "<", ">", "$", "{{", "…", ",", " }"];
        let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        let words: Vec<&str> = rest[..end].split_whitespace().collect();
        // Prose goes on after a command; its words are no arguments.
        let is_word = |word: &&str| word.is_ascii() && !word.ends_with(['.', ':', ',']);
        let words: Vec<&str> = words.into_iter().take_while(is_word).collect();
        if words.first().is_some_and(|first| SUBCOMMANDS.contains(first)) {
            found.push(words.join(" "));
        }
    }
    found
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    text.split(move |letter| !is_part(letter)).filter(|name| name.starts_with("UV_") && name.len() > 3)
}
