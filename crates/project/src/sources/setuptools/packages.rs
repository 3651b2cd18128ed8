//! What the wheel holds: packages, modules, data, scripts.

use uvshift_pyproject::Value;

use super::field::{Field, Find, Home, Told};
use super::metadata::reason;
use super::migration::Migration;
use crate::Provenance;

const TABLE: [&str; 2] = ["tool", "setuptools"];

impl Migration<'_> {
    pub(super) fn packages(&mut self) {
        self.discovery();
        self.package_dir();
        self.include_package_data();
        self.package_data("package_data", "package-data");
        self.package_data("exclude_package_data", "exclude-package-data");
        self.lists();
        self.data_files();
        if let Some(field) = self.take("zip_safe") {
            match field.value {
                Told::Bool(safe) => {
                    self.set(&TABLE, "zip-safe", safe, &field.from);
                    self.carry(&field, "tool.setuptools.zip-safe");
                }
                Told::Nothing => self.drop_field(&field, "it says nothing"),
                _ => self.stay(&field, reason(&field)),
            }
        }
        if let Some(field) = self.take_told("namespace_packages") {
            self.stay(&field, "setuptools takes it from setup.py and setup.cfg only");
        }
    }

    /// Packages and modules. Extension modules alone keep setuptools from looking for packages, but not beside
    /// `[project]`, where that has to be said.
    fn discovery(&mut self) {
        let told = |name: &str| self.field(name).is_some_and(|field| field.value != Told::Nothing);
        if told("ext_modules") && !told("packages") && !told("py_modules") {
            let from = self.field("ext_modules").map(|field| field.from.clone());
            if let Some(from) = from {
                self.set(&TABLE, "packages", Value::Array(Vec::new()), &from);
                self.set(&TABLE, "py-modules", Value::Array(Vec::new()), &from);
            }
        }
        if let Some(field) = self.take("packages") {
            self.one_packages(&field);
        }
        let Some(field) = self.take("py_modules") else { return };
        match field.value.texts().filter(|names| names.iter().all(|name| is_module(name))) {
            Some(names) => {
                self.set(&TABLE, "py-modules", Value::strings(names), &field.from);
                self.carry(&field, "tool.setuptools.py-modules");
            }
            None if field.value == Told::Nothing => self.drop_field(&field, "it says nothing"),
            None => self.stay(&field, reason(&field)),
        }
    }

    fn one_packages(&mut self, field: &Field) {
        match &field.value {
            Told::Nothing => self.drop_field(field, "it says nothing"),
            Told::Find(find) => {
                self.find(find, &field.from);
                self.carry(field, "tool.setuptools.packages.find");
            }
            value => match value.texts().filter(|names| names.iter().all(|name| is_module(name))) {
                Some(names) => {
                    self.set(&TABLE, "packages", Value::strings(names), &field.from);
                    self.carry(field, "tool.setuptools.packages");
                }
                None => self.stay(field, reason(field)),
            },
        }
    }

    /// `namespaces` is true in pyproject.toml unless it is said, and false in `find_packages()`.
    fn find(&mut self, find: &Find, from: &Provenance) {
        let table = ["tool", "setuptools", "packages", "find"];
        let folder = find.folder.trim_start_matches("./").trim_end_matches('/');
        if !folder.is_empty() && folder != "." {
            self.set(&table, "where", Value::strings([folder]), from);
        }
        if !find.include.is_empty() && find.include != ["*"] {
            self.set(&table, "include", Value::strings(&find.include), from);
        }
        if !find.exclude.is_empty() {
            self.set(&table, "exclude", Value::strings(&find.exclude), from);
        }
        self.set(&table, "namespaces", find.namespaces, from);
    }

    fn package_dir(&mut self) {
        let Some(field) = self.take_told("package_dir") else { return };
        let valid =
            |pairs: &Vec<(String, String)>| pairs.iter().all(|(name, _)| name.is_empty() || is_module(name));
        match field.value.pairs().filter(valid) {
            Some(pairs) => {
                self.set(&TABLE, "package-dir", Value::table(pairs), &field.from);
                self.carry(&field, "tool.setuptools.package-dir");
            }
            None => self.stay(&field, reason(&field)),
        }
    }

    /// Data files are included unless told otherwise in pyproject.toml, and only if told so elsewhere.
    fn include_package_data(&mut self) {
        match self.take("include_package_data") {
            Some(field) if matches!(field.value, Told::Unknown { .. } | Told::Object(_)) => {
                self.stay(&field, reason(&field));
            }
            Some(field) => {
                self.set(&TABLE, "include-package-data", field.value.is_true(), &field.from);
                self.carry(&field, "tool.setuptools.include-package-data");
            }
            // Nobody knows whether setup.py says it; what it says counts.
            None if self.opaque => {}
            None => {
                let path = if self.script.is_some() { super::script::PATH } else { super::config::PATH };
                self.set(&TABLE, "include-package-data", false, &Provenance::new(path, 1));
            }
        }
    }

    fn package_data(&mut self, name: &str, key: &str) {
        let Some(field) = self.take_told(name) else { return };
        let mut table = vec!["tool", "setuptools"];
        table.push(key);
        let valid = |lists: &Vec<(String, Vec<String>)>| {
            lists.iter().all(|(name, _)| matches!(name.as_str(), "" | "*") || is_module(name))
        };
        match field.value.lists().filter(valid) {
            Some(lists) => {
                for (package, patterns) in lists {
                    let package = if package.is_empty() { "*" } else { &package };
                    self.set(&table, package, Value::strings(patterns), &field.from);
                }
                self.carry(&field, &table.join("."));
            }
            None => self.stay(&field, reason(&field)),
        }
    }

    fn lists(&mut self) {
        for (name, key) in [("scripts", "script-files"), ("eager_resources", "eager-resources")] {
            let Some(field) = self.take_told(name) else { continue };
            match field.value.texts() {
                Some(texts) => {
                    self.set(&TABLE, key, Value::strings(texts), &field.from);
                    self.carry(&field, &format!("tool.setuptools.{key}"));
                }
                None => self.stay(&field, reason(&field)),
            }
        }
    }

    /// pyproject.toml takes file names with `*`, `?`, brackets and braces in them for patterns; setup.py does not.
    fn data_files(&mut self) {
        let Some(field) = self.take_told("data_files") else { return };
        let literal = field.homes.iter().any(|(home, _)| matches!(home, Home::Argument(_)));
        let plain = |lists: &Vec<(String, Vec<String>)>| {
            !literal
                || lists
                    .iter()
                    .all(|(_, files)| files.iter().all(|file| !file.contains(['*', '?', '[', ']', '{', '}'])))
        };
        match field.value.lists().filter(plain) {
            Some(lists) => {
                let mut folders: Vec<(String, Vec<String>)> = Vec::new();
                for (folder, files) in lists {
                    match folders.iter_mut().find(|(known, _)| *known == folder) {
                        Some((_, known)) => known.extend(files),
                        None => folders.push((folder, files)),
                    }
                }
                for (folder, files) in folders {
                    let table = ["tool", "setuptools", "data-files"];
                    self.set(&table, &folder, Value::strings(files), &field.from);
                }
                self.carry(&field, "tool.setuptools.data-files");
            }
            None => self.stay(&field, reason(&field)),
        }
    }
}

/// Whether setuptools takes a name for one of a package or module, dashes included.
pub(super) fn is_module(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && part.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter))
    };
    name.split('.').all(part)
}
