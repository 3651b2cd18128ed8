//! The program that a command runs.

use super::super::model::Program;

/// Words behind which nothing is a command of Python, or that speak of one.
const STOPS: [&str; 36] = [
    "echo", "printf", "print", "log", "copy", "add", "label", "cp", "mv", "rm", "cat", "git", "grep", "sed",
    "curl", "wget", "apt", "apt-get", "apk", "yum", "dnf", "microdnf", "brew", "choco", "which", "type",
    "uv", "uvx", "pipx", "touch", "ls", "chmod", "test", "info", "warn", "@echo",
];

/// The program that a command runs, and where its name starts.
pub(super) fn program(segment: &str) -> Option<(Program, usize)> {
    let words: Vec<(usize, &str)> = words(segment).take(64).collect();
    for (index, (at, word)) in words.iter().enumerate() {
        let rest = words.get(index..).unwrap_or_default();
        if let Some(program) = called(rest) {
            return Some((program, *at));
        }
        let lower = word.trim_start_matches(['@', '-']).to_ascii_lowercase();
        if STOPS.contains(&lower.as_str()) && !word.contains('=') {
            return None;
        }
    }
    None
}

/// The words of a command without quotes, each with its place.
fn words(segment: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_edge = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',');
    segment.split(is_edge).filter(|word| !word.is_empty()).map(move |word| {
        // A part of a text starts at the difference of the two addresses.
        (word.as_ptr() as usize - segment.as_ptr() as usize, word)
    })
}

fn called(words: &[(usize, &str)]) -> Option<Program> {
    let ((_, first), rest) = words.split_first()?;
    let name = base(first);
    let next = rest.first().map(|(_, word)| *word);
    if is_python(&name) {
        return python_runs(rest);
    }
    let program = match name.as_str() {
        "virtualenv" | "pyvenv" => Program::Virtualenv,
        "easy_install" => Program::EasyInstall,
        "poetry" => Program::Poetry,
        "pipenv" => Program::Pipenv,
        "pdm" => Program::Pdm,
        "conda" | "mamba" | "micromamba" => Program::Conda,
        "pip-compile" | "pip-sync" => return Some(Program::PipTools),
        "setup.py" => Program::SetupPy,
        _ if is_pip(&name) => Program::Pip,
        _ => return None,
    };
    let next = next?;
    let is_command = match program {
        // `virtualenv >= 20` is a requirement.
        Program::Virtualenv | Program::EasyInstall => !next.starts_with(['>', '<', '=', '~', '!', ';', ':']),
        Program::SetupPy => is_setup_command(next),
        _ => is_subcommand(program, next),
    };
    is_command.then_some(program)
}

/// `-m pip install`, `-m venv DIR`, `setup.py install`; options of Python itself may stand before.
fn python_runs(rest: &[(usize, &str)]) -> Option<Program> {
    for (index, (_, word)) in rest.iter().take(4).enumerate() {
        let after = |step: usize| rest.get(index + step).map(|(_, word)| *word);
        if *word == "-m" {
            let next = after(2);
            return match after(1)? {
                "pip" => next.filter(|next| is_subcommand(Program::Pip, next)).map(|_| Program::Pip),
                "venv" | "virtualenv" => next.map(|_| Program::Virtualenv),
                "piptools" => Some(Program::PipTools),
                "pipenv" => Some(Program::Pipenv),
                "poetry" => Some(Program::Poetry),
                "pdm" => Some(Program::Pdm),
                "easy_install" => Some(Program::EasyInstall),
                _ => None,
            };
        }
        if base(word) == "setup.py" {
            return after(1).filter(|next| is_setup_command(next)).map(|_| Program::SetupPy);
        }
        if !word.starts_with('-') {
            return None;
        }
    }
    None
}

/// The name of a program without its folder, `.exe`, and the signs of a reference.
fn base(word: &str) -> String {
    let word = word.rsplit(['/', '\\', '=']).next().unwrap_or(word);
    let lower = word.trim_matches(['_', '@', '-', '`']).to_ascii_lowercase();
    lower.strip_suffix(".exe").map(str::to_owned).unwrap_or(lower)
}

fn is_python(name: &str) -> bool {
    matches!(name, "py" | "pypy" | "pypy3")
        || (name.contains("python") && !name.contains('-') && name.rsplit('.').next() != Some("py"))
}

fn is_pip(name: &str) -> bool {
    let rest = name.strip_prefix("pip").or_else(|| name.strip_suffix("_pip").map(|_| ""));
    rest.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit() || letter == '.'))
}

fn is_setup_command(word: &str) -> bool {
    let is_option = word.starts_with("--");
    is_option
        || [
            "install",
            "develop",
            "test",
            "sdist",
            "bdist",
            "bdist_wheel",
            "bdist_egg",
            "build",
            "build_ext",
            "build_py",
            "check",
            "upload",
            "register",
            "egg_info",
            "clean",
            "nosetests",
            "build_sphinx",
            "upload_docs",
            "flake8",
            "pytest",
            "compile_catalog",
            "extract_messages",
        ]
        .contains(&word)
}

fn is_subcommand(program: Program, word: &str) -> bool {
    let words: &[&str] = match program {
        Program::Pip => &[
            "install",
            "download",
            "wheel",
            "freeze",
            "uninstall",
            "list",
            "check",
            "show",
            "config",
            "cache",
            "index",
            "inspect",
            "hash",
            "debug",
            "search",
            "sync",
            "compile",
        ],
        Program::Poetry => &[
            "install", "run", "build", "publish", "export", "add", "lock", "config", "shell", "self",
            "update", "version", "check", "env", "show", "remove", "source", "cache", "sync",
        ],
        Program::Pipenv => &[
            "install",
            "sync",
            "run",
            "lock",
            "shell",
            "update",
            "check",
            "graph",
            "uninstall",
            "requirements",
            "verify",
        ],
        Program::Pdm => &[
            "install", "sync", "run", "lock", "update", "add", "build", "publish", "export", "use", "venv",
            "config", "remove", "list",
        ],
        Program::Conda => &[
            "install", "create", "env", "activate", "update", "build", "run", "config", "init", "remove",
            "develop",
        ],
        _ => &[],
    };
    words.contains(&word) || (word.starts_with("--") && program != Program::Conda)
}
