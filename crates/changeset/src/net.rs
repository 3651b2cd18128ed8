//! What a list of changes comes to: each file once, with where it was and where it ends.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::path::TreePath;

/// What is known of a file's content without looking at the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// A renamed file whose bytes nobody named.
    Unknown,
    File(Vec<u8>),
    Link(String),
}

/// One file or link, followed through the whole list.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it is in the tree as it stands; none for a new one.
    pub(crate) origin: Option<TreePath>,
    pub(crate) old: Content,
    pub(crate) old_mode: Option<u32>,
    /// Where it ends; none when it is deleted.
    pub(crate) path: Option<TreePath>,
    /// `Unknown` means "as on the disk".
    pub(crate) new: Content,
    /// None means "as it was", or the default of the system for a new one.
    pub(crate) new_mode: Option<u32>,
}

/// What must be on the disk for the plan to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    Absent,
    Present { content: Content, mode: Option<u32> },
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Net {
    nodes: Vec<Node>,
    /// Every path named so far and the node that is there now.
    slots: BTreeMap<TreePath, Option<usize>>,
    /// The node that stood at each path when the plan began; none where nothing may stand.
    origins: BTreeMap<TreePath, Option<usize>>,
}

impl Net {
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The nodes in the order in which they can be put in place one by one: what leaves a path comes before what
    /// takes it. Otherwise as they were named.
    pub(crate) fn nodes_in_order(&self) -> Vec<&Node> {
        let mut seen = vec![false; self.nodes.len()];
        let mut ordered = Vec::with_capacity(self.nodes.len());
        for start in 0..self.nodes.len() {
            let mut chain = Vec::new();
            let mut next = Some(start);
            // Names that are swapped make a ring; it is cut where it was entered.
            while let Some(index) = next.filter(|&index| !std::mem::replace(&mut seen[index], true)) {
                chain.push(&self.nodes[index]);
                next = self.nodes[index]
                    .path
                    .as_ref()
                    .and_then(|path| self.origins.get(path).copied().flatten());
            }
            ordered.extend(chain.into_iter().rev());
        }
        ordered
    }

