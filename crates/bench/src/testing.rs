//! Runs for tests: made from a seed, with the medians and the long tails of real ones.

use fastrand::Rng;

use crate::model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};

/// Medians in seconds, as measured on two busy cores: operation, pip, uv, uv with bytecode.
const MEDIUM: [(Operation, f64, f64, f64); 6] = [
    (Operation::Resolve, 3.2, 0.061, 0.062),
    (Operation::InstallCold, 14.0, 1.83, 7.42),
    (Operation::InstallWarm, 9.86, 0.20, 4.74),
    (Operation::NoOp, 0.62, 0.018, 0.019),
    (Operation::SyncAfterChange, 1.9, 0.075, 0.21),
    (Operation::CreateEnvironment, 2.4, 0.021, 0.021),
];

/// The same of a set that is a fifth as large.
const SMALL: [(Operation, f64, f64, f64); 2] =
    [(Operation::InstallCold, 5.1, 0.55, 1.44), (Operation::InstallWarm, 4.16, 0.11, 1.01)];

/// A run of pip, uv and uv with bytecode over two scenarios, with this many samples each. The same seed makes the same run.
pub(crate) fn run(seed: u64, samples: u32) -> Run {
    let mut generator = Rng::with_seed(seed);
    let mut series = Vec::new();
    for (scenario, table) in [("small", &SMALL[..]), ("medium", &MEDIUM[..])] {
        for &(operation, pip, uv, bytecode) in table {
            for (position, (contender, median)) in
                (0_u32..).zip([("pip", pip), ("uv", uv), ("uv-bytecode", bytecode)])
            {
                let samples =
                    (0..samples).map(|block| sample(&mut generator, block, position, median)).collect();
                series.push(one_series(scenario, operation, contender, samples));
            }
        }
    }
    Run {
        uvshift: "0.1.0".to_owned(),
        started: 1_795_875_600,
        finished: Some(1_795_876_500),
        machine: machine(),
        settings: Settings {
            runs: samples,
            warmups: 1,
            seed,
            timeout: 600.0,
            local_index: true,
            quick: false,
        },
        contenders: contenders(),
        scenarios: scenarios(),
        series,
        warnings: vec![Warning {
            kind: WarningKind::Bytecode,
            place: None,
            message: "pip compiles bytecode and uv does not, unless it is told to".to_owned(),
        }],
    }
}

/// A series of exactly these wall times in blocks 0, 1, ..., with half as much CPU time.
pub(crate) fn series_of(scenario: &str, operation: Operation, contender: &str, walls: &[f64]) -> Series {
    let samples = (0..).zip(walls).map(|(block, wall)| exact_sample(block, *wall)).collect();
    one_series(scenario, operation, contender, samples)
}

/// A run with these series instead of its own.
pub(crate) fn run_with(series: Vec<Series>) -> Run {
    Run { series, ..run(1, 0) }
}

/// A copy of a run in which this contender takes that many times as long.
pub(crate) fn slower(run: &Run, contender: &str, factor: f64) -> Run {
    let mut changed = run.clone();
    for series in changed.series.iter_mut().filter(|series| series.contender == contender) {
        for sample in &mut series.samples {
            sample.wall *= factor;
            sample.user *= factor;
            sample.system *= factor;
        }
    }
    changed
}

fn exact_sample(block: u32, wall: f64) -> Sample {
    Sample {
        block,
        position: 0,
        wall,
        user: wall * 0.4,
        system: wall * 0.1,
        peak_memory: Some(64 * 1024 * 1024),
        load: Some(0.5),
    }
}

fn sample(generator: &mut Rng, block: u32, position: u32, median: f64) -> Sample {
    // Log-normal with a deviation of 6 %, and now and then a sample that something else has held up.
    let held_up = if generator.u32(..40) == 0 { 1.5 } else { 1.0 };
    let wall = median * (normal(generator) * 0.06).exp() * held_up;
    let user = 0.62 * median * (normal(generator) * 0.03).exp();
    let system = 0.21 * median * (normal(generator) * 0.05).exp();
    let peak_memory = Some((48 << 20) + 4096 * generator.u64(..2000) + 9_000_000 * u64::from(position == 0));
    Sample { block, position, wall, user, system, peak_memory, load: Some(0.4 + generator.f64()) }
}

/// A number of the normal distribution, by Box and Muller.
pub(crate) fn normal(generator: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - generator.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * generator.f64()).cos()
}

fn one_series(scenario: &str, operation: Operation, contender: &str, samples: Vec<Sample>) -> Series {
    let command = match contender {
        "pip" => "ENV/bin/python -m pip install -r requirements.txt",
        "uv" => "uv pip install --python ENV/bin/python -r requirements.txt",
        _ => "uv pip install --compile-bytecode --python ENV/bin/python -r requirements.txt",
    };
    Series {
        scenario: scenario.to_owned(),
        operation,
        contender: contender.to_owned(),
        command: command.to_owned(),
        samples,
        failure: None,
    }
}

fn machine() -> Machine {
    Machine {
        os: "linux".to_owned(),
        release: Some("Debian GNU/Linux 12".to_owned()),
        architecture: "x86_64".to_owned(),
        processor: Some("An Example Processor 3000".to_owned()),
        cores: 2,
        memory: Some(8 << 30),
        load: Some(0.31),
        file_system: Some("ext4".to_owned()),
        same_device: Some(true),
        link_mode: Some("hardlink".to_owned()),
        python: Some("3.12.11".to_owned()),
    }
}

fn contenders() -> Vec<Contender> {
    [
        ("pip", "pip 26.3", "26.3"),
        ("uv", "uv 0.13.9", "0.13.9"),
        ("uv-bytecode", "uv 0.13.9 --compile-bytecode", "0.13.9"),
    ]
    .map(|(id, label, version)| Contender {
        id: id.to_owned(),
        label: label.to_owned(),
        version: version.to_owned(),
    })
    .to_vec()
}

fn scenarios() -> Vec<Scenario> {
    [
        ("small", "a few libraries", &["requests", "click", "pydantic"][..], 12),
        ("medium", "a web service with its tools", &["fastapi", "sqlalchemy", "pytest", "black", "mypy"], 38),
    ]
    .map(|(name, description, requirements, packages)| Scenario {
        name: name.to_owned(),
        description: description.to_owned(),
        requirements: requirements.iter().map(|text| (*text).to_owned()).collect(),
        packages: Some(packages),
    })
    .to_vec()
}
