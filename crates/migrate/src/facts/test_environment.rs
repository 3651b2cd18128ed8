//! Variables that the project's own CI and tox set for its tests, such as `DJANGO_SETTINGS_MODULE`.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_project::Tree;
use uvshift_scaffold::Service;

use super::code::Code;
use super::containers::{Line, below, is_workflow, line};
use super::is_plain;
use super::variables::Need;

/// What a command that tests has in it.
const TESTERS: &[&str] = &[
    "pytest",
    "py.test",
    "unittest",
    "manage.py test",
    "manage test",
    "django-admin test",
    "coverage run",
    "tox",
    "nox",
    "make test",
    "make ci",
    "make check",
    "make coverage",
    "just test",
    "runtests",
];

/// How variables begin that are for other programs than the tests.
const OF_OTHERS: &[&str] =
    &["GITHUB_", "COVERALLS_", "CODECOV_", "CI_", "PIP_", "UV_", "POETRY_", "PDM_", "TOX", "NOX", "ACTIONS_"];

/// Variables that Python itself reads.
const OF_PYTHON: &[&str] = &[
    "PYTHONASYNCIODEBUG",
    "PYTHONDEVMODE",
    "PYTHONHASHSEED",
    "PYTHONIOENCODING",
    "PYTHONPATH",
    "PYTHONUTF8",
    "PYTHONWARNINGS",
];

/// More files of Python than this are not looked through for a name.
const MOST_FILES: usize = 5_000;

/// What tests are given beside the addresses of servers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TestEnvironment {
    /// Variables with values that are written out.
    pub(super) set: Vec<(String, String)>,
    /// Variables that CI computes, and those that the code cannot go on without and nothing sets.
    pub(super) unknown: Vec<String>,
    /// Packages of the system that jobs which test install with apt on runners of GitHub.
    pub(super) packages: Vec<String>,
}

pub(super) fn read(tree: &Tree, code: &Code, services: &[Service]) -> TestEnvironment {
    let mut reader = Reader { tree, code, found: BTreeMap::new(), packages: BTreeSet::new() };
    for file in tree.files().iter().filter(|file| is_workflow(file)) {
        if let Some(text) = tree.text(file) {
            reader.github(&text);
        }
    }
    if let Some(text) = tree.text(".gitlab-ci.yml") {
        reader.gitlab(&text);
    }
    if let Some(text) = tree.text("tox.ini") {
        reader.tox(&text);
    }
    let is_of_service = |name: &str| {
        services.iter().flat_map(|service| &service.variables).any(|(variable, _)| variable == name)
    };
    let packages = reader.packages.into_iter().collect();
    let mut environment = TestEnvironment { packages, ..TestEnvironment::default() };
    for (name, value) in reader.found.into_iter().filter(|(name, _)| !is_of_service(name)) {
        match value {
            Some(value) => environment.set.push((name, value)),
            None => environment.unknown.push(name),
        }
    }
    let required = code.environment.iter().filter(|(_, need)| **need == Need::Required);
    let is_known = |name: &str| environment.set.iter().any(|(known, _)| known == name) || is_of_service(name);
    let missing: Vec<String> =
        required.map(|(name, _)| name.clone()).filter(|name| !is_known(name)).collect();
    environment.unknown.extend(missing);
    environment.unknown.sort();
    environment.unknown.dedup();
    environment
}

struct Reader<'a> {
    tree: &'a Tree,
    code: &'a Code,
    /// Each variable, with its value where it is written out.
    found: BTreeMap<String, Option<String>>,
    packages: BTreeSet<String>,
}

