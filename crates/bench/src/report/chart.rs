//! Pictures of a run and of two runs, as SVG and as PNG.
//!
//! All of them are rows beside one axis. The files need no font, script or other file; the same run gives the same bytes.

mod build;
mod drawing;
mod fit;
mod ink;
mod plot;
mod scale;

use self::drawing::Drawing;
use self::plot::{Format, Head, Plot};
use super::view::View;
use crate::compare::Comparison;
use crate::model::Run;

pub(super) use build::{
    change_ratio, change_words, comparison_plot, contender, distributions_plot, few_words, forest_plot,
    medians_plot,
};
pub(super) use ink::style;

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    drawing: Drawing,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The run has nothing that such a picture could show.
    #[error("there is nothing to draw: {missing}")]
    Nothing {
        /// What is missing.
        missing: &'static str,
    },
    /// The run has no such scenario.
    #[error("the run has no scenario `{name}`, only {there}")]
    Scenario {
        /// The name that was asked for.
        name: String,
        /// The names that are there.
        there: String,
    },
    /// The picture could not be encoded.
    #[error("the picture cannot be written as PNG: {message}")]
    Png {
        /// Why not.
        message: String,
    },
}

impl ChartError {
    /// What one can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Nothing { .. } => Some("measure at least one scenario with two contenders"),
            Self::Scenario { .. } => None,
            Self::Png { .. } => Some("write the picture as SVG, or measure fewer scenarios in one run"),
        }
    }
}

impl Chart {
    fn of(plot: &Plot) -> Self {
        Self { drawing: plot.draw(Format::Wide, Head::Within) }
    }

    /// The picture as an SVG file, light or dark as the reader's system is.
    pub fn to_svg(&self) -> String {
        self.drawing.to_svg()
    }

    /// The picture as a PNG file, light, two pixels for each of the SVG.
    #[cfg(feature = "png")]
    pub fn to_png(&self) -> Result<Vec<u8>, ChartError> {
        self.drawing.to_png().map_err(|message| ChartError::Png { message })
    }
}

/// The picture within a page, which has its title and explanation: one form for wide windows and one for narrow ones.
pub(super) fn inline(plot: &Plot) -> String {
    let wide = plot.draw(Format::Wide, Head::Without).to_inline_svg("wide");
    wide + &plot.draw(Format::Narrow, Head::Without).to_inline_svg("narrow")
}

/// How many times as fast as pip uv is, on every condition that was measured: the median of the ratios of pairs and their interval of 95 %, on a logarithmic
/// axis with a line at 1, for every scenario and operation.
pub fn forest(run: &Run) -> Result<Chart, ChartError> {
    forest_plot(&View::of(run)).map(|plot| Chart::of(&plot))
}

/// Every sample of one scenario, on a logarithmic axis of times, with medians and quartiles.
pub fn distributions(run: &Run, scenario: &str) -> Result<Chart, ChartError> {
    distributions_plot(&View::of(run), scenario).map(|plot| Chart::of(&plot))
}

/// The median times of one scenario as bars that begin at zero, with the intervals of the medians.
pub fn medians(run: &Run, scenario: &str) -> Result<Chart, ChartError> {
    medians_plot(&View::of(run), scenario).map(|plot| Chart::of(&plot))
}

/// How many times as long everything takes in the later run as in the earlier one, with intervals, on a logarithmic axis with a
/// line at 1.
pub fn comparison_forest(before: &Run, after: &Run, comparison: &Comparison) -> Result<Chart, ChartError> {
    comparison_plot(before, after, comparison).map(|plot| Chart::of(&plot))
}

#[cfg(test)]
mod tests;
