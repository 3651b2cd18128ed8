//! Runs and comparisons as text for people and as tables for programs. All of it is pure: from a run to a text.

pub mod chart;
pub mod comparison;
pub mod csv;
mod date;
pub mod figures;
pub mod html;
pub mod markdown;
pub(crate) mod page;
pub mod style;
pub mod table;
mod view;
pub mod words;
