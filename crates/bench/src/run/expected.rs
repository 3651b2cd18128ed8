//! What an environment has to hold after a command.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use uvshift_requirements::normalize_name;

/// Distributions by normalised name; `None` is any version.
pub(super) type Packages = BTreeMap<String, Option<String>>;

/// The packages that a list of pins names, as `uv pip compile` writes it: `name==version` or `name @ URL` in each line.
pub(super) fn of_pins(list: &str) -> Packages {
    list.lines().filter_map(pin).collect()
}

/// The name and the version of one line of pins. Options, comments and paths without a name have none.
pub(super) fn pin(line: &str) -> Option<(String, Option<String>)> {
    let line = line.split([';', '#', '\\']).next().unwrap_or_default().trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.split_once(']').map_or(rest, |(_, rest)| rest).trim_start();
    let starts_right = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !starts_right || !(rest.starts_with("==") || rest.starts_with('@')) {
        return None;
    }
    let version =
        rest.strip_prefix("==").and_then(|rest| rest.trim_start_matches('=').split_whitespace().next());
    Some((normalize_name(name), version.map(str::to_owned)))
}

/// What an environment holds, from the names of its `.dist-info` folders.
pub(super) fn of_environment(environment: &Path) -> Packages {
    site_packages(environment).iter().flat_map(|folder| in_folder(folder)).collect()
}

/// The packages of one folder, from the names of its `.dist-info` folders.
pub(super) fn in_folder(folder: &Path) -> Packages {
    let mut found = Packages::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".dist-info")) else { continue };
        if let Some((name, version)) = stem.split_once('-') {
            found.insert(normalize_name(name), Some(version.to_owned()));
        }
    }
    found
}

/// The folders of an environment that packages are in.
pub(super) fn site_packages(environment: &Path) -> Vec<std::path::PathBuf> {
    if cfg!(windows) {
        return vec![environment.join("Lib/site-packages")];
    }
    let pythons = fs::read_dir(environment.join("lib")).into_iter().flatten().flatten();
    pythons.map(|python| python.path().join("site-packages")).filter(|it| it.is_dir()).collect()
}

/// `None` when the environment holds exactly the packages, otherwise what is wrong with it, in a few words.
pub(super) fn difference(expected: &Packages, found: &Packages) -> Option<String> {
    for (name, wanted) in expected {
        match (found.get(name), wanted) {
            (None, _) => return Some(format!("{name} is missing")),
            (Some(Some(present)), Some(wanted)) if plain_version(present) != plain_version(wanted) => {
                return Some(format!("{name} is {present} instead of {wanted}"));
            }
            (Some(_), _) => {}
        }
    }
    found.keys().find(|name| !expected.contains_key(*name)).map(|name| format!("{name} is too many"))
}

/// A version in one of its spellings: `2024.01.0` and `2024.1` are the same.
fn plain_version(version: &str) -> String {
    let version = version.to_ascii_lowercase().replace(['_', '-'], ".");
    let mut parts: Vec<&str> = version
        .split('.')
        .map(|part| {
            let plain = part.trim_start_matches('0');
            if plain.is_empty() && !part.is_empty() { "0" } else { plain }
        })
        .collect();
    while parts.len() > 1 && parts.last() == Some(&"0") {
        parts.pop();
    }
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read_and_other_lines_are_not() {
        let list = "Foo.Bar==1.0 ; python_version > '3'\n# x\n-e .\nbaz[a,b]==2!1.0+x\nurl @ https://x.example/a.whl\n./p\n";
        let found = of_pins(list);
        let expected = [("baz", Some("2!1.0+x")), ("foo-bar", Some("1.0")), ("url", None)];
        assert_eq!(
            found,
            expected.map(|(name, version)| (name.to_owned(), version.map(str::to_owned))).into()
        );
    }

    #[test]
    fn every_difference_is_told() {
        let packages = |pins: &str| of_pins(&pins.replace(' ', "\n"));
        let expected = packages("a==1.0 b==2");
        assert_eq!(difference(&expected, &packages("a==1 b==2.0")), None);
        assert_eq!(difference(&expected, &packages("a==1")).as_deref(), Some("b is missing"));
        assert_eq!(difference(&expected, &packages("a==1 b==3")).as_deref(), Some("b is 3 instead of 2"));
        assert_eq!(difference(&expected, &packages("a==1 b==2 c==3")).as_deref(), Some("c is too many"));
    }

    #[test]
    fn an_environment_is_read_from_its_dist_infos() {
        let folder = tempfile::tempdir().unwrap();
        let site = if cfg!(windows) { "Lib/site-packages" } else { "lib/python3.11/site-packages" };
        for name in ["Foo_Bar-1.0.dist-info", "foo_bar", "baz-2.dist-info"] {
            fs::create_dir_all(folder.path().join(site).join(name)).unwrap();
        }
        assert_eq!(difference(&of_pins("foo-bar==1.0\nbaz==2\n"), &of_environment(folder.path())), None);
    }
}
