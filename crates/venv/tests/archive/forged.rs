//! An archive taken apart, changed, and put together again with checksums that fit, as anybody can.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tar::{EntryType, Header};

/// A member as the tar has it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: Vec<u8>,
    pub(crate) kind: EntryType,
    pub(crate) target: Vec<u8>,
    pub(crate) mode: u32,
    pub(crate) modified: u64,
    pub(crate) data: Vec<u8>,
    /// What the header says, if that is not the length of `data`.
    pub(crate) size: Option<u64>,
}

/// An archive in parts.
#[derive(Debug, Clone)]
pub(crate) struct Forged {
    pub(crate) manifest: Value,
    /// All members but the manifest.
    pub(crate) entries: Vec<Entry>,
    /// What stands in the tar before the first and after the last member.
    pub(crate) before: Vec<Entry>,
    pub(crate) tail: Vec<u8>,
}

impl Entry {
    pub(crate) fn file(path: &str, data: &[u8]) -> Self {
        Self {
            path: path.into(),
            kind: EntryType::Regular,
            target: Vec::new(),
            mode: 0o644,
            modified: 0,
            data: data.to_vec(),
            size: None,
        }
    }

    pub(crate) fn link(path: &str, target: &str) -> Self {
        Self { kind: EntryType::Symlink, target: target.into(), mode: 0o777, ..Self::file(path, b"") }
    }

    pub(crate) fn folder(path: &str) -> Self {
        Self { kind: EntryType::Directory, mode: 0o755, ..Self::file(path, b"") }
    }

    fn name(&self) -> String {
        String::from_utf8_lossy(&self.path).trim_end_matches('/').to_owned()
    }

    /// What a manifest says of it.
    fn listed(&self) -> Value {
        let kind = match self.kind {
            EntryType::Directory => json!("folder"),
            EntryType::Symlink => json!({ "link": { "target": String::from_utf8_lossy(&self.target) } }),
            _ => {
                json!({ "file": { "size": self.size.unwrap_or(self.data.len() as u64), "sha256": sum(&self.data) } })
            }
        };
        json!({ "path": self.name(), "mode": self.mode, "modified": self.modified * 1_000_000_000, "kind": kind })
    }

    fn header(&self) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(self.kind);
        header.set_size(self.size.unwrap_or(self.data.len() as u64));
        header.set_mode(self.mode);
        header.set_mtime(self.modified);
        header.set_uid(0);
        header.set_gid(0);
        header.as_old_mut().name[..self.path.len()].copy_from_slice(&self.path);
        header.as_old_mut().linkname[..self.target.len()].copy_from_slice(&self.target);
        header.set_cksum();
        header
    }

    fn write(&self, tar: &mut Vec<u8>) {
        tar.extend(self.header().as_bytes());
        tar.extend(&self.data);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
}

impl Forged {
    /// Takes an archive apart.
    pub(crate) fn read(archive: &Path) -> Self {
        let tar = zstd::decode_all(fs::File::open(archive).unwrap()).unwrap();
        let mut archive = tar::Archive::new(&tar[..]);
        let mut entries = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            let header = entry.header();
            entries.push(Entry {
                path: entry.path_bytes().into_owned(),
                kind: header.entry_type(),
                target: entry.link_name_bytes().map(std::borrow::Cow::into_owned).unwrap_or_default(),
                mode: header.mode().unwrap(),
                modified: header.mtime().unwrap(),
                data,
                size: None,
            });
        }
        let manifest = serde_json::from_slice(&entries.remove(0).data).unwrap();
        Self { manifest, entries, before: Vec::new(), tail: vec![0; 1024] }
    }

    pub(crate) fn members(&mut self) -> &mut Vec<Value> {
        self.manifest["members"].as_array_mut().unwrap()
    }

    /// The place of a member.
    pub(crate) fn at(&self, name: &str) -> usize {
        self.entries.iter().position(|entry| entry.name() == name).unwrap()
    }

    pub(crate) fn entry(&mut self, name: &str) -> &mut Entry {
        let at = self.at(name);
        &mut self.entries[at]
    }

    pub(crate) fn listed(&mut self, name: &str) -> &mut Value {
        let at = self.at(name);
        &mut self.members()[at]
    }

    /// Adds a member to both lists.
    pub(crate) fn add(&mut self, entry: Entry) {
        let listed = entry.listed();
        self.members().push(listed);
        self.entries.push(entry);
    }

    /// Replaces a file and what the manifest says of it.
    pub(crate) fn replace(&mut self, name: &str, data: &[u8]) {
        let at = self.at(name);
        self.entries[at].data = data.to_vec();
        let kind = self.entries[at].listed()["kind"].clone();
        self.members()[at]["kind"] = kind;
    }

    pub(crate) fn tar(&self) -> Vec<u8> {
        let mut tar = Vec::new();
        for entry in &self.before {
            entry.write(&mut tar);
        }
        Entry::file("manifest.json", &serde_json::to_vec(&self.manifest).unwrap()).write(&mut tar);
        for entry in &self.entries {
            entry.write(&mut tar);
        }
        tar.extend(&self.tail);
        tar
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        packed(&self.tar())
    }
}

/// Compressed as an archive is.
pub(crate) fn packed(tar: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(tar).unwrap();
    encoder.finish().unwrap()
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |sum, byte| format!("{sum}{byte:02x}"))
}