impl Reader<'_> {
    /// The step that tests says most surely what tests need; its job and its workflow are for other things, too.
    fn github(&mut self, text: &str) {
        let lines: Vec<Line<'_>> = text.lines().filter_map(line).collect();
        let top = child(&lines, "env");
        let jobs = child(&lines, "jobs");
        for job in children(jobs) {
            let of_job = child(job, "env");
            let steps = child(job, "steps");
            if elements(steps).any(tests) {
                self.packages.extend(installed(steps));
            }
            for step in elements(steps).filter(|step| tests(step)) {
                self.variables(block_of(step, "env"), true);
                self.variables(of_job, false);
                self.variables(top, false);
            }
        }
    }

    fn gitlab(&mut self, text: &str) {
        let lines: Vec<Line<'_>> = text.lines().filter_map(line).collect();
        let top = child(&lines, "variables");
        for job in children(&lines) {
            if tests(child(job, "script")) {
                self.variables(child(job, "variables"), true);
                self.variables(top, false);
            }
        }
    }

    /// `setenv` of `[testenv]`.
    fn tox(&mut self, text: &str) {
        let mut is_tests = false;
        let mut is_inside = false;
        for raw in text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')) {
            if raw.starts_with('[') {
                is_tests = raw.trim() == "[testenv]";
                is_inside = false;
                continue;
            }
            let mut pair = raw;
            if !raw.starts_with([' ', '\t']) {
                let (key, value) = raw.split_once('=').unwrap_or((raw, ""));
                is_inside = matches!(key.trim(), "setenv" | "set_env");
                pair = value;
            }
            if let (true, Some((name, value))) = (is_tests && is_inside, pair.split_once('=')) {
                self.add(name.trim(), value.trim(), true);
            }
        }
    }

    fn variables(&mut self, block: &[Line<'_>], is_of_tests: bool) {
        for line in block {
            self.add(line.key, line.value, is_of_tests);
        }
    }

    fn add(&mut self, name: &str, value: &str, is_of_tests: bool) {
        let is_of_other = OF_OTHERS.iter().any(|start| name.starts_with(start));
        let is_name = is_plain(name, "") && !name.contains(['.', '-']);
        if !is_name || is_of_other || value.is_empty() || !(is_of_tests || self.is_read(name)) {
            return;
        }
        let is_written = !value.contains(['$', '{', '`']) && !value.starts_with(['|', '>', '*', '[']);
        let value = is_written.then(|| value.to_owned());
        let known = self.found.entry(name.to_owned()).or_default();
        if known.is_none() {
            *known = value;
        }
    }

    /// Whether something of the project, of its tests, of Django or of Python reads a variable.
    fn is_read(&self, name: &str) -> bool {
        if self.code.environment.contains_key(name)
            || OF_PYTHON.contains(&name)
            || name.starts_with("DJANGO_")
        {
            return true;
        }
        let quoted = [format!("\"{name}\""), format!("'{name}'")];
        let is_python = |file: &&String| std::path::Path::new(file).extension().is_some_and(|it| it == "py");
        let mut files = self.tree.files().iter().filter(is_python).take(MOST_FILES);
        files.any(|file| {
            self.tree
                .text(file)
                .is_some_and(|text| quoted.iter().any(|quoted| text.contains(quoted.as_str())))
        })
    }
}

/// What is below a key of a mapping.
fn child<'l, 'a>(block: &'l [Line<'a>], key: &str) -> &'l [Line<'a>] {
    let depth = block.first().map(|first| first.depth);
    let place = block.iter().position(|line| Some(line.depth) == depth && line.key == key);
    place.map(|place| below(block, place)).unwrap_or_default()
}

/// What is below each key of a mapping.
fn children<'l, 'a>(block: &'l [Line<'a>]) -> impl Iterator<Item = &'l [Line<'a>]> {
    let depth = block.first().map(|first| first.depth);
    let places = block.iter().enumerate().filter(move |(_, line)| Some(line.depth) == depth);
    places.map(|(place, _)| below(block, place))
}

/// The elements of a list, each with the line that begins it.
fn elements<'l, 'a>(block: &'l [Line<'a>]) -> impl Iterator<Item = &'l [Line<'a>]> {
    let depth = block.first().map(|first| first.depth);
    let is_first = move |line: &Line<'_>| line.is_element && Some(line.depth) == depth;
    let places = block.iter().enumerate().filter(move |(_, line)| is_first(line));
    places.map(|(place, _)| {
        let end = place + 1 + below(block, place).len();
        block.get(place..end).unwrap_or_default()
    })
}

