//! Which program comes from which distribution, and which distributions are tools on their own: `data/programs.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use toml_edit::{DocumentMut, Item};
use uvshift_requirements::normalize_name;

use crate::context::UvProject;

/// What the file has.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    /// The distribution of a program of another name.
    pub(crate) renamed: BTreeMap<String, String>,
    /// The distribution of a module of another name.
    pub(crate) modules: BTreeMap<String, String>,
    /// Tools that need nothing of the project, normalised.
    pub(crate) standalone: BTreeSet<String>,
    /// Programs of an environment.
    pub(crate) environment: BTreeSet<String>,
}

/// The file, read once.
pub(crate) fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| read(include_str!("../data/programs.toml")))
}

fn read(text: &str) -> Programs {
    let document = text.parse::<DocumentMut>().unwrap_or_default();
    let table = |name: &str| {
        let table = document.get(name).and_then(Item::as_table_like);
        let rows = table.into_iter().flat_map(|table| table.iter());
        rows.filter_map(|(key, item)| Some((key.to_owned(), item.as_str()?.to_owned()))).collect()
    };
    let names = |name: &str| {
        let names = document.get(name).and_then(|table| table.get("names")).and_then(Item::as_array);
        names.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    Programs {
        renamed: table("programs"),
        modules: table("modules"),
        standalone: names("standalone"),
        environment: names("environment"),
    }
}

/// Whether a distribution is a tool that needs nothing of the project.
pub(crate) fn is_standalone(distribution: &str) -> bool {
    programs().standalone.contains(&normalize_name(distribution))
}

/// Whether a program is one that only a Python environment has.
pub(crate) fn is_of_environment(program: &str) -> bool {
    let programs = programs();
    programs.environment.contains(program)
        || programs.renamed.get(program).is_some_and(|row| !programs.standalone.contains(row))
}

/// Whether a module, or the package that it is in, belongs to Python itself.
pub(crate) fn is_standard(module: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| include_str!("../data/standard.txt").lines().collect());
    names.contains(module.split('.').next().unwrap_or(module))
}

/// The distribution that a program comes from, if the project declares it; a program that no row names may be called like
/// its distribution.
pub(crate) fn distribution_of(program: &str, project: &UvProject) -> Option<String> {
    // No program is called like its distribution but in capitals; `Redis` is a word that something printed.
    let is_capital = program.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_row = programs().renamed.contains_key(program);
    let is_other = is_capital || OTHER_PROGRAMS.contains(&program);
    if is_other && !is_row { None } else { declared(&programs().renamed, program, project) }
}

/// The distribution that a module comes from, if the project declares it.
pub(crate) fn distribution_of_module(module: &str, project: &UvProject) -> Option<String> {
    let package = module.split('.').next().unwrap_or(module);
    [module, package].into_iter().find_map(|name| declared(&programs().modules, name, project))
}

/// Programs of other origin that have the name of a distribution without any.
const OTHER_PROGRAMS: [&str; 9] =
    ["consul", "docker", "git", "jq", "node", "redis", "ssh", "terraform", "vault"];

fn declared(rows: &BTreeMap<String, String>, name: &str, project: &UvProject) -> Option<String> {
    let named = rows.get(name).map(|row| normalize_name(row));
    let name = normalize_name(name);
    [named, Some(name)].into_iter().flatten().find(|found| project.declared.contains_key(found))
}

/// The distribution of a program by its row, or by its name.
pub(crate) fn any_distribution_of(program: &str) -> String {
    programs().renamed.get(program).map_or_else(|| normalize_name(program), |row| normalize_name(row))
}

/// The distribution of a module by its row, or by its name.
pub(crate) fn any_distribution_of_module(module: &str) -> String {
    let package = module.split('.').next().unwrap_or(module);
    programs().modules.get(package).map_or_else(|| normalize_name(package), |row| normalize_name(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Environment, Scope, Selection, rewrite_script};

    #[test]
    fn every_row_is_a_name_and_no_row_is_idle() {
        let programs = programs();
        assert!(programs.renamed.len() > 50 && programs.modules.len() > 3 && programs.standalone.len() > 40);
        for (name, row) in programs.renamed.iter().chain(&programs.modules) {
            assert_eq!(*row, normalize_name(row), "{name}");
            assert_ne!(
                normalize_name(name),
                *row,
                "a program that is called like its distribution needs no row"
            );
        }
        for name in &programs.standalone {
            assert_eq!(*name, normalize_name(name));
        }
    }

    #[test]
    fn a_program_is_found_by_its_row_or_its_name() {
        let mut project = UvProject::default();
        for name in ["pytest", "sphinx", "django", "ipython", "mypy"] {
            project.declared.insert(name.to_owned(), Vec::new());
        }
        let found = |program: &str| distribution_of(program, &project);
        assert_eq!(found("py.test").as_deref(), Some("pytest"));
        assert_eq!(found("sphinx-build").as_deref(), Some("sphinx"));
        assert_eq!(found("django-admin").as_deref(), Some("django"));
        assert_eq!(found("mypy").as_deref(), Some("mypy"));
        assert_eq!(found("make"), None);
        assert_eq!(distribution_of_module("IPython", &project).as_deref(), Some("ipython"));
        assert_eq!(distribution_of_module("sphinx.ext.apidoc", &project).as_deref(), Some("sphinx"));
        assert!(is_standalone("pre_commit") && !is_standalone("pytest"));
    }

    /// A script, where uv has made the environment of a project that declares one distribution in the group `tools`.
    fn rewritten(distribution: &str, script: &str) -> String {
        let tools = Selection { groups: BTreeSet::from(["tools".to_owned()]), ..Selection::default() };
        let mut project = UvProject { locked: true, groups: tools.groups.clone(), ..UvProject::default() };
        project.declared.insert(distribution.to_owned(), vec![tools]);
        let context = Context { projects: vec![project], ..Context::default() };
        let mut scope = Scope { environment: Environment::Uv, ..Scope::at_root() };
        let outcome = rewrite_script(script, &mut scope, &context);
        crate::plan::apply(script, &outcome.edits).unwrap()
    }

    #[test]
    fn every_row_leads_to_the_group_of_its_distribution() {
        for (program, row) in &programs().renamed {
            // What has a rule of its own needs no environment.
            if program == "pyproject-build" {
                continue;
            }
            assert_eq!(rewritten(row, &format!("{program} x")), format!("uv run --group tools {program} x"));
        }
        for (module, row) in &programs().modules {
            let script = format!("python -m {module} x");
            assert_eq!(rewritten(row, &script), format!("uv run --group tools {script}"));
        }
    }

    #[test]
    fn programs_of_an_environment_are_run_in_it_whoever_declares_them() {
        for program in &programs().environment {
            let expected = format!("uv run {program} x");
            assert_eq!(rewritten("another", &format!("{program} x")), expected);
        }
    }

    #[test]
    fn tools_on_their_own_stay_unless_the_project_declares_them() {
        for name in &programs().standalone {
            let known = crate::rules::rules().iter().any(|rule| rule.programs.contains(&name.as_str()));
            let renamed = programs().renamed.contains_key(name);
            if known || renamed || is_of_environment(name) {
                continue;
            }
            let script = format!("{name} x");
            assert_eq!(rewritten("another", &script), script);
            assert_eq!(rewritten(name, &script), format!("uv run --group tools {name} x"));
        }
    }
}
