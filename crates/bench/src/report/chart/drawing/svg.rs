//! A drawing as SVG.

use std::fmt::Write;

use super::{Anchor, Drawing, Mark};
use crate::report::chart::ink;
use crate::report::page::escaped;

impl Drawing {
    /// A whole file, which follows the reader's light or dark.
    pub(in crate::report::chart) fn to_svg(&self) -> String {
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n<style>{}</style>\n",
            escaped(&self.title),
            escaped(&self.description),
            ink::style(),
            width = number(self.width),
            height = number(self.height),
        );
        let _ = writeln!(
            out,
            "<rect class=\"f-back\" width=\"{}\" height=\"{}\"/>",
            number(self.width),
            number(self.height)
        );
        self.marks(&mut out);
        out.push_str("</svg>\n");
        out
    }

    /// A part of a page that has the rules of [`ink::style`]. It is as wide as it may be and transparent.
    pub(in crate::report::chart) fn to_inline_svg(&self, class: &str) -> String {
        let mut out = format!(
            "<svg class=\"chart {class}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
            number(self.width),
            number(self.height),
            escaped(&format!("{}. {}", self.title, self.description)),
        );
        self.marks(&mut out);
        out.push_str("</svg>\n");
        out
    }

    fn marks(&self, out: &mut String) {
        for mark in &self.marks {
            write(out, mark);
        }
    }
}

fn write(out: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Area { x, y, width, height, ink } => writeln!(
            out,
            "<rect class=\"f-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            ink.name(),
            number(*x),
            number(*y),
            number(*width),
            number(*height)
        ),
        Mark::Line { from, to, width, ink } => writeln!(
            out,
            "<line class=\"s-{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke-width=\"{}\"/>",
            ink.name(),
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            number(*width)
        ),
        Mark::Dot { at, radius, ink, hollow } => writeln!(
            out,
            "<circle class=\"{}-{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            if *hollow { "o" } else { "f" },
            ink.name(),
            number(at.0),
            number(at.1),
            number(*radius)
        ),
        Mark::Text { at, size, anchor, bold, ink, text } => writeln!(
            out,
            "<text class=\"f-{}\" x=\"{}\" y=\"{}\" font-size=\"{}\"{}{}>{}</text>",
            ink.name(),
            number(at.0),
            number(at.1),
            number(*size),
            match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            },
            if *bold { " font-weight=\"600\"" } else { "" },
            escaped(text)
        ),
        Mark::Begin { tip } => writeln!(out, "<g><title>{}</title>", escaped(tip)),
        Mark::End => writeln!(out, "</g>"),
    };
}

/// A length in a tenth of a pixel, without what nobody needs. What is no number is 0, so that the file stays one.
fn number(value: f64) -> String {
    let rounded = if value.is_finite() { (value * 10.0).round() / 10.0 + 0.0 } else { 0.0 };
    format!("{rounded}")
}
