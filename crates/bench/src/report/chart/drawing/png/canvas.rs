//! Pixels, and the shapes that are drawn on them with smooth edges.

use std::ops::Range;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A place in pixels, from the top left.
type Place = (f64, f64);

/// A picture of pixels.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A canvas of at least one pixel.
    pub(super) fn new(width: f64, height: f64, back: Colour) -> Self {
        let (width, height) = (whole(width.ceil()).max(1), whole(height.ceil()).max(1));
        Self { width, height, pixels: vec![back; width.saturating_mul(height)] }
    }

    /// The width and the height in pixels.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The pixels, a row after the other.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Colour]> {
        self.pixels.chunks(self.width)
    }

    /// Fills what is between two corners.
    pub(super) fn area(&mut self, from: Place, to: Place, colour: Colour) {
        self.shade(from, to, colour, |x, y| overlap(x, from.0, to.0) * overlap(y, from.1, to.1));
    }

    /// Draws a line whose ends are straight.
    pub(super) fn line(&mut self, from: Place, to: Place, width: f64, colour: Colour) {
        let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
        let length = along_x.hypot(along_y);
        if length <= 0.0 {
            return;
        }
        let (along_x, along_y) = (along_x / length, along_y / length);
        let half = width / 2.0;
        let cover = |x: f64, y: f64| {
            let (x, y) = (x - from.0, y - from.1);
            let (along, across) = (x * along_x + y * along_y, y * along_x - x * along_y);
            overlap(across, -half, half) * overlap(along, 0.0, length)
        };
        let low = (from.0.min(to.0) - width, from.1.min(to.1) - width);
        let high = (from.0.max(to.0) + width, from.1.max(to.1) + width);
        self.shade(low, high, colour, cover);
    }

    /// Fills a disc.
    pub(super) fn disc(&mut self, at: Place, radius: f64, colour: Colour) {
        let cover = |x: f64, y: f64| (radius + 0.5 - (x - at.0).hypot(y - at.1)).clamp(0.0, 1.0);
        let reach = radius + 1.0;
        self.shade((at.0 - reach, at.1 - reach), (at.0 + reach, at.1 + reach), colour, cover);
    }

    /// Lays a colour over a pixel; 255 hides what was there. Nothing happens outside of the canvas.
    pub(super) fn blend(&mut self, column: usize, row: usize, colour: Colour, cover: u8) {
        let place = row.saturating_mul(self.width).saturating_add(column);
        let inside = column < self.width && row < self.height;
        let Some(pixel) = self.pixels.get_mut(place).filter(|_| inside) else { return };
        for (old, new) in pixel.iter_mut().zip(colour) {
            let (cover, was, becomes) = (u16::from(cover), u16::from(*old), u16::from(new));
            let mixed = (was * (255 - cover) + becomes * cover + 127) / 255;
            *old = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }

    /// Lays a colour over the pixels of a box, as much as each of them is covered, which is asked for its middle.
    fn shade(&mut self, from: Place, to: Place, colour: Colour, cover: impl Fn(f64, f64) -> f64) {
        for row in pixels(from.1, to.1, self.height) {
            for column in pixels(from.0, to.0, self.width) {
                let part = cover(middle(column), middle(row));
                self.blend(
                    column,
                    row,
                    colour,
                    u8::try_from(whole((part * 255.0).round())).unwrap_or(u8::MAX),
                );
            }
        }
    }
}

/// How much of a pixel with this middle lies between two places.
fn overlap(middle: f64, from: f64, to: f64) -> f64 {
    ((middle + 0.5).min(to) - (middle - 0.5).max(from)).clamp(0.0, 1.0)
}

/// The pixels that lie between two places, even in part.
fn pixels(from: f64, to: f64, limit: usize) -> Range<usize> {
    whole(from.floor()).min(limit)..whole(to.ceil()).min(limit)
}

#[expect(clippy::cast_precision_loss, reason = "no picture has so many pixels")]
fn middle(pixel: usize) -> f64 {
    pixel as f64 + 0.5
}

/// A whole number; 0 for what is less or none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "that is what it is for")]
pub(super) fn whole(number: f64) -> usize {
    number as usize
}
