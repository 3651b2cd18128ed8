//! Caches of what pip and its kin download: setup-uv keeps what uv does.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use super::File;
use super::job::Job;
use super::step::{Kind, Step};
use crate::context::matches;
use crate::model::{Edit, Left};
use crate::yaml::Node;

/// Folders of downloads and environments.
const FOLDERS: &[&str] = &[
    ".cache/pip",
    "Library/Caches/pip",
    "pip\\Cache",
    "pip/Cache",
    ".cache/pypoetry",
    "pypoetry",
    ".cache/pipenv",
    ".cache/pdm",
    "share/virtualenvs",
    "env.pythonLocation",
];

/// The folders that more than one job of a workflow keeps in a cache: one job fills it for the others.
pub(super) fn shared(jobs: Option<Node<'_>>) -> BTreeSet<String> {
    let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for job in jobs.into_iter().flat_map(Node::entries) {
        let steps = job.value.get("steps").into_iter().flat_map(Node::items).map(Node::resolved);
        let caches = steps.filter(|step| {
            step.get("uses").and_then(Node::as_str).is_some_and(|uses| uses.starts_with("actions/cache"))
        });
        let paths = caches.filter_map(|step| step.at(&["with", "path"])?.as_str());
        let own: BTreeSet<String> = paths.map(|path| path.trim().to_owned()).collect();
        shared.extend(own.iter().filter(|path| seen.contains(*path)).cloned());
        seen.extend(own);
    }
    shared
}

/// Whether a job has an environment from another job, or for one.
pub(super) fn hands_on(file: &File<'_>, job: &Job<'_>) -> bool {
    job.steps.iter().any(|step| is_shared(file, step))
}

fn is_shared(file: &File<'_>, step: &Step<'_>) -> bool {
    let path = step.input("path").and_then(Node::as_str).unwrap_or_default().trim();
    let is_environment = path.lines().any(|line| {
        let name = line.trim().trim_start_matches("./").trim_end_matches('/');
        let name = name.rsplit('/').next().unwrap_or(name);
        matches!(name, ".venv" | "venv" | "env")
            || line.contains("virtualenvs")
            || line.contains("pythonLocation")
    });
    is_environment && file.shared.contains(path)
}

/// Caches of a job that nothing fills any more go.
pub(super) fn rewrite<'y>(file: &mut File<'y>, job: &Job<'y>) {
    for step in job.steps.iter().filter(|step| step.kind == Kind::Cache) {
        if is_shared(file, step) {
            continue;
        }
        let paths = step.input("path").and_then(Node::as_str).unwrap_or_default();
        let mut lines = paths.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        if lines.peek().is_none() || !lines.all(|line| is_of_pip(job, line)) {
            tell_key(file, job, step);
            continue;
        }
        if job.run.still_installs() || !drop_step(file, job, step) {
            tell_key(file, job, step);
        }
    }
}

/// Whether a path holds only what pip or its kin put there.
fn is_of_pip(job: &Job<'_>, path: &str) -> bool {
    if FOLDERS.iter().any(|folder| path.contains(folder)) {
        return true;
    }
    let name = path.trim_start_matches("./").trim_end_matches('/');
    if matches!(name, ".venv" | "venv") {
        return true;
    }
    // What a step printed: `pip cache dir`.
    let Some(id) = path.split("steps.").nth(1).and_then(|rest| rest.split('.').next()) else { return false };
    let step = job.steps.iter().find(|step| step.text("id") == Some(id));
    step.and_then(|step| step.text("run")).is_some_and(is_question)
}

/// Takes a cache away, with the conditions on it, when nothing else asks for it.
fn drop_step<'y>(file: &mut File<'y>, job: &Job<'y>, step: &Step<'y>) -> bool {
    let Some(change) = step.node.without_item() else { return false };
    let mut conditions = Vec::new();
    if let Some(id) = step.text("id") {
        let name = format!("steps.{id}.");
        let named = job.home.node().raw().matches(&name).count();
        let missed = format!("steps.{id}.outputs.cache-hit != 'true'");
        for other in &job.steps {
            let Some(entry) = other.node.entry("if") else { continue };
            let text = entry.value.as_str().unwrap_or_default();
            let plain = text.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
            if plain == missed
                || plain == missed.replace('\'', "\"")
                || plain == format!("!steps.{id}.outputs.cache-hit")
            {
                conditions.push((other, entry));
            }
        }
        // What runs when nothing was kept has to be an installation, which uv does anew.
        let moves = |(other, _): &(&Step<'y>, _)| {
            let mut done = job.run.done.iter().filter(|done| !done.outcome.edits.is_empty());
            done.any(|done| done.step.node.span() == other.node.span())
        };
        if conditions.len() != named || !conditions.iter().all(moves) {
            return false;
        }
    }
    let reason = "setup-uv keeps what uv downloads";
    let group = file.group;
    for (other, entry) in conditions {
        let goes = |edit: &crate::model::Edit| {
            let span = other.node.span();
            edit.span.start <= span.start && span.end <= edit.span.end
        };
        if file.found.edits.iter().any(goes) {
            continue;
        }
        let Some(change) = entry.without() else { return false };
        file.found.edits.push(change.edit("cache", reason, Safety::Safe, group));
    }
    file.found.edits.push(change.edit("cache", reason, Safety::Safe, group));
    drop_question(file, job, step);
    true
}

