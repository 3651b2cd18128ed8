//! The validators find what is wrong, and say nothing of what is right.

#![expect(clippy::print_stderr, reason = "it says what it could not do")]

use uvshift_testkit::{Project, validate};

const RIGHT: &[(&str, &str)] = &[
    (
        ".github/workflows/a.yml",
        "name: a\non: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo a\n",
    ),
    (
        "compose.yaml",
        "services:\n  app:\n    image: app\n    depends_on: [db]\n  db:\n    image: postgres:17\n",
    ),
    ("Dockerfile", "FROM python:3.13-slim AS base\nFROM base\nCOPY --from=base /a /b\n"),
    ("a.sh", "#!/bin/sh\nif true; then\n  echo a\nfi\n"),
    ("a.ps1", "Write-Host 'a'\n"),
    ("Makefile", ".PHONY: all\nall:\n\techo a\n"),
    (".vscode/settings.json", "{\n  // a comment\n  \"files.eol\": \"\\n\",\n}\n"),
    ("a.xml", "<a><b/></a>\n"),
    ("a.lua", "local a = 1\nreturn a\n"),
    ("a.md", "# A\n\n[the heading](#a)\n"),
    ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\n"),
    (".gitlab-ci.yml", "a:\n  script: [echo a]\n"),
];

const WRONG: &[(&str, &str, &str)] = &[
    (".github/workflows/a.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    step: []\n", "jactionlint"),
    (
        ".github/workflows/a.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n",
        "workflow-parser",
    ),
    ("compose.yaml", "services:\n  app:\n    image: app\n    depends_on: [db]\n", "compose"),
    ("Dockerfile", "FROM python:3.13\nCOPY --from=other /a /b\n", "dockerfile"),
    ("a.sh", "#!/bin/sh\nif true; then\n  echo $1\nfi\n", "shellcheck"),
    ("a.sh", "#!/bin/sh\nif true; then\n", "bash"),
    ("a.ps1", "if (\n", "powershell"),
    ("Makefile", "all: nowhere\n\techo a\n", "make"),
    (".vscode/settings.json", "{ \"a\": }", "json"),
    ("a.xml", "<a>", "xml"),
    ("a.lua", "local = 1\n", "luac"),
    ("a.md", "# A\n\n[the heading](#b)\n", "lychee"),
    ("a.md", "# A\n# B\n", "markdownlint"),
    ("pyproject.toml", "[project]\nname = 1\n", "validate-pyproject"),
    (".gitlab-ci.yml", "a:\n  script: 1\n", "check-jsonschema"),
    (".pre-commit-config.yaml", "repos: 1\n", "pre-commit"),
    ("a.yaml", "a: 1\na: 2\n", "yamllint"),
];

#[test]
fn nothing_is_said_of_what_is_right() {
    let project = Project::new();
    for (path, text) in RIGHT {
        project.write(path, text);
    }
    let validation = validate(project.path());
    validation.assert_clean();
    assert!(validation.passed >= RIGHT.len(), "{validation:?}");
    if !validation.missing.is_empty() {
        eprintln!("SKIPPED: not on this machine: {}", validation.missing.join(", "));
    }
}

#[test]
fn what_is_wrong_is_found() {
    for (path, text, validator) in WRONG {
        let project = Project::new();
        project.write(path, text);
        let validation = validate(project.path());
        let found = validation.findings.iter().any(|found| found.validator.contains(validator));
        let may_be_missing = !validation.missing.is_empty() && !found;
        assert!(found || may_be_missing, "{validator} on {path}: {validation:?}");
    }
}
