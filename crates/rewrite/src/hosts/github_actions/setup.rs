//! setup-python becomes setup-uv, or stands beside it.

use uvshift_diagnostics::Safety;

use super::File;
use super::job::Job;
use super::new_step;
use super::python::{Asked, asked, unquoted};
use super::step::{Kind, Step, is_pinned};
use crate::actions::Action;
use crate::model::Left;
use crate::yaml::{Change, Entry, Kind as NodeKind, Node};

const RULE: &str = "setup-uv";

/// Inputs of setup-python and setup-pdm that setup-uv needs nothing for.
const DROPPED: &[&str] = &[
    "check-latest",
    "token",
    "allow-prereleases",
    "pip-version",
    "version",
    "prerelease",
    "enable-pep582",
    "allow-python-prereleases",
    "python-version-file",
    "cache-dependency-path",
    "update-python",
];

/// Sees to it that uv is there before the first step that uses it.
pub(super) fn rewrite<'y>(file: &mut File<'y>, job: &Job<'y>) {
    let pythons: Vec<&Step<'y>> = job.steps.iter().filter(|step| step.kind == Kind::SetupPython).collect();
    for python in &pythons {
        quote_versions(file, job, python);
    }
    if job.steps.iter().any(|step| step.kind == Kind::SetupUv) || job.run.installs_uv {
        installers(file, job, None);
        return;
    }
    match pythons.as_slice() {
        [python] if can_go(file, job, python) => {
            match late_checkout(job, python) {
                Some(checkout) => move_behind(file, job, python, checkout),
                None => replace(file, job, python),
            }
            installers(file, job, None);
        }
        [] => without_python(file, job),
        pythons => {
            beside(file, job, pythons);
            installers(file, job, None);
        }
    }
}

/// The checkout that stands behind setup-python, which setup-uv needs to find the lock.
fn late_checkout<'a, 'y>(job: &'a Job<'y>, python: &Step<'y>) -> Option<&'a Step<'y>> {
    let first = job.run.first_use().unwrap_or(usize::MAX);
    let behind = job.steps.iter().take(first).skip_while(|step| step.node.span() != python.node.span());
    behind.filter(|step| step.kind == Kind::Checkout).last()
}

/// setup-python goes, and setup-uv comes behind the checkout.
fn move_behind<'y>(file: &mut File<'y>, job: &Job<'y>, python: &Step<'y>, checkout: &Step<'y>) {
    let reason = "uv brings the Python that is asked for, and looks for the lock behind the checkout";
    let span = python.node.whole();
    let mut wanted: Vec<String> =
        python.node.get("with").filter(|with| with.is_mapping()).map(kept_lines).unwrap_or_default();
    wanted.extend(inputs(file, job, python));
    let Some(change) = python.node.without_item() else { return };
    file.found.edits.retain(|edit| edit.span.start < span.start || edit.span.end > span.end);
    push(file, Some(change), reason);
    let change = new_step::behind(file, job, checkout, &wanted);
    push(file, change, reason);
}

/// Whether nothing but uv needs the Python of setup-python.
fn can_go(file: &File<'_>, job: &Job<'_>, python: &Step<'_>) -> bool {
    let is_set = |key: &str| python.input(key).is_some();
    let is_named =
        python.text("id").is_some_and(|id| job.still_names(file, &format!("steps.{id}.outputs.python")));
    let has_project = file.context.project(&super::job::project_folder(&job.run)).is_some();
    let programs = job.run.programs(|_| true);
    let needs_python = programs.iter().any(|program| {
        let is_pip =
            matches!(program.as_str(), "pip" | "pip3" | "pipx" | "poetry" | "pipenv" | "pdm" | "conda");
        is_pip || (!job.active && (program.starts_with("python") || crate::pipeline::is_opaque(program)))
    });
    let in_python = |step: &Step<'_>| step.text("shell").is_some_and(|shell| shell.starts_with("python"));
    let is_own = python.node.entries().all(|entry| !entry.value.is_alias());
    has_project
        && is_own
        && asked(file, job, python) != Asked::Other
        && !["architecture", "freethreaded", "update-environment"].iter().any(|key| is_set(key))
        && !is_named
        && !job.still_names(file, "pythonLocation")
        && !python.is_conditional()
        && !needs_python
        && !job.run.has_left
        && !job.steps.iter().any(in_python)
        && !job
            .steps
            .iter()
            .any(|step| matches!(step.kind, Kind::Local | Kind::OtherPython(_) | Kind::PreCommit))
        && (job.active || !job.steps.iter().any(|step| step.kind == Kind::InEnvironment))
}

