//! `pip install -U pip setuptools wheel`, `pip install uv`, `pip install poetry`: what brings installers.

use uvshift_diagnostics::Safety;

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::install::args::{Item, items};
use crate::install::options::{FLAGS, VALUES};
use crate::install::target::Target;
use crate::install::wanted::{BOOTSTRAP, INSTALLERS};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-bootstrap",
    summary: "installs of pip, setuptools, wheel and of other installers go, or become an install of uv",
    programs: &["pip"],
    apply,
};

/// An installer that is to be installed.
struct Wanted {
    name: String,
    is_plain: bool,
}

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(wanted) = wanted(invocation, context) else { return Verdict::NotMine };
    if scope.environment == Environment::Foreign
        || !invocation.wrappers.iter().all(|name| is_plain_wrapper(name))
    {
        return Verdict::NotMine;
    }
    let project = context.project(scope.folder.as_deref().unwrap_or_default());
    let has = |name: &str| wanted.iter().any(|wanted| wanted.name == name);
    if scope.runs_setup_py && ["setuptools", "wheel"].into_iter().any(has) {
        return Verdict::left("`python setup.py` is still run, and needs setuptools in its environment");
    }
    let has_uv = scope.has_uv || scope.host_brings_uv;
    let others =
        wanted.iter().any(|wanted| INSTALLERS.contains(&wanted.name.as_str()) && wanted.name != "uv");
    if others && project.is_none() && !wanted.iter().all(|wanted| is_covered_without_project(&wanted.name)) {
        return Verdict::left("the repository is not managed by uv, so its installer is still needed");
    }
    let pinned = || {
        let chosen = |wanted: &&Wanted| {
            !wanted.is_plain && wanted.name != "pip" && BOOTSTRAP.contains(&wanted.name.as_str())
        };
        wanted.iter().find(chosen)
    };
    if has("uv") || others {
        if has_uv {
            let reason = if others { "uv does its work" } else { "uv is there already" };
            return match pinned() {
                Some(pinned) => Verdict::review("", format!("{reason}; {}", apart(&pinned.name))),
                None => Verdict::safe("", reason),
            };
        }
        scope.has_uv = true;
        if wanted.len() == 1 && has("uv") {
            return Verdict::Keep;
        }
        let program = invocation.script.get(invocation.program_span.clone()).unwrap_or("pip");
        return Verdict::safe(format!("{program} install uv"), "uv does the work of the other installers");
    }
    match pinned() {
        Some(pinned) => Verdict::Replace {
            new: String::new(),
            reason: apart(&pinned.name),
            safety: Safety::NeedsReview,
            without_sudo: true,
        },
        None => Verdict::safe("", "uv needs no pip, setuptools or wheel in the environment"),
    }
}

/// What becomes of a version of setuptools or wheel that somebody chose.
fn apart(name: &str) -> String {
    format!(
        "uv builds each package apart, with the build requirements it names; if a program imports {name} itself, declare that \
         version of {name}"
    )
}

/// Wrappers that change nothing of what is installed.
fn is_plain_wrapper(name: &str) -> bool {
    !name.ends_with(" run")
}

/// What `uv pip` takes over in a repository that uv does not manage.
fn is_covered_without_project(name: &str) -> bool {
    BOOTSTRAP.contains(&name) || matches!(name, "pip-tools" | "uv")
}

/// The installers that a command installs, when it installs nothing else.
fn wanted(invocation: &Invocation<'_>, context: &Context) -> Option<Vec<Wanted>> {
    let items = items(invocation.script, invocation.args, FLAGS, VALUES).ok()?;
    let mut positional = items.iter().filter(|item| item.name.is_empty());
    if positional.next()?.raw != "install" || items.iter().any(brings_more) {
        return None;
    }
    let mut wanted = Vec::new();
    for item in positional {
        let Target::Distribution { name, extras, is_plain } = Target::of(&item.text()?, Some(""), context)
        else {
            return None;
        };
        if !extras.is_empty() || !(BOOTSTRAP.contains(&name.as_str()) || INSTALLERS.contains(&name.as_str()))
        {
            return None;
        }
        wanted.push(Wanted { name, is_plain });
    }
    (!wanted.is_empty()).then_some(wanted)
}

fn brings_more(item: &Item<'_>) -> bool {
    item.is(&["-r", "--requirement", "-e", "--editable", "--group", "--target", "-t", "--prefix", "--root"])
        || item.is(&["--help", "-h", "--version", "-V", "--dry-run"])
}
