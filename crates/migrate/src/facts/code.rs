//! What the code says of how it is run: variables of the environment, applications, routes that tell its health, ports.

use std::collections::BTreeSet;

use uvshift_project::Tree;

use super::layout::is_test;
use super::words::{Word, words};

/// More files than this are not looked at, and no larger ones.
const MOST_FILES: usize = 5_000;
const MOST_BYTES: usize = 1 << 20;

/// Variables that are the system's and not the project's.
const OF_SYSTEM: &[&str] = &[
    "CI",
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "HOME",
    "HOSTNAME",
    "LANG",
    "LC_ALL",
    "LINES",
    "LOGNAME",
    "PATH",
    "PWD",
    "PYTHONPATH",
    "SHELL",
    "TEMP",
    "TERM",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERNAME",
    "VIRTUAL_ENV",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// A class of a framework: its name, the framework, and whether it speaks ASGI.
pub(super) const APPLICATIONS: &[(&str, &str, bool)] = &[
    ("FastAPI", "fastapi", true),
    ("Starlette", "starlette", true),
    ("Litestar", "litestar", true),
    ("Quart", "quart", true),
    ("Flask", "flask", false),
    ("Bottle", "bottle", false),
];

/// Functions that make an application.
const FACTORIES: &[&str] = &["create_app", "make_app", "get_app", "build_app"];

/// Paths that tell whether all is well, the surest first.
const HEALTH: &[&str] = &[
    "/health",
    "/healthz",
    "/health/",
    "/healthz/",
    "/health/live",
    "/health/ready",
    "/healthcheck",
    "/health-check",
    "/api/health",
    "/api/healthz",
    "/api/v1/health",
    "/livez",
    "/readyz",
    "/_health",
    "/-/health",
    "/up",
    "/ping",
    "/status",
];

/// An application object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct App {
    pub(super) file: String,
    /// `app`, or `create_app` for a function that makes it.
    pub(super) name: String,
    /// Empty when a function makes it that does not say of what.
    pub(super) framework: &'static str,
    pub(super) is_factory: bool,
}

#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) environment: BTreeSet<String>,
    pub(super) apps: Vec<App>,
    /// Routes that tell whether all is well, each with whether it is one of the application itself.
    health: Vec<(&'static str, bool)>,
    /// Whether routes of parts are below a path that is said elsewhere.
    has_prefix: bool,
    /// Whether the application answers at `/`.
    has_root: bool,
    /// Whether the documents of a `FastAPI` application are not at `/docs`.
    has_no_docs: bool,
    pub(super) port: Option<u16>,
    /// Files that do something when they are run.
    pub(super) programs: BTreeSet<String>,
    /// What files of tests import: `pytest`, `unittest`.
    pub(super) test_imports: BTreeSet<&'static str>,
}

/// Reads every file of Python. Nothing is run.
pub(super) fn read(tree: &Tree) -> Code {
    let mut code = Code::default();
    let is_python = |file: &&String| std::path::Path::new(file).extension().is_some_and(|it| it == "py");
    for file in tree.files().iter().filter(is_python).take(MOST_FILES) {
        let Some(text) = tree.text(file).filter(|text| text.len() <= MOST_BYTES) else { continue };
        if is_of_tests(file) {
            let imports =
                ["pytest", "unittest"].into_iter().filter(|name| text.contains(&format!("import {name}")));
            code.test_imports.extend(imports);
            continue;
        }
        let words = words(&text);
        let is_config = file.ends_with("gunicorn.conf.py") || file.starts_with("docs/");
        if !is_config {
            code.environment_of(&text, &words);
            code.apps_of(file, &words);
            code.health_of(&words);
            code.program(file, &words);
        }
    }
    code.apps.sort_by_key(|app| (app.is_factory, app.file.matches('/').count(), app.file.clone()));
    code.health.sort_by_key(|(path, _)| HEALTH.iter().position(|known| known == path));
    code
}

impl Code {
    /// The path that tells whether all is well; `/` when nothing better is known.
    pub(super) fn health(&self, framework: &str) -> &'static str {
        let is_sure = |(_, of_app): &&(&str, bool)| *of_app || !self.has_prefix;
        match self.health.iter().find(is_sure) {
            Some((path, _)) => path,
            None if framework == "fastapi" && !self.has_root && !self.has_no_docs => "/docs",
            None => "/",
        }
    }
}

