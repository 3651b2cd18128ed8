//! Four projects that every template is rendered for, and the rendering. A test file says `mod shapes;`.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]
#![expect(clippy::disallowed_methods, reason = "tests write their own temporary folders")]

use std::path::{Path, PathBuf};

use uvshift_scaffold::{
    Application, Catalogue, Entry, Existing, GeneratedFile, Language, Migration, Project, Repository,
    Request, Service, Task, Tasks, Tool, command_line, plan,
};

/// What a shape is called, and the project.
pub(crate) type Shape = (&'static str, fn() -> Project);

/// Every shape.
pub(crate) const SHAPES: [Shape; 4] =
    [("web", web), ("library", library), ("script", script), ("factory", factory)];

/// Both languages.
pub(crate) const LANGUAGES: [Language; 2] = [Language::En, Language::Ko];

/// A web application on `FastAPI` with a relational database and Redis: a package in src layout, a Dockerfile, on GitHub, moved from pip-tools.
pub(crate) fn web() -> Project {
    Project {
        name: "acme-shop".into(),
        description: "Orders and stock of a small shop.".into(),
        version: "1.4.0".into(),
        module: "acme_shop".into(),
        module_folder: "src/acme_shop".into(),
        source_folders: strings(&["src"]),
        tests_folder: "tests".into(),
        is_package: true,
        requires_python: ">=3.12".into(),
        python_versions: strings(&["3.12", "3.13", "3.14"]),
        python: "3.13".into(),
        groups: strings(&["dev", "lint"]),
        default_groups: strings(&["dev"]),
        uv: "0.13.9".into(),
        has_lock: true,
        tasks: web_tasks(),
        tools: vec![
            tool("pytest", "8.4.2"),
            tool("pytest-cov", "7.0.0"),
            tool("mypy", "1.18.2"),
            tool("ruff", "0.14.5"),
        ],
        services: vec![postgres(), redis()],
        entry: web_entry(),
        repository: Repository {
            host: "github".into(),
            owner: "acme".into(),
            name: "acme-shop".into(),
            branch: "main".into(),
        },
        scripts: strings(&["acme-shop"]),
        migration: web_migration(),
        environment: strings(&["DATABASE_URL", "LOG_LEVEL", "REDIS_URL", "SECRET_KEY"]),
        environment_defaults: pairs(&[("LOG_LEVEL", "info")]),
        test_environment: pairs(&[
            ("APP_SETTINGS", "acme_shop.testing"),
            ("EVENTS", "redis://localhost:6379/3"),
        ]),
        system_packages: strings(&["build-essential", "libpq-dev"]),
        runtime_packages: strings(&["libpq5"]),
        ci_packages: strings(&["build-essential", "gettext", "libpq-dev"]),
        has_dockerfile: true,
        compose: "compose.yaml".into(),
        ..Project::default()
    }
}

/// A library with a wide range of Pythons, extras, benchmarks and documents, on GitHub, moved from poetry.
pub(crate) fn library() -> Project {
    Project {
        name: "tidy-dates".into(),
        description: "Dates of calendars, read and written.".into(),
        version: String::new(),
        module: "tidy_dates".into(),
        module_folder: "tidy_dates".into(),
        source_folders: strings(&["tidy_dates"]),
        tests_folder: "tests".into(),
        is_package: true,
        requires_python: ">=3.10".into(),
        python_versions: strings(&["3.10", "3.11", "3.12", "3.13", "3.14"]),
        python: "3.13".into(),
        groups: strings(&["dev", "docs"]),
        default_groups: strings(&["dev"]),
        extras: strings(&["pandas"]),
        uv: "0.13.9".into(),
        has_lock: true,
        tasks: library_tasks(),
        tools: vec![
            tool("pytest", "8.4.2"),
            tool("pytest-benchmark", "5.2.3"),
            tool("mypy", "1.18.2"),
            tool("ruff", "0.14.5"),
            tool("sphinx", "8.2.3"),
        ],
        repository: Repository {
            host: "github".into(),
            owner: "tidy".into(),
            name: "tidy-dates".into(),
            branch: "main".into(),
        },
        migration: Migration {
            from: "poetry".into(),
            changed: strings(&["pyproject.toml", "uv.lock"]),
            removed: strings(&["poetry.lock"]),
            became: vec![("poetry.lock".into(), "uv.lock".into())],
            journal: "20261128-101500-1".into(),
            requirements: 7,
            locked: 31,
        },
        has_benchmarks: true,
        documents: "sphinx".into(),
        ..Project::default()
    }
}

/// A program in one file: no package, no tests, no groups, no repository, not moved from anything that is known.
pub(crate) fn script() -> Project {
    Project {
        name: "nightly-report".into(),
        requires_python: ">=3.13".into(),
        python_versions: strings(&["3.13", "3.14"]),
        python: "3.13".into(),
        uv: "0.13.9".into(),
        has_lock: true,
        tasks: Tasks { run: Some(task("python main.py", "")), ..Tasks::default() },
        entry: Entry {
            kind: Application::Command,
            target: "main.py".into(),
            command: strings(&["python", "main.py"]),
            ..Entry::default()
        },
        repository: Repository {
            name: "nightly-report".into(),
            branch: "main".into(),
            ..Repository::default()
        },
        migration: Migration { requirements: 2, locked: 6, ..Migration::default() },
        ..Project::default()
    }
}

/// A function that makes an application of `Flask`, in a repository whose name has a space, with an extra that brings the server, old files
/// with spaces in their names, some of which stay: what a shell reads otherwise than a person.
pub(crate) fn factory() -> Project {
    let served = strings(&["gunicorn", "parcels:create_app()", "--bind", "0.0.0.0:8000"]);
    let started = ["flask", "--app", "parcels:create_app()", "run", "--debug", "--port", "8000"];
    let run = task(&command_line(started), "");
    let test = Task {
        command: "uv run --extra web pytest \"tests of parcels\"".into(),
        ..task("pytest \"tests of parcels\"", "")
    };
    Project {
        name: "parcels".into(),
        module: "parcels".into(),
        module_folder: "parcels".into(),
        source_folders: strings(&["parcels"]),
        tests_folder: "tests of parcels".into(),
        requires_python: ">=3.13".into(),
        python_versions: strings(&["3.13", "3.14"]),
        python: "3.13".into(),
        extras: strings(&["web"]),
        uv: "0.13.9".into(),
        has_lock: true,
        tasks: Tasks { run: Some(run), test: Some(test), ..Tasks::default() },
        tools: vec![tool("pytest", "8.4.2")],
        entry: Entry {
            kind: Application::Wsgi,
            target: "parcels:create_app".into(),
            command: served,
            development: strings(&started),
            port: 8000,
            health: "/".into(),
            framework: "flask".into(),
            ..Entry::default()
        },
        repository: Repository {
            name: "Parcels of Kim".into(),
            branch: "main".into(),
            ..Repository::default()
        },
        migration: Migration {
            from: "pip".into(),
            changed: strings(&["pyproject.toml", "uv.lock"]),
            removed: strings(&["what it needs.txt"]),
            became: pairs(&[
                ("what it needs.txt", "main"),
                ("requirements (test).txt", "extra web"),
                ("constraints.txt", "constraints"),
            ]),
            journal: "20261129-101500-1".into(),
            requirements: 2,
            locked: 11,
        },
        has_dockerfile: true,
        ..Project::default()
    }
}

/// What these templates make of a project that has no files yet.
pub(crate) fn rendered(names: &[String], project: &Project, language: Language) -> Vec<GeneratedFile> {
    rendered_with(names, project, language, &serde_json::json!({}))
}

/// The same with inputs of the user.
pub(crate) fn rendered_with(
    names: &[String],
    project: &Project,
    language: Language,
    inputs: &serde_json::Value,
) -> Vec<GeneratedFile> {
    let catalogue = Catalogue::built_in().unwrap();
    let request = Request {
        names: names.to_vec(),
        language,
        inputs: inputs.clone(),
        today: "2026-11-28".into(),
        version: "0.1.0".into(),
        ..Request::default()
    };
    plan(&catalogue, project, &request, &Existing::none())
        .unwrap_or_else(|error| panic!("{names:?} for {} in {language:?}: {error:#?}", project.name))
        .files
}

/// The names of all built-in templates.
pub(crate) fn names() -> Vec<String> {
    Catalogue::built_in().unwrap().templates().map(|template| template.name.clone()).collect()
}

/// Writes files below a folder.
pub(crate) fn write(folder: &Path, files: &[GeneratedFile]) -> Vec<PathBuf> {
    let write = |file: &GeneratedFile| {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &file.text).unwrap();
        path
    };
    files.iter().map(write).collect()
}

