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
    /// A line that is neither a requirement nor options.
    INVALID_REQUIREMENT = "R001", "invalid-requirement";
    /// A specifier that old pip accepted and pip 26 refuses: `>=1.*`, `==dev`, `<>1`.
    LEGACY_SPECIFIER = "R002", "legacy-specifier";
    /// A marker that does not follow the grammar.
    INVALID_MARKER = "R003", "invalid-marker";
    /// A marker that pip and uv read differently.
    UNSUPPORTED_MARKER = "R004", "unsupported-marker";
    /// `#egg=` with extras or a version.
    INVALID_EGG = "R005", "invalid-egg";
    /// An option that pip does not know.
    UNKNOWN_OPTION = "R006", "unknown-option";
    /// An option that pip had once.
    REMOVED_OPTION = "R007", "removed-option";
    /// The beginning of more than one option.
    AMBIGUOUS_OPTION = "R008", "ambiguous-option";
    /// The beginning of an option.
    ABBREVIATED_OPTION = "R009", "abbreviated-option";
    /// A value that the option does not take, or none where it wants one.
    INVALID_OPTION_VALUE = "R010", "invalid-option-value";
    /// Quotes that do not match.
    UNBALANCED_QUOTE = "R011", "unbalanced-quote";
    /// An option for the whole run behind a requirement.
    OPTION_AFTER_REQUIREMENT = "R012", "option-after-requirement";
    /// Something beside `-r` or `-c` on the same line.
    OPTION_BESIDE_INCLUDE = "R013", "option-beside-include";
    /// Several options on a line.
    SEVERAL_OPTIONS = "R014", "several-options";
    /// A trailing comment that ends in a backslash.
    COMMENT_SWALLOWS_LINE = "R015", "comment-swallows-line";
    /// A comment line between continuation lines.
    COMMENT_ENDS_CONTINUATION = "R016", "comment-ends-continuation";
    /// A space after the backslash that should join lines.
    SPACE_AFTER_BACKSLASH = "R017", "space-after-backslash";
    /// `--hash` or `--config-settings` without a requirement.
    OPTION_WITHOUT_REQUIREMENT = "R018", "option-without-requirement";
    /// A marker after `-e`.
    EDITABLE_MARKER_IGNORED = "R019", "editable-marker-ignored";
    /// Words after the options.
    IGNORED_WORDS = "R020", "ignored-words";
    /// A repository that uv cannot fetch from.
    UNSUPPORTED_VCS = "R021", "unsupported-vcs";
    /// A password or token in a URL.
    CREDENTIALS_IN_URL = "R022", "credentials-in-url";
    /// `${NAME}` in a line.
    VARIABLE = "R023", "variable";
    /// `${NAME}` without a value.
    UNSET_VARIABLE = "R024", "unset-variable";
    /// A line end that only Python knows.
    UNUSUAL_LINE_END = "R025", "unusual-line-end";
    /// `-r=x`, where the value is `=x`.
    EQUALS_AFTER_SHORT_OPTION = "R026", "equals-after-short-option";
    /// `-rx`, which uv does not read.
    ATTACHED_VALUE = "R027", "attached-value";
    /// `--config-settings` for one requirement.
    CONFIG_SETTINGS = "R028", "config-settings";
    /// `git+git@host:path`.
    SCP_URL = "R029", "scp-url";
    /// `-e name @ url` without quotes.
    EDITABLE_DIRECT_REFERENCE = "R030", "editable-direct-reference";
    /// Syntax that pip accepts and PEP 508 does not.
    LENIENT_SYNTAX = "R031", "lenient-syntax";
    /// `#egg=` behind a path, where pip takes it for a part of the path.
    FRAGMENT_ON_PATH = "R032", "fragment-on-path";
    /// An option that uv ignores or refuses in a file.
    OPTION_UNKNOWN_TO_UV = "R033", "option-unknown-to-uv";
    /// `-e` with something that cannot be editable.
    INVALID_EDITABLE = "R034", "invalid-editable";
    /// A URL or wheel file name that pip cannot use.
    INVALID_URL = "R035", "invalid-url";
    /// `--hash` on an editable.
    EDITABLE_HASH_IGNORED = "R036", "editable-hash-ignored";
    /// A requirement without a name.
    UNNAMED_REQUIREMENT = "R037", "unnamed-requirement";
    /// A number that is too large for uv.
    UNSUPPORTED_VERSION = "R038", "unsupported-version";
    /// A file over 4 GiB.
    FILE_TOO_LARGE = "R039", "file-too-large";
    /// An included file that is not there.
    MISSING_FILE = "R040", "missing-file";
    /// A file whose bytes are no text.
    UNDECODABLE_FILE = "R041", "undecodable-file";
    /// Files that include each other.
    INCLUDE_CYCLE = "R042", "include-cycle";
    /// An included file on a server.
    REMOTE_INCLUDE = "R043", "remote-include";
    /// An included file outside of the project.
    INCLUDE_OUTSIDE = "R044", "include-outside";
    /// `-r` in a constraints file.
    REQUIREMENTS_INSIDE_CONSTRAINTS = "R045", "requirements-inside-constraints";
    /// What a constraints file cannot hold: editables, extras, unnamed requirements.
    INVALID_CONSTRAINT = "R046", "invalid-constraint";
    /// `${NAME}` in the path of an included file.
    VARIABLE_IN_INCLUDE = "R047", "variable-in-include";
    /// `-e` with a repository, which uv does not take.
    EDITABLE_VCS = "R048", "editable-vcs";
    /// A backslash in the value of an option, which pip's shell rules remove.
    BACKSLASH_IN_OPTION = "R049", "backslash-in-option";
    /// Quotes around the value of an option.
    QUOTED_VALUE = "R050", "quoted-value";
}
