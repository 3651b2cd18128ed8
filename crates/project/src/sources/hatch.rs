//! Hatch: the dependencies of its environments become dependency groups. Nothing is taken away: Hatch reads its own
//! settings as before, and the build backend stays.

use toml_edit::{Item, TableLike};
use uvshift_pyproject::PyProject;

use super::Given;
use super::entry::{Document, carry, change, group_name, leave_out, open_toml, refuse};
use crate::convert::{Foreign, read_foreign};
use crate::names::is_same;
use crate::{Comments, Dependency, Error, Fate, GroupItem, OldFile, Provenance, Reading, Scope};

const PYPROJECT: &str = "pyproject.toml";
const FILE: &str = "hatch.toml";
/// Keys that list requirements.
const LISTS: [&str; 2] = ["dependencies", "extra-dependencies"];
/// Keys that say what an environment installs.
const INSTALLED: [&str; 4] = ["dependencies", "extra-dependencies", "features", "dependency-groups"];

pub(super) fn detect(given: &Given<'_>) -> bool {
    let installs = |toml: &PyProject, root: &[&str]| {
        let envs = toml.get(root).and_then(Item::as_table_like);
        envs.into_iter()
            .flat_map(TableLike::iter)
            .filter_map(|(_, item)| item.as_table_like())
            .any(|table| INSTALLED.iter().any(|key| table.contains_key(key)))
    };
    // A broken hatch.toml is for `read` to tell.
    let own = given.tree.text(FILE).map(|text| PyProject::parse(&text));
    given.pyproject.is_some_and(|toml| installs(toml, &["tool", "hatch", "envs"]))
        || own.is_some_and(|own| own.map_or(true, |toml| installs(&toml, &["envs"])))
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let name = given.pyproject.and_then(PyProject::project_name);
    out.is_package = given.pyproject.is_some_and(PyProject::has_build_system);
    out.lists_dependencies = given.pyproject.is_some_and(|toml| toml.has_project_field("dependencies"));
    let own = if given.tree.has(FILE) { open_toml(given.tree, FILE, out) } else { None };
    let own = own.filter(|toml| toml.get(&["envs"]).is_some());
    if let Some(toml) = &own {
        let why = "Hatch still reads it; what its environments install is in [dependency-groups] too";
        out.old_files.push(OldFile {
            path: FILE.to_owned(),
            what: FILE.to_owned(),
            fate: Fate::Keep(why.to_owned()),
        });
        environments(Document { file: FILE, toml }, &["envs"], name, given, out);
    }
    let Some(toml) = given.pyproject else { return Ok(()) };
    let document = Document { file: PYPROJECT, toml };
    let root = ["tool", "hatch", "envs"];
    match own {
        Some(_) if toml.get(&root).is_some() => {
            leave_out(
                out,
                document.from(&root),
                "tool.hatch.envs",
                "Hatch reads the environments of hatch.toml instead",
            );
        }
        Some(_) => {}
        None => environments(document, &root, name, given, out),
    }
    Ok(())
}

/// An environment with the ones whose settings it takes over, nearest first, itself included.
struct Environment<'a> {
    name: &'a str,
    table: &'a dyn TableLike,
    chain: Vec<(&'a str, &'a dyn TableLike)>,
}

impl<'a> Environment<'a> {
    /// The environment that a setting comes from.
    fn origin(&self, key: &str) -> Option<(&'a str, &'a dyn TableLike)> {
        self.chain.iter().copied().find(|(_, table)| table.contains_key(key))
    }
}

struct Envs<'a> {
    document: Document<'a>,
    root: &'a [&'a str],
    project: Option<&'a str>,
    has_dev: bool,
}

impl Envs<'_> {
    /// The group of an environment: uv installs `dev` by default, as Hatch does `default`.
    fn group(&self, environment: &str) -> String {
        let is_default = environment == "default" && !self.has_dev;
        if is_default { "dev".to_owned() } else { group_name(environment) }
    }

    fn path<'b>(&'b self, parts: &[&'b str]) -> Vec<&'b str> {
        self.root.iter().copied().chain(parts.iter().copied()).collect()
    }
}

fn environments(
    document: Document<'_>,
    root: &[&str],
    project: Option<&str>,
    given: &Given<'_>,
    out: &mut Reading,
) {
    let table = document.toml.get(root).and_then(Item::as_table_like);
    let tables: Vec<(&str, &dyn TableLike)> = table
        .into_iter()
        .flat_map(TableLike::iter)
        .filter_map(|(name, item)| Some((name, item.as_table_like()?)))
        .collect();
    let has_dev = tables.iter().any(|(name, _)| is_same(name, "dev"));
    let envs = Envs { document, root, project, has_dev };
    for (name, table) in &tables {
        let environment = Environment { name, table: *table, chain: chain(name, &tables) };
        environment_of(&envs, &environment, given, out);
    }
}

/// Hatch takes what an environment does not say from its template, which is `default` unless told otherwise.
fn chain<'a>(name: &'a str, tables: &[(&'a str, &'a dyn TableLike)]) -> Vec<(&'a str, &'a dyn TableLike)> {
    let mut found: Vec<(&str, &dyn TableLike)> = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next {
        if found.iter().any(|(known, _)| *known == name) {
            break;
        }
        let Some((name, table)) = tables.iter().copied().find(|(known, _)| *known == name) else { break };
        found.push((name, table));
        let detached = table.get("detached").and_then(Item::as_bool) == Some(true);
        let template = table.get("template").and_then(Item::as_str).unwrap_or("default");
        next = (!detached && name != "default").then_some(template);
    }
    found
}

