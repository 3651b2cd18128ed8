//! What `bench run --list` prints.

use serde::Serialize;
use uvshift_bench::{Operation, Requirements, ScenarioSpec};

use super::VERSION;
use super::words::Word;

/// What `bench run --list` prints: the scenarios that there are.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "bench_scenarios"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(crate) struct Scenarios {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "bench run")))]
    command: &'static str,
    /// The scenarios.
    scenarios: Vec<Scenario>,
}

/// A set of requirements to measure with.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "bench_scenario"))]
struct Scenario {
    /// Its name on the command line.
    name: String,
    /// For people.
    description: String,
    /// What is measured with it.
    operations: Vec<Word<Operation>>,
    /// The requirements; null where a file has them.
    requirements: Option<Vec<String>>,
}

impl Scenarios {
    pub(crate) fn of(specs: &[ScenarioSpec]) -> Self {
        let scenario = |spec: &ScenarioSpec| Scenario {
            name: spec.name.clone(),
            description: spec.description.clone(),
            operations: spec.operations.iter().copied().map(Word).collect(),
            requirements: match &spec.requirements {
                Requirements::Texts(texts) => Some(texts.clone()),
                Requirements::File(_) => None,
            },
        };
        Self { version: VERSION, command: "bench run", scenarios: specs.iter().map(scenario).collect() }
    }
}
