//! A [`Manifest`] into pyproject.toml: the one writer.

use uvshift_pyproject::{ArrayAt, Item, PyProject, Value};

use crate::manifest::{
    BuildSystem, Comments, Dependency, Group, GroupItem, Manifest, Metadata, NamedSource, Removal, UvSettings,
};
use crate::{Error, names};

/// The document with everything of the manifest in it. What was in it stays as it was, and wins.
pub fn write(manifest: &Manifest, existing: Option<&PyProject>) -> Result<PyProject, Error> {
    let mut document = existing.cloned().unwrap_or_default();
    // A table of another tool goes when [project] has found its place, which is often before that table.
    let goes_later = |removal: &&Removal| {
        let is_set_again =
            manifest.settings.iter().any(|setting| setting.path().starts_with(&removal.path()));
        removal.path.first().is_some_and(|first| first == "tool") && !is_set_again
    };
    remove(manifest.removals.iter().filter(|removal| !goes_later(removal)), &mut document)?;
    write_project(manifest, &mut document)?;
    write_settings(manifest, &mut document)?;
    remove(manifest.removals.iter().filter(goes_later), &mut document)?;
    write_uv(manifest, &mut document)?;
    for NamedSource { name, source, .. } in &manifest.sources {
        document.add_source(name, source)?;
    }
    for index in &manifest.indexes {
        document.add_index(index)?;
    }
    // Long lists come last: every edit reads the whole text again. Where things stand does not depend on the order.
    for group in &manifest.groups {
        write_group(group, &mut document)?;
    }
    for extra in &manifest.extras {
        write_extra(extra, &mut document)?;
    }
    if !manifest.is_virtual {
        write_dependencies(manifest, &mut document)?;
    }
    Ok(document)
}

fn remove<'a>(removals: impl Iterator<Item = &'a Removal>, document: &mut PyProject) -> Result<(), Error> {
    for removal in removals {
        let path = removal.path();
        if removal.with_comments {
            document.remove_with_comments(&path)?;
        } else {
            document.remove(&path)?;
        }
        document.remove_bare_header(path.split_last().map_or(&[], |(_, table)| table))?;
    }
    Ok(())
}

fn write_project(manifest: &Manifest, document: &mut PyProject) -> Result<(), Error> {
    if manifest.is_virtual {
        return Ok(());
    }
    let Metadata { name, version, requires_python, python_from: _, dynamic } = &manifest.metadata;
    if document.project_name().is_none() {
        document.set_project_field("name", name.as_str())?;
    }
    if document.project_version().is_none() && !document.is_dynamic("version") && !is_in(dynamic, "version") {
        document.set_project_field("version", version.as_str())?;
    }
    if let Some(requires_python) = requires_python
        && document.requires_python().is_none()
        && !document.is_dynamic("requires-python")
    {
        document.set_project_field("requires-python", requires_python.as_str())?;
    }
    let new: Vec<Item> = dynamic.iter().filter(|field| !document.is_dynamic(field)).map(Item::new).collect();
    if !new.is_empty() {
        document.add_dependencies(ArrayAt::Dynamic, &new)?;
    }
    if manifest.undynamic {
        document.remove_dynamic("dependencies")?;
        document.remove_setuptools_dynamic("dependencies")?;
    }
    Ok(())
}

fn is_in(fields: &[String], field: &str) -> bool {
    fields.iter().any(|known| known == field)
}

/// Whatever readers want to have in whatever table, and the build system.
fn write_settings(manifest: &Manifest, document: &mut PyProject) -> Result<(), Error> {
    for setting in &manifest.settings {
        let table: Vec<&str> = setting.table.iter().map(String::as_str).collect();
        match (&table[..], &setting.value) {
            // Tables of tables, such as `urls`, are written with a header of their own.
            (["project"], Value::Table(_)) => {
                document.set_project_field(&setting.key, setting.value.clone())?;
            }
            _ => document.set(&table, &setting.key, setting.value.clone())?,
        }
    }
    let Some(BuildSystem { requires, backend, backend_path, .. }) = &manifest.build else { return Ok(()) };
    document.set(&["build-system"], "requires", Value::strings(requires))?;
    if let Some(backend) = backend {
        document.set(&["build-system"], "build-backend", backend.as_str())?;
    }
    if !backend_path.is_empty() {
        document.set(&["build-system"], "backend-path", Value::strings(backend_path))?;
    }
    Ok(())
}

fn write_dependencies(manifest: &Manifest, document: &mut PyProject) -> Result<(), Error> {
    let listed = document.has_project_field("dependencies");
    let own: Vec<String> = document.dependencies().into_iter().map(|entry| entry.text).collect();
    let items = items(manifest.dependencies.iter().filter(|dependency| !own.contains(&dependency.text)));
    if !items.is_empty() || (!listed && !document.is_dynamic("dependencies")) {
        document.add_dependencies(ArrayAt::Dependencies, &items)?;
    }
    Ok(())
}

