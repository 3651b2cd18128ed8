//! Which Pythons the project is tested with.

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_project::Tree;
use uvshift_pyproject::PyProject;

use crate::inventory::{Day, end_of_life};

/// The first release of each Python (the release schedules: PEP 569, 596, 619, 664, 693, 719, 745, 790).
const FIRST: [(u8, (u16, u8, u8)); 8] = [
    (8, (2019, 10, 14)),
    (9, (2020, 10, 5)),
    (10, (2021, 10, 4)),
    (11, (2022, 10, 24)),
    (12, (2023, 10, 2)),
    (13, (2024, 10, 7)),
    (14, (2025, 10, 7)),
    (15, (2026, 10, 1)),
];

/// A new Python is not the one to develop with before most packages have wheels for it.
const MONTHS_TO_SETTLE: u16 = 6;

#[derive(Debug, Default)]
pub(super) struct Pythons {
    /// Oldest first.
    pub(super) versions: Vec<String>,
    /// The one to develop with.
    pub(super) default: String,
}

/// The Pythons that `requires-python` allows and that are neither to come nor past their end of life on that day.
pub(super) fn read(tree: &Tree, document: &PyProject, today: Day) -> Pythons {
    let range: VersionSpecifiers =
        document.requires_python().and_then(|range| range.parse().ok()).unwrap_or_default();
    let allowed = |minor: u8| {
        let patches = [0, 1, 2, 9, 99];
        patches.iter().any(|patch| range.contains(&Version::new([3, u64::from(minor), *patch])))
    };
    let day = |(year, month, day): (u16, u8, u8)| Day { year, month, day };
    let released: Vec<(u8, Day)> = FIRST
        .iter()
        .map(|(minor, first)| (*minor, day(*first)))
        .filter(|(minor, first)| *first <= today && allowed(*minor))
        .collect();
    let is_supported = |minor: u8| end_of_life((3, minor)).is_none_or(|end| today <= end);
    let mut kept: Vec<(u8, Day)> =
        released.iter().filter(|(minor, _)| is_supported(*minor)).copied().collect();
    if kept.is_empty() {
        // A project that allows only old ones has to be tested with one of them.
        kept.extend(released.last());
    }
    let settled = kept.iter().rev().find(|(_, first)| months(*first) + MONTHS_TO_SETTLE <= months(today));
    let newest = settled.or(kept.last()).map(|(minor, _)| *minor);
    let pinned = pinned(tree).filter(|minor| kept.iter().any(|(known, _)| known == minor));
    let name = |minor: u8| format!("3.{minor}");
    Pythons {
        versions: kept.iter().map(|(minor, _)| name(*minor)).collect(),
        default: pinned.or(newest).map(name).unwrap_or_default(),
    }
}

/// The minor version of `.python-version`.
fn pinned(tree: &Tree) -> Option<u8> {
    let text = tree.text(".python-version")?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let version = line.trim_start_matches("cpython").trim_start_matches(['@', '-']);
    version.strip_prefix("3.")?.split('.').next()?.parse().ok()
}

/// Months since the year 0.
fn months(day: Day) -> u16 {
    day.year.saturating_mul(12).saturating_add(u16::from(day.month))
}
