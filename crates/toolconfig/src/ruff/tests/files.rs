//! Patterns for files: flake8's reading of `per-file-ignores`, Python's `fnmatch`, and ruff's globs.

use std::io::Write as _;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::super::per_file::mapping;
use super::*;

/// Answers of a Python script that reads a case a line and writes a line.
fn ask(script: &str, cases: &[String]) -> Option<Vec<String>> {
    let mut child = Command::new(linter("python")?)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> =
        cases.iter().map(|case| serde_json::Value::from(case.as_str()).to_string()).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()).unwrap());
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap();
    Some(said.lines().map(str::to_owned).collect())
}

#[test]
fn pairs_are_read_as_flake8_reads_them() {
    const ORACLE: &str = "
import json, sys
from flake8.exceptions import ExecutionError
from flake8.utils import parse_files_to_codes_mapping
for line in sys.stdin:
    try:
        print(json.dumps(parse_files_to_codes_mapping(json.loads(line)), separators=(',', ':')))
    except ExecutionError:
        print('refused')
";
    let piece = prop::sample::select(vec![
        "a.py", "tests/*", "E501", "F", "W5", "e501", "E501x", ":", ",", " ", "\n", " : ", ",\n", "*.py:",
        "D,", "X1:", "E1 ",
    ]);
    let text = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::deterministic();
    let cases: Vec<String> = (0..2000).map(|_| text.new_tree(&mut runner).unwrap().current()).collect();
    let Some(answers) = ask(ORACLE, &cases) else { return };
    assert_eq!(answers.len(), cases.len());
    let mut read = 0;
    for (case, answer) in cases.iter().zip(answers) {
        let ours = mapping(case)
            .map_or("refused".to_owned(), |pairs| serde_json::to_value(&pairs).unwrap().to_string());
        assert_eq!(ours, answer, "{case:?}");
        read += usize::from(answer != "refused" && answer != "[]");
    }
    assert!(read > 50, "{read}");
}

#[test]
fn ruff_matches_the_files_that_flake8_matches() {
    const FILES: [&str; 9] = [
        "a.py",
        "tests/a.py",
        "tests/deep/b.py",
        "src/tests/a.py",
        "src/b.py",
        "src/x[1].py",
        "{a}.py",
        "conf.py",
        "docs/conf.py",
    ];
    const PATTERNS: [&str; 20] = [
        "a.py",
        "*.py",
        "tests/*",
        "**/tests/*",
        "tests/**/*",
        "./a.py",
        "src/*.py",
        "src/x[1].py",
        "x[[]1].py",
        "{a}.py",
        "tests",
        "tests/",
        "*/conf.py",
        "conf*",
        "?.py",
        "[!a].py",
        "[ab].py",
        "docs/*conf.py",
        "src/x[1.py",
        "*/tests/a.py",
    ];
    const ORACLE: &str = "
import json, os, sys
from flake8.utils import matches_filename, normalize_path
import logging
for line in sys.stdin:
    pattern, *files = json.loads(line).split('|')
    pattern = normalize_path(pattern, os.getcwd())
    def ways(path):
        return ['/'.join(path.split('/')[:end]) for end in range(1, path.count('/') + 2)]
    def matches(path):
        return matches_filename('./' + path, [pattern], '', logging.getLogger())
    print('|'.join(f for f in files if matches(f)), '|'.join(f for f in files if any(map(matches, ways(f)))), sep='\\t')
";
    let cases: Vec<String> =
        PATTERNS.iter().map(|pattern| format!("{pattern}|{}", FILES.join("|"))).collect();
    let (Some(answers), Some(ruff)) = (ask(ORACLE, &cases), linter("ruff")) else { return };
    for (pattern, answer) in PATTERNS.iter().zip(answers) {
        let (ignored, excluded) = answer.split_once('\t').unwrap();
        let ways = [
            (format!("select = F\nper-file-ignores = {pattern}: F401\n"), ignored),
            (format!("select = F\nexclude = {pattern}\n"), excluded),
            (format!("select = F\nextend-exclude = {pattern}\n"), excluded),
        ];
        for (settings, answer) in ways {
            assert_eq!(unfound(&ruff, &FILES, &settings).join("|"), answer, "{settings}");
        }
    }
}

/// The files, each with an unused import, in which ruff finds none with these settings of flake8.
fn unfound<'a>(ruff: &Path, files: &[&'a str], settings: &str) -> Vec<&'a str> {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "import os\n").unwrap();
    }
    std::fs::write(folder.path().join("pyproject.toml"), text(&flake8(settings, &[]))).unwrap();
    let found = run(Command::new(ruff)
        .args(["check", "--no-cache", "--output-format", "concise", "--exit-zero", "."])
        .current_dir(folder.path()));
    assert!(found.status.success(), "{settings}: {}", String::from_utf8_lossy(&found.stderr));
    let found = String::from_utf8(found.stdout).unwrap();
    let is_found = |file: &&&str| found.lines().any(|line| line.starts_with(&format!("{file}:")));
    files.iter().filter(|file| !is_found(file)).copied().collect()
}
