use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::context::{Became, UvProject};
use crate::embedded::{Embedded, Encoding};

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn project() -> UvProject {
    UvProject {
        name: "shop".to_owned(),
        is_package: true,
        locked: true,
        groups: names(&["dev", "docs"]),
        default_groups: names(&["dev"]),
        extras: names(&["cli"]),
        ..UvProject::default()
    }
}

fn context() -> Context {
    let became = BTreeMap::from([
        ("requirements.txt".to_owned(), Became::Selection(Selection::main())),
        ("dev.txt".to_owned(), Became::Selection(selection(false, &["dev"], &[]))),
    ]);
    Context { projects: vec![project()], became, ..Context::default() }
}

fn selection(main: bool, groups: &[&str], extras: &[&str]) -> Selection {
    Selection { main, groups: names(groups), extras: names(extras) }
}

fn rewritten(script: &str) -> (String, Outcome) {
    let outcome = rewrite_script(script, &mut Scope::at_root(), &context());
    let after = crate::plan::apply(script, &outcome.edits).expect("edits apply");
    (after, outcome)
}

fn becomes(script: &str, after: &str) {
    assert_eq!(rewritten(script).0, after, "{script}");
}

#[test]
fn flags_say_exactly_what_is_selected() {
    let check = |selected: Selection, flags: &str| assert_eq!(sync_flags(&project(), &selected), flags);
    check(selection(true, &["dev"], &[]), "--locked");
    check(selection(true, &[], &[]), "--locked --no-dev");
    check(selection(true, &["dev", "docs"], &["cli"]), "--locked --group docs --extra cli");
    check(selection(true, &["docs"], &[]), "--locked --no-dev --group docs");
    check(selection(false, &["dev", "docs"], &[]), "--locked --only-group dev --only-group docs");
    let mut other = project();
    other.locked = false;
    other.default_groups = names(&["dev", "docs"]);
    assert_eq!(sync_flags(&other, &selection(true, &["dev", "docs"], &[])), "");
    assert_eq!(sync_flags(&other, &selection(true, &["dev"], &[])), "--no-group docs");
    assert_eq!(sync_flags(&other, &selection(true, &[], &[])), "--no-default-groups");
}

#[test]
fn carriage_returns_stay() {
    becomes(
        "make a\r\npip install -U pip\r\npip install -r requirements.txt\r\n",
        "make a\r\nuv sync --locked --no-dev\r\n",
    );
    becomes("pip install -U pip\r\nmake a\r\n", "make a\r\n");
    becomes("make a\r\npip install -U pip\r\n", "make a\r\n");
}

#[test]
fn an_end_without_a_new_line() {
    becomes("make a\npip install -U pip", "make a");
    becomes("make a\npip install -U pip\npip install -U wheel", "make a\n");
    becomes("pip install -U pip\npip install -U wheel\nmake a", "make a");
    assert!(rewritten("pip install -U pip\npip install -U wheel").1.is_empty);
    assert!(!rewritten("pip install -U pip\nmake a").1.is_empty);
}

#[test]
fn lines_of_an_indented_script_go_whole() {
    let check = |lines: &str, after: &str| {
        let file = format!("a: |\n{lines}b: c\n");
        let mut script = Embedded::new(Encoding::Indented("  ".to_owned()));
        let mut at = 5;
        for line in lines.split_inclusive('\n') {
            script.push(&file, at + 2..at + line.len());
            at += line.len();
        }
        let outcome = rewrite_script(script.text(), &mut Scope::at_root(), &context());
        let edits = script.edits(outcome.edits);
        assert_eq!(crate::plan::apply(&file, &edits), Some(format!("a: |\n{after}b: c\n")), "{lines}");
    };
    let (pip, wheel, make) = ("  pip install -U pip\n", "  pip install -U wheel\n", "  make a\n");
    check(&[pip, wheel, make, pip].concat(), make);
    check(&[pip, make].concat(), make);
    check(&[make, pip].concat(), make);
    check(&[make, pip, wheel].concat(), make);
    check(&[make, pip, wheel, make].concat(), &[make, make].concat());
    check(&[pip, make, wheel, make, pip].concat(), &[make, make].concat());
}

#[test]
fn one_reason_for_each_command_of_a_chain() {
    let (after, outcome) = rewritten("make a && pip install -U pip && pip install -U wheel && make b\n");
    assert_eq!(after, "make a && make b\n");
    assert_eq!(outcome.edits.len(), 2);
    assert!(
        outcome.edits.iter().all(|edit| edit.together == outcome.edits[0].together && edit.together != 0)
    );
}

#[test]
fn what_follows_a_change_for_review_is_for_review() {
    let script = "pip install gunicorn\npip install -r requirements.txt\n";
    let outcome = rewritten(script).1;
    assert!(outcome.edits.iter().all(|edit| edit.safety == uvshift_diagnostics::Safety::NeedsReview));
}

