//! setup.py into fields, through `uvshift-setup-py`.

use uvshift_diagnostics::Diagnostic;
use uvshift_setup_py::{Evaluated, Files, Item, SetupScript, Value};

use super::field::{Field, Find, Home, Origin, Part, Told};
use super::migration::Migration;
use crate::{Outcome, Provenance, Tree, codes};

pub(super) const PATH: &str = "setup.py";

/// What core metadata calls the arguments that an unreadable setup.py may hold.
const HEADERS: [(&str, &str); 16] = [
    ("name", "Name"),
    ("version", "Version"),
    ("description", "Summary"),
    ("long_description", "Description"),
    ("url", "Home-page"),
    ("project_urls", "Project-URL"),
    ("author", "Author"),
    ("author_email", "Author-email"),
    ("maintainer", "Maintainer"),
    ("maintainer_email", "Maintainer-email"),
    ("license", "License"),
    ("keywords", "Keywords"),
    ("classifiers", "Classifier"),
    ("python_requires", "Requires-Python"),
    ("install_requires", "Requires-Dist"),
    ("extras_require", "Provides-Extra"),
];

impl Migration<'_> {
    /// Reads the arguments of `setup()`. Whether anything can be made of the file.
    pub(super) fn read_script(&mut self, text: &str) -> bool {
        let script = match uvshift_setup_py::read(text, &Inside(self.given.tree)) {
            Ok(script) => script,
            Err(error) => return self.opaque(1, &error.to_string()),
        };
        let fields =
            script.arguments.iter().map(|argument| field(&argument.name, argument.line, &argument.value));
        self.fields.extend(fields);
        let rest = script.rest.clone();
        self.script = Some(script);
        rest.is_none_or(|unknown| self.opaque(unknown.line, &unknown.why))
    }

    /// Nobody knows what setup.py says but the build backend, if it was asked.
    pub(super) fn opaque(&mut self, line: usize, why: &str) -> bool {
        let from = Provenance::new(PATH, line);
        self.opaque = true;
        let Some(built) = self.built.clone() else {
            let advice =
                "run again with `--run-build`, which asks the build backend, or write the arguments out";
            let why = format!("what it tells setuptools is not known without running it: {why}");
            self.out
                .diagnostics
                .push(Diagnostic::error(codes::M020, why.clone()).in_file(PATH, line).with_help(advice));
            self.out.not_carried.insert(PATH.to_owned());
            self.entry(from, PATH, Outcome::Refused { why, advice: advice.to_owned() });
            return false;
        };
        let told = HEADERS.iter().filter(|(_, header)| built.field(header).is_some()).map(|(name, _)| *name);
        for name in told.chain(built.entry_points.then_some("entry_points")) {
            if self.field(name).is_none() {
                let value = Told::Unknown { why: why.to_owned(), line };
                let homes = vec![(Home::Argument(name.to_owned()), from.clone())];
                self.fields.push(Field {
                    name: name.to_owned(),
                    homes,
                    from: from.clone(),
                    value,
                    origins: Vec::new(),
                });
            }
        }
        true
    }
}

/// The files that setup.py may read.
struct Inside<'a>(&'a Tree);

impl Files for Inside<'_> {
    fn read(&self, path: &str) -> Option<String> {
        self.0.text(path)
    }

    fn list(&self) -> Vec<String> {
        self.0.files().to_vec()
    }
}

/// The names of the arguments.
pub(super) fn argument_names(script: &SetupScript) -> Vec<String> {
    script.arguments.iter().map(|argument| argument.name.clone()).collect()
}

fn field(name: &str, line: usize, evaluated: &Evaluated) -> Field {
    let (value, origins) = match evaluated {
        Evaluated::Static { value, from } => {
            (told(name, value, line, from), from.iter().map(origin).collect())
        }
        Evaluated::Unknown(unknown) => (
            Told::Unknown { why: format!("line {}: {}", unknown.line, unknown.why), line: unknown.line },
            Vec::new(),
        ),
    };
    let from = Provenance::new(PATH, line);
    Field {
        name: name.to_owned(),
        homes: vec![(Home::Argument(name.to_owned()), from.clone())],
        from,
        value,
        origins,
    }
}

