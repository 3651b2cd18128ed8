//! What a project asks an index for: for those who measure or compare tools with its requirements.

use std::path::Path;

use uvshift_diagnostics::Diagnostic;
use uvshift_project::{Selection, Tree};
use uvshift_pyproject::{GitReference, PyProject, Scope, Source, SourceKind};
use uvshift_requirements::{
    GlobalOption, LineKind, LoadError, Loader, Options as ResolveOptions, Requirement, Role, Target,
    normalize_name, resolve,
};

use crate::deps::declared;
use crate::members::{self, Members};
use crate::project::ReadProject;
use crate::{Error, Options};

/// Everything that the files of a project, and of those below it, ask for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The requirements, in the order of the files; each text once.
    pub requirements: Vec<WantedLine>,
    /// What no index can be asked for, such as a folder of the project, with the reason.
    pub left_out: Vec<(WantedLine, &'static str)>,
    /// Requirements that limit versions only.
    pub constraints: Vec<String>,
    /// The index in the place of the public one.
    pub index_url: Option<String>,
    /// Indexes beside it.
    pub extra_index_urls: Vec<String>,
    /// Folders and pages with links to files.
    pub find_links: Vec<String>,
    /// Whether no index is asked.
    pub no_index: bool,
    /// Whether pre-releases are wanted.
    pub prereleases: bool,
    /// Packages that are taken as wheels only; `:all:` for every one.
    pub only_binary: Vec<String>,
    /// Packages that are built from source only; `:all:` for every one.
    pub no_binary: Vec<String>,
    /// Whether pip is told to prefer an older wheel to a newer source distribution.
    pub prefer_binary: bool,
    /// Hosts that need no valid certificate.
    pub trusted_hosts: Vec<String>,
    /// `requires-python` of the project at the root, where it is known.
    pub requires_python: Option<String>,
    /// What there is to say about the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// A requirement and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WantedLine {
    /// The requirement (PEP 508).
    pub text: String,
    /// The normalised name.
    pub name: String,
    /// Where it belongs.
    pub scope: Scope,
    /// The file, relative to the root.
    pub file: String,
    /// The line, from 1; 0 where it is not known.
    pub line: usize,
}

impl Wanted {
    /// Reads a project. Changes nothing and runs nothing of it.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let tree = Tree::from_disk(root)?;
        let options = Options { members: Members::Workspace, ..Options::default() };
        let mut wanted = Self::default();
        let projects = declared::projects(&tree, &options, &mut wanted.diagnostics)?;
        let read = members::read_all(&tree, &options, &[])?;
        let own: Vec<String> = projects.iter().filter_map(|project| project.name.clone()).collect();
        for (project, read) in projects.iter().zip(&read) {
            let sources = sources(read);
            for found in &project.declared {
                let line = WantedLine {
                    text: found.text.clone(),
                    name: found.name.clone(),
                    scope: found.scope.clone(),
                    file: found.file.clone(),
                    line: found.line,
                };
                let of_name =
                    sources.iter().filter(|(name, _)| *name == found.name).map(|(_, source)| source);
                wanted.take(line, of_name, &own);
            }
            wanted.settings(read);
        }
        wanted.requires_python = read.first().and_then(|read| read.project.python.requires_python.clone());
        Ok(wanted)
    }

    /// Reads one requirements file, and what it includes from the same folder and below.
    pub fn of_file(file: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Read { path: file.to_owned(), source };
        std::fs::read(file).map_err(failed)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let resolved = resolve(&name, &Folder(folder), &ResolveOptions::default());
        let mut wanted = Self { diagnostics: resolved.diagnostics, ..Self::default() };
        for file in &resolved.files {
            for line in file.document.lines() {
                match line.kind() {
                    LineKind::Requirement(found) if file.role == Role::Constraints => {
                        wanted.constraints.push(found.text().to_owned());
                    }
                    LineKind::Requirement(found) => wanted.line(found, &file.path, line.line()),
                    LineKind::Options(options) => options.iter().for_each(|option| wanted.option(option)),
                    _ => {}
                }
            }
        }
        Ok(wanted)
    }

    fn line(&mut self, found: &Requirement, file: &str, line: usize) {
        let line = WantedLine {
            text: found.text().to_owned(),
            name: found.normalized_name().unwrap_or_default(),
            scope: Scope::Main,
            file: file.to_owned(),
            line,
        };
        let is_here = found.url().is_some_and(is_local) || matches!(found.target(), Target::Path(_));
        if found.is_editable() || is_here {
            self.left_out.push((line, "it is a folder or file on this machine, or installed in place"));
        } else if !self.requirements.iter().any(|known| known.text == line.text) {
            self.requirements.push(line);
        }
    }

    fn option(&mut self, option: &GlobalOption) {
        match option {
            GlobalOption::IndexUrl(url) => self.index_url = Some(url.clone()),
            GlobalOption::ExtraIndexUrl(url) => self.extra_index_urls.push(url.clone()),
            GlobalOption::FindLinks(place) => self.find_links.push(place.clone()),
            GlobalOption::NoIndex => self.no_index = true,
            GlobalOption::Pre => self.prereleases = true,
            GlobalOption::PreferBinary => self.prefer_binary = true,
            GlobalOption::OnlyBinary(names) => take_names(&mut self.only_binary, names),
            GlobalOption::NoBinary(names) => take_names(&mut self.no_binary, names),
            GlobalOption::TrustedHost(host) => self.trusted_hosts.push(host.clone()),
            _ => {}
        }
    }

    fn take<'a>(&mut self, line: WantedLine, sources: impl Iterator<Item = &'a Source>, own: &[String]) {
        if self.requirements.iter().any(|known| known.text == line.text) {
            return;
        }
        if own.contains(&line.name) {
            self.left_out.push((line, "it is a project of this repository"));
            return;
        }
        let mut direct = sources.filter(|source| !matches!(source.kind, SourceKind::Index(_)));
        let Some(source) = direct.next() else {
            self.requirements.push(line);
            return;
        };
        match direct_text(&line.text, source) {
            Ok(text) => self.requirements.push(WantedLine { text, ..line }),
            Err(why) => self.left_out.push((line, why)),
        }
    }

    fn settings(&mut self, read: &ReadProject) {
        let manifest = &read.project.manifest;
        let uv = read.project.before.as_ref().map(PyProject::uv).unwrap_or_default();
        let limits = uv.constraint_dependencies.iter().map(|entry| entry.text.clone());
        self.constraints.extend(limits.chain(manifest.constraints.iter().map(|found| found.text.clone())));
        for index in uv.indexes.iter().chain(&manifest.indexes).filter(|index| !index.explicit) {
            if index.format.as_deref() == Some("flat") {
                self.find_links.push(index.url.clone());
            } else if index.default {
                self.index_url = Some(index.url.clone());
            } else {
                self.extra_index_urls.push(index.url.clone());
            }
        }
        self.find_links.extend(manifest.uv.find_links.iter().cloned());
        self.no_index |= manifest.uv.no_index;
        self.prereleases |= manifest.uv.prerelease;
        self.only_binary.extend(selected(&manifest.uv.no_build));
        self.no_binary.extend(selected(&manifest.uv.no_binary));
        self.trusted_hosts.extend(manifest.uv.allow_insecure_host.iter().cloned());
    }
}

