//! Which tools have settings, and where, without moving any.

use uvshift_pyproject::PyProject;
use uvshift_tree::Tree;

use crate::catalogue::{Form, Wins};
use crate::find::{File, found};
use crate::tools;

/// A file with settings of a tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Configured {
    /// The tool, as [`tool_names`](crate::tool_names) has it.
    pub tool: &'static str,
    /// The file, relative to the root.
    pub file: String,
    /// Whether it is the file that the tool takes.
    pub wins: bool,
}

/// Every file with settings of a tool that the project has at its root, the one that wins first. Files that cannot be
/// read as text have none.
pub fn configured(tree: &Tree) -> Vec<Configured> {
    let mut files: Vec<File> = Vec::new();
    for path in tools::files() {
        if !files.iter().any(|file| file.path == path)
            && let Some(text) = tree.text(path)
        {
            files.push(File { path: path.to_owned(), text });
        }
    }
    let pyproject = files.iter().find(|file| file.path == "pyproject.toml");
    let pyproject = pyproject.and_then(|file| PyProject::parse(&file.text).ok());
    let mut all = Vec::new();
    for (tool, _) in tools::all() {
        let path = tool.path();
        let mut is_first = true;
        for spot in found(tool, &files, pyproject.as_ref()) {
            let in_table = |document: &PyProject| {
                document.get(&path).is_some() || (tool.name == "pytest" && document.has_tool("pytest"))
            };
            let says_something = match spot.spot.form {
                Form::PyProject => pyproject.as_ref().is_some_and(in_table),
                _ => spot.spot.wins != Wins::Hides || !spot.sections.is_empty(),
            };
            if says_something {
                let file = spot.spot.file.clone();
                all.push(Configured { tool: tool.name.as_str(), file, wins: is_first && spot.wins });
            }
            is_first &= !spot.wins;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_with_settings_is_named_and_the_winner_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (path, text) in [
            ("pyproject.toml", "[tool.black]\nline-length = 99\n[tool.mypy]\nstrict = true\n"),
            ("setup.cfg", "[mypy]\nstrict = no\n[flake8]\nselect = E\n[metadata]\nname = a\n"),
            ("mypy.ini", "[mypy]\nstrict = yes\n"),
            ("pytest.ini", ""),
            ("tox.ini", "[tox]\nenvlist = py39\n"),
        ] {
            tree.lay_over(path, Some(text.as_bytes().to_vec()));
        }
        let found = configured(&tree);
        let shown: Vec<(&str, &str, bool)> =
            found.iter().map(|found| (found.tool, found.file.as_str(), found.wins)).collect();
        assert_eq!(
            shown,
            [
                ("black", "pyproject.toml", true),
                ("flake8", "setup.cfg", true),
                ("mypy", "mypy.ini", true),
                ("mypy", "pyproject.toml", false),
                ("mypy", "setup.cfg", false),
                ("pytest", "pytest.ini", true),
                ("tox", "tox.ini", true),
            ]
        );
    }
}
