//! A terminal as SVG.

use std::fmt::Write as _;

use super::Take;
use super::ansi::{Piece, Style, lines};

/// Columns of the terminal.
const WIDTH: usize = 100;
/// A cell, in pixels.
const CELL: (f64, f64) = (8.4, 19.0);
/// What is around the text.
const MARGIN: f64 = 18.0;
/// The bar with the three dots.
const BAR: f64 = 30.0;

/// Colours for light and dark, readable on their background.
const STYLE: &str = "
.back{fill:#fbfbfa}.bar{fill:#ececea}.dot{fill:#c9c9c5}.edge{fill:none;stroke:#d8d8d4}
text{fill:#24292f;font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}
.b{font-weight:700}.d{fill:#667079}.c1{fill:#c0262d}.c2{fill:#18743a}.c3{fill:#8a5a00}.c4{fill:#0a58ca}.c5{fill:#8a2f9c}.c6{fill:#0b6e78}
.title{fill:#667079;text-anchor:middle}
@media(prefers-color-scheme:dark){.back{fill:#16191d}.bar{fill:#23272d}.dot{fill:#4a5058}.edge{stroke:#3a4048}
text{fill:#dfe3e8}.d{fill:#98a2ad}.c1{fill:#ff8585}.c2{fill:#6fd58c}.c3{fill:#e8bd5c}.c4{fill:#8db8ff}.c5{fill:#dc9bf0}.c6{fill:#6fd3dd}.title{fill:#98a2ad}}
@media(prefers-reduced-motion:no-preference){.l{animation:show .01s both;animation-delay:var(--t)}}
@keyframes show{from{opacity:.2}to{opacity:1}}
";

/// The picture. Lines appear one after the other, once; whoever wants no motion sees all of them at once.
pub(super) fn picture(title: &str, takes: &[Take]) -> String {
    let mut rows = String::new();
    let mut row = 0_u32;
    let mut time = 0.4;
    for (number, take) in takes.iter().enumerate() {
        if number > 0 {
            row += 1;
            time += 1.0;
        }
        let prompt = Style { bold: true, dim: false, colour: Some(2) };
        let typed = Style { bold: true, ..Style::default() };
        let command =
            [Piece { text: "$ ".into(), style: prompt }, Piece { text: take.typed.into(), style: typed }];
        line(&mut rows, row, time, &command);
        row += 1;
        time += 0.5;
        for pieces in lines(take.printed.trim_end(), WIDTH) {
            line(&mut rows, row, time, &pieces);
            row += 1;
            time += 0.06;
        }
    }
    framed(title, row, &rows)
}

fn framed(title: &str, rows: u32, text: &str) -> String {
    let columns = u32::try_from(WIDTH).unwrap_or_default();
    let width = f64::from(columns) * CELL.0 + 2.0 * MARGIN;
    let height = f64::from(rows) * CELL.1 + 2.0 * MARGIN + BAR;
    let mut dots = String::new();
    for x in [4.0, 22.0, 40.0] {
        let _ = write!(dots, "<circle class=\"dot\" cx=\"{}\" cy=\"15\" r=\"5.5\"/>", MARGIN + x);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n\
         <clipPath id=\"frame\"><rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"10\"/></clipPath>\n\
         <g clip-path=\"url(#frame)\"><rect class=\"back\" width=\"100%\" height=\"100%\"/><rect class=\"bar\" width=\"100%\" height=\"{BAR}\"/></g>\n\
         {dots}<text class=\"title\" x=\"{:.0}\" y=\"20\">shop</text>\n\
         <rect class=\"edge\" x=\".5\" y=\".5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"10\"/>\n{text}</svg>\n",
        escaped(title),
        width / 2.0,
        width - 1.0,
        height - 1.0,
    )
}

/// One line; each piece has its place and its length, so that no font moves what is behind it.
fn line(out: &mut String, row: u32, time: f64, pieces: &[Piece]) {
    let y = BAR + MARGIN + f64::from(row) * CELL.1 + 14.0;
    // Writing to a `String` cannot fail.
    let _ = write!(out, "<g class=\"l\" style=\"--t:{time:.2}s\">");
    let mut column = 0;
    for piece in pieces {
        let length = u32::try_from(piece.text.chars().count()).unwrap_or_default();
        let shown = piece.text.trim_end();
        let leading = u32::try_from(shown.chars().take_while(|it| *it == ' ').count()).unwrap_or_default();
        let shown = shown.trim_start();
        if !shown.is_empty() {
            let x = MARGIN + f64::from(column + leading) * CELL.0;
            let wide = f64::from(u32::try_from(shown.chars().count()).unwrap_or_default()) * CELL.0;
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{wide:.1}\" lengthAdjust=\"spacingAndGlyphs\"{}>{}</text>",
                class(piece.style),
                escaped(shown)
            );
        }
        column += length;
    }
    out.push_str("</g>\n");
}

fn class(style: Style) -> String {
    let mut classes = Vec::new();
    if style.bold {
        classes.push("b".to_owned());
    }
    if style.dim {
        classes.push("d".to_owned());
    }
    // Black and white are the text's own colour.
    if let Some(colour) = style.colour.filter(|colour| (1..=6).contains(colour)) {
        classes.push(format!("c{colour}"));
    }
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn pieces_keep_their_columns_and_are_escaped() {
    let takes = [Take { typed: "uvshift check", printed: "a\u{1b}[32m  <b>\u{1b}[0m".into() }];
    let picture = picture("t", &takes);
    assert!(picture.contains("textLength=\"8.4\" lengthAdjust=\"spacingAndGlyphs\">a</text>"));
    let x = MARGIN + 3.0 * CELL.0;
    assert!(picture.contains(&format!("<text x=\"{x:.1}\"")), "{picture}");
    assert!(picture.contains("class=\"c2\">&lt;b&gt;</text>"));
}
