//! The schema as a judge of values. The schema is open, for readers of later output; here an object may have no key that
//! the schema does not know.

use std::collections::BTreeSet;

use serde_json::Value;

/// What is wrong with a value; empty where nothing is.
pub(super) fn problems(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    closed(root, schema, value, "$", &mut problems);
    problems
}

/// The value fits, and has no key that the schema does not know.
fn closed(root: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    validate(root, schema, value, place, problems);
    let known = known(root, schema, value);
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !known.contains(name) {
            problems.push(format!("{place}.{name} is not in the schema"));
        }
    }
}

/// The keys of a value that the schema says something of.
fn known(root: &Value, schema: &Value, value: &Value) -> BTreeSet<String> {
    let keys =
        |object: &Value| object.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut known: BTreeSet<String> = keys(&schema["properties"]);
    if schema["additionalProperties"].is_object() {
        known.extend(keys(value).into_iter().collect::<BTreeSet<String>>());
    }
    if let Some(name) = schema["$ref"].as_str() {
        known.extend(self::known(root, definition(root, name), value));
    }
    for one in ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema[keyword].as_array()).flatten() {
        if fits(root, one, value) {
            known.extend(self::known(root, one, value));
        }
    }
    known
}

fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    validate(root, schema, value, "$", &mut found);
    found.is_empty()
}

fn definition<'a>(root: &'a Value, reference: &str) -> &'a Value {
    let name = reference.strip_prefix("#/$defs/").expect("a local reference");
    root["$defs"].get(name).unwrap_or_else(|| panic!("`{name}` is not defined"))
}

/// The keywords that the schema uses; any other is a mistake in it.
fn validate(root: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$ref" => {
                let inner = definition(root, rule.as_str().expect("a text"));
                validate(root, inner, value, place, problems);
            }
            "oneOf" | "anyOf" => alternatives(root, keyword, rule, value, place, problems),
            "const" if value != rule => problems.push(format!("{place} is {value}, not {rule}")),
            "enum" if !rule.as_array().expect("a list").contains(value) => {
                problems.push(format!("{place} is {value}, none of {rule}"));
            }
            "type" if !has_type(rule, value) => problems.push(format!("{place} is {value}, no {rule}")),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    closed(root, rule, item, &format!("{place}[{at}]"), problems);
                }
            }
            "properties" | "additionalProperties" | "propertyNames" | "required" => {
                object(root, keyword, rule, value, place, problems);
            }
            "minItems" | "maxItems" | "minimum" | "maximum" => bound(keyword, rule, value, place, problems),
            "pattern" => {
                assert_eq!(rule, "^[A-Z][0-9]{3}$", "the one pattern that is known here");
                if !value.as_str().is_some_and(is_code) {
                    problems.push(format!("{place} is {value}, no code"));
                }
            }
            // Those that the value fits, and words about the schema itself.
            "const" | "enum" | "type" | "description" | "title" | "$schema" | "$defs" => {}
            other => panic!("the schema uses `{other}`, which is not checked"),
        }
    }
}

/// One of several fits; of an anyOf, at least one. Where a single one has the right `type`, its problems are told.
fn alternatives(
    root: &Value,
    keyword: &str,
    rule: &Value,
    value: &Value,
    place: &str,
    problems: &mut Vec<String>,
) {
    let all = rule.as_array().expect("a list");
    let count = all.iter().filter(|one| fits(root, one, value)).count();
    if count == 0 || (keyword == "oneOf" && count > 1) {
        problems.push(format!("{place} fits {count} of {keyword}"));
    }
    if let (0, [one, null]) = (count, all.as_slice())
        && null["type"] == "null"
    {
        validate(root, one, value, place, problems);
    }
}

/// A limit of a number, or of how many items there are.
fn bound(keyword: &str, rule: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    let limit = rule.as_i64().expect("a number");
    let measured = if keyword.ends_with("Items") {
        value.as_array().map(|items| i64::try_from(items.len()).expect("a length"))
    } else {
        value.as_i64()
    };
    let is_broken = |it: i64| if keyword.starts_with("min") { it < limit } else { it > limit };
    if measured.is_some_and(is_broken) {
        problems.push(format!("{place} is {value}, against {keyword} {rule}"));
    }
}

/// `R001`
fn is_code(text: &str) -> bool {
    let (letter, digits) = text.split_at_checked(1).unwrap_or_default();
    letter.chars().all(|it| it.is_ascii_uppercase())
        && digits.len() == 3
        && digits.chars().all(|it| it.is_ascii_digit())
}

/// What is said of the keys of an object.
fn object(root: &Value, keyword: &str, rule: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    let Some(found) = value.as_object() else { return };
    match keyword {
        "required" => {
            for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !found.contains_key(name) {
                    problems.push(format!("{place} has no {name}"));
                }
            }
        }
        "propertyNames" => {
            for name in found.keys() {
                validate(root, rule, &Value::from(name.as_str()), place, problems);
            }
        }
        "properties" => {
            for (name, inner) in found {
                if let Some(rule) = rule.get(name) {
                    closed(root, rule, inner, &format!("{place}.{name}"), problems);
                }
            }
        }
        // No object here has both keys of its own and others.
        _ => {
            for (name, inner) in found {
                closed(root, rule, inner, &format!("{place}.{name}"), problems);
            }
        }
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let names: Vec<&str> = match rule {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    names.iter().any(|name| match *name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    })
}
