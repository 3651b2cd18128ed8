//! Lines that count on a Python at a certain place, or tell pip something.

use super::ending;
use crate::context::{UvProject, distribution};
use crate::hosts::dockerfile::hazards::other_path;

/// Lines that are noted at most, in one file and in all.
const MAX_OF_FILE: usize = 3;
const MAX_LINES: usize = 200;

/// Programs that packages bring and that files name by their path.
const PROGRAMS: &[&str] = &[
    "alembic",
    "celery",
    "daphne",
    "django-admin",
    "fastapi",
    "flask",
    "gunicorn",
    "honcho",
    "hypercorn",
    "mod_wsgi-express",
    "rq",
    "streamlit",
    "supervisorctl",
    "supervisord",
    "uvicorn",
    "uwsgi",
    "waitress-serve",
];

/// Settings of pip that change what is installed.
const SETTINGS: &[&str] = &[
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "constraint",
    "trusted-host",
    "cert",
    "proxy",
    "only-binary",
    "no-binary",
    "pre",
];

/// A line of a file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The path of the file.
    pub(crate) path: String,
    /// The number of the line, from 1.
    pub(crate) number: usize,
    pub(crate) what: What,
    /// The words that matter.
    pub(crate) words: String,
    /// Whether the Dockerfile at hand names the file.
    pub(crate) is_named: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A setting of pip.
    Pip,
    /// A job of cron.
    Cron,
    /// A program or folder of the Python of the official image, by its path.
    Local,
    /// The Python of a distribution, by its path.
    System,
    /// A command that sets `PATH` anew.
    Path,
    /// A command of pip that runs when the image does.
    Installs,
    /// The same as `Local`, in a file that is in no image and starts one.
    Starts,
    /// The same as `Installs`, in a compose file.
    StartsPip,
}

/// Whether a file may have such lines, by its name.
pub(super) fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let hidden = path.starts_with(".git/") || path.starts_with(".github/") || path.contains("node_modules/");
    let known = [
        "",
        "bash",
        "cfg",
        "conf",
        "cron",
        "crontab",
        "ini",
        "py",
        "service",
        "sh",
        "supervisor",
        "yaml",
        "yml",
    ];
    !hidden && !super::is_image(path) && name != "Makefile" && known.contains(&ending(path))
        || is_starter(path)
}

/// Whether a file tells how images are started.
fn is_starter(path: &str) -> bool {
    path.ends_with("devcontainer.json")
        || matches!(ending(path), "yml" | "yaml") && !path.starts_with(".github/")
}

/// Notes the lines of a file.
pub(super) fn read(path: &str, text: &str, projects: &[UvProject], found: &mut Vec<Line>) {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_pip = matches!(name, "pip.conf" | "pip.ini");
    let is_program = std::path::Path::new(path).extension().is_some_and(|ending| ending == "py");
    let is_cron = path.split('/').any(|part| part.contains("cron"));
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        if count >= MAX_OF_FILE || found.len() >= MAX_LINES || (is_program && index > 0) {
            return;
        }
        let is_shebang = index == 0 && line.starts_with("#!");
        if line.trim_start().starts_with(['#', ';']) && !is_shebang {
            continue;
        }
        let noted = if is_pip {
            setting(line).map(|words| (What::Pip, words))
        } else if is_starter(path) {
            started(path, line, projects)
        } else {
            let of_path = || path_anew(line).map(|words| (What::Path, words));
            let of_cron = || (is_cron && runs_python(line)).then(|| (What::Cron, line.trim().to_owned()));
            let of_pip = || pip(line).map(|words| (What::Installs, words));
            by_path(line, projects)
                .or_else(|| of_path().filter(|_| !is_shebang))
                .or_else(|| of_pip().filter(|_| !is_program))
                .or_else(of_cron)
        };
        if let Some((what, words)) = noted {
            count += 1;
            found.push(Line { path: path.to_owned(), number: index + 1, what, words, is_named: false });
        }
    }
}

/// What starts an image, by the path of a program or with pip.
fn started(path: &str, line: &str, projects: &[UvProject]) -> Option<(What, String)> {
    let program = by_path(line, projects).filter(|(_, words)| words.starts_with("/usr/local/bin/"));
    let is_compose = (crate::hosts::compose::HOST.is)(path, "");
    program
        .map(|(_, words)| (What::Starts, words))
        .or_else(|| pip(line).filter(|_| is_compose).map(|words| (What::StartsPip, words)))
}

/// A command of pip that installs.
fn pip(line: &str) -> Option<String> {
    ["pip install", "pip3 install"].into_iter().find(|command| line.contains(command)).map(str::to_owned)
}

fn setting(line: &str) -> Option<String> {
    let name = line.split(['=', ':']).next()?.trim();
    SETTINGS.contains(&name).then(|| name.to_owned())
}

fn runs_python(line: &str) -> bool {
    ["python", ".py", "manage"].iter().any(|word| line.contains(word))
}

/// A path of a Python, or of a program that a package brings.
fn by_path(line: &str, projects: &[UvProject]) -> Option<(What, String)> {
    if !line.contains("/usr/") {
        return None;
    }
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "/-_.".contains(letter);
    line.split(|letter| !is_part(letter)).find_map(|word| {
        let found = if word.starts_with("/usr/local/lib/python") {
            What::Local
        } else if let Some(name) = word.strip_prefix("/usr/local/bin/") {
            is_of_python(name, projects).then_some(What::Local)?
        } else if word.strip_prefix("/usr/bin/").is_some_and(|name| name.starts_with("python")) {
            What::System
        } else {
            return None;
        };
        Some((found, word.to_owned()))
    })
}

fn is_of_python(program: &str, projects: &[UvProject]) -> bool {
    let name = distribution(program);
    let starts = |word| program.starts_with(word);
    starts("python") || starts("pip") || PROGRAMS.contains(&program) || {
        projects
            .iter()
            .any(|project| project.declared.contains_key(&name) || project.scripts.contains(program))
    }
}

/// What sets `PATH` anew, or takes the environment away.
fn path_anew(line: &str) -> Option<String> {
    let assigned = line.trim_start().trim_start_matches("export ").strip_prefix("PATH=");
    if let Some(value) = assigned
        && !["$PATH", "${PATH", "%(", "venv"].iter().any(|kept| value.contains(kept))
        && value.contains('/')
    {
        return Some(line.trim().to_owned());
    }
    if !["su", "env ", "setpriv", "bash", "sh ", "runuser"].iter().any(|word| line.contains(word)) {
        return None;
    }
    let words: Vec<&str> = line
        .split(|letter: char| letter.is_whitespace() || "[],\"'()".contains(letter))
        .filter(|word| !word.is_empty() && *word != "\\")
        .collect();
    other_path(&words)
}
