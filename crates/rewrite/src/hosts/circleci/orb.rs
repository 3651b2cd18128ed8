//! The orb `circleci/python`: its step `install-packages` knows uv since version 3.1.

use uvshift_diagnostics::Safety;

use crate::context::Context;
use crate::engine::{Scope, rewrite_script};
use crate::model::{Left, Rewritten};
use crate::pipeline::Job;
use crate::plan::apply;
use crate::yaml::Node;

/// A version of the orb that knows uv.
const KNOWS_UV: (u32, u32) = (3, 1);

/// The orb in a file.
pub(super) struct Orb<'y> {
    name: &'y str,
    declared: Node<'y>,
    version: Option<(u32, u32)>,
}

/// What becomes of a step.
struct New {
    /// The flags of `uv sync`.
    flags: String,
    safety: Safety,
    reason: String,
}

impl<'y> Orb<'y> {
    /// The Python orb of a file.
    pub(super) fn of(root: Node<'y>) -> Option<Self> {
        root.get("orbs")?.entries().find_map(|entry| {
            let declared = entry.value.resolved();
            let version = declared.as_str()?.strip_prefix("circleci/python@")?;
            Some(Self { name: entry.key.as_str()?, declared, version: version_of(version) })
        })
    }

    fn knows_uv(&self) -> bool {
        self.version.is_none_or(|version| version >= KNOWS_UV)
    }

    /// The parameters of a step that installs packages: what follows its name, or the name itself.
    fn parameters(&self, step: Node<'y>) -> Option<Node<'y>> {
        let is_ours = |name: &str| name.strip_prefix(self.name) == Some("/install-packages");
        if step.as_str().is_some_and(is_ours) {
            return Some(step);
        }
        let entry = step.entries().next().filter(|entry| entry.key.as_str().is_some_and(is_ours))?;
        Some(entry.value.resolved())
    }

    /// Whether a step installs packages; the job is told what it does then.
    pub(super) fn installs(&self, context: &Context, step: Node<'y>, job: &mut Job) -> bool {
        let Some(parameters) = self.parameters(step) else { return false };
        if new(context, parameters, &mut job.scope).is_some() {
            job.is_given_uv();
            // The orb brings uv, whatever the machine has.
            job.scope.tentative = !self.knows_uv();
        }
        true
    }

    /// What becomes of the steps, and of the version of the orb.
    pub(super) fn rewrite(&self, context: &Context, root: Node<'y>, found: &mut Rewritten) {
        let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
        let start = found.edits.len();
        for step in root.yaml().nodes() {
            let is_step = step.parent().is_some_and(Node::is_sequence);
            let Some(parameters) = self.parameters(step).filter(|_| is_step) else { continue };
            let manager = parameter(parameters, "pkg-manager");
            if manager == Some("uv") {
                continue;
            }
            match new(context, parameters, &mut Scope::at_root()) {
                Some(new) => self.step(step, parameters, &new, together, found),
                None => found.left.push(Left {
                    span: step.span(),
                    reason: "what the orb installs here is nothing that uv.lock is known to have".to_owned(),
                    suggestion: Some("pkg-manager: uv".to_owned()),
                }),
            }
        }
        if found.edits.len() > start && !self.knows_uv() {
            let reason = "the orb knows uv since version 3.1; read what changed in it since yours";
            let change = self.declared.with_value("circleci/python@4.0.0");
            found.edits.push(change.edit("circleci-orb", reason, Safety::NeedsReview, together));
        }
    }

    fn step(&self, step: Node<'y>, parameters: Node<'y>, new: &New, together: u32, found: &mut Rewritten) {
        let safety = if self.knows_uv() { new.safety } else { Safety::NeedsReview };
        let mut lines = vec!["pkg-manager: uv".to_owned()];
        if !new.flags.is_empty() {
            lines.push(format!("args: {}", new.flags));
        }
        let mut change = |change: crate::yaml::Change| {
            found.edits.push(change.edit("circleci-orb", new.reason.clone(), safety, together));
        };
        let Some(parameters) = Some(parameters).filter(|it| it.is_mapping()) else {
            let step_name =
                step.as_str().map_or_else(|| format!("{}/install-packages", self.name), str::to_owned);
            let indent = " ".repeat(step.column() + step.yaml().indentation().max(2));
            let block: Vec<String> = lines.iter().map(|line| format!("\n{indent}{line}")).collect();
            let block = block.concat();
            change(crate::yaml::Change { span: step.span(), new: format!("{step_name}:{block}") });
            return;
        };
        if let Some(args) = parameters.entry("args") {
            change(args.value.with_value(&new.flags));
            lines.truncate(1);
        }
        if let Some(manager) = parameters.entry("pkg-manager") {
            change(manager.value.with_value("uv"));
            lines.remove(0);
        }
        let old = ["pip-dependency-file", "path-args"].into_iter().filter_map(|name| parameters.entry(name));
        let mut old: Vec<_> = old.collect();
        if let Some(kept) =
            parameters.entries().rfind(|entry| !old.iter().any(|gone| gone.key.span() == entry.key.span()))
            && !lines.is_empty()
        {
            change(kept.with_entry_after(&lines.join("\n")));
        } else if !lines.is_empty()
            && let Some(first) = old.first()
        {
            let indent = " ".repeat(first.key.column());
            let span = first.span();
            change(crate::yaml::Change { span, new: lines.join(&format!("\n{indent}")) });
            old.remove(0);
        }
        old.iter().filter_map(crate::yaml::Entry::without).for_each(change);
    }
}

/// `2.1.1` and `3`; none of `volatile`, which is the newest.
fn version_of(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    let major = parts.next()?.parse().ok()?;
    // A short version is the newest one that begins so.
    let minor = parts.next().map_or(Some(u32::MAX), |minor| minor.parse().ok())?;
    Some((major, minor))
}

fn parameter<'y>(parameters: Node<'y>, name: &str) -> Option<&'y str> {
    parameters.get(name)?.as_str()
}

/// What the step installs as `uv sync`, by way of the command that the orb runs.
fn new(context: &Context, parameters: Node<'_>, scope: &mut Scope) -> Option<New> {
    let get = |name: &str| parameter(parameters, name);
    let folder = get("app-dir").unwrap_or(".").trim_start_matches("~/project").trim_start_matches('/');
    scope.folder = crate::context::joined("", folder);
    scope.host_brings_uv = true;
    scope.has_uv = true;
    let args = get("args").unwrap_or_default();
    let file = get("pip-dependency-file").unwrap_or("requirements.txt");
    let command = match get("pkg-manager").unwrap_or("auto") {
        "pip" => format!("pip install -r {file} {args}"),
        "pip-dist" => format!("pip install -e {} {args}", get("path-args").unwrap_or(".")),
        "pipenv" => format!("pipenv install {args}"),
        "auto" if context.became("", "requirements.txt").is_some() => format!("pip install -r {file} {args}"),
        "auto" if context.became("", "Pipfile").is_some() => format!("pipenv install {args}"),
        "auto" | "poetry" => format!("poetry install --no-ansi {args}"),
        _ => return None,
    };
    let outcome = rewrite_script(command.trim(), scope, context);
    let after = apply(command.trim(), &outcome.edits)?;
    scope.folder = Some(String::new());
    let flags = after.strip_prefix("uv sync").filter(|rest| !rest.contains(['&', ';', '|', '\n']))?;
    let safe = outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
    let reason = outcome.edits.first().map_or_else(String::new, |edit| edit.reason.clone());
    Some(New {
        flags: flags.trim().to_owned(),
        safety: if safe { Safety::Safe } else { Safety::NeedsReview },
        reason,
    })
}
