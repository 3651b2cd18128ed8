//! Lines of CI, containers and scripts that call pip or something like it.
//!
//! Nothing is run and no shell is taken apart as a whole: a line is cut where commands end, and a command counts by the
//! word that it starts with or that stands behind `sudo`, `sh -c` and the like, together with what follows it.

use uvshift_project::redacted;

use super::model::{Call, Program};
use super::places::Syntax;

/// Longer commands are cut when they are shown, in characters.
const LONGEST: usize = 160;
/// So much of a line is looked at, in bytes.
const LOOKED_AT: usize = 8192;
/// A file with more calls than this is no script of a person.
const MOST: usize = 500;

/// Every call of a text, in its order.
pub(super) fn calls(text: &str, syntax: Syntax) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let is_uv_nox = syntax == Syntax::Nox
        && lines.iter().any(|line| line.contains("venv_backend") && line.contains("\"uv"));
    for (index, line) in lines.iter().enumerate() {
        if found.len() >= MOST {
            break;
        }
        let line = cut(line, LOOKED_AT);
        if !may_call(line) {
            continue;
        }
        if let Some(program) = action(line).filter(|_| syntax == Syntax::Yaml) {
            let command = shown(line.trim().trim_start_matches("- "), &[]);
            found.push(Call { line: index + 1, program, command });
            continue;
        }
        let Some(body) = body(line, syntax) else { continue };
        if syntax == Syntax::Nox && body.contains("session.install(") {
            if !is_uv_nox {
                found.push(Call { line: index + 1, program: Program::Pip, command: shown(body, &[]) });
            }
            continue;
        }
        let rest = lines.get(index + 1..).unwrap_or_default();
        found.extend(calls_of_line(body, syntax).into_iter().map(|(program, command)| Call {
            line: index + 1,
            program,
            command: shown(&command, rest),
        }));
    }
    found
}

/// To take a line apart costs more than to see that no program is named in it.
fn may_call(line: &str) -> bool {
    const NAMES: [&str; 12] = [
        "pip",
        "PIP",
        "venv",
        "virtualenv",
        "setup.py",
        "easy_install",
        "poetry",
        "Poetry",
        "pdm",
        "conda",
        "mamba",
        "session.install",
    ];
    NAMES.iter().any(|name| line.contains(name))
}

/// What an action of GitHub installs: `uses: snok/install-poetry@v1`.
fn action(line: &str) -> Option<Program> {
    let value = line.trim().trim_start_matches("- ").strip_prefix("uses:")?.to_ascii_lowercase();
    let known = [
        ("install-poetry", Program::Poetry),
        ("actions-poetry", Program::Poetry),
        ("setup-poetry", Program::Poetry),
        ("setup-pdm", Program::Pdm),
        ("install-pipenv", Program::Pipenv),
        ("setup-miniconda", Program::Conda),
        ("setup-micromamba", Program::Conda),
        ("provision-with-micromamba", Program::Conda),
    ];
    known.iter().find(|(name, _)| value.contains(name)).map(|(_, program)| *program)
}

/// Keys of YAML whose values are no commands.
const WORDS: [&str; 16] = [
    "name",
    "displayname",
    "description",
    "title",
    "label",
    "key",
    "if",
    "path",
    "uses",
    "image",
    "id",
    "group",
    "restore-keys",
    "cache",
    "summary",
    "when",
];

/// The part of a line that may hold commands; none for comments and for keys whose values are words for people.
fn body(line: &str, syntax: Syntax) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") || line.starts_with("REM ") {
        return None;
    }
    let line = without_comment(line);
    if syntax != Syntax::Yaml {
        return Some(line);
    }
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start();
    }
    let Some((key, value)) = rest.split_once(':').filter(|(key, value)| {
        !key.contains(char::is_whitespace) && (value.is_empty() || value.starts_with([' ', '"']))
    }) else {
        return Some(rest);
    };
    let key = key.trim_matches(['"', '\'']).to_ascii_lowercase();
    (!WORDS.contains(&key.as_str())).then(|| value.trim())
}

/// The line up to a `#` that stands after a space and outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (character, quote) {
            ('#', None) if before.is_whitespace() => return line.get(..at).unwrap_or_default().trim_end(),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => {}
        }
        before = character;
    }
    line
}

/// The programs that a line calls, each with its command.
fn calls_of_line(line: &str, syntax: Syntax) -> Vec<(Program, String)> {
    let line = without_list(line, syntax);
    let plain = without_references(&line);
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(&plain) {
        let segment = plain.get(start..end).unwrap_or_default();
        if let Some((program, at)) = program(segment) {
            let command = line.get(start + at..).unwrap_or_default();
            found.push((program, up_to_end(command).to_owned()));
        }
        start = end + 1;
    }
    found
}

/// The same line with lists as plain words: `["pip", "install"]` of an image and `session.run("pip", "install")` are one
/// command each, `['pip install a', 'make']` of YAML is several.
fn without_list(line: &str, syntax: Syntax) -> String {
    match syntax {
        Syntax::Docker if line.contains("[\"") => line.replace(['"', ',', '[', ']'], " "),
        Syntax::Nox => line.replace(['"', '\'', ',', '(', ')'], " "),
        Syntax::Yaml if line.contains("[\"") || line.contains("['") => {
            line.replace("\",", " ;").replace("',", " ;").replace(['"', '\'', '[', ']'], " ")
        }
        _ => line.to_owned(),
    }
}

