//! Real output against `docs/schema/v1.json`.

mod judge;
mod shapes;

use serde_json::Value;

use self::judge::problems;
use crate::support::{FakeUv, Ran, World, shop};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/v1.json");

fn schema() -> Value {
    let text = std::fs::read_to_string(SCHEMA).expect("the schema is there");
    serde_json::from_str(&text).expect("the schema is JSON")
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
    let found = problems(&root, &root["$defs"][definition], &json);
    assert!(found.is_empty(), "{definition}:\n{}\n{json:#}", found.join("\n"));
    // One object only fits one of the kinds.
    let whole = problems(&root, &root, &json);
    assert!(whole.is_empty(), "{definition}: {}", whole.join("\n"));
    json
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
