//! What the user has set for pip and uv, which the libraries are told since they do not look for themselves.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy;
use uvshift_migrate::Wanted;
use uvshift_process::{CommandSpec, Runner};
use uvshift_venv::{Home, Place};

use crate::settings;

/// Where packages come from, as pip is configured. Credentials may be in the URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    pub(crate) index_url: Option<String>,
    pub(crate) extra_index_urls: Vec<String>,
    pub(crate) find_links: Vec<String>,
    pub(crate) no_index: bool,
    pub(crate) certificates: Option<PathBuf>,
    pub(crate) trusted_hosts: Vec<String>,
    pub(crate) constraints: Vec<PathBuf>,
}

impl Sources {
    /// What pip itself says of its configuration: files and variables, in its own order of precedence.
    pub(crate) fn of_pip(python: &Path, runner: &dyn Runner) -> Self {
        Self::asked(python, runner).unwrap_or_default()
    }

    /// The same of the first of these Pythons that has pip.
    pub(crate) fn of_first_pip(pythons: &[PathBuf], runner: &dyn Runner) -> Self {
        pythons.iter().find_map(|python| Self::asked(python, runner)).unwrap_or_default()
    }

    fn asked(python: &Path, runner: &dyn Runner) -> Option<Self> {
        let spec = CommandSpec::new(python)
            .args(["-m", "pip", "--disable-pip-version-check", "config", "list"])
            .timeout(Duration::from_mins(1));
        let output = runner.run(&spec).ok().filter(uvshift_process::Output::success)?;
        Some(Self::of_list(&output.stdout_text()))
    }

    /// Reads lines such as `global.index-url='https://index.example/simple'`. A later section wins, as variables
    /// (`:env:`) do over files and `install` over `global`.
    fn of_list(text: &str) -> Self {
        let mut sources = Self::default();
        for section in ["global", "download", "install", ":env:"] {
            for line in text.lines() {
                let Some((name, value)) = line.split_once('=') else { continue };
                let Some(name) = name.strip_prefix(section).and_then(|rest| rest.strip_prefix('.')) else {
                    continue;
                };
                sources.set(name, &unquoted(value));
            }
        }
        sources
    }

    fn set(&mut self, name: &str, value: &str) {
        let words = || value.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        match name {
            "index-url" => self.index_url = Some(value.to_owned()),
            "extra-index-url" => self.extra_index_urls = words(),
            "find-links" => self.find_links = words(),
            "trusted-host" => self.trusted_hosts = words(),
            "constraint" => self.constraints = words().into_iter().map(PathBuf::from).collect(),
            "cert" => self.certificates = Some(PathBuf::from(value)),
            "no-index" => {
                self.no_index = matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on");
            }
            _ => {}
        }
    }

    /// What the project says beats what the user has set up.
    pub(crate) fn with_project(mut self, wanted: &Wanted) -> Self {
        self.index_url = wanted.index_url.clone().or(self.index_url);
        self.extra_index_urls.extend(wanted.extra_index_urls.iter().cloned());
        self.find_links.extend(wanted.find_links.iter().cloned());
        self.no_index |= wanted.no_index;
        self
    }

    /// What uv is told by its own variables beats what pip is told.
    pub(crate) fn with_uv_variables(mut self) -> Self {
        let text =
            |name: &str| settings::variable(name)?.into_string().ok().filter(|value| !value.is_empty());
        if let Some(url) = text("UV_DEFAULT_INDEX").or_else(|| text("UV_INDEX_URL")) {
            self.index_url = Some(url);
        }
        for name in ["UV_INDEX", "UV_EXTRA_INDEX_URL"] {
            for url in text(name).iter().flat_map(|value| value.split_whitespace()) {
                if !self.extra_index_urls.iter().any(|known| known == url) {
                    self.extra_index_urls.push(url.to_owned());
                }
            }
        }
        if self.certificates.is_none() {
            self.certificates = text("SSL_CERT_FILE").map(PathBuf::from);
        }
        self
    }
}

/// A file with credentials for hosts.
pub(crate) fn netrc() -> Option<PathBuf> {
    let named = settings::variable("NETRC").map(PathBuf::from);
    named.or_else(|| settings::home().map(|home| home.join(".netrc"))).filter(|file| file.is_file())
}

/// The value as `repr` of Python writes a text.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut letters = inner.unwrap_or(value).chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    text
}

