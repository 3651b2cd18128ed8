//! `cargo xtask test`: everything that a change has to pass, from nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::args::Args;
use crate::run::{cargo, exists, quietly, tool, visibly};
use crate::{Outcome, dist, embed, features, release, setup, tidy};

/// The version of the peer that the tables compare with.
const UV_MIGRATOR: &str = "2026.1.0";

/// What to run.
struct Plan<'a> {
    root: &'a Path,
    crates: Vec<&'a str>,
    fast: bool,
    online: bool,
}

/// The profile of `.config/nextest.toml` that leaves out what takes long for a reason.
const FAST: &str = "fast";

/// One step with its name for the summary.
type Step = (&'static str, fn(&Plan<'_>) -> Outcome);

/// The order has two reasons: what fails often and quickly comes first, and the test runner comes last, so that its closing
/// line stands at the end of the output.
const STEPS: &[Step] = &[
    ("setup", |plan| setup::run(plan.root).map(|_| ())),
    ("format", format),
    ("tidy", |plan| tidy::run(plan.root)),
    ("spelling", spelling),
    ("workflows", workflows),
    ("dependencies", dependencies),
    ("lint", lint),
    ("features", |plan| features::run(plan.root)),
    ("docs", docs),
    ("doctests", doctests),
    ("release", |plan| release::check(plan.root)),
    ("dist", |plan| dist::check(plan.root)),
    ("embedding", |plan| embed::run(plan.root)),
    ("tests", tests),
    ("peer", |plan| {
        peer(plan.root);
        Ok(())
    }),
    ("online", online),
];

/// Runs the steps that `args` ask for and closes with one line that tells how long each took.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    args.positional([])?;
    let plan = Plan {
        root,
        crates: args.values("-p").collect(),
        fast: args.has("--fast"),
        online: args.has("--online"),
    };
    let started = Instant::now();
    let mut times = Vec::new();
    for (name, step) in STEPS.iter().filter(|(name, _)| plan.includes(name)) {
        println!("\n==> {name}");
        let step_started = Instant::now();
        let outcome = step(&plan);
        times.push(format!("{name} {}", seconds(step_started.elapsed())));
        if let Err(message) = outcome {
            let times = times.join(", ");
            return Err(format!("{message}\n\nxtask test: FAILED at `{name}` ({times})"));
        }
    }
    println!("\nxtask test: all passed in {} ({})", seconds(started.elapsed()), times.join(", "));
    Ok(())
}

impl Plan<'_> {
    fn includes(&self, step: &str) -> bool {
        match step {
            "format" | "tidy" | "tests" => true,
            "peer" | "online" => self.online,
            // A release is one of everything, and features and embedders are of the whole workspace.
            "features" | "release" | "dist" | "embedding" => !self.fast && self.crates.is_empty(),
            // One crate is linted in a moment, the workspace is not.
            "lint" => !self.fast || !self.crates.is_empty(),
            _ => !self.fast,
        }
    }

    /// Whoever works on a crate wants an answer in a moment; a run of all crates is never without a test.
    fn leaves_slow_tests_out(&self) -> bool {
        self.fast && !self.crates.is_empty()
    }

    /// A cargo command for the chosen crates.
    fn cargo(&self, words: &[&str]) -> Command {
        let mut cargo = cargo(self.root);
        cargo.args(words);
        if self.crates.is_empty() {
            cargo.arg("--workspace");
        }
        for name in &self.crates {
            cargo.args(["-p", name]);
        }
        cargo
    }
}

fn format(plan: &Plan<'_>) -> Outcome {
    // The example and the fuzz targets are workspaces of their own.
    for (folder, words) in
        [("", &["--all", "--check"][..]), ("examples/embed", &["--check"]), ("fuzz", &["--check"])]
    {
        let folder = plan.root.join(folder);
        visibly(cargo(&folder).arg("fmt").args(words))
            .map_err(|message| format!("{message}\nrun `cargo fmt --all` in `{}`", folder.display()))?;
    }
    Ok(())
}

