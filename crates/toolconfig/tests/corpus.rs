//! Real projects: every tool sees the same settings before and after, and says so itself.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::print_stdout, reason = "what is passed over is said")]

#[path = "real/folders.rs"]
mod folders;

use std::collections::BTreeMap;

use tempfile::TempDir;
use uvshift_process::SystemRunner;
use uvshift_toolconfig::{Copies, Options, Plan, Question, TO_RUFF, answers, compared, copies, plan};
use uvshift_tree::Tree;

/// The tools that are asked in every folder, whether their settings move or not: what one tool's move does to another counts.
const ASKED: &[&str] =
    &["mypy", "pytest", "coverage", "isort", "pylint", "bandit", "pydocstyle", "tox", "flake8", TO_RUFF];

/// A project after both ways to consolidate it.
struct Moved {
    name: String,
    plain: Plan,
    plain_copies: Copies,
    ruff: Plan,
    ruff_copies: Copies,
}

fn moved(name: &str, tree: &Tree, into: &TempDir) -> Moved {
    let consolidate = |to_ruff: bool| {
        let plan = plan(tree, &Options { to_ruff, ..Options::default() }).expect("the project can be read");
        let place = into.path().join(name).join(if to_ruff { "ruff" } else { "plain" });
        let copies = copies(tree, &plan.changes, &place).expect("copies can be made");
        (plan, copies)
    };
    let ((plain, plain_copies), (ruff, ruff_copies)) = (consolidate(false), consolidate(true));
    Moved { name: name.to_owned(), plain, plain_copies, ruff, ruff_copies }
}

#[test]
fn every_tool_sees_the_same_in_every_real_project() {
    let (Some(folders), into) = (folders::all(), tempfile::tempdir().expect("a folder")) else { return };
    let moved: Vec<Moved> = folders
        .iter()
        .map(|(name, path)| moved(name, &Tree::from_disk(path).expect("the folder can be read"), &into))
        .collect();
    let mut asked = Vec::new();
    for project in &moved {
        for &tool in ASKED {
            let (plan, copies) = match tool {
                TO_RUFF => (&project.ruff, &project.ruff_copies),
                _ => (&project.plain, &project.plain_copies),
            };
            let is_moved = |name: &str| plan.moved.iter().any(|moved| moved.tool == name);
            if if tool == TO_RUFF { is_moved("flake8") } else { !plan.changes.is_empty() } {
                asked.push((project, tool, copies, is_moved(tool) || tool == TO_RUFF));
            }
        }
    }
    let questions: Vec<Question> = asked
        .iter()
        .flat_map(|(_, tool, copies, _)| {
            let (before, after) = if *tool == TO_RUFF { ("flake8", "ruff") } else { (*tool, *tool) };
            [(before, &copies.old), (after, &copies.new)]
        })
        .map(|(tool, folder)| Question { tool: tool.to_owned(), folder: folder.clone() })
        .collect();
    let python = [uvshift_testkit::tool("linters", "python").display().to_string()];
    let runner = SystemRunner::new().capture_limit(256 << 20);
    let answers = answers(&runner, &python, &questions).expect("the tools can be asked");
    let mut different = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for ((project, tool, copies, is_moved), pair) in asked.iter().zip(answers.chunks_exact(2)) {
        let found = compared(tool, &pair[0], &pair[1], &copies.gone);
        let count = counts.entry(tool).or_default();
        count.0 += usize::from(*is_moved);
        count.1 += usize::from(*is_moved && found.is_empty());
        count.2 += usize::from(pair[0].get("error").is_some());
        if !found.is_empty() {
            different.push(format!("{}: {tool}: {}", project.name, found.join("; ")));
        }
    }
    println!("{counts:?}\n{}", different.join("\n"));
    assert!(different.is_empty(), "{}", different.join("\n"));
}
