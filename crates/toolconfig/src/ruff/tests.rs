#![expect(clippy::disallowed_methods, reason = "the oracles are run and get folders of their own")]
#![expect(clippy::print_stdout, reason = "a test that is passed over says so")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uvshift_ini::{Dialect, Document};

use super::*;
use crate::render;

mod corpus;
mod decisions;
mod files;
mod tools;
mod traps;

/// A section from its text.
fn section(text: &str) -> Section {
    let document = Document::parse(text, &Dialect::RAW);
    let name = document.sections()[0].name.clone();
    Section::of(&document, "setup.cfg", &name).unwrap()
}

/// What `[flake8]` with these lines becomes.
fn flake8(text: &str, plugins: &[&str]) -> Converted {
    let section = section(&format!("[flake8]\n{text}"));
    let plugins: Vec<String> = plugins.iter().map(|plugin| (*plugin).to_owned()).collect();
    let converted = to_ruff(&Linters { flake8: Some(&section), plugins: &plugins, ..Linters::default() });
    assert_eq!(converted.rows.len(), section.keys.len(), "a row a setting");
    converted
}

fn text(converted: &Converted) -> String {
    render(&["tool", "ruff"], &converted.table)
}

/// A tool of the linters' environment; nothing where it is not installed.
fn linter(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/linters/bin").join(name);
    if !path.exists() {
        println!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// The rules that ruff enables with a table, in their order. Panics when ruff refuses it.
fn enabled(converted: &Converted) -> Option<Vec<String>> {
    let ruff = linter("ruff")?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pyproject.toml"), text(converted)).unwrap();
    std::fs::write(folder.path().join("x.py"), "").unwrap();
    let shown = run(Command::new(ruff)
        .args(["check", "--no-cache", "--show-settings", "x.py"])
        .current_dir(folder.path()));
    let errors = String::from_utf8(shown.stderr).unwrap();
    assert!(shown.status.success() && errors.is_empty(), "{errors}\n{}", text(converted));
    let shown = String::from_utf8(shown.stdout).unwrap();
    let rules = shown.split("linter.rules.enabled = [").nth(1).unwrap().split("\n]").next().unwrap();
    let code = |line: &str| Some(line.trim().strip_suffix("),")?.rsplit_once('(')?.1.to_owned());
    let mut codes: Vec<String> = rules.lines().filter_map(code).collect();
    codes.sort();
    Some(codes)
}
