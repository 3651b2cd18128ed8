//! Proof: the result, read back, against the source, requirement by requirement and by meaning.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use uvshift_changeset::{JournalState, journals};
use uvshift_process::Runner;
use uvshift_project::meaning::difference;
use uvshift_project::{Layout, Ledger, Lock, Manifest, Outcome, Pin, Role, Scope, Tree};
use uvshift_pyproject::{GroupEntry, PyProject};
use uvshift_requirements::{LineKind, Requirement, Target, parse};

use crate::lock::Uv;
use crate::plan::{read_pyproject, sources};
use crate::{Error, Options, PinReport, pins};

/// Who is to blame for a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The result does not say what the source said.
    Meaning,
    /// The index has other files than those that were hashed.
    OtherFiles,
    /// Something else wrote the file at the same time.
    SomebodyElse,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: a line of an old file, or a key of the new one.
    pub place: String,
    /// What is different.
    pub what: String,
    /// Who is to blame.
    pub cause: Cause,
}

/// What was compared, and what differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Requirements that were compared by meaning.
    pub requirements: usize,
    /// Constraints that were compared by meaning.
    pub constraints: usize,
    /// Requirements with hashes that were looked up in the lock.
    pub hashes: usize,
    /// What differs.
    pub differences: Vec<Difference>,
}

impl Checked {
    pub(crate) fn differ(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.differ_through(Cause::Meaning, place, what);
    }

    pub(crate) fn differ_through(&mut self, cause: Cause, place: impl Into<String>, what: impl Into<String>) {
        self.differences.push(Difference { place: place.into(), what: what.into(), cause });
    }
}

/// A requirement of the result, and whether it has found its origin.
struct Item {
    place: String,
    scope: Option<Scope>,
    requirement: Requirement,
    claimed: bool,
}

/// The requirements of the result, found by scope and normalised name.
#[derive(Default)]
struct Written {
    items: Vec<Item>,
    by_name: HashMap<(Option<Scope>, String), Vec<usize>>,
}

/// Compares every requirement and constraint of the old files with the new pyproject.toml, both ways.
pub(crate) fn check_requirements(
    layout: &Layout,
    manifest: &Manifest,
    ledger: &Ledger,
    before: Option<&PyProject>,
    result: &PyProject,
) -> Checked {
    let mut checked = Checked::default();
    let mut written = Written::all(result);
    let refused: HashSet<(&str, usize)> = ledger
        .entries()
        .iter()
        .filter(|entry| matches!(entry.outcome, Outcome::Refused { .. }))
        .map(|entry| (entry.from.file.as_str(), entry.from.line))
        .collect();
    let listed: HashSet<(&str, usize)> =
        ledger.entries().iter().map(|entry| (entry.from.file.as_str(), entry.from.line)).collect();
    for file in &layout.files {
        let compiled = matches!(file.role, Role::Compiled { .. });
        for line in file.document.lines() {
            let at = (file.path.as_str(), line.line());
            if matches!(line.kind(), LineKind::Blank | LineKind::Comment) {
                continue;
            }
            if !listed.contains(&at) {
                checked.differ(format!("{}:{}", at.0, at.1), "the line has no entry in the ledger");
            }
            if let LineKind::Requirement(requirement) = line.kind()
                && !compiled
                && !refused.contains(&at)
            {
                find(requirement, file.role.scope().as_ref(), at, manifest, &mut written, &mut checked);
            }
        }
    }
    claim_old(before, &mut written);
    for stray in written.items.iter().filter(|item| !item.claimed) {
        checked.differ(&stray.place, format!("`{}` comes from no old file", stray.requirement.text()));
    }
    check_sources(manifest, result, &mut checked);
    checked
}

