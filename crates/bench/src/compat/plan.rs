//! What to check, with what, and how far to go.

use std::path::PathBuf;
use std::time::Duration;

/// Everything that [`check`](super::check) needs to know. Nothing else is read: no environment, no configuration, no home.
#[derive(Debug, Clone)]
pub struct CompatPlan {
    /// The requirements, in the order of the report. The same text twice is asked once.
    pub requirements: Vec<Requested>,
    /// A Python interpreter that has pip. Both tools resolve for it.
    pub python: PathBuf,
    /// The uv to compare with.
    pub uv: PathBuf,
    /// Where packages come from.
    pub index: IndexSettings,
    /// The folder that keeps results, logs and, unless told otherwise, caches. It is made when missing, only for its owner.
    pub state: PathBuf,
    /// Where the tools keep what they download.
    pub caches: Caches,
    /// Whether code of packages may run to find out what they need.
    pub builds: Builds,
    /// How many requirements are worked on at the same time; 0 is taken as 1.
    pub parallel: usize,
    /// The time limit of one command.
    pub timeout: Duration,
    /// The time limit of a command that resolves all requirements together.
    pub together_timeout: Duration,
    /// Whether all requirements are also resolved together.
    pub together: bool,
    /// Whether flags are tried where the tools disagree or fail.
    pub try_flags: bool,
    /// Whether results of earlier runs are left alone and everything is asked again.
    pub fresh: bool,
}

/// A requirement, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requested {
    /// One line of a requirements file: a PEP 508 text, with options such as `--hash` after it if need be, `-e PATH`, a URL or a
    /// path. A relative path is one of [`IndexSettings::folder`].
    pub text: String,
    /// The file, as it is shown.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<usize>,
}

/// Where packages come from. Credentials may be in the URLs; they are handed on to the tools and shown nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexSettings {
    /// The main index; `None` is the one that the tools use by themselves.
    pub index_url: Option<String>,
    /// Further indexes.
    pub extra_index_urls: Vec<String>,
    /// Folders and pages with links to files.
    pub find_links: Vec<String>,
    /// Whether only [`find_links`](Self::find_links) are used.
    pub no_index: bool,
    /// A bundle of certificates to trust.
    pub certificates: Option<PathBuf>,
    /// Constraints files.
    pub constraints: Vec<PathBuf>,
    /// A file with credentials for hosts, in the form of `.netrc`.
    pub netrc: Option<PathBuf>,
    /// Texts that may not be shown, beside the credentials of URLs.
    pub secrets: Vec<String>,
    /// The folder that relative paths of requirements start from.
    pub folder: Option<PathBuf>,
}

/// Where pip and uv keep what they download.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Caches {
    /// Below the state folder, so that no cache of the user changes.
    #[default]
    State,
    /// In these folders, such as those of the user.
    At {
        /// pip's cache.
        pip: PathBuf,
        /// uv's cache.
        uv: PathBuf,
    },
}

/// Whether code of packages may run: the metadata of a source distribution may need a build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Builds {
    /// Only wheels count (`--only-binary :all:`); what needs a build is told so.
    #[default]
    Refused,
    /// Source distributions are built where that is needed, which runs their code.
    Allowed,
}
