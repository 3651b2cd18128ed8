//! What a build that uv asks for leaves in the tree: it wants the metadata of a package whose version is dynamic.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use crate::Plan;
use crate::members::joined;

/// Files that a build renews or makes: those of every `egg-info`, and the files that setuptools-scm and hatch-vcs write
/// a version to. They have to be put back with the rest.
pub(crate) fn renewed(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for project in &plan.projects {
        for place in egg_infos(&plan.root, &project.folder) {
            let inside = plan.root.join(&place);
            let files = names_in(&inside).filter(|file| inside.join(file).is_file());
            found.extend(files.map(|file| format!("{place}/{file}")));
        }
        found.extend(version_files(&plan.root, &project.folder));
    }
    found
}

/// The `egg-info` folders that a tree had before, so that those which a build adds can be told from them.
#[derive(Debug)]
pub(crate) struct EggInfos(BTreeSet<String>);

impl EggInfos {
    pub(crate) fn before(plan: &Plan) -> Self {
        Self(of_all(plan).collect())
    }

    /// Takes away those that came since: nobody asked for them, and a rollback would leave them behind.
    pub(crate) fn sweep(&self, plan: &Plan) {
        for folder in of_all(plan).filter(|folder| !self.0.contains(folder)) {
            // One that cannot be removed is only a nuisance, and the next build renews it.
            let _ = std::fs::remove_dir_all(plan.root.join(folder));
        }
    }
}

fn of_all(plan: &Plan) -> impl Iterator<Item = String> {
    plan.projects.iter().flat_map(|project| egg_infos(&plan.root, &project.folder))
}

/// setuptools puts it where the packages are: beside setup.py or one folder below.
fn egg_infos(root: &Path, project: &str) -> Vec<String> {
    let top = names_in(&root.join(project)).filter(|name| !name.starts_with('.'));
    let mut places: Vec<String> = top.map(|name| joined(project, &name)).collect();
    places.sort();
    let inner = places.clone();
    let below = inner.iter().filter(|place| !place.ends_with(EGG_INFO)).flat_map(|place| {
        let names = names_in(&root.join(place));
        names.map(move |name| format!("{place}/{name}"))
    });
    places.extend(below);
    let is_folder = |place: &String| {
        let found = root.join(place).symlink_metadata();
        place.ends_with(EGG_INFO) && found.is_ok_and(|found| found.is_dir())
    };
    places.retain(is_folder);
    places
}

const EGG_INFO: &str = ".egg-info";

fn names_in(folder: &Path) -> impl Iterator<Item = String> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

/// The keys of setuptools-scm and hatch-vcs whose value is such a file.
const KEYS: [&str; 4] = ["write_to", "write-to", "version_file", "version-file"];

fn version_files(root: &Path, project: &str) -> Vec<String> {
    let texts = ["pyproject.toml", "setup.py", "setup.cfg"].into_iter().filter_map(|file| {
        let path = root.join(joined(project, file));
        std::fs::read_to_string(path).ok()
    });
    let named: BTreeSet<String> = texts.flat_map(|text| named_in(&text)).collect();
    let places = named.into_iter().map(|file| joined(project, &file));
    // Where its folder is missing, nothing is written either.
    places.filter(|place| root.join(place).parent().is_some_and(Path::is_dir)).collect()
}

/// The quoted values of the keys, whether the text is TOML or Python.
fn named_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for key in KEYS {
        for (at, _) in text.match_indices(key) {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
            let Some(value) = rest.strip_prefix(['=', ':']).map(str::trim_start) else { continue };
            let Some(quote) = value.chars().next().filter(|quote| "\"'".contains(*quote)) else { continue };
            let inside = value[1..].split(quote).next().unwrap_or_default();
            let plain = Path::new(inside).components().all(|part| matches!(part, Component::Normal(_)));
            if plain && !inside.is_empty() && !inside.contains(['\n', '\\']) {
                found.push(inside.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make their files")]
mod tests {
    use super::*;

    #[test]
    fn egg_infos_are_found_beside_setup_py_and_one_folder_below() {
        let folder = tempfile::tempdir().unwrap();
        for place in ["src/demo.egg-info/inner", "demo.egg-info", ".git/x.egg-info", "a/b/c.egg-info"] {
            std::fs::create_dir_all(folder.path().join(place)).unwrap();
        }
        std::fs::write(folder.path().join("file.egg-info"), "").unwrap();
        assert_eq!(egg_infos(folder.path(), ""), ["demo.egg-info", "src/demo.egg-info"]);
        assert!(egg_infos(folder.path(), "nowhere").is_empty());
    }

    #[test]
    fn version_files_are_named_in_toml_and_in_python() {
        let check = |text: &str, expected: &[&str]| assert_eq!(named_in(text), expected, "{text}");
        check(
            "[tool.setuptools_scm]\nwrite_to = \"src/_pytest/_version.py\"\n",
            &["src/_pytest/_version.py"],
        );
        check("[tool.hatch.build.hooks.vcs]\nversion-file='a/v.py'\n", &["a/v.py"]);
        check(
            "setup(use_scm_version={\n    'write_to': \"src/tox/version.py\",\n})",
            &["src/tox/version.py"],
        );
        check("setup(use_scm_version={'version_file' : 'v.py'})", &["v.py"]);
        for other in [
            "write_to_template = 'x'",
            "write_to = '../x'",
            "write_to = '/x'",
            "write_to = x",
            "write_to = ''",
        ] {
            check(other, &[]);
        }
    }

    #[test]
    fn a_version_file_counts_where_its_folder_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("demo")).unwrap();
        let text = "[tool.setuptools_scm]\nversion_file = \"demo/v.py\"\n# version_file = \"nowhere/v.py\"\n";
        std::fs::write(folder.path().join("pyproject.toml"), text).unwrap();
        assert_eq!(version_files(folder.path(), ""), ["demo/v.py"]);
    }
}
