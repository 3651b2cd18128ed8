//! `RUN` through the engine, and what is started: `CMD`, `ENTRYPOINT`, `HEALTHCHECK`.

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use super::hazards;
use super::parse::Instruction;
use super::script::{exec_script, script};
use super::sync::{no_project, sync};
use super::work::{File, StageWork, edit};
use crate::codes;
use crate::engine::{Environment, Outcome, rewrite_script};
use crate::model::{Edit, Left};

/// Caches of other tools that a mount can keep.
const CACHES: &[&str] = &["cache/pip", "cache/pypoetry", "cache/pdm", "cache/pipenv"];

/// A `RUN`.
pub(crate) fn run(file: &File<'_>, index: usize, instruction: &Instruction, work: &mut StageWork) {
    hazards::run(file, &instruction.arguments(file.text), work);
    let folder = file.folder(work);
    work.scope.folder = Some(folder.clone());
    if instruction.exec_form(file.text).is_some() {
        array(file, index, instruction, work);
        return;
    }
    let Some(script) = script(instruction, file.text, &work.state, &folder, file.context) else {
        windows(file, instruction, work);
        return;
    };
    let synced_before = work.scope.synced.is_some();
    let outcome = asked(file, script.text(), work);
    if let Some(problem) = &outcome.problem {
        let at = script.span(&(problem.at..problem.at)).start;
        let message = format!("this script cannot be read: {}", problem.message);
        work.diagnostics.push(Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at)));
        return;
    }
    work.exports |= script.text().contains("uv export");
    work.left.extend(script.left(outcome.left.clone()));
    stays(work, script.text(), &outcome);
    if outcome.edits.is_empty() {
        return;
    }
    if outcome.is_empty {
        work.touch(index);
        work.edits.push(removed(file, instruction, &outcome));
        return;
    }
    let new: String = outcome.edits.iter().map(|edit| edit.new.as_str()).collect();
    let uses_uv = outcome.edits.iter().any(|edit| says_uv(&edit.new));
    let syncs = new.contains("uv sync");
    let reads = ["uv sync", "uv export", "uv build", "uv version", "uv lock", "uv run"]
        .iter()
        .any(|command| new.contains(command));
    let beside = new.contains("uv pip install") && !new.contains("uv export");
    if beside && work.scope.environment == Environment::Active && !syncs && !synced_before {
        work.doubt("packages are installed before the project is, and `uv sync` would remove them: declare them in pyproject.toml");
    }
    if new.contains("--system") && !work.is_python && !work.syncs {
        work.doubt("it goes into the Python of an image that is not Python's own, which may be older than uv takes, or be kept by the distribution");
    }
    work.touch(index);
    let mut edits = script.edits(outcome.edits);
    if reads {
        sync(file, index, instruction, work, &mut edits);
    }
    work.syncs |= syncs;
    work.reads |= reads;
    hazards::installs(&new, work);
    work.uses_uv |= uses_uv;
    work.uses_uv_pip |= new.contains("uv pip");
    if mounts(file, instruction, work, uses_uv) {
        edits.iter_mut().for_each(cached);
    }
    work.edits.extend(edits);
}

/// The start of the comments right above an instruction, when they are about nothing else: what follows is an empty line.
fn with_comments(text: &str, lines: &std::ops::Range<usize>) -> usize {
    let after = text.get(lines.end..).unwrap_or_default();
    let ends = after.is_empty() || after.starts_with('\n') || after.starts_with("\r\n");
    let mut start = lines.start;
    loop {
        let above = text.get(..start).unwrap_or_default();
        let Some(without_end) = above.strip_suffix('\n') else { break };
        let line = without_end.rfind('\n').map_or(0, |at| at + 1);
        let content = above.get(line..).unwrap_or_default().trim();
        if !ends || line == 0 || !content.starts_with('#') {
            break;
        }
        start = line;
    }
    start
}

/// What the engine says. A command that installs uv stays: nothing else may bring it.
fn asked(file: &File<'_>, script: &str, work: &mut StageWork) -> Outcome {
    let is_uv = |said: &str| {
        let name = said.trim_matches(['"', '\'']);
        name == "uv"
            || name
                .strip_prefix("uv")
                .is_some_and(|rest| rest.starts_with(['=', '<', '>', '~', '!', '[', '$']))
    };
    let installs_uv =
        (script.contains("install") && script.split_whitespace().any(is_uv) && script.contains("pip"))
            || script.contains("astral.sh/uv");
    work.scope.host_brings_uv = !installs_uv;
    let context = file.context(work);
    let outcome = rewrite_script(script, &mut work.scope, context);
    work.scope.host_brings_uv = true;
    work.state.has_uv |= installs_uv;
    outcome
}

