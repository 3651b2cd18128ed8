//! Where a wheel can be installed.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};

use super::Comparison;
use crate::Wheel;

pub(super) fn compare(old: &Wheel, new: &Wheel, comparison: &mut Comparison) {
    let joined = |tags: &BTreeSet<String>| tags.iter().cloned().collect::<Vec<_>>().join(" ");
    let (before, after) = (tags(old), tags(new));
    if before != after {
        let universal = ["py2-none-any", "py3-none-any"].map(str::to_owned);
        if *before == BTreeSet::from(universal) && joined(after) == "py3-none-any" && needs_python_3(new) {
            comparison
                .accept("WHEEL", "no longer tagged for Python 2, which Requires-Python rules out anyway");
        } else {
            comparison.differ("WHEEL", "other tags", Some(&joined(before)), Some(&joined(after)));
        }
    }
    if old.info.purelib != new.info.purelib {
        let said = |wheel: &Wheel| if wheel.info.purelib { "true" } else { "false" };
        comparison.differ("WHEEL", "another Root-Is-Purelib", Some(said(old)), Some(said(new)));
    }
    let (before, after) = (old.file_name.build.as_deref(), new.file_name.build.as_deref());
    if before != after {
        comparison.differ("WHEEL", "another build tag", before, after);
    }
}

/// Installers go by the file name; both say the same in a valid wheel.
fn tags(wheel: &Wheel) -> &BTreeSet<String> {
    if wheel.info.tags.is_empty() { &wheel.file_name.tags } else { &wheel.info.tags }
}

fn needs_python_3(wheel: &Wheel) -> bool {
    let python = wheel.metadata.first("Requires-Python").map(VersionSpecifiers::from_str);
    let Some(Ok(python)) = python else { return false };
    ["2.6", "2.7", "2.7.18"].iter().all(|old| Version::from_str(old).is_ok_and(|old| !python.contains(&old)))
}
