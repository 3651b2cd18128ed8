//! `pip freeze`: an export of the lock where a file of requirements is written, else `uv pip freeze`.

use uvshift_diagnostics::Safety;

use crate::context::Context;
use crate::engine::{Scope, selection_flags};
use crate::install::args::{items, render};
use crate::install::plain::{Flags, Work, is_foreign};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-freeze",
    summary: "`pip freeze > requirements.txt` becomes `uv export`, another `pip freeze` becomes `uv pip freeze`",
    programs: &["pip"],
    apply,
};

const FLAGS: Flags = Flags {
    same: &["--exclude-editable", "-q", "--quiet", "-v", "--verbose"],
    gone: &[
        "-l",
        "--local",
        "--all",
        "--no-input",
        "--disable-pip-version-check",
        "--isolated",
        "--no-color",
        "--no-cache-dir",
    ],
    same_values: &["--exclude", "--path"],
    gone_values: &[],
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(work) = Work::of("freeze", invocation, scope, context) else { return Verdict::NotMine };
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    if let Some(verdict) = work.refused(&FLAGS) {
        return verdict;
    }
    let all =
        items(invocation.script, invocation.args, &FLAGS.all(), &FLAGS.all_values()).unwrap_or_default();
    scope.has_uv = true;
    if let Some(project) = work.project.filter(|_| writes_requirements(invocation)) {
        let mut command = vec!["uv export --quiet".to_owned()];
        if project.locked {
            command.push("--locked".to_owned());
        }
        let selection = scope.synced.clone().unwrap_or_else(|| project.default_selection());
        command.extend(selection_flags(project, &selection));
        command.push("--no-emit-project --no-hashes --no-annotate --no-header".to_owned());
        return Verdict::Replace {
            new: command.join(" "),
            reason: "the versions are those of uv.lock, for every platform, with markers; `uv pip freeze` writes what is \
                     installed"
                .to_owned(),
            safety: Safety::NeedsReview,
            without_sudo: true,
        };
    }
    let args = render(invocation.script, invocation.args, &all, |_, item| FLAGS.keep(item, "freeze"));
    work.verdict("uv pip freeze", &args, "uv writes the same")
}

/// Whether the output goes into a file of requirements or constraints.
fn writes_requirements(invocation: &Invocation<'_>) -> bool {
    invocation.command.redirections.iter().any(|redirection| {
        let name = redirection.target.raw(invocation.script);
        redirection.operator.starts_with('>') && (name.contains("requirement") || name.contains("constraint"))
    })
}
