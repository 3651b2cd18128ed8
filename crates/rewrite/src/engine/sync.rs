//! `uv sync` for exactly a selection.

use crate::context::{Selection, UvProject};
use crate::engine::Scope;

/// The flags with which `uv sync` installs exactly a selection, and `--locked` when there is a lock. Empty when there is
/// nothing to say.
pub(crate) fn sync_flags(project: &UvProject, selection: &Selection) -> String {
    let mut flags: Vec<String> = Vec::new();
    if project.locked {
        flags.push("--locked".to_owned());
    }
    flags.extend(selection_flags(project, selection));
    flags.join(" ")
}

/// The flags that choose groups and extras, for `uv sync`, `uv run` and `uv export`.
pub(crate) fn selection_flags(project: &UvProject, selection: &Selection) -> Vec<String> {
    if !selection.main {
        return selection.groups.iter().map(|group| format!("--only-group {group}")).collect();
    }
    let mut flags: Vec<String> = Vec::new();
    let defaults = &project.default_groups;
    let kept = defaults.intersection(&selection.groups).count();
    if kept == defaults.len() {
        // All of them come by themselves.
    } else if kept > 0 {
        flags.extend(defaults.difference(&selection.groups).map(|group| format!("--no-group {group}")));
    } else if defaults.len() == 1 && defaults.contains("dev") {
        flags.push("--no-dev".to_owned());
    } else {
        flags.push("--no-default-groups".to_owned());
    }
    flags.extend(selection.groups.difference(defaults).map(|group| format!("--group {group}")));
    flags.extend(selection.extras.iter().map(|extra| format!("--extra {extra}")));
    flags
}

/// `uv sync` with its flags, for the union of a selection with what the scope has synced; the scope is told.
pub(crate) fn sync(scope: &mut Scope, project: &UvProject, selection: &Selection) -> String {
    let mut union = selection.clone();
    if let Some(before) = &scope.synced {
        union.join(before);
    }
    let flags = sync_flags(project, &union);
    if scope.environment == super::Environment::System {
        scope.environment = super::Environment::Uv;
    }
    // What a branch before may have installed stays, as it does with pip.
    scope.maybe = scope.maybe.take().filter(|maybe| !union.covers(maybe));
    scope.certain = Some(union.clone());
    scope.certain_in = scope.active_in();
    scope.synced = Some(union);
    scope.has_uv = true;
    // So does what was added with `uv pip install`, or by another target.
    let keeps = scope.has_additions || scope.keeps_others || scope.maybe.is_some();
    let inexact = if keeps { " --inexact" } else { "" };
    if flags.is_empty() { format!("uv sync{inexact}") } else { format!("uv sync {flags}{inexact}") }
}
