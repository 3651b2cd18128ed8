//! Real output against `docs/schema/v1.json`.

use serde_json::Value;

use crate::support::{FakeUv, Ran, World, shop};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/schema/v1.json")).expect("the schema is JSON")
}

/// Runs, wants exactly one object that the schema allows, and gives it.
pub(crate) fn checked(world: &World, arguments: &[&str], definition: &str) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    checked_with(&world.run(&all), definition)
}

/// Wants exactly one object that the schema allows, and gives it.
pub(crate) fn checked_with(ran: &Ran, definition: &str) -> Value {
    let json: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{definition}: {error}\n{}{}", ran.stdout, ran.stderr));
    let root = schema();
    let mut problems = Vec::new();
    validate(&root, &root["$defs"][definition], &json, "$", &mut problems);
    assert!(problems.is_empty(), "{definition}:\n{}\n{json:#}", problems.join("\n"));
    // One object only fits one of the kinds.
    let mut whole = Vec::new();
    validate(&root, &root, &json, "$", &mut whole);
    assert!(whole.is_empty(), "{definition}: {}", whole.join("\n"));
    json
}

/// The keywords that the schema uses; any other is a mistake in it.
fn validate(root: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$ref" => {
                let name =
                    rule.as_str().and_then(|it| it.strip_prefix("#/$defs/")).expect("a local reference");
                assert!(root["$defs"].get(name).is_some(), "`{name}` is not defined");
                validate(root, &root["$defs"][name], value, place, problems);
            }
            "oneOf" | "anyOf" => {
                let fits = |one: &&Value| {
                    let mut found = Vec::new();
                    validate(root, one, value, place, &mut found);
                    found.is_empty()
                };
                let count = rule.as_array().expect("a list").iter().filter(fits).count();
                if count == 0 || (keyword == "oneOf" && count > 1) {
                    problems.push(format!("{place} fits {count} of {keyword}"));
                }
            }
            "const" if value != rule => problems.push(format!("{place} is {value}, not {rule}")),
            "enum" if !rule.as_array().expect("a list").contains(value) => {
                problems.push(format!("{place} is {value}, none of {rule}"));
            }
            "type" if !has_type(rule, value) => problems.push(format!("{place} is {value}, no {rule}")),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(root, rule, item, &format!("{place}[{at}]"), problems);
                }
            }
            "properties" => object(root, schema, value, place, problems),
            // Beside `properties` it is `false`, and `object` knows.
            "additionalProperties" if rule.is_object() => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    validate(root, rule, inner, &format!("{place}.{name}"), problems);
                }
            }
            "minItems" | "maxItems" | "minimum" | "maximum" => bound(keyword, rule, value, place, problems),
            "pattern" => {
                assert_eq!(rule, "^[A-Z][0-9]{3}$", "the one pattern that is known here");
                if !value.as_str().is_some_and(is_code) {
                    problems.push(format!("{place} is {value}, no code"));
                }
            }
            // Those that the value fits, those that `object` reads, and words about the schema itself.
            "const"
            | "enum"
            | "type"
            | "required"
            | "additionalProperties"
            | "description"
            | "title"
            | "$schema"
            | "$defs" => {}
            other => panic!("the schema uses `{other}`, which is not checked"),
        }
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

