//! Names that come from outside: of projects, of files, in addresses.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use uvshift_requirements::normalize_name;

/// The normal form of a project's name, if it is a name (PEP 508) of a sane length.
pub(super) fn project(name: &str) -> Option<String> {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let sound = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (sound && name.len() <= 200 && edge(name.bytes().next()) && edge(name.bytes().last()))
        .then(|| normalize_name(name))
}

/// Whether this can be the name of a distribution's file, and of nothing else: no folder, no hidden file, no stream.
pub(super) fn is_file(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+!~=@, ()".contains(&byte);
    name.len() <= 255 && !name.starts_with(['.', ' ', '-']) && !name.is_empty() && name.bytes().all(allowed)
}

/// Whether a file belongs to a project, by its name alone, as pages of links have it.
pub(super) fn belongs_to(file: &str, project: &str) -> bool {
    if let Some(stem) = file.strip_suffix(".whl") {
        return stem.split_once('-').is_some_and(|(name, _)| normalize_name(name) == project);
    }
    let endings = [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"];
    let Some(stem) = endings.iter().find_map(|ending| file.strip_suffix(ending)) else { return false };
    // A name may have hyphens; its version begins with a digit.
    stem.match_indices('-').any(|(at, _)| {
        let (name, version) = (&stem[..at], &stem[at + 1..]);
        version.starts_with(|first: char| first.is_ascii_digit()) && normalize_name(name) == project
    })
}

/// SHA-256 as hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether this is a SHA-256 in lower case.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// A name as a segment of a path in a URL (RFC 3986, 2.3).
pub(super) fn encoded(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// A segment of a path in a URL as the name that it stands for, if it is text.
pub(super) fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_have_sound_names() {
        assert_eq!(project("Foo__.Bar").as_deref(), Some("foo-bar"));
        for hostile in ["", "..", ".", "a/b", "a\\b", "-a", "a-", "a b", "ä", "a\0", &"a".repeat(201)] {
            assert_eq!(project(hostile), None, "{hostile}");
        }
    }

    #[test]
    fn files_are_files_and_nothing_else() {
        for sound in ["a-1.0-py3-none-any.whl", "torch-2.0+cpu.whl", "a-1!2.tar.gz", "A.B-1.zip"] {
            assert!(is_file(sound), "{sound}");
        }
        for hostile in
            ["", ".", "..", "../a", "a/b", "/etc/passwd", "C:\\a", "a:b", "a\nb", ".hidden", "\"", "<", "%2e"]
        {
            assert!(!is_file(hostile), "{hostile}");
        }
    }

    #[test]
    fn files_belong_to_the_project_that_their_name_begins_with() {
        for (file, name, expected) in [
            ("foo_bar-1.0-py3-none-any.whl", "foo-bar", true),
            ("foo-1.0-py3-none-any.whl", "foo-bar", false),
            ("Foo.Bar-1.0.tar.gz", "foo-bar", true),
            ("foo-bar-1.0.tar.gz", "foo-bar", true),
            ("foo-bar-1.0.tar.gz", "foo", false),
            ("foo-1.0.zip", "foo", true),
            ("foo-1.0.exe", "foo", false),
            ("foo.whl", "foo", false),
        ] {
            assert_eq!(belongs_to(file, name), expected, "{file} {name}");
        }
    }

    #[test]
    fn segments_go_there_and_back() {
        for name in ["a-1.0+cpu.whl", "a b/c", "ä%", "%2e%2E"] {
            assert_eq!(decoded(&encoded(name)).as_deref(), Some(name));
        }
        assert_eq!(decoded("%2E%2e").as_deref(), Some(".."));
        for broken in ["%", "%2", "%zz", "%ff", "%+1"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}
