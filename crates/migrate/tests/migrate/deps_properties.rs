//! Whatever the files and the actions are: what an action does not name stays as it is, byte for byte.

use proptest::prelude::*;
use uvshift_changeset::{Change, RollbackMode, rollback};
use uvshift_depgraph::Action;
use uvshift_migrate::{Silent, execute_fix, plan_fix};
use uvshift_pyproject::{PyProject, Scope};
use uvshift_requirements::{Requirement, decode, parse};
use uvshift_testkit::FakeRunner;

use crate::support::{picture, write};

const NAMES: [&str; 5] = ["alpha", "Beta.b", "gamma", "delta", "epsilon"];

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        3 => Just(Scope::Main),
        2 => Just(Scope::Group("dev".to_owned())),
        1 => Just(Scope::Extra("net".to_owned())),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn action() -> impl Strategy<Value = Action> {
    let tail = prop::sample::select(vec!["", ">=1", "[x] <2", " ; python_version > '3'"]);
    prop_oneof![
        (name(), tail, scope()).prop_map(|(name, tail, to)| Action::Add { requirement: name + tail, to }),
        (name(), scope()).prop_map(|(name, from)| Action::Remove { name, from }),
        (name(), scope(), scope()).prop_map(|(name, from, to)| Action::Move {
            requirement: name.clone(),
            name,
            from,
            to
        }),
    ]
}

/// A logical line of a requirements file, without its last line end.
fn line() -> impl Strategy<Value = String> {
    let tails = vec![
        "",
        "==1",
        ">=1  # why",
        " \\\\\n    ; python_version > '3'",
        "[x]",
        " @ https://index.example/x.zip",
        "#odd",
    ];
    let others = vec![
        "",
        "# a comment",
        "  # another \\",
        "--pre",
        "-r other.txt",
        "-e ./libs/x",
        "4 + 4",
        "-c limits.txt",
    ];
    prop_oneof![
        4 => (name(), prop::sample::select(tails)).prop_map(|(name, tail)| name + tail),
        1 => prop::sample::select(others).prop_map(str::to_owned),
    ]
}

