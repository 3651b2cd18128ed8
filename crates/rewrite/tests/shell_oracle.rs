//! Commands, words, blocks and joints are those that shfmt finds, and problems are where bash finds one.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test runs shfmt and bash")]
#![expect(clippy::print_stderr, reason = "the test says what it compared")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use uvshift_rewrite::shell::{self, Block, Joint};
use uvshift_testkit::tool;

/// What both parsers say of a command.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    start: usize,
    end: usize,
    /// Each has the blocks and joint of the whole.
    assignments: Vec<Range<usize>>,
    words: Vec<Range<usize>>,
    redirections: Vec<usize>,
    /// Where documents begin that have something in them.
    documents: Vec<usize>,
    joined_by: Joint,
    within: Vec<Block>,
}

#[test]
fn scripts_are_read_as_shfmt_reads_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shell");
    let mut commands = 0;
    for path in scripts(&folder) {
        let found = compare(&path);
        commands += found.unwrap_or_else(|message| panic!("{message}"));
    }
    assert!(commands > 100, "only {commands} commands were compared");
}

#[test]
#[ignore = "reads the scripts of the folder in SHELL_CORPUS"]
fn scripts_of_a_folder_are_read_as_shfmt_reads_them() {
    let folder = std::env::var_os("SHELL_CORPUS").expect("SHELL_CORPUS names a folder");
    let (mut files, mut commands, mut wrong) = (0, 0, 0);
    for path in scripts(Path::new(&folder)) {
        match compare(&path) {
            Ok(found) => (files, commands) = (files + 1, commands + found),
            Err(message) => {
                eprintln!("{message}");
                wrong += 1;
            }
        }
    }
    assert_eq!(wrong, 0, "of {files} scripts with {commands} commands");
    eprintln!("{files} scripts, {commands} commands");
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// How many commands are the same, or where the first difference is. Problems are compared with bash.
fn compare(path: &Path) -> Result<usize, String> {
    let Ok(text) = fs::read_to_string(path) else { return Ok(0) };
    let read = shell::parse(&text);
    let name = path.display();
    let tree = shfmt(path);
    if tree.is_none() || read.problem.is_some() {
        let accepted =
            Command::new("bash").arg("-n").arg(path).stderr(Stdio::null()).status().expect("bash runs");
        return match (&read.problem, accepted.success()) {
            (Some(problem), true) => {
                let line = text[..problem.at].lines().count();
                Err(format!("{name}:{line}: bash has nothing against it: {}", problem.message))
            }
            (None, false) => Err(format!("{name}: bash does not accept it")),
            _ => Ok(0),
        };
    }
    let mut expected = Vec::new();
    let tree = tree.unwrap_or_default();
    statements(&tree["Stmts"], Joint::Start, &[], &mut expected);
    expected.sort_by_key(|command: &Seen| (command.end, command.start));
    let mut found: Vec<Seen> = read.commands.iter().filter_map(seen).collect();
    found.sort_by_key(|command| (command.end, command.start));
    for (found, expected) in found.iter().zip(&expected) {
        if found != expected {
            let line = text[..found.start].lines().count();
            let text = |seen: &Seen| text[seen.start..seen.end].to_owned();
            return Err(format!(
                "{name}:{line}:\n  found {}: {found:?}\n  shfmt {}: {expected:?}",
                text(found),
                text(expected)
            ));
        }
    }
    if found.len() != expected.len() {
        return Err(format!("{name}: {} commands, shfmt has {}", found.len(), expected.len()));
    }
    Ok(found.len())
}

fn shfmt(path: &Path) -> Option<Value> {
    let input = fs::File::open(path).expect("the script is there");
    let mut shfmt = Command::new(tool("validators", "shfmt"));
    let output = shfmt.args(["--to-json", "-ln", "bash"]).stdin(input).output().expect("shfmt runs");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("shfmt writes JSON"))
}

