//! Who still names a file: scripts, CI, Dockerfiles, documentation, other requirements files.
//!
//! A file is named in one of these ways:
//! - by its path from the root: `requirements/dev.txt`, `./requirements/dev.txt`, `requirements\dev.txt`; also
//!   behind an absolute path, the URL of a raw file, or a variable that ends in it (`/app/`, `{toxinidir}/`);
//! - by its path from the folder of the naming file: `../dev.txt`, or `dev.txt` in `requirements/Makefile`;
//! - by its bare name, which means the file in the folder of the naming file, else the one at the root. Commands
//!   change folders, so a file elsewhere is meant too when its folder is named on the same line or up to eight
//!   lines above (`cd requirements`, `working-directory: docs`), or when no other file of that name is nearer and
//!   the name is distinctive: it speaks of requirements, constraints or dependencies itself;
//! - by a pattern that fits: `requirements*.txt`, `requirements/*`, `requirements-${ENV}.txt`,
//!   `requirements/{{ env }}.txt`, `requirements/%s.txt`, `{dev,test}.txt`. A pattern with hardly a letter of its
//!   own, such as `*.txt`, speaks of no file in particular.
//! - by its path below a folder that a `git clone` in the same file makes: `shop/requirements.txt`.
//!
//! A path with another folder in front (`docs/requirements.txt`) names another file, and so does a longer name
//! (`old-requirements.txt`, `requirements.txt.bak`). A file does not name itself. Binary files and those over
//! 1 MiB are not read.
//!
//! ```
//! use uvshift_tree::references::find_references;
//!
//! let files: [(&str, &[u8]); 1] = [("Dockerfile", b"FROM python:3.12\nCOPY ./requirements.txt /app/\n")];
//! let found = find_references(&["requirements.txt"], files.into_iter());
//! assert_eq!((found[0][0].line, found[0][0].text.as_str()), (2, "COPY ./requirements.txt /app/"));
//! ```

use aho_corasick::{AhoCorasick, MatchKind};

mod place;
mod word;

#[cfg(test)]
mod tests;

use place::{Known, Target};
use word::Word;

/// Larger files are data.
const MAX_SIZE: usize = 1 << 20;
/// So much of a file is looked at to tell whether it is text.
const SNIFFED: usize = 8192;
/// Longer lines are cut in [`Reference::text`].
const MAX_TEXT: usize = 160;
/// How many lines above a name its folder may be named.
const LINES_ABOVE: usize = 8;

/// A line that names a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The naming file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The line without the space around it, at most 160 characters.
    pub text: String,
}

/// For each target, the lines that name it, in the order of the files. All paths are relative to the root and
/// use `/`.
pub fn find_references<'a>(
    targets: &[&str],
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Vec<Vec<Reference>> {
    let mut found = vec![Vec::new(); targets.len()];
    let files: Vec<(&str, &[u8])> = files.collect();
    let known = Known::new(files.iter().map(|(file, _)| *file).chain(targets.iter().copied()));
    let targets: Vec<Target<'_>> = targets.iter().map(|path| Target::new(path)).collect();
    let Some(automaton) = automaton(&targets) else { return found };
    let other_letters = targets.iter().any(|target| !target.path.is_ascii());
    let search = Search { automaton: &automaton, targets: &targets, known: &known, other_letters };
    for part in in_parts(&files, |part| search.all(part)) {
        for (known, new) in found.iter_mut().zip(part) {
            known.extend(new);
        }
    }
    found
}

/// Works on parts of a list at the same time; what came of each, in their order.
fn in_parts<T: Sync, R: Send>(list: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    // Below this a thread costs more than it gains.
    const SMALLEST: usize = 64;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut parts = list.chunks(list.len().div_ceil(threads).max(SMALLEST));
    let Some(first) = parts.next() else { return Vec::new() };
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let first = work(first);
        let others = others.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(first).chain(others).collect()
    })
}

/// Finds every place where a name or a pattern can end: the extensions of the targets, wildcards, and what follows a
/// folder of theirs when that is a variable. The word around the place is then read.
fn automaton(targets: &[Target<'_>]) -> Option<AhoCorasick> {
    let mut needles: Vec<String> = Vec::new();
    for target in targets {
        match target.name.rfind('.').filter(|dot| *dot > 0) {
            Some(dot) if !target.is_odd => needles.push(target.name.split_at(dot).1.to_owned()),
            _ => needles.push(target.name.to_owned()),
        }
        if let Some(folder) = target.folders.last() {
            needles.extend(["/$", "/{", "/%"].iter().map(|variable| format!("{folder}{variable}")));
        }
    }
    needles.extend(["*", ".{", ".$"].map(str::to_owned));
    needles.sort_unstable();
    needles.dedup();
    let builder = &mut AhoCorasick::builder();
    (!targets.is_empty()).then(|| builder.match_kind(MatchKind::LeftmostLongest).build(&needles).ok())?
}

struct Search<'a> {
    automaton: &'a AhoCorasick,
    targets: &'a [Target<'a>],
    known: &'a Known<'a>,
    /// Names have letters beyond ASCII, so those are parts of words.
    other_letters: bool,
}

