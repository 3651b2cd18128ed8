//! `poetry add`, `remove`, `lock`, `check`, `show`.

use super::Poetry;
use crate::manager::{self, Change, Table, is_read, left, unknown_option};
use crate::options::Options;
use crate::rules::Verdict;
use crate::shell::Word;

pub(super) fn add(poetry: &Poetry<'_, '_>) -> Verdict {
    let flags = ["-D", "--dev", "-e", "--editable", "--allow-prereleases", "--dry-run", "--lock"];
    let values =
        ["-G", "--group", "-E", "--extras", "--optional", "--python", "--platform", "--markers", "--source"];
    let script = poetry.call.script;
    let options = poetry.options(&flags, &values);
    if let Some(word) = options.unknown {
        return unknown_option("Poetry", script, word);
    }
    if options.has(&["--dry-run", "--python", "--platform", "--source"]) {
        return left(
            "uv has no such options for what it adds",
            "uv add, with a marker in the requirement, or with `--index`",
        );
    }
    let mut change = Change { table: table(&options), ..Change::default() };
    if let Some(extra) = options.values(&["--optional"]).last() {
        change.table = Table::Extra(extra.raw.to_owned());
        change.review = true;
        change.notes.push("Poetry 1 has `--optional` without a name".to_owned());
    }
    for (names, flag) in [(["-E", "--extras"], "--extra"), (["--markers", "--markers"], "--marker")] {
        let given = options.values(&names);
        change.flags.extend(given.iter().map(|value| format!("{flag} {}", value.raw)));
    }
    for (names, flag) in [
        (["-e", "--editable"], "--editable"),
        (["--lock", "--lock"], "--no-sync"),
        (["--allow-prereleases", "--allow-prereleases"], "--prerelease allow"),
    ] {
        if options.has(&names) {
            change.flags.push(flag.to_owned());
        }
    }
    for word in &options.positional {
        let Some(requirement) = requirement(script, word) else {
            let reason = format!("uvshift does not know what `{}` is for uv", word.raw(script));
            return Verdict::left(reason);
        };
        change.packages.push(requirement);
    }
    if change.packages.is_empty() {
        return Verdict::left("`poetry add` asks for packages, and uv does not");
    }
    manager::add("Poetry", &change)
}

fn table(options: &Options<'_>) -> Table {
    match options.values(&["-G", "--group"]).last() {
        Some(group) => Table::group(group.raw),
        None if options.has(&["-D", "--dev"]) => Table::Group("dev".to_owned()),
        None => Table::Main,
    }
}

/// What Poetry reads as `name@^1.2` is a requirement for uv.
fn requirement(script: &str, word: &Word) -> Option<String> {
    let raw = word.raw(script).to_owned();
    let Some(text) = word.literal() else { return Some(raw) };
    if text.contains("://") {
        let Some((url, revision)) = text.split_once('#') else { return Some(raw) };
        return (!revision.contains(['=', '&'])).then(|| format!("\"{url}@{revision}\""));
    }
    let Some((name, wanted)) = text.split_once('@').filter(|(name, _)| !name.contains('/')) else {
        return Some(raw);
    };
    let (name, wanted) = (name.trim(), wanted.trim());
    if matches!(wanted, "latest" | "*" | "") {
        return Some(quoted(name));
    }
    let limits: Option<Vec<String>> = wanted.split(',').map(|part| limit(part.trim())).collect();
    Some(quoted(&format!("{name}{}", limits?.join(","))))
}

fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("\"{text}\"") }
}

