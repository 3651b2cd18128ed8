//! Two answers side by side.

use std::collections::BTreeMap;

use super::model::{Chosen, Difference, Outcome, Status, Verdict};

/// How the answers to the requirement `name` compare, and what differs.
pub(super) fn compare(name: Option<&str>, pip: &Outcome, uv: &Outcome) -> (Verdict, Vec<Difference>) {
    let differences = match (pip.chosen(), uv.chosen()) {
        (Some(pip), Some(uv)) => differences(pip, uv),
        _ => Vec::new(),
    };
    let verdict = match (&pip.status, &uv.status) {
        (Status::NotTried(_), _) | (_, Status::NotTried(_)) => Verdict::NotTried,
        (Status::Resolved(pip), Status::Resolved(uv)) if pip.is_empty() && uv.is_empty() => {
            Verdict::DoesNotApply
        }
        (Status::Resolved(_), Status::Resolved(_)) if differences.is_empty() => Verdict::Same,
        (Status::Resolved(_), Status::Resolved(_)) => {
            let own = differences.iter().any(|difference| Some(difference.name.as_str()) == name);
            if own { Verdict::OtherVersion } else { Verdict::OtherDependencies }
        }
        (Status::Resolved(_), _) => Verdict::OnlyPip,
        (_, Status::Resolved(_)) => Verdict::OnlyUv,
        _ => Verdict::Neither,
    };
    (verdict, differences)
}

/// Whether both chose the same.
pub(super) fn agree(left: &Outcome, right: &Outcome) -> bool {
    match (left.chosen(), right.chosen()) {
        (Some(left), Some(right)) => differences(left, right).is_empty(),
        _ => false,
    }
}

/// What differs between what pip and what uv chose, sorted by name.
fn differences(pip: &[Chosen], uv: &[Chosen]) -> Vec<Difference> {
    let mut both: BTreeMap<&str, [Option<&Chosen>; 2]> = BTreeMap::new();
    for chosen in pip {
        both.entry(&chosen.name).or_default()[0] = Some(chosen);
    }
    for chosen in uv {
        both.entry(&chosen.name).or_default()[1] = Some(chosen);
    }
    let differ = both.into_iter().filter(|(_, pair)| !same(*pair));
    differ
        .map(|(name, pair)| Difference { name: name.to_owned(), pip: shown(pair[0]), uv: shown(pair[1]) })
        .collect()
}

fn same(pair: [Option<&Chosen>; 2]) -> bool {
    match pair {
        [Some(pip), Some(uv)] => match (&pip.version, &uv.version) {
            (Some(pip), Some(uv)) => same_version(pip, uv),
            // A source tree: both tools were given the same one.
            _ => true,
        },
        _ => false,
    }
}

/// Versions are compared as PEP 440 does: pip writes them as the metadata has them, uv normalises them.
fn same_version(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (left.parse::<pep440_rs::Version>(), right.parse::<pep440_rs::Version>()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

fn shown(chosen: Option<&Chosen>) -> Option<String> {
    chosen.map(|chosen| chosen.version.clone().unwrap_or_else(|| "from source".to_owned()))
}
