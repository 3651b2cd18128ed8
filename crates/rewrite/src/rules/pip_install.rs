//! `pip install`: a sync of the project where pyproject.toml has what is wanted, else `uv pip install`.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::install::Place;
use crate::install::args::{Item, items, render};
use crate::install::options::{FLAGS, Fate, VALUES, fate};
use crate::install::project::{EXTRA_INDEX, as_pip, in_project, with_doubts};
use crate::install::target::Target;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-install",
    summary: "`pip install` becomes `uv sync` where the project declares what is installed, else `uv pip install`",
    programs: &["pip"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if invocation.subcommand().as_deref() != Some("install") {
        return Verdict::NotMine;
    }
    if scope.environment == Environment::Foreign {
        return Verdict::Keep;
    }
    if let Some(wrapper) = invocation.wrappers.iter().find(|name| name.ends_with(" run")) {
        return Verdict::left(format!("`{wrapper}` installs into an environment of conda"));
    }
    if let Some((wrong, right)) = unquoted(invocation) {
        return Verdict::Left {
            reason: format!("`{wrong}` is a redirection to the shell, which has to be quoted first"),
            suggestion: Some(right),
        };
    }
    let all = match items(invocation.script, invocation.args, FLAGS, VALUES) {
        Ok(items) => items,
        Err(word) => {
            return Verdict::left(format!(
                "`{}` is an option that is not known",
                word.raw(invocation.script)
            ));
        }
    };
    let mut seen = false;
    let items: Vec<Item<'_>> = all
        .into_iter()
        .filter(|item| {
            seen || !item.name.is_empty() || item.raw != "install" || std::mem::replace(&mut seen, true)
        })
        .collect();
    if let Some(verdict) = refused(&items) {
        return verdict;
    }
    if items.iter().all(|item| !brings(item)) {
        return Verdict::left("it names nothing to install");
    }
    let is_needed = |item: &Item<'_>| !scope.builds || !is_build(item, context);
    let items: Vec<Item<'_>> = items.into_iter().filter(is_needed).collect();
    if items.iter().all(|item| !brings(item)) {
        scope.has_uv = true;
        return Verdict::safe("", "uv does the work of build");
    }
    match context.project(scope.folder.as_deref().unwrap_or_default()) {
        Some(project) => in_project(invocation, &items, scope, project, context),
        None => plain(invocation, &items, scope),
    }
}

/// A limit without quotes, such as the `>=2` of `pip install flask>=2`: as it is written, and as it was meant.
fn unquoted(invocation: &Invocation<'_>) -> Option<(String, String)> {
    let script = invocation.script;
    invocation.command.redirections.iter().find_map(|found| {
        let word = invocation.args.iter().find(|word| word.span.end == found.span.start)?;
        let target = found.target.raw(script);
        let is_version = matches!(found.operator.as_str(), ">" | "<")
            && found.target.span.start == found.span.start + 1
            && target.trim_start_matches('=').starts_with(|letter: char| letter.is_ascii_digit());
        let wrong = script.get(found.span.clone()).filter(|_| is_version)?;
        let whole = script.get(word.span.start..)?.split_whitespace().next()?.replace(['"', '\''], "");
        Some((wrong.to_owned(), format!("pip install '{whole}'")))
    })
}

/// `build`, in whatever version and with whatever extras.
fn is_build(item: &Item<'_>, context: &Context) -> bool {
    let target =
        item.text().filter(|_| item.name.is_empty()).map(|text| Target::of(&text, Some(""), context));
    matches!(target, Some(Target::Distribution { name, .. }) if name == "build")
}

fn brings(item: &Item<'_>) -> bool {
    item.is(&["", "-r", "--requirement", "-e", "--editable", "--group"])
}

/// What uv has no counterpart for.
fn refused(items: &[Item<'_>]) -> Option<Verdict> {
    for item in items {
        // An editable user install can still be an install into an environment.
        if let Fate::Stays(reason) = fate(&item.name) {
            if item.name == "--user" {
                continue;
            }
            return Some(Verdict::left(reason));
        }
        let value = item.text().unwrap_or_default();
        if item.is(&["--keyring-provider"]) && !matches!(value.as_str(), "subprocess" | "disabled") {
            return Some(Verdict::left("uv knows the keyring providers `subprocess` and `disabled` only"));
        }
        let is_url = value.contains("://");
        if item.is(&["-e", "--editable"]) && is_url {
            return Some(Verdict::left(
                "uv installs no editable checkouts; `[tool.uv.sources]` with `git` may do",
            ));
        }
        if brings(item) && ["svn+", "hg+", "bzr+"].iter().any(|scheme| value.contains(scheme)) {
            return Some(Verdict::left("uv installs from git only, of the version control systems"));
        }
    }
    None
}

/// Without a project of uv: the same arguments.
fn plain(invocation: &Invocation<'_>, items: &[Item<'_>], scope: &mut Scope) -> Verdict {
    let elsewhere = items.iter().any(|item| item.is(&["-t", "--target", "--prefix"]));
    if items.iter().any(|item| item.name == "--user") {
        return Verdict::Left {
            reason: "uv installs into environments only, not for a user (`--user`)".to_owned(),
            suggestion: Some("uv venv && uv pip install ...".to_owned()),
        };
    }
    let place = if elsewhere { Place::Found } else { Place::of(invocation, scope) };
    let system = matches!(place, Place::System | Place::Python(_));
    let mut doubts: Vec<String> = Vec::new();
    for item in items {
        if let Fate::Differs(reason) = fate(&item.name) {
            doubts.push(reason.to_owned());
        }
        if item.name == "--extra-index-url" {
            doubts.push(EXTRA_INDEX.to_owned());
        }
    }
    if system && invocation.sudo.is_some() {
        doubts.push("`sudo` may not find uv".to_owned());
    }
    let rendered = render(invocation.script, invocation.args, items, |_, item| as_pip(item, system));
    let flag = place.flag().map(|flag| format!(" {flag}")).unwrap_or_default();
    let new = format!("uv pip install{flag}{rendered}");
    scope.has_uv = true;
    scope.has_additions |= scope.synced.is_some();
    let reason = match &place {
        Place::System => "uv installs the same; `--system` lets it do so outside an environment",
        _ => "uv installs the same",
    };
    with_doubts(new, reason, &doubts)
}
