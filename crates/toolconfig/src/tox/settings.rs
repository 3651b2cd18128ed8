//! What tox knows of its settings, read from `data/tox.toml`.

use std::sync::LazyLock;

use toml_edit::{DocumentMut, Item, Value};

/// How tox reads a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Bool,
    Number,
    List,
    Requirements,
    Commands,
    Command,
    Environments,
    SetEnv,
    EnvironmentMap,
    Map,
    /// tox 3 read it, tox 4 does not.
    Gone,
}

/// One setting.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) key: String,
    old: Vec<String>,
    pub(super) kind: Kind,
}

impl Known {
    fn is(&self, name: &str) -> bool {
        self.key == name || self.old.iter().any(|old| old == name)
    }
}

struct Data {
    core: Vec<Known>,
    env: Vec<Known>,
    names: Vec<String>,
    plugins: Vec<String>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| read(include_str!("../../data/tox.toml")));

/// A setting of tox itself or of its environments, by its current or an old name.
pub(super) fn known(core: bool, name: &str) -> Option<&'static Known> {
    let rows = if core { &DATA.core } else { &DATA.env };
    rows.iter().find(|row| row.is(name))
}

/// Whether `{name}` is something to tox.
pub(super) fn is_name(name: &str) -> bool {
    DATA.names.iter().any(|known| known == name)
        || [true, false].into_iter().any(|core| known(core, name).is_some_and(|row| row.kind != Kind::Gone))
}

/// Whether a section is read by a plugin of tox.
pub(super) fn is_of_plugin(section: &str) -> bool {
    let begin = section.split(':').next().unwrap_or_default();
    DATA.plugins.iter().any(|name| name == begin)
}

fn read(text: &str) -> Data {
    let document: DocumentMut = text.parse().unwrap_or_default();
    let strings = |item: Option<&Value>| -> Vec<String> {
        let items = item.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let rows = |key: &str| -> Vec<Known> {
        let rows = document.get(key).and_then(Item::as_array).into_iter().flatten();
        let row = |value: &Value| {
            let row = value.as_inline_table()?;
            let key = row.get("key")?.as_str()?.to_owned();
            Some(Known { key, old: strings(row.get("old")), kind: kind(row.get("kind")?.as_str()?)? })
        };
        rows.filter_map(row).collect()
    };
    let list = |key: &str| strings(document.get(key).and_then(Item::as_value));
    Data { core: rows("core"), env: rows("env"), names: list("names"), plugins: list("plugins") }
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "text" => Kind::Text,
        "bool" => Kind::Bool,
        "number" => Kind::Number,
        "list" => Kind::List,
        "requirements" => Kind::Requirements,
        "commands" => Kind::Commands,
        "command" => Kind::Command,
        "environments" => Kind::Environments,
        "set-env" => Kind::SetEnv,
        "environment-map" => Kind::EnvironmentMap,
        "map" => Kind::Map,
        "gone" => Kind::Gone,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let rows =
            include_str!("../../data/tox.toml").lines().filter(|line| line.contains("{ key =")).count();
        assert_eq!(DATA.core.len() + DATA.env.len(), rows);
        assert_eq!(known(false, "setenv").map(|row| row.key.as_str()), Some("set_env"));
        assert!(is_name("toxinidir") && is_name("envname") && !is_name("packages"));
        assert!(is_of_plugin("gh-actions:env") && !is_of_plugin("flake8"));
    }
}
