//! Reading a wheel: every file is hashed, and the files of its `dist-info` folder are understood.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use uvshift_requirements::normalize_name;
use zip::ZipArchive;

use crate::file_name::expanded;
use crate::{EntryPoints, Error, FileName, Metadata};

/// One file of a wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WheelFile {
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub size: u64,
    /// Whether an installer marks it as executable.
    pub executable: bool,
}

/// What the file `WHEEL` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WheelInfo {
    /// The tool that built it, such as `hatchling 1.27.0`.
    pub generator: String,
    /// Whether the files belong into `purelib`.
    pub purelib: bool,
    /// The tags, one for each combination.
    pub tags: BTreeSet<String>,
}

/// A wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// What its file name says.
    pub file_name: FileName,
    /// Every file, by its path in the archive.
    pub files: BTreeMap<String, WheelFile>,
    /// The file `METADATA`.
    pub metadata: Metadata,
    /// The file `entry_points.txt`.
    pub entry_points: EntryPoints,
    /// The file `WHEEL`.
    pub info: WheelInfo,
    /// The folder of metadata, such as `demo-1.0.dist-info`.
    pub dist_info: String,
    /// The texts of the files above.
    texts: BTreeMap<String, String>,
}

/// How much a wheel may hold. A small archive can unpack to more than any disk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes of all files together, unpacked.
    pub bytes: u64,
    /// Bytes of one file of the `dist-info` folder that is understood, unpacked.
    pub metadata_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 100_000, bytes: 8 << 30, metadata_bytes: 16 << 20 }
    }
}

/// The files of the `dist-info` folder that are understood.
const UNDERSTOOD: [&str; 3] = ["METADATA", "WHEEL", "entry_points.txt"];

impl Wheel {
    /// Reads the wheel at `path`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file =
            std::fs::File::open(path).map_err(|source| Error::Open { path: path.to_owned(), source })?;
        Self::read(&name, std::io::BufReader::new(file), Limits::default())
    }

    /// Reads a wheel with a file name, such as `demo-1.0-py3-none-any.whl`.
    pub fn read(name: &str, bytes: impl Read + Seek, limits: Limits) -> Result<Self, Error> {
        let file_name = FileName::parse(name).ok_or_else(|| Error::Name { name: name.to_owned() })?;
        let (files, texts) = Unpacking { wheel: name, limits, left: limits.bytes }.run(bytes)?;
        let missing = |file: &str| Error::Missing { wheel: name.to_owned(), file: file.to_owned() };
        let dist_info = dist_info(&file_name, &files).ok_or_else(|| missing("*.dist-info"))?;
        let text = |file: &str| texts.get(&format!("{dist_info}/{file}")).map(String::as_str);
        let metadata = Metadata::parse(text("METADATA").ok_or_else(|| missing("METADATA"))?);
        let info = wheel_info(text("WHEEL").ok_or_else(|| missing("WHEEL"))?);
        let entry_points = EntryPoints::parse(text("entry_points.txt").unwrap_or_default());
        Ok(Self { file_name, files, metadata, entry_points, info, dist_info, texts })
    }

    /// The text of `METADATA`, `WHEEL`, `entry_points.txt` or a file of a licence.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(&format!("{}/{file}", self.dist_info)).map(String::as_str)
    }

    /// The texts of the licences.
    pub(crate) fn licences(&self) -> impl Iterator<Item = &str> {
        let inside = |path: &str| {
            path.strip_prefix(self.dist_info.as_str()).map(|rest| is_licence(rest.trim_start_matches('/')))
        };
        self.texts.iter().filter(move |(path, _)| inside(path) == Some(true)).map(|(_, text)| text.as_str())
    }

    /// The names that can be imported from it: packages and modules of its top level.
    pub fn top_level(&self) -> BTreeSet<&str> {
        let names = self.files.keys().filter_map(|path| match path.split_once('/') {
            Some((folder, _)) => (!folder.contains('.')).then_some(folder),
            None => ["py", "so", "pyd"].iter().find_map(|suffix| {
                path.strip_suffix(suffix)?.strip_suffix('.').and_then(|stem| stem.split('.').next())
            }),
        });
        names.collect()
    }

    /// A path with the name and version of the wheel taken out of its `dist-info` and `data` folders.
    pub(crate) fn neutral(&self, path: &str) -> String {
        let stem = self.dist_info.strip_suffix(".dist-info").unwrap_or(&self.dist_info);
        match path.strip_prefix(stem) {
            Some(rest) if rest.starts_with(".dist-info/") || rest.starts_with(".data/") => format!("*{rest}"),
            _ => path.to_owned(),
        }
    }
}

