//! Where a distribution came from: `direct_url.json` (PEP 610).

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use uvshift_requirements::{Vcs, split_credentials};

use crate::checkout::{self, Checkout};
use crate::files;
use crate::problem::{ProblemKind, Problems};

/// Where a distribution came from. Credentials are taken out of every URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// An index, or a wheel that was named by nobody's URL.
    #[default]
    Index,
    /// A repository.
    Vcs {
        /// The system; `None` where it is none that pip knows.
        vcs: Option<Vcs>,
        /// The repository, without a `git+` in front.
        url: String,
        /// The commit that was installed.
        commit: String,
        /// What was asked for: a branch, a tag, a commit.
        requested_revision: Option<String>,
        /// The folder of the project in the repository.
        subdirectory: Option<String>,
        /// Whether the URL held something secret, which is gone.
        had_credentials: bool,
    },
    /// A file: a wheel or a source distribution.
    Archive {
        /// Its URL, `file:` for a local one.
        url: String,
        /// `sha256:DIGEST` and the like.
        hashes: Vec<String>,
        /// The folder of the project in the archive.
        subdirectory: Option<String>,
        /// Whether the URL held something secret, which is gone.
        had_credentials: bool,
    },
    /// A folder.
    Directory {
        /// The folder, as the installer wrote it down; it may be gone.
        path: PathBuf,
        /// Whether Python imports from it.
        editable: bool,
        /// The repository that an editable folder is a checkout of, where it is one: pip installs `-e git+URL` into a
        /// checkout and notes only the folder.
        checkout: Option<Checkout>,
    },
}

impl Origin {
    /// Whether it is an editable install.
    pub fn is_editable(&self) -> bool {
        matches!(self, Self::Directory { editable: true, .. })
    }
}

/// Reads `direct_url.json` of a `.dist-info` folder.
pub(crate) fn read(info: &Path, problems: &mut Problems) -> Option<Origin> {
    let path = info.join("direct_url.json");
    let text = files::read_text(&path, problems)?;
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => {
            problems.add(path, ProblemKind::Json(error.to_string()));
            return None;
        }
    };
    match parse(&value) {
        Ok(origin) => Some(origin),
        Err(why) => {
            problems.add(path, ProblemKind::Origin(why));
            None
        }
    }
}

fn parse(value: &Value) -> Result<Origin, &'static str> {
    let table = value.as_object().ok_or("it is no object")?;
    let written = text(table, "url").ok_or("it has no URL")?;
    let subdirectory = text(table, "subdirectory");
    let (url, had_credentials) = clean(&written);
    let part = |name: &str| table.get(name).and_then(Value::as_object);
    if let Some(info) = part("vcs_info") {
        let name = text(info, "vcs").unwrap_or_default();
        return Ok(Origin::Vcs {
            vcs: [Vcs::Git, Vcs::Mercurial, Vcs::Bazaar, Vcs::Subversion]
                .into_iter()
                .find(|vcs| vcs.as_str() == name),
            url,
            commit: text(info, "commit_id").ok_or("it has no commit")?,
            requested_revision: text(info, "requested_revision"),
            subdirectory,
            had_credentials,
        });
    }
    if let Some(info) = part("dir_info") {
        let path = path_of_url(&written).ok_or("the URL of its folder is no `file:` URL")?;
        let path = subdirectory.map_or_else(|| path.clone(), |inner| path.join(inner));
        let editable = info.get("editable").and_then(Value::as_bool).unwrap_or(false);
        let checkout = editable.then(|| checkout::find(&path)).flatten();
        return Ok(Origin::Directory { path, editable, checkout });
    }
    if let Some(info) = part("archive_info") {
        return Ok(Origin::Archive { url, hashes: hashes(info), subdirectory, had_credentials });
    }
    Err("it names neither a repository nor a folder nor an archive")
}

