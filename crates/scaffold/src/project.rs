//! What templates know of the project at hand: the variables below `project`.

use serde::Serialize;

/// The project that files are made for. Every field is a variable of templates, such as `project.name`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of templates")]
pub struct Project {
    /// The name as pyproject.toml has it, such as `acme-shop`.
    pub name: String,
    /// What it is, in one sentence; empty when pyproject.toml does not say.
    pub description: String,
    /// The version; empty when it is dynamic or not there.
    pub version: String,
    /// The module that is imported, such as `acme_shop`; empty when there is none.
    pub module: String,
    /// The folder of the module, such as `src/acme_shop`; empty when there is none.
    pub module_folder: String,
    /// Folders with code of the project, from the root, such as `src` or `acme_shop`; for formatters and coverage.
    pub source_folders: Vec<String>,
    /// The folder of the tests, such as `tests`; empty when there is none.
    pub tests_folder: String,
    /// Whether the project is installed itself (it has a build system).
    pub is_package: bool,
    /// `requires-python`, such as `>=3.10`; empty when it is not there.
    pub requires_python: String,
    /// Every supported minor version that is not at its end of life, oldest first, such as `3.11`.
    pub python_versions: Vec<String>,
    /// The version to develop with, one of those, such as `3.13`.
    pub python: String,
    /// Dependency groups, in the order of pyproject.toml.
    pub groups: Vec<String>,
    /// The groups that `uv sync` installs by itself.
    pub default_groups: Vec<String>,
    /// Groups that production needs, by their name: `prod`, `production`.
    pub production_groups: Vec<String>,
    /// Extras.
    pub extras: Vec<String>,
    /// The version of uv to name, such as `0.13.9`.
    pub uv: String,
    /// Whether `uv.lock` is there.
    pub has_lock: bool,
    /// The commands of the everyday.
    pub tasks: Tasks,
    /// Tools of development that the project declares or configures.
    pub tools: Vec<Tool>,
    /// Servers that the code talks to.
    pub services: Vec<Service>,
    /// How the project is started.
    pub entry: Entry,
    /// Where the repository is kept.
    pub repository: Repository,
    /// Private package indexes, without credentials.
    pub indexes: Vec<Index>,
    /// Indexes that ask for no credentials: by name or address they are the public one at another address, a mirror, or public.
    pub public_indexes: Vec<Index>,
    /// Programs of `[project.scripts]`.
    pub scripts: Vec<String>,
    /// The move from the old tool, as far as a journal or the files tell.
    pub migration: Migration,
    /// Variables that the code reads from the environment, sorted; no values.
    pub environment: Vec<String>,
    /// Those that the code goes on without, with the default where it is plain text, such as `LOG_LEVEL`, `info`; else empty.
    pub environment_defaults: Vec<(String, String)>,
    /// Variables that the project's own CI or tox sets for its tests, such as `DJANGO_SETTINGS_MODULE`, `shop.settings.test`; not
    /// those that tell where servers are.
    pub test_environment: Vec<(String, String)>,
    /// Variables that tests may need and whose values are not known: CI computes them, or the code has no default and nothing sets them.
    pub test_environment_unknown: Vec<String>,
    /// Packages whose wheels need system libraries or that are built from source, as Debian names what they need.
    pub system_packages: Vec<String>,
    /// Those of them that are needed where nothing is built, such as `libpq5` for `libpq-dev`.
    pub runtime_packages: Vec<String>,
    /// All of them but git, which runners of GitHub have, and what jobs of GitHub that test install with apt already.
    pub ci_packages: Vec<String>,
    /// Workflows of GitHub that run tests or linters already.
    pub workflows: Vec<String>,
    /// The compose file that is there, such as `docker-compose.yml`; empty when there is none.
    pub compose: String,
    /// Whether a Dockerfile is there.
    pub has_dockerfile: bool,
    /// Whether PowerShell scripts are there.
    pub has_powershell: bool,
    /// Whether benchmarks are there (pytest-benchmark, asv, a folder `benchmarks`).
    pub has_benchmarks: bool,
    /// Whether documents are built (sphinx, mkdocs), and with what; empty otherwise.
    pub documents: String,
}

/// The commands of the everyday; each is none when nothing in the project tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tasks {
    /// Runs the tests.
    pub test: Option<Task>,
    /// Runs the tests and measures coverage.
    pub coverage: Option<Task>,
    /// Looks for mistakes.
    pub lint: Option<Task>,
    /// Formats the code.
    pub format: Option<Task>,
    /// Tells whether the code is formatted.
    pub format_check: Option<Task>,
    /// Checks types.
    pub type_check: Option<Task>,
    /// Runs benchmarks.
    pub benchmark: Option<Task>,
    /// Builds the documents.
    pub documents: Option<Task>,
    /// Starts the application.
    pub run: Option<Task>,
}

