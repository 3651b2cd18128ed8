//! The lines of keys in a JSON text, which `serde_json` does not tell.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::table::Lines;
use crate::{Error, LockKind};

/// How deep keys are of interest: category and package.
const DEPTH: usize = 2;

/// Where the keys of the two uppermost levels stand. Of a text that is no JSON it tells something or nothing.
pub(crate) struct Places {
    lines: BTreeMap<Vec<String>, usize>,
}

impl Places {
    pub(crate) fn of(text: &str) -> Self {
        let lines = Lines::new(text);
        let (mut found, mut path): (BTreeMap<_, _>, Vec<Option<String>>) = (BTreeMap::new(), Vec::new());
        let mut last: Option<(usize, usize)> = None;
        let mut at = 0;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    let end = string_end(bytes, at);
                    last = Some((at, end));
                    at = end;
                    continue;
                }
                b'{' | b'[' => path.push(None),
                b'}' | b']' => drop(path.pop()),
                b':' if path.len() <= DEPTH => {
                    let key = last.and_then(|(start, end)| text.get(start..end));
                    let key = key.and_then(|key| serde_json::from_str::<String>(key).ok());
                    if let Some(top) = path.last_mut() {
                        *top = key;
                    }
                    let whole: Option<Vec<String>> = path.iter().cloned().collect();
                    if let (Some(whole), Some((start, _))) = (whole, last) {
                        found.insert(whole, lines.of(start));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { lines: found }
    }

    /// The line of a key; that of the nearest key above it, or the first one, when it is not known.
    pub(crate) fn line(&self, path: &[&str]) -> usize {
        let known = (1..=path.len()).rev().find_map(|length| {
            let key: Vec<String> = path[..length].iter().map(|&part| part.to_owned()).collect();
            self.lines.get(&key).copied()
        });
        known.unwrap_or(1)
    }
}

/// The offset behind a string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// An object, or an error that names its place.
pub(crate) fn object<'a>(
    value: &'a Value,
    places: &Places,
    path: &[&str],
) -> Result<&'a Map<String, Value>, Error> {
    value.as_object().ok_or_else(|| Error::Type {
        kind: LockKind::Pipfile,
        line: places.line(path),
        key: if path.is_empty() { "the file".to_owned() } else { path.join(".") },
        expected: "an object",
    })
}
