//! Real projects, moved by uvshift and by its peers, and judged by the tools: `docs/evidence-tools.md`.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![expect(clippy::disallowed_methods, reason = "the test writes its own folders, and the page with UPDATE=1")]

#[path = "real/folders.rs"]
mod folders;
#[path = "real/page.rs"]
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use uvshift_process::{CommandSpec, Runner, SystemRunner};
use uvshift_toolconfig::{Copies, Options, Plan, Question, TO_RUFF, answers, compared, copies, plan};
use uvshift_tree::Tree;

use page::{Case, Side};

/// The tools, and the peer that moves the settings of each.
const TOOLS: &[(&str, Option<&str>)] = &[
    ("mypy", Some("ini2toml")),
    ("pytest", Some("ini2toml")),
    ("coverage", Some("ini2toml")),
    ("isort", Some("ini2toml")),
    ("pylint", None),
    ("tox", None),
    (TO_RUFF, Some("flake8-to-ruff")),
];

/// A file of a project whose settings of a tool move, with where they are before and after.
struct Move {
    project: String,
    tool: &'static str,
    file: String,
    copies: Copies,
    /// The folder with what the peer makes of the file, and what it said if it made nothing.
    peer: Option<Result<PathBuf, String>>,
    told: Vec<String>,
}

#[test]
#[ignore = "runs two other programs over every real project; run with UPDATE=1 to write docs/evidence-tools.md"]
fn beside_the_peers() {
    let into = tempfile::tempdir().expect("a folder");
    let Some(folders) = folders::all(into.path()) else { return };
    let mut moves = Vec::new();
    for (project, folder) in &folders {
        let tree = Tree::from_disk(folder).expect("the folder can be read");
        for to_ruff in [false, true] {
            let place = into.path().join("copies").join(project).join(if to_ruff { "ruff" } else { "plain" });
            let plan = plan(&tree, &Options { to_ruff, ..Options::default() }).expect("a plan can be made");
            let copies = copies(&tree, &plan.changes, &place).expect("copies can be made");
            for (tool, peer) in TOOLS.iter().filter(|(tool, _)| (*tool == TO_RUFF) == to_ruff) {
                moves.extend(moved(project, folder, tool, *peer, &plan, &copies, &place));
            }
        }
    }
    let cases = judged(&moves);
    let text = page::render(TOOLS, &cases);
    println!("{text}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence-tools.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&page, &text).expect("the page can be written");
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(written == text, "docs/evidence-tools.md is not what was found; run again with UPDATE=1");
}

fn moved(
    project: &str,
    folder: &Path,
    tool: &'static str,
    peer: Option<&str>,
    plan: &Plan,
    copies: &Copies,
    place: &Path,
) -> Option<Move> {
    let name = if tool == TO_RUFF { "flake8" } else { tool };
    let file = plan.moved.iter().find(|moved| moved.tool == name)?.from.clone()?;
    let mut copies = copies.clone();
    if tool == TO_RUFF {
        copies.old = without_comments(&copies.old, &file, place);
    }
    let new = place.join("peer").join(tool);
    fs::create_dir_all(&new).expect("a folder can be made");
    let peer = peer.map(|peer| {
        let text = by_peer(peer, tool, &file, folder)?;
        fs::write(new.join("pyproject.toml"), text).expect("the file can be written");
        Ok(new)
    });
    let told = plan.diagnostics.iter().map(|found| found.code.id().to_owned()).collect();
    Some(Move { project: project.to_owned(), tool, file, copies, peer, told })
}

/// flake8 of today refuses comments behind codes, which older ones took: what it says without them is what counts.
fn without_comments(old: &Path, file: &str, place: &Path) -> PathBuf {
    let folder = place.join("plain-flake8");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let text = fs::read_to_string(old.join(file)).expect("the file can be read");
    let lines = text.lines().map(|line| line.split_once(" #").map_or(line, |(before, _)| before));
    fs::write(folder.join(file), lines.collect::<Vec<_>>().join("\n")).expect("the file can be written");
    folder
}

/// What a peer makes of a file. Its output is taken for a pyproject.toml of its own, with no old file beside it.
fn by_peer(peer: &str, tool: &str, file: &str, folder: &Path) -> Result<String, String> {
    let mut spec = CommandSpec::new(uvshift_testkit::tool("peer", peer)).current_dir(folder);
    if peer == "ini2toml" {
        // It has no profile for tox.ini: the one whose sections are named alike is the best it can be told.
        let profile = match file {
            "tox.ini" if tool == "pytest" => "pytest.ini",
            "tox.ini" => "setup.cfg",
            ".mypy.ini" => "mypy.ini",
            ".pytest.ini" => "pytest.ini",
            file => file,
        };
        spec = spec.args(["-p", profile]);
    }
    let output = SystemRunner::new().run(&spec.arg(file)).map_err(|error| error.to_string())?;
    let last = || output.stderr.lines().last().unwrap_or("it made nothing").to_owned();
    if !output.success() || output.stdout.is_empty() {
        return Err(last());
    }
    Ok(below_tool(file, &output.stdout_text()))
}

/// What ini2toml makes of a file that is one tool's has tables without `tool`, which its user would add.
fn below_tool(file: &str, text: &str) -> String {
    let prefix = match file {
        "mypy.ini" | ".mypy.ini" | "pytest.ini" | ".pytest.ini" | "tox.ini" => "tool.",
        ".coveragerc" => "tool.coverage.",
        _ => "",
    };
    let header = |line: &str| match line.find(|character| character != '[') {
        Some(at @ (1 | 2)) if !line[at..].starts_with("tool.") => {
            format!("{}{prefix}{}\n", &line[..at], &line[at..])
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(header).collect()
}

fn judged(moves: &[Move]) -> Vec<Case> {
    let mut questions = Vec::new();
    for each in moves {
        let (before, after) = if each.tool == TO_RUFF { ("flake8", "ruff") } else { (each.tool, each.tool) };
        let peer = each.peer.as_ref().and_then(|peer| peer.as_ref().ok()).unwrap_or(&each.copies.new);
        let three = [(before, &each.copies.old), (after, &each.copies.new), (after, peer)];
        questions
            .extend(three.map(|(tool, folder)| Question { tool: tool.to_owned(), folder: folder.clone() }));
    }
    let python = [uvshift_testkit::tool("linters", "python").display().to_string()];
    let runner = SystemRunner::new().capture_limit(256 << 20);
    let answers = answers(&runner, &python, &questions).expect("the tools can be asked");
    moves.iter().zip(answers.chunks_exact(3)).map(|(each, three)| case(each, three)).collect()
}

fn case(each: &Move, three: &[Value]) -> Case {
    assert!(three[0].get("error").is_none(), "{} {}: {}", each.project, each.tool, three[0]["error"]);
    let differences = |after: &Value, gone: &[String]| compared(each.tool, &three[0], after, gone);
    let peer = each.peer.as_ref().map(|peer| match peer {
        Ok(_) => Side { differences: differences(&three[2], &[]), told: Vec::new() },
        Err(why) => Side { differences: vec![format!("it fails: {why}")], told: Vec::new() },
    });
    let uvshift = Side { differences: differences(&three[1], &each.copies.gone), told: each.told.clone() };
    Case { project: each.project.clone(), tool: each.tool, file: each.file.clone(), uvshift, peer }
}
