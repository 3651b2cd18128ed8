//! How the application is started.

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_scaffold::{Application, Entry};

use super::code::{APPLICATIONS, App, Code};
use super::declared::Declared;
use super::layout::Found;
use super::{is_package, is_plain, scripts};

/// Where a web application listens when nothing says so.
const PORT: u16 = 8000;
/// Files at the root that start something, by their usual names.
const FILES: &[&str] = &["main.py", "app.py", "run.py", "cli.py", "server.py", "bot.py", "worker.py"];

/// Files at the root that are run for another purpose.
const OTHERS: &[&str] = &["setup.py", "manage.py", "noxfile.py", "tasks.py", "fabfile.py", "dodo.py"];
/// Files that only something that is deployed has.
const DEPLOYED: &[&str] =
    &["Dockerfile", "Containerfile", "Procfile", "compose.yaml", "compose.yml", "docker-compose.yml"];

pub(super) fn read(
    tree: &Tree,
    document: &PyProject,
    declared: &Declared,
    layout: &Found,
    code: &Code,
) -> Entry {
    let port = code.port.or_else(|| exposed(tree)).unwrap_or(PORT);
    let is_installed = is_package(document);
    let web = django(tree, declared).or_else(|| {
        let mut plain = code.apps.iter().filter(|app| is_plain(&app.file, "/"));
        plain.find_map(|app| Some(web(app, framework(app, declared)?, is_installed)))
    });
    if let Some(web) = web {
        let is_asgi = web.is_asgi;
        return Entry {
            kind: if is_asgi { Application::Asgi } else { Application::Wsgi },
            command: runtime_server(&web, declared)
                .map(|server| served(&web, server, port))
                .unwrap_or_default(),
            development: development(&web, declared, port),
            proposal: match runtime_server(&web, declared) {
                Some(_) => Vec::new(),
                None => served(&web, if is_asgi { "uvicorn" } else { "gunicorn" }, port),
            },
            target: web.target,
            port,
            health: code.health(web.framework).to_owned(),
            framework: web.framework.to_owned(),
        };
    }
    let entry = |target: &str, command: &[&str]| Entry {
        kind: Application::Command,
        target: target.to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        ..Entry::default()
    };
    let scripts = scripts(document);
    let named = scripts.iter().find(|script| Some(script.as_str()) == document.project_name());
    if let Some(script) = named.or(scripts.first()).filter(|_| is_installed) {
        return entry(script, &[script]);
    }
    // A library can have a module that is run too, for a demonstration or for those who develop it.
    let is_deployed = !is_installed || DEPLOYED.iter().any(|file| tree.has(file));
    let has_main =
        !layout.module_folder.is_empty() && tree.has(&format!("{}/__main__.py", layout.module_folder));
    if is_deployed && has_main {
        return entry(&layout.module, &["python", "-m", &layout.module]);
    }
    let usual = FILES.iter().copied().find(|file| tree.has(file));
    let at_root =
        || code.programs.iter().map(String::as_str).find(|file| is_plain(file, "") && !OTHERS.contains(file));
    match usual.or_else(at_root).filter(|_| !is_installed) {
        Some(file) => entry(file, &["python", file]),
        None => Entry::default(),
    }
}

/// A web application.
struct Web {
    /// `acme.main:app`
    target: String,
    framework: &'static str,
    is_asgi: bool,
    is_factory: bool,
    /// A folder that is not on the path by itself.
    folder: Option<String>,
}

/// The framework of an application and whether it speaks ASGI, where the environment has it. A function that makes an
/// application does not say which; what is declared does.
fn framework(app: &App, declared: &Declared) -> Option<(&'static str, bool)> {
    let mut known = APPLICATIONS.iter().map(|(_, framework, is_asgi)| (*framework, *is_asgi));
    known.find(|(name, _)| declared.has(name) && (app.framework.is_empty() || app.framework == *name))
}

