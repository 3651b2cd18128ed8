//! `poetry build`, `publish`, `version`.

use super::Poetry;
use crate::manager::{joined_words, unknown_option};
use crate::rules::Verdict;

pub(super) fn build(poetry: &Poetry<'_, '_>) -> Verdict {
    let options =
        poetry.options(&["--clean"], &["-f", "--format", "-o", "--output", "-c", "--config-settings"]);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    let mut words = vec!["uv build".to_owned()];
    words.extend(poetry.directory.iter().map(|directory| format!("--directory {directory}")));
    for format in options.values(&["-f", "--format"]) {
        match format.literal().as_deref() {
            Some("wheel") => words.push("--wheel".to_owned()),
            Some("sdist") => words.push("--sdist".to_owned()),
            _ => return Verdict::left("uv builds wheels and source distributions only"),
        }
    }
    words.extend(options.values(&["-o", "--output"]).iter().map(|value| format!("--out-dir {}", value.raw)));
    let settings = options.values(&["-c", "--config-settings"]);
    words.extend(settings.iter().map(|value| format!("--config-setting {}", value.raw)));
    if options.has(&["--clean"]) {
        words.push("--clear".to_owned());
    }
    words.extend(poetry.common(&options));
    Verdict::safe(words.join(" "), "the same build backend, called by uv")
}

pub(super) fn publish(poetry: &Poetry<'_, '_>) -> Verdict {
    let flags = ["--build", "--dry-run", "--skip-existing"];
    let values = [
        "-r",
        "--repository",
        "-u",
        "--username",
        "-p",
        "--password",
        "--dist-dir",
        "--cert",
        "--client-cert",
    ];
    let options = poetry.options(&flags, &values);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    if options.has(&["--cert", "--client-cert"]) {
        return Verdict::left("uv takes certificates from SSL_CERT_FILE and SSL_CLIENT_CERT");
    }
    let mut words = vec!["uv publish".to_owned()];
    if options.has(&["--dry-run"]) {
        words.push("--dry-run".to_owned());
    }
    let mut reason =
        "tokens are read from UV_PUBLISH_TOKEN, not from POETRY_PYPI_TOKEN_* and the settings of Poetry"
            .to_owned();
    for (names, flag) in [
        (["-r", "--repository"], "--index"),
        (["-u", "--username"], "--username"),
        (["-p", "--password"], "--password"),
    ] {
        words.extend(options.values(&names).iter().map(|value| format!("{flag} {}", value.raw)));
    }
    if options.has(&["-r"]) || options.has(&["--repository"]) {
        reason.push_str("; the index needs a `publish-url` in [[tool.uv.index]]");
    }
    if options.has(&["--skip-existing"]) {
        reason.push_str(
            "; files that are there already need `--check-url` or an index with a `url` to be skipped",
        );
    }
    if let Some(folder) = options.values(&["--dist-dir"]).last() {
        words.push(format!("{}/*", folder.raw.trim_end_matches('/')));
    }
    let publish = joined_words(words.iter().map(String::as_str));
    let new = if options.has(&["--build"]) { format!("uv build && {publish}") } else { publish };
    Verdict::review(new, reason)
}

pub(super) fn version(poetry: &Poetry<'_, '_>) -> Verdict {
    let options = poetry.options(&["-s", "--short", "--dry-run"], &[]);
    if let Some(word) = options.unknown {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    let mut words = vec!["uv version".to_owned()];
    let asked = options.positional.first().copied();
    match asked.map(|word| (word.literal(), word.raw(poetry.call.script))) {
        None => {}
        Some((Some(part), _)) if ["major", "minor", "patch"].contains(&part.as_str()) => {
            words.push(format!("--bump {part}"));
        }
        Some((Some(part), _)) if part.starts_with("pre") => {
            return Verdict::left(format!(
                "uv counts pre-releases in another way than `poetry version {part}`"
            ));
        }
        Some((_, raw)) => words.push(raw.to_owned()),
    }
    for (names, flag) in [(["-s", "--short"], "--short"), (["--dry-run", "--dry-run"], "--dry-run")] {
        if options.has(&names) {
            words.push(flag.to_owned());
        }
    }
    let new = words.join(" ");
    match asked {
        None => Verdict::safe(new, "the version of the project, in the same form"),
        Some(_) => Verdict::safe(new, "the new version, in pyproject.toml and in the lock"),
    }
}
