//! What an environment with its programs on the `PATH` of the image does not reach, so that a person has to look.

use super::parse::Instruction;
use super::place::Place;
use super::stage::Copied;
use super::work::{File, StageWork};
use crate::images::{ImageNotes, Line, What};

/// A person who has so many things to look at needs no more of them.
const MAX_HAZARDS: usize = 8;

/// Parts of Python itself that distributions have as packages of their own, by what follows `python3-`.
const OF_PYTHON: &[&str] =
    &["pip", "dev", "devel", "venv", "setuptools", "wheel", "distutils", "minimal", "virtualenv"];

/// Packages of distributions with programs that run the Python of the distribution, by how their names start.
const WITH_PYTHON: &[&str] =
    &["gunicorn", "libapache2-mod-wsgi", "mod_wsgi", "unit-python", "uwsgi", "apache2-mod-wsgi"];

/// Programs that install packages of a distribution.
const INSTALLERS: &[&str] = &["apt", "apt-get", "apk", "dnf", "microdnf", "yum"];

/// A thing that may not work any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Why.
    reason: String,
    counts: Counts,
}

/// Where a hazard counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// In the stage that it stands in, and those that are built on it.
    Here,
    /// In those that it is built on, or has the environment of, too.
    Linked,
    /// The same, where the project has an environment of its own.
    InEnvironment,
}

