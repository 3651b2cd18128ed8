//! One look at every file that may be CI, a container or a script, or that speaks of Python versions or of secrets.

use uvshift_project::python::{Evidence, evidence, is_evidence_file};
use uvshift_project::{Provenance, redacted};

use super::model::Place;
use super::places::{self, Area, Kind, Syntax};
use super::{Given, calls, containers};

/// What the look gave.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) ci: Vec<Place>,
    pub(super) containers: Vec<Place>,
    pub(super) scripts: Vec<Place>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) unread: Vec<String>,
    /// Lines with credentials in a URL.
    pub(super) secrets: Vec<Provenance>,
    /// Settings of pip in files and variables, which uv does not read.
    pub(super) pip_settings: Vec<Provenance>,
}

/// Looks at the files in their order.
pub(super) fn walk(given: &Given<'_>) -> Walked {
    let mut walked = Walked::default();
    for path in given.tree.files() {
        let kind = places::kind(path);
        let is_evidence = is_evidence_file(path);
        let is_setting = is_pip_settings(path);
        if kind.is_none() && !is_evidence && !is_setting && !may_hold_secrets(path) {
            continue;
        }
        let Some(text) = given.tree.text(path).filter(|text| !text.contains('\0')) else {
            // In a folder of scripts lies many a program, too.
            if !kind.is_some_and(|kind| is_bare_script(path, kind)) {
                walked.unread.push(path.clone());
            }
            continue;
        };
        if is_evidence {
            walked.evidence.extend(evidence(path, &text));
        }
        if is_setting {
            walked.pip_settings.push(Provenance::new(path.clone(), 1));
        }
        walked.secrets.extend(secrets(path, &text));
        if let Some(kind) = kind {
            walked.take(path, &text, kind);
        }
    }
    for (folder, layout) in &given.layouts {
        for file in &layout.files {
            let path = crate::members::joined(folder, &file.path);
            walked.evidence.extend(evidence(&path, &file.decoded.text));
            walked.secrets.extend(secrets(&path, &file.decoded.text));
        }
    }
    walked
}

impl Walked {
    fn take(&mut self, path: &str, text: &str, kind: Kind) {
        if is_bare_script(path, kind) && !is_shell(text) {
            return;
        }
        let place = Place {
            path: path.to_owned(),
            system: kind.system,
            calls: calls::calls(text, kind.syntax),
            python: python(path, text, kind),
            images: if kind.area == Area::Container {
                containers::images(text, kind.syntax)
            } else {
                Vec::new()
            },
        };
        self.pip_settings.extend(pip_variables(path, text));
        match kind.area {
            Area::Ci => self.ci.push(place),
            Area::Container => self.containers.push(place),
            Area::Script if place.calls.is_empty() => {}
            Area::Script => self.scripts.push(place),
        }
    }
}

/// Whether it is taken for a script by its folder alone.
fn is_bare_script(path: &str, kind: Kind) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    kind.area == Area::Script && kind.system == "script" && !name.contains('.')
}

/// Whether the first line names a shell.
fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.starts_with("#!") && first.contains("sh")
}

/// The Python versions of a CI file or of an image. An image counts wherever it is, so it is read by another name.
fn python(path: &str, text: &str, kind: Kind) -> Vec<String> {
    let found = match (kind.area, kind.syntax) {
        (Area::Container, Syntax::Docker) => evidence("Dockerfile", text),
        (Area::Ci, _) => evidence(path, text),
        _ => Vec::new(),
    };
    let mut versions: Vec<(u8, u8)> = found.iter().flat_map(|found| found.versions.iter().copied()).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.iter().map(|(major, minor)| format!("{major}.{minor}")).collect()
}

/// The settings file of pip, in a place where somebody puts it to use.
fn is_pip_settings(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "pip.conf" | "pip.ini")
}

/// Other files at the root that may say where packages come from.
fn may_hold_secrets(path: &str) -> bool {
    matches!(
        path,
        "Pipfile"
            | "pyproject.toml"
            | "setup.cfg"
            | "setup.py"
            | "environment.yml"
            | "environment.yaml"
            | ".env"
            | "uv.toml"
            | ".pypirc"
    )
}

/// The lines whose URLs have credentials that are no reference to a variable, and the passwords of `.pypirc`.
fn secrets(path: &str, text: &str) -> Vec<Provenance> {
    if path == ".pypirc" {
        let is_password = |line: &str| {
            let (key, value) = line.split_once(['=', ':']).unwrap_or_default();
            key.trim() == "password" && !value.trim().is_empty()
        };
        let lines = text.lines().enumerate().filter(|(_, line)| is_password(line));
        return lines.map(|(index, _)| Provenance::new(path, index + 1)).collect();
    }
    if !text.contains("://") {
        return Vec::new();
    }
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains("://") && has_secret(line));
    lines.map(|(index, _)| Provenance::new(path, index + 1)).collect()
}

/// Whether a URL that packages can come from is covered where it is shown. Databases have passwords too, which are none
/// of an index.
fn has_secret(line: &str) -> bool {
    line.split(|letter: char| letter.is_whitespace() || "'\"`<>(),".contains(letter)).any(|word| {
        let Some(at) = word.find("://") else { return false };
        let scheme = word.get(..at).unwrap_or_default();
        let is_of_packages = ["http", "https", "ftp"].iter().any(|end| scheme.ends_with(end));
        let user = word.get(at + 3..).unwrap_or_default().split(['/', '@']).next().unwrap_or_default();
        is_of_packages && !user.contains(['$', '{', '%']) && redacted(word) != word
    })
}

/// Variables that configure pip and say nothing to uv.
fn pip_variables(path: &str, text: &str) -> Vec<Provenance> {
    const NAMES: [&str; 7] = [
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_TRUSTED_HOST",
        "PIP_FIND_LINKS",
        "PIP_CONSTRAINT",
        "PIP_CONFIG_FILE",
        "PIP_NO_BINARY",
    ];
    if !text.contains("PIP_") {
        return Vec::new();
    }
    let sets = |line: &str| {
        !line.trim_start().starts_with('#')
            && NAMES.iter().any(|name| {
                line.find(name).is_some_and(|at| {
                    let after = line.get(at + name.len()..).unwrap_or_default();
                    after.starts_with(['=', ':', '"', '\'']) || after.trim_start().starts_with(['=', ':'])
                })
            })
    };
    let lines = text.lines().enumerate().filter(|(_, line)| sets(line));
    lines.map(|(index, _)| Provenance::new(path, index + 1)).collect()
}
