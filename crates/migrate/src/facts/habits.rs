//! What the project runs already: the commands of its Makefile, tox, nox, hooks and CI, as far as they are plain words.

use uvshift_project::Tree;

use super::containers::is_workflow;
use super::is_plain;

/// Files with commands, beside the workflows of GitHub.
const FILES: &[&str] = &[
    "Makefile",
    "justfile",
    "Taskfile.yml",
    "tox.ini",
    "noxfile.py",
    "tasks.py",
    ".pre-commit-config.yaml",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    ".travis.yml",
    ".drone.yml",
    "Jenkinsfile",
];

/// What stands before a program and brings it.
const BEFORE: &[&str] = &[
    "- ",
    "run: ",
    "run = ",
    "commands = ",
    "commands=",
    "entry: ",
    "script: ",
    "@",
    "uv run ",
    "poetry run ",
    "pipenv run ",
    "pdm run ",
    "hatch run ",
    "python -m ",
    "python3 -m ",
];

/// The lines of all those files.
#[derive(Debug, Default)]
pub(super) struct Habits {
    lines: Vec<String>,
    /// Workflows of GitHub that test or lint.
    pub(super) workflows: Vec<String>,
}

pub(super) fn read(tree: &Tree) -> Habits {
    let mut habits = Habits::default();
    let workflows = tree.files().iter().map(String::as_str).filter(|file| is_workflow(file));
    for file in FILES.iter().copied().chain(workflows) {
        let Some(text) = tree.text(file) else { continue };
        let is_comment = |line: &&str| line.starts_with('#') || line.is_empty();
        let lines: Vec<String> =
            text.lines().map(str::trim).filter(|line| !is_comment(line)).map(without_session).collect();
        if is_workflow(file) && PROGRAMS.iter().any(|program| lines.iter().any(|line| names(line, program))) {
            habits.workflows.push(file.to_owned());
        }
        habits.lines.extend(lines);
    }
    habits
}

/// Programs that say that a workflow tests or lints.
const PROGRAMS: &[&str] = &[
    "pytest",
    "py.test",
    "tox",
    "nox",
    "unittest",
    "coverage run",
    "manage.py test",
    "manage test",
    "just test",
    "make ci",
    "make coverage",
    "make lint",
    "flake8",
    "ruff",
    "pylint",
    "mypy",
    "make test",
    "make check",
];

impl Habits {
    /// Whether a program is named anywhere.
    pub(super) fn mentions(&self, program: &str) -> bool {
        self.lines.iter().any(|line| names(line, program))
    }

    /// The version that the hooks of pre-commit have of a tool.
    pub(super) fn pinned(&self, tool: &str) -> Option<&str> {
        let repository = self.lines.iter().position(|line| {
            let url = line.strip_prefix("- repo:").unwrap_or_default().trim();
            let name = url.trim_end_matches(".git").rsplit('/').next().unwrap_or_default();
            [
                tool.to_owned(),
                format!("{tool}-pre-commit"),
                format!("{tool}-pre-commit-mirror"),
                format!("mirrors-{tool}"),
            ]
            .iter()
            .any(|known| known == name)
        })?;
        let revision =
            self.lines.iter().skip(repository + 1).take(3).find_map(|line| line.strip_prefix("rev:"))?;
        let version = revision.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let version = version.trim_start_matches('v');
        let is_version = |letter: char| letter.is_ascii_digit() || letter == '.';
        (!version.is_empty() && version.chars().all(is_version)).then_some(version)
    }

    /// The command that begins with these words, when all of it is plain.
    pub(super) fn command(&self, program: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut commands = self.lines.iter().filter_map(|line| plain_command(line, program));
        commands.find(|command| is_wanted(command))
    }

    /// The same, with arguments; a name alone may as well be a line of dependencies.
    pub(super) fn command_with_arguments(&self, program: &str) -> Option<String> {
        self.command(program, |command| command.len() > program.len())
    }
}

/// `session.run("flake8", "src")` of nox as `flake8 src`.
fn without_session(line: &str) -> String {
    let call = line.strip_prefix("session.run(").and_then(|rest| rest.strip_suffix(')'));
    match call {
        Some(call) => call.replace(['"', '\'', ','], ""),
        None => line.to_owned(),
    }
}

