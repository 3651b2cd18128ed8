//! What is drawn in a row.

use super::{Body, Row};
use crate::report::chart::drawing::Drawing;
use crate::report::chart::ink::Ink;
use crate::report::chart::scale::Scale;

/// Where samples stand above and below the middle of their row, one after the other, so that equal ones do not hide each other.
const APART: [f64; 5] = [0.0, -4.0, 4.0, -2.0, 2.0];

/// Draws the body of a row around this height.
pub(super) fn draw(drawing: &mut Drawing, row: &Row, scale: &Scale, middle: f64) {
    match &row.body {
        Body::Point { value, interval, range, is_sure } => {
            if let Some((low, high)) = range.filter(|_| interval.is_none()) {
                drawing.line((scale.at(low), middle), (scale.at(high), middle), 4.0, row.ink.soft());
            }
            whisker(drawing, *interval, row.ink, scale, middle);
            point(drawing, (scale.at(*value), middle), row.ink, *is_sure);
        }
        Body::Samples { values, median, quartiles } => {
            let (low, high) = (scale.at(quartiles.0), scale.at(quartiles.1));
            drawing.area((low, middle - 8.0), ((high - low).max(1.0), 16.0), row.ink.soft());
            for (place, (value, is_far)) in values.iter().enumerate() {
                let at = (scale.at(*value), middle + APART.get(place % APART.len()).copied().unwrap_or(0.0));
                if *is_far {
                    drawing.ring(at, 2.5, row.ink);
                } else {
                    drawing.dot(at, 2.0, row.ink);
                }
            }
            let at = scale.at(*median);
            drawing.line((at, middle - 10.0), (at, middle + 10.0), 2.0, Ink::Text);
        }
        Body::Bar { value, interval } => {
            let (zero, end) = (scale.at(0.0), scale.at(*value));
            drawing.area((zero, middle - 7.0), ((end - zero).max(1.0), 14.0), row.ink.soft());
            whisker(drawing, *interval, row.ink, scale, middle);
        }
        Body::Nothing => {}
    }
}

fn point(drawing: &mut Drawing, at: (f64, f64), ink: Ink, is_sure: bool) {
    if is_sure {
        drawing.dot(at, 4.5, ink);
    } else {
        drawing.ring(at, 4.0, ink);
    }
}

fn whisker(drawing: &mut Drawing, interval: Option<(f64, f64)>, ink: Ink, scale: &Scale, middle: f64) {
    let Some((low, high)) = interval else { return };
    let (low, high) = (scale.at(low), scale.at(high));
    drawing.line((low, middle), (high, middle), 1.5, ink);
    for end in [low, high] {
        drawing.line((end, middle - 4.0), (end, middle + 4.0), 1.5, ink);
    }
}
