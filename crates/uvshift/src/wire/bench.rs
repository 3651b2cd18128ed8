//! What `bench run --list` prints.

use serde::Serialize;
use uvshift_bench::{Requirements, ScenarioSpec};

use super::VERSION;

/// The scenarios that there are.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "bench_scenarios"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(crate) struct Scenarios {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "bench run")))]
    command: &'static str,
    scenarios: Vec<Scenario>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "bench_scenario"))]
struct Scenario {
    name: String,
    description: String,
    #[cfg_attr(test, schemars(extend("items" = serde_json::json!({ "$ref": "#/$defs/bench_operation" }))))]
    operations: Vec<&'static str>,
    /// None where a file has them.
    requirements: Option<Vec<String>>,
}

impl Scenarios {
    pub(crate) fn of(specs: &[ScenarioSpec]) -> Self {
        let scenario = |spec: &ScenarioSpec| Scenario {
            name: spec.name.clone(),
            description: spec.description.clone(),
            operations: spec.operations.iter().map(|operation| operation.id()).collect(),
            requirements: match &spec.requirements {
                Requirements::Texts(texts) => Some(texts.clone()),
                Requirements::File(_) => None,
            },
        };
        Self { version: VERSION, command: "bench run", scenarios: specs.iter().map(scenario).collect() }
    }
}