/// Versions that YAML reads as numbers are put in quotes, so that 3.10 is not 3.1.
fn quote_versions<'y>(file: &mut File<'y>, job: &Job<'y>, python: &Step<'y>) {
    let Some(version) = python.input("python-version") else { return };
    let group = file.group;
    for node in unquoted(file, job, version) {
        let Some(change) = node.with_quotes() else { continue };
        let reason = "without quotes it is a number, and 3.10 would be 3.1";
        let edit = change.edit("quote-version", reason, Safety::Safe, group);
        if !file.found.edits.iter().any(|found| found.span == edit.span) {
            file.found.edits.push(edit);
        }
    }
}

/// setup-uv in the place of setup-python.
fn replace<'y>(file: &mut File<'y>, job: &Job<'y>, python: &Step<'y>) {
    let reason = "uv brings the Python that is asked for, and keeps what it downloads";
    let mut wanted = inputs(file, job, python);
    let uses = uses(file, python);
    push(file, uses, reason);
    rename(file, python);
    let Some(with) = python.node.entry("with") else {
        add_with(file, python, &wanted, reason);
        return;
    };
    let mapping = with.value;
    let is_own = mapping.kind() == NodeKind::Mapping { flow: false };
    if !is_own {
        let all: Vec<String> = kept_lines(mapping).into_iter().chain(wanted).collect();
        let span = mapping.span();
        file.found.edits.retain(|edit| edit.span.start < span.start || edit.span.end > span.end);
        let new = format!("{{{}}}", all.join(", "));
        let change = mapping.is_flow().then_some(Change { span, new });
        push(file, change, reason);
        return;
    }
    let kept = mapping.entries().filter(|entry| is_kept(entry)).count();
    if kept == 0 && wanted.is_empty() {
        push(file, with.without(), reason);
        return;
    }
    block_inputs(file, mapping, kept, &mut wanted, reason);
}

/// The inputs of setup-python one by one: they stay, go, or make place for those of setup-uv.
fn block_inputs<'y>(
    file: &mut File<'y>,
    mapping: Node<'y>,
    kept: usize,
    wanted: &mut Vec<String>,
    reason: &str,
) {
    let going = mapping.entries().filter(|entry| !is_kept(entry)).count();
    let mut left = going;
    for entry in mapping.entries().filter(|entry| !is_kept(entry)) {
        left -= 1;
        let is_last = left == 0;
        if wanted.is_empty() || (!is_last && kept + wanted.len() > 1 && entry.key.as_str() != Some("cache")) {
            push(file, entry.without(), reason);
            continue;
        }
        let takes = if is_last { std::mem::take(wanted) } else { vec![wanted.remove(0)] };
        let indent = " ".repeat(entry.key.column());
        let new = takes.join(&format!("\n{indent}"));
        push(file, Some(Change { span: entry.span(), new }), reason);
    }
    if !wanted.is_empty()
        && let Some(last) = mapping.entries().next_back()
    {
        push(file, Some(last.with_entry_after(&wanted.join("\n"))), reason);
    }
}

fn is_kept(entry: &Entry<'_>) -> bool {
    let key = entry.key.as_str().unwrap_or_default();
    key != "cache" && !DROPPED.contains(&key)
}

fn kept_lines(mapping: Node<'_>) -> Vec<String> {
    let entries = mapping.entries().filter(is_kept);
    entries.map(|entry| format!("{}: {}", entry.key.raw(), quoted_version(entry.value))).collect()
}

/// What setup-uv is told beside the version of Python.
fn inputs(file: &File<'_>, job: &Job<'_>, python: &Step<'_>) -> Vec<String> {
    let mut wanted = Vec::new();
    if let Some(cache) = python.input("cache") {
        let is_off = matches!(cache.as_str(), Some("" | "false"));
        let is_computed = cache.as_str().is_some_and(|it| it.contains("${{"));
        if !is_off && !is_computed {
            wanted.push("enable-cache: true".to_owned());
        }
    }
    wanted.extend(active_inputs(file, job));
    wanted
}

