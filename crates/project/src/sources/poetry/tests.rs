use serde_json::json;
use uvshift_requirements::{Requirement, parse};

use super::constraint::oracle;
use crate::meaning::difference;
use crate::sources::testing::{Read, read_tree};
use crate::{Dependency, GroupItem, Pin};

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
#[expect(clippy::too_many_lines, reason = "it is one file before and after")]
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
        &found,
        r#"
[project]
name = "shop"
version = "1.0"
description = "A shop"
readme = "README.md"
requires-python = ">=3.8,<4.0"
license = { text = "MIT" }
authors = [
    { name = "Ann", email = "ann@shop.example" },
    { name = "Bob" },
]
dynamic = [
    "classifiers",
]
dependencies = [
    # the web
    "flask>=2.0,<3.0",  # not 3 yet
    "uvloop ; sys_platform != 'win32' and python_version >= \"3.9\"",
]

[project.optional-dependencies]
pay = [
    # payments
    "stripe[async]>=5.1,<5.2",
]

[project.urls]
Homepage = "https://shop.example"
Tracker = "https://shop.example/bugs"

[project.scripts]
shop = "shop:main"

[project.entry-points."shop.skins"]
plain = "shop.skins:Plain"

[dependency-groups]
dev = [
    # for us
    "pytest>=7,<9",
]
docs = [
    "mkdocs==1.*",
]

[tool.poetry]
classifiers = ["Topic :: Office/Business"]
packages = [{ include = "shop" }]

[tool.poetry.scripts]
old = { reference = "bin/old", type = "file" }

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"#,
    );
    let counts = found.ledger.counts();
    assert_eq!((counts.dropped, counts.refused), (0, 0), "{}", found.ledger);
}

#[test]
fn nothing_of_a_table_without_a_name_is_built() {
    let found = read_tree(&[(
        "pyproject.toml",
        "[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"*\"\n",
    )]);
    check(
        &found,
        r#"
[project]
name = ""
version = ""
requires-python = ">=3.11,<4.0"
dependencies = [
    "django",
]

[tool.uv]
package = false
"#,
    );
}

#[test]
fn an_empty_list_beside_poetry_is_filled() {
    let text = r#"[project]
name = "shop"
version = "1.0"
dependencies = []
dynamic = ["classifiers", "requires-python"]

[tool.poetry]
classifiers = ["Topic :: Office/Business"]

[tool.poetry.dependencies]
python = ">=3.9,<4.0"
flask = "^2.0"
"#;
    let found = read_tree(&[("shop.py", ""), ("pyproject.toml", text)]);
    check(
        &found,
        r#"
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9,<4.0"
dynamic = [
    "classifiers",
]
dependencies = [
    "flask>=2.0,<3.0",
]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"

[tool.poetry]
classifiers = ["Topic :: Office/Business"]
"#,
    );
}

#[test]
fn a_list_of_the_standard_is_enriched() {
    let text = r#"[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["flask>=2", "click", "jinja2"]

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
python = ">=3.9,<3.13"
flask = { path = "libs/flask", develop = true }
click = { version = "^8.1", allow-prereleases = true }
jinja2 = "*"
lost = "*"

[dependency-groups]
test = ["pytest"]
docs = ["sphinx"]

[tool.poetry.group.docs]
optional = true
"#;
    let found = read_tree(&[("libs/flask/pyproject.toml", ""), ("pyproject.toml", text)]);
    check(
        &found,
        r#"
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["flask>=2", "click", "jinja2"]

[dependency-groups]
test = ["pytest"]
docs = ["sphinx"]

[tool.uv]
package = false
default-groups = [
    "test",
]
environments = ['python_version >= "3.9" and python_version < "3.13"']
constraint-dependencies = [
    "click>=8.1,<9.0",
]

[tool.uv.prerelease-package]
click = "allow"

[tool.uv.sources]
flask = { path = "libs/flask", editable = true }
"#,
    );
    let ledger = found.ledger.to_string();
    let same = "dropped  pyproject.toml:14  dependencies.jinja2 = \"*\"  ([project] says the same)";
    assert!(
        ledger.contains(same) && ledger.contains("dropped  pyproject.toml:15  dependencies.lost"),
        "{ledger}"
    );
}

