//! `poetry export`, the plugin that comes with Poetry 1.

use super::Poetry;
use super::install::{extras, known_group, only_groups};
use crate::context::Selection;
use crate::manager::{self, Install, lists, unknown_option};
use crate::options::Options;
use crate::rules::Verdict;

const FLAGS: [&str; 7] = [
    "--without-hashes",
    "--without-urls",
    "--dev",
    "--all-groups",
    "--all-extras",
    "--with-credentials",
    "--no-dev",
];
const VALUES: [&str; 9] =
    ["-f", "--format", "-o", "--output", "--with", "--only", "--without", "-E", "--extras"];

pub(super) fn export(poetry: &Poetry<'_, '_>) -> Verdict {
    let options = poetry.options(&FLAGS, &VALUES);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    if options.has(&["--with-credentials"]) {
        return Verdict::left("uv writes no credentials into a requirements file");
    }
    let format = options.values(&["-f", "--format"]).last().and_then(|value| value.literal());
    if format.as_deref().is_some_and(|format| format != "requirements.txt") {
        return Verdict::left("uv writes requirements files and pylock.toml only");
    }
    match selection(poetry, &options) {
        Ok(selection) => {
            let mut flags = Vec::new();
            if options.has(&["--without-hashes"]) {
                flags.push("--no-hashes".to_owned());
            }
            flags.extend(poetry.common(&options));
            if let Some(file) = options.values(&["-o", "--output"]).last() {
                flags.push(format!("-o {}", file.raw));
            }
            manager::export("Poetry", poetry.project, &selection, &flags)
        }
        Err(verdict) => verdict,
    }
}

/// Without a word it is the dependencies of the project alone, whatever the groups.
fn selection(poetry: &Poetry<'_, '_>, options: &Options<'_>) -> Result<Selection, Verdict> {
    let project = poetry.project;
    let list = |names: &[&str]| {
        lists(&options.values(names))
            .map_err(|raw| Verdict::left(format!("`{raw}` is only known when the script runs")))
    };
    let mut request = Install::of(Selection::main());
    let only = list(&["--only"])?;
    if !only.is_empty() {
        request.selection = only_groups(&only, project)?;
    }
    for name in list(&["--with"])? {
        request.selection.groups.extend(known_group(&name, project)?);
    }
    if options.has(&["--dev"]) {
        request.selection.groups.extend(known_group("dev", project)?);
    }
    if options.has(&["--all-groups"]) {
        request.selection.groups.extend(project.groups.iter().cloned());
    }
    for name in list(&["--without"])? {
        request.selection.groups.remove(&name);
    }
    extras(&mut request, options, project)?;
    if request.review {
        return Err(Verdict::left("which extras it takes is only known when the script runs"));
    }
    Ok(request.selection)
}