impl Search<'_> {
    fn all(&self, files: &[(&str, &[u8])]) -> Vec<Vec<Reference>> {
        let mut found = vec![Vec::new(); self.targets.len()];
        for (file, bytes) in files {
            if bytes.len() <= MAX_SIZE && !bytes.iter().take(SNIFFED).any(|byte| *byte == 0) {
                self.run(file, bytes, &mut found);
            }
        }
        found
    }

    fn run(&self, file: &str, bytes: &[u8], found: &mut [Vec<Reference>]) {
        let folder: Vec<&str> =
            file.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
        let (mut line, mut counted) = (1, 0);
        // The end of the last word: `requirements/*.txt` has two places that lead to it.
        let mut done = 0;
        for hit in self.automaton.find_iter(bytes) {
            let Some(span) = word::span(bytes, hit.start()..hit.end(), self.other_letters) else { continue };
            if span.end <= done && span.start < done {
                continue;
            }
            done = span.end;
            let word = bytes.get(span).unwrap_or_default();
            if is_emphasis(file, word) || !place::may_name_any(word, self.targets) {
                continue;
            }
            line += bytes.get(counted..hit.start()).map_or(0, newlines);
            counted = hit.start();
            let word = String::from_utf8_lossy(word);
            let words = word::read(&word);
            for (target, references) in self.targets.iter().zip(found.iter_mut()) {
                let is_new = references.last().is_none_or(|last| last.line != line || last.file != file);
                if is_new
                    && target.path != file
                    && self.is_named(target, &words, &word, &folder, bytes, hit.start())
                {
                    let text = text_of_line(bytes, hit.start());
                    references.push(Reference { file: file.to_owned(), line, text });
                }
            }
        }
    }

    fn is_named(
        &self,
        target: &Target<'_>,
        words: &[Word],
        written: &str,
        folder: &[&str],
        bytes: &[u8],
        at: usize,
    ) -> bool {
        if target.is_odd {
            return odd_name_at(target, bytes, at) || written == target.name;
        }
        words.iter().any(|word| {
            let folder_is_near = || folder_above(target, bytes, at);
            place::names(word, target, folder, self.known, &folder_is_near)
                || self
                    .in_clone(word, bytes)
                    .is_some_and(|word| place::names(&word, target, &[], self.known, &folder_is_near))
        })
    }

    /// A path from above the repository as one from its root: `shop/requirements.txt` where `git clone` has made `shop`.
    fn in_clone(&self, word: &Word, bytes: &[u8]) -> Option<Word> {
        let (folder, word) = word.below_first()?;
        (!self.known.has_folder(&folder) && is_cloned(bytes, &folder)).then_some(word)
    }
}

/// `**tests**` in a text for people is printed in bold, and no pattern.
fn is_emphasis(file: &str, word: &[u8]) -> bool {
    let is_text = [".md", ".markdown", ".rst"].iter().any(|end| file.to_ascii_lowercase().ends_with(end));
    let stars = word.iter().take_while(|byte| **byte == b'*').count();
    let inner = word.get(stars..word.len().saturating_sub(stars)).unwrap_or_default();
    is_text
        && stars > 0
        && word.ends_with(&vec![b'*'; stars])
        && !inner.is_empty()
        && !inner.iter().any(|byte| matches!(byte, b'*' | b'/' | b'.'))
}

/// Whether a text has a `git clone` that makes a folder.
fn is_cloned(bytes: &[u8], folder: &str) -> bool {
    let makes_it = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let words = line.split_once("git clone ").map(|(_, words)| words).unwrap_or_default();
        let ends = |letter: char| letter.is_whitespace() || "/:`'\";&".contains(letter);
        words.split(ends).any(|part| part.strip_suffix(".git").unwrap_or(part) == folder)
    };
    bytes.split(|byte| *byte == b'\n').any(makes_it)
}

fn newlines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

/// A name with spaces or brackets in it is no word; it is looked for as it stands.
fn odd_name_at(target: &Target<'_>, bytes: &[u8], at: usize) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let end = at + target.name.len();
    bytes.get(at..end) == Some(target.name.as_bytes())
        && !at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(is_part)
        && !bytes.get(end).is_some_and(is_part)
}

/// Whether the folder of a target is named on the line of a byte or just above.
fn folder_above(target: &Target<'_>, bytes: &[u8], at: usize) -> bool {
    let Some(folder) = target.folder.filter(|folder| !folder.is_empty()) else { return false };
    let start = line_starts_above(bytes, at);
    let end = bytes.iter().skip(at).position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length);
    let text = String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default());
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    text.match_indices(folder).any(|(at, _)| {
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + folder.len()..).unwrap_or_default());
        // `cd ./docs` and `cd docs/` name the folder, `docs.txt` and `old-docs` do not.
        let before = before.strip_suffix("./").unwrap_or(before);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

fn line_starts_above(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    let newlines = before.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(index, _)| index + 1).nth(LINES_ABOVE).unwrap_or(0)
}

fn text_of_line(bytes: &[u8], at: usize) -> String {
    let (before, after) = bytes.split_at(at.min(bytes.len()));
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length);
    let line = String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default());
    line.trim().chars().take(MAX_TEXT).collect()
}
