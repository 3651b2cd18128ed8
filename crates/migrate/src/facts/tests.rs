use uvshift_scaffold::Application;
use uvshift_testkit::Project as Folder;

use super::*;

const TODAY: Day = Day { year: 2026, month: 11, day: 28 };

pub(super) fn project(files: &[(&str, &str)]) -> (Folder, Project) {
    let folder = Folder::new();
    for (path, text) in files {
        folder.write(path, text);
    }
    let facts = of(&folder);
    (folder, facts)
}

fn of(folder: &Folder) -> Project {
    let tree = Tree::from_disk(folder.path()).unwrap();
    facts_on(folder.path(), &tree, "0.13.9", TODAY).unwrap()
}

const WEB: &str = r#"[project]
name = "acme-shop"
version = "1.4.0"
description = "Orders and stock."
requires-python = ">=3.12"
dependencies = ["fastapi>=0.115", "uvicorn[standard]", "sqlalchemy", "asyncpg", "redis>=5", "psycopg2"]

[project.scripts]
acme-shop = "acme_shop.cli:main"

[dependency-groups]
dev = ["pytest", "pytest-cov", { include-group = "typing" }]
typing = ["mypy"]
lint = ["ruff"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv]
default-groups = ["dev"]

[[tool.uv.index]]
name = "acme-internal"
url = "https://bob:secret@index.example/simple"
"#;

const MAIN: &str = r#"""" os.environ["NOT_THIS"] """
import os
from fastapi import FastAPI
from pydantic_settings import BaseSettings

# os.environ["NOT_THAT"]
class Settings(BaseSettings):
    model_config = {"frozen": True}
    database_url: str
    redis_url: str = "redis://localhost"
    other: int = Field(1, validation_alias="OTHER_NAME")

    def method(self):
        inner: int = 1

LEVEL = os.environ.get("LOG_LEVEL", "info")
KEY = os.environ["SECRET_KEY"]
HOME = os.getenv("HOME")
if "FEATURE_X" in os.environ:
    pass
app = FastAPI(title="Acme")

@app.get("/health")
def health():
    return {}
"#;

/// The variables that say where servers are.
pub(super) fn variables(found: &Project) -> Vec<String> {
    let pairs = found.services.iter().flat_map(|service| &service.variables);
    pairs.map(|(name, value)| format!("{name}={value}")).collect()
}

fn web() -> Project {
    let files = [
        ("pyproject.toml", WEB),
        ("src/acme_shop/__init__.py", ""),
        ("src/acme_shop/main.py", MAIN),
        ("tests/test_main.py", "import os\nos.environ[\"IN_TESTS\"]\n"),
        ("Dockerfile", "FROM python:3.13\nEXPOSE 9000/tcp\n"),
        (".git/config", "[remote \"origin\"]\n\turl = https://bob:token@github.com/acme/shop.git\n"),
        (".git/HEAD", "ref: refs/heads/feature\n"),
        (".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n"),
        ("compose.yaml", "services:\n  db:\n    image: postgres:16-alpine # old\n"),
    ];
    project(&files).1
}

#[test]
fn a_web_application_is_known() {
    let found = web();
    assert_eq!((found.name.as_str(), found.module.as_str()), ("acme-shop", "acme_shop"));
    assert_eq!((found.module_folder.as_str(), found.tests_folder.as_str()), ("src/acme_shop", "tests"));
    assert_eq!(found.source_folders, ["src"]);
    assert_eq!(found.python_versions, ["3.12", "3.13", "3.14", "3.15"]);
    assert_eq!(found.python, "3.14");
    assert_eq!(found.groups, ["dev", "typing", "lint"]);
    assert!(found.is_package && found.has_dockerfile && !found.has_lock);
    assert_eq!(
        found.environment,
        ["DATABASE_URL", "FEATURE_X", "LOG_LEVEL", "OTHER_NAME", "REDIS_URL", "SECRET_KEY"]
    );
    let entry = &found.entry;
    assert_eq!((entry.kind, entry.target.as_str()), (Application::Asgi, "acme_shop.main:app"));
    assert_eq!(entry.command.join(" "), "uvicorn acme_shop.main:app --host 0.0.0.0 --port 9000");
    assert_eq!((entry.port, entry.health.as_str(), entry.framework.as_str()), (9000, "/health", "fastapi"));
}