/// The `dist-info` folder: the one that is named like the wheel, whatever the spelling.
fn dist_info(file_name: &FileName, files: &BTreeMap<String, WheelFile>) -> Option<String> {
    let wanted = normalize_name(&file_name.distribution);
    let folders: BTreeSet<&str> = files.keys().filter_map(|path| Some(path.split_once('/')?.0)).collect();
    let named = |folder: &str| {
        let stem = folder.strip_suffix(".dist-info")?;
        Some(normalize_name(stem.split_once('-')?.0))
    };
    folders.into_iter().find(|folder| named(folder).as_deref() == Some(wanted.as_str())).map(str::to_owned)
}

fn wheel_info(text: &str) -> WheelInfo {
    let fields = Metadata::parse(text);
    WheelInfo {
        generator: fields.first("Generator").unwrap_or_default().to_owned(),
        purelib: fields.first("Root-Is-Purelib").is_some_and(|value| value.eq_ignore_ascii_case("true")),
        tags: fields.all("Tag").flat_map(expanded).collect(),
    }
}

type Unpacked = (BTreeMap<String, WheelFile>, BTreeMap<String, String>);

struct Unpacking<'a> {
    wheel: &'a str,
    limits: Limits,
    /// How many bytes may still come.
    left: u64,
}

impl Unpacking<'_> {
    fn run(mut self, bytes: impl Read + Seek) -> Result<Unpacked, Error> {
        let wheel = self.wheel.to_owned();
        let broken = |source| Error::Archive { wheel: wheel.clone(), source };
        let mut archive = ZipArchive::new(bytes).map_err(broken)?;
        if archive.len() > self.limits.files {
            return Err(self.too_large(format!("{} files", self.limits.files)));
        }
        // An installer takes one of them, and nobody knows which.
        if archive.has_duplicate_names() {
            return Err(Error::Duplicate { wheel });
        }
        let (mut files, mut texts) = (BTreeMap::new(), BTreeMap::new());
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).map_err(broken)?;
            let path = file.name().map_err(broken)?.into_owned();
            if !is_safe(&path) {
                return Err(Error::UnsafeName { wheel, file: path });
            }
            if path.ends_with('/') {
                continue;
            }
            let executable = file.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
            let (sha256, size, text) = self.content(&path, &mut file)?;
            if let Some(text) = text {
                texts.insert(path.clone(), text);
            }
            files.insert(path, WheelFile { sha256, size, executable });
        }
        Ok((files, texts))
    }

    /// Digest, length, and the text where it is understood. What the archive claims about lengths is not believed.
    fn content(
        &mut self,
        path: &str,
        file: &mut impl Read,
    ) -> Result<([u8; 32], u64, Option<String>), Error> {
        let understood = path.split_once('/').is_some_and(|(folder, name)| {
            folder.ends_with(".dist-info") && (UNDERSTOOD.contains(&name) || is_licence(name))
        });
        let mut digest = Sha256::new();
        let mut kept = Vec::new();
        let mut size = 0_u64;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(source) if source.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => {
                    return Err(Error::Unpack {
                        wheel: self.wheel.to_owned(),
                        file: path.to_owned(),
                        source,
                    });
                }
            };
            let chunk = buffer.get(..length).unwrap_or_default();
            size += length as u64;
            self.left = self
                .left
                .checked_sub(length as u64)
                .ok_or_else(|| self.too_large(format!("{} bytes", self.limits.bytes)))?;
            digest.update(chunk);
            if understood {
                if size > self.limits.metadata_bytes {
                    return Err(self.too_large(format!("{} bytes of metadata", self.limits.metadata_bytes)));
                }
                kept.extend_from_slice(chunk);
            }
        }
        Ok((digest.finalize().into(), size, understood.then(|| String::from_utf8_lossy(&kept).into_owned())))
    }

    fn too_large(&self, limit: String) -> Error {
        Error::TooLarge { wheel: self.wheel.to_owned(), limit }
    }
}

/// How files of licences are named.
const LICENCES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"];

/// Whether a file of the `dist-info` folder is one of a licence.
pub(crate) fn is_licence(inner: &str) -> bool {
    let name = inner.rsplit('/').next().unwrap_or(inner).to_ascii_uppercase();
    inner.starts_with("licenses/")
        || inner.starts_with("license_files/")
        || LICENCES.iter().any(|known| name.starts_with(known))
}

/// Whether a name stays inside of the folder that it is unpacked in, on every system.
fn is_safe(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    !path.contains(['\\', ':', '\0'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn names_that_leave_the_folder_are_unsafe() {
        for path in ["", "/", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "C:/a", "a\\b", "a\0b"] {
            assert!(!is_safe(path), "{path:?}");
        }
        for path in ["a", "a/", "a/b.py", "..a/b", "a-1.0.dist-info/RECORD"] {
            assert!(is_safe(path), "{path:?}");
        }
    }
}
