//! The output of `pip freeze`.

use std::path::PathBuf;

use uvshift_requirements::{LineKind, Requirement, Target, Vcs, parse, split_credentials};

use super::{Installed, InstalledPackage, Place, RootsKnown, Unread};
use crate::{Provenance, local};
use uvshift_requirements::redacted;

pub(super) fn read(file: &str, text: &str) -> Installed {
    let document = parse(text);
    let mut installed = Installed {
        shown: file.to_owned(),
        what: "pip freeze",
        packages: Vec::new(),
        roots: RootsKnown::No,
        unread: Vec::new(),
        python: String::new(),
        diagnostics: Vec::new(),
    };
    let mut comment = None;
    for line in document.lines() {
        let from = Provenance::new(file, line.line());
        let above = comment.take();
        let text = line.span().text(document.text()).unwrap_or_default().trim();
        match line.kind() {
            LineKind::Blank => {}
            LineKind::Comment => comment = Some(text),
            LineKind::Requirement(requirement) => match package(requirement, above, &from) {
                Ok(package) => installed.packages.push(package),
                Err(why) => installed.unread.push(Unread { text: redacted(text), why, from }),
            },
            _ => {
                let why = "`pip freeze` writes no such line of its own";
                installed.unread.push(Unread { text: redacted(text), why, from });
            }
        }
    }
    installed
}

fn package(
    requirement: &Requirement,
    above: Option<&str>,
    from: &Provenance,
) -> Result<InstalledPackage, &'static str> {
    let (place, had_credentials) = place(requirement)?;
    let (commented_name, commented_version) = above.and_then(commented).unzip();
    let egg = match requirement.target() {
        Target::Vcs(vcs) => vcs.egg,
        Target::Path(path) => local::name_of_archive(&path),
        Target::Url(url) => local::name_of_archive(&url),
        Target::Index => None,
    };
    let name = requirement.name().map(str::to_owned).or(egg).or(commented_name);
    let version = requirement.pin().map(str::to_owned).or(commented_version).unwrap_or_default();
    if place == Place::Index && version.is_empty() {
        return Err("it names no version");
    }
    let name = name.ok_or("nothing says what the package is called")?;
    Ok(InstalledPackage {
        seed: uvshift_installed::is_seed(&uvshift_requirements::normalize_name(&name)),
        name,
        version,
        root: true,
        extras: Vec::new(),
        place,
        had_credentials,
        from: from.clone(),
    })
}

/// Name and version in `# Editable install with no version control (demo==1.0)`.
fn commented(comment: &str) -> Option<(String, String)> {
    let (_, inner) = comment.rsplit_once('(')?;
    let (name, version) = inner.split_once(')')?.0.split_once("==")?;
    Some((name.to_owned(), version.to_owned()))
}

fn place(requirement: &Requirement) -> Result<(Place, bool), &'static str> {
    let editable = requirement.is_editable();
    Ok(match requirement.target() {
        Target::Index => (Place::Index, false),
        Target::Path(path) => (Place::Path { path: PathBuf::from(path), editable }, false),
        Target::Url(url) => {
            let (place, fragment) = url.split_once('#').unwrap_or((&url, ""));
            let (clean, credentials) = split_credentials(place);
            let subdirectory = fragment.split('&').find_map(|pair| pair.strip_prefix("subdirectory="));
            (archive(&clean, subdirectory.map(str::to_owned), editable), credentials.is_some())
        }
        Target::Vcs(vcs) if vcs.vcs == Vcs::Git => {
            let commit = vcs.reference.ok_or("it names no commit")?;
            let (clean, credentials) = split_credentials(&vcs.url);
            let secret =
                credentials.is_some_and(|found| found.password.is_some() || !vcs.url.starts_with("ssh://"));
            let url = if secret { clean } else { vcs.url };
            (Place::Git { url, commit, subdirectory: vcs.subdirectory }, secret)
        }
        Target::Vcs(vcs) => {
            let (clean, credentials) = split_credentials(&vcs.url);
            (Place::Other(format!("{clean} ({})", vcs.vcs.as_str())), credentials.is_some())
        }
    })
}

fn archive(url: &str, subdirectory: Option<String>, editable: bool) -> Place {
    match uvshift_installed::path_of_url(url) {
        Some(path) => Place::Path { path, editable },
        None => Place::Url { url: url.to_owned(), subdirectory },
    }
}
