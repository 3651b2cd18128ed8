//! Name, description, Python, keywords, classifiers, and what only `[tool.setuptools]` has a place for.

use uvshift_pyproject::Value;

use super::field::{Field, Origin, Told};
use super::migration::Migration;
use crate::codes;

impl Migration<'_> {
    pub(super) fn metadata(&mut self) {
        self.name();
        self.description();
        self.requires_python();
        self.keywords();
        self.classifiers();
        self.platforms();
        for name in ["provides", "obsoletes"] {
            self.names(name);
        }
    }

    fn name(&mut self) {
        let known = self.built.as_ref().and_then(|built| built.field("Name"));
        let Some(field) = self.take_told("name") else {
            if let Some(name) = known {
                self.out.manifest.metadata.name = name;
            }
            return;
        };
        match (&field.value, known) {
            (Told::Text(name), _) if is_identifier(name.trim()) => {
                name.trim().clone_into(&mut self.out.manifest.metadata.name);
                self.carry(&field, "project.name");
            }
            (_, Some(name)) => {
                self.out.manifest.metadata.name = name;
                self.change(&field, "project.name", "as the build backend says");
            }
            (Told::Text(name), None) => {
                let why = format!("`{name}` is no name of a distribution");
                self.refuse(
                    &field,
                    codes::M022,
                    &why,
                    "give the project a name of letters, digits, `-`, `_` and `.`",
                );
            }
            (value, None) => {
                let why = value.unknown().unwrap_or_else(|| "it is no string".to_owned());
                self.refuse_unknown(&field, &why);
            }
        }
    }

    fn description(&mut self) {
        let Some(field) = self.take_told("description") else { return };
        match (&field.value, &field.origins[..]) {
            (Told::Text(_), [Origin::Contents(path)]) if field.from.file == super::config::PATH => {
                self.dynamic("description");
                let file = Value::table([("file", path.as_str())]);
                self.set(&["tool", "setuptools", "dynamic"], "description", file, &field.from);
                self.carry(&field, "tool.setuptools.dynamic.description");
            }
            (Told::Text(text), _) => {
                // setuptools writes the first line only.
                let line = text.trim().lines().next().unwrap_or_default();
                let line = if text.contains('\n') { line } else { text };
                self.set(&["project"], "description", line, &field.from);
                if line == text {
                    self.carry(&field, "project.description");
                } else {
                    self.change(&field, "project.description", "setuptools takes the first line only");
                }
            }
            (value, _) => {
                let why = value.unknown().unwrap_or_else(|| "it is no string".to_owned());
                self.stay_dynamic(&field, &["description"], why);
            }
        }
    }

    fn requires_python(&mut self) {
        let Some(field) = self.take_told("python_requires") else { return };
        let built = self.built.as_ref().and_then(|built| built.field("Requires-Python"));
        match (&field.value, built) {
            (Told::Text(text), _) => {
                self.out.manifest.metadata.requires_python = Some(text.trim().to_owned());
                self.carry(&field, "project.requires-python");
            }
            (_, Some(text)) => {
                self.out.manifest.metadata.requires_python = Some(text);
                self.change(&field, "project.requires-python", "as the build backend says");
            }
            (value, None) => {
                let why = value.unknown().unwrap_or_else(|| "it is no string".to_owned());
                self.stay_dynamic(&field, &["requires-python"], why);
            }
        }
    }

    fn keywords(&mut self) {
        let Some(field) = self.take_told("keywords") else { return };
        match strings(&field, ',') {
            Some(keywords) => {
                self.set(&["project"], "keywords", Value::strings(keywords), &field.from);
                self.carry(&field, "project.keywords");
            }
            None => self.stay_dynamic(&field, &["keywords"], reason(&field)),
        }
    }

    fn classifiers(&mut self) {
        let Some(field) = self.take_told("classifiers") else { return };
        match field.value.texts() {
            Some(classifiers) => {
                self.set(&["project"], "classifiers", Value::strings(classifiers), &field.from);
                self.carry(&field, "project.classifiers");
            }
            None => self.stay_dynamic(&field, &["classifiers"], reason(&field)),
        }
    }

    fn platforms(&mut self) {
        let Some(field) = self.take_told("platforms") else { return };
        match strings(&field, ',') {
            Some(platforms) => {
                self.set(&["tool", "setuptools"], "platforms", Value::strings(platforms), &field.from);
                self.carry(&field, "tool.setuptools.platforms");
            }
            None => self.stay(&field, reason(&field)),
        }
    }

    /// `provides` and `obsoletes`, of which pyproject.toml takes plain names only.
    fn names(&mut self, name: &str) {
        let Some(field) = self.take_told(name) else { return };
        match field.value.texts().filter(|names| names.iter().all(|name| is_identifier(name))) {
            Some(names) => {
                self.set(&["tool", "setuptools"], name, Value::strings(names), &field.from);
                self.carry(&field, &format!("tool.setuptools.{name}"));
            }
            None => self.stay(&field, "pyproject.toml takes plain names only"),
        }
    }
}

/// Why a value stays.
pub(super) fn reason(field: &Field) -> String {
    field.value.unknown().unwrap_or_else(|| "pyproject.toml cannot say it".to_owned())
}

/// The strings of a list, or of a string that setuptools splits itself.
pub(super) fn strings(field: &Field, separator: char) -> Option<Vec<String>> {
    match &field.value {
        Told::Text(text) => {
            // A line end never separated these; setuptools turns each into a comma.
            let chunks = text.split([separator, '\n']).map(str::trim).filter(|chunk| !chunk.is_empty());
            Some(chunks.map(str::to_owned).collect())
        }
        value => value.texts(),
    }
}

/// Whether a text is a name by PEP 508.
pub(super) fn is_identifier(text: &str) -> bool {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.chars().all(inner) && ends(text.chars().next()) && ends(text.chars().next_back())
}
