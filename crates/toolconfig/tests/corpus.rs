//! Real projects: every tool sees the same settings before and after, and says so itself.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::print_stdout, reason = "what is passed over is said, and so is what was compared")]

#[path = "real/folders.rs"]
mod folders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use uvshift_process::SystemRunner;
use uvshift_testkit::{assert_same_tree, snapshot};
use uvshift_toolconfig::{Copies, Options, Plan, Question, TO_RUFF, answers, codes, compared, copies, plan};
use uvshift_tree::Tree;

/// The tools that are asked wherever anything moves: what the move of one tool does to another counts, too.
const ASKED: &[&str] =
    &["mypy", "pytest", "coverage", "isort", "pylint", "bandit", "pydocstyle", "tox", "flake8", TO_RUFF];

/// A project with everything moved, either with or without ruff.
struct Moved {
    name: String,
    plan: Plan,
    copies: Copies,
    to_ruff: bool,
}

impl Moved {
    fn new(name: &str, folder: &Path, to_ruff: bool, into: &Path) -> Self {
        let tree = Tree::from_disk(folder).expect("the folder can be read");
        let plan = plan(&tree, &Options { to_ruff, ..Options::default() }).expect("a plan can be made");
        let place = into.join(name).join(if to_ruff { "ruff" } else { "plain" });
        let copies = copies(&tree, &plan.changes, &place).expect("copies can be made");
        Self { name: name.to_owned(), plan, copies, to_ruff }
    }

    fn moves(&self, tool: &str) -> bool {
        let tool = if tool == TO_RUFF { "flake8" } else { tool };
        self.plan.moved.iter().any(|moved| moved.tool == tool)
    }

    /// The tools to ask: with ruff only what takes flake8's place, since the others are asked without.
    fn asked(&self) -> impl Iterator<Item = &'static str> {
        let fits = |tool: &&&str| match **tool {
            TO_RUFF => self.to_ruff && self.moves(TO_RUFF),
            _ => !self.to_ruff && !self.plan.changes.is_empty(),
        };
        ASKED.iter().filter(fits).copied().collect::<Vec<_>>().into_iter()
    }

    /// What differs and is told: coverage takes a variable that is not set for nothing in ini and for an empty text in TOML.
    fn is_told(&self, tool: &str, found: &[String]) -> bool {
        tool == "coverage"
            && self.plan.diagnostics.iter().any(|found| found.code == codes::UNSET_VARIABLE)
            && found.iter().all(|found| found.ends_with("[] -> [\"\"]"))
    }
}

fn ask_all(asked: &[(&Moved, &'static str)]) -> Vec<Value> {
    let mut questions = Vec::new();
    for (project, tool) in asked {
        let (before, after) = if *tool == TO_RUFF { ("flake8", "ruff") } else { (*tool, *tool) };
        questions.push(Question { tool: before.to_owned(), folder: project.copies.old.clone() });
        questions.push(Question { tool: after.to_owned(), folder: project.copies.new.clone() });
    }
    let python = [uvshift_testkit::tool("linters", "python").display().to_string()];
    let runner = SystemRunner::new().capture_limit(256 << 20);
    answers(&runner, &python, &questions).expect("the tools can be asked")
}

#[test]
fn every_tool_sees_the_same_in_every_real_project() {
    let into = tempfile::tempdir().expect("a folder");
    let Some(folders) = folders::all(into.path()) else { return };
    let copies = into.path().join("copies");
    let both = |(name, folder): &(String, PathBuf)| {
        [false, true].map(|ruff| Moved::new(name, folder, ruff, &copies))
    };
    let moved: Vec<Moved> = folders.iter().flat_map(both).collect();
    let asked: Vec<(&Moved, &str)> =
        moved.iter().flat_map(|project| project.asked().map(move |tool| (project, tool))).collect();
    let untouched = snapshot(&copies);
    let answers = ask_all(&asked);
    assert_same_tree(&untouched, &snapshot(&copies));

    let mut different = Vec::new();
    // Of those that moved: how many, equal, told, and refused before already.
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for ((project, tool), pair) in asked.iter().zip(answers.chunks_exact(2)) {
        assert!(pair.iter().all(|answer| answer.get("missing").is_none()), "{tool} is not installed");
        let found = compared(tool, &pair[0], &pair[1], &project.copies.gone);
        let told = !found.is_empty() && project.is_told(tool, &found);
        let refused = pair[0].get("error").is_some();
        if project.moves(tool) {
            let count = counts.entry(tool).or_default();
            let facts = [true, found.is_empty() && !refused, told, refused];
            count.iter_mut().zip(facts).for_each(|(count, fact)| *count += usize::from(fact));
        }
        if !found.is_empty() && !told {
            different.push(format!("{}: {tool}: {}", project.name, found.join("; ")));
        }
    }
    println!("{counts:?}");
    assert!(different.is_empty(), "{}", different.join("\n"));
    let blocked: Vec<(&str, &str)> = moved
        .iter()
        .flat_map(|project| {
            project.plan.blockers.iter().map(|found| (project.name.as_str(), found.code.id()))
        })
        .collect();
    // Its commands name tox.ini for coverage.
    assert_eq!(blocked, [("tox-3.28.0", codes::BROKEN_COMMAND.id()); 2]);
    assert_eq!(counts["mypy"], [16, 16, 0, 0]);
    assert_eq!(counts["pytest"], [18, 18, 0, 0]);
    assert_eq!(counts["coverage"], [15, 14, 1, 0]);
    assert_eq!(counts["isort"], [13, 13, 0, 0]);
    assert_eq!(counts["pylint"], [2, 2, 0, 0]);
    assert_eq!(counts["tox"], [15, 15, 0, 0]);
    assert_eq!(counts[TO_RUFF], [27, 25, 0, 2]);
}
