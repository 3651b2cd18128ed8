//! A package index of small wheels, made from a list such as this:
//!
//! ```text
//! flask 3.0.0 | werkzeug>=3 | python >=3.8
//! werkzeug 3.0.1
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::support::write;

/// Writes the wheels and an index of them below `folder`; gives the folder of the index.
pub(crate) fn build(folder: &Path, list: &str) -> PathBuf {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut parts = line.split('|').map(str::trim);
        let (name, version) =
            parts.next().and_then(|head| head.split_once(' ')).expect("a name and a version");
        let (python, requires): (Vec<&str>, Vec<&str>) = parts.partition(|part| part.starts_with("python "));
        let python = python.first().map(|part| part.trim_start_matches("python "));
        let (file, bytes) = wheel(name, version, &requires, python);
        let hash = hex(&Sha256::digest(&bytes));
        write(folder, &format!("wheels/{file}"), &bytes);
        let link = format!("<a href=\"../../wheels/{file}#sha256={hash}\">{file}</a><br>\n");
        pages.entry(name.to_owned()).or_default().push_str(&link);
    }
    for (name, links) in &pages {
        write(
            folder,
            &format!("simple/{name}/index.html"),
            format!("<!DOCTYPE html><html><body>\n{links}</body></html>\n"),
        );
    }
    write(folder, "simple/index.html", "<!DOCTYPE html><html><body></body></html>\n");
    folder.join("simple")
}

/// A wheel with one empty module: its file name and its bytes, the same every time.
pub(crate) fn wheel(name: &str, version: &str, requires: &[&str], python: Option<&str>) -> (String, Vec<u8>) {
    let module = name.replace(['-', '.'], "_");
    let info = format!("{module}-{version}.dist-info");
    let mut metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    for requirement in requires {
        // Writing into a string cannot fail.
        let _ = writeln!(metadata, "Requires-Dist: {requirement}");
    }
    if let Some(python) = python {
        let _ = writeln!(metadata, "Requires-Python: {python}");
    }
    for extra in requires.iter().filter_map(|requirement| requirement.split_once("extra == '")) {
        let _ = writeln!(metadata, "Provides-Extra: {}", extra.1.trim_end_matches('\''));
    }
    let tags = "Wheel-Version: 1.0\nGenerator: uvshift-tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let record = format!("{module}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");
    let files = [
        (format!("{module}.py"), String::new()),
        (format!("{info}/METADATA"), metadata),
        (format!("{info}/WHEEL"), tags.to_owned()),
        (format!("{info}/RECORD"), record),
    ];
    (format!("{module}-{version}-py3-none-any.whl"), zip(&files))
}

/// An archive of stored files. Written by hand so that its bytes, and so its hash, never change.
fn zip(files: &[(String, String)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = u32::try_from(out.len()).expect("a small archive");
        let size = u32::try_from(text.len()).expect("a small file").to_le_bytes();
        let length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
        // Version 2.0, no flags, stored, 1980-01-01 00:00, checksum, both sizes, lengths of name and extra.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32(text.as_bytes()).to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend(length);
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend(0o100_644_u32.wrapping_shl(16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).expect("few files").to_le_bytes();
    let start = u32::try_from(out.len()).expect("a small archive");
    let size = u32::try_from(directory.len()).expect("a small archive");
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

#[test]
fn the_bytes_of_a_wheel_never_change() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    let (file, bytes) = wheel("typing-extensions", "4.1", &["beta>=1"], Some(">=3.8"));
    assert_eq!(file, "typing_extensions-4.1-py3-none-any.whl");
    assert_eq!(wheel("typing-extensions", "4.1", &["beta>=1"], Some(">=3.8")).1, bytes);
}