/// Whether a line names a program, and not only a longer word.
pub(super) fn names(line: &str, program: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || "_-".contains(it));
    line.match_indices(program).any(|(start, _)| {
        let before = line.get(..start).and_then(|before| before.chars().next_back());
        let after = line.get(start + program.len()..).and_then(|after| after.chars().next());
        // `ruff-pre-commit` and `ruff-format` are ruff; `my-ruff` is not.
        !is_part(before) && !after.is_some_and(|it| it.is_alphanumeric() || it == '_')
    })
}

/// What a line runs, without what brings the program, when it is this one.
fn plain_command(line: &str, program: &str) -> Option<String> {
    let mut rest = line.trim_matches(['"', '\'']);
    while let Some(shorter) = BEFORE.iter().find_map(|before| rest.strip_prefix(before)) {
        rest = shorter.trim_start().trim_matches(['"', '\'']);
    }
    let arguments = rest.strip_prefix(program)?;
    if !(arguments.is_empty() || arguments.starts_with(' ')) {
        return None;
    }
    let arguments = with_usual_arguments(arguments)?;
    // `mypy --install-types` wants pip, which environments of uv do not have.
    let words: Vec<&str> = arguments
        .split_whitespace()
        .filter(|word| {
            !matches!(*word, "--fix" | "--exit-zero" | "--diff" | "--install-types" | "--non-interactive")
                && !word.starts_with("--output-format")
        })
        .collect();
    // A leading dash is fine here: these are arguments.
    let is_safe = words.iter().all(|word| is_plain(word.trim_start_matches('-'), "/=,:"));
    is_safe.then(|| [program].into_iter().chain(words).collect::<Vec<_>>().join(" "))
}

/// tox has arguments of its caller: `{posargs:src}` is `src`.
fn with_usual_arguments(arguments: &str) -> Option<String> {
    let Some((before, rest)) = arguments.split_once("{posargs") else { return Some(arguments.to_owned()) };
    let (usual, after) = rest.split_once('}')?;
    Some(format!("{before}{}{after}", usual.trim_start_matches(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Habits {
        Habits { lines: lines.iter().map(|line| without_session(line)).collect(), workflows: Vec::new() }
    }

    #[test]
    fn commands_are_found_as_they_are_run() {
        let any = |_: &str| true;
        for (line, program, command) in [
            ("flake8 src tests", "flake8", Some("flake8 src tests")),
            ("- run: poetry run ruff check --fix src", "ruff check", Some("ruff check src")),
            ("commands = python -m mypy {posargs:src}", "mypy", Some("mypy src")),
            ("session.run(\"black\", \"--check\", \"src\")", "black", Some("black --check src")),
            (
                "- run: uv run flake8 . --count --select=E9,F63",
                "flake8",
                Some("flake8 . --count --select=E9,F63"),
            ),
            ("python -m mypy -p shop --install-types --non-interactive", "mypy", Some("mypy -p shop")),
            ("flake8 $(SOURCES)", "flake8", None),
            ("flake8 src && rm -rf /", "flake8", None),
            ("flake8-html src", "flake8", None),
        ] {
            assert_eq!(of(&[line]).command(program, any).as_deref(), command, "{line}");
        }
    }

    #[test]
    fn versions_are_those_of_the_hooks() {
        let habits = of(&[
            "- repo: https://git.example/ruff-pre-commit",
            "rev: v0.15.2  # of now",
            "- repo: https://git.example/psf/black",
            "rev: 'main'",
        ]);
        assert_eq!(habits.pinned("ruff"), Some("0.15.2"));
        assert_eq!(habits.pinned("black"), None);
        assert_eq!(habits.pinned("flake8"), None);
    }

    #[test]
    fn a_program_is_named_or_not() {
        assert!(of(&["- id: ruff-format"]).mentions("ruff-format"));
        assert!(of(&["rev: https://example/ruff-pre-commit"]).mentions("ruff"));
        assert!(!of(&["blackbox", "my-black", "my_black"]).mentions("black"));
    }
}
