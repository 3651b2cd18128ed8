//! pip against uv, measured honestly.
//!
//! [`run`] measures; a [`Run`] holds everything that was measured and on what. [`file`](mod@file) keeps it, [`statistics`] and [`report`] say
//! what the figures bear, [`compare`] holds two runs side by side, [`threshold`] is for CI. [`compat`] asks both tools
//! which versions they choose. Nothing here prints.
//!
//! Feature `png`, on by default: charts as PNG too, with a rasteriser. SVG and HTML need nothing.
//!
//! ```
//! use uvshift_bench::statistics::{Bootstrap, Measure, paired_ratio};
//! use uvshift_bench::{Operation, file};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sample = |block: u32, wall: f64| format!(r#"{{"block":{block},"position":0,"wall":{wall},"user":0.1,"system":0.1,"peak_memory":null,"load":null}}"#);
//! # let series = |who: &str, factor: f64| {
//! #     let samples: Vec<String> = (0..8).map(|block| sample(block, factor * (1.0 + f64::from(block) / 100.0))).collect();
//! #     format!(r#"{{"scenario":"small","operation":"no-op","contender":"{who}","command":"{who}","failure":null,"samples":[{}]}}"#, samples.join(","))
//! # };
//! # let text = format!(r#"{{"version":1,"kind":"uvshift-bench","uvshift":"0.1.0","started":0,"finished":1,
//! #   "machine":{{"os":"linux","release":null,"architecture":"x86_64","processor":null,"cores":2,"memory":null,"load":null,"file_system":null,"same_device":null,"link_mode":null,"python":null}},
//! #   "settings":{{"runs":8,"warmups":0,"seed":1,"timeout":60.0,"local_index":false,"quick":false}},
//! #   "contenders":[],"scenarios":[],"warnings":[],"series":[{},{}],"results":[]}}"#, series("pip", 4.0), series("uv", 1.0));
//! let run = file::from_json(&text)?;
//! let of = |who| run.find("small", Operation::NoOp, who).ok_or("not measured");
//! let ratio = paired_ratio(of("pip")?, of("uv")?, Measure::Wall, &Bootstrap::seeded(1)).ok_or("no pairs")?;
//! assert!((ratio.value - 4.0).abs() < 1e-9);
//! assert!(ratio.interval.is_some_and(|interval| interval.low > 3.9 && interval.high < 4.1));
//! # Ok(())
//! # }
//! ```

pub mod compare;
pub mod compat;
mod contenders;
pub mod file;
mod index_settings;
mod local_index;
mod machine;
mod model;
pub mod report;
mod run;
mod scenario;
#[cfg(feature = "schemars")]
mod schema;
pub mod statistics;
#[cfg(test)]
mod testing;
pub mod threshold;

pub use contenders::ContenderKind;
pub use index_settings::IndexSettings;
pub use local_index::{Counts, LocalIndex, LocalIndexError, LocalIndexOptions, Mode};
pub use model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};
pub use run::{Observer, Plan, Progress, RunError, Tools, run};
pub use scenario::{PythonBounds, Requirements, ScenarioError, ScenarioSpec};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