/// What puts the environment on `PATH`.
fn active_inputs(file: &File<'_>, job: &Job<'_>) -> Vec<String> {
    let mut wanted = Vec::new();
    if job.active {
        wanted.push("activate-environment: true".to_owned());
        let folder = super::job::project_folder(&job.run);
        let project = file.context.project(&folder).map(|project| project.folder.clone()).unwrap_or_default();
        if !project.is_empty() {
            wanted.push(format!("working-directory: {}", file.yaml.scalar(&project)));
        }
    }
    wanted
}

/// The action of a step becomes setup-uv, by tag or by commit as it was.
fn uses(file: &File<'_>, step: &Step<'_>) -> Option<Change> {
    let uses = step.node.get("uses")?;
    let action = Action::named("astral-sh/setup-uv")?;
    if !uses.as_str().is_some_and(is_pinned) {
        return Some(uses.with_value(&action.by_tag()));
    }
    // The comment behind a commit names its version.
    let text = file.yaml.text();
    let end = uses.span().end;
    let line = text.get(end..).and_then(|rest| rest.split(['\n', '\r']).next()).unwrap_or_default();
    let comment = if line.trim_start().starts_with('#') { line.len() } else { 0 };
    Some(Change { span: uses.span().start..end + comment, new: action.by_commit() })
}

/// A name that says what is set up, such as `Install Poetry`, says uv.
fn rename<'y>(file: &mut File<'y>, step: &Step<'y>) {
    let Some(name) = step.node.get("name") else { return };
    let Some(text) = name.as_str() else { return };
    let tools = ["Poetry", "poetry", "PDM", "pdm", "Pipenv", "pipenv", "Hatch", "hatch", "Rye", "rye"];
    let words: Vec<&str> =
        text.split(' ').map(|word| if tools.contains(&word) { "uv" } else { word }).collect();
    let new = words.join(" ");
    if new != text {
        push(file, Some(name.with_value(&new)), "the step sets uv up");
    }
}

fn add_with<'y>(file: &mut File<'y>, step: &Step<'y>, wanted: &[String], reason: &str) {
    let Some(uses) = step.node.entry("uses").filter(|_| !wanted.is_empty()) else { return };
    let indent = " ".repeat(file.yaml.indentation());
    let lines = wanted.join(&format!("\n{indent}"));
    push(file, Some(uses.with_entry_after(&format!("with:\n{indent}{lines}"))), reason);
}

/// A new step behind setup-python, which something else needs.
fn beside<'y>(file: &mut File<'y>, job: &Job<'y>, pythons: &[&Step<'y>]) {
    let Some(python) = pythons.last() else { return };
    let mut wanted = Vec::new();
    let is_one = pythons.len() == 1 && !python.is_conditional();
    let asked = asked(file, job, python);
    let has_project = file.context.project(&super::job::project_folder(&job.run)).is_some();
    if is_one && has_project {
        match asked {
            Asked::Same => {
                let raw = python.input("python-version").map(|node| quoted_version(node));
                wanted.extend(raw.map(|raw| format!("python-version: {raw}")));
            }
            Asked::Other => wanted.push(format!("python-version: {}", path_of(file, python))),
            Asked::Nothing | Asked::File => {}
        }
    }
    if let Some(cache) = python.node.at(&["with"]).and_then(|with| with.entry("cache")) {
        let is_pip = cache.value.as_str().is_some_and(|it| !it.is_empty() && !it.contains("${{"));
        if is_pip && !job.run.still_installs() {
            wanted.insert(0, "enable-cache: true".to_owned());
            drop_cache(file, python);
        }
    }
    wanted.extend(active_inputs(file, job));
    let checkout = job.steps.iter().rposition(|step| step.kind == Kind::Checkout);
    let own = job.steps.iter().rposition(|step| step.node.span() == python.node.span());
    let first = job.run.first_use().unwrap_or(usize::MAX);
    let after = own.max(checkout.filter(|at| *at < first));
    let reason = "uv is needed from here on; setup-python stays for what else needs it";
    let Some(step) = after.and_then(|at| job.steps.get(at)) else { return };
    let change = new_step::behind(file, job, step, &wanted);
    push(file, change, reason);
}

