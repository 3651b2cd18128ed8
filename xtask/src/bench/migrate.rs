//! Migrating projects as whole processes, beside migrate-to-uv and uv-migrator.

mod lost;
mod projects;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::lost::lost;
use self::projects::Project;
use super::statistics::{median, paired_ratios, range};
use super::{attempt, build, machine};
use crate::Outcome;
use crate::args::Args;
use crate::run::tool;

/// The longest that reading and planning one project may take, in seconds.
const BOUND: f64 = 0.1;

/// One of the programs: its name in the table, and how it is called in a project. None of them resolves or locks.
struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

/// What one of them came to with one project.
struct Measured {
    /// Of each counted run; empty when the first one failed.
    times: Vec<f64>,
    lost: usize,
    /// Why it failed, if it did.
    failed: Option<String>,
}

/// Where and how often they run.
struct Bench {
    work: PathBuf,
    /// `PATH` with the pinned uv in front: the peers look for it there.
    path: OsString,
    runs: usize,
}

/// Prints times of all in turn on fresh copies, paired ratios, what got lost, and how long planning takes.
pub(super) fn run(root: &Path, args: &Args) -> Outcome {
    let lines = args.number("--lines", 1000)?;
    let release = build(root, &["-p", "uvshift"])?;
    let contestants = contestants(root, &release);
    let uv = tool(root, "tools", "uv").parent().map(Path::to_owned);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bench = Bench {
        work: std::env::temp_dir().join(format!("uvshift-bench-{}", std::process::id())),
        path: std::env::join_paths(uv.into_iter().chain(std::env::split_paths(&path)))
            .map_err(|error| format!("PATH: {error}"))?,
        runs: args.number("--runs", 15)?.max(1),
    };
    let outcome = bench.compare(&projects::all(lines), &contestants);
    // What is left behind in the temporary folder is only a nuisance.
    let _ = std::fs::remove_dir_all(&bench.work);
    outcome
}

/// Ours comes first. uv-migrator is there after `cargo xtask test --online`.
fn contestants(root: &Path, release: &Path) -> Vec<Contestant> {
    let suffix = std::env::consts::EXE_SUFFIX;
    let new = |name, program, arguments, environment| Contestant { name, program, arguments, environment };
    let mut all = vec![
        new(
            "uvshift",
            release.join(format!("uvshift{suffix}")),
            &["migrate", "--yes", "--no-lock"][..],
            &[][..],
        ),
        new("migrate-to-uv 0.12.0", tool(root, "peer", "migrate-to-uv"), &["--skip-lock"], &[]),
    ];
    let third = root.join(".tools/uv-migrator/bin").join(format!("uv-migrator{suffix}"));
    if third.exists() {
        // It has no flag for this, but the `uv add` that it runs understands the variable.
        let environment = &[("UV_FROZEN", "1"), ("UV_PYTHON_DOWNLOADS", "never")];
        all.push(new("uv-migrator 2026.1.0", third, &["."], environment));
    } else {
        println!("uv-migrator is not installed; `cargo xtask test --online` installs it\n");
    }
    all
}

impl Bench {
    fn compare(&self, projects: &[Project], contestants: &[Contestant]) -> Outcome {
        println!("| project | program | median | range | times as long as uvshift | requirements lost |");
        println!("|---|---|--:|--:|--:|--:|");
        let mut failures = Vec::new();
        for project in projects {
            let measured = self.measure(project, contestants)?;
            let ours = measured.first().map(|ours| ours.times.clone()).unwrap_or_default();
            for (contestant, measured) in contestants.iter().zip(&measured) {
                row(project, contestant, measured, &ours);
                if let Some(said) = &measured.failed {
                    failures.push(format!("- {}: {}: {said}", project.name, contestant.name));
                }
            }
        }
        println!(
            "\nWhole processes in turn on fresh copies, {} counted runs of each. {}.",
            self.runs,
            machine()
        );
        println!("\nHow they were called, without resolving or locking:\n");
        for contestant in contestants {
            println!("- {}", contestant.line());
        }
        if !failures.is_empty() {
            println!("\nWhat they said where they failed:\n\n{}", failures.join("\n"));
        }
        contestants.first().map_or(Ok(()), |ours| self.planning(projects, ours))
    }

