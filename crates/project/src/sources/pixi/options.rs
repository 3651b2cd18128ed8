//! `[pypi-options]`: where packages of the package index come from, and how they are chosen.

use toml_edit::Item;

use super::{Reader, UNKNOWN};
use crate::sources::entry::{carry, leave_out, refuse};
use crate::sources::index::{OtherIndex, Use, add_index};
use uvshift_requirements::{split_credentials, variables};

impl<'a> Reader<'a, '_> {
    pub(super) fn options(&mut self, table: &[&'a str]) {
        // The extra ones come first, and uv takes the first that has a package.
        let keys = self.table(table);
        let (first, rest): (Vec<_>, Vec<_>) =
            keys.into_iter().map(|(key, _)| key).partition(|key| *key == "extra-index-urls");
        for key in first.into_iter().chain(rest) {
            let path: Vec<&str> = table.iter().copied().chain([key]).collect();
            match key {
                "index-url" => self.indexes(&path, Use::Default),
                "extra-index-urls" => self.indexes(&path, Use::All),
                "find-links" => self.find_links(&path),
                "no-build" | "no-binary" => self.selection(&path, key),
                "index-strategy" => self.set(&path, "index-strategy"),
                "prerelease-mode" => self.set(&path, "prerelease"),
                "skip-wheel-filename-check" => {
                    self.leave_out(&path, "uv has a variable for it, UV_SKIP_WHEEL_FILENAME_CHECK");
                }
                _ => self.refuse(&path, "uvshift does not know what it is for uv", UNKNOWN),
            }
        }
    }

    fn indexes(&mut self, path: &[&str], use_for: Use) {
        let urls: Vec<String> = match self.document.toml.get(path) {
            Some(item) if item.is_str() => item.as_str().map(str::to_owned).into_iter().collect(),
            _ => self.document.toml.items(path).into_iter().map(|(item, _)| item.text).collect(),
        };
        if urls.is_empty() {
            return self.leave_out(path, "it names none");
        }
        for url in urls {
            let (from, shown) = (self.from(path), format!("index {url}"));
            let name = if use_for == Use::Default { "default" } else { "extra" };
            let shown = uvshift_requirements::redacted(&shown);
            add_index(OtherIndex { name, url: &url, use_for, verify: true, from, shown }, self.out);
        }
    }

    /// `[{ path = ".." }, { url = ".." }]`
    fn find_links(&mut self, path: &[&str]) {
        let items = self.document.toml.get(path).and_then(Item::as_array).into_iter().flatten();
        let place = |value: &toml_edit::Value| {
            let table = value.as_inline_table()?;
            let found = table.get("path").or_else(|| table.get("url"))?;
            Some(found.as_str()?.to_owned())
        };
        let places: Vec<Option<String>> = items.map(place).collect();
        for found in places {
            let from = self.from(path);
            let text = format!("find-links {}", found.as_deref().unwrap_or_default());
            match found {
                None => refuse(
                    self.out,
                    from,
                    &text,
                    "it names neither a path nor a URL",
                    "correct it, or remove it",
                ),
                Some(found)
                    if split_credentials(&found).1.is_some() || variables(&found).next().is_some() =>
                {
                    let advice =
                        "write the URL without them; uv takes credentials from netrc or `uv auth login`";
                    refuse(self.out, from, &text, "the URL has credentials or variables", advice);
                }
                Some(found) => {
                    carry(self.out, from, &text, "tool.uv.find-links");
                    self.out.manifest.uv.find_links.push(found);
                }
            }
        }
    }

    /// All packages, or those that are named.
    fn selection(&mut self, path: &[&str], key: &str) {
        let (from, text) = (self.from(path), self.document.written(path));
        let names: Vec<String> = match self.document.toml.get(path) {
            Some(item) if item.as_bool() == Some(false) => {
                return leave_out(self.out, from, &text, "it is so without it");
            }
            Some(item) if item.as_bool() == Some(true) => vec![":all:".to_owned()],
            _ => self.document.toml.items(path).into_iter().map(|(item, _)| item.text).collect(),
        };
        let uv = &mut self.out.manifest.uv;
        let selection = if key == "no-build" { &mut uv.no_build } else { &mut uv.no_binary };
        for name in &names {
            selection.take(name);
        }
        carry(self.out, from, &text, format!("tool.uv.{key}"));
    }

    /// An option that uv has with the same values.
    fn set(&mut self, path: &[&str], key: &str) {
        let Some(value) = self.document.toml.get(path).and_then(Item::as_str) else {
            return self.refuse(path, "it is no text", "correct it, or remove it");
        };
        let known = [
            "first-index",
            "unsafe-first-match",
            "unsafe-best-match",
            "allow",
            "disallow",
            "explicit",
            "if-necessary",
            "if-necessary-or-explicit",
        ];
        if !known.contains(&value) {
            return self.refuse(path, "uv does not know the value", "correct it, or remove it");
        }
        let (from, text) = (self.from(path), self.document.written(path));
        if key == "index-strategy" {
            self.out.manifest.uv.index_strategy = Some(value.to_owned());
        } else {
            self.out.manifest.set(&["tool", "uv"], key, value, &from);
        }
        carry(self.out, from, &text, format!("tool.uv.{key}"));
    }
}