fn text(table: &Map<String, Value>, key: &str) -> Option<String> {
    table.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `hashes`, or the older `hash`, with a colon between algorithm and digest.
fn hashes(info: &Map<String, Value>) -> Vec<String> {
    if let Some(table) = info.get("hashes").and_then(Value::as_object) {
        let digests = table.iter().filter_map(|(name, digest)| Some(format!("{name}:{}", digest.as_str()?)));
        return digests.collect();
    }
    text(info, "hash").map(|hash| hash.replacen('=', ":", 1)).into_iter().collect()
}

/// A URL without what is secret in it. A user name alone is none with SSH.
pub(crate) fn clean(url: &str) -> (String, bool) {
    let (without, credentials) = split_credentials(url);
    match credentials {
        None => (url.to_owned(), false),
        Some(found) if found.password.is_none() && url.starts_with("ssh://") => (url.to_owned(), false),
        Some(_) => (without, true),
    }
}

/// The path of a `file:` URL, percent-decoded; `None` for every other URL. A drive letter has no slash in front.
///
/// ```
/// let path = uvshift_installed::path_of_url("file:///srv/my%20wheels/a.whl");
/// assert_eq!(path, Some("/srv/my wheels/a.whl".into()));
/// ```
pub fn path_of_url(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("file:")?;
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    let path = percent_decoded(path.split(['#', '?']).next().unwrap_or(path));
    // A host has the folders that it shares with Windows; elsewhere there is none in such URLs.
    if cfg!(windows) && rest.starts_with("//") && !path.starts_with('/') {
        return Some(PathBuf::from(format!("//{path}")));
    }
    let has_drive = matches!(path.as_bytes(), [b'/', drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    Some(PathBuf::from(if has_drive { &path[1..] } else { &path[..] }))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(json: &str) -> Result<Origin, &'static str> {
        parse(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn each_kind_of_direct_url_is_known() {
        let found = origin(
            r#"{"url": "https://me:token@git.example/a.git", "subdirectory": "lib",
                "vcs_info": {"vcs": "git", "commit_id": "abc", "requested_revision": "v1"}}"#,
        );
        let expected = Origin::Vcs {
            vcs: Some(Vcs::Git),
            url: "https://git.example/a.git".to_owned(),
            commit: "abc".to_owned(),
            requested_revision: Some("v1".to_owned()),
            subdirectory: Some("lib".to_owned()),
            had_credentials: true,
        };
        assert_eq!(found, Ok(expected));
        let found =
            origin(r#"{"url": "ssh://git@git.example/a", "vcs_info": {"vcs": "hg", "commit_id": "1"}}"#);
        let Ok(Origin::Vcs { vcs, url, had_credentials, .. }) = found else { panic!("{found:?}") };
        assert_eq!((vcs, &*url, had_credentials), (Some(Vcs::Mercurial), "ssh://git@git.example/a", false));
        let found =
            origin(r#"{"url": "https://files.example/a.whl", "archive_info": {"hash": "sha256=0f"}}"#);
        let Ok(Origin::Archive { hashes, .. }) = found else { panic!("{found:?}") };
        assert_eq!(hashes, ["sha256:0f"]);
        let found = origin(r#"{"url": "file:///home/a%20b", "dir_info": {"editable": true}}"#);
        assert_eq!(found, Ok(Origin::Directory { path: "/home/a b".into(), editable: true, checkout: None }));
    }

    #[test]
    fn what_is_no_direct_url_is_told() {
        for json in [
            "[]",
            "{}",
            r#"{"url": 3}"#,
            r#"{"url": "https://a.example"}"#,
            r#"{"url": "https://a.example", "vcs_info": {"vcs": "git"}}"#,
            r#"{"url": "https://a.example", "dir_info": {}}"#,
        ] {
            assert!(origin(json).is_err(), "{json}");
        }
    }

    #[test]
    fn file_urls_are_paths() {
        for (url, path) in [
            ("file:///a/b%C3%A9#egg=x", "/a/bé"),
            ("file://localhost/a", "/a"),
            ("file:///C:/work/a", "C:/work/a"),
            ("file:///a%", "/a%"),
            ("file:///a%zz%+1", "/a%zz%+1"),
        ] {
            assert_eq!(path_of_url(url), Some(PathBuf::from(path)), "{url}");
        }
        assert_eq!(path_of_url("https://a.example"), None);
    }

    #[cfg(windows)]
    #[test]
    fn a_host_shares_its_folders() {
        let expected = PathBuf::from(r"\\host\share\a b");
        for url in ["file://host/share/a%20b", "file:////host/share/a%20b"] {
            assert_eq!(path_of_url(url), Some(expected.clone()), "{url}");
        }
    }
}
