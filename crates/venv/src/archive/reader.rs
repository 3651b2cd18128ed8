//! Reading an archive, whoever made it. Everything is held against the manifest; what is not as it says is refused.

mod tar_stream;

use std::collections::HashMap;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

use super::error::{ArchiveError, ArchiveFault};
use super::hashing::Hashing;
use super::layout::MANIFEST;
use super::manifest::{Manifest, Member, MemberKind, Texts, too_large};
use super::writer::seconds;
use super::{ArchiveProgress, ArchiveStep, ArchiveWatch, name, report};
use tar_stream::{Entry, EntryKind, TarStream};

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the manifest.
    pub manifest: u64,
    /// Members.
    pub members: u64,
    /// Bytes of all members.
    pub content: u64,
    /// Bytes of all members but those of the tree, which are kept in memory.
    pub texts: u64,
}

impl Default for Limits {
    /// 128 MiB of manifest, 500,000 members, 1 TiB, 64 MiB of texts.
    fn default() -> Self {
        Self { manifest: 128 << 20, members: 500_000, content: 1 << 40, texts: 64 << 20 }
    }
}

/// Takes the members of the tree as they come. None of its functions is called before the manifest was accepted.
pub(crate) trait Sink {
    /// A member begins; for a folder or a link that is all.
    fn begin(&mut self, member: &Member) -> Result<(), ArchiveError>;
    /// Bytes of the file that began last.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), ArchiveError>;
    /// The file is complete, and its checksum is right.
    fn end(&mut self, member: &Member) -> Result<(), ArchiveError>;
}

/// Takes nothing.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    fn begin(&mut self, _: &Member) -> Result<(), ArchiveError> {
        Ok(())
    }

    fn bytes(&mut self, _: &[u8]) -> Result<(), ArchiveError> {
        Ok(())
    }

    fn end(&mut self, _: &Member) -> Result<(), ArchiveError> {
        Ok(())
    }
}

/// An archive that was read to its end.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) manifest: Manifest,
    pub(crate) texts: Texts,
    /// SHA-256 of the whole archive.
    pub(crate) sha256: String,
    /// Its bytes.
    pub(crate) size: u64,
}

/// Whether bytes are an archive that is accepted; nothing is written. This is what a fuzzer feeds.
pub fn check_archive(bytes: impl io::Read, limits: &Limits) -> Result<(), ArchiveError> {
    let mut watch = |_: &ArchiveProgress<'_>| std::ops::ControlFlow::Continue(());
    let pass = Pass { archive: Path::new("-"), limits, step: ArchiveStep::Verify };
    pass.read(bytes, &mut Nowhere, &mut watch).map(drop)
}

/// Reads an archive to its end, and gives the members of its tree to `sink`.
pub(crate) fn read(
    archive: &Path,
    limits: &Limits,
    step: ArchiveStep,
    sink: &mut dyn Sink,
    watch: &mut ArchiveWatch<'_>,
) -> Result<Read, ArchiveError> {
    let file = super::open_to_read(archive).map_err(ArchiveError::read(archive))?;
    Pass { archive, limits, step }.read(file, sink, watch)
}

/// One way through an archive.
struct Pass<'a> {
    archive: &'a Path,
    limits: &'a Limits,
    step: ArchiveStep,
}

/// Bytes that are read at once.
const CHUNK: usize = 128 << 10;

/// Bytes between two reports of one member.
const REPORT: u64 = 1 << 20;

/// The decoder keeps no more than 2 to this power bytes of what it read; [`super::Writer`] needs less.
const WINDOW: u32 = 24;

