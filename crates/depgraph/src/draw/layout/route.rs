//! The way of an edge.

use std::fmt::Write as _;

use super::place::Rect;

/// The path of an edge in the words of SVG: from the right of what needs to the left of what is needed, past the points between,
/// each of which has a left end, a right end, and a height. Edges within a layer bulge to the right; edges to the left run back.
pub(super) fn route(from: Rect, to: Rect, points: &[(f64, f64, f64)], is_aside: bool) -> String {
    let (start_y, end_y) = (from.y + from.height / 2.0, to.y + to.height / 2.0);
    let right = from.x + from.width;
    let mut path = String::new();
    if is_aside && (from.x - to.x).abs() < 1.0 {
        let bulge = right + 18.0 + (end_y - start_y).abs().min(400.0) / 16.0;
        write(
            &mut path,
            format_args!("M{right:.1} {start_y:.1}C{bulge:.1} {start_y:.1} {bulge:.1} {end_y:.1} "),
        );
        write(&mut path, format_args!("{:.1} {end_y:.1}", to.x + to.width));
        return path;
    }
    if to.x + to.width < from.x + 1.0 {
        let (left, end) = (from.x, to.x + to.width);
        let pull = ((left - end) / 2.0).clamp(14.0, 90.0);
        write(&mut path, format_args!("M{left:.1} {start_y:.1}C{:.1} {start_y:.1} ", left - pull));
        write(&mut path, format_args!("{:.1} {end_y:.1} {end:.1} {end_y:.1}", end + pull));
        return path;
    }
    write(&mut path, format_args!("M{right:.1} {start_y:.1}"));
    let mut at = (right, start_y);
    for (left, right, y) in points {
        curve(&mut path, at, (*left, *y));
        write(&mut path, format_args!("H{right:.1}"));
        at = (*right, *y);
    }
    curve(&mut path, at, (to.x, end_y));
    path
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
