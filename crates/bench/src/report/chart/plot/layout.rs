//! Where everything stands.

use super::{Format, Group, Head, Plot, body};
use crate::report::chart::drawing::{Anchor, Drawing};
use crate::report::chart::fit::{fitting, lines, width};
use crate::report::chart::ink::Ink;
use crate::report::chart::scale::Scale;

/// Sizes of letters.
const TITLE: f64 = 17.0;
const LETTERS: f64 = 13.0;
const SMALL: f64 = 12.0;

/// Between columns.
const GAP: f64 = 16.0;

/// The columns of a picture, from the left to the right.
struct Columns {
    format: Format,
    width: f64,
    /// At the left and the right of everything.
    margin: f64,
    /// Where labels begin, and their room.
    label: (f64, f64),
    /// The room of what sections are called, from the margin on.
    section: f64,
    /// Where the axis begins and ends.
    axis: (f64, f64),
}

impl Columns {
    fn of(plot: &Plot, format: Format, head: Head) -> Self {
        match format {
            Format::Narrow => {
                let (width, margin) = (380.0, if head == Head::Within { 14.0 } else { 8.0 });
                let room = width - 2.0 * margin;
                Self {
                    format,
                    width,
                    margin,
                    label: (margin, room),
                    section: room,
                    axis: (margin + 4.0, width - margin - 4.0),
                }
            }
            Format::Wide => {
                let (total, margin) = (920.0, if head == Head::Within { 20.0 } else { 8.0 });
                let widest = |texts: &mut dyn Iterator<Item = &str>, most: f64| {
                    texts.map(|text| width(text, LETTERS)).fold(0.0, f64::max).min(most)
                };
                let section = widest(&mut plot.rows().map(|row| row.section.as_str()), 180.0);
                let label = widest(&mut plot.rows().map(|row| row.label.as_str()), 255.0);
                let words = widest(&mut plot.rows().map(|row| row.words.as_str()), 220.0);
                let words = words.max(width(&plot.axis.column, SMALL).min(220.0));
                let start = if section > 0.0 { margin + section + GAP } else { margin };
                let axis = (start + label + GAP, total - margin - words - GAP);
                Self { format, width: total, margin, label: (start, label), section, axis }
            }
        }
    }

    fn row(&self) -> f64 {
        if self.format == Format::Wide { 26.0 } else { 42.0 }
    }

    /// The height that a new section takes before its first row.
    fn section_height(&self, name: &str) -> f64 {
        match self.format {
            Format::Wide => 8.0,
            Format::Narrow if name.is_empty() => 6.0,
            Format::Narrow => 26.0,
        }
    }
}

pub(super) fn draw(plot: &Plot, format: Format, with: Head) -> Drawing {
    let columns = Columns::of(plot, format, with);
    let mut drawing = Drawing::new(columns.width, &plot.title, &plot.description);
    let top = match with {
        Head::Within => head(&mut drawing, plot, &columns),
        Head::Without => 12.0,
    };
    let top = top + if plot.axis.line.is_some() || format == Format::Wide { 20.0 } else { 0.0 };
    let bottom = top + plot.groups.iter().map(|group| height(group, &columns)).sum::<f64>() + 8.0;
    let scale = plot.scale(columns.axis.0, columns.axis.1);
    axis(&mut drawing, plot, &columns, &scale, (top, bottom));
    let mut y = top;
    for group in &plot.groups {
        rows(&mut drawing, group, &columns, &scale, &mut y);
    }
    drawing.height = (bottom + 48.0).ceil();
    drawing
}

/// Title and explanation. Returns where the rows begin.
fn head(drawing: &mut Drawing, plot: &Plot, columns: &Columns) -> f64 {
    let room = columns.width - 2.0 * columns.margin;
    let mut y = 34.0;
    for line in lines(&plot.title, TITLE * 1.1, room, 3) {
        drawing.bold((columns.margin, y), TITLE, Ink::Text, &line);
        y += 22.0;
    }
    for line in lines(&plot.subtitle, LETTERS, room, 6) {
        drawing.text((columns.margin, y), LETTERS, Anchor::Start, Ink::Quiet, &line);
        y += 18.0;
    }
    y + 2.0
}

fn heading_height(group: &Group) -> f64 {
    if group.heading.is_empty() { 8.0 } else { 40.0 }
}

fn height(group: &Group, columns: &Columns) -> f64 {
    let mut height = heading_height(group);
    let mut section = None;
    for row in &group.rows {
        if section != Some(&row.section) {
            height += columns.section_height(&row.section);
            section = Some(&row.section);
        }
        height += columns.row();
    }
    height
}

