//! What an environment with its programs on the `PATH` of the image does not reach, so that a person has to look.

use super::parse::Instruction;
use super::place::Place;
use super::work::StageWork;

/// A person who has so many things to look at needs no more of them.
const MAX_HAZARDS: usize = 8;

/// Parts of Python itself that distributions have as packages of their own, by what follows `python3-`.
const OF_PYTHON: &[&str] =
    &["pip", "dev", "devel", "venv", "setuptools", "wheel", "distutils", "minimal", "virtualenv"];

/// Programs that install packages of a distribution.
const INSTALLERS: &[&str] = &["apt", "apt-get", "apk", "dnf", "microdnf", "yum"];

/// A thing that may not work any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Why.
    reason: String,
    /// Whether it counts only where the project has an environment of its own.
    needs_environment: bool,
}

/// Takes note of what an instruction says.
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
        note(work, Hazard { reason, needs_environment: false });
    }
    let apart = |what: &str| {
        let reason =
            format!("{what} does not get the PATH of the image, and may start a Python without the packages");
        Hazard { reason, needs_environment: true }
    };
    if let Some(word) = words.iter().find(|word| is_cron(word)) {
        note(work, apart(&format!("cron (`{word}`)")));
    }
    if !starts {
        return;
    }
    if let Some(what) = other_path(&words) {
        note(work, apart(&format!("`{what}`")));
    }
    if let Some(package) = package(&words) {
        let reason =
            format!("`{package}` is a package of the distribution, which the environment does not see");
        note(work, Hazard { reason, needs_environment: true });
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
            (work.scope.synced.is_some() || work.has_environment) && work.place != Place::Prefix;
        for hazard in work.hazards.clone() {
            if has_environment || !hazard.needs_environment {
                work.doubt(hazard.reason);
            }
        }
        let hazards: Vec<Hazard> =
            work.hazards.iter().filter(|hazard| hazard.needs_environment).cloned().collect();
        for other in work.linked.clone() {
            if let Some(other) = done.get_mut(other) {
                for hazard in &hazards {
                    note(other, hazard.clone());
                }
            }
        }
    }
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
fn other_path(words: &[&str]) -> Option<String> {
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
            "su" if at_start => behind.iter().take(3).find(|flag| is_login(flag)),
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
        },
    )
}
