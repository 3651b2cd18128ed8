//! What `[tool.uvshift.deps]` of pyproject.toml says.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, TableLike};
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

use crate::{Error, Rule};

/// What the owner of a project has decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `exclude`: patterns, in the syntax of `.gitignore`, of files that are not scanned.
    pub exclude: Vec<String>,
    /// `development`: patterns of files that are not installed: their imports are those of tests.
    pub development: Vec<String>,
    /// `ignore`: rules that are off.
    pub off: BTreeSet<Rule>,
    /// `per-rule-ignores`: normalised names of distributions, or modules, that a rule leaves alone.
    pub ignored: BTreeMap<Rule, BTreeSet<String>>,
    /// `modules`: which distribution a module is from.
    pub modules: BTreeMap<String, String>,
}

impl Settings {
    /// Reads `[tool.uvshift.deps]`; what is not there is empty.
    pub fn of_pyproject(document: &PyProject) -> Result<Self, Error> {
        let mut settings = Self::default();
        let Some(item) = document.settings().and_then(|item| item.get("deps")) else { return Ok(settings) };
        let table = item.as_table_like().ok_or_else(|| wrong("", "a table"))?;
        for (key, item) in table.iter() {
            match key {
                "exclude" => settings.exclude = strings(key, item)?,
                "development" => settings.development = strings(key, item)?,
                "ignore" => settings.off = rules(key, &strings(key, item)?)?,
                "per-rule-ignores" => settings.ignored = per_rule(key, item)?,
                "modules" => settings.modules = modules(key, item)?,
                _ => return Err(Error::UnknownSetting { key: key.to_owned() }),
            }
        }
        Ok(settings)
    }

    /// Whether a rule leaves a distribution alone, by its normalised name or by one of its modules.
    pub fn leaves_alone(&self, rule: Rule, package: &str, modules: &[&str]) -> bool {
        self.off.contains(&rule)
            || self.ignored.get(&rule).is_some_and(|names| {
                names.contains(package)
                    || modules.iter().any(|module| names.contains(&normalize_name(module)))
            })
    }
}

fn wrong(key: &str, expected: &'static str) -> Error {
    let key = if key.is_empty() { "deps".to_owned() } else { format!("deps.{key}") };
    Error::Setting { key, expected }
}

fn strings(key: &str, item: &Item) -> Result<Vec<String>, Error> {
    let texts =
        item.as_array().map(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect());
    texts.flatten().ok_or_else(|| wrong(key, "an array of strings"))
}

fn rules(key: &str, names: &[String]) -> Result<BTreeSet<Rule>, Error> {
    names.iter().map(|name| rule(key, name)).collect()
}

fn rule(key: &str, name: &str) -> Result<Rule, Error> {
    Rule::of(name).ok_or_else(|| Error::UnknownRule { key: key.to_owned(), name: name.to_owned() })
}

fn table<'a>(key: &str, item: &'a Item) -> Result<&'a dyn TableLike, Error> {
    item.as_table_like().ok_or_else(|| wrong(key, "a table"))
}

fn per_rule(key: &str, item: &Item) -> Result<BTreeMap<Rule, BTreeSet<String>>, Error> {
    let mut ignored = BTreeMap::new();
    for (name, item) in table(key, item)?.iter() {
        let names = strings(&format!("{key}.{name}"), item)?;
        ignored.insert(rule(key, name)?, names.iter().map(|name| normalize_name(name)).collect());
    }
    Ok(ignored)
}

fn modules(key: &str, item: &Item) -> Result<BTreeMap<String, String>, Error> {
    let mut modules = BTreeMap::new();
    for (module, item) in table(key, item)?.iter() {
        let name =
            item.as_str().ok_or_else(|| wrong(&format!("{key}.{module}"), "the name of a distribution"))?;
        modules.insert(module.to_owned(), normalize_name(name));
    }
    Ok(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, Error> {
        Settings::of_pyproject(&PyProject::parse(text).unwrap())
    }

    #[test]
    fn what_the_owner_says_is_read() {
        let settings = read(
            "[tool.uvshift.deps]\nexclude = [\"old/\"]\nignore = [\"unpinned\", \"X009\"]\n\
             per-rule-ignores = { unused = [\"Gunicorn\"], missing = [\"my_mod\"] }\nmodules = { yaml = \"ruamel.yaml\" }\n",
        )
        .unwrap();
        assert_eq!(settings.off, BTreeSet::from([Rule::Unpinned, Rule::SystemLibraries]));
        assert!(settings.leaves_alone(Rule::Unused, "gunicorn", &[]));
        assert!(settings.leaves_alone(Rule::Missing, "x", &["my_mod"]));
        assert!(!settings.leaves_alone(Rule::Missing, "gunicorn", &[]));
        assert_eq!(settings.modules["yaml"], "ruamel-yaml");
        assert_eq!(read("[project]\nname = \"a\"\n").unwrap(), Settings::default());
    }

    #[test]
    fn a_slip_is_told() {
        for (text, message) in [
            ("deps = 1", "`tool.uvshift.deps` in pyproject.toml must be a table"),
            ("[tool.uvshift.deps]\nignore = [\"used\"]", "`used` in `tool.uvshift.deps.ignore` is no rule"),
            ("[tool.uvshift.deps]\nexcluded = []", "`tool.uvshift.deps` has no setting `excluded`"),
            (
                "[tool.uvshift.deps]\nmodules = { a = 1 }",
                "`tool.uvshift.deps.modules.a` in pyproject.toml must be the name of a distribution",
            ),
        ] {
            let text =
                if text.starts_with('[') { text.to_owned() } else { format!("[tool.uvshift]\n{text}") };
            assert_eq!(read(&text).unwrap_err().to_string(), message);
        }
    }
}
