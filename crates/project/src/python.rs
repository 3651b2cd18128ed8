//! Which Python versions a project supports, told from what its files say. Nothing is run: `setup.py` and
//! `noxfile.py` are read as text.
//!
//! ```
//! use uvshift_project::python::{choose, evidence};
//!
//! let mut found = evidence(".github/workflows/ci.yml", "matrix:\n  python-version: [3.9, 3.10]\n");
//! found.extend(evidence("Dockerfile", "FROM python:3.11-slim\n"));
//! let choice = choose(&found).unwrap();
//! assert_eq!(choice.requires_python, ">=3.9");
//! assert_eq!(found[choice.because[0]].to_string(), ".github/workflows/ci.yml:2: CI matrix 3.9, 3.10");
//! ```

use std::fmt;

mod token;

mod ci;
mod container;
mod packaging;
mod pinned;
mod yaml;

mod choose;

#[cfg(test)]
mod tests;

pub use choose::{Choice, choose};

/// One place that says something about Python versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The file, relative to the project.
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// What kind of place it is.
    pub what: EvidenceKind,
    /// What stands there: a range such as `>=3.9`, or versions as written, separated by `, `.
    pub specifier: String,
    /// The versions of it as major and minor, in the order of the file. A range has none.
    pub versions: Vec<(u8, u8)>,
    /// Interpreters that are not `CPython`, as written.
    pub skipped: Vec<String>,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// `project.requires-python` of pyproject.toml.
    PyprojectRequiresPython,
    /// `python_requires` of setup.cfg or setup.py.
    SetupPythonRequires,
    /// A GitHub workflow.
    Workflow,
    /// GitLab CI.
    GitlabCi,
    /// Another CI service: `CircleCI`, Travis, Azure, Bitbucket.
    OtherCi,
    /// `envlist` of tox.
    Tox,
    /// Sessions of nox.
    Nox,
    /// `Programming Language :: Python :: 3.9`.
    Classifier,
    /// `.python-version` or `.tool-versions`.
    PythonVersionFile,
    /// `runtime.txt`, which Heroku reads.
    RuntimeTxt,
    /// A base image of a Dockerfile.
    Dockerfile,
    /// `[requires]` of a Pipfile.
    Pipfile,
    /// The header that pip-compile or `uv pip compile` writes.
    CompiledHeader,
    /// The build of Read the Docs.
    ReadTheDocs,
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PyprojectRequiresPython => "requires-python",
            Self::SetupPythonRequires => "python_requires",
            Self::Workflow | Self::GitlabCi | Self::OtherCi => "CI matrix",
            Self::Tox => "tox envlist",
            Self::Nox => "nox session",
            Self::Classifier => "classifiers",
            Self::PythonVersionFile | Self::RuntimeTxt => "pinned",
            Self::Dockerfile => "base image",
            Self::Pipfile => "python_version",
            Self::CompiledHeader => "compiled with",
            Self::ReadTheDocs => "documentation build",
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {} {}", self.file, self.line, self.what, self.specifier)
    }
}

/// The files that can say something, by their path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Pyproject,
    SetupPy,
    SetupCfg,
    Pipfile,
    PythonVersion,
    ToolVersions,
    Runtime,
    Dockerfile,
    Workflow,
    Gitlab,
    Circle,
    Travis,
    OtherCi,
    ReadTheDocs,
    ToxIni,
    ToxToml,
    Nox,
}

/// Folders at the root whose Dockerfiles are those of the project.
const CONTAINER_FOLDERS: &[&str] = &[
    "docker",
    ".docker",
    "dockerfiles",
    "deploy",
    "deployment",
    "build",
    "ci",
    "compose",
    "containers",
    ".devcontainer",
    "infra",
    "ops",
];

