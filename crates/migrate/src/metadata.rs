//! What the project is called, which Python it supports, and what `[tool.uvshift]` says.

use toml_edit::Item as TomlItem;
use uvshift_diagnostics::Diagnostic;
use uvshift_project::python::{choose, evidence, is_evidence_file};
use uvshift_project::{Layout, LayoutOptions, Manifest, Tree, codes};
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

use crate::{Error, Options, PythonChoice};

/// The name of the project: from `[project]`, or from the folder. uv refuses an empty one.
pub(crate) fn name(tree: &Tree, before: Option<&PyProject>) -> String {
    if let Some(name) = before.and_then(PyProject::project_name) {
        return name.to_owned();
    }
    let root = tree.root().canonicalize().unwrap_or_else(|_| tree.root().to_owned());
    let folder = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let valid: String =
        folder.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let name = normalize_name(valid.trim_matches('-'));
    if name.is_empty() { "project".to_owned() } else { name }
}

/// Where somebody may have said which Python versions the project supports.
pub(crate) struct Said<'a> {
    pub(crate) before: Option<&'a PyProject>,
    pub(crate) manifest: &'a Manifest,
    pub(crate) options: &'a Options,
}

/// The Python on this machine, and the phrase for it.
pub(crate) fn at_hand(options: &Options) -> Option<(String, &'static str)> {
    Some((options.fallback_python.clone()?, "the Python at hand"))
}

