//! Which file a written path means, given where it is written.

use std::collections::BTreeMap;

use super::word::{Part, Piece, Word};

/// A pattern with fewer letters in its name speaks of no file in particular, unless it names the folder.
const MIN_LETTERS: usize = 3;
/// What distinctive names speak of.
const DISTINCTIVE: &[&str] = &["require", "constraint", "depend", "reqs", "deps"];

/// A file whose names are looked for.
#[derive(Debug, Clone)]
pub(super) struct Target<'a> {
    pub(super) path: &'a str,
    pub(super) name: &'a str,
    pub(super) folder: Option<&'a str>,
    pub(super) folders: Vec<&'a str>,
    /// The name has characters that end a word, so it is only found as it stands.
    pub(super) is_odd: bool,
}

impl<'a> Target<'a> {
    pub(super) fn new(path: &'a str) -> Self {
        let (folder, name) =
            path.rsplit_once('/').map_or((None, path), |(folder, name)| (Some(folder), name));
        let folders = folder.map_or(Vec::new(), |folder| folder.split('/').collect());
        let is_odd = path.chars().any(|character| {
            character.is_ascii() && !character.is_ascii_alphanumeric() && !"_-./~".contains(character)
        });
        Self { path, name, folder, folders, is_odd }
    }

    /// Whether the last part of a word can be this name. Only a quick look, which says yes when in doubt.
    fn may_be(&self, word: &[u8]) -> bool {
        if self.is_odd || word.starts_with(b"-") || word.iter().any(|byte| b"{$%<".contains(byte)) {
            return true;
        }
        let last = word.iter().rposition(|byte| matches!(byte, b'/' | b'\\')).map_or(0, |slash| slash + 1);
        let last = word.get(last..).unwrap_or_default();
        let is_wild = |byte: &u8| matches!(byte, b'*' | b'?' | b'[' | b']');
        match (last.iter().position(is_wild), last.iter().rposition(is_wild)) {
            (Some(first), Some(end)) => {
                let name = self.name.as_bytes();
                name.starts_with(last.split_at(first).0) && name.ends_with(last.split_at(end + 1).1)
            }
            _ => last == self.name.as_bytes(),
        }
    }
}

/// Whether any of the targets may be meant.
pub(super) fn may_name_any(word: &[u8], targets: &[Target<'_>]) -> bool {
    targets.iter().any(|target| target.may_be(word))
}

/// Whether a name speaks of requirements itself.
fn is_distinctive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    DISTINCTIVE.iter().any(|word| name.contains(word))
}

/// The files that there are, by folder.
#[derive(Debug)]
pub(super) struct Known<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Known<'a> {
    pub(super) fn new(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            folders.entry(folder).or_default().push(name);
        }
        Self(folders)
    }

    /// Whether there is such a folder at the root.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        let below = format!("{name}/");
        self.0.keys().any(|folder| *folder == name || folder.starts_with(&below))
    }

    /// Whether a folder has a file that a name or pattern fits.
    fn has(&self, folder: &[&str], name: &[Piece]) -> bool {
        let names = self.0.get(folder.join("/").as_str());
        names.is_some_and(|names| names.iter().any(|other| fits(name, other)))
    }
}

/// Whether a word in a file of a folder means the target. `near` tells whether the target's folder is named
/// close by.
pub(super) fn names(
    word: &Word,
    target: &Target<'_>,
    folder: &[&str],
    known: &Known<'_>,
    near: &dyn Fn() -> bool,
) -> bool {
    let Some((Part::Name(name), before)) = word.parts.split_last() else {
        return variable_in_folder(word, target, folder);
    };
    if !fits(name, target.name) || !is_particular(name, before, target) {
        return false;
    }
    let open = before.iter().rposition(|part| matches!(part, Part::Variable | Part::AnyFolders));
    let (opening, fixed) = before.split_at(open.map_or(0, |open| open + 1));
    let (fixed, climbed) = resolved(fixed);
    if opening.contains(&Part::AnyFolders) {
        return ends_with(&target.folders, &fixed);
    }
    if fixed.is_empty() && !climbed {
        return (word.is_absolute && opening.is_empty()) || bare(name, target, folder, known, near);
    }
    if !opening.is_empty() {
        return ends_with(&target.folders, &fixed);
    }
    if word.is_absolute {
        return absolute(&fixed, name, target, known);
    }
    if climbed {
        let climbed = climb(folder, before);
        let plain: Vec<String> = climbed.iter().map(|pieces| text(pieces)).collect();
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        // A command may have changed the folder first, but not where the path leads to a file as it stands.
        return same(&target.folders, &climbed)
            || (same(&target.folders, &fixed) && !known.has(&plain, name));
    }
    let from_here: Vec<Vec<Piece>> =
        folder.iter().map(|part| letters(part)).chain(fixed.iter().cloned()).collect();
    same(&target.folders, &fixed) || same(&target.folders, &from_here)
}

