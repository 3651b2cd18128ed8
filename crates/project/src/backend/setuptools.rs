//! What setuptools packs: `[tool.setuptools]`, and MANIFEST.in for data.

mod manifest_in;

use std::collections::{BTreeMap, BTreeSet};

use uvshift_pyproject::Value;

use super::contents::{Contents, Data, Root, clean, is_below, is_kind, join, texts};
use super::{Packed, Stay, glob};
use crate::codes;

const TOOL: [&str; 2] = ["tool", "setuptools"];

/// Names that automatic discovery never takes for a package of a flat layout.
const NEVER: [&str; 24] = [
    "ci",
    "bin",
    "debian",
    "doc",
    "docs",
    "documentation",
    "manpages",
    "news",
    "newsfragments",
    "changelog",
    "test",
    "tests",
    "unit_test",
    "unit_tests",
    "example",
    "examples",
    "scripts",
    "tools",
    "util",
    "utils",
    "python",
    "build",
    "benchmark",
    "benchmarks",
];

pub(super) fn contents(packed: &Packed<'_>) -> Result<Contents, Stay> {
    for key in ["ext-modules", "cmdclass"] {
        if packed.has(&[TOOL[0], TOOL[1], key]) {
            return Err(Stay::new(
                codes::M071,
                format!("`tool.setuptools.{key}` makes files when the project is built"),
            ));
        }
    }
    if packed.tree.has("setup.py") && !is_bare(packed) {
        return Err(Stay::new(codes::M071, "setup.py runs when the project is built"));
    }
    let layout = Layout::of(packed);
    let packages = packages(packed, &layout)?;
    let modules = packed.texts(&[TOOL[0], TOOL[1], "py-modules"]);
    if packages.is_empty() && modules.is_empty() {
        return Err(Stay::new(codes::M073, "which packages setuptools finds cannot be told"));
    }
    let mut contents = Contents::default();
    files(packed, &packages, &mut contents);
    roots(&packages, &mut contents);
    for module in modules {
        let to = format!("{}.py", module.replace('.', "/"));
        contents.add_root(packed, Root { from: join(&layout.folder_of(""), &to), to });
    }
    data(packed, &mut contents);
    Ok(contents)
}

/// A setup.py that says nothing may stay; it is not run by another backend.
fn is_bare(packed: &Packed<'_>) -> bool {
    let text = packed.tree.text("setup.py").unwrap_or_default();
    text.split_whitespace().collect::<String>().ends_with("setup()")
}

/// `package-dir`
struct Layout {
    folders: BTreeMap<String, String>,
}

impl Layout {
    fn of(packed: &Packed<'_>) -> Self {
        let mut folders = BTreeMap::new();
        if let Some(Value::Table(pairs)) = packed.document.value(&[TOOL[0], TOOL[1], "package-dir"]) {
            for (package, folder) in pairs {
                folders.extend(texts(&folder).first().map(|folder| (package.clone(), clean(folder))));
            }
        }
        Self { folders }
    }

    /// Where a package is: by itself, by a package that it is in, or by the folder of all.
    fn folder_of(&self, package: &str) -> String {
        let mut parts: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
        let mut rest: Vec<&str> = Vec::new();
        loop {
            if let Some(folder) = self.folders.get(&parts.join(".")) {
                return join(folder, &rest.join("/"));
            }
            match parts.pop() {
                Some(part) => rest.insert(0, part),
                None => return rest.join("/"),
            }
        }
    }
}

/// The packages with their folders.
fn packages(packed: &Packed<'_>, layout: &Layout) -> Result<BTreeMap<String, String>, Stay> {
    match packed.document.value(&[TOOL[0], TOOL[1], "packages"]) {
        Some(Value::Array(items)) => {
            let names = items.iter().flat_map(texts);
            Ok(names.map(|name| (name.clone(), layout.folder_of(&name))).collect())
        }
        Some(Value::Table(_)) => Ok(find(packed)),
        Some(_) => Err(Stay::new(codes::M073, "`tool.setuptools.packages` cannot be read")),
        None if packed.has(&[TOOL[0], TOOL[1], "py-modules"]) => Ok(BTreeMap::new()),
        None => automatic(packed, layout),
    }
}

/// `packages.find`
fn find(packed: &Packed<'_>) -> BTreeMap<String, String> {
    let find = |key: &'static str| [TOOL[0], TOOL[1], "packages", "find", key];
    let or = |found: Vec<String>, other: &str| if found.is_empty() { vec![other.to_owned()] } else { found };
    let namespaces = packed.document.value(&find("namespaces")) != Some(Value::Bool(false));
    let include = or(packed.texts(&find("include")), "*");
    let exclude = packed.texts(&find("exclude"));
    let mut found = BTreeMap::new();
    for place in or(packed.texts(&find("where")), ".") {
        for (package, folder) in folders(packed, &clean(&place), namespaces) {
            let named = |patterns: &[String]| patterns.iter().any(|pattern| glob::segment(pattern, &package));
            if named(&include) && !named(&exclude) {
                found.insert(package, folder);
            }
        }
    }
    found
}

/// Every folder that can be a package, by its dotted name.
fn folders(packed: &Packed<'_>, place: &str, namespaces: bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in packed.below(place) {
        let inner = file.strip_prefix(place).unwrap_or(file).trim_start_matches('/');
        let parts: Vec<&str> = inner.split('/').collect();
        for length in 1..parts.len() {
            let (name, folder) = (parts[..length].join("."), join(place, &parts[..length].join("/")));
            let is_package = namespaces || packed.tree.has(&join(&folder, "__init__.py"));
            if parts[length - 1].contains('.') || !is_package {
                break;
            }
            found.insert(name, folder);
        }
    }
    found
}

