//! `pdm install`, `sync`, `update`.

use super::Pdm;
use crate::context::{Selection, UvProject};
use crate::engine::Scope;
use crate::manager::{Install, Lock, lists, named_group};
use crate::options::Options;
use crate::rules::Verdict;

const FLAGS: [&str; 18] = [
    "--no-default",
    "-d",
    "--dev",
    "--prod",
    "--production",
    "--no-editable",
    "--no-self",
    "--check",
    "--frozen-lockfile",
    "--no-lock",
    "--dry-run",
    "--clean",
    "--only-keep",
    "--clean-unselected",
    "-r",
    "--reinstall",
    "--no-sync",
    "--pre",
];
pub(super) const VALUES: [&str; 4] = ["-G", "--group", "--with", "--without"];

pub(super) fn install(pdm: &Pdm<'_, '_>, scope: &mut Scope) -> Verdict {
    let options = pdm.options(&FLAGS, &VALUES);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    match request(pdm, &options) {
        Ok(request) => request.verdict("PDM", scope, pdm.project),
        Err(verdict) => verdict,
    }
}

/// `pdm update`: newer versions in the lock, and installed.
pub(super) fn update(pdm: &Pdm<'_, '_>, scope: &mut Scope) -> Verdict {
    let flags = ["--update-reuse", "--update-eager", "--update-all", "-t", "--top", "--outdated"];
    let options = pdm.options(&[&FLAGS[..], &flags].concat(), &VALUES);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let script = pdm.call.script;
    let packages = options.positional.iter().map(|word| format!("--upgrade-package {}", word.raw(script)));
    let mut packages: Vec<String> = packages.collect();
    if packages.is_empty() {
        packages.push("--upgrade".to_owned());
    }
    if options.has(&["--no-sync", "--dry-run", "--outdated"]) {
        let dry = if options.has(&["--no-sync"]) { "" } else { " --dry-run" };
        let new = format!("uv lock {}{dry}", packages.join(" "));
        return Verdict::safe(new, "newer versions in the lock, within the limits of pyproject.toml");
    }
    match request(pdm, &options) {
        Ok(mut request) => {
            request.lock = Lock::Renewed;
            request.flags.extend(packages);
            request.note("newer versions are locked first");
            request.verdict("PDM", scope, pdm.project)
        }
        Err(verdict) => verdict,
    }
}

fn request(pdm: &Pdm<'_, '_>, options: &Options<'_>) -> Result<Install, Verdict> {
    let project = pdm.project;
    let (selection, unknown) = selection(options, project)?;
    let mut request = Install::of(selection);
    request.directory.clone_from(&pdm.directory);
    for raw in unknown {
        request.unknown("--group", &raw);
    }
    if options.has(&["--no-self"]) && project.is_package && request.selection.main {
        request.flag("--no-install-project");
    }
    if options.has(&["--frozen-lockfile", "--no-lock"]) {
        request.lock = Lock::Frozen;
    }
    for (names, flag) in [
        (["--no-editable", "--no-editable"], "--no-editable"),
        (["--dry-run", "--dry-run"], "--dry-run"),
        (["-r", "--reinstall"], "--reinstall"),
    ] {
        if options.has(&names) {
            request.flag(flag);
        }
    }
    Ok(request)
}

/// What is selected. PDM installs every group of `[dependency-groups]` unless it is told not to, and the migration made all
/// of them default groups; extras only when they are named.
pub(super) fn selection(
    options: &Options<'_>,
    project: &UvProject,
) -> Result<(Selection, Vec<String>), Verdict> {
    let mut selection = project.default_selection();
    let mut unknown = Vec::new();
    if options.has(&["--prod", "--production"]) {
        selection.groups.clear();
    }
    if options.has(&["--no-default"]) {
        selection.main = false;
    }
    for value in options.values(&["-G", "--group", "--with"]) {
        match lists(&[value]) {
            Err(raw) => unknown.push(raw),
            Ok(names) => {
                for name in names {
                    add(&name, &mut selection, project)?;
                }
            }
        }
    }
    let without = lists(&options.values(&["--without"]))
        .map_err(|raw| Verdict::left(format!("`{raw}` is only known when the script runs")))?;
    if !without.is_empty()
        && !options.has(&["-G", "--group", "--with", "-d", "--dev", "--prod", "--production"])
    {
        // PDM starts from everything then.
        selection.extras.extend(project.extras.iter().cloned());
    }
    for name in &without {
        if let Some(group) = named_group(&project.groups, name) {
            selection.groups.remove(group);
        } else if let Some(extra) = named_group(&project.extras, name) {
            selection.extras.remove(extra);
        }
    }
    if !selection.main && !selection.extras.is_empty() {
        return Err(Verdict::left("uv installs an extra only with the project that it belongs to"));
    }
    Ok((selection, unknown))
}

fn add(name: &str, selection: &mut Selection, project: &UvProject) -> Result<(), Verdict> {
    if name == ":all" {
        selection.extras.extend(project.extras.iter().cloned());
    } else if name == "default" {
        selection.main = true;
    } else if let Some(extra) = named_group(&project.extras, name) {
        selection.extras.insert(extra.to_owned());
    } else if let Some(group) = named_group(&project.groups, name) {
        selection.groups.insert(group.to_owned());
    } else {
        return Err(Verdict::left(format!("the project has no group and no extra `{name}`")));
    }
    Ok(())
}
