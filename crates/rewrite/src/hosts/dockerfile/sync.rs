//! What `uv sync` and `uv export` need in an image: pyproject.toml and uv.lock, and flags that fit what is there.

use super::copy::FileCopy;
use super::parse::Instruction;
use super::place;
use super::work::{File, StageWork, edit};
use crate::context::UvProject;
use crate::model::Edit;
use crate::pythons::is_refused;

/// What `uv sync` needs in an image: its files, and the flags for a layer without the code.
pub(super) fn sync(
    file: &File<'_>,
    index: usize,
    instruction: &Instruction,
    work: &mut StageWork,
    edits: &mut Vec<Edit>,
) {
    let folder = file.folder(work);
    let named = work.copies.iter().rev().map(|(_, files)| files.project.clone()).next();
    let Some(project) = file.context.project(named.as_deref().unwrap_or(&folder)) else { return };
    let is_cloned = is_cloned(file, index, work);
    let has_code = is_cloned
        || instruction.flag("mount").is_some_and(|mount| mount.contains("target=."))
        || work.state.copied.iter().any(|copied| {
            (copied.is_folder || is_code(&copied.source))
                && (is_below(&project.folder, &copied.source) || is_below(&copied.source, &project.folder))
        });
    let at = if is_cloned {
        work.doubt("the clone has pyproject.toml and uv.lock once they are pushed");
        work.state.folder.clone()
    } else {
        files(file, index, instruction, work, project, edits)
    };
    let elsewhere = at.clone().filter(|at| work.state.folder.as_ref() != Some(at));
    let place = elsewhere.map(|at| format!(" --project {at}")).unwrap_or_default();
    let stood = stood(file.text, edits);
    for (edit, before) in edits.iter_mut().zip(&stood) {
        let is_sync = edit.new.contains("uv sync");
        let installs = installs_project(before);
        let flags = if !project.is_package || edit.new.contains("--no-install-project") {
            ""
        } else if (!has_code && !installs) || (!work.has_project && no_project(before)) {
            " --no-install-project"
        } else if (before.contains("pip") && !before.contains(" -e") && !before.contains("--editable"))
            || before.contains("setup.py install")
        {
            " --no-editable"
        } else {
            ""
        };
        edit.new = with_flags(&edit.new, "uv sync", &format!("{flags}{place}"));
        work.has_project |= is_sync && !edit.new.contains("--no-install-project");
        edit.new = with_flags(&edit.new, "uv export", &place);
    }
    work.scope.without_project = !work.has_project;
    if let Some(path) = missing_source(work, project, at.as_deref()) {
        work.doubt(format!(
            "the project takes a package from `{path}`, which has to be there before `uv sync`"
        ));
    }
    doubts(file, work, project);
}

/// Whether the image has its files from a clone, and none from the folder that it is built from, which may be empty.
fn is_cloned(file: &File<'_>, index: usize, work: &StageWork) -> bool {
    let before = file.parsed.instructions.get(..=index).unwrap_or_default();
    let clones = |other: &Instruction| {
        let arguments = other.arguments(file.text);
        other.name == "RUN" && (arguments.contains("git clone") || arguments.contains("gh repo clone"))
    };
    let stage = before.iter().rev().take_while(|other| other.name != "FROM");
    work.state.copied.is_empty() && stage.filter(|other| clones(other)).count() > 0
}

/// Whether the image is given files of the folder that it is built from.
fn copies_any(file: &File<'_>) -> bool {
    let copies = |it: &&Instruction| matches!(it.name.as_str(), "COPY" | "ADD") && it.flag("from").is_none();
    file.parsed.instructions.iter().any(|it| copies(&it))
}

/// A package that the project takes from a path, and that was not copied to its place beside the project, which is at `at` in the image.
fn missing_source<'a>(work: &StageWork, project: &'a UvProject, at: Option<&str>) -> Option<&'a String> {
    let is_there = |path: &str| {
        let place = super::joined_path(at?.trim_start_matches('/'), path);
        let found = work.state.in_repository(&format!("/{place}"))?;
        (found == super::joined_path(&project.folder, path)).then_some(())
    };
    project.path_sources.iter().find(|path| is_there(path).is_none())
}

