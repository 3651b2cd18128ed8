//! Who still names a file.

/// A line that names a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The text.
    pub text: String,
}
/// Finds.
pub fn find_references<'a>(
    targets: &[&str],
    _files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Vec<Vec<Reference>> {
    vec![Vec::new(); targets.len()]
}
