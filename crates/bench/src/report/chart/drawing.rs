//! What a picture is made of, and how it becomes a file: SVG whose colours follow the reader's, PNG with a font of its own.

#[cfg(feature = "png")]
mod png;
mod svg;

use super::ink::Ink;

/// A picture as a list of marks, the later above the earlier. Lengths are in pixels of the SVG, from the top left.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Drawing {
    /// The width.
    pub(in crate::report) width: f64,
    /// The height.
    pub(in crate::report) height: f64,
    /// What the picture is, for who does not see it.
    pub(in crate::report) title: String,
    /// What the picture says, for who does not see it.
    pub(in crate::report) description: String,
    /// The marks.
    pub(in crate::report) marks: Vec<Mark>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) enum Mark {
    /// An area.
    Area { x: f64, y: f64, width: f64, height: f64, ink: Ink },
    /// A straight line.
    Line { from: (f64, f64), to: (f64, f64), width: f64, ink: Ink },
    /// A disc; `hollow` is a ring.
    Dot { at: (f64, f64), radius: f64, ink: Ink, hollow: bool },
    /// A text; `at` is its base line.
    Text { at: (f64, f64), size: f64, anchor: Anchor, bold: bool, ink: Ink, text: String },
    /// The marks up to the next `End` belong together and show this text when pointed at.
    Begin { tip: String },
    /// The end of a group.
    End,
}

/// Which end of a text is at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Anchor {
    /// The left one.
    Start,
    /// The middle.
    Middle,
    /// The right one.
    End,
}

impl Drawing {
    /// An empty picture of this width, whose height grows with what is drawn.
    pub(in crate::report) fn new(width: f64, title: &str, description: &str) -> Self {
        let (title, description) = (title.to_owned(), description.to_owned());
        Self { width, height: 0.0, title, description, marks: Vec::new() }
    }

    pub(in crate::report) fn area(&mut self, at: (f64, f64), size: (f64, f64), ink: Ink) {
        self.marks.push(Mark::Area { x: at.0, y: at.1, width: size.0, height: size.1, ink });
    }

    pub(in crate::report) fn line(&mut self, from: (f64, f64), to: (f64, f64), width: f64, ink: Ink) {
        self.marks.push(Mark::Line { from, to, width, ink });
    }

    pub(in crate::report) fn dot(&mut self, at: (f64, f64), radius: f64, ink: Ink) {
        self.marks.push(Mark::Dot { at, radius, ink, hollow: false });
    }

    pub(in crate::report) fn ring(&mut self, at: (f64, f64), radius: f64, ink: Ink) {
        self.marks.push(Mark::Dot { at, radius, ink, hollow: true });
    }

    pub(in crate::report) fn text(
        &mut self,
        at: (f64, f64),
        size: f64,
        anchor: Anchor,
        ink: Ink,
        text: &str,
    ) {
        self.marks.push(Mark::Text { at, size, anchor, bold: false, ink, text: text.to_owned() });
    }

    pub(in crate::report) fn bold(&mut self, at: (f64, f64), size: f64, ink: Ink, text: &str) {
        let anchor = Anchor::Start;
        self.marks.push(Mark::Text { at, size, anchor, bold: true, ink, text: text.to_owned() });
    }

    pub(in crate::report) fn begin(&mut self, tip: &str) {
        self.marks.push(Mark::Begin { tip: tip.to_owned() });
    }

    pub(in crate::report) fn end(&mut self) {
        self.marks.push(Mark::End);
    }
}