/// A command of the everyday.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Task {
    /// The whole command as a shell reads it, with quotes where they are needed: `uv run pytest`, `uv run flask --app "shop:create_app()" run`.
    pub command: String,
    /// The same without `uv run` and its options, for an environment on `PATH`: `pytest`; `bare | words` for what is no shell.
    pub bare: String,
    /// The group that brings the program, such as `test`; empty when it is one of the default groups or of the project.
    pub group: String,
    /// The program, such as `pytest`.
    pub program: String,
    /// Whether the project is held to it: it has settings for it, or its CI, hooks, Makefile, tox or nox run it.
    pub is_established: bool,
}

/// A tool of development.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tool {
    /// Its name, such as `ruff`, `mypy`, `pytest`, `pre-commit`.
    pub name: String,
    /// Its version in the lock; empty when it is not locked.
    pub version: String,
    /// Whether it is declared, and not only configured.
    pub is_declared: bool,
    /// Whether it has settings.
    pub is_configured: bool,
}

/// A server that the code talks to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Service {
    /// What it is called in the project's own compose file or CI, such as `db`; without one of these as its kind.
    pub name: String,
    /// `postgres`, `mysql`, `redis`, `mongodb`, `rabbitmq`, `kafka`, `elasticsearch`, `memcached`, `minio`
    pub kind: String,
    /// Whether the compose file that is there, or is made in the same run, starts it with its port on this machine.
    pub in_compose: bool,
    /// An image with a version, such as `postgres:17`.
    pub image: String,
    /// The port it listens on.
    pub port: u16,
    /// Variables of its container, such as `POSTGRES_PASSWORD`, with values for development only.
    pub container_environment: Vec<(String, String)>,
    /// The variables that tell the application where it is and who comes in, such as `DATABASE_URL` or `DB_HOST`, with values for
    /// development that have `{host}` for the host and, where the compose file that is there has a password that is no usual one, `{password}` for it;
    /// empty when the code reads none.
    pub variables: Vec<(String, String)>,
    /// A command in the container that succeeds when it is ready, such as `pg_isready -U app`.
    pub health: String,
    /// Where its data lie in the container, such as `/var/lib/postgresql/data`; empty when it keeps none.
    pub data: String,
}

/// How an application is started.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Entry {
    /// What it is: `asgi`, `wsgi`, `command` or `library`.
    pub kind: Application,
    /// What is started: `acme_shop.main:app` for a web application, `acme_shop` for a module, `main.py` for a file.
    pub target: String,
    /// The command with its arguments, in an environment on `PATH`: `["uvicorn", "acme_shop.main:app", "--host", "0.0.0.0", "--port", "8000"]`;
    /// empty for a library, and for a web application without a server among what it needs to run.
    pub command: Vec<String>,
    /// The same for development, anew after each change where the server can: `["python", "manage.py", "runserver", "0.0.0.0:8000"]`;
    /// empty for what is no web application, and when no server is declared at all.
    pub development: Vec<String>,
    /// What would start a web application in production if its server, the first word, were declared; empty when one is.
    pub proposal: Vec<String>,
    /// The port a web application listens on; 0 for others.
    pub port: u16,
    /// The path that answers when all is well, such as `/health`; `/docs` or `/` when none is known; empty for others.
    pub health: String,
    /// The framework, such as `fastapi`, `django`, `flask`; empty when there is none.
    pub framework: String,
}

/// A kind of application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Application {
    /// A web application of ASGI.
    Asgi,
    /// A web application of WSGI.
    Wsgi,
    /// A program of the command line.
    Command,
    /// A library: nothing is started.
    #[default]
    Library,
}

/// Where the repository is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Repository {
    /// `github`, `gitlab`, `bitbucket`, or empty.
    pub host: String,
    /// The owner or group; empty when it is not known.
    pub owner: String,
    /// The name of the repository; that of the project when it is not known.
    pub name: String,
    /// The main branch, such as `main`.
    pub branch: String,
}

/// A package index.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Index {
    /// Its name in `[[tool.uv.index]]`.
    pub name: String,
    /// Its address, without credentials.
    pub url: String,
    /// Whether it takes the place of the public one.
    pub is_default: bool,
    /// The variables that uv reads its credentials from: `UV_INDEX_NAME_USERNAME`, `UV_INDEX_NAME_PASSWORD`.
    pub variables: Vec<String>,
}

/// The move from the old tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Migration {
    /// The tool before: `pip`, `pip-tools`, `poetry`, `pipenv`, `pdm`, `conda`, `setuptools`; empty when nothing tells.
    pub from: String,
    /// Files that were changed or are new, from the last journal.
    pub changed: Vec<String>,
    /// Files that went.
    pub removed: Vec<String>,
    /// What each old file became: `requirements-dev.txt`, `group dev`.
    pub became: Vec<(String, String)>,
    /// The journal; empty when there is none.
    pub journal: String,
    /// Direct requirements.
    pub requirements: usize,
    /// Packages in the lock.
    pub locked: usize,
}
