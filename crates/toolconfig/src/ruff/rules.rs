//! The rules of ruff and the plugins of flake8 they come from, as the data files have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use toml_edit::{DocumentMut, Item, TableLike};

/// What ruff does with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A prefix selects it.
    Stable,
    /// Only its exact code selects it, and only with `preview`.
    Preview,
    /// It warns, and is an error with `preview`.
    Deprecated,
    /// It can be named, and nothing happens.
    Removed,
}

/// A rule of ruff.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) state: State,
}

/// A plugin of flake8 with the rules that come from it.
#[derive(Debug, Default)]
pub(crate) struct Family {
    /// What its codes start with in flake8.
    pub(crate) flake8: String,
    /// What they start with in ruff.
    pub(crate) ruff: String,
    /// Whether it is a part of flake8.
    pub(crate) base: bool,
    /// Whether it must be named in `enable-extensions`.
    pub(crate) off: bool,
    /// Whether only the prefix of the codes differs.
    pub(crate) renamed: bool,
    pub(crate) plugins: Vec<String>,
    pub(crate) default_ignore: Vec<String>,
    pub(crate) options: Vec<String>,
    /// The codes of flake8 by those of ruff, where they differ.
    pub(crate) codes: Option<BTreeMap<String, String>>,
}

impl Family {
    /// What flake8 calls a rule of ruff; nothing for a rule that the plugin does not have.
    pub(crate) fn in_flake8(&self, code: &str) -> Option<String> {
        match &self.codes {
            Some(codes) => codes.get(code).cloned(),
            None if self.renamed => {
                Some(format!("{}{}", self.flake8, code.strip_prefix(self.ruff.as_str())?))
            }
            None => Some(code.to_owned()),
        }
    }

    /// Whether its codes are spelled otherwise in ruff.
    pub(crate) fn has_other_codes(&self) -> bool {
        self.renamed || self.codes.is_some()
    }
}

/// Everything the data files say.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) rules: BTreeMap<String, Rule>,
    pub(crate) families: Vec<Family>,
    /// The docstring rules that pydocstyle leaves out of a convention.
    pub(crate) conventions: BTreeMap<String, BTreeSet<String>>,
    /// The docstring rules that ruff leaves out of `D` with a convention.
    pub(crate) ruff_conventions: BTreeMap<String, BTreeSet<String>>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let rules = parsed(include_str!("../../data/ruff/rules.toml"));
    let families = parsed(include_str!("../../data/ruff/families.toml"));
    Catalogue {
        rules: rules_of(&rules),
        families: families_of(&families),
        conventions: conventions_of(&rules, "conventions"),
        ruff_conventions: conventions_of(&rules, "ruff-conventions"),
    }
});

/// The one catalogue.
pub(crate) fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

impl Catalogue {
    /// A rule that ruff still has, by its code.
    pub(crate) fn rule(&self, code: &str) -> Option<&Rule> {
        self.rules.get(code).filter(|rule| rule.state != State::Removed)
    }

    /// The rules of a prefix of ruff that it still has and that may be written with `preview`.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Rule> {
        let rules = self.rules.range(prefix.to_owned()..).map(|(_, rule)| rule);
        let below = rules.take_while(move |rule| rule.code.starts_with(prefix));
        below.filter(move |rule| {
            matches!(rule.state, State::Stable | State::Preview) && root(&rule.code) == root(prefix)
        })
    }
}

/// The prefix that stands for the whole linter a code of ruff is from: `SIM` for `SIM102`, `T20` for `T201`.
pub(crate) fn root(code: &str) -> &str {
    let letters = code.len() - code.trim_start_matches(|letter: char| letter.is_ascii_uppercase()).len();
    let length = match &code[..letters] {
        // Two linters share each of these letters.
        "C" if code.starts_with("C4") => 2,
        "C" | "T" => 3,
        _ => letters,
    };
    code.get(..length).unwrap_or(code)
}

fn parsed(text: &str) -> DocumentMut {
    text.parse().unwrap_or_default()
}

fn strings(item: Option<&Item>) -> Vec<String> {
    let items = item.and_then(Item::as_array).into_iter().flatten();
    items.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn rules_of(document: &DocumentMut) -> BTreeMap<String, Rule> {
    let rules = document.get("rules").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    let rule = |(code, item): (&str, &Item)| {
        let [state, name] = <[String; 2]>::try_from(strings(Some(item))).ok()?;
        let state = match state.as_str() {
            "stable" => State::Stable,
            "preview" => State::Preview,
            "deprecated" => State::Deprecated,
            _ => State::Removed,
        };
        Some((code.to_owned(), Rule { code: code.to_owned(), name, state }))
    };
    rules.filter_map(rule).collect()
}

fn conventions_of(document: &DocumentMut, table: &str) -> BTreeMap<String, BTreeSet<String>> {
    let conventions = document.get(table).and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    conventions.map(|(name, item)| (name.to_owned(), strings(Some(item)).into_iter().collect())).collect()
}

fn families_of(document: &DocumentMut) -> Vec<Family> {
    let families = document.get("family").and_then(Item::as_array_of_tables).into_iter().flatten();
    let family = |table: &toml_edit::Table| {
        let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
        let flag = |key: &str| table.get(key).and_then(Item::as_bool).unwrap_or_default();
        let codes = table.get("codes").and_then(Item::as_table_like).map(|codes| {
            let pair = |(ruff, flake8): (&str, &Item)| Some((ruff.to_owned(), flake8.as_str()?.to_owned()));
            codes.iter().filter_map(pair).collect()
        });
        Family {
            flake8: text("flake8"),
            ruff: text("ruff"),
            base: flag("base"),
            off: flag("off"),
            renamed: flag("renamed"),
            plugins: strings(table.get("plugins")),
            default_ignore: strings(table.get("default-ignore")),
            options: strings(table.get("options")),
            codes,
        }
    };
    families.map(family).collect()
}
