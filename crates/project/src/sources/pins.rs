//! What a lock file of another tool says: pins for `uv.lock`, as far as they still fit.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use pep440_rs::Version;
use uvshift_diagnostics::Diagnostic;
use uvshift_lockfile::{Lock, Package, Source, parse as parse_lock};
use uvshift_pyproject::SourceKind;
use uvshift_requirements::{Requirement, Target, parse};

use super::entry::{carry, leave_out, open};
use crate::{AllowedHashes, Fate, OldFile, Pin, Provenance, Reading, Tree, codes};

/// A requirement that the lock has to fit.
pub(super) struct Wanted {
    pub(super) text: String,
    pub(super) from: Provenance,
}

/// The requirements of what has been read so far, without those that come from elsewhere than an index.
pub(super) fn wanted_of(out: &Reading) -> Vec<Wanted> {
    let located = |name: &str| {
        let sources = out.manifest.sources.iter().filter(|source| source.name == name);
        sources.into_iter().any(|source| !matches!(source.source.kind, SourceKind::Index(_)))
    };
    let all = out.manifest.all().filter(|(_, found)| !located(&found.name));
    all.map(|(_, found)| Wanted { text: found.text.clone(), from: found.from.clone() }).collect()
}

/// Reads a lock file. One that is broken stops the migration: without it every version would be another.
pub(super) fn open_lock(tree: &Tree, file: &str, out: &mut Reading) -> Option<Lock> {
    let text = open(tree, file, out)?;
    match parse_lock(file, &text) {
        Ok(lock) => Some(lock),
        Err(error) => {
            let found =
                Diagnostic::error(codes::M041, error.to_string()).in_file(file, error.line().unwrap_or(1));
            let help = error.hint().unwrap_or("make the lock anew");
            out.diagnostics.push(found.with_help(format!("{help}; or leave it out with `--ignore {file}`")));
            None
        }
    }
}

/// Takes the pins of a lock, and says of the file that it goes. What contradicts the requirements is left out.
pub(super) fn take_lock(file: &str, what: &str, lock: &Lock, wanted: &[Wanted], out: &mut Reading) {
    let wanted = by_name(wanted);
    let mut unfit: Vec<String> = Vec::new();
    for package in in_order(lock) {
        let from = Provenance::new(file, package.line);
        let text = shown(package);
        if !package.from_index() {
            located(package, &from, &text, out);
            continue;
        }
        let Some(version) = &package.version else {
            leave_out(out, from, &text, "it pins no version");
            continue;
        };
        if let Some(other) = contradiction(version, wanted.get(&package.name)) {
            unfit.push(format!("`{text}` does not fit `{}` of {}", other.0.text(), other.1));
            leave_out(out, from, &text, format!("{} asks for `{}`", other.1, other.0.text()));
            continue;
        }
        carry(out, from.clone(), &text, "uv.lock");
        pin(package, version, from, out);
    }
    let names: BTreeSet<&str> = lock.packages.iter().map(|package| package.name.as_str()).collect();
    for (name, requirements) in &wanted {
        let needed = requirements
            .iter()
            .find(|(found, _)| found.marker().is_none() && found.target() == Target::Index);
        if let Some((found, from)) = needed.filter(|_| !names.contains(name.as_str())) {
            unfit.push(format!("`{}` of {from} is not in it", found.text()));
        }
    }
    if !unfit.is_empty() {
        say_out_of_date(file, &unfit.join("; "), out);
    }
    let old = OldFile { path: file.to_owned(), what: what.to_owned(), fate: Fate::Remove };
    out.old_files.push(old);
}

/// Says that a lock was made from other requirements.
pub(super) fn say_out_of_date(file: &str, why: &str, out: &mut Reading) {
    let found = Diagnostic::warning(codes::M043, format!("{file} is out of date: {why}")).in_file(file, 1);
    let uv = "resolves anew what the lock does not pin";
    out.diagnostics
        .push(found.with_uv(uv).with_help("lock with the old tool first to keep all of its versions"));
}

