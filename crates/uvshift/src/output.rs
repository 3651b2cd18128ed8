//! Results that go into a file.

use std::io::Write as _;
use std::path::Path;

use crate::args::Format;
use crate::failure::Failure;
use crate::printer::Printer;

/// Hands a result to the reader: into a file if one is named, else to stdout. Text for people keeps quiet with `--quiet`.
pub(crate) fn deliver(
    content: &[u8],
    format: Format,
    file: Option<&Path>,
    printer: &Printer,
) -> Result<(), Failure> {
    match file {
        Some(file) => {
            write(file, content)?;
            printer.say(&format!("wrote {}", file.display()));
        }
        None if format == Format::Text => printer.text(&String::from_utf8_lossy(content))?,
        None => Printer::bytes(content)?,
    }
    Ok(())
}

/// Whether a file can be written there: it is better to know before there is something to write.
pub(crate) fn can_write(file: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: file.to_owned(), source };
    if file.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    if file.exists() && !file.is_file() {
        return Ok(());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(folder).map(drop).map_err(|error| failed(error.kind().into()))
}

/// Puts a content into a file: all of it or nothing, through a file beside it. A pipe or device is written to as it is.
pub(crate) fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: file.to_owned(), source };
    // Whoever names a link means the file behind it.
    let place = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    if place.exists() && !place.is_file() {
        let mut opened = std::fs::OpenOptions::new().write(true).open(&place).map_err(failed)?;
        return opened.write_all(content).map_err(failed);
    }
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        // What any program gives a new file; the user's mask takes from it.
        let mode = place.metadata().map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(std::fs::Permissions::from_mode(mode))
    };
    // What it says names the file beside it, which is not what was asked for.
    let beside = |error: std::io::Error| failed(error.kind().into());
    let mut temporary = builder.prefix(".uvshift-").tempfile_in(folder).map_err(beside)?;
    temporary.write_all(content).map_err(failed)?;
    temporary.persist(&place).map_err(|error| failed(error.error))?;
    Ok(())
}