/// What we say of a command. Those that shfmt has in other shapes are left out.
fn seen(command: &shell::Command) -> Option<Seen> {
    let first = command.words.first().and_then(shell::Word::literal);
    let is_arithmetic = command.words.first().is_some_and(|word| word.parts == [shell::Part::Arithmetic]);
    if is_arithmetic || matches!(first.as_deref(), Some("[[" | "time" | "let" | "coproc" | "!")) {
        return None;
    }
    let assignments = command.assignments.iter().map(|assignment| assignment.span.clone());
    Some(Seen {
        start: command.span.start,
        end: command.span.end,
        assignments: assignments.collect(),
        words: command.words.iter().map(|word| word.span.clone()).collect(),
        redirections: command.redirections.iter().map(|found| found.span.start).collect(),
        documents: command
            .redirections
            .iter()
            .filter_map(|found| found.document.clone())
            .filter(|document| !document.is_empty())
            .map(|document| document.start)
            .collect(),
        joined_by: command.joined_by,
        within: command.within.clone(),
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn offset(value: &Value) -> usize {
    let offset = value["Offset"].as_u64().unwrap_or_default();
    usize::try_from(offset).expect("a small number")
}

fn span(value: &Value) -> Range<usize> {
    offset(&value["Pos"])..offset(&value["End"])
}

fn statements(list_of: &Value, first: Joint, within: &[Block], out: &mut Vec<Seen>) {
    let mut joint = first;
    for statement in list(list_of) {
        one(statement, joint, within, out);
        joint = if statement["Background"] == true { Joint::Background } else { Joint::Next };
    }
}

fn one(statement: &Value, joint: Joint, within: &[Block], out: &mut Vec<Seen>) {
    let mut within = within.to_vec();
    if statement["Negated"] == true {
        within.push(Block::Negation);
    }
    let command = &statement["Cmd"];
    let redirections = list(&statement["Redirs"]);
    for redirection in redirections {
        expansions(redirection, &within, out);
    }
    let nested = |block: Block| within.iter().copied().chain([block]).collect::<Vec<_>>();
    match command["Type"].as_str() {
        None if command.is_null() => out.push(simple(&Value::Null, redirections, joint, &within)),
        Some("CallExpr" | "DeclClause") => {
            expansions(command, &within, out);
            out.push(simple(command, redirections, joint, &within));
        }
        Some("BinaryCmd") => {
            one(&command["X"], joint, &within, out);
            let joint = match command["Op"].as_str() {
                Some("&&") => Joint::And,
                Some("||") => Joint::Or,
                _ => Joint::Pipe,
            };
            one(&command["Y"], joint, &within, out);
        }
        Some("Subshell") => statements(&command["Stmts"], Joint::Start, &nested(Block::Subshell), out),
        Some("Block") => statements(&command["Stmts"], Joint::Start, &nested(Block::Braces), out),
        Some("IfClause") => branches(command, &within, out),
        Some("WhileClause") => {
            statements(&command["Cond"], Joint::Start, &nested(Block::Condition), out);
            statements(&command["Do"], Joint::Start, &nested(Block::Loop), out);
        }
        Some("ForClause") => {
            expansions(&command["Loop"], &within, out);
            statements(&command["Do"], Joint::Start, &nested(Block::Loop), out);
        }
        Some("CaseClause") => {
            expansions(&command["Word"], &within, out);
            for item in list(&command["Items"]) {
                expansions(&item["Patterns"], &within, out);
                statements(&item["Stmts"], Joint::Start, &nested(Block::Branch), out);
            }
        }
        Some("FuncDecl") => one(&command["Body"], Joint::Start, &nested(Block::Function), out),
        _ => expansions(command, &within, out),
    }
}

fn branches(branch: &Value, within: &[Block], out: &mut Vec<Seen>) {
    let nested = |block: Block| within.iter().copied().chain([block]).collect::<Vec<_>>();
    statements(&branch["Cond"], Joint::Start, &nested(Block::Condition), out);
    statements(&branch["Then"], Joint::Start, &nested(Block::Branch), out);
    if branch["Else"].is_object() {
        branches(&branch["Else"], within, out);
    }
}

/// The commands in substitutions below a value.
fn expansions(value: &Value, within: &[Block], out: &mut Vec<Seen>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| expansions(value, within, out)),
        Value::Object(fields) => {
            if matches!(value["Type"].as_str(), Some("CmdSubst" | "ProcSubst")) {
                let within: Vec<Block> = within.iter().copied().chain([Block::Substitution]).collect();
                statements(&value["Stmts"], Joint::Start, &within, out);
            } else {
                fields.values().for_each(|value| expansions(value, within, out));
            }
        }
        _ => {}
    }
}

fn simple(command: &Value, redirections: &[Value], joint: Joint, within: &[Block]) -> Seen {
    let mut words: Vec<Range<usize>> = list(&command["Args"]).iter().map(span).collect();
    if command["Variant"].is_object() {
        words.insert(0, span(&command["Variant"]));
    }
    let assignments: Vec<Range<usize>> = list(&command["Assigns"]).iter().map(span).collect();
    let targets: Vec<Range<usize>> =
        redirections.iter().map(|found| offset(&found["Pos"])..offset(&found["Word"]["End"])).collect();
    let all = || words.iter().chain(&assignments).chain(&targets);
    Seen {
        start: all().map(|span| span.start).min().unwrap_or_default(),
        end: all().map(|span| span.end).max().unwrap_or_default(),
        redirections: targets.iter().map(|target| target.start).collect(),
        documents: redirections
            .iter()
            .filter(|found| found["Hdoc"].is_object())
            .map(|found| offset(&found["Hdoc"]["Pos"]))
            .collect(),
        joined_by: joint,
        within: within.to_vec(),
        words,
        assignments,
    }
}
