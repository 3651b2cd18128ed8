//! The stable codes of everything this crate has to say; each is a heading of `docs/diagnostics.md`.

use uvshift_diagnostics::Code;

macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $id:literal, $kebab:literal;)*) => {
        $($(#[$documentation])* pub const $name: Code = Code::new($id, $kebab);)*

        /// Every code of this crate, in order.
        pub static ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// Declared, and nothing imports it.
    UNUSED = "X001", "unused";
    /// Imported, and neither declared nor brought in by what is declared.
    MISSING = "X002", "missing";
    /// Imported, and only brought in by something else.
    TRANSITIVE = "X003", "transitive";
    /// Declared for development and needed to run, or the other way round.
    MISPLACED = "X004", "misplaced";
    /// Declared more than once.
    DECLARED_TWICE = "X005", "declared-twice";
    /// Declared with versions that exclude each other.
    CONFLICTING = "X006", "conflicting";
    /// No exact or upper version, and no lock that holds one.
    UNPINNED = "X007", "unpinned";
    /// A distribution that has been replaced, renamed, or given up.
    LEGACY = "X008", "legacy";
    /// A distribution that needs libraries or compilers of the system to be built.
    SYSTEM_LIBRARIES = "X009", "system-libraries";
    /// Several distributions for one job.
    OVERLAPPING = "X010", "overlapping";
    /// A lock that cannot be read.
    UNREADABLE_LOCK = "X020", "unreadable-lock";
    /// A requirement that is none, or a list of them that is no list.
    UNREADABLE_REQUIREMENT = "X021", "unreadable-requirement";

    /// A file or folder that cannot be read.
    UNREADABLE = "X101", "unreadable";
    /// A file that should hold Python and is not text.
    BINARY = "X102", "binary";
    /// Bytes that are not what the encoding of the file says.
    WRONG_ENCODING = "X103", "wrong-encoding";
    /// Text that is not Python.
    SYNTAX_ERROR = "X104", "syntax-error";
    /// Text that only Python 2 reads.
    PYTHON_2 = "X105", "python-2";
    /// A notebook that is no JSON, or has no cells.
    BROKEN_NOTEBOOK = "X106", "broken-notebook";
    /// A cell of a notebook that is not Python.
    BROKEN_CELL = "X107", "broken-cell";
    /// Code that is nested too deep for a syntax tree.
    TOO_DEEP = "X108", "too-deep";
    /// A symbolic link that is not followed.
    LINK_NOT_FOLLOWED = "X109", "link-not-followed";
    /// Inline metadata (PEP 723) that cannot be read.
    BROKEN_SCRIPT_METADATA = "X110", "broken-script-metadata";
    /// A comment that has a rule ignored which is none.
    UNKNOWN_RULE = "X111", "unknown-rule";
}
