//! Which files of a project are requirements files, and which part each plays.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use uvshift_requirements::{Decoded, Document, IncludeKind, IncludeTarget, LineKind, decode, parse};

use crate::compiled::{self, Compiled};
use crate::names;
use crate::{Error, Scope, Tree};
use uvshift_tree::references::find_references;

/// The part that a requirements file plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// What the project needs to run.
    Main,
    /// A dependency group of this name.
    Group(String),
    /// Limits on versions.
    Constraints,
    /// The output of pip-compile or `uv pip compile`: its pins hold in `uv.lock`.
    Compiled {
        /// The file it was made from.
        source: String,
        /// The scope of that file.
        scope: Scope,
    },
    /// Not read.
    LeftAlone,
}

impl Role {
    /// The scope of the requirements in the file.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::Main => Some(Scope::Main),
            Self::Group(name) => Some(Scope::Group(name.clone())),
            Self::Compiled { scope, .. } => Some(scope.clone()),
            Self::Constraints | Self::LeftAlone => None,
        }
    }
}

/// A requirements file with the part it plays.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SourceFile {
    /// The path, relative to the project.
    pub path: String,
    /// The part.
    pub role: Role,
    /// Why this part.
    pub why: String,
    /// Whether the main file installs this group too, so that uv must by default.
    pub default: bool,
    /// The text with its encoding.
    pub decoded: Decoded,
    /// The parsed text.
    pub document: Document,
}

/// A file that is named like a requirements file but is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The path, relative to the project.
    pub path: String,
    /// Why it is not read.
    pub why: String,
}

/// The requirements files of a project.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// What is read, main first.
    pub files: Vec<SourceFile>,
    /// What is not.
    pub left_alone: Vec<LeftAlone>,
}

impl Layout {
    /// The file of this path.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// What the user, or pyproject.toml, says about the layout.
#[derive(Debug, Clone, Default)]
pub struct LayoutOptions {
    /// Files that are what the project needs to run.
    pub main: Vec<String>,
    /// Why these are; none if the user says so.
    pub main_why: Option<String>,
    /// Files that are a group: group, file.
    pub groups: Vec<(String, String)>,
    /// Files that are constraints.
    pub constraints: Vec<String>,
    /// Files that are not to be read, with the reason.
    pub ignore: Vec<(String, String)>,
    /// A group that takes the place of the main dependencies, because `[project]` lists those itself.
    pub main_group: Option<String>,
    /// What another source and its lock hold: a main file that pins nothing else was exported from it.
    pub listed: Option<Listed>,
}

/// What another source of the project holds.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// What it is called, such as `Pipfile`.
    pub source: String,
    /// Every package that it or its lock names, normalised.
    pub names: BTreeSet<String>,
}

/// Names that a main file never has and a file of tools for developers often has.
const DEVELOPER: [&str; 14] = [
    "dev", "test", "tests", "testing", "lint", "linting", "docs", "doc", "ci", "local", "typing", "types",
    "style", "qa",
];

/// Finds the requirements files and tells their parts.
pub fn discover(tree: &Tree, options: &LayoutOptions) -> Result<Layout, Error> {
    check_named_files(tree, options)?;
    let mut left_alone = Vec::new();
    let read = read_all(tree, options, &mut left_alone)?;
    let mut compiled = compiled::find(&read);
    if let Some(listed) = &options.listed {
        compiled::find_exported(&read, listed, &mut compiled);
    }
    let mains = choose_mains(tree, &read, &compiled, options);
    let reached = reach(tree, &read, &mains.paths);
    let constraints = constraint_files(tree, &read, &compiled, options);

    let mut roles: BTreeMap<String, (Role, String, bool)> = BTreeMap::new();
    for path in read.keys().filter(|path| !compiled.contains_key(*path)) {
        roles.insert(path.clone(), plain_role(path, options, &mains, &reached, &constraints));
    }
    unique_groups(&mut roles, &mains.paths, options);
    for (path, Compiled { source, .. }) in &compiled {
        let scope = source.as_ref().and_then(|source| roles.get(source)).and_then(|(role, ..)| role.scope());
        let source = source.clone().unwrap_or_else(|| "pyproject.toml".to_owned());
        let why = format!("compiled from {source}");
        let scope = scope.unwrap_or(Scope::Main);
        roles.insert(path.clone(), (Role::Compiled { source, scope }, why, false));
    }
    Ok(assemble(read, &mut roles, &mains.paths, left_alone))
}