/// Writes what every template makes of every shape in every language to `FOLDER/SHAPE/LANGUAGE/TEMPLATE/`. With
/// `UVSHIFT_GENERATED=FOLDER` a developer keeps it.
#[test]
fn every_template_is_rendered_for_every_shape_in_every_language() {
    let temporary = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("UVSHIFT_GENERATED").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(temporary.path());
    for (shape, project) in SHAPES {
        for language in LANGUAGES {
            for name in names() {
                let files = rendered(std::slice::from_ref(&name), &project(), language);
                for file in &files {
                    assert!(file.text.len() > 1, "{name} makes an empty {} for {shape}", file.path);
                    assert!(!file.text.contains("[="), "{name} leaves a variable in {}", file.path);
                }
                write(&folder.join(shape).join(language.code()).join(&name), &files);
            }
        }
    }
}

fn web_tasks() -> Tasks {
    Tasks {
        test: Some(task("pytest", "")),
        coverage: Some(task("pytest --cov=src", "")),
        lint: Some(task("ruff check .", "lint")),
        format: Some(task("ruff format .", "lint")),
        format_check: Some(task("ruff format --check .", "lint")),
        type_check: Some(task("mypy src", "lint")),
        run: Some(task("uvicorn acme_shop.main:app --host 127.0.0.1 --port 8000", "")),
        ..Tasks::default()
    }
}

