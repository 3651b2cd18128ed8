//! Two runs.

use crate::model::Run;
use crate::report::chart::ChartError;
use crate::report::chart::plot::Plot;

/// The later run against the earlier one.
pub(in crate::report) fn comparison_plot(before: &Run, after: &Run) -> Result<Plot, ChartError> {
    let _ = (before, after);
    Err(ChartError::Nothing { missing: "not yet" })
}