/// What stood in the place of each edit, with what goes after it: one `uv sync` may do the work of several commands.
fn stood(text: &str, edits: &[Edit]) -> Vec<String> {
    let mut stood: Vec<String> = Vec::new();
    let mut after = String::new();
    for edit in edits.iter().rev() {
        let before = text.get(edit.span.clone()).unwrap_or_default();
        if edit.new.is_empty() {
            after.push(' ');
            after.push_str(before);
            stood.push(String::new());
        } else {
            stood.push(format!("{before} {}", std::mem::take(&mut after)));
        }
    }
    stood.reverse();
    stood
}

/// Whether a command of pip installs requirements and not the project.
pub(super) fn no_project(command: &str) -> bool {
    let of_pip = command.contains("-r") && command.contains("pip");
    (of_pip || command.contains("pip-sync")) && !command.split_whitespace().any(names_project)
}

/// Whether a command of pip, or of setuptools, installs the project itself: with what is there of it, be it enough or not.
fn installs_project(command: &str) -> bool {
    command.contains("setup.py install")
        || (command.contains("pip") && command.split_whitespace().any(names_project))
}

fn names_project(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    word == "." || word == "./" || word.starts_with(".[") || word == "-e" || word == "--editable"
}

fn is_code(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|ending| ending == "py")
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A command with more flags, wherever it stands.
fn with_flags(new: &str, command: &str, flags: &str) -> String {
    let mut out = String::new();
    let mut rest = new;
    while let Some(at) = rest.find(command) {
        let (before, after) = rest.split_at(at + command.len());
        out.push_str(before);
        let end = after.find(['&', '|', ';', '\n', ')', '>', '\\']).unwrap_or(after.len());
        let (arguments, behind) = after.split_at(end);
        let kept = arguments.trim_end();
        out.push_str(kept);
        out.push_str(flags);
        out.push_str(arguments.get(kept.len()..).unwrap_or_default());
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Whether a command reads more of the project than a build does.
fn reads_lock(new: &str) -> bool {
    ["uv sync", "uv export", "uv run", "uv lock", "uv version"].iter().any(|command| new.contains(command))
}

/// Sees to it that pyproject.toml and uv.lock are there; where they lie.
fn files(
    file: &File<'_>,
    index: usize,
    instruction: &Instruction,
    work: &mut StageWork,
    project: &UvProject,
    edits: &mut Vec<Edit>,
) -> Option<String> {
    if let Some(at) = bound(file, instruction, work, project, edits) {
        return Some(at);
    }
    // What is built was copied as a whole, and the command knows where it lies.
    let has_all =
        |copied: &super::stage::Copied| copied.is_folder && is_below(&project.folder, &copied.source);
    if !edits.iter().any(|edit| reads_lock(&edit.new)) && work.state.copied.iter().any(has_all) {
        return None;
    }
    let copied = work.copies.iter().rev().find(|(_, files)| files.project == project.folder);
    if let Some((_, files)) = copied {
        return Some(files.target.clone());
    }
    let folder = work.state.folder.clone();
    let here = folder.as_deref().and_then(|folder| {
        let path = format!("{}/pyproject.toml", folder.trim_end_matches('/'));
        work.state.in_repository(&path)
    });
    let expected = super::joined_path(&project.folder, "pyproject.toml");
    if here.as_deref() == Some(expected.as_str()) {
        return folder;
    }
    let inside =
        expected.strip_prefix(file.root).map_or(expected.as_str(), |rest| rest.trim_start_matches('/'));
    let prefix = inside.strip_suffix("pyproject.toml").unwrap_or_default();
    let lock = if project.locked { format!(" {prefix}uv.lock") } else { String::new() };
    let reason = "`uv sync` reads pyproject.toml and uv.lock";
    if !copies_any(file) {
        work.doubt("it copies nothing from the folder that the image is built from, and now pyproject.toml");
    }
    let start = instruction.lines.start;
    edits.push(edit(start..start, format!("COPY {inside}{lock} ./\n"), "dockerfile-files", reason));
    let target = folder.clone().unwrap_or_default();
    let copy = FileCopy {
        span: start..start,
        new: String::new(),
        old: Vec::new(),
        project: project.folder.clone(),
        target,
        is_all: false,
        is_there: false,
    };
    work.copies.push((index, copy));
    folder
}

/// Bind mounts of requirements files become those of uv's files.
fn bound(
    file: &File<'_>,
    instruction: &Instruction,
    work: &StageWork,
    project: &UvProject,
    edits: &mut Vec<Edit>,
) -> Option<String> {
    let mut at = None;
    for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
        let part = |names: &[&str]| {
            flag.value.split(',').find_map(|part| {
                let (name, value) = part.split_once('=')?;
                names.contains(&name).then(|| value.to_owned())
            })
        };
        let Some(source) = part(&["source", "src"]) else { continue };
        let path = super::joined_path(file.root, &source);
        let is_old = file.context.became.contains_key(&path);
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_lock = matches!(name, "poetry.lock" | "pdm.lock" | "Pipfile.lock" | "Pipfile");
        if !is_old && !is_lock && name != "pyproject.toml" {
            continue;
        }
        let target = part(&["target", "dst", "destination"]).unwrap_or_else(|| source.clone());
        let folder = target.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let inside = source.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mount = |name: &str| format!("--mount=type=bind,source={inside}{name},target={folder}{name}");
        let (new, is_first) = if at.is_some() {
            (String::new(), false)
        } else if project.locked {
            (format!("{} \\\n    {}", mount("uv.lock"), mount("pyproject.toml")), true)
        } else {
            (mount("pyproject.toml"), true)
        };
        let mut span = flag.span.clone();
        if !is_first {
            // The space, and the line that it may have had for itself, go too.
            let rest = file.text.get(span.end..instruction.span.end).unwrap_or_default();
            span.end += rest.len() - rest.trim_start_matches([' ', '\t', '\\', '\r', '\n']).len();
        }
        edits.push(edit(span, new, "dockerfile-files", "`uv sync` reads pyproject.toml and uv.lock"));
        at = at.or_else(|| work.state.absolute(if folder.is_empty() { "." } else { &folder }));
    }
    at
}

/// What speaks against a sync in this image.
fn doubts(file: &File<'_>, work: &mut StageWork, project: &UvProject) {
    if file.context.projects.len() > 1 {
        work.doubt("the repository has several uv projects: `uv sync --locked` may ask for the pyproject.toml of each member of the workspace");
    }
    for variable in work.indexes.clone() {
        work.doubt(format!("{variable} tells pip where packages come from, and uv does not read it"));
    }
    if work.state.user.is_some() {
        work.user.clone_from(&work.state.user);
        work.doubt(format!(
            "`{}` installs here, so the environment has to lie where that user may write",
            work.state.user.clone().unwrap_or_default()
        ));
    }
    let image = file.stages.iter().rev().find(|stage| {
        file.parsed.instructions.get(stage.from).is_some_and(|from| {
            work.first
                .and_then(|first| file.parsed.instructions.get(first))
                .is_some_and(|first| from.span.start < first.span.start)
        })
    });
    let image = image.map(|stage| place::image(stage, file.stages)).unwrap_or_default();
    if !place::is_plain(&image) {
        work.doubt(format!(
            "`{image}` may bring Python packages of its own or start a Python by its path, which an environment apart from them does not see"
        ));
    }
    let has = place::python_minor(&image).or_else(|| place::distribution_minor(&image));
    if let (Some(has), Some(requires)) = (has, project.requires_python.as_deref())
        && is_refused(&format!("3.{has}"), requires)
    {
        work.doubt(format!("the image has Python 3.{has}, and the project asks for Python {requires}"));
    }
}
