//! Comparing pip's value of a marker with that of `pep508_rs` on one Python after the other.

use std::sync::LazyLock;

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};

use super::scan::MarkerVariable;
use super::tree::Marker;

/// A final release of Python: `python_version`, `python_full_version`, and the same for `pep508_rs`.
struct Python {
    short: String,
    full: String,
    environment: MarkerEnvironment,
}

/// The last and the next Pythons, each with a first, a second and a late patch release.
static PYTHONS: LazyLock<Vec<Python>> = LazyLock::new(|| {
    let minors = [(2, 6), (2, 7), (3, 0), (3, 1), (3, 4), (3, 5), (3, 6), (3, 7), (3, 8), (3, 9), (3, 10)];
    let later = (11..=16).map(|minor| (3, minor)).chain([(4, 0)]);
    let patches = |(major, minor)| [0, 1, 11].map(|patch| python(major, minor, patch));
    minors.into_iter().chain(later).flat_map(patches).flatten().collect()
});

fn python(major: u64, minor: u64, patch: u64) -> Option<Python> {
    let short = format!("{major}.{minor}");
    let full = format!("{short}.{patch}");
    let builder = MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: &full,
        os_name: "posix",
        platform_machine: "x86_64",
        platform_python_implementation: "CPython",
        platform_release: "6.1.0",
        platform_system: "Linux",
        platform_version: "#1",
        python_full_version: &full,
        python_version: &short,
        sys_platform: "linux",
    };
    let environment = MarkerEnvironment::try_from(builder).ok()?;
    Some(Python { short, full, environment })
}

/// The first Python on which the two disagree about a comparison of Python versions.
pub(super) fn disagreement(text: &str, tree: &MarkerTree) -> Option<&'static str> {
    let marker = Marker::parse(text).ok()?;
    let differs = |python: &&Python| {
        let pip = marker.evaluate(|variable| match variable {
            MarkerVariable::PythonVersion => Some(&python.short),
            MarkerVariable::PythonFullVersion | MarkerVariable::ImplementationVersion => Some(&python.full),
            _ => None,
        });
        pip != Ok(tree.evaluate(&python.environment, &[]))
    };
    PYTHONS.iter().find(differs).map(|python| python.full.as_str())
}
