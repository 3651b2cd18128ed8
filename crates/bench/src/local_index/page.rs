//! What an index says of a project: read from outside, checked, merged, and written for callers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use uvshift_requirements::split_credentials;

use super::names;

/// How many files a page may have.
const MOST_FILES: usize = 200_000;

/// How long a text of a page may be, in bytes.
const LONGEST_TEXT: usize = 4096;

/// What one index says of one project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Page {
    /// Whether the index does not know the project.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) absent: bool,
    /// The files.
    pub(super) files: Vec<Entry>,
    /// The versions (PEP 700), where the index tells them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) versions: Vec<String>,
}

/// One file of a page (PEP 691, PEP 700, PEP 714).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Entry {
    /// The name of the file.
    pub(super) filename: String,
    /// Where the index above has it. Callers never see it.
    pub(super) url: String,
    /// Digests by the name of their algorithm.
    #[serde(default)]
    pub(super) hashes: BTreeMap<String, String>,
    /// Which Pythons it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) requires_python: Option<String>,
    /// Its length in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<u64>,
    /// When it was uploaded, as RFC 3339 has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) upload_time: Option<String>,
    /// Whether and why it has been withdrawn (PEP 592).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) yanked: Option<Yanked>,
    /// Whether its metadata can be had (PEP 658).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) core_metadata: Option<CoreMetadata>,
}

/// Whether and why a file has been withdrawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Yanked {
    /// Whether it has.
    Flag(bool),
    /// That it has, and why.
    Reason(String),
}

/// Whether the metadata of a file can be had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum CoreMetadata {
    /// Whether it can.
    Flag(bool),
    /// That it can, with its digests.
    Hashes(BTreeMap<String, String>),
}

impl Entry {
    /// What the file is kept as.
    pub(super) fn key(&self) -> String {
        key(&self.hashes, &self.url)
    }

    /// The SHA-256, where the page tells it.
    pub(super) fn sha256(&self) -> Option<&str> {
        self.hashes.get("sha256").map(String::as_str)
    }

    /// Whether its metadata can be had, and the digests of it.
    pub(super) fn metadata(&self) -> Option<BTreeMap<String, String>> {
        match &self.core_metadata {
            Some(CoreMetadata::Hashes(hashes)) => Some(hashes.clone()),
            Some(CoreMetadata::Flag(true)) => Some(BTreeMap::new()),
            Some(CoreMetadata::Flag(false)) | None => None,
        }
    }

    /// Where the metadata is above: beside the file, before its query (PEP 658).
    pub(super) fn metadata_url(&self) -> String {
        match self.url.split_once('?') {
            Some((path, query)) => format!("{path}.metadata?{query}"),
            None => format!("{}.metadata", self.url),
        }
    }

    /// The entry without what nobody may be handed on, or nothing when it is hostile or broken.
    fn checked(mut self, local: bool) -> Option<Self> {
        let scheme = self.url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let sound = match scheme.as_deref() {
            Some("http" | "https") => true,
            // A page from the network that names a file of this machine would have us hand it out.
            Some("file") => local,
            _ => false,
        };
        let texts = [Some(&self.url), self.requires_python.as_ref(), self.upload_time.as_ref()];
        if !sound || !names::is_file(&self.filename) || !texts.into_iter().flatten().all(|text| is_sane(text))
        {
            return None;
        }
        self.url = split_credentials(&self.url).0;
        let mut sound = make_sound(&mut self.hashes);
        if let Some(CoreMetadata::Hashes(hashes)) = &mut self.core_metadata {
            sound &= make_sound(hashes);
        }
        // Without its digest the file would be kept unchecked.
        if !sound {
            return None;
        }
        if let Some(Yanked::Reason(reason)) = &mut self.yanked {
            reason.retain(|letter| !letter.is_control());
            *reason = reason.chars().take(LONGEST_TEXT).collect();
        }
        Some(self)
    }
}

impl Page {
    /// A page as the script gives it, without entries that are hostile or broken, and how many those were.
    pub(super) fn read(bytes: &[u8], local: bool) -> Result<(Self, usize), serde_json::Error> {
        // One entry that is not what it should be may not take the others with it.
        #[derive(Deserialize)]
        struct Loose {
            #[serde(default)]
            files: Vec<serde_json::Value>,
            #[serde(default)]
            versions: Vec<String>,
        }
        let Loose { files, versions } = serde_json::from_slice(bytes)?;
        let found = files.len();
        let files: Vec<Entry> = files
            .into_iter()
            .take(MOST_FILES)
            .filter_map(|file| serde_json::from_value::<Entry>(file).ok()?.checked(local))
            .collect();
        let left_out = found - files.len();
        let versions = versions.into_iter().take(MOST_FILES).filter(|version| is_sane(version)).collect();
        Ok((Self { absent: false, files, versions }, left_out))
    }

