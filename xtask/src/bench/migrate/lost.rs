//! Which requirements are in a pyproject.toml: a small comparison that knows nothing of uvshift.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Value};

/// A requirement in one spelling, to be compared as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted(String);

impl Wanted {
    /// Of PEP 508 text without a URL: name, extras, specifier and marker, each in one order and spelling.
    pub(super) fn new(text: &str) -> Self {
        let (requirement, marker) = text.split_once(';').unwrap_or((text, ""));
        let requirement = requirement.replace(['(', ')', ' '], "");
        let end = requirement.find(|letter| "[<>=!~".contains(letter)).unwrap_or(requirement.len());
        let (name, rest) = requirement.split_at(end);
        let (extras, specifier) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((extras, specifier)) => (extras, specifier),
            None => ("", rest),
        };
        let name = name.to_lowercase().replace(['_', '.'], "-");
        let clauses: BTreeSet<String> = specifier.split(',').map(clause).collect();
        let clauses: Vec<String> = clauses.into_iter().collect();
        let extras: BTreeSet<&str> = extras.split(',').collect();
        let extras: Vec<&str> = extras.into_iter().collect();
        // `python_full_version < '3.10'` and `python_version < '3.10'` are the same.
        let marker =
            marker.replace(' ', "").replace('"', "'").replace("python_full_version", "python_version");
        Self(format!("{name}[{}]{};{marker}", extras.join(","), clauses.join(",")))
    }
}

/// One clause of a specifier; `<2` and `<2.0.0` are the same.
fn clause(text: &str) -> String {
    let mut text = text.trim();
    if text.starts_with(['<', '>']) {
        while let Some(shorter) = text.strip_suffix(".0") {
            text = shorter;
        }
    }
    text.to_owned()
}

/// How many of them are nowhere in this pyproject.toml, in whatever list of requirements.
pub(super) fn lost(wanted: &[Wanted], pyproject: &str) -> usize {
    let Ok(document) = pyproject.parse::<DocumentMut>() else { return wanted.len() };
    let mut found = BTreeSet::new();
    for path in [
        &["project", "dependencies"][..],
        &["project", "optional-dependencies"],
        &["dependency-groups"],
        &["tool", "uv", "dev-dependencies"],
    ] {
        let item = path.iter().try_fold(document.as_item(), |item, key| item.get(key));
        collect(item, &mut found);
    }
    wanted.iter().filter(|each| !found.contains(each)).count()
}

/// Every string of a list, or of the lists of a table.
fn collect(item: Option<&Item>, found: &mut BTreeSet<Wanted>) {
    let Some(item) = item else { return };
    if let Some(table) = item.as_table_like() {
        for (_, list) in table.iter() {
            collect(Some(list), found);
        }
    }
    let list = item.as_array().into_iter().flat_map(toml_edit::Array::iter);
    found.extend(list.filter_map(Value::as_str).map(Wanted::new));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter_and_meaning_does() {
        let wanted = Wanted::new("Some.Package[b,a]>=1.0,<2 ; python_version < '3.9'");
        assert_eq!(wanted, Wanted::new("some-package[a,b] (<2.0.0,>=1);python_full_version<\"3.9\""));
        for other in
            ["some-package[a]>=1,<2", "some-package[a,b]>=1 ; python_version < '3.9'", "some[a,b]>=1"]
        {
            assert_ne!(wanted, Wanted::new(other), "{other}");
        }
        assert_ne!(Wanted::new("a==1.0"), Wanted::new("a==1.0.0"));
    }

    #[test]
    fn every_list_is_looked_at() {
        let text = "[project]\ndependencies = [\"a>=1\"]\n[project.optional-dependencies]\nx = [\"b\"]\n\
                    [dependency-groups]\ndev = [\"c\", { include-group = \"docs\" }]\n[tool.uv]\ndev-dependencies = [\"d\"]\n";
        let wanted = ["a>=1", "b", "c", "d", "e", "a"].map(Wanted::new);
        assert_eq!(lost(&wanted, text), 2);
        assert_eq!(lost(&wanted, "not = toml = at all"), 6);
        assert_eq!(lost(&wanted, ""), 6);
    }
}
