//! `pipenv lock`, `requirements`, `upgrade`.

use super::{Pipenv, packages};
use crate::context::Selection;
use crate::manager::{self, lists, named_group, unknown_option};
use crate::options::Options;
use crate::rules::Verdict;

/// `pipenv lock` takes the newest versions; before Pipenv 2022 it also wrote requirements files.
pub(super) fn lock(pipenv: &Pipenv<'_, '_>) -> Verdict {
    let flags = ["-d", "--dev", "--dev-only", "--pre", "-r", "--requirements"];
    let options = pipenv.options(&flags, &["--categories", "--backend"]);
    if let Some(word) = options.unknown {
        return unknown_option("Pipenv", pipenv.call.script, word);
    }
    if options.has(&["-r", "--requirements"]) {
        return write(pipenv, &options);
    }
    if options.has(&["--pre"]) {
        return manager::left("it takes pre-releases once", "uv lock --upgrade --prerelease allow");
    }
    if options.has(&["--keep-outdated"]) || pipenv.before.has(&["--keep-outdated"]) {
        return Verdict::safe("uv lock", "uv keeps the versions that are locked, too");
    }
    Verdict::safe("uv lock --upgrade", "Pipenv takes the newest versions whenever it locks")
}

pub(super) fn requirements(pipenv: &Pipenv<'_, '_>) -> Verdict {
    let flags =
        ["--dev", "-d", "--dev-only", "--hash", "--exclude-markers", "--exclude-index", "--from-pipfile"];
    let options = pipenv.options(&flags, &["--categories"]);
    if let Some(word) = options.unknown {
        return unknown_option("Pipenv", pipenv.call.script, word);
    }
    if options.has(&["--exclude-markers", "--from-pipfile"]) {
        return Verdict::left("uv writes every package of the lock, with its markers");
    }
    write(pipenv, &options)
}

fn write(pipenv: &Pipenv<'_, '_>, options: &Options<'_>) -> Verdict {
    let project = pipenv.project;
    let dev = named_group(&project.groups, "dev").map(str::to_owned);
    let mut selection = packages(project);
    if options.has(&["--dev", "-d"]) {
        selection.groups.extend(dev.clone());
    }
    if options.has(&["--dev-only"]) {
        selection = Selection { groups: dev.into_iter().collect(), ..Selection::default() };
    }
    let categories = options.values(&["--categories"]);
    if !categories.is_empty() {
        let Ok(names) = lists(&categories) else {
            return Verdict::left("which categories it takes is only known when the script runs");
        };
        selection = Selection::default();
        for name in names {
            match name.as_str() {
                "packages" | "default" => selection.join(&packages(project)),
                name => {
                    let name = if matches!(name, "dev-packages" | "develop") { "dev" } else { name };
                    let Some(group) = named_group(&project.groups, name) else {
                        return Verdict::left(format!("the project has no dependency group for `{name}`"));
                    };
                    selection.groups.insert(group.to_owned());
                }
            }
        }
    }
    let hashes = if options.has(&["--hash"]) { Vec::new() } else { vec!["--no-hashes".to_owned()] };
    manager::export("Pipenv", project, &selection, &hashes)
}

/// `pipenv upgrade NAME`: one package in the lock.
pub(super) fn upgrade(pipenv: &Pipenv<'_, '_>) -> Verdict {
    let options = pipenv.options(&["--dev", "-d", "--pre"], &["--categories"]);
    let script = pipenv.call.script;
    if let Some(word) = options.unknown {
        return unknown_option("Pipenv", script, word);
    }
    let packages = options.positional.iter().map(|word| format!("--upgrade-package {}", word.raw(script)));
    let packages: Vec<String> = packages.collect();
    if packages.is_empty() {
        return Verdict::safe("uv lock --upgrade", "newer versions in the lock");
    }
    Verdict::safe(format!("uv lock {}", packages.join(" ")), "a newer version in the lock")
}