impl Written {
    fn all(result: &PyProject) -> Self {
        let mut written = Self::default();
        let at = |line: usize| format!("pyproject.toml:{line}");
        for entry in result.dependencies() {
            written.add(Some(Scope::Main), at(entry.line), &entry.text);
        }
        for (group, entries) in result.dependency_groups() {
            for entry in entries {
                if let GroupEntry::Requirement(entry) = entry {
                    written.add(Some(Scope::Group(group.clone())), at(entry.line), &entry.text);
                }
            }
        }
        for entry in result.uv().constraint_dependencies {
            written.add(None, at(entry.line), &entry.text);
        }
        written
    }

    fn add(&mut self, scope: Option<Scope>, place: String, text: &str) {
        let document = parse(text);
        let Some((_, requirement)) = document.requirements().next() else { return };
        let name = requirement.normalized_name().unwrap_or_default();
        self.by_name.entry((scope.clone(), name)).or_default().push(self.items.len());
        self.items.push(Item { place, scope, requirement: requirement.clone(), claimed: false });
    }
}

/// Finds the requirement in the result.
fn find(
    requirement: &Requirement,
    scope: Option<&Scope>,
    at: (&str, usize),
    manifest: &Manifest,
    written: &mut Written,
    checked: &mut Checked,
) {
    let from = |provenance: &uvshift_project::Provenance| provenance.file == at.0 && provenance.line == at.1;
    let name = match requirement.target() {
        Target::Index => requirement.normalized_name(),
        // A package without a name in its file got one from its metadata.
        _ => manifest.all().find(|(_, found)| from(&found.from)).map(|(_, found)| found.name.clone()),
    };
    let Some(name) = name else { return };
    match scope {
        Some(_) => checked.requirements += 1,
        None => checked.constraints += 1,
    }
    let (mut nearest, mut is_there) = (None, false);
    let candidates = written.by_name.get(&(scope.cloned(), name.clone())).cloned().unwrap_or_default();
    for at in candidates {
        let candidate = &mut written.items[at];
        let found = match requirement.target() {
            Target::Index => difference(requirement, &candidate.requirement),
            _ => located_difference(requirement, &candidate.requirement),
        };
        match found {
            // All of them: `alpha` and `Alpha` are one requirement that somebody wrote twice.
            None => (candidate.claimed, is_there) = (true, true),
            Some(found) => nearest = Some(found),
        }
    }
    if is_there {
        return;
    }
    let what = match nearest {
        Some(found) => format!("`{name}`: {found}"),
        None => format!("`{name}` is missing from the result"),
    };
    checked.differ(format!("{}:{}", at.0, at.1), what);
}

/// A package with a source keeps its extras and its marker; its place is compared with the sources.
fn located_difference(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    let plain = |found: &Requirement| {
        let extras: Vec<&str> = found.extras().collect();
        let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
        let marker = found.marker().filter(|_| !found.is_editable());
        let marker = marker.map(|marker| format!(" ; {marker}")).unwrap_or_default();
        parse(&format!("name{extras}{marker}"))
    };
    let (ours, theirs) = (plain(ours), plain(theirs));
    let (_, ours) = ours.requirements().next()?;
    let (_, theirs) = theirs.requirements().next()?;
    difference(ours, theirs)
}

/// What was in pyproject.toml before needs no origin in a requirements file.
fn claim_old(before: Option<&PyProject>, written: &mut Written) {
    let Some(before) = before else { return };
    let old: HashSet<(Option<Scope>, String)> = Written::all(before)
        .items
        .into_iter()
        .map(|item| (item.scope, item.requirement.text().to_owned()))
        .collect();
    for found in &mut written.items {
        found.claimed |= old.contains(&(found.scope.clone(), found.requirement.text().to_owned()));
    }
}

fn check_sources(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    let uv = result.uv();
    for wanted in &manifest.sources {
        let there = uv.sources.iter().any(|(name, entries)| {
            uvshift_requirements::normalize_name(name) == wanted.name
                && entries.iter().any(|entry| entry.source == wanted.source)
        });
        if !there {
            checked.differ(wanted.from.to_string(), format!("the source of `{}` is missing", wanted.name));
        }
    }
    for index in &manifest.indexes {
        if !uv.indexes.contains(index) {
            checked.differ("tool.uv.index", format!("the index `{}` is missing", index.url));
        }
    }
}

