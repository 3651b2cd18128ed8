//! One file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use uvshift_diagnostics::Diagnostic;

use crate::codes;

use super::decode::decode;
use super::intern::Interner;
use super::notebook::notebook;
use super::source::{Source, source};
use super::{FileKind, ScannedFile};

/// A buffer above this size is not kept for the next file.
const LARGEST_BUFFER: usize = 4 << 20;

/// What a file is, by its path, and without a suffix by its first line.
pub(super) fn kind(path: &str, start: &[u8]) -> Option<FileKind> {
    kind_of_suffix(path).or_else(|| (suffix(path).is_none() && is_script(start)).then_some(FileKind::Script))
}

fn kind_of_suffix(path: &str) -> Option<FileKind> {
    let suffix = suffix(path)?.to_ascii_lowercase();
    Some(match suffix.as_str() {
        "py" | "pyw" => FileKind::Module,
        "pyi" => FileKind::Stub,
        "pyx" | "pxd" | "pxi" => FileKind::Cython,
        "ipynb" => FileKind::Notebook,
        _ => return None,
    })
}

fn suffix(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

/// Whether the first line has Python run the file: `#!/usr/bin/env python3`, `#!/usr/bin/env -S uv run --script`.
fn is_script(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let Some(line) = start.strip_prefix(b"#!") else { return false };
    let end = memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len());
    let line = String::from_utf8_lossy(line.get(..end).unwrap_or_default()).into_owned();
    let words: Vec<&str> =
        line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word)).collect();
    words.iter().any(|word| is_python(word)) || (words.contains(&"uv") && words.contains(&"run"))
}

/// `python`, `python3.12`, `pypy3`, `pythonw`
fn is_python(word: &str) -> bool {
    let rest = word.strip_prefix("python").or_else(|| word.strip_prefix("pypy"));
    rest.is_some_and(|rest| {
        rest.trim_end_matches('w').chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    })
}

/// Reads a file into a buffer, if it holds Python.
pub(super) fn read(full: &Path, path: &str, bytes: &mut Vec<u8>) -> io::Result<Option<FileKind>> {
    bytes.clear();
    bytes.shrink_to(LARGEST_BUFFER);
    let mut file = File::open(full)?;
    if let Some(kind) = kind_of_suffix(path) {
        file.read_to_end(bytes)?;
        return Ok(Some(kind));
    }
    // The first line tells, and most files without a suffix hold something else.
    Read::by_ref(&mut file).take(256).read_to_end(bytes)?;
    let kind = kind(path, bytes);
    if kind.is_some() {
        file.read_to_end(bytes)?;
    }
    Ok(kind)
}

/// Scans the contents of a file.
pub(super) fn scan(path: Arc<str>, kind: FileKind, bytes: &[u8], interner: &mut Interner) -> ScannedFile {
    let mut found = match decode(bytes) {
        Ok(decoded) => {
            let mut found = match kind {
                FileKind::Notebook => notebook(&decoded.text, interner),
                _ => source(&decoded.text, kind, interner),
            };
            found.diagnostics.extend(decoded.diagnostic);
            found
        }
        Err(diagnostic) => Source { diagnostics: vec![*diagnostic], ..Source::default() },
    };
    for diagnostic in &mut found.diagnostics {
        diagnostic.file = Some(path.as_ref().to_owned());
    }
    let Source { imports, script, ignored, diagnostics } = found;
    ScannedFile { path, kind, imports, script, ignored, diagnostics }
}

/// Says that a file cannot be read.
pub(super) fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::warning(codes::UNREADABLE, format!("cannot be read: {error}")).in_file(path, 1)
}
