//! How the tools reach packages: the same for every contender, and nothing of it shown.

use std::path::PathBuf;

use uvshift_process::CommandSpec;

/// Where packages come from. Both tools get it in their own way; the caller's `PIP_*`, `UV_*` and configuration files are kept
/// from them, so what is not here does not count.
///
/// URLs, proxies and other variables are handed over in the environment and never shown, since they may hold credentials.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IndexSettings {
    /// The index (PEP 503). `None` is the one that both tools know without being told.
    pub url: Option<String>,
    /// Further indexes.
    pub extra_urls: Vec<String>,
    /// Folders of wheels, or pages that link to some.
    pub find_links: Vec<String>,
    /// Whether packages come from [`find_links`](Self::find_links) alone.
    pub no_index: bool,
    /// A file of certificates (PEM) to trust.
    pub certificate: Option<PathBuf>,
    /// Further variables that the tools need to reach the index: `HTTPS_PROXY`, `NO_PROXY`, `NETRC`, ...
    pub variables: Vec<(String, String)>,
    /// Further arguments of `pip install`, such as `--trusted-host`.
    pub extra_pip_args: Vec<String>,
    /// Further arguments of `uv pip install` and `uv pip compile`, such as `--allow-insecure-host`.
    pub extra_uv_args: Vec<String>,
    /// Whether the index runs on this machine, so that the network does not decide.
    pub local: bool,
}

impl IndexSettings {
    /// Where packages come from. Pages, which may hold credentials, go into the environment: arguments can be seen by
    /// everybody on the machine.
    pub(crate) fn links(&self, spec: CommandSpec, (variable, separator): (&str, &str)) -> CommandSpec {
        let spec = if self.no_index { spec.arg("--no-index") } else { spec };
        let (pages, folders): (Vec<&String>, Vec<&String>) =
            self.find_links.iter().partition(|link| link.contains("://"));
        let spec = folders.into_iter().fold(spec, |spec, folder| spec.arg("--find-links").arg(folder));
        let pages: Vec<&str> = pages.into_iter().map(String::as_str).collect();
        if pages.is_empty() { spec } else { spec.env(variable, pages.join(separator)) }
    }
}

// Written by hand, so that no credentials reach a log through `{:?}`.
impl std::fmt::Debug for IndexSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.variables.iter().map(|(name, _)| name).collect();
        formatter
            .debug_struct("IndexSettings")
            .field("no_index", &self.no_index)
            .field("variables", &names)
            .field("local", &self.local)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_in_no_list_of_processes() {
        let links = ["/srv/wheels", "https://me:s3cret@index.example/a", "https://index.example/b"];
        let settings =
            IndexSettings { find_links: links.map(str::to_owned).into(), ..IndexSettings::default() };
        let spec = settings.links(CommandSpec::new("uv"), ("UV_FIND_LINKS", ","));
        assert_eq!(spec.arguments(), ["--find-links", "/srv/wheels"]);
        let pages = "https://me:s3cret@index.example/a,https://index.example/b";
        assert_eq!(spec.variables(), [("UV_FIND_LINKS".into(), pages.into())]);
    }
}