fn is_of_tests(file: &str) -> bool {
    is_test(file)
        || file.ends_with("conftest.py")
        || file.split('/').any(|part| matches!(part, "tests" | "test" | "testing" | "examples" | "example"))
}

/// The words from a place on, as a pattern sees them.
fn at<'w, 'a>(words: &'w [Word<'a>], index: usize) -> &'w [Word<'a>] {
    words.get(index..).unwrap_or_default()
}

impl Code {
    fn environment_of(&mut self, text: &str, words: &[Word<'_>]) {
        let imports_it = text.contains("from os import");
        let asks_environ = text.contains("environs") || text.contains("import environ");
        let asks_config = text.contains("decouple") || text.contains("starlette.config");
        for (index, word) in words.iter().enumerate() {
            let rest = at(words, index + 1);
            let before = |back: usize| index.checked_sub(back).and_then(|at| words.get(at));
            let of_os =
                before(2).and_then(Word::name) == Some("os") && before(1).is_some_and(|dot| dot.is('.'));
            let name = match word.name() {
                // WSGI has a mapping of this name too.
                Some("environ" | "getenv") if !of_os && !imports_it => None,
                Some("environ") => of_mapping(rest).or_else(|| {
                    // `"NAME" in os.environ`
                    let before =
                        [1, 2, 3, 4].map(|back| index.checked_sub(back).and_then(|at| words.get(at)));
                    let [Some(dot), Some(_), Some(is_in), Some(text)] = before else { return None };
                    (dot.is('.') && is_in.name() == Some("in")).then(|| text.text()).flatten()
                }),
                Some("getenv") => of_call(rest),
                Some("env") if asks_environ => of_call(rest).or_else(|| of_method(rest)),
                Some("config") if asks_config => of_call(rest),
                Some("BaseSettings") => {
                    self.settings(words, index);
                    None
                }
                _ => None,
            };
            self.add(name);
        }
    }

    fn add(&mut self, name: Option<&str>) {
        let is_name = |name: &&str| {
            name.len() > 1
                && name.len() <= 64
                && name.starts_with(|first: char| first.is_ascii_uppercase())
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
        };
        if let Some(name) = name.filter(is_name).filter(|name| !OF_SYSTEM.contains(name)) {
            self.environment.insert(name.to_owned());
        }
    }

    /// The fields of `class Settings(BaseSettings):`. `index` is where the base class is named.
    fn settings(&mut self, words: &[Word<'_>], index: usize) {
        let mut start = index;
        while start > 0 && words.get(start).is_some_and(|word| word.column.is_none()) {
            start -= 1;
        }
        let Some(first) = words.get(start).filter(|first| first.name() == Some("class")) else { return };
        let outer = first.column.unwrap_or_default();
        let body: Vec<&[Word<'_>]> = lines(at(words, start))
            .skip(1)
            .take_while(|line| line.first().and_then(|word| word.column).is_some_and(|column| column > outer))
            .collect();
        let prefix =
            body.iter().find_map(|line| argument(line, "env_prefix")).unwrap_or_default().to_uppercase();
        let inner = body.first().and_then(|line| line.first()).and_then(|word| word.column);
        for line in body {
            let [name, colon, ..] = line else { continue };
            let (Some(field), true) = (name.name(), colon.is(':') && name.column == inner) else { continue };
            if matches!(field, "model_config" | "else" | "try" | "finally") {
                continue;
            }
            let alias = ["validation_alias", "alias", "env"].iter().find_map(|key| argument(line, key));
            match alias {
                Some(alias) => self.add(Some(&alias.to_uppercase())),
                None => self.add(Some(&format!("{prefix}{}", field.to_uppercase()))),
            }
        }
    }

    fn apps_of(&mut self, file: &str, words: &[Word<'_>]) {
        let mut factory: Option<&str> = None;
        for line in lines(words) {
            let Some(first) = line.first() else { continue };
            if first.column == Some(0) {
                factory = match line {
                    [word, name, ..] if word.name() == Some("def") => {
                        name.name().filter(|name| FACTORIES.contains(name))
                    }
                    _ => None,
                };
            }
            let Some((class, framework)) = application(line) else { continue };
            let app = |name: &str, is_factory| App {
                file: file.to_owned(),
                name: name.to_owned(),
                framework,
                is_factory,
            };
            match (first.column, first.name(), factory) {
                (Some(0), Some(name), _) if name != class && name != "def" => {
                    self.apps.push(app(name, false));
                }
                (Some(1..), _, Some(name)) => self.apps.push(app(name, true)),
                _ => {}
            }
        }
    }

    /// Routes such as `@app.get("/health")` and `path("health/", ...)`; ports such as `uvicorn.run(app, port=9000)`.
    fn health_of(&mut self, words: &[Word<'_>]) {
        for (index, word) in words.iter().enumerate() {
            let rest = at(words, index + 1);
            match (word.name(), rest) {
                (Some("get" | "route" | "api_route" | "head" | "Route" | "path"), [open, path, ..])
                    if open.is('(') =>
                {
                    let object = index.checked_sub(2).and_then(|at| words.get(at)).and_then(Word::name);
                    let of_app = matches!(object, Some("app" | "application" | "api"))
                        || matches!(word.name(), Some("Route" | "path"));
                    self.route(path.text(), of_app);
                }
                (Some("prefix" | "url_prefix"), [equals, ..]) if equals.is('=') => self.has_prefix = true,
                (Some("docs_url"), [equals, ..]) if equals.is('=') => self.has_no_docs = true,
                (Some("openapi_url"), [equals, value, ..]) if equals.is('=') => {
                    self.has_no_docs |= value.name() == Some("None");
                }
                (Some("run"), [open, ..]) if open.is('(') => {
                    let call = rest.iter().take(60).take_while(|word| word.column.is_none());
                    let call: Vec<_> = call.cloned().collect();
                    let port = call.windows(3).find_map(|three| match three {
                        [key, equals, value] if key.name() == Some("port") && equals.is('=') => {
                            value.name()?.parse().ok()
                        }
                        _ => None,
                    });
                    self.port = self.port.or(port);
                }
                _ => {}
            }
        }
    }

    fn route(&mut self, path: Option<&str>, of_app: bool) {
        let Some(path) = path else { return };
        self.has_root |= of_app && path == "/";
        let slashed = format!("/{}", path.trim_start_matches('/'));
        let known = HEALTH.iter().find(|known| **known == slashed);
        self.health.extend(known.map(|known| (*known, of_app)));
    }

    fn program(&mut self, file: &str, words: &[Word<'_>]) {
        let is_main = words
            .windows(2)
            .any(|two| matches!(two, [name, equals] if name.name() == Some("__name__") && equals.is('=')));
        if is_main || file.ends_with("__main__.py") {
            self.programs.insert(file.to_owned());
        }
    }
}

/// `["NAME"]`, `.get("NAME"`, `.pop("NAME"`, `.setdefault("NAME"`
fn of_mapping<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    match words {
        [open, name, ..] if open.is('[') => name.text(),
        [dot, method, rest @ ..]
            if dot.is('.') && matches!(method.name(), Some("get" | "pop" | "setdefault")) =>
        {
            of_call(rest)
        }
        _ => None,
    }
}

fn of_call<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    match words {
        [open, name, ..] if open.is('(') => name.text(),
        _ => None,
    }
}

/// `.int("NAME"`
fn of_method<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    match words {
        [dot, method, rest @ ..] if dot.is('.') && method.name().is_some() => of_call(rest),
        _ => None,
    }
}

/// The text of an argument: `key="text"`.
fn argument<'a>(words: &[Word<'a>], key: &str) -> Option<&'a str> {
    words.windows(3).find_map(|three| match three {
        [name, equals, text] if name.name() == Some(key) && equals.is('=') => text.text(),
        _ => None,
    })
}

/// What a line makes an application with: the class of a framework, or a function that says nothing of it.
fn application<'a>(line: &[Word<'a>]) -> Option<(&'a str, &'static str)> {
    let assigns = line.iter().any(|word| word.is('='))
        || line.first().is_some_and(|word| word.name() == Some("return"));
    let call = line.windows(2).find_map(|two| {
        let [class, open] = two else { return None };
        let name = class.name().filter(|_| open.is('('))?;
        if FACTORIES.contains(&name) {
            return Some((name, ""));
        }
        APPLICATIONS.iter().find(|(known, ..)| *known == name).map(|(_, framework, _)| (name, *framework))
    });
    call.filter(|_| assigns)
}

/// The logical lines.
fn lines<'w, 'a>(words: &'w [Word<'a>]) -> impl Iterator<Item = &'w [Word<'a>]> {
    let mut rest = words;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let next = rest.iter().skip(1).position(|word| word.column.is_some());
        let (line, others) = rest.split_at(next.map_or(rest.len(), |next| next + 1));
        rest = others;
        Some(line)
    })
}
