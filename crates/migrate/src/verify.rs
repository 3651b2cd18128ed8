//! Proof: the result, read back, against the source, requirement by requirement and by meaning.

mod requirements;
mod settings;

use std::path::Path;

use uvshift_changeset::{JournalEntry, JournalState, journals};
use uvshift_process::Runner;
use uvshift_project::{BuildBackend, BuiltMetadata, Installed, Lock, Manifest, Pin, Tree};
use uvshift_pyproject::PyProject;

use crate::execute::backend_word;
use crate::lock::Uv;
use crate::members::{join, joined, read_all, resolved_together};
use crate::project::{ReadProject, read_pyproject};
use crate::{Error, Members, Options, PinReport, Project, environment, pins};

/// Who is to blame for a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The result does not say what the source said.
    Meaning,
    /// The index has other files than those that were hashed.
    OtherFiles,
    /// Something else wrote the file at the same time.
    SomebodyElse,
    /// The wheel does not hold or say what it did.
    Wheel,
    /// A tool that was asked sees other settings.
    Tool,
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
    /// Constraints and overrides that were compared by meaning.
    pub constraints: usize,
    /// Keys of other tables that were read back.
    pub settings: usize,
    /// Requirements with hashes that were looked up in the lock.
    pub hashes: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Whether the run was a fix of dependencies, which changes what the project means.
    pub is_fix: bool,
}

impl Checked {
    /// Takes in what was compared in a project of this folder.
    pub(crate) fn join(&mut self, other: Self, folder: &str) {
        let Self { requirements, constraints, settings, hashes, differences, is_fix: _ } = other;
        self.requirements += requirements;
        self.constraints += constraints;
        self.settings += settings;
        self.hashes += hashes;
        let below = |found: Difference| Difference { place: joined(folder, &found.place), ..found };
        self.differences.extend(differences.into_iter().map(below));
    }

    pub(crate) fn differ(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.differ_through(Cause::Meaning, place, what);
    }

    pub(crate) fn differ_through(&mut self, cause: Cause, place: impl Into<String>, what: impl Into<String>) {
        self.differences.push(Difference { place: place.into(), what: what.into(), cause });
    }
}

/// Compares what the old files of a project say with its new pyproject.toml, both ways.
pub(crate) fn check(project: &Project, result: &PyProject) -> Checked {
    let mut checked = Checked::default();
    requirements::check(project, result, &mut checked);
    settings::check(&project.manifest, result, &mut checked);
    checked
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
    let recorded: Vec<JournalEntry> =
        journals(root)?.into_iter().filter(|entry| entry.state == JournalState::Committed).collect();
    let last = |wanted: &[&str]| {
        recorded.iter().rfind(|entry| wanted.iter().any(|command| entry.label["command"] == *command))
    };
    let journal = last(&["migrate", "tools", "deps", "rewrite"]).ok_or(Error::NoJournal)?;
    let now = Tree::from_disk(root)?;
    if journal.label["command"] == "deps" {
        let checked = crate::deps_fix::verify(&now, &journal.label, uv, runner)?;
        return Ok((Checked { is_fix: true, ..checked }, Vec::new()));
    }
    let (mut checked, mut pins) = (Checked::default(), Vec::new());
    // What moved settings or commands since takes nothing from what the migration has to hold.
    if let Some(migration) = last(&["migrate"]) {
        (checked, pins) = verify_migration(root, &now, migration, uv, runner)?;
    }
    if journal.label["command"] == "tools" {
        checked.join(crate::tools::verify(&before(&now, journal)?, &now, &journal.label)?, "");
    }
    if journal.label["command"] == "rewrite" {
        checked.join(crate::rewriting::verify(root, &journal.label, &files_of(journal))?, "");
    }
    Ok((checked, pins))
}

/// The tree as it was before a recorded run.
fn before(now: &Tree, journal: &JournalEntry) -> Result<Tree, Error> {
    let mut old = now.clone();
    for path in &journal.files {
        old.lay_over(path.as_str(), journal.original(path.as_str())?);
    }
    Ok(old)
}

fn verify_migration(
    root: &Path,
    now: &Tree,
    journal: &JournalEntry,
    uv: Option<&Uv>,
    runner: &dyn Runner,
) -> Result<(Checked, Vec<PinReport>), Error> {
    let old = before(now, journal)?;
    let options = options_of(&journal.label);
    let mut read = read_all(&old, &options, &installed_of(&journal.label))?;
    join(&mut read, &options, &mut Vec::new());
    let resolutions = resolved_together(&read, &options);
    let mut checked = Checked::default();
    for ReadProject { project, .. } in &mut read {
        let result = read_pyproject(&now.below(&project.folder))?.ok_or(Error::NoPyProject)?;
        result.project_name().unwrap_or_default().clone_into(&mut project.manifest.metadata.name);
        checked.join(check(project, &result), &project.folder);
    }
    let mut reports = Vec::new();
    for (at, (project, manifest)) in resolutions.iter().enumerate() {
        let folder = &read[*project].project.folder;
        let Some(text) = now.text(&joined(folder, "uv.lock")) else { continue };
        let lock = Lock::parse(&text)?;
        check_hashes(manifest, &lock, &mut checked);
        let pins = pins_of(&journal.label["pins"][at], manifest);
        reports.extend(pins::compare(&pins, manifest, &lock, &[]));
        if let Some(uv) = uv {
            let output = runner.run(&uv.command(&root.join(folder), &["lock", "--check"]))?;
            if !output.success() {
                checked.differ(joined(folder, "uv.lock"), "`uv lock --check` does not accept it");
            }
        }
    }
    if journal.label["tools"].is_object() {
        checked.join(crate::tools::verify(&old, now, &journal.label["tools"])?, "");
    }
    if journal.label["rewrite"].is_object() {
        checked.join(crate::rewriting::verify(root, &journal.label["rewrite"], &files_of(journal))?, "");
    }
    Ok((checked, reports))
}

fn files_of(journal: &JournalEntry) -> Vec<String> {
    journal.files.iter().map(|path| path.as_str().to_owned()).collect()
}

/// What was installed when a recorded run was planned.
pub(crate) fn installed_of(label: &serde_json::Value) -> Vec<Installed> {
    environment::from_json(&label["installed"])
}

pub(crate) fn options_of(label: &serde_json::Value) -> Options {
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
    let backends = [BuildBackend::Hatchling, BuildBackend::UvBuild];
    let backend = backends.into_iter().find(|backend| label["backend"] == backend_word(*backend));
    options.backend = backend.unwrap_or_default();
    options.built = label["built"][0].as_str().map(|metadata| BuiltMetadata {
        metadata: metadata.to_owned(),
        entry_points: label["built"][1].as_str().map(str::to_owned),
    });
    options.members = match label["members"].as_str() {
        Some("workspace") => Members::Workspace,
        Some("separate") => Members::Separate,
        _ => Members::Alone,
    };
    if label["first_index"] == true {
        options.index_strategy = uvshift_project::IndexStrategy::FirstIndex;
    }
    options
}

/// The pins of the run, which may have come from an environment that is gone.
fn pins_of(recorded: &serde_json::Value, manifest: &Manifest) -> Vec<Pin> {
    let recorded = recorded.as_array().into_iter().flatten().filter_map(|pair| {
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