/// A version as it is, with quotes where it needs them.
fn quoted_version(node: Node<'_>) -> String {
    node.with_quotes().map_or_else(|| node.raw().to_owned(), |change| change.new)
}

/// The Python that setup-python has put there.
fn path_of<'y>(file: &mut File<'y>, python: &Step<'y>) -> String {
    let id = python.text("id").unwrap_or("setup-python");
    if python.text("id").is_none() {
        let reason = "uv is told to use the Python that this step installs";
        let change = python.node.entry("uses").map(|uses| uses.with_entry_after("id: setup-python"));
        push(file, change, reason);
    }
    format!("${{{{ steps.{id}.outputs.python-path }}}}")
}

/// Nothing of pip is downloaded any more, and a cache of nothing fails.
fn drop_cache<'y>(file: &mut File<'y>, python: &Step<'y>) {
    let Some(with) = python.node.entry("with") else { return };
    let going: Vec<Entry<'y>> = with
        .value
        .entries()
        .filter(|entry| matches!(entry.key.as_str(), Some("cache" | "cache-dependency-path")))
        .collect();
    let reason = "setup-uv keeps what uv downloads";
    if going.len() == with.value.entries().count() {
        push(file, with.without(), reason);
    } else {
        for entry in going {
            push(file, entry.without(), reason);
        }
    }
}

/// A job that sets no Python up: setup-uv takes the place of an installer, or is new.
fn without_python<'y>(file: &mut File<'y>, job: &Job<'y>) {
    let wanted = active_inputs(file, job);
    let first = job.run.first_use().unwrap_or(usize::MAX);
    let installer = job.steps.iter().enumerate().find(|(at, step)| {
        matches!(step.kind, Kind::Installer(program) if *at < first && !job.run.runs(program))
            && !step.is_conditional()
    });
    let reason = "uv is needed from here on";
    if let Some((_, step)) = installer {
        let change = uses(file, step);
        push(file, change, "uv takes its place");
        rename(file, step);
        if let Some(with) = step.node.entry("with") {
            if wanted.is_empty() {
                push(file, with.without(), reason);
            } else {
                let indent = " ".repeat(with.value.column());
                let change = Change { span: with.value.span(), new: wanted.join(&format!("\n{indent}")) };
                push(file, Some(change), reason);
            }
        } else {
            add_with(file, step, &wanted, reason);
        }
        installers(file, job, Some(step));
        return;
    }
    installers(file, job, None);
    let checkout =
        job.steps.iter().take(first.saturating_add(1)).rposition(|step| step.kind == Kind::Checkout);
    if let Some(step) = checkout.and_then(|at| job.steps.get(at)) {
        let change = new_step::behind(file, job, step, &wanted);
        push(file, change, reason);
    } else if let Some(step) = job.steps.get(first) {
        let change = new_step::before(file, job, step, &wanted);
        push(file, change, reason);
    }
}

/// Installers whose programs nothing runs any more go.
fn installers<'y>(file: &mut File<'y>, job: &Job<'y>, except: Option<&Step<'y>>) {
    for step in &job.steps {
        let Kind::Installer(program) = step.kind else { continue };
        if except.is_some_and(|except| except.node.span() == step.node.span()) {
            continue;
        }
        let is_named = step.text("id").is_some_and(|id| job.still_names(file, &format!("steps.{id}.")));
        let change = step.node.without_item().filter(|_| !is_named && !job.run.runs(program));
        if change.is_some() {
            push(file, change, "uv does its work");
        } else if let Some(uses) = step.node.get("uses") {
            let reason = format!("{program} is still used");
            file.found.left.push(Left { span: uses.span(), reason, suggestion: None });
        }
    }
}

fn push(file: &mut File<'_>, change: Option<Change>, reason: &str) {
    let group = file.group;
    let edit = change.map(|change| change.edit(RULE, reason, Safety::Safe, group));
    file.found.edits.extend(edit);
}
