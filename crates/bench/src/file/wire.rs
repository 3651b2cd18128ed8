//! What a file holds, as types: the promise, under which the model may change. Keys within a part are in the order of the
//! alphabet.

use serde::Serialize;
use uvshift_requirements::redacted;

use super::{KIND, VERSION};
use crate::model::{Contender, Machine, Run, Sample, Scenario, Series, Settings, Warning};
use crate::statistics::Summary;

/// A run of the benchmark, as `--output` writes it.
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench"))]
pub(super) struct WireRun {
    /// The version of the form of the file.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = VERSION)))]
    pub(super) version: u64,
    /// What kind of file it is.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = KIND)))]
    pub(super) kind: &'static str,
    /// The version of uvshift that measured; empty for a file of hyperfine.
    pub(super) uvshift: String,
    /// Seconds since 1970.
    pub(super) started: u64,
    /// Seconds since 1970; null while it runs, or when it was interrupted.
    pub(super) finished: Option<u64>,
    /// Where it ran.
    pub(super) machine: WireMachine,
    /// How it was measured.
    pub(super) settings: WireSettings,
    /// Who was measured.
    pub(super) contenders: Vec<WireContender>,
    /// With what.
    pub(super) scenarios: Vec<WireScenario>,
    /// What a reader has to know before believing a figure.
    pub(super) warnings: Vec<WireWarning>,
    /// Every sample: one entry for each scenario, operation and contender.
    pub(super) series: Vec<WireSeries>,
    /// The series that have samples, in the form of hyperfine 1.20.
    pub(super) results: Vec<WireResult>,
}

/// The machine and its state.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_machine"))]
pub(super) struct WireMachine {
    /// `x86_64`, `aarch64`
    architecture: String,
    /// How many threads it has at hand.
    cores: usize,
    /// The file system that environments were made on, such as `ext4`.
    file_system: Option<String>,
    /// How uv puts files into environments: `clone`, `hardlink`, `copy`, `symlink`.
    link_mode: Option<String>,
    /// The load average over one minute at the start.
    load: Option<f64>,
    /// Memory, in bytes.
    memory: Option<u64>,
    /// `linux`, `macos`, `windows`
    os: String,
    /// The model of the processor.
    processor: Option<String>,
    /// The version of the Python of the environments.
    python: Option<String>,
    /// The name of the release, such as `Debian GNU/Linux 12`.
    release: Option<String>,
    /// Whether caches and environments share a device, without which uv copies instead of linking.
    same_device: Option<bool>,
}

/// How it was measured.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_settings"))]
pub(super) struct WireSettings {
    /// Whether packages came from an index on this machine.
    local_index: bool,
    /// Whether it is the short form, whose figures are for a first look.
    quick: bool,
    /// How many times each command was measured.
    runs: u32,
    /// The seed of the order and of the bootstrap.
    seed: u64,
    /// The time limit of one command, in seconds.
    timeout: f64,
    /// How many times each command was run before, unmeasured.
    warmups: u32,
}

/// A tool in one configuration.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_contender"))]
pub(super) struct WireContender {
    /// `pip`, `pip-newest`, `uv`, `uv-bytecode`; `command` for a file of hyperfine.
    id: String,
    /// For people: `pip 26.3`, `uv 0.13.9 --compile-bytecode`.
    label: String,
    /// The version of the tool; empty where it is not known.
    version: String,
}

/// A set of requirements.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_measured_scenario"))]
pub(super) struct WireScenario {
    /// For people.
    description: String,
    /// `small`, `medium`, `project`, or the name of one of your own.
    name: String,
    /// How many packages they came to, where that is known.
    packages: Option<u32>,
    /// The requirements.
    requirements: Vec<String>,
}

/// What a reader has to know.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_warning"))]
pub(super) struct WireWarning {
    /// What it is about.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::warning_kind"))]
    kind: &'static str,
    /// One sentence.
    message: String,
    /// The scenario, operation and contender, as far as it concerns single ones.
    place: Option<String>,
}

/// The samples of one contender at one operation of one scenario.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_series"))]
pub(super) struct WireSeries {
    /// The command, as a line that can be pasted into a shell; temporary folders are named by placeholders.
    command: String,
    /// The `id` of the contender.
    contender: String,
    /// Why it has no samples, or fewer than asked for.
    failure: Option<String>,
    /// What was measured; `command` for any command of a file of hyperfine.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::operation"))]
    operation: &'static str,
    /// The samples, in the order of their blocks.
    samples: Vec<WireSample>,
    /// The `name` of the scenario.
    scenario: String,
}

/// One command, run once.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_sample"))]
struct WireSample {
    /// The block: each contender ran once in it, in random order. Samples of one block are a pair.
    block: u32,
    /// The load average over one minute before the start.
    load: Option<f64>,
    /// The peak memory of the largest single process, in bytes.
    peak_memory: Option<u64>,
    /// The place in the block, from 0.
    position: u32,
    /// Time of the processors in the kernel for them, in seconds.
    system: f64,
    /// Time of the processors in the program and its children, in seconds.
    user: f64,
    /// From start to end, in seconds.
    wall: f64,
}

