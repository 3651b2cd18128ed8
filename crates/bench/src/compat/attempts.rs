//! What is tried where the tools fail or disagree: one flag at a time, each named with what it means.

use std::time::Duration;

use super::ask::{Asker, Question};
use super::compare::agree;
use super::error::CompatError;
use super::model::{Attempt, Effect, FailureClass, NotTried, Outcome, Status, Tool};
use super::plan::Builds;

/// The Pythons that are asked for when this one does not fit, likely ones first.
const PYTHONS: [&str; 6] = ["3.12", "3.13", "3.10", "3.9", "3.14", "3.8"];

/// A requirement, or all of them, and what the tools made of it.
pub(super) struct Case<'a> {
    pub(super) lines: &'a [String],
    pub(super) label: &'a str,
    pub(super) limit: Duration,
    pub(super) lasting: bool,
    pub(super) pip: &'a Outcome,
    pub(super) uv: &'a Outcome,
}

/// A flag that may help.
struct Flag {
    tool: Tool,
    arguments: &'static [&'static str],
    /// Whether there is a chance.
    applies: fn(&Situation) -> bool,
}

/// What is known before anything was tried.
struct Situation {
    pip: Option<FailureClass>,
    uv: Option<FailureClass>,
    /// Both found an answer, but not the same one.
    differ: bool,
    builds: Builds,
    indexes: usize,
    /// Whether one of the tools chose a pre-release.
    prerelease: bool,
}

const FLAGS: [Flag; 8] = [
    Flag {
        tool: Tool::Uv,
        arguments: &["--prerelease", "allow"],
        applies: |it| it.differ || it.uv.is_some_and(is_of_versions),
    },
    Flag {
        tool: Tool::Uv,
        arguments: &["--prerelease", "disallow"],
        applies: |it| it.differ && it.prerelease,
    },
    Flag {
        tool: Tool::Uv,
        arguments: &["--index-strategy", "unsafe-best-match"],
        applies: |it| it.indexes > 1 && (it.differ || it.uv.is_some_and(is_of_indexes)),
    },
    Flag {
        tool: Tool::Uv,
        arguments: &["--index-strategy", "unsafe-best-match", "--prerelease", "allow"],
        applies: |it| it.indexes > 1 && (it.differ || it.uv.is_some_and(is_of_versions)),
    },
    Flag {
        tool: Tool::Uv,
        arguments: &["--only-binary", ":all:"],
        applies: |it| it.builds == Builds::Allowed && (it.uv.is_some_and(is_of_build) || it.differ),
    },
    Flag {
        tool: Tool::Pip,
        arguments: &["--pre"],
        applies: |it| it.pip.is_some_and(may_be_prerelease) || (it.differ && it.prerelease),
    },
    Flag {
        tool: Tool::Pip,
        arguments: &["--only-binary", ":all:"],
        applies: |it| it.builds == Builds::Allowed && it.pip.is_some_and(is_of_build),
    },
    Flag {
        tool: Tool::Pip,
        arguments: &["--prefer-binary"],
        applies: |it| it.builds == Builds::Allowed && it.pip.is_some_and(is_of_build),
    },
];

/// Tries what may help. Nothing is tried where the tools agree or where the network is to blame.
pub(super) fn attempts(context: &Asker<'_>, case: &Case<'_>) -> Result<Vec<Attempt>, CompatError> {
    let situation = situation(context, case);
    let mut done = Vec::new();
    if !situation.differ && situation.pip.is_none() && situation.uv.is_none() {
        return Ok(done);
    }
    for flag in FLAGS.iter().filter(|flag| (flag.applies)(&situation)) {
        if !is_settled(&done, flag.tool) {
            done.push(try_flag(context, case, flag.tool, flag.arguments, &[])?);
        }
    }
    if situation.uv.is_some_and(|class| matches!(class, FailureClass::OtherPython | FailureClass::NoWheel)) {
        try_pythons(context, case, &mut done)?;
    }
    if situation.differ && !done.iter().any(|attempt| attempt.effect == Effect::Agrees) {
        try_versions(context, case, &mut done)?;
    }
    Ok(done)
}

/// Whether the versions that one tool chose suit the other one, which tells an order of trying from a contradiction.
fn try_versions(context: &Asker<'_>, case: &Case<'_>, done: &mut Vec<Attempt>) -> Result<(), CompatError> {
    for (tool, other) in [(Tool::Uv, case.pip), (Tool::Pip, case.uv)] {
        if !is_settled(done, tool) {
            done.push(try_flag(context, case, tool, &[], &pins(other))?);
        }
    }
    Ok(())
}

