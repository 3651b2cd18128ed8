//! What pdm-backend packs: `[tool.pdm.build]`.

use super::contents::{Contents, Root, anchored, clean, is_below, is_kind, join};
use super::{Packed, Stay, glob};
use crate::codes;

pub(super) fn contents(packed: &Packed<'_>) -> Result<Contents, Stay> {
    let build = |key: &'static str| ["tool", "pdm", "build", key];
    for key in ["run-setuptools", "setup-script", "custom-hook"] {
        if packed.has(&build(key)) {
            return Err(Stay::new(
                codes::M071,
                format!("`tool.pdm.build.{key}` runs code when the project is built"),
            ));
        }
    }
    if packed.tree.has("pdm_build.py") {
        return Err(Stay::new(codes::M071, "pdm_build.py runs when the project is built"));
    }
    for key in ["wheel-data", "editable-backend"] {
        if key == "wheel-data" && packed.has(&build(key)) {
            return Err(Stay::new(codes::M073, format!("`tool.pdm.build.{key}` has no counterpart")));
        }
    }
    let is_src = || packed.tree.has_folder("src") && !packed.tree.has("src/__init__.py");
    let given = packed.text(&build("package-dir")).map(|folder| clean(&folder));
    let folder = given.unwrap_or_else(|| if is_src() { "src".to_owned() } else { String::new() });
    let mut source = packed.texts(&build("source-includes"));
    if source.is_empty() {
        source.push("tests".to_owned());
    }
    let mut contents = Contents::default();
    let includes = packed.texts(&build("includes"));
    if includes.is_empty() {
        whole_packages(packed, &folder, &mut contents);
    }
    for include in &includes {
        included(packed, &folder, include, &mut contents);
    }
    let excludes = packed.texts(&build("excludes"));
    for pattern in excludes.iter().chain(&source) {
        // What is included in more words than it is excluded stays; such a file is named by itself later.
        let wins = |file: &str| {
            includes.iter().any(|include| glob::names(include, file) && depth(include) > depth(pattern))
        };
        contents.leave_out(|file| glob::names(pattern, file) && !wins(file));
    }
    contents.exclude = excludes.iter().map(|pattern| anchored(pattern)).collect();
    contents.sdist = Some(source.iter().map(|pattern| anchored(pattern)).collect());
    Ok(contents)
}

fn depth(pattern: &str) -> usize {
    clean(pattern).split('/').count()
}

/// Every package of the folder, or else every module.
fn whole_packages(packed: &Packed<'_>, folder: &str, contents: &mut Contents) {
    let inside: Vec<String> = packed
        .below(folder)
        .filter_map(|file| file.strip_prefix(folder).map(|rest| rest.trim_start_matches('/').to_owned()))
        .collect();
    let packages = inside.iter().filter_map(|file| file.strip_suffix("/__init__.py"));
    let top: Vec<&str> = packages.filter(|package| !package.contains('/')).collect();
    for package in &top {
        contents.add_root(packed, Root { from: join(folder, package), to: (*package).to_owned() });
    }
    if top.is_empty() {
        let modules = inside.iter().filter(|file| !file.contains('/') && is_kind(file, "py"));
        for module in modules {
            contents.add_root(packed, Root { from: join(folder, module), to: module.clone() });
        }
    }
}

fn included(packed: &Packed<'_>, folder: &str, include: &str, contents: &mut Contents) {
    let target = |path: &str| {
        let inside = !folder.is_empty() && is_below(folder, path);
        let rest = if inside { path.strip_prefix(folder).unwrap_or(path) } else { path };
        rest.trim_start_matches('/').to_owned()
    };
    let fixed = if glob::is_pattern(include) { glob::fixed(&clean(include)) } else { clean(include) };
    let files: Vec<String> = packed.named(include).map(str::to_owned).collect();
    if fixed.is_empty() || fixed == folder {
        // A pattern for the project's or the packages' folder itself: its folders and files one by one.
        let prefix = if fixed.is_empty() { String::new() } else { format!("{fixed}/") };
        for file in &files {
            let rest = file.strip_prefix(prefix.as_str()).unwrap_or(file);
            let first = rest.split('/').next().unwrap_or(rest);
            let root = Root { from: join(&fixed, first), to: target(&join(&fixed, first)) };
            if !contents.roots.contains(&root) {
                contents.roots.push(root);
            }
        }
    } else {
        let root = Root { to: target(&fixed), from: fixed };
        if !contents.roots.contains(&root) {
            contents.roots.push(root);
        }
    }
    contents.wheel.extend(files.into_iter().map(|file| (target(&file), file)));
}
