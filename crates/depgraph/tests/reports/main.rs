//! Reports held against those who read them: a renderer of Markdown, the schema and the validator of SARIF, the rules of GitHub.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the tests run the readers")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

mod markdown;
mod properties;
mod sarif;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use uvshift_depgraph::report::{Report, Summary};
use uvshift_depgraph::{Action, Class, Evidence, Finding, Rule, Scope};
use uvshift_diagnostics::{Code, Diagnostic, Severity};

/// A file below `.tools`, which `cargo xtask setup` makes.
fn tool(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools").join(path);
    found.exists().then_some(found)
}

/// Runs a program with an input.
fn run(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let bytes = input.as_bytes().to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    // A program that fails early does not read all of it; it is looked at below.
    let _ = writer.join().unwrap();
    output
}

fn evidence(file: &str, line: usize, cell: Option<usize>) -> Evidence {
    Evidence { file: file.to_owned(), line, cell, form: "import", text: "yaml".to_owned() }
}

fn finding(rule: Rule, package: &str, severity: Severity, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule,
        package: package.to_owned(),
        class: Class::Required,
        severity,
        message: format!("`{package}` is what this is about"),
        evidence,
        help: Some("do something about it".to_owned()),
        action: None,
    }
}

/// One finding for each rule, and the odd ones.
fn sample() -> (Vec<Finding>, Vec<Diagnostic>) {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let mut findings: Vec<Finding> = Rule::ALL
        .into_iter()
        .zip(severities.into_iter().cycle())
        .map(|(rule, severity)| finding(rule, "requests", severity, vec![evidence("src/a.py", 3, None)]))
        .collect();
    let to = Scope::Group("dev".to_owned());
    findings[0].action = Some(Action::Move {
        name: "requests".to_owned(),
        requirement: "requests[socks]>=2; python_version > '3'".to_owned(),
        from: Scope::Main,
        to,
    });
    findings.push(finding(
        Rule::Missing,
        "pyyaml",
        Severity::Error,
        vec![
            evidence("notebooks/a b#c?.ipynb", 2, Some(4)),
            evidence("notebooks/a b#c?.ipynb", 0, Some(5)),
            evidence("src/ü.py", 0, None),
            evidence("src/b.py", 7, None),
            evidence("src/c.py", 8, None),
        ],
    ));
    for name in
        ["a|b", "`", "``x`", "<b>x</b>", "[x](y)", "a\nb", "{0}", "\\", "\\|", " a ", "@octocat", "<!--"]
    {
        findings.push(finding(Rule::Unused, name, Severity::Warning, vec![evidence(name, 1, None)]));
    }
    findings.push(finding(Rule::Unused, "no-place", Severity::Note, Vec::new()));
    let code = Code::new("X101", "unreadable-file");
    let diagnostics = vec![
        Diagnostic::warning(code, "cannot read it: {odd} [name](x)")
            .in_file("src/bad.py", 0)
            .with_help("look"),
        Diagnostic::error(Code::new("X102", "broken"), "a part is left out").in_file("a|b.py", 12),
        Diagnostic::note(code, "no place"),
    ];
    (findings, diagnostics)
}

fn report<'a>(findings: &'a [Finding], diagnostics: &'a [Diagnostic]) -> Report<'a> {
    Report {
        findings,
        diagnostics,
        summary: Summary { files: 120, imports: 800, packages: 14 },
        folder: "services/a b",
    }
}
