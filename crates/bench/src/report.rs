//! What people read of a run: charts and pages.

mod chart;
mod html;
pub(crate) mod page;
pub mod words;

pub use chart::{Chart, ChartError, comparison_forest, distributions, forest, medians};
pub use html::{comparison_html, html};