/// What is behind the rows, and the words above and below them.
fn axis(drawing: &mut Drawing, plot: &Plot, columns: &Columns, scale: &Scale, (top, bottom): (f64, f64)) {
    let (left, right) = columns.axis;
    if let Some((low, high)) = plot.axis.band.filter(|_| columns.format == Format::Wide) {
        let (low, high) = (scale.at(low), scale.at(high));
        drawing.area((low, top), (high - low, bottom - top), Ink::Band);
    }
    for tick in scale.ticks(46.0) {
        let x = scale.at(tick);
        match columns.format {
            Format::Wide => drawing.line((x, top), (x, bottom), 1.0, Ink::Grid),
            Format::Narrow => lanes(drawing, plot, columns, (x, top), Ink::Grid),
        }
        let words = (plot.axis.tick)(tick);
        let half = width(&words, SMALL) / 2.0;
        let at = x.clamp(half.min(columns.width / 2.0), (columns.width - half).max(columns.width / 2.0));
        drawing.text((at, bottom + 17.0), SMALL, Anchor::Middle, Ink::Quiet, &words);
    }
    drawing.line((left, bottom), (right, bottom), 1.0, Ink::Axis);
    let middle = f64::midpoint(left, right);
    let label = fitting(&plot.axis.label, SMALL, columns.width - 2.0 * columns.margin);
    drawing.text((middle, bottom + 36.0), SMALL, Anchor::Middle, Ink::Quiet, &label);
    if columns.format == Format::Wide {
        let at = (columns.width - columns.margin, top - 7.0);
        drawing.text(at, SMALL, Anchor::End, Ink::Quiet, &plot.axis.column);
    }
    if let Some((value, below, above)) = &plot.axis.line {
        let x = scale.at(*value);
        match columns.format {
            Format::Wide => drawing.line((x, top - 4.0), (x, bottom), 1.5, Ink::Axis),
            Format::Narrow => lanes(drawing, plot, columns, (x, top), Ink::Axis),
        }
        let start = if columns.format == Format::Wide { left - GAP } else { columns.margin };
        if width(below, SMALL) + 8.0 <= x - start {
            drawing.text((x - 8.0, top - 7.0), SMALL, Anchor::End, Ink::Quiet, below);
        }
        if width(above, SMALL) + 8.0 <= right - x {
            drawing.text((x + 8.0, top - 7.0), SMALL, Anchor::Start, Ink::Quiet, above);
        }
    }
}

/// A line from the top to the bottom that is there where no letters are.
fn lanes(drawing: &mut Drawing, plot: &Plot, columns: &Columns, (x, mut y): (f64, f64), ink: Ink) {
    for group in &plot.groups {
        y += heading_height(group);
        let mut section = None;
        for row in &group.rows {
            if section != Some(&row.section) {
                y += columns.section_height(&row.section);
                section = Some(&row.section);
            }
            drawing.line((x, y + 20.0), (x, y + 38.0), 1.0, ink);
            y += columns.row();
        }
    }
}

fn rows(drawing: &mut Drawing, group: &Group, columns: &Columns, scale: &Scale, y: &mut f64) {
    heading(drawing, group, columns, *y);
    *y += heading_height(group);
    let mut section = None;
    for row in &group.rows {
        let is_new = section != Some(&row.section);
        drawing.begin(&row.tip);
        if is_new {
            let height = columns.section_height(&row.section);
            begin_section(drawing, &row.section, columns, (*y, height), section.is_some());
            *y += height;
            section = Some(&row.section);
        }
        let (letters, middle) = match columns.format {
            Format::Wide => (*y + 17.5, *y + 13.0),
            Format::Narrow => (*y + 14.0, *y + 29.0),
        };
        let (at, room) = columns.label;
        let words =
            fitting(&row.words, LETTERS, if columns.format == Format::Wide { 220.0 } else { room * 0.62 });
        let room = if columns.format == Format::Wide { room } else { room - width(&words, LETTERS) - 6.0 };
        let ink = if row.body == super::Body::Nothing { Ink::Quiet } else { Ink::Text };
        drawing.text((at, letters), LETTERS, Anchor::Start, ink, &fitting(&row.label, LETTERS, room));
        drawing.text((columns.width - columns.margin, letters), LETTERS, Anchor::End, ink, &words);
        body::draw(drawing, row, scale, middle);
        drawing.end();
        *y += columns.row();
    }
}

fn begin_section(
    drawing: &mut Drawing,
    name: &str,
    columns: &Columns,
    (y, height): (f64, f64),
    has_line: bool,
) {
    let text = fitting(name, LETTERS, columns.section);
    match columns.format {
        Format::Wide => {
            if has_line {
                let (left, right) = (columns.margin, columns.width - columns.margin);
                drawing.line((left, y + 4.0), (right, y + 4.0), 1.0, Ink::Grid);
            }
            drawing.text((columns.margin, y + height + 17.5), LETTERS, Anchor::Start, Ink::Text, &text);
        }
        Format::Narrow => drawing.bold((columns.margin, y + height - 8.0), LETTERS, Ink::Text, &text),
    }
}

fn heading(drawing: &mut Drawing, group: &Group, columns: &Columns, y: f64) {
    if group.heading.is_empty() {
        return;
    }
    let (left, room) = (columns.margin, columns.width - 2.0 * columns.margin);
    drawing.area((left - 8.0, y + 10.0), (room + 16.0, 26.0), Ink::Band);
    let heading = fitting(&group.heading, LETTERS * 1.1, room * 0.6);
    drawing.bold((left, y + 27.5), LETTERS, Ink::Text, &heading);
    let start = left + width(&heading, LETTERS * 1.1) + 10.0;
    let note = fitting(&group.note, SMALL, columns.width - columns.margin - start);
    if !note.is_empty() && note != "…" {
        drawing.text((start, y + 27.5), SMALL, Anchor::Start, Ink::Quiet, &note);
    }
}
