//! The list of members, which stands first in an archive.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::error::ArchiveFault;
use super::layout::{CONFIGURATION, MANIFEST, REQUIRED, TREE, belongs};
use super::{ArchiveKind, name, reader::Limits};

/// The texts of an archive, by the names of their members; those of the tree are not among them.
pub(crate) type Texts = BTreeMap<String, Vec<u8>>;

/// What an archive says of itself, and all that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// 1
    pub(crate) version: u64,
    /// How much it holds.
    pub(crate) kind: ManifestKind,
    /// The version of the uvshift that wrote it.
    pub(crate) uvshift: String,
    /// When it was written: RFC 3339, UTC.
    pub(crate) created: String,
    /// The folder of the environment, absolute.
    pub(crate) root: String,
    /// Variables and files in which secrets are covered.
    pub(crate) covered: Vec<String>,
    /// All other members, in the order in which they stand in the archive.
    pub(crate) members: Vec<Member>,
}

/// [`ArchiveKind`] as the manifest spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ManifestKind {
    Light,
    Full,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    /// Its name, with `/` between the parts and none at the end.
    pub(crate) path: String,
    /// Permission bits.
    pub(crate) mode: u32,
    /// When it was changed last, in nanoseconds since 1970.
    pub(crate) modified: i64,
    /// What it is.
    pub(crate) kind: MemberKind,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum MemberKind {
    /// A file.
    File {
        /// Its bytes.
        size: u64,
        /// Their SHA-256, in lowercase hexadecimal digits.
        sha256: String,
    },
    /// A folder.
    Folder,
    /// A symbolic link.
    Link {
        /// What it says.
        target: String,
    },
}

impl From<ManifestKind> for ArchiveKind {
    fn from(kind: ManifestKind) -> Self {
        match kind {
            ManifestKind::Light => Self::Light,
            ManifestKind::Full => Self::Full,
        }
    }
}

impl From<ArchiveKind> for ManifestKind {
    fn from(kind: ArchiveKind) -> Self {
        match kind {
            ArchiveKind::Light => Self::Light,
            ArchiveKind::Full => Self::Full,
        }
    }
}

impl Member {
    /// The bytes of a file; 0 of everything else.
    pub(crate) fn size(&self) -> u64 {
        match self.kind {
            MemberKind::File { size, .. } => size,
            MemberKind::Folder | MemberKind::Link { .. } => 0,
        }
    }
}

impl Manifest {
    /// The bytes of all files.
    pub(crate) fn content_size(&self) -> u64 {
        self.members.iter().map(Member::size).fold(0, u64::saturating_add)
    }

    /// Reads the manifest and holds every name in it against the rules.
    pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ArchiveFault> {
        let unclear =
            |error: serde_json::Error| ArchiveFault::Manifest(format!("is not what it should be: {error}"));
        // The version is looked at first: what follows it is another matter in another version.
        let Version { version } = serde_json::from_slice(bytes).map_err(unclear)?;
        if version != 1 {
            return Err(ArchiveFault::Version(version));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(unclear)?;
        manifest.check(limits)?;
        Ok(manifest)
    }

    fn check(&self, limits: &Limits) -> Result<(), ArchiveFault> {
        too_large("members", self.members.len() as u64, limits.members)?;
        too_large("bytes", self.content_size(), limits.content)?;
        let mut seen: HashMap<&str, &MemberKind> = HashMap::with_capacity(self.members.len());
        for member in &self.members {
            check_member(member, self.kind, &seen)?;
            if seen.insert(&member.path, &member.kind).is_some() {
                return Err(ArchiveFault::Duplicate(name::shown(&member.path)));
            }
        }
        if self.kind == ManifestKind::Full && !seen.contains_key(TREE) {
            return Err(ArchiveFault::Missing(TREE.to_owned()));
        }
        match REQUIRED.iter().find(|name| !matches!(seen.get(**name), Some(MemberKind::File { .. }))) {
            Some(missing) => Err(ArchiveFault::Missing((*missing).to_owned())),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

fn check_member(
    member: &Member,
    archive: ManifestKind,
    seen: &HashMap<&str, &MemberKind>,
) -> Result<(), ArchiveFault> {
    let path = &member.path;
    name::check(path)?;
    let is_tree = path == TREE || path.starts_with("tree/");
    if !belongs(path) || path == MANIFEST || (is_tree && archive == ManifestKind::Light) {
        return Err(ArchiveFault::Foreign(name::shown(path)));
    }
    // Below a link a member would be written wherever the link leads.
    if let Some((folder, _)) = path.rsplit_once('/')
        && !matches!(seen.get(folder), Some(MemberKind::Folder))
    {
        return Err(ArchiveFault::Through(name::shown(path)));
    }
    let is_folder_name = path == TREE || path == CONFIGURATION;
    let differs = |what| Err(ArchiveFault::Mismatch { name: name::shown(path), what });
    match &member.kind {
        MemberKind::Folder if !is_tree && !is_folder_name => differs("kind"),
        MemberKind::File { .. } if is_folder_name => differs("kind"),
        MemberKind::File { sha256, .. } if sha256.len() != 64 => differs("checksum"),
        MemberKind::Link { .. } if !is_tree || is_folder_name => differs("kind"),
        MemberKind::Link { target } => name::check_target(path, target),
        MemberKind::File { .. } | MemberKind::Folder => Ok(()),
    }
}

pub(crate) fn too_large(what: &str, found: u64, limit: u64) -> Result<(), ArchiveFault> {
    if found > limit {
        return Err(ArchiveFault::TooLarge { what: format!("{found} {what}"), limit });
    }
    Ok(())
}
