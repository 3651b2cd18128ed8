//! `[workspace]`, which older files call `[project]`: what the project is, and where conda looks.

use uvshift_pyproject::Value;

use super::{Reader, UNKNOWN};
use crate::sources::conda::is_public;
use crate::sources::entry::{carry, change, leave_out, refuse};

/// Whether a distribution can be called so (PEP 508).
fn is_name(text: &str) -> bool {
    let is_edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
        && is_edge(text.chars().next())
        && is_edge(text.chars().next_back())
}

impl<'a> Reader<'a, '_> {
    pub(super) fn workspace(&mut self, table: &'a str) {
        for (key, _) in self.table(&[table]) {
            let path = [table, key];
            match key {
                "name" | "version" => self.identity(&path, key),
                "description" => self.describe(&path, &["project"], key),
                "homepage" => self.describe(&path, &["project", "urls"], "Homepage"),
                "repository" => self.describe(&path, &["project", "urls"], "Repository"),
                "documentation" => self.describe(&path, &["project", "urls"], "Documentation"),
                "authors" => self.authors(&path),
                "channels" => self.channels(&path),
                "pypi-options" => self.options(&path),
                "license" | "license-file" | "readme" => {
                    self.leave_out(&path, "nothing reads it but a build, and Pixi built nothing");
                }
                "requires-pixi" | "preview" => self.leave_out(&path, "it is about Pixi itself"),
                // `packages` look it up.
                "dependencies" => {
                    self.leave_out(&path, "the packages that say `workspace = true` have it from here");
                }
                "platforms" | "channel-priority" | "solve-strategy" => {
                    let part = super::Part { path: vec![table], scope: crate::Scope::Main, marker: None };
                    self.key(&part, key);
                }
                _ => self.refuse(&path, "uvshift does not know what it is for uv", UNKNOWN),
            }
        }
    }

    /// Another file that names the project has said it already.
    fn is_named_elsewhere(&self) -> bool {
        self.given.tree.has("setup.py")
            || self.given.pyproject.is_some_and(uvshift_pyproject::PyProject::has_project)
    }

    fn identity(&mut self, path: &[&str; 2], key: &str) {
        let text = self.document.toml.get(path).and_then(|item| item.as_str()).unwrap_or_default().to_owned();
        let fits = match key {
            "name" => is_name(&text),
            _ => text.parse::<pep440_rs::Version>().is_ok(),
        };
        if self.is_named_elsewhere() {
            return self.leave_out(path, "another file says what the project is called");
        }
        if !fits {
            return self.leave_out(path, format!("no distribution can have this {key}"));
        }
        let metadata = &mut self.out.manifest.metadata;
        let place = if key == "name" { &mut metadata.name } else { &mut metadata.version };
        *place = text;
        carry(self.out, self.document.from(path), &self.document.written(path), format!("project.{key}"));
    }

    fn describe(&mut self, path: &[&str; 2], table: &[&str], key: &str) {
        let Some(text) = self.document.toml.get(path).and_then(|item| item.as_str()) else {
            return self.refuse(path, "it is no text", "put it in quotes, or remove it");
        };
        if self.is_named_elsewhere() {
            return self.leave_out(path, "another file describes the project");
        }
        if uvshift_requirements::redacted(text) != text {
            return self.refuse(path, "it has a password in it", "take the password out");
        }
        let (from, written) = (self.from(path), self.document.written(path));
        self.out.manifest.set(table, key, text, &from);
        carry(self.out, from, &written, format!("{}.{key}", table.join(".")));
    }

    /// `Name <mail>`, or a name alone.
    fn authors(&mut self, path: &[&str; 2]) {
        if self.is_named_elsewhere() {
            return self.leave_out(path, "another file describes the project");
        }
        let (items, from) = (self.document.toml.items(path), self.from(path));
        let people = items.iter().map(|(item, _)| {
            let (name, mail) = match item.text.split_once('<') {
                Some((name, rest)) => (name.trim(), rest.trim_end().trim_end_matches('>').trim()),
                None => (item.text.trim(), ""),
            };
            let pairs = [("name", name), ("email", mail)];
            Value::table(pairs.into_iter().filter(|(_, text)| !text.is_empty()))
        });
        let people = Value::Array(people.collect());
        let written = self.document.written(path);
        self.out.manifest.set(&["project"], "authors", people, &from);
        change(self.out, from, &written, "project.authors", "a table for each, as PEP 621 has it");
    }

    pub(super) fn channels(&mut self, path: &[&str]) {
        let items = self.document.toml.get(path).and_then(|item| item.as_array()).into_iter().flatten();
        let of_table = |value: &toml_edit::Value| {
            let channel = value.as_inline_table()?.get("channel")?;
            Some(channel.as_str()?.to_owned())
        };
        let channels: Vec<Option<String>> =
            items.map(|value| value.as_str().map(str::to_owned).or_else(|| of_table(value))).collect();
        for channel in channels {
            let channel = channel.unwrap_or_default();
            let (from, text) = (self.from(path), format!("channel {channel}"));
            if is_public(&channel) {
                leave_out(self.out, from, &text, "the packages come from the package index");
            } else {
                let advice = "add the index that has these packages to `extra-index-urls` of [pypi-options], and remove the \
                              channel";
                let why = "uv reads no channels of conda, and this is none of the public ones";
                refuse(self.out, from, &text, why, advice);
            }
        }
    }
}
