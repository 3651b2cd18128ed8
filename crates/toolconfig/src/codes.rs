//! The stable codes of everything this crate has to say; each is a heading of `docs/diagnostics.md`.

use uvshift_diagnostics::Code;

macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $id:literal, $kebab:literal;)*) => {
        $($(#[$documentation])* pub const $name: Code = Code::new($id, $kebab);)*

        /// A settings file cannot be read as its tool would read it.
pub const UNREADABLE: Code = Code::new("T001", "settings-unreadable");
/// A value has not the type that the tool asks for.
pub const WRONG_TYPE: Code = Code::new("T002", "setting-of-wrong-type");
/// The tool does not know a setting.
pub const UNKNOWN_SETTING: Code = Code::new("T003", "unknown-setting");
/// Settings that the tool did not see, since another file won.
pub const DEAD_SETTINGS: Code = Code::new("T004", "dead-settings");
/// What stays would hide the new settings.
pub const SHADOWED: Code = Code::new("T005", "settings-shadowed");
/// A tool cannot read pyproject.toml.
pub const STAYS: Code = Code::new("T006", "tool-stays");
/// There was no pyproject.toml, and its being there matters to builds.
pub const NEW_PYPROJECT: Code = Code::new("T007", "new-pyproject");
/// A variable that is not set means another thing in TOML.
pub const UNSET_VARIABLE: Code = Code::new("T008", "unset-variable");
/// A section moves to another ini file, since its old one would hide something.
pub const SECTION_MOVES: Code = Code::new("T009", "section-moves");
/// A file may not be changed.
pub const NOT_CHANGEABLE: Code = Code::new("T010", "file-not-changeable");
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