/// A series as hyperfine 1.20 writes it. Times are in seconds.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_hyperfine"))]
pub(super) struct WireResult {
    /// The command.
    command: String,
    /// The exit status of each run: 0, since a command that fails is no sample.
    exit_codes: Vec<i32>,
    /// The largest time.
    max: f64,
    /// The mean of the times.
    mean: f64,
    /// The time in the middle.
    median: f64,
    /// The peak memory of each run, in bytes; not there unless it is known of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Vec<u64>"))]
    memory_usage_byte: Option<Vec<u64>>,
    /// The smallest time.
    min: f64,
    /// What was measured.
    parameters: WireParameters,
    /// The standard deviation of the times; null for one run.
    stddev: Option<f64>,
    /// The mean of the times of the processors in the kernel.
    system: f64,
    /// The time of each run.
    times: Vec<f64>,
    /// The mean of the times of the processors in the program.
    user: f64,
}

/// What was measured, as parameters of hyperfine.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_parameters"))]
struct WireParameters {
    /// The `id` of the contender.
    contender: String,
    /// The operation.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::operation"))]
    operation: &'static str,
    /// The `name` of the scenario.
    scenario: String,
}

/// The schema is that of [`file::to_json`](crate::file::to_json).
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Run {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WireRun::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WireRun::json_schema(generator)
    }
}

impl WireRun {
    pub(super) fn of(run: &Run) -> Self {
        let Run { uvshift, started, finished, machine, settings, contenders, scenarios, series, warnings } =
            run;
        Self {
            version: VERSION,
            kind: KIND,
            uvshift: uvshift.clone(),
            started: *started,
            finished: *finished,
            machine: WireMachine::of(machine.clone()),
            settings: WireSettings::of(settings),
            contenders: contenders.iter().cloned().map(WireContender::of).collect(),
            scenarios: scenarios.iter().map(WireScenario::of).collect(),
            warnings: warnings.iter().map(WireWarning::of).collect(),
            series: series.iter().map(WireSeries::of).collect(),
            results: series.iter().filter_map(WireResult::of).collect(),
        }
    }
}

impl WireMachine {
    fn of(machine: Machine) -> Self {
        let Machine {
            os,
            release,
            architecture,
            processor,
            cores,
            memory,
            load,
            file_system,
            same_device,
            link_mode,
            python,
        } = machine;
        Self {
            architecture,
            cores,
            file_system,
            link_mode,
            load,
            memory,
            os,
            processor,
            python,
            release,
            same_device,
        }
    }
}

impl WireSettings {
    fn of(settings: &Settings) -> Self {
        let Settings { runs, warmups, seed, timeout, local_index, quick } = *settings;
        Self { local_index, quick, runs, seed, timeout, warmups }
    }
}

impl WireContender {
    fn of(contender: Contender) -> Self {
        let Contender { id, label, version } = contender;
        Self { id, label, version }
    }
}

impl WireScenario {
    fn of(scenario: &Scenario) -> Self {
        let Scenario { name, description, requirements, packages } = scenario;
        Self {
            description: redacted(description),
            name: name.clone(),
            packages: *packages,
            requirements: requirements.iter().map(|text| redacted(text)).collect(),
        }
    }
}

impl WireWarning {
    fn of(warning: &Warning) -> Self {
        let Warning { kind, place, message } = warning;
        Self { kind: kind.id(), message: redacted(message), place: place.clone() }
    }
}

impl WireSeries {
    fn of(series: &Series) -> Self {
        let Series { scenario, operation, contender, command, samples, failure } = series;
        Self {
            command: redacted(command),
            contender: contender.clone(),
            failure: failure.as_deref().map(redacted),
            operation: operation.id(),
            samples: samples.iter().map(WireSample::of).collect(),
            scenario: scenario.clone(),
        }
    }
}

impl WireSample {
    fn of(sample: &Sample) -> Self {
        let Sample { block, position, wall, user, system, peak_memory, load } = *sample;
        Self { block, load, peak_memory, position, system, user, wall }
    }
}

impl WireResult {
    /// None without samples, which hyperfine never writes.
    fn of(series: &Series) -> Option<Self> {
        let mean = |part: fn(&Sample) -> f64| {
            let values: Vec<f64> = series.samples.iter().map(part).collect();
            Summary::of(&values).map(|summary| summary.mean)
        };
        let times: Vec<f64> = series.samples.iter().map(|sample| sample.wall).collect();
        let summary = Summary::of(&times)?;
        Some(Self {
            command: redacted(&series.command),
            exit_codes: vec![0; times.len()],
            max: summary.maximum,
            mean: summary.mean,
            median: summary.median,
            memory_usage_byte: series.samples.iter().map(|sample| sample.peak_memory).collect(),
            min: summary.minimum,
            parameters: WireParameters {
                contender: series.contender.clone(),
                operation: series.operation.id(),
                scenario: series.scenario.clone(),
            },
            stddev: summary.standard_deviation,
            system: mean(|sample| sample.system)?,
            times,
            user: mean(|sample| sample.user)?,
        })
    }
}
