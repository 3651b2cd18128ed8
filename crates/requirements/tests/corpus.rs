//! Every line of the shared corpus, compared with what pip 26.3 itself said about it.
//!
//! `tests/pip-differences.txt` lists the differences that are meant. A difference that is not listed fails the test,
//! and so does a listed one that is gone.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on may stop")]

#[path = "oracle/compare.rs"]
mod compare;
mod oracle;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use uvshift_requirements::{
    EdgeTarget, LineKind, LoadError, Loader, Options, Resolved, Role, decode, parse, resolve,
};

const DIFFERENCES: &str = include_str!("pip-differences.txt");

#[test]
fn every_line_means_what_it_means_to_pip() {
    let Some(corpus) = corpus() else { return };
    let answers = std::fs::read_to_string(corpus.join("oracle-pip-26.3.jsonl")).unwrap();
    let mut found = BTreeMap::new();
    let mut files = 0;
    for answer in answers.lines() {
        let answer: Value = serde_json::from_str(answer).unwrap();
        compare_file(&corpus, &answer, &mut found);
        files += 1;
    }
    assert_eq!(files, 346, "the corpus is complete");
    let listed = listed();
    let unlisted: Vec<_> = found.iter().filter(|(key, _)| !listed.contains(*key)).collect();
    let gone: Vec<_> = listed.iter().filter(|key| !found.contains_key(*key)).collect();
    assert!(unlisted.is_empty(), "differences from pip that are not listed:\n{unlisted:#?}");
    assert!(gone.is_empty(), "listed differences that are gone:\n{gone:#?}");
}

/// Files with everything they include, as pip's `parse_requirements` gives them: line, role and name, in order.
#[test]
fn included_files_give_the_requirements_that_pip_gives() {
    let Some(corpus) = corpus() else { return };
    let answers = std::fs::read_to_string(corpus.join("oracle-pip-26.3.jsonl")).unwrap();
    let loader = Folder(corpus);
    let (mut compared, mut nested) = (0, 0);
    for answer in answers.lines() {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let file = answer["file"].as_str().unwrap();
        let resolved = resolve(file, &loader, &Options::default());
        if answer["whole"]["ok"] != true {
            continue;
        }
        let theirs: Vec<_> =
            answer["whole"]["requirements"].as_array().unwrap().iter().map(pip_row).collect();
        let mut ours = Vec::new();
        expand(&resolved, 0, &mut ours);
        assert_eq!(ours, theirs, "{file}");
        compared += 1;
        nested += usize::from(resolved.files.len() > 1);
    }
    assert!(compared > 250 && nested >= 2, "{compared} files, {nested} of them with others in them");
}

type Row = (u64, bool, bool, Option<String>);

fn pip_row(row: &Value) -> Row {
    let name = row["name"].as_str().map(uvshift_requirements::normalize_name);
    (row["line"].as_u64().unwrap(), row["constraint"] == true, row["editable"] == true, name)
}

fn expand(resolved: &Resolved, index: usize, rows: &mut Vec<Row>) {
    let Some(file) = resolved.files.get(index) else { return };
    for line in file.document.lines() {
        match line.kind() {
            LineKind::Requirement(requirement) => {
                let name = requirement.normalized_name();
                let constraint = file.role == Role::Constraints;
                rows.push((line.line() as u64, constraint, requirement.is_editable(), name));
            }
            LineKind::Include(_) => {
                let edge = resolved.edges.iter().find(|edge| edge.from == index && edge.line == line.line());
                if let Some(EdgeTarget::File(next)) = edge.map(|edge| &edge.to) {
                    expand(resolved, *next, rows);
                }
            }
            _ => {}
        }
    }
}

/// The files of the corpus.
struct Folder(PathBuf);

impl Loader for Folder {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        std::fs::read(self.0.join(path)).map_err(|_| LoadError::NotFound)
    }
}

#[test]
fn every_file_comes_back_byte_for_byte() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    collect(&corpus, &mut files);
    assert!(files.len() >= 346);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(decoded) = decode(&bytes) else { continue };
        let document = parse(&decoded.text);
        assert_eq!(document.to_string(), decoded.text, "{}", path.display());
        let lines: String =
            document.lines().iter().map(|line| line.span().text(document.text()).unwrap()).collect();
        assert_eq!(lines, decoded.text, "{}", path.display());
        assert_eq!(decoded.encode(&decoded.text).unwrap(), bytes, "{}", path.display());
    }
}

/// The corpus beside the workspace, where it is there.
fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/requirements");
    if root.is_dir() {
        return Some(root);
    }
    println!("skipped: there is no corpus at {}", root.display());
    None
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

type Key = (String, u64, String);

fn listed() -> BTreeSet<Key> {
    let lines = DIFFERENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<_> = line.split('\t').collect();
            let [file, line, field, reason] = columns[..] else { panic!("four columns in: {line}") };
            assert!(!reason.is_empty(), "a reason for {file}");
            (file.to_owned(), line.parse().unwrap(), field.to_owned())
        })
        .collect()
}

fn compare_file(corpus: &Path, answer: &Value, found: &mut BTreeMap<Key, String>) {
    let file = answer["file"].as_str().unwrap();
    let decoded = decode(&std::fs::read(corpus.join(file)).unwrap());
    let mut differ = |line: u64, field: &str, text: String| {
        found.insert((file.to_owned(), line, field.to_owned()), text);
    };
    if answer["encoding_error"].is_null() != decoded.is_ok() {
        differ(0, "encoding_error", answer["encoding_error"].to_string());
    }
    let Ok(decoded) = decoded else { return };
    for difference in compare::compare(answer, &parse(&decoded.text)) {
        differ(difference.line, difference.field, format!("{difference:?}"));
    }
}
