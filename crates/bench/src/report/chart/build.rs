//! From figures to plots.

mod compared;
mod forest;
mod times;

use std::fmt::Write;

use crate::model::{Run, Scenario};
use crate::report::words;
use crate::statistics::Ratio;

pub(in crate::report) use compared::{change_words, comparison_plot, contender, ratio_words as change_ratio};
pub(in crate::report) use forest::forest_plot;
pub(in crate::report) use times::{distributions_plot, medians_plot};

/// What a scenario is about.
fn note(run: &Run, name: &str) -> String {
    let Some(Scenario { description, packages, .. }) = run.scenarios.iter().find(|it| it.name == name) else {
        return String::new();
    };
    match packages {
        Some(packages) => {
            format!("{description} · {}", crate::report::words::count(*packages as usize, "package"))
        }
        None => description.clone(),
    }
}

/// The first sentences of a description, and how many there are besides.
fn sentences(of: Vec<String>) -> String {
    const MOST: usize = 12;
    let more = of.len().saturating_sub(MOST);
    let mut out = of.into_iter().take(MOST).collect::<Vec<_>>().join("; ");
    if more > 0 {
        let _ = write!(out, "; and {more} more");
    }
    out
}

/// A ratio and its interval, short.
fn ratio_words(ratio: &Ratio) -> String {
    match ratio.interval {
        Some(interval) => format!("{}× ({})", words::ratio(ratio.value), words::interval(interval)),
        None => format!("{}× ({})", words::ratio(ratio.value), few_words(ratio)),
    }
}

/// What few pairs are: their range, where there are two, and how many.
pub(in crate::report) fn few_words(ratio: &Ratio) -> String {
    let pairs = words::count(ratio.pairs, "pair");
    match ratio.range.filter(|_| ratio.pairs > 1) {
        Some(range) => format!("{} in {pairs}", words::interval(range)),
        None => pairs,
    }
}

/// The mark of a ratio at an axis.
fn ratio_tick(value: f64) -> String {
    match value {
        value if value >= 99_999.5 => format!("{}×", power(value)),
        value if value >= 0.000_99 => format!("{}×", (value * 1e6).round() / 1e6),
        value => format!("{}×", power(value)),
    }
}

/// The mark of a time at an axis.
fn time_tick(seconds: f64) -> String {
    match seconds {
        0.0 => "0".to_owned(),
        value if value < 9.9e-7 => format!("{} s", power(value)),
        value if value < 9.9e-4 => format!("{} µs", trimmed(value * 1e6)),
        value if value < 0.99 => format!("{} ms", trimmed(value * 1e3)),
        value if value < 99_999.0 => format!("{} s", trimmed(value)),
        value => format!("{} s", power(value)),
    }
}

fn trimmed(value: f64) -> String {
    format!("{}", (value * 1e3).round() / 1e3)
}

/// A power of ten, or a small multiple of one.
fn power(value: f64) -> String {
    let exponent = value.log10().floor();
    let factor = (value / 10_f64.powf(exponent)).round();
    let raised: String = format!("{exponent:.0}").chars().map(superscript).collect();
    if factor > 1.0 { format!("{factor:.0}·10{raised}") } else { format!("10{raised}") }
}

fn superscript(letter: char) -> char {
    match letter {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁻',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_short() {
        let ratios = [0.000_1, 0.001, 0.05, 0.5, 1.0, 20.0, 5000.0, 1e6, 2e9].map(ratio_tick);
        assert_eq!(ratios, ["10⁻⁴×", "0.001×", "0.05×", "0.5×", "1×", "20×", "5000×", "10⁶×", "2·10⁹×"]);
        let times = [0.0, 1e-9, 5e-6, 0.002, 0.2, 1.0, 2.5, 500.0, 1e6].map(time_tick);
        assert_eq!(times, ["0", "10⁻⁹ s", "5 µs", "2 ms", "200 ms", "1 s", "2.5 s", "500 s", "10⁶ s"]);
    }
}
