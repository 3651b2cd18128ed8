//! The version: written out, read from a file or a module when the project is built, or computed by setup.py.

use std::str::FromStr;

use pep440_rs::Version;
use uvshift_pyproject::Value;

use super::field::{Field, Origin, Told};
use super::migration::Migration;
use crate::codes;

const DYNAMIC: [&str; 3] = ["tool", "setuptools", "dynamic"];

impl Migration<'_> {
    pub(super) fn version(&mut self) {
        let Some(field) = self.take_told("version") else {
            // A plug-in finds it, or it is 0.0.0 as it was.
            return self.dynamic("version");
        };
        match (&field.value, &field.origins[..]) {
            (Told::Text(text), []) => self.written_version(&field, text),
            (Told::Text(_), [Origin::Contents(path)]) if self.is_inside(path) => {
                self.dynamic_version(&field, "file", path.trim_start_matches("./"));
            }
            (Told::Text(text), [Origin::Attribute { path, name }]) => {
                self.version_of_module(&field, path, &[name], text);
            }
            (Told::Text(text), [Origin::Excerpt(path)]) => {
                self.version_of_module(&field, path, &["__version__", "VERSION", "version"], text);
            }
            (Told::Attribute(attribute), _) => self.dynamic_version(&field, "attr", attribute),
            (value, _) => {
                let why = value.unknown().unwrap_or_else(|| "setup.py computes it".to_owned());
                self.stay_dynamic(&field, &["version"], why);
            }
        }
    }

    fn is_inside(&self, path: &str) -> bool {
        self.given.tree.has(path.trim_start_matches("./")) && !path.split('/').any(|part| part == "..")
    }

    fn written_version(&mut self, field: &Field, text: &str) {
        let Ok(version) = Version::from_str(text.trim()) else {
            let why = format!("`{text}` is no version by PEP 440, and setuptools refuses it, too");
            return self.refuse(field, codes::M022, &why, "write a version such as `1.0` or `1.0.dev1`");
        };
        let normal = version.to_string();
        if normal == text.trim() {
            self.carry(field, "project.version");
        } else {
            let why = format!("`{text}` in the form in which setuptools writes it");
            self.change(field, "project.version", why);
        }
        self.out.manifest.metadata.version = normal;
    }

    fn dynamic_version(&mut self, field: &Field, kind: &str, value: &str) {
        self.dynamic("version");
        self.set(&DYNAMIC, "version", Value::table([(kind, value)]), &field.from);
        self.carry(field, "tool.setuptools.dynamic.version");
    }

    /// setuptools reads an assignment of a literal without running the module, and runs the module otherwise.
    fn version_of_module(&mut self, field: &Field, path: &str, names: &[&str], version: &str) {
        let path = path.trim_start_matches("./");
        let source = self.given.tree.text(path).unwrap_or_default();
        let name = names.iter().find(|name| assigned(&source, name) == Some(version));
        let (Some(module), Some(name)) = (self.module(path), name) else {
            let why = format!("setuptools cannot find it in {path} without running it");
            return self.stay_dynamic(field, &["version"], why);
        };
        self.dynamic_version(field, "attr", &format!("{module}.{name}"));
    }

    /// The module at a path, where setuptools finds it under `package_dir`.
    fn module(&self, path: &str) -> Option<String> {
        let stem = path.strip_suffix(".py")?;
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        let folders = self.package_folders()?;
        let dotted = |name: &str, rest: &str| {
            let parts = name.split('.').chain(rest.split('/')).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(".")
        };
        let within = |(name, folder): &(String, String)| {
            let folder = folder.trim_start_matches("./").trim_end_matches('/');
            let rest = if matches!(folder, "" | ".") { Some(stem) } else { stem.strip_prefix(folder) };
            let rest =
                rest.filter(|rest| matches!(folder, "" | ".") || rest.is_empty() || rest.starts_with('/'))?;
            Some(dotted(name, rest))
        };
        let named = folders.iter().filter(|(name, _)| !name.is_empty());
        let module = named.chain(folders.iter().filter(|(name, _)| name.is_empty())).find_map(within)?;
        let elsewhere = |(name, folder): &(String, String)| {
            let inside = module == *name
                || module.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
            !name.is_empty()
                && inside
                && !stem.starts_with(folder.trim_start_matches("./").trim_end_matches('/'))
        };
        let valid = super::packages::is_module(&module) && !folders.iter().any(elsewhere);
        valid.then_some(module)
    }

    /// `package_dir` with what setuptools adds to it: where `find` looks, or `src` where it looks by itself.
    fn package_folders(&self) -> Option<Vec<(String, String)>> {
        let told = self.field("package_dir").filter(|field| field.value.is_true());
        let mut folders = match told {
            Some(field) => field.value.pairs()?,
            None => Vec::new(),
        };
        if folders.iter().any(|(name, _)| name.is_empty()) {
            return Some(folders);
        }
        let root = match self.field("packages").map(|field| &field.value) {
            Some(Told::Find(find)) => find.folder.clone(),
            Some(Told::Nothing) | None
                if self.field("py_modules").is_none() && self.given.tree.has_folder("src") =>
            {
                "src".to_owned()
            }
            _ => String::new(),
        };
        folders.push((String::new(), root));
        Some(folders)
    }
}

/// The string that the first assignment of a name at the top of a module gives it.
fn assigned<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let mut assignments = source.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?.trim_start();
        let rest = match rest.strip_prefix(':') {
            Some(annotated) => annotated
                .trim_start()
                .trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '.')
                .trim_start(),
            None => rest,
        };
        rest.strip_prefix('=').filter(|rest| !rest.starts_with('='))
    });
    let value = assignments.next()?.trim();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (text, rest) = value.strip_prefix(quote)?.split_once(quote)?;
    let rest = rest.trim_start();
    (!text.contains('\\') && (rest.is_empty() || rest.starts_with('#'))).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::assigned;

    #[test]
    fn literals_are_found() {
        for (source, expected) in [
            ("__version__ = '1.0'\n", Some("1.0")),
            ("import x\n__version__: str = \"1.0\"  # now\n", Some("1.0")),
            ("__version__ = get()\n__version__ = '1.0'\n", None),
            ("if x:\n    __version__ = '1.0'\n", None),
            ("__version__ = '1' + '.0'\n", None),
            ("__version__ == '1.0'\n", None),
            ("__version_info__ = '1.0'\n", None),
        ] {
            assert_eq!(assigned(source, "__version__"), expected, "{source}");
        }
    }
}
