//! Linters, test runners and other tools: by their settings, by their packages, by their hooks.

use std::collections::BTreeMap;

use uvshift_project::{Provenance, Scope, redacted};
use uvshift_toolconfig::configured;

use super::Given;
use super::listed::Listed;
use super::model::{ToolKind, ToolSummary};

/// A tool that is looked for: its name, what it is for, its package, files that are its own, its tables in pyproject.toml.
type Row = (&'static str, ToolKind, &'static str, &'static [&'static str], &'static [&'static str]);

use ToolKind::{Documents, Formatter, Linter, Packaging, Release, TaskRunner, Tests, TypeChecker};

/// Every tool, in the order of reports. Settings of the tools that `uvshift tools` knows are found by that crate.
const TOOLS: [Row; 61] = [
    ("ruff", Linter, "ruff", &[], &["ruff"]),
    ("flake8", Linter, "flake8", &[], &["flake8"]),
    ("pylint", Linter, "pylint", &[], &["pylint"]),
    ("bandit", Linter, "bandit", &[], &["bandit"]),
    ("pycodestyle", Linter, "pycodestyle", &[], &[]),
    ("pydocstyle", Linter, "pydocstyle", &[], &[]),
    ("pyflakes", Linter, "pyflakes", &[], &[]),
    ("interrogate", Linter, "interrogate", &[], &[]),
    ("codespell", Linter, "codespell", &[], &[]),
    ("vulture", Linter, "vulture", &[], &["vulture"]),
    ("deptry", Linter, "deptry", &[], &["deptry"]),
    ("import-linter", Linter, "import-linter", &[".importlinter"], &["importlinter"]),
    ("safety", Linter, "safety", &[".safety-policy.yml"], &[]),
    ("pip-audit", Linter, "pip-audit", &[], &[]),
    ("doc8", Linter, "doc8", &["doc8.ini"], &["doc8"]),
    ("prospector", Linter, "prospector", &[".prospector.yaml", ".prospector.yml"], &[]),
    ("yamllint", Linter, "yamllint", &[".yamllint", ".yamllint.yml", ".yamllint.yaml"], &[]),
    ("semgrep", Linter, "semgrep", &[".semgrep.yml"], &[]),
    ("refurb", Linter, "refurb", &[], &["refurb"]),
    ("check-manifest", Linter, "check-manifest", &[], &["check-manifest"]),
    ("black", Formatter, "black", &[], &["black"]),
    ("isort", Formatter, "isort", &[], &["isort"]),
    ("yapf", Formatter, "yapf", &[], &["yapf"]),
    ("autopep8", Formatter, "autopep8", &[], &["autopep8"]),
    ("autoflake", Formatter, "autoflake", &[], &["autoflake"]),
    ("docformatter", Formatter, "docformatter", &[], &[]),
    ("pyupgrade", Formatter, "pyupgrade", &[], &[]),
    ("blue", Formatter, "blue", &[], &["blue"]),
    ("djlint", Formatter, "djlint", &[], &["djlint"]),
    ("mypy", TypeChecker, "mypy", &[], &["mypy"]),
    ("pyright", TypeChecker, "pyright", &[], &["pyright"]),
    ("basedpyright", TypeChecker, "basedpyright", &[], &["basedpyright"]),
    ("pytype", TypeChecker, "pytype", &[], &["pytype"]),
    ("pyre", TypeChecker, "pyre-check", &[".pyre_configuration"], &[]),
    ("ty", TypeChecker, "ty", &["ty.toml"], &["ty"]),
    ("pytest", Tests, "pytest", &[], &[]),
    ("nose", Tests, "nose", &[".noserc", "nose.cfg"], &[]),
    ("hypothesis", Tests, "hypothesis", &[], &[]),
    ("behave", Tests, "behave", &["behave.ini", ".behaverc"], &["behave"]),
    ("coverage", Tests, "coverage", &[], &[]),
    ("mutmut", Tests, "mutmut", &[], &["mutmut"]),
    ("tox", TaskRunner, "tox", &[], &["tox"]),
    ("nox", TaskRunner, "nox", &["noxfile.py"], &[]),
    ("invoke", TaskRunner, "invoke", &[], &[]),
    ("poethepoet", TaskRunner, "poethepoet", &["poe_tasks.toml"], &["poe"]),
    ("taskipy", TaskRunner, "taskipy", &[], &["taskipy"]),
    ("doit", TaskRunner, "doit", &["dodo.py"], &["doit"]),
    ("make", TaskRunner, "", &["Makefile", "GNUmakefile", "makefile"], &[]),
    ("just", TaskRunner, "", &["justfile", "Justfile", ".justfile"], &[]),
    ("Task", TaskRunner, "", &["Taskfile.yml", "Taskfile.yaml"], &[]),
    ("sphinx", Documents, "sphinx", &["docs/conf.py", "doc/conf.py", "docs/source/conf.py"], &[]),
    ("mkdocs", Documents, "mkdocs", &["mkdocs.yml", "mkdocs.yaml"], &[]),
    ("pip-tools", Packaging, "pip-tools", &[], &["pip-tools"]),
    ("build", Packaging, "build", &[], &[]),
    ("twine", Packaging, "twine", &[], &[]),
    ("cibuildwheel", Packaging, "cibuildwheel", &[], &["cibuildwheel"]),
    ("pre-commit", Release, "pre-commit", &[".pre-commit-config.yaml"], &[]),
    ("bumpversion", Release, "bump2version", &[], &[]),
    ("commitizen", Release, "commitizen", &[], &[]),
    ("towncrier", Release, "towncrier", &[], &[]),
    ("semantic-release", Release, "python-semantic-release", &[], &["semantic_release"]),
];

