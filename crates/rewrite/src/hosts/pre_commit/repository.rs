//! A repository of hooks that has to do with pip-tools, Poetry or PDM.

use super::edit;
use crate::Safety;
use crate::context::Context;
use crate::engine::Scope;
use crate::model::{Left, Rewritten};
use crate::script::{Argument, rewrite_words};
use crate::yaml::{Change, Node};

/// Where the hooks of uv are.
const UV: &str = "https://github.com/astral-sh/uv-pre-commit";

/// A hook of another tool: its repository, its name, the command that it runs, and the arguments that it has by itself.
const HOOKS: [(&str, &str, &[&str], &[&str]); 8] = [
    ("jazzband/pip-tools", "pip-compile", &["pip-compile"], &[]),
    ("python-poetry/poetry", "poetry-check", &["poetry", "check"], &[]),
    ("python-poetry/poetry", "poetry-lock", &["poetry", "lock"], &[]),
    (
        "python-poetry/poetry",
        "poetry-export",
        &["poetry", "export"],
        &["-f", "requirements.txt", "-o", "requirements.txt"],
    ),
    ("python-poetry/poetry", "poetry-install", &["poetry", "install"], &[]),
    ("pdm-project/pdm", "pdm-export", &["pdm", "export"], &[]),
    ("pdm-project/pdm", "pdm-lock-check", &["pdm", "lock", "--check"], &[]),
    ("pdm-project/pdm", "pdm-sync", &["pdm", "sync"], &[]),
];

/// Repositories whose hooks read a lock that is gone.
const READERS: [&str; 3] = ["sync_with_poetry", "sync-pre-commit-deps-poetry", "poetry-to-requirements"];

/// The names of uv's hooks that a file has already.
pub(super) fn hooks_of_uv(repos: Node<'_>) -> Vec<String> {
    let own = repos.items().filter(|repo| repo.get("repo").and_then(Node::as_str).is_some_and(is_uv));
    let hooks = own.filter_map(|repo| repo.get("hooks")).flat_map(Node::items);
    hooks.filter_map(|hook| Some(hook.get("id")?.as_str()?.to_owned())).collect()
}

fn is_uv(url: &str) -> bool {
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url).ends_with("astral-sh/uv-pre-commit")
}

/// A repository of hooks.
pub(super) struct Repository<'y, 'c> {
    pub(super) node: Node<'y>,
    pub(super) folder: &'c str,
    pub(super) context: &'c Context,
    /// The number of its edits, which are made together.
    pub(super) number: u32,
    /// The hooks of uv that the file has already.
    pub(super) there: &'c [String],
}

/// A hook of uv.
struct New {
    id: &'static str,
    /// Its arguments; none where its own do.
    args: Option<Vec<String>>,
    safety: Safety,
    reason: String,
}

