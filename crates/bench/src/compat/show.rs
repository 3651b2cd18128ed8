//! A check as a text for people and as data for programs. All of it is pure: from a check to a text.

pub(super) mod csv;
pub(super) mod html;
pub(super) mod markdown;
pub(super) mod text;
pub(super) mod wire;

use super::model::{
    Attempt, Compat, Difference, Effect, FailureClass, NotTried, Outcome, Remedy, Row, Setting, Status,
    Tally, Together, Tool, Verdict,
};
use crate::report::words::{count, plain, time};

/// What a verdict means, in two or three words.
fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "the same",
        Verdict::DoesNotApply => "does not apply",
        Verdict::OtherDependencies => "other dependencies",
        Verdict::OtherVersion => "other version",
        Verdict::OnlyPip => "only pip",
        Verdict::OnlyUv => "only uv",
        Verdict::Neither => "neither",
        Verdict::NotTried => "not tried",
    }
}

/// The same of several requirements.
fn together_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OtherDependencies | Verdict::OtherVersion => "other versions",
        _ => verdict_words(verdict),
    }
}

/// What a verdict means, as a sentence about the requirement.
fn verdict_sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "pip and uv choose the same versions",
        Verdict::DoesNotApply => "it does not apply to this Python and platform",
        Verdict::OtherDependencies => "both choose the same version, but other versions of what it needs",
        Verdict::OtherVersion => "each chooses another version",
        Verdict::OnlyPip => "only pip finds an answer",
        Verdict::OnlyUv => "only uv finds an answer",
        Verdict::Neither => "neither finds an answer",
        Verdict::NotTried => "it was not tried",
    }
}

/// One character for a verdict.
fn symbol(verdict: Verdict) -> char {
    match verdict {
        Verdict::Same => '=',
        Verdict::DoesNotApply => '-',
        Verdict::OtherDependencies => '~',
        Verdict::OtherVersion => '!',
        Verdict::OnlyPip => 'p',
        Verdict::OnlyUv => 'u',
        Verdict::Neither => 'x',
        Verdict::NotTried => '?',
    }
}

/// Whether there is something to explain.
fn is_fine(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Same | Verdict::DoesNotApply)
}

/// A class of failures in two or three words.
fn class_words(class: FailureClass) -> &'static str {
    match class {
        FailureClass::NoSuchPackage => "no such package",
        FailureClass::NoSuchVersion => "no version fits",
        FailureClass::OnlyPrereleases => "only pre-releases",
        FailureClass::OtherPython => "another Python",
        FailureClass::NoWheel => "no wheel",
        FailureClass::NeedsBuild => "needs a build",
        FailureClass::Conflict => "conflict",
        FailureClass::MissingCompiler => "no compiler",
        FailureClass::MissingLibrary => "library missing",
        FailureClass::MissingRust => "no Rust",
        FailureClass::MissingBuildModule => "module missing",
        FailureClass::BuildFailed => "build failed",
        FailureClass::Network => "no answer",
        FailureClass::Authentication => "not let in",
        FailureClass::Repository => "repository",
        FailureClass::Hash => "hash",
        FailureClass::InvalidRequirement => "invalid",
        FailureClass::InvalidMetadata => "broken metadata",
        FailureClass::NoSuchFile => "no such file",
        FailureClass::CannotRun => "not run",
        FailureClass::Unknown => "failed",
    }
}

/// What a tool made of a requirement, short: its version, or why there is none.
fn short(name: Option<&str>, outcome: &Outcome) -> String {
    match &outcome.status {
        Status::Resolved(chosen) if chosen.is_empty() => "nothing".to_owned(),
        Status::Resolved(chosen) => match name.and_then(|name| chosen.iter().find(|it| it.name == name)) {
            Some(own) => own.version.as_deref().map_or_else(|| "from source".to_owned(), plain),
            None => count(chosen.len(), "package"),
        },
        Status::Failed(failure) => class_words(failure.class).to_owned(),
        Status::TimedOut(_) => "timed out".to_owned(),
        Status::NotTried(NotTried::NeedsBuild) => "needs a build".to_owned(),
        Status::NotTried(NotTried::Interrupted) => "not tried".to_owned(),
    }
}

/// What a tool said, as the end of a sentence that begins with its name; `None` for what needs no words.
fn long(outcome: &Outcome) -> Option<String> {
    match &outcome.status {
        Status::Resolved(_) | Status::NotTried(_) => None,
        Status::Failed(failure) => Some(format!("{}: {}", failure.class.title(), plain(&failure.message))),
        Status::TimedOut(limit) => Some(format!("was ended after {}", time(limit.as_secs_f64()))),
    }
}

/// What a difference is: `click 8.1.7 under pip, 8.1.8 under uv`.
fn difference_words(difference: &Difference) -> String {
    let version = |version: &Option<String>| version.as_deref().map_or_else(|| "none".to_owned(), plain);
    format!(
        "{} {} under pip, {} under uv",
        plain(&difference.name),
        version(&difference.pip),
        version(&difference.uv)
    )
}

