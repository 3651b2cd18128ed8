//! Platforms that install from a file of a fixed name which nothing in the project names.

use uvshift_project::Tree;
use uvshift_tree::references::Reference;

use crate::members::joined;

/// Files that such a platform wants beside the code, and who it is.
const MARKS: [(&str, &str); 12] = [
    ("Procfile", "Heroku and its kin"),
    ("app.json", "Heroku and its kin"),
    ("runtime.txt", "Heroku and its kin"),
    ("Aptfile", "Heroku and its kin"),
    ("app.yaml", "App Engine"),
    ("host.json", "Azure Functions"),
    (".ebextensions/", "Elastic Beanstalk"),
    (".elasticbeanstalk/", "Elastic Beanstalk"),
    ("vercel.json", "Vercel"),
    ("now.json", "Vercel"),
    (".chalice/", "Chalice"),
    (".platform.app.yaml", "Platform.sh"),
];

/// What such a platform installs from.
const FILES: [&str; 4] = ["requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock"];

/// Who reads an old file by its name alone: the mark of the platform in the same folder.
pub(super) fn reads(tree: &Tree, path: &str) -> Option<Reference> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if !FILES.contains(&name) {
        return None;
    }
    let is_there = |mark: &str| match mark.strip_suffix('/') {
        Some(inner) => tree.has_folder(&joined(folder, inner)),
        None => tree.has(&joined(folder, mark)),
    };
    let (mark, platform) = MARKS.iter().find(|(mark, _)| is_there(mark))?;
    let text =
        format!("{platform} may read {name} without naming it; it can go once uv.lock is read instead");
    Some(Reference { file: joined(folder, mark.trim_end_matches('/')), line: 1, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_reads_what_lies_beside_its_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for path in ["Procfile", "api/.ebextensions/01.config"] {
            tree.lay_over(path, Some(Vec::new()));
        }
        let mark = |path: &str| reads(&tree, path).map(|found| found.file);
        assert_eq!(mark("requirements.txt").as_deref(), Some("Procfile"));
        assert_eq!(mark("api/requirements.txt").as_deref(), Some("api/.ebextensions"));
        for other in ["requirements-dev.txt", "requirements/requirements.txt", "setup.py"] {
            assert_eq!(mark(other), None, "{other}");
        }
    }
}
