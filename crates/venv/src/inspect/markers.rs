//! The values of environment markers, as far as files tell them.

use serde_json::{Map, Value, json};

use crate::Snapshot;

/// `environment` of the report. Machine and system are those of the one that reads, unless the layout is that of Windows.
pub(super) fn environment(snapshot: &Snapshot) -> Value {
    let mut values = Map::new();
    let windows = snapshot.site_packages.iter().all(|folder| {
        folder.parent().and_then(|parent| parent.file_name()).is_some_and(|name| name == "Lib")
    }) && !snapshot.site_packages.is_empty();
    let mac = cfg!(target_os = "macos");
    let choose = |of_windows: &'static str, of_mac: &'static str, other: &'static str| match windows {
        true => of_windows,
        false if mac => of_mac,
        false => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" if windows => "AMD64",
        "aarch64" if windows => "ARM64",
        "aarch64" if mac => "arm64",
        other => other,
    };
    let mut put = |name: &str, value: &str| values.insert(name.to_owned(), json!(value));
    put("os_name", choose("nt", "posix", "posix"));
    put("sys_platform", choose("win32", "darwin", "linux"));
    put("platform_system", choose("Windows", "Darwin", "Linux"));
    put("platform_machine", machine);
    if let Some(version) = snapshot.python.version.as_deref() {
        put("python_version", &version.split('.').take(2).collect::<Vec<_>>().join("."));
        put("python_full_version", version);
    }
    if let Some(name) = snapshot.python.implementation.as_deref() {
        put("platform_python_implementation", name);
        put("implementation_name", &name.to_lowercase());
        // Others have a version of their own, which nothing here tells.
        if let (Some(version), "CPython") = (snapshot.python.version.as_deref(), name) {
            put("implementation_version", version);
        }
    }
    Value::Object(values)
}
