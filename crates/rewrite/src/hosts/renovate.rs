//! Renovate: what it calls the files that uv manages.
//!
//! Renovate has no manager of the name `uv`: its manager `pep621` reads pyproject.toml and keeps `uv.lock` up to date.

use std::collections::BTreeSet;

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::hosts::{Host, Kind};
use crate::jsonc::{self, Kind as Json, Member, Value};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};

const RULE: &str = "renovate-manager";
const NEW: &str = "pep621";

/// Renovate's names of the managers whose files become pyproject.toml and `uv.lock`.
const OLD: &[&str] = &["pip_requirements", "pip-compile", "pip_setup", "setup-cfg", "pipenv", "poetry"];

/// Of these, those that requirements files which stay still need.
const FOR_REQUIREMENTS: &[&str] = &["pip_requirements", "pip-compile"];

/// What names files by their path.
const PATHS: &[&str] = &["fileMatch", "managerFilePatterns", "matchFileNames", "matchPaths", "includePaths"];

/// The host.
pub(crate) const HOST: Host = Host {
    name: "renovate",
    title: "Renovate",
    kind: Kind::Edited,
    is: |path, _| is_renovate(path),
    rewrite: |_, text, context, _: &RewriteOptions| rewrite(text, context),
};

fn is_renovate(path: &str) -> bool {
    let path = path.strip_prefix(".github/").or_else(|| path.strip_prefix(".gitlab/")).unwrap_or(path);
    ["renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"]
        .contains(&path)
}

fn rewrite(text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    if context.projects.is_empty() {
        return found;
    }
    match jsonc::parse(text) {
        Ok(value) => visit(&value, text, context, &mut found),
        Err(problem) => found.diagnostics.push(
            Diagnostic::error(
                codes::UNREADABLE,
                format!("this is no JSON that can be read: {}", problem.message),
            )
            .at(Span::new(problem.at, problem.at)),
        ),
    }
    found
}

fn visit(value: &Value, text: &str, context: &Context, found: &mut Rewritten) {
    for member in value.members() {
        match (member.name.as_str(), &member.value.kind) {
            ("enabledManagers" | "matchManagers", Json::Array(_)) => {
                managers(&member.value, text, context, found);
            }
            ("constraints", Json::Object(_)) => constraints(&member.value, found),
            (name, Json::Object(_)) if OLD.contains(&name) => section(member, value, text, context, found),
            ("ignorePaths", Json::Array(_)) => {
                let reason = "was not updated; pyproject.toml and uv.lock, which took its place, are";
                paths(&member.value, context, reason, found);
            }
            (name, Json::Array(_)) if PATHS.contains(&name) => {
                let reason = "is no longer what is updated: its requirements are in pyproject.toml";
                paths(&member.value, context, reason, found);
            }
            _ => {}
        }
        visit(&member.value, text, context, found);
    }
    for item in value.items() {
        visit(item, text, context, found);
    }
}

/// Whether files of a manager are still there.
fn is_needed(manager: &str, context: &Context) -> bool {
    FOR_REQUIREMENTS.contains(&manager) && !context.requirement_files.is_empty()
}

/// A list of managers: the old ones become the new one, once.
fn managers(list: &Value, text: &str, context: &Context, found: &mut Rewritten) {
    let items = list.items();
    let mut has_new = items.iter().any(|item| item.as_str() == Some(NEW));
    let mut keeps_one = false;
    for (index, item) in items.iter().enumerate() {
        let Some(name) = item.as_str().filter(|name| OLD.contains(name)) else {
            keeps_one = true;
            continue;
        };
        let quote = text.get(item.span.start..=item.span.start).unwrap_or("\"");
        if is_needed(name, context) {
            if !has_new {
                has_new = true;
                let reason = format!(
                    "Renovate updates pyproject.toml and `uv.lock` as `{NEW}`; `{name}` stays for {}",
                    named(&context.requirement_files)
                );
                found.edits.push(edit(
                    item.span.end..item.span.end,
                    format!(", {quote}{NEW}{quote}"),
                    reason,
                ));
            }
        } else if has_new {
            let reason =
                format!("`{NEW}` is there already, and there is nothing left that `{name}` would update");
            match item_with_comma(items, index, keeps_one, text) {
                Some(span) => {
                    found.edits.push(edit(span, String::new(), reason));
                    continue;
                }
                None => found.left.push(Left { span: item.span.clone(), reason, suggestion: None }),
            }
        } else {
            has_new = true;
            let reason = format!("Renovate updates pyproject.toml and `uv.lock` as `{NEW}`");
            found.edits.push(edit(item.span.clone(), format!("{quote}{NEW}{quote}"), reason));
        }
        keeps_one = true;
    }
}

