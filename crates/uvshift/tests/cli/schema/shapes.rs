//! Every shape that the output of a command can have: nothing to do, findings, failures, options that add to it.

#![expect(clippy::disallowed_methods, reason = "the test hands files to a validator")]

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use uvshift_testkit::tool;

use super::judge::problems;
use super::{SCHEMA, checked, checked_with, schema};
use crate::support::{FakeUv, World, shop};

/// Whether a list has an entry whose key has this value.
fn has(list: &Value, key: &str, value: impl Into<Value>) -> bool {
    let value = value.into();
    list.as_array().is_some_and(|all| all.iter().any(|one| one[key] == value))
}

#[test]
fn migrations_of_other_sources() {
    let pipfile = "[packages]\nflask = \"*\"\nmine = {git = \"https://git.example/mine.git\", ref = \"main\"}\n[dev-packages]\npytest = \"*\"\n";
    let world = World::new(&[
        ("Pipfile", pipfile),
        ("Dockerfile", "FROM python:3.9-slim\nRUN pip install pipenv && pipenv install --system\n"),
        (".github/workflows/ci.yml", "jobs:\n  t:\n    steps:\n      - run: pip install tox\n"),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: https://git.example/black\n  rev: 24.1.0\n  hooks:\n  - id: black\n",
        ),
    ]);
    let found = checked(&world, &["check"], "migration");
    assert!(has(&found["old_files"], "path", "Pipfile"), "{found:#}");
    assert!(has(&found["inventory"]["direct"], "kind", "git"), "{found:#}");
    assert!(has(&found["inventory"]["python"]["versions"], "past", true), "{found:#}");
    checked(&world, &["migrate", "--dry-run", "--no-rewrite", "--skip-refused"], "migration");
    let world = World::new(&[
        ("requirements.txt", "flask\n"),
        ("lib/pyproject.toml", "[project]\nname = \"lib\"\nversion = \"1\"\n"),
        ("lib/requirements.txt", "requests\n"),
        ("requirements.in", "flask\n"),
    ]);
    checked(&world, &["migrate", "--dry-run", "--separate"], "migration");
    let workspace = checked(&world, &["migrate", "--dry-run", "--workspace"], "migration");
    assert_eq!(workspace["members"], json!(["lib"]), "{workspace:#}");
}

#[test]
fn nothing_to_migrate() {
    for files in [
        &[("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\n"), ("uv.lock", "version = 1\n")]
            [..],
        &[("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"flask\"]\n")],
        &[],
    ] {
        let world = World::new(files);
        for command in ["check", "migrate"] {
            let ran = world.run(&[command, "--format", "json"]);
            let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
            let definition = if json["error"].is_string() { "failed" } else { "migration" };
            let json = checked_with(&ran, definition);
            assert!(json["reason"].is_string() || json["error"].is_string(), "{json:#}");
        }
    }
}

#[test]
fn migrations_with_more() {
    let world = shop();
    world.write("Dockerfile", "FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n");
    world.write("mypy.ini", "[mypy]\nstrict = yes\n");
    let planned = checked(&world, &["migrate", "--dry-run", "--with", "tools"], "migration");
    assert!(planned["tools"].is_object() && planned["rewrite"].is_object(), "{planned:#}");
    checked(
        &world,
        &["migrate", "--dry-run", "--no-lock", "--run-build", "--build-backend", "uv-build"],
        "migration",
    );
    let done = checked(&world, &["migrate", "--yes", "--no-lock", "--remove-old-files"], "migration");
    assert!(done["lock"].is_null() && done["pins"].is_null(), "{done:#}");
}

#[test]
fn what_was_interrupted_is_rolled_back() {
    let world = shop();
    assert_eq!(checked(&world, &["rollback"], "rolled_back")["status"], "nothing-to-do");
    world.kill_in_the_middle();
    let failed = checked(&world, &["verify"], "failed");
    assert!(failed["help"].is_string(), "{failed:#}");
    assert_eq!(checked(&world, &["rollback"], "rolled_back")["status"], "rolled-back");
    world.uv(FakeUv::OtherHashes);
    checked(&world, &["migrate", "--yes"], "migration");
}