fn environment_of(envs: &Envs<'_>, environment: &Environment<'_>, given: &Given<'_>, out: &mut Reading) {
    let name = environment.name;
    let group = envs.group(name);
    let own: Vec<&str> = INSTALLED.into_iter().filter(|key| environment.table.contains_key(key)).collect();
    if !own.is_empty() {
        if name == "default" {
            out.manifest.group(&group).default = true;
        }
        for key in LISTS {
            list(envs, environment, key, &group, given, out);
        }
        features(envs, environment, &group, out);
        included_groups(envs, environment, &group, out);
    }
    for (key, _) in environment.table.iter().filter(|(key, _)| !INSTALLED.contains(key)) {
        let path = envs.path(&[name, key]);
        let (from, text) = (envs.document.from(&path), envs.document.written(&path));
        let to = format!("{}, as it is", path.join("."));
        if key == "overrides" || key == "matrix" {
            let why = "uv has no environments by a matrix; Hatch makes them as before";
            change(out, from, &text, to, why);
        } else {
            carry(out, from, &text, to);
        }
    }
}

/// The requirements of a key, which may be those of a template.
fn list(
    envs: &Envs<'_>,
    environment: &Environment<'_>,
    key: &str,
    group: &str,
    given: &Given<'_>,
    out: &mut Reading,
) {
    let Some((origin, table)) = environment.origin(key) else { return };
    let others = INSTALLED.iter().filter(|other| **other != key).any(|other| table.contains_key(other));
    if origin != environment.name && !others {
        let path = envs.path(&[environment.name]);
        let from = envs.document.from(&path);
        let text = format!("the {key} of {origin}");
        let included = envs.group(origin);
        carry(out, from.clone(), &text, format!("dependency-groups.{group}, with {included}"));
        let comments = Comments::default();
        out.manifest.group(group).items.push(GroupItem::Include { group: included, comments, from });
        return;
    }
    let items = envs.document.toml.items(&envs.path(&[origin, key]));
    let mut lines = Vec::new();
    for (item, line) in items {
        let from = Provenance::new(envs.document.file, line);
        let Some(plain) = without_fields(&item.text) else {
            let advice = "write the value out, or add the requirement to the group by hand";
            refuse(out, from, &item.text, "it has a field that only Hatch fills in", advice);
            continue;
        };
        let comments = Comments { above: item.comments_above, trailing: item.comment_trailing };
        lines.push(Foreign { line: plain, shown: item.text, from, comments });
    }
    read_foreign(given.tree, given.options, &Scope::Group(group.to_owned()), lines, out);
}

/// `NAME @ {root:uri}/x` is `./x`; any other field is not known here.
fn without_fields(text: &str) -> Option<String> {
    if !text.contains('{') {
        return Some(text.to_owned());
    }
    let (before, after) = text.split_once("{root:uri}")?;
    let named = before.trim().strip_suffix('@')?;
    let extras = named.split_once('[').map(|(_, rest)| format!("[{}", rest.trim())).unwrap_or_default();
    let (path, marker) = after.split_once(" ;").map_or((after, None), |(path, marker)| (path, Some(marker)));
    let marker = marker.map(|marker| format!(" ; {}", marker.trim())).unwrap_or_default();
    let path = path.trim().trim_start_matches('/');
    (!path.contains('{')).then(|| {
        if path.is_empty() { format!(".{extras}{marker}") } else { format!("./{path}{extras}{marker}") }
    })
}

/// Extras of the project itself: a requirement of the group on the project.
fn features(envs: &Envs<'_>, environment: &Environment<'_>, group: &str, out: &mut Reading) {
    if !environment.table.contains_key("features") {
        return;
    }
    let path = envs.path(&[environment.name, "features"]);
    let (from, text) = (envs.document.from(&path), envs.document.written(&path));
    let extras: Vec<String> =
        envs.document.toml.items(&path).into_iter().map(|(item, _)| item.text).collect();
    match envs.project {
        _ if extras.is_empty() => leave_out(out, from, &text, "it names no extra"),
        Some(project) => {
            carry(out, from.clone(), &text, format!("dependency-groups.{group}"));
            let text = format!("{project}[{}]", extras.join(","));
            let name = uvshift_requirements::normalize_name(project);
            let dependency = Dependency { text, name, comments: Comments::default(), from };
            out.manifest.add(&Scope::Group(group.to_owned()), dependency);
        }
        None => {
            let advice = "give the project a name in [project]";
            refuse(out, from, &text, "the project that has these extras has no name", advice);
        }
    }
}

/// `dependency-groups`, from Hatch 1.16 on.
fn included_groups(envs: &Envs<'_>, environment: &Environment<'_>, group: &str, out: &mut Reading) {
    for (item, line) in envs.document.toml.items(&envs.path(&[environment.name, "dependency-groups"])) {
        let from = Provenance::new(envs.document.file, line);
        if is_same(&item.text, group) {
            carry(out, from, &item.text, format!("dependency-groups.{group}, which it is itself"));
            continue;
        }
        carry(out, from.clone(), &item.text, format!("dependency-groups.{group}, with {}", item.text));
        let comments = Comments { above: item.comments_above, trailing: item.comment_trailing };
        out.manifest.group(group).items.push(GroupItem::Include { group: item.text, comments, from });
    }
}

#[cfg(test)]
mod tests;
