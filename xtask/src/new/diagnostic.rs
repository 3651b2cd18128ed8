//! A new diagnostic: the next number of its letter, a row in the table of its crate, and an entry in the reference.

use std::path::Path;

use super::{Change, read};
use crate::Outcome;

pub(crate) const REFERENCE: &str = "docs/diagnostics.md";

/// Every file of codes, by the crate that has it.
pub(crate) const TABLES: &[(&str, &str)] = &[
    ("depgraph", "crates/depgraph/src/codes.rs"),
    ("ini", "crates/ini/src/codes.rs"),
    ("migrate", "crates/migrate/src/inventory/codes.rs"),
    ("project", "crates/project/src/codes.rs"),
    ("requirements", "crates/requirements/src/codes.rs"),
    ("rewrite", "crates/rewrite/src/codes.rs"),
    ("scaffold", "crates/scaffold/src/codes.rs"),
    ("toolconfig", "crates/toolconfig/src/codes.rs"),
];

/// What a new diagnostic of a crate changes.
pub(crate) fn plan(root: &Path, of_crate: &str, name: &str) -> Outcome<Vec<Change>> {
    let known: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
    let (_, file) = TABLES
        .iter()
        .find(|(name, _)| *name == of_crate)
        .ok_or_else(|| format!("`{of_crate}` has no codes; there are: {}", known.join(", ")))?;
    let (table, reference) = (read(root, file)?, read(root, REFERENCE)?);
    if table.contains(&format!("\"{name}\"")) {
        return Err(format!("{file} has `{name}` already"));
    }
    let letter = letter(&table).ok_or_else(|| format!("{file} has no code to go on from"))?;
    let code = next(&reference, letter);
    let table =
        with_code(&table, &code, name).ok_or_else(|| format!("{file} has another form than expected"))?;
    Ok(vec![
        Change { path: (*file).to_owned(), text: table },
        Change { path: REFERENCE.to_owned(), text: with_entry(&reference, &code, name) },
    ])
}

/// The letter of the codes of a table.
fn letter(table: &str) -> Option<char> {
    table.split('"').skip(1).step_by(2).find_map(|quoted| number(quoted).map(|(letter, _)| letter))
}

/// `M012` as its letter and number.
fn number(code: &str) -> Option<(char, u32)> {
    let (letter, digits) = code.split_at_checked(1)?;
    let letter = letter.chars().next().filter(char::is_ascii_uppercase)?;
    (digits.len() == 3).then(|| digits.parse().ok()).flatten().map(|number| (letter, number))
}

/// Numbers are never used again, so the next one is above all that the reference has.
fn next(reference: &str, letter: char) -> String {
    let headings = reference.lines().filter_map(|line| number(line.strip_prefix("## ")?));
    let highest = headings.filter(|(found, _)| *found == letter).map(|(_, number)| number).max();
    format!("{letter}{:03}", highest.unwrap_or_default() + 1)
}

/// Tables come in two forms: a macro, and constants with a list of them.
fn with_code(table: &str, code: &str, name: &str) -> Option<String> {
    if let Some(start) = table.find("\ncodes! {\n") {
        let end = start + table[start..].find("\n}\n")? + 1;
        let constant = name.to_uppercase().replace('-', "_");
        let row = format!("    /// Say what the matter is.\n    {constant} = \"{code}\", \"{name}\";\n");
        return Some([&table[..end], &row, &table[end..]].concat());
    }
    let list = table.find("\n/// Every code of this crate.")?;
    let end = list + table[list..].find(",\n];")?;
    let row =
        format!("/// Say what the matter is.\npub const {code}: Code = Code::new(\"{code}\", \"{name}\");\n");
    let wrap = if table[list..end].rsplit('\n').next().is_some_and(|line| line.len() < 100) {
        " "
    } else {
        "\n    "
    };
    Some([&table[..list], &row, &table[list..end], ",", wrap, code, &table[end..]].concat())
}

/// The entry stands behind the last one with its letter.
fn with_entry(reference: &str, code: &str, name: &str) -> String {
    let entry = format!(
        "## {code}\n\n`{name}`: Say what the matter is.\n\n```text\nwhat it looks like\n```\n\n- pip: What pip does.\n- uv: What uv does.\n\
         - What to do: What to do.\n"
    );
    let letter = &code[..1];
    let last =
        reference.match_indices("\n## ").filter(|(at, _)| reference[at + 4..].starts_with(letter)).last();
    let end = last.and_then(|(at, _)| reference[at + 4..].find("\n## ").map(|next| at + 4 + next + 1));
    match end {
        Some(end) => [&reference[..end], &entry, "\n", &reference[end..]].concat(),
        None => [reference.trim_end(), "\n\n", &entry].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_is_above_all_of_its_letter() {
        assert_eq!(next("# Codes\n## M001\n## X007\n## M012\n", 'M'), "M013");
        assert_eq!(next("", 'Q'), "Q001");
    }

    #[test]
    fn entries_stand_with_their_letter() {
        let made = with_entry("# Codes\n\n## A001\n\na\n\n## B001\n\nb\n", "A002", "new-thing");
        let headings: Vec<&str> = made.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, ["## A001", "## A002", "## B001"]);
        let made = with_entry("# Codes\n\n## A001\n\na\n", "A002", "new-thing");
        assert!(made.contains("\na\n\n## A002\n\n`new-thing`: "));
    }
}