#[test]
fn no_tools_at_all() {
    assert_eq!(checked(&World::new(&[]), &["tools", "--dry-run"], "tools")["status"], "nothing-to-do");
}

#[test]
fn dependencies_that_are_mended() {
    let world = World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.10\"\ndependencies = [\"flask\", \"requests\", \"attrs==19\", \"attrs==20\"]\n",
        ),
        (
            "shop/__init__.py",
            "import flask\nimport yaml\ntry:\n    import lxml\nexcept ImportError:\n    pass\n",
        ),
        ("tests/test_shop.py", "import pytest\nimport shop\n"),
    ]);
    let found = checked(&world, &["deps"], "deps");
    assert!(has(&found["findings"], "rule", "conflicting"), "{found:#}");
    let planned = checked(&world, &["deps", "--fix", "--dry-run"], "deps");
    assert!(planned["fix"].is_object(), "{planned:#}");
    assert_eq!(checked(&world, &["deps", "--fix"], "deps")["status"], "planned");
    let fixed = checked(&world, &["deps", "--fix", "--yes", "--no-lock"], "deps");
    assert_eq!(fixed["status"], "fixed", "{fixed:#}");
    assert_eq!(checked(&World::new(&[]), &["deps"], "deps")["status"], "nothing-to-do");
    assert_eq!(checked(&world, &["deps", "--only", "nobody"], "failed")["exit"], 2);
}

#[test]
fn commands_that_are_offered_or_left() {
    let world = World::new(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\n"),
        ("uv.lock", "version = 1\n"),
        (
            "Dockerfile",
            "FROM python:3.12\nRUN pip install -r other.txt && pip install --target /x flask\nRUN pip download flask\n",
        ),
        ("Makefile", "test:\n\tpip install -e .\n\tpython -m pytest\n"),
    ]);
    let planned = checked(&world, &["rewrite", "--dry-run"], "rewrite");
    let files = planned["files"].as_array().expect("files");
    assert!(files.iter().any(|file| has(&file["changes"], "made", false)), "{planned:#}");
    assert!(
        files.iter().any(|file| file["left"].as_array().is_some_and(|left| !left.is_empty())),
        "{planned:#}"
    );
    checked(&world, &["rewrite", "--yes", "--review", "--docs"], "rewrite");
    assert_eq!(checked(&World::new(&[]), &["rewrite", "--dry-run"], "rewrite")["status"], "nothing-to-do");
}

#[test]
fn files_that_are_there_already() {
    let world = shop();
    world.write("Makefile", "mine:\n");
    world.write(".gitignore", "mine\n");
    let left = checked(&world, &["generate", "makefile", "--dry-run"], "generate");
    assert_eq!(left["files"][0]["fate"], "left-alone", "{left:#}");
    let replaced = checked(&world, &["generate", "makefile", "--dry-run", "--force"], "generate");
    assert_eq!(replaced["files"][0]["fate"], "replaced", "{replaced:#}");
    assert_eq!(checked(&world, &["generate", "no-such-thing"], "failed")["exit"], 2);
}

#[test]
fn graphs_of_little() {
    let world = World::new(&[]);
    checked(&world, &["graph"], "graph");
    let world = World::new(&[("requirements.txt", "flask>=3 ; python_version < \"3.9\"\n-e .\n")]);
    checked(&world, &["graph", "--no-imports", "--platform", "linux", "--only-main"], "graph");
    assert_eq!(checked(&world, &["graph", "--lock", "no.lock"], "failed")["version"], 1);
}

