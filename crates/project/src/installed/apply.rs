//! What an environment or `pip freeze` adds to what the files of a project say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use uvshift_diagnostics::Diagnostic;
use uvshift_installed::Checkout;
use uvshift_pyproject::{Entry, GitReference, GroupEntry, PyProject, Source, SourceKind};
use uvshift_requirements::{normalize_name, parse};

use super::{Installed, InstalledPackage, Place, RootsKnown};
use crate::{Comments, Dependency, NamedSource, Outcome, Reading, Scope, Tree, codes};

/// Adds what is installed to what was read.
///
/// Where nothing else says what the project depends on (`only`), the packages that somebody asked for become its
/// dependencies; their versions hold through [`Installed::pins`]. Otherwise a package that was installed from a repository, a URL
/// or a folder, and that a requirement without a source names, gets that as its source.
pub fn add_installed(
    reading: &mut Reading,
    tree: &Tree,
    before: Option<&PyProject>,
    installed: &[Installed],
    only: bool,
) {
    let old = before.map(listed).unwrap_or_default();
    for found in installed {
        reading.diagnostics.extend(found.diagnostics.iter().cloned());
    }
    let told = installed.iter().find(|found| found.roots != RootsKnown::No).or(installed.first());
    let root = absolute(tree.root());
    let checkout = Checkout::of(&root);
    for found in installed {
        let checkout = checkout.as_ref();
        let mut adder = Adder { reading, tree, root: &root, old: &old, checkout, installed: found };
        match told {
            Some(told) if only && std::ptr::eq(told, found) => adder.dependencies(),
            _ => adder.sources(),
        }
    }
}

/// What pyproject.toml lists.
#[derive(Default)]
struct Listed {
    required: BTreeMap<String, Scope>,
    located: BTreeSet<String>,
}

fn listed(before: &PyProject) -> Listed {
    let mut listed = Listed::default();
    let mut add = |scope: &Scope, entry: &Entry| {
        let document = parse(&entry.text);
        let Some((_, requirement)) = document.requirements().next() else { return };
        let Some(name) = requirement.normalized_name() else { return };
        if requirement.is_direct_reference() {
            listed.located.insert(name.clone());
        }
        listed.required.entry(name).or_insert_with(|| scope.clone());
    };
    for entry in before.dependencies() {
        add(&Scope::Main, &entry);
    }
    for (extra, entries) in before.optional_dependencies() {
        let scope = Scope::Extra(extra);
        for entry in &entries {
            add(&scope, entry);
        }
    }
    for (group, entries) in before.dependency_groups() {
        let scope = Scope::Group(group);
        for entry in &entries {
            if let GroupEntry::Requirement(entry) = entry {
                add(&scope, entry);
            }
        }
    }
    listed.located.extend(before.uv().sources.into_iter().map(|(name, _)| normalize_name(&name)));
    listed
}

struct Adder<'a> {
    reading: &'a mut Reading,
    tree: &'a Tree,
    root: &'a Path,
    /// What pyproject.toml lists already.
    old: &'a Listed,
    /// What the project itself is a checkout of.
    checkout: Option<&'a Checkout>,
    installed: &'a Installed,
}

/// A source and how it differs from what is installed.
type Located = (SourceKind, Option<String>);