fn lint(plan: &Plan<'_>) -> Outcome {
    visibly(plan.cargo(&["clippy", "--all-targets"]).args(["--", "-D", "warnings"]))
}

fn docs(plan: &Plan<'_>) -> Outcome {
    visibly(plan.cargo(&["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn doctests(plan: &Plan<'_>) -> Outcome {
    visibly(&mut plan.cargo(&["test", "--doc", "--quiet"]))
}

fn tests(plan: &Plan<'_>) -> Outcome {
    let nextest = exists(cargo(plan.root).arg("nextest"));
    let mut tests = if nextest {
        let mut tests = plan.cargo(&["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
        // Passed tests would push the failed ones off the screen.
        tests.args(["--status-level", "slow", "--final-status-level", "slow"]);
        tests
    } else {
        plan.cargo(&["test", "--no-fail-fast", "--tests"])
    };
    // Windows cannot replace a program while it runs, and this program would be built anew with the others.
    if cfg!(windows) && plan.crates.is_empty() {
        tests.args(["--exclude", "xtask"]);
    }
    if !nextest || !plan.leaves_slow_tests_out() {
        return visibly(&mut tests);
    }
    visibly(tests.args(["--profile", FAST]))?;
    let count = |profile| {
        let words = ["nextest", "list", "--profile", profile, "--message-format", "json"];
        quietly(&mut plan.cargo(&words)).and_then(|listed| matching(&listed))
    };
    print!("{}", left_out(&plan.crates, count("default")?.saturating_sub(count(FAST)?)));
    Ok(())
}

/// How many tests a list of nextest has, without those that are ignored or filtered out.
fn matching(listed: &str) -> Outcome<usize> {
    let list: Value =
        serde_json::from_str(listed).map_err(|error| format!("cannot read the list: {error}"))?;
    let suites = list["rust-suites"].as_object().into_iter().flat_map(|suites| suites.values());
    let tests = suites.filter_map(|suite| suite["testcases"].as_object()).flat_map(|tests| tests.values());
    Ok(tests.filter(|test| test["filter-match"]["status"] == "matches").count())
}

/// What a fast run says of the tests that it did not run.
fn left_out(crates: &[&str], count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    format!(
        "left out: {count} tests that install, build or run other programs at length (`.config/nextest.toml`); \
         all of them: `cargo nextest run -p {}`\n",
        crates.join(" -p ")
    )
}

/// Every dependency is used, comes from where it may, and has a licence that is allowed (`deny.toml`). Advisories need a network and
/// are asked for in the nightly workflow.
fn dependencies(plan: &Plan<'_>) -> Outcome {
    let mut shear = Command::new(tool(plan.root, "tools", "cargo-shear"));
    visibly(shear.current_dir(plan.root))
        .map_err(|message| format!("{message}\nremove what nothing uses from `Cargo.toml`"))?;
    let mut deny = Command::new(tool(plan.root, "tools", "cargo-deny"));
    deny.current_dir(plan.root).args(["--log-level", "error", "check", "licenses", "bans", "sources"]);
    visibly(&mut deny)
}

/// uv-migrator is on crates.io only. Without it the tables say so, and that is no reason to stop.
fn peer(root: &Path) {
    let folder = root.join(".tools/uv-migrator");
    let program = folder.join("bin").join(format!("uv-migrator{}", std::env::consts::EXE_SUFFIX));
    if program.exists() {
        return;
    }
    let words = ["install", "--quiet", "--locked", "--version", UV_MIGRATOR, "--root"];
    if let Err(message) = visibly(cargo(root).args(words).arg(&folder).arg("uv-migrator")) {
        println!("skipped: {message}");
    }
}

fn online(plan: &Plan<'_>) -> Outcome {
    let words = ["test", "-p", "uvshift", "--test", "online", "--", "--ignored", "--nocapture"];
    visibly(cargo(plan.root).args(words))
}

fn spelling(plan: &Plan<'_>) -> Outcome {
    let mut typos = Command::new(tool(plan.root, "tools", "typos"));
    visibly(typos.current_dir(plan.root))
        .map_err(|message| format!("{message}\nwords that are right go into `typos.toml`"))
}

fn workflows(plan: &Plan<'_>) -> Outcome {
    let folder = plan.root.join(".github/workflows");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|error| format!("cannot read `{}`: {error}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "yml"))
        .collect();
    files.sort();
    let mut lint = Command::new(tool(plan.root, "tools", "jactionlint"));
    lint.current_dir(plan.root).args(["--profile", "correctness", "--shellcheck"]);
    visibly(lint.arg(tool(plan.root, "tools", "shellcheck")).args(&files))?;
    schema(plan.root, "vendor.github-workflows", &files)?;
    schema(plan.root, "vendor.github-actions", &[plan.root.join("action.yml")])?;
    let zizmor = tool(plan.root, "tools", "zizmor");
    if !zizmor.exists() {
        println!("skipped: zizmor needs Python 3.11 or newer");
        return Ok(());
    }
    let flags = ["--offline", "--quiet", "--min-severity", "medium"];
    // The action is as open to strangers as a workflow is.
    visibly(Command::new(zizmor).current_dir(plan.root).args(flags).args(&files).arg("action.yml"))
}

fn schema(root: &Path, name: &str, files: &[PathBuf]) -> Outcome {
    let mut check = Command::new(tool(root, "validators", "check-jsonschema"));
    visibly(check.current_dir(root).args(["--builtin-schema", name]).args(files))
}

/// A duration as people read it.
fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..=9 => format!("{:.1} s", duration.as_secs_f32()),
        whole @ 10..=119 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(words: &[&str]) -> Vec<&'static str> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let args = Args::parse(&words, &["--fast", "--online"], &["-p"]).unwrap();
        let crates = args.values("-p").collect();
        let plan =
            Plan { root: Path::new("."), crates, fast: args.has("--fast"), online: args.has("--online") };
        STEPS.iter().map(|(name, _)| *name).filter(|name| plan.includes(name)).collect()
    }

    #[test]
    fn the_flags_choose_the_steps() {
        let all = [
            "setup",
            "format",
            "tidy",
            "spelling",
            "workflows",
            "dependencies",
            "lint",
            "features",
            "docs",
            "doctests",
            "release",
            "dist",
            "embedding",
            "tests",
            "peer",
            "online",
        ];
        assert_eq!(steps(&["--online"]), all);
        assert_eq!(steps(&[]), all[..all.len() - 2]);
        assert_eq!(steps(&["--fast"]), ["format", "tidy", "tests"]);
        assert_eq!(steps(&["--fast", "-p", "uvshift-process"]), ["format", "tidy", "lint", "tests"]);
    }

    #[test]
    fn a_fast_run_tells_what_it_left_out() {
        let list = r#"{"rust-suites": {"one": {"testcases": {
            "a": {"ignored": false, "filter-match": {"status": "matches"}},
            "b": {"ignored": false, "filter-match": {"status": "mismatch", "reason": "default-filter"}},
            "c": {"ignored": true, "filter-match": {"status": "mismatch", "reason": "ignored"}}
        }}, "two": {"testcases": {"d": {"ignored": false, "filter-match": {"status": "matches"}}}}}}"#;
        assert_eq!(matching(list), Ok(2));
        assert!(matching("error").is_err());
        let said = left_out(&["uvshift-process", "uvshift-ini"], 2);
        assert!(said.starts_with("left out: 2 tests "), "{said}");
        assert!(said.ends_with("`cargo nextest run -p uvshift-process -p uvshift-ini`\n"), "{said}");
        assert_eq!(left_out(&["uvshift-process"], 0), "");
    }

    #[test]
    fn durations_are_short() {
        let shown = [0.24, 9.0, 61.9, 125.0].map(|it| seconds(Duration::from_secs_f32(it)));
        assert_eq!(shown, ["0.2 s", "9.0 s", "61 s", "2 min 5 s"]);
    }
}
