//! Evidence for `requires-python`.

/// One place that says something about Python versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// Versions.
    pub versions: Vec<(u8, u8)>,
}
/// The choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The range.
    pub requires_python: String,
    /// Indices.
    pub because: Vec<usize>,
    /// Conflicts.
    pub conflicts: Vec<String>,
}
/// Evidence.
pub fn evidence(_file: &str, _text: &str) -> Vec<Evidence> {
    Vec::new()
}
/// Whether.
pub fn is_evidence_file(_path: &str) -> bool {
    false
}
/// Choose.
pub fn choose(_evidence: &[Evidence]) -> Option<Choice> {
    None
}
