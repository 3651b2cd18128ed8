//! `[build-system]`, and what of `[tool.poetry]` only poetry-core reads.

use std::str::FromStr as _;

use pep440_rs::{Operator, Version, VersionSpecifiers};
use uvshift_pyproject::{PyProject, Value};
use uvshift_requirements::{normalize_name, parse};

use super::Reader;
use super::metadata::wrong_type;
use super::value::{flag, get, one_or_more, pairs, text};
use crate::sources::Given;
use crate::{BuildSystem, Provenance};

const BACKEND: &str = "poetry.core.masonry.api";
/// The first poetry-core that reads `[project]`.
const REQUIRED: &str = "poetry-core>=2.0";

/// Which poetry-core builds the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Core {
    /// One before 2.0, which knows no `[project]`.
    One,
    /// 2.0 or later.
    Two,
}

impl Core {
    /// None if another backend builds the project.
    pub(super) fn of(document: &PyProject) -> Option<Self> {
        let Some(backend) = document.build_backend() else {
            return (!document.has_build_system()).then_some(Self::Two);
        };
        if !matches!(backend, BACKEND | "poetry.masonry.api" | "poetry_dynamic_versioning.backend") {
            return None;
        }
        let excluded = document.build_requires().iter().any(|entry| {
            name_of(&entry.text).as_deref() == Some("poetry-core")
                && !allows_two(&specifiers_of(&entry.text).unwrap_or_default())
        });
        Some(if excluded { Self::One } else { Self::Two })
    }
}

/// A part of `packages` or `include` of `[tool.poetry]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Included {
    /// `include` or `path`: a path or a glob, relative to `from` or to the project.
    pub(crate) path: String,
    /// `from`: the folder in which it stands.
    pub(crate) from: Option<String>,
    /// `to`: the folder of the wheel that it goes to.
    pub(crate) to: Option<String>,
    /// `format`: `sdist`, `wheel`; with the default of poetry-core 2 where nothing is said.
    pub(crate) formats: Vec<String>,
}

/// Which files poetry-core takes into its archives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Files {
    /// `packages`; empty where poetry-core looks for the package by the name of the project.
    pub(crate) packages: Vec<Included>,
    /// `include`
    pub(crate) include: Vec<Included>,
    /// `exclude`: globs.
    pub(crate) exclude: Vec<String>,
    /// `build`, the script that makes extensions.
    pub(crate) script: Option<String>,
}

/// What `[tool.poetry]` says about the files of the archives.
pub(crate) fn files(document: &PyProject) -> Files {
    let value = |key: &str| document.value(&["tool", "poetry", key]);
    let included = |key: &str, path: &str, formats: &[&str]| -> Vec<Included> {
        let Some(Value::Array(items)) = value(key) else { return Vec::new() };
        items.iter().filter_map(|item| included(item, path, formats)).collect()
    };
    let build = value("build");
    let script = build.as_ref().and_then(|build| text(build).or_else(|| get(build, "script").and_then(text)));
    Files {
        packages: included("packages", "include", &["sdist", "wheel"]),
        include: included("include", "path", &["sdist"]),
        exclude: value("exclude").as_ref().and_then(one_or_more).unwrap_or_default(),
        script: script.map(str::to_owned),
    }
}

fn included(item: &Value, path: &str, formats: &[&str]) -> Option<Included> {
    let string = |key: &str| get(item, key).and_then(text).map(str::to_owned);
    Some(Included {
        path: text(item).map(str::to_owned).or_else(|| string(path))?,
        from: string("from"),
        to: string("to"),
        formats: get(item, "format")
            .and_then(one_or_more)
            .unwrap_or_else(|| formats.iter().map(|format| (*format).to_owned()).collect()),
    })
}

/// Whether there is a package to build, and the project wants it.
pub(super) fn builds(given: &Given<'_>, document: &PyProject) -> bool {
    let package_mode = document.value(&["tool", "poetry", "package-mode"]);
    if package_mode.as_ref().and_then(flag) == Some(false) {
        return false;
    }
    if document.has_build_system() && Core::of(document).is_none() {
        return true;
    }
    let files = files(document);
    if files.script.is_some() {
        return true;
    }
    let there = |path: &str| given.tree.has_folder(path) || given.tree.has(path);
    if !files.packages.is_empty() {
        return files.packages.iter().all(|package| {
            let whole = match &package.from {
                Some(from) => format!("{}/{}", from.trim_end_matches('/'), package.path),
                None => package.path.clone(),
            };
            whole.contains(['*', '?', '[']) || there(&whole)
        });
    }
    let named = document.value(&["tool", "poetry", "name"]);
    let Some(name) = document.project_name().or(named.as_ref().and_then(text)) else { return false };
    let module = normalize_name(name).replace('-', "_");
    ["", "src/"].iter().any(|folder| {
        given.tree.has_folder(&format!("{folder}{module}")) || given.tree.has(&format!("{folder}{module}.py"))
    })
}

