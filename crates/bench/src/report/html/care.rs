//! Warnings: all in one list, and by the figures that they are about.

use std::fmt::Write;

use crate::model::{Run, Series, Warning, WarningKind};
use crate::report::page::escaped;

/// The warnings of a run.
pub(super) struct Care<'a> {
    warnings: Vec<(usize, &'a Warning, Vec<&'a str>)>,
}

impl<'a> Care<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let parts = |warning: &'a Warning| {
            let place = warning.place.as_deref().unwrap_or_default();
            place.split(['/', ',', ':', ' ']).filter(|part| !part.is_empty()).collect()
        };
        Self { warnings: (1..).zip(&run.warnings).map(|(number, it)| (number, it, parts(it))).collect() }
    }

    /// The list, where there is anything to know.
    pub(super) fn section(&self, out: &mut String) {
        if self.warnings.is_empty() {
            return;
        }
        out.push_str(
            "<section id=\"care\" class=\"care\" aria-labelledby=\"care-title\">\n<h2 id=\"care-title\">Before you believe a figure</h2>\n<ul>\n",
        );
        for (number, warning, _) in &self.warnings {
            let place = warning
                .place
                .as_deref()
                .map(|place| format!("<b>{}</b> ", escaped(place)))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "<li id=\"warning-{number}\"><span class=\"tag warn\">{}</span> {place}{}</li>",
                words(warning.kind),
                escaped(&warning.message)
            );
        }
        out.push_str("</ul>\n</section>\n");
    }

    /// Links to the warnings that are about this series and not about all of them.
    pub(super) fn tags(&self, series: &Series) -> String {
        let mine = [series.scenario.as_str(), series.operation.id(), series.contender.as_str()];
        let about = self
            .warnings
            .iter()
            .filter(|(_, _, parts)| !parts.is_empty() && parts.iter().all(|part| mine.contains(part)));
        let tags: Vec<String> = about
            .map(|(number, warning, _)| {
                format!(
                    "<a class=\"tag warn\" href=\"#warning-{number}\" title=\"{}\">{}</a>",
                    escaped(&warning.message),
                    words(warning.kind)
                )
            })
            .collect();
        tags.join(" ")
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
    }
}
