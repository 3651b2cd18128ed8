//! `python -m build`, `pyproject-build`.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::manager::unknown_option;
use crate::options::Options;
use crate::rules::{Rule, Verdict};
use crate::shell::{Word, parse};

pub(super) const RULE: Rule = Rule {
    name: "build",
    summary: "`python -m build` becomes `uv build`",
    programs: &["build", "pyproject-build"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    if scope.environment == Environment::Foreign {
        return Verdict::NotMine;
    }
    // A program `build` may be anything.
    if invocation.program == "build" && !matches!(invocation.via, Via::Module(_)) {
        return Verdict::NotMine;
    }
    of(invocation.script, invocation.args)
}

/// Whether scripts call build, and `uv build` takes over each time.
pub(crate) fn is_taken_over<'s>(scripts: impl IntoIterator<Item = &'s str>) -> bool {
    let mut is_called = false;
    for script in scripts.into_iter().filter(|script| script.contains("build")) {
        let scope = Scope::default();
        for command in &parse(script).commands {
            let Some(found) = Invocation::of(script, command, &scope) else { continue };
            let is_module = found.program == "build" && matches!(found.via, Via::Module(_));
            if !is_module && found.program != "pyproject-build" {
                continue;
            }
            if !matches!(of(script, found.args), Verdict::Replace { .. }) {
                return false;
            }
            is_called = true;
        }
    }
    is_called
}

/// `uv build` for the arguments of build.
pub(super) fn of(script: &str, args: &[Word]) -> Verdict {
    let flags = [
        "-s",
        "--sdist",
        "-w",
        "--wheel",
        "-n",
        "--no-isolation",
        "-x",
        "--skip-dependency-check",
        "-v",
        "--verbose",
        "-V",
        "--version",
    ];
    let values = ["-o", "--outdir", "-C", "--config-setting", "--config-json", "--installer"];
    let options = Options::split(script, args, &flags, &values);
    if let Some(word) = options.unknown {
        return unknown_option("build", script, word);
    }
    if options.has(&["-V", "--version"]) {
        return Verdict::safe("uv --version", "the version of the tool that is used");
    }
    if options.has(&["--config-json"]) {
        return Verdict::left("uv takes settings of the build backend one by one, with `--config-setting`");
    }
    let mut words = vec!["uv build".to_owned()];
    for (names, flag) in [
        (["-s", "--sdist"], "--sdist"),
        (["-w", "--wheel"], "--wheel"),
        (["-n", "--no-isolation"], "--no-build-isolation"),
    ] {
        if options.has(&names) {
            words.push(flag.to_owned());
        }
    }
    words.extend(options.values(&["-o", "--outdir"]).iter().map(|value| format!("--out-dir {}", value.raw)));
    let settings = options.values(&["-C", "--config-setting"]);
    words.extend(settings.iter().map(|value| format!("--config-setting {}", value.raw)));
    let folders = options.positional.iter().map(|word| word.raw(script));
    words.extend(folders.filter(|folder| *folder != ".").map(str::to_owned));
    Verdict::safe(words.join(" "), "the same build backend, called by uv")
}
