//! What the files say afterwards, for the proof at the end of a run and for `uvshift verify`.

use serde_json::{Value, json};
use uvshift_pyproject::{PyProject, Scope};
use uvshift_requirements::{Requirement, decode, meaning, parse};

use super::draft::parsed;
use super::pyproject;

/// The file that is edited by its own rules.
pub(super) const PYPROJECT: &str = "pyproject.toml";

/// What one file says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    /// The file.
    pub(super) file: String,
    /// The part of it that counts.
    pub(super) scope: Scope,
    /// The normalised name.
    pub(super) name: String,
    /// The requirements that are there, by meaning; empty where there is none.
    pub(super) requirements: Vec<String>,
}

impl Expected {
    /// Notes that a requirement is there, or that there is none any more.
    pub(super) fn set(all: &mut Vec<Self>, file: &str, scope: &Scope, name: &str, requirement: Option<&str>) {
        let is_same = |known: &&mut Self| known.file == file && known.scope == *scope && known.name == name;
        match (all.iter_mut().find(is_same), requirement) {
            (Some(known), Some(requirement)) => known.requirements.push(requirement.to_owned()),
            (Some(known), None) => known.requirements.clear(),
            (None, requirement) => all.push(Self {
                file: file.to_owned(),
                scope: scope.clone(),
                name: name.to_owned(),
                requirements: requirement.map(str::to_owned).into_iter().collect(),
            }),
        }
    }

    /// In what a file differs from what is expected of it, in words.
    pub(super) fn difference(&self, bytes: Option<&[u8]>) -> Option<String> {
        let name = &self.name;
        let Some(bytes) = bytes else { return Some("the file is gone".to_owned()) };
        let Some(found) = self.found(bytes) else { return Some("the file cannot be read".to_owned()) };
        let means =
            |wanted: &Requirement| found.iter().any(|found| meaning::difference(wanted, found).is_none());
        let missing = self.requirements.iter().find(|wanted| !parsed(wanted).as_ref().is_some_and(means));
        if let Some(missing) = missing {
            return Some(format!("`{missing}` is not in `{}`", self.scope.key()));
        }
        let is_too_much = self.requirements.is_empty() && !found.is_empty();
        is_too_much.then(|| format!("`{name}` is still in `{}`", self.scope.key()))
    }

    /// The requirements of the package that a file holds.
    fn found(&self, bytes: &[u8]) -> Option<Vec<Requirement>> {
        let is_it = |found: &Requirement| found.normalized_name().as_deref() == Some(&self.name);
        if self.file == PYPROJECT {
            let document = PyProject::parse(std::str::from_utf8(bytes).ok()?).ok()?;
            let texts = pyproject::texts(&document, &self.scope);
            return Some(texts.iter().filter_map(|text| parsed(text)).filter(is_it).collect());
        }
        let document = parse(&decode(bytes).ok()?.text);
        Some(document.requirements().map(|(_, found)| found.clone()).filter(is_it).collect())
    }

    /// For the label of a journal.
    pub(super) fn to_json(&self) -> Value {
        let (kind, name) = match &self.scope {
            Scope::Main => ("main", None),
            Scope::Extra(name) => ("extra", Some(name)),
            Scope::Group(name) => ("group", Some(name)),
        };
        json!({
            "file": self.file, "scope": [kind, name], "name": self.name, "requirements": self.requirements,
        })
    }

    /// Back from the label.
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let scope = match value["scope"][0].as_str()? {
            "main" => Scope::Main,
            "extra" => Scope::Extra(text(&value["scope"][1])?),
            _ => Scope::Group(text(&value["scope"][1])?),
        };
        let requirements = value["requirements"].as_array()?.iter().filter_map(text).collect();
        Some(Self { file: text(&value["file"])?, scope, name: text(&value["name"])?, requirements })
    }
}
