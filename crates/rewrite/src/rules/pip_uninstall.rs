//! `pip uninstall`

use crate::context::{Became, Context};
use crate::engine::{Environment, Scope};
use crate::install::args::{items, render};
use crate::install::plain::{Flags, Work};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-uninstall",
    summary: "`pip uninstall` becomes `uv pip uninstall`, which never asks",
    programs: &["pip"],
    apply,
};

const FLAGS: Flags = Flags {
    same: &["-q", "--quiet", "-v", "--verbose", "--break-system-packages"],
    gone: &[
        "-y",
        "--yes",
        "--no-input",
        "--disable-pip-version-check",
        "--isolated",
        "--no-color",
        "--no-cache-dir",
    ],
    same_values: &["-r", "--requirement", "--cert"],
    gone_values: &["--root-user-action", "--timeout", "--retries"],
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(mut work) = Work::of("uninstall", invocation, scope, context) else { return Verdict::NotMine };
    if scope.environment == Environment::Foreign {
        return Verdict::Keep;
    }
    if let Some(verdict) = work.refused(&FLAGS) {
        return verdict;
    }
    let Ok(all) = items(invocation.script, invocation.args, &FLAGS.all(), &FLAGS.all_values()) else {
        return Verdict::NotMine;
    };
    if !all.iter().any(|item| item.is(&["-y", "--yes"])) {
        work.doubts.push("pip would ask first (no `-y`), uv does not".to_owned());
    }
    let folder = scope.folder.clone().unwrap_or_default();
    let migrated = all.iter().filter(|item| item.is(&["-r", "--requirement"])).find(|item| {
        let became = item.text().and_then(|path| context.became(&folder, &path).cloned());
        matches!(became, Some(Became::Selection(_)))
    });
    if let Some(item) = migrated {
        return Verdict::left(format!("what `{}` had is in pyproject.toml now", item.raw));
    }
    let args = render(invocation.script, invocation.args, &all, |_, item| FLAGS.keep(item, "uninstall"));
    scope.has_uv = true;
    scope.certain = None;
    if work.project.is_some() && scope.environment != Environment::System {
        // `uv run` would install it again.
        scope.has_additions = true;
    }
    work.verdict("uv pip uninstall", &args, "uv removes the same")
}