    /// One page of several. Of files with one name the first counts, as the first index does for uv.
    pub(super) fn merged(pages: Vec<Self>) -> Self {
        let absent = pages.iter().all(|page| page.absent);
        let mut known = BTreeSet::new();
        let mut versions = BTreeSet::new();
        let mut files = Vec::new();
        for page in pages {
            files.extend(page.files.into_iter().filter(|file| known.insert(file.filename.clone())));
            versions.extend(page.versions);
        }
        Self { absent, files, versions: versions.into_iter().collect() }
    }

    /// The page as PEP 691 has it.
    pub(super) fn json(&self, project: &str) -> Vec<u8> {
        let files: Vec<_> = self
            .files
            .iter()
            .map(|entry| {
                let mut shown = entry.clone();
                shown.url = target(project, entry);
                let mut value = serde_json::to_value(shown).unwrap_or_default();
                // Older readers know PEP 658 by its first name (PEP 714).
                if let (Some(fields), Some(metadata)) = (value.as_object_mut(), &entry.core_metadata) {
                    let metadata = serde_json::to_value(metadata).unwrap_or_default();
                    fields.insert("dist-info-metadata".to_owned(), metadata);
                }
                value
            })
            .collect();
        // Version 1.1 (PEP 700) promises the versions and the size of every file.
        let whole = !self.versions.is_empty() && self.files.iter().all(|file| file.size.is_some());
        let version = if whole { "1.1" } else { "1.0" };
        let mut page = serde_json::json!({"meta": {"api-version": version}, "name": project, "files": files});
        if let (true, Some(fields)) = (whole, page.as_object_mut()) {
            fields.insert("versions".to_owned(), self.versions.clone().into());
        }
        page.to_string().into_bytes()
    }

    /// The page as PEP 503 has it.
    pub(super) fn html(&self, project: &str) -> Vec<u8> {
        let mut text = format!(
            "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.0\">\
             <title>{project}</title></head><body>\n"
        );
        for entry in &self.files {
            text.push_str(&anchor(project, entry));
        }
        text.push_str("</body></html>\n");
        text.into_bytes()
    }
}

/// What something is kept as: its SHA-256, or what is made from its address where the page tells none. So no index can put
/// anything in the place of what another index has.
pub(super) fn key(hashes: &BTreeMap<String, String>, url: &str) -> String {
    match hashes.get("sha256") {
        Some(digest) => digest.clone(),
        None => format!("u{}", names::digest(url.as_bytes())),
    }
}

fn anchor(project: &str, entry: &Entry) -> String {
    let mut text = format!("<a href=\"{}", target(project, entry));
    // A link has room for one digest.
    let best = entry.sha256().map(|digest| ("sha256", digest)).or_else(|| {
        entry.hashes.iter().next_back().map(|(algorithm, digest)| (algorithm.as_str(), digest.as_str()))
    });
    if let Some((algorithm, digest)) = best {
        let _ = write!(text, "#{algorithm}={digest}");
    }
    text.push('"');
    if let Some(python) = &entry.requires_python {
        let _ = write!(text, " data-requires-python=\"{}\"", escaped(python));
    }
    match &entry.yanked {
        Some(Yanked::Reason(reason)) => {
            let _ = write!(text, " data-yanked=\"{}\"", escaped(reason));
        }
        Some(Yanked::Flag(true)) => text.push_str(" data-yanked=\"\""),
        Some(Yanked::Flag(false)) | None => {}
    }
    if let Some(hashes) = entry.metadata() {
        let value = hashes.get("sha256").map_or("true".to_owned(), |digest| format!("sha256={digest}"));
        let _ = write!(text, " data-core-metadata=\"{value}\" data-dist-info-metadata=\"{value}\"");
    }
    let _ = writeln!(text, ">{}</a><br>", escaped(&entry.filename));
    text
}

/// Where a file is, from the page of its project.
fn target(project: &str, entry: &Entry) -> String {
    format!("../../files/{project}/{}/{}", entry.key(), names::encoded(&entry.filename))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn is_sane(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && !text.contains(char::is_control)
}

/// Writes digests in lower case, and tells whether they are digests. A SHA-256 becomes the name of a file.
fn make_sound(hashes: &mut BTreeMap<String, String>) -> bool {
    hashes.iter_mut().all(|(algorithm, digest)| {
        digest.make_ascii_lowercase();
        let name = algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let digits = digest.len() <= 256 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        name && digits && algorithm.len() <= 20 && (algorithm != "sha256" || names::is_digest(digest))
    })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
