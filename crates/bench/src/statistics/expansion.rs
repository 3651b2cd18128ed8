//! Percentiles of a bootstrap that are wide enough for few values.
//!
//! The percentiles of resamples are too narrow where there are few values: seven of a normal distribution give an
//! "interval of 95 %" for the median that holds it in 87 % of all cases. Hesterberg ("What Teachers Should Know About
//! the Bootstrap", 2015, "expanded percentile interval") takes percentiles further out, as far as Student's interval
//! of a mean is wider than that of the bootstrap.

/// The share of resamples to leave out on each side for an interval of this confidence from that many values. `None`
/// with fewer than two values, or for a confidence that is not between 0 and 1.
pub(super) fn share_outside(count: usize, confidence: f64) -> Option<f64> {
    if count < 2 || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let freedom = u32::try_from(count - 1).unwrap_or(u32::MAX).min(LARGE);
    let shrinking = (1.0 + 1.0 / f64::from(freedom)).sqrt();
    Some(normal_tail(shrinking * student_quantile(freedom, confidence)))
}

/// From here on Student's distribution is the normal one, as far as the ends of an interval of resamples tell.
const LARGE: u32 = 10_000;

/// Within plus and minus this, Student's distribution has this share.
fn student_quantile(freedom: u32, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1000.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if student_share(freedom, middle) < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The share of Student's distribution within plus and minus this (Abramowitz and Stegun 26.7.3 and 26.7.4).
fn student_share(freedom: u32, limit: f64) -> f64 {
    let angle = (limit / f64::from(freedom).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let is_odd = freedom % 2 == 1;
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = if freedom == 1 { 0.0 } else { term };
    let mut step = if is_odd { 3 } else { 2 };
    while step < freedom {
        term *= cosine * cosine * f64::from(step - 1) / f64::from(step);
        sum += term;
        step += 2;
    }
    if is_odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
}

/// The share of the normal distribution above this (Abramowitz and Stegun 26.2.17, right to 7 places).
fn normal_tail(limit: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * limit);
    let series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let polynomial = series.iter().fold(0.0, |sum, factor| (sum + factor) * t);
    (-limit * limit / 2.0).exp() / std::f64::consts::TAU.sqrt() * polynomial
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() < tolerance, "{found} is not {expected}");
    }

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.10, and every table since: t(0.975).
        for (freedom, expected) in [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (5, 2.571),
            (6, 2.447),
            (9, 2.262),
            (10, 2.228),
            (30, 2.042),
        ] {
            close(student_quantile(freedom, 0.95), expected, 0.000_5);
        }
        close(student_quantile(LARGE, 0.95), 1.960, 0.000_5);
        close(student_quantile(4, 0.99), 4.604, 0.000_5);
    }

    #[test]
    fn the_tail_of_the_normal_distribution_is_that_of_the_tables() {
        for (limit, expected) in [(0.0, 0.5), (1.0, 0.158_655_254), (1.959_964, 0.025), (3.0, 0.001_349_898)]
        {
            close(normal_tail(limit), expected, 1e-7);
        }
    }

    #[test]
    fn the_share_is_that_of_scipy() {
        // scipy 1.17: norm.cdf(-sqrt(n / (n - 1)) * t.ppf(0.975, n - 1))
        for (count, expected) in SCIPY {
            close(share_outside(count, 0.95).unwrap(), expected, 1e-6);
        }
        close(share_outside(10_000_000, 0.95).unwrap(), 0.025, 1e-4);
    }

    #[test]
    fn what_makes_no_sense_has_no_share() {
        assert_eq!(share_outside(1, 0.95), None);
        for confidence in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!(share_outside(10, confidence), None);
        }
    }

    const SCIPY: [(usize, f64); 5] = [
        (6, 0.002_431_803),
        (7, 0.004_109_154),
        (10, 0.008_550_639),
        (20, 0.015_880_830),
        (100, 0.023_064_387),
    ];
}
