//! `COPY` and `ADD`: what of the repository lies where, and which words name files that uv does not read.

use std::ops::Range;

use super::joined_path;
use super::parse::{Argument, Instruction};
use super::stage::{Copied, State};
use crate::context::Context;

/// Files of other tools that uv's own take the place of, wherever they stand beside a uv project.
const OLD_FILES: &[&str] = &["poetry.lock", "pdm.lock", "Pipfile.lock", "Pipfile"];
/// File names without a dot.
const PLAIN_FILES: &[&str] =
    &["Makefile", "Dockerfile", "LICENSE", "Pipfile", "Procfile", "README", "VERSION"];

/// A `COPY` that brings files for an installation.
#[derive(Debug, Clone)]
pub(crate) struct FileCopy {
    /// The words, which are replaced as a whole.
    pub(crate) span: Range<usize>,
    /// What stands there then.
    pub(crate) new: String,
    /// What is named now and will not be, such as `requirements.txt`.
    pub(crate) old: Vec<String>,
    /// The folder of the uv project.
    pub(crate) project: String,
    /// Where pyproject.toml lies then, in the image.
    pub(crate) target: String,
    /// Whether nothing else is copied.
    pub(crate) is_all: bool,
    /// Whether the image has these files there already.
    pub(crate) is_there: bool,
}

/// What an instruction copies from the build context.
#[derive(Debug, Clone, Default)]
pub(crate) struct Copies {
    /// What lies where.
    pub(crate) copied: Vec<Copied>,
    /// Words to replace when the project is synced.
    pub(crate) files: Option<FileCopy>,
}

/// The words of a `COPY`.
struct Words<'a> {
    sources: Vec<Source>,
    target: &'a Argument,
    /// The target, absolute.
    absolute: String,
    span: Range<usize>,
    is_array: bool,
    /// The working folder, when it is one that files can be copied into.
    folder: Option<String>,
}

struct Source {
    text: String,
    /// From the root of the repository.
    path: String,
    kind: Kind,
}

impl Source {
    /// Whether it is a folder of old files.
    fn is_old_folder(&self, context: &Context) -> bool {
        self.kind == Kind::Old && !self.path.contains('*') && {
            let below = format!("{}/", self.path);
            context.became.keys().any(|known| known.starts_with(&below))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of the tool before.
    Old,
    Pyproject,
    Lock,
    Folder,
    Other,
}

/// Reads what an instruction copies; `root` is the build context, from the root of the repository.
pub(crate) fn read(
    instruction: &Instruction,
    text: &str,
    state: &State,
    root: &str,
    context: &Context,
) -> Copies {
    if instruction.flag("from").is_some() || !instruction.heredocs.is_empty() {
        return Copies::default();
    }
    let arguments = instruction.words(text);
    let Some(words) = words(&arguments, instruction, text, state, root, context) else {
        return Copies::default();
    };
    let is_file = words.is_file(&arguments);
    let copied = words.sources.iter().map(|source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let is_folder = source.kind == Kind::Folder || source.is_old_folder(context);
        let target = if is_folder || is_file {
            words.absolute.clone()
        } else {
            format!("{}/{name}", words.absolute.trim_end_matches('/'))
        };
        Copied { source: source.path.clone(), target, is_folder }
    });
    Copies { copied: copied.collect(), files: words.files(context, root, is_file) }
}

fn words<'a>(
    arguments: &'a [Argument],
    instruction: &Instruction,
    text: &str,
    state: &State,
    root: &str,
    context: &Context,
) -> Option<Words<'a>> {
    let (target, sources) = arguments.split_last()?;
    let span = sources.first()?.span.start..target.span.end;
    let absolute = state.absolute(&state.expand(&target.text)?)?;
    let sources = sources.iter().filter_map(|word| {
        let source = state.expand(&word.text)?;
        let path = joined_path(root, source.trim_start_matches('/'));
        let kind = kind(&source, &path, context);
        Some(Source { text: word.text.clone(), path, kind })
    });
    let is_array = instruction.exec_form(text).is_some();
    let folder = state.folder.clone().filter(|folder| folder != "/");
    Some(Words { sources: sources.collect(), target, absolute, span, is_array, folder })
}

