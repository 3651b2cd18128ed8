//! Which distribution a module is from, and how that is known.

mod environment;
mod spaces;
mod standard;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_installed::Environment;
use uvshift_lockfile::Lock;
use uvshift_requirements::normalize_name;

use environment::Installed;
pub use standard::{is_python2_standard_library, is_standard_library};

/// No more parts than this of a dotted name are looked at.
const MAXIMUM_PARTS: usize = 12;

/// Where the answers come from.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// What the user says: a module (dotted where it must be) and its distribution.
    pub told: BTreeMap<String, String>,
    /// An environment, whose `RECORD`s and `top_level.txt` say which modules are in which distribution.
    pub environment: Option<&'a Environment>,
    /// The lock: which of several candidates is there.
    pub lock: Option<&'a Lock>,
    /// The normalised names of what is declared: which of several candidates is meant.
    pub declared: Vec<String>,
}

/// Answers which distribution a module is from.
#[derive(Debug, Default)]
pub struct ModuleMap {
    told: BTreeMap<String, Arc<str>>,
    installed: Option<Installed>,
    locked: HashSet<String>,
    declared: HashSet<String>,
    /// Names of the project, declared or locked, by their squashed form.
    squashed: HashMap<String, String>,
}

/// The distributions that can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mapped {
    /// Normalised names, the likeliest first; never empty.
    pub distributions: Vec<Arc<str>>,
    /// How that is known.
    pub by: MappedBy,
}

/// How a distribution is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MappedBy {
    /// The user said so.
    Told,
    /// The environment has the module in this distribution.
    Environment,
    /// The lock has the distribution, and a table or the name says that the module is in it.
    Lock,
    /// The table of distributions whose modules have other names.
    Table,
    /// The sub-module of a namespace that several distributions share.
    Namespace,
    /// Nobody knows; the name of the module, with `-` for `_`.
    Guess,
}

impl MappedBy {
    /// Every way.
    pub const ALL: [Self; 6] =
        [Self::Told, Self::Environment, Self::Lock, Self::Table, Self::Namespace, Self::Guess];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Environment => "environment",
            Self::Lock => "lock",
            Self::Table => "table",
            Self::Namespace => "namespace",
            Self::Guess => "guess",
        }
    }
}

/// The modules of a distribution, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provided {
    /// Dotted where a name space is shared; never empty.
    pub modules: Vec<Arc<str>>,
    /// How that is known.
    pub by: MappedBy,
}

/// The Python versions that a project is for, as minor versions of Python 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pythons {
    /// The oldest, such as 9 for Python 3.9.
    pub oldest: u8,
    /// The newest.
    pub newest: u8,
}

/// The versions of Python 3 that anybody still has, and the next one.
const KNOWN: RangeInclusive<u8> = 8..=15;

impl Default for Pythons {
    /// Every version that anybody still has, and the next one.
    fn default() -> Self {
        Self { oldest: *KNOWN.start(), newest: *KNOWN.end() }
    }
}

impl Pythons {
    /// The versions that a range such as `>=3.10` allows; all where it allows none or is no range.
    pub fn of_range(requires_python: &str) -> Self {
        let Ok(range) = requires_python.parse::<VersionSpecifiers>() else { return Self::default() };
        let is_allowed = |minor: &u8| {
            // A bound such as `>=3.9.2` or `<3.13` is met by some patch of the version.
            [0, 99].iter().any(|patch| range.contains(&Version::new([3, u64::from(*minor), *patch])))
        };
        let mut allowed = KNOWN.filter(is_allowed);
        let Some(oldest) = allowed.next() else { return Self::default() };
        Self { oldest, newest: allowed.next_back().unwrap_or(oldest) }
    }
}

/// Whether a distribution, by its normalised name, is in the tables: their modules are known.
pub fn is_well_known(distribution: &str) -> bool {
    table::is_plain(distribution) || table::modules(distribution).next().is_some()
}

