//! Sets of versions on the line that PEP 440 orders them on.

use pep440_rs::Version;

use super::clause::is_release;

/// A place between versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edge {
    Start,
    At(Version, Side),
    End,
}

/// On which side of a version an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Before,
    After,
}

/// Ranges in order, none of which touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(Edge, Edge)>);

/// More `!=X.*` than anybody wants to read.
const MOST_GAPS: u64 = 32;

impl Ranges {
    pub(super) fn all() -> Self {
        Self(vec![(Edge::Start, Edge::End)])
    }

    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// `>=VERSION`
    pub(super) fn from(version: &Version) -> Self {
        Self(vec![(Edge::At(version.clone(), Side::Before), Edge::End)])
    }

    /// `<VERSION`, pre-releases of it included.
    pub(super) fn below(version: &Version) -> Self {
        Self(vec![(Edge::Start, Edge::At(version.clone(), Side::Before))])
    }

    /// `<=VERSION`
    pub(super) fn up_to(version: &Version) -> Self {
        Self(vec![(Edge::Start, Edge::At(version.clone(), Side::After))])
    }

    /// `==VERSION`
    pub(super) fn exactly(version: &Version) -> Self {
        Self::from(version).intersection(&Self::up_to(version))
    }

    /// `>=FROM,<BELOW`
    pub(super) fn between(from: &Version, below: &Version) -> Self {
        Self::from(from).intersection(&Self::below(below))
    }

    /// The ranges with their edges.
    pub(super) fn as_slice(&self) -> &[(Edge, Edge)] {
        &self.0
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|left| other.0.iter().map(move |right| (left, right)));
        let common = |((from, to), (other_from, other_to)): (&(Edge, Edge), &(Edge, Edge))| {
            let (from, to) = (from.max(other_from), to.min(other_to));
            (from < to).then(|| (from.clone(), to.clone()))
        };
        Self(pairs.filter_map(common).collect())
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        let mut all: Vec<_> = self.0.iter().chain(&other.0).cloned().collect();
        all.sort();
        let mut merged: Vec<(Edge, Edge)> = Vec::new();
        for (from, to) in all {
            match merged.last_mut() {
                Some((_, known)) if *known >= from => {
                    if *known < to {
                        *known = to;
                    }
                }
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    pub(super) fn complement(&self) -> Self {
        let (mut gaps, mut at) = (Vec::new(), Edge::Start);
        for (from, to) in &self.0 {
            if at < *from {
                gaps.push((at, from.clone()));
            }
            at = to.clone();
        }
        if at < Edge::End {
            gaps.push((at, Edge::End));
        }
        Self(gaps)
    }

    /// One list of specifiers that comes as near as PEP 440 can: exact but for pre-releases of the bounds. None where a
    /// gap between two ranges cannot be written with `!=`.
    pub(super) fn to_specifiers(&self) -> Option<String> {
        let (Some((first, _)), Some((_, last))) = (self.0.first(), self.0.last()) else { return None };
        if let ([_], Edge::At(from, Side::Before), Edge::At(to, Side::After)) = (self.as_slice(), first, last)
            && from == to
        {
            return Some(format!("=={from}"));
        }
        let lower = match first {
            Edge::At(version, Side::Before) => Some(format!(">={}", shown(version))),
            Edge::At(version, Side::After) => Some(format!(">{version}")),
            Edge::Start | Edge::End => None,
        };
        let upper = match last {
            Edge::At(version, Side::Before) => Some(format!("<{}", shown(version))),
            Edge::At(version, Side::After) => Some(format!("<={version}")),
            Edge::Start | Edge::End => None,
        };
        let mut gaps = Vec::new();
        for pair in self.0.windows(2) {
            let [(_, end), (start, _)] = pair else { continue };
            gaps.extend(gap(end, start)?);
        }
        Some(lower.into_iter().chain(gaps).chain(upper).collect::<Vec<_>>().join(","))
    }
}

/// `1.2` for `1.2.dev0`, which is where `<1.2` and `==1.2.*` draw the line.
fn shown(version: &Version) -> Version {
    let stable = version.clone().with_dev(None);
    if version.dev() == Some(0) && !stable.any_prerelease() { stable } else { version.clone() }
}

/// What lies between two ranges, as `!=` clauses; nothing if only pre-releases do.
fn gap(end: &Edge, start: &Edge) -> Option<Vec<String>> {
    match (end, start) {
        (Edge::At(from, Side::Before), Edge::At(to, Side::After)) if from == to => {
            Some(vec![format!("!={from}")])
        }
        (Edge::At(from, Side::Before), Edge::At(to, Side::Before)) => {
            let (from, to) = (shown(from), shown(to));
            if !is_release(&from) || !is_release(&to) || from.epoch() != to.epoch() {
                return None;
            }
            prefixes(from.release(), to.release(), from.epoch())
        }
        _ => None,
    }
}

/// The prefixes from one release up to, and without, another: `3.0`, `3.1`, `3.2` from 3 to 3.3.
fn prefixes(from: &[u64], to: &[u64], epoch: u64) -> Option<Vec<String>> {
    let number = |release: &[u64], place: usize| release.get(place).copied().unwrap_or(0);
    let length = from.len().max(to.len());
    let mut found = Vec::new();
    let Some(first) = (0..length).find(|place| number(from, *place) != number(to, *place)) else {
        return Some(found);
    };
    // From 2.8 to 3.0 there are endless numbers that begin with 2.
    if from.iter().skip(first + 1).any(|number| *number > 0) {
        return None;
    }
    let epoch = if epoch == 0 { String::new() } else { format!("{epoch}!") };
    for place in first..length {
        let low = if place == first { number(from, place) } else { 0 };
        for value in low..number(to, place) {
            if found.len() as u64 >= MOST_GAPS {
                return None;
            }
            let before = (0..place).map(|place| number(to, place));
            let release: Vec<String> = before.chain([value]).map(|number| number.to_string()).collect();
            found.push(format!("!={epoch}{}.*", release.join(".")));
        }
    }
    Some(found)
}
