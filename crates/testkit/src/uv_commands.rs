//! Whether uv takes a command line, without running it.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{LazyLock, Mutex};

use crate::tools::scrub;
use crate::uv;

/// Commands whose arguments end with a command of somebody else.
const RUNNERS: [&[&str]; 3] = [&["run"], &["tool", "run"], &["x"]];

/// Asks the pinned uv whether it knows the subcommand and the options of `words`, which follow `uv`. What it would do is not
/// done: `--help` stands behind them, which uv reads after it has read the options in front.
///
/// # Errors
/// What uv says.
pub fn uv_accepts(words: &[&str]) -> Result<(), String> {
    static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let key = words.join("\u{0}");
    if KNOWN.lock().expect("no thread panicked").contains(&key) {
        return Ok(());
    }
    let mut command = Command::new(uv());
    scrub(&mut command);
    command.args(own_words(words)).arg("--help");
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        KNOWN.lock().expect("no thread panicked").insert(key);
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// The words without a command that uv is only to run.
fn own_words<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    static VALUES: LazyLock<BTreeSet<String>> = LazyLock::new(options_with_values);
    let Some(runner) = RUNNERS.iter().find(|runner| words.starts_with(runner)) else { return words };
    let mut at = runner.len();
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        if *word == "--" {
            break;
        }
        at += if VALUES.contains(*word) { 2 } else { 1 };
    }
    words.get(..at).unwrap_or(words)
}

/// The options of `uv run` and `uv tool run` that take a value of their own word, as their help tells.
fn options_with_values() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for runner in [&["run"][..], &["tool", "run"]] {
        let mut command = Command::new(uv());
        scrub(&mut command);
        let output = command.args(runner).arg("--help").output().expect("uv starts");
        for line in String::from_utf8_lossy(&output.stdout).lines().map(str::trim) {
            let Some((names, _)) = line.split_once(" <").filter(|_| line.starts_with('-')) else { continue };
            found.extend(names.split(", ").map(|name| name.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uv_has_and_what_it_has_not() {
        for right in [
            "sync --locked --group dev",
            "run --no-sync pytest -q --nonsense",
            "run --group docs --with x python -c pass",
            "tool install tox --with tox-uv",
            "pip install --system -r requirements.txt",
            "cache prune --ci",
        ] {
            let words: Vec<&str> = right.split(' ').collect();
            assert_eq!(uv_accepts(&words), Ok(()), "{right}");
        }
        for wrong in
            ["pip download x", "cache stats", "sync --nonsense", "run --nonsense pytest", "install x"]
        {
            let words: Vec<&str> = wrong.split(' ').collect();
            assert!(uv_accepts(&words).is_err(), "{wrong}");
        }
    }
}
