//! The commands of the everyday, with what brings their programs.

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_scaffold::{Application, Entry, Task, Tasks, Tool};

use super::declared::{Bringer, Declared};
use super::layout::{Found, is_test};

/// What the tasks of a project depend on.
struct Given<'a> {
    tree: &'a Tree,
    document: &'a PyProject,
    declared: &'a Declared,
    layout: &'a Found,
    tools: &'a [Tool],
}

pub(super) fn all(
    tree: &Tree,
    document: &PyProject,
    declared: &Declared,
    layout: &Found,
    tools: &[Tool],
    entry: &Entry,
) -> Tasks {
    let given = Given { tree, document, declared, layout, tools };
    Tasks {
        test: given.test(),
        coverage: given.coverage(),
        lint: given.lint(),
        format: given.format(),
        format_check: given.format_check(),
        type_check: given.type_check(),
        benchmark: given.benchmark(),
        documents: given.documents(),
        run: run(entry),
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
            // It is configured and nothing declares it: it runs in an environment of its own.
            None => {
                let command = format!("uvx {bare}");
                return Task { bare: command.clone(), command, group: String::new(), program };
            }
        };
        Task { command, bare, group, program }
    }

    fn test(&self) -> Option<Task> {
        // Without a test pytest fails.
        let has_tests = self.tree.files().iter().any(|file| is_test(file));
        if self.declared.has("pytest") && has_tests {
            return Some(self.task("pytest", "pytest"));
        }
        if self.declared.has("django") && self.tree.has("manage.py") {
            return Some(self.task("django", "python manage.py test"));
        }
        let folder = Some(self.layout.tests_folder.as_str()).filter(|folder| !folder.is_empty())?;
        let uses_pytest = self.has("pytest")
            || self.tree.has(&format!("{folder}/conftest.py"))
            || self.imports_pytest(folder);
        let bare = if uses_pytest {
            "pytest".to_owned()
        } else {
            format!("python -m unittest discover -s {folder}")
        };
        let command =
            if uses_pytest { format!("uv run --with pytest {bare}") } else { format!("uv run {bare}") };
        let program = if uses_pytest { "pytest" } else { "python" };
        Some(Task { command, bare, group: String::new(), program: program.to_owned() })
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

    fn lint(&self) -> Option<Task> {
        if self.has("ruff") {
            return Some(self.task("ruff", "ruff check ."));
        }
        if self.has("flake8") {
            return Some(self.task("flake8", "flake8 ."));
        }
        let folders = self.folders();
        (self.has("pylint") && !folders.is_empty()).then(|| self.task("pylint", format!("pylint {folders}")))
    }

    fn format(&self) -> Option<Task> {
        match self.formatter()? {
            "black" => Some(self.task("black", "black .")),
            _ => Some(self.task("ruff", "ruff format .")),
        }
    }

    fn format_check(&self) -> Option<Task> {
        match self.formatter()? {
            "black" => Some(self.task("black", "black --check .")),
            _ => Some(self.task("ruff", "ruff format --check .")),
        }
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
        let folders = self.folders();
        if self.has("mypy") {
            let told = ["files", "packages", "modules"]
                .iter()
                .any(|key| self.document.get(&["tool", "mypy", key]).is_some());
            let told = told
                || ["mypy.ini", ".mypy.ini"].iter().any(|file| {
                    self.tree
                        .text(file)
                        .is_some_and(|text| text.lines().any(|line| line.starts_with("files")))
                });
            let what = if told {
                String::new()
            } else if folders.is_empty() {
                " .".to_owned()
            } else {
                format!(" {folders}")
            };
            return Some(self.task("mypy", format!("mypy{what}")));
        }
        for (tool, command) in [("basedpyright", "basedpyright"), ("pyright", "pyright"), ("ty", "ty check")]
        {
            if self.has(tool) {
                return Some(self.task(tool, command));
            }
        }
        None
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
}

/// How a developer starts it: on this machine only, and anew after each change where the server can.
fn run(entry: &Entry) -> Option<Task> {
    let program = entry.command.first()?.as_str();
    let target = &entry.target;
    let bare = match (program, entry.kind, entry.framework.as_str()) {
        (_, Application::Asgi | Application::Wsgi, "django") => "python manage.py runserver".to_owned(),
        ("uvicorn", ..) => {
            let words: Vec<&str> = entry.command.iter().map(String::as_str).collect();
            format!("{} --reload", words.join(" ").replace("--host 0.0.0.0", "--host 127.0.0.1"))
        }
        (_, _, "flask") => format!("flask --app {target} run --debug --port {}", entry.port),
        _ => entry.command.join(" ").replace("0.0.0.0", "127.0.0.1"),
    };
    let program = bare.split(' ').next().unwrap_or_default().to_owned();
    Some(Task { command: format!("uv run {bare}"), bare, group: String::new(), program })
}
