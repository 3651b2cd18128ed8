//! An environment that is built again from what an archive tells.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::extract::{self, Restoring};
use super::{ArchiveContents, Rebuild, RebuildRequest, Rebuilt, RestoreReport, RestoreWay, exchange};
use crate::archive::{
    ArchiveError, ArchiveKind, ArchiveProgress, ArchiveStep, ArchiveWatch, check_name, create_file,
    create_folders, report,
};
use crate::{Difference, DifferenceKind, Snapshot, compare};

/// Builds the environment at its place, with what was there put aside.
pub(super) fn restore(
    restoring: &Restoring<'_>,
    contents: &ArchiveContents,
    rebuild: &mut Rebuild<'_>,
    watch: &mut ArchiveWatch<'_>,
) -> Result<RestoreReport, ArchiveError> {
    let at = restoring.at;
    let shown = at.to_string_lossy();
    let progress = |step| ArchiveProgress { step, member: &shown, done: 0, total: 0 };
    let beside = exchange::Beside::new(at)?;
    let complete = contents.kind == ArchiveKind::Full;
    let known = beside.folder(exchange::KNOWN).and_then(|known| {
        if complete {
            extract::write(restoring, &known, watch).map(drop)
        } else {
            origins(contents, &known)
        }?;
        report(watch, &progress(ArchiveStep::Rebuild))?;
        Ok(known)
    });
    let known = match known {
        Ok(known) => known,
        Err(error) => return Err(beside.clean_up(error)),
    };
    let aside = beside.put_aside(restoring.occupied)?;
    let request = RebuildRequest { snapshot: &contents.snapshot, at, old_tree: &known, complete };
    let built = rebuild(&request).map_err(|source| ArchiveError::Rebuild { source }).and_then(|done| {
        report(watch, &progress(ArchiveStep::Check))?;
        let snapshot = Snapshot::read(at).map_err(|source| ArchiveError::Environment { source })?;
        // Without the old files what their metadata promised counts.
        let tree = if complete { known.clone() } else { known.join("nowhere") };
        let differences = differences(&contents.snapshot, &tree, &snapshot, &done);
        if differences.is_empty() { Ok((done, snapshot)) } else { Err(ArchiveError::Differs { differences }) }
    });
    let (done, snapshot) = match built {
        Ok(built) => built,
        Err(error) => return Err(aside.put_back(error)),
    };
    let kept = aside.forget(watch)?;
    Ok(RestoreReport {
        at: at.to_owned(),
        way: RestoreWay::Rebuild,
        sha256: contents.sha256.clone(),
        snapshot,
        files: 0,
        dangling: Vec::new(),
        without_bits: Vec::new(),
        covered: contents.covered.clone(),
        kept,
        notes: done.notes,
    })
}

/// What breaks the environment and was not asked for. Another Python is the builder's choice.
fn differences(before: &Snapshot, tree: &Path, after: &Snapshot, done: &Rebuilt) -> Vec<String> {
    let compared = compare(&moved(before, tree), after);
    let is_asked_for = |found: &Difference| {
        let name = found.package.as_deref().map(uvshift_requirements::normalize_name);
        match (found.kind, name) {
            (DifferenceKind::Python, _) => true,
            (DifferenceKind::Distribution, Some(name)) => done.left_out.contains(&name),
            (DifferenceKind::File, Some(name)) => done.other_files.has(&name),
            _ => false,
        }
    };
    compared.breaking().filter(|found| !is_asked_for(found)).map(ToString::to_string).collect()
}

/// The snapshot with its paths below another folder, where its files are now.
fn moved(snapshot: &Snapshot, tree: &Path) -> Snapshot {
    let place = |path: &PathBuf| {
        path.strip_prefix(&snapshot.root).map_or_else(|_| path.clone(), |inner| tree.join(inner))
    };
    let mut moved = snapshot.clone();
    moved.site_packages = snapshot.site_packages.iter().map(place).collect();
    for package in &mut moved.packages {
        package.location = place(&package.location);
    }
    tree.clone_into(&mut moved.root);
    moved
}

/// Writes `direct_url.json` of every package that has one, as `inspect.json` tells them: installers write less into theirs.
fn origins(contents: &ArchiveContents, folder: &Path) -> Result<(), ArchiveError> {
    let installed = contents.inspect.get("installed").and_then(Value::as_array);
    for package in installed.into_iter().flatten() {
        let Some(origin) = package.get("direct_url") else { continue };
        let location = package.get("metadata_location").and_then(Value::as_str).map(Path::new);
        // Whoever made the archive could name any folder.
        let Some(inner) = location.and_then(|path| path.strip_prefix(&contents.root).ok()?.to_str()) else {
            continue;
        };
        if check_name(&inner.replace('\\', "/")).is_err() {
            continue;
        }
        let place = folder.join(inner);
        create_folders(&place).map_err(ArchiveError::write(&place))?;
        let file = place.join("direct_url.json");
        match create_file(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            created => created
                .and_then(|mut created| {
                    std::io::Write::write_all(&mut created, origin.to_string().as_bytes())
                })
                .map_err(ArchiveError::write(&file))?,
        }
    }
    Ok(())
}