fn told(name: &str, value: &Value, line: usize, from: &[uvshift_setup_py::Origin]) -> Told {
    let open = |why: &str| Told::Unknown { why: format!("line {line}: {why}"), line };
    match value {
        Value::None => Told::Nothing,
        Value::Bool(value) => Told::Bool(*value),
        // Python takes 1 and 0 for truth values, and people write `zip_safe=0`.
        Value::Int(value) if matches!(name, "zip_safe" | "include_package_data") => Told::Bool(*value != 0),
        Value::Int(value) => Told::Text(value.to_string()),
        Value::Float(value) => Told::Text(format!("{value:?}")),
        Value::Str(text) => Told::Text(text.clone()),
        Value::List(items) | Value::Tuple(items) | Value::Set(items) if name == "data_files" => {
            data_files(items).unwrap_or_else(|| open("it is no list of folders with files"))
        }
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
            let parts: Option<Vec<Part>> = items.iter().map(|item| part(item, from)).collect();
            parts.map_or_else(|| open("it is no list of strings"), Told::List)
        }
        Value::Dict(entries) => {
            let pair = |(key, value): &(Item, Item)| {
                let mut key_part = part(key, &[])?;
                key_part.marker = key_part.marker.or_else(|| value.marker.clone());
                Some((key_part, told("", &value.value, value.line, &value.from)))
            };
            let pairs: Option<Vec<(Part, Told)>> = entries.iter().map(pair).collect();
            pairs.map_or_else(|| open("it is no table of strings"), Told::Table)
        }
        Value::FindPackages(find) => Told::Find(Find {
            namespaces: find.namespace,
            folder: find.where_.clone(),
            include: find.include.clone(),
            exclude: find.exclude.clone(),
        }),
        Value::Object { name } => Told::Object(name.clone()),
    }
}

/// A string with its place. One that is read from a file has that file, be it told for the string or the whole list.
fn part(item: &Item, whole: &[uvshift_setup_py::Origin]) -> Option<Part> {
    let file = item.from.iter().chain(whole).flat_map(uvshift_setup_py::Origin::paths).next();
    let file = file.map(|path| path.trim_start_matches("./").to_owned());
    Some(Part {
        marker: item.marker.clone(),
        file,
        ..Part::new(item.value.as_str()?, Provenance::new(PATH, item.line))
    })
}

/// `[("folder", ["file", ..]), "file", ..]`; a file alone goes to the root.
fn data_files(items: &[Item]) -> Option<Told> {
    let texts = |value: &Value| -> Option<Told> {
        let parts: Option<Vec<Part>> = value.items()?.iter().map(|item| part(item, &[])).collect();
        parts.map(Told::List)
    };
    let pair = |item: &Item| {
        let from = Provenance::new(PATH, item.line);
        match &item.value {
            Value::Str(file) => {
                Some((Part::new("", from.clone()), Told::List(vec![Part::new(file.as_str(), from)])))
            }
            value => {
                let [folder, files] = value.items()? else { return None };
                item.marker.is_none().then_some(())?;
                Some((part(folder, &[])?, texts(&files.value)?))
            }
        }
    };
    items.iter().map(pair).collect::<Option<Vec<_>>>().map(Told::Table)
}

fn origin(origin: &uvshift_setup_py::Origin) -> Origin {
    use uvshift_setup_py::Origin as Theirs;
    match origin {
        Theirs::FileContents { path } => Origin::Contents(path.clone()),
        Theirs::Concatenated { paths } => Origin::Joined(paths.clone()),
        Theirs::RequirementsFile { path } => Origin::Requirements(path.clone()),
        Theirs::Attribute { path, name } => Origin::Attribute { path: path.clone(), name: name.clone() },
        Theirs::Excerpt { path } => Origin::Excerpt(path.clone()),
    }
}
