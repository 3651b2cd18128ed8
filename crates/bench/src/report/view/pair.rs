//! Who is compared with whom, and on what condition: pip compiles bytecode and uv does not, unless they are told otherwise.

use super::{Entry, is_about, usable};
use crate::model::{Operation, Run, Series};
use crate::statistics::{Bootstrap, Measure, Ratio, Summary, paired_ratio};

/// Two series that are compared.
#[derive(Debug, Clone)]
pub(crate) struct Pair<'a> {
    /// What the two have in common, or what tells them apart.
    pub(crate) condition: Condition,
    /// The one above the line of the ratio: pip.
    pub(crate) slow: Side<'a>,
    /// The one below: uv.
    pub(crate) fast: Side<'a>,
    /// How many times as fast the second one is; `None` where no two samples belong together.
    pub(crate) ratio: Option<Ratio>,
}

/// One of the two.
#[derive(Debug, Clone)]
pub(crate) struct Side<'a> {
    /// Its series.
    pub(crate) series: &'a Series,
    /// The name of the contender, for people.
    pub(crate) label: String,
    /// Its wall times.
    pub(crate) wall: Option<Summary>,
}

/// On what condition two series are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Both as they come: pip compiles bytecode, uv does not.
    AsTheyCome,
    /// Both compile bytecode.
    WithBytecode,
    /// Neither compiles bytecode.
    WithoutBytecode,
    /// As they come, with the newest pip.
    NewestPip,
    /// Both compile bytecode, with the newest pip.
    NewestPipWithBytecode,
    /// Environments that have no pip in them.
    WithoutPip,
    /// Contenders that nobody here knows.
    Others,
}

/// The condition, the id of pip, the id of uv.
const KNOWN: [(Condition, &str, &str); 6] = [
    (Condition::AsTheyCome, "pip", "uv"),
    (Condition::WithBytecode, "pip", "uv-bytecode"),
    (Condition::WithoutBytecode, "pip-no-compile", "uv"),
    (Condition::NewestPip, "pip-newest", "uv"),
    (Condition::NewestPipWithBytecode, "pip-newest", "uv-bytecode"),
    (Condition::WithoutPip, "venv-without-pip", "uv"),
];

impl Condition {
    /// Whether it says anything of an operation: bytecode is made when packages are installed.
    fn is_about(self, operation: Operation) -> bool {
        let installs =
            matches!(operation, Operation::InstallCold | Operation::InstallWarm | Operation::SyncAfterChange);
        match self {
            Self::AsTheyCome | Self::NewestPip | Self::Others => true,
            Self::WithBytecode | Self::WithoutBytecode | Self::NewestPipWithBytecode => installs,
            Self::WithoutPip => operation == Operation::CreateEnvironment,
        }
    }

    /// A few words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::AsTheyCome => "each as it comes",
            Self::WithBytecode => "both compile bytecode",
            Self::WithoutBytecode => "neither compiles bytecode",
            Self::NewestPip => "newest pip, as it comes",
            Self::NewestPipWithBytecode => "newest pip, both compile",
            Self::WithoutPip => "both without pip in them",
            Self::Others => "",
        }
    }
}

impl Pair<'_> {
    /// Whether the run has a warning about one of the two.
    pub(crate) fn needs_care(&self, run: &Run) -> bool {
        let mut both = [self.slow.series, self.fast.series].into_iter();
        both.any(|series| run.warnings.iter().any(|warning| is_about(warning, series)))
    }

    /// What the row of the pair is called.
    pub(crate) fn words(&self) -> String {
        match self.condition {
            Condition::Others => self.fast.label.clone(),
            condition => condition.words().to_owned(),
        }
    }
}

impl<'a> Side<'a> {
    fn of(entry: &Entry<'a>) -> Self {
        Self { series: entry.series, label: entry.row.label.clone(), wall: entry.row.wall.clone() }
    }
}

/// The pairs among the contenders of one operation. Where none of them is known, all are compared with the base.
pub(super) fn pairs<'a>(entries: &[Entry<'a>], base: &str, bootstrap: &Bootstrap) -> Vec<Pair<'a>> {
    let of = |id: &str| entries.iter().find(|it| it.series.contender == id).map(Side::of);
    let known: Vec<Pair> = KNOWN
        .iter()
        .filter(|(condition, ..)| entries.first().is_some_and(|it| condition.is_about(it.series.operation)))
        .filter_map(|(condition, slow, fast)| Some(pair(*condition, of(slow)?, of(fast)?, bootstrap)))
        .collect();
    if !known.is_empty() {
        return known;
    }
    let others = entries.iter().filter(|it| it.series.contender != base);
    let base = of(base);
    others
        .filter_map(|other| Some(pair(Condition::Others, base.clone()?, Side::of(other), bootstrap)))
        .collect()
}

fn pair<'a>(condition: Condition, slow: Side<'a>, fast: Side<'a>, bootstrap: &Bootstrap) -> Pair<'a> {
    let ratio = paired_ratio(slow.series, fast.series, Measure::Wall, bootstrap).and_then(usable);
    Pair { condition, slow, fast, ratio }
}
