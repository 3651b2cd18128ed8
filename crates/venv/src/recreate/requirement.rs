//! A package as a line of a requirements file that gives exactly it.

use std::path::Path;

use uvshift_installed::{Form, Origin};
use uvshift_requirements::Vcs;

use super::{Allowances, Cause, Offer, Refusal, Way};
use crate::Package;
use crate::url::of_path as file_url;

/// What is done for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    /// The name as its metadata has it.
    pub(crate) name: String,
    /// The normalised name.
    pub(crate) normalized_name: String,
    /// The version as its metadata has it.
    pub(crate) version: String,
    /// How it comes into the environment.
    pub(crate) way: Way,
    /// The lines of a requirements file; none where uv has nothing to do.
    pub(crate) lines: Vec<String>,
}

/// What is done for a package, or why nothing can be done.
pub(crate) fn task(package: &Package, allow: &Allowances) -> Result<Task, Refusal> {
    let name = &package.normalized_name;
    let task = |way, lines| Task {
        name: package.name.clone(),
        normalized_name: name.clone(),
        version: package.version.clone(),
        way,
        lines,
    };
    if allow.without.contains(name) {
        return Ok(task(Way::LeftOut, Vec::new()));
    }
    if allow.carry.contains(name) {
        return Ok(task(Way::Carried, Vec::new()));
    }
    if !is_name(name) {
        let reason = "its name is none that could be asked for";
        return Err(refusal(package, Cause::Unclear, reason, &[Offer::Carry, Offer::LeaveOut]));
    }
    let (way, lines) = match &package.origin {
        Origin::Index => (Way::Index, from_index(package, allow)?),
        Origin::Vcs { .. } => (Way::Vcs, vec![from_repository(package)?]),
        Origin::Archive { .. } => (Way::Archive, vec![from_archive(package)?]),
        Origin::Directory { path, editable, .. } => {
            let (way, line) = from_folder(package, path, *editable)?;
            (way, vec![line])
        }
    };
    if lines.iter().any(|line| line.contains(char::is_control)) {
        return Err(unwritable(package));
    }
    Ok(task(way, lines))
}

/// Whether a name may be a part of a requirement (PEP 508); another one could hold options of uv.
pub(crate) fn is_name(name: &str) -> bool {
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let (first, last) = (name.bytes().next(), name.bytes().last());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    is_end(first) && is_end(last) && name.bytes().all(is_plain)
}

/// `===`, since `==2.1` is also `2.1+cu118`, and pip and uv prefer that one. uv 0.13.9 compares with `===` by meaning, so
/// `1.0-1` is `1.0.post1`.
fn from_index(package: &Package, allow: &Allowances) -> Result<Vec<String>, Refusal> {
    let version = package.version.trim();
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_' | b'!');
    if version.is_empty() || !version.bytes().all(is_plain) {
        let reason = "its metadata has no version that an index could be asked for";
        return Err(refusal(package, Cause::Unclear, reason, &[Offer::Carry, Offer::LeaveOut]));
    }
    let requirement = format!("{}==={version}", package.normalized_name);
    if allow.build.has(&package.normalized_name) {
        return Ok(vec![requirement]);
    }
    // Building runs code that nobody has asked for. uv takes this line for the one package.
    Ok(vec![format!("--only-binary {}", package.normalized_name), requirement])
}

fn from_repository(package: &Package) -> Result<String, Refusal> {
    let Origin::Vcs { vcs, url, commit, subdirectory, .. } = &package.origin else {
        return Err(refusal(package, Cause::Unclear, "", &[]));
    };
    if *vcs != Some(Vcs::Git) {
        let reason = "uv installs from git repositories only";
        return Err(refusal(package, Cause::Other, reason, &[Offer::Carry, Offer::LeaveOut]));
    }
    let fragment = subdirectory.as_ref().map(|inner| format!("#subdirectory={}", encoded(inner)));
    let line = format!("{} @ git+{url}@{commit}{}", package.normalized_name, fragment.unwrap_or_default());
    one_line(package, line, &[url, commit])
}

fn from_archive(package: &Package) -> Result<String, Refusal> {
    let Origin::Archive { url, hashes, subdirectory, .. } = &package.origin else {
        return Err(refusal(package, Cause::Unclear, "", &[]));
    };
    let path = uvshift_installed::path_of_url(url);
    if let Some(path) = path.as_ref().filter(|path| !path.is_file()) {
        return Err(gone(package, path));
    }
    let url = path.map_or_else(|| url.clone(), |path| file_url(&path));
    let fragment = subdirectory.as_ref().map(|inner| format!("#subdirectory={}", encoded(inner)));
    let mut line = format!("{} @ {url}{}", package.normalized_name, fragment.unwrap_or_default());
    for hash in hashes.iter().filter(|hash| is_strong(hash)) {
        line.push_str(" --hash=");
        line.push_str(hash);
    }
    let parts: Vec<&str> = hashes.iter().map(String::as_str).chain([&*url]).collect();
    one_line(package, line, &parts)
}

/// Those that uv 0.13.9 verifies.
fn is_strong(hash: &str) -> bool {
    ["sha256:", "sha384:", "sha512:"].iter().any(|name| hash.starts_with(name))
}

fn from_folder(package: &Package, path: &Path, editable: bool) -> Result<(Way, String), Refusal> {
    if !path.is_dir() {
        return Err(gone(package, path));
    }
    let url = file_url(path);
    Ok(if editable {
        (Way::Editable, format!("-e {url}"))
    } else {
        (Way::Directory, format!("{} @ {url}", package.normalized_name))
    })
}

/// A line break or a space in a part of a line would make another requirement or an option of it.
fn one_line(package: &Package, line: String, parts: &[&str]) -> Result<String, Refusal> {
    let is_word = |part: &&str| !part.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if parts.iter().all(is_word) { Ok(line) } else { Err(unwritable(package)) }
}

fn unwritable(package: &Package) -> Refusal {
    let reason = "its URL cannot be written into a requirements file";
    refusal(package, Cause::Unclear, reason, &[Offer::Carry, Offer::LeaveOut])
}

fn gone(package: &Package, path: &Path) -> Refusal {
    let reason = format!("`{}` is not there", path.display());
    refusal(package, Cause::Gone, &reason, &[Offer::Carry, Offer::LeaveOut])
}

/// A refusal; copying is offered only where `RECORD` or its like tells which files there are.
pub(crate) fn refusal(package: &Package, cause: Cause, reason: &str, offers: &[Offer]) -> Refusal {
    let can_carry = package.form != Form::EggLink && !package.origin.is_editable();
    Refusal {
        name: package.name.clone(),
        version: package.version.clone(),
        cause,
        reason: reason.to_owned(),
        offers: offers.iter().copied().filter(|offer| can_carry || *offer != Offer::Carry).collect(),
    }
}

/// Percent-encoded, but for what a path of a URL may hold (RFC 3986).
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:+=,".contains(&byte) {
            url.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests;