/// The packages of a selection.
fn selected(selection: &Selection) -> Vec<String> {
    if selection.all { vec![":all:".to_owned()] } else { selection.packages.clone() }
}

/// The value of `--only-binary` or `--no-binary`: names with commas; `:none:` takes back what was said.
fn take_names(list: &mut Vec<String>, value: &str) {
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if name == ":none:" {
            list.clear();
        } else {
            list.push(name.to_owned());
        }
    }
}

/// The files of a folder.
struct Folder<'a>(&'a Path);

impl Loader for Folder<'_> {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        std::fs::read(self.0.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => LoadError::NotFound,
            _ => LoadError::Unreadable { message: error.to_string() },
        })
    }
}

/// The sources that pyproject.toml has or will have, by normalised name.
fn sources(read: &ReadProject) -> Vec<(String, Source)> {
    let uv = read.project.before.as_ref().map(PyProject::uv).unwrap_or_default();
    let of_uv = uv.sources.into_iter().flat_map(|(name, entries)| {
        let name = normalize_name(&name);
        entries.into_iter().map(move |entry| (name.clone(), entry.source))
    });
    let named = read.project.manifest.sources.iter();
    of_uv.chain(named.map(|named| (named.name.clone(), named.source.clone()))).collect()
}

/// The requirement with its URL (PEP 508, PEP 440), as pip and uv both read it.
fn direct_text(text: &str, source: &Source) -> Result<String, &'static str> {
    let (requirement, marker) =
        text.split_once(';').map_or((text, None), |(left, right)| (left, Some(right)));
    if let Some((_, url)) = requirement.split_once('@') {
        let local = is_local(url.trim());
        return if local { Err("it is a repository or file on this machine") } else { Ok(text.to_owned()) };
    }
    let end = requirement.find(['<', '>', '=', '!', '~', '(']).unwrap_or(requirement.len());
    let name = requirement[..end].trim();
    let url = match &source.kind {
        SourceKind::Git { url, .. } | SourceKind::Url { url, .. } if is_local(url) => {
            return Err("it is a repository or file on this machine");
        }
        SourceKind::Git { url, reference, subdirectory, .. } => {
            let reference = match reference {
                Some(GitReference::Rev(it) | GitReference::Tag(it) | GitReference::Branch(it)) => {
                    format!("@{it}")
                }
                None => String::new(),
            };
            format!("git+{url}{reference}{}", fragment(subdirectory.as_deref()))
        }
        SourceKind::Url { url, subdirectory } => format!("{url}{}", fragment(subdirectory.as_deref())),
        SourceKind::Path { .. } => return Err("it is a folder or file on this machine"),
        SourceKind::Workspace => return Err("it is a project of this repository"),
        SourceKind::Index(_) | SourceKind::Other(_) => {
            return Err("its source is in a form that is not known");
        }
    };
    let marker = marker.map(|marker| format!(" ;{marker}")).unwrap_or_default();
    Ok(format!("{name} @ {url}{marker}"))
}