/// What stays needs its own installer, and would work on another environment.
fn stays(work: &mut StageWork, script: &str, outcome: &Outcome) {
    let needs = ["install", "poetry", "pipenv", "pdm", "hatch"];
    for left in &outcome.left {
        let text = script.get(left.span.clone()).unwrap_or_default();
        if needs.iter().any(|word| text.contains(word)) {
            let first = text.lines().next().unwrap_or_default().trim_end_matches('\\').trim();
            work.doubt(format!("`{first}` stays, and needs what it was installed with"));
        }
    }
}

/// The whole instruction goes.
fn removed(file: &File<'_>, instruction: &Instruction, outcome: &Outcome) -> Edit {
    let mut span = instruction.lines.clone();
    span.start = with_comments(file.text, &span);
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

/// A cache that is mounted is used.
fn cached(edit: &mut Edit) {
    edit.new = edit.new.replace(" --no-cache ", " ");
    if let Some(short) = edit.new.strip_suffix(" --no-cache") {
        edit.new = short.to_owned();
    }
}

/// Cache mounts: those of pip become those of uv, and where the file has `BuildKit`'s syntax uv gets one.
/// Whether there is one then.
fn mounts(file: &File<'_>, instruction: &Instruction, work: &mut StageWork, installs: bool) -> bool {
    let said_no = instruction.arguments(file.text).contains(" --no-cache ");
    let mut has_cache = false;
    for flag in
        instruction.flags.iter().filter(|flag| flag.name == "mount" && flag.value.contains("type=cache"))
    {
        let value = format!("{},", flag.value.replace('"', ""));
        if value.contains("cache/uv") || value.contains(".cache,") {
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
        return true;
    }
    if !installs || said_no || work.state.user.is_some() || !file.has_buildkit {
        return false;
    }
    let at = instruction.flags.first().map_or(instruction.body.start, |flag| flag.span.start);
    let is_document = !instruction.heredocs.is_empty();
    let space = if is_document { " " } else { " \\\n    " };
    let new = format!("--mount=type=cache,target=/root/.cache/uv{space}");
    work.edits.push(edit(
        at..at,
        new,
        "dockerfile-cache",
        "downloads are kept between builds and not in the image",
    ));
    work.has_mounts = true;
    true
}

/// A `RUN` in the form of an array.
fn array(file: &File<'_>, index: usize, instruction: &Instruction, work: &mut StageWork) {
    let Some(words) = instruction.exec_form(file.text) else { return };
    let script = exec_script(&words);
    let outcome = asked(file, &script, work);
    work.left.extend(whole(instruction, outcome.left.clone()));
    stays(work, &script, &outcome);
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
        let project = file.context.project(&file.folder(work));
        if project.is_some_and(|project| project.is_package)
            && !made.new.contains("--no-install-project")
            && !work.has_project
            && no_project(&script)
        {
            made.new = made.new.replace("\"sync\"", "\"sync\", \"--no-install-project\"");
        }
        work.has_project |= !made.new.contains("--no-install-project");
        work.scope.without_project = !work.has_project;
    }
    work.syncs |= syncs;
    work.reads |= syncs;
    hazards::installs(&made.new, work);
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
    let folder = file.folder(work);
    work.scope.folder = Some(folder.clone());
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
    let Some(script) = script(&inner, file.text, &work.state, &folder, file.context) else { return };
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

/// Whether uv runs: the text of an edit may end with its name, as that of `poetry build` does.
fn says_uv(new: &str) -> bool {
    new.contains("uv ") || new.contains("\"uv\"") || new.split_whitespace().any(|word| word == "uv")
}

fn started(index: usize, work: &mut StageWork, edits: Vec<Edit>) {
    work.touch(index);
    work.starts = work.starts.or(Some(index));
    work.uses_uv |= edits.iter().any(|edit| says_uv(&edit.new));
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
    let folder = file.folder(work);
    scope.folder = Some(folder.clone());
    let Some(script) = script(instruction, file.text, &work.state, &folder, file.context) else { return };
    if instruction.name != "RUN" {
        return;
    }
    let outcome = rewrite_script(script.text(), &mut scope, file.context);
    if outcome.edits.is_empty() && outcome.left.is_empty() {
        return;
    }
    work.doubt(
        "images that are built on this one install with pip (`ONBUILD`), and the environment of uv has none",
    );
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
