//! What a stage needs once its commands are those of uv: uv itself, its settings, `PATH`, the files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use uvshift_diagnostics::Safety;

use super::place::{self, Place};
use super::work::{File, StageWork, edit};
use crate::engine::Environment;
use crate::model::{Edit, Left};

/// All edits of a stage, and what stays.
pub(crate) fn finish(
    file: &File<'_>,
    number: usize,
    work: &StageWork,
    done: &[StageWork],
) -> (Vec<Edit>, Vec<Left>) {
    let mut left = work.left.clone();
    left.extend(old_files(work));
    if work.edits.is_empty() && !work.copies.iter().any(|(_, copy)| changes(work, copy)) {
        return (Vec::new(), left);
    }
    left.extend(work.settings.iter().cloned());
    if let Some(obstacle) = obstacle(file, number, work) {
        left.push(obstacle);
        return (Vec::new(), left);
    }
    let mut edits = work.edits.clone();
    let first = copies(file, work, &mut edits);
    if let Some(mut bring) = bring(file, number, work, done, first) {
        // Comments right above an instruction that goes are gone, too.
        let at = bring.span.start;
        let around = edits.iter().find(|edit| edit.span.start < at && at < edit.span.end);
        bring.span = around.map_or(bring.span, |edit| edit.span.start..edit.span.start);
        edits.push(bring);
    }
    if let Some(path) = path(file, work) {
        edits.push(path);
    }
    say_once(work, &mut edits);
    if !work.doubts.is_empty() {
        for edit in &mut edits {
            edit.safety = Safety::NeedsReview;
        }
        let first = edits.iter_mut().min_by_key(|edit| (edit.span.start, edit.rule != "dockerfile-uv"));
        if let Some(first) = first {
            first.reason = format!("{}; {}", first.reason, work.doubts.join("; "));
        }
    }
    (edits, left)
}

/// Whether a `COPY` changes: something reads the files of uv here or in a stage that is built on this one, or a stage above
/// has them and was synced with them.
fn changes(work: &StageWork, copy: &super::copy::FileCopy) -> bool {
    !copy.new.is_empty() && (work.reads || work.lends || (copy.is_there && work.scope.synced.is_some()))
}

/// Files that are copied still although the migration made something else of them.
fn old_files(work: &StageWork) -> Vec<Left> {
    let copies = work.copies.iter().filter(|(_, copy)| !changes(work, copy) && !copy.old.is_empty());
    // What stays may read the old file, and nothing of uv's.
    let stays = !work.left.is_empty();
    let told = |copy: &super::copy::FileCopy| Left {
        span: copy.span.clone(),
        reason: format!(
            "`{}` is part of pyproject.toml and uv.lock now; once it goes, this fails{}",
            copy.old.join("`, `"),
            if stays { "; what stays here may read it" } else { "" }
        ),
        suggestion: (!stays).then(|| copy.new.clone()),
    };
    copies.map(|(_, copy)| told(copy)).collect()
}

/// `COPY` of what uv does not read; the first instruction that changes then.
fn copies(file: &File<'_>, work: &StageWork, edits: &mut Vec<Edit>) -> Option<usize> {
    let mut first = work.first;
    for (index, copy) in work.copies.iter().filter(|(_, copy)| changes(work, copy)) {
        if copy.is_there {
            let reason = "pyproject.toml and uv.lock are there already";
            let lines = file.parsed.instructions.get(*index).map_or(copy.span.clone(), |it| it.lines.clone());
            edits.push(edit(lines, "", "dockerfile-files", reason));
            continue;
        }
        let old = copy.old.join("`, `");
        let reason = if old.is_empty() {
            "`uv sync` reads uv.lock".to_owned()
        } else {
            format!("`uv sync` reads pyproject.toml and uv.lock, not `{old}`")
        };
        edits.push(edit(copy.span.clone(), copy.new.clone(), "dockerfile-files", reason));
        first = first.map(|first| first.min(*index));
    }
    first
}

/// How commands name the environment that `ENV` names, too.
fn said(work: &StageWork, edits: &[Edit]) -> BTreeSet<String> {
    const NAME: &str = "UV_PROJECT_ENVIRONMENT=";
    let values = edits.iter().flat_map(|edit| edit.new.split(NAME).skip(1));
    let values = values.filter_map(|rest| rest.split_once(' ')).map(|(value, _)| value);
    let is_same = |value: &&str| {
        let path =
            work.state.expand(value.trim_matches(['"', '\''])).and_then(|path| work.state.absolute(&path));
        path.as_deref() == Some(work.place.path())
    };
    values.filter(is_same).map(|value| format!("{NAME}{value} ")).collect()
}

