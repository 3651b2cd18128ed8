//! How long it takes to generate everything for one project: every template in one plan, or each in a plan of its own.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has nothing to report")]

use uvshift_scaffold::{
    Application, Catalogue, Entry, Existing, Project, Repository, Request, Service, Task, Tasks, plan,
};

fn main() {
    divan::main();
}

/// What the command does, from the embedded templates to the changes.
#[divan::bench]
fn each_template_in_a_plan_of_its_own() -> usize {
    let catalogue = Catalogue::built_in().expect("the built-in templates are right");
    let names: Vec<String> = catalogue.templates().map(|template| template.name.clone()).collect();
    let project = project();
    let files = names.iter().map(|name| {
        let request = Request { names: vec![name.clone()], ..request() };
        plan(&catalogue, &project, &request, &Existing::none())
            .expect("every template can be made")
            .files
            .len()
    });
    files.sum()
}

/// One document, most of whose time is reading the catalogue.
#[divan::bench]
fn one_template() -> usize {
    let catalogue = Catalogue::built_in().expect("the built-in templates are right");
    let request = Request { names: vec!["editorconfig".to_owned()], ..request() };
    plan(&catalogue, &project(), &request, &Existing::none()).expect("it can be made").files.len()
}

fn request() -> Request {
    Request {
        inputs: serde_json::json!({}),
        today: "2026-11-28".to_owned(),
        version: "0.1.0".to_owned(),
        ..Request::default()
    }
}

fn project() -> Project {
    let task = |program: &str| {
        Some(Task {
            command: format!("uv run {program}"),
            bare: program.to_owned(),
            program: program.to_owned(),
            group: String::new(),
            is_established: true,
        })
    };
    let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Project {
        name: "acme-shop".to_owned(),
        module: "acme_shop".to_owned(),
        module_folder: "src/acme_shop".to_owned(),
        source_folders: strings(&["src"]),
        tests_folder: "tests".to_owned(),
        is_package: true,
        requires_python: ">=3.12".to_owned(),
        python_versions: strings(&["3.12", "3.13", "3.14"]),
        python: "3.13".to_owned(),
        groups: strings(&["dev"]),
        default_groups: strings(&["dev"]),
        uv: "0.13.9".to_owned(),
        has_lock: true,
        has_dockerfile: true,
        tasks: Tasks { test: task("pytest"), lint: task("ruff check ."), ..Tasks::default() },
        services: vec![Service {
            name: "redis".to_owned(),
            image: "redis:8".to_owned(),
            port: 6379,
            variables: vec![("REDIS_URL".to_owned(), "redis://{host}:6379/0".to_owned())],
            health: "redis-cli ping".to_owned(),
            ..Service::default()
        }],
        entry: Entry {
            kind: Application::Asgi,
            target: "acme_shop.main:app".to_owned(),
            command: strings(&["uvicorn", "acme_shop.main:app"]),
            port: 8000,
            health: "/health".to_owned(),
            framework: "fastapi".to_owned(),
            ..Entry::default()
        },
        repository: Repository {
            host: "github".to_owned(),
            owner: "acme".to_owned(),
            name: "acme-shop".to_owned(),
            branch: "main".to_owned(),
        },
        ..Project::default()
    }
}