impl Reader<'_> {
    pub(super) fn package_mode(&mut self) {
        let path = ["tool", "poetry", "package-mode"];
        match self.document.value(&path).as_ref().and_then(flag) {
            Some(true) => self.drop_key(&path, "a project with a build system is a package to uv"),
            Some(false) => self.carry(&path, "tool.uv.package"),
            None => self.refuse(&path, wrong_type("true or false")),
        }
    }

    /// `packages`, `include`, `exclude`, `build`.
    pub(super) fn build_key(&mut self, key: &str) {
        let path = ["tool", "poetry", key];
        match (self.facts.core, self.facts.builds) {
            (_, false) => self.drop_key(&path, "nothing is built"),
            (None, _) => {
                self.drop_key(&path, "another build backend builds the project and does not read it");
            }
            (Some(core), _) => {
                self.stay(&path);
                if core == Core::One && key == "include" && self.spell_out_formats() {
                    let why =
                        "with the formats, because poetry-core 2 puts files without one into the sdist only";
                    return self.change(&path, "tool.poetry.include", why);
                }
                self.carry(&path, format!("tool.poetry.{key}, which poetry-core goes on reading"));
            }
        }
    }

    /// Before 2.0, a file that is included without a format went to both archives, and a folder to the sdist.
    fn spell_out_formats(&mut self) -> bool {
        let path = ["tool", "poetry", "include"];
        let Some(Value::Array(items)) = self.document.value(&path) else { return false };
        if items.iter().all(|item| text(item).is_none() && get(item, "format").is_some()) {
            return false;
        }
        let spelled = items.iter().map(|item| {
            let known = pairs(item).unwrap_or_default().iter().filter(|(key, _)| key != "format").cloned();
            let path = text(item).map(|path| ("path".to_owned(), Value::from(path)));
            let is_folder = text(item)
                .or_else(|| get(item, "path").and_then(text))
                .is_some_and(|path| self.given.tree.has_folder(path));
            let both: &[&str] = if is_folder { &["sdist"] } else { &["sdist", "wheel"] };
            let format = get(item, "format").cloned().unwrap_or_else(|| Value::strings(both.iter().copied()));
            Value::Table(path.into_iter().chain(known).chain([("format".to_owned(), format)]).collect())
        });
        let from = self.at(&path);
        let spelled = Value::Array(spelled.collect());
        self.out.manifest.set(&["tool", "poetry"], "include", spelled, &from);
        true
    }

    pub(super) fn build_system(&mut self) {
        let has_build_system = self.document.has_build_system();
        let from = self.at(&["build-system"]);
        if !self.facts.builds {
            self.out.manifest.uv.package = Some(false);
            if has_build_system {
                let why = "it stays, and `tool.uv.package = false` says that there is nothing to build";
                self.change(&["build-system"], "tool.uv.package", why);
            }
            return;
        }
        if !has_build_system {
            let build = BuildSystem {
                requires: vec![REQUIRED.to_owned()],
                backend: Some(BACKEND.to_owned()),
                backend_path: Vec::new(),
                from: Provenance::new(super::FILE, 1),
            };
            self.out.manifest.build = Some(build);
            return;
        }
        if self.facts.core.is_none() {
            return;
        }
        let path = ["build-system", "requires"];
        let old: Vec<String> = self.document.build_requires().into_iter().map(|entry| entry.text).collect();
        let mut requires: Vec<String> = Vec::new();
        for text in old.iter().map(|text| raised(text)) {
            if !requires.contains(&text) {
                requires.push(text);
            }
        }
        if !requires.iter().any(|text| name_of(text).as_deref() == Some("poetry-core")) {
            requires.insert(0, REQUIRED.to_owned());
        }
        let backend = self.document.build_backend().map(str::to_owned);
        let renamed = backend.as_deref() == Some("poetry.masonry.api");
        if requires == old && !renamed {
            return self.carry(&path, "build-system.requires");
        }
        self.change(&path, "build-system", "poetry-core reads [project] from 2.0 on");
        let backend = if renamed { Some(BACKEND.to_owned()) } else { backend };
        self.out.manifest.build = Some(BuildSystem { requires, backend, backend_path: Vec::new(), from });
    }

    /// What cannot be true of a build is said once.
    pub(super) fn credentials_note(&mut self, advice: &str) {
        let message = "credentials are not written into pyproject.toml";
        let found = uvshift_diagnostics::Diagnostic::warning(crate::codes::M001, message);
        self.out.diagnostics.push(found.in_file(super::FILE, 1).with_help(advice));
    }
}

fn name_of(requirement: &str) -> Option<String> {
    parse(requirement).requirements().next()?.1.normalized_name()
}

fn specifiers_of(requirement: &str) -> Option<VersionSpecifiers> {
    let document = parse(requirement);
    let (_, found) = document.requirements().next()?;
    VersionSpecifiers::from_str(found.specifier().trim_matches(['(', ')'])).ok()
}

/// Whether some 2.x may be installed.
fn allows_two(specifiers: &VersionSpecifiers) -> bool {
    (0..60).any(|minor| specifiers.contains(&Version::new([2, minor, 0])))
        || (0..60).any(|minor| specifiers.contains(&Version::new([2, minor, 1])))
}

/// A requirement of the build with a poetry-core that reads `[project]`.
fn raised(requirement: &str) -> String {
    match name_of(requirement).as_deref() {
        Some("poetry") => return REQUIRED.to_owned(),
        Some("poetry-core") => {}
        _ => return requirement.to_owned(),
    }
    let specifiers = specifiers_of(requirement).unwrap_or_default();
    let old = [Version::new([1, 0, 0]), Version::new([1, 9, 1]), Version::new([1, 99, 0])];
    if !old.iter().any(|version| specifiers.contains(version)) && allows_two(&specifiers) {
        return requirement.to_owned();
    }
    let kept = specifiers.iter().filter(|clause| {
        matches!(clause.operator(), Operator::LessThan | Operator::LessThanEqual)
            && allows_two(&VersionSpecifiers::from((*clause).clone()))
    });
    let clauses: Vec<String> =
        std::iter::once(">=2.0".to_owned()).chain(kept.map(ToString::to_string)).collect();
    format!("poetry-core{}", clauses.join(","))
}
