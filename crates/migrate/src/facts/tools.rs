//! Tools of development that are declared or configured.

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_scaffold::Tool;
use uvshift_toolconfig::configured;

use super::declared::Declared;
use crate::inventory::known_tools;

/// Plugins and helpers that matter to what is made, beside the tools of the inventory.
const PLUGINS: &[&str] =
    &["asv", "pytest-asyncio", "pytest-benchmark", "pytest-cov", "pytest-django", "pytest-xdist"];

/// Every tool that is declared as one or has settings, in the order of the inventory.
pub(super) fn read(tree: &Tree, document: &PyProject, declared: &Declared) -> Vec<Tool> {
    let with_settings: Vec<&str> = configured(tree).into_iter().map(|found| found.tool).collect();
    let is_there = |path: &&str| tree.files().binary_search_by(|known| known.as_str().cmp(path)).is_ok();
    let tools = known_tools().filter_map(|(name, package, files, tables)| {
        let is_declared = !package.is_empty() && declared.bringer(package).is_some();
        let is_configured = with_settings.contains(&name)
            || files.iter().any(is_there)
            || tables.iter().any(|table| document.has_tool(table));
        (is_declared || is_configured).then(|| Tool {
            name: name.to_owned(),
            version: declared.version(package),
            is_declared,
            is_configured,
        })
    });
    let plugins = PLUGINS.iter().filter(|name| declared.bringer(name).is_some()).map(|name| Tool {
        name: (*name).to_owned(),
        version: declared.version(name),
        is_declared: true,
        is_configured: false,
    });
    tools.chain(plugins).collect()
}

/// What builds the documents: `sphinx`, `mkdocs`, or nothing.
pub(super) fn documents(tools: &[Tool]) -> String {
    let builds = |name: &&&str| tools.iter().any(|tool| tool.name == **name);
    ["sphinx", "mkdocs"].iter().find(builds).map(|name| (*name).to_owned()).unwrap_or_default()
}
