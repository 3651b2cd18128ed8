//! Every command fixture: what becomes of it, what is said, and that a second run changes nothing.
#![expect(clippy::disallowed_methods, reason = "a test may write its fixtures and ask programs")]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it has to be")]

mod contexts;
mod fixture;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use fixture::Case;
use uvshift_rewrite::shell::parse;
use uvshift_rewrite::{Invocation, Outcome, Safety, Scope, rewrite_script, rules};

fn cases() -> Vec<Case> {
    fixture::files().iter().flat_map(|path| fixture::read(path)).collect()
}

fn rewrite(case: &Case, script: &str) -> Outcome {
    rewrite_script(script, &mut contexts::scope(&case.scope), &contexts::context(&case.context))
}

fn apply(script: &str, outcome: &Outcome) -> String {
    let mut out = String::new();
    let mut done = 0;
    for edit in &outcome.edits {
        out.push_str(&script[done..edit.span.start]);
        out.push_str(&edit.new);
        done = edit.span.end;
    }
    out + &script[done..]
}

fn line(script: &str, at: usize) -> usize {
    script[..at].matches('\n').count() + 1
}

fn says(script: &str, outcome: &Outcome) -> String {
    let mut out = String::new();
    for edit in &outcome.edits {
        let safety = if edit.safety == Safety::Safe { "safe" } else { "review" };
        let _ = writeln!(out, "{} {} {safety}: {}", line(script, edit.span.start), edit.rule, edit.reason);
    }
    for left in &outcome.left {
        let _ = write!(out, "{} left: {}", line(script, left.span.start), left.reason);
        let _ = match &left.suggestion {
            Some(suggestion) => writeln!(out, " [{suggestion}]"),
            None => writeln!(out),
        };
    }
    if let Some(problem) = &outcome.problem {
        let _ = writeln!(out, "{} problem: {}", line(script, problem.at), problem.message);
    }
    out.trim_end().to_owned()
}

/// A fixture that has no new line at its end is read as a script with one.
fn script(text: &str) -> String {
    format!("{text}\n")
}

#[test]
fn every_case_becomes_what_it_says() {
    let mut wrong = String::new();
    for path in fixture::files() {
        let mut cases = fixture::read(&path);
        for case in &mut cases {
            let before = script(&case.before);
            let outcome = rewrite(case, &before);
            let after = apply(&before, &outcome).trim_end_matches('\n').to_owned();
            let says = says(&before, &outcome);
            if after != case.after || says != case.says {
                let _ = writeln!(
                    wrong,
                    "=== {}\n--- expected\n{}\n{}\n--- found\n{after}\n{says}",
                    case.name, case.after, case.says
                );
            }
            case.after = after;
            case.says = says;
        }
        if std::env::var_os("UPDATE").is_some() {
            fixture::write(&path, &cases);
            wrong.clear();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n`UPDATE=1` takes what is there now; read it before you keep it");
}

#[test]
fn a_second_run_changes_nothing() {
    for case in cases() {
        let outcome = rewrite(&case, &script(&case.after));
        assert!(outcome.edits.is_empty(), "{}\n{}\n{:#?}", case.name, case.after, outcome.edits);
    }
}

#[test]
fn names_are_told_apart() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        assert!(seen.insert(case.name.clone()), "two cases are called {}", case.name);
    }
}

#[test]
fn bash_reads_every_result() {
    for case in cases() {
        let valid =
            |text: &str| Command::new("bash").args(["-n", "-c", text]).output().unwrap().status.success();
        if valid(&script(&case.before)) {
            assert!(valid(&script(&case.after)), "{}\n{}", case.name, case.after);
        }
    }
}

#[test]
fn every_rule_has_its_file_and_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .collect();
    let names: BTreeSet<String> = rules().iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(files, names);
    assert_eq!(names.len(), rules().len());
    let said: Vec<String> =
        cases().into_iter().map(|case| format!("\n{}\n{}", case.says, case.before)).collect();
    let said = said.concat();
    for rule in rules() {
        let has_case = said.contains(&format!(" {} ", rule.name))
            || rule.programs.iter().any(|program| said.contains(program));
        assert!(has_case, "no case for {}", rule.name);
    }
}

/// The commands of uv that a script runs, each with what can be told of its arguments.
fn uv_commands(text: &str) -> Vec<Vec<String>> {
    let mut scope = Scope::at_root();
    scope.programs.insert("UV".to_owned(), "uv".to_owned());
    let parsed = parse(text);
    let invocations = parsed.commands.iter().filter_map(|command| Invocation::of(text, command, &scope));
    let uv = invocations.filter(|invocation| invocation.program == "uv");
    let plain = |word: &uvshift_rewrite::shell::Word| word.literal().unwrap_or_else(|| "x".to_owned());
    uv.map(|invocation| invocation.args.iter().map(plain).collect()).collect()
}

/// Arguments as clap reads them before it would do anything; what `uv run` and `uvx` run is not of interest.
fn with_help(args: &[String]) -> Vec<String> {
    let mut asked: Vec<String> = args.to_vec();
    if args.first().is_some_and(|first| first == "run" || first == "tool") {
        let takes = |word: &str| ["--group", "--extra", "--directory", "--with", "--python"].contains(&word);
        let runs = |at: usize| at > 0 && !args[at].starts_with('-') && !takes(&args[at - 1]);
        let end = (0..args.len()).find(|at| runs(*at)).unwrap_or(args.len());
        asked.truncate(if args[0] == "tool" { 2 } else { end });
    }
    asked.push("--help".to_owned());
    asked
}

#[test]
fn uv_takes_every_command() {
    let mut asked: BTreeSet<Vec<String>> = BTreeSet::new();
    for case in cases() {
        for args in uv_commands(&script(&case.after)) {
            let args = with_help(&args);
            if !asked.insert(args.clone()) {
                continue;
            }
            let output = Command::new(uvshift_testkit::uv()).args(&args).output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: uv {}\n{error}", case.name, args.join(" "));
        }
    }
    assert!(asked.len() > 20, "{} commands", asked.len());
}
