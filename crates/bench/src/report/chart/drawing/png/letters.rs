//! Texts as pixels, in the font that is a part of the program.
//!
//! It is `DejaVu Sans` without hints and without the letters that no chart has: there are the Latin, Greek and Cyrillic ones, and signs.

use fontdue::{Font, FontSettings};

use super::canvas::{Canvas, Colour, whole};
use crate::report::chart::drawing::Anchor;
use crate::report::page::shown;

const REGULAR: &[u8] = include_bytes!("../../../../../data/fonts/sans.ttf");
const BOLD: &[u8] = include_bytes!("../../../../../data/fonts/sans-bold.ttf");

/// The letters of both weights.
pub(super) struct Letters {
    regular: Font,
    bold: Font,
}

/// A text of a size.
pub(super) struct Word<'a> {
    font: &'a Font,
    text: String,
    size: f32,
}

impl Letters {
    pub(super) fn read() -> Result<Self, String> {
        let font = |bytes: &[u8]| Font::from_bytes(bytes, FontSettings::default()).map_err(str::to_owned);
        Ok(Self { regular: font(REGULAR)?, bold: font(BOLD)? })
    }

    /// A text whose letters have this size in pixels.
    #[expect(clippy::cast_possible_truncation, reason = "sizes of letters are small numbers")]
    pub(super) fn word(&self, text: &str, size: f64, bold: bool) -> Word<'_> {
        let font = if bold { &self.bold } else { &self.regular };
        Word { font, text: shown(text), size: size as f32 }
    }
}

impl Word<'_> {
    /// Draws the text on its base line.
    pub(super) fn draw(&self, canvas: &mut Canvas, at: (f64, f64), anchor: Anchor, colour: Colour) {
        let mut pen = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - self.width() / 2.0,
            Anchor::End => at.0 - self.width(),
        };
        for letter in self.text.chars() {
            self.letter(canvas, letter, (pen, at.1), colour);
            pen += self.advance(letter);
        }
    }

    fn width(&self) -> f64 {
        self.text.chars().map(|letter| self.advance(letter)).sum()
    }

    fn advance(&self, letter: char) -> f64 {
        f64::from(self.font.metrics(letter, self.size).advance_width)
    }

    fn letter(&self, canvas: &mut Canvas, letter: char, pen: (f64, f64), colour: Colour) {
        let (metrics, covers) = self.font.rasterize(letter, self.size);
        if metrics.width == 0 {
            return;
        }
        let height = i32::try_from(metrics.height).unwrap_or(i32::MAX);
        let left = (pen.0 + f64::from(metrics.xmin)).round();
        let top = (pen.1 - f64::from(metrics.ymin) - f64::from(height)).round();
        if left < 0.0 || top < 0.0 {
            return;
        }
        for (row, line) in covers.chunks(metrics.width).enumerate() {
            for (column, cover) in line.iter().enumerate() {
                canvas.blend(
                    whole(left).saturating_add(column),
                    whole(top).saturating_add(row),
                    colour,
                    *cover,
                );
            }
        }
    }
}
