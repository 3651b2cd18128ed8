//! What poetry-core 2 packs: `packages`, `include` and `exclude` of `[tool.poetry]`.

use uvshift_pyproject::Value;
use uvshift_requirements::normalize_name;

use super::contents::{Contents, Root, anchored, clean, join, texts};
use super::{Packed, Stay, glob};
use crate::codes;

const TOOL: [&str; 2] = ["tool", "poetry"];

pub(super) fn contents(packed: &Packed<'_>) -> Result<Contents, Stay> {
    if packed.has(&["tool", "poetry", "build"]) {
        return Err(Stay::new(codes::M071, "`tool.poetry.build` makes files when the project is built"));
    }
    let mut contents = Contents { sdist: Some(Vec::new()), ..Contents::default() };
    let packages = included(packed, "packages", "include", &["sdist", "wheel"])?;
    if packages.is_empty() {
        let name = packed.document.project_name().unwrap_or_default();
        let root = packed.module(&normalize_name(name).replace('-', "_"))?;
        contents.add_root(packed, root);
    }
    for package in &packages {
        add_package(packed, package, &mut contents);
    }
    for pattern in packed.texts(&[TOOL[0], TOOL[1], "exclude"]) {
        contents.leave_out(|file| glob::names(&pattern, file));
        contents.exclude.push(anchored(&pattern));
    }
    for extra in included(packed, "include", "path", &["sdist"])? {
        if extra.in_sdist {
            contents.sdist.get_or_insert_default().push(anchored(&extra.path));
        }
        if extra.in_wheel {
            add_extra(packed, &extra.path, &mut contents);
        }
    }
    scripts(packed, &mut contents)?;
    Ok(contents)
}

struct Included {
    path: String,
    from: String,
    to: String,
    in_sdist: bool,
    in_wheel: bool,
}

fn included(packed: &Packed<'_>, key: &str, name: &str, formats: &[&str]) -> Result<Vec<Included>, Stay> {
    let unreadable = || Stay::new(codes::M073, format!("`tool.poetry.{key}` cannot be read"));
    let items = match packed.document.value(&[TOOL[0], TOOL[1], key]) {
        Some(Value::Array(items)) => items,
        Some(_) => return Err(unreadable()),
        None => return Ok(Vec::new()),
    };
    let read = |item: &Value| {
        let get = |key: &str| match item {
            Value::Table(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        };
        let text = |key: &str| get(key).map(texts).and_then(|texts| texts.into_iter().next());
        let path = match item {
            Value::String(path) => path.clone(),
            _ => text(name)?,
        };
        let given = get("format").map(texts);
        let has = |format: &str| match &given {
            Some(given) => given.iter().any(|found| found == format),
            None => formats.contains(&format),
        };
        Some(Included {
            path: clean(&path),
            from: text("from").unwrap_or_default(),
            to: text("to").unwrap_or_default(),
            in_sdist: has("sdist"),
            in_wheel: has("wheel"),
        })
    };
    items.iter().map(|item| read(item).ok_or_else(unreadable)).collect()
}

fn add_package(packed: &Packed<'_>, package: &Included, contents: &mut Contents) {
    let whole = join(&package.from, &package.path);
    if !package.in_wheel {
        contents.sdist.get_or_insert_default().push(anchored(&whole));
        return;
    }
    let fixed = glob::fixed(&package.path);
    let root = Root { from: join(&package.from, &fixed), to: join(&package.to, &fixed) };
    if !glob::is_pattern(&package.path) {
        return contents.add_root(packed, root);
    }
    let mut all = Contents::default();
    all.add_root(packed, root.clone());
    all.leave_out(|file| !glob::names(&whole, file));
    contents.wheel.extend(all.wheel);
    if !contents.roots.contains(&root) {
        contents.roots.push(root);
    }
}

/// What is in the wheel at the place that it has in the project.
fn add_extra(packed: &Packed<'_>, path: &str, contents: &mut Contents) {
    // Inside of a package this is for files that git ignores.
    let within = contents.roots.iter().any(|root| super::contents::is_below(&root.from, &glob::fixed(path)));
    if within {
        contents.artifacts.push(anchored(path));
    }
    let files: Vec<String> = packed.named(path).map(str::to_owned).collect();
    for file in files {
        if contents.place_of(&file).as_deref() != Some(&file) && !within {
            contents.roots.push(Root { from: file.clone(), to: file.clone() });
        }
        let place =
            if within { contents.place_of(&file).unwrap_or_else(|| file.clone()) } else { file.clone() };
        contents.wheel.insert(place, file);
    }
}

/// `scripts` that are files.
fn scripts(packed: &Packed<'_>, contents: &mut Contents) -> Result<(), Stay> {
    let Some(Value::Table(scripts)) = packed.document.value(&[TOOL[0], TOOL[1], "scripts"]) else {
        return Ok(());
    };
    for (name, value) in scripts {
        let Value::Table(pairs) = value else { continue };
        let get = |key: &str| pairs.iter().find(|(found, _)| found == key).map(|(_, value)| texts(value));
        let (kind, reference) = (get("type").unwrap_or_default(), get("reference").unwrap_or_default());
        match (kind.as_slice(), reference.as_slice()) {
            ([kind], [reference]) if kind == "file" => contents.data.push(super::contents::Data {
                script: true,
                to: reference.rsplit('/').next().unwrap_or(reference).to_owned(),
                from: clean(reference),
            }),
            _ => return Err(Stay::new(codes::M073, format!("the script `{name}` is of a form of its own"))),
        }
    }
    Ok(())
}
