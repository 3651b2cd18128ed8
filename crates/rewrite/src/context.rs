use std::collections::{BTreeMap, BTreeSet};

use toml_edit::Item;
use uvshift_pyproject::{GroupEntry, PyProject};
use uvshift_requirements::normalize_name;
use uvshift_tree::Tree;

use crate::Error;
use crate::images::ImageNotes;

/// What of a project is to be installed, as `uv sync` takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selection {
    /// The dependencies of `[project]`.
    pub main: bool,
    /// Dependency groups, sorted.
    pub groups: BTreeSet<String>,
    /// Extras, sorted.
    pub extras: BTreeSet<String>,
}

/// What a migration made of a file that pip or another tool read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// Its requirements are these parts of pyproject.toml.
    Selection(Selection),
    /// Its limits are in `uv.lock` or `[tool.uv]`, for whatever is installed.
    Constraints,
}

/// A project that uv manages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UvProject {
    /// Its folder, relative to the root; empty for the root itself.
    pub folder: String,
    /// Its name, as it is written.
    pub name: String,
    /// Whether it is installed itself: there is a build system, and `tool.uv.package` is not false.
    pub is_package: bool,
    /// Whether `uv.lock` is, or will be, there.
    pub locked: bool,
    /// The folder of the workspace that it is a member of, which has its lock.
    pub workspace: Option<String>,
    /// `requires-python`
    pub requires_python: Option<String>,
    /// What `[tool.uv.dependency-groups]` asks of Python for groups.
    pub group_pythons: BTreeMap<String, String>,
    /// The groups that are there.
    pub groups: BTreeSet<String>,
    /// The groups that uv installs when nobody says anything; `dev` if the project has one and does not say otherwise.
    pub default_groups: BTreeSet<String>,
    /// The extras.
    pub extras: BTreeSet<String>,
    /// Every distribution that is declared, normalised, with the parts of pyproject.toml that declare it. A group includes
    /// what the groups that it includes have.
    pub declared: BTreeMap<String, Vec<Selection>>,
    /// Folders that `[tool.uv.sources]` takes packages from, as they are written.
    pub path_sources: Vec<String>,
    /// The programs of `[project.scripts]` and `[project.gui-scripts]`.
    pub scripts: BTreeSet<String>,
    /// The commands that Pipenv, PDM or rye ran by a short name, which a migration keeps in `[tool.uvshift.scripts]`; none
    /// for one that is more than a line.
    pub tasks: BTreeMap<String, Option<String>>,
    /// The environments of Hatch that are in `[tool.hatch.envs]`, with the names of their scripts.
    pub hatch: BTreeMap<String, BTreeSet<String>>,
    /// A file `.env`, or an example of one, is in its folder: Pipenv reads that before it runs anything.
    pub has_dotenv: bool,
}

/// What is known of the repository when its files are rewritten.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The uv projects, the one at the root first. None: the repository is not managed by uv, and only the interface
    /// `uv pip` can be used.
    pub projects: Vec<UvProject>,
    /// Folders of projects that uv does not manage, such as what was vendored.
    pub foreign: BTreeSet<String>,
    /// What became of old files, by path from the root. A file that is not here is a requirements file still.
    pub became: BTreeMap<String, Became>,
    /// The version of uv that files are to name, such as `0.13.9`.
    pub uv_version: String,
    /// Distributions that uv builds in the project, or that the lock has, normalised; empty when there is no lock yet.
    pub locked: BTreeSet<String>,
    /// Requirements files of the tree that did not become anything, by path from the root.
    pub requirement_files: BTreeSet<String>,
    /// The text of files of CI that are read together, such as those that GitLab includes and workflows that call each other,
    /// by path from the root.
    pub ci_files: BTreeMap<String, String>,
    /// Whether a `.python-version` at the root tells uv which Python to take, whatever a machine or image has.
    pub pins_python: bool,
    /// What other files say of the images of the repository.
    pub images: ImageNotes,
}

