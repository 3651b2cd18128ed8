//! Several sources of one project into one reading: by role, each requirement once, contradictions named.

use std::collections::HashMap;

use uvshift_diagnostics::Diagnostic;
use uvshift_requirements::{Requirement, parse};

use crate::meaning::difference;
use crate::{
    Comments, Dependency, Group, GroupItem, Manifest, NamedSource, Outcome, Provenance, ReadSource, Reading,
    Scope, UvSettings, codes, names,
};

/// The group that takes what an application's requirements file lists where a package says itself what it depends on: the
/// metadata of its wheel must not change unseen. What a Pipfile or an environment of conda lists is called after these.
pub const MAIN_GROUP: &str = "requirements";

/// Joins what the sources say, in their order; the requirements files come last.
pub fn merge(sources: Vec<ReadSource>, requirements: Reading) -> Reading {
    let mut whole = Reading::default();
    for ReadSource { name, mut reading } in sources {
        if whole.is_package && !reading.is_package && reading.lists_dependencies {
            let known = take_known(&mut reading, &whole.manifest);
            move_to_group(&mut reading, &names::normalized(name));
            for Dependency { from, .. } in known {
                let to = Scope::Main.key();
                reading.ledger.revise(&from, |outcome| *outcome = Outcome::Carried { to: to.clone() });
            }
        }
        append(&mut whole, reading);
    }
    append(&mut whole, requirements);
    let mut seen = Seen { contradictions: Vec::new() };
    let manifest = &mut whole.manifest;
    seen.settle(&Scope::Main, &mut manifest.dependencies);
    for group in &mut manifest.extras {
        seen.settle_group(&Scope::Extra(group.name.clone()), group);
    }
    for group in &mut manifest.groups {
        seen.settle_group(&Scope::Group(group.name.clone()), group);
    }
    whole.diagnostics.extend(seen.contradictions);
    whole
}

/// What the package requires itself needs no second place, unless a comment or a source of its own stands beside it.
fn take_known(reading: &mut Reading, package: &Manifest) -> Vec<Dependency> {
    let is_located = |name: &str| {
        let mut sources = reading.manifest.sources.iter().chain(&package.sources);
        sources.any(|source| source.name == name)
    };
    let is_known = |dependency: &mut Dependency| {
        dependency.comments == Comments::default()
            && !is_located(&dependency.name)
            && package.dependencies.iter().any(|known| is_same(known, dependency))
    };
    reading.manifest.dependencies.extract_if(.., is_known).collect()
}

fn is_same(one: &Dependency, other: &Dependency) -> bool {
    let (one_text, other_text) = (parse(&one.text), parse(&other.text));
    let both = one_text.requirements().next().zip(other_text.requirements().next());
    one.name == other.name && both.is_some_and(|((_, one), (_, other))| difference(one, other).is_none())
}

/// What would be `project.dependencies` becomes a group that uv installs by default.
fn move_to_group(reading: &mut Reading, name: &str) {
    let main = std::mem::take(&mut reading.manifest.dependencies);
    if main.is_empty() {
        return;
    }
    let group = reading.manifest.group(name);
    group.default = true;
    group.items.splice(0..0, main.into_iter().map(GroupItem::Dependency));
    for source in reading.manifest.sources.iter_mut().filter(|source| source.scope == Scope::Main) {
        source.scope = Scope::Group(name.to_owned());
    }
    let (old, new) = (Scope::Main.key(), Scope::Group(name.to_owned()).key());
    reading.ledger.rename(&old, &new);
}

fn append(whole: &mut Reading, part: Reading) {
    let Reading {
        manifest,
        ledger,
        diagnostics,
        not_carried,
        installs_itself,
        old_files,
        is_package,
        lists_dependencies,
        main_files,
    } = part;
    merge_manifests(&mut whole.manifest, manifest);
    whole.ledger.append(ledger);
    whole.diagnostics.extend(diagnostics);
    whole.not_carried.extend(not_carried);
    whole.installs_itself |= installs_itself;
    whole.old_files.extend(old_files);
    whole.is_package |= is_package;
    whole.lists_dependencies |= lists_dependencies;
    whole.main_files.extend(main_files);
}

