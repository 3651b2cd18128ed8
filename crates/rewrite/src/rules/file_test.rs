//! `[ -f requirements.txt ]`: the file may be gone, and pyproject.toml has what was in it.

use crate::context::{Became, Context};
use crate::engine::Scope;
use crate::install::plain::is_foreign;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "file-test",
    summary: "a test for a file of requirements asks for pyproject.toml",
    programs: &["[", "[[", "test"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if is_foreign(scope) {
        return Verdict::NotMine;
    }
    let Some(folder) = scope.folder.as_deref() else { return Verdict::NotMine };
    let mut new = String::new();
    let mut at = invocation.span().start;
    let mut changed = None;
    for pair in invocation.args.windows(2) {
        let [option, file] = pair else { continue };
        if !matches!(option.raw(invocation.script), "-f" | "-e" | "-r" | "-s") {
            continue;
        }
        let Some(name) = file.literal() else { continue };
        if !matches!(context.became(folder, &name), Some(Became::Selection(_))) {
            continue;
        }
        let Some(path) = pyproject(folder, context) else { continue };
        new.push_str(invocation.script.get(at..file.span.start).unwrap_or_default());
        new.push_str(&path);
        at = file.span.end;
        changed = Some(name);
    }
    let Some(name) = changed else { return Verdict::NotMine };
    new.push_str(invocation.script.get(at..invocation.span().end).unwrap_or_default());
    Verdict::safe(new, format!("what `{name}` had is in pyproject.toml"))
}

/// The way to the pyproject.toml of the project of a folder.
fn pyproject(folder: &str, context: &Context) -> Option<String> {
    let project = context.project(folder)?;
    let below = folder.strip_prefix(project.folder.as_str())?.trim_matches('/');
    let depth = below.split('/').filter(|part| !part.is_empty()).count();
    Some(format!("{}pyproject.toml", "../".repeat(depth)))
}
