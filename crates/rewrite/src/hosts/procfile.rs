//! Procfiles: the platform puts the environment on `PATH`, and brings no uv to where processes run.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};
use crate::script;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "procfile",
    title: "Procfiles",
    kind: Kind::Edited,
    is: |path, _| is_procfile(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

fn is_procfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "Procfile" || name.strip_prefix("Procfile.").is_some_and(|rest| !rest.is_empty())
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Rewritten::default();
    for command in commands(text) {
        let mut scope = Scope {
            environment: Environment::Active,
            folder: Some(folder.to_owned()),
            has_uv: true,
            ..Scope::default()
        };
        let mut own = Rewritten::default();
        script::rewrite(&Embedded::verbatim(text, command), &mut scope, context, &mut own);
        let edits: Vec<Edit> = own.edits.iter().filter_map(|edit| without_uv(text, edit)).collect();
        if edits.len() == own.edits.len() {
            script::add(&mut found, edits);
        } else {
            found.left.extend(own.edits.into_iter().map(installs));
        }
        found.left.extend(own.left);
        found.diagnostics.extend(own.diagnostics);
    }
    found
}

/// The commands behind `name:`.
fn commands(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let Some((name, command)) = line.split_once(':') else { continue };
        if !name.is_empty() && is_name(name) {
            let blank = command.len() - command.trim_start().len();
            found.push(start + name.len() + 1 + blank..start + line.len());
        }
    }
    found
}

/// `poetry run X` becomes `X`; what is no such change cannot be made here.
fn without_uv(text: &str, edit: &Edit) -> Option<Edit> {
    let old = text.get(edit.span.clone())?;
    let new = edit.new.strip_prefix("uv run ").unwrap_or(&edit.new);
    let is_runner = ["poetry", "pipenv", "pdm", "hatch", "rye"].iter().any(|runner| old.starts_with(runner));
    let is_plain = !new.is_empty() && !new.starts_with('-') && new != "uv" && !new.starts_with("uv ");
    (is_runner && is_plain).then(|| Edit {
        new: new.to_owned(),
        reason: "the platform puts the environment of uv.lock on `PATH`, and processes find no uv there"
            .to_owned(),
        safety: Safety::NeedsReview,
        ..edit.clone()
    })
}

fn installs(edit: Edit) -> Left {
    Left {
        span: edit.span,
        reason:
            "a platform installs what uv.lock has when it builds, and brings no uv to where processes run"
                .to_owned(),
        suggestion: (!edit.new.is_empty()).then_some(edit.new),
    }
}
