//! One helper that touches the API, so that tests are texts only.

use std::collections::BTreeMap;

use uvshift_setup_py::{Evaluated, Files, Item, SetupScript, Value};

pub(crate) struct Project(pub(crate) BTreeMap<String, String>);

impl Files for Project {
    fn read(&self, path: &str) -> Option<String> {
        assert!(
            !path.starts_with('/') && !path.split('/').any(|it| it == ".."),
            "{path} leads out of the project"
        );
        self.0.get(path).cloned()
    }

    fn list(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

pub(crate) fn project(files: &[(&str, &str)]) -> Project {
    Project(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

pub(crate) fn read(setup_py: &str, files: &[(&str, &str)]) -> SetupScript {
    uvshift_setup_py::read(setup_py, &project(files)).unwrap_or_else(|error| panic!("{error}\n{setup_py}"))
}

/// Reads a setup.py and compares its arguments, one a line: `name = value <- origin` or `name = ? line 3: why`.
#[track_caller]
pub(crate) fn check(setup_py: &str, files: &[(&str, &str)], expect: &str) {
    let script = read(setup_py, files);
    let mut lines: Vec<String> =
        script.arguments.iter().map(|it| format!("{} = {}", it.name, shown(&it.value))).collect();
    lines.extend(script.rest.iter().map(|it| format!("** line {}: {}", it.line, it.why)));
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(lines, expect, "\n{setup_py}");
}

pub(crate) fn shown(value: &Evaluated) -> String {
    match value {
        Evaluated::Static { value, from } => {
            let origins: Vec<String> = from.iter().map(|it| format!(" <- {it:?}")).collect();
            let origins =
                origins.concat().replace("{ path: ", "(").replace("{ paths: ", "(").replace(" }", ")");
            format!("{}{}", text(value), origins)
        }
        Evaluated::Unknown(unknown) => format!("? line {}: {}", unknown.line, unknown.why),
    }
}

pub(crate) fn text(value: &Value) -> String {
    let items = |items: &[Item]| items.iter().map(item).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(it) => if *it { "True" } else { "False" }.to_owned(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => it.to_string(),
        Value::Str(it) => format!("{it:?}"),
        Value::List(it) => format!("[{}]", items(it)),
        Value::Tuple(it) => format!("({})", items(it)),
        Value::Set(it) => format!("{{{}}}", items(it)),
        Value::Dict(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", item(key), item(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::FindPackages(it) => {
            let name = if it.namespace { "find_namespace_packages" } else { "find_packages" };
            format!("{name}({:?}, exclude={:?}, include={:?})", it.where_, it.exclude, it.include)
        }
        Value::Object { name } => format!("<{name}>"),
    }
}

fn item(item: &Item) -> String {
    match &item.marker {
        Some(marker) => format!("{} ; {marker}", text(&item.value)),
        None => text(&item.value),
    }
}
