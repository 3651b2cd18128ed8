//! The files of an environment: listed, hashed, and told apart.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::pack::{Content, Fingerprint, open_unchanged};
use super::{LeftOut, LeftOutKind, secrets};
use crate::archive::{
    ArchiveError, ArchiveProgress, ArchiveStep, ArchiveWatch, Hashing, Member, MemberKind, Metadata, TREE,
    metadata, mode_of, modified_of, report,
};

/// No configuration file is larger. One that is, is none that secrets can be found in.
const LARGEST_COVERED: u64 = 4 << 20;

/// Adds the whole tree: folders before what is in them, by name.
pub(super) fn collect(
    root: &Path,
    content: &mut Content,
    watch: &mut ArchiveWatch<'_>,
) -> Result<(), ArchiveError> {
    let mut walk = Walk { content, done: 0, pending: Vec::new() };
    let found = metadata(root).map_err(ArchiveError::read(root))?;
    // The folder itself may be reached through a link; what is in it may not.
    let found = match found {
        Some(found) if found.is_symlink() => std::fs::metadata(root).map_err(ArchiveError::read(root))?,
        Some(found) => found,
        None => return Err(ArchiveError::Changed { path: root.to_owned() }),
    };
    walk.folder(TREE.to_owned(), root.canonicalize().map_err(ArchiveError::read(root))?, &found)?;
    while let Some((path, place)) = walk.pending.pop() {
        walk.entry(path, place, watch)?;
    }
    Ok(())
}

struct Walk<'a> {
    content: &'a mut Content,
    /// Bytes so far.
    done: u64,
    /// What comes next: name in the archive and place on the disk, the next one last.
    pending: Vec<(String, PathBuf)>,
}

impl Walk<'_> {
    fn entry(
        &mut self,
        path: String,
        place: PathBuf,
        watch: &mut ArchiveWatch<'_>,
    ) -> Result<(), ArchiveError> {
        let found = metadata(&place).map_err(ArchiveError::read(&place))?;
        let Some(found) = found else { return Err(ArchiveError::Changed { path: place }) };
        report(
            watch,
            &ArchiveProgress { step: ArchiveStep::Read, member: &path, done: self.done, total: 0 },
        )?;
        if found.is_symlink() {
            let target = std::fs::read_link(&place).map_err(ArchiveError::read(&place))?;
            let target = target.to_str().ok_or(ArchiveError::NotUtf8 { path: place })?.to_owned();
            self.content.tree_link(member(path, &found, 0o777, MemberKind::Link { target }));
        } else if found.is_dir() {
            self.folder(path, place, &found)?;
        } else if found.is_file() {
            self.file(path, place, &found)?;
        } else {
            self.content.left_out.push(LeftOut { path: place, kind: LeftOutKind::Special });
        }
        Ok(())
    }

    fn folder(&mut self, path: String, place: PathBuf, found: &Metadata) -> Result<(), ArchiveError> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&place).map_err(ArchiveError::read(&place))? {
            let entry = entry.map_err(ArchiveError::read(&place))?;
            let inner = entry.path();
            match entry.file_name().into_string() {
                Ok(name) => names.push((format!("{path}/{name}"), inner)),
                Err(_) => return Err(ArchiveError::NotUtf8 { path: inner }),
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        // On folders these bits only say who owns what is made in them.
        let mode = mode_of(found) & 0o3777;
        let fingerprint = Fingerprint::of(found);
        self.content.tree_folder(member(path, found, mode, MemberKind::Folder), place, fingerprint);
        self.pending.append(&mut names);
        Ok(())
    }

    fn file(&mut self, path: String, place: PathBuf, found: &Metadata) -> Result<(), ArchiveError> {
        let mode = mode_of(found);
        if mode & 0o6000 != 0 {
            self.content.left_out.push(LeftOut { path: place.clone(), kind: LeftOutKind::SetUserBit });
        }
        let mode = mode & 0o1777;
        self.done = self.done.saturating_add(found.len());
        let fingerprint = Fingerprint::of(found);
        let file = open_unchanged(&place, fingerprint)?;
        if secrets::may_hold_secrets(&path) {
            if found.len() > LARGEST_COVERED {
                return Err(ArchiveError::TooLarge {
                    path: place,
                    what: "no configuration file is like that",
                });
            }
            let mut bytes = Vec::new();
            (&file).take(LARGEST_COVERED).read_to_end(&mut bytes).map_err(ArchiveError::read(&place))?;
            if bytes.len() as u64 != found.len() {
                return Err(ArchiveError::Changed { path: place });
            }
            let covered = secrets::cover_file(&path, &bytes);
            if covered != bytes {
                self.content.covered.push(place.to_string_lossy().into_owned());
                self.content.text(&path, mode, modified_of(found), covered);
                return Ok(());
            }
        }
        let (sum, size) = hash(&place)?;
        if size != found.len() {
            return Err(ArchiveError::Changed { path: place });
        }
        let kind = MemberKind::File { size, sha256: sum };
        self.content.tree_file(member(path, found, mode, kind), place, fingerprint);
        Ok(())
    }
}

fn hash(place: &Path) -> Result<(String, u64), ArchiveError> {
    let file = crate::archive::open_to_read(place).map_err(ArchiveError::read(place))?;
    let mut hashing = Hashing::new(io::BufReader::with_capacity(128 << 10, file));
    io::copy(&mut hashing, &mut io::sink()).map_err(ArchiveError::read(place))?;
    Ok(hashing.finish())
}

fn member(path: String, found: &Metadata, mode: u32, kind: MemberKind) -> Member {
    Member { path, mode, modified: modified_of(found), kind }
}
