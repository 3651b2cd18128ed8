//! `RUN` through the engine, and what is started: `CMD`, `ENTRYPOINT`, `HEALTHCHECK`.

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use super::copy::FileCopy;
use super::parse::Instruction;
use super::place;
use super::script::{exec_script, script};
use super::work::{File, StageWork, edit};
use crate::codes;
use crate::context::UvProject;
use crate::engine::{Environment, Outcome, rewrite_script};
use crate::model::{Edit, Left};

/// Caches of other tools that a mount can keep.
const CACHES: &[&str] = &["cache/pip", "cache/pypoetry", "cache/pdm", "cache/pipenv"];

/// A `RUN`.
pub(crate) fn run(file: &File<'_>, index: usize, instruction: &Instruction, work: &mut StageWork) {
    work.scope.folder = Some(file.folder(&work.state));
    if instruction.exec_form(file.text).is_some() {
        array(file, index, instruction, work);
        return;
    }
    let Some(script) = script(instruction, file.text, &work.state, file.context) else {
        windows(file, instruction, work);
        return;
    };
    let had_uv = work.state.has_uv;
    let synced_before = work.scope.synced.is_some();
    let outcome = rewrite_script(script.text(), &mut work.scope, file.context);
    if let Some(problem) = &outcome.problem {
        let at = script.span(&(problem.at..problem.at)).start;
        let message = format!("this script cannot be read: {}", problem.message);
        work.diagnostics.push(Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at)));
        return;
    }
    work.left.extend(script.left(outcome.left.clone()));
    let installs_left = outcome
        .left
        .iter()
        .any(|left| script.text().get(left.span.clone()).is_some_and(|text| text.contains("install")));
    if installs_left {
        work.doubt("another command installs packages and stays, and would install them somewhere else");
    }
    if outcome.edits.is_empty() {
        return;
    }
    if outcome.is_empty {
        work.touch(index);
        work.edits.push(removed(file, instruction, &outcome));
        return;
    }
    let brings_itself = had_uv && outcome.edits.iter().all(|edit| !edit.new.contains("uv "));
    let new: String = outcome.edits.iter().map(|edit| edit.new.as_str()).collect();
    let syncs = new.contains("uv sync");
    let beside = new.contains("uv pip install");
    if beside && work.scope.environment == Environment::Active && !syncs && !synced_before {
        work.doubt("packages are installed before the project is, and `uv sync` would remove them: declare them in pyproject.toml");
    }
    work.touch(index);
    let mut edits = script.edits(outcome.edits);
    if syncs {
        sync(file, index, instruction, work, &mut edits);
    }
    work.syncs |= syncs;
    work.uses_uv |= new.contains("uv ") && !brings_itself;
    work.uses_uv_pip |= new.contains("uv pip");
    mounts(file, instruction, work, new.contains("uv "));
    work.edits.extend(edits);
}

/// The whole instruction goes.
fn removed(file: &File<'_>, instruction: &Instruction, outcome: &Outcome) -> Edit {
    let mut span = instruction.lines.clone();
    let before = file.text.get(..span.start).unwrap_or_default();
    let after = file.text.get(span.end..).unwrap_or_default();
    if before.ends_with("\n\n") && after.starts_with('\n') {
        span.end += 1;
    }
    let first = outcome.edits.first();
    let all_safe = outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
    Edit {
        span,
        new: String::new(),
        rule: first.map_or("dockerfile", |edit| edit.rule),
        reason: first.map(|edit| edit.reason.clone()).unwrap_or_default(),
        safety: if all_safe { Safety::Safe } else { Safety::NeedsReview },
        together: 0,
    }
}

/// What `uv sync` needs in an image: its files, and the flags for a layer without the code.
fn sync(
    file: &File<'_>,
    index: usize,
    instruction: &Instruction,
    work: &mut StageWork,
    edits: &mut Vec<Edit>,
) {
    let folder = file.folder(&work.state);
    let named = work.copies.iter().rev().map(|(_, files)| files.project.clone()).next();
    let Some(project) = file.context.project(named.as_deref().unwrap_or(&folder)) else { return };
    let has_code = instruction.flag("mount").is_some_and(|mount| mount.contains("target=."))
        || work.state.copied.iter().any(|copied| {
            copied.is_folder
                && (is_below(&project.folder, &copied.source) || is_below(&copied.source, &project.folder))
        });
    let at = files(file, index, instruction, work, project, edits);
    for edit in edits.iter_mut().filter(|edit| edit.new.contains("uv sync")) {
        let before = file.text.get(edit.span.clone()).unwrap_or_default();
        let mut flags = String::new();
        if project.is_package
            && !edit.new.contains("--no-install-project")
            && (!has_code || no_project(before))
        {
            flags.push_str(" --no-install-project");
        }
        if let Some(at) = &at
            && work.state.folder.as_ref() != Some(at)
        {
            flags.push_str(" --project ");
            flags.push_str(at);
        }
        edit.new = with_flags(&edit.new, &flags);
    }
    doubts(file, work, project);
}