#[test]
fn what_a_web_application_talks_to_is_known() {
    let found = web();
    let services: Vec<_> =
        found.services.iter().map(|it| (it.name.as_str(), it.kind.as_str(), it.image.as_str())).collect();
    assert_eq!(services, [("db", "postgres", "postgres:16-alpine"), ("redis", "redis", "redis:8")]);
    assert_eq!(
        variables(&found),
        [
            "DATABASE_URL=postgresql+asyncpg://postgres:app@{host}:5432/postgres",
            "REDIS_URL=redis://{host}:6379/0"
        ]
    );
    assert_eq!(found.system_packages, ["build-essential", "libpq-dev"]);
    assert_eq!(found.runtime_packages, ["libpq5"], "nothing is compiled in production");
    let repository = &found.repository;
    assert_eq!(
        (
            repository.host.as_str(),
            repository.owner.as_str(),
            repository.name.as_str(),
            repository.branch.as_str()
        ),
        ("github", "acme", "shop", "trunk")
    );
    assert_eq!(found.indexes[0].url, "https://index.example/simple");
    assert_eq!(
        found.indexes[0].variables,
        ["UV_INDEX_ACME_INTERNAL_USERNAME", "UV_INDEX_ACME_INTERNAL_PASSWORD"]
    );
    let command = |task: &Option<uvshift_scaffold::Task>| task.as_ref().unwrap().command.clone();
    assert_eq!(command(&found.tasks.test), "uv run pytest");
    assert_eq!(command(&found.tasks.coverage), "uv run pytest --cov=src");
    assert_eq!(command(&found.tasks.lint), "uv run --group lint ruff check .");
    assert_eq!(command(&found.tasks.type_check), "uv run mypy src");
    assert_eq!(
        command(&found.tasks.run),
        "uv run uvicorn acme_shop.main:app --host 127.0.0.1 --port 9000 --reload"
    );
    let told = format!("{found:?}");
    assert!(!told.contains("secret") && !told.contains("token"), "{told}");
}

#[test]
fn a_project_that_is_not_on_uv_is_seen_as_it_will_be() {
    let files = [
        ("requirements.in", "flask\ngunicorn\n"),
        (
            "requirements.txt",
            "# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n#    pip-compile requirements.in\n#\nflask==3.0.0\n    # via -r requirements.in\ngunicorn==22.0.0\n    # via -r requirements.in\n",
        ),
        ("requirements-dev.txt", "pytest\nruff\n"),
        (
            "app.py",
            "from flask import Flask\napp = Flask(__name__)\n@app.route('/healthz')\ndef ok(): return 'ok'\n",
        ),
        ("tests/test_app.py", "def test(): pass\n"),
    ];
    let (folder, found) = project(&files);
    assert_eq!(found.groups, ["dev"]);
    assert_eq!(found.tasks.test.as_ref().unwrap().command, "uv run pytest");
    assert_eq!(found.entry.command.join(" "), "gunicorn app:app --bind 0.0.0.0:8000");
    assert_eq!(found.entry.health, "/healthz");
    assert_eq!(found.migration.from, "pip-tools");
    assert!(
        found.migration.became.contains(&("requirements-dev.txt".to_owned(), "group dev".to_owned())),
        "{:?}",
        found.migration
    );
    assert!(found.migration.removed.contains(&"requirements.in".to_owned()));
    assert!(!folder.has("pyproject.toml"), "nothing was written");
}

#[test]
fn a_library_starts_nothing() {
    let pyproject = "[project]\nname = \"tidy-dates\"\ndynamic = [\"version\"]\nrequires-python = \">=3.9\"\n\
        [project.optional-dependencies]\ntest = [\"pytest\", \"pytest-benchmark\"]\n[build-system]\nrequires = []\n[tool.ruff]\n\
        [tool.uv]\n";
    let files = [
        ("pyproject.toml", pyproject),
        ("tidy_dates/__init__.py", ""),
        ("tests/test_a.py", "import pytest\n"),
        (
            "uv.lock",
            "version = 1\nrevision = 3\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"pytest\"\nversion = \"8.4.2\"\nsource = { registry = \"https://index.example/simple\" }\n",
        ),
    ];
    let (_folder, found) = project(&files);
    assert_eq!(found.entry.kind, Application::Library);
    assert!(found.entry.command.is_empty() && found.tasks.run.is_none());
    assert_eq!(found.module_folder, "tidy_dates");
    assert_eq!(found.python_versions, ["3.11", "3.12", "3.13", "3.14", "3.15"]);
    assert_eq!(found.tasks.test.as_ref().unwrap().command, "uv run --extra test pytest");
    assert_eq!(found.tasks.lint.as_ref().unwrap().command, "uvx ruff check .");
    assert!(found.has_benchmarks && found.has_lock);
    let pytest = found.tools.iter().find(|tool| tool.name == "pytest").unwrap();
    assert_eq!((pytest.version.as_str(), pytest.is_declared), ("8.4.2", true));
}

