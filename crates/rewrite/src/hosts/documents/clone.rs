//! Commands from above the repository, which name its files by way of the folder that a clone makes.

use std::ops::Range;

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
