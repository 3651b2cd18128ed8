//! Every command block of README.md, CONTRIBUTING.md and `docs` is run, in order, in a scratch project, with the real uv and a local
//! index; or the document says why not, in a comment directly before the block.
#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test lays out projects and runs what documents tell to run"
)]

mod document;
mod scratch;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use document::{Block, blocks, is_shown};
use scratch::Scratch;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}

/// The documents in English, by their path from the root. What the program itself makes has tests of its own.
fn documents() -> Vec<String> {
    const MADE: [&str; 3] = ["cli.md", "rules.md", "templates.md"];
    let folder = std::fs::read_dir(root().join("docs")).expect("the folder of documents exists");
    let names = folder.map(|entry| entry.expect("a listed file").file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = names
        .filter(|name| {
            Path::new(name).extension().is_some_and(|it| it == "md") && !MADE.contains(&name.as_str())
        })
        .map(|name| format!("docs/{name}"))
        .collect();
    found.extend(["README.md".to_owned(), "CONTRIBUTING.md".to_owned()]);
    found.sort();
    found
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

/// `DOCUMENT=docs/venv.md` runs one.
#[test]
fn every_block_is_run_or_says_why_not() {
    let only = std::env::var("DOCUMENT").ok();
    let mut waiting: Vec<String> = documents();
    waiting.retain(|path| only.as_ref().is_none_or(|only| only == path));
    let waiting = Mutex::new(waiting);
    let problems = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().expect("no thread panicked").pop();
                    let Some(path) = next else { break };
                    let found = run(&path);
                    problems.lock().expect("no thread panicked").push_str(&found);
                }
            });
        }
    });
    let problems = problems.into_inner().expect("no thread panicked");
    assert!(problems.is_empty(), "{problems}");
}

/// What is wrong with the blocks of a document.
fn run(path: &str) -> String {
    let mut problems = String::new();
    let mut scratch: Option<Scratch> = None;
    for block in blocks(&read(path)) {
        let Block { line, steps, said } = &block;
        for comment in &said.unknown {
            let _ =
                writeln!(problems, "{path}:{line}: nobody knows what `<!-- {comment} -->` says of the block");
        }
        if said.not_run.is_some() {
            continue;
        }
        if steps.is_empty() {
            let _ = writeln!(
                problems,
                "{path}:{line}: make it a `console` block with `$ `, or say `<!-- not run: why -->`"
            );
        }
        if said.fresh {
            scratch = None;
        }
        for step in steps {
            if step.command.contains("| jq ") && !has_jq() {
                skipped(&format!("there is no jq for `{}`", step.command));
                continue;
            }
            let scratch = scratch.get_or_insert_with(Scratch::new);
            let (status, printed) = scratch.run(&step.command, said.answer.as_deref());
            let lines: Vec<&str> = printed.trim_end().lines().collect();
            let place = format!("{path}:{}: `{}`", step.line, step.command);
            if status != said.exit {
                let _ = writeln!(problems, "{place} ended with {status}, not {}:\n{printed}", said.exit);
                // What follows builds on it.
                return problems;
            }
            if !step.output.is_empty() && !is_shown(&step.output, &lines) {
                let _ =
                    writeln!(problems, "{place} printed something else than the document shows:\n{printed}");
            }
        }
    }
    problems
}

#[expect(clippy::print_stderr, reason = "a command that is skipped says so")]
fn skipped(reason: &str) {
    eprintln!("SKIPPED: {reason}");
}

fn has_jq() -> bool {
    ["/usr/bin/jq", "/bin/jq"].iter().any(|place| Path::new(place).exists())
}

/// The pages in Korean are not run again: they have the commands of the page in English, and the same is said of them.
#[test]
fn korean_pages_have_the_commands_of_the_english_ones() {
    for entry in std::fs::read_dir(root().join("docs/ko")).expect("there are pages in Korean") {
        let name = entry.expect("a listed file").file_name().to_string_lossy().into_owned();
        let commands = |path: &str| -> Vec<String> {
            let blocks = blocks(&read(path));
            blocks.iter().flat_map(|block| &block.steps).map(|step| without_comment(&step.command)).collect()
        };
        let (english, korean) = (commands(&format!("docs/{name}")), commands(&format!("docs/ko/{name}")));
        assert_eq!(english, korean, "docs/ko/{name}");
    }
}

fn without_comment(command: &str) -> String {
    command.split(" #").next().unwrap_or(command).trim_end().to_owned()
}

/// The reference is made from the program, so a new command wants a page as soon as it is there.
#[test]
fn every_command_has_a_guide() {
    let reference = read("docs/cli.md");
    let commands: Vec<&str> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("## `uvshift ")?.strip_suffix('`'))
        .filter(|name| !name.contains(' '))
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    let pages = documents().into_iter().filter(|path| path.starts_with("docs/"));
    let pages: Vec<String> = pages.map(|path| read(&path)).collect();
    for command in commands {
        let wanted = format!("uvshift {command}");
        assert!(pages.iter().any(|page| page.contains(&wanted)), "no page tells of `{wanted}`");
    }
}
