//! Members into a file, and the file read back.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};
use zstd::stream::raw::CParameter;

use super::{LeftOut, folder_of};
use crate::archive::{
    ArchiveError, ArchiveFault, ArchiveProgress, ArchiveStep, ArchiveWatch, Hashing, Limits, MANIFEST,
    Manifest, Member, MemberKind, Nowhere, Read, Writer, metadata, modified_of, open_to_read, read, report,
    sha256,
};

/// The level of zstd: the one that its authors chose as the default.
const LEVEL: i32 = 3;

/// Threads that compress, beside the one that reads.
const WORKERS: u32 = 2;

/// Bytes that a thread is given at once; each is held in memory more than once.
const JOB: u32 = 2 << 20;

/// Bytes that are read at once.
const CHUNK: usize = 128 << 10;

/// Bytes between two reports of one member.
const REPORT: u64 = 1 << 20;

/// What goes into an archive, and what does not.
#[derive(Debug, Default)]
pub(crate) struct Content {
    parts: Vec<Part>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) covered: Vec<String>,
}

#[derive(Debug)]
struct Part {
    member: Member,
    source: Source,
}

/// Where the bytes of a member are.
#[derive(Debug)]
enum Source {
    /// It has none.
    None,
    /// Here.
    Text(Vec<u8>),
    /// In a file, which was like this when it was hashed.
    File(PathBuf, Fingerprint),
    /// A folder of the tree, which was like this when it was listed.
    Folder(PathBuf, Fingerprint),
}

/// What tells that a file or folder did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    size: u64,
    modified: i64,
    #[cfg(unix)]
    number: (u64, u64),
}

impl Fingerprint {
    pub(crate) fn of(metadata: &std::fs::Metadata) -> Self {
        Self {
            // The size of a folder is what its file system makes of it.
            size: if metadata.is_file() { metadata.len() } else { 0 },
            modified: modified_of(metadata),
            #[cfg(unix)]
            number: {
                use std::os::unix::fs::MetadataExt as _;
                (metadata.dev(), metadata.ino())
            },
        }
    }
}

impl Content {
    /// Adds a text, as a file for this user that changed at `modified`.
    pub(crate) fn text(&mut self, path: &str, mode: u32, modified: i64, bytes: Vec<u8>) {
        let kind = MemberKind::File { size: bytes.len() as u64, sha256: sha256(&bytes) };
        let member = Member { path: path.to_owned(), mode, modified, kind };
        self.parts.push(Part { member, source: Source::Text(bytes) });
    }

    /// Adds a folder that is none of the tree.
    pub(crate) fn folder(&mut self, path: &str, modified: i64) {
        let member = Member { path: path.to_owned(), mode: 0o755, modified, kind: MemberKind::Folder };
        self.parts.push(Part { member, source: Source::None });
    }

    /// Adds a folder of the tree.
    pub(crate) fn tree_folder(&mut self, member: Member, place: PathBuf, fingerprint: Fingerprint) {
        self.parts.push(Part { member, source: Source::Folder(place, fingerprint) });
    }

    /// Adds a file of the tree.
    pub(crate) fn tree_file(&mut self, member: Member, place: PathBuf, fingerprint: Fingerprint) {
        self.parts.push(Part { member, source: Source::File(place, fingerprint) });
    }

    /// Adds a link of the tree.
    pub(crate) fn tree_link(&mut self, member: Member) {
        self.parts.push(Part { member, source: Source::None });
    }

    pub(crate) fn members(&self) -> Vec<Member> {
        self.parts.iter().map(|part| part.member.clone()).collect()
    }
}

/// Writes the archive under a name of its own beside `target`.
pub(super) fn write(
    target: &Path,
    manifest: &Manifest,
    content: &Content,
    watch: &mut ArchiveWatch<'_>,
) -> Result<TempPath, ArchiveError> {
    let failed = |source| ArchiveError::Write { path: target.to_owned(), source };
    // Only this user may read it: it can hold what nobody else may see.
    let file = tempfile::Builder::new()
        .prefix(".uvshift-backup-")
        .suffix(".tmp")
        .tempfile_in(folder_of(target))
        .map_err(failed)?;
    let mut encoder = zstd::Encoder::new(file, LEVEL).map_err(failed)?;
    encoder
        .include_checksum(true)
        .and_then(|()| encoder.multithread(WORKERS))
        .and_then(|()| encoder.set_parameter(CParameter::JobSize(JOB)))
        .map_err(failed)?;
    let mut packing =
        Packing { writer: Writer::new(encoder), target, done: 0, total: manifest.content_size() };
    packing.manifest(manifest)?;
    for part in &content.parts {
        packing.part(part, watch)?;
    }
    let file: NamedTempFile = packing.writer.finish().and_then(zstd::Encoder::finish).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    Ok(file.into_temp_path())
}

