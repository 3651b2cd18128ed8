//! The form of hyperfine 1.20 (`--export-json`), read.
//!
//! An entry of `results` has `command`, `mean`, `stddev` (`null` for one run), `median`, `user` and `system` (means), `min`
//! and `max`, all in seconds; `times`, `memory_usage_byte` and `exit_codes` with an entry a run; `parameters`, texts by name.

use std::collections::{BTreeMap, BTreeSet};

use super::FileError;
use super::read::{Field, MOST_SERIES, check_count};
use crate::model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};

/// What a plain file of hyperfine calls its only contender here.
const CONTENDER: &str = "command";

/// A file of hyperfine as a run: a scenario for each command, of which nothing but the times is known. Times of the
/// processors are 0, since hyperfine writes their means only.
pub(super) fn read(root: &Field<'_>) -> Result<Run, FileError> {
    let results = root.get("results")?.list()?;
    check_count(results.len(), MOST_SERIES, "results")?;
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut series = Vec::new();
    let mut names = Names::default();
    for entry in &results {
        let one = read_series(entry, &mut names)?;
        scenarios.push(Scenario {
            name: one.scenario.clone(),
            description: String::new(),
            requirements: Vec::new(),
            packages: None,
        });
        series.push(one);
    }
    let runs = series.iter().map(|one| one.samples.len()).max().unwrap_or(0);
    Ok(Run {
        uvshift: String::new(),
        started: 0,
        finished: Some(0),
        machine: Machine::default(),
        settings: Settings {
            runs: u32::try_from(runs).unwrap_or(u32::MAX),
            warmups: 0,
            seed: 0,
            timeout: 0.0,
            local_index: false,
            quick: false,
        },
        contenders: vec![Contender {
            id: CONTENDER.to_owned(),
            label: CONTENDER.to_owned(),
            version: String::new(),
        }],
        scenarios,
        series,
        warnings: warnings(),
    })
}

fn read_series(entry: &Field<'_>, names: &mut Names) -> Result<Series, FileError> {
    let command = entry.get("command")?.text()?;
    let times = entry.get("times")?.list()?;
    check_count(times.len(), super::read::MOST_SAMPLES, &entry.path("times"))?;
    let memory = match entry.find("memory_usage_byte") {
        Some(field) => field.list()?,
        None => Vec::new(),
    };
    let mut samples = Vec::new();
    for (block, time) in (0..).zip(&times) {
        let peak_memory = memory.get(samples.len()).map(Field::whole).transpose()?;
        let wall = time.duration()?;
        samples.push(Sample { block, position: 0, wall, user: 0.0, system: 0.0, peak_memory, load: None });
    }
    Ok(Series {
        scenario: names.of(&command),
        operation: Operation::Command,
        contender: CONTENDER.to_owned(),
        command,
        samples,
        failure: None,
    })
}

/// Names that were given, and how often each command was seen.
#[derive(Default)]
struct Names {
    given: BTreeSet<String>,
    seen: BTreeMap<String, u32>,
}

impl Names {
    /// The command, with a number where hyperfine ran the same one more than once.
    fn of(&mut self, command: &str) -> String {
        let number = self.seen.entry(command.to_owned()).or_default();
        loop {
            *number += 1;
            let name = if *number == 1 { command.to_owned() } else { format!("{command} ({number})") };
            if self.given.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn warnings() -> Vec<Warning> {
    let message =
        "the file is one of hyperfine: the machine, the tools and the order of the commands are not known";
    vec![Warning { kind: WarningKind::Foreign, place: None, message: message.to_owned() }]
}
