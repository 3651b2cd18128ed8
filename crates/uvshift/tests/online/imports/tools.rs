//! The tools, and what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use uvshift_testkit::{Project, tool, uv};

use super::truth::{Truth, normalized};
use crate::programs::{Tree, command, run, uvshift};

/// The Python of the environments and of deptry.
const PYTHON: &str = "3.11";

/// Distributions that a tool reports, by rule.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) unused: BTreeSet<String>,
    pub(crate) missing: BTreeSet<String>,
    pub(crate) transitive: BTreeSet<String>,
}

/// An environment with what the project declares, which later runs find again.
pub(crate) fn environment(truth: &Truth) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("environments");
    let path = folder.join(format!("{}-{}", truth.name, truth.version));
    let (wanted, stamp) = (truth.environment.join("\n"), path.join("installed.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return path;
    }
    fs::create_dir_all(&folder).expect("a folder for the environments");
    succeed(command(uv()).args(["venv", "--quiet", "--clear", "--python", PYTHON]).arg(&path));
    let python = path.join("bin/python");
    let mut install = command(uv());
    install.args(["pip", "install", "--quiet", "--python"]).arg(python).args(&truth.environment);
    succeed(&mut install);
    fs::write(stamp, wanted).expect("a stamp can be written");
    path
}

/// `uvshift deps`. Without an environment it knows what files say, and what its tables say. A note about an import claims no defect: it
/// is guarded, or of an example.
pub(crate) fn uvshift_says(project: &Tree, environment: Option<&Path>) -> Told {
    let mut words = vec!["deps", "--exit-zero"];
    if let Some(environment) = environment {
        words.extend(["--environment", environment.to_str().expect("a path of ours")]);
    }
    let ran = uvshift(&words, &project.path);
    let report: Value = serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|error| panic!("uvshift deps: {error}: {}", ran.tail()));
    let mut told = Told::default();
    for finding in report["findings"].as_array().expect("a list of findings") {
        let package = finding["package"].as_str().unwrap_or_default().to_owned();
        let is_note = finding["severity"] == "note";
        match finding["rule"].as_str() {
            Some("unused") => told.unused.insert(package),
            Some("missing") if !is_note => told.missing.insert(package),
            Some("transitive") if !is_note => told.transitive.insert(package),
            _ => false,
        };
    }
    told
}

/// deptry, which finds what is installed on its path. It names modules, which the facts turn into distributions.
pub(crate) fn deptry(truth: &Truth, project: &Tree, environment: &Path) -> Told {
    let beside = Project::new();
    let report = beside.path().join("report.json");
    let mut running = Command::new(tool("deptry", "deptry"));
    running.current_dir(&project.path).env("NO_COLOR", "1").env_remove("VIRTUAL_ENV");
    running.env("PYTHONPATH", environment.join(format!("lib/python{PYTHON}/site-packages")));
    running.arg(".").arg("--json-output").arg(&report).args(&truth.deptry);
    for (option, lines) in
        [("--requirements-files", &truth.requirements), ("--requirements-files-dev", &truth.requirements_dev)]
    {
        if !lines.is_empty() {
            let file = beside.write(&format!("{}.txt", &option[2..]), lines.join("\n"));
            running.arg(option).arg(file);
        }
    }
    let ran = run(&mut running);
    let text = fs::read(&report).unwrap_or_else(|_| panic!("deptry on {}: {}", truth.name, ran.tail()));
    let violations: Value = serde_json::from_slice(&text).expect("deptry writes JSON");
    let mut told = Told::default();
    for violation in violations.as_array().expect("a list of violations") {
        let module = violation["module"].as_str().unwrap_or_default();
        match violation["error"]["code"].as_str() {
            Some("DEP001") => told.missing.insert(truth.package_of(module)),
            Some("DEP002") => told.unused.insert(normalized(module)),
            Some("DEP003") => told.transitive.insert(truth.package_of(module)),
            _ => false,
        };
    }
    told
}

fn succeed(command: &mut Command) {
    let ran = run(command);
    assert!(ran.succeeded(), "{}", String::from_utf8_lossy(&ran.stderr));
}
