//! setup.cfg into fields, as setuptools 84 reads it (`setuptools/config/setupcfg.py`).

use uvshift_ini::{Document, Key, Section};

use super::field::{Field, Find, Home, Origin, Part, Told};
use crate::{Comments, Provenance, Tree};

pub(super) const PATH: &str = "setup.cfg";

/// What a key of `[metadata]` or `[options]` holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    /// A text, or `file:`.
    File,
    /// A text, `file:` or `attr:`.
    Version,
    /// Lines, or else commas.
    Commas,
    /// Lines, or else commas; or `file:`.
    CommasOrFile,
    /// Lines, or else semicolons; or `file:`.
    Requirements,
    /// `key = value` on each line.
    Pairs,
    Bool,
    Packages,
    EntryPoints,
}

/// The keys that setuptools knows, with the attribute that each sets.
const KEYS: &[(&str, &str, &str, Kind)] = &[
    ("metadata", "name", "name", Kind::Text),
    ("metadata", "version", "version", Kind::Version),
    ("metadata", "description", "description", Kind::File),
    ("metadata", "summary", "description", Kind::File),
    ("metadata", "long_description", "long_description", Kind::File),
    ("metadata", "long_description_content_type", "long_description_content_type", Kind::Text),
    ("metadata", "url", "url", Kind::Text),
    ("metadata", "home_page", "url", Kind::Text),
    ("metadata", "download_url", "download_url", Kind::Text),
    ("metadata", "project_urls", "project_urls", Kind::Pairs),
    ("metadata", "author", "author", Kind::Text),
    ("metadata", "author_email", "author_email", Kind::Text),
    ("metadata", "maintainer", "maintainer", Kind::Text),
    ("metadata", "maintainer_email", "maintainer_email", Kind::Text),
    ("metadata", "classifiers", "classifiers", Kind::CommasOrFile),
    ("metadata", "classifier", "classifiers", Kind::CommasOrFile),
    ("metadata", "license", "license", Kind::Text),
    ("metadata", "license_file", "license_file", Kind::Text),
    ("metadata", "license_files", "license_files", Kind::Commas),
    ("metadata", "license_expression", "license_expression", Kind::Text),
    ("metadata", "keywords", "keywords", Kind::Commas),
    ("metadata", "platforms", "platforms", Kind::Commas),
    ("metadata", "platform", "platforms", Kind::Commas),
    ("metadata", "provides", "provides", Kind::Commas),
    ("metadata", "obsoletes", "obsoletes", Kind::Commas),
    ("metadata", "requires", "requires", Kind::Text),
    ("options", "zip_safe", "zip_safe", Kind::Bool),
    ("options", "include_package_data", "include_package_data", Kind::Bool),
    ("options", "package_dir", "package_dir", Kind::Pairs),
    ("options", "scripts", "scripts", Kind::Commas),
    ("options", "eager_resources", "eager_resources", Kind::Commas),
    ("options", "dependency_links", "dependency_links", Kind::Commas),
    ("options", "namespace_packages", "namespace_packages", Kind::Commas),
    ("options", "install_requires", "install_requires", Kind::Requirements),
    ("options", "setup_requires", "setup_requires", Kind::Requirements),
    ("options", "tests_require", "tests_require", Kind::Requirements),
    ("options", "test_suite", "test_suite", Kind::Text),
    ("options", "test_loader", "test_loader", Kind::Text),
    ("options", "python_requires", "python_requires", Kind::Text),
    ("options", "packages", "packages", Kind::Packages),
    ("options", "py_modules", "py_modules", Kind::Commas),
    ("options", "entry_points", "entry_points", Kind::EntryPoints),
    ("options", "cmdclass", "cmdclass", Kind::Pairs),
];