    fn measure(&self, project: &Project, contestants: &[Contestant]) -> Outcome<Vec<Measured>> {
        let mut all: Vec<Measured> = Vec::new();
        // The first round warms up the page cache and is not counted; whoever fails in it does not run again.
        for contestant in contestants {
            let (_, folder, failed) = self.migrate(project, contestant, "first")?;
            let written = std::fs::read_to_string(folder.join("pyproject.toml")).unwrap_or_default();
            let lost = lost(&project.wanted, &written);
            all.push(Measured { times: Vec::new(), lost, failed });
        }
        for round in 0..self.runs {
            let mut order: Vec<usize> = (0..contestants.len()).collect();
            order.rotate_left(round % contestants.len());
            for index in order.into_iter().filter(|index| all[*index].failed.is_none()).collect::<Vec<_>>() {
                let (seconds, _, failed) =
                    self.migrate(project, &contestants[index], &format!("{round}-{index}"))?;
                all[index].failed = failed;
                all[index].times.push(seconds);
            }
        }
        Ok(all)
    }

    /// Times one migration of a fresh copy, and gives the copy.
    fn migrate(
        &self,
        project: &Project,
        contestant: &Contestant,
        label: &str,
    ) -> Outcome<(f64, PathBuf, Option<String>)> {
        let folder = self.copy(project, &format!("{}-{label}", contestant.name))?;
        let mut command = Command::new(&contestant.program);
        command.args(contestant.arguments).envs(contestant.environment.iter().copied());
        let (seconds, failed) = attempt(command.env("PATH", &self.path).current_dir(&folder))?;
        Ok((seconds, folder, failed.map(|said| last_line(&said))))
    }

    fn copy(&self, project: &Project, label: &str) -> Outcome<PathBuf> {
        // Some tools take the name of the project from its folder.
        let folder = self.work.join(project.name).join(label).join("project");
        for (path, text) in &project.files {
            let path = folder.join(path);
            let failed = |error| format!("cannot write `{}`: {error}", path.display());
            std::fs::create_dir_all(path.parent().unwrap_or(&folder)).map_err(failed)?;
            std::fs::write(&path, text).map_err(failed)?;
        }
        Ok(folder)
    }

    /// How long our program takes to read and plan, and to say what it can do.
    fn planning(&self, projects: &[Project], ours: &Contestant) -> Outcome {
        println!("\n| uvshift | project | median | range | |\n|---|---|--:|--:|---|");
        for project in projects {
            let folder = self.copy(project, "planning")?;
            for words in [&["check"][..], &["migrate", "--dry-run"]] {
                let times = self.times(|| command(&ours.program, words, Some(&folder)))?;
                let bound = if median(&times) <= BOUND { "within 100 ms" } else { "**more than 100 ms**" };
                println!("| `{}` | {} | {} | {bound} |", words.join(" "), project.name, spread(&times));
            }
        }
        let help = self.times(|| command(&ours.program, &["--help"], None))?;
        println!("| `--help` | | {} | |", spread(&help));
        Ok(())
    }

    /// `check` ends with 1 where something needs a decision, and that is no failure here.
    fn times(&self, command: impl Fn() -> Command) -> Outcome<Vec<f64>> {
        (0..self.runs.max(20)).map(|_| attempt(&mut command()).map(|(seconds, _)| seconds)).collect()
    }
}

impl Contestant {
    fn line(&self) -> String {
        let environment: Vec<String> =
            self.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let program = self.name.split(' ').next().unwrap_or_default();
        let words = environment.iter().map(String::as_str).chain([program]);
        let words: Vec<&str> = words.chain(self.arguments.iter().copied()).collect();
        format!("{}: `{}`", self.name, words.join(" "))
    }
}

fn command(program: &Path, words: &[&str], folder: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    command.args(words).args(folder);
    command
}

fn row(project: &Project, contestant: &Contestant, measured: &Measured, ours: &[f64]) {
    let lost = format!("{} of {}", measured.lost, project.wanted.len());
    let (name, program) = (project.name, contestant.name);
    if measured.failed.is_some() {
        println!("| {name} | {program} | **fails** | | | {lost} |");
        return;
    }
    let ratios = paired_ratios(&measured.times, ours);
    let (low, high) = range(&ratios);
    let ratio = if ratios.is_empty() {
        String::new()
    } else {
        format!("{:.2} ({low:.2} to {high:.2})", median(&ratios))
    };
    println!("| {name} | {program} | {} | {ratio} | {lost} |", spread(&measured.times));
}

fn spread(times: &[f64]) -> String {
    let milliseconds = |seconds: f64| format!("{:.1} ms", seconds * 1000.0);
    let (low, high) = range(times);
    format!("{} | {} to {}", milliseconds(median(times)), milliseconds(low), milliseconds(high))
}

fn last_line(said: &str) -> String {
    let lines = said.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let line: String = lines.take(2).collect::<Vec<_>>().join(" / ");
    line.chars().take(200).collect()
}
