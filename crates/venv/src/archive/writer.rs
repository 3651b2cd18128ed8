//! Writing a tar, so that any `tar` reads it.

use std::io::{self, Write};

use tar::{EntryType, Header};

use super::manifest::{Member, MemberKind};

/// What a block of a tar has.
pub(crate) const BLOCK: usize = 512;

/// The name of an entry that holds a name too long for a header (GNU).
const LONG_NAME: &[u8] = b"././@LongLink";

/// The most that fits into a header.
const LONGEST: usize = 100;

/// A tar while it is written.
pub(crate) struct Writer<W: Write> {
    inner: W,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner }
    }

    /// Writes the header of a member; a file's bytes come next, then [`Self::pad`].
    pub(crate) fn member(&mut self, member: &Member) -> io::Result<()> {
        let (entry, target) = match &member.kind {
            MemberKind::File { .. } => (EntryType::Regular, ""),
            MemberKind::Folder => (EntryType::Directory, ""),
            MemberKind::Link { target } => (EntryType::Symlink, target.as_str()),
        };
        let mut header = header(entry, member.size(), member.mode);
        header.set_mtime(seconds(member.modified));
        // Other programs know a folder by the slash at its end.
        let path = match member.kind {
            MemberKind::Folder => format!("{}/", member.path),
            _ => member.path.clone(),
        };
        self.long(EntryType::GNULongLink, target.as_bytes())?;
        self.long(EntryType::GNULongName, path.as_bytes())?;
        put(&mut header.as_old_mut().name, path.as_bytes());
        put(&mut header.as_old_mut().linkname, target.as_bytes());
        header.set_cksum();
        self.inner.write_all(header.as_bytes())
    }

    /// Writes bytes of the member.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)
    }

    /// Fills the last block of a member that has this many bytes.
    pub(crate) fn pad(&mut self, size: u64) -> io::Result<()> {
        let zeros = [0; BLOCK];
        self.inner.write_all(zeros.get(..padding(size)).unwrap_or_default())
    }

    /// Ends the tar.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&[0; 2 * BLOCK])?;
        Ok(self.inner)
    }

    fn long(&mut self, entry: EntryType, name: &[u8]) -> io::Result<()> {
        if name.len() <= LONGEST {
            return Ok(());
        }
        let size = name.len() as u64 + 1;
        let mut header = header(entry, size, 0o644);
        put(&mut header.as_old_mut().name, LONG_NAME);
        header.set_cksum();
        self.inner.write_all(header.as_bytes())?;
        self.inner.write_all(name)?;
        self.inner.write_all(&[0])?;
        self.pad(size)
    }
}

fn header(entry: EntryType, size: u64, mode: u32) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(entry);
    header.set_size(size);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}

/// Puts as much of a text into a field as fits.
fn put(field: &mut [u8], text: &[u8]) {
    for (place, byte) in field.iter_mut().zip(text) {
        *place = *byte;
    }
}

/// How many bytes fill the last block of a member.
pub(crate) fn padding(size: u64) -> usize {
    let rest = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    if rest == 0 { 0 } else { BLOCK - rest }
}

/// Nanoseconds as the whole seconds that a header has; there are none before 1970.
pub(crate) fn seconds(nanoseconds: i64) -> u64 {
    u64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap_or_default()
}
