//! pre-commit: hooks of pip-tools, Poetry and PDM become those of uv, entries of local hooks are commands like any other.

mod repository;

use crate::Safety;
use crate::context::Context;
use crate::engine::{Scope, rewrite_script};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};
use crate::script;
use crate::yaml::{Change, Node, Yaml};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "pre-commit",
    title: "pre-commit",
    kind: Kind::Edited,
    is: |path, _| {
        matches!(path.rsplit('/').next(), Some(".pre-commit-config.yaml" | ".pre-commit-config.yml"))
    },
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

const RULE: &str = "pre-commit-hook";

/// Locks that are `uv.lock` now, as a pattern or a path names them.
const LOCKS: [(&str, &str); 6] = [
    ("poetry.lock", "uv.lock"),
    (r"poetry\.lock", r"uv\.lock"),
    ("Pipfile.lock", "uv.lock"),
    (r"Pipfile\.lock", r"uv\.lock"),
    ("pdm.lock", "uv.lock"),
    (r"pdm\.lock", r"uv\.lock"),
];

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            found.diagnostics.push(problem.diagnostic());
            return found;
        }
    };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(root) = yaml.root() else { return found };
    let Some(repos) = root.get("repos") else { return found };
    let there = repository::hooks_of_uv(repos);
    let mut renamed = Vec::new();
    for (number, repo) in (1..).zip(repos.items().map(Node::resolved)) {
        match repo.get("repo").and_then(Node::as_str) {
            Some("local") => local(repo, folder, context, &mut found),
            Some(_) => {
                let hooks = repository::Repository { node: repo, folder, context, number, there: &there };
                hooks.rewrite(&mut found, &mut renamed);
            }
            None => {}
        }
    }
    if context.project(folder).is_some() {
        skipped(root, &renamed, &mut found);
        for hook in repos.items().filter_map(|repo| repo.get("hooks")).flat_map(Node::items) {
            patterns(hook, &mut found);
        }
        patterns(root, &mut found);
    }
    found
}

/// Hooks of the repository itself: those that run a program of the machine.
fn local(repo: Node<'_>, folder: &str, context: &Context, found: &mut Rewritten) {
    let of_system = ["system", "script", "unsupported", "unsupported_script"];
    for hook in repo.get("hooks").into_iter().flat_map(Node::items).map(Node::resolved) {
        let language = hook.get("language").and_then(Node::as_str);
        if !language.is_some_and(|language| of_system.contains(&language)) {
            continue;
        }
        let Some(script) = hook.get("entry").and_then(Node::script) else { continue };
        let mut scope = Scope { folder: Some(folder.to_owned()), ..Scope::default() };
        let outcome = rewrite_script(script.text(), &mut scope, context);
        found.left.extend(script.left(outcome.left));
        if outcome.is_empty {
            found.left.extend(outcome.edits.into_iter().take(1).map(|edit| Left {
                span: script.place(&edit.span),
                reason: format!("the hook is of no use any more: {}", edit.reason),
                suggestion: None,
            }));
            continue;
        }
        script::add(found, script.edits(outcome.edits));
    }
}

/// `ci: skip:` names hooks.
fn skipped(root: Node<'_>, renamed: &[(String, &'static str)], found: &mut Rewritten) {
    for name in root.at(&["ci", "skip"]).into_iter().flat_map(Node::strings) {
        let new = renamed.iter().find(|(old, _)| Some(old.as_str()) == name.as_str());
        if let Some((_, new)) = new {
            found.edits.push(name.with_value(new).edit(RULE, "the hook has another name", Safety::Safe, 0));
        }
    }
}

/// `files` and `exclude` that name the lock of the tool before.
fn patterns(node: Node<'_>, found: &mut Rewritten) {
    for pattern in ["files", "exclude"].iter().filter_map(|key| node.entry(key)).map(|entry| entry.value) {
        let (Some(value), span) = (pattern.as_str(), pattern.span()) else { continue };
        let taken = |edit: &Edit| edit.span.start < span.end && span.start < edit.span.end;
        if !pattern.is_plain() && pattern.raw().contains('\n') || found.edits.iter().any(taken) {
            continue;
        }
        let new = LOCKS.iter().fold(value.to_owned(), |value, (old, new)| value.replace(old, new));
        if new != value {
            let reason = "the lock of the project is `uv.lock`";
            found.edits.push(pattern.with_value(&new).edit(RULE, reason, Safety::Safe, 0));
        }
    }
}

/// A change as an edit of this host.
fn edit(change: Change, reason: &str, safety: Safety, together: u32) -> Edit {
    change.edit(RULE, reason, safety, together)
}
