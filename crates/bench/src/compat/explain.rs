//! Why the tools differ, told only as far as what was tried shows it.

use super::model::{Attempt, Difference, Effect, FailureClass, NotTried, Outcome, Status, Tool, Verdict};

/// Two answers and what was tried about them.
pub(super) struct Pair<'a> {
    pub(super) verdict: Verdict,
    pub(super) pip: &'a Outcome,
    pub(super) uv: &'a Outcome,
    pub(super) differences: &'a [Difference],
    pub(super) attempts: &'a [Attempt],
}

/// The reason in a sentence or two; `None` where nothing is to be explained, or nothing explains it.
pub(super) fn reason(pair: &Pair<'_>) -> Option<String> {
    match pair.verdict {
        Verdict::Same | Verdict::DoesNotApply => None,
        Verdict::NotTried => not_tried(pair),
        Verdict::Neither => neither(pair),
        Verdict::OnlyUv | Verdict::OnlyPip | Verdict::OtherVersion | Verdict::OtherDependencies => {
            by_flag(pair).or_else(|| by_class(pair)).or_else(|| by_versions(pair))
        }
    }
}

fn not_tried(pair: &Pair<'_>) -> Option<String> {
    let both = [pair.pip, pair.uv];
    let needs_build = both.iter().any(|it| it.status == Status::NotTried(NotTried::NeedsBuild));
    needs_build.then(|| {
        "it is a source tree or a source distribution: reading what it needs runs its code, and builds are not allowed"
            .to_owned()
    })
}

/// A flag with which one tool chose exactly what the other one chose.
fn by_flag(pair: &Pair<'_>) -> Option<String> {
    let attempt = pair.attempts.iter().find(|attempt| attempt.effect == Effect::Agrees)?;
    let (tool, other) = match attempt.tool {
        Tool::Pip => ("pip", "uv"),
        Tool::Uv => ("uv", "pip"),
    };
    let why = meaning(&attempt.flag);
    Some(format!("with `{}` {tool} chooses what {other} chooses{why}", attempt.flag))
}

/// What a flag changes, as far as it explains a difference.
fn meaning(flag: &str) -> &'static str {
    match flag {
        "--prerelease allow" => {
            ": by default uv takes a pre-release only after every final version that fits is rejected"
        }
        "--prerelease disallow" | "--pre" => {
            ": uv takes a pre-release where no final version can be used, pip only where the index lists no final \
             version that fits"
        }
        flag if flag.contains("--index-strategy") => {
            ": uv stops at the first index that has the package, so that nobody can slip in another one of the same name; \
             pip takes the best version of all indexes"
        }
        "--only-binary :all:" | "--prefer-binary" => ": the newest version has to be built, and that fails",
        _ => "",
    }
}

/// What the class of the failure explains by itself.
fn by_class(pair: &Pair<'_>) -> Option<String> {
    let text = match (&pair.pip.status, &pair.uv.status) {
        (Status::Failed(pip), Status::Resolved(_)) => match pip.class {
            FailureClass::Hash => {
                "pip compares hashes already here; uv's dry run downloads nothing, so it compares them when it installs"
            }
            FailureClass::MissingCompiler
            | FailureClass::MissingLibrary
            | FailureClass::MissingRust
            | FailureClass::MissingBuildModule
            | FailureClass::BuildFailed => {
                "uv could read what it needs without a build, pip had to build it and could not; installing it with uv \
                 builds it too"
            }
            FailureClass::InvalidMetadata => {
                "pip refuses versions whose metadata is invalid; uv repairs the mistakes that it knows"
            }
            FailureClass::Network | FailureClass::Authentication => "the index did not answer pip: ask again",
            _ => return None,
        },
        (Status::Resolved(_), Status::Failed(uv)) => match uv.class {
            FailureClass::Network | FailureClass::Authentication => "the index did not answer uv: ask again",
            _ => return None,
        },
        (Status::TimedOut(_), Status::Resolved(_)) => "pip did not come to an end within its time limit",
        (Status::Resolved(_), Status::TimedOut(_)) => "uv did not come to an end within its time limit",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Whether each tool accepts the versions of the other one.
fn by_versions(pair: &Pair<'_>) -> Option<String> {
    let of = |tool| {
        pair.attempts.iter().find(|attempt| attempt.tool == tool && attempt.flag.starts_with("--constraint"))
    };
    let names: Vec<&str> =
        pair.differences.iter().take(3).map(|difference| difference.name.as_str()).collect();
    let names = names.join(", ");
    let accepts = |attempt: &Attempt| attempt.effect == Effect::Accepts;
    match (of(Tool::Uv), of(Tool::Pip)) {
        (Some(uv), Some(pip)) if accepts(uv) && accepts(pip) => Some(format!(
            "both answers satisfy every requirement, and each tool accepts the other one's versions as constraints: the \
             tools try versions in another order ({names})"
        )),
        (Some(uv), pip) if accepts(uv) => Some(pip.and_then(refusal).unwrap_or_else(|| {
            format!("uv accepts pip's versions as constraints; by itself it chooses others ({names})")
        })),
        (Some(uv), _) => match &uv.outcome.status {
            Status::Failed(failure) => Some(format!("uv refuses pip's versions: {}", failure.message)),
            _ => None,
        },
        _ => None,
    }
}

/// Why pip does not take uv's versions.
fn refusal(pip: &Attempt) -> Option<String> {
    let Status::Failed(failure) = &pip.outcome.status else { return None };
    Some(match failure.class {
        FailureClass::OtherPython => format!(
            "uv does not look at the upper limit of the Pythons that a version is for, pip does: {}",
            failure.message
        ),
        _ => format!("uv accepts pip's versions as constraints, but pip refuses uv's: {}", failure.message),
    })
}

/// What would make it resolve at all.
fn neither(pair: &Pair<'_>) -> Option<String> {
    let helped: Vec<String> = pair
        .attempts
        .iter()
        .filter(|attempt| attempt.effect == Effect::Resolves)
        .map(|attempt| format!("{} finds an answer with `{}`", attempt.tool.id(), attempt.flag))
        .collect();
    (!helped.is_empty()).then(|| helped.join("; "))
}
