//! The long description with its content type.

use uvshift_pyproject::Value;

use super::field::{Field, Origin, Told};
use super::migration::Migration;
use crate::codes;

/// What a description is read as when nobody says what it is (core metadata, `Description-Content-Type`).
const DEFAULT_TYPE: &str = "text/x-rst";

impl Migration<'_> {
    pub(super) fn readme(&mut self) {
        let content_type = self.take_told("long_description_content_type");
        let Some(field) = self.take_told("long_description") else {
            if let Some(content_type) = content_type {
                self.drop_field(&content_type, "there is no long description");
            }
            return;
        };
        let said = match content_type.as_ref().map(|field| &field.value) {
            None => Some(None),
            Some(Told::Text(text)) => Some(Some(text.trim().to_owned())),
            Some(_) => None,
        };
        let value = said.as_ref().and_then(|said| self.readme_value(&field, said.as_deref()));
        let Some((table, key, value)) = value else {
            let why = field.value.unknown();
            let why = why.unwrap_or_else(|| "it is more than the text of one file".to_owned());
            self.stay_dynamic(&field, &["readme"], why);
            if let Some(content_type) = content_type {
                self.stay(&content_type, "it belongs to the long description");
            }
            return;
        };
        let to = [table.join("."), key.to_owned()].join(".");
        self.set(&table, key, value, &field.from);
        if table.len() > 1 {
            self.dynamic("readme");
        }
        for field in [Some(field), content_type].into_iter().flatten() {
            self.carry(&field, &to);
        }
    }

    /// Where the description goes, if pyproject.toml can say it.
    fn readme_value(
        &mut self,
        field: &Field,
        said: Option<&str>,
    ) -> Option<(Vec<&'static str>, &'static str, Value)> {
        let Told::Text(text) = &field.value else { return None };
        let content_type = said.unwrap_or(DEFAULT_TYPE);
        match &field.origins[..] {
            [] => {
                let table = [("text", text.as_str()), ("content-type", content_type)];
                Some((vec!["project"], "readme", Value::table(table)))
            }
            [Origin::Contents(path)] if self.same_text(std::slice::from_ref(path), text) => {
                let path = path.trim_start_matches("./");
                let value = self.readme_file(field, path, said);
                Some((vec!["project"], "readme", value))
            }
            [Origin::Joined(paths)] if self.same_text(paths, text) => {
                let value = Value::Table(vec![
                    ("file".to_owned(), Value::strings(paths)),
                    ("content-type".to_owned(), content_type.into()),
                ]);
                Some((vec!["tool", "setuptools", "dynamic"], "readme", value))
            }
            _ => None,
        }
    }

    /// `"README.md"` where its ending says the same as the content type, and both where it does not.
    fn readme_file(&mut self, field: &Field, path: &str, said: Option<&str>) -> Value {
        let guessed = match path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
            Some("md") => Some("text/markdown"),
            Some("rst") => Some(DEFAULT_TYPE),
            Some("txt") => Some("text/plain"),
            _ => None,
        };
        if said.is_none() && guessed == Some("text/markdown") {
            let message =
                format!("nobody says that `{path}` is Markdown, so it is published as reStructuredText");
            self.note(
                field,
                codes::M023,
                &message,
                "write `readme = \"README.md\"` in `[project]` afterwards",
            );
        }
        let content_type = said.unwrap_or(DEFAULT_TYPE);
        if guessed == Some(content_type) {
            return path.into();
        }
        Value::table([("file", path), ("content-type", content_type)])
    }

    /// Whether setuptools gets this text when it joins the files.
    fn same_text(&self, paths: &[String], text: &str) -> bool {
        let texts: Option<Vec<String>> =
            paths.iter().map(|path| self.given.tree.text(path.trim_start_matches("./"))).collect();
        let inside =
            paths.iter().all(|path| !path.starts_with('/') && !path.split('/').any(|part| part == ".."));
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        inside && texts.is_some_and(|texts| plain(&texts.join("\n")) == plain(text))
    }
}
