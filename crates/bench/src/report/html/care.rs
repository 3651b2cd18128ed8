//! Warnings: all in one list, and by the figures that they are about.

use std::fmt::Write;

use crate::model::{Run, Series, Warning, WarningKind};
use crate::report::figures::warnings;
use crate::report::page::escaped;
use crate::report::view::is_about;
use crate::statistics::{NoiseReason, noise};

/// The warnings of a run.
pub(super) struct Care {
    warnings: Vec<(usize, Warning)>,
    cores: usize,
}

impl Care {
    pub(super) fn of(run: &Run) -> Self {
        Self { warnings: (1..).zip(warnings(run)).collect(), cores: run.machine.cores }
    }

    /// The list, where there is anything to know.
    pub(super) fn section(&self, out: &mut String) {
        if self.warnings.is_empty() {
            return;
        }
        out.push_str(
            "<section id=\"care\" class=\"care\" aria-labelledby=\"care-title\">\n<h2 id=\"care-title\">Before you believe a figure</h2>\n<ul>\n",
        );
        for (number, warning) in &self.warnings {
            let place = warning
                .place
                .as_deref()
                .map(|place| format!("<b>{}</b> ", escaped(place)))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "<li id=\"warning-{number}\"><span class=\"tag warn\">{}</span> {place}{}</li>",
                words(warning.kind),
                with_code(&warning.message)
            );
        }
        out.push_str("</ul>\n</section>\n");
    }

    /// Links to the warnings that are about this series alone, and what its samples tell.
    pub(super) fn tags(&self, series: &Series) -> String {
        let told = self.warnings.iter().filter(|(_, warning)| is_about(warning, series)).map(|it| it.1.kind);
        let reasons = noise(series, self.cores).map(|noise| noise.reasons).unwrap_or_default();
        let mut kinds: Vec<WarningKind> = told.chain(reasons.into_iter().map(kind_of)).collect();
        let mut seen = Vec::new();
        kinds.retain(|kind| {
            let is_new = !seen.contains(kind);
            seen.push(*kind);
            is_new
        });
        kinds.into_iter().map(|kind| self.tag(kind, series)).collect::<Vec<_>>().join(" ")
    }

    /// Whether a warning says this.
    pub(super) fn tells(&self, words: &str) -> bool {
        self.warnings.iter().any(|(_, warning)| warning.message.contains(words))
    }

    fn tag(&self, kind: WarningKind, series: &Series) -> String {
        let mut here = self.warnings.iter().filter(|(_, warning)| warning.kind == kind);
        let first = here.clone().find(|(_, warning)| is_about(warning, series)).or_else(|| here.next());
        match first {
            Some((number, _)) => {
                format!("<a class=\"tag warn\" href=\"#warning-{number}\">{}</a>", words(kind))
            }
            None => format!("<span class=\"tag warn\">{}</span>", words(kind)),
        }
    }
}

fn kind_of(reason: NoiseReason) -> WarningKind {
    match reason {
        NoiseReason::Load | NoiseReason::Spread => WarningKind::Noise,
        NoiseReason::Outliers => WarningKind::Outliers,
        NoiseReason::SlowFirst => WarningKind::SlowFirst,
    }
}

/// A kind in a word or two.
fn words(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::Noise => "noise",
        WarningKind::Outliers => "outliers",
        WarningKind::SlowFirst => "slow first run",
        WarningKind::FewRuns => "few runs",
        WarningKind::Cache => "cache",
        WarningKind::Device => "two devices",
        WarningKind::OldPip => "old pip",
        WarningKind::Bytecode => "bytecode",
        WarningKind::Failed => "failed",
        WarningKind::Interrupted => "interrupted",
        WarningKind::Foreign => "other program",
    }
}

/// A text in which what stands between backticks is code.
fn with_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut out = String::new();
    for (place, part) in parts.iter().enumerate() {
        let _ = match (is_paired, place % 2) {
            (true, 1) => write!(out, "<code>{}</code>", escaped(part)),
            (false, 1..) => write!(out, "`{}", escaped(part)),
            _ => write!(out, "{}", escaped(part)),
        };
    }
    out
}
