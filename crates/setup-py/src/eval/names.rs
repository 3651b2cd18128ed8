//! Names of Python and its libraries, and what is known of them.

/// Whether Python has a builtin of this name that is of use here.
pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
}

/// Names whose value is an object that is true: modules, classes and functions that are certainly there.
pub(super) fn is_object(name: &str) -> bool {
    is_builtin(name) || name.starts_with("setuptools.") || name.starts_with("distutils.")
}

/// Functions without effects, so that their call is no reason to keep setup.py.
pub(super) fn is_pure(name: &str) -> bool {
    let builtin =
        is_builtin(name) && !matches!(name, "exec" | "eval" | "execfile" | "input" | "raw_input" | "setattr");
    !EFFECTS.contains(&name) && (builtin || PURE.iter().any(|it| name.starts_with(it)))
}

/// Classes whose objects are made for `setup()` and do nothing by being made.
pub(super) fn is_constructor(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let known =
        name.starts_with("setuptools.") || name.starts_with("distutils.") || name.starts_with("Cython.");
    matches!(last, "Extension" | "CMakeExtension" | "RustExtension" | "Pybind11Extension" | "Library")
        || (known && last.starts_with(|it: char| it.is_ascii_uppercase()))
        || matches!(name, "contextlib.suppress" | "warnings.catch_warnings" | "functools.partial")
}

/// Functions that show something and change nothing.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "print"
            | "sys.stderr.flush"
            | "sys.stderr.write"
            | "sys.stdout.flush"
            | "sys.stdout.write"
            | "warnings.filterwarnings"
            | "warnings.simplefilter"
            | "warnings.warn"
    )
}

/// Builtins that a setup.py uses.
const BUILTINS: &[&str] = &[
    "BaseException",
    "EnvironmentError",
    "Exception",
    "IOError",
    "ImportError",
    "KeyError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "RuntimeError",
    "SystemExit",
    "ValueError",
    "__import__",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "compile",
    "delattr",
    "dict",
    "enumerate",
    "eval",
    "exec",
    "execfile",
    "exit",
    "file",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "ord",
    "print",
    "property",
    "quit",
    "range",
    "raw_input",
    "repr",
    "reversed",
    "set",
    "setattr",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "unicode",
    "vars",
    "zip",
];

/// Modules and functions without effects.
const PURE: &[&str] = &[
    "ast.",
    "codecs.open",
    "collections.",
    "datetime.",
    "fnmatch.",
    "functools.",
    "glob.",
    "importlib.",
    "inspect.",
    "io.open",
    "itertools.",
    "json.loads",
    "open",
    "operator.",
    "os.environ.",
    "os.getenv",
    "os.listdir",
    "os.path.",
    "os.walk",
    "pathlib.",
    "pkg_resources.",
    "platform.",
    "re.",
    "setuptools_scm.",
    "shutil.which",
    "string.",
    "struct.",
    "sys.",
    "sysconfig.",
    "textwrap.",
    "time.",
    "versioneer.",
    "packaging.",
    "configparser.",
    "distutils.sysconfig.",
    "distutils.version.",
    "distutils.util.",
    "distutils.errors.",
    "multiprocessing.cpu_count",
    "locale.",
    "types.",
];

const EFFECTS: &[&str] = &["sys.settrace", "time.sleep"];