/// An item with a comma: the one before it when something before it stays, else the one behind it. None when a comment stands
/// there.
fn item_with_comma(
    items: &[Value],
    index: usize,
    after_one: bool,
    text: &str,
) -> Option<std::ops::Range<usize>> {
    let item = items.get(index)?;
    if after_one {
        let before = items.get(index.checked_sub(1)?)?;
        let between = text.get(before.span.end..item.span.start)?;
        return is_only_comma(between).then_some(before.span.end..item.span.end);
    }
    let after = items.get(index + 1)?;
    is_only_comma(text.get(item.span.end..after.span.start)?).then_some(item.span.start..after.span.start)
}

fn is_only_comma(between: &str) -> bool {
    between.trim() == ","
}

/// Settings of one manager.
fn section(member: &Member, around: &Value, text: &str, context: &Context, found: &mut Rewritten) {
    if is_needed(&member.name, context) {
        return;
    }
    let settings = &member.value;
    let tell = |reason: String| Left { span: member.name_span.clone(), reason, suggestion: None };
    if PATHS.iter().any(|name| settings.get(name).is_some()) {
        let reason = format!(
            "it names files for `{}`; uv's are found without that, and what else is set here belongs under `{NEW}`",
            member.name
        );
        found.left.push(tell(reason));
        return;
    }
    let others = around.members().iter().filter(|other| OLD.contains(&other.name.as_str())).count();
    if around.get(NEW).is_some() || others > 1 {
        let reason = format!("what is set here belongs under `{NEW}`, which is one for all");
        found.left.push(tell(reason));
        return;
    }
    let is_off = settings.get("enabled").is_some_and(|value| value.kind == Json::Plain("false".to_owned()));
    let quote = text.get(member.name_span.start..=member.name_span.start);
    let quote = quote.filter(|quote| ["\"", "'"].contains(quote)).unwrap_or_default();
    let reason = if is_off {
        format!(
            "updates were off for `{}`; off for `{NEW}`, nothing of pyproject.toml is updated",
            member.name
        )
    } else {
        format!("Renovate updates pyproject.toml and `uv.lock` as `{NEW}`")
    };
    let safety = if is_off { Safety::NeedsReview } else { Safety::Safe };
    found
        .edits
        .push(Edit { safety, ..edit(member.name_span.clone(), format!("{quote}{NEW}{quote}"), reason) });
}

/// Versions of tools that Renovate runs.
fn constraints(list: &Value, found: &mut Rewritten) {
    for member in list.members() {
        if ["pip", "pipenv", "pipTools", "poetry"].contains(&member.name.as_str()) {
            found.left.push(Left {
                span: member.name_span.start..member.value.span.end,
                reason: format!("Renovate runs uv to renew `uv.lock`, not {}", member.name),
                suggestion: Some("\"uv\": \"VERSION\"".to_owned()),
            });
        }
    }
}

/// Paths that name a file which is no longer read.
fn paths(list: &Value, context: &Context, reason: &str, found: &mut Rewritten) {
    for item in list.items() {
        let Some(path) = item.as_str().filter(|path| context.became("", path).is_some()) else { continue };
        found.left.push(Left {
            span: item.span.clone(),
            reason: format!("{path} {reason}"),
            suggestion: Some("\"pyproject.toml\"".to_owned()),
        });
    }
}

fn named(files: &BTreeSet<String>) -> String {
    let mut names: Vec<&str> = files.iter().take(3).map(String::as_str).collect();
    if files.len() > names.len() {
        names.push("others");
    }
    names.join(", ")
}

fn edit(span: std::ops::Range<usize>, new: String, reason: String) -> Edit {
    Edit { span, new, rule: RULE, reason, safety: Safety::Safe, together: 0 }
}