/// The packages by the line they stand on.
fn in_order(lock: &Lock) -> Vec<&Package> {
    let mut packages: Vec<&Package> = lock.packages.iter().collect();
    packages.sort_by_key(|package| package.line);
    packages
}

pub(super) fn by_name(wanted: &[Wanted]) -> BTreeMap<String, Vec<(Requirement, &Provenance)>> {
    let mut found: BTreeMap<String, Vec<(Requirement, &Provenance)>> = BTreeMap::new();
    for Wanted { text, from } in wanted {
        let document = parse(text);
        for (_, requirement) in document.requirements() {
            if let Some(name) = requirement.normalized_name() {
                found.entry(name).or_default().push((requirement.clone(), from));
            }
        }
    }
    found
}

fn shown(package: &Package) -> String {
    let extras =
        if package.extras.is_empty() { String::new() } else { format!("[{}]", package.extras.join(",")) };
    let version = package.version.as_ref().map(|version| format!("=={version}")).unwrap_or_default();
    format!("{}{extras}{version}", package.name)
}

/// The requirement that a version does not fit, if it fits none of those of the package.
pub(super) fn contradiction<'a>(
    version: &str,
    wanted: Option<&'a Vec<(Requirement, &'a Provenance)>>,
) -> Option<&'a (Requirement, &'a Provenance)> {
    let wanted = wanted?;
    let version = Version::from_str(version).ok()?;
    let fits = |(found, _): &(Requirement, &Provenance)| {
        found.version_specifiers().is_ok_and(|specifiers| specifiers.contains(&version))
    };
    wanted.iter().find(|found| !fits(found)).filter(|_| !wanted.iter().any(fits))
}

/// What comes from elsewhere is not pinned: its source says where from.
fn located(package: &Package, from: &Provenance, text: &str, out: &mut Reading) {
    let Source::Vcs { reference, commit: Some(commit), .. } = &package.source else {
        return leave_out(out, from.clone(), text, "its source says where it comes from");
    };
    let short: String = commit.chars().take(12).collect();
    let newest = match reference {
        Some(reference) => format!("the newest commit of `{reference}`"),
        None => "the commit that its reference names, or the newest one".to_owned(),
    };
    leave_out(out, from.clone(), text, format!("uv locks {newest}; the old lock had {short}"));
    let message = format!("`{}` was locked at commit {short}; uv locks {newest}", package.name);
    let found = Diagnostic::note(codes::M045, message).in_file(&from.file, from.line);
    out.diagnostics.push(found.with_help("name the commit as `rev` in [tool.uv.sources] to keep it"));
}

fn pin(package: &Package, version: &str, from: Provenance, out: &mut Reading) {
    let marker = package.marker.clone().filter(|marker| is_plain(marker));
    let pins = &mut out.manifest.pins;
    match pins.iter_mut().find(|known| known.name == package.name && known.version == version) {
        // Two categories, or a package and its extras: it is wanted in either environment.
        Some(known) if known.marker != marker => known.marker = None,
        Some(_) => {}
        None => pins.push(Pin {
            name: package.name.clone(),
            version: version.to_owned(),
            marker,
            from: from.clone(),
        }),
    }
    if !package.hashes.is_empty() {
        out.manifest.hashes.push(AllowedHashes {
            name: package.name.clone(),
            version: Some(version.to_owned()),
            hashes: package.hashes.iter().cloned().collect(),
            from,
        });
    }
}

/// Whether a marker says something of environments only, and uv reads it as it is meant.
fn is_plain(marker: &str) -> bool {
    let document = parse(&format!("a ; {marker}"));
    let read = document.requirements().next().is_some_and(|(_, found)| found.marker_tree().is_ok());
    read && !["extra", "dependency_groups"].iter().any(|word| marker.contains(word))
}