/// What `ENV` says is not said again by each command.
fn say_once(work: &StageWork, edits: &mut [Edit]) {
    let environments = said(work, edits);
    for edit in edits.iter_mut().filter(|edit| edit.rule != "dockerfile-uv") {
        if work.syncs {
            for environment in &environments {
                edit.new = edit.new.replace(environment, "");
            }
            edit.new = edit.new.replace(" --active", "");
        } else if is_virtual(work) {
            edit.new = edit.new.replace("uv pip install --system", "uv pip install");
        }
        if !work.has_mounts && work.uses_uv {
            edit.new = edit.new.replace(" --no-cache ", " ");
            if let Some(short) = edit.new.strip_suffix(" --no-cache") {
                edit.new = short.to_owned();
            }
        }
    }
}

/// Whether pip works in an environment that the file names, although no project is synced.
fn is_virtual(work: &StageWork) -> bool {
    matches!(work.place, Place::Virtual { is_old: true, .. })
}

/// Packages are handed to other stages in a way that uv has nothing like.
fn obstacle(file: &File<'_>, number: usize, work: &StageWork) -> Option<Left> {
    if !work.syncs {
        return None;
    }
    let stage = file.stages.get(number)?;
    let from = file.parsed.instructions.get(stage.from)?;
    let image = place::image(stage, file.stages);
    if place::starts_its_own(&image) {
        return Some(Left {
            span: from.span.clone(),
            reason: format!("`{image}` starts its own Python by its path, which sees no environment apart from it"),
            suggestion: Some("uv export --locked --no-dev --no-emit-project -o requirements.txt, then uv pip install --target FOLDER-OF-THE-CODE -r requirements.txt".to_owned()),
        });
    }
    let copies = place::copies_from(file.parsed, file.text, stage, file.stages);
    let taken = copies.iter().find(|copy| {
        let copy = copy.trim_end_matches('/');
        let name = copy.rsplit('/').next().unwrap_or_default();
        copy.contains("/.local")
            || copy.contains("dist-packages")
            || (copy.contains("site-packages")
                && work.place != Place::Prefix
                && !copy.starts_with(work.place.path()))
            || matches!(name, "wheels" | "wheelhouse" | "install" | "wheel")
    })?;
    Some(Left {
        span: from.span.clone(),
        reason: format!("another stage takes packages from `{taken}`, where `uv sync` puts nothing"),
        suggestion: Some("set UV_PROJECT_ENVIRONMENT=/opt/venv here, run `uv sync`, and copy /opt/venv into the other stage, with PATH=/opt/venv/bin:$PATH".to_owned()),
    })
}

/// uv and its settings, before the first instruction that changes.
fn bring(
    file: &File<'_>,
    number: usize,
    work: &StageWork,
    done: &[StageWork],
    first: Option<usize>,
) -> Option<Edit> {
    if !work.uses_uv {
        return None;
    }
    let stage = file.stages.get(number)?;
    let base = stage.base.and_then(|base| done.get(base));
    let chain = place::chain(stage, file.stages);
    let has_brought = |stage: &&super::stage::Stage| {
        let number = file.stages.iter().position(|other| other.from == stage.from);
        number.and_then(|number| done.get(number)).is_some_and(|work| work.uses_uv)
    };
    let base = chain.iter().skip(1).copied().find(has_brought).map_or(base, |stage| {
        file.stages.iter().position(|other| other.from == stage.from).and_then(|number| done.get(number))
    });
    let above = base.is_some_and(|base| base.uses_uv);
    let instruction = file.parsed.instructions.get(first?)?;
    let mut new = String::new();
    let mut reasons = Vec::new();
    if !above && !work.state.has_uv {
        let version = &file.context.uv_version;
        if let Some(why) = barred(file, number) {
            let pip = if file.text.contains("pip3 install") { "pip3" } else { "pip" };
            let breaks =
                if file.text.contains("--break-system-packages") { " --break-system-packages" } else { "" };
            let _ = writeln!(new, "RUN {pip} install --no-cache-dir{breaks} uv=={version}");
            reasons.push(why.to_owned());
        } else {
            let _ = writeln!(new, "COPY --from=ghcr.io/astral-sh/uv:{version} /uv /uvx /bin/");
            reasons.push("uv is one static program, which needs no Python and runs on Alpine too".to_owned());
        }
    }
    let settings = settings(file, work, base);
    if !settings.is_empty() {
        let _ = writeln!(new, "ENV {}", settings.join(" \\\n    "));
        if work.syncs && !base.is_some_and(|base| base.syncs) {
            reasons.push(match &work.place {
                Place::Prefix => "packages stay in the Python of the image, because other stages or commands name them by their path there".to_owned(),
                Place::Virtual { path, is_old: true } => format!("packages stay in the environment `{path}`, which the file names"),
                Place::Virtual { path, .. } => format!("packages go to `{path}`, where neither `COPY . .` nor a volume over the code can hide them; its programs come first on PATH, so what is started stays as it is"),
            });
        }
    }
    if new.is_empty() {
        return None;
    }
    let start = instruction.lines.start;
    if file.text.get(..start).is_some_and(|before| before.ends_with("\n\n") || before.ends_with("\n\r\n")) {
        new.push('\n');
    }
    let reason = reasons.join("; ");
    Some(edit(
        start..start,
        new,
        "dockerfile-uv",
        if reason.is_empty() { "settings of uv".to_owned() } else { reason },
    ))
}

