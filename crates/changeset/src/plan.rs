//! From a change set and a tree to what has to be done, or to the reason why it cannot.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Difference, DifferenceKind, Error};
use crate::net::{Content, Expected, Net, Node};
use crate::observe::{Observed, Stamp, observe};
use crate::path::TreePath;
use crate::set::ChangeSet;

/// One path of the transaction.
#[derive(Debug)]
pub(crate) struct PlannedEntry {
    pub(crate) path: TreePath,
    pub(crate) external: bool,
    pub(crate) found: Observed,
    pub(crate) before: Stamp,
    /// None where only an external tool writes.
    pub(crate) wanted: Option<Wanted>,
}

/// What is to be at a path.
#[derive(Debug)]
pub(crate) enum Wanted {
    Absent,
    File { bytes: Vec<u8>, mode: Option<u32>, owner: Option<crate::disk::Owner> },
    Link(String),
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) entries: Vec<PlannedEntry>,
    /// Folders to make, outermost first.
    pub(crate) folders: Vec<TreePath>,
}

/// Looks at every file the set names and compares it with what the set was made for.
pub(crate) fn plan(root: &Path, set: &ChangeSet, externals: &[&str]) -> Result<Plan, Error> {
    let mut externals = externals.iter().map(|path| TreePath::new(path)).collect::<Result<Vec<_>, _>>()?;
    externals.sort();
    externals.dedup();
    let mut found = BTreeMap::new();
    for path in set.paths().chain(&externals) {
        found.insert(path.clone(), look(root, path, set.net())?);
    }
    check_expectations(set, &found)?;
    let mut entries = Vec::new();
    for (path, observed) in &found {
        let external = externals.binary_search(path).is_ok();
        let wanted = match set.net().at_end(path) {
            Some(node) => Some(wanted(node, &found)?),
            None => set.net().names(path).then_some(Wanted::Absent),
        };
        let comes_to_nothing = *observed == Observed::Absent && matches!(wanted, Some(Wanted::Absent));
        if comes_to_nothing && !external {
            // A stop on the way of a rename: nothing was there and nothing will be.
            continue;
        }
        if external && matches!(observed, Observed::Link(_)) {
            return Err(observed.not_a_file(path));
        }
        let before = observed.stamp(path)?;
        check_mode(path, &before)?;
        entries.push(PlannedEntry { path: path.clone(), external, found: observed.clone(), before, wanted });
    }
    let folders = folders(root, &entries)?;
    Ok(Plan { entries, folders })
}

/// A file or link may give way to a folder of its name; then nothing is below it yet.
fn look(root: &Path, path: &TreePath, net: &Net) -> Result<Observed, Error> {
    match observe(root, path) {
        Err(Error::NotAFolder { parent, .. } | Error::SymlinkedParent { link: parent, .. })
            // Nor will anything be below it if this path is only a stop on the way of a rename.
            if net.names(&parent) && (net.at_end(&parent).is_none() || is_only_a_stop(net, path)) =>
        {
            Ok(Observed::Absent)
        }
        result => result,
    }
}

fn is_only_a_stop(net: &Net, path: &TreePath) -> bool {
    net.names(path) && net.at_end(path).is_none() && net.expected(path) == Expected::Absent
}

fn check_expectations(set: &ChangeSet, found: &BTreeMap<TreePath, Observed>) -> Result<(), Error> {
    let mut differences = Vec::new();
    for path in set.paths() {
        let Some(observed) = found.get(path) else { continue };
        if let Some(kind) = expectation_failure(&set.net().expected(path), observed, path)? {
            differences.push(Difference { path: path.clone(), kind });
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(Error::Changed { differences }) }
}

fn expectation_failure(
    expected: &Expected,
    found: &Observed,
    path: &TreePath,
) -> Result<Option<DifferenceKind>, Error> {
    let Expected::Present { content, mode } = expected else {
        return Ok((*found != Observed::Absent).then_some(DifferenceKind::Exists));
    };
    let failure = match (content, found) {
        (_, Observed::Absent) => Some(DifferenceKind::Missing),
        (_, Observed::Folder | Observed::Special) | (Content::File(_), Observed::Link(_)) => {
            return Err(found.not_a_file(path));
        }
        (Content::Link(_), Observed::File { .. }) => Some(DifferenceKind::Kind),
        (Content::File(before), Observed::File { bytes, .. }) if before != bytes => {
            Some(DifferenceKind::Content)
        }
        (Content::Link(before), Observed::Link(target)) if target.to_str() != Some(before) => {
            Some(DifferenceKind::Content)
        }
        (_, Observed::File { mode: found, .. }) if cfg!(unix) && mode.is_some_and(|mode| mode != *found) => {
            Some(DifferenceKind::Mode)
        }
        _ => None,
    };
    Ok(failure)
}

/// What `node` is to become, with what the disk knows and the plan left open.
fn wanted(node: &Node, found: &BTreeMap<TreePath, Observed>) -> Result<Wanted, Error> {
    let origin = node.origin.as_ref().and_then(|origin| found.get(origin).map(|observed| (origin, observed)));
    let renamed_link = |path: &TreePath, observed: &Observed| match observed.stamp(path)? {
        Stamp::Link { target } if node.new_mode.is_none() => Ok(Wanted::Link(target)),
        _ => Err(observed.not_a_file(path)),
    };
    let bytes = match (&node.new, origin) {
        (Content::Link(target), _) => return Ok(Wanted::Link(target.clone())),
        (Content::File(bytes), _) | (Content::Unknown, Some((_, Observed::File { bytes, .. }))) => {
            bytes.clone()
        }
        (Content::Unknown, Some((path, observed))) => return renamed_link(path, observed),
        // A node without an origin was created with content.
        (Content::Unknown, None) => return Ok(Wanted::Absent),
    };
    let (old_mode, owner) = match origin {
        Some((_, Observed::File { mode, owner, .. })) => (Some(*mode), *owner),
        _ => (None, None),
    };
    Ok(Wanted::File { bytes, mode: node.new_mode.or(old_mode), owner })
}

/// A file that runs with somebody else's rights is not to be copied, nor restored from a journal.
fn check_mode(path: &TreePath, before: &Stamp) -> Result<(), Error> {
    match before {
        Stamp::File { mode, .. } if *mode > 0o777 => {
            Err(Error::SpecialMode { path: path.clone(), mode: *mode })
        }
        _ => Ok(()),
    }
}

fn folders(root: &Path, entries: &[PlannedEntry]) -> Result<Vec<TreePath>, Error> {
    let by_path: BTreeMap<&TreePath, &PlannedEntry> =
        entries.iter().map(|entry| (&entry.path, entry)).collect();
    let mut folders = Vec::new();
    for entry in entries.iter().filter(|entry| !matches!(entry.wanted, Some(Wanted::Absent))) {
        for parent in entry.path.ancestors() {
            match by_path.get(&parent).map(|above| &above.wanted) {
                Some(Some(Wanted::Absent)) => {}
                Some(_) => {
                    return Err(Error::Conflict {
                        path: parent,
                        problem: "it cannot be a file and a folder",
                    });
                }
                None if observe(root, &parent).is_ok_and(|found| found == Observed::Folder) => continue,
                None => {}
            }
            if !folders.contains(&parent) {
                folders.push(parent);
            }
        }
    }
    Ok(folders)
}