fn object(root: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
    let Some(found) = value.as_object() else { return };
    let properties = schema["properties"].as_object().expect("properties");
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !found.contains_key(name) {
            problems.push(format!("{place} has no {name}"));
        }
    }
    for (name, inner) in found {
        match properties.get(name) {
            Some(rule) => validate(root, rule, inner, &format!("{place}.{name}"), problems),
            None => problems.push(format!("{place}.{name} is not in the schema")),
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

#[test]
fn a_whole_migration() {
    let world = shop();
    let json = checked(&world, &["check"], "migration");
    assert_eq!((&json["status"], &json["inventory"]["declared"]["main"]), (&"planned".into(), &2.into()));
    let json = checked(&world, &["migrate", "--dry-run"], "migration");
    assert!(json["diff"].is_string() && json["inventory"].is_null());
    assert_eq!(checked(&world, &["migrate"], "migration")["status"], "planned");
    let done = checked(&world, &["migrate", "--yes"], "migration");
    assert_eq!(done["status"], "migrated");
    assert_eq!(done["lock"]["packages"], 4);
    assert_eq!(done["pins"]["kept"], 1);
    assert_eq!(done["ledger"]["dropped"], 1);
    assert_eq!(checked(&world, &["migrate", "--yes"], "migration")["status"], "nothing-to-do");
    let verified = checked(&world, &["verify"], "verification");
    assert_eq!(verified["verified"]["differences"].as_array().map(Vec::len), Some(0));
    let planned = checked(&world, &["rollback", "--dry-run"], "rolled_back");
    assert_eq!(planned["status"], "planned");
    let back = checked(&world, &["rollback"], "rolled_back");
    assert!(
        back["restored"].as_array().is_some_and(|files| files.iter().any(|file| file == "pyproject.toml"))
    );
}

#[test]
fn everything_that_can_stand_in_it() {
    let world = shop();
    world.write(
        "requirements.txt",
        "-i https://${USER}:${TOKEN}@index.example/simple\n-c constraints.txt\nflask>=3\n\
         hg+https://hg.example/old#egg=old\nrequests==2.31.0\ngone==9.9 ; python_version < \"3\"\n",
    );
    world.write("constraints.txt", "werkzeug<4\n");
    world.write("examples/requirements.txt", "numpy\n");
    let json = checked(&world, &["migrate", "--yes"], "migration");
    assert_eq!(json["status"], "needs-decision");
    assert_eq!(json["secrets"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["ledger"]["refused"], 1);
    let json = checked(&world, &["migrate", "--yes", "--skip-refused"], "migration");
    assert!(json["kept"].as_array().is_some_and(|kept| !kept.is_empty()));
    let changed = world.read("pyproject.toml").replace("flask>=3", "flask>=2");
    world.write("pyproject.toml", changed);
    let verified = checked(&world, &["verify"], "verification");
    assert!(verified["verified"]["differences"].as_array().is_some_and(|found| !found.is_empty()));
    assert_eq!(checked(&world, &["rollback"], "failed")["exit"], 1);
    let back = checked(&world, &["rollback", "--force"], "rolled_back");
    assert_eq!(back["saved"].as_array().map(Vec::len), Some(1));
}

#[test]
fn failures() {
    let world = shop();
    world.uv(FakeUv::FailsInTheMiddle);
    let json = checked(&world, &["migrate", "--yes"], "failed");
    assert_eq!(json["exit"], 3);
    assert!(json["error"].as_str().is_some_and(|error| error.contains("dns error")), "{json}");
    world.uv(FakeUv::Tampers);
    assert_eq!(checked(&world, &["migrate", "--yes"], "failed")["exit"], 4);
    assert_eq!(checked(&world, &["verify"], "failed")["exit"], 1);
    assert_eq!(checked(&world, &["migrate", "--python", "three"], "failed")["exit"], 2);
}

#[test]
fn tools() {
    let world = shop();
    world.write("mypy.ini", "[mypy]\nstrict = yes\nplugin_setting = 1\n");
    world.write("setup.cfg", "[mypy]\nstrict = no\n[flake8]\nselect = E\n");
    let json = checked(&world, &["tools", "--dry-run"], "tools");
    assert_eq!(json["status"], "planned");
    let is_dead = |setting: &Value| setting["outcome"] == "dead";
    assert!(json["settings"].as_array().is_some_and(|settings| settings.iter().any(is_dead)), "{json}");
    let json = checked(&world, &["tools", "--yes"], "tools");
    assert_eq!((json["status"].as_str(), json["removed"][0].as_str()), (Some("moved"), Some("mypy.ini")));
    assert_eq!(checked(&world, &["tools", "--yes"], "tools")["status"], "nothing-to-do");
    assert_eq!(checked(&world, &["rollback"], "rolled_back")["status"], "rolled-back");
    let json = checked(&world, &["migrate", "--yes", "--with", "tools"], "migration");
    assert_eq!(json["tools"]["tools"][0]["tool"], "mypy");
    world.write("mypy.ini", "strict = yes\n");
    assert_eq!(checked(&world, &["tools", "--yes"], "tools")["status"], "needs-decision");
    assert_eq!(checked(&world, &["tools", "--only", "nobody"], "failed")["exit"], 2);
}

#[test]
fn deps() {
    let world = shop();
    world.write("shop/__init__.py", "import flask\nimport yaml\nfrom . import x\n");
    world.write("nb.ipynb", r#"{"cells":[{"cell_type":"code","source":"import pandas"}],"nbformat":4}"#);
    let json = checked(&world, &["deps"], "deps");
    assert_eq!(json["status"], "findings");
    let is_missing = |found: &Value| found["rule"] == "missing" && found["package"] == "pyyaml";
    assert!(json["findings"].as_array().is_some_and(|found| found.iter().any(is_missing)), "{json:#}");
    assert!(
        json["imports"].as_array().is_some_and(|found| found.iter().any(|it| it["cell"] == 1)),
        "{json:#}"
    );
    let json = checked(&world, &["deps", "--only", "conflicting"], "deps");
    assert_eq!(json["status"], "clean");
}
