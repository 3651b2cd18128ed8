//! The way back: an environment from its archive.

mod exchange;
mod extract;
mod links;
mod rebuilt;
pub(crate) mod texts;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::archive::{
    ArchiveError, ArchiveFault, ArchiveKind, ArchiveStep, ArchiveWatch, CONFIGURATION, ENVIRONMENT, Existing,
    FREEZE, Hashing, INSPECT, Limits, Nowhere, PLATFORM, PYVENV, Read, SNAPSHOT, metadata, open_to_read,
    read,
};
use crate::url::without_secrets;
use crate::{Selection, Snapshot};
use uvshift_installed::Origin;

pub use exchange::{RestoreRecovered, recover_restore};

/// What to restore, and where to.
#[derive(Debug, Clone)]
pub struct RestoreOptions {
    /// The archive.
    pub archive: PathBuf,
    /// The SHA-256 that the archive must have, in hexadecimal digits: [`BackupReport::sha256`](crate::BackupReport::sha256), noted
    /// elsewhere. Whoever can change an archive can make all checksums in it anew, but not this one.
    pub sha256: Option<String>,
    /// The folder of the environment; `None` for the one that it had. Its parent is there.
    pub at: Option<PathBuf>,
    /// What becomes of an environment that is there.
    pub existing: Existing,
    /// Whether the files of a full archive are taken as they are, where that can be.
    pub way: RestoreWay,
}

/// How an environment comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RestoreWay {
    /// Its files are those of the archive. Only a full archive can, and only at the folder that the environment had, since
    /// programs hold its path. The default there.
    #[default]
    Files,
    /// It is built again from what was installed. Everywhere else, and wherever it is asked for, as for another Python.
    Rebuild,
}

/// Builds an environment that has what a snapshot has, such as [`recreate`](crate::recreate) does.
///
/// It is built at a folder that is not there yet or is empty. What an error leaves there is removed by the caller.
pub type Rebuild<'a> =
    dyn FnMut(&RebuildRequest<'_>) -> Result<Rebuilt, Box<dyn std::error::Error + Send + Sync>> + 'a;

/// What is to be built again.
#[derive(Debug, Clone, Copy)]
pub struct RebuildRequest<'a> {
    /// What it had.
    pub snapshot: &'a Snapshot,
    /// Where it goes.
    pub at: &'a Path,
    /// What is known of the old files, below the paths that they had in the environment: all of them from a full archive,
    /// otherwise `direct_url.json` of the packages that have one.
    pub old_tree: &'a Path,
    /// Whether that is all files.
    pub complete: bool,
}

/// What came of building an environment again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// What the user should know.
    pub notes: Vec<String>,
    /// Packages that were left out because the user said so, by normalised name.
    pub left_out: Vec<String>,
    /// Packages whose files may differ from the old ones though the version is the same, because the user said so.
    pub other_files: Selection,
}

/// An environment that was restored and verified.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RestoreReport {
    /// Its folder.
    pub at: PathBuf,
    /// How it came back.
    pub way: RestoreWay,
    /// The SHA-256 of the archive.
    pub sha256: String,
    /// What it has now, read from its files.
    pub snapshot: Snapshot,
    /// The number of files, folders and links that were restored; 0 where it was built again.
    pub files: usize,
    /// Links that lead nowhere, and what they say.
    pub dangling: Vec<(PathBuf, String)>,
    /// Files that are there without the bit that lets them run as another user.
    pub without_bits: Vec<PathBuf>,
    /// Variables and files whose secrets were covered in the archive, and so are not back.
    pub covered: Vec<String>,
    /// Where the environment is that was there before, if it could not be removed.
    pub kept: Option<PathBuf>,
    /// What the builder said.
    pub notes: Vec<String>,
}