/// What is found in setup.cfg.
pub(super) struct Config {
    pub(super) fields: Vec<Field>,
    /// Keys of the sections of setuptools that it ignores: name, place, reason.
    pub(super) ignored: Vec<(String, Provenance, &'static str)>,
}

/// Whether a section describes the package.
pub(super) fn describes(section: &str) -> bool {
    section == "metadata" || section == "options" || section.starts_with("options.")
}

/// Reads the sections of setup.cfg that describe the package.
pub(super) fn read(document: &Document, tree: &Tree) -> Config {
    let mut config = Config { fields: Vec::new(), ignored: Vec::new() };
    for section in document.sections() {
        match section.name.as_str() {
            "metadata" | "options" => {
                for key in &section.keys {
                    config.key(document, section, key, tree);
                }
            }
            "options.packages.find" => {}
            name => config.section(section, name.strip_prefix("options.").unwrap_or_default(), tree),
        }
    }
    config
}

impl Config {
    fn key(&mut self, document: &Document, section: &Section, key: &Key, tree: &Tree) {
        let from = Provenance::new(PATH, key.line);
        let home = Home::Key { section: section.name.clone(), key: key.name.clone() };
        let name = key.name.replace('-', "_").to_lowercase();
        let known = KEYS.iter().find(|(within, spelled, ..)| *within == section.name && *spelled == name);
        let Some((_, _, attribute, kind)) = known else {
            let label = format!("[{}] {}", section.name, key.written);
            self.ignored.push((label, from, "setuptools does not know this key"));
            return;
        };
        let (value, origins) = value(key, *kind, tree);
        let mut homes = vec![(home, from.clone())];
        let value = match value {
            Told::Find(find) => Told::Find(finder(document, find, &mut homes)),
            value => value,
        };
        // A key in two spellings is set once: the first that is told stays.
        if self.fields.iter().any(|field| field.name == *attribute && field.value.is_true()) {
            self.ignored.push((
                format!("[{}] {}", section.name, key.written),
                from,
                "another key says the same",
            ));
            return;
        }
        self.fields.push(Field { name: (*attribute).to_owned(), homes, from, value, origins });
    }