#[test]
fn with_a_lock_and_an_environment() {
    let world = World::new(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"flask\"]\n"),
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = \"flask\"\nversion = \"3.0\"\nsource = { registry = \"https://index.example/simple\" }\n",
        ),
        (
            "shop.py",
            "import os\nimport flask\nimport werkzeug\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy\n",
        ),
        (".venv/pyvenv.cfg", "home = /nowhere\nversion = 3.11.7\nprompt = shop\n"),
    ]);
    for (name, more) in
        [("flask", "License-Expression: BSD-3-Clause\nRequires-Dist: werkzeug\n"), ("werkzeug", "")]
    {
        let folder = format!(".venv/lib/python3.11/site-packages/{name}-3.0.dist-info");
        world.write(
            &format!("{folder}/METADATA"),
            format!("Name: {name}\nVersion: 3.0\nRequires-Python: >=3.8\n{more}"),
        );
        world.write(&format!("{folder}/top_level.txt"), format!("{name}\n"));
    }
    let found = checked(&world, &["deps"], "deps");
    assert_eq!(
        (&found["summary"]["lock"], &found["summary"]["environment"]),
        (&"uv.lock".into(), &".venv".into())
    );
    assert!(has(&found["imports"], "mapped_by", "environment"), "{found:#}");
    let graph = checked(&world, &["graph"], "graph");
    assert!(has(&graph["packages"], "licence", "BSD-3-Clause"), "{graph:#}");
    checked(&world, &["venv", "list"], "venv_list");
    let taken = checked(&world, &["venv", "snapshot"], "venv_snapshot");
    assert_eq!(taken["environment"]["prompt"], "shop", "{taken:#}");
}

#[test]
fn compiled_requirements() {
    let compiled = "#\n# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n#    pip-compile requirements.in\n#\nflask==3.0.2\n    # via -r requirements.in\n";
    let world = World::new(&[("requirements.in", "flask\n"), ("requirements.txt", compiled)]);
    let found = checked(&world, &["check"], "migration");
    assert!(has(&found["files"], "compiled_from", "requirements.in"), "{found:#}");
    world.write(".gitignore", "mine\n");
    let merged = checked(&world, &["generate", "gitignore", "--dry-run"], "generate");
    assert_eq!(merged["files"][0]["fate"], "merged", "{merged:#}");
}

/// What no short run comes to, by the same way into JSON.
#[test]
fn every_answer_of_compat() {
    use uvshift_bench::compat::{
        Attempt, Compat, Difference, Effect, Failure, FailureClass, NotTried, Outcome, Remedy, Requested,
        Row, Setting, Status, Tool, Verdict, wire,
    };
    let outcome = |status| Outcome { status, seconds: 1.0, at: 1, taken: false, log: None };
    let failed = |class, about: Option<&str>| {
        outcome(Status::Failed(Failure { class, message: "no".into(), about: about.map(str::to_owned) }))
    };
    let row = |verdict, uv| Row {
        requested: Requested { text: "x".into(), file: None, line: None },
        name: None,
        pip: outcome(Status::TimedOut(std::time::Duration::from_secs(1))),
        uv,
        verdict,
        differences: vec![Difference { name: "x".into(), pip: None, uv: Some("1".into()) }],
        attempts: Effect::ALL
            .map(|effect| Attempt {
                tool: Tool::Uv,
                flag: "--x".into(),
                effect,
                outcome: failed(FailureClass::Hash, None),
            })
            .to_vec(),
        reason: Some("so".into()),
        remedies: vec![Remedy {
            about: "x".into(),
            advice: "y".into(),
            alternatives: vec!["z".into()],
            system: vec![("debian".into(), vec!["libx".into()])],
        }],
    };
    let mut rows: Vec<Row> =
        FailureClass::ALL.map(|class| row(Verdict::Neither, failed(class, Some("x")))).into();
    rows.extend(Verdict::ALL.map(|verdict| row(verdict, outcome(Status::Resolved(Vec::new())))));
    rows.extend(NotTried::ALL.map(|why| row(Verdict::NotTried, outcome(Status::NotTried(why)))));
    let compat = Compat {
        started: 1,
        seconds: 1.0,
        setting: Setting::default(),
        rows,
        together: Vec::new(),
        interrupted: true,
    };
    let found = problems(&schema(), &schema(), &wire(&compat));
    assert!(found.is_empty(), "{found:#?}");
}

