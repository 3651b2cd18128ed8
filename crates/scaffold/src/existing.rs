use std::collections::BTreeMap;

/// The files of the project that templates may meet: those that a plan asks for, by path from the root.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    files: BTreeMap<String, Vec<u8>>,
}

impl Existing {
    /// A project without files.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a file that is there.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// The file of a path.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }
}
