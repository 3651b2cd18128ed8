//! A run into JSON. The parts stand in the order of the model and the keys within in that of the alphabet; numbers are in
//! their shortest form that reads back as the same.

use serde_json::{Map, Value, json};
use uvshift_requirements::redacted;

use super::{KIND, VERSION, hyperfine};
use crate::model::{Contender, Machine, Run, Sample, Scenario, Series, Settings, Warning};

/// The file of this run, with a line end. Credentials in URLs are covered; all else comes back as it was. A number that is infinite or none at all becomes `null`, since JSON knows no other.
pub fn to_json(run: &Run) -> String {
    let Run { uvshift, started, finished, machine, settings, contenders, scenarios, series, warnings } = run;
    let parts = [
        ("version", json!(VERSION)),
        ("kind", json!(KIND)),
        ("uvshift", json!(uvshift)),
        ("started", json!(started)),
        ("finished", json!(finished)),
        ("machine", of_machine(machine)),
        ("settings", of_settings(settings)),
        ("contenders", contenders.iter().map(of_contender).collect()),
        ("scenarios", scenarios.iter().map(of_scenario).collect()),
        ("warnings", warnings.iter().map(of_warning).collect()),
        ("series", series.iter().map(of_series).collect()),
        ("results", series.iter().filter_map(hyperfine::entry).collect()),
    ];
    let lines: Vec<String> = parts.iter().map(|(key, value)| part(key, value)).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// A part of the file; of lists, each entry has a line, so that a file can be looked at and compared by lines.
fn part(key: &str, value: &Value) -> String {
    let Value::Array(entries) = value else { return format!("  \"{key}\": {value}") };
    if entries.is_empty() {
        return format!("  \"{key}\": []");
    }
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {entry}")).collect();
    format!("  \"{key}\": [\n{}\n  ]", lines.join(",\n"))
}

fn of_machine(machine: &Machine) -> Value {
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
    object([
        ("os", json!(os)),
        ("release", json!(release)),
        ("architecture", json!(architecture)),
        ("processor", json!(processor)),
        ("cores", json!(cores)),
        ("memory", json!(memory)),
        ("load", json!(load)),
        ("file_system", json!(file_system)),
        ("same_device", json!(same_device)),
        ("link_mode", json!(link_mode)),
        ("python", json!(python)),
    ])
}

fn of_settings(settings: &Settings) -> Value {
    let Settings { runs, warmups, seed, timeout, local_index, quick } = settings;
    object([
        ("runs", json!(runs)),
        ("warmups", json!(warmups)),
        ("seed", json!(seed)),
        ("timeout", json!(timeout)),
        ("local_index", json!(local_index)),
        ("quick", json!(quick)),
    ])
}

fn of_contender(contender: &Contender) -> Value {
    let Contender { id, label, version } = contender;
    object([("id", json!(id)), ("label", json!(label)), ("version", json!(version))])
}

fn of_scenario(scenario: &Scenario) -> Value {
    let Scenario { name, description, requirements, packages } = scenario;
    object([
        ("name", json!(name)),
        ("description", json!(redacted(description))),
        ("requirements", requirements.iter().map(|text| redacted(text)).collect()),
        ("packages", json!(packages)),
    ])
}

fn of_warning(warning: &Warning) -> Value {
    let Warning { kind, place, message } = warning;
    object([("kind", json!(kind.id())), ("place", json!(place)), ("message", json!(redacted(message)))])
}

fn of_series(series: &Series) -> Value {
    let Series { scenario, operation, contender, command, samples, failure } = series;
    object([
        ("scenario", json!(scenario)),
        ("operation", json!(operation.id())),
        ("contender", json!(contender)),
        ("command", json!(redacted(command))),
        ("failure", json!(failure.as_deref().map(redacted))),
        ("samples", samples.iter().map(of_sample).collect()),
    ])
}

fn of_sample(sample: &Sample) -> Value {
    let Sample { block, position, wall, user, system, peak_memory, load } = sample;
    object([
        ("block", json!(block)),
        ("position", json!(position)),
        ("wall", json!(wall)),
        ("user", json!(user)),
        ("system", json!(system)),
        ("peak_memory", json!(peak_memory)),
        ("load", json!(load)),
    ])
}

/// Sorted, since whether a map sorts its keys depends on what else is in the build.
pub(super) fn object<const N: usize>(mut entries: [(&str, Value); N]) -> Value {
    entries.sort_by_key(|(key, _)| *key);
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
