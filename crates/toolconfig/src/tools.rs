//! The tools, a row each: its data and, where its file is more than one flat table, its reader.

mod bandit;
mod bumpversion;
mod coverage;
mod ini;
mod mypy;
mod pyright;
mod whole;

use std::sync::LazyLock;

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::PyProject;

use crate::catalogue::Tool;
use crate::find::Found;
use crate::read::{Reading, Source, flat};

/// A tool: what `data/` says of it, and who reads its file.
pub(crate) struct Known {
    data: &'static str,
    pub(crate) read: fn(&Source<'_>) -> Reading,
}

/// Every tool. A new one is a file in `data/` and a row here.
const TOOLS: &[Known] = &[
    Known { data: include_str!("../data/autoflake.toml"), read: ini::any_spelling },
    Known { data: include_str!("../data/bandit.toml"), read: bandit::read },
    Known { data: include_str!("../data/black.toml"), read: whole::read },
    Known { data: include_str!("../data/bumpversion.toml"), read: bumpversion::read },
    Known { data: include_str!("../data/check-manifest.toml"), read: flat },
    Known { data: include_str!("../data/codespell.toml"), read: ini::any_spelling },
    Known { data: include_str!("../data/commitizen.toml"), read: whole::read },
    Known { data: include_str!("../data/coverage.toml"), read: coverage::read },
    Known { data: include_str!("../data/docformatter.toml"), read: ini::one_section },
    Known { data: include_str!("../data/flake8.toml"), read: flat },
    Known { data: include_str!("../data/interrogate.toml"), read: ini::interrogate },
    Known { data: include_str!("../data/isort.toml"), read: flat },
    Known { data: include_str!("../data/mypy.toml"), read: mypy::read },
    Known { data: include_str!("../data/pycodestyle.toml"), read: flat },
    Known { data: include_str!("../data/pydocstyle.toml"), read: ini::one_section },
    Known { data: include_str!("../data/pylint.toml"), read: ini::pylint },
    Known { data: include_str!("../data/pyright.toml"), read: pyright::read },
    Known { data: include_str!("../data/pytest.toml"), read: flat },
    Known { data: include_str!("../data/pyupgrade.toml"), read: flat },
    Known { data: include_str!("../data/ruff.toml"), read: whole::read },
    Known { data: include_str!("../data/towncrier.toml"), read: whole::read },
    Known { data: include_str!("../data/tox.toml"), read: tox },
    Known { data: include_str!("../data/yapf.toml"), read: ini::yapf },
];

/// tox names the sections that it carries itself: those that others refer to, too.
fn tox(source: &Source<'_>) -> Reading {
    let core = if source.file == "setup.cfg" { "tox:tox" } else { "tox" };
    let (converted, sections) = crate::tox::tox_to_toml(source.document, source.file, core);
    Reading { converted, sections: Some(sections), ..Reading::default() }
}

/// What a file of TOML that goes says of anything but its tool.
pub(crate) fn more_in(tool: &Tool, found: &Found<'_>) -> Vec<Diagnostic> {
    match PyProject::parse(found.text.trim_start_matches('\u{feff}')) {
        Ok(document) if !found.spot.sections.is_empty() => whole::others(tool, &found.spot.file, &document),
        _ => Vec::new(),
    }
}

/// All tools with their data, in the order of their names.
pub(crate) fn all() -> impl Iterator<Item = (&'static Tool, &'static Known)> {
    static READ: LazyLock<Vec<Tool>> =
        LazyLock::new(|| TOOLS.iter().map(|known| Tool::read(known.data)).collect());
    READ.iter().zip(TOOLS)
}

/// Every file that any tool looks into, and pyproject.toml.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    let spots = all().flat_map(|(tool, _)| tool.spots.iter().map(|spot| spot.file.as_str()));
    spots.chain(["pyproject.toml"])
}

/// The names of all tools, in their order.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(tool, _)| tool.name.as_str())
}