fn kind(source: &str, path: &str, context: &Context) -> Kind {
    let name = path.rsplit('/').next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let has_project = || context.project(folder).is_some();
    let became = |path: &str| context.became.contains_key(path);
    if became(path) || (OLD_FILES.contains(&name.trim_end_matches('*')) && has_project()) {
        return Kind::Old;
    }
    if path.contains('*') && context.became.keys().any(|known| matches(path, known)) {
        return Kind::Old;
    }
    match name.trim_end_matches('*') {
        // That of a package inside belongs to the package.
        "pyproject.toml" if context.project(folder).is_some_and(|project| project.folder == folder) => {
            return Kind::Pyproject;
        }
        "uv.lock" => return Kind::Lock,
        _ => {}
    }
    let below = format!("{path}/");
    if matches!(name, "requirements" | "reqs" | "requires" | "deps")
        && context.became.keys().any(|known| known.starts_with(&below))
    {
        return Kind::Old;
    }
    let is_folder =
        source.ends_with(['/', '.']) || !(name.contains(['.', '*']) || PLAIN_FILES.contains(&name));
    if is_folder { Kind::Folder } else { Kind::Other }
}

/// Whether a pattern with `*` takes a path, folder by folder.
fn matches(pattern: &str, path: &str) -> bool {
    let one = |pattern: &str, name: &str| {
        let mut rest = name;
        let mut parts = pattern.split('*');
        let Some(start) = parts.next().filter(|start| rest.starts_with(start)) else { return false };
        rest = rest.get(start.len()..).unwrap_or_default();
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
        for part in middle {
            let Some(at) = rest.find(part) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        rest.ends_with(last)
    };
    pattern.matches('/').count() == path.matches('/').count()
        && pattern.split('/').zip(path.split('/')).all(|(pattern, name)| one(pattern, name))
}

impl Words<'_> {
    /// Whether the target names a file.
    fn is_file(&self, arguments: &[Argument]) -> bool {
        let target = self.target.text.as_str();
        let name = target.rsplit('/').next().unwrap_or_default();
        arguments.len() == 2
            && self.sources.first().is_some_and(|source| !matches!(source.kind, Kind::Folder))
            && !target.ends_with('/')
            && name.trim_matches('.').contains('.')
    }

    /// The words that name `pyproject.toml` and `uv.lock` instead.
    fn files(&self, context: &Context, root: &str, is_file: bool) -> Option<FileCopy> {
        let has = |kind| self.sources.iter().any(|source| source.kind == kind);
        if !(has(Kind::Old) || has(Kind::Pyproject)) {
            return None;
        }
        let first = self.sources.iter().find(|source| matches!(source.kind, Kind::Old | Kind::Pyproject))?;
        let project = context.project(first.path.rsplit_once('/').map_or("", |(folder, _)| folder))?;
        let inside = if root.is_empty() {
            project.folder.as_str()
        } else {
            project.folder.strip_prefix(root)?.trim_start_matches('/')
        };
        let dots = if first.text.starts_with("./") { "./" } else { "" };
        let mut new: Vec<String> = Vec::new();
        let name = |file: &str| format!("{dots}{}", joined_path(inside, file));
        for source in &self.sources {
            match source.kind {
                Kind::Old | Kind::Pyproject | Kind::Lock => {
                    let files =
                        if project.locked { &["pyproject.toml", "uv.lock"][..] } else { &["pyproject.toml"] };
                    for file in files.iter().map(|file| name(file)) {
                        if !new.contains(&file) {
                            new.push(file);
                        }
                    }
                }
                _ => new.push(source.text.clone()),
            }
        }
        let old: Vec<String> = self
            .sources
            .iter()
            .filter(|source| source.kind == Kind::Old)
            .map(|source| source.text.clone())
            .collect();
        if old.is_empty() && (has(Kind::Lock) || !project.locked) {
            return None;
        }
        let only_old = self.sources.iter().all(|source| source.kind == Kind::Old);
        let (written, absolute) = self.written_folder(is_file);
        let (folder, target) = match &self.folder {
            // Requirements can lie anywhere, a project lies in the working folder.
            Some(folder) if only_old && *folder != absolute => ("./".to_owned(), folder.clone()),
            _ => (written, absolute),
        };
        new.push(folder);
        let new = if self.is_array {
            let quoted: Vec<String> = new.iter().map(|word| format!("\"{word}\"")).collect();
            quoted.join(", ")
        } else {
            new.join(" ")
        };
        Some(FileCopy {
            span: self.span.clone(),
            new,
            old,
            project: project.folder.clone(),
            target,
            is_all: only_old,
            is_there: false,
        })
    }

    /// The target as a folder: as it is written, and absolute.
    fn written_folder(&self, is_file: bool) -> (String, String) {
        let target = self.target.text.as_str();
        if is_file {
            let (above, _) = target.rsplit_once('/').unwrap_or((".", ""));
            let absolute = self.absolute.rsplit_once('/').map_or("", |(above, _)| above);
            let absolute = if absolute.is_empty() { "/" } else { absolute };
            return (format!("{above}/"), absolute.to_owned());
        }
        let written = if target.ends_with('/') { target.to_owned() } else { format!("{target}/") };
        (written, self.absolute.clone())
    }
}