/// Adds what another source or project needs. What only one can say is that of the first one.
pub fn merge_manifests(whole: &mut Manifest, part: Manifest) {
    let Manifest {
        metadata,
        dependencies,
        extras,
        groups,
        constraints,
        overrides,
        sources,
        indexes,
        uv,
        pins,
        hashes,
        secrets,
        settings,
        removals,
        build,
        undynamic,
        has_conditions,
        is_virtual: _,
    } = part;
    let known = &mut whole.metadata;
    // The first source that says something is right: what describes a package comes first.
    for (known, new) in [(&mut known.name, metadata.name), (&mut known.version, metadata.version)] {
        if known.is_empty() {
            *known = new;
        }
    }
    if known.requires_python.is_none() {
        known.requires_python = metadata.requires_python;
        known.python_from = metadata.python_from;
    }
    push_new(&mut known.dynamic, metadata.dynamic);
    whole.dependencies.extend(dependencies);
    append_groups(&mut whole.extras, extras);
    append_groups(&mut whole.groups, groups);
    whole.constraints.extend(constraints);
    whole.overrides.extend(overrides);
    for source in sources {
        let same = |known: &NamedSource| {
            known.name == source.name && known.source == source.source && known.scope == source.scope
        };
        if !whole.sources.iter().any(same) {
            whole.sources.push(source);
        }
    }
    push_new(&mut whole.indexes, indexes);
    append_settings(&mut whole.uv, uv);
    whole.pins.extend(pins);
    whole.hashes.extend(hashes);
    push_new(&mut whole.secrets, secrets);
    whole.settings.extend(settings);
    whole.removals.extend(removals);
    whole.build = whole.build.take().or(build);
    whole.undynamic |= undynamic;
    whole.has_conditions |= has_conditions;
}

fn append_groups(whole: &mut Vec<Group>, part: Vec<Group>) {
    for group in part {
        match whole.iter_mut().find(|known| known.name == group.name) {
            Some(known) => {
                known.items.extend(group.items);
                known.default |= group.default;
            }
            None => whole.push(group),
        }
    }
}

fn append_settings(whole: &mut UvSettings, part: UvSettings) {
    let UvSettings {
        package,
        index_strategy,
        find_links,
        no_index,
        prerelease,
        no_binary,
        no_build,
        allow_insecure_host,
        config_settings,
    } = part;
    whole.package = whole.package.or(package);
    whole.index_strategy = whole.index_strategy.take().or(index_strategy);
    push_new(&mut whole.find_links, find_links);
    whole.no_index |= no_index;
    whole.prerelease |= prerelease;
    for (known, new) in [(&mut whole.no_binary, no_binary), (&mut whole.no_build, no_build)] {
        known.all |= new.all;
        push_new(&mut known.packages, new.packages);
    }
    push_new(&mut whole.allow_insecure_host, allow_insecure_host);
    push_new(&mut whole.config_settings, config_settings);
}

fn push_new<T: PartialEq>(whole: &mut Vec<T>, part: Vec<T>) {
    for item in part {
        if !whole.contains(&item) {
            whole.push(item);
        }
    }
}

/// What several files say about one package.
struct Seen {
    contradictions: Vec<Diagnostic>,
}

impl Seen {
    fn settle_group(&mut self, scope: &Scope, group: &mut Group) {
        let (mut dependencies, mut rest): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        let several = files_of(group.items.iter().filter_map(dependency_of)) > 1;
        if !several {
            return;
        }
        for item in std::mem::take(&mut group.items) {
            match item {
                GroupItem::Dependency(dependency) => dependencies.push(dependency),
                include @ GroupItem::Include { .. } => rest.push(include),
            }
        }
        self.settle(scope, &mut dependencies);
        group.items = rest;
        group.items.extend(dependencies.into_iter().map(GroupItem::Dependency));
    }

    /// Takes out what another file has said already in the same meaning, and names what contradicts.
    fn settle(&mut self, scope: &Scope, dependencies: &mut Vec<Dependency>) {
        if files_of(dependencies.iter()) < 2 {
            return;
        }
        let mut first: HashMap<String, Vec<(Requirement, Provenance)>> = HashMap::new();
        dependencies.retain(|dependency| {
            let document = parse(&dependency.text);
            let Some((_, requirement)) = document.requirements().next() else { return true };
            let known = first.entry(dependency.name.clone()).or_default();
            let others: Vec<_> = known.iter().filter(|(_, from)| from.file != dependency.from.file).collect();
            if others.iter().any(|(other, _)| difference(other, requirement).is_none()) {
                return false;
            }
            if let Some((other, from)) = others.first() {
                self.contradictions.push(contradiction(scope, (other, from), (requirement, dependency)));
            }
            known.push((requirement.clone(), dependency.from.clone()));
            true
        });
    }
}

