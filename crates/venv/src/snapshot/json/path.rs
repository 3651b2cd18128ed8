//! Paths: texts, and where a path is no text, an object with its bytes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{JsonError, fields};

pub(super) fn from_json(value: &Value) -> Result<PathBuf, JsonError> {
    let path = match value {
        Value::String(text) => Some(PathBuf::from(text)),
        Value::Object(table) => {
            let bytes = table.get("bytes").and_then(Value::as_str).and_then(of_hexadecimal);
            let text = table.get("text").and_then(Value::as_str);
            bytes.map(|bytes| of_bytes(bytes, text)).or(text.map(PathBuf::from))
        }
        _ => None,
    };
    path.ok_or_else(|| fields::error("path", "a path"))
}

pub(super) fn hexadecimal(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn of_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok()).collect()
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>, _: Option<&str>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;

    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

/// A path of another system that is no text cannot be one here.
#[cfg(not(unix))]
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of Unix")]
fn of_bytes(bytes: Vec<u8>, text: Option<&str>) -> PathBuf {
    text.map_or_else(|| PathBuf::from(String::from_utf8_lossy(&bytes).into_owned()), PathBuf::from)
}
