//! What `pip freeze` prints.

use std::path::Path;
use std::str::FromStr as _;

use pep440_rs::Version;
use uvshift_installed::{Checkout, Origin, path_of_url};

use crate::url::{self, ends_something, in_one_word};
use crate::{Package, Snapshot};

/// A requirements file with every package at its version, as `pip freeze --all` of pip 26.3 prints it.
///
/// It differs where pip's lines could not be installed: a develop install whose sources are in a folder of their own is named by
/// its project, and a package without a version is a comment. URLs have no credentials but names of variables.
pub fn freeze(snapshot: &Snapshot) -> String {
    lines(snapshot, |_| true)
}

/// As [`freeze`], but without the tools that environments are made with: what `pip freeze` prints. Since Python 3.12 that is
/// only pip, before that setuptools, wheel and distribute too.
pub fn freeze_without_tools(snapshot: &Snapshot) -> String {
    let is_old = snapshot.python.version.as_deref().is_some_and(is_before_3_12);
    lines(snapshot, |package| match package.normalized_name.as_str() {
        "pip" => false,
        "setuptools" | "wheel" | "distribute" => !is_old,
        _ => true,
    })
}

fn is_before_3_12(version: &str) -> bool {
    Version::from_str(version).is_ok_and(|version| version < Version::new([3, 12]))
}

fn lines(snapshot: &Snapshot, wanted: impl Fn(&Package) -> bool) -> String {
    let mut packages: Vec<&Package> = snapshot.packages.iter().filter(|package| wanted(package)).collect();
    packages.sort_by_key(|package| package.name.to_lowercase());
    packages.into_iter().fold(String::new(), |mut text, package| {
        text.push_str(&line(package));
        text.push('\n');
        text
    })
}

/// One requirement, with comments in lines above it where it is an editable one without a repository.
fn line(package: &Package) -> String {
    // Cleaned once more: a snapshot may come from a file that somebody else wrote.
    let written =
        |url: &str| in_one_word(&url::without_secrets(package.direct_url.as_deref().unwrap_or(url)));
    let name = &package.name;
    match &package.origin {
        Origin::Index => pinned(package),
        Origin::Directory { path, editable: true, checkout } => editable(package, path, checkout.as_ref()),
        Origin::Directory { path, editable: false, .. } => {
            let fragment = subdirectory(package, path).map(|folder| format!("subdirectory={folder}"));
            format!("{name} @ {}", with_fragments(written(&url::of_path(path)), fragment))
        }
        Origin::Archive { url, hashes, subdirectory, .. } => {
            let hash = hashes.first().map(|hash| hash.replacen(':', "=", 1));
            let folder = subdirectory.as_ref().map(|folder| format!("subdirectory={folder}"));
            format!("{name} @ {}", with_fragments(written(url), hash.into_iter().chain(folder)))
        }
        Origin::Vcs { vcs: Some(vcs), url, commit, subdirectory, .. } => {
            let folder = subdirectory.as_ref().map(|folder| format!("subdirectory={folder}"));
            let address = format!("{}+{}@{}", vcs.as_str(), written(url), in_one_word(commit));
            format!("{name} @ {}", with_fragments(address, folder))
        }
        Origin::Vcs { vcs: None, .. } => {
            format!("# Installed from an unknown version control system\n{}", pinned(package))
        }
    }
}

fn with_fragments(url: String, fragments: impl IntoIterator<Item = String>) -> String {
    let fragments: Vec<String> = fragments.into_iter().map(|fragment| in_one_word(&fragment)).collect();
    if fragments.is_empty() { url } else { format!("{url}#{}", fragments.join("&")) }
}

/// The folder of a project in the folder that `direct_url.json` names; an [`Origin`] has both in one path.
fn subdirectory(package: &Package, path: &Path) -> Option<String> {
    let named = path_of_url(package.direct_url.as_deref()?)?;
    let inner = path.strip_prefix(named).ok()?.to_string_lossy().replace('\\', "/");
    Some(inner).filter(|inner| !inner.is_empty())
}