impl ModuleMap {
    /// Reads what the sources hold.
    pub fn new(sources: &Sources<'_>) -> Self {
        let told = sources.told.iter().map(|(module, name)| (module.clone(), normalize_name(name).into()));
        let locked =
            sources.lock.into_iter().flat_map(|lock| &lock.packages).map(|package| package.name.clone());
        let locked: HashSet<String> = locked.map(|name| normalize_name(&name)).collect();
        let declared: HashSet<String> = sources.declared.iter().map(|name| normalize_name(name)).collect();
        let squashed =
            locked.iter().chain(&declared).map(|name| (spaces::squashed(name), name.clone())).collect();
        Self {
            told: told.collect(),
            installed: sources.environment.map(Installed::new),
            locked,
            declared,
            squashed,
        }
    }

    /// The distributions that an import of `module` (dotted) can mean; `names` are what a `from` statement takes out of it, since these
    /// can be sub-modules. Where they are from several distributions, this is the first; [`resolve_all`](Self::resolve_all) gives all.
    /// None for the standard library is not given here: ask [`is_standard_library`] first.
    pub fn resolve(&self, module: &str, names: &[Arc<str>]) -> Mapped {
        self.resolve_one(self.keys(module, names).next().as_deref().unwrap_or(module))
    }

    /// What an import means, once for each distribution: `from google.cloud import storage, bigquery` means two. Never empty.
    pub fn resolve_all(&self, module: &str, names: &[Arc<str>]) -> Vec<Mapped> {
        let mut found: Vec<Mapped> = Vec::new();
        let mut seen: HashSet<Vec<Arc<str>>> = HashSet::new();
        for key in self.keys(module, names) {
            let mapped = self.resolve_one(&key);
            if seen.insert(mapped.distributions.clone()) {
                found.push(mapped);
            }
        }
        if found.is_empty() {
            found.push(self.resolve_one(module));
        }
        found
    }

    /// The modules of a distribution as far as they are known: those that the environment has, those of the tables, or the name with `_`
    /// for `-`.
    pub fn provides(&self, distribution: &str) -> Provided {
        let distribution = normalize_name(distribution);
        let told: Vec<Arc<str>> = self
            .told
            .iter()
            .filter(|(_, name)| ***name == *distribution)
            .map(|(module, _)| module.as_str().into())
            .collect();
        if !told.is_empty() {
            return Provided { modules: told, by: MappedBy::Told };
        }
        if let Some(modules) = self.installed.as_ref().and_then(|installed| installed.modules(&distribution))
        {
            return Provided { modules: modules.to_vec(), by: MappedBy::Environment };
        }
        let mut modules: Vec<Arc<str>> = table::modules(&distribution).map(Arc::from).collect();
        let mut by = MappedBy::Table;
        if modules.is_empty() {
            modules = spaces::modules(&distribution).into_iter().map(Arc::from).collect();
            by = MappedBy::Namespace;
        }
        if modules.is_empty() {
            modules.push(distribution.replace('-', "_").into());
            by = MappedBy::Guess;
        }
        Provided { modules, by }
    }

    /// Whether parts of a top-level module are from several distributions, so that what lies below it counts.
    pub fn is_shared(&self, top: &str) -> bool {
        spaces::is_space(top)
            || self.installed.as_ref().is_some_and(|installed| installed.is_shared(top))
            || self.told.keys().any(|told| told.strip_prefix(top).is_some_and(|rest| rest.starts_with('.')))
    }

