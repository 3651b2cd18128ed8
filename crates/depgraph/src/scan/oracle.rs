//! The byte scanner and the syntax tree beside each other, for tests and fuzzing. No part of the interface.

use crate::Import;

use super::intern::Interner;
use super::statements::{Wanted, statements};
use super::tree::{self, Shape};
use super::trigger::{Triggers, triggers};

/// What both say about one text.
#[derive(Debug)]
pub struct Compared {
    /// The import statements that the bytes show.
    pub scanned: Vec<Import>,
    /// Whether the scanner leaves the guards and names to the tree.
    pub is_unclear: bool,
    /// Whether a scan reads the text as a tree.
    pub needs_tree: bool,
    /// The import statements of the tree; none where the tree has errors or is too deep.
    pub parsed: Option<Vec<Import>>,
}

/// Reads a text both ways.
pub fn compare(text: &str) -> Compared {
    let mut interner = Interner::default();
    let found = statements(text.as_bytes(), Wanted::default(), &mut interner);
    let tree = tree::read(text, Shape::of(&found), &mut interner);
    let parsed = tree.filter(|tree| tree.error.is_none()).map(|tree| tree.statements);
    let needs_tree = found.is_unclear || triggers(text.as_bytes()).has(Triggers::TREE);
    Compared { scanned: found.imports, is_unclear: found.is_unclear, needs_tree, parsed }
}
