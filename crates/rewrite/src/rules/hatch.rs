//! Hatch. Its environments stay as they are in pyproject.toml, so most commands go on as before.

use crate::context::{Context, UvProject};
use crate::data;
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::manager::{Call, left, project, run_prefix, unknown_option, written};
use crate::rules::{Rule, Verdict};
use crate::shell::Word;

pub(super) const RULE: Rule = Rule {
    name: "hatch",
    summary: "`hatch build` becomes `uv build`; `hatch run PROGRAM` in the default environment becomes `uv run PROGRAM` and \
              `hatch publish` becomes `uv publish`, both for review; other environments and scripts stay with Hatch",
    programs: &["hatch"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &["-e", "--env", "-p", "--project"]) else {
        return Verdict::NotMine;
    };
    let Some(project) = project(scope, context, None) else { return Verdict::NotMine };
    if scope.environment == Environment::Foreign {
        return Verdict::NotMine;
    }
    match call.name.as_str() {
        "build" => build(&call),
        "publish" => publish(&call),
        "run" => run(&call, scope, project),
        "test" => left("Hatch runs tests in environments of its own, which stay", "uv run pytest"),
        "fmt" => left("Hatch has settings of its own for this", "uvx ruff check --fix && uvx ruff format"),
        "shell" => left("uv starts no shell of its own", ". .venv/bin/activate"),
        "env" => left("the environments of Hatch stay; uv has one, in `.venv`", "uv sync"),
        "version" => left(
            "Hatch reads and writes the version where [tool.hatch.version] says; uv knows only one in [project]",
            "uv version",
        ),
        "new" => left("it makes a new project of Hatch", "uv init"),
        name => Verdict::left(format!("uv has nothing for `hatch {name}`, and the settings of Hatch stay")),
    }
}

fn build(call: &Call<'_>) -> Verdict {
    let options = call.options(&["-c", "--clean", "--clean-hooks-after", "--no-hooks"], &["-t", "--target"]);
    if let Some(word) = options.unknown {
        return unknown_option("Hatch", call.script, word);
    }
    if options.has(&["--no-hooks", "--clean-hooks-after"]) {
        return Verdict::left("uv has no such options for the hooks of hatchling");
    }
    let mut words = vec!["uv build".to_owned()];
    for target in options.values(&["-t", "--target"]) {
        match target.literal().as_deref() {
            Some("wheel") => words.push("--wheel".to_owned()),
            Some("sdist") => words.push("--sdist".to_owned()),
            _ => return Verdict::left("uv builds wheels and source distributions only"),
        }
    }
    if options.has(&["-c", "--clean"]) {
        words.push("--clear".to_owned());
    }
    words.extend(options.positional.iter().map(|word| format!("--out-dir {}", word.raw(call.script))));
    Verdict::safe(words.join(" "), "the same build backend, called by uv")
}

fn publish(call: &Call<'_>) -> Verdict {
    let options = call
        .options(&["-n", "--no-prompt", "-y", "--yes"], &["-r", "--repo", "-u", "--user", "-a", "--auth"]);
    if let Some(word) = options.unknown {
        return unknown_option("Hatch", call.script, word);
    }
    let mut words = vec!["uv publish".to_owned()];
    let mut reason = "HATCH_INDEX_USER, HATCH_INDEX_AUTH and HATCH_INDEX_REPO are UV_PUBLISH_USERNAME, UV_PUBLISH_PASSWORD \
                      and UV_PUBLISH_URL for uv"
        .to_owned();
    for (names, flag) in [(["-u", "--user"], "--username"), (["-a", "--auth"], "--password")] {
        words.extend(options.values(&names).iter().map(|value| format!("{flag} {}", value.raw)));
    }
    if let Some(index) = options.values(&["-r", "--repo"]).last().filter(|index| index.raw != "main") {
        let flag = if index.raw.contains("://") { "--publish-url" } else { "--index" };
        words.push(format!("{flag} {}", index.raw));
        if flag == "--index" {
            reason.push_str("; the index needs a `publish-url` in [[tool.uv.index]]");
        }
    }
    words.extend(options.positional.iter().map(|word| word.raw(call.script).to_owned()));
    Verdict::review(words.join(" "), reason)
}

/// `hatch run ENVIRONMENT:COMMAND`: a program in the default environment is one of uv's, since the migration made the
/// dependencies of that environment a group.
fn run(call: &Call<'_>, scope: &Scope, project: &UvProject) -> Verdict {
    let Some(first) = call.args.first().and_then(Word::literal) else {
        return Verdict::left("uvshift does not know what Hatch runs here");
    };
    let scripts = project.hatch.get("default");
    let is_script = scripts.is_some_and(|scripts| scripts.contains(&first));
    if !call.before.is_empty() || first.contains([':', '+']) || first.starts_with('-') || is_script {
        return Verdict::left("it is a script or an environment of Hatch, which stay in pyproject.toml");
    }
    let prefix = run_prefix(scope, project, data::distribution_of(&first, project).as_deref());
    Verdict::review(
        format!("{prefix} {}", written(call.script, call.args)),
        "the default environment of Hatch and that of uv have the same dependencies, and are two",
    )
}
