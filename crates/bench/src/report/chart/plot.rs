//! Rows of figures beside an axis: the one form that all pictures here have.

mod body;
mod layout;

use super::drawing::Drawing;
use super::ink::Ink;
use super::scale::Scale;

/// What is drawn.
#[derive(Debug, Clone)]
pub(in crate::report) struct Plot {
    /// The title, above everything.
    pub(in crate::report) title: String,
    /// What one sees, in a sentence or two.
    pub(in crate::report) subtitle: String,
    /// What it says, for who does not see it.
    pub(in crate::report) description: String,
    /// The rows.
    pub(in crate::report) groups: Vec<Group>,
    /// The axis.
    pub(in crate::report) axis: Axis,
}

/// The axis of a plot.
#[derive(Debug, Clone)]
pub(in crate::report) struct Axis {
    /// What it measures.
    pub(in crate::report) label: String,
    /// Whether it is linear and begins at zero; else it is logarithmic.
    pub(in crate::report) from_zero: bool,
    /// The text of a mark.
    pub(in crate::report) tick: fn(f64) -> String,
    /// A part of the axis that is marked in all rows.
    pub(in crate::report) band: Option<(f64, f64)>,
    /// A line through all rows, and what its left and its right mean.
    pub(in crate::report) line: Option<(f64, String, String)>,
    /// What the figures at the right are.
    pub(in crate::report) column: String,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Group {
    /// What they have in common.
    pub(in crate::report) heading: String,
    /// More about it.
    pub(in crate::report) note: String,
    /// The rows.
    pub(in crate::report) rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Row {
    /// What some rows after each other have in common.
    pub(in crate::report) section: String,
    /// What the row is about.
    pub(in crate::report) label: String,
    /// Its colour.
    pub(in crate::report) ink: Ink,
    /// What is drawn.
    pub(in crate::report) body: Body,
    /// The figures at the right.
    pub(in crate::report) words: String,
    /// What it shows when pointed at.
    pub(in crate::report) tip: String,
}

/// What is drawn in a row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) enum Body {
    /// A figure with its interval or, where there are too few values for one, its range; drawn hollow where nothing is claimed.
    Point { value: f64, interval: Option<(f64, f64)>, range: Option<(f64, f64)>, is_sure: bool },
    /// Every sample (and whether it is far from the others), the median, and the quartiles.
    Samples { values: Vec<(f64, bool)>, median: f64, quartiles: (f64, f64) },
    /// A bar from zero, with an interval.
    Bar { value: f64, interval: Option<(f64, f64)> },
    /// Nothing was measured.
    Nothing,
}

/// How wide a picture is, and what stands where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Format {
    /// For screens and paper: labels beside the axis.
    Wide,
    /// For phones: labels above it.
    Narrow,
}

/// Whether a picture has its title and explanation in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Head {
    /// For files.
    Within,
    /// For pages, which have them beside it.
    Without,
}

impl Plot {
    /// The picture.
    pub(in crate::report) fn draw(&self, format: Format, head: Head) -> Drawing {
        layout::draw(self, format, head)
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    fn scale(&self, left: f64, right: f64) -> Scale {
        let line = self.axis.line.iter().map(|line| line.0);
        let values = self.rows().flat_map(|row| row.body.values()).chain(line);
        if self.axis.from_zero {
            Scale::from_zero(values, left, right)
        } else {
            Scale::logarithmic(values, left, right)
        }
    }
}

impl Body {
    /// All that the axis must have room for.
    fn values(&self) -> Vec<f64> {
        match self {
            Self::Point { value, interval, range, .. } => with_ends(*value, interval.or(*range)),
            Self::Bar { value, interval } => with_ends(*value, *interval),
            Self::Samples { values, .. } => values.iter().map(|it| it.0).collect(),
            Self::Nothing => Vec::new(),
        }
    }
}

fn with_ends(value: f64, ends: Option<(f64, f64)>) -> Vec<f64> {
    ends.map_or_else(|| vec![value], |(low, high)| vec![low, value, high])
}
