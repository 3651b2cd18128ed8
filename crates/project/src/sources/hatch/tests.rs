use super::super::testing::read_tree;
use super::*;

const HATCH: &str = r#"[project]
name = "demo"
version = "1"
dependencies = ["requests"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.metadata]
allow-direct-references = true

[tool.hatch.envs.default]
dependencies = [
    "pytest",  # runner
    "sub @ {root:uri}/libs/sub",
]
features = ["web", "db"]

[tool.hatch.envs.default.scripts]
test = "pytest {args}"

[tool.hatch.envs.lint]
detached = true
dependencies = ["ruff"]

[tool.hatch.envs.docs]
extra-dependencies = ["sphinx"]
python = "3.11"

[tool.hatch.envs.types]
template = "lint"
extra-dependencies = ["mypy"]

[tool.hatch.envs.plain]
env-vars = { A = "1" }

[[tool.hatch.envs.lint.matrix]]
python = ["3.9"]
"#;

const SUB: (&str, &str) = ("libs/sub/pyproject.toml", "[project]\nname = \"sub\"\nversion = \"1\"\n");

#[test]
fn environments_become_groups_and_stay() {
    let read = read_tree(&[("pyproject.toml", HATCH), SUB]);
    for part in [
        "dev = [\n    \"pytest\",  # runner\n    \"sub\",\n    \"demo[web,db]\",\n]\n",
        "lint = [\n    \"ruff\",\n]\n",
        "docs = [\n    \"pytest\",  # runner\n    \"sub\",\n    \"sphinx\",\n]\n",
        "types = [\n    { include-group = \"lint\" },\n    \"mypy\",\n]\n",
        "sub = { path = \"libs/sub\" }\n",
    ] {
        assert!(read.pyproject.contains(part), "{part}\n{}", read.pyproject);
    }
    assert!(HATCH.lines().all(|line| read.pyproject.contains(line)), "{}", read.pyproject);
    let ledger = read.ledger.to_string();
    assert!(ledger.contains("carried  pyproject.toml:21  [tool.hatch.envs.default.scripts]  -> tool.hatch.envs.default.scripts, as it is\n") || ledger.contains("pyproject.toml:20  [tool.hatch.envs.default.scripts]"), "{ledger}");
    assert!(ledger.contains("uv has no environments by a matrix"), "{ledger}");
    assert_eq!(read.ledger.refused().count(), 0, "{ledger}");
    assert!(!read.pyproject.contains("plain = ["), "{}", read.pyproject);
}

#[test]
fn hatch_toml_takes_the_place_of_the_table() {
    let own = "[envs.default]\ndependencies = [\"pytest\", \"x @ {env:X}\"]\n";
    let read = read_tree(&[("pyproject.toml", HATCH), ("hatch.toml", own), SUB]);
    assert!(read.pyproject.contains("dev = [\n    \"pytest\",\n]\n"), "{}", read.pyproject);
    assert!(!read.pyproject.contains("docs = ["), "{}", read.pyproject);
    assert_eq!(
        read.ledger.refused().map(|entry| entry.from.to_string()).collect::<Vec<_>>(),
        ["hatch.toml:2"]
    );
    assert!(read.old_files[0].starts_with("hatch.toml: keep (Hatch still reads it"), "{:?}", read.old_files);
    let broken = read_tree(&[("pyproject.toml", HATCH), ("hatch.toml", "[[")]);
    assert!(broken.diagnostics[0].starts_with("hatch.toml:1: error[M040]"), "{:?}", broken.diagnostics);
}

#[test]
fn an_environment_called_dev_keeps_its_name() {
    let text = "[project]\nname = \"demo\"\nversion = \"1\"\n[tool.hatch.envs.default]\ndependencies = [\"a\"]\n\
                [tool.hatch.envs.dev]\ndependencies = [\"b\"]\n";
    let read = read_tree(&[("pyproject.toml", text)]);
    assert!(read.pyproject.contains("default = [\n    \"a\",\n]\n"), "{}", read.pyproject);
    assert!(read.pyproject.contains("dev = [\n    \"b\",\n]\n"), "{}", read.pyproject);
    assert!(
        read.pyproject.contains("default-groups = [\n    \"dev\",\n    \"default\",\n]\n"),
        "{}",
        read.pyproject
    );
}

#[test]
fn templates_in_a_circle_end() {
    let text = "[project]\nname = \"demo\"\nversion = \"1\"\n[tool.hatch.envs.a]\ntemplate = \"b\"\nextra-dependencies = [\"x\"]\n\
                [tool.hatch.envs.b]\ntemplate = \"a\"\n";
    let read = read_tree(&[("pyproject.toml", text)]);
    assert!(read.pyproject.contains("a = [\n    \"x\",\n]\n"), "{}", read.pyproject);
}

#[test]
fn fields_of_hatch_are_filled_in_or_refused() {
    for (text, plain) in [
        ("a>=1", Some("a>=1")),
        ("a @ {root:uri}/x", Some("./x")),
        ("a[b] @ {root:uri} ; os_name == 'nt'", Some(".[b] ; os_name == 'nt'")),
        ("a @ {root:uri}/{env:X}", None),
        ("{env:X}", None),
    ] {
        assert_eq!(without_fields(text).as_deref(), plain, "{text}");
    }
}
