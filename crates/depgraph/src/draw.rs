//! A graph of dependencies as text or picture: tree, JSON, DOT, Mermaid, SVG, HTML.

/// How a graph is drawn.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The title; the name of the project as a rule.
    pub title: String,
    /// How many edges deep, counted from the projects; none: all.
    pub depth: Option<usize>,
}
