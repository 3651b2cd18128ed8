//! A tar as a stream of entries, as strict as [`crate::archive::Writer`] is.

use std::io::Read;

use tar::{EntryType, Header};

use super::fault;
use crate::archive::error::ArchiveFault;
use crate::archive::name::{self, shown};
use crate::archive::writer::{BLOCK, padding};

/// Names are no longer than that.
const LONGEST: u64 = 4 << 10;

/// An entry without its content.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) kind: EntryKind,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) modified: u64,
}

/// What an entry is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
    Link(String),
}

pub(super) struct TarStream<R> {
    inner: R,
}

/// Names that stand in entries of their own, because they are too long for a header.
#[derive(Default)]
struct Long {
    path: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
}

impl<R: Read> TarStream<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner }
    }

    pub(super) fn into_inner(self) -> R {
        self.inner
    }

    /// The next entry; its content comes next. `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, ArchiveFault> {
        let mut long = Long::default();
        loop {
            let mut block = [0; BLOCK];
            self.exactly(&mut block)?;
            if block.iter().all(|byte| *byte == 0) {
                return self.last_block();
            }
            let header = Header::from_byte_slice(&block);
            let size = checked_size(header)?;
            let place = match header.entry_type() {
                EntryType::GNULongName => &mut long.path,
                EntryType::GNULongLink => &mut long.target,
                _ => return entry(header, size, long).map(Some),
            };
            if size > LONGEST + 1 || place.is_some() {
                return Err(ArchiveFault::Corrupt("a name is too long".to_owned()));
            }
            let mut bytes = Vec::new();
            self.take(size, &mut bytes)?;
            self.padding(size)?;
            if bytes.pop() != Some(0) {
                return Err(ArchiveFault::Corrupt("a name has no end".to_owned()));
            }
            *place = Some(bytes);
        }
    }

    /// Fills the buffer.
    pub(super) fn exactly(&mut self, buffer: &mut [u8]) -> Result<(), ArchiveFault> {
        self.inner.read_exact(buffer).map_err(|error| fault(&error))
    }

    /// Reads so many bytes; memory grows with what comes, not with what was promised.
    pub(super) fn take(&mut self, size: u64, bytes: &mut Vec<u8>) -> Result<(), ArchiveFault> {
        let read = (&mut self.inner).take(size).read_to_end(bytes).map_err(|error| fault(&error))?;
        if (read as u64) < size { Err(ArchiveFault::Truncated) } else { Ok(()) }
    }

    /// Reads what fills the last block of a member.
    pub(super) fn padding(&mut self, size: u64) -> Result<(), ArchiveFault> {
        let mut block = [0; BLOCK];
        let Some(rest) = block.get_mut(..padding(size)) else { return Ok(()) };
        self.exactly(rest)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(ArchiveFault::Corrupt("a block is not filled with zeros".to_owned()));
        }
        Ok(())
    }

    /// The second of the two empty blocks that end a tar.
    fn last_block(&mut self) -> Result<Option<Entry>, ArchiveFault> {
        let mut block = [0; BLOCK];
        self.exactly(&mut block)?;
        if block.iter().any(|byte| *byte != 0) {
            return Err(ArchiveFault::TrailingData);
        }
        Ok(None)
    }

    /// Holds that nothing comes after the end.
    pub(super) fn expect_end(&mut self) -> Result<(), ArchiveFault> {
        match self.inner.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(ArchiveFault::TrailingData),
            Err(error) => Err(fault(&error)),
        }
    }
}

fn corrupt(error: &std::io::Error) -> ArchiveFault {
    ArchiveFault::Corrupt(shown(&error.to_string()))
}

/// The size of an entry whose header has the right sum.
fn checked_size(header: &Header) -> Result<u64, ArchiveFault> {
    if header.as_gnu().is_none() {
        return Err(ArchiveFault::Corrupt("its tar is of another kind".to_owned()));
    }
    let bytes = header.as_bytes().iter().enumerate();
    // While it is summed up, the field of the sum is blank.
    let sum: u32 = bytes.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    if header.cksum().map_err(|error| corrupt(&error))? != sum {
        return Err(ArchiveFault::Corrupt("the sum of a header is wrong".to_owned()));
    }
    header.entry_size().map_err(|error| corrupt(&error))
}

fn entry(header: &Header, size: u64, long: Long) -> Result<Entry, ArchiveFault> {
    let path = text(long.path.unwrap_or_else(|| header.path_bytes().into_owned()))?;
    let target = long.target.or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
    let (path, kind) = match header.entry_type() {
        EntryType::Regular => (path, EntryKind::File),
        EntryType::Directory => (path.strip_suffix('/').unwrap_or(&path).to_owned(), EntryKind::Folder),
        EntryType::Symlink => (path, EntryKind::Link(text(target.unwrap_or_default())?)),
        other => return Err(ArchiveFault::Kind { name: shown(&path), what: described(other) }),
    };
    // Held against the rules here, too, so that the message names what is wrong before anything else is said of it.
    name::check(&path)?;
    if size > 0 && kind != EntryKind::File {
        return Err(ArchiveFault::Mismatch { name: shown(&path), what: "size" });
    }
    let mode = header.mode().map_err(|error| corrupt(&error))?;
    let modified = header.mtime().map_err(|error| corrupt(&error))?;
    Ok(Entry { path, kind, size, mode, modified })
}

fn text(bytes: Vec<u8>) -> Result<String, ArchiveFault> {
    String::from_utf8(bytes).map_err(|error| {
        let name = shown(&String::from_utf8_lossy(error.as_bytes()));
        ArchiveFault::Name { name, why: "it is not UTF-8" }
    })
}

fn described(entry: EntryType) -> &'static str {
    match entry {
        EntryType::Link => "a hard link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a file with holes",
        EntryType::XHeader | EntryType::XGlobalHeader => "an extended header",
        _ => "of a kind that no archive has",
    }
}
