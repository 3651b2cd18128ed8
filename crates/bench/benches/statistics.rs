//! The statistics of a large run: 50 series of 100 samples each.

use divan::Bencher;
use uvshift_bench::compare::{CompareOptions, compare};
use uvshift_bench::file::{from_json, to_json};
use uvshift_bench::report::figures::figures;
use uvshift_bench::statistics::{Bootstrap, median_interval};
use uvshift_bench::{Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings};

fn main() {
    divan::main();
}

/// The interval of one median by 10,000 resamples.
#[divan::bench(args = [10, 100, 1_000])]
fn interval(bencher: Bencher<'_, '_>, count: u32) {
    let values: Vec<f64> = samples(1, count).iter().map(|sample| sample.wall).collect();
    bencher.bench(|| median_interval(divan::black_box(&values), &Bootstrap::seeded(1)));
}

/// All figures of a report: 50 summaries and medians with intervals, 80 paired ratios with intervals.
#[divan::bench(sample_count = 10)]
fn all_figures(bencher: Bencher<'_, '_>) {
    let run = made();
    bencher.bench(|| figures(divan::black_box(&run)));
}

/// 100 unpaired ratios with intervals.
#[divan::bench(sample_count = 10)]
fn two_runs(bencher: Bencher<'_, '_>) {
    let run = made();
    bencher.bench(|| compare(divan::black_box(&run), &run, &CompareOptions::default()));
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let run = made();
    bencher.bench(|| to_json(divan::black_box(&run)));
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = to_json(&made());
    bencher.bench(|| from_json(divan::black_box(&text)));
}

/// Two scenarios, five operations and five contenders, each with 100 samples.
fn made() -> Run {
    let mut series = Vec::new();
    for scenario in ["small", "medium"] {
        for operation in Operation::ALL.into_iter().take(5) {
            for contender in ["pip", "pip-newest", "uv", "uv-bytecode", "uv-copy"] {
                series.push(Series {
                    scenario: scenario.to_owned(),
                    operation,
                    contender: contender.to_owned(),
                    command: "uv pip install -r requirements.txt".to_owned(),
                    samples: samples(1 + series.len() as u64, 100),
                    failure: None,
                });
            }
        }
    }
    Run {
        uvshift: "0.1.0".to_owned(),
        started: 0,
        finished: Some(1),
        machine: Machine { cores: 2, ..Machine::default() },
        settings: Settings { runs: 100, warmups: 1, seed: 1, timeout: 60.0, local_index: true, quick: false },
        contenders: vec![Contender {
            id: "uv".to_owned(),
            label: "uv".to_owned(),
            version: "0.13.9".to_owned(),
        }],
        scenarios: ["small", "medium"].map(scenario).to_vec(),
        series,
        warnings: Vec::new(),
    }
}

fn scenario(name: &str) -> Scenario {
    Scenario { name: name.to_owned(), description: name.to_owned(), requirements: Vec::new(), packages: None }
}

fn samples(seed: u64, count: u32) -> Vec<Sample> {
    let mut generator = fastrand::Rng::with_seed(seed);
    let mut sample = |block| {
        let wall = 1.0 + generator.f64();
        Sample {
            block,
            position: 0,
            wall,
            user: wall / 2.0,
            system: 0.1,
            peak_memory: Some(1 << 26),
            load: None,
        }
    };
    (0..count).map(&mut sample).collect()
}
