use crate::Pin;
use crate::sources::testing::{Read, read_tree};

const BUILD: &str =
    "[build-system]\nrequires = [\"poetry-core\"]\nbuild-backend = \"poetry.core.masonry.api\"\n";

/// A package of this name, with a module.
fn package(tables: &str) -> Read {
    read(&[("shop/__init__.py", "")], tables)
}

fn read(files: &[(&str, &str)], tables: &str) -> Read {
    let text = format!("[tool.poetry]\nname = \"shop\"\nversion = \"1.0\"\n{tables}\n{BUILD}");
    let files: Vec<(&str, &str)> =
        [("pyproject.toml", text.as_str())].into_iter().chain(files.iter().copied()).collect();
    read_tree(&files)
}

#[track_caller]
fn check(found: &Read, expected: &str) {
    assert_eq!(found.pyproject.trim(), expected.trim(), "\n{}\n{:#?}", found.pyproject, found.diagnostics);
}

#[test]
fn a_package_of_poetry_1() {
    let found = package(
        r#"description = "A shop"
authors = ["Ann <ann@shop.example>", "Bob"]
license = "MIT"
readme = "README.md"
homepage = "https://shop.example"
classifiers = ["Topic :: Office/Business"]
packages = [{ include = "shop" }]

[tool.poetry.urls]
Tracker = "https://shop.example/bugs"

[tool.poetry.scripts]
shop = "shop:main"
old = { reference = "bin/old", type = "file" }

[tool.poetry.plugins."shop.skins"]
plain = "shop.skins:Plain"

[tool.poetry.dependencies]
python = "^3.8"
# the web
flask = "^2.0"  # not 3 yet
# payments
stripe = { version = "~5.1", optional = true, extras = ["async"] }
uvloop = { version = "*", markers = "sys_platform != 'win32'", python = ">=3.9" }

[tool.poetry.extras]
pay = ["stripe"]

# for us
[tool.poetry.group.dev.dependencies]
pytest = ">=7,<9"

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
mkdocs = "1.*"
"#,
    );
    check(
        &found, r#"
"#,
    );
}

#[test]
fn nothing_of_a_table_without_a_name_is_built() {
    let found = read_tree(&[(
        "pyproject.toml",
        "[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"*\"\n",
    )]);
    check(&found, r#""#);
}

#[test]
fn pins_come_from_a_lock_that_is_in_date() {
    let lock = r#"[[package]]
name = "flask"
version = "2.3.3"

[[package]]
name = "click"
version = "8.1.7"

[[package]]
name = "old"
version = "1.0"

[metadata]
lock-version = "2.0"
"#;
    let tables = "[tool.poetry.dependencies]\nflask = \"^2.0\"\nold = \"^2.0\"\n";
    let found = read(&[("shop.py", ""), ("poetry.lock", lock)], tables);
    let pins: Vec<String> = found
        .reading
        .manifest
        .pins
        .iter()
        .map(|Pin { name, version, .. }| format!("{name}=={version}"))
        .collect();
    assert_eq!(pins, ["click==8.1.7", "flask==2.3.3"]);
    assert_eq!(
        found.diagnostics,
        ["poetry.lock:9: warning[M030]: poetry.lock has old 1.0, and pyproject.toml wants `^2.0`"]
    );
    assert_eq!(found.old_files, ["poetry.lock: remove"]);
}
