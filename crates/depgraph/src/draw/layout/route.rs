//! The way of an edge.

use std::fmt::Write as _;

use super::place::Rect;

/// Where an edge ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The package.
    pub(super) place: Rect,
    /// The left and the right end of its layer, which may have several columns.
    pub(super) sides: (f64, f64),
}

impl End {
    fn middle(self) -> f64 {
        self.place.y + self.place.height / 2.0
    }

    fn right(self) -> f64 {
        self.place.x + self.place.width
    }
}

/// The path of an edge in the words of SVG: from the right of what needs to the left of what is needed, past the points between,
/// each of which has a left end, a right end, and a height. Where a layer has several columns, the edge runs between the rows,
/// which are `gap` apart. Edges within a column bulge to the right; edges to the left run back.
pub(super) fn route(from: End, to: End, points: &[(f64, f64, f64)], gap: f64) -> String {
    let mut path = String::new();
    if (from.place.x - to.place.x).abs() < 1.0 {
        aside(&mut path, from, to);
    } else if to.right() < from.place.x + 1.0 {
        back(&mut path, from, to);
    } else {
        forth(&mut path, from, to, points, gap);
    }
    path
}

fn aside(path: &mut String, from: End, to: End) {
    let (right, start, end) = (from.right(), from.middle(), to.middle());
    let bulge = right + 18.0 + (end - start).abs().min(400.0) / 16.0;
    write(
        path,
        format_args!(
            "M{right:.1} {start:.1}C{bulge:.1} {start:.1} {bulge:.1} {end:.1} {:.1} {end:.1}",
            to.right()
        ),
    );
}

fn back(path: &mut String, from: End, to: End) {
    let (left, right, start, end) = (from.place.x, to.right(), from.middle(), to.middle());
    let pull = ((left - right) / 2.0).clamp(14.0, 90.0);
    write(path, format_args!("M{left:.1} {start:.1}C{:.1} {start:.1} ", left - pull));
    write(path, format_args!("{:.1} {end:.1} {right:.1} {end:.1}", right + pull));
}

fn forth(path: &mut String, from: End, to: End, points: &[(f64, f64, f64)], gap: f64) {
    let mut at = (from.right(), from.middle());
    write(path, format_args!("M{:.1} {:.1}", at.0, at.1));
    let is_within = from.sides == to.sides;
    if from.right() + 1.0 < from.sides.1 && !is_within {
        let below = from.place.y + from.place.height + gap * 0.36;
        hook(path, at, (at.0 + 9.0, below));
        write(path, format_args!("H{:.1}", from.sides.1));
        at = (from.sides.1, below);
    }
    for (left, right, y) in points {
        curve(path, at, (*left, *y));
        write(path, format_args!("H{right:.1}"));
        at = (*right, *y);
    }
    if to.place.x > to.sides.0 + 1.0 && !is_within {
        let above = to.place.y - gap * 0.36;
        curve(path, at, (to.sides.0, above));
        at = (to.place.x - 9.0, above);
        write(path, format_args!("H{:.1}", at.0));
        hook(path, at, (to.place.x, to.middle()));
    } else {
        curve(path, at, (to.place.x, to.middle()));
    }
}

/// A short bend between a row and the space beside it.
fn hook(path: &mut String, from: (f64, f64), to: (f64, f64)) {
    let middle = f64::midpoint(from.0, to.0);
    write(path, format_args!("C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", from.1, to.1, to.0, to.1));
}

fn curve(path: &mut String, from: (f64, f64), to: (f64, f64)) {
    let middle = ((to.0 - from.0) / 2.0).max(20.0);
    let (first, second) = (from.0 + middle, to.0 - middle);
    write(path, format_args!("C{first:.1} {:.1} {second:.1} {:.1} {:.1} {:.1}", from.1, to.1, to.0, to.1));
}

fn write(path: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = path.write_fmt(words);
}