fn write_extra(extra: &Group, document: &mut PyProject) -> Result<(), Error> {
    let own =
        document.optional_dependencies().into_iter().find(|(name, _)| names::is_same(name, &extra.name));
    let own: Vec<String> = own.into_iter().flat_map(|(_, entries)| entries).map(|entry| entry.text).collect();
    let dependencies = extra.items.iter().filter_map(|item| match item {
        GroupItem::Dependency(dependency) if !own.contains(&dependency.text) => Some(dependency),
        _ => None,
    });
    document.add_dependencies(ArrayAt::Extra(&extra.name), &items(dependencies))?;
    Ok(())
}

fn write_group(group: &Group, document: &mut PyProject) -> Result<(), Error> {
    let mut batch: Vec<&Dependency> = Vec::new();
    let at = ArrayAt::Group(&group.name);
    document.add_dependencies(at, &[])?;
    for item in &group.items {
        match item {
            GroupItem::Dependency(dependency) => batch.push(dependency),
            GroupItem::Include { group: included, comments, .. } => {
                document.add_dependencies(at, &items(batch.drain(..)))?;
                let trailing = comments.trailing.as_deref();
                document.add_include_group(&group.name, included, &comments.above, trailing)?;
            }
        }
    }
    document.add_dependencies(at, &items(batch.drain(..)))?;
    Ok(())
}

/// Dependencies as array items, each text once, with the comments of all its lines.
fn items<'a>(dependencies: impl Iterator<Item = &'a Dependency>) -> Vec<Item> {
    let mut places = std::collections::HashMap::new();
    let mut items: Vec<Item> = Vec::new();
    for Dependency { text, comments: Comments { above, trailing }, .. } in dependencies {
        let at = *places.entry(text.as_str()).or_insert(items.len());
        let Some(known) = items.get_mut(at) else {
            items.push(Item {
                text: text.clone(),
                comments_above: above.clone(),
                comment_trailing: trailing.clone(),
            });
            continue;
        };
        known.comments_above.extend(above.iter().cloned());
        match &known.comment_trailing {
            None => known.comment_trailing.clone_from(trailing),
            Some(first) if Some(first) != trailing.as_ref() => known.comments_above.extend(trailing.clone()),
            Some(_) => {}
        }
    }
    items
}

fn write_uv(manifest: &Manifest, document: &mut PyProject) -> Result<(), Error> {
    let UvSettings {
        package,
        index_strategy,
        find_links,
        no_index,
        prerelease,
        no_binary,
        no_build,
        allow_insecure_host,
        config_settings,
    } = &manifest.uv;
    if let Some(package) = package {
        document.set_uv("package", *package)?;
    }
    write_default_groups(manifest, document)?;
    if let Some(strategy) = index_strategy {
        document.set_uv("index-strategy", strategy.as_str())?;
    }
    if *no_index {
        document.set_uv("no-index", true)?;
    }
    add_strings("find-links", find_links, document)?;
    if *prerelease {
        document.set_uv("prerelease", "allow")?;
    }
    for (selection, all, some) in
        [(no_binary, "no-binary", "no-binary-package"), (no_build, "no-build", "no-build-package")]
    {
        if selection.all {
            document.set_uv(all, true)?;
        }
        add_strings(some, &selection.packages, document)?;
    }
    add_strings("allow-insecure-host", allow_insecure_host, document)?;
    if !config_settings.is_empty() {
        let packages =
            config_settings.iter().map(|(name, settings)| (name.clone(), settings_value(settings)));
        document.set_uv("config-settings-package", Value::Table(packages.collect()))?;
    }
    let constraints = items(manifest.constraints.iter());
    if !constraints.is_empty() {
        document.add_dependencies(ArrayAt::UvConstraints, &constraints)?;
    }
    let overrides = items(manifest.overrides.iter());
    if !overrides.is_empty() {
        document.add_dependencies(ArrayAt::UvOverrides, &overrides)?;
    }
    Ok(())
}

/// uv installs the group `dev` by default; others only if they are named.
fn write_default_groups(manifest: &Manifest, document: &mut PyProject) -> Result<(), Error> {
    let named: Vec<&str> = manifest
        .groups
        .iter()
        .filter(|group| group.default && group.name != "dev")
        .map(|group| group.name.as_str())
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let has_dev = manifest.groups.iter().any(|group| group.name == "dev")
        || document.dependency_groups().iter().any(|(name, _)| names::is_same(name, "dev"));
    let all: Vec<String> = has_dev.then_some("dev").into_iter().chain(named).map(str::to_owned).collect();
    add_strings("default-groups", &all, document)
}

fn add_strings(key: &str, values: &[String], document: &mut PyProject) -> Result<(), Error> {
    if values.is_empty() {
        return Ok(());
    }
    let items: Vec<Item> = values.iter().map(|value| Item::new(value.as_str())).collect();
    document.add_dependencies(ArrayAt::Uv(key), &items)?;
    Ok(())
}

/// pip lets a key come more than once; uv wants a list then.
fn settings_value(settings: &[(String, String)]) -> Value {
    let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in settings {
        match pairs.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) => values.push(value.clone()),
            None => pairs.push((key.clone(), vec![value.clone()])),
        }
    }
    let value = |mut values: Vec<String>| match values.len() {
        1 => Value::String(values.remove(0)),
        _ => Value::strings(values),
    };
    Value::Table(pairs.into_iter().map(|(key, values)| (key, value(values))).collect())
}
