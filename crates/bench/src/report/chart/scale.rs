//! Axes: from values to places, and where their marks are.

/// An axis from the left to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct Scale {
    kind: Kind,
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Logarithmic,
}

/// Marks within a power of ten, for short axes.
const FINE: [f64; 10] = [1.0, 1.1, 1.25, 1.5, 2.0, 2.5, 4.0, 5.0, 8.0, 9.0];
const MIDDLE: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0];

/// No axis goes further than this, whatever the values are.
const NEAREST_ZERO: f64 = 1e-12;
const FARTHEST: f64 = 1e12;

impl Scale {
    /// A logarithmic axis that has room for these values, of which those that have no logarithm are passed over.
    pub(in crate::report) fn logarithmic(
        values: impl IntoIterator<Item = f64>,
        left: f64,
        right: f64,
    ) -> Self {
        let (low, high) = ends(values.into_iter().filter(|value| *value > 0.0)).unwrap_or((1.0, 1.0));
        let (low, high) = (low.clamp(NEAREST_ZERO, FARTHEST), high.clamp(NEAREST_ZERO, FARTHEST));
        // At least from a half to the double of the middle, and a little room at both ends.
        let middle = (low * high).sqrt();
        let (low, high) = (low.min(middle / 1.5), high.max(middle * 1.5));
        let room = (high / low).powf(0.04);
        Self { kind: Kind::Logarithmic, low: low / room, high: high * room, left, right }
    }

    /// A linear axis from zero that has room for these values.
    pub(in crate::report) fn from_zero(values: impl IntoIterator<Item = f64>, left: f64, right: f64) -> Self {
        let high = ends(values).map_or(1.0, |(_, high)| high.clamp(0.0, FARTHEST));
        let high = if high > NEAREST_ZERO { high } else { 1.0 };
        Self { kind: Kind::Linear, low: 0.0, high, left, right }
    }

    /// The place of a value; values beyond an end are at the end.
    pub(in crate::report) fn at(&self, value: f64) -> f64 {
        let share = match self.kind {
            Kind::Linear => (value - self.low) / (self.high - self.low),
            Kind::Logarithmic => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self.left + share * (self.right - self.left)
    }

    /// The round values that have a mark, each at least `apart` pixels from the next one.
    pub(in crate::report) fn ticks(&self, apart: f64) -> Vec<f64> {
        let candidates = match self.kind {
            Kind::Linear => return self.linear_ticks(apart),
            Kind::Logarithmic => [&FINE[..], &MIDDLE[..], &[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]],
        };
        for steps in candidates {
            let ticks = self.decades(1, steps);
            if ticks.len() >= 2 && self.are_apart(&ticks, apart) {
                return ticks;
            }
        }
        (2..=12)
            .map(|stride| self.decades(stride, &[1.0]))
            .find(|ticks| self.are_apart(ticks, apart))
            .unwrap_or_default()
    }

    fn decades(&self, stride: u32, steps: &[f64]) -> Vec<f64> {
        (-12..=12_i32)
            .filter(|power| power.unsigned_abs().is_multiple_of(stride))
            .flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)))
            .filter(|value| *value >= self.low && *value <= self.high)
            .collect()
    }

    fn linear_ticks(&self, apart: f64) -> Vec<f64> {
        let most = ((self.right - self.left) / apart.max(1.0)).max(1.0);
        let rough = self.high / most;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|step| step * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(self.high);
        (0..=100)
            .map(|place| f64::from(place) * step)
            .take_while(|value| *value <= self.high * 1.000_001)
            .collect()
    }

    fn are_apart(&self, ticks: &[f64], apart: f64) -> bool {
        ticks.windows(2).all(|pair| match pair {
            [one, other] => self.at(*other) - self.at(*one) >= apart,
            _ => true,
        })
    }
}

/// The least and the greatest finite value.
fn ends(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |ends, value| match ends {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_apart() {
        assert_eq!(
            Scale::logarithmic([0.8, 60.0], 0.0, 400.0).ticks(40.0),
            [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
        );
        assert_eq!(
            Scale::logarithmic([1.0, 1e6], 0.0, 300.0).ticks(40.0),
            [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]
        );
        assert_eq!(
            Scale::logarithmic([1.0, 1e11], 0.0, 300.0).ticks(40.0),
            [1.0, 100.0, 1e4, 1e6, 1e8, 1e10]
        );
        assert_eq!(Scale::from_zero([13.7], 0.0, 400.0).ticks(70.0), [0.0, 5.0, 10.0]);
    }

    #[test]
    fn values_that_cannot_be_placed_are_at_an_end() {
        for values in
            [vec![], vec![0.0], vec![-1.0, f64::NAN], vec![f64::INFINITY], vec![1e300, 1e-300], vec![1.0]]
        {
            for scale in
                [Scale::logarithmic(values.clone(), 10.0, 90.0), Scale::from_zero(values.clone(), 10.0, 90.0)]
            {
                for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 1e300, 5e-324, 1.0] {
                    let place = scale.at(value);
                    assert!((10.0..=90.0).contains(&place), "{value} of {values:?} is at {place}");
                }
                assert!(scale.ticks(30.0).len() < 40);
            }
        }
    }
}
