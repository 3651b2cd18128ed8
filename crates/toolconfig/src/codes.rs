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
    /// A comment behind a value, which the linter of today does not take for one.
    INLINE_COMMENT = "T020", "inline-comment";
    /// A code or prefix that ruff does not know.
    UNKNOWN_SELECTOR = "T021", "unknown-selector";
    /// A value that the linter itself refuses.
    BAD_LINTER_VALUE = "T022", "bad-linter-value";
    /// A setting of `[tool.ruff]` that says something else than the old linter.
    RUFF_CONTRADICTION = "T023", "ruff-contradiction";
    /// Patterns of `per-file-ignores` that may match one file, of which flake8 takes the longest and ruff all.
    OVERLAPPING_PATTERNS = "T024", "overlapping-patterns";
    /// Rules that ruff refuses to have together.
    RULES_EXCLUDE_EACH_OTHER = "T025", "rules-exclude-each-other";
    /// A setting that decides what is found and that ruff has nothing for.
    NO_COUNTERPART = "T026", "no-counterpart";
    /// Two linters that want different lengths of lines.
    TWO_LINE_LENGTHS = "T027", "two-line-lengths";
}