    /// A section whose keys are those of a dictionary.
    fn section(&mut self, section: &Section, name: &str, tree: &Tree) {
        let (attribute, kind) = match name {
            "extras_require" => ("extras_require", Kind::Requirements),
            "entry_points" => ("entry_points", Kind::Commas),
            "package_data" => ("package_data", Kind::Commas),
            "exclude_package_data" => ("exclude_package_data", Kind::Commas),
            "data_files" => ("data_files", Kind::Commas),
            _ => return,
        };
        let mut homes = Vec::new();
        let mut pairs = Vec::new();
        for key in &section.keys {
            let from = Provenance::new(PATH, key.line);
            let home = Home::Key { section: section.name.clone(), key: key.name.clone() };
            homes.push((home, from.clone()));
            pairs.push((Part::new(key.written.clone(), from), value(key, kind, tree).0));
        }
        let from = Provenance::new(PATH, section.line);
        self.fields.push(Field {
            name: attribute.to_owned(),
            homes,
            from,
            value: Told::Table(pairs),
            origins: Vec::new(),
        });
    }
}

fn value(key: &Key, kind: Kind, tree: &Tree) -> (Told, Vec<Origin>) {
    let text = key.value.clone().unwrap_or_default();
    let files = matches!(
        kind,
        Kind::File | Kind::Version | Kind::CommasOrFile | Kind::Requirements | Kind::EntryPoints
    );
    if files && let Some(paths) = text.strip_prefix("file:") {
        let paths: Vec<String> = paths.split(',').map(|path| path.trim().to_owned()).collect();
        return from_files(key, kind, paths, tree);
    }
    let told = match kind {
        Kind::Text | Kind::File | Kind::EntryPoints => Told::Text(text),
        Kind::Version => match text.strip_prefix("attr:") {
            Some(path) => Told::Attribute(path.trim().to_owned()),
            None => Told::Text(text),
        },
        Kind::Commas | Kind::CommasOrFile => Told::List(parts(key, ',')),
        Kind::Requirements => Told::List(requirements(key)),
        Kind::Pairs => Told::Table(pairs(key)),
        Kind::Bool => Told::Bool(matches!(text.to_lowercase().as_str(), "1" | "true" | "yes")),
        Kind::Packages => match text.trim() {
            "find:" => Told::Find(Find::default()),
            "find_namespace:" => Told::Find(Find { namespaces: true, ..Find::default() }),
            _ => Told::List(parts(key, ',')),
        },
    };
    (told, Vec::new())
}

/// What `file: a, b` stands for: the texts of the files with a line end between them. Files that are not there are
/// left out, as setuptools does.
fn from_files(key: &Key, kind: Kind, paths: Vec<String>, tree: &Tree) -> (Told, Vec<Origin>) {
    let there: Vec<String> = paths.iter().filter(|path| tree.has(path)).cloned().collect();
    let texts: Vec<String> = there.iter().filter_map(|path| tree.text(path)).collect();
    let joined = texts.join("\n");
    let from = |line: usize| Provenance::new(there.first().map_or(PATH, String::as_str), line);
    let origin = match &there[..] {
        [path] if paths.len() == 1 => Origin::Contents(path.clone()),
        _ => Origin::Joined(there.clone()),
    };
    match kind {
        Kind::Version => (Told::Text(joined.trim().to_owned()), vec![origin]),
        Kind::CommasOrFile => {
            let lines = joined.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let parts = lines.map(|(at, line)| Part::new(line.trim(), from(at + 1)));
            (Told::List(parts.collect()), vec![origin])
        }
        Kind::Requirements => (Told::Files(paths), vec![origin]),
        Kind::EntryPoints => (Told::Text(joined), vec![origin]),
        _ if there.is_empty() => {
            let why = format!("`{}` is not there", paths.join("`, `"));
            (Told::Unknown { why, line: key.line }, Vec::new())
        }
        _ => (Told::Text(joined), vec![origin]),
    }
}

/// Lines, or else what stands between separators, as `ConfigHandler._parse_list` has it.
fn parts(key: &Key, separator: char) -> Vec<Part> {
    let text = key.value.as_deref().unwrap_or_default();
    if !text.contains('\n') {
        let from = Provenance::new(PATH, key.line);
        let chunks = text.split(separator).map(str::trim).filter(|chunk| !chunk.is_empty());
        return chunks.map(|chunk| Part::new(chunk, from.clone())).collect();
    }
    let lines = key.parts.iter().filter(|part| !part.text.trim().is_empty());
    lines
        .map(|part| Part {
            comments: Comments { above: part.comments.clone(), trailing: None },
            ..Part::new(part.text.trim(), Provenance::new(PATH, part.line))
        })
        .collect()
}

/// The same for requirements, of which a line that starts with `#` is none.
fn requirements(key: &Key) -> Vec<Part> {
    let mut parts = parts(key, ';');
    parts.retain(|part| !part.text.starts_with('#'));
    parts
}

fn pairs(key: &Key) -> Vec<(Part, Told)> {
    let pair = |part: Part| {
        let (name, value) = part.text.split_once('=')?;
        let told = Told::Text(value.trim().to_owned());
        Some((Part { text: name.trim().to_owned(), ..part.clone() }, told))
    };
    parts(key, ',').into_iter().filter_map(pair).collect()
}

/// `[options.packages.find]`, which tells `find:` where to look.
fn finder(document: &Document, find: Find, homes: &mut Vec<(Home, Provenance)>) -> Find {
    let Some(section) = document.section("options.packages.find") else { return find };
    let list = |name: &str| -> Vec<String> {
        let key = section.keys.iter().find(|key| key.name.replace('-', "_").to_lowercase() == name);
        key.map(|key| parts(key, ',').into_iter().map(|part| part.text).collect()).unwrap_or_default()
    };
    for key in &section.keys {
        let home = Home::Key { section: section.name.clone(), key: key.name.clone() };
        homes.push((home, Provenance::new(PATH, key.line)));
    }
    Find {
        folder: list("where").into_iter().next().unwrap_or_default(),
        include: list("include"),
        exclude: list("exclude"),
        ..find
    }
}
