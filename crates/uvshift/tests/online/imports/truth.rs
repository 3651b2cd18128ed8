//! What reading a project found, as it stands in `crates/depgraph/truth`.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// What there is to know about one project.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) sha256: String,
    /// What kind of project it is, in a few words.
    pub(crate) kind: String,
    /// What is installed for the tools.
    pub(crate) environment: Vec<String>,
    /// Options for deptry.
    pub(crate) deptry: Vec<String>,
    /// Requirements for deptry, where it cannot read setup.py.
    pub(crate) requirements: Vec<String>,
    pub(crate) requirements_dev: Vec<String>,
    /// What `dependencies` and extras list.
    pub(crate) declared: Vec<Fact>,
    /// What is imported beyond that.
    pub(crate) imported: Vec<Fact>,
    /// Whether it was read after the rules had been mended with the others, and before they had seen it.
    pub(crate) is_held_out: bool,
    /// What was put right after tools had been looked at, and why.
    pub(crate) corrected: Vec<String>,
}

/// What is true of one distribution.
#[derive(Debug)]
pub(crate) struct Fact {
    /// Its normalised name.
    pub(crate) package: String,
    /// Other distributions with the same modules.
    pub(crate) aliases: Vec<String>,
    /// What of it is imported.
    pub(crate) modules: Vec<String>,
    /// Whether an extra for those who work on the project lists it.
    pub(crate) is_for_development: bool,
    pub(crate) verdict: Verdict,
}

/// Extras that stand where newer projects have groups.
const DEVELOPMENT: [&str; 6] = ["dev", "docs", "lint", "test", "testing", "tests"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Used,
    Unused,
    /// It cannot be seen; whatever is said does not count.
    Open,
    Missing,
    Transitive,
    /// A defect of another kind: whatever is said does not count.
    Misplaced,
    /// Imported, not declared, and right so.
    NoDefect,
}

impl Truth {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a file of facts can be read");
        let document: DocumentMut =
            text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let root: &dyn TableLike = document.as_table();
        Self {
            name: word(root, "name"),
            version: word(root, "version"),
            sha256: word(root, "sha256"),
            kind: word(root, "kind"),
            environment: words(root, "environment"),
            deptry: words(root, "deptry"),
            requirements: words(root, "requirements"),
            requirements_dev: words(root, "requirements-dev"),
            declared: facts(root, "declared"),
            imported: facts(root, "imported"),
            is_held_out: root.get("held-out").and_then(Item::as_bool).unwrap_or_default(),
            corrected: words(root, "corrected"),
        }
    }

    /// How many requirements are unused.
    pub(crate) fn unused(&self) -> usize {
        self.declared.iter().filter(|fact| fact.verdict == Verdict::Unused).count()
    }

    /// How many distributions are imported without being declared.
    pub(crate) fn undeclared(&self) -> usize {
        let is = |fact: &&Fact| matches!(fact.verdict, Verdict::Missing | Verdict::Transitive);
        self.imported.iter().filter(is).count()
    }

    /// The distribution of a module, for a tool that names modules only.
    pub(crate) fn package_of(&self, module: &str) -> String {
        let is_below = |name: &String| name == module || name.starts_with(&format!("{module}."));
        let fact = self.imported.iter().find(|fact| fact.modules.iter().any(is_below));
        fact.map_or_else(|| normalized(module), |fact| fact.package.clone())
    }
}

/// A name as PEP 503 has it.
pub(crate) fn normalized(name: &str) -> String {
    name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}

fn facts(table: &dyn TableLike, key: &str) -> Vec<Fact> {
    let all = table.get(key).and_then(Item::as_array).unwrap_or_else(|| panic!("no list `{key}`"));
    all.iter().filter_map(Value::as_inline_table).map(|table| fact(table)).collect()
}

fn fact(table: &dyn TableLike) -> Fact {
    let package = word(table, "package");
    assert_eq!(package, normalized(&package), "names are normalised");
    let verdict = match word(table, "verdict").as_str() {
        "used" => Verdict::Used,
        "unused" => Verdict::Unused,
        "open" => Verdict::Open,
        "missing" => Verdict::Missing,
        "transitive" => Verdict::Transitive,
        "misplaced" => Verdict::Misplaced,
        "optional" | "test" | "elsewhere" => Verdict::NoDefect,
        other => panic!("{package}: `{other}` is no verdict"),
    };
    let scope = table.get("scope").and_then(Item::as_str);
    Fact {
        package,
        aliases: words(table, "aliases"),
        modules: words(table, "modules"),
        is_for_development: scope.is_some_and(|scope| DEVELOPMENT.contains(&scope)),
        verdict,
    }
}

fn word(table: &dyn TableLike, key: &str) -> String {
    table.get(key).and_then(Item::as_str).unwrap_or_else(|| panic!("no `{key}`")).to_owned()
}

fn words(table: &dyn TableLike, key: &str) -> Vec<String> {
    let all = table.get(key).and_then(Item::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}
