//! Scanning thousands of files, beside deptry and ruff.

mod corpus;
mod graph;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use self::corpus::Corpus;
use super::statistics::{median, paired_ratios, range};
use super::{build, machine};
use crate::Outcome;
use crate::args::Args;
use crate::run::{quietly, tool};

/// How many times the CPU time of uvshift a peer has to take at least, by its name.
const BOUNDS: [(&str, f64); 2] = [("deptry", 8.0), ("ruff analyze graph", 3.0)];

/// The most memory that uvshift may need, in MiB.
const MEMORY: f64 = 80.0;

/// How much longer a file may take among all files than among a quarter of them.
const LINEAR: f64 = 1.25;

const MEASURE: &str = "xtask/src/bench/measure_process.py";

/// One of the programs.
struct Contestant {
    name: &'static str,
    command: Vec<OsString>,
}

/// What one of them took, run by run.
#[derive(Default)]
struct Taken {
    cpu: Vec<f64>,
    elapsed: Vec<f64>,
    /// MiB
    peak: Vec<f64>,
}

/// Prints CPU time, elapsed time and peak memory of all in turn, the ratios, and whether the bounds hold.
pub(super) fn run(root: &Path, args: &Args) -> Outcome {
    let runs = args.number("--runs", 5)?.max(1);
    let release = build(root, &["-p", "uvshift"])?;
    let program = release.join(format!("uvshift{}", std::env::consts::EXE_SUFFIX));
    let corpus = Corpus::get(root, &release.join("bench-imports"))?;
    println!("| files | program | CPU, median | least | most | elapsed, median | peak memory |");
    println!("|--:|---|--:|--:|--:|--:|--:|");
    let (mut per_file, mut whole) = (Vec::new(), Vec::new());
    for share in [4, 2, 1] {
        let project = corpus.project(share)?;
        let contestants = contestants(root, &program);
        let taken = compare(root, &project.path, &contestants, runs)?;
        for (contestant, taken) in contestants.iter().zip(&taken) {
            println!("| {} | {} | {} |", project.files, contestant.name, cells(taken));
        }
        per_file.push(taken.first().map_or(f64::NAN, |ours| median(&ours.cpu)) / float(project.files));
        whole = taken;
    }
    println!(
        "\n{} .py files, {} MB, of {} wheels; without the {} that deptry cannot get through. Whole processes in turn, {runs} counted runs of \
         each after one that is not. {}.\n",
        corpus.files,
        corpus.bytes / 1_000_000,
        corpus.distributions,
        corpus::CRASHING.len(),
        machine()
    );
    verdicts(&whole, &per_file);
    graph::run(root, &program, &release.join("bench-imports"), runs)
}

/// Ours comes first, then the peers of [`BOUNDS`].
fn contestants(root: &Path, program: &Path) -> Vec<Contestant> {
    let new = |name, program: PathBuf, arguments: &[&str]| {
        let command = std::iter::once(program.into_os_string()).chain(arguments.iter().map(OsString::from));
        Contestant { name, command: command.collect() }
    };
    vec![
        new("uvshift deps", program.to_owned(), &["deps", "--exit-zero", "."]),
        new("deptry", tool(root, "deptry", "deptry"), &["."]),
        new("ruff analyze graph", tool(root, "linters", "ruff"), &["analyze", "graph", "."]),
        // No peer lists every import with its line.
        new(
            "uvshift deps, all imports as JSON",
            program.to_owned(),
            &["deps", "--exit-zero", "--format", "json", "."],
        ),
    ]
}

/// Each in turn, in another order every time: what slows the machine down for a while slows down all of them.
fn compare(root: &Path, folder: &Path, contestants: &[Contestant], runs: usize) -> Outcome<Vec<Taken>> {
    let mut all: Vec<Taken> = contestants.iter().map(|_| Taken::default()).collect();
    for round in 0..=runs {
        eprintln!("run {round} of {runs} in {}", folder.display());
        let mut order: Vec<usize> = (0..contestants.len()).collect();
        order.rotate_left(round % contestants.len());
        for index in order {
            let taken = measure(root, folder, &contestants[index].command)?;
            // The first round warms up the page cache.
            if round > 0 {
                all[index].add(&taken)?;
            }
        }
    }
    Ok(all)
}

/// Runs a program that may end with 0, or with 1 for what it found.
fn measure(root: &Path, folder: &Path, words: &[OsString]) -> Outcome<Value> {
    let mut command = Command::new(tool(root, "pip", "python"));
    command.arg("-I").arg(root.join(MEASURE)).arg(folder).args(words).env_remove("VIRTUAL_ENV");
    let text = quietly(&mut command)?;
    let taken: Value = serde_json::from_str(&text).map_err(|error| format!("{MEASURE}: {error}"))?;
    match taken["exit"].as_i64() {
        Some(0 | 1) => Ok(taken),
        exit => {
            let line: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            Err(format!("`{}` ended with {exit:?} in {}", line.join(" "), folder.display()))
        }
    }
}

impl Taken {
    fn add(&mut self, taken: &Value) -> Outcome {
        let number = |name: &str| taken[name].as_f64().ok_or_else(|| format!("{MEASURE}: no `{name}`"));
        self.cpu.push(number("cpu")?);
        self.elapsed.push(number("elapsed")?);
        self.peak.push(number("peak")? / 1024.0);
        Ok(())
    }
}

fn cells(taken: &Taken) -> String {
    let (least, most) = range(&taken.cpu);
    format!(
        "{:.2} s | {least:.2} s | {most:.2} s | {:.2} s | {:.0} MiB",
        median(&taken.cpu),
        median(&taken.elapsed),
        range(&taken.peak).1
    )
}

fn verdicts(whole: &[Taken], per_file: &[f64]) {
    let Some((ours, peers)) = whole.split_first() else { return };
    for ((name, bound), peer) in BOUNDS.iter().zip(peers) {
        let ratios = paired_ratios(&peer.cpu, &ours.cpu);
        let (low, high) = range(&ratios);
        println!(
            "- {name} takes {:.1} times the CPU time ({low:.1} to {high:.1} in paired runs); the bound is {bound}: {}",
            median(&ratios),
            holds(median(&ratios) >= *bound)
        );
    }
    let peak = range(&ours.peak).1;
    println!("- peak memory of uvshift {peak:.1} MiB; the bound is {MEMORY}: {}", holds(peak <= MEMORY));
    let microseconds: Vec<String> = per_file.iter().map(|seconds| format!("{:.0}", seconds * 1e6)).collect();
    let growth = per_file.last().zip(per_file.first()).map_or(f64::NAN, |(all, part)| all / part);
    println!(
        "- CPU microseconds a file with a quarter, half and all of the files: {}: {}",
        microseconds.join(", "),
        holds(growth <= LINEAR)
    );
}

#[expect(clippy::cast_precision_loss, reason = "there are thousands of files, not more")]
fn float(count: usize) -> f64 {
    count as f64
}

fn holds(it: bool) -> &'static str {
    if it { "holds" } else { "**does not hold**" }
}
