//! `pipenv install`, `sync`, `update`, `uninstall`.

use std::collections::BTreeSet;

use super::{Pipenv, packages};
use crate::context::{Selection, UvProject};
use crate::engine::Scope;
use crate::manager::{self, Change, Install, Lock, Table, lists, named_group, unknown_option};
use crate::options::Options;
use crate::rules::Verdict;

const FLAGS: [&str; 10] = [
    "--system",
    "--deploy",
    "--dev",
    "-d",
    "--pre",
    "--ignore-pipfile",
    "--skip-lock",
    "--all",
    "--clean",
    "--dry-run",
];
const VALUES: [&str; 9] = [
    "--categories",
    "--extras",
    "--config-settings",
    "-i",
    "--index",
    "-r",
    "--requirements",
    "-e",
    "--editable",
];

pub(super) fn install(pipenv: &Pipenv<'_, '_>, scope: &mut Scope) -> Verdict {
    let options = pipenv.options(&FLAGS, &VALUES);
    if let Some(verdict) = not_for_uv(pipenv, &options) {
        return verdict;
    }
    if pipenv.call.name == "install" && adds(&options, pipenv.project) {
        return add(pipenv, &options);
    }
    let mut request = match request(pipenv, &options) {
        Ok(request) => request,
        Err(verdict) => return verdict,
    };
    if options.has(&["--ignore-pipfile"]) {
        request.lock = Lock::Frozen;
    }
    if options.has(&["--system"]) {
        request.note("into `.venv` of the project, not into the Python of the system");
    }
    if options.has(&["--skip-lock"]) {
        request.note("Pipenv takes the newest versions there, uv those of the lock");
        request.review = true;
    }
    request.verdict("Pipenv", scope, pipenv.project)
}

fn not_for_uv(pipenv: &Pipenv<'_, '_>, options: &Options<'_>) -> Option<Verdict> {
    if let Some(word) = options.unknown {
        return Some(unknown_option("Pipenv", pipenv.call.script, word));
    }
    if options.has(&["-r", "--requirements"]) {
        let file =
            options.values(&["-r", "--requirements"]).last().map(|value| value.raw).unwrap_or_default();
        return Some(manager::left(
            "it takes the requirements of a file over into the project",
            format!("uv add -r {file}"),
        ));
    }
    for name in ["--extra-pip-args", "--pypi-mirror", "-i", "--index", "--config-settings"] {
        if options.has(&[name]) {
            return Some(Verdict::left(format!(
                "uv takes no `{name}` for one installation of a project; [tool.uv] has a place for such settings"
            )));
        }
    }
    None
}

/// Whether packages are named, or something other than the project itself is made editable.
fn adds(options: &Options<'_>, project: &UvProject) -> bool {
    let itself = |raw: &str| raw.trim_matches(['"', '\'']).trim_end_matches('/') == "." && project.is_package;
    !options.positional.is_empty()
        || options.values(&["-e", "--editable"]).iter().any(|value| !itself(value.raw))
}

fn add(pipenv: &Pipenv<'_, '_>, options: &Options<'_>) -> Verdict {
    let script = pipenv.call.script;
    let mut change = Change::default();
    if options.has(&["--dev", "-d"]) {
        change.table = Table::Group("dev".to_owned());
    }
    if let Some(category) = options.values(&["--categories"]).last() {
        change.table = Table::group(category.raw);
    }
    change.packages = options.positional.iter().map(|word| word.raw(script).to_owned()).collect();
    let editable = options.values(&["-e", "--editable"]);
    if !editable.is_empty() {
        change.flags.push("--editable".to_owned());
        change.review |= !change.packages.is_empty();
        change.packages.extend(editable.iter().map(|value| value.raw.to_owned()));
    }
    if options.has(&["--pre"]) {
        change.flags.push("--prerelease allow".to_owned());
    }
    if options.has(&["--skip-lock"]) {
        change.flags.push("--frozen".to_owned());
    }
    manager::add("Pipenv", &change)
}