impl Context {
    /// Reads the projects of a tree: those with `[project]` in folders that have, or will have, a lock or belong to a
    /// workspace. `became` is what a migration says of the old files.
    ///
    /// # Errors
    /// A pyproject.toml cannot be read.
    pub fn read(tree: &Tree, became: BTreeMap<String, Became>, uv_version: &str) -> Result<Self, Error> {
        let mut context = Self { became, uv_version: uv_version.to_owned(), ..Self::default() };
        let mut paths: Vec<&str> =
            tree.files().iter().map(String::as_str).filter(|path| is_pyproject(path)).collect();
        paths.sort_unstable_by_key(|path| (path.matches('/').count(), *path));
        let mut workspaces = Vec::new();
        for path in paths {
            let Some(text) = tree.text(path) else { continue };
            let Ok(document) = PyProject::parse(&text) else { continue };
            let folder = path.strip_suffix("pyproject.toml").unwrap_or_default().trim_end_matches('/');
            workspaces.extend(Workspace::read(folder, &document));
            let workspace = workspaces.iter().find(|workspace| workspace.has(folder));
            let is_locked = workspace.is_some() || tree.has(&below(folder, "uv.lock"));
            let is_managed = is_locked || (folder.is_empty() && document.has_tool("uv"));
            if document.has_project() && is_managed {
                let workspace = workspace.map(|workspace| workspace.folder.clone());
                let project = project(tree, folder, &document);
                context.projects.push(UvProject { locked: is_locked, workspace, ..project });
            }
        }
        context.foreign = foreign(tree, &context.projects);
        let stays = |path: &&String| is_requirements(path) && !context.became.contains_key(*path);
        context.ci_files = ci_files(tree);
        context.images = ImageNotes::read(tree, &context.projects);
        context.pins_python = tree.has(".python-version");
        context.requirement_files = tree.files().iter().filter(stays).cloned().collect();
        Ok(context)
    }

    /// The project of a folder: the nearest one at or above it, unless another project that uv does not manage is nearer.
    pub fn project(&self, folder: &str) -> Option<&UvProject> {
        let above = self.projects.iter().filter(|project| is_at_or_below(folder, &project.folder));
        let nearest = above.max_by_key(|project| project.folder.len())?;
        let is_nearer = |other: &&String| other.len() > nearest.folder.len() && is_at_or_below(folder, other);
        if self.foreign.iter().any(|other| is_nearer(&other)) { None } else { Some(nearest) }
    }

    /// What became of a file that a command in `folder` names as `path`.
    pub fn became(&self, folder: &str, path: &str) -> Option<&Became> {
        self.became.get(&joined(folder, path)?)
    }
}

impl UvProject {
    /// Whether a distribution is declared by any part of pyproject.toml.
    pub fn declares(&self, distribution: &str) -> bool {
        self.declared.contains_key(&normalize_name(distribution))
    }

    /// Where its lock is, or will be, from the root.
    pub(crate) fn lock(&self) -> String {
        below(self.workspace.as_deref().unwrap_or(&self.folder), "uv.lock")
    }

    /// What `uv sync` installs when nobody says anything.
    pub fn default_selection(&self) -> Selection {
        Selection { main: true, groups: self.default_groups.clone(), extras: BTreeSet::new() }
    }
}

impl Selection {
    /// The dependencies of `[project]` alone.
    pub fn main() -> Self {
        Self { main: true, ..Self::default() }
    }

    /// Whether it has all that another one has.
    pub(crate) fn covers(&self, part: &Self) -> bool {
        (self.main || !part.main)
            && part.groups.is_subset(&self.groups)
            && part.extras.is_subset(&self.extras)
    }

    /// Adds what another one has.
    pub fn join(&mut self, other: &Self) {
        self.main |= other.main;
        self.groups.extend(other.groups.iter().cloned());
        self.extras.extend(other.extras.iter().cloned());
    }
}

/// A path that is named in a folder, from the root; none when it leads out of it.
pub(crate) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    if path.starts_with('/') {
        return None;
    }
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn is_pyproject(path: &str) -> bool {
    path == "pyproject.toml" || path.ends_with("/pyproject.toml")
}

/// The files of CI that may include each other.
fn ci_files(tree: &Tree) -> BTreeMap<String, String> {
    const MAX_FILES: usize = 300;
    const MAX_SIZE: usize = 1 << 18;
    let is_one = |path: &&String| {
        matches!(path.rsplit_once('.'), Some((_, "yml" | "yaml")))
            && ["gitlab", "azure", ".ado/", ".github/"].iter().any(|part| path.contains(part))
    };
    let files = tree.files().iter().filter(is_one).filter(|path| !tree.is_link(path)).take(MAX_FILES);
    let texts = files.filter_map(|path| Some((path.clone(), tree.text(path)?)));
    texts.filter(|(_, text)| text.len() <= MAX_SIZE).collect()
}

/// Whether a file is named as people name requirements files, and as Renovate finds them.
fn is_requirements(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in"));
    stem.is_some_and(|stem| stem.contains("requirements") || path.contains("requirements/"))
}

