//! The license and its files.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_pyproject::Value;

use super::field::{Field, Told};
use super::metadata::reason;
use super::migration::Migration;

/// Licenses of the SPDX list that Python projects use; setuptools refuses what is not on the whole list.
const LICENSES: &[&str] = &[
    "0BSD",
    "AFL-3.0",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "EPL-2.0",
    "EUPL-1.2",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "HPND",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MulanPSL-2.0",
    "NCSA",
    "OFL-1.1",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
    "UPL-1.0",
    "Vim",
    "WTFPL",
    "ZPL-2.1",
    "Zlib",
];

/// The first setuptools that knows license expressions (PEP 639).
pub(super) const EXPRESSIONS_SINCE: &str = "77";

impl Migration<'_> {
    pub(super) fn license(&mut self) {
        let expression = self.take_told("license_expression");
        let license = self.take_told("license").or_else(|| self.take_told("licence"));
        let file = self.take_told("license_file");
        let files = self.take_told("license_files");
        let written =
            expression.is_some() || license.as_ref().is_some_and(|license| self.is_expression(license));
        for field in expression.iter().chain(&license) {
            self.one_license(field, written);
        }
        let fields: Vec<Field> = files.into_iter().chain(file).collect();
        self.license_files(&fields, written);
    }

    fn one_license(&mut self, field: &Field, is_expression: bool) {
        match &field.value {
            Told::Text(text) if is_expression => {
                self.set(&["project"], "license", text.as_str(), &field.from);
                self.carry(field, "project.license");
            }
            Told::Text(text) => {
                self.set(&["project"], "license", Value::table([("text", text.as_str())]), &field.from);
                self.carry(field, "project.license.text");
            }
            _ => self.stay_dynamic(field, &["license"], reason(field)),
        }
    }

    /// Patterns, and the one file of the old key after them.
    fn license_files(&mut self, fields: &[Field], is_expression: bool) {
        let patterns: Option<Vec<String>> = fields
            .iter()
            .map(|field| match &field.value {
                Told::Text(text) if field.name == "license_file" => Some(vec![text.clone()]),
                value => value.texts(),
            })
            .collect::<Option<Vec<_>>>()
            .map(|lists| lists.concat());
        let Some(first) = fields.first() else { return };
        let Some(mut patterns) = patterns else {
            for field in fields {
                self.stay(field, reason(field));
            }
            return;
        };
        patterns.dedup();
        let table: &[&str] = if is_expression { &["project"] } else { &["tool", "setuptools"] };
        self.set(table, "license-files", Value::strings(patterns), &first.from);
        for field in fields {
            self.carry(field, &format!("{}.license-files", table.join(".")));
        }
    }

    /// Whether the text may be written as an expression: it is one, nothing contradicts it, and every Python of the
    /// project has a setuptools that knows expressions.
    fn is_expression(&self, license: &Field) -> bool {
        let Told::Text(text) = &license.value else { return false };
        let classified = self.out.manifest.settings.iter().any(|setting| {
            setting.key == "classifiers" && format!("{:?}", setting.value).contains("License :: ")
        });
        let open = self.out.manifest.metadata.dynamic.iter().any(|field| field == "classifiers");
        is_spdx(text) && !classified && !open && self.has_new_pythons_only()
    }

    fn has_new_pythons_only(&self) -> bool {
        let text = self.out.manifest.metadata.requires_python.as_deref().unwrap_or_default();
        let Ok(specifiers) = VersionSpecifiers::from_str(text) else { return false };
        let old = ["2.7", "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.7.99", "3.8", "3.8.99"];
        !text.trim().is_empty()
            && old.iter().all(|old| Version::from_str(old).is_ok_and(|old| !specifiers.contains(&old)))
    }
}

/// Whether a text is an SPDX expression letter by letter.
fn is_spdx(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words.len() % 2 == 1
        && words.iter().enumerate().all(|(at, word)| match at % 2 {
            0 => LICENSES.contains(word),
            _ => matches!(*word, "AND" | "OR"),
        })
}

#[cfg(test)]
mod tests {
    use super::is_spdx;

    #[test]
    fn expressions_are_told_from_words() {
        for text in ["MIT", "MIT OR Apache-2.0", "BSD-3-Clause AND MIT"] {
            assert!(is_spdx(text), "{text}");
        }
        for text in ["mit", "MIT License", "BSD", "MIT or Apache-2.0", "MIT OR", "", "Apache 2.0"] {
            assert!(!is_spdx(text), "{text}");
        }
    }
}