/// Whether a command of pip installs requirements and not the project.
fn no_project(command: &str) -> bool {
    let names_project = |word: &str| {
        let word = word.trim_matches(['"', '\'']);
        word == "." || word == "./" || word.starts_with(".[") || word == "-e" || word == "--editable"
    };
    command.contains("-r") && command.contains("pip") && !command.split_whitespace().any(names_project)
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// `uv sync` with more flags, wherever it stands.
fn with_flags(new: &str, flags: &str) -> String {
    let mut out = String::new();
    let mut rest = new;
    while let Some(at) = rest.find("uv sync") {
        let (before, after) = rest.split_at(at + "uv sync".len());
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
    let start = instruction.lines.start;
    edits.push(edit(start..start, format!("COPY {inside}{lock} ./\n"), "dockerfile-files", reason));
    let target = folder.clone().unwrap_or_default();
    let copy = FileCopy {
        span: start..start,
        new: String::new(),
        old: Vec::new(),
        project: project.folder.clone(),
        target,
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
    if work.state.user.is_some() {
        work.doubt(format!(
            "`{}` installs here, so the environment has to lie where that user may write",
            work.state.user.clone().unwrap_or_default()
        ));
    }
    let image = file.stages.iter().rev().find(|stage| {
        file.file.instructions.get(stage.from).is_some_and(|from| {
            work.first
                .and_then(|first| file.file.instructions.get(first))
                .is_some_and(|first| from.span.start < first.span.start)
        })
    });
    let image = image.map(|stage| place::image(stage, file.stages)).unwrap_or_default();
    let lowest = project.requires_python.as_deref().and_then(place::lowest_minor);
    if let (Some(has), Some(wants)) = (place::python_minor(&image), lowest)
        && has < wants
    {
        work.doubt(format!("the image has Python 3.{has}, and the project asks for 3.{wants} or newer"));
    }
}

/// Cache mounts: those of pip become those of uv, and where the file has `BuildKit`'s syntax uv gets one.
fn mounts(file: &File<'_>, instruction: &Instruction, work: &mut StageWork, installs: bool) {
    let mut has_cache = false;
    for flag in
        instruction.flags.iter().filter(|flag| flag.name == "mount" && flag.value.contains("type=cache"))
    {
        if flag.value.contains("cache/uv") || flag.value.contains(".cache,") || flag.value.ends_with(".cache")
        {
            has_cache = true;
        }
        if let Some(old) = CACHES.iter().find(|cache| flag.value.contains(**cache)) {
            let raw = file.text.get(flag.span.clone()).unwrap_or_default();
            let parts = raw.split(',').map(|part| {
                if part.contains(old) && !part.starts_with("id=") {
                    let end = part.find(old).unwrap_or_default();
                    format!("{}cache/uv", part.get(..end).unwrap_or_default())
                } else if part.starts_with("id=") {
                    "id=uv".to_owned()
                } else {
                    part.to_owned()
                }
            });
            let new = parts.collect::<Vec<_>>().join(",");
            work.edits.push(edit(flag.span.clone(), new, "dockerfile-cache", "the cache is uv's"));
            has_cache = true;
        }
    }
    if has_cache {
        work.has_mounts = true;
        return;
    }
    if !installs || work.state.user.is_some() || !place::uses_buildkit(file.file, file.text) {
        return;
    }
    let at = instruction.flags.first().map_or(instruction.body.start, |flag| flag.span.start);
    let is_document = !instruction.heredocs.is_empty();
    let space = if is_document || !instruction.flags.is_empty() { " " } else { " \\\n    " };
    let new = format!("--mount=type=cache,target=/root/.cache/uv{space}");
    work.edits.push(edit(
        at..at,
        new,
        "dockerfile-cache",
        "downloads are kept between builds and not in the image",
    ));
    work.has_mounts = true;
}

/// A `RUN` in the form of an array.
fn array(file: &File<'_>, index: usize, instruction: &Instruction, work: &mut StageWork) {
    let Some(words) = instruction.exec_form(file.text) else { return };
    let script = exec_script(&words);
    let outcome = rewrite_script(&script, &mut work.scope, file.context);
    work.left.extend(whole(instruction, outcome.left.clone()));
    if outcome.edits.is_empty() {
        return;
    }
    if outcome.is_empty {
        work.touch(index);
        work.edits.push(removed(file, instruction, &outcome));
        return;
    }
    let Some(mut made) = as_array(&script, instruction, &outcome) else { return };
    work.touch(index);
    let syncs = made.new.contains("\"sync\"");
    if syncs {
        let mut edits = Vec::new();
        sync(file, index, instruction, work, &mut edits);
        work.edits.append(&mut edits);
        let project = file.context.project(&file.folder(&work.state));
        if project.is_some_and(|project| project.is_package)
            && !made.new.contains("--no-install-project")
            && no_project(&script)
        {
            made.new = made.new.replace("\"sync\"", "\"sync\", \"--no-install-project\"");
        }
    }
    work.syncs |= syncs;
    work.uses_uv |= made.new.contains("\"uv\"");
    work.uses_uv_pip |= made.new.contains("\"uv\", \"pip\"");
    mounts(file, instruction, work, true);
    work.edits.push(made);
}

fn whole(instruction: &Instruction, left: Vec<Left>) -> Vec<Left> {
    left.into_iter().map(|left| Left { span: instruction.body.clone(), ..left }).collect()
}

/// The edits of a script that was an array, as an array.
fn as_array(script: &str, instruction: &Instruction, outcome: &Outcome) -> Option<Edit> {
    let after = crate::plan::apply(script, &outcome.edits)?;
    let parsed = crate::shell::parse(&after);
    let [command] = parsed.commands.as_slice() else { return None };
    if parsed.problem.is_some() || !command.assignments.is_empty() || !command.redirections.is_empty() {
        return None;
    }
    let words: Option<Vec<String>> = command.words.iter().map(crate::shell::Word::literal).collect();
    let quoted: Option<Vec<String>> = words?.iter().map(|word| serde_json::to_string(word).ok()).collect();
    let first = outcome.edits.first()?;
    let all_safe = outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
    Some(Edit {
        span: instruction.body.clone(),
        new: format!("[{}]", quoted?.join(", ")),
        rule: first.rule,
        reason: first.reason.clone(),
        safety: if all_safe { Safety::Safe } else { Safety::NeedsReview },
        together: 0,
    })
}

/// What is started, where something was synced; else it stays.
pub(crate) fn start(file: &File<'_>, index: usize, instruction: &Instruction, work: &mut StageWork) {
    work.scope.folder = Some(file.folder(&work.state));
    let mut scope = work.scope.clone();
    let knows = work.synced().is_some();
    if knows {
        scope.environment = Environment::Active;
    }
    if instruction.exec_form(file.text).is_some() {
        let Some(words) = instruction.exec_form(file.text) else { return };
        let script = exec_script(&words);
        let outcome = rewrite_script(&script, &mut scope, file.context);
        if let Some(made) = as_array(&script, instruction, &outcome).filter(|_| knows && !outcome.is_empty) {
            started(index, work, vec![made]);
        } else if !outcome.edits.is_empty() {
            unknown(instruction, work);
        }
        return;
    }
    let mut inner = instruction.clone();
    if instruction.name == "HEALTHCHECK" {
        let Some(piece) = inner.pieces.first_mut() else { return };
        let line = file.text.get(piece.text.clone()).unwrap_or_default();
        if !line.to_ascii_uppercase().starts_with("CMD ") || line.contains('[') {
            return;
        }
        piece.text.start += 4;
    }
    let Some(script) = script(&inner, file.text, &work.state, file.context) else { return };
    let outcome = rewrite_script(script.text(), &mut scope, file.context);
    if outcome.edits.is_empty() {
        return;
    }
    if knows && !outcome.is_empty {
        started(index, work, script.edits(outcome.edits));
    } else {
        unknown(instruction, work);
    }
}

fn started(index: usize, work: &mut StageWork, edits: Vec<Edit>) {
    work.touch(index);
    work.starts = work.starts.or(Some(index));
    work.uses_uv |= edits.iter().any(|edit| edit.new.contains("uv ") || edit.new.contains("\"uv\""));
    work.edits.extend(edits);
}

/// What is started needs an environment that nothing here is known to make.
fn unknown(instruction: &Instruction, work: &mut StageWork) {
    let reason = "it is not known which environment this runs in: nothing above installs the project with uv";
    work.left.push(Left { span: instruction.span.clone(), reason: reason.to_owned(), suggestion: None });
}

/// `ONBUILD RUN`: it runs in images that are built on this one.
pub(crate) fn trigger(file: &File<'_>, instruction: &Instruction, work: &mut StageWork) {
    let mut scope = work.scope.clone();
    scope.folder = Some(file.folder(&work.state));
    let Some(script) = script(instruction, file.text, &work.state, file.context) else { return };
    if instruction.name != "RUN" {
        return;
    }
    let outcome = rewrite_script(script.text(), &mut scope, file.context);
    if outcome.edits.is_empty() && outcome.left.is_empty() {
        return;
    }
    let reason = "it runs when another image is built on this one, with the files of that one".to_owned();
    let suggestion = crate::plan::apply(script.text(), &outcome.edits).map(|after| after.trim().to_owned());
    work.left.push(Left { span: instruction.span.clone(), reason, suggestion });
}

/// Commands of Windows are not read.
fn windows(file: &File<'_>, instruction: &Instruction, work: &mut StageWork) {
    let arguments = instruction.arguments(file.text);
    if ["pip ", "pip3 ", "poetry ", "pipenv ", "pdm "].iter().any(|program| arguments.contains(program)) {
        let reason = "it does not run in a shell like that of POSIX, and is not read".to_owned();
        work.left.push(Left { span: instruction.span.clone(), reason, suggestion: None });
    }
}