impl Adder<'_> {
    /// Everything is written down; what was asked for becomes a dependency.
    fn dependencies(&mut self) {
        self.reading.lists_dependencies = true;
        self.say_how_roots_are_known();
        for unread in &self.installed.unread {
            let advice =
                "remove the line, and name the package in a requirements file if the project needs it";
            let outcome = Outcome::Refused { why: unread.why.to_owned(), advice: advice.to_owned() };
            self.reading.ledger.add(unread.from.clone(), unread.text.clone(), outcome);
        }
        for package in &self.installed.packages {
            if self.is_project(package) {
                self.project(package);
            } else if package.seed {
                self.note(package, Outcome::Dropped { why: "every environment has it".to_owned() });
            } else if package.root {
                self.dependency(package);
            } else {
                self.note(package, Outcome::Carried { to: "uv.lock".to_owned() });
            }
        }
    }

    fn say_how_roots_are_known(&mut self) {
        let found = match self.installed.roots {
            RootsKnown::Marked => return,
            RootsKnown::Required => Diagnostic::note(
                codes::M063,
                "no installer marked what was asked for, so what nothing else requires becomes a dependency",
            ),
            RootsKnown::No => Diagnostic::warning(
                codes::M063,
                "nothing tells what was asked for, so every package becomes a dependency of the project",
            )
            .with_help("name the environment with `--from-venv DIR`, or remove what only others need"),
        };
        self.reading.diagnostics.push(found.in_file(&self.installed.shown, 1));
    }

    fn dependency(&mut self, package: &InstalledPackage) {
        let name = package.normalized_name();
        let mut to = Scope::Main.key();
        let mut why = match (&package.place, package.version.as_str()) {
            (Place::Index, "") => "without a version, as nothing tells it".to_owned(),
            (Place::Index, version) => format!("the version {version} holds in uv.lock"),
            _ => String::new(),
        };
        match self.located(package) {
            Some(Ok((kind, note))) => {
                to = format!("{to} and tool.uv.sources.{name}");
                why = note.unwrap_or_default();
                self.push_source(package, &name, kind, Scope::Main);
            }
            Some(Err((why, advice))) => return self.note(package, Outcome::Refused { why, advice }),
            None => {}
        }
        if !package.extras.is_empty() {
            let because = "their extras explain what nobody else asked for";
            why = if why.is_empty() { because.to_owned() } else { format!("{why}; {because}") };
        }
        let outcome = if why.is_empty() { Outcome::Carried { to } } else { Outcome::Changed { to, why } };
        self.note(package, outcome);
        let extras =
            if package.extras.is_empty() { String::new() } else { format!("[{}]", package.extras.join(",")) };
        let text = format!("{}{extras}", package.name);
        let dependency = Dependency { text, name, comments: Comments::default(), from: package.from.clone() };
        self.reading.manifest.add(&Scope::Main, dependency);
    }

    /// Only what does not come from an index matters: the versions of the others are pins.
    fn sources(&mut self) {
        for unread in &self.installed.unread {
            let message = format!("`{}` is not read: {}", unread.text, unread.why);
            let found =
                Diagnostic::warning(codes::M062, message).in_file(&unread.from.file, unread.from.line);
            let help = "name the package in a requirements file if the project needs it";
            self.reading.diagnostics.push(found.with_help(help));
        }
        for package in &self.installed.packages {
            if self.is_project(package) {
                self.project(package);
                continue;
            }
            let Some(located) = self.located(package) else { continue };
            let name = package.normalized_name();
            let manifest = &self.reading.manifest;
            if manifest.sources.iter().any(|source| source.name == name) || self.old.located.contains(&name) {
                let why = "the files of the project say where it comes from".to_owned();
                self.note(package, Outcome::Dropped { why });
                continue;
            }
            let scope =
                manifest.all().find(|(_, dependency)| dependency.name == name).map(|(scope, _)| scope);
            match (scope.or_else(|| self.old.required.get(&name).cloned()), located) {
                (Some(scope), Ok((kind, note))) => {
                    let to = format!("tool.uv.sources.{name}");
                    self.push_source(package, &name, kind, scope);
                    self.note(
                        package,
                        match note {
                            Some(why) => Outcome::Changed { to, why },
                            None => Outcome::Carried { to },
                        },
                    );
                }
                (Some(_), Err((why, advice))) => self.without_source(package, &why, &advice),
                (None, _) => {
                    let why = "no requirement of the project names it, and only such a one can have a source";
                    let advice = "add its name to a requirements file if the project needs it from there";
                    self.without_source(package, why, advice);
                }
            }
        }
    }

    fn without_source(&mut self, package: &InstalledPackage, why: &str, advice: &str) {
        let message = format!("`{}` gets no source: {why}", shown(package));
        let found = Diagnostic::warning(codes::M061, message).in_file(&package.from.file, package.from.line);
        self.reading.diagnostics.push(found.with_help(advice));
        self.note(package, Outcome::Dropped { why: why.to_owned() });
    }

    fn push_source(&mut self, package: &InstalledPackage, name: &str, kind: SourceKind, scope: Scope) {
        if package.had_credentials {
            let message = "credentials are not written into pyproject.toml";
            let found =
                Diagnostic::warning(codes::M001, message).in_file(&package.from.file, package.from.line);
            let help = "set up a git credential helper, or store them with `uv auth login` or in netrc";
            self.reading.diagnostics.push(found.with_help(help));
        }
        self.reading.manifest.sources.push(NamedSource {
            name: name.to_owned(),
            source: Source::new(kind),
            scope,
            from: package.from.clone(),
        });
    }

    fn note(&mut self, package: &InstalledPackage, outcome: Outcome) {
        self.reading.ledger.add(package.from.clone(), shown(package), outcome);
    }

    /// The source of a package that is not from an index; or why there is none, and what to do.
    fn located(&self, package: &InstalledPackage) -> Option<Result<Located, (String, String)>> {
        let credentials = package.had_credentials.then(|| "without its credentials".to_owned());
        Some(match &package.place {
            Place::Index => return None,
            Place::Git { url, commit, subdirectory } => {
                let reference = Some(GitReference::Rev(commit.clone()));
                let (url, subdirectory) = (url.clone(), subdirectory.clone());
                Ok((SourceKind::Git { url, reference, subdirectory, lfs: None }, credentials))
            }
            Place::Url { url, subdirectory } => {
                let (url, subdirectory) = (url.clone(), subdirectory.clone());
                Ok((SourceKind::Url { url, subdirectory }, credentials))
            }
            Place::Path { path, editable } => self.path(path, *editable),
            Place::Other(_) => {
                let advice = "publish the package to an index, or mirror the repository with git".to_owned();
                Err(("uv knows git only".to_owned(), advice))
            }
        })
    }

    fn path(&self, path: &Path, editable: bool) -> Result<Located, (String, String)> {
        let full = absolute(&self.root.join(path));
        if !full.exists() {
            let advice = "put it back, or name another place in a requirements file".to_owned();
            return Err((format!("`{}` does not exist any more", path.display()), advice));
        }
        let relative = relative(&full, self.root);
        let outside = relative.starts_with("..") || Path::new(&relative).is_absolute();
        let note = outside.then(|| "the path leads out of the project".to_owned());
        let editable = (editable && full.is_dir()).then_some(true);
        Ok((SourceKind::Path { path: relative, editable, package: None }, note))
    }

    fn is_project(&self, package: &InstalledPackage) -> bool {
        match &package.place {
            Place::Path { path, .. } => absolute(&self.root.join(path)) == self.root,
            // `pip freeze` names an editable project by the repository that it is in.
            Place::Git { url, subdirectory, .. } => self
                .checkout
                .is_some_and(|own| same_repository(&own.url, url) && own.subdirectory == *subdirectory),
            _ => false,
        }
    }

    fn project(&mut self, package: &InstalledPackage) {
        let is_package =
            self.reading.is_package || self.tree.has("setup.py") || self.tree.has("pyproject.toml");
        self.reading.installs_itself |= is_package;
        let to = "the project itself, which `uv sync` installs".to_owned();
        let gone = Outcome::Dropped { why: "it is the project itself, which has no build system".to_owned() };
        self.note(package, if is_package { Outcome::Carried { to } } else { gone });
    }
}

