//! Where a dependency belongs.

/// Where a dependency belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `project.dependencies`
    Main,
    /// `project.optional-dependencies.NAME`
    Extra(String),
    /// A dependency group (PEP 735).
    Group(String),
}

impl Scope {
    /// The dotted key of pyproject.toml.
    pub fn key(&self) -> String {
        match self {
            Self::Main => "project.dependencies".to_owned(),
            Self::Extra(name) => format!("project.optional-dependencies.{name}"),
            Self::Group(name) => format!("dependency-groups.{name}"),
        }
    }

    /// The name of the group.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Main | Self::Extra(_) => None,
            Self::Group(name) => Some(name),
        }
    }
}
