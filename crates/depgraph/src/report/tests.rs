use uvshift_pyproject::Scope;

use super::*;
use crate::{Action, Class, Rule};

fn evidence(file: &str, line: usize) -> Evidence {
    Evidence { file: file.to_owned(), line, cell: None, form: "import", text: "x".to_owned() }
}

fn finding(rule: Rule, package: &str, severity: Severity, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule,
        package: package.to_owned(),
        class: Class::Required,
        severity,
        message: format!("`{package}` is imported and not declared"),
        evidence,
        help: Some("declare it".to_owned()),
        action: Some(Action::Add { requirement: package.to_owned(), to: Scope::Main }),
    }
}

fn report(findings: &[Finding]) -> Report<'_> {
    let summary = Summary { files: 2, imports: 1, packages: 3 };
    Report { findings, diagnostics: &[], summary, folder: "" }
}

#[test]
fn counts_are_words() {
    let findings = [finding(Rule::Missing, "a", Severity::Error, Vec::new())];
    assert_eq!(report(&findings).counts(), "1 error");
    assert_eq!(report(&findings).summary.words(), "2 files, 1 import, 3 declared packages");
    assert_eq!(report(&[]).counts(), "");
}

#[test]
fn a_path_is_that_of_the_repository() {
    let below = Report { folder: "services/shop", ..report(&[]) };
    assert_eq!(below.path("src/a.py"), "services/shop/src/a.py");
    assert_eq!(below.path("../base.txt"), "services/base.txt");
    assert_eq!(below.path("../../../x"), "../x");
    assert_eq!(report(&[]).path("./a//b.py"), "a/b.py");
    assert_eq!(report(&[]).path("/etc/x"), "etc/x");
}

#[test]
fn annotations_are_commands_of_github() {
    let mut findings = vec![
        finding(Rule::Unused, "a", Severity::Warning, vec![evidence("py,project:1.toml", 3)]),
        finding(Rule::Missing, "b", Severity::Error, vec![evidence("100%.py", 0)]),
    ];
    findings[0].message = "50% of it\nis odd".to_owned();
    assert_eq!(
        github(&report(&findings)),
        "::error file=100%25.py,title=X002 missing%3A b::`b` is imported and not declared. Declare it. Run: uv add b\n\
         ::warning file=py%2Cproject%3A1.toml,line=3,title=X001 unused%3A a::50%25 of it is odd. Declare it. Run: uv add a\n"
    );
    let cell = Evidence { cell: Some(2), ..evidence("n.ipynb", 4) };
    let others: Vec<Evidence> = (1..=5).map(|line| evidence("b.py", line)).collect();
    let findings = [finding(Rule::Missing, "b", Severity::Note, [vec![cell], others].concat())];
    assert_eq!(
        github(&report(&findings)),
        "::notice file=n.ipynb,title=X002 missing%3A b::`b` is imported and not declared. See n.ipynb, cell 2, line 4. \
         Also: b.py:1, b.py:2, b.py:3 and 2 more. Declare it. Run: uv add b\n"
    );
}

#[test]
fn more_than_github_shows_is_told_where_it_is_seen() {
    let many =
        |severity, count| vec![finding(Rule::Missing, "a", severity, vec![evidence("a.py", 1)]); count];
    let is_told = |line: &&str| line.starts_with("::notice title=More findings than are shown::");
    let at = |findings: &[Finding]| {
        let text = github(&report(findings));
        text.lines().position(|line| is_told(&line))
    };
    assert_eq!(at(&many(Severity::Error, 10)), None);
    assert_eq!(at(&many(Severity::Error, 11)), Some(11));
    assert_eq!(at(&[many(Severity::Note, 9), many(Severity::Error, 11)].concat()), Some(20));
    assert_eq!(at(&[many(Severity::Note, 10), many(Severity::Error, 11)].concat()), Some(11));
}

#[test]
fn a_sentence_leaves_names_and_commands_as_they_are() {
    for (text, expected) in [
        ("rich is declared", "rich is declared."),
        ("declare rich", "Declare rich."),
        ("\u{e9}t\u{e9}\nis over!", "\u{c9}t\u{e9} is over!"),
        ("let a lock hold it:  uv lock", "Let a lock hold it: `uv lock`"),
        ("on Debian:  apt-get install a b; c has wheels", "On Debian: `apt-get install a b`; c has wheels."),
        ("uv add --package shop 'x>=1'", "Run `uv add --package shop 'x>=1'`"),
        ("", ""),
    ] {
        assert_eq!(sentence(text, "rich"), expected);
    }
    assert_eq!(sentence("rich is declared", ""), "Rich is declared.");
}