/// A file in a folder; the empty folder is the root.
pub(crate) fn below(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

fn is_at_or_below(folder: &str, above: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// Folders below the root with a project of their own that is none of these.
fn foreign(tree: &Tree, projects: &[UvProject]) -> BTreeSet<String> {
    let says_so = |path: &str| {
        let (folder, file) = path.rsplit_once('/')?;
        ["pyproject.toml", "setup.py", "setup.cfg"].contains(&file).then(|| folder.to_owned())
    };
    let folders = tree.files().iter().filter_map(|path| says_so(path));
    folders.filter(|folder| !projects.iter().any(|project| project.folder == *folder)).collect()
}

/// `[tool.uv.workspace]`
struct Workspace {
    folder: String,
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Workspace {
    fn read(folder: &str, document: &PyProject) -> Option<Self> {
        let strings = |key: &str| -> Vec<String> {
            let item = document.get(&["tool", "uv", "workspace", key]).and_then(toml_edit::Item::as_array);
            let values = item.into_iter().flatten().filter_map(toml_edit::Value::as_str);
            values.map(|pattern| pattern.trim_start_matches("./").trim_end_matches('/').to_owned()).collect()
        };
        document.get(&["tool", "uv", "workspace"])?;
        Some(Self { folder: folder.to_owned(), members: strings("members"), exclude: strings("exclude") })
    }

    fn has(&self, folder: &str) -> bool {
        if folder == self.folder || !is_at_or_below(folder, &self.folder) {
            return false;
        }
        let inside = folder.strip_prefix(self.folder.as_str()).unwrap_or(folder).trim_start_matches('/');
        let matches = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, inside));
        matches(&self.members) && !matches(&self.exclude)
    }
}

/// Whether a path fits a pattern with `*` and `?` within a folder, and `**` for any folders.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    // What the pattern up to a place has in common with every part of the path: as in the usual table of edits.
    let mut fits = vec![false; path.len() + 1];
    fits[0] = true;
    for piece in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            let before = at.checked_sub(1).and_then(|before| Some((before, path.get(before)?)));
            next[at] = match before {
                _ if piece == "**" => fits[at] || before.is_some_and(|(before, _)| next[before]),
                Some((before, part)) => fits[before] && part_matches(piece, part),
                None => false,
            };
        }
        fits = next;
    }
    fits.last().copied().unwrap_or_default()
}