/// Variables that say how to reach an index: proxies and certificates.
pub(crate) fn network_variables() -> Vec<(OsString, OsString)> {
    const NAMES: [&str; 12] = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
    ];
    NAMES.iter().filter_map(|name| Some((OsString::from(*name), settings::variable(name)?))).collect()
}

/// Variables of the environment; those that hold no text are left out. What matters of them is for others to say.
pub(crate) fn variables() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The places where pip and uv look for configuration; most of them are not there.
pub(crate) fn configuration() -> Vec<PathBuf> {
    let path = |name: &str| settings::variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = etcetera::choose_base_strategy().ok().map(|base| base.config_dir());
    let below = |folder: Option<PathBuf>, file: &str| folder.map(|folder| folder.join(file));
    let system = |file: &str| Some(PathBuf::from(file)).filter(|_| cfg!(unix));
    let all = [
        path("PIP_CONFIG_FILE"),
        below(config.clone(), "pip/pip.conf"),
        below(settings::home(), ".pip/pip.conf"),
        below(settings::home(), "Library/Application Support/pip/pip.conf"),
        below(path("APPDATA"), "pip/pip.ini"),
        system("/etc/pip.conf"),
        system("/etc/xdg/pip/pip.conf"),
        path("UV_CONFIG_FILE"),
        below(config, "uv/uv.toml"),
        system("/etc/uv/uv.toml"),
        Some(PathBuf::from("uv.toml")),
    ];
    all.into_iter().flatten().collect()
}

/// The folders in which tools keep environments, as their variables and defaults say.
pub(crate) fn homes() -> Vec<Home> {
    let path = |name: &str| settings::variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = settings::home();
    let below = |parts: &str| home.as_ref().map(|home| home.join(parts));
    let base = etcetera::choose_base_strategy().ok();
    let (cache, data) =
        (base.as_ref().map(BaseStrategy::cache_dir), base.as_ref().map(BaseStrategy::data_dir));
    let conda = path("CONDA_EXE").and_then(|exe| Some(exe.parent()?.parent()?.join("envs")));
    let mamba = path("MAMBA_ROOT_PREFIX").map(|root| root.join("envs"));
    let condas = [".conda/envs", "miniconda3/envs", "anaconda3/envs", "miniforge3/envs", "mambaforge/envs"];
    let found = [
        (Place::Virtualenvwrapper, path("WORKON_HOME").or_else(|| below(".virtualenvs"))),
        (Place::Poetry, path("POETRY_VIRTUALENVS_PATH").or_else(|| poetry_cache(cache.as_deref()))),
        (Place::Pipenv, path("WORKON_HOME").or_else(|| data.as_ref().map(|data| data.join("virtualenvs")))),
        (
            Place::Hatch,
            path("HATCH_DATA_DIR")
                .or_else(|| data.as_ref().map(|data| data.join("hatch")))
                .map(|it| it.join("env/virtual")),
        ),
        (Place::Pyenv, path("PYENV_ROOT").or_else(|| below(".pyenv")).map(|root| root.join("versions"))),
        (Place::Conda, conda),
        (Place::Conda, mamba),
    ];
    let condas = condas.into_iter().map(|folder| (Place::Conda, below(folder)));
    let all = found.into_iter().chain(condas);
    all.filter_map(|(place, folder)| Some(Home { place, folder: folder? })).collect()
}

fn poetry_cache(cache: Option<&Path>) -> Option<PathBuf> {
    let own = settings::variable("POETRY_CACHE_DIR").map(PathBuf::from);
    Some(own.or_else(|| cache.map(|cache| cache.join("pypoetry")))?.join("virtualenvs"))
}

/// conda's list of environments.
pub(crate) fn conda_list() -> Option<PathBuf> {
    settings::home().map(|home| home.join(".conda/environments.txt"))
}

/// The environment that is active.
pub(crate) fn active() -> Option<PathBuf> {
    ["VIRTUAL_ENV", "CONDA_PREFIX"].iter().find_map(|name| settings::variable(name)).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pip_says_of_itself() {
        let found = Sources::of_list(
            "global.index-url='https://index.example/simple'\nglobal.find-links='/a\\n/b'\n\
             install.no-index='true'\n:env:.index-url=\"https://other.example/it's\"\n:env:.cert='/c.pem'\nodd\n",
        );
        assert_eq!(found.index_url.as_deref(), Some("https://other.example/it's"));
        assert_eq!(found.find_links, ["/a", "/b"]);
        assert!(found.no_index);
        assert_eq!(found.certificates.as_deref(), Some(Path::new("/c.pem")));
    }
}
