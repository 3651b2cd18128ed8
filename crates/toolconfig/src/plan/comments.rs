//! Comments that belong to no setting: what stands on top of a file, or behind the last key of a section.

use uvshift_ini::{Cut, Document, LineKind};

use crate::model::{Table, Value};
use crate::read::hashed;

/// The comments that go with sections and stand neither in their table nor in `known`; with the last section of a file go
/// all that are left in it. First those above all sections, then the others.
pub(super) fn left_over(
    document: &Document,
    sections: &[String],
    table: &Table,
    known: &[String],
) -> (Vec<String>, Vec<String>) {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    if table.get("legacy_tox_ini").is_some() {
        // The text has all of them.
        return (above, below);
    }
    let cuts: Vec<Cut<'_>> = sections.iter().map(|name| Cut::Section(name)).collect();
    let all = document.is_empty_after(&cuts);
    let mut carried: Vec<String> = known.iter().map(|comment| hashed(comment)).collect();
    collect(table, &mut carried);
    let first = document.sections().iter().map(|section| section.line).min().unwrap_or(usize::MAX);
    let lines = document.lines().iter().zip(document.gone(&cuts));
    let going = lines.filter(|(line, gone)| line.kind == LineKind::Comment && (all || *gone));
    for (line, _) in going {
        let Some(comment) = document.comment(line).map(hashed) else { continue };
        if let Some(at) = carried.iter().position(|known| *known == comment) {
            carried.swap_remove(at);
        } else if line.number < first {
            above.push(comment);
        } else {
            below.push(comment);
        }
    }
    (above, below)
}

/// Every comment of a table.
fn collect(table: &Table, out: &mut Vec<String>) {
    out.extend(table.closing.iter().cloned());
    for setting in &table.settings {
        out.extend(setting.comments.iter().chain(&setting.trailing).cloned());
        match &setting.value {
            Value::Table(inner) | Value::Inline(inner) => collect(inner, out),
            Value::Tables(tables) => tables.iter().for_each(|inner| collect(inner, out)),
            Value::Array(items) => {
                for item in items {
                    out.extend(item.comments.iter().chain(&item.trailing).cloned());
                }
            }
            _ => {}
        }
    }
}

/// The comments of a file that goes which stand in none of its sections.
pub(super) fn staying(document: &Document, cuts: &[Cut<'_>]) -> Vec<String> {
    let lines = document.lines().iter().zip(document.gone(cuts));
    let staying = lines.filter(|(line, gone)| line.kind == LineKind::Comment && !gone);
    staying.filter_map(|(line, _)| document.comment(line)).map(hashed).collect()
}
