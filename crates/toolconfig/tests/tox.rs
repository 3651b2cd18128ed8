//! tox itself as the judge: what it sees in a folder is the same before and after.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test lays out folders, asks tox and tells what it left out"
)]

use std::fmt::Write as _;
use std::process::Command;

use uvshift_ini::Document;
use uvshift_toolconfig::{TOX_DIALECT, render, tox_to_toml};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/tox_dump.py");

/// A file for every trap; each is native.
const NATIVE: &[(&str, &str)] = &[
    (
        "misplaced",
        "[tox]\nenvlist = a\nusedevelop = true\n\n[testenv]\nskip_install = true\ncommands = python -V\nskip_missing_interpreters = true\n",
    ),
    (
        "generated",
        "[tox]\nenvlist = {py311,py312}-django{42,50}, lint\n[testenv]\ndeps =\n  django42: a>=4.2\n  django50: b\n  !django42: c\ncommands = x\n[testenv:{lint,format}-{a,b}]\nskip_install = yes\ncommands = y {envname}\n",
    ),
    (
        "posargs",
        "[testenv]\ncommands =\n  a {posargs}\n  b {posargs:-n 'x y' \"z\"} -v\n  c []\n  {posargs}\n",
    ),
    (
        "quoting",
        "[testenv]\ncommands =\n  a 'b c' \"d \\\" e\" f\\ g ''\n  - python -c 'print(\"\\{\\}\".format(1), {2})'\n  ! false\n  -b \\\n    c \\\n    d\n",
    ),
    (
        "references",
        "[base]\ndeps =\n  a\n  # kept\n  b ; python_version < '3'\nflags = -x -y\n[testenv]\ndeps =\n  {[base]deps}\n  c\nsetenv = A=1\ncommands = r {[base]flags}\n[testenv:z]\ndeps = {[testenv]deps}\nsetenv =\n  {[testenv]setenv}\n  B={env:A:none}\ncommands =\n  {[testenv]commands} --more\n  {[testenv]commands}\nusedevelop = {[testenv:y]usedevelop}\n[testenv:y]\nusedevelop = true\n",
    ),
    (
        "variables",
        "[testenv]\nsetenv =\n  A = {env:TOX_TRAP:{toxworkdir}/x}\n  b: B = 1\n  !b: B = 2 # said\n  C = a\\;b ; sys_platform == 'linux'\n  D = {env:TOX_TRAP:}\ncommands = a \"{env:TOX_TRAP:}\" {tty:--color} {/}\npassenv =\n  A*\n\n  # more\n  B\n[testenv:b]\n",
    ),
    (
        "middle",
        "[testenv]\ncommands =\n  a \\\n    ci: -n 1 \\\n    !ci: -n auto \\\n    --cov\n  ci: b\n[testenv:ci-x]\n",
    ),
];

struct Case {
    name: String,
    text: String,
    native: bool,
}

#[test]
fn the_fixtures_are_native_and_tox_sees_no_difference() {
    let case = |(name, text): &(&str, &str)| {
        let native = convert(text).1;
        Case { name: (*name).to_owned(), text: (*text).to_owned(), native }
    };
    let cases: Vec<Case> = NATIVE.iter().map(case).collect();
    assert!(cases.iter().all(|case| case.native), "{}", table(&cases));
    same(&cases);
}

fn table(cases: &[Case]) -> String {
    let mut out = String::new();
    for case in cases {
        let _ = writeln!(out, "{:<24} {}", case.name, if case.native { "native" } else { "legacy_tox_ini" });
    }
    out
}

/// The TOML of a file, and whether it is native.
fn convert(text: &str) -> (String, bool) {
    let document = Document::parse(text, &TOX_DIALECT);
    let (converted, _) = tox_to_toml(&document, "tox.ini", "tox");
    let native = converted.table.get("legacy_tox_ini").is_none();
    (render(&["tool", "tox"], &converted.table), native)
}

fn same(cases: &[Case]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(uvshift_testkit::tool("linters", "python"));
    command.arg(ORACLE);
    for case in cases {
        for (side, file, text) in
            [("before", "tox.ini", case.text.clone()), ("after", "pyproject.toml", convert(&case.text).0)]
        {
            let path = folder.path().join(&case.name).join(side).join("project");
            std::fs::create_dir_all(&path).expect("a folder");
            std::fs::write(path.join(file), text).expect("a file");
            std::fs::write(path.join("setup.py"), "").expect("a file");
            command.arg(path);
        }
    }
    let output = command.output().expect("tox can be asked");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(seen.len(), cases.len() * 2);
    for (case, pair) in cases.iter().zip(seen.chunks(2)) {
        assert_eq!(pair[0], pair[1], "{}", case.name);
    }
}
