//! Small trees for the tests of the rules.

use super::files::Tree;
use super::{Problems, Rule};

/// A tree with these files.
pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Tree::read(root.path()).unwrap()
}

/// What a rule says about a tree with these files, as `file:line: message`.
pub(super) fn check(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let mut problems = Problems::default();
    rule(&tree(files), &mut problems);
    problems.0.into_iter().map(|(file, line, message)| format!("{file}:{line}: {message}")).collect()
}
