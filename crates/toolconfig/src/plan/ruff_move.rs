//! flake8 and its friends into ruff, where that is asked for.

use std::collections::BTreeMap;

use uvshift_diagnostics::Severity;

use super::hooks::HOOKS;
use super::{Moved, PYPROJECT, Work};
use crate::Error;
use crate::catalogue::Tool;
use crate::find::Found;
use crate::from_toml::table_of;
use crate::model::{Table, Value};
use crate::pre_commit::{flake8_plugins, hook_arguments};
use crate::read::Source;
use crate::render;
use crate::ruff::{Linters, to_ruff};
use crate::section::Section;
use crate::tools::Known;

/// The tools whose place ruff takes. bandit and pylint find more than ruff does, so they keep their settings and ruff gets
/// what it knows of them.
const REPLACED: [&str; 6] = ["autoflake", "black", "flake8", "isort", "pycodestyle", "pydocstyle"];

pub(super) fn replaces(tool: &str) -> bool {
    REPLACED.contains(&tool)
}

/// A tool whose only settings are the arguments of its hook.
pub(super) const PYUPGRADE: &str = "pyupgrade";

/// What the linters say, until all of them are known.
#[derive(Default)]
pub(super) struct Collected {
    sections: BTreeMap<String, Section>,
    tables: BTreeMap<String, Table>,
    /// Each of them with the file that it read.
    from: Vec<(String, String)>,
}

impl Collected {
    /// Whether a linter has settings; pyupgrade's hook alone is no reason to bring ruff in.
    fn has_more_than_a_hook(&self) -> bool {
        self.from.iter().any(|(tool, _)| tool != PYUPGRADE)
    }
}

impl Work<'_> {
    /// Takes a linter's settings out of its file, or out of pyproject.toml, and keeps them for ruff.
    pub(super) fn collect(
        &mut self,
        tool: &'static Tool,
        known: &Known,
        spots: &[Found<'_>],
        winner: &Found<'_>,
    ) -> Result<(), Error> {
        for dead in spots.iter().filter(|found| found.spot.file != winner.spot.file) {
            self.bury(tool, dead, &winner.spot.file);
        }
        let name = tool.table.first().map_or("", String::as_str);
        let mut collected = self.linters.take().unwrap_or_default();
        if winner.spot.file == PYPROJECT {
            let item = self.before.as_ref().and_then(|before| before.tool(name));
            collected.tables.insert(tool.name.clone(), item.map(table_of).unwrap_or_default());
        } else if let Some(sections) = self.sections(winner) {
            if tool.stays.is_some() {
                collected
                    .sections
                    .extend(sections.into_iter().next().map(|section| (tool.name.clone(), section)));
            } else {
                let (file, text, document) = (winner.spot.file.as_str(), winner.text, &winner.document);
                let mut reading = (known.read)(&Source { tool, file, text, document, sections });
                self.plan.diagnostics.append(&mut reading.converted.diagnostics);
                collected.tables.insert(tool.name.clone(), reading.converted.table);
            }
            self.cut(winner);
        }
        collected.from.push((tool.name.clone(), winner.spot.file.clone()));
        self.linters = Some(collected);
        self.document.remove_with_comments(&["tool", name])?;
        Ok(())
    }

    /// pyupgrade has no file but its hook; where it runs, ruff's rules for it take its place.
    pub(super) fn collect_pyupgrade(&mut self) {
        let (Some(collected), Some(text)) = (&mut self.linters, self.tree.text(HOOKS)) else { return };
        let Some(arguments) = hook_arguments(&text, PYUPGRADE) else { return };
        let mut table = Table::default();
        for argument in arguments {
            let (name, value) = argument.split_once('=').unwrap_or((&argument, "true"));
            let value = if value == "true" { Value::Bool(true) } else { Value::from(value) };
            table.insert(name.trim_start_matches('-'), value);
        }
        collected.tables.insert(PYUPGRADE.to_owned(), table);
        collected.from.push((PYUPGRADE.to_owned(), HOOKS.to_owned()));
    }

    /// Writes `[tool.ruff]` from what was collected.
    pub(super) fn finish_ruff(&mut self) -> Result<(), Error> {
        let Some(collected) = self.linters.take().filter(Collected::has_more_than_a_hook) else {
            return Ok(());
        };
        let existing = self.document.tool("ruff").map(table_of);
        let others = ["bandit", "pylint"].map(|name| self.document.tool(name).map(table_of));
        let plugins = self.tree.text(HOOKS).map(|hooks| flake8_plugins(&hooks)).unwrap_or_default();
        let table = |name: &str| collected.tables.get(name);
        let mut converted = to_ruff(&Linters {
            flake8: collected.sections.get("flake8"),
            pycodestyle: collected.sections.get("pycodestyle"),
            isort: table("isort"),
            black: table("black"),
            pydocstyle: table("pydocstyle"),
            pyupgrade: table(PYUPGRADE),
            autoflake: table("autoflake"),
            bandit: others[0].as_ref(),
            pylint: others[1].as_ref(),
            plugins: &plugins,
            existing: existing.as_ref(),
            requires_python: self.document.requires_python(),
        });
        let (errors, said): (Vec<_>, Vec<_>) =
            converted.diagnostics.drain(..).partition(|found| found.severity == Severity::Error);
        self.plan.diagnostics.extend(said);
        self.plan.blockers.extend(errors);
        self.plan.rows.append(&mut converted.rows);
        self.document.replace_tool("ruff", &render(&["tool", "ruff"], &converted.table))?;
        self.plan.moved.extend(collected.from.into_iter().map(|(tool, file)| {
            let from = (file != PYPROJECT).then_some(file);
            Moved { tool, from, to: "tool.ruff".to_owned() }
        }));
        Ok(())
    }
}
