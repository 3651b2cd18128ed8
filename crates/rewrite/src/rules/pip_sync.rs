//! `pip-sync`: `uv sync` for what became a part of pyproject.toml, else `uv pip sync`.

use crate::context::{Became, Context, Selection};
use crate::engine::{Scope, sync};
use crate::install::Place;
use crate::install::args::{Item, items, render};
use crate::install::plain::is_foreign;
use crate::install::project::with_doubts;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-sync",
    summary: "`pip-sync` becomes `uv sync` for what is in pyproject.toml now, else `uv pip sync`",
    programs: &["pip-sync", "piptools"],
    apply,
};

const FLAGS: &[&str] = &["-n", "--dry-run", "--no-index", "-v", "--verbose", "-q", "--quiet", "--no-config"];

const VALUES: &[&str] =
    &["-f", "--find-links", "-i", "--index-url", "--extra-index-url", "--trusted-host", "--cert"];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let is_module = invocation.program == "piptools";
    if is_module && invocation.subcommand().as_deref() != Some("sync") {
        return Verdict::NotMine;
    }
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    let mut all = match items(invocation.script, invocation.args, FLAGS, VALUES) {
        Ok(all) => all,
        Err(word) => return Verdict::left(format!("uv pip sync has no `{}`", word.raw(invocation.script))),
    };
    if is_module {
        let at = all.iter().position(|item| item.name.is_empty() && item.raw == "sync");
        at.map(|at| all.remove(at));
    }
    scope.has_uv = true;
    if let Some(verdict) = in_project(&all, scope, context) {
        return verdict;
    }
    let args = render(invocation.script, invocation.args, &all, |_, item| match item.name.as_str() {
        "-n" => Some("--dry-run".to_owned()),
        "--no-config" => None,
        _ => Some(item.written()),
    });
    let files = if all.iter().any(|item| item.name.is_empty()) { "" } else { " requirements.txt" };
    let flag = Place::of(invocation, scope).flag().map(|flag| format!(" {flag}")).unwrap_or_default();
    with_doubts(format!("uv pip sync{flag}{args}{files}"), "uv makes the environment the same", &[])
}

/// `uv sync` for exactly what the files have.
fn in_project(all: &[Item<'_>], scope: &mut Scope, context: &Context) -> Option<Verdict> {
    let folder = scope.folder.clone().unwrap_or_default();
    let project = context.project(&folder)?;
    let mut files: Vec<String> =
        all.iter().filter(|item| item.name.is_empty()).filter_map(Item::text).collect();
    if files.is_empty() {
        files.push("requirements.txt".to_owned());
    }
    let mut selection = Selection::default();
    for file in &files {
        match context.became(&folder, file)? {
            Became::Selection(part) => selection.join(part),
            Became::Constraints => {}
        }
    }
    // Whatever else is in the environment goes, as it does with `pip-sync`.
    scope.synced = None;
    scope.maybe = None;
    scope.certain = None;
    scope.has_additions = false;
    Some(with_doubts(
        sync(scope, project, &selection),
        "pyproject.toml and uv.lock have what the files had",
        &[],
    ))
}
