//! `[[tool.poetry.source]]`: package indexes with priorities.

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::{Index, Value};
use uvshift_requirements::{split_credentials, variables};

use super::constraint::Problem;
use super::metadata::wrong_type;
use super::value::{flag, get, text};
use super::{FILE, Reader};
use crate::convert::{index_name, secret_variables};
use crate::{IndexStrategy, Outcome, Provenance, codes, redacted};

const PATH: [&str; 3] = ["tool", "poetry", "source"];
/// Where the public index is.
const PUBLIC: &str = "https://pypi.org/simple";

/// When Poetry asks an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Priority {
    Default,
    Primary,
    Secondary,
    Supplemental,
    Explicit,
}

/// One index of Poetry.
struct Repository {
    name: String,
    /// None: the public index.
    url: Option<String>,
    priority: Priority,
    from: Provenance,
    text: String,
}

impl Repository {
    fn is_public(&self) -> bool {
        self.name.eq_ignore_ascii_case("pypi")
            || self.url.as_deref().is_some_and(|url| url.contains("://pypi.org/"))
    }
}

impl Reader<'_> {
    pub(super) fn sources(&mut self) {
        let Some(repositories) = self.repositories() else { return };
        let has_public = self.has_public_index(&repositories);
        let supplemental = repositories.iter().any(|one| one.priority == Priority::Supplemental);
        let in_order = |wanted: &[Priority]| -> Vec<usize> {
            (0..repositories.len())
                .filter(|at| wanted.contains(&repositories[*at].priority) && !repositories[*at].is_public())
                .collect()
        };
        let first = in_order(&[Priority::Primary, Priority::Secondary]);
        let last = in_order(&[Priority::Default]);
        let after = in_order(&[Priority::Supplemental]);
        let explicit = in_order(&[Priority::Explicit]);
        let public_is_named = has_public
            && (supplemental
                || repositories.iter().any(|one| one.is_public() && one.priority == Priority::Explicit));
        for at in explicit {
            self.add(&repositories[at], false);
        }
        let ordered: Vec<usize> = first.into_iter().chain(last).collect();
        let public_is_last = has_public && !supplemental;
        for (place, at) in ordered.iter().enumerate() {
            let is_last = place + 1 == ordered.len() && !public_is_last && after.is_empty();
            self.add(&repositories[*at], is_last);
        }
        if public_is_named {
            self.public_index();
        }
        for (place, at) in after.iter().enumerate() {
            self.add(&repositories[*at], place + 1 == after.len());
        }
        for public in repositories.iter().filter(|one| one.is_public()) {
            self.indexes.push((public.name.clone(), public_is_named.then(|| "pypi".to_owned())));
            let to = if public_is_named { "tool.uv.index pypi" } else { "the index that uv has by default" };
            self.out.ledger.add(public.from.clone(), &public.text, Outcome::Carried { to: to.to_owned() });
        }
        self.settle_order();
    }

    /// Every source, or nothing if one cannot be read.
    fn repositories(&mut self) -> Option<Vec<Repository>> {
        let Some(Value::Array(items)) = self.document.value(&PATH) else {
            self.refuse(&PATH, wrong_type("an array of tables"));
            return None;
        };
        let lines: Vec<usize> = match self.document.get(&PATH).and_then(|item| item.as_array_of_tables()) {
            Some(tables) => tables
                .iter()
                .map(|table| table.span().map_or(1, |span| self.document.line(span.start)))
                .collect(),
            None => vec![self.at(&PATH).line; items.len()],
        };
        let mut found = Vec::new();
        for (item, line) in items.iter().zip(lines) {
            let from = Provenance::new(FILE, line);
            let text = redacted(&format!("[[tool.poetry.source]] {}", super::value::shown(item)));
            match repository(item, from.clone(), text.clone()) {
                Ok(one) => found.push(one),
                Err(Problem { why, advice }) => {
                    self.out.ledger.add(from, text, Outcome::Refused { why, advice });
                }
            }
        }
        Some(found)
    }

    /// Whether Poetry asks the public index, too: Poetry 2 does not once there is another primary one.
    fn has_public_index(&self, repositories: &[Repository]) -> bool {
        if repositories.iter().any(Repository::is_public) {
            return true;
        }
        if repositories.iter().any(|one| one.priority == Priority::Default) {
            return false;
        }
        let asked = |one: &&Repository| matches!(one.priority, Priority::Primary | Priority::Secondary);
        if repositories.iter().find(asked).is_none() {
            return true;
        }
        match &self.facts.lock {
            Some(lock) => lock
                .packages
                .iter()
                .any(|package| matches!(package.source, uvshift_lockfile::Source::Index(None))),
            None => repositories.iter().any(|one| one.priority == Priority::Secondary),
        }
    }

    fn add(&mut self, repository: &Repository, is_default: bool) {
        let Repository { name, url, priority, from, text } = repository;
        let Some(url) = url else { return };
        let (clean, credentials) = split_credentials(url);
        if variables(&clean).next().is_some() {
            let outcome = Outcome::Refused {
                why: "uv does not expand variables in pyproject.toml".to_owned(),
                advice: "write the URL out".to_owned(),
            };
            return self.out.ledger.add(from.clone(), text, outcome);
        }
        let taken: Vec<String> =
            self.out.manifest.indexes.iter().filter_map(|index| index.name.clone()).collect();
        let valid = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let fits = !name.is_empty() && name.chars().all(valid) && !taken.contains(name);
        let written = if fits { name.clone() } else { index_name(&clean, &taken) };
        self.indexes.push((name.clone(), Some(written.clone())));
        self.out.manifest.indexes.push(Index {
            name: Some(written.clone()),
            url: clean,
            default: is_default,
            explicit: *priority == Priority::Explicit,
            format: None,
        });
        let mut reasons = Vec::new();
        if let Some(credentials) = credentials {
            for secret in secret_variables(&written, &credentials, from) {
                if !self.out.manifest.secrets.iter().any(|known| known.name == secret.name) {
                    self.out.manifest.secrets.push(secret);
                }
            }
            self.credentials_note("set the variables that the report names where uv runs");
            reasons.push("without its credentials");
        }
        if *priority == Priority::Supplemental {
            reasons.push("behind the public index, which has a place in the list now");
        }
        let to = format!("tool.uv.index {written}");
        let outcome = if reasons.is_empty() {
            Outcome::Carried { to }
        } else {
            Outcome::Changed { to, why: reasons.join("; ") }
        };
        self.out.ledger.add(from.clone(), text, outcome);
    }

    fn public_index(&mut self) {
        let name = Some("pypi".to_owned());
        self.out.manifest.indexes.push(Index { name, url: PUBLIC.to_owned(), ..Index::default() });
    }

    /// Poetry takes the best version of all primary indexes, uv the first index that has the package.
    fn settle_order(&mut self) {
        let asked = |index: &&Index| !index.explicit;
        let indexes = &self.out.manifest.indexes;
        let several =
            indexes.iter().filter(asked).count() > usize::from(indexes.iter().any(|index| index.default));
        if !several {
            return;
        }
        let from = self.at(&PATH);
        let found = Diagnostic::warning(codes::M003, "the packages come from more than one index")
            .in_file(FILE, from.line);
        let found = found.with_uv(
            "stops at the first index that has the package, which is safer against dependency confusion",
        );
        let help = match self.given.options.index_strategy {
            IndexStrategy::BestMatch => {
                self.out.manifest.uv.index_strategy = Some("unsafe-best-match".to_owned());
                "`index-strategy = \"unsafe-best-match\"` keeps Poetry's choice; name the index of each private package \
                 in [tool.uv.sources] and remove it, or pass `--index-strategy first-index`"
            }
            IndexStrategy::FirstIndex => "the versions may differ from those that Poetry chose",
        };
        self.out.diagnostics.push(found.with_help(help));
    }
}

fn repository(item: &Value, from: Provenance, shown: String) -> Result<Repository, Problem> {
    let string = |key: &str| get(item, key).and_then(text).map(str::to_owned);
    let name = string("name").ok_or_else(|| wrong_type("a table with a name"))?;
    let set = |key: &str| get(item, key).and_then(flag) == Some(true);
    let priority = match string("priority").map(|priority| priority.to_ascii_lowercase()).as_deref() {
        Some("default") => Priority::Default,
        Some("primary") => Priority::Primary,
        Some("secondary") => Priority::Secondary,
        Some("supplemental") => Priority::Supplemental,
        Some("explicit") => Priority::Explicit,
        Some(other) => {
            let why = format!("Poetry knows no priority `{other}`");
            return Err(Problem::new(why, "write primary, supplemental or explicit"));
        }
        None if set("default") => Priority::Default,
        None if set("secondary") => Priority::Secondary,
        None => Priority::Primary,
    };
    let url = string("url");
    if url.is_none() && !name.eq_ignore_ascii_case("pypi") {
        return Err(Problem::new("it has no `url`", "write the URL of the index"));
    }
    Ok(Repository { name, url, priority, from, text: shown })
}
