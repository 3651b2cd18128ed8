//! `uvshift graph`: word for word, as files, and what it refuses.

use serde_json::Value;

use crate::schema::checked;
use crate::support::World;

const PYPROJECT: &str = "[project]\nname = \"shop\"\nversion = \"1.0\"\nrequires-python = \">=3.10\"\n\
    dependencies = [\"flask[async]>=3\", \"numpy\"]\n\n[dependency-groups]\ndev = [\"pytest\"]\n";

const LOCK: &str = r#"version = 1
requires-python = ">=3.10"

[[package]]
name = "asgiref"
version = "3.8"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "flask", marker = "sys_platform == 'win32'" }]

[[package]]
name = "flask"
version = "3.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]
wheels = [{ url = "https://files.example/a.whl", hash = "sha256:aa", size = 204800 }]

[package.optional-dependencies]
async = [{ name = "asgiref" }]

[[package]]
name = "colorama"
version = "0.4"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "1.26"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://index.example/simple" }
wheels = [{ url = "https://files.example/n.whl", hash = "sha256:aa", size = 10485760 }]

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]

[[package]]
name = "shop"
version = "1.0"
source = { editable = "." }
dependencies = [
    { name = "flask", extra = ["async"] },
    { name = "numpy", version = "1.26", source = { registry = "https://index.example/simple" }, marker = "python_full_version < '3.11'" },
    { name = "numpy", version = "2.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version >= '3.11'" },
]

[package.dev-dependencies]
dev = [{ name = "pytest" }]
"#;

fn locked() -> World {
    World::new(&[
        ("pyproject.toml", PYPROJECT),
        ("uv.lock", LOCK),
        ("shop/__init__.py", "import flask\nimport numpy as np\n"),
        ("shop/api.py", "from flask import Flask\n"),
    ])
}

#[test]
fn trees_word_for_word() {
    let world = locked();
    let before = world.picture();
    world.snapshot("graph", &["graph"], 0);
    world.snapshot("graph-verbose", &["graph", "-v"], 0);
    world.snapshot("graph-depth", &["graph", "--depth", "1", "--no-imports"], 0);
    world.snapshot("graph-main", &["graph", "--only-main", "--platform", "linux", "--python", "3.12"], 0);
    world.snapshot("graph-reverse", &["graph", "--reverse", "colorama"], 0);
    world.snapshot("graph-reverse-depth", &["graph", "--reverse", "colorama", "--depth", "1"], 0);
    world.snapshot("graph-why", &["graph", "--why", "Colorama"], 0);
    world.snapshot("graph-cycles", &["graph", "--cycles"], 0);
    world.snapshot("graph-duplicates", &["graph", "--duplicates"], 0);
    world.snapshot("graph-sizes", &["graph", "--sizes"], 0);
    world.snapshot("graph-licences", &["graph", "--licences"], 0);
    world.snapshot("graph-dot", &["graph", "--format", "dot"], 0);
    world.snapshot("graph-mermaid", &["graph", "--format", "mermaid"], 0);
    assert_eq!(world.picture(), before, "nothing writes");
}

#[test]
fn slips_of_the_finger() {
    let world = locked();
    world.snapshot("graph-unknown-package", &["graph", "--why", "colorma"], 1);
    world.snapshot("graph-unknown-group", &["graph", "--group", "test"], 2);
    world.snapshot("graph-no-picture", &["graph", "--cycles", "--format", "svg"], 2);
    world.snapshot("graph-nowhere", &["graph", "nowhere"], 2);
    world.snapshot("graph-bad-lock", &["graph", "--lock", "pyproject.toml"], 2);
    world.snapshot("graph-no-lock", &["graph", "--lock", "nowhere/uv.lock"], 2);
    let ran = world.run(&["graph", "--format", "svg", "--help"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("- mermaid:") && ran.stdout.contains("- svg:"), "{}", ran.stdout);
    let ran = world.run(&["check", "--format", "svg"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("[possible values: text, json]"), "{}", ran.stderr);
}

#[test]
fn pictures_go_to_files() {
    let world = locked();
    for (format, begins) in [
        ("svg", "<svg"),
        ("html", "<!doctype html>"),
        ("dot", "digraph"),
        ("mermaid", "---\ntitle"),
        ("tree", "shop 1.0\n"),
        ("json", "{\n  \"version\": 1,"),
        ("text", "shop 1.0\n"),
    ] {
        let ran = world.run(&["graph", "--format", format, "-o", "out"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{format}: {}", ran.stderr);
        let text = world.read("out");
        assert!(
            text.to_lowercase().starts_with(&begins.to_lowercase()),
            "{format}: {}",
            &text[..text.len().min(200)]
        );
        let printed = world.run(&["graph", "--format", format]);
        assert_eq!(printed.stdout, text, "{format}");
    }
    assert_eq!(world.run(&["graph", "-o", "nowhere/out"]).code, 3);
    let left: Vec<_> = world.picture().into_keys().filter(|name| name.contains(".uvshift-")).collect();
    assert!(left.is_empty(), "{left:?}");
    let (mode, _) = world.picture().remove("out").expect("the file");
    assert_eq!(mode & 0o600, 0o600);
}

#[test]
fn json_for_programs() {
    let world = locked();
    let json = checked(&world, &["graph"], "graph");
    let packages = json["packages"].as_array().expect("packages");
    let flask = packages.iter().find(|package| package["name"] == "flask").expect("flask");
    assert_eq!(flask["imported_by"][1]["file"], "shop/api.py");
    assert_eq!((&flask["depth"], &flask["size"]), (&Value::from(1), &Value::from(204_800)));
    assert_eq!(json["duplicates"][0]["name"], "numpy");
    assert_eq!(json["cycles"][0]["harmless"], false);
    let why = checked(&world, &["graph", "--why", "colorama"], "graph");
    assert_eq!((&why["why"][0]["count"], &why["why"][0]["length"]), (&Value::from("2"), &Value::from(2)));
    assert_eq!(why["packages"].as_array().map(Vec::len), Some(4));
    assert_eq!(checked(&world, &["graph", "--why", "nobody"], "failed")["exit"], 1);
    world.write("uv.lock", "version = 2\n");
    let declared = checked(&world, &["graph"], "graph");
    assert_eq!(declared["diagnostics"].as_array().map(Vec::len), Some(1));
    assert_eq!(declared["resolved_by"], Value::Null);
}

#[test]
fn a_project_without_a_lock() {
    let world =
        World::new(&[("requirements.txt", "flask>=3\nrequests==2.31.0\n"), ("app.py", "import flask\n")]);
    world.snapshot("graph-requirements", &["graph", "-v"], 0);
    World::new(&[]).snapshot("graph-empty", &["graph"], 10);
}
