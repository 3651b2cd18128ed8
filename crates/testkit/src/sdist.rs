//! Source distributions that are small, valid and the same every time.

use std::fs;
use std::path::{Path, PathBuf};

use crate::wheel::{WheelOptions, escaped};

/// Writes `NAME-VERSION.tar.gz` into `folder` and gives its path.
///
/// It has the files of `options`, a `PKG-INFO`, a `pyproject.toml` with static metadata and the build backend that it
/// names, and whatever `files` (path and content) say beyond or instead of that.
pub fn sdist(
    folder: impl AsRef<Path>,
    name: &str,
    version: &str,
    options: &WheelOptions,
    files: &[(&str, &str)],
) -> PathBuf {
    let stem = format!("{}-{version}", escaped(name));
    let mut content = options.files(name, version);
    content.push(("PKG-INFO".to_owned(), options.metadata(name, version)));
    content.push(("pyproject.toml".to_owned(), pyproject(name, version, options)));
    for (path, text) in files {
        content.retain(|(present, _)| present != path);
        content.push(((*path).to_owned(), (*text).to_owned()));
    }
    content.sort();
    let mut archive = Vec::new();
    for (path, text) in content {
        append(&mut archive, &format!("{stem}/{path}"), text.as_bytes());
    }
    // Two empty blocks end an archive.
    archive.resize(archive.len() + 1024, 0);
    fs::create_dir_all(&folder).expect("the folder of distributions can be made");
    let path = folder.as_ref().join(format!("{stem}.tar.gz"));
    fs::write(&path, gzip(&archive)).expect("a distribution can be written");
    path
}

fn pyproject(name: &str, version: &str, options: &WheelOptions) -> String {
    let python = options.requires_python.as_deref().unwrap_or(">=3.9");
    let plain = options.requires_dist.iter().filter(|requirement| !requirement.contains("extra =="));
    let dependencies: Vec<_> = plain.map(|requirement| format!("{requirement:?}")).collect();
    format!(
        "[project]\nname = \"{name}\"\nversion = \"{version}\"\nrequires-python = \"{python}\"\n\
         dependencies = [{}]\n\n[build-system]\nrequires = [\"setuptools>=61\"]\n\
         build-backend = \"setuptools.build_meta\"\n",
        dependencies.join(", ")
    )
}

/// Adds a file as POSIX `ustar` has it: a block of header, then blocks of content.
fn append(archive: &mut Vec<u8>, path: &str, content: &[u8]) {
    let mut header = [0_u8; 512];
    assert!(path.len() < 100, "`{path}` is too long for a plain tar header");
    let mut field = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    field(0, path);
    field(100, "0000644\0");
    field(108, "0000000\0");
    field(116, "0000000\0");
    field(124, &format!("{:011o}\0", content.len()));
    field(136, "00000000000\0");
    // While it is summed up, the field of the sum is blank.
    field(148, "        ");
    field(156, "0");
    field(257, "ustar\x0000");
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    archive.extend(header);
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(512), 0);
}

/// A gzip member without compression (RFC 1951, 3.2.4, and RFC 1952), without a time stamp.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).expect("a block is no longer than that");
        packed.push(u8::from(blocks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    packed.extend(crc32(bytes).to_le_bytes());
    packed.extend(u32::try_from(bytes.len()).expect("a test archive is small").to_le_bytes());
    packed
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_that_of_gzip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
