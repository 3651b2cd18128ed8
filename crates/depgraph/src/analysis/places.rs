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
const TOOL_FILES: [&str; 12] = [
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
    "fastentrypoints.py",
];

/// Files that build the package: what `build-system.requires` lists is there for them.
const BUILD_FILES: [&str; 9] = [
    "setup.py",
    "versioneer.py",
    "ez_setup.py",
    "fastentrypoints.py",
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

/// Parts of a package that are only for those who have what they need.
const ASIDE: [&str; 14] = [
    "contrib",
    "ext",
    "extension",
    "extensions",
    "plugins",
    "plugin",
    "backends",
    "backend",
    "integrations",
    "integration",
    "adapters",
    "drivers",
    "providers",
    "extras",
];

/// Folders of what tests are tried on.
const DATA: [&str; 8] =
    ["fixtures", "fixture", "testdata", "test_data", "data", "cases", "golden", "samples"];

/// Folders of other people's code that a package carries along.
const VENDORED: [&str; 9] = [
    "vendor",
    "_vendor",
    "vendors",
    "vendored",
    "_vendored",
    "third_party",
    "thirdparty",
    "extern",
    "_extern",
];

/// Whether a file, relative to its project, is other people's code, whose imports are their business.
pub(super) fn is_vendored(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| VENDORED.contains(&folder))
}

/// Whether a file, relative to its project, is what tests are tried on: whose code it is, nobody knows.
pub(super) fn is_data(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev();
    folders.any(|folder| TESTS.contains(&folder)) && folders.any(|folder| DATA.contains(&folder))
}

/// Whether a file, relative to its project, is a test or helps one.
pub(super) fn is_test(path: &str) -> bool {
    let mut folders = path.split('/');
    let name = folders.next_back().unwrap_or_default();
    is_test_file(name) || folders.any(|folder| TESTS.contains(&folder))
}

/// Whether a file is in a part of the package that most users do without.
pub(super) fn is_aside(path: &str) -> bool {
    let mut parts = path.split('/');
    let name = parts.next_back().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    ASIDE.contains(&stem) || parts.any(|folder| ASIDE.contains(&folder))
}

/// What is known of a file's place in its project.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// How many folders lead to the package that it is in; none where it is in no package.
    pub(super) package_from: Option<usize>,
    /// Whether the project is built as a package.
    pub(super) is_package: bool,
    /// Whether the packages are below `src`, so that nothing else is installed.
    pub(super) has_src: bool,
    /// Whether the folder at the top is one of tests, whatever it is called.
    pub(super) is_among_tests: bool,
}

/// Whether a file, relative to its project, is for those who work on the project.
pub(super) fn is_development(path: &str, around: Around) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let Some(name) = folders.pop() else { return false };
    if is_build(path) || TOOL_FILES.contains(&name) || is_test(path) || around.is_among_tests {
        return true;
    }
    if !around.is_package {
        return false;
    }
    if around.has_src && folders.first() != Some(&"src") {
        return true;
    }
    let outside = folders.get(..around.package_from.unwrap_or(folders.len())).unwrap_or_default();
    let is_beside = outside.iter().any(|folder| BESIDE.contains(&folder.to_ascii_lowercase().as_str()));
    // A package that is called like such a folder is one only where something else is the package.
    is_beside
        || (around.package_from == Some(0) && folders.first().is_some_and(|first| BESIDE.contains(first)))
}

/// The folders at the top that hold tests, whatever they are called: a third of their files or more are tests by name, without
/// those in folders of tests that a package has. `paths` are relative to the project.
pub(super) fn folders_of_tests<'p>(
    paths: impl Iterator<Item = &'p str>,
) -> std::collections::HashSet<&'p str> {
    let mut counts: std::collections::HashMap<&str, (usize, usize)> = std::collections::HashMap::new();
    for path in paths {
        let Some((top, rest)) = path.split_once('/') else { continue };
        if rest.split('/').any(|folder| TESTS.contains(&folder)) {
            continue;
        }
        let name = rest.rsplit('/').next().unwrap_or_default();
        if name == "__init__.py" {
            continue;
        }
        let (tests, all) = counts.entry(top).or_default();
        *tests += usize::from(is_test_file(name));
        *all += 1;
    }
    counts
        .into_iter()
        .filter(|(_, (tests, all))| *tests > 0 && tests * 3 >= *all)
        .map(|(top, _)| top)
        .collect()
}

fn is_test_file(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".py") else { return false };
    stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest"
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
            let around = Around { package_from, is_package: true, ..Around::default() };
            assert_eq!(is_development(path, around), expected, "{path}");
        }
        assert!(!is_development("scripts/a.py", Around::default()));
        assert!(is_development("tests/a.py", Around::default()));
        let src = Around { is_package: true, has_src: true, package_from: Some(0), ..Around::default() };
        assert!(is_development("checks/a.py", src) && !is_development("src/a.py", src));
    }

    #[test]
    fn what_tests_are_tried_on_is_no_test() {
        assert!(is_data("tests/utils/fixtures/setups/a/setup.py") && is_data("tests/golden/x.py"));
        assert!(is_vendored("a/_vendor/toml/x.py") && !is_vendored("a/vendor.py"));
        assert!(!is_data("tests/utils/a.py") && !is_data("fixtures/a.py") && !is_data("tests/fixtures.py"));
    }

    #[test]
    fn tests_are_found_whatever_their_folder_is_called() {
        let paths = [
            "t/unit/test_a.py",
            "t/unit/helper.py",
            "t/test_b.py",
            "a/x.py",
            "a/tests/test_x.py",
            "b/y.py",
            "test_c.py",
        ];
        let found = folders_of_tests(paths.into_iter());
        assert_eq!(found, std::collections::HashSet::from(["t"]));
    }
}
