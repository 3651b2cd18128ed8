//! flake8's own logic is the oracle for every code.

use std::io::Write as _;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::super::decide::Choice;
use super::super::rules::{State, catalogue};
use super::*;

/// Reads a case a line and writes the codes that flake8 selects, a line each.
const ORACLE: &str = "
import argparse, json, sys
from flake8.style_guide import Decision, DecisionEngine
for line in sys.stdin:
    case = json.loads(line)
    codes = case.pop('codes')
    engine = DecisionEngine(argparse.Namespace(**case))
    print(' '.join(code for code in codes if engine.decision_for(code) is Decision.Selected))
";

fn prefix() -> impl Strategy<Value = String> {
    let codes: Vec<String> = catalogue().rules.keys().cloned().collect();
    let near = [
        "E", "W", "F", "C", "C9", "C90", "B", "B9", "D", "N", "N8", "W503", "E12", "E121", "E24", "E226",
        "SIM106", "DAR",
    ];
    let near = near.map(str::to_owned).to_vec();
    let cut = (prop::sample::select(codes), 1_usize..7)
        .prop_map(|(code, length)| code.chars().take(length).collect());
    prop_oneof![prop::sample::select(near), cut]
}

fn list() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prefix(), 0..5)
}

fn choice() -> impl Strategy<Value = Choice> {
    (prop::option::of(list()), prop::option::of(list()), list(), list(), list()).prop_map(
        |(select, ignore, extend_select, extend_ignore, default_ignore)| Choice {
            select,
            ignore,
            extend_select,
            extend_ignore,
            default_select: ["E", "F", "W", "C90", "B", "D", "SIM", "N8"].map(str::to_owned).to_vec(),
            default_ignore,
        },
    )
}

#[test]
fn every_decision_is_that_of_flake8() {
    let Some(python) = linter("python") else { return };
    let codes: Vec<&String> = catalogue().rules.keys().collect();
    let mut runner = TestRunner::deterministic();
    let cases: Vec<Choice> = (0..400).map(|_| choice().new_tree(&mut runner).unwrap().current()).collect();
    let mut child = Command::new(python)
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = cases
        .iter()
        .map(|case| {
            serde_json::json!({
                "codes": codes, "select": case.select, "ignore": case.ignore,
                "extend_select": case.extend_select, "extend_ignore": case.extend_ignore,
                "extended_default_select": case.default_select, "extended_default_ignore": case.default_ignore,
            })
            .to_string()
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()).unwrap());
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap();
    let mut answers = said.lines();
    for case in &cases {
        let ours: Vec<&str> =
            codes.iter().filter(|code| case.selects(code)).map(|code| code.as_str()).collect();
        assert_eq!(ours.join(" "), answers.next().unwrap(), "{case:?}");
    }
}

#[test]
fn ruff_enables_what_was_decided() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..60 {
        let case = choice().new_tree(&mut runner).unwrap().current();
        let option = |name: &str, list: &[String]| format!("{name} = {}\n", list.join(","));
        let mut lines = String::from("max-complexity = 10\n");
        lines += &case.select.as_ref().map_or(String::new(), |list| option("select", list));
        lines += &case.ignore.as_ref().map_or(String::new(), |list| option("ignore", list));
        lines += &option("extend-select", &case.extend_select);
        lines += &option("extend-ignore", &case.extend_ignore);
        let section = section(&format!("[flake8]\n{lines}"));
        let mut out = output::Output::default();
        super::super::flake8::read("flake8", &section, &[], &mut out);
        let Some(codes) = enabled(&flake8(&lines, &[])) else { return };
        assert_eq!(codes, out.rules.into_iter().collect::<Vec<_>>(), "{lines}");
    }
}

#[test]
fn the_data_is_what_the_installed_ruff_says() {
    let Some(python) = linter("python") else { return };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ruff");
    let made = run(Command::new(python).arg(data.join("make.py")));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(
        String::from_utf8(made.stdout).unwrap(),
        std::fs::read_to_string(data.join("rules.toml")).unwrap()
    );
}

#[test]
fn the_catalogue_is_read_as_a_whole() {
    assert!(catalogue().rules.len() > 900);
    assert_eq!(catalogue().rules["E203"].state, State::Preview);
    assert_eq!(catalogue().rules["E203"].name, "whitespace-before-punctuation");
    for family in &catalogue().families {
        assert!(catalogue().under(&family.ruff).next().is_some(), "{family:?}");
        let codes = family.codes.iter().flatten();
        for (code, _) in codes {
            assert!(catalogue().rule(code).is_some(), "{code}");
        }
    }
}

proptest! {
    #[test]
    fn every_text_has_an_answer_that_is_toml(text in "(?s)(select|ignore|exclude|per-file-ignores|banned-modules|max-line-length|x) ?[=:] ?.{0,40}(\\n .{0,20})?") {
        let document = Document::parse(&format!("[flake8]\n{text}"), &Dialect::RAW);
        let section = Section::of(&document, "tox.ini", "flake8").unwrap();
        let converted = to_ruff(&Linters { flake8: Some(&section), ..Linters::default() });
        prop_assert_eq!(converted.rows.len(), section.keys.len());
        prop_assert!(super::text(&converted).parse::<toml_edit::DocumentMut>().is_ok());
    }
}
