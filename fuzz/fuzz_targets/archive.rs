//! Reading an archive never panics, and never takes more than the limits allow.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uvshift_venv::{Limits, check_archive};

const LIMITS: Limits = Limits { manifest: 1 << 16, members: 100, content: 1 << 20, texts: 1 << 16 };

/// A member without a manifest: its type, its name, its content.
struct Member<'a> {
    kind: u8,
    name: &'a [u8],
    content: &'a [u8],
}

fuzz_target!(|bytes: &[u8]| {
    let _ = check_archive(bytes, &LIMITS);
    packed(bytes);
    let members = members(bytes);
    let manifest = manifest(&members).to_string();
    let mut tar = Vec::new();
    write(&mut tar, &Member { kind: b'0', name: b"manifest.json", content: manifest.as_bytes() });
    for member in &members {
        write(&mut tar, member);
    }
    tar.resize(tar.len() + 1024, 0);
    packed(&tar);
    // One byte of it is another one.
    if let [high, low, flip, ..] = bytes {
        let at = (usize::from(*high) << 8 | usize::from(*low)) % tar.len();
        tar[at] ^= flip;
        packed(&tar);
    }
});

/// Compressed on the spot, so that no checksum of the compression stands in the way.
fn packed(tar: &[u8]) {
    if let Ok(packed) = zstd::encode_all(tar, 1) {
        let _ = check_archive(&packed[..], &LIMITS);
    }
}

/// The five members that every archive has, and those that the bytes make: a byte of type, two of lengths, name, content.
fn members(mut bytes: &[u8]) -> Vec<Member<'_>> {
    let required = ["snapshot.json", "freeze.txt", "inspect.json", "platform.json", "environment.json"];
    let required = required.map(|name| Member { kind: b'0', name: name.as_bytes(), content: b"{}" });
    let mut members = Vec::from(required);
    while let [kind, name, content, rest @ ..] = bytes {
        let (name, rest) = rest.split_at(usize::from(*name % 100).min(rest.len()));
        let (content, rest) = rest.split_at(usize::from(*content).min(rest.len()));
        members.push(Member { kind: *kind, name, content });
        bytes = rest;
    }
    members
}

fn manifest(members: &[Member<'_>]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|member| {
            let text = String::from_utf8_lossy(member.content);
            let sum: String =
                Sha256::digest(member.content).iter().map(|byte| format!("{byte:02x}")).collect();
            let kind = match member.kind {
                b'5' => json!("folder"),
                b'2' => json!({ "link": { "target": text } }),
                _ => json!({ "file": { "size": member.content.len(), "sha256": sum } }),
            };
            let path = String::from_utf8_lossy(member.name);
            json!({ "path": path, "mode": 420, "modified": 0, "kind": kind })
        })
        .collect();
    json!({
        "version": 1, "kind": "full", "uvshift": "0", "created": "", "root": "/x", "covered": [], "members": members,
    })
}

fn write(tar: &mut Vec<u8>, member: &Member<'_>) {
    let mut header = [0; 512];
    let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
    let is_link = member.kind == b'2';
    put(0, member.name);
    put(100, b"0000644\0");
    let content = if is_link || member.kind == b'5' { &[][..] } else { member.content };
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[member.kind]);
    if is_link {
        put(157, &member.content[..member.content.len().min(100)]);
    }
    put(257, b"ustar  \0");
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend(header);
    tar.extend(content);
    tar.resize(tar.len().next_multiple_of(512), 0);
}
