//! The format of the fixtures, described in testdata/commands/README.md.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// One case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) context: String,
    pub(crate) scope: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) says: String,
}

/// Every file of fixtures, in order.
pub(crate) fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/commands");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    files.sort();
    files
}

/// The cases of a file.
pub(crate) fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    let mut part = "";
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if let Some(name) = trimmed.strip_prefix("=== ") {
            cases.push(Case { name: name.to_owned(), context: "uv".to_owned(), ..Case::default() });
            part = "head";
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match trimmed {
            "--- before" => part = "before",
            "--- after" => part = "after",
            "--- says" => part = "says",
            _ => match part {
                "before" => case.before.push_str(line),
                "after" => case.after.push_str(line),
                "says" => case.says.push_str(line),
                _ => match trimmed.split_once(": ") {
                    Some(("context", value)) => value.clone_into(&mut case.context),
                    Some(("scope", value)) => value.clone_into(&mut case.scope),
                    _ => {}
                },
            },
        }
    }
    for case in &mut cases {
        for text in [&mut case.before, &mut case.after, &mut case.says] {
            let trimmed = text.trim_end_matches('\n').len();
            text.truncate(trimmed);
        }
    }
    cases
}

/// The text of a file with these cases; what stands before the first one stays.
pub(crate) fn write(path: &Path, cases: &[Case]) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut out = text.find("=== ").and_then(|at| text.get(..at)).unwrap_or_default().to_owned();
    for case in cases {
        let _ = writeln!(out, "=== {}", case.name);
        if case.context != "uv" {
            let _ = writeln!(out, "context: {}", case.context);
        }
        if !case.scope.is_empty() {
            let _ = writeln!(out, "scope: {}", case.scope);
        }
        let newline = |text: &str| if text.is_empty() { "" } else { "\n" };
        for (name, text) in [("before", &case.before), ("after", &case.after), ("says", &case.says)] {
            let _ = write!(out, "--- {name}\n{text}{}", newline(text));
        }
        out.push('\n');
    }
    std::fs::write(path, format!("{}\n", out.trim_end())).unwrap();
}
