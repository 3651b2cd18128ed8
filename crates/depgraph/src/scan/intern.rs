//! Names that are met again and again, each kept once.

use std::sync::Arc;

use foldhash::{HashSet, HashSetExt as _};

/// The names that were met.
#[derive(Debug)]
pub(crate) struct Interner {
    names: HashSet<Arc<str>>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { names: HashSet::new() }
    }
}

impl Interner {
    /// The one copy of a name. What is not UTF-8 is replaced by U+FFFD.
    pub(crate) fn intern(&mut self, name: &[u8]) -> Arc<str> {
        let name = String::from_utf8_lossy(name);
        if let Some(known) = self.names.get(name.as_ref()) {
            return Arc::clone(known);
        }
        let new: Arc<str> = name.into();
        self.names.insert(Arc::clone(&new));
        new
    }
}
