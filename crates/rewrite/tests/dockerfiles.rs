//! Linters of Dockerfiles find nothing in a rewritten file that they did not find before.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "tests run the validators")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_testkit::{Project, tool};

/// How often each thing is said of each file, without places.
type Findings = BTreeMap<(PathBuf, String), usize>;

/// Lints every file that it is given: `dockerfile-utils lint` takes one file a run.
const DOCKERFILE_UTILS: &str = "
const { validate } = require(process.argv[1]);
for (const file of process.argv.slice(2)) {
    for (const found of validate(require('fs').readFileSync(file, 'utf8'))) console.log(`${file}: Error: ${found.message}`);
}";

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
    let mut files: Vec<&Path> = pairs.iter().flat_map(|(before, after)| [&**before, &**after]).collect();
    let project = Project::new();
    project.write("Dockerfile", "FROM python\nEXPOSE none\n");
    let wrong = project.path().join("Dockerfile");
    files.push(&wrong);
    for findings in [hadolint(&files), dockerfile_utils(&files)] {
        assert!(findings.keys().any(|(file, _)| *file == wrong), "a linter is silent: {findings:?}");
        for (before, after) in &pairs {
            for ((file, said), times) in findings.iter().filter(|((file, _), _)| file == after) {
                let was = findings.get(&(before.clone(), said.clone()));
                assert!(was.is_some_and(|was| times <= was), "{}: {said}", file.display());
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

fn hadolint(files: &[&Path]) -> Findings {
    let mut command = Command::new(tool("validators", "hadolint"));
    findings(command.args(["--no-color", "--format", "tty"]).args(files))
}

fn dockerfile_utils(files: &[&Path]) -> Findings {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/node/node_modules");
    let mut command = Command::new(tool("validators", "node"));
    command.args(["-e", DOCKERFILE_UTILS]).arg(modules.join("dockerfile-utils/lib/main.js")).args(files);
    findings(&mut command)
}

/// What a linter says, line by line: without the numbers of lines.
fn findings(command: &mut Command) -> Findings {
    let output = command.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let mut findings = Findings::new();
    for line in said.lines() {
        let (file, said) = line.split_once(':').unwrap_or_else(|| panic!("{said}"));
        let words = said
            .split_whitespace()
            .filter(|word| !word.contains('/') && !word.starts_with(|it: char| it.is_ascii_digit()));
        // What a linter cannot read it tells by the letter where it stopped.
        let said = if said.contains(" unexpected ") {
            "unexpected".to_owned()
        } else {
            words.collect::<Vec<_>>().join(" ")
        };
        *findings.entry((file.into(), said)).or_default() += 1;
    }
    findings
}