/// Where commands end: at separators of the shell, whether quoted or not, as `sh -c` quotes whole commands.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let separates = |character: char| matches!(character, ';' | '&' | '|' | '`' | '(' | ')');
    let inner = text.char_indices().filter(move |(_, found)| separates(*found)).map(|(at, _)| at);
    inner.chain(std::iter::once(text.len()))
}

/// A command up to a separator outside of quotes.
fn up_to_end(text: &str) -> &str {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            (';' | '&' | '|' | '`', None) => return text.get(..at).unwrap_or_default(),
            _ => {}
        }
    }
    text
}

/// The same text with the signs of `$(NAME)`, `${NAME}`, `$NAME`, `{NAME}` and `{{ NAME }}` as `_`, so that a reference is
/// one word; every byte stays where it is.
fn without_references(line: &str) -> String {
    let mut bytes = line.as_bytes().to_vec();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-:".contains(&byte);
    let mut at = 0;
    while at < bytes.len() {
        let opening = match bytes.get(at..).unwrap_or_default() {
            [b'$', b'{', b'{', ..] => Some(3),
            [b'$', b'(' | b'{', ..] | [b'{', b'{', ..] => Some(2),
            [b'{', ..] => Some(1),
            _ => None,
        };
        let Some(length) = opening else {
            at += 1;
            continue;
        };
        let inner = bytes.get(at + length..).unwrap_or_default();
        let name = inner.iter().take(64).take_while(|byte| is_name(**byte) || **byte == b' ').count();
        let closing = inner.get(name..).unwrap_or_default();
        let closed = closing.iter().take_while(|byte| **byte == b'}' || **byte == b')').count();
        let has_inner_space = inner.get(..name).is_some_and(|name| name.trim_ascii().contains(&b' '));
        if closed == 0 || has_inner_space || name == 0 {
            at += length;
            continue;
        }
        let end = at + length + name + closed.min(2);
        for byte in bytes.get_mut(at..end).unwrap_or_default() {
            if !byte.is_ascii_alphanumeric() && *byte != b'.' {
                *byte = b'_';
            }
        }
        at = end;
    }
    // Only ASCII signs were replaced by an ASCII sign.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Words behind which nothing is a command of Python, or that speak of one.
const STOPS: [&str; 36] = [
    "echo", "printf", "print", "log", "copy", "add", "label", "cp", "mv", "rm", "cat", "git", "grep", "sed",
    "curl", "wget", "apt", "apt-get", "apk", "yum", "dnf", "microdnf", "brew", "choco", "which", "type",
    "uv", "uvx", "pipx", "touch", "ls", "chmod", "test", "info", "warn", "@echo",
];

/// The program that a command runs, and where its name starts.
fn program(segment: &str) -> Option<(Program, usize)> {
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

/// A command as reports show it: one line, not too long, without what is secret.
fn shown(command: &str, rest: &[&str]) -> String {
    let mut text = command.trim().trim_start_matches(['@', '-']).to_owned();
    for line in rest {
        if !text.ends_with('\\') || text.len() > LONGEST {
            break;
        }
        text.truncate(text.trim_end_matches(['\\', ' ']).len());
        text.push(' ');
        // The next command may start on the next line.
        text.push_str(up_to_end(cut(line.trim(), LOOKED_AT)));
    }
    // Credentials are covered before the text is cut, or half of a URL would not look like one.
    let text = without_passwords(&redacted(&text));
    let mut text = text.trim_end_matches(['\\', ' ']);
    // What `sh -c "..."` and `$(...)` close was opened before the command.
    for (open, close) in [('"', '"'), ('\'', '\''), ('(', ')')] {
        let is_open = if open == close {
            text.matches(open).count() % 2 == 1
        } else {
            text.matches(close).count() > text.matches(open).count()
        };
        if is_open {
            text = text.strip_suffix(close).unwrap_or(text).trim_end();
        }
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The words of a command with one space between them, and `****` for the values of options and settings that are
/// passwords, unless they are variables.
fn without_passwords(command: &str) -> String {
    const OPTIONS: [&str; 5] = ["--password", "--token", "--api-key", "-p", "-P"];
    let words: Vec<&str> = command.split_whitespace().collect();
    // `-p` is a password where something is published, and a folder or a version elsewhere.
    let publishes = words.iter().any(|word| matches!(*word, "publish" | "upload"));
    let (mut out, mut covers, mut covers_all) = (Vec::new(), false, false);
    for word in words {
        let is_variable = word.trim_matches(['"', '\'']).starts_with(['$', '%', '{']);
        let shown = match word.split_once('=') {
            Some((name, value)) if OPTIONS.contains(&name) && !value.trim_matches('"').starts_with('$') => {
                format!("{name}=****")
            }
            _ if (covers || covers_all) && !is_variable && !word.starts_with("--") => "****".to_owned(),
            _ => word.to_owned(),
        };
        covers = OPTIONS.contains(&word) && (publishes || word.starts_with("--"));
        // `poetry config http-basic.NAME USER PASSWORD`
        covers_all |=
            ["http-basic.", "pypi-token.", "pypi.password"].iter().any(|start| word.starts_with(start));
        out.push(shown);
    }
    out.join(" ")
}

/// The start of a text, at most so many bytes.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