#[test]
fn a_program_in_one_file_is_started() {
    let pyproject =
        "[project]\nname = \"report\"\nversion = \"0\"\nrequires-python = \"==3.8.*\"\n[tool.uv]\n";
    let files = [
        ("pyproject.toml", pyproject),
        ("report.py", "if __name__ == \"__main__\":\n    pass\n"),
        (".git", "gitdir: /nowhere\n"),
    ];
    let (_folder, found) = project(&files);
    assert_eq!(found.entry.command, ["python", "report.py"]);
    assert_eq!(found.python_versions, ["3.8"], "nothing newer is allowed");
    assert!(found.tasks.test.is_none() && found.services.is_empty());
    assert_eq!((found.repository.name.as_str(), found.repository.branch.as_str()), ("report", "main"));
    assert_eq!(found.module, "report");
}

#[test]
fn django_flask_factories_and_brokers_are_known() {
    let web = |dependencies: &str, files: &[(&str, &str)]| {
        let pyproject =
            format!("[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [{dependencies}]\n[tool.uv]\n");
        let mut all = vec![("pyproject.toml", pyproject.as_str())];
        all.extend(files);
        project(&all).1
    };
    let django = web(
        "\"django\", \"celery\", \"mysqlclient\"",
        &[("manage.py", ""), ("config/wsgi.py", ""), ("config/asgi.py", ""), ("config/__init__.py", "")],
    );
    assert!(django.entry.command.is_empty(), "the server of development is not for production");
    assert_eq!(django.entry.development.join(" "), "python manage.py runserver 0.0.0.0:8000");
    assert_eq!(django.entry.proposal.join(" "), "gunicorn config.wsgi:application --bind 0.0.0.0:8000");
    assert_eq!(django.tasks.run.unwrap().command, "uv run python manage.py runserver");
    assert_eq!(django.entry.target, "config.wsgi:application");
    assert_eq!(django.tasks.test.unwrap().command, "uv run python manage.py test");
    assert!(web("\"pytest\"", &[("a.py", "")]).tasks.test.is_none(), "there is nothing to test");
    let names: Vec<_> = django.services.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["mysql", "rabbitmq"]);

    let factory = "def create_app():\n    app = Flask(__name__)\n    return app\n";
    let flask = web("\"flask\", \"gunicorn\"", &[("shop/__init__.py", factory)]);
    assert_eq!(flask.entry.command.join(" "), "gunicorn shop:create_app() --bind 0.0.0.0:8000");
    let run = flask.tasks.run.unwrap().command;
    assert_eq!(run, "uv run flask --app \"shop:create_app()\" run --debug --port 8000", "shells read it");

    let read = web(
        "\"httpx\"",
        &[("a.py", "import os\nos.environ[\"MONGODB_URL\"]\nos.environ[\"DATABASE_URL\"]\n")],
    );
    let kinds: Vec<_> = read.services.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["mongodb"], "what is read says which server it is of, or it says nothing");

    let made = "from shop.app import create_app\napp = create_app()\n";
    let program = ("manage.py", "if __name__ == \"__main__\": pass\n");
    let flask = web("\"flask\"", &[("shop/__init__.py", ""), ("shop/wsgi.py", made), program]);
    assert_eq!(
        flask.entry.development.join(" "),
        "flask --app shop.wsgi:app run --debug --host 0.0.0.0 --port 8000"
    );
    assert_eq!(flask.tasks.run.unwrap().command, "uv run flask --app shop.wsgi:app run --debug --port 8000");

    let bare =
        web("\"fastapi\"", &[("main.py", "import uvicorn\napp = FastAPI()\nuvicorn.run(app, port=9100)\n")]);
    assert!(bare.entry.command.is_empty(), "no server is there");
    assert_eq!(bare.entry.health, "/docs");
    let router = "@router.get(\"/health\")\ndef ok(environ): environ[\"REMOTE_ADDR\"]\n";
    let main = "app = FastAPI()\n@app.get(\"/\")\ndef root(): pass\n";
    let prefixed = format!("{main}app.include_router(router, prefix=\"/api\")\n");
    let standard = web("\"fastapi[standard]\"", &[("main.py", &prefixed), ("router.py", router)]);
    assert_eq!(standard.entry.command.join(" "), "uvicorn main:app --host 0.0.0.0 --port 8000");
    assert_eq!(standard.entry.health, "/", "where the route is below is not known");
    assert!(standard.environment.is_empty(), "{:?}", standard.environment);
    assert_eq!(bare.entry.port, 9100);
}

