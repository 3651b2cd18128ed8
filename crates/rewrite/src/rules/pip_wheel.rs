//! `pip wheel`: `uv build --wheel` for a project; uv builds no wheels of other packages.

use std::fmt::Write as _;

use crate::context::{Became, Context, Selection};
use crate::engine::{Scope, selection_flags};
use crate::install::args::{Item, items};
use crate::install::options::{FLAGS, VALUES};
use crate::install::project::with_doubts;
use crate::install::wanted::became;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-wheel",
    summary: "`pip wheel .` becomes `uv build --wheel`",
    programs: &["pip"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if invocation.subcommand().as_deref() != Some("wheel") {
        return Verdict::NotMine;
    }
    let values = [VALUES, &["-w", "--wheel-dir"]].concat();
    let Ok(all) = items(invocation.script, invocation.args, &[FLAGS, &["--no-verify"]].concat(), &values)
    else {
        return left();
    };
    let mut files = all.iter().filter(|item| item.is(&["-r", "--requirement"]));
    if let Some(Became::Selection(selection)) = files.find_map(|item| became(item, scope, context)) {
        return of_file(selection, scope, context);
    }
    let mut positional = all.iter().filter(|item| item.name.is_empty()).skip(1);
    let (Some(first), None) = (positional.next(), positional.next()) else { return left() };
    let is_folder =
        first.text().is_some_and(|path| path == "." || path.starts_with("./") || path.starts_with("../"));
    if !is_folder
        || all.iter().any(|item| item.is(&["-r", "--requirement", "-e", "--editable", "-c", "--constraint"]))
    {
        return left();
    }
    let mut doubts = Vec::new();
    if !all.iter().any(|item| item.name == "--no-deps") {
        doubts.push("pip builds wheels of the dependencies, too (no `--no-deps`)".to_owned());
    }
    let folder = all.iter().rfind(|item| item.is(&["-w", "--wheel-dir"])).map_or(".", |item| item.raw);
    let mut new = "uv build --wheel".to_owned();
    if first.raw != "." {
        let _ = write!(new, " {}", first.raw);
    }
    if first.raw != "." || folder.trim_end_matches('/') != "dist" {
        let _ = write!(new, " --out-dir {folder}");
    }
    if folder.trim_end_matches('/') != "dist" {
        // uv writes a `.gitignore` for everything into the folder.
        new.push_str(" --no-create-gitignore");
    }
    new.extend(all.iter().filter_map(flag));
    scope.has_uv = true;
    with_doubts(new, "uv builds the same wheel", &doubts)
}

/// Options of pip as `uv build` takes them.
fn flag(item: &Item<'_>) -> Option<String> {
    match item.name.as_str() {
        "-q" | "--quiet" => Some(" --quiet".to_owned()),
        "--no-build-isolation" => Some(" --no-build-isolation".to_owned()),
        "--no-cache-dir" => Some(" --no-cache".to_owned()),
        "-C" | "--config-settings" => Some(format!(" --config-setting {}", item.raw)),
        _ => None,
    }
}

/// Requirements that pyproject.toml has now.
fn of_file(selection: &Selection, scope: &Scope, context: &Context) -> Verdict {
    let project = context.project(scope.folder.as_deref().unwrap_or_default());
    let mut export = vec!["uv export --locked".to_owned()];
    export.extend(project.into_iter().flat_map(|project| selection_flags(project, selection)));
    export.push("--no-emit-project --format requirements.txt -o requirements.txt".to_owned());
    Verdict::Left {
        reason: "uv builds wheels of projects only (`uv build`), not of what it installs; pyproject.toml and uv.lock have what the file had".to_owned(),
        suggestion: Some(format!("{}, then uvx pip wheel -r requirements.txt ...", export.join(" "))),
    }
}

fn left() -> Verdict {
    Verdict::Left {
        reason: "uv builds wheels of projects only (`uv build`), not of what it installs".to_owned(),
        suggestion: Some("uvx pip wheel ...".to_owned()),
    }
}
