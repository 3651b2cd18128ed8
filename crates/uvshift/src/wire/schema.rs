//! The schema of everything that is printed, made from the types that are printed: those of this folder, and those that the
//! libraries write themselves.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Value, json};
use uvshift_bench::Run;
use uvshift_bench::compare::Comparison;
use uvshift_bench::compat::Compat;

use super::{
    Deps, Failed, Generated, Graph, Hosts, Migration, Rewrite, RolledBack, Templates, Tools, Verification,
    bench, venv,
};

#[test]
fn the_schema_is_that_of_the_types() {
    let schema = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    crate::documents::check("schema/v1.json", &schema);
}

#[test]
fn everything_is_described() {
    let schema = schema();
    let mut bare = Vec::new();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        if !definition["description"].is_string() {
            bare.push(name.clone());
        }
        find_bare(definition, name, &mut bare);
    }
    assert!(bare.is_empty(), "without a doc comment: {bare:#?}");
}

fn find_bare(schema: &Value, place: &str, bare: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        // The key that tells variants apart is described by its word.
        if !property["description"].is_string() && !property["const"].is_string() {
            bare.push(place.clone());
        }
        find_bare(property, &place, bare);
    }
    for one in ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema[keyword].as_array()).flatten() {
        find_bare(one, place, bare);
    }
    if schema["items"].is_object() {
        find_bare(&schema["items"], place, bare);
    }
}

/// `version` is everywhere, and `command` or `kind` tells one object from another; only a failure has its `error` instead.
#[test]
fn every_object_says_what_it_is() {
    let schema = schema();
    for one in schema["oneOf"].as_array().unwrap() {
        let name = one["$ref"].as_str().unwrap().trim_start_matches("#/$defs/");
        let definition = &schema["$defs"][name];
        let required = definition["required"].as_array().unwrap();
        let has = |key: &str| required.iter().any(|one| one == key);
        assert_eq!(definition["properties"]["version"]["const"], 1, "{name}");
        assert!(has("version") && (has("command") || has("kind") || has("error")), "{name}");
    }
}

/// A page for people, so only the first level: every key of every object, and every status.
#[test]
fn the_page_names_every_key() {
    let page = crate::documents::read("json.md");
    let schema = schema();
    let mut missing = Vec::new();
    for one in schema["oneOf"].as_array().unwrap() {
        let name = one["$ref"].as_str().unwrap().trim_start_matches("#/$defs/");
        let properties = schema["$defs"][name]["properties"].as_object().unwrap();
        let statuses = properties.get("status").and_then(|status| status["oneOf"].as_array());
        let words = statuses
            .into_iter()
            .flatten()
            .flat_map(|word| word["enum"].as_array().cloned().unwrap_or_else(|| vec![word["const"].clone()]));
        let words = words.map(|word| word.as_str().unwrap().to_owned());
        let all = properties.keys().cloned().chain(words);
        missing.extend(
            all.filter(|word| !page.contains(&format!("`{word}`"))).map(|it| format!("{name}: {it}")),
        );
    }
    assert!(missing.is_empty(), "docs/json.md does not name {missing:#?}");
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
        of::<Graph>(&mut generator),
        of::<venv::Snapshot>(&mut generator),
        of::<venv::Listing>(&mut generator),
        of::<venv::Backup>(&mut generator),
        of::<venv::Restore>(&mut generator),
        of::<venv::Migration>(&mut generator),
        of::<bench::Scenarios>(&mut generator),
        of::<Run>(&mut generator),
        of::<Comparison>(&mut generator),
        of::<Compat>(&mut generator),
    ];
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What uvshift prints with --format json",
        "description": "One object a command, made from the types of uvshift; tests check real output against it, where an object has no other keys than these. A later uvshift of the same version may have more: pass over what you do not know.",
        "oneOf": one_of,
        "$defs": generator.take_definitions(true),
    });
    simplify(&mut schema);
    schema
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// Nothing is said twice, and nothing in words of Rust.
fn simplify(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    // Names of Rust's types, which no reader of JSON knows.
    keywords.remove("format");
    if keywords.contains_key("const") || keywords.contains_key("enum") {
        keywords.remove("type");
        keywords.remove("minimum");
    }
    if let Some(Value::String(text)) = keywords.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    for (keyword, inner) in keywords {
        match (keyword.as_str(), inner) {
            ("properties" | "$defs", Value::Object(named)) => named.values_mut().for_each(simplify),
            ("anyOf" | "oneOf", Value::Array(several)) => several.iter_mut().for_each(simplify),
            ("items" | "additionalProperties" | "propertyNames", inner) => simplify(inner),
            _ => {}
        }
    }
}
