//! A drawing as PNG, with a font of its own, so that it is the same everywhere.

mod canvas;
mod file;
mod letters;

use super::{Drawing, Mark};
use crate::report::chart::ink::Ink;
use canvas::{Canvas, Colour};
use letters::Letters;

/// How many pixels of the file a pixel of the drawing is.
const SCALE: f64 = 2.0;

/// Larger pictures than this are no pictures any more, and their pixels no memory that one has.
const TALLEST: f64 = 20_000.0;

/// How thick the line of a ring is.
const RING: f64 = 1.5;

impl Drawing {
    /// The bytes of the file, light, at twice its size; or why there is none.
    pub(in crate::report::chart) fn to_png(&self) -> Result<Vec<u8>, String> {
        if !(self.height <= TALLEST && self.width <= TALLEST) {
            return Err(format!("it would be {:.0} by {:.0} pixels", self.width, self.height));
        }
        let mut canvas = Canvas::new(self.width * SCALE, self.height * SCALE, colour(Ink::Back));
        let letters = Letters::read()?;
        for mark in &self.marks {
            draw(&mut canvas, &letters, mark);
        }
        file::write(&canvas).map_err(|error| error.to_string())
    }
}

fn draw(canvas: &mut Canvas, letters: &Letters, mark: &Mark) {
    match mark {
        Mark::Area { x, y, width, height, ink } => {
            canvas.area(scaled((*x, *y)), scaled((x + width, y + height)), colour(*ink));
        }
        Mark::Line { from, to, width, ink } => {
            canvas.line(scaled(*from), scaled(*to), width * SCALE, colour(*ink));
        }
        Mark::Dot { at, radius, ink, hollow: false } => {
            canvas.disc(scaled(*at), radius * SCALE, colour(*ink));
        }
        Mark::Dot { at, radius, ink, hollow: true } => {
            let half = RING / 2.0;
            canvas.disc(scaled(*at), (radius + half) * SCALE, colour(*ink));
            canvas.disc(scaled(*at), (radius - half) * SCALE, colour(Ink::Back));
        }
        Mark::Text { at, size, anchor, bold, ink, text } => {
            let word = letters.word(text, size * SCALE, *bold);
            word.draw(canvas, scaled(*at), *anchor, colour(*ink));
        }
        Mark::Begin { .. } | Mark::End => {}
    }
}

fn scaled(at: (f64, f64)) -> (f64, f64) {
    (at.0 * SCALE, at.1 * SCALE)
}

/// The colour of an ink on white, which is written as `#` and six digits.
fn colour(ink: Ink) -> Colour {
    let digits = ink.light().trim_start_matches('#');
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).unwrap_or_default().to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests;
