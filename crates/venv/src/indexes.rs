//! Where packages come from: the settings of pip and of the command line, as uv takes them.

/// Indexes and folders of packages. URLs may hold credentials: they reach uv through its environment, never its arguments.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Indexes {
    /// `index-url`, in place of the index that uv would take.
    pub default: Option<String>,
    /// `extra-index-url`, the first one first.
    pub extra: Vec<String>,
    /// `find-links`: folders, files and URLs.
    pub find_links: Vec<String>,
    /// `no-index`: only `find_links` and direct URLs.
    pub none: bool,
    /// `trusted-host`: hosts that need no valid certificate.
    pub trusted_hosts: Vec<String>,
}

// Written by hand, so that no credentials reach a log through `{:?}`.
impl std::fmt::Debug for Indexes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Indexes")
            .field("extra", &self.extra.len())
            .field("find_links", &self.find_links.len())
            .field("none", &self.none)
            .finish_non_exhaustive()
    }
}
