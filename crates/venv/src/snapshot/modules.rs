//! What can be imported of a package, and whether it is the same on every machine.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_installed::{Distribution, Form, record_paths};

/// The names that can be imported, as the installed files tell them: modules, and folders with something of Python in them.
pub(super) fn top_level(found: &Distribution, record: &str) -> Vec<String> {
    // `installed-files.txt` counts from the folder of metadata, `RECORD` from the one above.
    let prefix = if found.form == Form::DistInfo { "" } else { "../" };
    // Whether a folder has something of Python in it; most files are in the folder of the file before them.
    let mut folders: BTreeMap<String, bool> = BTreeMap::new();
    let mut modules = BTreeSet::new();
    for path in record_paths(record) {
        let Some(path) = path.strip_prefix(prefix) else { continue };
        match path.split_once(['/', '\\']) {
            None => modules.extend(module(path).filter(|name| is_identifier(name)).map(str::to_owned)),
            Some((folder, rest)) => match folders.get_mut(folder) {
                Some(known) => *known = *known || module(rest).is_some(),
                None => {
                    folders.insert(folder.to_owned(), module(rest).is_some());
                }
            },
        }
    }
    let packages = folders.into_iter().filter(|(name, has_python)| *has_python && is_identifier(name));
    modules.extend(packages.map(|(name, _)| name));
    modules.into_iter().collect()
}

/// The name of a module without its ending, where the ending is one that Python imports.
fn module(path: &str) -> Option<&str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.')?;
    match ending {
        "py" | "pyc" => Some(stem),
        // `name.cpython-311-x86_64-linux-gnu.so`, `name.abi3.so`, `name.cp311-win_amd64.pyd`
        "so" | "pyd" => stem.split('.').next(),
        _ => None,
    }
}

/// `__editable__` files of setuptools are how an install works, not what is imported; `__pycache__` is neither.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
        && !name.starts_with("__editable__")
        && name != "__pycache__"
}

/// `Root-Is-Purelib` of `WHEEL`.
pub(super) fn is_pure(wheel: &str) -> Option<bool> {
    let (_, value) = wheel.lines().find_map(|line| {
        line.split_once(':').filter(|(name, _)| name.trim().eq_ignore_ascii_case("Root-Is-Purelib"))
    })?;
    match value.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
