//! What setuptools wrote down when it last built a project: in every source distribution of it, and where it is installed in place.

use uvshift_depgraph::Declared;
use uvshift_project::Tree;
use uvshift_pyproject::Scope;

use crate::members::joined;

/// The requirements in `NAME.egg-info/requires.txt`, where there is one.
pub(super) fn requirements(tree: &Tree, folder: &str, name: &str) -> Vec<Declared> {
    let folders = [name.to_owned(), name.replace(['-', '.'], "_"), name.replace('-', "_")];
    let paths = folders.iter().flat_map(|name| ["", "src/"].map(|above| format!("{above}{name}.egg-info")));
    let mut files = paths.map(|path| joined(folder, &format!("{path}/requires.txt")));
    let found = files.find_map(|file| Some((tree.text(&file)?, file)));
    found.map(|(text, file)| parse(&text, &file)).unwrap_or_default()
}

/// Sections are `[extra]`, `[:marker]` or `[extra:marker]`; what comes before the first is for everybody.
fn parse(text: &str, file: &str) -> Vec<Declared> {
    let (mut scope, mut marker) = (Scope::Main, String::new());
    let mut declared = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (extra, condition) = section.split_once(':').unwrap_or((section, ""));
            scope = if extra.is_empty() { Scope::Main } else { Scope::Extra(extra.to_owned()) };
            condition.clone_into(&mut marker);
        } else if !line.is_empty() {
            let text = if marker.is_empty() { line.to_owned() } else { format!("{line} ; {marker}") };
            declared.extend(Declared::new(&text, scope.clone(), file, index + 1));
        }
    }
    declared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_extras_and_markers() {
        let text = "requests>=2\nPygments\n\n[:sys_platform == \"win32\"]\ncolorama\n\n[redis]\nredis\n\n[redis:python_version < \"3\"]\nsix\n";
        let found = parse(text, "a.egg-info/requires.txt");
        let shown: Vec<String> = found
            .iter()
            .map(|found| format!("{} {} {}", found.scope.key(), found.text, found.line))
            .collect();
        assert_eq!(
            shown,
            [
                "project.dependencies requests>=2 1",
                "project.dependencies Pygments 2",
                "project.dependencies colorama ; sys_platform == \"win32\" 5",
                "project.optional-dependencies.redis redis 8",
                "project.optional-dependencies.redis six ; python_version < \"3\" 11",
            ]
        );
    }
}