/// `name==version` with the version in its normal form, or `name===version` where it is none of PEP 440.
fn pinned(package: &Package) -> String {
    let Package { name, version, .. } = package;
    match Version::from_str(version) {
        Ok(version) => format!("{name}=={version}"),
        Err(_) if version.is_empty() => format!("# {name}: its version is unknown"),
        Err(_) if version.chars().all(is_of_version) => format!("{name}==={version}"),
        Err(_) => format!("# {name}: its version is none: {}", in_one_word(version)),
    }
}

/// What may stand after `===`, and means nothing else in a requirements file.
fn is_of_version(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-' | '+' | '!' | '*' | '~' | ':')
}

fn editable(package: &Package, path: &Path, checkout: Option<&Checkout>) -> String {
    let location = folder(path);
    let shown = pinned(package);
    let Some(checkout) = checkout else {
        let why = match control(path) {
            Control::None => format!("# Editable install with no version control ({shown})"),
            Control::Git => format!("# Editable Git install with no remote ({shown})"),
            Control::Other => "## !! Could not determine repository location".to_owned(),
        };
        return format!("{why}\n-e {location}");
    };
    let Some(url) = address(&url::without_secrets(&checkout.url)) else {
        let remote = in_one_word(&url::without_secrets(&checkout.url));
        return format!(
            "# Editable Git install ({shown}) with either a deleted local remote or invalid URI:\n# '{remote}'\n-e {location}"
        );
    };
    let egg = package.name.replace('-', "_");
    let folder =
        checkout.subdirectory.as_ref().map(|folder| format!("&subdirectory={}", in_one_word(folder)));
    format!(
        "-e git+{}@{}#egg={egg}{}",
        in_one_word(&url),
        in_one_word(&checkout.commit),
        folder.unwrap_or_default()
    )
}

/// A folder as pip takes it after `-e`: a path, or a URL where the path would be read as something else.
fn folder(path: &Path) -> String {
    let is_plain = |character: char| match character {
        ' ' => true,
        // The separator of Windows, which only at the end of a line does harm.
        '\\' => cfg!(windows),
        '$' | '#' => false,
        character => !ends_something(character),
    };
    match path.to_str() {
        Some(text) if text.chars().all(is_plain) && !text.ends_with(['\\', ' ']) => text.to_owned(),
        _ => url::of_path(path),
    }
}

/// Whether a folder is under version control, told by the folders that such systems make.
enum Control {
    None,
    Git,
    /// Another system, or a worktree or submodule of git, whose repository is elsewhere.
    Other,
}

fn control(path: &Path) -> Control {
    let of = |folder: &Path| {
        if folder.join(".git").is_dir() {
            return Some(Control::Git);
        }
        let other = [".git", ".hg", ".svn", ".bzr"].iter().any(|marker| folder.join(marker).exists());
        other.then_some(Control::Other)
    };
    path.ancestors().find_map(of).unwrap_or(Control::None)
}

/// The URL of a remote of git: itself, a local folder as `file:`, `user@host:path` as `ssh:`; `None` where it is none of these.
fn address(remote: &str) -> Option<String> {
    if let Some((scheme, _)) = remote.split_once("://")
        && !scheme.is_empty()
        && scheme.chars().all(is_word)
    {
        return Some(remote.to_owned());
    }
    if Path::new(remote).is_absolute() && Path::new(remote).exists() {
        return Some(url::of_path(Path::new(remote)));
    }
    let (host, path) = remote.split_once(':')?;
    let server = host.split_once('@').map_or(host, |(_, server)| server);
    let is_host = !server.is_empty() && !server.contains('/') && !host.contains('/');
    (is_host && path.starts_with(is_word) && !path.contains(':')).then(|| format!("ssh://{host}/{path}"))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests;