/// What is known of each tool: its name, its package, files that are its own, its tables in pyproject.toml.
pub(crate) fn known_tools()
-> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str], &'static [&'static str])> {
    TOOLS.iter().map(|(name, _, package, files, tables)| (*name, *package, *files, *tables))
}

/// The file of pre-commit.
const HOOKS: &str = ".pre-commit-config.yaml";

/// Every tool that the project shows signs of.
pub(super) fn summaries(given: &Given<'_>, listed: &[Listed]) -> Vec<ToolSummary> {
    let mut settings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for found in configured(given.tree) {
        settings.entry(found.tool).or_default().push(found.file);
    }
    let hooks = given.tree.text(HOOKS).map(|text| hooks(&text)).unwrap_or_default();
    let mut declared: BTreeMap<&str, Vec<Provenance>> = BTreeMap::new();
    // What a library needs to run may well be called like a tool.
    let is_used = |listed: &&Listed| match &listed.scope {
        None => false,
        Some(Scope::Main) => !listed.compiled && !given.is_library(),
        Some(_) => !listed.compiled,
    };
    for requirement in listed.iter().filter(is_used) {
        if let Some(name) = &requirement.name {
            declared.entry(name).or_default().push(requirement.from.clone());
        }
    }
    let document =
        given.documents.first().filter(|(folder, _)| folder.is_empty()).map(|(_, document)| document);
    let is_there = |path: &str| given.tree.files().binary_search_by(|known| known.as_str().cmp(path)).is_ok();
    let mut all = Vec::new();
    for (name, kind, package, files, tables) in TOOLS {
        let mut configured = settings.remove(name).unwrap_or_default();
        let own = files.iter().find(|file| is_there(file));
        configured.extend(own.map(|file| (*file).to_owned()));
        let has_table = document.is_some_and(|document| tables.iter().any(|table| document.has_tool(table)));
        if has_table && !configured.iter().any(|file| file == "pyproject.toml") {
            configured.push("pyproject.toml".to_owned());
        }
        let tool = ToolSummary {
            name: name.to_owned(),
            kind,
            configured,
            declared: declared.get(package).cloned().unwrap_or_default(),
            hook: hooks
                .iter()
                .find(|hook| hook.is_of(name))
                .map(|hook| (hook.rev.clone(), Provenance::new(HOOKS, hook.line))),
        };
        if !tool.configured.is_empty() || !tool.declared.is_empty() || tool.hook.is_some() {
            all.push(tool);
        }
    }
    all
}

/// A repository of hooks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Hook {
    repository: String,
    rev: String,
    line: usize,
    ids: Vec<String>,
}

impl Hook {
    fn is_of(&self, tool: &str) -> bool {
        let by_id = self.ids.iter().any(|id| {
            id == tool
                || id
                    .strip_prefix(tool)
                    .is_some_and(|rest| matches!(rest, "-check" | "-format" | "-fix" | "-jupyter"))
        });
        by_id && !self.rev.is_empty()
    }
}

/// The repositories of `.pre-commit-config.yaml`, read line by line: a file with a mistake in it still names them.
fn hooks(text: &str) -> Vec<Hook> {
    let mut found: Vec<Hook> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches("- ").trim_start();
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        match (key, found.last_mut()) {
            ("repo", _) => {
                found.push(Hook { repository: redacted(value), line: index + 1, ..Hook::default() });
            }
            ("rev", Some(hook)) => {
                value.clone_into(&mut hook.rev);
                hook.line = index + 1;
            }
            ("id", Some(hook)) => hook.ids.push(value.to_owned()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_have_revisions_and_ids() {
        let text = "repos:\n- repo: https://git.example/psf/black\n  rev: \"24.1.0\"  # keep\n  hooks:\n  - id: black\n  - id: black-jupyter\n\
                    - repo: local\n  hooks:\n  - id: mypy\n    name: x\n";
        let found = hooks(text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].rev.as_str(), found[0].line), ("24.1.0", 3));
        assert!(found[0].is_of("black") && !found[0].is_of("mypy") && !found[1].is_of("mypy"));
    }

    #[test]
    fn every_tool_of_the_catalogue_has_a_row() {
        let rows: Vec<&str> = TOOLS.iter().map(|row| row.0).collect();
        for tool in uvshift_toolconfig::tool_names() {
            assert!(rows.contains(&tool), "{tool}");
        }
    }
}