/// One part of a constraint as a specifier.
fn limit(part: &str) -> Option<String> {
    if let Some(version) = part.strip_prefix('^') {
        let numbers = numbers(version)?;
        let first = numbers.iter().position(|number| *number != 0).unwrap_or(numbers.len() - 1);
        return Some(format!(">={version},<{}", raised(&numbers, first)?));
    }
    if let Some(version) = part.strip_prefix('~').filter(|version| !version.starts_with('=')) {
        let numbers = numbers(version)?;
        let place = usize::from(numbers.len() > 1);
        return Some(format!(">={version},<{}", raised(&numbers, place)?));
    }
    if part.starts_with(['<', '>', '=', '!', '~']) {
        return Some(part.replace(' ', ""));
    }
    numbers(part).map(|_| format!("=={part}"))
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// The version with the number at a place raised, and nothing behind it.
fn raised(numbers: &[u64], place: usize) -> Option<String> {
    let mut kept: Vec<u64> = numbers.iter().take(place + 1).copied().collect();
    let last = kept.last_mut()?;
    *last = last.checked_add(1)?;
    Some(kept.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

pub(super) fn remove(poetry: &Poetry<'_, '_>) -> Verdict {
    let options = poetry.options(&["-D", "--dev", "--lock"], &["-G", "--group"]);
    let script = poetry.call.script;
    if let Some(word) = options.unknown {
        return unknown_option("Poetry", script, word);
    }
    let packages = options.positional.iter().map(|word| word.raw(script).to_owned()).collect();
    let mut change = Change { table: table(&options), packages, ..Change::default() };
    if options.has(&["--lock"]) {
        change.flags.push("--no-sync".to_owned());
    }
    manager::remove("Poetry", &change, poetry.project)
}

/// `poetry lock`: Poetry 2 keeps the versions, as Poetry 1 does with `--no-update`.
pub(super) fn lock(poetry: &Poetry<'_, '_>) -> Verdict {
    let options = poetry.options(&["--no-update", "--regenerate", "--check"], &[]);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    let mut new = "uv lock".to_owned();
    if let Some(directory) = &poetry.directory {
        new.push_str(" --directory ");
        new.push_str(directory);
    }
    if options.has(&["--regenerate"]) {
        return Verdict::safe(format!("{new} --upgrade"), "the newest versions that pyproject.toml allows");
    }
    if options.has(&["--check"]) {
        return Verdict::safe(format!("{new} --check"), "whether the lock fits pyproject.toml");
    }
    if options.has(&["--no-update"]) {
        return Verdict::safe(new, "uv keeps the versions that are locked, too");
    }
    Verdict::safe(new, "uv keeps the versions that are locked, as Poetry 2 does; Poetry 1 took the newest")
}

pub(super) fn check(poetry: &Poetry<'_, '_>) -> Verdict {
    let options = poetry.options(&["--lock", "--strict"], &[]);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    if options.has(&["--lock"]) {
        return Verdict::safe("uv lock --check", "whether the lock fits pyproject.toml");
    }
    Verdict::review(
        "uv lock --check",
        "whether pyproject.toml can be read and the lock fits it; Poetry also looks at classifiers and the readme",
    )
}

pub(super) fn show(poetry: &Poetry<'_, '_>) -> Verdict {
    let flags = [
        "-t",
        "--tree",
        "-l",
        "--latest",
        "-o",
        "--outdated",
        "-a",
        "--all",
        "-T",
        "--top-level",
        "--no-dev",
    ];
    let options = poetry.options(&flags, &[]);
    let script = poetry.call.script;
    if let Some(word) = options.unknown {
        return unknown_option("Poetry", script, word);
    }
    let package = options.positional.first().map(|word| word.raw(script));
    let new = match (package, options.has(&["-t", "--tree"])) {
        (Some(package), true) => format!("uv tree --package {package}"),
        (Some(package), false) => format!("uv pip show {package}"),
        (None, true) => "uv tree".to_owned(),
        (None, false) if options.has(&["-o", "--outdated", "-l", "--latest"]) => {
            "uv tree --outdated --depth 1".to_owned()
        }
        (None, false) if options.has(&["-T", "--top-level"]) => "uv tree --depth 1".to_owned(),
        (None, false) => "uv pip list".to_owned(),
    };
    if is_read(poetry.invocation) {
        return left("something reads what it prints, and uv prints it in another form", new);
    }
    Verdict::safe(new, "the same packages, printed in another form")
}

#[cfg(test)]
mod tests {
    use super::limit;

    /// As poetry-core reads them.
    #[test]
    fn constraints_are_specifiers() {
        for (constraint, specifier) in [
            ("^1.2.3", ">=1.2.3,<2"),
            ("^0.2.3", ">=0.2.3,<0.3"),
            ("^0.0.3", ">=0.0.3,<0.0.4"),
            ("^0.0", ">=0.0,<0.1"),
            ("^1", ">=1,<2"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1.2", ">=1.2,<1.3"),
            ("~1", ">=1,<2"),
            ("1.2", "==1.2"),
            (">= 2", ">=2"),
        ] {
            assert_eq!(limit(constraint).as_deref(), Some(specifier), "{constraint}");
        }
        assert_eq!(limit("^1.2b1"), None);
        assert_eq!(limit("whatever"), None);
    }
}