impl Repository<'_, '_> {
    /// What becomes of it; the hooks that have another name then are added to `renamed`.
    pub(super) fn rewrite(&self, found: &mut Rewritten, renamed: &mut Vec<(String, &'static str)>) {
        let Some(url) = self.node.get("repo") else { return };
        let Some(name) = url.as_str().map(|url| url.trim_end_matches('/').trim_end_matches(".git")) else {
            return;
        };
        if READERS.iter().any(|reader| name.ends_with(reader)) && self.context.project(self.folder).is_some()
        {
            let reason = "its hooks read a lock that is `uv.lock` now".to_owned();
            found.left.push(Left { span: url.span(), reason, suggestion: None });
            return;
        }
        let known: Vec<_> = HOOKS.iter().filter(|(repo, ..)| name.ends_with(repo)).collect();
        if known.is_empty() {
            return;
        }
        let mut hooks = Vec::new();
        for hook in self.node.get("hooks").into_iter().flat_map(Node::items).map(Node::resolved) {
            let id = hook.get("id").and_then(Node::as_str).unwrap_or_default();
            let row = known.iter().find(|(_, known, ..)| *known == id);
            match row.and_then(|(_, _, command, own)| self.hook(hook, command, own, found)) {
                Some(new) => hooks.push((hook, id, new)),
                None => return self.tell(id, url, found),
            }
        }
        if !hooks.is_empty() {
            renamed.extend(hooks.iter().map(|(_, id, new)| ((*id).to_owned(), new.id)));
            self.replace(url, &hooks, found);
        }
    }

    fn tell(&self, id: &str, url: Node<'_>, found: &mut Rewritten) {
        if self.context.project(self.folder).is_none() {
            // Said of the command already.
            return;
        }
        let reason = format!("uv has no hook for `{id}` as it is here");
        let suggestion = Some(format!("{UV} has uv-lock, uv-export, uv-sync and pip-compile"));
        found.left.push(Left { span: url.span(), reason, suggestion });
    }

    /// The hook of uv that runs what the engine makes of the command.
    fn hook(&self, hook: Node<'_>, command: &[&str], own: &[&str], found: &mut Rewritten) -> Option<New> {
        let args: Vec<&str> = match hook.get("args") {
            Some(args) if args.is_sequence() => args.items().filter_map(Node::as_str).collect(),
            Some(_) => return None,
            None => own.to_vec(),
        };
        let words = command.iter().copied().chain(args);
        let words: Vec<Argument> =
            words.map(|word| Argument { text: word.to_owned(), span: hook.span() }).collect();
        let mut scope = Scope { folder: Some(self.folder.to_owned()), ..Scope::default() };
        let new = rewrite_words(&words, &mut scope, self.context, found)?;
        let (id, skip) = match new.words.iter().map(String::as_str).take(3).collect::<Vec<_>>().as_slice() {
            ["uv", "lock", ..] => ("uv-lock", 2),
            ["uv", "export", ..] => ("uv-export", 2),
            ["uv", "sync", ..] => ("uv-sync", 2),
            ["uv", "pip", "compile"] => ("pip-compile", 3),
            _ => return None,
        };
        let args: Vec<String> = new.words.into_iter().skip(skip).collect();
        let by_itself: &[&str] = if id == "uv-sync" { &["--locked"] } else { &[] };
        let args = (args != by_itself).then_some(args);
        Some(New { id, args, safety: new.safety, reason: new.reason })
    }

    fn replace(&self, url: Node<'_>, hooks: &[(Node<'_>, &str, New)], found: &mut Rewritten) {
        let is_safe = hooks.iter().all(|(_, _, new)| new.safety == Safety::Safe);
        let safety = if is_safe { Safety::Safe } else { Safety::NeedsReview };
        let mut push =
            |change: Change, reason: &str| found.edits.push(edit(change, reason, safety, self.number));
        let are_there = hooks.iter().all(|(_, _, new)| self.there.iter().any(|there| there == new.id));
        if are_there && let Some(gone) = self.node.without_item() {
            return push(gone, "the hooks of uv are there already");
        }
        push(url.with_value(UV), "uv has hooks of its own that do the same");
        if let Some(revision) = self.node.get("rev") {
            push(self.revision(revision), "the version of uv");
        }
        // One that locks is enough, rather than one that only looks.
        let is_lock = |new: &New| new.id == "uv-lock";
        let only_checks =
            |new: &New| new.args.as_ref().is_some_and(|args| args.iter().any(|arg| arg == "--check"));
        let kept = hooks.iter().position(|(_, _, new)| is_lock(new) && !only_checks(new));
        let kept = kept.or_else(|| hooks.iter().position(|(_, _, new)| is_lock(new)));
        for (at, (hook, _, new)) in hooks.iter().enumerate() {
            if is_lock(new)
                && kept != Some(at)
                && let Some(gone) = hook.without_item()
            {
                push(gone, "uv locks everything at once");
                continue;
            }
            for change in changes(*hook, new) {
                push(change, &new.reason);
            }
        }
    }

    /// The version of uv, in the place of another with the comment of `pre-commit autoupdate --freeze`.
    fn revision(&self, revision: Node<'_>) -> Change {
        let mut change = revision.with_value(&self.context.uv_version);
        if revision.is_plain() {
            // With two dots it is no number.
            change.new.clone_from(&self.context.uv_version);
        }
        let rest = revision.yaml().text().get(change.span.end..).unwrap_or_default();
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        if line.trim_start().starts_with("# frozen:") {
            change.span.end += line.len();
        }
        change
    }
}

/// The hook with another name and other arguments, without what was about the files of the hook before.
fn changes(hook: Node<'_>, new: &New) -> Vec<Change> {
    let mut changes = Vec::new();
    let Some(id) = hook.entry("id") else { return changes };
    changes.push(id.value.with_value(new.id));
    let list = |args: &[String]| {
        let quoted: Vec<String> =
            args.iter().map(|arg| serde_json::Value::from(arg.as_str()).to_string()).collect();
        format!("[{}]", quoted.join(", "))
    };
    match (hook.entry("args"), &new.args) {
        (Some(entry), Some(args)) => {
            let span = entry.key.whole().end..entry.value.whole().end;
            changes.push(Change { span, new: format!(": {}", list(args)) });
        }
        (Some(entry), None) => changes.extend(entry.without()),
        (None, Some(args)) => changes.push(id.with_entry_after(&format!("args: {}", list(args)))),
        (None, None) => {}
    }
    let gone: &[&str] =
        if new.id == "pip-compile" { &[] } else { &["files", "name", "alias", "language_version"] };
    changes.extend(gone.iter().filter_map(|key| hook.entry(key)).filter_map(|entry| entry.without()));
    changes
}