/// The step that only asked where the cache is goes, too.
fn drop_question<'y>(file: &mut File<'y>, job: &Job<'y>, cache: &Step<'y>) {
    let path = cache.input("path").and_then(Node::as_str).unwrap_or_default();
    let Some(id) = path.split("steps.").nth(1).and_then(|rest| rest.split('.').next()) else { return };
    let Some(step) = job.steps.iter().find(|step| step.text("id") == Some(id)) else { return };
    let is_question = step.text("run").is_some_and(|run| {
        let mut lines = run.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.all(|line| line.starts_with("echo ") && is_question(line) && line.contains("GITHUB_OUTPUT"))
    });
    if !is_question || job.still_names(file, &format!("steps.{id}.")) {
        return;
    }
    let Some(change) = step.node.without_item() else { return };
    let span = step.node.whole();
    file.found.edits.retain(|edit| edit.span.start < span.start || edit.span.end > span.end);
    file.found.left.retain(|left| left.span.start < span.start || left.span.end > span.end);
    file.found.edits.push(change.edit("cache", "nothing asks for it any more", Safety::Safe, file.group));
}

fn is_question(run: &str) -> bool {
    ["pip cache dir", "poetry config cache-dir", "poetry env info"].iter().any(|it| run.contains(it))
}

/// A cache that stays may have a key that is made of files that went: it is made of the lock then.
fn tell_key(file: &mut File<'_>, job: &Job<'_>, step: &Step<'_>) {
    let keys: Vec<Node<'_>> =
        ["key", "restore-keys"].into_iter().filter_map(|name| step.input(name)).collect();
    let mut changed = false;
    for key in keys.iter().filter(|_| !job.run.still_installs()) {
        let Some(script) = key.script() else { continue };
        let edits = hashed(file, script.text());
        changed |= !edits.is_empty();
        let group = file.group;
        file.found.edits.extend(script.edits(edits).into_iter().map(|edit| Edit { together: group, ..edit }));
    }
    let Some(key) = keys.first().filter(|_| !changed) else { return };
    let text = key.as_str().unwrap_or_default();
    let old = ["requirements", "poetry.lock", "Pipfile", "pdm.lock", "setup.py"];
    if old.iter().any(|name| text.contains(name)) && !text.contains("uv.lock") {
        let reason = "the key of this cache is made of files that no longer say what is installed".to_owned();
        let suggestion = Some("hashFiles('uv.lock')".to_owned());
        file.found.left.push(Left { span: key.span(), reason, suggestion });
    }
}

/// `hashFiles('requirements.txt')` with the lock in the place of files that went.
fn hashed(file: &File<'_>, key: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (at, call) in key.match_indices("hashFiles(") {
        let start = at + call.len();
        let Some(inside) = key.get(start..).and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside)
        else {
            continue;
        };
        let mut patterns: Vec<String> = Vec::new();
        let mut is_known = true;
        for pattern in inside.split(',').map(str::trim) {
            let plain = pattern.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            is_known &= plain.is_some();
            let new = plain.and_then(|pattern| lock_for(file, pattern)).map(|lock| format!("'{lock}'"));
            let new = new.unwrap_or_else(|| pattern.to_owned());
            if !patterns.contains(&new) {
                patterns.push(new);
            }
        }
        let new = patterns.join(", ");
        if is_known && new != inside {
            let reason = "what is installed is fixed by the lock".to_owned();
            let span = start..start + inside.len();
            edits.push(Edit { span, new, rule: "cache-key", reason, safety: Safety::Safe, together: 0 });
        }
    }
    edits
}

/// The lock in the place of what a pattern finds, when all of that went.
fn lock_for(file: &File<'_>, pattern: &str) -> Option<String> {
    let names = crate::pipeline::Caches { context: file.context, folder: "" };
    if let Some(lock) = names.lock(pattern) {
        return Some(lock);
    }
    let context = file.context;
    let mut went = context.became.keys().filter(|path| matches(pattern, path));
    let lock = names.lock(went.next()?)?;
    let is_one = went.all(|path| names.lock(path).as_ref() == Some(&lock));
    let stays = context.requirement_files.iter().any(|path| matches(pattern, path));
    (is_one && !stays).then(|| if pattern.starts_with("**/") { "**/uv.lock".to_owned() } else { lock })
}