fn kind_of(path: &str) -> Option<FileKind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_yaml = matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")));
    let lower = name.to_ascii_lowercase();
    let is_container = ["dockerfile", "containerfile"].iter().any(|word| {
        lower == *word || lower.starts_with(&format!("{word}.")) || lower.ends_with(&format!(".{word}"))
    });
    if is_container {
        let first = folder.split('/').next().unwrap_or_default();
        return (folder.is_empty() || CONTAINER_FOLDERS.contains(&first)).then_some(FileKind::Dockerfile);
    }
    match folder {
        ".github/workflows" if is_yaml => return Some(FileKind::Workflow),
        ".circleci" if is_yaml => return Some(FileKind::Circle),
        ".azure-pipelines" | ".pipelines" if is_yaml => return Some(FileKind::OtherCi),
        "" => {}
        _ if is_yaml && folder.starts_with(".github/actions/") => return Some(FileKind::Workflow),
        _ if is_yaml && (folder == ".gitlab" || folder.starts_with(".gitlab/")) => {
            return Some(FileKind::Gitlab);
        }
        // Below the root stand other projects, examples and test data.
        _ => return None,
    }
    Some(match name {
        "pyproject.toml" => FileKind::Pyproject,
        "setup.py" => FileKind::SetupPy,
        "setup.cfg" => FileKind::SetupCfg,
        "Pipfile" => FileKind::Pipfile,
        ".python-version" | ".python-versions" => FileKind::PythonVersion,
        ".tool-versions" => FileKind::ToolVersions,
        "runtime.txt" => FileKind::Runtime,
        "tox.ini" => FileKind::ToxIni,
        "tox.toml" => FileKind::ToxToml,
        "noxfile.py" => FileKind::Nox,
        _ if is_yaml => match name.rsplit_once('.')?.0 {
            ".gitlab-ci" => FileKind::Gitlab,
            ".travis" => FileKind::Travis,
            ".readthedocs" | "readthedocs" => FileKind::ReadTheDocs,
            "bitbucket-pipelines" | ".cirrus" | ".drone" => FileKind::OtherCi,
            stem if stem.starts_with("azure-pipeline") || stem.starts_with(".azure-pipeline") => {
                FileKind::OtherCi
            }
            stem if stem.ends_with(".gitlab-ci") => FileKind::Gitlab,
            _ => return None,
        },
        _ => return None,
    })
}

/// Whether [`evidence`] knows a file by its path. The header of compiled requirements is found in any file.
pub fn is_evidence_file(path: &str) -> bool {
    kind_of(path).is_some()
}

/// Everything that a file says about Python versions. A file that cannot be read, or that is of no known kind,
/// says nothing.
pub fn evidence(file: &str, text: &str) -> Vec<Evidence> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Found { file, evidence: Vec::new() };
    match kind_of(file) {
        Some(FileKind::Pyproject) => packaging::pyproject(text, &mut found),
        Some(FileKind::SetupPy) => packaging::setup_py(text, &mut found),
        Some(FileKind::SetupCfg) => packaging::setup_cfg(text, &mut found),
        Some(FileKind::Pipfile) => packaging::pipfile(text, &mut found),
        Some(FileKind::PythonVersion) => pinned::python_version(text, &mut found),
        Some(FileKind::ToolVersions) => pinned::tool_versions(text, &mut found),
        Some(FileKind::Runtime) => pinned::runtime(text, &mut found),
        Some(FileKind::Dockerfile) => container::dockerfile(text, &mut found),
        Some(FileKind::Workflow) => yaml::scan(text, EvidenceKind::Workflow, &mut found),
        Some(FileKind::Gitlab) => yaml::scan(text, EvidenceKind::GitlabCi, &mut found),
        Some(FileKind::Circle | FileKind::Travis | FileKind::OtherCi) => {
            yaml::scan(text, EvidenceKind::OtherCi, &mut found);
        }
        Some(FileKind::ReadTheDocs) => yaml::scan(text, EvidenceKind::ReadTheDocs, &mut found),
        Some(FileKind::ToxIni) => ci::tox_ini(text, "tox", 0, &mut found),
        Some(FileKind::ToxToml) => ci::tox_toml(text, &mut found),
        Some(FileKind::Nox) => ci::nox(text, &mut found),
        None => pinned::compiled_header(text, &mut found),
    }
    found.evidence
}

/// What has been found in a file so far.
struct Found<'a> {
    file: &'a str,
    evidence: Vec<Evidence>,
}

impl Found<'_> {
    /// A range.
    fn range(&mut self, line: usize, what: EvidenceKind, specifier: &str) {
        self.push(line, what, specifier.trim().to_owned(), Vec::new(), Vec::new());
    }

    /// Versions as written; what names none is left out, and if none does there is no evidence.
    fn versions<S: AsRef<str>>(
        &mut self,
        line: usize,
        what: EvidenceKind,
        written: impl IntoIterator<Item = S>,
    ) {
        let (mut texts, mut versions, mut skipped): (Vec<String>, Vec<(u8, u8)>, Vec<String>) =
            Default::default();
        for text in written {
            let text = token::unquoted(text.as_ref());
            match token::read(text) {
                token::Token::Version(version) if versions.contains(&version) => {}
                token::Token::Version(version) => {
                    versions.push(version);
                    texts.push(text.to_owned());
                }
                token::Token::OtherInterpreter => {
                    skipped.push(text.to_owned());
                    texts.push(text.to_owned());
                }
                token::Token::Nothing => {}
            }
        }
        if !texts.is_empty() {
            self.push(line, what, texts.join(", "), versions, skipped);
        }
    }

    fn push(
        &mut self,
        line: usize,
        what: EvidenceKind,
        specifier: String,
        versions: Vec<(u8, u8)>,
        skipped: Vec<String>,
    ) {
        let file = self.file.to_owned();
        let evidence = Evidence { file, line, what, specifier, versions, skipped };
        if !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }
}

/// The line of a byte, from 1.
fn line_at(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