fn requirements() -> impl Strategy<Value = String> {
    (prop::collection::vec(line(), 0..7), any::<bool>(), any::<bool>()).prop_map(|(lines, crlf, ends)| {
        let text = lines.join("\n") + if ends { "\n" } else { "" };
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// The elements of an array, on one line or on several.
fn array() -> impl Strategy<Value = String> {
    let tails = vec!["", ">=1", " ; python_version > '3'"];
    let element = (name(), prop::sample::select(tails), any::<bool>());
    (prop::collection::vec(element, 0..5), 0..3_u8).prop_map(|(elements, form)| {
        let text = |(name, tail, _): &(String, &str, bool)| format!("\"{name}{tail}\"");
        if form == 0 {
            return format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(", "));
        }
        let comment = |has: bool| if has { "  # why" } else { "" };
        let line = |element: &(String, &str, bool)| format!("    {},{}\n", text(element), comment(element.2));
        format!("[\n    # these\n{}]", elements.iter().map(line).collect::<String>())
    })
}

fn pyproject() -> impl Strategy<Value = Option<String>> {
    let whole = (array(), array(), any::<bool>()).prop_map(|(main, dev, crlf)| {
        let text = format!(
            "# ours\n[project]\nname = 'a' # it\nversion = \"1\"\ndependencies = {main} # main\n\n[dependency-groups]\ndev = {dev}\n\
             lint = [\n  {{ include-group = \"dev\" }}, # all\n]\n\n[tool.x]\ny  =  1 # odd\n"
        );
        if crlf { text.replace('\n', "\r\n") } else { text }
    });
    prop::option::of(whole)
}

/// The normalised names that actions speak of.
fn named(actions: &[Action]) -> Vec<String> {
    let name = |action: &Action| match action {
        Action::Add { requirement, .. } => {
            let end = requirement.find(|letter: char| !(letter.is_alphanumeric() || letter == '.'));
            requirement[..end.unwrap_or(requirement.len())].to_owned()
        }
        Action::Remove { name, .. } | Action::Move { name, .. } => name.clone(),
    };
    actions.iter().map(|action| uvshift_requirements::normalize_name(&name(action))).collect()
}

/// The lines of a text that are about none of the names, with their line ends. Comments and blank lines can go with what they
/// stand above.
fn untouched(text: &str, names: &[String]) -> Vec<String> {
    let document = parse(text);
    let is_about = |found: &Requirement| found.normalized_name().is_some_and(|name| names.contains(&name));
    let lines = document.lines().iter().filter(|line| match line.kind() {
        uvshift_requirements::LineKind::Requirement(found) => !is_about(found),
        _ => true,
    });
    let texts = lines.map(|line| line.span().text(text).unwrap_or_default().to_owned());
    texts.filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')).collect()
}

/// What a pyproject.toml declares about other names, and everything else that it says.
fn others(text: &str, names: &[String]) -> Vec<String> {
    let document = PyProject::parse(text).expect("TOML");
    let paths: [&[&str]; 2] = [&["project", "dependencies"], &["dependency-groups", "dev"]];
    let items = paths.iter().flat_map(|path| document.items(path)).map(|(item, _)| item.text);
    let kept = items.filter(|text| !untouched(text, names).is_empty());
    // Indented ones stand in an array, and come and go with its elements.
    let comments = text.lines().filter(|line| line.starts_with('#'));
    let rest =
        ["# it", "[tool.x]", "y  =  1 # odd", "lint = [", "{ include-group = \"dev\" }, # all", "# main"];
    kept.chain(comments.map(str::to_owned))
        .chain(rest.iter().map(|rest| text.matches(rest).count().to_string()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_an_action_does_not_name_stays(
        pyproject in pyproject(),
        main in requirements(),
        dev in requirements(),
        actions in prop::collection::vec(action(), 1..5),
    ) {
        let root = tempfile::tempdir().expect("a temporary folder");
        if let Some(pyproject) = &pyproject {
            write(root.path(), "pyproject.toml", pyproject);
        }
        write(root.path(), "requirements.txt", &main);
        write(root.path(), "requirements-dev.txt", &dev);
        let Ok(plan) = plan_fix(root.path(), &actions) else {
            // Only a file that is not there is an error of the whole.
            prop_assert!(main.contains(".txt") || dev.contains(".txt") || main.contains("./libs") || dev.contains("./libs"));
            return Ok(());
        };
        let names = named(&plan.fixed);
        for change in &plan.changes {
            let Change::Edit { path, before, after } = change else { panic!("{change:?}") };
            let (before, after) = (decode(before).expect("text").text, decode(after).expect("text").text);
            if path.as_str() == "pyproject.toml" {
                prop_assert_eq!(others(&before, &names), others(&after, &names), "{}\n{}\n{:?}", before, after, plan.fixed);
                continue;
            }
            let (mut old, new) = (untouched(&before, &names), untouched(&after, &names));
            let at = old.len().saturating_sub(1);
            if let (Some(last), Some(found)) = (old.last_mut(), new.get(at)) {
                // A last line without an end gets one when something comes behind it.
                if last.trim_end() == found.trim_end() && !last.ends_with('\n') {
                    last.clone_from(found);
                }
            }
            prop_assert_eq!(old, new, "{:?}\n{:?}\n{:?}", before, after, plan.fixed);
        }
        if plan.is_empty() {
            return Ok(());
        }
        // The result is read back, and holds what the plan says.
        let files = picture(root.path());
        let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
        let done = execute_fix(root.path(), &plan, None, &nobody, &mut Silent);
        prop_assert!(done.is_ok(), "{:?} {:?}", done, plan.fixed);
        rollback(root.path(), RollbackMode::Check).expect("a rollback");
        prop_assert_eq!(files, picture(root.path()));
    }
}

/// A file with pieces of it taken out and odd ones put in.
fn broken(text: &'static str) -> impl Strategy<Value = String> {
    let pieces = vec![
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "'''",
        "\"\"\"",
        ",",
        "#",
        "\n",
        "\r",
        "=",
        ".",
        "\\",
        "alpha",
        "\u{feff}",
        "\0",
        "\u{2028}",
        " ; ",
        "[[",
        "dependencies = []\n",
        "\"alpha\"",
        "--hash=sha256:00",
        "-r requirements.txt\n",
        "# coding: utf-16\n",
    ];
    let cut = (any::<prop::sample::Index>(), 0..9_usize, prop::sample::select(pieces));
    prop::collection::vec(cut, 0..4).prop_map(move |cuts| {
        let mut letters: Vec<char> = text.chars().collect();
        for (at, length, piece) in cuts {
            let from = at.index(letters.len() + 1);
            let to = (from + length).min(letters.len());
            letters.splice(from..to, piece.chars());
        }
        letters.into_iter().collect()
    })
}

const PYPROJECT: &str = r#"[project]
name = "a"
version = "1"
dependencies = [
  "alpha>=1", # why
  "gamma"
]
optional-dependencies = { net = ["delta"] }
[dependency-groups]
dev = ["Beta.b", { include-group = "net" }]
net = []
[tool.uv]
sources.alpha = { path = "x" }
dev-dependencies = ["epsilon"]
"#;

const REQUIREMENTS: &str =
    "alpha==1 \\\n  --hash=sha256:aa\n# of\nBeta.b>=2 ; python_version > '3'  # why\ngamma\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing that is written into the files makes a plan panic, or one that its own proof does not accept.
    #[test]
    fn broken_files_are_no_trouble(
        pyproject in broken(PYPROJECT),
        main in broken(REQUIREMENTS),
        actions in prop::collection::vec(action(), 1..5),
    ) {
        let root = tempfile::tempdir().expect("a temporary folder");
        write(root.path(), "pyproject.toml", &pyproject);
        write(root.path(), "requirements.txt", &main);
        let files = picture(root.path());
        let Ok(plan) = plan_fix(root.path(), &actions) else { return Ok(()) };
        if plan.is_empty() {
            return Ok(());
        }
        let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
        let done = execute_fix(root.path(), &plan, None, &nobody, &mut Silent);
        prop_assert!(done.is_ok(), "{:?} {:?}\n{}\n{}", done, plan.fixed, pyproject, main);
        rollback(root.path(), RollbackMode::Check).expect("a rollback");
        prop_assert_eq!(files, picture(root.path()));
    }
}
