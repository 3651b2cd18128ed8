//! A place that names a module.

use std::fmt;
use std::sync::Arc;

/// A place in a file that names a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The dotted name as written, without leading dots: `a.b` of `import a.b` and of `from a.b import c`, empty for `from . import c`.
    pub module: Arc<str>,
    /// What a `from` statement takes out of it, in order; `*` as written.
    pub names: Box<[Arc<str>]>,
    /// How many leading dots there are; 0 is an absolute import.
    pub level: u32,
    /// The line, counted from 1; in a notebook the line within its cell.
    pub line: u32,
    /// The cell of a notebook, counted from 1 over cells of every type.
    pub cell: Option<u32>,
    /// How the module is named.
    pub form: Form,
    /// What stands around it.
    pub guards: Guards,
}

impl Import {
    /// Whether the import is relative to the package of its file.
    pub fn is_relative(&self) -> bool {
        self.level > 0
    }

    /// The first part of the dotted name.
    pub fn top(&self) -> &str {
        self.module.split('.').next().unwrap_or_default()
    }
}

/// How a module is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Form {
    /// `import a.b`
    Import,
    /// `from a import b`
    From,
    /// `lazy import a` (PEP 810)
    LazyImport,
    /// `lazy from a import b` (PEP 810)
    LazyFrom,
    /// `cimport a` of Cython
    Cimport,
    /// `from a cimport b` of Cython
    FromCimport,
    /// `importlib.import_module("a")`
    ImportModule,
    /// `__import__("a")`
    DunderImport,
    /// `importlib.util.find_spec("a")`
    FindSpec,
    /// `pytest.importorskip("a")`
    ImportOrSkip,
    /// An import statement in a string that is given to `exec` or `eval`
    Exec,
    /// An import statement of a doctest
    Doctest,
    /// A dotted name in a setting of Django, such as `INSTALLED_APPS`
    DjangoSetting,
    /// The driver of a database URL, such as `mysql+pymysql://`
    DatabaseUrl,
    /// `pytest_plugins = [...]`, or `-p` of pytest
    PytestPlugin,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 15] = [
        Self::Import,
        Self::From,
        Self::LazyImport,
        Self::LazyFrom,
        Self::Cimport,
        Self::FromCimport,
        Self::ImportModule,
        Self::DunderImport,
        Self::FindSpec,
        Self::ImportOrSkip,
        Self::Exec,
        Self::Doctest,
        Self::DjangoSetting,
        Self::DatabaseUrl,
        Self::PytestPlugin,
    ];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::From => "from",
            Self::LazyImport => "lazy-import",
            Self::LazyFrom => "lazy-from",
            Self::Cimport => "cimport",
            Self::FromCimport => "from-cimport",
            Self::ImportModule => "import-module",
            Self::DunderImport => "dunder-import",
            Self::FindSpec => "find-spec",
            Self::ImportOrSkip => "importorskip",
            Self::Exec => "exec",
            Self::Doctest => "doctest",
            Self::DjangoSetting => "django-setting",
            Self::DatabaseUrl => "database-url",
            Self::PytestPlugin => "pytest-plugin",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What stands around an import, as a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Guards(u8);

impl Guards {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The body of a `try` that catches `ImportError`, a parent of it, or everything; `contextlib.suppress`, `pytest.raises` and
    /// `assertRaises` likewise.
    pub const TRY: Self = Self(1);
    /// An `except` clause of such a `try`.
    pub const HANDLER: Self = Self(2);
    /// A condition: `if`, `elif`, `else`, `case`.
    pub const CONDITION: Self = Self(4);
    /// Code that only a type checker sees: `if TYPE_CHECKING:`, the `else` of `if not TYPE_CHECKING:`.
    pub const TYPE_CHECKING: Self = Self(8);
    /// The body of a function.
    pub const FUNCTION: Self = Self(16);

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without the flags of another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether every flag of another set is in this one.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What an import asks of the one who installs the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The code does not work without it.
    Required,
    /// The code works without it: it is tried, looked for, or skipped.
    Optional,
    /// A type checker needs it, the running code does not.
    TypeOnly,
    /// Tests, documents, examples, or other files that are not installed need it.
    Development,
}

impl Need {
    /// Every need.
    pub const ALL: [Self; 4] = [Self::Required, Self::Optional, Self::TypeOnly, Self::Development];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::TypeOnly => "type-only",
            Self::Development => "development",
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