/// A requirements file that was read.
pub(crate) type Files = BTreeMap<String, (Decoded, Document)>;

fn check_named_files(tree: &Tree, options: &LayoutOptions) -> Result<(), Error> {
    let named = options.main.iter().map(|path| ("--main", path));
    let named = named.chain(options.groups.iter().map(|(_, path)| ("--group", path)));
    let named = named.chain(options.constraints.iter().map(|path| ("--constraints", path)));
    for (flag, path) in named {
        if !tree.has(path) {
            return Err(Error::UnknownFile { flag, path: path.clone() });
        }
    }
    Ok(())
}

/// Reads every candidate and whatever these include.
fn read_all(tree: &Tree, options: &LayoutOptions, left_alone: &mut Vec<LeftAlone>) -> Result<Files, Error> {
    let mut queue: VecDeque<(String, bool)> = VecDeque::new();
    let named =
        options.main.iter().chain(options.groups.iter().map(|(_, path)| path)).chain(&options.constraints);
    queue.extend(named.map(|path| (path.clone(), true)));
    for path in tree.files() {
        match names::candidate(path) {
            names::Candidate::Yes { certain } => queue.push_back((path.clone(), certain)),
            names::Candidate::Elsewhere => left_alone.push(LeftAlone {
                path: path.clone(),
                why: "belongs to another folder; migrate that folder on its own".to_owned(),
            }),
            names::Candidate::No => {
                if is_compiled_by_its_text(tree, path) {
                    queue.push_back((path.clone(), true));
                }
            }
        }
    }
    for link in tree.unread_links().filter(|link| names::is_like(link)) {
        let why = "a symbolic link that leads out of the project, to a folder, or nowhere".to_owned();
        left_alone.push(LeftAlone { path: link.to_owned(), why });
    }
    let mut files = Files::new();
    while let Some((path, certain)) = queue.pop_front() {
        if files.contains_key(&path) {
            continue;
        }
        if let Some((_, why)) = options.ignore.iter().find(|(ignored, _)| *ignored == path) {
            left_alone.push(LeftAlone { path, why: why.clone() });
            continue;
        }
        let bytes = tree.read(&path)?;
        let decoded = decode(&bytes).map_err(|source| Error::Decode { path: path.clone(), source })?;
        let document = parse(&decoded.text);
        if !certain && !reads_like_requirements(&document) {
            left_alone.push(LeftAlone { path, why: "does not read like a requirements file".to_owned() });
            continue;
        }
        queue.extend(
            includes(tree, &path, &document)
                .filter(|(_, target)| tree.has(target))
                .map(|(_, target)| (target, true)),
        );
        queue.extend(compiled_from(tree, &path, &document).map(|source| (source, true)));
        files.insert(path, (decoded, document));
    }
    left_alone.retain(|left| !files.contains_key(&left.path));
    left_alone.sort_by(|a, b| a.path.cmp(&b.path));
    left_alone.dedup();
    Ok(files)
}

/// `dev.txt` beside the metadata is a requirements file if pip-compile or uv says at its top that it wrote it.
fn is_compiled_by_its_text(tree: &Tree, path: &str) -> bool {
    let plausible = !path.contains('/') && matches!(path.rsplit_once('.'), Some((_, "txt")));
    plausible && tree.text(path).is_some_and(|text| compiled::header_inputs(&parse(&text)).is_some())
}

/// The requirements files that a compiled file says it was made from, whatever they are called.
fn compiled_from<'a>(
    tree: &'a Tree,
    path: &'a str,
    document: &Document,
) -> impl Iterator<Item = String> + 'a {
    let inputs = compiled::header_inputs(document).unwrap_or_default();
    let named = inputs.into_iter().filter(|input| matches!(input.rsplit_once('.'), Some((_, "in" | "txt"))));
    named.filter_map(move |input| compiled::places(path, &input).find(|place| tree.has(place)))
}