/// What is below a key of an element, which may begin the element.
fn block_of<'l, 'a>(element: &'l [Line<'a>], key: &str) -> &'l [Line<'a>] {
    let Some(place) = element.iter().position(|line| line.key == key && line.value.is_empty()) else {
        return &[];
    };
    // Below `- env:` are deeper lines than the other keys of the element.
    let rest = element.get(place + 1..).unwrap_or_default();
    let depth = rest.first().map(|first| first.depth);
    let end = rest.iter().position(|line| Some(line.depth) < depth).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Whether lines have a command that tests; installing such a program is none, and neither is a name.
fn tests(lines: &[Line<'_>]) -> bool {
    let is_command = |line: &&Line<'_>| matches!(line.key, "" | "run" | "script");
    let mut commands = lines.iter().filter(is_command).map(|line| line.value);
    commands.any(|command| {
        !command.contains("install") && TESTERS.iter().any(|tester| super::habits::names(command, tester))
    })
}

/// What commands of apt install, also over several lines.
fn installed(lines: &[Line<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_open = false;
    for line in lines {
        let begins = ["apt-get ", "apt "].iter().any(|apt| line.value.contains(apt));
        for command in line.value.split(['&', ';', '|']) {
            let words: Vec<&str> = command.split_whitespace().collect();
            let install = words.iter().position(|word| *word == "install").filter(|_| begins);
            let packages = match install {
                Some(install) => words.get(install + 1..).unwrap_or_default(),
                None if is_open && !begins => words.as_slice(),
                None => &[],
            };
            found.extend(packages.iter().filter(|word| is_plain(word, "+")).map(|word| (*word).to_owned()));
            is_open = (install.is_some() || is_open) && command.trim_end().ends_with('\\');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::project;

    const PYPROJECT: &str = "[project]\nname = \"shop\"\nversion = \"0\"\nrequires-python = \">=3.12\"\n\
        dependencies = [\"django\", \"psycopg2\"]\n[dependency-groups]\ndev = [\"pytest\"]\n[tool.uv]\n";
    const SETTINGS: &str = "import os\nos.environ['DB_HOST']\nos.environ['SECRET_KEY']\nos.environ['MAIL_KEY']\nos.environ.get('REGION')\n";

    fn found(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut all = vec![("pyproject.toml", PYPROJECT), ("manage.py", ""), ("shop/settings.py", SETTINGS)];
        all.extend(files);
        let found = project(&all).1;
        let set = found.test_environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (set, found.test_environment_unknown)
    }

    #[test]
    fn what_a_step_that_tests_is_given_is_known() {
        let workflow = "on: push\nenv:\n  REGION: eu\n  IMAGE: shop\njobs:\n  lint:\n    env:\n      LINT_ONLY: 1\n    steps:\n      - run: ruff check\n\
            \x20 test:\n    runs-on: ubuntu-latest\n    env:\n      DJANGO_SETTINGS_MODULE: shop.settings.test\n      PYTHON_VERSION: 3.12\n    steps:\n\
            \x20     - name: Install pytest\n        run: pip install pytest\n        env:\n          PIP_X: 1\n          NOT_FOR_TESTS: 1\n\
            \x20     - name: Tests\n        env:\n          SECRET_KEY: \"dummy key\" # of nobody\n          DB: ${{ matrix.db }}\n\
            \x20         DB_HOST: elsewhere\n          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n        run: |\n          echo now\n\
            \x20         pytest -x\n      - env:\n          AFTER: 1\n        run: echo done\n";
        let (set, unknown) = found(&[(".github/workflows/test.yml", workflow)]);
        assert_eq!(set, ["DJANGO_SETTINGS_MODULE=shop.settings.test", "REGION=eu", "SECRET_KEY=dummy key"]);
        assert_eq!(unknown, ["DB", "MAIL_KEY"]);
        let first =
            "jobs:\n  a:\n    steps:\n    - env:\n        MAIL_KEY: m\n      run: python manage.py test\n";
        assert_eq!(found(&[(".github/workflows/a.yml", first)]).0, ["MAIL_KEY=m"]);
    }

    #[test]
    fn what_a_job_that_tests_installs_is_known() {
        let workflow = "jobs:\n  test:\n    steps:\n      - run: sudo apt-get update && sudo apt-get install -qq -y gettext libmagic1; echo fine\n\
            \x20     - run: |\n          sudo apt install --yes \\\n            g++ \\\n            libxml2-dev\n          echo no\n\
            \x20     - run: pip install pytest $(x)\n      - run: make test\n  deploy:\n    steps:\n      - run: apt-get install rsync\n";
        let pyproject = ("pyproject.toml", PYPROJECT);
        let found = project(&[pyproject, ("manage.py", ""), (".github/workflows/t.yml", workflow)]).1;
        assert_eq!(
            found.ci_packages,
            ["build-essential", "g++", "gettext", "libmagic1", "libpq-dev", "libxml2-dev"]
        );
    }

    #[test]
    fn gitlab_and_tox_say_it_too() {
        let gitlab = "variables:\n  REGION: us\n  KUBE: x\ntest:\n  variables:\n    SECRET_KEY: abc\n  script:\n    - pytest\n\
            deploy:\n  variables:\n    MAIL_KEY: real\n  script:\n    - ./deploy\n";
        assert_eq!(found(&[(".gitlab-ci.yml", gitlab)]).0, ["REGION=us", "SECRET_KEY=abc"]);
        let tox = "[testenv]\nsetenv =\n    DJANGO_SETTINGS_MODULE = shop.test\n    PYTHONPATH = {toxinidir}\n# no\ncommands = pytest\n    A=b\n\
            [testenv:docs]\nset_env =\n    MAIL_KEY=x\n";
        let (set, unknown) = found(&[("tox.ini", tox)]);
        assert_eq!(set, ["DJANGO_SETTINGS_MODULE=shop.test"]);
        assert_eq!(unknown, ["MAIL_KEY", "PYTHONPATH", "SECRET_KEY"]);
    }

    #[test]
    fn hostile_workflows_say_nothing() {
        let evil = "jobs:\n- - -\n  a:\n    steps:\n    - env:\n      run: pytest\n    -\n  b:\n    steps: pytest\n    env:\n      A;evil: x\n";
        assert_eq!(found(&[(".github/workflows/a.yml", evil)]).0, Vec::<String>::new());
    }
}
