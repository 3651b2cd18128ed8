//! Which packages uv cannot have, and why.

use std::path::Path;

use uvshift_process::Runner;

use super::requirement::{self, Task};
use super::{Cause, Offer, Progress, Recreate, RecreateError, Refusal, uv};

/// Finds the packages that uv refuses, after it has refused all of them together with `stderr`.
///
/// uv tells one at a time. The ones that it names are tried alone; what fails alone is put aside, and the rest is tried again. The
/// environment is thrown away afterwards.
pub(crate) fn refusals(
    asked: &Recreate<'_>,
    mut tasks: Vec<&Task>,
    mut stderr: String,
    python: &Path,
    tools: (&dyn Runner, &mut Progress<'_>),
) -> Result<Vec<Refusal>, RecreateError> {
    let (runner, progress) = tools;
    let mut try_them = |tasks: &[&Task]| -> Result<Option<String>, RecreateError> {
        let file = uv::requirements(asked, tasks.iter().copied())?;
        let output = uv::run(&uv::install(asked, python, file.path()), runner, progress)?;
        if !output.success() && uv::is_disk_full(&output.stderr) {
            return Err(RecreateError::DiskFull { path: asked.at.to_owned() });
        }
        Ok((!output.success()).then_some(output.stderr))
    };
    let mut found = Vec::new();
    loop {
        let named: Vec<&Task> = tasks.iter().copied().filter(|task| is_named(task, &stderr)).collect();
        let mut refused = Vec::new();
        for candidates in [named, tasks.clone()] {
            for task in candidates {
                let Some(said) = try_them(&[task])? else { continue };
                let refusal = refusal(asked, task, &said);
                refused.push(task);
                found.push(refusal);
                // A server that does not answer makes uv wait each time; the next package would say the same.
                if let Some(last) = found.last_mut().filter(|refusal| refusal.cause == Cause::Unreachable) {
                    last.reason.push_str("\nThe packages after it were not tried.");
                    return Ok(found);
                }
            }
            if !refused.is_empty() {
                break;
            }
        }
        if refused.is_empty() {
            // Each can be had alone, but not together.
            return if found.is_empty() {
                Err(RecreateError::Together { reason: uv::reason(&stderr) })
            } else {
                Ok(found)
            };
        }
        tasks.retain(|task| !refused.contains(task));
        match (tasks.is_empty(), try_them(&tasks)) {
            (true, _) | (_, Ok(None)) => return Ok(found),
            (_, Ok(Some(said))) => stderr = said,
            (_, Err(error)) => return Err(error),
        }
    }
}

/// Whether what uv says names a package: `alpha==1.0`, `alpha @ ...`, `alpha was not found`, its URL.
fn is_named(task: &Task, stderr: &str) -> bool {
    let url = task.lines.last().and_then(|line| line.split_whitespace().find(|word| word.contains("://")));
    if url.is_some_and(|url| stderr.contains(url)) {
        return true;
    }
    let name = task.normalized_name.as_str();
    stderr.match_indices(name).any(|(at, _)| {
        let before = stderr.get(..at).and_then(|text| text.chars().next_back());
        let after = stderr.get(at + name.len()..).and_then(|text| text.chars().next());
        let is_part = |character: Option<char>| {
            character
                .is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
        };
        !is_part(before) && !is_part(after)
    })
}

/// What uv's words mean for a package.
fn refusal(asked: &Recreate<'_>, task: &Task, stderr: &str) -> Refusal {
    let cause = cause(stderr);
    let mut offers = offers(cause, task.version.contains('+'));
    if asked.allow.any_index {
        offers.retain(|offer| *offer != Offer::AnyIndex);
    }
    if asked.old_tree.is_none() {
        offers.retain(|offer| *offer != Offer::Carry);
    }
    let reason = uv::reason(stderr);
    match asked.snapshot.find(&task.name) {
        Some(package) => requirement::refusal(package, cause, &reason, &offers),
        None => Refusal { name: task.name.clone(), version: task.version.clone(), cause, reason, offers },
    }
}

/// The words of uv 0.13.9, the most telling first.
const WORDS: [(&str, Cause); 24] = [
    ("Hash mismatch", Cause::OtherHash),
    ("pre-releases weren't enabled", Cause::Prerelease),
    ("building from source is disabled", Cause::OnlySource),
    ("Building source distributions", Cause::OnlySource),
    ("Distribution not found at", Cause::Gone),
    ("No such file or directory", Cause::Gone),
    ("401 Unauthorized", Cause::Unreachable),
    ("403 Forbidden", Cause::Unreachable),
    ("Request failed after", Cause::Unreachable),
    ("Failed to fetch", Cause::Unreachable),
    ("error sending request", Cause::Unreachable),
    ("Git operation failed", Cause::Unreachable),
    ("network connectivity is disabled", Cause::Unreachable),
    ("the network was disabled", Cause::Unreachable),
    ("was not found in the cache", Cause::Unreachable),
    ("Failed to resolve requirements from `build-system.requires`", Cause::BuildFailed),
    ("build backend", Cause::BuildFailed),
    ("Failed to build", Cause::BuildFailed),
    ("Failed to download and build", Cause::BuildFailed),
    ("has no wheels with a matching", Cause::OtherPlatform),
    ("is not compatible with the current", Cause::OtherPlatform),
    ("there is no version of", Cause::NoSuchVersion),
    ("was not found in the", Cause::NotFound),
    ("has no usable wheels", Cause::OtherPlatform),
];

fn cause(stderr: &str) -> Cause {
    WORDS.iter().find(|(words, _)| stderr.contains(words)).map_or(Cause::Other, |(_, cause)| *cause)
}

fn offers(cause: Cause, has_local_version: bool) -> Vec<Offer> {
    use Offer::{
        AnyIndex, BuildFromSource, Carry, Credentials, LeaveOut, OtherIndex, OtherPython, Prerelease,
    };
    match cause {
        // `2.1+cu118` is on an index of its own, never on the public one.
        Cause::NotFound | Cause::NoSuchVersion if has_local_version => vec![OtherIndex, Carry, LeaveOut],
        Cause::NotFound => vec![OtherIndex, Carry, LeaveOut],
        Cause::NoSuchVersion => vec![AnyIndex, OtherIndex, Carry, LeaveOut],
        Cause::OnlySource => vec![BuildFromSource, OtherIndex, Carry, LeaveOut],
        Cause::OtherPlatform => vec![OtherIndex, Carry, OtherPython, LeaveOut],
        Cause::Prerelease => vec![Prerelease, Carry, LeaveOut],
        Cause::Unreachable => vec![Credentials, OtherIndex, Carry, LeaveOut],
        Cause::Gone | Cause::OtherHash | Cause::BuildFailed | Cause::Unclear | Cause::Other => {
            vec![Carry, LeaveOut]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_words() {
        let task = |name: &str, line: &str| Task {
            name: name.to_owned(),
            normalized_name: name.to_owned(),
            version: "1".to_owned(),
            way: super::super::Way::Index,
            lines: vec![line.to_owned()],
        };
        let said = "Because alpha-beta was not found and you require gamma==3, ...";
        assert!(is_named(&task("alpha-beta", "alpha-beta===1"), said));
        assert!(is_named(&task("gamma", "gamma===1"), said));
        assert!(!is_named(&task("alpha", "alpha===1"), said));
        assert!(!is_named(&task("beta", "beta===1"), said));
        let said = "Distribution not found at: file:///srv/x";
        assert!(is_named(&task("x1", "-e file:///srv/x"), said));
    }
}