/// The local files that a file includes.
pub(crate) fn includes<'a>(
    tree: &'a Tree,
    path: &'a str,
    document: &'a Document,
) -> impl Iterator<Item = (IncludeKind, String)> + 'a {
    document.lines().iter().filter_map(move |line| match line.kind() {
        LineKind::Include(include) => match tree.include(path, &include.target) {
            IncludeTarget::Local(target) => Some((include.kind, target)),
            _ => None,
        },
        _ => None,
    })
}

fn reads_like_requirements(document: &Document) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for line in document.lines() {
        match line.kind() {
            LineKind::Blank | LineKind::Comment => {}
            LineKind::Invalid(_) => bad += 1,
            _ => good += 1,
        }
    }
    good >= bad
}

/// The main files and how that is known.
#[derive(Default)]
struct Mains {
    paths: Vec<String>,
    why: String,
}

impl Mains {
    fn new(path: &str, why: impl Into<String>) -> Self {
        Self { paths: vec![path.to_owned()], why: why.into() }
    }
}

/// The files that hold what the project needs to run: as told, by name, or by what an image or a process file installs.
fn choose_mains(
    tree: &Tree,
    files: &Files,
    compiled: &BTreeMap<String, Compiled>,
    options: &LayoutOptions,
) -> Mains {
    if !options.main.is_empty() {
        return Mains { paths: options.main.clone(), why: why_main(options) };
    }
    let taken = |path: &&String| {
        options.groups.iter().any(|(_, file)| file == *path) || options.constraints.contains(path)
    };
    let usable = || files.keys().filter(|path| !compiled.contains_key(*path)).filter(|path| !taken(path));
    let best = usable().filter_map(|path| names::main_rank(path).map(|rank| (rank, path))).min();
    if let Some((_, path)) = best {
        return Mains::new(path, "by its name");
    }
    // A compiled main file leads to its source, whatever that is called.
    let source = compiled.iter().filter(|(path, _)| names::main_rank(path).is_some());
    if let Some(source) = source.into_iter().find_map(|(_, compiled)| compiled.source.clone()) {
        return Mains::new(&source, "the main file is compiled from it");
    }
    if options.main_group.is_some() {
        // The project lists its own dependencies: a file that is merely left over is not them.
        return Mains::default();
    }
    let rest: Vec<&str> = usable()
        .map(String::as_str)
        .filter(|path| !names::is_constraints(path) && !DEVELOPER.contains(&names::group_name(path).as_str()))
        .collect();
    match rest.as_slice() {
        [only] => Mains::new(only, "the only file that is not for developers"),
        _ => installed_by_image(tree, &rest),
    }
}

/// The one file among these that an image or a process file installs; none if they name several.
fn installed_by_image(tree: &Tree, candidates: &[&str]) -> Mains {
    let none = Mains { paths: Vec::new(), why: String::new() };
    if candidates.is_empty() {
        return none;
    }
    let runs = |path: &&String| {
        let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        file.contains("dockerfile") || file.contains("containerfile") || file == "procfile"
    };
    let texts: Vec<(&str, String)> =
        tree.files().iter().filter(runs).filter_map(|path| Some((path.as_str(), tree.text(path)?))).collect();
    let found = find_references(candidates, texts.iter().map(|(path, text)| (*path, text.as_bytes())));
    let mut named =
        candidates.iter().zip(&found).filter_map(|(path, references)| Some((path, references.first()?)));
    match (named.next(), named.next()) {
        (Some((path, reference)), None) => {
            Mains::new(path, format!("{}:{} installs it", reference.file, reference.line))
        }
        _ => none,
    }
}

/// Every file that the main files reach through `-r`.
fn reach(tree: &Tree, files: &Files, mains: &[String]) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut queue: Vec<String> = mains.to_vec();
    while let Some(path) = queue.pop() {
        if let Some((_, document)) = files.get(&path)
            && reached.insert(path.clone())
        {
            queue.extend(
                includes(tree, &path, document)
                    .filter(|(kind, _)| *kind == IncludeKind::Requirements)
                    .map(|(_, target)| target),
            );
        }
    }
    reached
}

