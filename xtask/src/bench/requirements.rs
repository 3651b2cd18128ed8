//! Parsing a long requirements file, beside the pip whose meaning it has to have.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::statistics::{median, paired_ratios, range};
use super::{build, machine};
use crate::Outcome;
use crate::args::Args;
use crate::run::{quietly, tool};

/// How many lines pip gets: it needs about a second for them, and minutes for all.
const LINES_FOR_PIP: usize = 5_000;

const MEASURE_PIP: &str = "xtask/src/bench/measure_pip.py";

/// Prints lines per second of both, their ratio, and the peak memory of the parser.
pub(super) fn run(root: &Path, args: &Args) -> Outcome {
    let lines = args.number("--lines", 100_000)?;
    let runs = args.number("--runs", 5)?.max(1);
    let folder = build(root, &["-p", "uvshift-requirements", "--example", "measure"])?;
    let measure = folder.join("examples").join(format!("measure{}", std::env::consts::EXE_SUFFIX));
    let work = root.join(".tools/bench");
    std::fs::create_dir_all(&work).map_err(|error| format!("cannot make `{}`: {error}", work.display()))?;
    let (whole, part) = (work.join("requirements.txt"), work.join("part.txt"));
    quietly(Command::new(&measure).args(["--write", &lines.to_string()]).arg(&whole))?;
    let lines_for_pip = cut(&whole, &part)?;

    let (mut ours, mut pips) = (Vec::new(), Vec::new());
    let (mut report, mut pip_report) = (Value::Null, Value::Null);
    for run in 1..=runs {
        eprintln!("run {run} of {runs}");
        // One run reads the file once, as pip does, in a process of its own.
        report = json(Command::new(&measure).arg(&whole).arg("1"))?;
        pip_report = json(
            Command::new(tool(root, "pip", "python"))
                .arg("-I")
                .arg(root.join(MEASURE_PIP))
                .arg(&part)
                .current_dir(&work),
        )?;
        ours.push(number(&report, "seconds")? / number(&report, "lines")?);
        pips.push(number(&pip_report, "seconds")? / lines_for_pip);
    }
    print(&report, &pip_report, lines_for_pip, &ours, &pips);
    Ok(())
}

fn print(report: &Value, pip: &Value, lines_for_pip: f64, ours: &[f64], pips: &[f64]) {
    let ratios = paired_ratios(pips, ours);
    let (low, high) = range(&ratios);
    let per_second = |seconds: &[f64]| format!("{:.0}", 1.0 / median(seconds));
    let version = pip["pip"].as_str().unwrap_or("unknown");
    println!("| parser | lines | requirements | lines a second | peak memory |");
    println!("|---|--:|--:|--:|--:|");
    let memory = match (report["peak_kib"].as_f64(), report["bytes_per_input_byte"].as_f64()) {
        (Some(peak), Some(ratio)) => {
            format!("{:.1} MiB, {ratio:.1} bytes for each input byte", peak / 1024.0)
        }
        _ => "not measured here".to_owned(),
    };
    println!(
        "| uvshift-requirements | {} | {} | {} | {memory} |",
        report["lines"],
        report["requirements"],
        per_second(ours)
    );
    println!("| pip {version} | {lines_for_pip} | {} | {} | |", pip["requirements"], per_second(pips));
    println!();
    println!(
        "pip takes {:.0} times as long for a line (median of {} paired runs, {low:.0} to {high:.0}). It read the first \
         {lines_for_pip} lines only, so its figures are by line. {}.",
        median(&ratios),
        ratios.len(),
        machine()
    );
}

/// Writes the beginning of a file, cut where no line goes on, and gives its number of lines.
fn cut(whole: &Path, part: &Path) -> Outcome<f64> {
    let text = std::fs::read_to_string(whole)
        .map_err(|error| format!("cannot read `{}`: {error}", whole.display()))?;
    let mut lines: Vec<&str> = text.split_inclusive('\n').take(LINES_FOR_PIP).collect();
    while lines.last().is_some_and(|line| line.trim_end().ends_with('\\')) {
        lines.pop();
    }
    // pip looks whether the folder of an editable requirement is there.
    let folder = part.parent().unwrap_or(part);
    for local in lines.iter().filter_map(|line| line.trim_end().strip_prefix("-e ./")) {
        let project = folder.join(local);
        std::fs::create_dir_all(&project)
            .and_then(|()| std::fs::write(project.join("pyproject.toml"), ""))
            .map_err(|error| format!("cannot make `{}`: {error}", project.display()))?;
    }
    std::fs::write(part, lines.concat())
        .map_err(|error| format!("cannot write `{}`: {error}", part.display()))?;
    u32::try_from(lines.len()).map(f64::from).map_err(|error| error.to_string())
}

fn json(command: &mut Command) -> Outcome<Value> {
    let said = quietly(command)?;
    serde_json::from_str(&said).map_err(|error| format!("not JSON ({error}): {said}"))
}

fn number(report: &Value, field: &str) -> Outcome<f64> {
    report[field].as_f64().ok_or_else(|| format!("the report has no number `{field}`: {report}"))
}
