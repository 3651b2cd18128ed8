//! Where packages come from: the settings of pip and of the command line, as uv takes them.

use std::fmt;
use std::path::{Path, PathBuf};

use uvshift_ini::{Dialect, Document};
use uvshift_requirements::split_credentials;

use crate::url;

/// Indexes and folders of packages. URLs may hold credentials; uv reads them from a private file, so that they are in no list
/// of processes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Indexes {
    /// `index-url`, in place of the index that uv would take.
    pub default: Option<String>,
    /// `extra-index-url`, the first one first.
    pub extra: Vec<String>,
    /// `find-links`: folders, files and URLs.
    pub find_links: Vec<String>,
    /// `no-index`: only `find_links` and direct URLs.
    pub none: bool,
    /// `trusted-host`: hosts that need no valid certificate.
    pub trusted_hosts: Vec<String>,
    /// `cert`: a file of certificates to trust. It is for the caller to hand on.
    pub certificates: Option<PathBuf>,
    /// `constraint`: constraints files. An environment that is made anew has its versions already.
    pub constraints: Vec<PathBuf>,
}

/// The settings of pip that name indexes.
const SETTINGS: [&str; 7] =
    ["index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "cert", "constraint"];

/// What pip reads of a configuration file for `pip install`, the winner last.
const SECTIONS: [&str; 2] = ["global", "install"];

impl Indexes {
    /// The indexes that pip 26.3 takes for `pip install`.
    ///
    /// `files` are the texts of its configuration files, the weakest one first, as `pip config debug` lists them: global, user,
    /// site, `PIP_CONFIG_FILE`; without the user's where `PIP_CONFIG_FILE` names a file that is there. `variables` are those of the environment; only `PIP_*` are looked at, and they win.
    pub fn of_pip<'a>(
        files: impl IntoIterator<Item = &'a str>,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut found = Self::default();
        let documents: Vec<Document> =
            files.into_iter().map(|text| Document::parse(text, &Dialect::RAW)).collect();
        // pip goes through the sections first and through the files in each of them.
        for section in SECTIONS {
            for name in SETTINGS {
                for document in &documents {
                    let value = document
                        .get(section, name)
                        .or_else(|| document.get(section, &name.replace('-', "_")))
                        .and_then(|key| key.value.clone());
                    if let Some(value) = value {
                        found.set(name, &value);
                    }
                }
            }
        }
        for (variable, value) in variables {
            let name = variable.strip_prefix("PIP_").map(|name| name.to_lowercase().replace('_', "-"));
            if let Some(name) = name
                && !value.is_empty()
            {
                found.set(&name, value);
            }
        }
        found
    }

    /// Sets what a setting of pip says, in place of what was said before.
    fn set(&mut self, name: &str, value: &str) {
        let words = || value.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        match name {
            "index-url" => self.default = words().into_iter().next(),
            "extra-index-url" => self.extra = words(),
            "find-links" => self.find_links = words(),
            "trusted-host" => self.trusted_hosts = words(),
            "cert" => self.certificates = Some(PathBuf::from(value.trim())),
            "constraint" => self.constraints = words().into_iter().map(PathBuf::from).collect(),
            "no-index" => {
                self.none =
                    matches!(value.trim().to_lowercase().as_str(), "1" | "true" | "yes" | "on" | "y" | "t");
            }
            _ => {}
        }
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The lines of a requirements file that say it; relative folders are those of `folder`.
    pub(crate) fn lines(&self, folder: &Path) -> Vec<String> {
        let mut lines = Vec::new();
        if self.none {
            lines.push("--no-index".to_owned());
        } else {
            lines.extend(self.default.iter().map(|url| format!("--index-url {url}")));
            lines.extend(self.extra.iter().map(|url| format!("--extra-index-url {url}")));
        }
        lines.extend(self.find_links.iter().map(|place| format!("--find-links {}", absolute(place, folder))));
        lines
    }

    /// Every text in the URLs that may not be shown.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let urls = self.default.iter().chain(&self.extra).chain(&self.find_links);
        let mut secrets: Vec<String> = Vec::new();
        for credentials in urls.filter_map(|url| split_credentials(url).1) {
            // A token is often the user name, without a password.
            let secret = credentials.password.clone().unwrap_or_else(|| credentials.username.clone());
            secrets.extend([secret]);
        }
        secrets.retain(|secret| secret.len() > 3 && !secret.starts_with("${"));
        secrets
    }
}

