//! A drawing as PNG, through kuva, whose own font makes it the same everywhere.

use kuva::RasterBackend;
use kuva::render::color::Color;
use kuva::render::render::{Primitive, Scene, TextAnchor, TextSpan};

use super::{Anchor, Drawing, Mark};
use crate::report::chart::ink::Ink;
use crate::report::page::shown;

/// How many pixels of the file a pixel of the drawing is.
const SCALE: f32 = 2.0;

/// Larger pictures than this are no pictures any more, and their pixels no memory that one has.
const TALLEST: f64 = 20_000.0;

impl Drawing {
    /// The bytes of the file, light, at twice its size; or why there is none.
    pub(in crate::report::chart) fn to_png(&self) -> Result<Vec<u8>, String> {
        if !(self.height <= TALLEST && self.width <= TALLEST) {
            return Err(format!("it would be {:.0} by {:.0} pixels", self.width, self.height));
        }
        let mut scene = Scene::new(self.width.max(1.0), self.height.max(1.0));
        scene.background_color = Some(Ink::Back.light().to_owned());
        scene.elements = self.marks.iter().filter_map(primitive).collect();
        RasterBackend::new().with_scale(SCALE).render_scene(&scene)
    }
}

fn primitive(mark: &Mark) -> Option<Primitive> {
    let color = |ink: &Ink| Color::from(ink.light());
    Some(match mark {
        Mark::Area { x, y, width, height, ink } => Primitive::Rect {
            x: *x,
            y: *y,
            width: *width,
            height: *height,
            fill: color(ink),
            stroke: None,
            stroke_width: None,
            opacity: None,
        },
        Mark::Line { from, to, width, ink } => Primitive::Line {
            x1: from.0,
            y1: from.1,
            x2: to.0,
            y2: to.1,
            stroke: color(ink),
            stroke_width: *width,
            stroke_dasharray: None,
        },
        Mark::Dot { at, radius, ink, hollow } => Primitive::Circle {
            cx: at.0,
            cy: at.1,
            r: *radius,
            fill: color(if *hollow { &Ink::Back } else { ink }),
            fill_opacity: None,
            stroke: hollow.then(|| color(ink)),
            stroke_width: hollow.then_some(1.5),
        },
        Mark::Text { at, size, anchor, bold, ink, text } => {
            text_of(*at, *size, *anchor, *bold, color(ink), text)
        }
        Mark::Begin { .. } | Mark::End => return None,
    })
}

/// A text as a span, since kuva takes what stands between two dollar signs of a plain text for a formula.
fn text_of(at: (f64, f64), size: f64, anchor: Anchor, bold: bool, color: Color, text: &str) -> Primitive {
    let mut span = TextSpan::plain(shown(text));
    span.bold = bold;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes of letters are small whole numbers"
    )]
    Primitive::RichText {
        x: at.0,
        y: at.1,
        spans: vec![span],
        size: size as u32,
        anchor: match anchor {
            Anchor::Start => TextAnchor::Start,
            Anchor::Middle => TextAnchor::Middle,
            Anchor::End => TextAnchor::End,
        },
        color: Some(color),
    }
}
