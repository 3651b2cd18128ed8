//! Files that are cut off, mangled or huge: no host panics, and edits stay within the file and apart from each other.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use uvshift_rewrite::{Became, Context, Kind, RewriteOptions, Rewritten, Selection, UvProject, hosts, plan};
use uvshift_testkit::Project;
use uvshift_tree::Tree;

#[test]
fn files_that_are_cut_off() {
    for (path, text) in fixtures() {
        let step = (text.len() / 12).max(1);
        for end in (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end)) {
            rewritten(path, text.get(..end).unwrap_or_default());
        }
    }
}

#[test]
fn aliases_that_grow_and_jobs_that_go_in_circles() {
    let mut text = "a: &a [x, x]\n".to_owned();
    for level in 0..40 {
        let name = char::from(b'a' + u8::try_from(level % 26).expect("small"));
        let _ = writeln!(text, "k{level}: &b{level} [*{name}, *{name}, *{name}]");
    }
    rewritten(".gitlab-ci.yml", &text);
    rewritten(".gitlab-ci.yml", "a:\n  extends: b\n  script: [pytest]\nb:\n  extends: a\n");
    rewritten(".gitlab-ci.yml", "a:\n  script: [!reference [a, script]]\n");
    rewritten(
        "Taskfile.yml",
        "tasks:\n  a: {deps: [b], cmds: [pytest]}\n  b: {deps: [a], cmds: [task: a]}\n",
    );
    rewritten(
        ".circleci/config.yml",
        "commands:\n  a:\n    steps: [a, b]\n  b:\n    steps: [a, b]\njobs: {j: {steps: [a, b]}}\n",
    );
}

#[test]
fn references_that_stand_for_each_other_over_and_over() {
    let (mut gitlab, mut circle) = (
        "x: {script: [!reference [k0, script]]}\n".to_owned(),
        "jobs: {j: {steps: [c0]}}\ncommands:\n".to_owned(),
    );
    for level in 0..12 {
        let next = level + 1;
        let references = format!("!reference [k{next}, script],").repeat(12);
        let _ = writeln!(gitlab, "k{level}: {{script: [{references}]}}");
        let _ = writeln!(circle, "  c{level}: {{steps: [{}]}}", format!("c{next},").repeat(12));
    }
    rewritten(".gitlab-ci.yml", &gitlab);
    rewritten(".circleci/config.yml", &circle);
}

#[test]
fn a_file_with_thousands_of_commands() {
    let mut text = "test:\n  script:\n".to_owned();
    for _ in 0..1_500 {
        text.push_str("  - pip install -U pip\n  - pip install -r requirements.txt\n");
    }
    rewritten(".gitlab-ci.yml", &text);
    let mut text = "before_script: [pip install -r requirements.txt]\n".to_owned();
    for job in 0..1_500 {
        let _ = writeln!(text, "job{job}: {{script: [pytest]}}");
    }
    rewritten(".gitlab-ci.yml", &text);
}

#[test]
fn a_second_run_with_all_that_was_offered_offers_nothing() {
    let options = RewriteOptions { review: true, documents: true, ..RewriteOptions::default() };
    for folder in folders() {
        let project = Project::from_tree(folder.join("in"));
        let run = || {
            let tree = Tree::from_disk(project.path()).expect("a tree");
            let context = Context::read(&tree, became(&folder), "0.13.9").expect("a context");
            plan(&tree, &context, &options).expect("a plan")
        };
        for file in run().files {
            project.write(&file.path, file.after);
        }
        for file in run().files.iter().filter(|file| file.host.kind != Kind::Reported) {
            assert!(file.made.is_empty() && file.offered.is_empty(), "{}: {:?}", folder.display(), file.made);
        }
    }
}

/// `in/became.txt`, as in the test of whole files.
fn became(folder: &Path) -> BTreeMap<String, Became> {
    let text = std::fs::read_to_string(folder.join("in/became.txt")).unwrap_or_default();
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let path = words.next()?.to_owned();
        let mut selection = Selection::default();
        while let Some(word) = words.next() {
            match word {
                "main" => selection.main = true,
                "group" => selection.groups.extend(words.next().map(str::to_owned)),
                _ => selection.extras.extend(words.next().map(str::to_owned)),
            }
        }
        Some((path, Became::Selection(selection)))
    };
    text.lines().filter_map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn mangled_files(seed in 0_usize..1_000_000, junk in "[\\[\\]{}:,\"'|>&*!#\\-\n $\\\\a-c]{0,6}") {
        let fixtures = fixtures();
        let (path, text) = fixtures.get(seed % fixtures.len()).expect("there are fixtures");
        let mut at = seed % text.len().max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let mut mangled = text.clone();
        mangled.insert_str(at, &junk);
        rewritten(path, &mangled);
    }
}

/// What a host makes of a file, with what holds of all of them.
fn rewritten(path: &str, text: &str) -> Rewritten {
    let Some(host) = hosts().iter().find(|host| (host.is)(path, text)) else { return Rewritten::default() };
    let mut found = (host.rewrite)(path, text, &context(), &RewriteOptions::default());
    found.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut done = 0;
    for edit in &found.edits {
        assert!(edit.span.start >= done, "{path}: {edit:?} overlaps in\n{text}");
        assert!(text.get(edit.span.clone()).is_some(), "{path}: {edit:?} is out of\n{text}");
        done = edit.span.end;
    }
    for left in &found.left {
        assert!(text.get(left.span.clone()).is_some(), "{path}: {left:?} is out of\n{text}");
    }
    found
}

fn context() -> Context {
    let project = UvProject { name: "shop".to_owned(), locked: true, ..UvProject::default() };
    let became = BTreeMap::from([("requirements.txt".to_owned(), Became::Selection(Selection::main()))]);
    Context { projects: vec![project], became, uv_version: "0.13.9".to_owned(), ..Context::default() }
}

/// The files of the fixtures of CI, editors and documents.
fn fixtures() -> &'static [(String, String)] {
    static READ: OnceLock<Vec<(String, String)>> = OnceLock::new();
    READ.get_or_init(read)
}

fn read() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders().into_iter().map(|folder| folder.join("in")).collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let whole = path.to_string_lossy().replace('\\', "/");
                let below = whole.split_once("/in/").map_or(whole.clone(), |(_, below)| below.to_owned());
                found.push((below, text));
            }
        }
    }
    found.sort();
    found
}

/// The fixtures of CI, editors and documents.
fn folders() -> Vec<PathBuf> {
    const KINDS: &[&str] = &[
        "azure",
        "bitbucket",
        "circleci",
        "devcontainer",
        "documents",
        "gitlab",
        "jenkins",
        "readthedocs",
        "renovate",
        "taskfile",
        "travis",
        "vscode",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let entries = std::fs::read_dir(&root).expect("the fixtures are there");
    let entries = entries.map(|entry| entry.expect("the folder can be read"));
    let is_ours = |name: &str| KINDS.iter().any(|kind| name.starts_with(kind));
    entries.filter(|entry| is_ours(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect()
}
