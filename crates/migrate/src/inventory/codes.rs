//! The stable codes of the risks; each is a heading of `docs/diagnostics.md`.

use uvshift_diagnostics::Code;

macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $id:literal, $kebab:literal;)*) => {
        $($(#[$documentation])* pub const $name: Code = Code::new($id, $kebab);)*

        /// Every code of a risk, in order.
        pub static ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// A package that has been replaced, renamed, or given up.
    LEGACY_PACKAGE = "C001", "legacy-package";
    /// A package that needs libraries or compilers of the system where no wheel fits.
    SYSTEM_LIBRARIES = "C002", "needs-system-libraries";
    /// CI calls pip or something like it.
    CI_CALLS_PIP = "C003", "ci-calls-pip";
    /// An image calls pip or something like it.
    IMAGE_CALLS_PIP = "C004", "image-calls-pip";
    /// A makefile, task runner or script calls pip or something like it.
    SCRIPT_CALLS_PIP = "C005", "script-calls-pip";
    /// A line that uv refuses, or that has no counterpart.
    UNSUPPORTED = "C006", "unsupported-line";
    /// A line that pip and uv treat differently.
    DIFFERS = "C007", "differing-line";
    /// A repository or URL that can become another one tomorrow.
    NOT_FIXED = "C008", "source-not-fixed";
    /// A path that leads out of the repository.
    OUTSIDE_PATH = "C009", "path-outside";
    /// Packages come from more than one index.
    SEVERAL_INDEXES = "C010", "several-indexes";
    /// No lock, and few exact versions.
    FEW_PINS = "C011", "few-pins";
    /// No lock, and no exact version at all.
    NO_PINS = "C012", "no-pins";
    /// A Python that nobody supports any more.
    END_OF_LIFE = "C013", "python-end-of-life";
    /// A Python that uv refuses or cannot download.
    PYTHON_UNSUPPORTED = "C014", "python-not-supported";
    /// Places that say different things about Python.
    PYTHON_CONTRADICTION = "C015", "python-contradiction";
    /// setup.py has to run before its metadata is known.
    SETUP_PY_RUNS = "C016", "setup-py-runs-code";
    /// Credentials stand in a file.
    CREDENTIALS = "C017", "credentials-in-file";
    /// The project or another one is installed in place.
    EDITABLE = "C018", "editable-install";
    /// A host whose certificate is not checked.
    TRUSTED_HOST = "C019", "trusted-host";
    /// Settings of pip that uv does not read.
    PIP_SETTINGS = "C020", "pip-settings";
    /// The environment holds what no file explains.
    ENVIRONMENT_DRIFT = "C021", "environment-drift";
}
