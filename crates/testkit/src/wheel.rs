//! Wheels that are small, valid and the same every time.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What a distribution says of itself beyond name and version.
#[derive(Debug, Clone, Default)]
pub struct WheelOptions {
    /// `Requires-Dist` lines, each a PEP 508 requirement.
    pub requires_dist: Vec<String>,
    /// `Requires-Python`.
    pub requires_python: Option<String>,
    /// `Provides-Extra` lines.
    pub extras: Vec<String>,
    /// Files of the distribution: path and content. When empty, one package named like the distribution.
    pub modules: Vec<(String, String)>,
}

impl WheelOptions {
    /// Options with these requirements.
    pub fn requiring<'a>(requirements: impl IntoIterator<Item = &'a str>) -> Self {
        Self { requires_dist: requirements.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Adds an extra and what it requires.
    #[must_use]
    pub fn extra(mut self, name: &str, requirements: &[&str]) -> Self {
        self.extras.push(name.to_owned());
        self.requires_dist.extend(requirements.iter().map(|it| format!("{it} ; extra == '{name}'")));
        self
    }

    /// Sets `Requires-Python`.
    #[must_use]
    pub fn python(mut self, specifier: &str) -> Self {
        self.requires_python = Some(specifier.to_owned());
        self
    }

    pub(crate) fn files(&self, name: &str, version: &str) -> Vec<(String, String)> {
        if self.modules.is_empty() {
            vec![(format!("{}/__init__.py", escaped(name)), format!("__version__ = \"{version}\"\n"))]
        } else {
            self.modules.clone()
        }
    }

    pub(crate) fn metadata(&self, name: &str, version: &str) -> String {
        let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        if let Some(python) = &self.requires_python {
            let _ = writeln!(text, "Requires-Python: {python}");
        }
        for extra in &self.extras {
            let _ = writeln!(text, "Provides-Extra: {extra}");
        }
        for requirement in &self.requires_dist {
            let _ = writeln!(text, "Requires-Dist: {requirement}");
        }
        text
    }
}

/// Writes the wheel `NAME-VERSION-py3-none-any.whl` into `folder` and gives its path.
pub fn wheel(folder: impl AsRef<Path>, name: &str, version: &str, options: &WheelOptions) -> PathBuf {
    let stem = format!("{}-{version}", escaped(name));
    let info = format!("{stem}.dist-info");
    let mut files = options.files(name, version);
    files.push((format!("{info}/METADATA"), options.metadata(name, version)));
    let tags = "Wheel-Version: 1.0\nGenerator: uvshift-testkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    files.push((format!("{info}/WHEEL"), tags.to_owned()));
    let mut record = String::new();
    for (path, content) in &files {
        let digest = Sha256::digest(content.as_bytes());
        let _ = writeln!(record, "{path},sha256={},{}", url_safe_base64(&digest), content.len());
    }
    let _ = writeln!(record, "{info}/RECORD,,");
    files.push((format!("{info}/RECORD"), record));

    fs::create_dir_all(&folder).expect("the folder of wheels can be made");
    let path = folder.as_ref().join(format!("{stem}-py3-none-any.whl"));
    let mut archive = ZipWriter::new(File::create(&path).expect("a wheel can be made"));
    // The default time stamp is 1980-01-01: the wheel, and so its hash, is the same every time.
    let stored =
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o644);
    for (file, content) in files {
        archive.start_file(file, stored).expect("a file fits into a wheel");
        archive.write_all(content.as_bytes()).expect("a file can be written");
    }
    archive.finish().expect("a wheel can be finished");
    path
}

/// Writes one wheel for each row of name, version and requirements; the folder is an index for `format = "flat"` of uv and
/// `--find-links` of pip.
pub fn flat_index(folder: impl AsRef<Path>, rows: &[(&str, &str, &[&str])]) -> PathBuf {
    for (name, version, requirements) in rows {
        wheel(&folder, name, version, &WheelOptions::requiring(requirements.iter().copied()));
    }
    folder.as_ref().to_owned()
}

/// A name as file names of wheels have it.
pub(crate) fn escaped(name: &str) -> String {
    name.to_lowercase().replace(['-', '.'], "_")
}

fn url_safe_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(group >> (18 - 6 * position) & 63) as usize]));
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
    fn a_wheel_is_the_same_every_time() {
        let folder = tempfile::tempdir().unwrap();
        let options = WheelOptions::requiring(["b>=1"]).extra("fast", &["c"]).python(">=3.9");
        let first = fs::read(wheel(folder.path().join("1"), "A.b-c", "1.0", &options)).unwrap();
        let path = wheel(folder.path().join("2"), "A.b-c", "1.0", &options);
        assert_eq!(path.file_name().unwrap(), "a_b_c-1.0-py3-none-any.whl");
        assert_eq!(first, fs::read(path).unwrap());
    }
}
