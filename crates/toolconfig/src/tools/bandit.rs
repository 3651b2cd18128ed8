//! bandit: three of its settings have a place in pyproject.toml, and one of them has another name there.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::kinds::Kind;
use crate::read::{Reading, Source, carry, row, target};
use crate::report::Outcome;
use crate::section::Key;

pub(crate) fn read(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let Some(section) = source.sections.first() else { return reading };
    let is_carried = |key: &Key| matches!(key.name.as_str(), "exclude" | "skips" | "tests");
    if let Some(key) = section.keys.iter().find(|key| !is_carried(key)) {
        let why = format!("`[tool.bandit]` has no `{}`", key.name);
        let kept =
            section.keys.iter().map(|key| row(source.tool, section, key, None, Outcome::Kept(why.clone())));
        reading.converted.rows.extend(kept);
        reading.stays = Some(why);
        return reading;
    }
    for key in &section.keys {
        let kind = Some(Kind::List);
        if key.name != "exclude" {
            carry(source.tool, section, key, kind, &[], &mut reading.converted);
            continue;
        }
        let renamed = Key { name: "exclude_dirs".to_owned(), ..key.clone() };
        carry(source.tool, section, &renamed, kind, &[], &mut reading.converted);
        reading.converted.rows.pop();
        let why =
            "bandit's own list of excluded folders, which `exclude` replaced, counts beside `exclude_dirs`";
        let to = Some(target(source.tool, &[], "exclude_dirs"));
        reading.converted.rows.push(row(source.tool, section, key, to, Outcome::Changed(why.to_owned())));
    }
    let message =
        "bandit reads `[tool.bandit]` only with `-c pyproject.toml`, while it found .bandit by itself";
    reading.converted.diagnostics.push(
        Diagnostic::warning(codes::BANDIT_OPTION, message)
            .in_file(source.file, section.line)
            .with_help("call `bandit -c pyproject.toml`"),
    );
    reading
}
