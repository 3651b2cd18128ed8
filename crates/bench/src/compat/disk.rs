//! The state folder: results as they come, logs, caches and scratch folders. The one place of the check that writes.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use uvshift_process::real_path;

use super::error::CompatError;
use super::record::Record;

/// Results are one JSON text a line here.
const RESULTS: &str = "results.jsonl";

/// A line of results is never longer; what is, was not written by us.
const LINE_LIMIT: u64 = 4 << 20;

/// A log keeps this much from its beginning and from its end, in bytes.
const LOG_HALF: usize = 256 << 10;

/// Nothing takes so long.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// The state folder of a check.
pub(super) struct State {
    folder: PathBuf,
    known: HashMap<String, Record>,
    results: Mutex<File>,
}

impl State {
    /// Opens a folder, makes it if need be, and reads what it knows unless `fresh`.
    pub(super) fn open(folder: &Path, fresh: bool) -> Result<Self, CompatError> {
        for part in ["", "logs", "work"] {
            let path = folder.join(part);
            private_folder(&path).map_err(failed("make", &path))?;
        }
        let folder = real_path(folder).map_err(failed("open", folder))?;
        sweep(&folder.join("work"));
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            write(&ignore, b"*\n").map_err(failed("write", &ignore))?;
        }
        let path = folder.join(RESULTS);
        let known =
            if fresh { HashMap::new() } else { read_results(&path).map_err(failed("read", &path))? };
        let results = open_results(&path).map_err(failed("open", &path))?;
        Ok(Self { folder, known, results: Mutex::new(results) })
    }

    /// What an earlier run found.
    pub(super) fn known(&self, key: &str) -> Option<&Record> {
        self.known.get(key)
    }

    /// Keeps a result: a whole line in one write, so that several threads and processes do not mix theirs.
    pub(super) fn keep(&self, record: &Record) -> Result<(), CompatError> {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let line = record.to_line();
        results.write_all(line.as_bytes()).map_err(failed("write", &self.folder.join(RESULTS)))
    }

    /// Writes a log and gives its path below the state folder.
    pub(super) fn log(&self, name: &str, content: &str) -> Result<String, CompatError> {
        let path = self.folder.join("logs").join(name);
        write(&path, shortened(content).as_bytes()).map_err(failed("write", &path))?;
        Ok(format!("logs/{name}"))
    }

    /// A folder for one command, which is gone when the value is dropped.
    pub(super) fn scratch(&self) -> Result<TempDir, CompatError> {
        let work = self.folder.join("work");
        tempfile::Builder::new().prefix("ask-").tempdir_in(&work).map_err(failed("make a folder in", &work))
    }

    /// A folder below the state folder, made when missing.
    pub(super) fn subfolder(&self, name: &str) -> Result<PathBuf, CompatError> {
        let path = self.folder.join(name);
        private_folder(&path).map_err(failed("make", &path))?;
        Ok(path)
    }
}

/// Writes a file of a scratch folder.
pub(super) fn write_file(path: &Path, content: &str) -> Result<(), CompatError> {
    write(path, content.as_bytes()).map_err(failed("write", path))
}

/// The last bytes of a file as text, at most `limit`; empty when there is none.
pub(super) fn tail_of(path: &Path, limit: u64) -> String {
    use std::io::{Seek as _, SeekFrom};
    let Ok(mut file) = File::open(path) else { return String::new() };
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length > limit && file.seek(SeekFrom::Start(length - limit)).is_err() {
        return String::new();
    }
    let mut bytes = Vec::new();
    // What was read before an error is still worth looking at.
    let _ = file.take(limit).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A log below a state folder, as [`Outcome::log`](super::Outcome::log) names it; `None` for any other path.
pub fn read_log(state: &Path, log: &str) -> Option<String> {
    let name = log.strip_prefix("logs/")?;
    let plain = !name.is_empty()
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
        && !name.starts_with('.');
    let path = state.join("logs").join(name);
    (plain && path.is_file()).then(|| tail_of(&path, 4 * LOG_HALF as u64))
}

/// Removes what runs that were killed have left. What is younger may be in use by another run; what cannot be removed harms nobody.
fn sweep(work: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age > LEFT_BEHIND))
    };
    for entry in fs::read_dir(work).into_iter().flatten().flatten().filter(is_old) {
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn failed<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> CompatError + use<'a> {
    move |source| CompatError::State { action, path: path.to_owned(), source }
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the state folder is no part of the project: it has no transaction"
)]
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    fs::write(path, content)
}

/// Opens for appending. A last line that was cut off by a kill is ended, so that it does not swallow the next one.
fn open_results(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    if file.metadata()?.len() > 0 && !tail_of(path, 1).ends_with('\n') {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// The last record of each key. Lines that are none are left out: the last one may have been cut off by a kill.
fn read_results(path: &Path) -> io::Result<HashMap<String, Record>> {
    let mut known = HashMap::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(known),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line)? == 0 {
            return Ok(known);
        }
        if let Some(record) = Record::of_line(&line) {
            known.insert(record.key.clone(), record);
        }
    }
}

/// The beginning and the end of a long text.
fn shortened(text: &str) -> String {
    if text.len() <= 2 * LOG_HALF {
        return text.to_owned();
    }
    let head = text.floor_char_boundary(LOG_HALF);
    let tail = text.ceil_char_boundary(text.len() - LOG_HALF);
    format!("{}\n[{} bytes left out here]\n{}", &text[..head], tail - head, &text[tail..])
}
