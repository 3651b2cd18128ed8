//! What the colours and marks of a picture mean.

use std::fmt::Write as _;

use super::words::counted;
use super::{MARGIN, MOST_FOR_EDGES, MOST_FOR_IMPLIED, width};
use crate::catalogue::Category;
use crate::draw::layout::{Picture, Role};
use crate::graph::Graph;

/// A legend, and how high it is.
pub(super) struct Legend {
    pub(super) svg: String,
    pub(super) height: f64,
}

/// The legend of a picture that is so wide.
pub(super) fn legend(graph: &Graph, picture: &Picture, wide: f64) -> Legend {
    let mut rows = Rows { out: String::new(), x: 0.0, y: 0.0, most: wide - MARGIN * 2.0 };
    for category in Category::ALL {
        let packages = picture.nodes.iter().filter(|node| node.role != Role::Project);
        let count = packages.filter(|node| graph.packages[node.index].category == category).count();
        if count > 0 {
            let swatch = "<rect class=\"swatch\" y=\"-10\" width=\"12\" height=\"12\" rx=\"3\"/>";
            rows.put(category.as_str(), 18.0, swatch, category.as_str(), &count.to_string());
        }
    }
    rows.next();
    for (mark, words) in marks(picture) {
        rows.put(mark, 36.0, &example(mark), words, "");
    }
    for note in notes(picture) {
        rows.next();
        let y = rows.y;
        let _ = writeln!(rows.out, "<text class=\"legend note\" y=\"{y}\">{note}</text>");
    }
    Legend { height: rows.y + 8.0, svg: rows.out }
}

/// The marks that the picture has.
fn marks(picture: &Picture) -> Vec<(&'static str, &'static str)> {
    let any = |is_it: fn(&crate::draw::layout::Node) -> bool| picture.nodes.iter().any(is_it);
    let marks = [
        (any(|node| node.role == Role::Direct && !node.is_development), "direct", "declared"),
        (
            any(|node| node.role == Role::Direct && node.is_development),
            "direct dev",
            "declared for development",
        ),
        (any(|node| node.role == Role::Indirect), "indirect", "brought in by others"),
        (any(|node| node.is_duplicate), "twice", "in several versions"),
        (any(|node| node.in_cycle), "circle", "need each other in a circle"),
        (any(|node| node.role == Role::Loose), "loose", "needed by nothing"),
        (
            any(|node| node.role == Role::Direct && node.alone > 0),
            "alone",
            "so many packages that nothing else needs",
        ),
    ];
    marks.into_iter().filter(|(is_there, ..)| *is_there).map(|(_, mark, words)| (mark, words)).collect()
}

fn example(mark: &str) -> String {
    if mark == "alone" {
        return "<text class=\"legend count\" x=\"8\">+7</text>".to_owned();
    }
    let behind = "<rect class=\"behind\" x=\"3\" y=\"-8\" width=\"28\" height=\"13\" rx=\"4\"/>";
    let behind = if mark == "twice" { behind } else { "" };
    let bar = "<rect class=\"bar\" x=\"3\" y=\"-8\" width=\"3\" height=\"7\" rx=\"1.5\"/>";
    let bar = if mark.starts_with("direct") { "" } else { bar };
    format!(
        "<g class=\"core {mark}\">{behind}<rect class=\"box\" y=\"-11\" width=\"28\" height=\"13\" rx=\"4\"/>{bar}</g>"
    )
}

/// What the picture leaves out.
fn notes(picture: &Picture) -> Vec<String> {
    let count = picture.nodes.len();
    let mut notes = Vec::new();
    if picture.left_out > 0 {
        notes.push(format!(
            "{} farther away from the projects left out.",
            counted(picture.left_out, "package")
        ));
    }
    if count > MOST_FOR_EDGES {
        notes.push("So many packages: one line leads to each, the others are left out.".to_owned());
    } else if count > MOST_FOR_IMPLIED {
        notes.push("So many packages: lines that a longer way makes unnecessary are left out.".to_owned());
    }
    notes
}

/// Entries, one beside the other, that wrap.
struct Rows {
    out: String,
    x: f64,
    y: f64,
    most: f64,
}

impl Rows {
    fn put(&mut self, class: &str, indent: f64, mark: &str, words: &str, count: &str) {
        let wide = indent
            + width(words, 12.0) * 1.03
            + width(count, 12.0)
            + if count.is_empty() { 26.0 } else { 32.0 };
        if self.x > 0.0 && self.x + wide > self.most {
            self.next();
        }
        let (x, y) = (self.x, self.y);
        let _ = writeln!(
            self.out,
            "<g class=\"{class}\" transform=\"translate({x:.1} {y})\">{mark}<text class=\"legend\" x=\"{indent}\">{words} \
             <tspan class=\"count\">{count}</tspan></text></g>"
        );
        self.x += wide;
    }

    fn next(&mut self) {
        self.x = 0.0;
        self.y += 24.0;
    }
}
