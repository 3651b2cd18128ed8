//! Which files are installed, and which are for those who work on the project.

/// Folders of tests wherever they are, even in a package that is installed.
const TESTS: [&str; 4] = ["tests", "test", "testdata", "_tests"];

/// Folders beside the package that are not installed.
const BESIDE: [&str; 28] = [
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "benchmark",
    "benchmarks",
    "bench",
    "notebooks",
    "tutorial",
    "tutorials",
    "scripts",
    "script",
    "tools",
    "tool",
    "ci",
    ".github",
    ".circleci",
    ".gitlab",
    "contrib",
    "packaging",
    "misc",
    "dev",
    "testing",
];

/// Files of tools.
const TOOL_FILES: [&str; 11] = [
    "conftest.py",
    "noxfile.py",
    "fabfile.py",
    "tasks.py",
    "dodo.py",
    "pavement.py",
    "tests.py",
    "toxfile.py",
    "setup.py",
    "versioneer.py",
    "ez_setup.py",
];

/// Files that build the package: what `build-system.requires` lists is there for them.
const BUILD_FILES: [&str; 8] = [
    "setup.py",
    "versioneer.py",
    "ez_setup.py",
    "build.py",
    "hatch_build.py",
    "pdm_build.py",
    "setupbase.py",
    "_build.py",
];

/// Whether a file, relative to its project, builds the package.
pub(super) fn is_build(path: &str) -> bool {
    BUILD_FILES.contains(&path)
}

/// Whether a file, relative to its project, is for those who work on the project. `package_from` is how many folders lead to the
/// package that the file is in, and none where it is in no package.
pub(super) fn is_development(path: &str, package_from: Option<usize>, is_package: bool) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let Some(name) = folders.pop() else { return false };
    if is_build(path) || TOOL_FILES.contains(&name) || is_test_file(name) {
        return true;
    }
    if folders.iter().any(|folder| TESTS.contains(folder)) {
        return true;
    }
    let outside = folders.get(..package_from.unwrap_or(folders.len())).unwrap_or_default();
    let is_beside = outside.iter().any(|folder| BESIDE.contains(&folder.to_ascii_lowercase().as_str()));
    // A package that is called like such a folder is one only where something else is the package.
    let is_called_so = package_from == Some(0) && folders.first().is_some_and(|first| BESIDE.contains(first));
    is_package && (is_beside || is_called_so)
}

fn is_test_file(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".py") else { return false };
    stem.starts_with("test_") || stem.ends_with("_test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_and_what_is_not() {
        for (path, package_from, expected) in [
            ("setup.py", None, true),
            ("pkg/a.py", Some(0), false),
            ("src/pkg/a.py", Some(1), false),
            ("pkg/tests/a.py", Some(0), true),
            ("pkg/testing/a.py", Some(0), false),
            ("pkg/tools/a.py", Some(0), false),
            ("tests/a.py", None, true),
            ("tests/a.py", Some(0), true),
            ("docs/conf.py", None, true),
            ("docs/conf.py", Some(0), true),
            ("examples/shop/app.py", Some(1), true),
            ("pkg/test_a.py", Some(0), true),
            ("pkg/latest.py", Some(0), false),
        ] {
            assert_eq!(is_development(path, package_from, true), expected, "{path}");
        }
        assert!(!is_development("scripts/a.py", None, false));
        assert!(is_development("tests/a.py", None, false));
    }
}
