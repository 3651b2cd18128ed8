use super::*;
use crate::testing::normal;

const TREATED: [f64; 7] = [94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0];

fn medians(values: &[f64], count: usize) -> Vec<f64> {
    let resampler = Resampler::new(sorted(values).unwrap());
    let mut generator = Rng::with_seed(1);
    (0..count).map(|_| resampler.median(&mut generator)).collect()
}

#[test]
fn the_medians_of_the_treated_mice() {
    // Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 2.1: survival of seven treated mice. The
    // standard error of the median over all resamples is 37.83; how often each value is the median follows from the
    // binomial distribution: 0.0102, 0.0981, 0.2386, 0.3062 and back.
    let medians = medians(&TREATED, 100_000);
    let count = 100_000.0;
    let mean = medians.iter().sum::<f64>() / count;
    let error = (medians.iter().map(|median| (median - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    assert!((error - 37.83).abs() < 0.25, "{error}");
    let expected = [0.0102, 0.0981, 0.2386, 0.3062, 0.2386, 0.0981, 0.0102];
    for (value, expected) in sorted(&TREATED).unwrap().iter().zip(expected) {
        let times = medians.iter().filter(|median| median.to_bits() == value.to_bits()).count();
        let share = f64::from(u32::try_from(times).unwrap()) / count;
        assert!((share - expected).abs() < 0.005, "{value} is the median in {share}, not {expected}");
    }
}

#[test]
fn a_resample_of_an_even_number_has_the_value_between_the_middle_ones() {
    let found = medians(&[1.0, 2.0], 1_000);
    assert!(found.iter().all(|median| [1.0, 1.5, 2.0].contains(median)));
    // Both values are drawn in half of all cases.
    let between = found.iter().filter(|median| **median > 1.0 && **median < 2.0).count();
    assert!((450..550).contains(&between), "{between}");
}

#[test]
fn the_interval_is_that_of_scipy() {
    // scipy 1.17: bootstrap((x,), median, method="percentile", n_resamples=1000000) at the expanded percentiles: 4.07, 4.38.
    let values = [4.16, 4.02, 4.31, 4.09, 4.45, 4.20, 4.11, 9.87, 4.05, 4.18];
    let found = median_interval(&values, &Bootstrap::seeded(7)).unwrap();
    assert!((found.low - 4.07).abs() < 0.011 && (found.high - 4.38).abs() < 0.011, "{found:?}");
}

#[test]
fn the_numbers_in_the_middle_are_distributed_as_they_should() {
    // The k-th of n uniform numbers has the mean k / (n + 1); of ten, the fifth and the sixth are 1 / 11 apart.
    let mut generator = Rng::with_seed(3);
    let draws = 40_000;
    let (mut first, mut second) = (0.0, 0.0);
    for _ in 0..draws {
        let (below, above) = middle(&mut generator, 10);
        assert!(0.0 <= below && below <= above && above < 1.0);
        first += below / f64::from(draws);
        second += above / f64::from(draws);
    }
    assert!((first - 5.0 / 11.0).abs() < 0.003 && (second - 6.0 / 11.0).abs() < 0.003, "{first} {second}");
    for (count, rank) in [(1, 0), (2, 1), (64, 3), (65, 64), (129, 0), (300, 150)] {
        let total: f64 = (0..4_000).map(|_| order_statistic(&mut generator, count, rank)).sum();
        let (found, expected) = (total / 4_000.0, as_float(rank + 1) / as_float(count + 1));
        assert!((found - expected).abs() < 0.02, "{rank} of {count}: {found}, not {expected}");
    }
}

#[test]
fn every_bit_is_zero_in_half_of_all_cases() {
    let mut generator = Rng::with_seed(4);
    for count in [1, 2, 63, 64, 65, 128, 200] {
        let total: usize = (0..4_000).map(|_| zeros(&mut generator, count)).sum();
        let share = as_float(total) / as_float(4_000 * count);
        assert!((share - 0.5).abs() < 0.03, "{share} of {count}");
        assert!((0..100).all(|_| zeros(&mut generator, count) <= count));
    }
    assert_eq!(zeros(&mut generator, 0), 0);
}

#[test]
fn a_quantile_needs_no_order() {
    let mut generator = Rng::with_seed(5);
    let values: Vec<f64> = (0..101).map(|_| generator.f64()).collect();
    let ascending = sorted(&values).unwrap();
    for share in [0.0, 0.0024, 0.025, 0.5, 0.975, 1.0] {
        let expected = crate::statistics::quantile(&ascending, share);
        assert_eq!(quantile_of(&mut values.clone(), share), expected, "{share}");
    }
    assert_eq!(quantile_of(&mut [], 0.5), None);
    assert_eq!(quantile_of(&mut [1.0], f64::NAN), None);
}

#[test]
fn the_same_seed_gives_the_same_interval() {
    let values: Vec<f64> = (1..=15).map(|number| f64::from(number).sqrt()).collect();
    let of_seed = |seed| median_interval(&values, &Bootstrap::seeded(seed)).unwrap();
    assert_eq!(of_seed(5), of_seed(5));
    let mut turned = values.clone();
    turned.reverse();
    assert_eq!(median_interval(&turned, &Bootstrap::seeded(5)), Some(of_seed(5)));
}

#[test]
fn a_higher_confidence_is_wider() {
    let values: Vec<f64> = (1..=30).map(f64::from).collect();
    let of = |confidence| {
        let found = median_interval(&values, &Bootstrap { confidence, ..Bootstrap::seeded(1) }).unwrap();
        found.high - found.low
    };
    assert!(of(0.99) > of(0.95) && of(0.95) > of(0.5));
}

#[test]
fn what_has_no_interval_has_none() {
    let bootstrap = Bootstrap::seeded(1);
    assert_eq!(median_interval(&[], &bootstrap), None);
    assert_eq!(median_interval(&[1.0; FEWEST - 1], &bootstrap), None);
    assert_eq!(median_interval(&[1.0, 2.0, 3.0, f64::NAN, 4.0, 5.0, 6.0], &bootstrap), None);
    let values = [1.0; 10];
    assert_eq!(median_interval(&values, &bootstrap), Some(Interval { low: 1.0, high: 1.0 }));
    for confidence in [0.0, 1.0, f64::NAN] {
        assert_eq!(median_interval(&values, &Bootstrap { confidence, ..bootstrap }), None);
    }
    assert_eq!(median_interval(&values, &Bootstrap { resamples: 0, ..bootstrap }), None);
}

/// Of 1,000 experiments with that many values, how many have an interval that holds the true median.
fn coverage(count: usize, truth: f64, draw: fn(&mut Rng) -> f64) -> usize {
    let mut generator = Rng::with_seed(20_261_128);
    let holds = |seed| {
        let values: Vec<f64> = (0..count).map(|_| draw(&mut generator)).collect();
        let bootstrap = Bootstrap { resamples: 500, ..Bootstrap::seeded(seed) };
        median_interval(&values, &bootstrap).unwrap().contains(truth)
    };
    (0..1_000).map(holds).filter(|holds| *holds).count()
}

#[test]
fn about_95_of_100_intervals_hold_the_truth() {
    // The standard error of such a count is 7. Odd numbers of few values are on the safe side, since there the ends of the
    // interval can only be values themselves.
    for (count, range) in [(6, 930..=990), (7, 960..=1000), (10, 940..=985), (15, 930..=975)] {
        let normal = coverage(count, 0.0, normal);
        let skewed = coverage(count, std::f64::consts::LN_2, |generator| -(1.0 - generator.f64()).ln());
        assert!(range.contains(&normal) && range.contains(&skewed), "{count}: {normal} and {skewed} of 1000");
    }
}
