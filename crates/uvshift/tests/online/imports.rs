//! What uvshift and deptry say about real projects, against what reading them found.

#[path = "imports/page.rs"]
mod page;
#[path = "imports/score.rs"]
mod score;
#[path = "imports/tools.rs"]
mod tools;
#[path = "imports/truth.rs"]
mod truth;

use std::fs;
use std::path::{Path, PathBuf};

use self::score::{Score, missing, unused};
use self::tools::{Told, deptry, environment, uvshift_says};
use self::truth::Truth;
use crate::evidence;
use crate::programs::{Tree, download};
use crate::projects::{Case, whole};

/// The part of the findings, and of the defects, that has to be right: precision and recall.
const BOUND: f64 = 0.95;

/// The tools, in the order of the tables.
const TOOLS: [&str; 3] =
    ["uvshift with the environment", "uvshift alone", "deptry 0.25.1 with the environment"];

/// A project with what each of [`TOOLS`] came to.
struct Judged {
    truth: Truth,
    results: [Scores; TOOLS.len()],
}

/// How right a tool is.
#[derive(Debug, Clone, Default)]
struct Scores {
    /// Declared for those who install it, and used by nothing.
    unused: Score,
    /// The same of extras for development.
    unused_in_development: Score,
    /// Imported, and not declared: whether or not something else brings it.
    undeclared: Score,
    /// Imported, not declared, and brought by nothing.
    missing: Score,
}

#[test]
#[ignore = "needs the network; run with cargo xtask test --online"]
fn imports_of_real_projects() {
    let only = std::env::var("ONLINE").ok();
    let wanted =
        |truth: &Truth| only.as_ref().is_none_or(|only| only.split(',').any(|name| name == truth.name));
    let truths: Vec<Truth> = all().into_iter().filter(wanted).collect();
    let cases: Vec<Case> = truths.iter().map(case).collect();
    let archives = download(&cases.iter().collect::<Vec<_>>());
    let judged: Vec<Judged> =
        truths.into_iter().zip(&cases).map(|(truth, case)| judge(truth, case, &archives)).collect();
    let section = page::render(&judged);
    println!("{section}");
    if std::env::var_os("UPDATE").is_some() && only.is_none() {
        evidence::write_imports(&section);
    }
    if only.is_none() {
        let judged: Vec<&Judged> = judged.iter().collect();
        for score in [page::total(&judged, 0, |it| &it.unused), page::total(&judged, 0, |it| &it.undeclared)]
        {
            assert!(score.precision() >= BOUND && score.recall() >= BOUND, "{score:?}");
        }
    }
}

fn judge(truth: Truth, case: &Case, archives: &Path) -> Judged {
    let environment = environment(&truth);
    let project = Tree::unpack(case, archives);
    let told = [
        uvshift_says(&project, Some(&environment)),
        uvshift_says(&project, None),
        deptry(&truth, &project, &environment),
    ];
    let results = told.map(|told| scores(&truth, &told));
    for (tool, scores) in TOOLS.iter().zip(&results) {
        eprintln!("{} {}: {tool}: {scores:?}", truth.name, truth.version);
    }
    Judged { truth, results }
}

fn scores(truth: &Truth, told: &Told) -> Scores {
    Scores {
        unused: unused(truth, told, false),
        unused_in_development: unused(truth, told, true),
        undeclared: missing(truth, told, true),
        missing: missing(truth, told, false),
    }
}

fn all() -> Vec<Truth> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../depgraph/truth");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files.iter().map(|path| Truth::read(path)).collect()
}

/// A row as those of the migrated projects, which live as long as the test does.
fn case(truth: &Truth) -> Case {
    let keep = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    whole(keep(&truth.name), keep(&truth.version), keep(&truth.sha256))
}

#[test]
fn the_truth_about_at_least_ten_projects_is_complete() {
    let truths = all();
    assert!(truths.len() >= 10, "{} projects", truths.len());
    for truth in &truths {
        assert!(truth.sha256.len() == 64 && !truth.declared.is_empty(), "{}", truth.name);
    }
    let defects = truths.iter().map(|truth| truth.unused() + truth.undeclared()).sum::<usize>();
    assert!(defects >= 20, "{defects} defects");
}
