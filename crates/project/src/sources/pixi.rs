//! pixi.toml: packages of conda and of the package index, features, environments, and what none of that is for uv.
//!
//! What the versions mean was asked of py-rattler 0.26, the rest is what the manual of Pixi says (August 2026).

mod environments;
mod lock;
mod options;
mod packages;
mod pypi;
mod version;
mod workspace;

use toml_edit::Item;
use uvshift_diagnostics::Diagnostic;

use super::Given;
use super::entry::{Document, group_name, leave_out, open_toml, refuse};
use super::tasks::carry_tasks;
use crate::{Error, Fate, MAIN_GROUP, OldFile, Provenance, Reading, Scope, codes};

const FILE: &str = "pixi.toml";

/// What to do with a key that is not known.
const UNKNOWN: &str = "remove it, or write what it does into pyproject.toml by hand";

pub(super) fn detect(given: &Given<'_>) -> bool {
    given.tree.has(FILE)
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let Some(toml) = open_toml(given.tree, FILE, out) else { return Ok(()) };
    let document = Document { file: FILE, toml: &toml };
    let mut reader = Reader { given, document, assumed: Vec::new(), out };
    reader.root();
    reader.say_assumed();
    lock::read(given, out);
    out.old_files.push(OldFile { path: FILE.to_owned(), what: FILE.to_owned(), fate: Fate::Remove });
    Ok(())
}

/// The file while it is read.
struct Reader<'a, 'b> {
    given: &'b Given<'b>,
    document: Document<'a>,
    /// Names that are taken to be the same on the index, though nobody looked.
    assumed: Vec<String>,
    out: &'b mut Reading,
}

/// A feature, what stands in an environment itself, or what one of them has for a platform alone.
struct Part<'a> {
    /// The keys that lead to it; none for the feature that every environment has.
    path: Vec<&'a str>,
    scope: Scope,
    /// Where it holds.
    marker: Option<&'static str>,
}

