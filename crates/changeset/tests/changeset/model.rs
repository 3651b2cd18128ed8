//! Random trees and random change sets that fit them, with what must come out.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use uvshift_changeset::ChangeSet;

use crate::support::{self, Picture, Thing};

/// Few names, so that changes meet each other often.
const PATHS: [&str; 12] =
    ["a", "b", "c", "d", "d/a", "d/b", "d/e", "d/e/a", "f/a b", "f/ü", "g/h/i", "g/h/j.txt"];

/// Texts that a diff can stumble over.
const TEXTS: [&str; 9] = [
    "",
    "one\n",
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n",
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\nEIGHT\nnine\nten\neleven",
    "one\r\ntwo\r\n",
    "one\r\ntwo",
    "lone\rreturn\n",
    "no end",
    "--- a/x\n+++ b/x\n@@ -1 +1 @@\n",
];

const MODES: [u32; 2] = [0o644, 0o755];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leaf {
    File(String, u32),
    Link(String),
}

/// A tree, a change set for it, and the tree that the set makes of it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) before: BTreeMap<String, Leaf>,
    pub(crate) after: BTreeMap<String, Leaf>,
    pub(crate) set: ChangeSet,
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let seed = || proptest::collection::vec(any::<[u8; 4]>(), 0..14);
    (seed(), seed()).prop_map(|(tree, changes)| case(&tree, &changes))
}

fn case(tree: &[[u8; 4]], changes: &[[u8; 4]]) -> Case {
    let mut before = BTreeMap::new();
    for &[path, text, mode, kind] in tree {
        let path = pick(&PATHS, path);
        if is_free(&before, &[], path) {
            before.insert(path.to_owned(), leaf(text, mode, kind));
        }
    }
    let folders = folders_of(&before);
    let mut set = ChangeSet::new();
    let mut after = before.clone();
    for &[what, which, text, mode] in changes {
        change(&mut set, &mut after, &folders, [what, which, text, mode]);
    }
    Case { before, after, set }
}

fn pick<'a>(from: &[&'a str], number: u8) -> &'a str {
    from[usize::from(number) % from.len()]
}

fn leaf(text: u8, mode: u8, kind: u8) -> Leaf {
    if kind.is_multiple_of(5) {
        Leaf::Link(format!("to/{}", text % 4))
    } else {
        Leaf::File(pick(&TEXTS, text).to_owned(), MODES[usize::from(mode % 2)])
    }
}

/// Nothing is at `path`, nothing below it, no file above it, and it was no folder before.
fn is_free(leaves: &BTreeMap<String, Leaf>, folders: &[String], path: &str) -> bool {
    !folders.iter().any(|folder| folder == path)
        && leaves.keys().all(|other| {
            other != path
                && !other.starts_with(&format!("{path}/"))
                && !path.starts_with(&format!("{other}/"))
        })
}

fn folders_of(leaves: &BTreeMap<String, Leaf>) -> Vec<String> {
    let above =
        |path: &String| path.match_indices('/').map(|(end, _)| path[..end].to_owned()).collect::<Vec<_>>();
    leaves.keys().flat_map(above).collect()
}

fn change(
    set: &mut ChangeSet,
    leaves: &mut BTreeMap<String, Leaf>,
    folders: &[String],
    [what, which, text, mode]: [u8; 4],
) {
    if what % 7 < 2 {
        let path = pick(&PATHS, which);
        if is_free(leaves, folders, path) {
            let new = leaf(text, mode, what / 7);
            match &new {
                Leaf::File(content, mode) => set.create_with_mode(path, content.as_str(), *mode),
                Leaf::Link(target) => set.symlink(path, target),
            }
            .expect("a create that fits");
            leaves.insert(path.to_owned(), new);
        }
        return;
    }
    let Some(path) = leaves.keys().nth(usize::from(which) % leaves.len().max(1)).cloned() else { return };
    let old = leaves.remove(&path).expect("a leaf");
    let new_text = pick(&TEXTS, text);
    match (what % 7, &old) {
        (2 | 3, Leaf::File(content, old_mode)) => {
            set.edit(&path, content.as_str(), new_text).expect("an edit that fits");
            leaves.insert(path, Leaf::File(new_text.to_owned(), *old_mode));
        }
        (4, Leaf::File(content, _)) => set.delete(&path, content.as_str()).expect("a delete that fits"),
        (4, Leaf::Link(target)) => set.delete_symlink(&path, target).expect("a delete that fits"),
        (5, Leaf::File(content, old_mode)) => {
            let new_mode = MODES[usize::from(mode % 2)];
            set.set_mode(&path, *old_mode, new_mode).expect("a mode that fits");
            leaves.insert(path, Leaf::File(content.clone(), new_mode));
        }
        _ => {
            let to = pick(&PATHS, text);
            if is_free(leaves, folders, to) && !to.starts_with(&format!("{path}/")) && to != path {
                set.rename(&path, to).expect("a rename that fits");
                leaves.insert(to.to_owned(), old);
            } else {
                leaves.insert(path, old);
            }
        }
    }
}

pub(crate) fn build(root: &Path, leaves: &BTreeMap<String, Leaf>) {
    for (path, leaf) in leaves {
        match leaf {
            Leaf::File(content, mode) => support::write_with_mode(root, path, content, *mode),
            Leaf::Link(target) => {
                if let Some((folder, _)) = path.rsplit_once('/') {
                    support::folder(root, folder);
                }
                support::link(root, path, target);
            }
        }
    }
}

/// The files and links of a picture; folders are left out.
pub(crate) fn leaves_of(picture: &Picture) -> BTreeMap<String, Leaf> {
    let leaf = |thing: &Thing| match thing {
        Thing::Folder { .. } | Thing::Special => None,
        Thing::File { bytes, mode } => Some(Leaf::File(String::from_utf8_lossy(bytes).into_owned(), *mode)),
        Thing::Link(target) => Some(Leaf::Link(target.display().to_string())),
    };
    picture.iter().filter_map(|(path, thing)| Some((path.clone(), leaf(thing)?))).collect()
}
