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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::compat::model::{Chosen, Failure};

    fn outcome(status: Status) -> Outcome {
        Outcome { status, seconds: 0.0, at: 0, taken: false, log: None }
    }

    fn resolved(version: &str) -> Outcome {
        let version = Some(version.to_owned());
        outcome(Status::Resolved(vec![Chosen {
            name: "a".to_owned(),
            version,
            from_source: false,
            direct: false,
        }]))
    }

    fn failed(class: FailureClass) -> Outcome {
        outcome(Status::Failed(Failure { class, message: "because".to_owned(), about: None }))
    }

    fn attempt(tool: Tool, flag: &str, effect: Effect, outcome: Outcome) -> Attempt {
        Attempt { tool, flag: flag.to_owned(), effect, outcome }
    }

    fn told(verdict: Verdict, pip: &Outcome, uv: &Outcome, attempts: &[Attempt]) -> Option<String> {
        let differences =
            [Difference { name: "a".to_owned(), pip: Some("1".to_owned()), uv: Some("2".to_owned()) }];
        reason(&Pair { verdict, pip, uv, differences: &differences, attempts })
    }

    #[test]
    fn an_order_of_trying_is_told_only_when_each_accepts_the_other() {
        let (pip, uv) = (resolved("1"), resolved("2"));
        let by_uv = attempt(Tool::Uv, "--constraint VERSIONS-OF-PIP", Effect::Accepts, resolved("1"));
        let by_pip = |effect, outcome| attempt(Tool::Pip, "--constraint VERSIONS-OF-UV", effect, outcome);
        let both = [by_uv.clone(), by_pip(Effect::Accepts, resolved("2"))];
        let reason = told(Verdict::OtherVersion, &pip, &uv, &both).unwrap();
        assert!(reason.contains("try versions in another order (a)"), "{reason}");
        let one = [by_uv, by_pip(Effect::Nothing, failed(FailureClass::Conflict))];
        let reason = told(Verdict::OtherVersion, &pip, &uv, &one).unwrap();
        assert_eq!(reason, "uv accepts pip's versions as constraints, but pip refuses uv's: because");
        let none = [attempt(
            Tool::Uv,
            "--constraint VERSIONS-OF-PIP",
            Effect::Nothing,
            failed(FailureClass::Conflict),
        )];
        let reason = told(Verdict::OtherVersion, &pip, &uv, &none).unwrap();
        assert_eq!(reason, "uv refuses pip's versions: because");
        assert_eq!(told(Verdict::OtherVersion, &pip, &uv, &[]), None);
    }

    #[test]
    fn nothing_is_claimed_that_was_not_seen() {
        let (fine, stuck) = (resolved("1"), outcome(Status::TimedOut(Duration::from_secs(9))));
        assert_eq!(told(Verdict::Same, &fine, &fine, &[]), None);
        assert_eq!(told(Verdict::OnlyPip, &fine, &failed(FailureClass::Conflict), &[]), None);
        assert_eq!(told(Verdict::Neither, &stuck, &stuck, &[]), None);
        let reason = told(Verdict::OnlyPip, &fine, &stuck, &[]).unwrap();
        assert_eq!(reason, "uv did not come to an end within its time limit");
        let python = [attempt(Tool::Uv, "--python-version 3.8", Effect::Resolves, resolved("1"))];
        let failed = failed(FailureClass::OtherPython);
        let reason = told(Verdict::Neither, &failed, &failed, &python).unwrap();
        assert_eq!(reason, "uv finds an answer with `--python-version 3.8`");
    }
}
