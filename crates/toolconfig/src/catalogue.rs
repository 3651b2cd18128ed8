//! The tools as data: where each looks for its settings, in which order, and what type each setting has.

use std::collections::BTreeMap;

use toml_edit::{Document, Item, TableLike};
use uvshift_ini::{Dialect, Interpolation};

use crate::kinds::{Booleans, Kind};

/// A tool of `data/`.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    /// Its table below `tool`, as a path.
    pub(crate) table: Vec<String>,
    pub(crate) booleans: Booleans,
    /// Where it looks, the winner first. Files that it looks into after pyproject.toml come after that.
    pub(crate) spots: Vec<Spot>,
    pub(crate) settings: BTreeMap<String, Kind>,
    /// Why its settings stay where they are, for a tool that does not read pyproject.toml.
    pub(crate) stays: Option<String>,
    /// Why its settings stay where they are while more than one file has some.
    pub(crate) alone: Option<String>,
}

/// A file that a tool looks into.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) file: String,
    /// Names of the sections that are the tool's; one with `*` at its end is a prefix. The first is what it looks for.
    pub(crate) sections: Vec<String>,
    pub(crate) form: Form,
    pub(crate) wins: Wins,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Ini(Dialect),
    /// pytest's own reader of ini files.
    Iniconfig,
    /// TOML; the whole file is the tool's table, or it has the table where pyproject.toml would.
    Toml,
    /// JSON with comments.
    Json,
    PyProject,
}

/// What makes a file the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wins {
    /// It is there, even empty.
    Always,
    /// It is there, and so what comes after it is not seen; but without the section it says nothing.
    Hides,
    /// It has the section.
    Section,
    /// It has any of the sections.
    Either,
    /// The section has a key.
    Settings,
}

impl Spot {
    /// Whether a section is the tool's.
    pub(crate) fn claims(&self, section: &str) -> bool {
        self.sections.iter().any(|pattern| fits(pattern, section))
    }
}

/// Whether a section's name is a pattern's, which may end in `*`.
pub(crate) fn fits(pattern: &str, section: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == section, |prefix| section.starts_with(prefix))
}

impl Tool {
    /// The keys that lead to its table in pyproject.toml: `tool` and the rest.
    pub(crate) fn path(&self) -> Vec<&str> {
        ["tool"].into_iter().chain(self.table.iter().map(String::as_str)).collect()
    }

    /// Reads a file of `data/`. A file that does not say what is needed gives a tool without spots, which the tests refuse.
    pub(crate) fn read(text: &str) -> Self {
        let document = Document::parse(text).map(Document::into_table).unwrap_or_default();
        let text_of = |key: &str| document.get(key).and_then(Item::as_str).map(str::to_owned);
        let name = text_of("name").unwrap_or_default();
        let table = text_of("table").unwrap_or_else(|| name.clone());
        let spots = document.get("places").and_then(Item::as_array_of_tables);
        let settings = document.get("settings").and_then(Item::as_table_like);
        Self {
            table: table.split('.').map(str::to_owned).collect(),
            booleans: text_of("booleans").map_or(Booleans::ConfigParser, |word| Booleans::of(&word)),
            spots: spots.into_iter().flatten().map(|table| spot(table)).collect(),
            settings: settings
                .into_iter()
                .flat_map(TableLike::iter)
                .filter_map(|(key, item)| Some((key.to_owned(), Kind::of(item.as_str()?)?)))
                .collect(),
            stays: text_of("stays"),
            alone: text_of("alone"),
            name,
        }
    }
}

fn spot(table: &dyn TableLike) -> Spot {
    let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default();
    let file = text("file").to_owned();
    let sections = table.get("sections").and_then(Item::as_array).into_iter().flatten();
    let form = if file == "pyproject.toml" { Some(Form::PyProject) } else { form(text("dialect")) };
    let form = form.unwrap_or(Form::Ini(Dialect::RAW));
    let wins = wins(text("wins")).unwrap_or(Wins::Section);
    Spot { file, sections: sections.filter_map(|name| Some(name.as_str()?.to_owned())).collect(), form, wins }
}

fn wins(word: &str) -> Option<Wins> {
    Some(match word {
        "" | "section" => Wins::Section,
        "always" => Wins::Always,
        "hides" => Wins::Hides,
        "settings" => Wins::Settings,
        "either" => Wins::Either,
        _ => return None,
    })
}

fn form(word: &str) -> Option<Form> {
    const INLINE: &[&str] = &["#", ";"];
    Some(match word {
        "" | "raw" => Form::Ini(Dialect::RAW),
        "iniconfig" => Form::Iniconfig,
        "toml" => Form::Toml,
        "json" => Form::Json,
        "interpolating" => Form::Ini(Dialect::INTERPOLATING),
        "lax" => Form::Ini(Dialect { strict: false, ..Dialect::INTERPOLATING }),
        "coverage" => Form::Ini(Dialect { byte_order_mark: true, ..Dialect::RAW }),
        "inline" => Form::Ini(Dialect { inline_comment_prefixes: INLINE, ..Dialect::RAW }),
        "inline-interpolating" => Form::Ini(Dialect {
            inline_comment_prefixes: INLINE,
            byte_order_mark: true,
            interpolation: Interpolation::Basic,
            ..Dialect::RAW
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_data_is_known() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let data = Document::parse(&text).unwrap();
            for place in data.get("places").and_then(Item::as_array_of_tables).into_iter().flatten() {
                let word = |key: &str| place.get(key).and_then(Item::as_str).unwrap_or_default();
                assert!(form(word("dialect")).is_some(), "{}: {}", path.display(), word("dialect"));
                assert!(wins(word("wins")).is_some(), "{}: {}", path.display(), word("wins"));
                seen += 1;
            }
            let settings = data.get("settings").and_then(Item::as_table_like);
            for (key, kind) in settings.into_iter().flat_map(TableLike::iter) {
                let known = kind.as_str().and_then(Kind::of);
                assert!(known.is_some(), "{}: {key} = {kind}", path.display());
            }
        }
        assert!(seen > 20);
    }
}