impl<'a> Reader<'a, '_> {
    fn from(&self, path: &[&str]) -> Provenance {
        self.document.from(path)
    }

    fn refuse(&mut self, path: &[&str], why: impl Into<String>, advice: impl Into<String>) {
        refuse(self.out, self.document.from(path), &self.document.written(path), why, advice);
    }

    fn leave_out(&mut self, path: &[&str], why: impl Into<String>) {
        leave_out(self.out, self.document.from(path), &self.document.written(path), why);
    }

    /// The keys of a table; what is none is refused.
    fn table(&mut self, path: &[&'a str]) -> Vec<(&'a str, &'a Item)> {
        let Some(item) = self.document.toml.get(path) else { return Vec::new() };
        if let Some(table) = item.as_table_like() {
            return table.iter().collect();
        }
        self.refuse(path, "it is no table", "make it a table, or remove it");
        Vec::new()
    }

    fn root(&mut self) {
        let scope = if self.lists_its_own() { Scope::Group(MAIN_GROUP.to_owned()) } else { Scope::Main };
        let part = Part { path: Vec::new(), scope, marker: None };
        for (key, _) in self.document.toml.root() {
            match key {
                "workspace" | "project" => self.workspace(key),
                "feature" => self.features(),
                // Last, when it is known which features became groups.
                "environments" => {}
                "constraints" => self.constraints(),
                "pypi-options" => self.options(&["pypi-options"]),
                "$schema" => self.leave_out(&[key], "it is for editors"),
                _ => self.key(&part, key),
            }
        }
        self.environments();
        if self.out.manifest.groups.iter().any(|group| group.name == MAIN_GROUP) {
            self.out.manifest.group(MAIN_GROUP).default = true;
        }
    }

    /// What a package requires must not change because somebody develops it in an environment of Pixi.
    fn lists_its_own(&self) -> bool {
        let describes =
            |found: &uvshift_pyproject::PyProject| found.has_project() && found.has_build_system();
        self.given.tree.has("setup.py") || self.given.pyproject.is_some_and(describes)
    }

    fn features(&mut self) {
        for (name, _) in self.table(&["feature"]) {
            let part =
                Part { path: vec!["feature", name], scope: Scope::Group(group_name(name)), marker: None };
            for (key, _) in self.table(&part.path) {
                self.key(&part, key);
            }
        }
    }

    /// A key that every part can have.
    fn key(&mut self, part: &Part<'a>, key: &'a str) {
        let path: Vec<&'a str> = part.path.iter().copied().chain([key]).collect();
        match key {
            "dependencies" => self.packages(part, &path),
            "pypi-dependencies" => self.pypi(part, &path),
            "tasks" => self.tasks(&path),
            "activation" => self.activation(&path),
            "channels" => self.channels(&path),
            "target" if part.marker.is_none() => self.targets(part, &path),
            "platforms" => self.leave_out(&path, "uv.lock holds for every platform"),
            "system-requirements" => {
                self.leave_out(&path, "it chooses builds of conda; a wheel says itself what it needs");
            }
            "channel-priority" => self.leave_out(&path, "uv reads no channels"),
            "solve-strategy" if self.says(&path, "highest") => {
                self.leave_out(&path, "uv takes the highest versions, too");
            }
            "host-dependencies" | "build-dependencies" | "dev" | "package" => {
                let advice =
                    "remove it if the wheels of the package index do; otherwise keep Pixi for what it builds";
                self.refuse(
                    &path,
                    "it is for packages that Pixi builds, and uv builds none for conda",
                    advice,
                );
            }
            _ => self.refuse(&path, "uvshift does not know what it is for uv", UNKNOWN),
        }
    }

    fn says(&self, path: &[&str], text: &str) -> bool {
        self.document.toml.get(path).and_then(Item::as_str) == Some(text)
    }

    fn targets(&mut self, part: &Part<'a>, path: &[&'a str]) {
        for (platform, _) in self.table(path) {
            let path: Vec<&'a str> = path.iter().copied().chain([platform]).collect();
            let Some(marker) = marker_of(platform) else {
                let advice = "remove it, or write its packages with a marker into another table";
                self.refuse(&path, format!("uvshift has no marker for `{platform}`"), advice);
                continue;
            };
            let part = Part { path: path.clone(), scope: part.scope.clone(), marker: Some(marker) };
            for (key, _) in self.table(&path) {
                self.key(&part, key);
            }
        }
    }

    /// All commands go to one table, so two of one name cannot both go there.
    fn tasks(&mut self, path: &[&'a str]) {
        let names: Vec<&str> = self.table(path).into_iter().map(|(name, _)| name).collect();
        let scripts = ["tool", "uvshift", "scripts"];
        let known = |name: &&&str| {
            let mut settings = self.out.manifest.settings.iter();
            settings.any(|setting| setting.table == scripts && setting.key == ***name)
        };
        match names.iter().find(known) {
            Some(name) => {
                let why = format!("another table has a task called {name}");
                self.refuse(path, why, "give one of them another name");
            }
            None if names.is_empty() => {}
            None => carry_tasks(self.document, path, "Pixi", self.out),
        }
    }

    /// The values may be secrets, so they are not shown.
    fn activation(&mut self, path: &[&'a str]) {
        for (key, _) in self.table(path) {
            let path: Vec<&'a str> = path.iter().copied().chain([key]).collect();
            if key != "env" {
                let advice =
                    "call the scripts yourself, or from the task that needs them, and remove the key";
                self.refuse(&path, "an environment of uv runs no scripts", advice);
                continue;
            }
            for (name, _) in self.table(&path) {
                let path: Vec<&str> = path.iter().copied().chain([name]).collect();
                let advice = "write it into a file such as .env, and run `uv run --env-file .env`";
                let why = "an environment of uv sets no variables";
                refuse(self.out, self.document.from(&path), &format!("variable {name}"), why, advice);
            }
        }
    }

    fn say_assumed(&mut self) {
        if self.assumed.is_empty() {
            return;
        }
        let names = self.assumed.join(", ");
        let message = format!("these names of conda are taken to be the same on the package index: {names}");
        let found = Diagnostic::note(codes::M065, message).in_file(FILE, 1);
        self.out.diagnostics.push(found.with_help("look each of them up, and correct those that are not"));
    }
}

/// Where a platform of Pixi is, as a marker.
fn marker_of(platform: &str) -> Option<&'static str> {
    Some(match platform {
        "unix" => "sys_platform != 'win32'",
        "linux" => "sys_platform == 'linux'",
        "osx" => "sys_platform == 'darwin'",
        "win" => "sys_platform == 'win32'",
        "linux-64" => "sys_platform == 'linux' and platform_machine == 'x86_64'",
        "linux-aarch64" => "sys_platform == 'linux' and platform_machine == 'aarch64'",
        "linux-ppc64le" => "sys_platform == 'linux' and platform_machine == 'ppc64le'",
        "osx-64" => "sys_platform == 'darwin' and platform_machine == 'x86_64'",
        "osx-arm64" => "sys_platform == 'darwin' and platform_machine == 'arm64'",
        "win-64" => "sys_platform == 'win32' and platform_machine == 'AMD64'",
        "win-arm64" => "sys_platform == 'win32' and platform_machine == 'ARM64'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
