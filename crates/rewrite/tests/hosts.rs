//! Whole files: each folder of `testdata/hosts` is a project with what becomes of it.
//!
//! `in` is the tree; `in/became.txt` says what a migration made of old files. `out` holds the files that change, and
//! `report.txt` every change with its rule, safety and reason, and what stays. `UPDATE=1` writes both. Adding a folder adds
//! a test; `FIXTURE=part-of-a-name` runs some.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test takes orders from its environment and renews its fixtures"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use uvshift_changeset::Change;
use uvshift_rewrite::{Became, Context, Edit, FilePlan, Plan, RewriteOptions, Selection, codes, plan};
use uvshift_testkit::Project;
use uvshift_tree::Tree;

const BECAME: &str = "became.txt";

#[test]
fn every_host_does_what_its_fixtures_say() {
    let mut wrong = String::new();
    for folder in fixtures() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Err(difference) = check(&folder) {
            let _ = writeln!(wrong, "== {name}\n{difference}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n`UPDATE=1` takes what is there now; read it before you keep it");
}

#[test]
fn a_second_run_changes_nothing() {
    for folder in fixtures() {
        let project = Project::from_tree(folder.join("in"));
        let became = became(&folder);
        let first = rewritten(&project, &became);
        for (path, text) in after(&first) {
            project.write(&path, text);
        }
        let second = rewritten(&project, &became);
        assert_eq!(after(&second), BTreeMap::new(), "{}: {}", folder.display(), report(&second));
    }
}

/// What is offered has to hold, too: no file is left because a second run would change it again.
#[test]
fn what_is_made_with_review_is_settled() {
    for folder in fixtures() {
        let project = Project::from_tree(folder.join("in"));
        let options = RewriteOptions { documents: true, review: true, ..RewriteOptions::default() };
        let plan = rewritten_with(&project, &became(&folder), &options);
        let refused: Vec<_> = plan.diagnostics.iter().filter(|found| found.code == codes::BROKEN).collect();
        assert!(refused.is_empty(), "{}: {refused:?}", folder.display());
    }
}

#[test]
fn what_no_edit_names_stays_byte_for_byte() {
    for folder in fixtures() {
        let plan = rewritten(&Project::from_tree(folder.join("in")), &became(&folder));
        for file in &plan.files {
            let mut rest = file.after.as_str();
            let mut done = 0;
            for edit in &file.made {
                let kept = file.before.get(done..edit.span.start).expect("spans are in order");
                rest = rest.strip_prefix(kept).expect("what is between two edits stays");
                rest = rest.strip_prefix(edit.new.as_str()).expect("the new text follows");
                done = edit.span.end;
            }
            assert_eq!(file.before.get(done..), Some(rest), "{}", file.path);
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let wanted = std::env::var_os("FIXTURE").unwrap_or_default();
    folders.retain(|folder| folder.to_string_lossy().contains(&*wanted.to_string_lossy()));
    folders
}

fn check(folder: &Path) -> Result<(), String> {
    let plan = rewritten(&Project::from_tree(folder.join("in")), &became(folder));
    let (found, report) = (after(&plan), report(&plan));
    if std::env::var_os("UPDATE").is_some() {
        write(folder, &found, &report);
        return Ok(());
    }
    let expected = read_tree(&folder.join("out"));
    if found != expected {
        let mut text = String::new();
        for path in found.keys().chain(expected.keys()).collect::<BTreeSet<_>>() {
            let (is, was) = (found.get(path), expected.get(path));
            if is != was {
                let _ = writeln!(text, "{path}\n--- expected\n{}\n+++ found\n{}", shown(was), shown(is));
            }
        }
        return Err(text);
    }
    let expected = std::fs::read_to_string(folder.join("report.txt")).unwrap_or_default();
    if report == expected { Ok(()) } else { Err(format!("--- expected\n{expected}\n+++ found\n{report}")) }
}

fn shown(text: Option<&String>) -> &str {
    text.map_or("(unchanged)", String::as_str)
}

fn rewritten(project: &Project, became: &BTreeMap<String, Became>) -> Plan {
    let options = RewriteOptions { documents: true, ..RewriteOptions::default() };
    rewritten_with(project, became, &options)
}

fn rewritten_with(project: &Project, became: &BTreeMap<String, Became>, options: &RewriteOptions) -> Plan {
    let tree = Tree::from_disk(project.path()).expect("a tree");
    let context = Context::read(&tree, became.clone(), "0.13.9").expect("a context");
    plan(&tree, &context, options).expect("a plan")
}

fn became(folder: &Path) -> BTreeMap<String, Became> {
    let text = std::fs::read_to_string(folder.join("in").join(BECAME)).unwrap_or_default();
    text.lines().filter(|line| !line.trim().is_empty()).map(became_line).collect()
}

/// `requirements-dev.txt group dev`: a file and the parts of pyproject.toml that it became.
fn became_line(line: &str) -> (String, Became) {
    let mut words = line.split_whitespace();
    let path = words.next().expect("a path").to_owned();
    let mut selection = Selection::default();
    while let Some(word) = words.next() {
        match word {
            "main" => selection.main = true,
            "constraints" => return (path, Became::Constraints),
            "group" => drop(selection.groups.insert(words.next().expect("a group").to_owned())),
            "extra" => drop(selection.extras.insert(words.next().expect("an extra").to_owned())),
            other => panic!("{BECAME}: `{other}` is none of main, group, extra, constraints"),
        }
    }
    (path, Became::Selection(selection))
}

fn after(plan: &Plan) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for change in &plan.changes {
        let Change::Edit { path, after, .. } = change else { panic!("a rewriting only edits") };
        files.insert(path.as_str().to_owned(), String::from_utf8(after.clone()).expect("UTF-8"));
    }
    files
}

/// Every change, what is offered, what stays, and what is said.
fn report(plan: &Plan) -> String {
    let mut text = String::new();
    for file in &plan.files {
        for edit in &file.made {
            line(&mut text, file, "made", edit);
        }
        for edit in &file.offered {
            line(&mut text, file, "offered", edit);
        }
        for left in &file.left {
            let was = file.before.get(left.span.clone()).unwrap_or_default();
            let number = file.line(left.span.start);
            let _ = writeln!(text, "{}:{number} left  {}\n    {}", file.path, first(was), left.reason);
            if let Some(suggestion) = &left.suggestion {
                let _ = writeln!(text, "    try: {}", suggestion.replace('\n', "\n         "));
            }
        }
    }
    for found in &plan.diagnostics {
        let _ = writeln!(text, "{found}");
    }
    text
}

fn line(text: &mut String, file: &FilePlan, what: &str, edit: &Edit) {
    let was = file.before.get(edit.span.clone()).unwrap_or_default();
    let safety = if edit.safety == uvshift_rewrite::Safety::Safe { "safe" } else { "review" };
    let number = file.line(edit.span.start);
    let _ = writeln!(
        text,
        "{}:{number} {what} {} {safety}  {} => {}\n    {}",
        file.path,
        edit.rule,
        first(was),
        first(&edit.new),
        edit.reason
    );
}

/// The first line of a text, and whether there is more.
fn first(text: &str) -> String {
    let mut lines = text.trim_end().lines();
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() { format!("{first} ...") } else { first.to_owned() }
}

fn read_tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).into_iter().flatten() {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path).expect("UTF-8"));
            }
        }
    }
    files
}

fn write(folder: &Path, found: &BTreeMap<String, String>, report: &str) {
    let out = folder.join("out");
    let _ = std::fs::remove_dir_all(&out);
    for (path, text) in found {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a fixture can be written");
    }
    std::fs::write(folder.join("report.txt"), report).expect("a report can be written");
}