/// Files that are only ever named with `-c`, or that nobody names and that are called constraints.
fn constraint_files(
    tree: &Tree,
    files: &Files,
    compiled: &BTreeMap<String, Compiled>,
    options: &LayoutOptions,
) -> BTreeSet<String> {
    let (mut constrained, mut required) = (BTreeSet::new(), BTreeSet::new());
    for (path, (_, document)) in files {
        for (kind, target) in includes(tree, path, document) {
            match kind {
                IncludeKind::Requirements => required.insert(target),
                IncludeKind::Constraints => constrained.insert(target),
            };
        }
    }
    // What another file is compiled from holds requirements, even where the result is used as constraints.
    let compiled_from = |path: &&String| compiled.values().any(|file| file.source.as_ref() == Some(*path));
    let by_name = files.keys().filter(|path| names::is_constraints(path) && !compiled_from(path)).cloned();
    constrained.extend(by_name);
    constrained.retain(|path| !required.contains(path) && !options.main.contains(path));
    constrained.extend(options.constraints.iter().cloned());
    constrained
}

/// Why the files are main that the options name.
fn why_main(options: &LayoutOptions) -> String {
    options.main_why.clone().unwrap_or_else(|| "as told".to_owned())
}

fn plain_role(
    path: &str,
    options: &LayoutOptions,
    mains: &Mains,
    reached: &BTreeSet<String>,
    constraints: &BTreeSet<String>,
) -> (Role, String, bool) {
    let main_role = |why: String| match &options.main_group {
        Some(group) => {
            (Role::Group(group.clone()), format!("{why}; [project] lists its own dependencies"), true)
        }
        None => (Role::Main, why, false),
    };
    if let Some((group, _)) = options.groups.iter().find(|(_, file)| file == path) {
        return (Role::Group(group.clone()), "as told".to_owned(), false);
    }
    if options.main.iter().any(|main| main == path) {
        return main_role(why_main(options));
    }
    let group = names::group_name(path);
    if mains.paths.iter().any(|main| main == path) {
        return main_role(mains.why.clone());
    }
    if reached.contains(path) {
        let by = mains.paths.first().map_or("the main file", String::as_str);
        // Where the main file is a group, groups include each other as the files do: one group for several
        // files could come to include itself.
        if DEVELOPER.contains(&group.as_str()) || options.main_group.is_some() {
            return (
                Role::Group(group),
                format!("by its name; {by} includes it, so it is a default group"),
                true,
            );
        }
        return main_role(format!("{by} includes it"));
    }
    if constraints.contains(path) {
        return (Role::Constraints, "limits versions only".to_owned(), false);
    }
    (Role::Group(group), "by its name".to_owned(), false)
}

/// Two files never share a group by accident: the second is called after its folder too.
fn unique_groups(
    roles: &mut BTreeMap<String, (Role, String, bool)>,
    mains: &[String],
    options: &LayoutOptions,
) {
    let mut taken: BTreeSet<String> = options.groups.iter().map(|(group, _)| group.clone()).collect();
    taken.extend(options.main_group.clone());
    for (path, (role, ..)) in roles.iter_mut() {
        let Role::Group(name) = role else { continue };
        let chosen = options.groups.iter().any(|(_, file)| file == path)
            || (options.main_group.as_ref() == Some(name) && mains.contains(path));
        if chosen || taken.insert(name.clone()) {
            continue;
        }
        let longer = names::long_group_name(path);
        let mut candidate = longer.clone();
        let mut number = 2;
        while !taken.insert(candidate.clone()) {
            candidate = format!("{longer}-{number}");
            number += 1;
        }
        *name = candidate;
    }
}