#[test]
fn a_server_that_only_a_group_has_is_not_in_production() {
    let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [\"django\"]\n\
        [dependency-groups]\ndev = [\"gunicorn\"]\nlive = [\"uvicorn\"]\n[tool.uv]\n";
    let lock = "version = 1\nrevision = 3\nrequires-python = \">=3.12\"\n\n[[package]]\nname = \"gunicorn\"\nversion = \"1\"\n\
        source = { registry = \"https://index.example/simple\" }\n";
    let files = [
        ("pyproject.toml", pyproject),
        ("uv.lock", lock),
        ("backend/manage.py", ""),
        ("backend/shop/wsgi.py", ""),
        ("backend/shop/tests.py", ""),
    ];
    let found = project(&files).1;
    assert!(found.entry.command.is_empty(), "{:?}", found.entry);
    assert_eq!(
        found.entry.proposal.join(" "),
        "gunicorn shop.wsgi:application --bind 0.0.0.0:8000 --chdir backend",
        "modules are those of the folder of manage.py"
    );
    assert_eq!(found.tasks.test.unwrap().command, "uv run python backend/manage.py test");
}

#[test]
fn what_comes_from_a_repository_needs_git() {
    let of = |dependency: &str| {
        let pyproject = format!(
            "[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [\"{dependency}\"]\n[tool.uv]\n"
        );
        let found = project(&[("pyproject.toml", &pyproject)]).1;
        (found.system_packages, found.runtime_packages)
    };
    assert_eq!(of("a @ git+https://git.example/a@v1"), (vec!["git".to_owned()], Vec::new()));
    assert_eq!(of("digits"), (Vec::new(), Vec::new()));
}

#[test]
fn a_group_for_production_is_in_production() {
    let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [\"django\"]\n\
        [dependency-groups]\nprod = [\"gunicorn\"]\n[tool.uv]\n";
    let found = project(&[("pyproject.toml", pyproject), ("manage.py", ""), ("shop/wsgi.py", "")]).1;
    assert_eq!(found.production_groups, ["prod"]);
    assert_eq!(found.entry.command.join(" "), "gunicorn shop.wsgi:application --bind 0.0.0.0:8000");
    let files = [
        ("requirements/base.txt", "django\n"),
        ("requirements/production.txt", "-r base.txt\ngunicorn\n"),
        ("requirements/local.txt", "-r base.txt\npytest\n"),
        ("manage.py", ""),
        ("shop/wsgi.py", ""),
    ];
    let found = project(&files).1;
    assert_eq!(found.production_groups, ["production"]);
    assert_eq!(found.entry.command.first().map(String::as_str), Some("gunicorn"));
}

#[test]
fn what_another_package_brings_at_run_time_is_in_production() {
    let pyproject =
        "[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [\"starlette\", \"server\"]\n[tool.uv]\n";
    let package = |name: &str, rest: &str| {
        format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"1\"\nsource = {{ registry = \"https://index.example/simple\" }}\n{rest}"
        )
    };
    let lock = format!(
        "version = 1\nrevision = 3\nrequires-python = \">=3.12\"\n{}{}{}",
        package("server", "dependencies = [{ name = \"uvicorn\" }]\n"),
        package("starlette", ""),
        package("uvicorn", "")
    );
    let files = [("pyproject.toml", pyproject), ("uv.lock", &lock), ("main.py", "app = Starlette()\n")];
    let found = project(&files).1;
    assert_eq!(found.entry.command.join(" "), "uvicorn main:app --host 0.0.0.0 --port 8000");
    assert!(found.entry.proposal.is_empty());
}

#[test]
fn a_project_is_held_to_what_it_runs_or_has_settings_for() {
    let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\ndependencies = [\"flake8\", \"black\", \"mypy\", \"ruff\"]\n[tool.uv]\n";
    let of = |more: &str, files: &[(&str, &str)]| {
        let pyproject = format!("{pyproject}{more}");
        let mut all = vec![("pyproject.toml", pyproject.as_str()), ("x/__init__.py", "")];
        all.extend(files);
        let tasks = project(&all).1.tasks;
        [tasks.lint, tasks.format_check, tasks.type_check]
            .map(Option::unwrap)
            .map(|task| format!("{} {}", task.bare, task.is_established))
    };
    assert_eq!(
        of("", &[]),
        ["ruff check . false", "black --check . false", "mypy x false"],
        "nothing says so"
    );
    let tox = (
        "tox.ini",
        "[testenv:lint]\ndeps = flake8\ncommands = flake8 {posargs:x} --count\n  black --check -q x\n",
    );
    assert_eq!(of("", &[tox]), ["flake8 x --count true", "black --check x true", "mypy x false"]);
    let tox = ("tox.ini", "[testenv]\ndeps =\n  mypy\n  black\ncommands = python -m mypy -p x\n");
    assert_eq!(
        of("", &[tox])[1..],
        ["black --check . true", "mypy -p x true"],
        "dependencies are no commands"
    );
    assert_eq!(
        of("[tool.ruff]\nline-length = 99\n[tool.ruff.format]\n[tool.mypy]\nfiles = \"x\"\n", &[]),
        ["ruff check . true", "ruff format --check . true", "mypy true"]
    );
    let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\n[tool.ruff]\nfix = true\n[tool.mypy]\n";
    let hooks = "repos:\n  - repo: https://git.example/ruff-pre-commit\n    rev: v0.15.2\n    hooks:\n      - id: ruff-check\n";
    let files = [("pyproject.toml", pyproject), ("x/__init__.py", ""), (".pre-commit-config.yaml", hooks)];
    let tasks = project(&files).1.tasks;
    assert_eq!(tasks.lint.unwrap().command, "uvx ruff@0.15.2 check --no-fix .");
    assert_eq!(
        tasks.type_check.unwrap().command,
        "uv run --with mypy mypy x",
        "it imports what the project needs"
    );
    let workflow = (".github/workflows/ci.yaml", "jobs:\n  a:\n    steps:\n      - run: pytest\n");
    let make = (".github/workflows/make.yml", "jobs:\n  a:\n    steps:\n      - run: |\n          make ci\n");
    let docs = (".github/workflows/docs.yml", "jobs:\n  a:\n    steps:\n      - run: make html\n");
    let found = project(&[("pyproject.toml", pyproject), workflow, make, docs]).1;
    assert_eq!(found.workflows, [".github/workflows/ci.yaml", ".github/workflows/make.yml"]);
}

#[test]
fn addresses_of_remotes_are_read() {
    for (url, host, owner, name) in [
        ("git@github.com:acme/shop.git", "github", "acme", "shop"),
        ("ssh://git@gitlab.example:2222/group/sub/shop.git", "gitlab", "group/sub", "shop"),
        ("https://bitbucket.org/acme/shop/", "bitbucket", "acme", "shop"),
        ("/srv/git/shop.git", "", "", "x"),
        ("https://git.example/acme/shop", "", "acme", "shop"),
    ] {
        let config = format!("[core]\n[remote \"origin\"]\n\turl = {url}\n");
        let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\n";
        let (_folder, found) = project(&[
            ("pyproject.toml", pyproject),
            (".git/config", &config),
            (".git/packed-refs", "abc refs/heads/master\n"),
        ]);
        let repository = &found.repository;
        assert_eq!(
            (repository.host.as_str(), repository.owner.as_str(), repository.name.as_str()),
            (host, owner, name),
            "{url}"
        );
        assert_eq!(repository.branch, "master");
    }
}

#[test]
fn nobody_puts_a_command_into_a_name() {
    let evil = "x\\\"; touch evil; $(touch evil)";
    let pyproject = format!(
        "[project]\nname = \"{evil}\"\nversion = \"0\"\ndependencies = [\"flask\", \"redis\"]\n[project.scripts]\n\"{evil}\" = \"a:b\"\n\
         [build-system]\nrequires = []\n[tool.pytest.ini_options]\ntestpaths = [\"$(touch evil)\"]\n[tool.uv]\n"
    );
    let (_folder, found) = project(&[
        ("pyproject.toml", &pyproject),
        ("$(touch evil)/app.py", "app = Flask()\n"),
        ("$(touch evil)/test_a.py", ""),
        ("compose.yml", "services:\n  a:\n    image: redis:$(touch evil)\n"),
        (".env.example", "REDIS;touch evil=redis://x\n"),
        (".git/config", "[remote \"origin\"]\nurl = https://github.com/a/$(touch evil)\n"),
        (".git/HEAD", "ref: refs/heads/$(touch;evil)\n"),
    ]);
    let told = serde_json::to_string(&found).unwrap();
    assert!(!told.contains("evil"), "{told}");
}

#[test]
fn hostile_code_is_only_text() {
    let deep = "(".repeat(200_000);
    let open = "os.environ[\"";
    let pyproject = "[project]\nname = \"x\"\nversion = \"0\"\n";
    let (_folder, found) = project(&[
        ("pyproject.toml", pyproject),
        ("a.py", &deep),
        ("b.py", open),
        ("c.py", "x = '\\"),
        ("d.py", "'''\u{e9}\\\u{e9}"),
        ("e.py", "class A(BaseSettings"),
    ]);
    assert!(found.environment.is_empty());
}
