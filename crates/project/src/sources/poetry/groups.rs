//! The tables of dependencies: main, groups, extras.

use std::collections::BTreeSet;

use uvshift_pyproject::{Source, SourceKind, Value};
use uvshift_requirements::normalize_name;

use super::Reader;
use super::constraint::{Constraint, Problem};
use super::dependency::Declared;
use super::metadata::wrong_type;
use super::value::{flag, pairs, strings, text};
use crate::names::normalized;
use crate::{Comments, Dependency, GroupItem, MAIN_GROUP, NamedSource, Provenance, Scope, redacted};

const DEPENDENCIES: [&str; 3] = ["tool", "poetry", "dependencies"];

/// One entry with its comments, which the first of its requirements takes.
pub(super) struct Place<'a> {
    pub(super) path: &'a [&'a str],
    pub(super) from: Provenance,
    pub(super) comments: Comments,
}

impl Reader<'_> {
    pub(super) fn main_dependencies(&mut self) {
        if !self.is_table(&DEPENDENCIES) {
            return;
        }
        self.entries(&DEPENDENCIES, &Scope::Main);
    }

    pub(super) fn groups(&mut self) {
        let path = ["tool", "poetry", "group"];
        if !self.is_table(&path) {
            return;
        }
        for name in self.keys(&path) {
            let path = ["tool", "poetry", "group", name.as_str()];
            if self.is_table(&path) {
                self.group(&name);
            }
        }
    }

    fn group(&mut self, name: &str) {
        let path = ["tool", "poetry", "group", name];
        let optional = self.document.value(&[&path[..], &["optional"]].concat());
        let optional = optional.as_ref().and_then(flag) == Some(true);
        for key in self.keys(&path) {
            let path = [&path[..], &[key.as_str()]].concat();
            match key.as_str() {
                "optional" if optional => {
                    self.carry(
                        &path,
                        format!("dependency-groups.{} is not a default group", normalized(name)),
                    );
                }
                "optional" => self.drop_key(&path, "uv installs the group by default, as before"),
                "dependencies" => self.group_dependencies(name, &path),
                "include-groups" => self.include_groups(name, &path),
                key => {
                    let problem =
                        Problem::new(format!("Poetry knows no `{key}` of a group"), "remove the key");
                    self.refuse(&path, problem);
                }
            }
        }
        if !is_main(name) {
            self.out.manifest.group(&normalized(name)).default = !optional;
        }
    }

    pub(super) fn group_dependencies(&mut self, name: &str, path: &[&str]) {
        if !self.is_table(path) {
            return;
        }
        let scope = if is_main(name) { Scope::Main } else { Scope::Group(normalized(name)) };
        if let Scope::Group(group) = &scope {
            let group = self.out.manifest.group(group);
            group.default |= path.len() == 3;
        }
        self.entries(path, &scope);
    }

    fn include_groups(&mut self, name: &str, path: &[&str]) {
        let Some(included) = self.document.value(path).as_ref().and_then(strings) else {
            return self.refuse(path, wrong_type("an array of names"));
        };
        let from = self.at(path);
        let known: Vec<String> = self.group_names();
        if let Some(missing) = included.iter().find(|group| !known.contains(&normalized(group))) {
            let problem = Problem::new(format!("there is no group `{missing}`"), "remove the name");
            return self.refuse(path, problem);
        }
        for group in included {
            let item = GroupItem::Include {
                group: normalized(&group),
                comments: Comments::default(),
                from: from.clone(),
            };
            self.out.manifest.group(&normalized(name)).items.push(item);
        }
        self.carry(path, format!("dependency-groups.{}", normalized(name)));
    }

    fn group_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.keys(&["tool", "poetry", "group"]).iter().map(|name| normalized(name)).collect();
        names.extend(self.keys(&["dependency-groups"]).iter().map(|name| normalized(name)));
        if self.document.get(&["tool", "poetry", "dev-dependencies"]).is_some() {
            names.push("dev".to_owned());
        }
        names
    }

    /// Poetry installs every group of PEP 735 unless `[tool.poetry.group]` calls it optional; uv only `dev`.
    pub(super) fn standard_groups(&mut self) {
        for (name, _) in self.document.dependency_groups() {
            let name = normalized(&name);
            let same = |key: &String| normalized(key) == name;
            let spelling = self.keys(&["tool", "poetry", "group"]).into_iter().find(same);
            let optional = spelling.is_some_and(|key| {
                let optional = self.document.value(&["tool", "poetry", "group", &key, "optional"]);
                optional.as_ref().and_then(flag) == Some(true)
            });
            self.out.manifest.group(&name).default = !optional;
        }
    }

    pub(super) fn extras(&mut self) {
        let path = ["tool", "poetry", "extras"];
        if !self.is_table(&path) {
            return;
        }
        let known: BTreeSet<String> =
            self.keys(&DEPENDENCIES).iter().map(|name| normalize_name(name)).collect();
        for extra in self.keys(&path) {
            let path = [&path[..], &[extra.as_str()]].concat();
            if self.project_lists_dependencies() {
                self.drop_key(&path, "[project] lists dependencies, and Poetry reads only its extras then");
                continue;
            }
            let Some(names) = self.document.value(&path).as_ref().and_then(strings) else {
                self.refuse(&path, wrong_type("an array of names"));
                continue;
            };
            let name = normalized(&extra);
            self.out.manifest.extra(&name);
            self.moved_fields.push("optional-dependencies");
            let missing: Vec<&String> =
                names.iter().filter(|name| !known.contains(&normalize_name(name))).collect();
            let to = format!("project.optional-dependencies.{name}");
            match missing.first() {
                Some(missing) => {
                    self.change(
                        &path,
                        to,
                        format!("without `{missing}`, which is no dependency, as in Poetry"),
                    );
                }
                None => self.carry(&path, to),
            }
        }
    }

    /// The extras that name a dependency, normalised.
    fn extras_with(&self, name: &str) -> Vec<String> {
        let extras = self.document.value(&["tool", "poetry", "extras"]);
        let listed = |names: &Value| {
            strings(names)
                .unwrap_or_default()
                .iter()
                .any(|known| normalize_name(known) == normalize_name(name))
        };
        let extras = extras.as_ref().and_then(pairs).unwrap_or_default();
        extras.iter().filter(|(_, names)| listed(names)).map(|(extra, _)| normalized(extra)).collect()
    }

    fn is_table(&mut self, path: &[&str]) -> bool {
        let is_table = self.document.get(path).is_some_and(|item| item.as_table_like().is_some());
        if !is_table {
            self.refuse(path, wrong_type("a table"));
        }
        is_table
    }

    pub(super) fn comments_of(&self, path: &[&str]) -> Comments {
        let (above, trailing) = self.document.comments(path);
        Comments {
            above: above.iter().map(|line| redacted(line)).collect(),
            trailing: trailing.map(|line| redacted(&line)),
        }
    }

    /// Every entry of a table; the comments above its header go to the first one that is carried.
    fn entries(&mut self, path: &[&str], scope: &Scope) {
        let mut header = self.comments_of(path);
        let had_comments = header != Comments::default();
        for name in self.keys(path) {
            let path = [path, &[name.as_str()]].concat();
            match (name.eq_ignore_ascii_case("python"), path[..3] == DEPENDENCIES) {
                (true, true) => self.python(&path),
                (true, false) => self.drop_key(&path, "Poetry reads `python` of the main dependencies only"),
                (false, _) => self.entry(&path, &name, scope, &mut header),
            }
        }
        if had_comments && header == Comments::default() {
            let from = self.at(path);
            self.out.manifest.remove_with_comments(path, &from);
        }
    }

    /// `python` of the project.
    fn python(&mut self, path: &[&str]) {
        let value = self.document.value(path);
        let Some(python) = value.as_ref().and_then(text) else {
            return self.refuse(path, wrong_type("a string"));
        };
        let required = match Constraint::parse(python).and_then(|constraint| {
            let exact = constraint.python_marker()?;
            Ok((constraint.requires_python()?, exact))
        }) {
            Ok(required) => required,
            Err(problem) => return self.refuse(path, problem),
        };
        if let Some(declared) = self.document.requires_python() {
            return self.python_beside(path, declared, &required.1);
        }
        let (Some(required), _) = required else {
            return self.drop_key(path, "it allows any Python");
        };
        self.moved_fields.push("requires-python");
        self.out.manifest.metadata.requires_python = Some(required.clone());
        self.out.manifest.metadata.python_from = Some(self.at(path));
        if python.contains('|') || python.contains("!=") {
            let why = format!("as poetry-core writes it into the metadata: {required}");
            self.change(path, "project.requires-python", why);
        } else {
            self.carry(path, "project.requires-python");
        }
    }

    /// One dependency, or several for different environments.
    fn entry(&mut self, path: &[&str], name: &str, scope: &Scope, header: &mut Comments) {
        let Some(value) = self.document.value(path) else {
            return self.refuse(path, wrong_type("a version or a table"));
        };
        let several = match &value {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let declared: Result<Vec<Declared>, Problem> =
            several.iter().map(|value| self.declare(name, value)).collect();
        let declared = match declared {
            Ok(declared) if declared.is_empty() => {
                return self.refuse(path, wrong_type("a version or a table"));
            }
            Ok(declared) => declared,
            Err(problem) => return self.refuse(path, problem),
        };
        if self.is_enriched(scope) {
            return self.enrich(path, name, scope, &declared);
        }
        let own = self.comments_of(path);
        if own != Comments::default() {
            let from = self.at(path);
            self.out.manifest.remove_with_comments(path, &from);
        }
        let above =
            std::mem::take(&mut header.above).into_iter().chain(header.trailing.take()).chain(own.above);
        let comments = Comments { above: above.collect(), trailing: own.trailing };
        let place = Place { path, from: self.at(path), comments };
        self.place(place, name, scope, &declared);
    }

    pub(super) fn place(&mut self, place: Place<'_>, name: &str, scope: &Scope, declared: &[Declared]) {
        let in_extras = if *scope == Scope::Main { self.extras_with(name) } else { Vec::new() };
        let optional = declared.iter().all(|declared| declared.optional);
        if optional && in_extras.is_empty() {
            let why = "it is optional and no extra names it, so Poetry never installs it";
            return self.drop_key(place.path, why);
        }
        let mut reasons: Vec<String> =
            declared.iter().flat_map(|declared| declared.reasons.clone()).collect();
        let mut scopes: Vec<Scope> = match scope {
            Scope::Main if !in_extras.is_empty() => in_extras.into_iter().map(Scope::Extra).collect(),
            scope => vec![scope.clone()],
        };
        if *scope == Scope::Main && !optional && scopes != [Scope::Main] {
            scopes.push(Scope::Group(MAIN_GROUP.to_owned()));
            self.out.manifest.group(MAIN_GROUP).default = true;
            reasons.push("the wheel asks for it with the extra only, Poetry installs it always".to_owned());
        }
        if let Err(problem) = self.add_sources(name, &scopes[0], declared, &place.from) {
            return self.refuse(place.path, problem);
        }
        self.prereleases(name, declared, &place.from);
        let mut comments = place.comments;
        for scope in &scopes {
            for declared in declared {
                let dependency = Dependency {
                    text: declared.text(),
                    name: normalize_name(name),
                    comments: std::mem::take(&mut comments),
                    from: place.from.clone(),
                };
                self.out.manifest.add(scope, dependency);
            }
        }
        if *scope == Scope::Main {
            self.moved_fields.push("dependencies");
        }
        let to = destination(name, &scopes, declared);
        reasons.dedup();
        if reasons.is_empty() {
            self.carry(place.path, to);
        } else {
            self.change(place.path, to, reasons.join("; "));
        }
    }

    /// Where the package comes from; of several declarations each for its own environments.
    pub(super) fn add_sources(
        &mut self,
        name: &str,
        scope: &Scope,
        declared: &[Declared],
        from: &Provenance,
    ) -> Result<(), Problem> {
        let kinds: Vec<&SourceKind> = declared.iter().filter_map(|one| one.source.as_ref()).collect();
        let alike = kinds.len() == declared.len() && kinds.windows(2).all(|pair| pair[0] == pair[1]);
        let mut found = Vec::new();
        for one in declared {
            let Some(kind) = &one.source else { continue };
            let mut source = Source::new(kind.clone());
            source.marker = one.marker.clone().filter(|_| !alike);
            if !found.contains(&source) {
                found.push(source);
            }
        }
        let name = normalize_name(name);
        for mut source in found {
            let known = &self.out.manifest.sources;
            let others: Vec<&NamedSource> = known.iter().filter(|known| known.name == name).collect();
            if others.iter().any(|known| known.source == source && known.scope == *scope) {
                continue;
            }
            if let Some(other) = others.iter().find(|known| known.scope != *scope)
                && other.source.kind != source.kind
            {
                match scope {
                    Scope::Group(group) => source.group = Some(group.clone()),
                    Scope::Main | Scope::Extra(_) => {
                        let why = format!("{} takes it from another place", other.from);
                        return Err(Problem::new(why, "keep one of the two"));
                    }
                }
            }
            let named = NamedSource { name: name.clone(), source, scope: scope.clone(), from: from.clone() };
            self.out.manifest.sources.push(named);
        }
        Ok(())
    }

    /// uv asks for permission a package, too.
    pub(super) fn prereleases(&mut self, name: &str, declared: &[Declared], from: &Provenance) {
        let Some(allowed) = declared.iter().find_map(|declared| declared.prereleases) else { return };
        let word = if allowed { "allow" } else { "disallow" };
        self.out.manifest.set(&["tool", "uv", "prerelease-package"], &normalize_name(name), word, from);
    }
}

/// Poetry calls the dependencies of the project a group, too.
fn is_main(name: &str) -> bool {
    normalized(name) == "main"
}

fn destination(name: &str, scopes: &[Scope], declared: &[Declared]) -> String {
    let mut to: Vec<String> = scopes.iter().map(Scope::key).collect();
    if declared.iter().any(|declared| declared.source.is_some()) {
        to.push(format!("tool.uv.sources.{}", normalize_name(name)));
    }
    if declared.iter().any(|declared| declared.prereleases.is_some()) {
        to.push(format!("tool.uv.prerelease-package.{}", normalize_name(name)));
    }
    to.join(" and ")
}
