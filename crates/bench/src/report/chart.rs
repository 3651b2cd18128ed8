//! Pictures of a run and of two runs, as SVG and as PNG.

use crate::model::Run;

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    svg: String,
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
    /// The picture could not be encoded.
    #[error("the picture cannot be written as PNG: {message}")]
    Png {
        /// What the encoder says.
        message: String,
    },
}

impl ChartError {
    /// What one can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Nothing { .. } => {
                Some("run the benchmark until at least one pair of commands was measured")
            }
            Self::Png { .. } => Some("write the picture as SVG"),
        }
    }
}

impl Chart {
    /// The picture as an SVG file, which needs no font, script or other file.
    pub fn to_svg(&self) -> String {
        self.svg.clone()
    }

    /// The picture as a PNG file, light, at twice its size.
    pub fn to_png(&self) -> Result<Vec<u8>, ChartError> {
        Err(ChartError::Nothing { missing: "not yet" })
    }
}

/// The paired ratios of a run with their intervals, on a logarithmic axis with a line at 1.
pub fn forest(run: &Run) -> Result<Chart, ChartError> {
    let _ = run;
    Err(ChartError::Nothing { missing: "not yet" })
}

/// Every sample of one scenario, on a logarithmic axis.
pub fn distributions(run: &Run, scenario: &str) -> Result<Chart, ChartError> {
    let _ = (run, scenario);
    Err(ChartError::Nothing { missing: "not yet" })
}

/// The medians of one scenario as bars that begin at zero, with their intervals.
pub fn medians(run: &Run, scenario: &str) -> Result<Chart, ChartError> {
    let _ = (run, scenario);
    Err(ChartError::Nothing { missing: "not yet" })
}

/// The ratios of two runs, the later to the earlier.
pub fn comparison_forest(before: &Run, after: &Run) -> Result<Chart, ChartError> {
    let _ = (before, after);
    Err(ChartError::Nothing { missing: "not yet" })
}