/// A place of packages as uv takes it wherever the file with it stands: a URL.
fn absolute(place: &str, folder: &Path) -> String {
    // A drive letter is no scheme.
    if place.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1) {
        return place.to_owned();
    }
    let path: PathBuf = folder.join(place);
    url::of_path(&std::path::absolute(&path).unwrap_or(path))
}

// Written by hand, so that no credentials reach a log through `{:?}`.
impl fmt::Debug for Indexes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = |url: &String| split_credentials(url).0;
        formatter
            .debug_struct("Indexes")
            .field("default", &self.default.as_ref().map(clean))
            .field("extra", &self.extra.iter().map(clean).collect::<Vec<_>>())
            .field("find_links", &self.find_links.iter().map(clean).collect::<Vec<_>>())
            .field("none", &self.none)
            .field("trusted_hosts", &self.trusted_hosts)
            .field("certificates", &self.certificates)
            .field("constraints", &self.constraints)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_files_and_variables_win_as_with_pip() {
        let system = "[global]\nindex-url = https://system.example/simple\nextra-index-url =\n  https://a.example/simple\n  https://b.example/simple\n[install]\ntrusted-host = a.example\n";
        let user = "[global]\nindex_url = https://user.example/simple\ntrusted-host = lost.example\n[freeze]\nno-index = true\n";
        let found = Indexes::of_pip([system, user], [("PIP_FIND_LINKS", "wheels more"), ("HOME", "/x")]);
        assert_eq!(found.default.as_deref(), Some("https://user.example/simple"));
        assert_eq!(found.extra, ["https://a.example/simple", "https://b.example/simple"]);
        assert_eq!(found.trusted_hosts, ["a.example"], "`install` wins over `global`, whatever the file");
        assert_eq!(found.find_links, ["wheels", "more"]);
        assert!(!found.none, "a setting of another command");
        let found =
            Indexes::of_pip([system], [("PIP_INDEX_URL", "https://env.example"), ("PIP_NO_INDEX", "1")]);
        assert_eq!((found.default.as_deref(), found.none), (Some("https://env.example"), true));
        let found = Indexes::of_pip(["[global]\ncert = /a b.pem\nconstraint = /c.txt /d.txt\n"], []);
        assert_eq!(found.certificates.as_deref(), Some(Path::new("/a b.pem")));
        assert_eq!(found.constraints, [Path::new("/c.txt"), Path::new("/d.txt")]);
    }

    #[test]
    fn uv_is_told_in_lines_of_a_file() {
        let found = Indexes {
            default: Some("https://me:s3cret@index.example/simple".to_owned()),
            extra: vec!["https://tokentoken@index.example/more".to_owned()],
            find_links: vec!["my wheels".to_owned(), "https://files.example/".to_owned()],
            ..Indexes::default()
        };
        let folder = if cfg!(windows) { "C:/work/it" } else { "/work/it" };
        let wheels = format!("--find-links file:///{}/my%20wheels", folder.trim_start_matches('/'));
        assert_eq!(
            found.lines(Path::new(folder)),
            [
                "--index-url https://me:s3cret@index.example/simple",
                "--extra-index-url https://tokentoken@index.example/more",
                &wheels,
                "--find-links https://files.example/",
            ]
        );
        assert_eq!(found.secrets(), ["s3cret", "tokentoken"]);
        let shown = format!("{found:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("tokentoken"), "{shown}");
    }
}