fn dependency_of(item: &GroupItem) -> Option<&Dependency> {
    match item {
        GroupItem::Dependency(dependency) => Some(dependency),
        GroupItem::Include { .. } => None,
    }
}

fn files_of<'a>(dependencies: impl Iterator<Item = &'a Dependency>) -> usize {
    let mut files: Vec<&str> = dependencies.map(|dependency| dependency.from.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    files.len()
}

fn contradiction(
    scope: &Scope,
    (other, from): (&Requirement, &Provenance),
    (requirement, dependency): (&Requirement, &Dependency),
) -> Diagnostic {
    let message =
        format!("`{}` is `{}` in {from}; both hold in {}", requirement.text(), other.text(), scope.key());
    Diagnostic::warning(codes::M010, message)
        .in_file(&dependency.from.file, dependency.from.line)
        .with_help("remove one of the two, or leave a file out with `--ignore FILE`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(file: &str, texts: &[&str]) -> Reading {
        let mut reading = Reading { lists_dependencies: true, ..Reading::default() };
        for (at, text) in texts.iter().enumerate() {
            let name = text.split(['=', '>', '<', ' ']).next().unwrap().to_owned();
            let from = Provenance::new(file, at + 1);
            let to = Scope::Main.key();
            reading.ledger.add(from.clone(), *text, Outcome::Carried { to });
            let dependency =
                Dependency { text: (*text).to_owned(), name, comments: crate::Comments::default(), from };
            reading.manifest.add(&Scope::Main, dependency);
        }
        reading
    }

    fn source(name: &'static str, reading: Reading) -> ReadSource {
        ReadSource { name, reading }
    }

    #[test]
    fn what_two_files_say_alike_stands_once_and_contradictions_are_named() {
        let pipfile = source("Pipfile", reading("Pipfile", &["flask>=3", "six"]));
        let whole = merge(vec![pipfile], reading("requirements.txt", &["flask >= 3.0", "six<2"]));
        let texts: Vec<&str> =
            whole.manifest.dependencies.iter().map(|dependency| dependency.text.as_str()).collect();
        assert_eq!(texts, ["flask>=3", "six", "six<2"]);
        let said: Vec<String> = whole.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "requirements.txt:2: warning[M010]: `six<2` is `six` in Pipfile:2; both hold in project.dependencies"
            ]
        );
    }

    #[test]
    fn an_application_file_does_not_change_what_a_package_requires() {
        let mut package = reading("setup.py", &["flask>=3"]);
        package.is_package = true;
        let pipfile = reading("Pipfile", &["six", "flask >=3.0", "flask<4"]);
        let whole =
            merge(vec![source("setuptools", package), source("Pipfile", pipfile)], Reading::default());
        assert_eq!(whole.manifest.dependencies.len(), 1);
        let group = &whole.manifest.groups[0];
        assert!(group.default && group.name == "pipfile");
        let texts: Vec<&str> =
            group.items.iter().filter_map(dependency_of).map(|found| found.text.as_str()).collect();
        assert_eq!(texts, ["six", "flask<4"], "what the package requires itself stands once");
        let ledger = whole.ledger.to_string();
        for line in [
            "carried  Pipfile:1  six  -> dependency-groups.pipfile\n",
            "carried  Pipfile:2  flask >=3.0  -> project.dependencies\n",
        ] {
            assert!(ledger.contains(line), "{ledger}");
        }
    }

    #[test]
    fn a_list_that_says_what_the_package_says_becomes_no_group() {
        let mut package = reading("setup.py", &["flask>=3"]);
        package.is_package = true;
        let pipfile = source("Pipfile", reading("Pipfile", &["flask>=3"]));
        let whole = merge(vec![source("setuptools", package), pipfile], Reading::default());
        assert!(whole.manifest.groups.is_empty());
    }
}