/// The flags that help, each as a sentence, but for those that `reason` has told already.
fn helping(attempts: &[Attempt], reason: Option<&str>) -> Vec<String> {
    let is_told =
        |attempt: &&Attempt| reason.is_none_or(|reason| !reason.contains(&format!("`{}`", attempt.flag)));
    let words = |attempt: &Attempt| {
        let (tool, other) = match attempt.tool {
            Tool::Pip => ("pip", "uv"),
            Tool::Uv => ("uv", "pip"),
        };
        match attempt.effect {
            Effect::Agrees => Some(format!("`{}` makes {tool} choose what {other} chooses", attempt.flag)),
            Effect::Accepts => Some(format!("{tool} accepts the versions of {other} as constraints")),
            Effect::Resolves => Some(format!("`{}` makes {tool} find an answer", attempt.flag)),
            Effect::Nothing => None,
        }
    };
    attempts.iter().filter(is_told).filter_map(words).collect()
}

/// The flags that were tried in vain.
fn in_vain(attempts: &[Attempt]) -> Vec<String> {
    let vain = attempts.iter().filter(|attempt| attempt.effect == Effect::Nothing);
    vain.map(|attempt| format!("{} {}", attempt.tool.id(), attempt.flag)).collect()
}

/// A remedy in lines: the advice first.
fn remedy_lines(remedy: &Remedy) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", plain(&remedy.about), remedy.advice)];
    if !remedy.alternatives.is_empty() {
        lines.push(format!("instead of it: {}", remedy.alternatives.join(", ")));
    }
    for (system, packages) in &remedy.system {
        lines.push(format!("{} {}", system_command(system), packages.join(" ")));
    }
    lines
}

fn system_command(system: &str) -> &str {
    match system {
        "debian" => "Debian, Ubuntu: apt install",
        "fedora" => "Fedora: dnf install",
        "alpine" => "Alpine: apk add",
        "homebrew" => "macOS: brew install",
        other => other,
    }
}

/// What pip would have to build when it installs the requirement; `None` for nothing.
fn built(row: &Row) -> Option<String> {
    let chosen = row.pip.chosen()?.iter().filter(|chosen| chosen.from_source);
    let names: Vec<String> = chosen.map(|chosen| plain(&chosen.name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Where a requirement stands: `requirements.txt:3`.
fn place(row: &Row) -> Option<String> {
    let file = plain(row.requested.file.as_deref()?);
    Some(match row.requested.line {
        Some(line) => format!("{file}:{line}"),
        None => file,
    })
}

/// Who was asked, and how.
fn headline(setting: &Setting) -> String {
    let builds = if setting.builds { "builds allowed" } else { "wheels only" };
    format!(
        "pip {} and uv {} on Python {} ({}), {builds}",
        plain(&setting.pip),
        plain(&setting.uv),
        plain(&setting.python),
        plain(&setting.platform)
    )
}

/// The summary at a glance: `120 requirements: 110 the same, 4 differ, 6 fail under both`.
fn summary(compat: &Compat) -> String {
    let Tally { rows, same, differ, only_pip, only_uv, neither, not_tried, flags_help } = compat.tally();
    let parts = [
        (same, "the same"),
        (differ, "differ"),
        (only_pip, "only with pip"),
        (only_uv, "only with uv"),
        (neither, "with neither"),
        (not_tried, "not tried"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
    let flags = match flags_help {
        0 => String::new(),
        1 => "; for 1 a flag makes uv agree".to_owned(),
        number => format!("; for {number} a flag makes uv agree"),
    };
    let interrupted =
        if compat.interrupted { " (interrupted: what is missing is asked next time)" } else { "" };
    format!("{}: {}{flags}{interrupted}", count(rows, "requirement"), parts.join(", "))
}

/// What came of all requirements together, in a sentence.
fn together_sentence(together: &Together) -> String {
    let what = match together.verdict {
        Verdict::Same => "pip and uv choose the same versions",
        Verdict::DoesNotApply => "nothing applies to this Python and platform",
        Verdict::OtherDependencies | Verdict::OtherVersion => "both find an answer, with different versions",
        Verdict::OnlyPip => "only pip finds an answer",
        Verdict::OnlyUv => "only uv finds an answer",
        Verdict::Neither => "neither finds an answer",
        Verdict::NotTried => "not tried",
    };
    let packages = match (&together.verdict, together.uv.chosen()) {
        (Verdict::Same, Some(chosen)) => format!(" ({})", count(chosen.len(), "package")),
        _ => String::new(),
    };
    let left_out = match together.left_out.len() {
        0 => String::new(),
        number => format!(" ({number} left out)"),
    };
    let requirements = count(together.members.len(), "requirement");
    format!("{requirements} together{left_out}: {what}{packages}")
}
