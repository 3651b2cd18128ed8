//! Makefiles, justfiles, Procfiles and scripts of any shape: nothing panics, and edits lie apart in the file.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::fmt::Write as _;

use proptest::prelude::*;
use uvshift_rewrite::{Context, RewriteOptions, Selection, UvProject, hosts};

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "install", "test", ":", " :", "::", "=", " := ", " ?= ", " += ", "\n", "\n\t", "\n    ", "\r\n", "\\\n", "\\", "#", " ", "\t", "@", "-",
    "$(PIP)", "${PIP}", "{{pip}}", "{{ ", "}}", "$(", ")", "$$", "$<", "$@", "$^", "$", "PIP = pip\n", "pip := 'pip'\n", "pip install -r requirements.txt",
    "pytest", "poetry run x", "python -m venv .venv", ". .venv/bin/activate", "&&", ";", "|", "define X\n", "endef\n", "ifeq (a,b)\n", "else\n",
    "endif\n", ".ONESHELL:\n", ".PHONY: a\n", "include b.mk\n", "#!/usr/bin/env bash\n", "set shell := ['bash', '-c']\n", "[private]\n", "'", "\"", "'''",
    "`", "<#", "#>", "@\"\n", "\"@\n", "web: ", "requirements.txt", "é", "export ", "bash -c \"", "(", "{", "}",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..50).prop_map(|pieces| pieces.concat())
}

fn context() -> Context {
    let project = UvProject { name: "shop".to_owned(), locked: true, ..UvProject::default() };
    let became = uvshift_rewrite::Became::Selection(Selection::main());
    let became = [("requirements.txt".to_owned(), became)].into();
    Context { projects: vec![project], became, uv_version: "0.13.9".to_owned(), ..Context::default() }
}

proptest! {
    #[test]
    fn nothing_panics_and_edits_lie_apart(text in pieces()) {
        let context = context();
        for name in ["makefile", "justfile", "procfile", "powershell", "shell"] {
            let host = hosts().iter().find(|host| host.name == name);
            let Some(host) = host else { return Err(TestCaseError::fail(format!("no host {name}"))) };
            let found = (host.rewrite)("Makefile", &text, &context, &RewriteOptions::default());
            let mut edits = found.edits;
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            for edit in &edits {
                prop_assert!(text.get(edit.span.clone()).is_some(), "{name}: {edit:?} of {text:?}");
            }
            for pair in edits.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start, "{name}: {pair:?} of {text:?}");
            }
            for left in &found.left {
                prop_assert!(text.get(left.span.clone()).is_some(), "{name}: {left:?} of {text:?}");
            }
        }
    }
}

const COMMANDS: &[&str] = &[
    "pip install -r requirements.txt",
    "$(PIP) install -U pip",
    "pip install -e .",
    "pytest -q",
    "python app.py",
    ". .venv/bin/activate && pytest",
    "python3 -m venv .venv",
    "@echo pip && pip install -r requirements.txt",
    "pip list; pip check",
    "poetry run pytest",
    "bash -c 'pip install -r requirements.txt'",
    "for a in b c; do \\\n\t  python $$a.py; \\\n\tdone",
];

fn makefile() -> impl Strategy<Value = String> {
    let command = prop::sample::select(COMMANDS);
    let needs = prop::collection::vec(prop::sample::select(vec!["t0", "t1", "t2", "requirements.txt"]), 0..3);
    let rule = (needs, prop::collection::vec(command, 0..4));
    prop::collection::vec(rule, 1..4).prop_map(|rules| {
        let mut text = "PIP = pip3\n".to_owned();
        for (index, (needs, commands)) in rules.iter().enumerate() {
            let _ = writeln!(text, "\nt{index}: {}", needs.join(" "));
            for command in commands {
                let _ = writeln!(text, "\t{command}");
            }
        }
        text
    })
}

/// The text with every edit made.
fn rewritten(text: &str) -> String {
    let host = hosts().iter().find(|host| host.name == "makefile").expect("there are Makefiles");
    let mut edits = (host.rewrite)("Makefile", text, &context(), &RewriteOptions::default()).edits;
    edits.retain(|edit| edit.rule != "makefile-variable");
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = text.to_owned();
    edits.iter().rev().for_each(|edit| out.replace_range(edit.span.clone(), &edit.new));
    out
}

proptest! {
    #[test]
    fn a_second_run_changes_nothing(text in makefile()) {
        let once = rewritten(&text);
        prop_assert_eq!(rewritten(&once), once.clone(), "of {}", text);
    }
}