/// What an archive holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArchiveContents {
    /// How much it holds.
    pub kind: ArchiveKind,
    /// When it was written: RFC 3339, UTC.
    pub created: String,
    /// The version of the uvshift that wrote it.
    pub uvshift: String,
    /// The folder that the environment had.
    pub root: PathBuf,
    /// The SHA-256 of the archive.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// Its members, each with its bytes, without the manifest.
    pub members: Vec<(String, u64)>,
    /// The bytes of all members.
    pub content_size: u64,
    /// What the environment was.
    pub snapshot: Snapshot,
    /// What `pip freeze` prints.
    pub freeze: String,
    /// What `pip inspect` prints.
    pub inspect: serde_json::Value,
    /// The system and its Python.
    pub platform: serde_json::Value,
    /// The variables that mattered, and which of them are covered.
    pub environment: serde_json::Value,
    /// `pyvenv.cfg`
    pub pyvenv: Option<String>,
    /// Configuration files: the name of the member and the text, secrets covered.
    pub configuration: Vec<(String, String)>,
    /// Variables and files in which secrets were covered.
    pub covered: Vec<String>,
}

impl ArchiveContents {
    /// The packages whose code runs where the environment is built again, each in one line with where it comes from: repositories,
    /// folders, editable installs and source archives. Whoever made the archive chose these places.
    pub fn builds(&self) -> Vec<String> {
        let place = |package: &crate::Package| match &package.origin {
            Origin::Index => None,
            Origin::Vcs { url, commit, .. } => Some(format!("{}@{commit}", without_secrets(url))),
            Origin::Archive { url, .. } if is_wheel(url) => None,
            Origin::Archive { url, .. } => Some(without_secrets(url)),
            Origin::Directory { path, .. } => Some(path.display().to_string()),
        };
        let told = |package| Some((package, place(package)?));
        let line = |(package, place): (&crate::Package, String)| {
            let [name, version, place] =
                [&package.name, &package.version, &place].map(|part| crate::archive::shown(part));
            format!("{name} {version} from {place}")
        };
        self.snapshot.packages.iter().filter_map(told).map(line).collect()
    }
}

/// Whether a URL leads to a wheel, which is not built.
fn is_wheel(url: &str) -> bool {
    let path = url.split(['#', '?']).next().unwrap_or(url);
    Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("whl"))
}

/// Reads an archive to its end, verifies all of it, and says what it holds. Nothing is written.
pub fn inspect_archive(
    archive: &Path,
    watch: &mut ArchiveWatch<'_>,
) -> Result<ArchiveContents, ArchiveError> {
    let read = read(archive, &Limits::default(), ArchiveStep::Verify, &mut Nowhere, watch)?;
    let refused = |source| ArchiveError::Refused { archive: archive.to_owned(), source };
    let mut contents = contents(&read).map_err(refused)?;
    contents.members =
        read.manifest.members.into_iter().map(|member| (member.path.clone(), member.size())).collect();
    Ok(contents)
}

fn contents(read: &Read) -> Result<ArchiveContents, ArchiveFault> {
    let manifest = &read.manifest;
    let prefix = format!("{CONFIGURATION}/");
    let configuration = read.texts.iter().filter(|(name, _)| name.starts_with(&prefix));
    Ok(ArchiveContents {
        kind: manifest.kind.into(),
        created: manifest.created.clone(),
        uvshift: manifest.uvshift.clone(),
        root: PathBuf::from(&manifest.root),
        sha256: read.sha256.clone(),
        size: read.size,
        members: Vec::new(),
        content_size: manifest.content_size(),
        snapshot: texts::parsed_snapshot(&read.texts, SNAPSHOT)?,
        freeze: texts::text(&read.texts, FREEZE)?.to_owned(),
        inspect: texts::json(&read.texts, INSPECT)?,
        platform: texts::json(&read.texts, PLATFORM)?,
        environment: texts::json(&read.texts, ENVIRONMENT)?,
        pyvenv: read
            .texts
            .contains_key(PYVENV)
            .then(|| texts::text(&read.texts, PYVENV))
            .transpose()?
            .map(str::to_owned),
        configuration: configuration
            .map(|(name, bytes)| (name.clone(), String::from_utf8_lossy(bytes).into_owned()))
            .collect(),
        covered: manifest.covered.clone(),
    })
}