/// Only until one fits. uv resolves for a Python that need not be there.
fn try_pythons(context: &Asker<'_>, case: &Case<'_>, done: &mut Vec<Attempt>) -> Result<(), CompatError> {
    let own = context.setting.python.split('.').take(2).collect::<Vec<_>>().join(".");
    for python in PYTHONS.into_iter().filter(|python| *python != own) {
        let attempt = try_flag(context, case, Tool::Uv, &["--python-version", python], &[])?;
        let helped = attempt.effect != Effect::Nothing;
        let interrupted = attempt.outcome.status == Status::NotTried(NotTried::Interrupted);
        done.push(attempt);
        if helped || interrupted {
            break;
        }
    }
    Ok(())
}

fn try_flag(
    context: &Asker<'_>,
    case: &Case<'_>,
    tool: Tool,
    flags: &[&str],
    constraints: &[String],
) -> Result<Attempt, CompatError> {
    let (other, other_tool) = match tool {
        Tool::Pip => (case.uv, Tool::Uv),
        Tool::Uv => (case.pip, Tool::Pip),
    };
    let flag = if constraints.is_empty() {
        flags.join(" ")
    } else {
        format!("--constraint VERSIONS-OF-{}", other_tool.id().to_uppercase())
    };
    let label = format!("{}-{}", case.label, slug(&flag));
    let Case { lines, limit, lasting, .. } = *case;
    let outcome =
        context.ask(&Question { tool, lines, constraints, flags, limit, label: &label, lasting })?;
    let effect = if agree(&outcome, other) {
        if constraints.is_empty() { Effect::Agrees } else { Effect::Accepts }
    } else if outcome.chosen().is_some() && own(case, tool).chosen().is_none() {
        Effect::Resolves
    } else {
        Effect::Nothing
    };
    Ok(Attempt { tool, flag, effect, outcome })
}

fn situation(context: &Asker<'_>, case: &Case<'_>) -> Situation {
    let class = |outcome: &Outcome| match &outcome.status {
        Status::Failed(failure) => Some(failure.class),
        _ => None,
    };
    let both = case.pip.chosen().zip(case.uv.chosen());
    let chosen = case.pip.chosen().into_iter().chain(case.uv.chosen()).flatten();
    let versions = chosen.filter_map(|chosen| chosen.version.as_deref()?.parse::<pep440_rs::Version>().ok());
    let index = &context.plan.index;
    Situation {
        pip: class(case.pip),
        uv: class(case.uv),
        differ: both.is_some() && !agree(case.pip, case.uv),
        builds: context.plan.builds,
        indexes: if index.no_index { 0 } else { 1 + index.extra_index_urls.len() },
        prerelease: versions.into_iter().any(|version| version.any_prerelease()),
    }
}

fn own<'a>(case: &Case<'a>, tool: Tool) -> &'a Outcome {
    match tool {
        Tool::Pip => case.pip,
        Tool::Uv => case.uv,
    }
}

/// Whether something was found that makes the tool agree, or nothing more is to be begun.
fn is_settled(done: &[Attempt], tool: Tool) -> bool {
    done.iter().any(|attempt| {
        attempt.outcome.status == Status::NotTried(NotTried::Interrupted)
            || (attempt.tool == tool && attempt.effect == Effect::Agrees)
    })
}

fn is_of_versions(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::NoSuchVersion
            | FailureClass::OnlyPrereleases
            | FailureClass::OtherPython
            | FailureClass::NoWheel
            | FailureClass::NeedsBuild
            | FailureClass::Conflict
    )
}

/// What pip may find among pre-releases.
fn may_be_prerelease(class: FailureClass) -> bool {
    is_of_versions(class) && !matches!(class, FailureClass::NoWheel | FailureClass::NeedsBuild)
}

/// What another index may have.
fn is_of_indexes(class: FailureClass) -> bool {
    class == FailureClass::NoSuchPackage || is_of_versions(class)
}

fn is_of_build(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::MissingCompiler
            | FailureClass::MissingLibrary
            | FailureClass::MissingRust
            | FailureClass::MissingBuildModule
            | FailureClass::BuildFailed
    )
}

/// What was chosen, as constraints. What comes from a URL has its version from there.
fn pins(outcome: &Outcome) -> Vec<String> {
    let chosen = outcome.chosen().unwrap_or_default().iter().filter(|chosen| !chosen.direct);
    chosen.filter_map(|chosen| Some(format!("{}=={}", chosen.name, chosen.version.as_deref()?))).collect()
}

/// A text as part of a file name.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}