    /// Every path named, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &TreePath> {
        self.slots.keys()
    }

    pub(crate) fn names(&self, path: &TreePath) -> bool {
        self.slots.contains_key(path)
    }

    /// What is at `path` in the end.
    pub(crate) fn at_end(&self, path: &TreePath) -> Option<&Node> {
        self.slots.get(path)?.map(|index| &self.nodes[index])
    }

    /// What must be at `path` before the first change.
    pub(crate) fn expected(&self, path: &TreePath) -> Expected {
        match self.origins.get(path) {
            Some(Some(index)) => {
                let node = &self.nodes[*index];
                Expected::Present { content: node.old.clone(), mode: node.old_mode }
            }
            _ => Expected::Absent,
        }
    }

    pub(crate) fn create(
        &mut self,
        path: &TreePath,
        content: Content,
        mode: Option<u32>,
    ) -> Result<(), Error> {
        self.require_free(path)?;
        if let Some(index) = self.deleted_at(path, &content, mode) {
            // Deleting and creating at one place is an edit, and an edit keeps the mode unless told otherwise.
            let node = &mut self.nodes[index];
            node.path = Some(path.clone());
            node.new = content;
            node.new_mode = mode.or(node.new_mode);
            self.slots.insert(path.clone(), Some(index));
            return Ok(());
        }
        let node = Node {
            origin: None,
            old: Content::Unknown,
            old_mode: None,
            path: Some(path.clone()),
            new: content,
            new_mode: mode,
        };
        self.place(path, node);
        Ok(())
    }

    /// Demands that `path` holds `before` now and puts `after` there.
    pub(crate) fn edit(&mut self, path: &TreePath, before: &[u8], after: &[u8]) -> Result<(), Error> {
        let index = self.require(path, &Content::File(before.to_vec()))?;
        self.nodes[index].new = Content::File(after.to_vec());
        Ok(())
    }

    pub(crate) fn delete(&mut self, path: &TreePath, before: &Content) -> Result<(), Error> {
        let index = self.require(path, before)?;
        self.nodes[index].path = None;
        self.slots.insert(path.clone(), None);
        Ok(())
    }

    pub(crate) fn rename(&mut self, from: &TreePath, to: &TreePath) -> Result<(), Error> {
        // First what can fail: a refused change must not leave an expectation behind.
        self.require_free(to)?;
        let index = self.require(from, &Content::Unknown)?;
        self.nodes[index].path = Some(to.clone());
        self.slots.insert(from.clone(), None);
        self.slots.insert(to.clone(), Some(index));
        self.origins.entry(to.clone()).or_insert(None);
        Ok(())
    }

    pub(crate) fn set_mode(&mut self, path: &TreePath, before: u32, after: u32) -> Result<(), Error> {
        self.expect_mode(path, before)?;
        let index = self.require(path, &Content::Unknown)?;
        self.nodes[index].new_mode = Some(after);
        Ok(())
    }

    pub(crate) fn expect_mode(&mut self, path: &TreePath, mode: u32) -> Result<(), Error> {
        let index = self.require(path, &Content::Unknown)?;
        let node = &mut self.nodes[index];
        let known = node.new_mode.or(node.old_mode);
        if known.is_some_and(|known| known != mode) {
            return Err(conflict(path, "the mode named is not the one an earlier change leaves"));
        }
        if node.new_mode.is_none() {
            if node.origin.is_some() {
                node.old_mode = Some(mode);
            } else {
                node.new_mode = Some(mode);
            }
        }
        Ok(())
    }

    /// The node at `path`, which must be able to hold `content`; a path not named yet gets one.
    fn require(&mut self, path: &TreePath, content: &Content) -> Result<usize, Error> {
        match self.slots.get(path) {
            Some(None) => Err(conflict(path, "an earlier change took it away")),
            Some(Some(index)) => {
                let index = *index;
                let node = &mut self.nodes[index];
                if *content == Content::Unknown || node.new == *content {
                    return Ok(index);
                }
                if node.new != Content::Unknown {
                    return Err(conflict(path, "the old content named is not what an earlier change leaves"));
                }
                node.old = content.clone();
                node.new = content.clone();
                Ok(index)
            }
            None => {
                let node = Node {
                    origin: Some(path.clone()),
                    old: content.clone(),
                    old_mode: None,
                    path: Some(path.clone()),
                    new: content.clone(),
                    new_mode: None,
                };
                Ok(self.place(path, node))
            }
        }
    }

    fn require_free(&self, path: &TreePath) -> Result<(), Error> {
        match self.slots.get(path) {
            Some(Some(_)) => Err(conflict(path, "an earlier change already put something there")),
            _ => Ok(()),
        }
    }

    fn place(&mut self, path: &TreePath, node: Node) -> usize {
        let index = self.nodes.len();
        let stood_here = node.origin.is_some().then_some(index);
        self.nodes.push(node);
        self.slots.insert(path.clone(), Some(index));
        self.origins.entry(path.clone()).or_insert(stood_here);
        index
    }

    /// The deleted node that a new one at `path` replaces. With a mode of its own it is a new file, unless the old
    /// mode is known: nobody could say what the change of the mode is.
    fn deleted_at(&self, path: &TreePath, content: &Content, mode: Option<u32>) -> Option<usize> {
        let index = (*self.origins.get(path)?)?;
        let node = &self.nodes[index];
        let same_kind = matches!(
            (&node.old, content),
            (Content::File(_), Content::File(_)) | (Content::Link(_), Content::Link(_))
        );
        let mode_is_known = mode.is_none() || node.old_mode.is_some();
        (node.path.is_none() && same_kind && mode_is_known).then_some(index)
    }
}

fn conflict(path: &TreePath, problem: &'static str) -> Error {
    Error::Conflict { path: path.clone(), problem }
}
