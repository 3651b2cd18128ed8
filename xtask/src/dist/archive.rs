//! Archives that are the same wherever they are packed, and checksums.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;

use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::extras::extras;
use super::{DOCUMENTS, Release, ending, failed, read, write};
use crate::Outcome;

/// The list of checksums of a folder.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A file of an archive.
struct Member {
    path: String,
    bytes: Vec<u8>,
    mode: u32,
}

/// The name of the archive of a version for a target.
pub(super) fn name(version: &str, target: &str) -> String {
    let kind = if target.contains("windows") { "zip" } else { "tar.gz" };
    format!("uvshift-{version}-{target}.{kind}")
}

/// Packs the program with its documents, completions and manual pages.
pub(super) fn release(release: &Release<'_>, program: &Path) -> Outcome {
    let folder = format!("uvshift-{}-{}", release.version, release.target);
    let member = |path: &str, bytes: Vec<u8>, mode| Member { path: format!("{folder}/{path}"), bytes, mode };
    let mut members = vec![member(&format!("uvshift{}", ending(&release.target)), read(program)?, 0o755)];
    for document in DOCUMENTS {
        members.push(member(document, read(&release.root.join(document))?, 0o644));
    }
    for (path, text) in extras(program)? {
        members.push(member(&path, text.into_bytes(), 0o644));
    }
    let name = name(&release.version, &release.target);
    let bytes = if name.ends_with("zip") { zip(&members)? } else { tar(&members, release.time)? };
    write(&release.out.join(name), bytes)
}

fn tar(members: &[Member], time: u64) -> Outcome<Vec<u8>> {
    let compressed = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(compressed);
    let failed = |error: std::io::Error| format!("cannot pack: {error}");
    for member in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(member.bytes.len() as u64);
        header.set_mode(member.mode);
        header.set_mtime(time);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, &member.path, member.bytes.as_slice()).map_err(failed)?;
    }
    archive.into_inner().and_then(flate2::write::GzEncoder::finish).map_err(failed)
}

fn zip(members: &[Member]) -> Outcome<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for member in members {
        // Without a time of its own, a member has the first one that the format knows.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(member.mode);
        archive.start_file(&member.path, options).map_err(|error| format!("cannot pack: {error}"))?;
        archive.write_all(&member.bytes).map_err(|error| format!("cannot pack: {error}"))?;
    }
    let packed = archive.finish().map_err(|error| format!("cannot pack: {error}"))?;
    Ok(packed.into_inner())
}

/// Writes the checksums of all files of a folder, as `sha256sum --check` reads them, and gives their text.
pub(super) fn sums(folder: &Path) -> Outcome<String> {
    let entries = std::fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.is_file() && !path.ends_with(SUMS));
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{}  {name}", digest(&read(&path)?));
    }
    write(&folder.join(SUMS), &text)?;
    Ok(text)
}

/// The SHA-256 of bytes in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Vec<Member> {
        vec![
            Member { path: "x/uvshift".into(), bytes: b"program".to_vec(), mode: 0o755 },
            Member { path: "x/README.md".into(), bytes: b"# uvshift\n".to_vec(), mode: 0o644 },
        ]
    }

    #[test]
    fn the_same_members_give_the_same_archive() {
        let packed = tar(&members(), 1_780_272_000).unwrap();
        assert_eq!(packed, tar(&members(), 1_780_272_000).unwrap());
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let found: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                (
                    entry.path().unwrap().display().to_string(),
                    header.mode().unwrap(),
                    header.mtime().unwrap(),
                    header.uid().unwrap(),
                )
            })
            .collect();
        let time = 1_780_272_000;
        assert_eq!(
            found,
            [("x/uvshift".to_owned(), 0o755, time, 0), ("x/README.md".to_owned(), 0o644, time, 0)]
        );
        assert_eq!(zip(&members()).unwrap(), zip(&members()).unwrap());
    }

    #[test]
    fn checksums_are_what_sha256sum_reads() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("b", "b"), ("a", "a"), (SUMS, "old")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let expected = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n\
            3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b\n";
        assert_eq!(sums(folder.path()).unwrap(), expected);
        assert_eq!(std::fs::read_to_string(folder.path().join(SUMS)).unwrap(), expected);
    }
}
