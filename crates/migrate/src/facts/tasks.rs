//! The commands of the everyday, with what brings their programs.

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_scaffold::{Entry, Task, Tasks, Tool, command_line};

use super::declared::{Bringer, Declared};
use super::entry::manage;
use super::habits::Habits;
use super::layout::{Found, is_test};

/// Tools that do not import the code that they look at.
const ALONE: &[&str] = &["black", "flake8", "ruff"];

/// What the tasks of a project depend on.
struct Given<'a> {
    tree: &'a Tree,
    document: &'a PyProject,
    declared: &'a Declared,
    layout: &'a Found,
    tools: &'a [Tool],
    habits: &'a Habits,
}

pub(super) fn all(
    tree: &Tree,
    document: &PyProject,
    declared: &Declared,
    layout: &Found,
    (tools, habits): (&[Tool], &Habits),
    entry: &Entry,
) -> Tasks {
    let given = Given { tree, document, declared, layout, tools, habits };
    Tasks {
        test: given.test(),
        coverage: given.coverage(),
        lint: given.lint(),
        format: given.format(),
        format_check: given.format_check(),
        type_check: given.type_check(),
        benchmark: given.benchmark(),
        documents: given.documents(),
        run: given.run(entry),
    }
}

impl Given<'_> {
    fn has(&self, tool: &str) -> bool {
        self.tools.iter().any(|known| known.name == tool)
    }

    /// The task of a command whose program a distribution brings.
    fn task(&self, package: &str, bare: impl Into<String>) -> Task {
        let bare = bare.into();
        let program = bare.split(' ').next().unwrap_or_default().to_owned();
        let bringer = self.declared.bringer(package);
        let (command, group) = match bringer {
            Some(Bringer::Default) => (format!("uv run {bare}"), String::new()),
            Some(Bringer::Group(group)) => (format!("uv run --group {group} {bare}"), group),
            Some(Bringer::Extra(extra)) => (format!("uv run --extra {extra} {bare}"), String::new()),
            // Another package brings it.
            None if self.declared.has(package) => (format!("uv run {bare}"), String::new()),
            // It is configured and nothing declares it: it runs in an environment of its own, at the version that hooks have. What
            // imports the project needs that of the project.
            None => {
                let command = match self.habits.pinned(package) {
                    _ if !ALONE.contains(&package) => format!("uv run --with {package} {bare}"),
                    Some(version) => {
                        format!("uvx {}", bare.replacen(package, &format!("{package}@{version}"), 1))
                    }
                    None => format!("uvx {bare}"),
                };
                let bare = command.clone();
                return Task { command, bare, group: String::new(), program, is_established: true };
            }
        };
        Task { command, bare, group, program, is_established: true }
    }

    fn test(&self) -> Option<Task> {
        // Without a test pytest fails.
        let has_tests = self.tree.files().iter().any(|file| is_test(file));
        if self.declared.has("pytest") && has_tests {
            return Some(self.task("pytest", "pytest"));
        }
        if let Some(script) = manage(self.tree).filter(|_| self.declared.has("django")) {
            return Some(self.task("django", format!("python {script} test")));
        }
        let folder = Some(self.layout.tests_folder.as_str()).filter(|folder| !folder.is_empty())?;
        let uses_pytest = self.has("pytest")
            || self.tree.has(&format!("{folder}/conftest.py"))
            || self.imports_pytest(folder);
        let unittest = || self.habits.command("unittest", |_| true).map(|said| format!("python -m {said}"));
        let bare = if uses_pytest {
            "pytest".to_owned()
        } else {
            unittest().unwrap_or_else(|| format!("python -m unittest discover -s {folder}"))
        };
        let command =
            if uses_pytest { format!("uv run --with pytest {bare}") } else { format!("uv run {bare}") };
        let program = if uses_pytest { "pytest" } else { "python" };
        let program = program.to_owned();
        Some(Task { command, bare, group: String::new(), program, is_established: true })
    }

    fn imports_pytest(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let mut files = self.tree.files().iter().filter(|file| file.starts_with(&inside)).take(200);
        files.any(|file| self.tree.text(file).is_some_and(|text| text.contains("import pytest")))
    }

    /// What of the code is measured.
    fn measured(&self) -> String {
        let folders = &self.layout.source_folders;
        let has_source = self.document.get(&["tool", "coverage", "run", "source"]).is_some()
            || self.document.get(&["tool", "coverage", "run", "source_pkgs"]).is_some();
        if has_source || folders.is_empty() {
            return " --cov".to_owned();
        }
        format!(" --cov={}", folders.join(" --cov="))
    }

    fn coverage(&self) -> Option<Task> {
        let test = self.test()?;
        if test.program == "pytest" && self.declared.has("pytest-cov") {
            return Some(self.task("pytest-cov", format!("pytest{}", self.measured())));
        }
        if !self.declared.has("coverage") {
            return None;
        }
        let what = test.bare.strip_prefix("python ").unwrap_or("-m pytest");
        Some(self.task("coverage", format!("coverage run {what}")))
    }

    /// Whether the project is held to a tool: it has settings for it, or runs it already.
    fn is_established(&self, tool: &str) -> bool {
        self.tools.iter().any(|known| known.name == tool && known.is_configured) || self.habits.mentions(tool)
    }

    /// The tool of these that the project is held to, else one that it declares.
    fn tool(&self, tools: &[&'static str]) -> Option<&'static str> {
        let mut there = tools.iter().copied().filter(|tool| self.has(tool));
        there.clone().find(|tool| self.is_established(tool)).or_else(|| there.next())
    }

    /// A task with the arguments with which the project runs it already, else with these.
    fn check(&self, tool: &str, program: &str, arguments: &str) -> Task {
        let mut bare =
            self.habits.command_with_arguments(program).unwrap_or_else(|| format!("{program}{arguments}"));
        let fixes =
            self.document.get(&["tool", "ruff", "fix"]).and_then(toml_edit::Item::as_bool) == Some(true);
        if tool == "ruff" && fixes && !bare.contains("--no-fix") {
            // What it mends by itself would be mended in CI, and nobody would know.
            bare = bare.replacen("ruff check", "ruff check --no-fix", 1);
        }
        Task { is_established: self.is_established(tool), ..self.task(tool, bare) }
    }

    fn lint(&self) -> Option<Task> {
        let folders = self.folders();
        match self.tool(&["ruff", "flake8", "pylint"])? {
            "ruff" => Some(self.check("ruff", "ruff check", " .")),
            "flake8" => Some(self.check("flake8", "flake8", " .")),
            _ if folders.is_empty() => None,
            _ => Some(self.check("pylint", "pylint", &format!(" {folders}"))),
        }
    }

    fn format(&self) -> Option<Task> {
        self.formatting(false)
    }

    fn format_check(&self) -> Option<Task> {
        self.formatting(true)
    }

    fn formatting(&self, only_check: bool) -> Option<Task> {
        let tool = self.formatter()?;
        let program = if tool == "black" { "black" } else { "ruff format" };
        let said = self.habits.command_with_arguments(program).unwrap_or_else(|| format!("{program} ."));
        let words = said.split(' ').filter(|word| !matches!(*word, "--check" | "-q" | "--quiet"));
        let folders = words.skip(program.split(' ').count()).collect::<Vec<_>>().join(" ");
        let check = if only_check { " --check" } else { "" };
        let task = self.task(tool, format!("{program}{check} {folders}"));
        // Who lints with ruff need not format with it.
        let is_established = match tool {
            "black" => self.is_established("black"),
            _ => {
                self.document.get(&["tool", "ruff", "format"]).is_some()
                    || ["ruff format", "ruff-format"].iter().any(|said| self.habits.mentions(said))
            }
        };
        Some(Task { is_established, ..task })
    }

    fn formatter(&self) -> Option<&'static str> {
        let by_ruff = self.document.get(&["tool", "ruff", "format"]).is_some();
        match (self.has("black"), self.has("ruff")) {
            (true, false) => Some("black"),
            (true, true) if !by_ruff => Some("black"),
            (_, true) => Some("ruff"),
            (false, false) => None,
        }
    }

    fn type_check(&self) -> Option<Task> {
        match self.tool(&["mypy", "basedpyright", "pyright", "ty"])? {
            "mypy" => Some(self.check("mypy", "mypy", &self.checked_by_mypy())),
            "ty" => Some(self.check("ty", "ty check", "")),
            tool => Some(self.check(tool, tool, "")),
        }
    }

    /// What mypy is told to look at, where its settings do not say.
    fn checked_by_mypy(&self) -> String {
        let told = ["files", "packages", "modules"]
            .iter()
            .any(|key| self.document.get(&["tool", "mypy", key]).is_some());
        let says = |file: &&str| {
            let text = self.tree.text(file);
            text.is_some_and(|text| text.lines().any(|line| line.starts_with("files")))
        };
        let folders = self.folders();
        match folders.as_str() {
            _ if told || ["mypy.ini", ".mypy.ini"].iter().any(says) => String::new(),
            "" => " .".to_owned(),
            folders => format!(" {folders}"),
        }
    }

    fn benchmark(&self) -> Option<Task> {
        if self.has("pytest-benchmark") {
            return Some(self.task("pytest-benchmark", "pytest --benchmark-only"));
        }
        (self.has("asv")).then(|| self.task("asv", "asv run"))
    }

    fn documents(&self) -> Option<Task> {
        if self.has("mkdocs") {
            return Some(self.task("mkdocs", "mkdocs build --strict"));
        }
        let sources = ["docs", "docs/source", "doc"].into_iter();
        let source = sources.into_iter().find(|folder| self.tree.has(&format!("{folder}/conf.py")))?;
        let out = source.split('/').next().unwrap_or(source);
        self.has("sphinx").then(|| self.task("sphinx", format!("sphinx-build {source} {out}/_build/html")))
    }

    fn folders(&self) -> String {
        self.layout.source_folders.join(" ")
    }

    /// How a developer starts it: on this machine only, and anew after each change where the server can.
    fn run(&self, entry: &Entry) -> Option<Task> {
        let command = if entry.development.is_empty() { &entry.command } else { &entry.development };
        let mut words: Vec<String> =
            command.iter().map(|word| word.replace("0.0.0.0", "127.0.0.1")).collect();
        let program = words.first()?.clone();
        if entry.framework == "django" {
            words.retain(|word| !word.starts_with("127.0.0.1"));
        }
        if program == "flask" {
            let host = words.iter().position(|word| word == "--host");
            host.map(|host| words.drain(host..(host + 2).min(words.len())));
        }
        let bare = command_line(&words);
        let package = if program == "python" { entry.framework.as_str() } else { &program };
        if self.declared.bringer(package).is_some() {
            return Some(self.task(package, bare));
        }
        Some(Task {
            command: format!("uv run {bare}"),
            bare,
            program,
            is_established: true,
            ..Task::default()
        })
    }
}