fn part_matches(pattern: &str, part: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(rest) = pieces.next().and_then(|first| part.strip_prefix(first)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

fn project(tree: &Tree, folder: &str, document: &PyProject) -> UvProject {
    let groups = document.dependency_groups();
    let names: BTreeSet<String> = groups.iter().map(|(name, _)| name.clone()).collect();
    let mut declared: BTreeMap<String, Vec<Selection>> = BTreeMap::new();
    let mut declare = |requirement: &str, selection: Selection| {
        declared.entry(distribution(requirement)).or_default().push(selection);
    };
    for entry in document.dependencies() {
        declare(&entry.text, Selection::main());
    }
    let extras = document.optional_dependencies();
    for (extra, entries) in &extras {
        for entry in entries {
            let extras = BTreeSet::from([extra.clone()]);
            declare(&entry.text, Selection { main: true, groups: BTreeSet::new(), extras });
        }
    }
    for name in &names {
        for requirement in requirements_of(&groups, name, &mut BTreeSet::new()) {
            let groups = BTreeSet::from([name.clone()]);
            declare(&requirement, Selection { main: false, groups, extras: BTreeSet::new() });
        }
    }
    let scripts = ["scripts", "gui-scripts"].iter().flat_map(|table| {
        let found = document.get(&["project", table]).and_then(Item::as_table_like);
        found.into_iter().flat_map(|table| table.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
    });
    let uv = |key: &str| document.get(&["tool", "uv", key]);
    UvProject {
        folder: folder.to_owned(),
        name: document.project_name().unwrap_or_default().to_owned(),
        is_package: match uv("package").and_then(Item::as_bool) {
            Some(said) => said,
            None => document.has_build_system(),
        },
        locked: false,
        workspace: None,
        requires_python: document.requires_python().map(str::to_owned),
        group_pythons: group_pythons(uv("dependency-groups")),
        default_groups: default_groups(uv("default-groups"), &names),
        groups: names,
        extras: extras.into_iter().map(|(name, _)| name).collect(),
        path_sources: path_sources(uv("sources")),
        scripts: scripts.collect(),
        tasks: tasks(document),
        hatch: hatch(tree, folder, document),
        has_dotenv: [".env", ".env.example", ".env.sample", ".env.dist", ".env.template"]
            .iter()
            .any(|name| tree.has(&format!("{folder}{}{name}", if folder.is_empty() { "" } else { "/" }))),
        declared,
    }
}

/// What a migration noted of the commands of the tool before.
fn tasks(document: &PyProject) -> BTreeMap<String, Option<String>> {
    let table = document.get(&["tool", "uvshift", "scripts"]).and_then(Item::as_table_like);
    let rows = table.into_iter().flat_map(|table| table.iter());
    let text = |item: &Item| {
        if let Some(table) = item.as_table_like() {
            // Variables, folders and such belong to the command.
            let known = table.iter().all(|(key, _)| matches!(key, "cmd" | "help"));
            return table.get("cmd").filter(|_| known).and_then(Item::as_str).map(str::to_owned);
        }
        item.as_str().map(str::to_owned)
    };
    rows.map(|(name, item)| (name.to_owned(), text(item))).collect()
}

/// The environments of Hatch; a `hatch.toml` that has some wins.
fn hatch(tree: &Tree, folder: &str, document: &PyProject) -> BTreeMap<String, BTreeSet<String>> {
    let path = format!("{folder}{}hatch.toml", if folder.is_empty() { "" } else { "/" });
    let own = tree.text(&path).and_then(|text| PyProject::parse(&text).ok());
    let own = own.as_ref().and_then(|own| own.get(&["envs"]));
    let item = own.or_else(|| document.get(&["tool", "hatch", "envs"]));
    let rows = item.and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
    let scripts = |item: &Item| {
        let table = item.as_table_like().and_then(|table| table.get("scripts")?.as_table_like());
        table.into_iter().flat_map(|table| table.iter().map(|(name, _)| name.to_owned())).collect()
    };
    rows.map(|(name, item)| (name.to_owned(), scripts(item))).collect()
}

/// `dev = { requires-python = ">=3.10" }`
fn group_pythons(groups: Option<&Item>) -> BTreeMap<String, String> {
    let rows = groups.and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
    let requires = |item: &Item| Some(item.as_table_like()?.get("requires-python")?.as_str()?.to_owned());
    rows.filter_map(|(name, item)| Some((name.to_owned(), requires(item)?))).collect()
}

fn path_sources(sources: Option<&toml_edit::Item>) -> Vec<String> {
    let table = sources.and_then(toml_edit::Item::as_table_like);
    let entries = table.into_iter().flat_map(|table| table.iter().map(|(_, item)| item).collect::<Vec<_>>());
    let path = |item: &toml_edit::Item| Some(item.as_table_like()?.get("path")?.as_str()?.to_owned());
    entries.filter_map(path).collect()
}

fn default_groups(said: Option<&Item>, groups: &BTreeSet<String>) -> BTreeSet<String> {
    match said {
        Some(item) if item.as_str() == Some("all") => groups.clone(),
        Some(item) => item
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect(),
        None => groups.iter().filter(|name| *name == "dev").cloned().collect(),
    }
}

fn requirements_of(
    groups: &[(String, Vec<GroupEntry>)],
    name: &str,
    seen: &mut BTreeSet<String>,
) -> Vec<String> {
    if !seen.insert(name.to_owned()) {
        return Vec::new();
    }
    let entries = groups.iter().filter(|(group, _)| group == name).flat_map(|(_, entries)| entries);
    let mut found = Vec::new();
    for entry in entries {
        match entry {
            GroupEntry::Requirement(entry) => found.push(entry.text.clone()),
            GroupEntry::Include { group, .. } => found.extend(requirements_of(groups, group, seen)),
        }
    }
    found
}

/// The normalised name at the start of a requirement.
pub(crate) fn distribution(requirement: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = requirement.find(|letter| !is_part(letter)).unwrap_or(requirement.len());
    normalize_name(requirement.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(files: &[(&str, &str)]) -> Context {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (path, text) in files {
            tree.lay_over(path, Some(text.as_bytes().to_vec()));
        }
        Context::read(&tree, BTreeMap::new(), "0.13.9").unwrap()
    }

    #[test]
    fn patterns_of_workspaces() {
        for (pattern, path, fits) in [
            ("packages/*", "packages/a", true),
            ("packages/*", "packages/a/b", false),
            ("packages/**", "packages/a/b", true),
            ("**", "a/b", true),
            ("*/lib-*", "x/lib-one", true),
            ("*/lib-*", "x/one", false),
            ("a", "a", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn what_uv_does_not_manage_is_foreign() {
        let context = context(&[
            (
                "pyproject.toml",
                "[project]\nname = \"a\"\n[tool.uv.workspace]\nmembers = [\"libs/*\"]\nexclude = [\"libs/old\"]\n",
            ),
            ("uv.lock", ""),
            ("libs/b/pyproject.toml", "[project]\nname = \"b\"\n"),
            ("libs/old/pyproject.toml", "[project]\nname = \"old\"\n"),
            ("vendor/c/setup.py", "setup()\n"),
            ("own/pyproject.toml", "[project]\nname = \"own\"\n"),
            ("own/uv.lock", ""),
        ]);
        let project = |folder: &str| context.project(folder).map(|project| project.name.as_str());
        assert_eq!((project(""), project("src"), project("libs/b/src")), (Some("a"), Some("a"), Some("b")));
        assert_eq!((project("libs/old"), project("vendor/c/src"), project("own")), (None, None, Some("own")));
        assert!(context.projects.iter().all(|project| project.locked));
    }
}
