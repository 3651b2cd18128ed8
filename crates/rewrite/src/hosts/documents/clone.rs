//! Commands from above the repository, which name its files by way of the folder that a clone makes.

use std::collections::BTreeSet;
use std::ops::Range;

use uvshift_diagnostics::Safety;
use uvshift_requirements::normalize_name;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::engine::{Environment, Scope, rewrite_script};
use crate::model::{Edit, Rewritten};
use crate::script;

/// A part of a word that leads into the folder of the clone.
struct Way<'s> {
    span: Range<usize>,
    folder: &'s str,
}

/// Whether a command names an old file by way of a folder that is not of the repository.
pub(super) fn is_from_above(script: &str, context: &Context) -> bool {
    ways(script, context).next().is_some()
}

/// Rewrites installs of the project that is cloned; false: that cannot be told, and nothing is changed.
pub(super) fn rewrite(
    script: &Embedded,
    scope: &mut Scope,
    context: &Context,
    found: &mut Rewritten,
) -> bool {
    let ways: Vec<Way<'_>> = ways(script.text(), context).collect();
    let Some(folder) = ways.first().map(|way| way.folder) else { return false };
    let is_own = context
        .projects
        .iter()
        .any(|project| project.folder.is_empty() && normalize_name(&project.name) == normalize_name(folder));
    if !is_own || ways.iter().any(|way| way.folder != folder) {
        return false;
    }
    let mut inner = scope.clone();
    let outcome = rewrite_script(&without(script.text(), &ways), &mut inner, context);
    let is_sync = |edit: &Edit| edit.new.starts_with("uv sync") && !edit.new.contains("&&");
    let is_known = |edit: &Edit| is_sync(edit) || ["venv", "pip-bootstrap"].contains(&edit.rule);
    if !outcome.edits.iter().any(is_sync) || !outcome.left.is_empty() || !outcome.edits.iter().all(is_known) {
        return false;
    }
    // An environment that is active lies beside the clone, where uv would not look for one.
    let is_active = |edit: &Edit| edit.new.contains("--active");
    let is_other = inner.environment == Environment::Active && !outcome.edits.iter().any(is_active);
    let active = if is_other { " --active" } else { "" };
    let edits = outcome.edits.into_iter().map(|edit| Edit {
        span: outer(edit.span.start, &ways, false)..outer(edit.span.end, &ways, true),
        new: if is_sync(&edit) {
            format!("uv sync --project {folder}{}{active}", edit.new.trim_start_matches("uv sync"))
        } else {
            edit.new
        },
        ..edit
    });
    script::add(found, script.edits(edits.collect()));
    *scope = inner;
    true
}

/// Holds what stands behind a `cd` into the clone of another repository: a later one than the first of the document.
pub(super) fn hold_others(text: &str, context: &Context, found: &mut Rewritten) {
    let is_own = |name: &&str| {
        context.projects.iter().any(|project| normalize_name(&project.name) == normalize_name(name))
    };
    let mut clones = text.lines().filter_map(cloned);
    let first = clones.next();
    let others: BTreeSet<&str> = clones.filter(|name| Some(*name) != first && !is_own(name)).collect();
    if others.is_empty() {
        return;
    }
    let (mut at, mut is_other) = (0, false);
    for line in text.split_inclusive('\n') {
        let span = at..at + line.len();
        at = span.end;
        if let Some((_, folder)) = line.split_once("cd ").filter(|(before, _)| is_prompt(before)) {
            let folder = folder.split(['&', ';']).next().unwrap_or_default().trim().trim_end_matches('/');
            is_other = others.contains(folder.rsplit('/').next().unwrap_or(folder));
        } else if is_heading(line) {
            is_other = false;
        }
        for edit in found.edits.iter_mut().filter(|edit| is_other && span.contains(&edit.span.start)) {
            edit.safety = Safety::NeedsReview;
            edit.reason.push_str("; it stands in the clone of another repository");
        }
    }
}

/// The folder that a line with `git clone` makes.
fn cloned(line: &str) -> Option<&str> {
    let (_, words) = line.split_once("git clone ")?;
    let url = words.split_whitespace().rfind(|word| word.contains(['/', ':']))?;
    let name = url.trim_end_matches('/').rsplit(['/', ':']).next()?;
    Some(name.strip_suffix(".git").unwrap_or(name)).filter(|name| !name.is_empty())
}

/// Whether nothing but a prompt stands there.
fn is_prompt(before: &str) -> bool {
    before.trim().is_empty() || before.trim_end().ends_with(['$', '%', '>'])
}

/// A heading of Markdown, or the line below one of reStructuredText.
fn is_heading(line: &str) -> bool {
    let line = line.trim_end();
    let sign = line.chars().next().filter(|sign| "=-~^*".contains(*sign));
    line.starts_with('#') || (line.len() > 3 && sign.is_some_and(|sign| line.chars().all(|it| it == sign)))
}

fn ways<'s>(script: &'s str, context: &'s Context) -> impl Iterator<Item = Way<'s>> {
    let mut at = 0;
    let words = script.split([' ', '\t', '\n', '\r']).map(move |word| {
        let start = at;
        at += word.len() + 1;
        (start, word)
    });
    words.filter_map(move |(start, word)| {
        let path = word.trim_start_matches("./");
        let (folder, below) = path.split_once('/')?;
        let is_one = context.became("", below).is_some() && context.became("", word).is_none();
        is_one.then(|| Way { span: start..start + word.len() - below.len(), folder })
    })
}

fn without(script: &str, ways: &[Way<'_>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for way in ways {
        out.push_str(script.get(at..way.span.start).unwrap_or_default());
        at = way.span.end;
    }
    out + script.get(at..).unwrap_or_default()
}

/// The place in the script of a byte of the script without the ways.
fn outer(inner: usize, ways: &[Way<'_>], is_end: bool) -> usize {
    let mut at = inner;
    for way in ways {
        if way.span.start < at || (way.span.start == at && !is_end) {
            at += way.span.len();
        }
    }
    at
}
