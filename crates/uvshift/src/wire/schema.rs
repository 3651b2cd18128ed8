//! The schema of everything that is printed, made from the types that are printed.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    Deps, Failed, Generated, Hosts, Migration, Rewrite, RolledBack, Templates, Tools, Verification, bench,
    venv,
};

/// What the libraries put together without types of their own: graphs, snapshots of environments, measurements.
const BY_HAND: &str = include_str!("schema.json");

/// The commands whose whole object is one of these.
const LIBRARIES: [&str; 4] = ["graph", "bench", "bench_comparison", "compat"];

#[test]
fn the_schema_is_that_of_the_types() {
    let schema = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    crate::documents::check("schema/v1.json", &schema);
}

fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let one_of = [
        of::<Migration>(&mut generator),
        of::<Verification>(&mut generator),
        of::<RolledBack>(&mut generator),
        of::<Failed>(&mut generator),
        of::<Tools>(&mut generator),
        of::<Deps<'_>>(&mut generator),
        of::<Rewrite>(&mut generator),
        of::<Hosts>(&mut generator),
        of::<Templates>(&mut generator),
        of::<Generated>(&mut generator),
        of::<venv::Snapshot>(&mut generator),
        of::<venv::Listing>(&mut generator),
        of::<venv::Backup>(&mut generator),
        of::<venv::Restore>(&mut generator),
        of::<venv::Migration>(&mut generator),
        of::<bench::Scenarios>(&mut generator),
    ];
    let by_hand: Map<String, Value> = serde_json::from_str(BY_HAND).unwrap();
    let libraries = LIBRARIES.map(|name| json!({ "$ref": format!("#/$defs/{name}") }));
    let mut definitions = generator.take_definitions(true);
    for (name, definition) in by_hand {
        assert!(definitions.insert(name.clone(), definition).is_none(), "`{name}` is there twice");
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What uvshift prints with --format json",
        "description": "One object a command, made from the types of uvshift; a test checks real output against it.",
        "oneOf": one_of.into_iter().chain(libraries).collect::<Vec<_>>(),
        "$defs": definitions,
    });
    tighten(&mut schema);
    schema
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// Objects have no other keys than those that are listed, and nothing is said twice.
fn tighten(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    if keywords.contains_key("properties") {
        keywords.entry("additionalProperties").or_insert(json!(false));
    }
    // Names of Rust's types, which no reader of JSON knows.
    keywords.remove("format");
    if keywords.contains_key("const") || keywords.contains_key("enum") {
        keywords.remove("type");
        keywords.remove("minimum");
    }
    for (keyword, inner) in keywords {
        match (keyword.as_str(), inner) {
            ("properties" | "$defs", Value::Object(named)) => named.values_mut().for_each(tighten),
            ("anyOf" | "oneOf", Value::Array(several)) => several.iter_mut().for_each(tighten),
            ("items" | "additionalProperties", inner) => tighten(inner),
            _ => {}
        }
    }
}