/// Neither `packages` nor `py-modules` is said.
fn automatic(packed: &Packed<'_>, layout: &Layout) -> Result<BTreeMap<String, String>, Stay> {
    let source =
        layout.folders.get("").cloned().or_else(|| packed.tree.has_folder("src").then(|| "src".to_owned()));
    if let Some(source) = source {
        let found = folders(packed, &source, true);
        let modules = packed.below(&source).any(|file| {
            let inner = file.strip_prefix(source.as_str()).unwrap_or(file).trim_start_matches('/');
            !inner.contains('/') && is_kind(inner, "py")
        });
        if !modules && !found.is_empty() {
            return Ok(found.into_iter().filter(|(name, _)| !name.ends_with(".egg-info")).collect());
        }
    }
    let found = folders(packed, "", true);
    let top: BTreeSet<&str> = found
        .keys()
        .filter_map(|name| name.split('.').next())
        .filter(|name| !NEVER.contains(name) && !name.starts_with(['.', '_']))
        .filter(|name| packed.tree.has(&format!("{name}/__init__.py")))
        .collect();
    let [only] = top.iter().copied().collect::<Vec<_>>()[..] else {
        return Err(Stay::new(codes::M073, "which packages setuptools finds by itself cannot be told"));
    };
    let inside =
        |name: &str| name == only || name.strip_prefix(only).is_some_and(|rest| rest.starts_with('.'));
    let found: BTreeMap<String, String> =
        found.iter().filter(|(name, _)| inside(name)).map(|(a, b)| (a.clone(), b.clone())).collect();
    Ok(found)
}

/// The files of the packages: modules, `package-data`, and what MANIFEST.in names.
fn files(packed: &Packed<'_>, packages: &BTreeMap<String, String>, contents: &mut Contents) {
    let table = |key: &'static str| -> Vec<(String, Vec<String>)> {
        match packed.document.value(&[TOOL[0], TOOL[1], key]) {
            Some(Value::Table(pairs)) => {
                pairs.iter().map(|(name, value)| (name.clone(), texts(value))).collect()
            }
            _ => Vec::new(),
        }
    };
    let (with, without) = (table("package-data"), table("exclude-package-data"));
    let by_manifest =
        packed.document.value(&[TOOL[0], TOOL[1], "include-package-data"]) != Some(Value::Bool(false));
    let listed = if by_manifest { manifest_in::files(packed) } else { BTreeSet::new() };
    for (package, folder) in packages {
        let named = |rules: &[(String, Vec<String>)], inner: &str| {
            let of_package =
                rules.iter().filter(|(name, _)| matches!(name.as_str(), "" | "*") || name == package);
            of_package.flat_map(|(_, patterns)| patterns).any(|pattern| glob::matches(&clean(pattern), inner))
        };
        for file in packed.below(folder) {
            let inner = file.strip_prefix(folder.as_str()).unwrap_or(file).trim_start_matches('/');
            let is_direct = !inner.contains('/');
            let is_module = is_direct && is_kind(inner, "py");
            // Type information is packed since setuptools 69.
            let is_typing = is_direct && (inner == "py.typed" || is_kind(inner, "pyi"));
            let is_listed = listed.contains(file) && nearest(packages, file) == Some(folder.as_str());
            let is_data = named(&with, inner) || is_typing || is_listed;
            if is_module || (is_data && !named(&without, inner)) {
                contents.wheel.insert(join(&package.replace('.', "/"), inner), file.to_owned());
            }
        }
    }
}

/// The folder of the innermost package that a file is in.
fn nearest<'a>(packages: &'a BTreeMap<String, String>, file: &str) -> Option<&'a str> {
    let around = packages.values().filter(|folder| is_below(folder, file));
    around.max_by_key(|folder| folder.len()).map(String::as_str)
}

/// The outermost folders of the packages.
fn roots(packages: &BTreeMap<String, String>, contents: &mut Contents) {
    for (package, folder) in packages {
        let to = package.replace('.', "/");
        let within = contents.roots.iter().any(|root| {
            is_below(&root.from, folder)
                && join(&root.to, folder.strip_prefix(root.from.as_str()).unwrap_or_default()) == to
        });
        if !within {
            contents.roots.push(Root { from: folder.clone(), to });
        }
    }
}

/// `data-files` and `script-files`
fn data(packed: &Packed<'_>, contents: &mut Contents) {
    if let Some(Value::Table(pairs)) = packed.document.value(&[TOOL[0], TOOL[1], "data-files"]) {
        for (folder, patterns) in pairs {
            for pattern in texts(&patterns) {
                let files = packed.below("").filter(|file| glob::matches(&pattern, file));
                contents.data.extend(files.map(|file| Data {
                    script: false,
                    from: file.to_owned(),
                    to: join(&folder, file.rsplit('/').next().unwrap_or(file)),
                }));
            }
        }
    }
    for file in packed.texts(&[TOOL[0], TOOL[1], "script-files"]) {
        let to = file.rsplit('/').next().unwrap_or(&file).to_owned();
        contents.data.push(Data { script: true, from: clean(&file), to });
    }
}
