//! What uv writes into the metadata of a package and what was there before: marks and origins are brought over.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use uvshift_installed::{Form, Origin, RecordEntry};

use super::{Recreate, RecreateError, carry, disk};
use crate::{Package, Snapshot, record};

/// A `direct_url.json` is never larger.
const MAXIMUM_SIZE: u64 = 64 * 1024;

/// Takes the mark of what was asked for from what was not, and brings `direct_url.json` over where it says the same and more.
///
/// uv 0.13.9 marks every package as asked for, and it forgets the name of the branch and the hashes of local archives.
pub(crate) fn metadata(asked: &Recreate<'_>) -> Result<(), RecreateError> {
    let made = Snapshot::read(asked.at)?;
    for before in &asked.snapshot.packages {
        let Some(now) = made.find(&before.name).filter(|now| now.form == Form::DistInfo) else { continue };
        let mut changes: Vec<Change> = Vec::new();
        if now.requested && !before.requested && before.form == Form::DistInfo {
            changes.push(Change { file: "REQUESTED", content: None });
        }
        if let Some(content) = old_origin(asked, before, now) {
            changes.push(Change { file: "direct_url.json", content: Some(content) });
        }
        apply(now, changes)?;
    }
    Ok(())
}

/// A file of a `.dist-info` folder that gets another content, or none.
struct Change {
    file: &'static str,
    content: Option<Vec<u8>>,
}

/// The old `direct_url.json`, if it is another text for the same origin.
fn old_origin(asked: &Recreate<'_>, before: &Package, now: &Package) -> Option<Vec<u8>> {
    if before.form != Form::DistInfo || !is_same(&before.origin, &now.origin) {
        return None;
    }
    let location = carry::moved(&before.location, &asked.snapshot.root, asked.old_tree?);
    let old = small_file(&location.join("direct_url.json"))?;
    (small_file(&now.location.join("direct_url.json"))? != old).then_some(old)
}

fn small_file(path: &Path) -> Option<Vec<u8>> {
    std::fs::symlink_metadata(path).ok().filter(|found| found.is_file() && found.len() <= MAXIMUM_SIZE)?;
    std::fs::read(path).ok()
}

/// Whether two origins are the same place with the same content.
pub(crate) fn is_same(before: &Origin, now: &Origin) -> bool {
    match (before, now) {
        (Origin::Index, Origin::Index) => true,
        (
            Origin::Vcs { vcs, url, commit, subdirectory, .. },
            Origin::Vcs {
                vcs: vcs_now,
                url: url_now,
                commit: commit_now,
                subdirectory: subdirectory_now,
                ..
            },
        ) => {
            (vcs, url.trim_end_matches('/'), commit, subdirectory)
                == (vcs_now, url_now.trim_end_matches('/'), commit_now, subdirectory_now)
        }
        (
            Origin::Archive { url, hashes, subdirectory, .. },
            Origin::Archive { url: url_now, hashes: hashes_now, subdirectory: subdirectory_now, .. },
        ) => {
            let same_place =
                match (uvshift_installed::path_of_url(url), uvshift_installed::path_of_url(url_now)) {
                    (Some(path), Some(path_now)) => path == path_now,
                    _ => url == url_now,
                };
            // uv has verified the hashes that it was given, whether it writes them down or not.
            let same_hashes = hashes.is_empty()
                || hashes_now.is_empty()
                || hashes.iter().any(|hash| hashes_now.contains(hash));
            same_place && same_hashes && subdirectory == subdirectory_now
        }
        (
            Origin::Directory { path, editable, .. },
            Origin::Directory { path: path_now, editable: editable_now, .. },
        ) => same_folder(path, path_now) && editable == editable_now,
        _ => false,
    }
}

/// Two spellings of one folder; a folder that is gone is only itself.
fn same_folder(left: &Path, right: &Path) -> bool {
    left == right
        || matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

/// Writes the changes and their rows of `RECORD`; the rows first, so that a file that is there is always in it.
fn apply(now: &Package, changes: Vec<Change>) -> Result<(), RecreateError> {
    let record_path = now.location.join("RECORD");
    let Some(folder) = now.location.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Ok(());
    };
    if changes.is_empty() {
        return Ok(());
    }
    let mut rows = record::entries(now);
    for change in &changes {
        let path = format!("{folder}/{}", change.file);
        match &change.content {
            None => rows.retain(|row| row.path != path),
            Some(content) => {
                for row in rows.iter_mut().filter(|row| row.path == path) {
                    row.hash = Some(format!("sha256={}", url_safe_base64(&Sha256::digest(content))));
                    row.size = u64::try_from(content.len()).ok();
                }
            }
        }
    }
    let text: String = rows.iter().map(row).collect();
    disk::replace(&record_path, text.as_bytes()).map_err(RecreateError::io("write", &record_path))?;
    for change in changes {
        let path = now.location.join(change.file);
        let done = match change.content {
            None => disk::remove_file(&path),
            Some(content) => disk::replace(&path, &content),
        };
        done.map_err(RecreateError::io("write", &path))?;
    }
    Ok(())
}

/// A row of `RECORD`, quoted as Python's `csv` does.
fn row(entry: &RecordEntry) -> String {
    let path = if entry.path.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", entry.path.replace('"', "\"\""))
    } else {
        entry.path.clone()
    };
    let size = entry.size.map(|size| size.to_string()).unwrap_or_default();
    format!("{path},{},{size}\n", entry.hash.as_deref().unwrap_or_default())
}

/// Base 64 with the alphabet for URLs and without padding, as `RECORD` has it.
pub(crate) fn url_safe_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0_usize;
        for position in 0..3 {
            group = group << 8 | usize::from(chunk.get(position).copied().unwrap_or(0));
        }
        for position in 0..=chunk.len() {
            let digit = group >> (18 - 6 * position) & 63;
            text.extend(ALPHABET.get(digit).map(|byte| char::from(*byte)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648_without_padding() {
        for (bytes, expected) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            assert_eq!(url_safe_base64(bytes.as_bytes()), expected);
        }
        assert_eq!(url_safe_base64(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn rows_are_quoted_where_needed() {
        let entry = |path: &str| RecordEntry { path: path.to_owned(), hash: None, size: Some(3) };
        assert_eq!(row(&entry("a/b.py")), "a/b.py,,3\n");
        assert_eq!(row(&entry("a,\"b\".py")), "\"a,\"\"b\"\".py\",,3\n");
    }

    #[test]
    fn an_origin_is_the_same_by_meaning() {
        let archive = |url: &str, hashes: &[&str]| Origin::Archive {
            url: url.to_owned(),
            hashes: hashes.iter().map(|hash| (*hash).to_owned()).collect(),
            subdirectory: None,
            had_credentials: false,
        };
        assert!(is_same(&archive("file:///a%20b", &["sha256:1"]), &archive("file:///a b", &[])));
        assert!(!is_same(&archive("file:///a", &["sha256:1"]), &archive("file:///a", &["sha256:2"])));
        assert!(!is_same(&archive("https://a.example/x", &[]), &archive("https://b.example/x", &[])));
        assert!(!is_same(&Origin::Index, &archive("https://b.example/x", &[])));
    }
}
