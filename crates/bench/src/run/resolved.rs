//! What a resolver has chosen.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;

/// The largest report that is read.
const LARGEST: u64 = 256 << 20;

/// pip's installation report, as far as it matters here
/// (<https://pip.pypa.io/en/stable/reference/installation-report/>).
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    install: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    #[serde(default)]
    is_direct: bool,
    #[serde(default)]
    download_info: Download,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

#[derive(Deserialize, Default)]
struct Download {
    #[serde(default)]
    url: String,
}

/// The pins of a report, a line each. The error is a line for people.
pub(super) fn pins_of_report(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    read.map_err(|error| format!("pip has left no report: {error}"))?;
    let report: Report =
        serde_json::from_slice(&bytes).map_err(|_| "pip's report is not understood".to_owned())?;
    let mut pins = String::new();
    for item in report.install {
        let Metadata { name, version } = item.metadata;
        // Writing to a `String` cannot fail.
        let _ = if item.is_direct && !item.download_info.url.is_empty() {
            writeln!(pins, "{name} @ {}", item.download_info.url)
        } else {
            writeln!(pins, "{name}=={version}")
        };
    }
    Ok(pins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_report_becomes_pins() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let report = r#"{"version": "1", "install": [
            {"metadata": {"name": "A", "version": "1.0"}, "is_direct": false, "download_info": {"url": "https://x.example/a"}},
            {"metadata": {"name": "b", "version": "2"}, "is_direct": true, "download_info": {"url": "https://x.example/b.whl"}}]}"#;
        file.write_all(report.as_bytes()).unwrap();
        assert_eq!(pins_of_report(file.path()).unwrap(), "A==1.0\nb @ https://x.example/b.whl\n");
        assert!(pins_of_report(Path::new("/never/was")).unwrap_err().starts_with("pip has left no report"));
    }
}