/// Restores an environment. The archive is verified as a whole before anything is written, and what is written is verified
/// before it takes the place of what was there; until then that stays as it is, and on any error it is put back.
///
/// An archive is not authenticated: a full one is as trustworthy as where it comes from, and its programs are run when the
/// environment is used. [`RestoreOptions::sha256`] holds it against a sum that was noted elsewhere.
///
/// Without `rebuild` only [`RestoreWay::Files`] works. Nothing of the archive is run, but what `rebuild` runs.
pub fn restore(
    options: &RestoreOptions,
    rebuild: Option<&mut Rebuild<'_>>,
    watch: &mut ArchiveWatch<'_>,
) -> Result<RestoreReport, ArchiveError> {
    expect_sum(options)?;
    let read = read(&options.archive, &Limits::default(), ArchiveStep::Verify, &mut Nowhere, watch)?;
    let refused = |source| ArchiveError::Refused { archive: options.archive.clone(), source };
    let contents = contents(&read).map_err(refused)?;
    if options.at.is_none() && !contents.root.is_absolute() {
        return Err(refused(ArchiveFault::Manifest("names no absolute folder".to_owned())));
    }
    let at = options.at.clone().unwrap_or_else(|| contents.root.clone());
    let at = crate::place::absolute(&at).map_err(ArchiveError::read(&at))?;
    recover_restore(&at)?;
    let occupied = occupied(&at, options.existing)?;
    let as_files =
        options.way == RestoreWay::Files && contents.kind == ArchiveKind::Full && at == contents.root;
    if as_files {
        same_platform(&contents.platform)?;
        let restoring = extract::Restoring { options, read: &read, at: &at, occupied };
        return extract::restore(&restoring, &contents, watch);
    }
    let rebuild = rebuild.ok_or(ArchiveError::NoUv)?;
    let restoring = extract::Restoring { options, read: &read, at: &at, occupied };
    rebuilt::restore(&restoring, &contents, rebuild, watch)
}

/// Programs of another system do not run here.
fn same_platform(platform: &serde_json::Value) -> Result<(), ArchiveError> {
    let told = ["os", "architecture"].map(|key| platform.get(key).and_then(serde_json::Value::as_str));
    let [os, architecture] = told.map(|text| crate::archive::shown(text.unwrap_or("unknown")));
    let archived = format!("{os} on {architecture}");
    let here = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
    if archived == here { Ok(()) } else { Err(ArchiveError::OtherPlatform { archived, here }) }
}

/// Holds the sum of the whole archive against the one that was asked for.
fn expect_sum(options: &RestoreOptions) -> Result<(), ArchiveError> {
    let Some(expected) = &options.sha256 else { return Ok(()) };
    let failed = |source| ArchiveError::Read { path: options.archive.clone(), source };
    let mut reader = Hashing::new(open_to_read(&options.archive).map_err(failed)?);
    let mut buffer = vec![0; 128 << 10];
    while reader.read(&mut buffer).map_err(failed)? > 0 {}
    let found = reader.finish().0;
    let expected = expected.trim().trim_start_matches("sha256:").to_ascii_lowercase();
    if expected == found {
        return Ok(());
    }
    Err(ArchiveError::OtherArchive { archive: options.archive.clone(), expected, found })
}

/// Whether something is at the place; an error where it may not be replaced.
fn occupied(at: &Path, existing: Existing) -> Result<bool, ArchiveError> {
    let keep = |why| Err(ArchiveError::NotReplaced { path: at.to_owned(), why });
    let Some(found) = metadata(at).map_err(ArchiveError::read(at))? else { return Ok(false) };
    if found.is_symlink() {
        return keep("it is a link; name the folder that it leads to");
    }
    if !found.is_dir() {
        return keep("it is not a folder");
    }
    if std::fs::read_dir(at).map_err(ArchiveError::read(at))?.next().is_none() {
        return Ok(true);
    }
    if existing == Existing::Refuse {
        return Err(ArchiveError::Exists { path: at.to_owned() });
    }
    // A typing error must not cost somebody's folder.
    let is_environment = ["pyvenv.cfg", "conda-meta"].iter().any(|name| at.join(name).exists());
    if !is_environment {
        return keep("it is no environment");
    }
    match crate::place::project_file(at) {
        Some(_) => keep("it is a project as well as an environment"),
        None => Ok(true),
    }
}
