//! bump-my-version: sections for files become `[[tool.bumpversion.files]]`, sections for parts tables.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::model::{Setting, Table, Value};
use crate::read::{Reading, Source, carry, hashed};
use crate::report::Converted;
use crate::section::Section;

pub(crate) fn read(source: &Source<'_>) -> Reading {
    if source.sections.is_empty() && source.document.text().is_empty() {
        return super::whole::read(source);
    }
    let mut reading = Reading::default();
    let mut files: Vec<Table> = Vec::new();
    for section in &source.sections {
        let mut parts = section.name.splitn(3, ':');
        let (_, kind, name) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let comments: Vec<String> = section.comments.iter().map(|comment| hashed(comment)).collect();
        match kind {
            None => keys(source, section, &[], &mut reading.converted),
            Some(kind) if kind.starts_with("part") => {
                keys(source, section, &["parts", name], &mut reading.converted);
                reading.converted.table.comment(&["parts", name], &comments);
            }
            Some(kind) => {
                let key = if kind.starts_with("glob") { "glob" } else { "filename" };
                let mut part = Converted::default();
                keys(source, section, &[], &mut part);
                for row in &mut part.rows {
                    row.to = row.to.take().map(|to| to.replacen("bumpversion.", "bumpversion.files.", 1));
                }
                reading.converted.rows.append(&mut part.rows);
                reading.converted.diagnostics.append(&mut part.diagnostics);
                let mut table = Table::default();
                table.set(Setting::new(key, name.trim()).with_comments(comments));
                table.settings.extend(part.table.settings);
                files.push(table);
            }
        }
    }
    if !files.is_empty() {
        reading.converted.table.insert("files", Value::Tables(files));
    }
    let message = "bump-my-version reads `[tool.bumpversion]`; bump2version and bumpversion do not";
    let line = source.sections.first().map_or(1, |section| section.line);
    reading.converted.diagnostics.push(
        Diagnostic::warning(codes::BUMP_MY_VERSION, message)
            .in_file(source.file, line)
            .with_help("install `bump-my-version` in its place, or run again with `--skip bumpversion`"),
    );
    reading
}

fn keys(source: &Source<'_>, section: &Section, path: &[&str], converted: &mut Converted) {
    for key in &section.keys {
        carry(source.tool, section, key, source.tool.settings.get(&key.name).copied(), path, converted);
    }
}