/// The Python versions that the project supports: told, declared, inferred, or guessed from a version `at_hand`.
pub(crate) fn python(
    tree: &Tree,
    layout: &Layout,
    said: &Said<'_>,
    at_hand: Option<(String, &'static str)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<PythonChoice, Error> {
    let Said { before, manifest, options } = said;
    if let Some(given) = &options.python {
        let requires_python = Some(python_range(given)?);
        return Ok(PythonChoice { requires_python, because: vec!["--python".to_owned()], declared: true });
    }
    if let Some(declared) = before.and_then(PyProject::requires_python) {
        let because = vec!["pyproject.toml".to_owned()];
        return Ok(PythonChoice { requires_python: Some(declared.to_owned()), because, declared: true });
    }
    if let Some(declared) = &manifest.metadata.requires_python {
        let because = manifest.metadata.python_from.as_ref().map(ToString::to_string).into_iter().collect();
        return Ok(PythonChoice { requires_python: Some(declared.clone()), because, declared: true });
    }
    let mut found = Vec::new();
    for file in tree.files().iter().filter(|file| is_evidence_file(file)) {
        found.extend(tree.text(file).map(|text| evidence(file, &text)).unwrap_or_default());
    }
    for file in &layout.files {
        found.extend(evidence(&file.path, &file.decoded.text));
    }
    if let Some(choice) = choose(&found) {
        for conflict in &choice.conflicts {
            diagnostics.push(Diagnostic::note(codes::M009, conflict.clone()));
        }
        let because = choice.because.iter().filter_map(|at| found.get(*at));
        let mut because: Vec<String> =
            because.map(|found| format!("{}:{}", found.file, found.line)).collect();
        because.dedup();
        return Ok(PythonChoice { requires_python: Some(choice.requires_python), because, declared: false });
    }
    let Some((version, phrase)) = at_hand else { return Ok(PythonChoice::default()) };
    let requires_python = python_range(&version)?;
    let message =
        format!("nothing in the project says which Python it supports; `{requires_python}` is {phrase}");
    diagnostics.push(Diagnostic::warning(codes::M004, message).with_help("say it with `--python '>=3.X'`"));
    let because = vec![phrase.to_owned()];
    Ok(PythonChoice { requires_python: Some(requires_python), because, declared: false })
}

/// `3.10` and `3.10.4` mean from 3.10 on; a range stays as it is.
fn python_range(given: &str) -> Result<String, Error> {
    let given = given.trim();
    let bad = || Error::Python { given: given.to_owned() };
    if given.starts_with(|first: char| first.is_ascii_digit()) {
        let version: pep440_rs::Version = given.parse().map_err(|_| bad())?;
        return match version.release() {
            [major, minor, ..] => Ok(format!(">={major}.{minor}")),
            _ => Err(bad()),
        };
    }
    let range: pep440_rs::VersionSpecifiers = given.parse().map_err(|_| bad())?;
    if range.is_empty() { Err(bad()) } else { Ok(given.to_owned()) }
}

/// The keys of `[tool.uvshift]`: of the layout, of other commands, and what a migration notes there.
const SETTINGS: [&str; 6] = ["main", "groups", "constraints", "ignore", "deps", "scripts"];

/// A key of `[tool.uvshift]` that nothing reads is a slip of the finger.
pub(crate) fn unknown_settings(before: Option<&PyProject>) -> Vec<Diagnostic> {
    let table = before.and_then(PyProject::settings).and_then(TomlItem::as_table_like);
    let keys = table.into_iter().flat_map(|table| table.iter()).map(|(key, _)| key);
    let unknown = keys.filter(|key| !SETTINGS.contains(key));
    let told = unknown.map(|key| {
        let message = format!("`[tool.uvshift]` has no setting `{key}`, so it is passed over");
        let help = format!("the settings are {}", SETTINGS.join(", "));
        let mut found = Diagnostic::warning(codes::M012, message).with_help(&help);
        found.file = Some("pyproject.toml".to_owned());
        found
    });
    told.collect()
}

/// What `[tool.uvshift]` says about the layout, but for the files of which the command line says something.
pub(crate) fn settings_beside(before: Option<&PyProject>, options: &Options) -> Result<LayoutOptions, Error> {
    let mut layout = settings(before)?;
    let is_told = |path: &String| {
        let lists = [&options.main, &options.constraints, &options.ignore];
        lists.iter().any(|list| list.contains(path)) || options.groups.iter().any(|(_, file)| file == path)
    };
    layout.main.retain(|path| !is_told(path));
    layout.constraints.retain(|path| !is_told(path));
    layout.groups.retain(|(_, path)| !is_told(path));
    layout.ignore.retain(|(path, _)| !is_told(path));
    Ok(layout)
}

/// What `[tool.uvshift]` says about the layout.
pub(crate) fn settings(before: Option<&PyProject>) -> Result<LayoutOptions, Error> {
    let mut layout = LayoutOptions::default();
    let Some(table) = before.and_then(PyProject::settings) else { return Ok(layout) };
    let setting = |key: &str, expected: &'static str| Error::Setting { key: key.to_owned(), expected };
    let Some(table) = table.as_table_like() else { return Err(setting("", "a table")) };
    for (key, item) in table.iter() {
        match key {
            "main" => layout.main = strings(item).ok_or_else(|| setting(key, "an array of paths"))?,
            "constraints" => {
                layout.constraints = strings(item).ok_or_else(|| setting(key, "an array of paths"))?;
            }
            "ignore" => {
                let paths = strings(item).ok_or_else(|| setting(key, "an array of paths"))?;
                layout.ignore =
                    paths.into_iter().map(|path| (path, "[tool.uvshift] says so".to_owned())).collect();
            }
            "groups" => {
                let expected = "a table of group = \"path\" or group = [\"path\"]";
                let groups = item.as_table_like().ok_or_else(|| setting(key, expected))?;
                for (group, files) in groups.iter() {
                    let files = strings(files).ok_or_else(|| setting(key, expected))?;
                    layout.groups.extend(files.into_iter().map(|file| (group.to_owned(), file)));
                }
            }
            // Other commands have their own keys there.
            _ => {}
        }
    }
    Ok(layout)
}

fn strings(item: &TomlItem) -> Option<Vec<String>> {
    if let Some(text) = item.as_str() {
        return Some(vec![text.to_owned()]);
    }
    item.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_means_from_there_on() {
        for (given, range) in [("3.10", ">=3.10"), ("3.10.4", ">=3.10"), (">=3.9,<4", ">=3.9,<4")] {
            assert_eq!(python_range(given).unwrap(), range);
        }
        for given in ["3", "", "three", ">=x"] {
            assert!(python_range(given).is_err(), "{given}");
        }
    }

    #[test]
    fn what_the_command_line_says_of_a_file_wins() {
        let text = "[tool.uvshift]\nmain = \"a.txt\"\nconstraints = \"b.txt\"\nignore = [\"c.txt\", \"e.txt\"]\n\
                    groups = { dev = \"d.txt\", test = \"t.txt\" }\nmains = \"x.txt\"\ndeps = {}\n";
        let document = PyProject::parse(text).unwrap();
        let options = Options {
            main: vec!["d.txt".to_owned(), "c.txt".to_owned()],
            groups: vec![("dev".to_owned(), "b.txt".to_owned())],
            ignore: vec!["a.txt".to_owned()],
            ..Options::default()
        };
        let layout = settings_beside(Some(&document), &options).unwrap();
        assert_eq!((layout.main.len(), layout.constraints.len()), (0, 0));
        assert_eq!(layout.groups, [("test".to_owned(), "t.txt".to_owned())]);
        assert_eq!(layout.ignore.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["e.txt"]);

        let unknown = unknown_settings(Some(&document));
        assert_eq!(unknown.len(), 1);
        assert_eq!(unknown[0].message, "`[tool.uvshift]` has no setting `mains`, so it is passed over");
    }

    #[test]
    fn settings_are_read_or_refused() {
        let document = PyProject::parse(
            "[tool.uvshift]\nmain = [\"reqs.txt\"]\ngroups = { dev = \"d.txt\", ci = [\"a.txt\", \"b.txt\"] }\n",
        )
        .unwrap();
        let layout = settings(Some(&document)).unwrap();
        assert_eq!(layout.main, ["reqs.txt"]);
        assert_eq!(layout.groups.len(), 3);
        let wrong = PyProject::parse("[tool.uvshift]\nmain = 1\n").unwrap();
        assert_eq!(
            settings(Some(&wrong)).unwrap_err().to_string(),
            "`tool.uvshift.main` in pyproject.toml must be an array of paths"
        );
    }
}
