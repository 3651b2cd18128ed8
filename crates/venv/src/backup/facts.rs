//! What is told of an environment beside its files.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::pack::Content;
use super::{BackupOptions, LeftOut, LeftOutKind, secrets};
use crate::Snapshot;
use crate::archive::{
    ArchiveError, CONFIGURATION, ENVIRONMENT, FREEZE, INSPECT, PLATFORM, PYVENV, SNAPSHOT, open_to_read,
};
use crate::restore::texts;

/// No configuration file is larger.
const LARGEST: u64 = 1 << 20;

/// Where Linux says which one it is.
const OS_RELEASE: &str = "/etc/os-release";

/// The system and its Python.
#[derive(Serialize)]
struct Platform<'a> {
    version: u32,
    os: &'a str,
    architecture: &'a str,
    os_release: BTreeMap<String, String>,
    python: Python<'a>,
    configuration: Vec<Configuration>,
}

#[derive(Serialize)]
struct Python<'a> {
    version: Option<&'a str>,
    implementation: Option<&'a str>,
    executable: Option<&'a Path>,
    base: Option<&'a Path>,
    created_by: Option<&'a str>,
}

/// Where a configuration file stood, and where it is now.
#[derive(Serialize)]
struct Configuration {
    path: PathBuf,
    member: String,
}

/// Variables by name, and those whose values are covered.
#[derive(Serialize)]
struct Environment<'a> {
    version: u32,
    variables: BTreeMap<&'a str, String>,
    covered: Vec<&'a str>,
}

/// Adds everything but the tree.
pub(super) fn collect(
    options: &BackupOptions,
    snapshot: &Snapshot,
    content: &mut Content,
) -> Result<(), ArchiveError> {
    let modified = i64::try_from(options.seconds).unwrap_or(0).saturating_mul(1_000_000_000);
    let mut add = |name: &str, text: String| content.text(name, 0o644, modified, text.into_bytes());
    add(SNAPSHOT, texts::snapshot(snapshot)?);
    add(FREEZE, secrets::cover(&texts::freeze(snapshot)));
    add(INSPECT, texts::inspect(snapshot)?);
    let files = configuration(options, content);
    let platform = platform(snapshot, &files);
    content.text(PLATFORM, 0o644, modified, json(PLATFORM, &platform)?);
    let (variables, covered) = variables(&options.variables);
    content.text(ENVIRONMENT, 0o644, modified, json(ENVIRONMENT, &variables)?);
    content.covered.extend(covered);
    if let Some(text) = read_text(&snapshot.root.join("pyvenv.cfg")) {
        content.text(PYVENV, 0o644, modified, secrets::cover(&text).into_bytes());
    }
    if !files.is_empty() {
        content.folder(CONFIGURATION, modified);
    }
    for (found, text) in files {
        content.text(&found.member, 0o600, modified, text.into_bytes());
    }
    Ok(())
}

fn json(name: &str, value: &impl Serialize) -> Result<Vec<u8>, ArchiveError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| ArchiveError::write(name)(error.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn platform<'a>(snapshot: &'a Snapshot, files: &[(Configuration, String)]) -> Platform<'a> {
    let python = &snapshot.python;
    Platform {
        version: 1,
        os: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
        os_release: read_text(Path::new(OS_RELEASE)).map(|text| os_release(&text)).unwrap_or_default(),
        python: Python {
            version: python.version.as_deref(),
            implementation: python.implementation.as_deref(),
            executable: python.executable.as_deref(),
            base: python.base.as_deref(),
            created_by: snapshot.created_by.as_deref(),
        },
        configuration: files
            .iter()
            .map(|(found, _)| Configuration { path: found.path.clone(), member: found.member.clone() })
            .collect(),
    }
}

/// `NAME=value` lines, the value maybe in quotes.
fn os_release(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().filter_map(|line| line.trim().split_once('='));
    pairs
        .filter(|(name, _)| !name.starts_with('#'))
        .map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
        .collect()
}

/// The configuration files that are there, with secrets covered.
fn configuration(options: &BackupOptions, content: &mut Content) -> Vec<(Configuration, String)> {
    let mut files = Vec::new();
    for path in options.configuration.iter().filter(|path| path.exists()) {
        let Some(text) = read_text(path) else {
            content.left_out.push(LeftOut { path: path.clone(), kind: LeftOutKind::Configuration });
            continue;
        };
        let covered = secrets::cover_configuration(&text);
        if covered != text {
            content.covered.push(path.to_string_lossy().into_owned());
        }
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let plain: String = name
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' })
            .take(100)
            .collect();
        let member = format!("{CONFIGURATION}/{:02}-{plain}", files.len() + 1);
        files.push((Configuration { path: path.clone(), member }, covered));
    }
    files
}

fn variables(pairs: &[(String, String)]) -> (Environment<'_>, Vec<String>) {
    let mut variables = BTreeMap::new();
    let mut covered = Vec::new();
    for (name, value) in pairs.iter().filter(|(name, _)| secrets::is_relevant(name)) {
        let shown = secrets::cover_variable(name, value);
        if shown != *value {
            covered.push(name.as_str());
        }
        variables.insert(name.as_str(), shown);
    }
    covered.sort_unstable();
    let names = covered.iter().map(|name| (*name).to_owned()).collect();
    (Environment { version: 1, variables, covered }, names)
}

/// A small text file; `None` where it is none.
fn read_text(path: &Path) -> Option<String> {
    let mut text = String::new();
    let read = open_to_read(path).ok()?.take(LARGEST + 1).read_to_string(&mut text).ok()?;
    (read as u64 <= LARGEST).then_some(text)
}