fn library_tasks() -> Tasks {
    Tasks {
        test: Some(task("pytest", "")),
        lint: Some(task("ruff check .", "")),
        format: Some(task("ruff format .", "")),
        format_check: Some(task("ruff format --check .", "")),
        type_check: Some(task("mypy tidy_dates", "")),
        benchmark: Some(task("pytest --benchmark-only", "")),
        documents: Some(task("sphinx-build docs docs/_build/html", "docs")),
        ..Tasks::default()
    }
}

fn web_entry() -> Entry {
    Entry {
        kind: Application::Asgi,
        target: "acme_shop.main:app".into(),
        command: strings(&["uvicorn", "acme_shop.main:app", "--host", "0.0.0.0", "--port", "8000"]),
        port: 8000,
        health: "/health".into(),
        framework: "fastapi".into(),
        development: strings(&[
            "uvicorn",
            "acme_shop.main:app",
            "--host",
            "0.0.0.0",
            "--port",
            "8000",
            "--reload",
        ]),
        ..Entry::default()
    }
}

fn web_migration() -> Migration {
    Migration {
        from: "pip-tools".into(),
        changed: strings(&["pyproject.toml", "uv.lock"]),
        removed: strings(&["requirements.in", "requirements.txt", "requirements-dev.txt"]),
        became: vec![
            ("requirements.in".into(), "main".into()),
            ("requirements-dev.txt".into(), "group dev".into()),
        ],
        journal: "20261120-093000-1".into(),
        requirements: 14,
        locked: 58,
    }
}

fn postgres() -> Service {
    Service {
        name: "db".into(),
        kind: "postgres".into(),
        in_compose: true,
        image: "postgres:17".into(),
        port: 5432,
        container_environment: pairs(&[
            ("POSTGRES_USER", "app"),
            ("POSTGRES_PASSWORD", "app"),
            ("POSTGRES_DB", "app"),
        ]),
        variables: pairs(&[("DATABASE_URL", "postgresql://app:app@{host}:5432/app")]),
        health: "pg_isready -U app".into(),
        data: "/var/lib/postgresql/data".into(),
    }
}

fn redis() -> Service {
    Service {
        name: "redis".into(),
        kind: "redis".into(),
        in_compose: true,
        image: "redis:8".into(),
        port: 6379,
        variables: pairs(&[("REDIS_URL", "redis://{host}:6379/0")]),
        health: "redis-cli ping".into(),
        data: "/data".into(),
        ..Service::default()
    }
}

/// A command of `uv run`, with the group that brings its program, empty for a default group.
fn task(bare: &str, group: &str) -> Task {
    let command = match group {
        "" => format!("uv run {bare}"),
        group => format!("uv run --group {group} {bare}"),
    };
    let program = bare.split(' ').next().unwrap_or_default().to_owned();
    Task { command, bare: bare.into(), group: group.into(), program, is_established: true }
}

fn tool(name: &str, version: &str) -> Tool {
    Tool { name: name.into(), version: version.into(), is_declared: true, is_configured: true }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
