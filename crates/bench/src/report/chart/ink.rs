//! The colours of pictures, in light and in dark.
//!
//! Letters have a contrast of at least 4.5 to 1 to the background, marks of 3 to 1 (WCAG 2.2, level AA). No colour says anything that
//! no word says.

use std::fmt::Write;

/// A colour by what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Ink {
    /// Behind everything.
    Back,
    /// Behind every other group.
    Band,
    /// Lines that lead the eye.
    Grid,
    /// Axes.
    Axis,
    /// Letters that matter.
    Text,
    /// Letters that explain.
    Quiet,
    /// The first kind of pip.
    Pip,
    /// The second kind of pip.
    PipToo,
    /// The first kind of uv.
    Uv,
    /// The second kind of uv.
    UvToo,
    /// Anybody else.
    Other,
    /// Better than before.
    Good,
    /// Worse than before.
    Bad,
    /// A weak version of the first kind of pip, for bars behind a whisker.
    PipSoft,
    /// A weak version of the second kind of pip.
    PipTooSoft,
    /// A weak version of the first kind of uv.
    UvSoft,
    /// A weak version of the second kind of uv.
    UvTooSoft,
    /// A weak version of anybody else.
    OtherSoft,
}

/// Name, light, dark.
const COLOURS: [(Ink, &str, &str, &str); 18] = [
    (Ink::Back, "back", "#ffffff", "#1a1f27"),
    (Ink::Band, "band", "#f5f7fa", "#202733"),
    (Ink::Grid, "grid", "#e1e5ea", "#323a46"),
    (Ink::Axis, "axis", "#7c8693", "#8a94a2"),
    (Ink::Text, "text", "#1c222b", "#e7eaef"),
    (Ink::Quiet, "quiet", "#57616e", "#a3adba"),
    (Ink::Pip, "pip", "#8a6a1f", "#d3ae55"),
    (Ink::PipToo, "pip-too", "#b5562b", "#ec9468"),
    (Ink::Uv, "uv", "#6a3fc4", "#b39af5"),
    (Ink::UvToo, "uv-too", "#0f6f8c", "#5cc0dd"),
    (Ink::Other, "other", "#5c6675", "#a3adba"),
    (Ink::Good, "good", "#13703a", "#6fd394"),
    (Ink::Bad, "bad", "#b3202c", "#ff8d92"),
    (Ink::PipSoft, "pip-soft", "#d9c692", "#6d5c31"),
    (Ink::PipTooSoft, "pip-too-soft", "#e8bda8", "#7a4f3b"),
    (Ink::UvSoft, "uv-soft", "#c4b2ec", "#574a80"),
    (Ink::UvTooSoft, "uv-too-soft", "#a3cfdd", "#33606f"),
    (Ink::OtherSoft, "other-soft", "#c2c8d0", "#4b5462"),
];

impl Ink {
    /// The colour of a contender, by its id.
    pub(in crate::report) fn of_contender(id: &str) -> Self {
        match id {
            "pip" => Self::Pip,
            "uv" => Self::Uv,
            _ if id.starts_with("pip") => Self::PipToo,
            _ if id.starts_with("uv") => Self::UvToo,
            _ => Self::Other,
        }
    }

    /// The weak version.
    pub(in crate::report) fn soft(self) -> Self {
        match self {
            Self::Pip => Self::PipSoft,
            Self::PipToo => Self::PipTooSoft,
            Self::Uv => Self::UvSoft,
            Self::UvToo => Self::UvTooSoft,
            _ => Self::OtherSoft,
        }
    }

    /// The name in classes: `f-NAME` fills, `s-NAME` strokes, `o-NAME` is a ring.
    pub(in crate::report) fn name(self) -> &'static str {
        self.row().map_or("text", |row| row.1)
    }

    /// The colour on white.
    #[cfg(feature = "png")]
    pub(in crate::report) fn light(self) -> &'static str {
        self.row().map_or("#1c222b", |row| row.2)
    }

    fn row(self) -> Option<&'static (Self, &'static str, &'static str, &'static str)> {
        COLOURS.iter().find(|row| row.0 == self)
    }
}

/// The rules that the classes of a picture need, for its file or for the page around it.
pub(in crate::report) fn style() -> String {
    let mut out = String::from(
        ".chart{font-family:system-ui,\"Segoe UI\",\"Helvetica Neue\",Helvetica,Arial,\"Liberation Sans\",\"DejaVu Sans\",sans-serif;font-variant-numeric:tabular-nums}\n",
    );
    rules(&mut out, |row| row.2);
    out.push_str("@media screen and (prefers-color-scheme:dark){\n");
    rules(&mut out, |row| row.3);
    out.push_str("}\n");
    out
}

fn rules(out: &mut String, colour: impl Fn(&(Ink, &str, &'static str, &'static str)) -> &'static str) {
    let back = COLOURS.first().map_or("", &colour);
    for row in &COLOURS {
        let (name, colour) = (row.1, colour(row));
        let _ = write!(
            out,
            ".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}.o-{name}{{fill:{back};stroke:{colour};stroke-width:1.5}}"
        );
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |from: usize| {
            let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_letter_and_mark_can_be_seen() {
        for (ink, name, light, dark) in COLOURS {
            let wanted = match ink {
                Ink::Back | Ink::Band | Ink::Grid => 1.0,
                _ if name.ends_with("-soft") => 1.4,
                Ink::Axis => 3.0,
                _ => 4.5,
            };
            for (colour, back) in
                [(light, "#ffffff"), (light, "#f5f7fa"), (dark, "#1a1f27"), (dark, "#202733")]
            {
                let contrast = contrast(colour, back);
                assert!(contrast >= wanted, "{name}: {colour} on {back} is {contrast:.2} to 1");
            }
        }
    }
}