#[test]
fn several_constraints_and_sources_have_their_markers() {
    let found = package(
        r#"
[tool.poetry.dependencies]
torch = [
    { version = "^2.1", source = "cpu", markers = "sys_platform == 'linux'" },
    { version = "^2.1", source = "PyPI", platform = "darwin || win32" },
]
tools = [
    { git = "https://joe:secret@git.example/tools.git", branch = "main", subdirectory = "py", python = "^3.9" },
    { version = "1.0", python = "<3.9" },
]
inner = { version = "*", source = "company" }

[[tool.poetry.source]]
name = "company"
url = "https://joe:secret@index.example/simple"

[[tool.poetry.source]]
name = "cpu"
url = "https://index.example/cpu"
priority = "explicit"
"#,
    );
    check(
        &found,
        r#"
[project]
name = "shop"
version = "1.0"
dependencies = [
    "torch>=2.1,<3.0 ; sys_platform == 'linux'",
    'torch>=2.1,<3.0 ; sys_platform == "darwin" or sys_platform == "win32"',
    'tools ; python_version >= "3.9" and python_version < "4.0"',
    'tools==1.0 ; python_version < "3.9"',
    "inner",
]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"

[tool.uv.sources]
torch = { index = "cpu", marker = "sys_platform == 'linux'" }
tools = { git = "https://git.example/tools.git", branch = "main", subdirectory = "py", marker = 'python_version >= "3.9" and python_version < "4.0"' }
inner = { index = "company" }

[[tool.uv.index]]
name = "cpu"
url = "https://index.example/cpu"
explicit = true

[[tool.uv.index]]
name = "company"
url = "https://index.example/simple"
default = true
"#,
    );
    assert!(!found.ledger.to_string().contains("secret"), "{}", found.ledger);
}

#[test]
fn what_is_not_as_poetry_documents_it_is_refused_or_named() {
    for (tables, word, why) in [
        (
            "[tool.poetry.dependencies]\nflask = { specifier = \"1\" }\n",
            "refused",
            "Poetry knows no `specifier`",
        ),
        ("[tool.poetry.dependencies]\nflask = \"latest\"\n", "refused", "`latest` is no version constraint"),
        ("[tool.poetry.dependencies]\nflask = \"1.0 || 1.2\"\n", "refused", "cannot say `==1.0` or `==1.2`"),
        ("[tool.poetry.dependencies]\nflask = 1.0\n", "refused", "it must be a version or a table"),
        ("[tool.poetry.dependencies]\nflask = { path = \"../no\" }\n", "refused", "`../no` does not exist"),
        (
            "[tool.poetry.dependencies]\nflask = { version = \"1\", optional = true }\n",
            "dropped",
            "no extra names it",
        ),
        (
            "[tool.poetry.dependencies]\nflask = { version = \"1\", source = \"x\" }\n",
            "refused",
            "called `x`",
        ),
        ("[tool.poetry.group.a]\ninclude-groups = [\"b\"]\n", "refused", "there is no group `b`"),
        (
            "[tool.poetry.group.a.dependencies]\nx = { version = \"1\", markers = \"oops\" }\n",
            "refused",
            "PEP 508",
        ),
        ("[tool.poetry.unheard]\nof = 1\n", "dropped", "Poetry itself does not read it"),
        ("readme = 1\n", "refused", "it must be a string"),
        ("dependencies = 1\n", "refused", "it must be a table"),
        ("extras = { a = [\"nothing\"] }\n", "changed", "without `nothing`"),
    ] {
        let found = package(tables);
        let ledger = found.ledger.to_string();
        assert!(ledger.lines().any(|line| line.starts_with(word) && line.contains(why)), "{tables}{ledger}");
    }
}

