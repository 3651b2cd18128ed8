//! Linters of Dockerfiles find nothing in a rewritten file that they did not find before.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "tests run the validators")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_testkit::tool;

/// How often each thing is said, without places.
type Findings = BTreeMap<String, usize>;

#[test]
fn linters_find_nothing_new() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let mut pairs = Vec::new();
    for entry in std::fs::read_dir(fixtures).unwrap() {
        let folder = entry.unwrap().path();
        collect(&folder.join("out"), &mut |after| {
            let before = folder.join("in").join(after.strip_prefix(folder.join("out")).unwrap());
            pairs.push((before, after.to_owned()));
        });
    }
    assert!(pairs.len() >= 14, "only {} Dockerfiles change", pairs.len());
    for (before, after) in pairs {
        for linter in [hadolint, dockerfile_utils] {
            let (was, is) = (linter(&before), linter(&after));
            for (said, times) in is {
                assert!(was.get(&said).is_some_and(|was| times <= *was), "{}: {said}", after.display());
            }
        }
    }
}

fn collect(folder: &Path, found: &mut impl FnMut(&Path)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, found);
        } else if name.starts_with("Dockerfile")
            || name.starts_with("Containerfile")
            || name.ends_with(".Dockerfile")
        {
            found(&path);
        }
    }
}

fn hadolint(file: &Path) -> Findings {
    let mut command = Command::new(tool("validators", "hadolint"));
    findings(command.args(["--no-color", "--format", "tty"]).arg(file))
}

fn dockerfile_utils(file: &Path) -> Findings {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program: PathBuf = root.join(".tools/node/node_modules/dockerfile-utils/bin/dockerfile-utils");
    let mut command = Command::new(tool("validators", "node"));
    findings(command.arg(program).arg("lint").arg(file))
}

/// What a linter says, line by line: without the file and the numbers of lines.
fn findings(command: &mut Command) -> Findings {
    let output = command.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let mut findings = Findings::new();
    for line in said.lines().filter(|line| {
        line.contains("DL") || line.contains("SC") || line.contains("Error:") || line.contains("Warning:")
    }) {
        let words = line
            .split_whitespace()
            .filter(|word| !word.contains('/') && !word.starts_with(|it: char| it.is_ascii_digit()));
        *findings.entry(words.collect::<Vec<_>>().join(" ")).or_default() += 1;
    }
    findings
}
