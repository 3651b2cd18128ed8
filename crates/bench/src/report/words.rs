//! The words for figures, the same in every report.

use uvshift_requirements::redacted;

use crate::statistics::{Interval, Ratio};

/// A time with its unit, in three digits: `812 µs`, `45.1 ms`, `1.23 s`, `154 s`, `16.7 min`.
pub fn time(seconds: f64) -> String {
    match seconds {
        value if !value.is_finite() => "?".to_owned(),
        value if value < 0.000_999_5 => format!("{} µs", digits(value * 1e6)),
        value if value < 0.999_5 => format!("{} ms", digits(value * 1e3)),
        value if value < 999.5 => format!("{} s", digits(value)),
        value => format!("{} min", digits(value / 60.0)),
    }
}

/// Memory with its unit, in three digits: `812 KiB`, `45.2 MiB`, `1.25 GiB`.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn memory(bytes: u64) -> String {
    memory_of(bytes as f64)
}

/// The same of a figure that has been calculated.
pub fn memory_of(bytes: f64) -> String {
    match bytes / 1024.0 {
        value if !value.is_finite() => "?".to_owned(),
        value if value < 1023.5 => format!("{} KiB", digits(value)),
        value if value < 1023.5 * 1024.0 => format!("{} MiB", digits(value / 1024.0)),
        value => format!("{} GiB", digits(value / 1024.0 / 1024.0)),
    }
}

/// A ratio in two or three digits: `0.46`, `1.04`, `1.8`, `8.4`, `49`. It never reads 1 where it is not.
pub fn ratio(value: f64) -> String {
    match value {
        value if !value.is_finite() => "?".to_owned(),
        value if (value - 1.0).abs() < 0.005 => near_one(value),
        value if value < 0.0995 => format!("{value:.3}"),
        value if value < 1.495 => format!("{value:.2}"),
        value if value < 9.95 => format!("{value:.1}"),
        value => thousands(&format!("{value:.0}")),
    }
}

/// From where to where: `7.9 to 9.0`.
pub fn interval(interval: Interval) -> String {
    format!("{} to {}", ratio(interval.low), ratio(interval.high))
}

/// The smallest and the largest of a few figures: `7.9 to 9.0`, or `8.4` where they read the same.
pub fn range(interval: Interval) -> String {
    let (low, high) = (ratio(interval.low), ratio(interval.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// How many times as fast the one below the line is, which may be less than one time: `8.4 times as fast (95 %: 7.9 to 9.0)`, or why nothing is claimed.
pub fn times_as_fast(of: &Ratio) -> String {
    times_as_fast_as(of, None)
}

/// The same with the name of the other one: `8.4 times as fast as pip (95 %: 7.9 to 9.0)`.
pub fn times_as_fast_as(of: &Ratio, other: Option<&str>) -> String {
    let other = other.map(|name| format!(" as {}", plain(name))).unwrap_or_default();
    let Some(limits) = of.interval else {
        let pairs = count(of.pairs, "pair");
        return match of.range.filter(|range| !range.contains(1.0)) {
            Some(range) => {
                format!("{} times as fast{other} in {pairs} (too few for an interval)", self::range(range))
            }
            None => format!("{pairs}, too few to tell"),
        };
    };
    let range = interval(limits);
    if of.is_sure() {
        format!("{} times as fast{other} (95 %: {range})", ratio(of.value))
    } else {
        format!("no difference shown (95 %: {range})")
    }
}

/// A change as a share: `+5.2 %`, `-12 %`, from the ratio of after over before.
pub fn change(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    match percent {
        percent if !percent.is_finite() => "?".to_owned(),
        percent if percent.abs() < 0.05 => "0.0 %".to_owned(),
        percent if percent.abs() < 9.95 => format!("{percent:+.1} %"),
        percent => format!("{percent:+.0} %"),
    }
}

/// A number and its noun: `1 run`, `3 runs`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(&number.to_string()))
}

/// A text of a file, without credentials, and without what would steer a terminal or begin a new line.
pub fn plain(text: &str) -> String {
    redacted(text)
        .chars()
        .map(|character| if is_steering(character) { '\u{fffd}' } else { character })
        .collect()
}

fn is_steering(character: char) -> bool {
    // The last ones turn the direction of writing around, by which a text can show what it does not hold.
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn near_one(value: f64) -> String {
    match (value - 1.0).abs() {
        0.0 => "1.00".to_owned(),
        distance if distance >= 0.000_5 => format!("{value:.3}"),
        _ if value > 1.0 => "1.000+".to_owned(),
        _ => "0.999+".to_owned(),
    }
}

fn digits(value: f64) -> String {
    match value.abs() {
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 99.95 => format!("{value:.1}"),
        _ => thousands(&format!("{value:.0}")),
    }
}

fn thousands(number: &str) -> String {
    let mut grouped = String::new();
    for (place, digit) in number.chars().enumerate() {
        if place > 0 && (number.len() - place).is_multiple_of(3) && number.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests;
