//! Quoting for a POSIX shell.

use std::ffi::OsStr;
use std::fmt::Write as _;

/// One word for a shell, quoted only where it has to be.
///
/// Control characters (they could rewrite the reader's terminal) and bytes that are no text are written as
/// `$'\033'`, which bash, zsh and POSIX.1-2024 read back; everything else is understood by any POSIX shell.
pub(crate) fn quote(word: &OsStr) -> String {
    let bytes = word.as_encoded_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().any(needs_escape) => escaped(bytes),
        Ok(text) if !text.is_empty() && text.chars().all(is_plain) => text.to_owned(),
        Ok(text) => format!("'{}'", text.replace('\'', r"'\''")),
        Err(_) => escaped(bytes),
    }
}

fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || "-_./:=@%+,".contains(character)
}

fn needs_escape(character: char) -> bool {
    character.is_control() && character != '\n' && character != '\t'
}

fn escaped(bytes: &[u8]) -> String {
    let mut quoted = String::from("$'");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\'' | '\\' => quoted.extend(['\\', character]),
                _ if character.is_control() => {
                    octal(&mut quoted, character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => quoted.push(character),
            }
        }
        octal(&mut quoted, chunk.invalid());
    }
    quoted.push('\'');
    quoted
}

fn octal(quoted: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(quoted, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_where_needed() {
        for (word, expected) in [
            ("uv", "uv"),
            ("--python=3.12", "--python=3.12"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME `x` \"q\"", "'$HOME `x` \"q\"'"),
            ("flask>=2; x", "'flask>=2; x'"),
            ("~/x", "'~/x'"),
            ("two\nlines", "'two\nlines'"),
            ("\u{1b}[31m'", r"$'\033[31m\''"),
            ("größe", "größe"),
        ] {
            assert_eq!(quote(OsStr::new(word)), expected);
        }
    }
}
