//! Distributions that do their work without being imported.

use super::lines::Lines;

static LINES: Lines = Lines::new(include_str!("../../data/not_imported.txt"));

/// How code shows that it needs one of them.
static CALLED: Lines = Lines::new(include_str!("../../data/called.txt"));

/// Why nothing needs to import a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotImported {
    /// A command that is run, such as `gunicorn` or `black`.
    Tool,
    /// A plug-in that its host finds by itself, such as `pytest-cov`: the normalised name of the host.
    Plugin(String),
    /// Type stubs (`types-X`, `X-stubs`): the normalised name of what they are for.
    Stub(String),
    /// A driver, back end or data that another distribution loads by name, such as `psycopg2-binary` for `SQLAlchemy` or `tzdata`:
    /// of use where one of its [`hosts`] is there.
    Runtime,
}

/// Beginnings of names that only plug-ins have, and their hosts.
const PLUGIN_PREFIXES: &[(&str, &str)] = &[
    ("dbt-", "dbt-core"),
    ("flake8-", "flake8"),
    ("hatch-", "hatchling"),
    ("jupyterlab-", "jupyterlab"),
    ("keyrings-", "keyring"),
    ("mdformat-", "mdformat"),
    ("mkdocs-", "mkdocs"),
    ("nose-", "nose"),
    ("opentelemetry-exporter-", "opentelemetry-sdk"),
    ("opentelemetry-instrumentation-", "opentelemetry-sdk"),
    ("poetry-plugin-", "poetry"),
    ("pylint-", "pylint"),
    ("pytest-", "pytest"),
    ("robotframework-", "robotframework"),
    ("sphinx-", "sphinx"),
    ("sphinxcontrib-", "sphinx"),
    ("sphinxext-", "sphinx"),
    ("tox-", "tox"),
    ("xontrib-", "xonsh"),
];

/// Endings of names that only plug-ins have, and their hosts.
const PLUGIN_SUFFIXES: &[(&str, &str)] = &[("-sphinx-theme", "sphinx")];

/// Beginnings of the names of stubs that are made in many parts, and what they are for.
const STUB_PREFIXES: &[(&str, &str)] = &[
    ("mypy-boto3-", "boto3"),
    ("types-aiobotocore-", "aiobotocore"),
    ("types-aioboto3-", "aioboto3"),
    ("types-boto3-", "boto3"),
];

/// Beginnings of names of libraries and of models that are loaded by others, never imported.
const RUNTIME_PREFIXES: &[&str] = &[
    "de-core-news-",
    "en-core-web-",
    "fr-core-news-",
    "nvidia-cublas-",
    "nvidia-cuda-",
    "nvidia-cudnn-",
    "nvidia-cufft-",
    "nvidia-curand-",
    "nvidia-cusolver-",
    "nvidia-cusparse",
    "nvidia-nccl-",
    "nvidia-nvjitlink-",
    "nvidia-nvtx-",
];

/// Why nothing needs to import a distribution, by its normalised name; none where somebody should.
///
/// By the table, then by the conventions of names: `types-X` and `X-stubs` are stubs for X, `pytest-X` is a plug-in of pytest.
pub fn not_imported(name: &str) -> Option<NotImported> {
    if let Some(line) = LINES.get(name) {
        return parse(line);
    }
    let host_of = |list: &[(&str, &str)]| {
        let found =
            list.iter().find(|(prefix, _)| name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()));
        found.map(|(_, host)| (*host).to_owned())
    };
    if let Some(host) = host_of(STUB_PREFIXES) {
        return Some(NotImported::Stub(host));
    }
    let stub_of = name.strip_prefix("types-").or_else(|| name.strip_suffix("-stubs"));
    if let Some(host) = stub_of.filter(|host| !host.is_empty()) {
        return Some(NotImported::Stub(host.to_owned()));
    }
    let by_suffix = || {
        PLUGIN_SUFFIXES.iter().find(|(suffix, _)| name.ends_with(suffix)).map(|(_, host)| (*host).to_owned())
    };
    if let Some(host) = host_of(PLUGIN_PREFIXES).or_else(by_suffix) {
        return Some(NotImported::Plugin(host));
    }
    RUNTIME_PREFIXES.iter().any(|prefix| name.starts_with(prefix)).then_some(NotImported::Runtime)
}

/// The distributions that load a [`NotImported::Runtime`] by name, sorted: without any of them nothing does. Empty where it is of use by
/// itself, such as `tzdata`.
pub fn hosts(name: &str) -> impl Iterator<Item = &'static str> {
    let line = LINES.get(name).and_then(|line| line.strip_prefix("runtime ")).unwrap_or_default();
    line.split_ascii_whitespace()
}

/// Words of code that needs a [`NotImported::Runtime`], such as `read_html` of pandas for lxml: where they are known, and no line of the
/// project has one, nothing needs it. Empty where code does not show it.
pub fn called(name: &str) -> Vec<&'static str> {
    CALLED.get(name).unwrap_or_default().split_ascii_whitespace().collect()
}

fn parse(line: &str) -> Option<NotImported> {
    match line.split_once(' ').unwrap_or((line, "")) {
        ("tool", "") => Some(NotImported::Tool),
        ("plugin", host) if !host.is_empty() => Some(NotImported::Plugin(host.to_owned())),
        ("stub", host) if !host.is_empty() => Some(NotImported::Stub(host.to_owned())),
        ("runtime", _) => Some(NotImported::Runtime),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood() {
        assert!(LINES.names().count() > 400);
        for name in LINES.names() {
            assert!(not_imported(name).is_some(), "{name}");
            assert!(hosts(name).is_sorted(), "{name}");
        }
    }

    #[test]
    fn code_shows_the_need_of_some() {
        assert!(CALLED.names().count() > 10 && called("lxml").contains(&"read_html"));
        for name in CALLED.names() {
            assert_eq!(not_imported(name), Some(NotImported::Runtime), "{name}");
        }
        assert!(called("psycopg2").is_empty());
    }

    #[test]
    fn conventions_of_names_are_known() {
        let plugin = |host: &str| Some(NotImported::Plugin(host.to_owned()));
        let stub = |host: &str| Some(NotImported::Stub(host.to_owned()));
        for (name, expected) in [
            ("pytest-cov", plugin("pytest")),
            ("flake8-bugbear", plugin("flake8")),
            ("pep8-naming", plugin("flake8")),
            ("mkdocs-material", plugin("mkdocs")),
            ("sphinxcontrib-mermaid", plugin("sphinx")),
            ("pydata-sphinx-theme", plugin("sphinx")),
            ("types-pyyaml", stub("pyyaml")),
            ("types-python-dateutil", stub("python-dateutil")),
            ("pandas-stubs", stub("pandas")),
            ("django-stubs", stub("django")),
            ("boto3-stubs", stub("boto3")),
            ("mypy-boto3-s3", stub("boto3")),
            ("celery-types", stub("celery")),
            ("gunicorn", Some(NotImported::Tool)),
            ("black", Some(NotImported::Tool)),
            ("psycopg2-binary", Some(NotImported::Runtime)),
            ("nvidia-cudnn-cu12", Some(NotImported::Runtime)),
            ("django-filter", None),
            ("requests", None),
            ("flask", None),
            ("pytest-", None),
            ("-stubs", None),
        ] {
            assert_eq!(not_imported(name), expected, "{name}");
        }
        assert!(
            hosts("psycopg2-binary").any(|host| host == "sqlalchemy") && hosts("tzdata").next().is_none()
        );
    }
}