/// Every requirement with hashes must find one of them in the lock.
pub(crate) fn check_hashes(manifest: &Manifest, lock: &Lock, checked: &mut Checked) {
    for allowed in &manifest.hashes {
        let versions =
            lock.versions(&allowed.name).iter().filter(|found| match (&allowed.version, &found.version) {
                (Some(ours), Some(theirs)) => pins::same_version(theirs, ours),
                _ => true,
            });
        let candidates: Vec<_> = versions.filter(|found| !found.hashes.is_empty()).collect();
        if candidates.is_empty() {
            continue;
        }
        checked.hashes += 1;
        if !candidates.iter().any(|found| allowed.hashes.iter().any(|hash| found.hashes.contains(hash))) {
            let what =
                format!("none of the hashes of `{}` is in uv.lock: the index has other files", allowed.name);
            checked.differ_through(Cause::OtherFiles, allowed.from.to_string(), what);
        }
    }
}

/// Compares a migrated project with what the journal holds of the old one.
///
/// With `uv` given, `uv lock --check` is asked too. The differences are in the result, not an error.
pub fn verify(root: &Path, uv: Option<&Uv>, runner: &dyn Runner) -> Result<(Checked, Vec<PinReport>), Error> {
    let journal = journals(root)?
        .into_iter()
        .rfind(|entry| entry.state == JournalState::Committed && entry.label["command"] == "migrate")
        .ok_or(Error::NoJournal)?;
    let now = Tree::from_disk(root)?;
    let result = read_pyproject(&now)?.ok_or(Error::NoPyProject)?;
    let mut old = now.clone();
    for path in &journal.files {
        old.lay_over(path.as_str(), journal.original(path.as_str())?);
    }
    let options = options_of(&journal.label);
    let before = read_pyproject(&old)?;
    let sources = sources(&old, before, &options)?;
    let (mut manifest, ledger) = (sources.reading.manifest, sources.reading.ledger);
    result.project_name().unwrap_or_default().clone_into(&mut manifest.metadata.name);
    let mut checked =
        check_requirements(&sources.layout, &manifest, &ledger, sources.before.as_ref(), &result);
    let mut reports = Vec::new();
    if let Some(text) = now.text("uv.lock") {
        let lock = Lock::parse(&text)?;
        check_hashes(&manifest, &lock, &mut checked);
        reports = pins::compare(&pins_of(&journal.label, &manifest), &manifest, &lock, &[]);
        if let Some(uv) = uv {
            let output = runner.run(&uv.command(root, &["lock", "--check"]))?;
            if !output.success() {
                checked.differ("uv.lock", "`uv lock --check` does not accept it");
            }
        }
    }
    Ok((checked, reports))
}

fn options_of(label: &serde_json::Value) -> Options {
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let groups = label["groups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned())));
    let mut options = Options {
        main: strings(&label["main"]),
        groups: groups.collect(),
        constraints: strings(&label["constraints"]),
        ignore: strings(&label["ignore"]),
        skip_refused: label["skip_refused"] == true,
        ..Options::default()
    };
    if label["first_index"] == true {
        options.index_strategy = uvshift_project::IndexStrategy::FirstIndex;
    }
    options
}

/// The pins of the run, which may have come from an environment that is gone.
fn pins_of(label: &serde_json::Value, manifest: &Manifest) -> Vec<Pin> {
    let recorded = label["pins"].as_array().into_iter().flatten().filter_map(|pair| {
        let (name, version) = (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?);
        let known = manifest.pins.iter().find(|pin| pin.name == name && pin.version == version);
        Some(known.cloned().unwrap_or_else(|| Pin {
            name: name.to_owned(),
            version: version.to_owned(),
            marker: None,
            from: uvshift_project::Provenance::new("the recorded pins", 1),
        }))
    });
    recorded.collect()
}