/// What is selected: the packages alone, unless more is asked for. The migration made the group `dev` of `[dev-packages]`.
fn request(pipenv: &Pipenv<'_, '_>, options: &Options<'_>) -> Result<Install, Verdict> {
    let project = pipenv.project;
    let mut request = Install::of(packages(project));
    let categories = options.values(&["--categories"]);
    if options.has(&["--all"]) {
        request.selection.groups.extend(project.groups.iter().cloned());
    }
    if options.has(&["--dev", "-d"]) {
        request.selection.groups.extend(named_group(&project.groups, "dev").map(str::to_owned));
    }
    let not_known = |raw: String| Verdict::left(format!("`{raw}` is only known when the script runs"));
    if !categories.is_empty() {
        request.selection = of_categories(&lists(&categories).map_err(not_known)?, project)?;
    }
    for name in lists(&options.values(&["--extras"])).map_err(not_known)? {
        let Some(group) = named_group(&project.groups, &name) else { return Err(no_category(&name)) };
        request.selection.groups.insert(group.to_owned());
    }
    if let Some(python) = pipenv.python(options) {
        request.flag(format!("--python {python}"));
    }
    Ok(request)
}

fn of_categories(names: &[String], project: &UvProject) -> Result<Selection, Verdict> {
    let mut selection = Selection { main: false, groups: BTreeSet::new(), extras: BTreeSet::new() };
    for name in names {
        let group = match name.as_str() {
            "packages" | "default" => {
                selection.join(&packages(project));
                continue;
            }
            "dev-packages" | "develop" => "dev",
            name => name,
        };
        let Some(group) = named_group(&project.groups, group) else { return Err(no_category(name)) };
        selection.groups.insert(group.to_owned());
    }
    Ok(selection)
}

fn no_category(name: &str) -> Verdict {
    Verdict::left(format!("the project has no dependency group for the category `{name}`"))
}

/// `pipenv update`: newer versions in the lock, and installed.
pub(super) fn update(pipenv: &Pipenv<'_, '_>, scope: &mut Scope) -> Verdict {
    let flags = ["--outdated", "--lock-only"];
    let options = pipenv.options(&[&FLAGS[..], &flags].concat(), &VALUES);
    if let Some(verdict) = not_for_uv(pipenv, &options) {
        return verdict;
    }
    if options.has(&["--outdated"]) {
        return manager::left("it only tells what is outdated", "uv tree --outdated --depth 1");
    }
    let script = pipenv.call.script;
    let packages = options.positional.iter().map(|word| format!("--upgrade-package {}", word.raw(script)));
    let mut packages: Vec<String> = packages.collect();
    if packages.is_empty() {
        packages.push("--upgrade".to_owned());
    }
    if options.has(&["--lock-only"]) || options.has(&["--dry-run"]) {
        let dry = if options.has(&["--dry-run"]) { " --dry-run" } else { "" };
        return Verdict::safe(
            format!("uv lock {}{dry}", packages.join(" ")),
            "newer versions in the lock, within the limits of pyproject.toml",
        );
    }
    match request(pipenv, &options) {
        Ok(mut request) => {
            request.lock = Lock::Renewed;
            request.flags.extend(packages);
            request.note("newer versions are locked first");
            request.verdict("Pipenv", scope, pipenv.project)
        }
        Err(verdict) => verdict,
    }
}

pub(super) fn uninstall(pipenv: &Pipenv<'_, '_>) -> Verdict {
    let options = pipenv.options(&["--all", "--all-dev", "--dev", "-d", "--skip-lock"], &["--categories"]);
    let script = pipenv.call.script;
    if let Some(word) = options.unknown {
        return unknown_option("Pipenv", script, word);
    }
    if options.positional.is_empty() {
        return Verdict::left("uv takes packages out one by one, by name");
    }
    let packages = options.positional.iter().map(|word| word.raw(script).to_owned()).collect();
    let mut change = Change { packages, ..Change::default() };
    if options.has(&["--dev", "-d"]) {
        change.table = Table::Group("dev".to_owned());
    }
    manager::remove("Pipenv", &change, pipenv.project)
}
