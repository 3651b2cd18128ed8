//! twine.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::manager::{Call, left, project, run_prefix, unknown_option};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "twine",
    summary: "`twine check` becomes `uvx twine check`, `twine upload` becomes `uv publish`, for review",
    programs: &["twine"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &[]) else { return Verdict::NotMine };
    if scope.environment == Environment::Foreign {
        return Verdict::NotMine;
    }
    match call.name.as_str() {
        "upload" => upload(invocation, &call),
        "check" => {
            let declared = project(scope, context, None).filter(|project| project.declares("twine"));
            match (declared, scope.environment) {
                (Some(_), Environment::Active) => Verdict::Keep,
                (Some(project), _) => {
                    let prefix = run_prefix(scope, project, Some("twine"));
                    Verdict::safe(format!("{prefix} twine check {}", call.rest()), "twine of the project")
                }
                (None, _) => Verdict::safe(
                    format!("uvx twine check {}", call.rest()),
                    "uv has no check of its own, and runs twine in an environment of its own",
                ),
            }
        }
        name => {
            left(format!("uv has nothing for `twine {name}`"), format!("uvx twine {name} {}", call.rest()))
        }
    }
}

fn upload(invocation: &Invocation<'_>, call: &Call<'_>) -> Verdict {
    let flags = [
        "--skip-existing",
        "--non-interactive",
        "--disable-progress-bar",
        "--verbose",
        "--attestations",
        "-s",
        "--sign",
    ];
    let values = [
        "-r",
        "--repository",
        "--repository-url",
        "-u",
        "--username",
        "-p",
        "--password",
        "--cert",
        "--client-cert",
        "--config-file",
        "-c",
        "--comment",
        "-i",
        "--identity",
        "--sign-with",
    ];
    let options = call.options(&flags, &values);
    if let Some(word) = options.unknown {
        return unknown_option("twine", call.script, word);
    }
    if options.has(&["--config-file", "--cert", "--client-cert", "-s", "--sign"]) {
        return left(
            "uv reads no .pypirc and signs nothing with GPG; certificates are in SSL_CERT_FILE",
            "uv publish",
        );
    }
    let mut words = vec!["uv publish".to_owned()];
    let mut reason = "TWINE_USERNAME, TWINE_PASSWORD and TWINE_REPOSITORY_URL are UV_PUBLISH_USERNAME, \
                      UV_PUBLISH_PASSWORD and UV_PUBLISH_URL for uv"
        .to_owned();
    for (names, flag) in [
        (["-u", "--username"], "--username"),
        (["-p", "--password"], "--password"),
        (["--repository-url", "--repository-url"], "--publish-url"),
        (["-r", "--repository"], "--index"),
    ] {
        let given = options.values(&names);
        let given =
            given.iter().filter(|value| flag != "--index" || value.literal().as_deref() != Some("pypi"));
        words.extend(given.map(|value| format!("{flag} {}", value.raw)));
    }
    if words.iter().any(|word| word.starts_with("--index")) {
        reason.push_str("; the index needs a `publish-url` in [[tool.uv.index]]");
    }
    if options.has(&["--skip-existing"]) {
        reason.push_str("; files that are there already need `--check-url` to be skipped");
    }
    let files: Vec<&str> = options.positional.iter().map(|word| word.raw(call.script)).collect();
    if files != ["dist/*"] {
        words.extend(files.into_iter().map(str::to_owned));
    }
    let new = words.join(" ");
    let given: Vec<String> = invocation
        .command
        .assignments
        .iter()
        .filter_map(|found| Some(format!("{}={}", variable(&found.name)?, found.value.raw(call.script))))
        .collect();
    if given.is_empty() {
        return Verdict::review(new, reason);
    }
    // What stands in front stays where it is.
    left(reason, format!("{} {new}", given.join(" ")))
}

/// The variable of uv for one of twine.
fn variable(name: &str) -> Option<&'static str> {
    match name {
        "TWINE_USERNAME" => Some("UV_PUBLISH_USERNAME"),
        "TWINE_PASSWORD" => Some("UV_PUBLISH_PASSWORD"),
        "TWINE_REPOSITORY_URL" => Some("UV_PUBLISH_URL"),
        "TWINE_REPOSITORY" => Some("UV_PUBLISH_INDEX"),
        _ => None,
    }
}
