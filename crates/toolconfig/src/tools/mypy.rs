//! mypy: sections for modules become overrides, sections of plugins get tables of their own.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::kinds::Kind;
use crate::model::{Setting, Table, Value};
use crate::read::{Reading, Source, carry, hashed};
use crate::report::Converted;
use crate::section::{Key, Section};

pub(crate) fn read(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut overrides: Vec<Override> = Vec::new();
    for section in &source.sections {
        if section.name == "mypy" {
            for key in &section.keys {
                carry(source.tool, section, key, kind(source, key), &[], &mut reading.converted);
            }
        } else if let Some(plugin) = plugin(&section.name) {
            let table =
                section_table(source, section, &mut reading.converted, |key| Some(guess(source, key)));
            reading.others.push((plugin.to_owned(), table));
        } else if let Some(modules) = section.name.strip_prefix("mypy-") {
            let table = section_table(source, section, &mut reading.converted, |key| kind(source, key));
            let comments = section.comments.iter().map(|comment| hashed(comment)).collect();
            let modules = modules.split(',').map(|module| module.replace(['/', '\\'], ".")).collect();
            overrides.push(Override { modules, table, comments });
        }
    }
    only_the_last(&mut overrides, source, &mut reading.converted);
    join_equal(&mut overrides);
    let tables: Vec<Table> = overrides.into_iter().map(Override::into_table).collect();
    if !tables.is_empty() {
        reading.converted.table.insert("overrides", Value::Tables(tables));
    }
    reading
}

/// A plugin's own section and the name of its table in pyproject.toml.
fn plugin(section: &str) -> Option<&str> {
    section.strip_prefix("mypy.plugins.").or_else(|| (section == "pydantic-mypy").then_some(section))
}

/// What a setting is: as the catalogue says; `x_` names are free, and mypy turns some names around.
fn kind(source: &Source<'_>, key: &Key) -> Option<Kind> {
    let known = source.tool.settings.get(&key.name).copied();
    known.or_else(|| key.name.starts_with("x_").then(|| guess(source, key)))
}

fn guess(source: &Source<'_>, key: &Key) -> Kind {
    let is_number = key.value.trim().parse::<i64>().is_ok();
    if !is_number && source.tool.booleans.read(&key.value).is_some() { Kind::Bool } else { Kind::Text }
}

/// The keys of a section as a table of its own.
fn section_table(
    source: &Source<'_>,
    section: &Section,
    converted: &mut Converted,
    kind: impl Fn(&Key) -> Option<Kind>,
) -> Table {
    let mut part = Converted::default();
    for key in &section.keys {
        carry(source.tool, section, key, kind(key), &[], &mut part);
    }
    for row in &mut part.rows {
        let key = row.setting.split(" =").next().unwrap_or_default();
        row.to = Some(match plugin(&section.name) {
            Some(plugin) => format!("tool.{plugin}.{key}"),
            None => format!("tool.mypy.overrides.{key}"),
        });
    }
    converted.rows.append(&mut part.rows);
    converted.diagnostics.append(&mut part.diagnostics);
    part.table
}

struct Override {
    modules: Vec<String>,
    table: Table,
    comments: Vec<String>,
}

impl Override {
    fn into_table(self) -> Table {
        let module = match self.modules.as_slice() {
            [module] => Value::from(module.as_str()),
            modules => Value::strings(modules),
        };
        let mut table = Table::default();
        table.set(Setting::new("module", module).with_comments(self.comments));
        table.settings.extend(self.table.settings);
        table
    }
}

/// Sections in a row that say the same become one override, unless comments tell them apart.
fn join_equal(overrides: &mut Vec<Override>) {
    overrides.dedup_by(|later, earlier| {
        let is_plain = |table: &Table| table.settings.iter().all(|setting| setting.comments.is_empty());
        let joins = later.table == earlier.table && later.comments.is_empty() && is_plain(&later.table);
        if joins {
            earlier.modules.append(&mut later.modules);
        }
        joins
    });
}

/// Of two sections that name one module the last replaces the first, while overrides in TOML merge; so a module is taken out
/// of all sections but the last. The order of what is left stays that of the last section for each module.
fn only_the_last(overrides: &mut Vec<Override>, source: &Source<'_>, converted: &mut Converted) {
    for index in (0..overrides.len()).rev() {
        let (before, from) = overrides.split_at_mut(index);
        let Some(last) = from.first() else { continue };
        for earlier in before {
            for module in earlier.modules.extract_if(.., |module| last.modules.contains(module)) {
                let message =
                    format!("an earlier section for `{module}` had no effect: mypy takes the last one");
                let line =
                    source.document.section(&format!("mypy-{module}")).map_or(1, |section| section.line);
                converted
                    .diagnostics
                    .push(Diagnostic::note(codes::DEAD_SETTINGS, message).in_file(source.file, line));
            }
        }
    }
    overrides.retain(|each| !each.modules.is_empty());
}
