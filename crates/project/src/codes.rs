//! The codes of what uvshift has to say about a project as a whole.

use uvshift_diagnostics::Code;

/// Credentials stand in a URL.
pub const M001: Code = Code::new("M001", "credentials-in-url");
/// Several files name different indexes.
pub const M002: Code = Code::new("M002", "several-default-indexes");
/// Packages come from more than one index.
pub const M003: Code = Code::new("M003", "more-than-one-index");
/// The Python versions were guessed.
pub const M004: Code = Code::new("M004", "requires-python-guessed");
/// Another file describes the package too, and nobody reads it.
pub const M005: Code = Code::new("M005", "source-not-read");
/// Constraints of a group hold for the whole lock.
pub const M006: Code = Code::new("M006", "constraints-hold-everywhere");
/// Comments belong to no requirement.
pub const M007: Code = Code::new("M007", "comments-without-requirement");
/// Two pins of one package differ.
pub const M008: Code = Code::new("M008", "pins-differ");
/// The Python evidence disagrees.
pub const M009: Code = Code::new("M009", "python-evidence-disagrees");
/// Two files want different versions of one package in one place.
pub const M010: Code = Code::new("M010", "files-disagree");
/// Two members of a workspace have one name.
pub const M011: Code = Code::new("M011", "members-share-a-name");
/// `[tool.uvshift]` has a key that nothing reads.
pub const M012: Code = Code::new("M012", "unknown-setting");
/// What setup.py tells setuptools is not known without running it.
pub const M020: Code = Code::new("M020", "setup-py-not-readable");
/// An argument of `setup()` is not known without running setup.py.
pub const M021: Code = Code::new("M021", "argument-not-known");
/// A name or version is none.
pub const M022: Code = Code::new("M022", "invalid-metadata");
/// Nobody says what the long description is written in.
pub const M023: Code = Code::new("M023", "content-type-not-said");
/// pbr decides what setup.cfg means.
pub const M024: Code = Code::new("M024", "pbr");
/// A requirement of setup.py or setup.cfg cannot be carried.
pub const M025: Code = Code::new("M025", "requirement-not-carried");
/// The build system keeps a setuptools out that reads `[project]`.
pub const M027: Code = Code::new("M027", "setuptools-too-old");
/// setup.py imports a module from beside it.
pub const M028: Code = Code::new("M028", "setup-py-imports-beside");
/// `poetry.lock` was made from other constraints than those of pyproject.toml.
pub const M030: Code = Code::new("M030", "poetry-lock-out-of-date");
/// Poetry knows no such key.
pub const M031: Code = Code::new("M031", "unknown-key-of-poetry");
/// `poetry.lock` cannot be read.
pub const M032: Code = Code::new("M032", "poetry-lock-not-readable");
/// `poetry.lock` does not say which of several versions is for which environment.
pub const M033: Code = Code::new("M033", "poetry-lock-without-markers");
/// A file of another tool cannot be read.
pub const M040: Code = Code::new("M040", "source-unreadable");
/// A lock file of another tool cannot be read.
pub const M041: Code = Code::new("M041", "lock-unreadable");
/// There is a lock, and not the file that it was made from.
pub const M042: Code = Code::new("M042", "lock-without-source");
/// A lock was made from other requirements.
pub const M043: Code = Code::new("M043", "lock-out-of-date");
/// Commands with a short name are kept as notes.
pub const M044: Code = Code::new("M044", "commands-kept-as-notes");
/// A commit that the old lock named is not in the new one by itself.
pub const M045: Code = Code::new("M045", "locked-commit-not-kept");
/// Members of a workspace that need each other have to say so.
pub const M046: Code = Code::new("M046", "members-need-sources");
/// A lock by PEP 751 is all there is.
pub const M047: Code = Code::new("M047", "pylock-alone");
/// Metadata in a form that its own tool gave up.
pub const M048: Code = Code::new("M048", "obsolete-metadata");
/// The metadata of an environment is broken in one place.
pub const M060: Code = Code::new("M060", "environment-metadata-broken");
/// A package was installed from somewhere that pyproject.toml gets no source for.
pub const M061: Code = Code::new("M061", "installed-from-elsewhere");
/// A line of `pip freeze` says nothing that can be used.
pub const M062: Code = Code::new("M062", "freeze-line-not-read");
/// Nothing tells which packages were asked for.
pub const M063: Code = Code::new("M063", "top-level-not-known");
/// An environment holds or sees more than Python distributions of its own.
pub const M064: Code = Code::new("M064", "environment-not-whole");
/// Names of conda that nobody looked up.
pub const M065: Code = Code::new("M065", "conda-name-assumed");
/// A selector in an environment of conda is a comment.
pub const M066: Code = Code::new("M066", "conda-selector");
/// An environment of conda was exported whole.
pub const M067: Code = Code::new("M067", "conda-exported");
/// A build backend that is not known cannot be converted.
pub const M070: Code = Code::new("M070", "build-backend-not-known");
/// The build makes something, so its backend stays.
pub const M071: Code = Code::new("M071", "build-does-more-than-pack");
/// A dynamic field that only the old build backend can fill in.
pub const M072: Code = Code::new("M072", "dynamic-field-of-the-backend");
/// Files that the new build backend cannot pack as the old one did.
pub const M073: Code = Code::new("M073", "files-need-the-backend");

/// Every code of this crate.
pub static ALL: &[Code] = &[
    M001, M002, M003, M004, M005, M006, M007, M008, M009, M010, M011, M012, M020, M021, M022, M023, M024,
    M025, M027, M028, M030, M031, M032, M033, M040, M041, M042, M043, M044, M045, M046, M047, M048, M060,
    M061, M062, M063, M064, M065, M066, M067, M070, M071, M072, M073,
];
