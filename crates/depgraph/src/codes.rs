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
    UNUSED = "D001", "unused";
    /// Imported, and neither declared nor brought in by what is declared.
    MISSING = "D002", "missing";
    /// Imported, and only brought in by something else.
    TRANSITIVE = "D003", "transitive";
    /// Declared for development and needed to run, or the other way round.
    MISPLACED = "D004", "misplaced";
    /// Declared more than once.
    DECLARED_TWICE = "D005", "declared-twice";
    /// Declared with versions that exclude each other.
    CONFLICTING = "D006", "conflicting";
    /// No exact or upper version, and no lock that holds one.
    UNPINNED = "D007", "unpinned";
    /// A distribution that has been replaced, renamed, or given up.
    LEGACY = "D008", "legacy";
    /// A distribution that needs libraries or compilers of the system to be built.
    SYSTEM_LIBRARIES = "D009", "system-libraries";
    /// Several distributions for one job.
    OVERLAPPING = "D010", "overlapping";
    /// A lock that cannot be read.
    UNREADABLE_LOCK = "D020", "unreadable-lock";

    /// A file or folder that cannot be read.
    UNREADABLE = "D101", "unreadable";
    /// A file that should hold Python and is not text.
    BINARY = "D102", "binary";
    /// Bytes that are not what the encoding of the file says.
    WRONG_ENCODING = "D103", "wrong-encoding";
    /// Text that is not Python.
    SYNTAX_ERROR = "D104", "syntax-error";
    /// Text that only Python 2 reads.
    PYTHON_2 = "D105", "python-2";
    /// A notebook that is no JSON, or has no cells.
    BROKEN_NOTEBOOK = "D106", "broken-notebook";
    /// A cell of a notebook that is not Python.
    BROKEN_CELL = "D107", "broken-cell";
    /// Code that is nested too deep for a syntax tree.
    TOO_DEEP = "D108", "too-deep";
    /// A symbolic link that is not followed.
    LINK_NOT_FOLLOWED = "D109", "link-not-followed";
    /// Inline metadata (PEP 723) that cannot be read.
    BROKEN_SCRIPT_METADATA = "D110", "broken-script-metadata";
}
