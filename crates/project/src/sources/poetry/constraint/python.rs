//! `Requires-Python` as poetry-core derives it from `python` (`format_python_constraint`).

use pep440_rs::Version;

use super::Constraint;
use super::clause::Clause;
use super::ranges::{Edge, Ranges, Side};

/// The last 3.x that poetry-core 2.5 knows of.
const LAST_MINOR: u64 = 15;

pub(super) fn requires_python(constraint: &Constraint) -> Option<String> {
    let ranges = constraint.ranges(Clause::raw_ranges);
    match ranges.as_slice() {
        [] => None,
        [(from, to)] => one_range(from, to),
        _ => Some(without_the_others(&ranges)),
    }
}

fn one_range(from: &Edge, to: &Edge) -> Option<String> {
    let single = match (from, to) {
        (Edge::At(from, Side::Before), Edge::At(to, Side::After)) if from == to => Some(from),
        _ => None,
    };
    if let Some(version) = single {
        // poetry-core takes `3` for `^3.0` and `3.8` for `~3.8`.
        let wider = match version.release() {
            [major] => format!("^{major}.0"),
            [major, minor] => format!("~{major}.{minor}"),
            _ => return Some(format!("=={version}")),
        };
        let ranges = Clause::parse(&wider).ok()?.raw_ranges();
        return ranges.as_slice().first().and_then(|(from, to)| one_range(from, to));
    }
    let lower = match from {
        Edge::At(version, Side::Before) => Some(format!(">={version}")),
        Edge::At(version, Side::After) => Some(format!(">{version}")),
        Edge::Start | Edge::End => None,
    };
    let upper = match to {
        Edge::At(version, Side::Before) => Some(format!("<{version}")),
        Edge::At(version, Side::After) => Some(format!("<={version}")),
        Edge::Start | Edge::End => None,
    };
    let text = lower.into_iter().chain(upper).collect::<Vec<_>>().join(",");
    (!text.is_empty()).then_some(text)
}

/// From the first Python that a choice allows, without each one that it does not.
fn without_the_others(ranges: &Ranges) -> String {
    let (mut first, mut excluded) = (None, Vec::new());
    for (major, minor) in std::iter::once((2, 7)).chain((0..=LAST_MINOR).map(|minor| (3, minor))) {
        let version = Version::new([major, minor]);
        let prefix = Clause::Prefix { version, inverted: false }.ranges();
        if ranges.intersection(&prefix).as_slice().is_empty() {
            excluded.push(format!("!={major}.{minor}.*"));
        } else if first.is_none() {
            first = Some(format!(">={major}.{minor}"));
        }
    }
    let lowest = || match ranges.as_slice().first() {
        Some((Edge::At(version, _), _)) => {
            let numbers: Vec<String> = version.release().iter().take(2).map(u64::to_string).collect();
            Some(format!(">={}", numbers.join(".")))
        }
        _ => None,
    };
    first.or_else(lowest).into_iter().chain(excluded).collect::<Vec<_>>().join(", ")
}
