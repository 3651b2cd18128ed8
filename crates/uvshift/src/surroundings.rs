//! What the user has set for pip and uv, which the libraries are told since they do not look for themselves.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use uvshift_migrate::Wanted;
use uvshift_venv::{Home, Indexes, Place};

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
    /// What pip is configured with: its files, the weakest first, and its variables. Nothing is run for it. `prefix` is the
    /// environment or Python whose own file counts, too.
    pub(crate) fn of_pip(prefix: Option<&Path>) -> Self {
        let texts: Vec<String> = pip_files(prefix).iter().filter_map(|file| read(file)).collect();
        let variables = variables();
        let variables = variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let Indexes { default, extra, find_links, none, trusted_hosts, certificates, constraints } =
            Indexes::of_pip(texts.iter().map(String::as_str), variables);
        Self {
            index_url: default,
            extra_index_urls: extra,
            find_links,
            no_index: none,
            certificates,
            trusted_hosts,
            constraints,
        }
    }

    /// The same for the Python at this place, such as `PREFIX/bin/python`.
    pub(crate) fn of_python(python: &Path) -> Self {
        Self::of_pip(python.parent().and_then(Path::parent))
    }

    /// Relative folders are those of `folder`: what is measured runs elsewhere.
    pub(crate) fn below(mut self, folder: &Path) -> Self {
        let is_path = |place: &str| place.split_once(':').is_none_or(|(scheme, _)| scheme.len() < 2);
        for place in self.find_links.iter_mut().filter(|place| is_path(place)) {
            let path = folder.join(&*place);
            *place = std::path::absolute(&path).unwrap_or(path).to_string_lossy().into_owned();
        }
        self
    }

    /// What the project says beats what the user has set up.
    pub(crate) fn with_project(mut self, wanted: &Wanted) -> Self {
        self.index_url = wanted.index_url.clone().or(self.index_url);
        self.extra_index_urls.extend(wanted.extra_index_urls.iter().cloned());
        self.find_links.extend(wanted.find_links.iter().cloned());
        self.trusted_hosts.extend(wanted.trusted_hosts.iter().cloned());
        self.no_index |= wanted.no_index;
        self
    }

    /// What uv is told by its own variables beats what pip is told.
    pub(crate) fn with_uv_variables(mut self) -> Self {
        let text =
            |name: &str| settings::variable(name)?.into_string().ok().filter(|value| !value.is_empty());
        if let Some(url) = text("UV_DEFAULT_INDEX").or_else(|| text("UV_INDEX_URL")) {
            self.index_url = Some(without_name(&url).to_owned());
        }
        for name in ["UV_INDEX", "UV_EXTRA_INDEX_URL"] {
            for url in text(name).iter().flat_map(|value| value.split_whitespace()).map(without_name) {
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

/// The URL of an index that uv is given as `NAME=URL`.
fn without_name(index: &str) -> &str {
    match index.split_once('=') {
        Some((name, url)) if !name.contains(['/', ':']) => url,
        _ => index,
    }
}

/// A file with credentials for hosts.
pub(crate) fn netrc() -> Option<PathBuf> {
    let named = settings::variable("NETRC").map(PathBuf::from);
    named.or_else(|| settings::home().map(|home| home.join(".netrc"))).filter(|file| file.is_file())
}

/// The configuration files of pip, the weakest first, as `pip config debug` lists them. Most of them are not there.
fn pip_files(prefix: Option<&Path>) -> Vec<PathBuf> {
    let named = settings::variable("PIP_CONFIG_FILE").filter(|value| !value.is_empty()).map(PathBuf::from);
    if named.as_deref() == Some(Path::new(if cfg!(windows) { "nul" } else { "/dev/null" })) {
        return Vec::new();
    }
    let base = etcetera::choose_base_strategy().ok();
    let below = |folder: Option<PathBuf>, file: &str| folder.map(|folder| folder.join(file));
    let (global, user): (Vec<_>, Vec<_>) = if cfg!(windows) {
        let data = settings::variable("ProgramData").map(PathBuf::from);
        let user = [
            below(settings::home(), "pip\\pip.ini"),
            below(base.map(|base| base.data_dir()), "pip\\pip.ini"),
        ];
        (vec![below(data, "pip\\pip.ini")], user.into())
    } else {
        let own = below(base.map(|base| base.config_dir()), "pip/pip.conf");
        let of_mac = below(settings::home(), "Library/Application Support/pip/pip.conf");
        let system = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"].map(|file| Some(PathBuf::from(file)));
        (
            system.into(),
            vec![below(settings::home(), ".pip/pip.conf"), of_mac.filter(|_| cfg!(target_os = "macos")), own],
        )
    };
    // A file that is named takes the place of the user's own.
    let user = if named.as_deref().is_some_and(Path::is_file) { Vec::new() } else { user };
    let site = prefix.map(|prefix| prefix.join(if cfg!(windows) { "pip.ini" } else { "pip.conf" }));
    global.into_iter().chain(user).chain([site, named]).flatten().collect()
}

/// A text of a bounded size, which a configuration file is.
fn read(file: &Path) -> Option<String> {
    const MOST: u64 = 1 << 20;
    let is_small = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MOST);
    if is_small { std::fs::read_to_string(file).ok() } else { None }
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
    fn an_index_of_uv_may_have_a_name() {
        assert_eq!(without_name("corp=https://index.example/simple"), "https://index.example/simple");
        assert_eq!(without_name("https://index.example/simple?a=b"), "https://index.example/simple?a=b");
    }

    #[test]
    fn relative_folders_become_absolute() {
        let links = ["wheels", "/srv/wheels", "https://index.example/links"].map(str::to_owned);
        let sources = Sources { find_links: links.into(), ..Sources::default() }.below(Path::new("/project"));
        assert_eq!(sources.find_links, ["/project/wheels", "/srv/wheels", "https://index.example/links"]);
    }
}