impl Pass<'_> {
    fn read(
        &self,
        source: impl io::Read,
        sink: &mut dyn Sink,
        watch: &mut ArchiveWatch<'_>,
    ) -> Result<Read, ArchiveError> {
        let counted = BufReader::with_capacity(CHUNK, Hashing::new(source));
        let mut decoder =
            zstd::Decoder::with_buffer(counted).map_err(|error| self.refuse(fault(&error)))?.single_frame();
        decoder.window_log_max(WINDOW).map_err(|error| self.refuse(fault(&error)))?;
        let mut stream = TarStream::new(decoder);
        let (manifest, texts) = self.members(&mut stream, sink, watch)?;
        stream.expect_end().map_err(|fault| self.refuse(fault))?;
        let mut rest = stream.into_inner().finish();
        let more = rest.read(&mut [0]).map_err(ArchiveError::read(self.archive))?;
        if more > 0 {
            return Err(self.refuse(ArchiveFault::TrailingData));
        }
        let (sha256, size) = rest.into_inner().finish();
        Ok(Read { manifest, texts, sha256, size })
    }

    fn members<R: io::Read>(
        &self,
        stream: &mut TarStream<R>,
        sink: &mut dyn Sink,
        watch: &mut ArchiveWatch<'_>,
    ) -> Result<(Manifest, Texts), ArchiveError> {
        let manifest = self.manifest(stream).map_err(|fault| self.refuse(fault))?;
        let total = manifest.content_size();
        let (mut done, mut kept) = (0, 0);
        let mut texts = Texts::new();
        let mut places: Option<HashMap<&str, usize>> = None;
        for (at, member) in manifest.members.iter().enumerate() {
            let entry = stream.next().map_err(|fault| self.refuse(fault))?;
            let found = entry.as_ref().map(|entry| entry.path.as_str());
            if found != Some(member.path.as_str()) {
                let places = places.get_or_insert_with(|| places_of(&manifest));
                return Err(self.refuse(out_of_order(member, at, found, places)));
            }
            if let Some(entry) = entry {
                agree(&entry, member).map_err(|fault| self.refuse(fault))?;
            }
            let mut progress = ArchiveProgress { step: self.step, member: &member.path, done, total };
            if member.path == super::TREE || member.path.starts_with("tree/") {
                sink.begin(member)?;
                self.content(stream, member, &mut progress, watch, &mut |bytes| sink.bytes(bytes))?;
                sink.end(member)?;
            } else {
                kept += member.size();
                too_large("bytes of texts", kept, self.limits.texts).map_err(|fault| self.refuse(fault))?;
                let mut text = Vec::new();
                self.content(stream, member, &mut progress, watch, &mut |bytes| {
                    text.extend_from_slice(bytes);
                    Ok(())
                })?;
                texts.insert(member.path.clone(), text);
            }
            done = progress.done;
        }
        match stream.next().map_err(|fault| self.refuse(fault))? {
            None => {}
            Some(entry) => {
                let places = places_of(&manifest);
                return Err(self.refuse(surplus(&entry.path, places.contains_key(entry.path.as_str()))));
            }
        }
        Ok((manifest, texts))
    }

    /// Reads the bytes of a member and holds their sum against the manifest.
    fn content<R: io::Read>(
        &self,
        stream: &mut TarStream<R>,
        member: &Member,
        progress: &mut ArchiveProgress<'_>,
        watch: &mut ArchiveWatch<'_>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        report(watch, progress)?;
        let MemberKind::File { size, sha256 } = &member.kind else { return Ok(()) };
        let mut sum = Hashing::new(());
        let mut buffer = vec![0; CHUNK.min(usize::try_from(*size).unwrap_or(CHUNK).max(1))];
        let (mut left, mut next_report) = (*size, progress.done.saturating_add(REPORT));
        while left > 0 {
            let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let Some(chunk) = buffer.get_mut(..wanted) else { break };
            stream.exactly(chunk).map_err(|fault| self.refuse(fault))?;
            sum.update(chunk);
            take(chunk)?;
            left -= wanted as u64;
            progress.done = progress.done.saturating_add(wanted as u64);
            if progress.done >= next_report {
                next_report = progress.done.saturating_add(REPORT);
                report(watch, progress)?;
            }
        }
        stream.padding(*size).map_err(|fault| self.refuse(fault))?;
        if sum.finish().0 != *sha256 {
            return Err(self.refuse(mismatch(&member.path, "checksum")));
        }
        Ok(())
    }

    fn manifest<R: io::Read>(&self, stream: &mut TarStream<R>) -> Result<Manifest, ArchiveFault> {
        let entry = stream.next()?.ok_or_else(|| ArchiveFault::Missing(MANIFEST.to_owned()))?;
        if entry.path != MANIFEST {
            return Err(ArchiveFault::Manifest("does not come first".to_owned()));
        }
        if entry.kind != EntryKind::File {
            return Err(mismatch(MANIFEST, "kind"));
        }
        if entry.size > self.limits.manifest {
            return Err(ArchiveFault::Manifest(format!("has {} bytes", entry.size)));
        }
        let mut bytes = Vec::new();
        stream.take(entry.size, &mut bytes)?;
        stream.padding(entry.size)?;
        Manifest::parse(&bytes, self.limits)
    }

    fn refuse(&self, source: ArchiveFault) -> ArchiveError {
        ArchiveError::Refused { archive: self.archive.to_owned(), source }
    }
}

fn places_of(manifest: &Manifest) -> HashMap<&str, usize> {
    manifest.members.iter().enumerate().map(|(at, member)| (member.path.as_str(), at)).collect()
}

/// Why another member stands where this one should.
fn out_of_order(
    expected: &Member,
    at: usize,
    found: Option<&str>,
    places: &HashMap<&str, usize>,
) -> ArchiveFault {
    match found.map(|found| (found, places.get(found))) {
        Some((found, Some(place))) if *place < at => surplus(found, true),
        Some((found, None)) => surplus(found, false),
        Some((_, Some(_))) | None => ArchiveFault::Missing(name::shown(&expected.path)),
    }
}

fn surplus(found: &str, listed: bool) -> ArchiveFault {
    if found == MANIFEST || listed {
        return ArchiveFault::Duplicate(name::shown(found));
    }
    match name::check(found) {
        Ok(()) => ArchiveFault::Unlisted(name::shown(found)),
        Err(fault) => fault,
    }
}

/// Holds the header of an entry against the manifest.
fn agree(entry: &Entry, member: &Member) -> Result<(), ArchiveFault> {
    let kind = match &member.kind {
        MemberKind::File { .. } => EntryKind::File,
        MemberKind::Folder => EntryKind::Folder,
        MemberKind::Link { target } => EntryKind::Link(target.clone()),
    };
    let differs = if entry.kind != kind {
        "kind"
    } else if entry.size != member.size() {
        "size"
    } else if entry.mode != member.mode {
        "mode"
    } else if entry.modified != seconds(member.modified) {
        "time"
    } else {
        return Ok(());
    };
    Err(mismatch(&member.path, differs))
}

fn mismatch(name: &str, what: &'static str) -> ArchiveFault {
    ArchiveFault::Mismatch { name: name::shown(name), what }
}

/// What the decoder or the file said.
fn fault(error: &io::Error) -> ArchiveFault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveFault::Truncated,
        _ => ArchiveFault::Corrupt(error.to_string()),
    }
}
