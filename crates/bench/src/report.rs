//! What people read of a run: charts and pages.

mod chart;
pub mod comparison;
pub mod csv;
pub mod figures;
mod html;
pub mod markdown;
pub(crate) mod page;
pub mod style;
pub mod table;
mod view;
pub mod words;

pub use chart::{Chart, ChartError, comparison_forest, distributions, forest, medians};
pub use html::{comparison_html, html};
