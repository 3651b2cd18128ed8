//! Why a tool refuses.

/// Kinds of failures. Which texts of the tools mean which is in `data/compat_failures.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FailureClass {
    /// No index has a package of this name.
    NoSuchPackage,
    /// The package has no version that fits.
    NoSuchVersion,
    /// Only versions before a release fit, and those count only when asked for.
    OnlyPrereleases,
    /// The versions that fit want another Python.
    OtherPython,
    /// There is no wheel for this Python or platform.
    NoWheel,
    /// There is only a source distribution, and builds are refused.
    NeedsBuild,
    /// Requirements contradict each other.
    Conflict,
    /// The build wants a compiler.
    MissingCompiler,
    /// The build wants a library or its headers.
    MissingLibrary,
    /// The build wants Rust.
    MissingRust,
    /// The build wants a Python module that it does not declare.
    MissingBuildModule,
    /// The build failed in another way.
    BuildFailed,
    /// The network or the index did not answer.
    Network,
    /// The index wants other credentials.
    Authentication,
    /// A repository could not be fetched.
    Repository,
    /// A hash is missing or differs.
    Hash,
    /// The tool cannot read the requirement.
    InvalidRequirement,
    /// The metadata of a package is broken.
    InvalidMetadata,
    /// There is no such file or folder.
    NoSuchFile,
    /// The program could not be run.
    CannotRun,
    /// None of the known texts.
    Unknown,
}

impl FailureClass {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::NoSuchPackage,
        Self::NoSuchVersion,
        Self::OnlyPrereleases,
        Self::OtherPython,
        Self::NoWheel,
        Self::NeedsBuild,
        Self::Conflict,
        Self::MissingCompiler,
        Self::MissingLibrary,
        Self::MissingRust,
        Self::MissingBuildModule,
        Self::BuildFailed,
        Self::Network,
        Self::Authentication,
        Self::Repository,
        Self::Hash,
        Self::InvalidRequirement,
        Self::InvalidMetadata,
        Self::NoSuchFile,
        Self::CannotRun,
        Self::Unknown,
    ];

    /// The name in data, JSON and CSV, such as `no-such-package`.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoSuchPackage => "no-such-package",
            Self::NoSuchVersion => "no-such-version",
            Self::OnlyPrereleases => "only-prereleases",
            Self::OtherPython => "other-python",
            Self::NoWheel => "no-wheel",
            Self::NeedsBuild => "needs-build",
            Self::Conflict => "conflict",
            Self::MissingCompiler => "missing-compiler",
            Self::MissingLibrary => "missing-library",
            Self::MissingRust => "missing-rust",
            Self::MissingBuildModule => "missing-build-module",
            Self::BuildFailed => "build-failed",
            Self::Network => "network",
            Self::Authentication => "authentication",
            Self::Repository => "repository",
            Self::Hash => "hash",
            Self::InvalidRequirement => "invalid-requirement",
            Self::InvalidMetadata => "invalid-metadata",
            Self::NoSuchFile => "no-such-file",
            Self::CannotRun => "cannot-run",
            Self::Unknown => "unknown",
        }
    }

    /// The class with this name.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.id() == id)
    }

    /// What it means, for people: the end of a sentence that begins with the name of the tool.
    pub fn title(self) -> &'static str {
        match self {
            Self::NoSuchPackage => "finds no package of this name",
            Self::NoSuchVersion => "finds no version that fits",
            Self::OnlyPrereleases => "finds only pre-releases that fit",
            Self::OtherPython => "finds only versions for another Python",
            Self::NoWheel => "finds no wheel for this Python and platform",
            Self::NeedsBuild => "finds only a source distribution, and builds are not allowed",
            Self::Conflict => "finds requirements that contradict each other",
            Self::MissingCompiler => "needs a compiler for the build",
            Self::MissingLibrary => "needs a system library for the build",
            Self::MissingRust => "needs Rust for the build",
            Self::MissingBuildModule => "misses a Python module that the build does not declare",
            Self::BuildFailed => "cannot build it",
            Self::Network => "got no answer from the network",
            Self::Authentication => "is not let in by the index",
            Self::Repository => "cannot fetch the repository",
            Self::Hash => "finds a hash that is missing or wrong",
            Self::InvalidRequirement => "cannot read the requirement",
            Self::InvalidMetadata => "finds broken metadata",
            Self::NoSuchFile => "finds no such file or folder",
            Self::CannotRun => "could not be run",
            Self::Unknown => "failed",
        }
    }

    /// Whether asking again later may give another answer although nothing was changed, so that it is not kept.
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Network | Self::Authentication | Self::Repository | Self::CannotRun | Self::Unknown
        )
    }
}
