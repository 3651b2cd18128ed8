//! What the code says of how it is run: variables of the environment, applications, routes that tell its health, ports.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_project::Tree;

use super::layout::is_test;
use super::variables::{Need, Variables};
use super::words::{Word, words};

/// More files than this are not looked at, and no larger ones.
const MOST_FILES: usize = 5_000;
const MOST_BYTES: usize = 1 << 20;

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
    pub(super) environment: BTreeMap<String, Need>,
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
    let mut variables = Variables::default();
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
            variables.read(&text, &words);
            code.apps_of(file, &words);
            code.health_of(&words);
            code.program(file, &words);
        }
    }
    code.environment = variables.finish();
    code.apps.sort_by_key(|app| (app.is_factory, app.file.matches('/').count(), app.file.clone()));
    code.health.sort_by_key(|(path, _)| HEALTH.iter().position(|known| known == path));
    code
}

impl Code {
    /// The variables that the code goes on without, with what it takes then where that is plain text.
    pub(super) fn defaults(&self) -> Vec<(String, String)> {
        let default = |(name, need): (&String, &Need)| match need {
            Need::Required => None,
            Need::Optional(default) => Some((name.clone(), default.clone().unwrap_or_default())),
        };
        self.environment.iter().filter_map(default).collect()
    }

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
pub(super) fn at<'w, 'a>(words: &'w [Word<'a>], index: usize) -> &'w [Word<'a>] {
    words.get(index..).unwrap_or_default()
}

impl Code {
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
pub(super) fn lines<'w, 'a>(words: &'w [Word<'a>]) -> impl Iterator<Item = &'w [Word<'a>]> {
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