/// No object of the schema is left out here.
#[test]
fn every_object_is_compared_with_real_output() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli");
    let files = fs::read_dir(folder).expect("the tests").map(|file| file.expect("a listed file").path());
    let texts: Vec<String> = files.filter_map(|file| fs::read_to_string(file).ok()).collect();
    for one in schema()["oneOf"].as_array().expect("a list") {
        let name = one["$ref"].as_str().expect("a reference").trim_start_matches("#/$defs/");
        let named = format!("\"{name}\"");
        assert!(texts.iter().any(|text| text.contains(&named)), "no test checks `{name}`");
    }
}

/// The validator that others use agrees: real output is valid, and with a key too many or too few it is not.
#[test]
fn a_real_validator_agrees() {
    let world = shop();
    world.write("shop.py", "import flask\nimport yaml\n");
    let place = |name: &str| world.beside(name).display().to_string();
    let closed = place("closed.json");
    fs::write(&closed, closed_schema().to_string()).expect("a written schema");
    let mut good = Vec::new();
    for (name, arguments) in [
        ("check", &["check"][..]),
        ("deps", &["deps"]),
        ("graph", &["graph", "--why", "flask"]),
        ("rewrite", &["rewrite", "--list"]),
        ("templates", &["generate", "list"]),
        ("failed", &["deps", "--only", "nobody"]),
        ("scenarios", &["bench", "run", "--list"]),
        ("migrated", &["migrate", "--yes"]),
        ("verified", &["verify"]),
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        let file = place(&format!("{name}.json"));
        fs::write(&file, world.run(&all).stdout).expect("a written object");
        good.push(file);
    }
    let (valid, said) = validated(&["--check-metaschema", SCHEMA]);
    assert!(valid, "{said}");
    let mut arguments = vec!["--schemafile", &closed];
    arguments.extend(good.iter().map(String::as_str));
    let (valid, said) = validated(&arguments);
    assert!(valid, "{said}");
    let deps: Value =
        serde_json::from_str(&fs::read_to_string(place("deps.json")).expect("the file")).expect("JSON");
    let mistakes = [
        (|json: &mut Value| json["imports"][0]["new"] = 1.into()) as fn(&mut Value),
        |json| json["imports"][0]["line"] = 0.into(),
        |json| json["findings"][0]["rule"] = "strange".into(),
        |json| drop(json.as_object_mut().and_then(|keys| keys.remove("fix"))),
        |json| json["version"] = 2.into(),
    ];
    let mut bad = Vec::new();
    for (at, mistake) in mistakes.into_iter().enumerate() {
        let mut changed = deps.clone();
        mistake(&mut changed);
        let file = place(&format!("bad-{at}.json"));
        fs::write(&file, changed.to_string()).expect("a written object");
        assert!(!problems(&schema(), &schema(), &changed).is_empty(), "{changed:#}");
        bad.push(file);
    }
    let mut arguments = vec!["--schemafile", &closed];
    arguments.extend(bad.iter().map(String::as_str));
    let (valid, said) = validated(&arguments);
    assert!(!valid && bad.iter().all(|file| said.contains(file)), "{said}");
}

fn validated(arguments: &[&str]) -> (bool, String) {
    let program = tool("validators", "check-jsonschema");
    let output = Command::new(program).args(arguments).output().expect("a validator");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

/// The schema, where no object has other keys than those that it knows.
fn closed_schema() -> Value {
    let mut schema = schema();
    for (_, definition) in schema["$defs"].as_object_mut().into_iter().flatten() {
        close(definition);
    }
    schema
}

fn close(schema: &mut Value) {
    let Some(keywords) = schema.as_object_mut() else { return };
    if keywords.get("type").is_none_or(|kind| kind == "object") {
        keywords.entry("unevaluatedProperties").or_insert(json!(false));
    }
    inner(schema);
}

fn inner(schema: &mut Value) {
    for (_, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        close(property);
    }
    if let Some(items) = schema.get_mut("items") {
        close(items);
    }
    for keyword in ["oneOf", "anyOf"] {
        schema.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten().for_each(inner);
    }
}