/// Why uv cannot come from its image, so that it comes from the package index.
fn barred(file: &File<'_>, number: usize) -> Option<&'static str> {
    if place::has_own_registry(file.stages) {
        return Some(
            "the images come from a registry of your own, so uv comes from the package index and not from its image",
        );
    }
    let chain = place::chain(file.stages.get(number)?, file.stages);
    let has_platform = |stage: &&super::stage::Stage| {
        file.parsed.instructions.get(stage.from).is_some_and(|from| from.flag("platform").is_some())
    };
    chain.iter().any(has_platform).then_some(
        "the stage names its platform, and `COPY --from` of an image takes that of the result, so uv comes from the package index",
    )
}

fn settings(file: &File<'_>, work: &StageWork, base: Option<&StageWork>) -> Vec<String> {
    let knows = |name: &str| work.state.variables.contains_key(name);
    let has_base = base.is_some_and(|base| base.uses_uv);
    let mut settings = Vec::new();
    let mut say = |name: &str, value: &str| {
        if !knows(name) {
            settings.push(format!("{name}={value}"));
        }
    };
    if !has_base {
        if !knows("PIP_NO_COMPILE") && !file.text.contains("--no-compile") {
            say("UV_COMPILE_BYTECODE", "1");
        }
        if work.has_mounts {
            say("UV_LINK_MODE", "copy");
        } else {
            say("UV_NO_CACHE", "1");
        }
        say("UV_PYTHON_DOWNLOADS", "0");
    }
    let is_new = !base.is_some_and(|base| base.uses_uv_pip);
    // Without a sync there is no environment that uv would find.
    let has_none = work.scope.environment == Environment::Active && work.scope.synced.is_none();
    if work.uses_uv_pip && is_new && has_none && !is_virtual(work) && !work.has_environment {
        say("UV_SYSTEM_PYTHON", "1");
    } else if work.uses_uv_pip && is_new && (is_virtual(work) || work.scope.synced.is_some()) {
        match &work.place {
            Place::Virtual { path, .. } => say("VIRTUAL_ENV", path),
            Place::Prefix => say("UV_SYSTEM_PYTHON", "1"),
        }
    }
    if work.syncs && !base.is_some_and(|base| base.syncs) {
        say("UV_PROJECT_ENVIRONMENT", work.place.path());
        if let Place::Virtual { path, .. } = &work.place {
            let on_path = work.state.variables.get("PATH").and_then(Option::as_deref);
            let bin = format!("{path}/bin");
            if !on_path.is_some_and(|value| value.starts_with(&bin)) && !names_bin(file, work, &bin) {
                settings.push(format!("PATH=\"{bin}:$PATH\""));
            }
        }
    }
    settings
}

/// Whether `PATH` of this stage names a folder, however it is written.
fn names_bin(file: &File<'_>, work: &StageWork, bin: &str) -> bool {
    file.parsed.instructions.iter().filter(|instruction| instruction.name == "ENV").any(|instruction| {
        super::stage::assignments(&instruction.arguments(file.text))
            .iter()
            .any(|(name, value)| name == "PATH" && expanded(work, value).starts_with(bin))
    })
}

/// A value with its known variables put in; `$PATH` itself never is.
fn expanded(work: &StageWork, value: &str) -> String {
    let first = value.split(':').next().unwrap_or_default();
    work.state.expand_or_keep(first)
}

/// `PATH` for a stage that has the environment of another one and starts something in it.
fn path(file: &File<'_>, work: &StageWork) -> Option<Edit> {
    if work.syncs || !work.has_environment {
        return None;
    }
    let Place::Virtual { path, .. } = &work.place else { return None };
    let bin = format!("{path}/bin");
    let instruction = file.parsed.instructions.get(work.starts?)?;
    if names_bin(file, work, &bin) {
        return None;
    }
    let start = instruction.lines.start;
    Some(edit(
        start..start,
        format!("ENV PATH=\"{bin}:$PATH\"\n"),
        "dockerfile-uv",
        "what is started is a program of the environment",
    ))
}