    /// The dotted names that say what an import takes: with each of `names` where parts of the module are from several distributions.
    fn keys<'n>(
        &self,
        module: &'n str,
        names: &'n [Arc<str>],
    ) -> impl Iterator<Item = std::borrow::Cow<'n, str>> {
        use std::borrow::Cow;
        let top = module.split('.').next().unwrap_or_default();
        let names = if self.is_shared(top) { names } else { &[] };
        let whole = (names.is_empty()).then_some(Cow::Borrowed(module));
        let parts = names.iter().map(move |name| match &**name {
            "*" => Cow::Borrowed(module),
            name => Cow::Owned(format!("{module}.{name}")),
        });
        whole.into_iter().chain(parts)
    }

    fn resolve_one(&self, module: &str) -> Mapped {
        // Every head of the name is looked up, so a name of a million parts must not be.
        let end = module.match_indices('.').nth(MAXIMUM_PARTS).map_or(module.len(), |(at, _)| at);
        let module = module.get(..end).unwrap_or(module);
        if let Some(name) = prefixes(module).find_map(|prefix| self.told.get(prefix)) {
            return Mapped { distributions: vec![Arc::clone(name)], by: MappedBy::Told };
        }
        if let Some(names) = self.installed.as_ref().and_then(|installed| installed.distributions(module)) {
            return self.ordered(names.to_vec(), MappedBy::Environment);
        }
        let top = module.split('.').next().unwrap_or_default();
        if spaces::is_space(top)
            && let Some(mapped) = self.in_space(module)
        {
            return mapped;
        }
        let mut names: Vec<Arc<str>> = table::distributions(top).map(Arc::from).collect();
        names.extend(self.declared_for_cuda(top));
        if names.is_empty() { self.guess(top) } else { self.ordered(names, MappedBy::Table) }
    }

    /// Declared builds of a distribution for a version of CUDA, such as `rmm-cu13` for `rmm`: the table cannot know the next version.
    fn declared_for_cuda(&self, top: &str) -> Option<Arc<str>> {
        let name = normalize_name(top);
        let is_for_cuda = |declared: &&String| {
            let version = declared.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix("-cu"));
            version.is_some_and(|version| {
                !version.is_empty() && version.chars().all(|letter| letter.is_ascii_digit())
            })
        };
        self.declared.iter().filter(is_for_cuda).min().map(|name| name.as_str().into())
    }

    fn in_space(&self, module: &str) -> Option<Mapped> {
        if spaces::is_space_itself(module) {
            // The name space itself is imported: what is declared in it must be meant.
            let within = self.declared.iter().filter(|name| spaces::is_named_after(name, module));
            let mut declared: Vec<Arc<str>> = within.map(|name| name.as_str().into()).collect();
            if !declared.is_empty() {
                declared.sort_unstable();
                return Some(Mapped { distributions: declared, by: MappedBy::Namespace });
            }
        }
        let project = |squashed: &str| self.squashed.get(squashed).cloned();
        let names: Vec<Arc<str>> = spaces::candidates(module, &project).into_iter().map(Arc::from).collect();
        (!names.is_empty()).then(|| self.ordered(names, MappedBy::Namespace))
    }

    /// The name of the module; where the project has no such distribution, one whose name has a usual addition comes first.
    fn guess(&self, top: &str) -> Mapped {
        let normalized = normalize_name(top);
        // No name begins or ends with a hyphen, as that of a private module would.
        let guess = match normalized.trim_matches('-') {
            "" => normalized,
            trimmed => trimmed.to_owned(),
        };
        let mut names: Vec<Arc<str>> = vec![guess.as_str().into()];
        if table::is_plain(&guess) {
            return self.ordered(names, MappedBy::Table);
        }
        if !self.declared.contains(&guess) && !self.locked.contains(&guess) {
            names.extend(self.declared_like(&guess).map(Arc::from));
        }
        self.ordered(names, MappedBy::Guess)
    }

    /// A declared distribution whose name is `guess` with a usual addition, and whose modules nothing else tells.
    fn declared_like(&self, guess: &str) -> Option<String> {
        let known = [
            format!("python-{guess}"),
            format!("{guess}-python"),
            format!("py{guess}"),
            format!("py-{guess}"),
            format!("{guess}-py"),
            format!("python3-{guess}"),
            format!("django-{guess}"),
            format!("{guess}-sdk"),
            format!("{guess}-client"),
        ];
        let squashed = self.squashed.get(&spaces::squashed(guess)).cloned();
        known
            .into_iter()
            .chain(squashed)
            .find(|name| self.declared.contains(name) && self.provides(name).by == MappedBy::Guess)
    }

    /// Those that are declared first, then those that are locked.
    fn ordered(&self, mut names: Vec<Arc<str>>, by: MappedBy) -> Mapped {
        names.sort_by_key(|name| (!self.declared.contains(&**name), !self.locked.contains(&**name)));
        let is_locked = names.first().is_some_and(|name| self.locked.contains(&**name));
        let by = if is_locked && by != MappedBy::Environment { MappedBy::Lock } else { by };
        Mapped { distributions: names, by }
    }
}

/// A dotted name and the names above it, the longest first.
fn prefixes(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |module| Some(module.rsplit_once('.')?.0))
}

#[cfg(test)]
mod tests;
