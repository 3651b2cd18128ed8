//! Entry points, in each form in which setuptools takes them.

use super::field::{Field, Part, Told};
use super::metadata::reason;
use super::migration::Migration;

/// A group with its entries: name and reference.
type Group = (String, Vec<(String, String)>);

impl Migration<'_> {
    pub(super) fn entry_points(&mut self) {
        let Some(field) = self.take_told("entry_points") else { return };
        let groups = match &field.value {
            Told::Text(text) => groups_of_text(text),
            Told::Table(pairs) => groups_of_table(pairs),
            _ => None,
        };
        let Some(groups) = groups else {
            let why = unknown_inside(&field);
            return self.stay_dynamic(&field, &["entry-points", "scripts", "gui-scripts"], why);
        };
        let mut tables: Vec<String> = Vec::new();
        for (group, entries) in groups.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            let table = table_of(&group);
            tables.push(table.join("."));
            for (name, reference) in entries {
                self.set(&table, &name, reference, &field.from);
            }
        }
        self.carry_each(&field, &tables.join(", "), |group| table_of(group).join("."));
    }
}

/// The table of a group of entry points.
fn table_of(group: &str) -> Vec<&str> {
    match group {
        "console_scripts" => vec!["project", "scripts"],
        "gui_scripts" => vec!["project", "gui-scripts"],
        name => vec!["project", "entry-points", name],
    }
}

fn unknown_inside(field: &Field) -> String {
    match &field.value {
        Told::Table(pairs) => {
            pairs.iter().find_map(|(_, value)| value.unknown()).unwrap_or_else(|| reason(field))
        }
        _ => reason(field),
    }
}

/// `[group]` and `name = reference` on lines.
fn groups_of_text(text: &str) -> Option<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for line in lines(text) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            groups.push((name.trim().to_owned(), Vec::new()));
        } else {
            let (_, entries) = groups.last_mut()?;
            add(entries, line)?;
        }
    }
    Some(groups)
}

/// A dictionary of lists or of strings with lines.
fn groups_of_table(pairs: &[(Part, Told)]) -> Option<Vec<Group>> {
    let group = |(key, value): &(Part, Told)| {
        let texts = match value {
            Told::Text(text) => vec![text.clone()],
            Told::Nothing => Vec::new(),
            value => value.texts()?,
        };
        let mut entries = Vec::new();
        for line in texts.iter().flat_map(|text| lines(text)) {
            add(&mut entries, line)?;
        }
        key.marker.is_none().then(|| (key.text.trim().to_owned(), entries))
    };
    pairs.iter().map(group).collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Adds an entry. A name that stands for two things is no entry that TOML can hold.
fn add(entries: &mut Vec<(String, String)>, line: &str) -> Option<()> {
    let (name, reference) = line.split_once('=')?;
    let entry = (name.trim().to_owned(), reference.trim().to_owned());
    match entries.iter().find(|(known, _)| *known == entry.0) {
        Some((_, known)) if *known != entry.1 => return None,
        Some(_) => {}
        None => entries.push(entry),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::groups_of_text;

    #[test]
    fn a_string_holds_groups() {
        let groups = groups_of_text(
            "\n    [console_scripts]\n    a = b.c:d [x]\n    # no\n\n    [other.group]\n    e=f\n",
        )
        .unwrap();
        let expected: Vec<(String, Vec<(String, String)>)> = vec![
            ("console_scripts".into(), vec![("a".into(), "b.c:d [x]".into())]),
            ("other.group".into(), vec![("e".into(), "f".into())]),
        ];
        assert_eq!(groups, expected);
        assert_eq!(groups_of_text("a = b"), None);
        assert_eq!(groups_of_text("[x]\na = b\na = c"), None);
    }
}