#[test]
fn the_build_system_is_raised_and_nothing_else() {
    for (requires, expected) in [
        ("\"poetry-core\"", "[\"poetry-core>=2.0\"]"),
        ("\"poetry-core>=1.0.0\", \"setuptools\"", "[\"poetry-core>=2.0\", \"setuptools\"]"),
        ("\"poetry-core>=1.0,<2.0\"", "[\"poetry-core>=2.0\"]"),
        ("\"poetry-core>=1.0,<3\"", "[\"poetry-core>=2.0,<3\"]"),
        ("\"poetry_core==1.9.*\"", "[\"poetry-core>=2.0\"]"),
        ("\"poetry>=0.12\"", "[\"poetry-core>=2.0\"]"),
        ("\"poetry-core>=2.0.1,<3.0.0\"", "[\"poetry-core>=2.0.1,<3.0.0\"]"),
    ] {
        let text = format!(
            "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\n\n[build-system]\nrequires = [{requires}]\n\
             build-backend = \"poetry.core.masonry.api\"\n"
        );
        let found = read_tree(&[("pyproject.toml", text.as_str()), ("shop.py", "")]);
        let written: String = found.pyproject.split_whitespace().collect();
        let expected = expected.replace(' ', "");
        assert!(written.replace(",]", "]").contains(&expected), "{requires}\n{}", found.pyproject);
    }
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

/// Asks poetry-core for the requirements of a project, each without the marker of its extra.
const REQUIREMENTS: &str = r#"
import json, pathlib, sys, tempfile
from poetry.core.factory import Factory

with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "pyproject.toml").write_text(json.load(sys.stdin))
    package = Factory().create_poetry(pathlib.Path(folder)).package
    rows = [[sorted(dependency.groups)[0], list(map(str, dependency.in_extras)), dependency.to_pep_508(with_extras=False)]
            for dependency in package.all_requires if not dependency.is_optional() or dependency.in_extras]
print(json.dumps(rows))
"#;

const EVERYTHING: &str = r#"[tool.poetry]
name = "shop"
version = "1.0"
description = ""
authors = ["Ann <ann@shop.example>"]

[tool.poetry.dependencies]
python = "^3.8"
Caret_One = "^1.2.3"
tilde = "~1.2.3.4"
zero = "^0.0.3"
pre = "^1.0a1"
star = "1.2.*"
any = "*"
exact = "2.30.0"
not-this = "!=2.30.0,>=2"
spaces = ">=1.0 <3 !=2.1"
extra = { version = ">=1", extras = ["b", "A"], optional = true }
both = { version = "~=1.4", optional = true, python = ">=3.9" }
python-or = { version = "*", python = "<3.9 || >=3.11,<3.13" }
on-windows = { version = "^2", platform = "win32" }
not-windows = { version = "^2", platform = "!=win32" }
marked = { version = "^2", markers = "platform_machine == 'x86_64' or os_name == 'nt'", python = "^3.10" }
several = [
    { version = "^1.0", python = "<3.10" },
    { version = "^2.0", python = ">=3.10", platform = "linux" },
]

[tool.poetry.extras]
one = ["extra"]
Two_x = ["extra", "both"]

[tool.poetry.dev-dependencies]
old-dev = "^3"

[tool.poetry.group.dev.dependencies]
new-dev = "~4"

[tool.poetry.group.Lint_all]
optional = true

[tool.poetry.group.Lint_all.dependencies]
ruff = { version = ">=0.1", allow-prereleases = true }
"#;

#[test]
fn poetry_core_has_the_same_requirements() {
    let Some(python) = oracle::python() else { return };
    let found = read_tree(&[("pyproject.toml", EVERYTHING), ("shop.py", "")]);
    assert_eq!(found.ledger.counts().refused, 0, "{}", found.ledger);
    let manifest = &found.reading.manifest;
    let read = |text: &str| -> Requirement { parse(text).requirements().next().unwrap().1.clone() };
    let mut ours: Vec<(String, Requirement)> = Vec::new();
    for dependency in &manifest.dependencies {
        ours.push(("main".to_owned(), read(&dependency.text)));
    }
    for (prefix, groups) in [("extra ", &manifest.extras), ("", &manifest.groups)] {
        for group in groups {
            for item in &group.items {
                let GroupItem::Dependency(Dependency { text, .. }) = item else { continue };
                ours.push((format!("{prefix}{}", group.name), read(text)));
            }
        }
    }
    let answer = oracle::ask(&python, REQUIREMENTS, &json!(EVERYTHING));
    let mut theirs: Vec<(String, Requirement)> = Vec::new();
    for row in answer.as_array().unwrap() {
        let requirement = read(row[2].as_str().unwrap());
        let extras = row[1].as_array().unwrap();
        for extra in extras {
            theirs.push((format!("extra {}", extra.as_str().unwrap()), requirement.clone()));
        }
        if extras.is_empty() {
            theirs.push((row[0].as_str().unwrap().to_owned(), requirement));
        }
    }
    assert_eq!(ours.len(), theirs.len(), "{ours:#?}\n{theirs:#?}");
    for (group, requirement) in &theirs {
        let same =
            |(other, ours): &(String, Requirement)| other == group && difference(ours, requirement).is_none();
        assert!(ours.iter().any(same), "{group}: {}\n{}", requirement.text(), found.pyproject);
    }
}