/// Whether a URL leads to this machine.
fn is_local(url: &str) -> bool {
    let url = url.rsplit_once("git+").map_or(url, |(_, url)| url);
    url.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file:"))
}

fn fragment(subdirectory: Option<&str>) -> String {
    subdirectory.map(|folder| format!("#subdirectory={folder}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uvshift_testkit::Project;

    use super::*;

    fn shown(lines: &[WantedLine]) -> Vec<String> {
        lines.iter().map(|line| format!("{} {}:{}", line.text, line.file, line.line)).collect()
    }

    #[test]
    fn requirements_files_with_options_and_sources() {
        let project = Project::new();
        project.write("requirements.txt", "-i https://index.example/simple\n--pre\n-c limits.txt\nflask>=3 # web\ngit+https://git.example/lib.git@v1#egg=lib\n./local\n");
        project.write("limits.txt", "werkzeug<4\n");
        project.write("local/setup.py", "from setuptools import setup\nsetup(name='local', version='1')\n");
        let wanted = Wanted::read(project.path()).unwrap();
        assert_eq!(
            shown(&wanted.requirements),
            ["flask>=3 requirements.txt:4", "lib @ git+https://git.example/lib.git@v1 requirements.txt:5"]
        );
        assert_eq!(wanted.constraints, ["werkzeug<4"]);
        assert_eq!(wanted.index_url.as_deref(), Some("https://index.example/simple"));
        assert!(wanted.prereleases);
        assert_eq!(wanted.left_out.len(), 1, "{:?}", wanted.left_out);
    }

    #[test]
    fn one_requirements_file() {
        let project = Project::new();
        project.write(
            "all.txt",
            "-r base.txt\n-c limits.txt\n--only-binary a,b --prefer-binary\n--trusted-host index.example\n--extra-index-url https://index.example/more\nrich\n-e .\nlib @ git+file:///srv/lib\n",
        );
        project.write("base.txt", "flask>=3 --hash=sha256:00\n");
        project.write("limits.txt", "werkzeug<4\n");
        let wanted = Wanted::of_file(&project.path().join("all.txt")).unwrap();
        assert_eq!(shown(&wanted.requirements), ["rich all.txt:6", "flask>=3 base.txt:1"]);
        assert_eq!((wanted.only_binary.join(" "), wanted.prefer_binary), ("a b".to_owned(), true));
        assert_eq!(wanted.trusted_hosts, ["index.example"]);
        assert_eq!(wanted.constraints, ["werkzeug<4"]);
        assert_eq!(wanted.extra_index_urls, ["https://index.example/more"]);
        assert_eq!(wanted.left_out.len(), 2);
        assert!(Wanted::of_file(&project.path().join("none.txt")).is_err());
    }

    #[test]
    fn a_project_on_uv() {
        let project = Project::new();
        project.write(
            "pyproject.toml",
            "[project]\nname = \"web\"\nversion = \"1\"\nrequires-python = \">=3.11\"\ndependencies = [\"flask\", \"lib[fast]>=2; python_version > '3'\"]\n\n\
             [dependency-groups]\ndev = [\"pytest\"]\n\n[tool.uv]\nconstraint-dependencies = [\"jinja2<4\"]\n\n\
             [tool.uv.sources]\nlib = { git = \"https://git.example/lib.git\", tag = \"v2\", subdirectory = \"py\" }\n\n\
             [[tool.uv.index]]\nname = \"inner\"\nurl = \"https://index.example/simple\"\n",
        );
        let wanted = Wanted::read(project.path()).unwrap();
        assert_eq!(
            shown(&wanted.requirements),
            [
                "flask pyproject.toml:5",
                "lib[fast] @ git+https://git.example/lib.git@v2#subdirectory=py ; python_version > '3' pyproject.toml:5",
                "pytest pyproject.toml:8"
            ]
        );
        assert_eq!(
            (wanted.constraints, wanted.extra_index_urls),
            (vec!["jinja2<4".to_owned()], vec!["https://index.example/simple".to_owned()])
        );
        assert_eq!(wanted.requires_python.as_deref(), Some(">=3.11"));
    }
}