/// Puts the files in the order of reading: main, what it includes, groups, constraints, compiled.
fn assemble(
    files: Files,
    roles: &mut BTreeMap<String, (Role, String, bool)>,
    mains: &[String],
    left_alone: Vec<LeftAlone>,
) -> Layout {
    let mut sources: Vec<SourceFile> = files
        .into_iter()
        .map(|(path, (decoded, document))| {
            let (role, why, default) =
                roles.remove(&path).unwrap_or((Role::LeftAlone, "has no role".to_owned(), false));
            SourceFile { path, role, why, default, decoded, document }
        })
        .collect();
    sources.sort_by_key(|file| {
        let rank = match &file.role {
            Role::Main => 0,
            Role::Group(_) => 1,
            Role::Constraints => 2,
            Role::Compiled { .. } => 3,
            Role::LeftAlone => 4,
        };
        // Of two pins of one package the first holds: that of what runs in production.
        let later = match &file.role {
            Role::Compiled { source, .. } => !mains.contains(source),
            _ => !mains.contains(&file.path),
        };
        (rank, later, file.path.clone())
    });
    Layout { files: sources, left_alone }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (path, text) in files {
            tree.lay_over(path, Some(text.as_bytes().to_vec()));
        }
        let layout = discover(&tree, &LayoutOptions::default()).unwrap();
        layout.files.iter().map(|file| format!("{} {:?} ({})", file.path, file.role, file.why)).collect()
    }

    #[test]
    fn names_decide_first_and_images_where_they_do_not() {
        let web = ("requirements-web.txt", "flask\n");
        let worker = ("requirements-worker.txt", "celery\n");
        let image = ("Dockerfile", "FROM python:3.12\nRUN pip install -r requirements-worker.txt\n");
        let found = roles(&[web, worker, image]);
        assert_eq!(found[0], "requirements-worker.txt Main (Dockerfile:2 installs it)");
        assert_eq!(found[1], "requirements-web.txt Group(\"web\") (by its name)");
        assert!(roles(&[web, worker])[0].contains("Group(\"web\")"));
        let found = roles(&[web, worker, image, ("requirements.txt", "django\n")]);
        assert_eq!(found[0], "requirements.txt Main (by its name)");
        assert_eq!(roles(&[web])[0], "requirements-web.txt Main (the only file that is not for developers)");
    }

    /// Paths and roles of a tree whose `[project]` lists its own dependencies.
    fn package(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (path, text) in files {
            tree.lay_over(path, Some(text.as_bytes().to_vec()));
        }
        let options =
            LayoutOptions { main_group: Some("requirements".to_owned()), ..LayoutOptions::default() };
        let layout = discover(&tree, &options).unwrap();
        layout.files.into_iter().map(|file| (file.path, format!("{:?}", file.role))).collect()
    }

    fn role_of(found: &[(String, String)], path: &str) -> String {
        found.iter().find(|(known, _)| known == path).map(|(_, role)| role.clone()).unwrap_or_default()
    }

    #[test]
    fn a_left_over_file_is_not_the_main_one() {
        let found = package(&[("requirements/build.in", "build\n"), ("requirements/dev.in", "tox\n")]);
        assert_eq!(role_of(&found, "requirements/build.in"), "Group(\"build\")");
    }

    #[test]
    fn files_that_include_each_other_stay_groups_of_their_own() {
        let found = package(&[
            ("requirements.txt", "-r requirements-docs.txt\n"),
            ("requirements-docs.txt", "-r requirements-docs-tests.txt\nmkdocs\n"),
            ("requirements-docs-tests.txt", "ruff\n"),
        ]);
        assert_eq!(role_of(&found, "requirements.txt"), "Group(\"requirements\")");
        assert_eq!(role_of(&found, "requirements-docs-tests.txt"), "Group(\"docs-tests\")");
    }

    #[test]
    fn what_constraints_are_compiled_from_holds_requirements() {
        let compiled = "# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n#    pip-compile --output-file=requirements/constraints.txt requirements/constraints.in\n#\ntox==4.0\n    # via -r requirements/dev.in\n";
        let found = package(&[
            ("requirements/base.in", "six\n"),
            ("requirements/constraints.in", "-r dev.in\n"),
            ("requirements/constraints.txt", compiled),
            ("requirements/dev.in", "tox\n"),
        ]);
        let role = role_of(&found, "requirements/constraints.in");
        assert!(role.starts_with("Group(") && role != role_of(&found, "requirements/base.in"), "{found:?}");
    }
}
