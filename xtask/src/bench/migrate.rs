//! Migrating a project as a whole process, beside migrate-to-uv.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::statistics::{median, paired_ratios, range};
use super::{build, machine, time};
use crate::Outcome;
use crate::args::Args;
use crate::run::tool;

/// One of the two programs: its name in the table, and how it is called in a project.
struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
}

/// Prints the times of both in turn on fresh copies, the paired ratio, and how long `--help` takes.
pub(super) fn run(root: &Path, args: &Args) -> Outcome {
    let lines = args.number("--lines", 1000)?;
    let runs = args.number("--runs", 15)?.max(1);
    let release = build(root, &["-p", "uvshift"])?;
    let ours = Contestant {
        name: "uvshift",
        program: release.join(format!("uvshift{}", std::env::consts::EXE_SUFFIX)),
        arguments: &["migrate", "--yes", "--no-lock"],
    };
    let peer = Contestant {
        name: "migrate-to-uv 0.12.0",
        program: tool(root, "peer", "migrate-to-uv"),
        arguments: &["--skip-lock"],
    };
    let work = std::env::temp_dir().join(format!("uvshift-bench-{}", std::process::id()));
    let outcome = measure(&work, &requirements(lines), lines, runs, [&ours, &peer]);
    // What is left behind in the temporary folder is only a nuisance.
    let _ = std::fs::remove_dir_all(&work);
    let [our_times, peer_times] = outcome?;
    let help = (0..runs.max(20))
        .map(|_| time(Command::new(&ours.program).arg("--help")))
        .collect::<Outcome<Vec<_>>>()?;
    print(lines, [(&ours, &our_times), (&peer, &peer_times)], &help);
    Ok(())
}

fn measure(
    work: &Path,
    text: &str,
    lines: usize,
    runs: usize,
    contestants: [&Contestant; 2],
) -> Outcome<[Vec<f64>; 2]> {
    let mut times = [Vec::new(), Vec::new()];
    // The first round warms up the page cache and is not counted. In the others the two take turns in going first.
    for round in 0..=runs {
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for index in order {
            let project = work.join(format!("{round}-{index}"));
            let seconds = migrate(&project, text, lines, contestants[index])?;
            if round > 0 {
                times[index].push(seconds);
            }
        }
    }
    Ok(times)
}

/// Times one migration of a fresh project, and makes sure that it did what it is timed for.
fn migrate(project: &Path, text: &str, lines: usize, contestant: &Contestant) -> Outcome<f64> {
    let failed = |error| format!("cannot write to `{}`: {error}", project.display());
    std::fs::create_dir_all(project).map_err(failed)?;
    std::fs::write(project.join("requirements.txt"), text).map_err(failed)?;
    let seconds = time(Command::new(&contestant.program).args(contestant.arguments).current_dir(project))?;
    let written = std::fs::read_to_string(project.join("pyproject.toml"))
        .map_err(|error| format!("{} wrote no pyproject.toml: {error}", contestant.name))?;
    let carried = written.matches("package-").count();
    if carried < lines {
        return Err(format!("{} carried {carried} of {lines} requirements", contestant.name));
    }
    Ok(seconds)
}

/// Requirements as projects have them, the same every time.
fn requirements(lines: usize) -> String {
    let mut text = String::new();
    for number in 0..lines {
        let (minor, patch) = (number % 7, number % 11);
        let rest = match number % 5 {
            0 => format!("==1.{minor}.{patch}"),
            1 => format!(">=1.{minor},<2"),
            2 => format!("[extra]~=2.{minor}"),
            3 => format!("==3.{minor}.{patch} ; python_version < \"3.{}\"", 9 + minor),
            _ => String::new(),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "package-{number:04}{rest}");
    }
    text
}

fn print(lines: usize, rows: [(&Contestant, &Vec<f64>); 2], help: &[f64]) {
    let milliseconds = |seconds: f64| format!("{:.1} ms", seconds * 1000.0);
    println!("| command | median | range | runs |\n|---|--:|--:|--:|");
    for (contestant, times) in rows {
        let (low, high) = range(times);
        let line = contestant.arguments.join(" ");
        let (median, low, high) = (milliseconds(median(times)), milliseconds(low), milliseconds(high));
        println!("| {} (`{line}`) | {median} | {low} to {high} | {} |", contestant.name, times.len());
    }
    let (low, high) = range(help);
    let (median_help, low, high) = (milliseconds(median(help)), milliseconds(low), milliseconds(high));
    println!("| uvshift (`--help`) | {median_help} | {low} to {high} | {} |", help.len());
    let [(_, ours), (peer, theirs)] = rows;
    let ratios = paired_ratios(theirs, ours);
    let (low, high) = range(&ratios);
    println!(
        "\n{lines} requirement lines, whole processes in turn on fresh copies. {} takes {:.2} times as long as uvshift \
         (median of {} paired runs, {low:.2} to {high:.2}). {}.",
        peer.name,
        median(&ratios),
        ratios.len(),
        machine()
    );
}

#[cfg(test)]
mod tests {
    use super::requirements;

    #[test]
    fn the_project_has_one_requirement_a_line() {
        let text = requirements(1000);
        assert_eq!(text.lines().count(), 1000);
        assert!(text.starts_with("package-0000==1.0.0\npackage-0001>=1.1,<2\n"));
        assert_eq!(text, requirements(1000));
    }
}
