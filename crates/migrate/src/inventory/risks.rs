//! What may go wrong, and what to do about it.

mod calls;
mod lines;
mod packages;
mod versions;

use uvshift_diagnostics::Code;
use uvshift_project::Provenance;

use super::Given;
use super::listed::Listed;
use super::model::{Inventory, Risk, RiskSeverity};

/// Every risk, the most severe first, then by code.
pub(super) fn all(
    given: &Given<'_>,
    inventory: &Inventory,
    listed: &[Listed],
    secrets: &[Provenance],
    pip_settings: &[Provenance],
) -> Vec<Risk> {
    let mut risks = packages::risks(given, inventory, listed);
    risks.extend(calls::risks(inventory));
    risks.extend(lines::risks(given, secrets, pip_settings));
    risks.extend(versions::risks(inventory));
    for risk in &mut risks {
        risk.places.sort();
        risk.places.dedup();
    }
    risks.sort_by_key(|risk| (risk.severity, risk.code.id()));
    risks
}

/// A risk without places.
fn risk(
    code: Code,
    severity: RiskSeverity,
    what: impl Into<String>,
    why: impl Into<String>,
    mitigation: impl Into<String>,
) -> Risk {
    Risk {
        code,
        severity,
        package: None,
        what: what.into(),
        places: Vec::new(),
        why: why.into(),
        mitigation: mitigation.into(),
    }
}

impl Risk {
    /// The same about one package.
    fn about(self, package: &str) -> Self {
        Self { package: Some(package.to_owned()), ..self }
    }

    /// The same with places.
    fn at(mut self, places: impl IntoIterator<Item = Provenance>) -> Self {
        self.places.extend(places);
        self
    }
}

/// `a`, `a and b`, `a, b and c`.
fn joined_words<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// `1 line calls`, `2 lines call`: the count, the noun, and the verb as it is after one and after more.
fn counted(count: usize, noun: &str, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {noun} {one}") } else { format!("{count} {noun}s {more}") }
}
