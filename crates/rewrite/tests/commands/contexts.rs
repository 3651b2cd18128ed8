//! The projects that the fixtures of commands stand in.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_rewrite::{Became, Context, Environment, Scope, Selection, UvProject};

/// A context by its name in a fixture.
pub(crate) fn context(name: &str) -> Context {
    let mut context = Context { uv_version: "0.13.9".to_owned(), ..Context::default() };
    match name {
        "none" => return context,
        "uv" => context.projects.push(shop()),
        "app" => context.projects.push(UvProject { is_package: false, extras: BTreeSet::new(), ..shop() }),
        "unlocked" => context.projects.push(UvProject { locked: false, ..shop() }),
        "groups" => {
            // Every group is installed by default.
            context.projects.push(UvProject { default_groups: set("dev docs test"), ..shop() });
        }
        "pipfile" => {
            // A package whose Pipfile listed more than the package needs.
            let (groups, default_groups) = (set("dev docs pipfile"), set("dev pipfile"));
            context.projects.push(UvProject { groups, default_groups, ..shop() });
        }
        "tasks" => {
            // Short names of Pipenv, PDM or rye, as a migration keeps them.
            let mut tasks = BTreeMap::from([
                ("serve".to_owned(), Some("python manage.py runserver".to_owned())),
                ("docs".to_owned(), Some("sphinx-build docs out".to_owned())),
                ("lint".to_owned(), Some("ruff check . && mypy src".to_owned())),
                ("all".to_owned(), None),
                ("bench".to_owned(), Some("pytest benches".to_owned())),
            ]);
            tasks.insert("pre_bench".to_owned(), Some("ruff check".to_owned()));
            context.projects.push(UvProject { tasks, ..shop() });
        }
        "dotenv" => context.projects.push(UvProject { has_dotenv: true, ..shop() }),
        "hatch" => {
            let hatch = BTreeMap::from([("default".to_owned(), set("cov lint"))]);
            context.projects.push(UvProject { hatch, ..shop() });
        }
        "workspace" => {
            let core = declare("core", Selection::main());
            context.projects.push(UvProject { declared: core, ..shop() });
            for member in ["api", "core"] {
                context.projects.push(UvProject {
                    folder: format!("packages/{member}"),
                    name: member.to_owned(),
                    groups: BTreeSet::new(),
                    default_groups: BTreeSet::new(),
                    extras: BTreeSet::new(),
                    declared: BTreeMap::new(),
                    scripts: BTreeSet::new(),
                    ..shop()
                });
            }
            context.became.insert("packages/api/requirements.txt".to_owned(), main());
        }
        other => panic!("no context is called {other}"),
    }
    for (file, became) in files() {
        context.became.insert(file.to_owned(), became);
    }
    context
}

/// A package with the groups `dev` (by default), `test` and `docs`, and the extras `cli` and `postgres`.
fn shop() -> UvProject {
    let mut declared = BTreeMap::new();
    for (names, selection) in [
        ("django requests", Selection::main()),
        ("pytest ruff mypy", group("dev")),
        ("hypothesis pytest-cov tox", group("test")),
        ("sphinx furo", group("docs")),
        ("click", extra("cli")),
        ("psycopg", extra("postgres")),
    ] {
        for name in names.split(' ') {
            declared.insert(name.to_owned(), vec![selection.clone()]);
        }
    }
    UvProject {
        folder: String::new(),
        name: "shop".to_owned(),
        is_package: true,
        locked: true,
        requires_python: Some(">=3.10".to_owned()),
        groups: set("dev docs test"),
        default_groups: set("dev"),
        extras: set("cli postgres"),
        declared,
        scripts: set("shop"),
        ..UvProject::default()
    }
}

/// What a migration made of the files of that project.
fn files() -> Vec<(&'static str, Became)> {
    let mut both = Selection::main();
    both.join(&group("dev"));
    vec![
        ("requirements.txt", main()),
        ("requirements/base.txt", main()),
        ("requirements-dev.txt", Became::Selection(group("dev"))),
        ("requirements/dev.txt", Became::Selection(both)),
        ("requirements/test.txt", Became::Selection(group("test"))),
        ("docs/requirements.txt", Became::Selection(group("docs"))),
        ("requirements-cli.txt", Became::Selection(extra("cli"))),
        ("constraints.txt", Became::Constraints),
    ]
}

fn main() -> Became {
    Became::Selection(Selection::main())
}

fn group(name: &str) -> Selection {
    Selection { main: false, groups: set(name), extras: BTreeSet::new() }
}

fn extra(name: &str) -> Selection {
    Selection { main: true, groups: BTreeSet::new(), extras: set(name) }
}

fn set(names: &str) -> BTreeSet<String> {
    names.split(' ').map(str::to_owned).collect()
}

fn declare(name: &str, selection: Selection) -> BTreeMap<String, Vec<Selection>> {
    let mut declared = shop().declared;
    declared.insert(name.to_owned(), vec![selection]);
    declared
}

/// A scope as a fixture describes it: `active`, `foreign`, `in-uv`, `host-brings-uv`, `has-uv`, `folder=NAME`,
/// `unknown-folder`, `script=NAME`, `NAME=VALUE` in capitals for a variable; `synced-main`, `synced-dev`.
pub(crate) fn scope(description: &str) -> Scope {
    let mut scope = Scope::at_root();
    for word in description.split_whitespace() {
        match word.split_once('=') {
            Some(("folder", folder)) => scope.folder = Some(folder.to_owned()),
            Some(("script", folder)) => scope.script_folder = Some(folder.to_owned()),
            Some(("own", folder)) => scope.own_environment = Some(folder.to_owned()),
            Some((name, value)) => {
                scope.programs.insert(name.to_owned(), value.replace('_', " "));
            }
            None => flag(word, &mut scope),
        }
    }
    scope.certain_in = scope.own_environment.clone().unwrap_or_default();
    scope
}

fn flag(word: &str, scope: &mut Scope) {
    match word {
        "active" => scope.environment = Environment::Active,
        "foreign" => scope.environment = Environment::Foreign,
        "in-uv" => scope.environment = Environment::Uv,
        "host-brings-uv" => scope.host_brings_uv = true,
        "has-uv" => scope.has_uv = true,
        "has-additions" => scope.has_additions = true,
        "unknown-folder" => scope.folder = None,
        "synced-main" => {
            scope.synced.get_or_insert_default().join(&Selection::main());
            scope.certain.clone_from(&scope.synced);
        }
        "synced-dev" => {
            let both = Selection { main: true, groups: set("dev"), extras: BTreeSet::new() };
            scope.synced.get_or_insert_default().join(&both);
            scope.certain.clone_from(&scope.synced);
        }
        other => panic!("no scope is called {other}"),
    }
}
