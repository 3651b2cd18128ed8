//! The files of a project into [`Import`]s, without running anything.
//!
//! A scanner finds import statements by their bytes: it passes over strings, brackets, comments and continued lines, and knows which
//! blocks are around each line. A syntax tree is only made of files that hold something else: calls such as `import_module`, settings,
//! URLs of databases, conditions about type checkers that are more than a name. Both agree about every file that is Python; a test and
//! a fuzz target compare them. Files that are broken, or Python 2, yield what can be told apart, and a diagnostic.
//!
//! ```
//! use uvshift_depgraph::scan::scan_file;
//! use uvshift_depgraph::{Form, Guards};
//!
//! let text = b"try:\n    import fast\nexcept ImportError:\n    from . import slow\nplug_in = __import__('plug.in')\n";
//! let found = scan_file("a.py", text).unwrap().imports;
//! assert_eq!(found.iter().map(|import| (&*import.module, import.line)).collect::<Vec<_>>(), [("fast", 2), ("", 4), ("plug.in", 5)]);
//! assert!(found[0].guards.has(Guards::TRY) && found[1].guards.has(Guards::HANDLER));
//! assert_eq!((found[1].level, found[2].form), (1, Form::DunderImport));
//! ```

mod blocks;
mod cursor;
mod decode;
mod doctest;
mod file;
mod heads;
mod ignored;
mod intern;
mod metadata;
mod names;
mod notebook;
#[doc(hidden)]
pub mod oracle;
mod source;
mod statements;
mod tree;
mod trigger;
mod walk;

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use uvshift_diagnostics::Diagnostic;

use crate::{Error, Import};

use intern::Interner;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Patterns, in the syntax of `.gitignore`, of what is left out besides what `.gitignore` leaves out.
    pub exclude: Vec<String>,
    /// How many threads work; all that the machine has where it is not said.
    pub threads: Option<usize>,
}

/// Everything that the files of a folder name.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The files, sorted by path; those without imports, too.
    pub files: Vec<ScannedFile>,
    /// What could not be walked or read.
    pub diagnostics: Vec<Diagnostic>,
}

/// What one file names.
#[derive(Debug, Clone)]
pub struct ScannedFile {
    /// The path, relative to the root, with `/` between its parts.
    pub path: Arc<str>,
    /// What it is.
    pub kind: FileKind,
    /// Its imports, in order.
    pub imports: Vec<Import>,
    /// Its inline metadata (PEP 723).
    pub script: Option<ScriptMetadata>,
    /// Comments that have rules ignored.
    pub ignored: Vec<Ignored>,
    /// What could not be read, with the line where it is.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `.py`
    Module,
    /// `.pyi`: only a type checker reads it.
    Stub,
    /// `.pyx`, `.pxd`, `.pxi`
    Cython,
    /// A file without a suffix of Python whose first line names it.
    Script,
    /// `.ipynb`
    Notebook,
}

/// The inline metadata of a script (PEP 723).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptMetadata {
    /// `dependencies`: requirements as written, each with its line.
    pub dependencies: Vec<(String, usize)>,
    /// `requires-python`
    pub requires_python: Option<String>,
}

/// A comment such as `# uvshift: ignore[missing]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The line, counted from 1.
    pub line: u32,
    /// The cell of a notebook, counted from 1.
    pub cell: Option<u32>,
    /// The names or codes of rules as written; empty means every rule.
    pub rules: Vec<String>,
}

/// Scans every file of a folder that can hold Python, in parallel, without what `.gitignore` leaves out and without environments.
pub fn scan(root: &Path, options: &Options) -> Result<Scan, Error> {
    let walked = walk::walk(root, &options.exclude)?;
    let threads = options.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
    let threads = threads.unwrap_or(1).clamp(1, walked.files.len().max(1));
    let next = AtomicUsize::new(0);
    let mut parts: Vec<Part> = std::thread::scope(|scope| {
        let work = || work(root, &walked.files, &next);
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let started: Vec<_> = (0..threads).filter_map(|number| spawn(number).ok()).collect();
        if started.is_empty() {
            return vec![work()];
        }
        started.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let mut scan = Scan { files: Vec::new(), diagnostics: walked.diagnostics };
    scan.files.reserve_exact(parts.iter().map(|part| part.files.len()).sum());
    for part in &mut parts {
        scan.files.append(&mut part.files);
        scan.diagnostics.append(&mut part.diagnostics);
    }
    scan.files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    scan.diagnostics.sort_by(|left, right| (&left.file, left.code).cmp(&(&right.file, right.code)));
    Ok(scan)
}

/// Scans the contents of one file. The kind follows from the path, and for a path without a suffix from the first line.
pub fn scan_file(path: &str, bytes: &[u8]) -> Option<ScannedFile> {
    let kind = file::kind(path, bytes)?;
    Some(file::scan(path.into(), kind, bytes, &mut Interner::default()))
}

/// Bytes of stack of a thread, so that a tree needs no other one. Pages that are not used cost nothing.
const STACK: usize = 80 << 20;

/// What one thread has found.
#[derive(Debug, Default)]
struct Part {
    files: Vec<ScannedFile>,
    diagnostics: Vec<Diagnostic>,
}

/// Scans the next file that no other thread has, until there is none.
fn work(root: &Path, files: &[Arc<str>], next: &AtomicUsize) -> Part {
    let mut part = Part::default();
    let mut interner = Interner::default();
    let mut bytes = Vec::new();
    while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
        match file::read(&root.join(&**path), path, &mut bytes) {
            Ok(Some(kind)) => part.files.push(file::scan(Arc::clone(path), kind, &bytes, &mut interner)),
            Ok(None) => {}
            Err(error) => part.diagnostics.push(file::unreadable(path, &error)),
        }
    }
    part
}
