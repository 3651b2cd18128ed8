//! Every CI file of the fixtures is what its own schema asks for, before and after.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test starts the pinned validators")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_testkit::{tool, uv_accepts};

/// Names of files with the schema of each, and how it is read.
const SCHEMAS: &[(&str, &[&str])] = &[
    (".gitlab-ci.yml", &["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ("config.yml", &["--builtin-schema", "vendor.circle-ci"]),
    (
        "azure-pipelines.yml",
        &[
            "--builtin-schema",
            "vendor.azure-pipelines",
            "--data-transform",
            "azure-pipelines",
            "--regex-variant",
            "nonunicode",
        ],
    ),
    ("bitbucket-pipelines.yml", &["--builtin-schema", "vendor.bitbucket-pipelines"]),
    (".drone.yml", &["--builtin-schema", "vendor.drone-ci"]),
    (".travis.yml", &["--builtin-schema", "vendor.travis"]),
    ("Taskfile.yml", &["--builtin-schema", "vendor.taskfile"]),
    (".readthedocs.yaml", &["--builtin-schema", "vendor.readthedocs", "--force-filetype", "yaml"]),
    (".readthedocs.yml", &["--builtin-schema", "vendor.readthedocs", "--force-filetype", "yaml"]),
    ("renovate.json", &["--builtin-schema", "vendor.renovate"]),
    (".renovaterc.json", &["--builtin-schema", "vendor.renovate"]),
];

#[test]
fn files_are_valid_before_and_after() {
    let mut by_schema: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let unreadable = root.join("ci-unreadable");
    for path in files(&root).into_iter().filter(|path| !path.starts_with(&unreadable)) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((name, _)) = SCHEMAS.iter().find(|(schema, _)| name.ends_with(schema)) {
            by_schema.entry(name).or_default().push(path);
        }
    }
    assert_eq!(by_schema.len(), SCHEMAS.len(), "each kind has a fixture");
    let checks = std::thread::scope(|scope| {
        let run = |(name, files): (&'static str, Vec<PathBuf>)| scope.spawn(move || check(name, &files));
        let running: Vec<_> = by_schema.into_iter().map(run).collect();
        running.into_iter().filter_map(|check| check.join().expect("no check panicked")).collect::<Vec<_>>()
    });
    assert!(checks.is_empty(), "{}", checks.join("\n"));
}

#[test]
fn uv_takes_every_command_that_is_written_into_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let mut wrong = String::new();
    let mut seen = 0;
    for path in
        files(&root).into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "out"))
    {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for command in text.lines().filter_map(uv_sync) {
            seen += 1;
            if let Err(said) = uv_accepts(&command.split_whitespace().skip(1).collect::<Vec<_>>()) {
                let _ = writeln!(wrong, "{}: {command}: {said}", path.display());
            }
        }
    }
    assert!(seen > 20, "{seen} commands");
    assert!(wrong.is_empty(), "{wrong}");
}

/// A line that is nothing but a `uv sync`, behind a dash, a prompt or a key.
fn uv_sync(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['-', '$', ' ']);
    let plain = line.chars().all(|letter| letter.is_ascii_alphanumeric() || " -_.=/".contains(letter));
    (line.starts_with("uv sync") && plain).then(|| line.to_owned())
}

fn check(name: &str, files: &[PathBuf]) -> Option<String> {
    let (_, arguments) = SCHEMAS.iter().find(|(schema, _)| *schema == name)?;
    let output = Command::new(tool("validators", "check-jsonschema"))
        .args(*arguments)
        .args(files)
        .output()
        .expect("check-jsonschema runs");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (!output.status.success()).then(|| format!("== {name}\n{}", said.concat()))
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
