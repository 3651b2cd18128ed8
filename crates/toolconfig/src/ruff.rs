//! The settings of flake8, its plugins and other linters as those of ruff.

mod black;
mod compress;
mod decide;
mod finish;
mod flake8;
mod globs;
mod isort;
mod merge;
mod others;
mod output;
mod per_file;
pub(crate) mod rules;
mod selection;
mod tables;
mod values;

use crate::model::Table;
use crate::report::Converted;
use crate::section::Section;

/// What the linters of a project say, as they see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Linters<'a> {
    /// `[flake8]` of the file that wins, read without interpolation.
    pub flake8: Option<&'a Section>,
    /// `[pycodestyle]` or `[pep8]`, used where there is no flake8.
    pub pycodestyle: Option<&'a Section>,
    /// isort's settings as they would stand below `tool.isort`.
    pub isort: Option<&'a Table>,
    /// black's settings as they would stand below `tool.black`; an empty table is black without settings.
    pub black: Option<&'a Table>,
    /// pydocstyle's settings as they would stand below `tool.pydocstyle`.
    pub pydocstyle: Option<&'a Table>,
    /// pyupgrade's arguments, such as `py38-plus = true`.
    pub pyupgrade: Option<&'a Table>,
    /// autoflake's settings as they would stand below `tool.autoflake`.
    pub autoflake: Option<&'a Table>,
    /// bandit's settings as they would stand below `tool.bandit`.
    pub bandit: Option<&'a Table>,
    /// pylint's settings as they would stand below `tool.pylint`.
    pub pylint: Option<&'a Table>,
    /// Plugins of flake8 that are known to be used, by their normalised names. None: nothing is known.
    pub plugins: &'a [String],
    /// `[tool.ruff]` as it is there already.
    pub existing: Option<&'a Table>,
    /// `requires-python` of the project.
    pub requires_python: Option<&'a str>,
}

/// The table below `tool.ruff` that has ruff find what the linters found.
///
/// A rule is enabled where flake8's own logic, with the plugins in use, would report its code. What ruff lacks is a row with
/// the reason.
pub fn to_ruff(linters: &Linters<'_>) -> Converted {
    let mut out = output::Output::default();
    if let Some(section) = linters.flake8 {
        flake8::read("flake8", section, linters.plugins, &mut out);
    } else if let Some(section) = linters.pycodestyle {
        flake8::read("pycodestyle", section, &[], &mut out);
    }
    let readers: [(Option<&Table>, Reader); 7] = [
        (linters.isort, isort::read),
        (linters.black, black::read),
        (linters.pydocstyle, others::pydocstyle),
        (linters.pyupgrade, others::pyupgrade),
        (linters.autoflake, others::autoflake),
        (linters.bandit, others::bandit),
        (linters.pylint, others::pylint),
    ];
    for (table, read) in readers {
        if let Some(table) = table {
            read(table, &mut out);
        }
    }
    finish::finish(linters, out)
}

/// What takes over the settings of one tool.
type Reader = fn(&Table, &mut output::Output);

#[cfg(test)]
mod tests;
