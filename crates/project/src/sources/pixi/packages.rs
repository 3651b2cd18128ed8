//! `[dependencies]`: packages of conda, and what they are on the package index.

use toml_edit::{Item, TableLike};
use uvshift_requirements::{normalize_name, parse};

use super::{Part, Reader, version};
use crate::sources::conda::names::{self, Known, LIBRARY_ADVICE};
use crate::sources::conda::{chooses_variant, is_public, python_range};
use crate::sources::entry::{carry, change};
use crate::{Comments, Dependency, Scope};

/// What a package can say that chooses among builds of conda.
const OF_BUILDS: [&str; 3] = ["build", "build-number", "channel"];

/// A package as it is asked for.
#[derive(Default)]
struct Wanted<'a> {
    version: &'a str,
    build: Option<&'a str>,
    channel: Option<&'a str>,
    /// What is left out, with its value.
    without: Vec<String>,
}

type Problem = (String, &'static str);

impl<'a> Reader<'a, '_> {
    pub(super) fn packages(&mut self, part: &Part<'a>, table: &[&'a str]) {
        for (name, item) in self.table(table) {
            let path: Vec<&'a str> = table.iter().copied().chain([name]).collect();
            if self.takes_the_place(part, &path) {
                continue;
            }
            match self.wanted(name, item) {
                Ok(wanted) => self.package(part, &path, name, wanted),
                Err((why, advice)) => self.refuse(&path, why, advice),
            }
        }
    }

    /// A package of a platform takes the place of the one for all, which no marker says.
    pub(super) fn takes_the_place(&mut self, part: &Part<'a>, path: &[&'a str]) -> bool {
        let [base @ .., _, _] = part.path.as_slice() else { return false };
        let [.., table, name] = path else { return false };
        let general: Vec<&str> = base.iter().copied().chain([*table, *name]).collect();
        let takes = part.marker.is_some() && *name != "python" && self.document.toml.get(&general).is_some();
        if takes {
            let why = "it takes the place of the version for all platforms, and markers only add";
            self.refuse(path, why, "name the package under [target] only, once for each platform");
        }
        takes
    }

    fn wanted(&self, name: &str, item: &'a Item) -> Result<Wanted<'a>, Problem> {
        if let Some(version) = item.as_str() {
            return Ok(Wanted { version, ..Wanted::default() });
        }
        let Some(table) = item.as_table_like() else {
            return Err((
                "it is neither a version nor a table".to_owned(),
                "write a version, or \"*\" for any",
            ));
        };
        if table.get("workspace").and_then(Item::as_bool) == Some(true) && table.len() == 1 {
            let pools = ["workspace", "project"];
            let found = pools.iter().find_map(|pool| self.document.toml.get(&[pool, "dependencies", name]));
            // One that says it in its turn would go round for ever.
            let found = found.filter(|found| found.get("workspace").is_none());
            let missing = || ("no `[workspace.dependencies]` has it".to_owned(), "write its version here");
            return self.wanted(name, found.ok_or_else(missing)?);
        }
        detailed(table)
    }

    fn package(&mut self, part: &Part<'a>, path: &[&'a str], name: &str, wanted: Wanted<'_>) {
        let name = name.to_ascii_lowercase();
        if let Some(channel) = wanted.channel.filter(|channel| !is_public(channel)) {
            let why = format!("uv reads no channels of conda, and {channel} is none of the public ones");
            let advice = "name the package in [pypi-dependencies] with the `index` that has it";
            return self.refuse(path, why, advice);
        }
        match (name.as_str(), names::look_up(&name)) {
            ("python", _) => self.python(part, path, wanted.version),
            ("pip" | "uv", _) => self.leave_out(path, "uv does what it did"),
            (_, Known::Runtime) => {
                self.refuse(path, "it is a library and no Python distribution", LIBRARY_ADVICE);
            }
            (_, Known::Other { kind, advice }) => {
                self.refuse(path, format!("it is {kind} and no Python distribution"), advice);
            }
            (_, Known::Distribution { name: distribution, needs, assumed }) => {
                if assumed && !self.assumed.contains(&name) {
                    self.assumed.push(name.clone());
                }
                let mut reasons = wanted.without;
                reasons.extend(needs);
                if let Some(build) = wanted.build.filter(|build| chooses_variant(build)) {
                    let why = format!("the build {build} chooses a variant, and the package index has none");
                    let advice = "remove the build; a variant for other hardware is on an index of its own, which `index` in \
                                  [pypi-dependencies] can name";
                    return self.refuse(path, why, advice);
                }
                self.distribution(part, path, (&name, &distribution, wanted.version), reasons);
            }
        }
    }

    fn distribution(
        &mut self,
        part: &Part<'a>,
        path: &[&str],
        (conda, name, wanted): (&str, &str, &str),
        mut reasons: Vec<String>,
    ) {
        let found = match version::of(wanted) {
            Ok(found) => found,
            Err(why) => {
                let advice = "write a version that the package index has, such as `>=1.2,<2`";
                return self.refuse(path, why, advice);
            }
        };
        reasons.extend(found.why.map(str::to_owned));
        let plain = name.split('[').next().unwrap_or(name);
        if normalize_name(plain) != normalize_name(conda) || plain != name {
            reasons.push(format!("the package index calls it {name}"));
        }
        let written = format!("{name}{}", found.text);
        let normalized = parse(&written).requirements().next().and_then(|(_, found)| found.normalized_name());
        let Some(normalized) = normalized else {
            let advice = "name the distribution in [pypi-dependencies] instead";
            return self.refuse(path, "no distribution can have this name", advice);
        };
        let text = part.marker.map_or(written.clone(), |marker| format!("{written} ; {marker}"));
        let (from, shown, to) = (self.from(path), self.document.written(path), part.scope.key());
        if reasons.is_empty() {
            carry(self.out, from.clone(), &shown, to);
        } else {
            change(self.out, from.clone(), &shown, to, reasons.join("; "));
        }
        let (above, trailing) = self.document.toml.comments(path);
        let comments = Comments { above, trailing };
        self.out.lists_dependencies = true;
        self.out.manifest.add(&part.scope, Dependency { text, name: normalized, comments, from });
    }

    /// The one of the default feature says which versions the project is for; others choose one to run.
    fn python(&mut self, part: &Part<'a>, path: &[&str], wanted: &str) {
        if !part.path.is_empty() {
            let why = "the project has one range of Pythons; `uv run --python VERSION` takes one of them";
            return self.leave_out(path, why);
        }
        let range = match version::of(wanted) {
            Ok(found) => found.text,
            Err(why) => return self.refuse(path, why, "write a range such as `>=3.10,<3.14`"),
        };
        if range.is_empty() {
            return self.leave_out(path, "uv finds or gets a Python");
        }
        let named = self.given.pyproject.is_some_and(|found| found.requires_python().is_some());
        if named || self.given.tree.has("setup.py") || self.out.manifest.metadata.requires_python.is_some() {
            return self.leave_out(path, "another file says which Pythons the project supports");
        }
        let (range, why) = python_range(&range);
        let why = why.map(|why| why.replace("conda wanted", "Pixi took"));
        let (from, shown) = (self.from(path), self.document.written(path));
        match why {
            Some(why) => change(self.out, from.clone(), &shown, "project.requires-python", why),
            None => carry(self.out, from.clone(), &shown, "project.requires-python"),
        }
        let metadata = &mut self.out.manifest.metadata;
        metadata.requires_python = Some(range);
        metadata.python_from = Some(from);
    }

    /// `[constraints]`: versions of packages that others bring along.
    pub(super) fn constraints(&mut self) {
        for (name, item) in self.table(&["constraints"]) {
            let path = ["constraints", name];
            let wanted = match self.wanted(name, item) {
                Ok(wanted) => wanted,
                Err((why, advice)) => {
                    self.refuse(&path, why, advice);
                    continue;
                }
            };
            let Known::Distribution { name: distribution, .. } = names::look_up(&name.to_ascii_lowercase())
            else {
                self.leave_out(&path, "it is no Python distribution, and none of them brings it along");
                continue;
            };
            let plain = distribution.split('[').next().unwrap_or(&distribution);
            match version::of(wanted.version) {
                Ok(found) if found.text.is_empty() => self.leave_out(&path, "it allows every version"),
                Ok(found) => {
                    let (from, shown) = (self.from(&path), self.document.written(&path));
                    carry(self.out, from.clone(), &shown, "tool.uv.constraint-dependencies");
                    self.out.manifest.constraints.push(Dependency {
                        text: format!("{plain}{}", found.text),
                        name: normalize_name(plain),
                        comments: Comments::default(),
                        from,
                    });
                }
                Err(why) => self.refuse(&path, why, "write a version that the package index has"),
            }
        }
    }
}

fn detailed(table: &dyn TableLike) -> Result<Wanted<'_>, Problem> {
    let mut wanted = Wanted { version: "*", ..Wanted::default() };
    for (key, item) in table.iter() {
        let Some(text) = item.as_str() else {
            return Err((
                format!("the key `{key}` has a value of the wrong type"),
                "write the value as a text, or remove it",
            ));
        };
        match key {
            "version" => wanted.version = text,
            "build" => wanted.build = Some(text),
            "channel" => wanted.channel = Some(text),
            "build-number" => {}
            _ => {
                let advice = "remove the key if the wheel of the package index does; otherwise keep Pixi for the package";
                return Err((format!("`{key}` says nothing of a package of the package index"), advice));
            }
        }
        if OF_BUILDS.contains(&key) {
            wanted.without.push(format!("without the {key} {text}, as wheels have none"));
        }
    }
    Ok(wanted)
}

impl Part<'_> {
    /// Whether it is a group, and not what every environment has.
    pub(super) fn group(&self) -> Option<&str> {
        match &self.scope {
            Scope::Group(name) => Some(name),
            _ => None,
        }
    }
}