/// Takes note of what an instruction says; the official image of Python does not see packages of its distribution.
pub(super) fn read(instruction: &Instruction, text: &str, work: &mut StageWork) {
    let whole = text.get(instruction.span.clone()).unwrap_or_default();
    let words: Vec<&str> = whole
        .split(|letter: char| letter.is_whitespace() || "[],\"'()".contains(letter))
        .filter(|word| !word.is_empty() && *word != "\\")
        .collect();
    let starts = matches!(instruction.name.as_str(), "RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "SHELL");
    let brings = matches!(instruction.name.as_str(), "COPY" | "ADD" | "ENV");
    if !starts && !brings {
        return;
    }
    if let Some(word) = words.iter().find(|word| is_about_pip(word)) {
        let reason = format!("`{word}` tells pip where packages come from, and uv does not read it");
        note(work, Hazard { reason, counts: Counts::Here });
    }
    if let Some(word) = words.iter().find(|word| is_cron(word)) {
        note(work, apart(&format!("cron (`{word}`)")));
    }
    if !starts {
        return;
    }
    if let Some(what) = other_path(&words) {
        note(work, apart(&format!("`{what}`")));
    }
    if let Some(package) = package(&words).filter(|_| !work.is_python) {
        let reason = format!(
            "`{package}` is a package of the distribution, with whose Python the environment has nothing to do"
        );
        note(work, Hazard { reason, counts: Counts::InEnvironment });
    }
}

fn apart(what: &str) -> Hazard {
    let reason =
        format!("{what} does not get the PATH of the image, and may start a Python without the packages");
    Hazard { reason, counts: Counts::InEnvironment }
}

/// Takes note of what a copied file of the repository counts on.
pub(super) fn copied(file: &File<'_>, copied: &Copied, work: &mut StageWork) {
    if work.hazards.len() >= MAX_HAZARDS {
        return;
    }
    for line in &file.context.images.lines {
        let Some(target) = target(&line.path, copied) else { continue };
        let is_used = || {
            !copied.is_folder || line.is_named || target.starts_with("/etc/") || target.starts_with("/usr/")
        };
        let counts = match line.what {
            What::Pip => is_read_by_pip(&target),
            What::Cron => target.starts_with("/etc/cron") || target.starts_with("/var/spool/cron"),
            What::Local => true,
            What::System => !work.is_python,
            What::Path | What::Installs => is_used(),
            What::Starts | What::StartsPip => false,
        };
        if counts {
            note(work, said(line));
        }
    }
}

/// Takes note of a program of the repository that runs while the image is built, and names pip.
pub(super) fn run(file: &File<'_>, script: &str, work: &mut StageWork) {
    let words = script.split(|letter: char| letter.is_whitespace() || ";&|()\"'".contains(letter));
    for word in words.filter(|word| [".py", ".sh", ".bash"].iter().any(|ending| word.ends_with(ending))) {
        let copied = work.state.absolute(word).and_then(|path| work.state.in_repository(&path));
        let copied = copied.filter(|path| file.context.images.has(path));
        // What came by another way, such as a clone, is known by its name.
        let name = word.rsplit('/').next().unwrap_or(word);
        let is_it = |path: &&String| match &copied {
            Some(copied) => copied == *path,
            None => path.rsplit('/').next() == Some(name),
        };
        if let Some(path) = file.context.images.with_pip.iter().find(is_it) {
            let reason = format!(
                "`{word}` runs here, and {path} names pip, which may not be there, or be an older one"
            );
            note(work, Hazard { reason, counts: Counts::Linked });
        }
    }
}

/// Takes note of what starts images from outside.
pub(super) fn started(notes: &ImageNotes, work: &mut StageWork) {
    for line in notes.lines.iter().filter(|line| matches!(line.what, What::Starts | What::StartsPip)) {
        note(work, said(line));
    }
}

/// Takes note of volumes over packages.
pub(super) fn mounted(file: &File<'_>, work: &mut StageWork) {
    let Place::Virtual { path, is_old: false } = work.place.clone() else { return };
    let is_at_or_above = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for mount in file.context.images.mounts.get(file.path).into_iter().flatten() {
        let (target, place) = (&mount.target, format!("{}:{}", mount.path, mount.line));
        let reason = if is_at_or_above(&path, target) {
            format!("{place} mounts something over `{target}`, which hides the environment `{path}`")
        } else if target.starts_with("/usr/local/lib/python") || target.ends_with("/site-packages") {
            format!("{place} mounts something over `{target}`, and packages are in `{path}` then")
        } else {
            continue;
        };
        note(work, Hazard { reason, counts: Counts::InEnvironment });
    }
}

/// Where a file lies in the image, when it is, or is below, what was copied.
fn target(path: &str, copied: &Copied) -> Option<String> {
    let source = copied.source.trim_end_matches('/');
    if path == source {
        return Some(copied.target.clone());
    }
    let rest = if source.is_empty() { path } else { path.strip_prefix(source)?.strip_prefix('/')? };
    copied.is_folder.then(|| format!("{}/{rest}", copied.target.trim_end_matches('/')))
}

/// Whether pip reads a file of this place in an image.
fn is_read_by_pip(target: &str) -> bool {
    target == "/etc/pip.conf"
        || target == "/usr/local/pip.conf"
        || target.ends_with("/.pip/pip.conf")
        || target.ends_with("/pip/pip.conf")
}

/// What a line means to an environment.
fn said(line: &Line) -> Hazard {
    let Line { path, number, what, words, .. } = line;
    let place = format!("{path}:{number}");
    match what {
        What::Pip => {
            let reason = format!("{place} tells pip `{words}`, and uv does not read it");
            Hazard { reason, counts: Counts::Here }
        }
        What::Cron => apart(&format!("cron ({place})")),
        What::Path => apart(&format!("{place}: `{words}`")),
        What::Installs | What::StartsPip => {
            let reason = format!("{place} runs `{words}` in the image, and the environment of uv has no pip");
            Hazard { reason, counts: Counts::InEnvironment }
        }
        What::Local | What::System | What::Starts => {
            let reason = format!("{place} names `{words}`, and the packages are not in that Python any more");
            Hazard { reason, counts: Counts::InEnvironment }
        }
    }
}

/// Doubts an install by a user who may not own the environment.
pub(super) fn installs(new: &str, work: &mut StageWork) {
    let Some(user) = work.state.user.clone() else { return };
    // A sync by this user has said so.
    if work.user.as_ref() != Some(&user) && (new.contains("install") || new.contains("sync")) {
        work.doubt(format!("`{user}` installs here, and may not be allowed to write to the environment"));
    }
}

/// Makes doubts of what was noted; what a stage says holds for the stages whose environment it has, too.
pub(super) fn spread(done: &mut [StageWork]) {
    for number in (0..done.len()).rev() {
        let Some(work) = done.get_mut(number) else { return };
        let has_environment =
            (work.scope.synced.is_some() || work.has_environment) && !is_as_before(&work.place);
        for hazard in work.hazards.clone() {
            if has_environment || hazard.counts != Counts::InEnvironment {
                work.doubt(hazard.reason);
            }
        }
        let hazards: Vec<Hazard> =
            work.hazards.iter().filter(|hazard| hazard.counts != Counts::Here).cloned().collect();
        for other in work.linked.clone() {
            if let Some(other) = done.get_mut(other) {
                for hazard in &hazards {
                    note(other, hazard.clone());
                }
            }
        }
    }
}

/// Whether packages stay where they were.
fn is_as_before(place: &Place) -> bool {
    matches!(place, Place::Prefix | Place::Virtual { is_old: true, .. })
}

fn note(work: &mut StageWork, hazard: Hazard) {
    if work.hazards.len() < MAX_HAZARDS && !work.hazards.contains(&hazard) {
        work.hazards.push(hazard);
    }
}

/// The settings of pip, or the folder that they are in.
fn is_about_pip(word: &str) -> bool {
    let word = word.trim_end_matches(['/', ';']);
    word.ends_with("pip.conf")
        || word.ends_with("/.config/pip")
        || word.ends_with("/.pip")
        || word.contains("/pip.conf,")
}

fn is_cron(word: &str) -> bool {
    let word = word.trim_end_matches(';');
    let name = word.rsplit('/').next().unwrap_or_default();
    matches!(name, "cron" | "crond" | "cronie" | "crontab")
        || word.contains("/etc/cron")
        || word.contains("/var/spool/cron")
}

/// A command that sets `PATH` anew: a login shell, `su -`, `sudo`.
pub(crate) fn other_path(words: &[&str]) -> Option<String> {
    let mut at_start = true;
    for (index, word) in words.iter().enumerate() {
        let name = word.rsplit('/').next().unwrap_or_default();
        let behind = words.get(index + 1..).unwrap_or_default();
        let flags = || behind.iter().take_while(|word| word.starts_with('-') || **word == "pipefail");
        let is_login = |flag: &str| {
            flag == "-"
                || flag == "--login"
                || (flag.starts_with('-') && !flag.starts_with("--") && flag.contains('l'))
        };
        let found = match name {
            "bash" | "sh" | "ash" | "dash" | "zsh" => flags().find(|flag| is_login(flag)),
            "env" if at_start => flags().find(|flag| matches!(**flag, "-" | "-i" | "--ignore-environment")),
            "setpriv" if at_start => behind.iter().take(6).find(|flag| **flag == "--reset-env"),
            "runuser" | "su" if at_start => behind.iter().take(3).find(|flag| is_login(flag)),
            "sudo" if at_start => {
                let program = behind.iter().find(|word| !word.starts_with('-'));
                program.filter(|program| !INSTALLERS.contains(program) && !program.starts_with("pip"))
            }
            "sudoers" | "sudoers.d" => return Some("sudo".to_owned()),
            _ => None,
        };
        if let Some(found) = found {
            return Some(if name == "sudo" { name.to_owned() } else { format!("{name} {found}") });
        }
        at_start = word.ends_with([';', '|', '&'])
            || matches!(*word, "RUN" | "CMD" | "ENTRYPOINT" | "exec" | "then" | "do");
    }
    None
}

/// A package of Python from the distribution.
fn package<'w>(words: &[&'w str]) -> Option<&'w str> {
    let at = words.iter().position(|word| INSTALLERS.contains(word))?;
    let packages = words.get(at..).unwrap_or_default().iter();
    packages.map(|word| word.trim_end_matches([';', '&']).split('=').next().unwrap_or_default()).find(
        |word| {
            let name = word.strip_prefix("python3-").or_else(|| word.strip_prefix("py3-"));
            name.is_some_and(|name| !OF_PYTHON.contains(&name))
                || WITH_PYTHON.iter().any(|start| word.starts_with(start))
        },
    )
}
