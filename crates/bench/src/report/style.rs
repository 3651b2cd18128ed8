//! Colour is the caller's: reports tell what a part of their text is.

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The sentence that says it all.
    Headline,
    /// The name of a scenario.
    Heading,
    /// A bar.
    Bar,
    /// A difference that is sure, for the better.
    Better,
    /// A difference that is sure, for the worse.
    Worse,
    /// What is not sure, or beside the point.
    Faint,
    /// What a reader has to know.
    Warning,
}

/// How wide a text may be and how its parts are painted.
pub struct Style<'a> {
    /// In characters.
    pub width: usize,
    /// Puts colours around a part. It must not change what is read.
    pub paint: &'a dyn Fn(Role, &str) -> String,
}

impl Style<'_> {
    /// Without colours.
    pub fn plain(width: usize) -> Style<'static> {
        Style { width, paint: &|_, text| text.to_owned() }
    }
}

impl std::fmt::Debug for Style<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Style").field("width", &self.width).finish_non_exhaustive()
    }
}