fn web(app: &App, (framework, is_asgi): (&'static str, bool), is_installed: bool) -> Web {
    let in_src = app.file.starts_with("src/");
    Web {
        target: format!("{}:{}", module(&app.file), app.name),
        framework,
        is_asgi,
        is_factory: app.is_factory,
        folder: (in_src && !is_installed).then(|| "src".to_owned()),
    }
}

/// The module of a file: `src/acme/web/__init__.py` is `acme.web`.
fn module(file: &str) -> String {
    let path = file.strip_prefix("src/").unwrap_or(file);
    let path = path.strip_suffix(".py").unwrap_or(path);
    path.strip_suffix("/__init__").unwrap_or(path).replace('/', ".")
}

fn django(tree: &Tree, declared: &Declared) -> Option<Web> {
    if !declared.has("django") {
        return None;
    }
    let find = |name: &str| {
        let is_it = |file: &&String| {
            file.rsplit('/').next() == Some(name) && file.contains('/') && is_plain(file, "/")
        };
        tree.files().iter().filter(is_it).min_by_key(|file| file.matches('/').count())
    };
    let speaks_asgi = ["uvicorn", "daphne", "hypercorn"].iter().any(|server| declared.has(server));
    let (file, is_asgi) = match (find("asgi.py"), find("wsgi.py")) {
        (Some(asgi), _) if speaks_asgi => (asgi, true),
        (_, Some(wsgi)) => (wsgi, false),
        (Some(asgi), None) => (asgi, true),
        (None, None) => return None,
    };
    // Modules are those of the folder that manage.py is in.
    let folder = manage(tree).and_then(|file| file.strip_suffix("/manage.py").map(str::to_owned));
    let inside = folder.as_ref().and_then(|folder| file.strip_prefix(&format!("{folder}/")));
    let target = format!("{}:application", module(inside.unwrap_or(file)));
    let folder = folder.filter(|_| inside.is_some());
    Some(Web { target, framework: "django", is_asgi, is_factory: false, folder })
}

/// The script of Django that is nearest to the root: `manage.py`, `backend/manage.py`.
pub(super) fn manage(tree: &Tree) -> Option<&str> {
    let is_it = |file: &&str| (*file == "manage.py" || file.ends_with("/manage.py")) && is_plain(file, "/");
    tree.files().iter().map(String::as_str).filter(is_it).min_by_key(|file| file.matches('/').count())
}

/// The server that an environment without extras and without groups but those for production has, which is what runs in production; what is asked for comes before
/// what only another package brings.
fn runtime_server(web: &Web, declared: &Declared) -> Option<&'static str> {
    let servers: &[&'static str] = if web.is_asgi {
        &["uvicorn", "granian", "hypercorn", "daphne"]
    } else {
        &["gunicorn", "granian", "waitress", "uwsgi"]
    };
    let asked = servers.iter().find(|server| declared.is_asked_in_production(server));
    let server = asked.or_else(|| servers.iter().find(|server| declared.is_at_runtime(server))).copied();
    // Without a lock nobody says what `fastapi[standard]` brings.
    let is_standard = ["standard", "all"].iter().any(|extra| declared.asks("fastapi", extra));
    let is_standard = is_standard && declared.main.contains("fastapi");
    server.or_else(|| (is_standard && web.is_asgi).then_some("uvicorn"))
}

/// The command with which a server serves it on every address.
fn served(web: &Web, server: &str, port: u16) -> Vec<String> {
    let bind = format!("0.0.0.0:{port}");
    let port = port.to_string();
    let called = if web.is_factory { format!("{}()", web.target) } else { web.target.clone() };
    let mut words: Vec<&str> = match server {
        "uvicorn" => vec!["uvicorn", &web.target, "--host", "0.0.0.0", "--port", &port],
        "granian" => {
            let interface = if web.is_asgi { "asgi" } else { "wsgi" };
            vec!["granian", "--interface", interface, "--host", "0.0.0.0", "--port", &port, &web.target]
        }
        "hypercorn" => vec!["hypercorn", &called, "--bind", &bind],
        "daphne" => vec!["daphne", "-b", "0.0.0.0", "-p", &port, &web.target],
        "gunicorn" => vec!["gunicorn", &called, "--bind", &bind],
        "waitress" => vec!["waitress-serve", "--listen", &bind, &web.target],
        _ => vec!["uwsgi", "--http", &bind, "--module", &called],
    };
    match server {
        "uvicorn" | "granian" if web.is_factory => words.push("--factory"),
        "waitress" if web.is_factory => words.insert(1, "--call"),
        _ => {}
    }
    if let Some(folder) = &web.folder {
        match server {
            "uvicorn" => words.extend(["--app-dir", folder]),
            "gunicorn" | "uwsgi" => words.extend(["--chdir", folder]),
            "granian" => words.extend(["--working-dir", folder]),
            _ => {}
        }
    }
    words.into_iter().map(str::to_owned).collect()
}

/// The command of development on every address, which follows changes of the code; empty when no server is there.
fn development(web: &Web, declared: &Declared, port: u16) -> Vec<String> {
    let bind = format!("0.0.0.0:{port}");
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    if web.framework == "django" {
        let script =
            web.folder.as_ref().map_or("manage.py".to_owned(), |folder| format!("{folder}/manage.py"));
        return words(&["python", &script, "runserver", &bind]);
    }
    if web.framework == "flask" {
        let called = if web.is_factory { format!("{}()", web.target) } else { web.target.clone() };
        let port = port.to_string();
        return words(&["flask", "--app", &called, "run", "--debug", "--host", "0.0.0.0", "--port", &port]);
    }
    let is_there = |server: &&str| web.is_asgi && declared.bringer(server).is_some();
    let server =
        runtime_server(web, declared).or_else(|| ["uvicorn", "hypercorn"].into_iter().find(is_there));
    let Some(server) = server else { return Vec::new() };
    let mut command = served(web, server, port);
    if matches!(server, "uvicorn" | "gunicorn" | "hypercorn" | "granian") {
        command.push("--reload".to_owned());
    }
    command
}

/// The port that a Dockerfile exposes.
fn exposed(tree: &Tree) -> Option<u16> {
    let text = ["Dockerfile", "Containerfile"].iter().find_map(|file| tree.text(file))?;
    let lines = text.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix("EXPOSE "))
        .find_map(|rest| rest.split_whitespace().next()?.split('/').next()?.parse().ok())
}
