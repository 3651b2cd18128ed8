//! Sources, indexes, metadata, build system: what is no requirement and has to stand in the new file all the same.

use uvshift_project::{BuildSystem, Manifest};
use uvshift_pyproject::{PyProject, Value};

use super::Checked;

/// Compares everything of the manifest that is no requirement with the result.
pub(super) fn check(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    check_sources(manifest, result, checked);
    check_settings(manifest, result, checked);
    check_removals(manifest, result, checked);
    check_build(manifest, result, checked);
}

fn check_sources(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    let uv = result.uv();
    for wanted in &manifest.sources {
        let there = uv.sources.iter().any(|(name, entries)| {
            uvshift_requirements::normalize_name(name) == wanted.name
                && entries.iter().any(|entry| entry.source == wanted.source)
        });
        if !there {
            checked.differ(wanted.from.to_string(), format!("the source of `{}` is missing", wanted.name));
        }
    }
    for index in &manifest.indexes {
        if !uv.indexes.contains(index) {
            checked.differ("tool.uv.index", format!("the index `{}` is missing", index.url));
        }
    }
}

/// Every key has its value; of two for one key the last one holds.
fn check_settings(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    for (at, setting) in manifest.settings.iter().enumerate() {
        let path = setting.path();
        let is_replaced = manifest.settings.iter().skip(at + 1).any(|later| later.path() == path);
        if is_replaced {
            continue;
        }
        checked.settings += 1;
        if !result.value(&path).is_some_and(|found| same(&setting.value, &found)) {
            checked.differ(setting.from.to_string(), format!("`{}` is not as it was read", path.join(".")));
        }
    }
    for field in &manifest.metadata.dynamic {
        if !result.is_dynamic(field) {
            checked.differ("project.dynamic", format!("`{field}` is missing"));
        }
    }
}

/// Values are equal; a table may have got keys from elsewhere.
fn same(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Table(wanted), Value::Table(found)) => wanted
            .iter()
            .all(|(key, value)| found.iter().any(|(other, there)| key == other && same(value, there))),
        _ => wanted == found,
    }
}

/// What was carried elsewhere is gone, so that nothing says it twice.
fn check_removals(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    for removal in &manifest.removals {
        let path = removal.path();
        let is_set_again = manifest.settings.iter().any(|setting| setting.path().starts_with(&path));
        if !is_set_again && result.get(&path).is_some() {
            checked.differ(removal.from.to_string(), format!("`{}` is still there", path.join(".")));
        }
    }
}

fn check_build(manifest: &Manifest, result: &PyProject, checked: &mut Checked) {
    let Some(BuildSystem { requires, backend, from, .. }) = &manifest.build else { return };
    let found: Vec<String> = result.build_requires().into_iter().map(|entry| entry.text).collect();
    if *requires != found || backend.as_deref() != result.build_backend() {
        checked.differ(from.to_string(), "the build system is not as it was read".to_owned());
    }
}
