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
    /// A settings file cannot be read as its tool would read it.
    UNREADABLE = "T001", "settings-unreadable";
    /// A value has not the type that the tool asks for.
    WRONG_TYPE = "T002", "setting-of-wrong-type";
    /// The tool does not know a setting.
    UNKNOWN_SETTING = "T003", "unknown-setting";
    /// Settings that the tool did not see, since another file won.
    DEAD_SETTINGS = "T004", "dead-settings";
    /// What stays would hide the new settings.
    SHADOWED = "T005", "settings-shadowed";
    /// A tool cannot read pyproject.toml.
    STAYS = "T006", "tool-stays";
    /// There was no pyproject.toml, and its being there matters to builds.
    NEW_PYPROJECT = "T007", "new-pyproject";
    /// A variable that is not set means another thing in TOML.
    UNSET_VARIABLE = "T008", "unset-variable";
    /// A section moves to another ini file, since its old one would hide something.
    SECTION_MOVES = "T009", "section-moves";
    /// A file may not be changed.
    NOT_CHANGEABLE = "T010", "file-not-changeable";
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
    /// The settings of tox that its native TOML cannot say, which go into `legacy_tox_ini`.
    TOX_LEGACY = "T040", "tox-legacy-ini";
    /// A command names a settings file that goes, in a way that is not understood.
    BROKEN_COMMAND = "T050", "command-names-removed-file";
    /// Another text names a settings file that goes.
    STALE_MENTION = "T051", "removed-file-named";
    /// A command runs a tool whose settings went to ruff.
    REPLACED_COMMAND = "T052", "command-of-replaced-tool";
    /// A command of bandit may have read `.bandit` by itself.
    BANDIT_BY_ITSELF = "T053", "bandit-settings-unclear";
    /// An edit of `.pre-commit-config.yaml` that its form does not allow.
    HOOKS_NOT_EDITABLE = "T054", "hooks-not-editable";
    /// What a replaced hook said and ruff's hook does not.
    HOOK_DIFFERS = "T055", "hook-differs";
    /// A hook whose revision cannot be matched to the lock.
    REVISION_UNKNOWN = "T056", "hook-revision-unknown";
    /// Settings in a file that the tool passes over, unless a command names it.
    NOT_READ = "T060", "settings-not-read";
    /// The settings file of a tool says something about another one.
    MORE_IN_FILE = "T061", "more-in-settings-file";
    /// bandit reads pyproject.toml only when its command line says so.
    BANDIT_OPTION = "T062", "bandit-needs-option";
    /// bump2version does not read pyproject.toml, bump-my-version does.
    BUMP_MY_VERSION = "T063", "bump-my-version-only";
}