/// `git@host:path` and `ssh://git@host/path.git` are one repository.
fn same_repository(left: &str, right: &str) -> bool {
    let plain = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest).replacen(':', "/", 1);
        rest.trim_end_matches('/').trim_end_matches(".git").to_owned()
    };
    plain(left) == plain(right)
}

/// As `pip freeze` writes it.
fn shown(package: &InstalledPackage) -> String {
    let name = &package.name;
    match &package.place {
        Place::Index if package.version.is_empty() => name.clone(),
        Place::Index => format!("{name}=={}", package.version),
        Place::Git { url, commit, subdirectory } => {
            let inner = subdirectory.as_ref().map(|inner| format!("#subdirectory={inner}"));
            format!("{name} @ git+{url}@{commit}{}", inner.unwrap_or_default())
        }
        Place::Url { url, .. } => format!("{name} @ {url}"),
        Place::Path { path, editable: true } => format!("-e {}", path.display()),
        Place::Path { path, .. } => format!("{name} @ {}", path.display()),
        Place::Other(what) => format!("{name} @ {what}"),
    }
}

/// The real path, or where that cannot be told, the path without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            part => tidy.push(part),
        }
    }
    tidy
}

/// How far above the project another project of the same owner may be; what is further away is named in full.
const MAXIMUM_STEPS: usize = 2;

/// The path from the project, with `/` between its parts.
fn relative(path: &Path, root: &Path) -> String {
    let common = path.components().zip(root.components()).take_while(|(left, right)| left == right).count();
    let up = root.components().count() - common;
    if up > MAXIMUM_STEPS || common == 0 {
        return in_full(&path.to_string_lossy());
    }
    let down = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    std::iter::repeat_n("..".to_owned(), up).chain(down).collect::<Vec<_>>().join("/")
}

/// The whole path with `/` between its parts. Real paths of Windows begin with `\\?\`, which nothing but its own interface takes.
fn in_full(path: &str) -> String {
    let path = path.replace('\\', "/");
    match path.strip_prefix("//?/UNC/") {
        Some(share) => format!("//{share}"),
        None => path.strip_prefix("//?/").unwrap_or(&path).to_owned(),
    }
}

#[cfg(test)]
mod tests;