/// Reads the archive back: it holds what the manifest says, and the manifest is this one.
pub(super) fn verify(
    archive: &Path,
    manifest: &Manifest,
    limits: &Limits,
    watch: &mut ArchiveWatch<'_>,
) -> Result<Read, ArchiveError> {
    let read = read(archive, limits, ArchiveStep::Verify, &mut Nowhere, watch)?;
    if read.manifest != *manifest {
        let source = ArchiveFault::Manifest("is not the one that was written".to_owned());
        return Err(ArchiveError::Refused { archive: archive.to_owned(), source });
    }
    Ok(read)
}

struct Packing<'a, W: Write> {
    writer: Writer<W>,
    target: &'a Path,
    done: u64,
    total: u64,
}

impl<W: Write> Packing<'_, W> {
    fn manifest(&mut self, manifest: &Manifest) -> Result<(), ArchiveError> {
        let bytes = serde_json::to_vec(manifest).map_err(|error| self.failed(error.into()))?;
        let kind = MemberKind::File { size: bytes.len() as u64, sha256: String::new() };
        let member = Member { path: MANIFEST.to_owned(), mode: 0o644, modified: 0, kind };
        let written = self.writer.member(&member).and_then(|()| self.writer.bytes(&bytes));
        written.and_then(|()| self.writer.pad(member.size())).map_err(|error| self.failed(error))
    }

    fn part(&mut self, part: &Part, watch: &mut ArchiveWatch<'_>) -> Result<(), ArchiveError> {
        let member = &part.member;
        self.report(&member.path, watch)?;
        self.writer.member(member).map_err(|error| self.failed(error))?;
        match &part.source {
            Source::None => {}
            Source::Text(bytes) => {
                self.writer.bytes(bytes).map_err(|error| self.failed(error))?;
                self.done = self.done.saturating_add(bytes.len() as u64);
            }
            Source::File(place, fingerprint) => self.file(place, *fingerprint, member, watch)?,
            Source::Folder(place, fingerprint) => {
                let found = metadata(place).map_err(ArchiveError::read(place))?;
                if found.is_none_or(|found| Fingerprint::of(&found) != *fingerprint) {
                    return Err(ArchiveError::Changed { path: place.clone() });
                }
            }
        }
        self.writer.pad(member.size()).map_err(|error| self.failed(error))
    }

    /// Copies a file, which must be what it was when it was hashed.
    fn file(
        &mut self,
        place: &Path,
        fingerprint: Fingerprint,
        member: &Member,
        watch: &mut ArchiveWatch<'_>,
    ) -> Result<(), ArchiveError> {
        let changed = || ArchiveError::Changed { path: place.to_owned() };
        let file = open_unchanged(place, fingerprint)?;
        let mut reader = Hashing::new(&file);
        let mut buffer = vec![0; CHUNK];
        let (mut left, mut next_report) = (member.size(), self.done.saturating_add(REPORT));
        while left > 0 {
            let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let Some(chunk) = buffer.get_mut(..wanted) else { break };
            match reader.read_exact(chunk) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(changed()),
                result => result.map_err(ArchiveError::read(place))?,
            }
            self.writer.bytes(chunk).map_err(|error| self.failed(error))?;
            left -= wanted as u64;
            self.done = self.done.saturating_add(wanted as u64);
            if self.done >= next_report {
                next_report = self.done.saturating_add(REPORT);
                self.report(&member.path, watch)?;
            }
        }
        let (sum, _) = reader.finish();
        let same = matches!(&member.kind, MemberKind::File { sha256, .. } if *sha256 == sum);
        let now = Fingerprint::of(&file.metadata().map_err(ArchiveError::read(place))?);
        if same && now == fingerprint { Ok(()) } else { Err(changed()) }
    }

    fn report(&self, member: &str, watch: &mut ArchiveWatch<'_>) -> Result<(), ArchiveError> {
        let progress =
            ArchiveProgress { step: ArchiveStep::Write, member, done: self.done, total: self.total };
        report(watch, &progress)
    }

    fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::Write { path: self.target.to_owned(), source }
    }
}

/// Opens a file that is still the one that was listed.
pub(super) fn open_unchanged(place: &Path, fingerprint: Fingerprint) -> Result<File, ArchiveError> {
    let changed = || ArchiveError::Changed { path: place.to_owned() };
    let file = match open_to_read(place) {
        // It was there when the folder was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(changed()),
        file => file.map_err(ArchiveError::read(place))?,
    };
    let found = Fingerprint::of(&file.metadata().map_err(ArchiveError::read(place))?);
    if found == fingerprint { Ok(file) } else { Err(changed()) }
}