#[test]
fn scripts_that_cannot_be_read_stay() {
    let (after, outcome) = rewritten("pip install -r requirements.txt\nif true; then\n");
    assert_eq!(after, "pip install -r requirements.txt\nif true; then\n");
    assert!(outcome.problem.is_some());
}

#[test]
fn a_long_script_is_read_in_linear_time() {
    // Quadratic behaviour would take minutes.
    let script = "pip install -U pip && pip install -r requirements.txt || true\nx=1\n".repeat(1_000);
    let outcome = rewritten(&script).1;
    assert!(outcome.edits.len() >= 1_000);
    rewritten(&"if x; then pip install -U pip; fi\n".repeat(1_000));
    rewritten(&"pip install -U pip && ".repeat(1_000));
    rewritten(&format!("{}make a\n", "pip install -U pip\n".repeat(2_000)));
    rewritten(&format!("pip install {}\n", "-q ".repeat(5_000)));
}

/// Commands and the signs between them, in any order.
fn script() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "pip",
        "install",
        "-r",
        "requirements.txt",
        "-e",
        ".",
        "\".[cli]\"",
        "-U",
        "pip install -U pip",
        "pip install -r requirements.txt",
        "pip install -r dev.txt",
        "python -m venv .venv",
        "source .venv/bin/activate",
        "pip freeze > requirements.txt",
        "$(pip freeze)",
        "uv sync",
        "pytest",
        "sudo",
        "&&",
        "||",
        "|",
        ";",
        "\n",
        "&",
        "(",
        ")",
        "{",
        "}",
        "if",
        "then",
        "else",
        "fi",
        "for x in a; do",
        "done",
        "case x in a)",
        ";;",
        "esac",
        "!",
        "\\\n",
        "# c\n",
        "<<E\nx\nE\n",
        "\"",
        "'",
        "`",
        "$",
        "é",
        "cd docs",
        "pip-compile",
        "pip uninstall -y a",
        "x=1",
        "\r\n",
        "f() {",
    ]);
    prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

/// Scripts that can be read: commands in lists and blocks.
fn readable() -> impl Strategy<Value = String> {
    let command = prop::sample::select(vec![
        "make a",
        "pip install -U pip",
        "pip install -r requirements.txt",
        "pip install -r dev.txt gunicorn",
        "sudo pip install -e .",
        "python -m venv .venv",
        "python3 -m venv env",
        ". env/bin/activate",
        "deactivate",
        "env/bin/pip install dev.txt",
        "pip freeze > requirements.txt",
        "pip uninstall -y $(pip freeze)",
        "cd docs",
        "[ -f requirements.txt ]",
        "pip-compile requirements.in",
        "pip-sync requirements.txt",
        "curl https://x.example/get-pip.py",
        "python",
        "VENV=.venv",
        "pip install -U \\\n  pip",
        "cat <<E\npip install -U pip\nE\n",
    ])
    .prop_map(str::to_owned);
    command.prop_recursive(4, 24, 4, |inner| {
        let joint = prop::sample::select(vec!["\n", " && ", " || ", "; ", " | ", " &\n", "  # c\n"]);
        let list = prop::collection::vec((inner.clone(), joint), 1..5).prop_map(|parts| {
            let mut out = String::new();
            for (at, (part, joint)) in parts.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { joint });
                out.push_str(part);
            }
            out
        });
        let block = prop::sample::select(vec![
            ("if x; then\n", "\nfi"),
            ("if ", "\nthen y; fi"),
            ("if x; then y; else ", "\nfi"),
            ("(", "\n)"),
            ("{ ", "\n}"),
            ("f() {\n", "\n}"),
            ("for a in b; do ", "\ndone"),
            ("case x in a) ", "\n;; *) y ;; esac"),
            ("! ", ""),
            ("echo \"$(", "\n)\""),
        ]);
        (block, list).prop_map(|((open, close), list)| format!("{open}{list}{close}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_written_edits_apply_and_the_result_can_be_read(script in script()) {
        let (after, outcome) = rewritten(&script);
        if outcome.problem.is_none() {
            prop_assert!(crate::shell::parse(&after).problem.is_none(), "{:?} {:?}", script, after);
            let again = rewritten(&after);
            prop_assert_eq!(again.0, after, "{:?}", script);
        }
    }

    #[test]
    fn a_second_run_changes_nothing_more(script in readable()) {
        let script = format!("{script}\n");
        let (after, outcome) = rewritten(&script);
        if outcome.problem.is_none() {
            prop_assert!(crate::shell::parse(&after).problem.is_none(), "{:?} {:?}", script, after);
            let again = rewritten(&after);
            prop_assert_eq!(&again.0, &after, "{:?}\n{:#?}", script, again.1.edits);
        }
    }

    #[test]
    fn any_text_is_survived(script in "\\PC{0,200}") {
        rewritten(&script);
    }
}
