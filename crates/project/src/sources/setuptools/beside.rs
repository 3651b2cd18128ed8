//! setup.py and setup.cfg beside a `[project]` table that is there already.

use super::field::{Field, Told};
use super::migration::Migration;
use crate::Outcome;

/// The attributes that `[project]` has a field for; setuptools takes no other value than that of pyproject.toml for
/// them, unless the field is dynamic.
const FIELDS: [(&str, &str); 19] = [
    ("name", "name"),
    ("version", "version"),
    ("description", "description"),
    ("long_description", "readme"),
    ("long_description_content_type", "readme"),
    ("python_requires", "requires-python"),
    ("license", "license"),
    ("license_expression", "license"),
    ("author", "authors"),
    ("author_email", "authors"),
    ("maintainer", "maintainers"),
    ("maintainer_email", "maintainers"),
    ("keywords", "keywords"),
    ("classifiers", "classifiers"),
    ("project_urls", "urls"),
    ("entry_points", "entry-points"),
    ("install_requires", "dependencies"),
    ("extras_require", "optional-dependencies"),
    ("setup_requires", ""),
];

impl Migration<'_> {
    /// Only dependencies are moved, where they are dynamic; the rest goes on as it is.
    pub(super) fn beside_project(&mut self) {
        let Some(pyproject) = self.given.pyproject else { return };
        let known = self.field("install_requires").and_then(|field| self.lines(&field.value, &field.from));
        if known.is_some() {
            self.out.manifest.undynamic = true;
            self.install_requires();
        }
        for field in std::mem::take(&mut self.fields) {
            let of_project =
                FIELDS.iter().find(|(attribute, _)| field.name == *attribute).map(|(_, key)| *key);
            match of_project {
                Some(key) if !key.is_empty() && !pyproject.is_dynamic(key) => self.stay_unread(&field),
                _ => self.stay(&field, "`[project]` is there, and setuptools reads the rest here"),
            }
        }
    }

    fn stay_unread(&mut self, field: &Field) {
        let why = "`[project]` is there, and setuptools ignores this".to_owned();
        if field.value == Told::Nothing {
            return self.drop_field(field, "it says nothing");
        }
        for (home, from) in &field.homes {
            let outcome = Outcome::Dropped { why: why.clone() };
            self.entry(from.clone(), super::migration::told(home), outcome);
            self.stays.push((home.clone(), why.clone()));
        }
    }
}