/// `requirements/${FILE}`: any file of the folder.
fn variable_in_folder(word: &Word, target: &Target<'_>, folder: &[&str]) -> bool {
    let Some((Part::Variable | Part::AnyFolders, before)) = word.parts.split_last() else { return false };
    if !before.iter().any(|part| matches!(part, Part::Name(_))) {
        return false;
    }
    let open = before.iter().rposition(|part| matches!(part, Part::Variable | Part::AnyFolders));
    let (fixed, _) = resolved(before.split_at(open.map_or(0, |open| open + 1)).1);
    let from_here: Vec<Vec<Piece>> =
        folder.iter().map(|part| letters(part)).chain(fixed.iter().cloned()).collect();
    !fixed.is_empty() && (ends_with(&target.folders, &fixed) || same(&target.folders, &from_here))
}

/// A name without a folder.
fn bare(
    name: &[Piece],
    target: &Target<'_>,
    folder: &[&str],
    known: &Known<'_>,
    near: &dyn Fn() -> bool,
) -> bool {
    if target.folders == folder {
        return true;
    }
    if known.has(folder, name) && !folder.is_empty() {
        // The file beside the naming one is meant.
        return near();
    }
    if target.folders.is_empty() {
        return true;
    }
    near() || (is_distinctive(target.name) && !known.has(&[], name))
}

/// `/app/requirements/dev.txt`: where the project lies in the image or on the host is not known, so any end of
/// the path counts; of several files that fit, the one with the longest path.
fn absolute(fixed: &[Vec<Piece>], name: &[Piece], target: &Target<'_>, known: &Known<'_>) -> bool {
    if fixed.len() < target.folders.len() {
        return false;
    }
    let (_, end) = fixed.split_at(fixed.len() - target.folders.len());
    if !same(&target.folders, end) {
        return false;
    }
    let plain: Vec<String> = fixed.iter().map(|pieces| text(pieces)).collect();
    let longer = 0..fixed.len() - target.folders.len();
    !longer.into_iter().any(|start| {
        let folder: Vec<&str> = plain.iter().skip(start).map(String::as_str).collect();
        known.has(&folder, name)
    })
}

/// Whether a pattern says enough to mean this target.
fn is_particular(name: &[Piece], before: &[Part], target: &Target<'_>) -> bool {
    if name.iter().all(|piece| matches!(piece, Piece::Letter(_))) {
        return true;
    }
    let dot = name.iter().rposition(|piece| *piece == Piece::Letter('.')).unwrap_or(name.len());
    let stem = name.split_at(dot).0;
    let letters =
        stem.iter().filter(|piece| matches!(piece, Piece::Letter(letter) if letter.is_alphanumeric()));
    let names_folder = |folder: &str| {
        let is_folder = |part: &Part| matches!(part, Part::Name(pieces) if text(pieces) == folder);
        // `docs/*` means all of the folder, `docs/*.txt` and `requirements/*` mean such files.
        before.iter().any(is_folder) && (dot < name.len() || is_distinctive(folder))
    };
    letters.count() >= MIN_LETTERS || target.folders.last().is_some_and(|folder| names_folder(folder))
}

/// Folders without `..`; whether some of those led out of what is known.
fn resolved(parts: &[Part]) -> (Vec<Vec<Piece>>, bool) {
    let mut folders = Vec::new();
    let mut climbed = false;
    for part in parts {
        match part {
            Part::Name(pieces) => folders.push(pieces.clone()),
            Part::Parent if folders.pop().is_none() => climbed = true,
            _ => {}
        }
    }
    (folders, climbed)
}

/// A path with `..` from the folder it is written in.
fn climb(folder: &[&str], parts: &[Part]) -> Vec<Vec<Piece>> {
    let mut folders: Vec<Vec<Piece>> = folder.iter().map(|part| letters(part)).collect();
    for part in parts {
        match part {
            Part::Name(pieces) => folders.push(pieces.clone()),
            Part::Parent => {
                folders.pop();
            }
            _ => {}
        }
    }
    folders
}

fn same(folders: &[&str], written: &[Vec<Piece>]) -> bool {
    folders.len() == written.len() && folders.iter().zip(written).all(|(folder, pieces)| fits(pieces, folder))
}

fn ends_with(folders: &[&str], written: &[Vec<Piece>]) -> bool {
    folders.len().checked_sub(written.len()).is_some_and(|start| same(folders.split_at(start).1, written))
}

fn letters(text: &str) -> Vec<Piece> {
    text.chars().map(Piece::Letter).collect()
}

/// The letters of a name; of a pattern, something that no file is called.
fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if let Piece::Letter(letter) = piece { *letter } else { '*' }).collect()
}

/// Whether a pattern fits a name. Going back to the last wildcard is enough, as with every glob.
fn fits(pattern: &[Piece], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut position) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some(Piece::Any | Piece::Variable) => {
                back = Some((at, position));
                at += 1;
            }
            Some(Piece::One) => {
                at += 1;
                position += 1;
            }
            Some(Piece::Letter(letter)) if name.get(position) == Some(letter) => {
                at += 1;
                position += 1;
            }
            _ => match &mut back {
                Some((wildcard, taken)) => {
                    *taken += 1;
                    position = *taken;
                    at = *wildcard + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|piece| matches!(piece, Piece::Any | Piece::Variable))
}
