//! `poetry install`, `sync`, `update`.

use super::Poetry;
use crate::context::{Selection, UvProject};
use crate::engine::{Scope, sync_flags};
use crate::manager::{Install, Lock, lists, named_group, unknown_option};
use crate::options::Options;
use crate::rules::Verdict;

const FLAGS: [&str; 12] = [
    "--no-root",
    "--no-dev",
    "--sync",
    "--remove-untracked",
    "--all-extras",
    "--all-groups",
    "--only-root",
    "--compile",
    "--no-directory",
    "--dry-run",
    "--dev-only",
    "--lock",
];
const VALUES: [&str; 5] = ["--with", "--without", "--only", "-E", "--extras"];

pub(super) fn install(poetry: &Poetry<'_, '_>, scope: &mut Scope) -> Verdict {
    let options = poetry.options(&FLAGS, &VALUES);
    if let Some(word) = options.unknown.or(options.positional.first().copied()) {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    if options.has(&["--only-root"]) {
        return only_root(scope, poetry.project);
    }
    let mut request = match request(poetry, &options) {
        Ok(request) => request,
        Err(verdict) => return verdict,
    };
    root(&options, poetry.project, &mut request);
    for (name, flag) in [("--compile", "--compile-bytecode"), ("--dry-run", "--dry-run")] {
        if options.has(&[name]) {
            request.flag(flag);
        }
    }
    for flag in poetry.common(&options) {
        request.flag(flag);
    }
    request.verdict("Poetry", scope, poetry.project)
}

/// What is selected. Poetry installs every group that is not optional, and the migration made these the default groups.
fn request(poetry: &Poetry<'_, '_>, options: &Options<'_>) -> Result<Install, Verdict> {
    let project = poetry.project;
    let mut request = Install::of(project.default_selection());
    request.directory.clone_from(&poetry.directory);
    if options.has(&["--no-dev"]) {
        request.selection.groups.clear();
    }
    if options.has(&["--all-groups"]) {
        request.selection.groups.extend(project.groups.iter().cloned());
    }
    let only = options.values(&["--only"]);
    if only.is_empty() {
        with(&mut request, options, project)?;
        without(&mut request, options, project);
    } else {
        let names = lists(&only).map_err(|raw| not_known(&raw))?;
        request.selection = only_groups(&names, project)?;
    }
    extras(&mut request, options, project)?;
    Ok(request)
}

fn with(request: &mut Install, options: &Options<'_>, project: &UvProject) -> Result<(), Verdict> {
    for value in options.values(&["--with"]) {
        match lists(&[value]) {
            Err(raw) => request.unknown("--group", &raw),
            Ok(names) => {
                for name in names {
                    request.selection.groups.extend(known_group(&name, project)?);
                }
            }
        }
    }
    Ok(())
}

fn without(request: &mut Install, options: &Options<'_>, project: &UvProject) {
    for value in options.values(&["--without"]) {
        match lists(&[value]) {
            Err(raw) => request.unknown("--no-group", &raw),
            Ok(names) => {
                for name in names {
                    if name == "main" {
                        request.selection.main = false;
                    }
                    // A group that is gone needs not be left out.
                    if let Some(group) = named_group(&project.groups, &name) {
                        request.selection.groups.remove(group);
                    }
                }
            }
        }
    }
}

/// The groups of `--only`; `main` is the dependencies of the project.
pub(super) fn only_groups(names: &[String], project: &UvProject) -> Result<Selection, Verdict> {
    let mut selection = Selection::default();
    for name in names {
        if name == "main" {
            selection.main = true;
        } else {
            selection.groups.extend(known_group(name, project)?);
        }
    }
    Ok(selection)
}

/// A group of the project by its name in Poetry; nothing for `main`.
pub(super) fn known_group(name: &str, project: &UvProject) -> Result<Option<String>, Verdict> {
    if name == "main" {
        return Ok(None);
    }
    match named_group(&project.groups, name) {
        Some(group) => Ok(Some(group.to_owned())),
        None => Err(Verdict::left(format!("the project has no dependency group `{name}`"))),
    }
}

fn not_known(raw: &str) -> Verdict {
    Verdict::left(format!("`{raw}` is only known when the script runs"))
}

pub(super) fn extras(
    request: &mut Install,
    options: &Options<'_>,
    project: &UvProject,
) -> Result<(), Verdict> {
    if options.has(&["--all-extras"]) {
        request.selection.extras.extend(project.extras.iter().cloned());
    }
    for value in options.values(&["-E", "--extras"]) {
        let Ok(names) = lists(&[value]) else {
            request.unknown("--extra", value.raw);
            continue;
        };
        for name in names {
            let Some(extra) = named_group(&project.extras, &name) else {
                return Err(Verdict::left(format!("the project has no extra `{name}`")));
            };
            request.selection.extras.insert(extra.to_owned());
        }
    }
    Ok(())
}

/// Poetry installs the project itself, too, unless it is told not to or only the dependencies are packaged.
fn root(options: &Options<'_>, project: &UvProject, request: &mut Install) {
    if !project.is_package {
        return;
    }
    if options.has(&["--no-directory"]) {
        request.flag("--no-install-local");
    } else if options.has(&["--no-root"]) && request.selection.main {
        request.flag("--no-install-project");
    } else if !request.selection.main {
        request.note("Poetry also installs the project itself there, and uv does not");
        request.review = !options.has(&["--no-root"]);
        if options.has(&["--no-root"]) {
            request.notes.pop();
        }
    }
}

/// `poetry install --only-root`, mostly after `--no-root` in an earlier layer.
fn only_root(scope: &mut Scope, project: &UvProject) -> Verdict {
    if let Some(selection) = scope.synced.clone() {
        let new = format!("uv sync {}", sync_flags(project, &selection));
        return Verdict::safe(new.trim(), "with the project itself, beside what is installed already");
    }
    scope.has_additions = true;
    Verdict::review(
        "uv pip install --no-deps --editable .",
        "the project alone, without what it depends on; uv wants an environment to be there",
    )
}

/// `poetry update`: newer versions in the lock, and installed.
pub(super) fn update(poetry: &Poetry<'_, '_>, scope: &mut Scope) -> Verdict {
    let options = poetry.options(&FLAGS, &VALUES);
    if let Some(word) = options.unknown {
        return unknown_option("Poetry", poetry.call.script, word);
    }
    let script = poetry.call.script;
    let packages = options.positional.iter().map(|word| format!("--upgrade-package {}", word.raw(script)));
    let mut packages: Vec<String> = packages.collect();
    if packages.is_empty() {
        packages.push("--upgrade".to_owned());
    }
    if options.has(&["--lock"]) || options.has(&["--dry-run"]) {
        packages.insert(0, "uv lock".to_owned());
        if options.has(&["--dry-run"]) {
            packages.push("--dry-run".to_owned());
        }
        return Verdict::safe(
            packages.join(" "),
            "newer versions in the lock, within the limits of pyproject.toml",
        );
    }
    let mut request = match request(poetry, &options) {
        Ok(request) => request,
        Err(verdict) => return verdict,
    };
    request.lock = Lock::Renewed;
    request.flags.extend(packages);
    request.note("newer versions are locked first");
    request.verdict("Poetry", scope, poetry.project)
}
