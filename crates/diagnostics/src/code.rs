use std::fmt;

/// A stable identifier such as `R014`, with the short name people remember it by.
///
/// A code is never reused for another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    id: &'static str,
    name: &'static str,
}

impl Code {
    /// A code with its id (`R014`) and its kebab-case name (`option-after-requirement`).
    pub const fn new(id: &'static str, name: &'static str) -> Self {
        Self { id, name }
    }

    /// The id, for example `R014`.
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// The kebab-case name, for example `option-after-requirement`.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id)
    }
}
