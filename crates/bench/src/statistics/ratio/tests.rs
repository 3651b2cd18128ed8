use super::*;
use crate::model::Operation;
use crate::statistics::Summary;
use crate::testing::{self, series_of};

const PIP: [f64; 10] = [9.86, 9.71, 10.2, 9.95, 9.80, 12.4, 9.66, 10.05, 9.90, 9.78];
const UV: [f64; 10] = [0.20, 0.19, 0.21, 0.205, 0.198, 0.26, 0.195, 0.202, 0.199, 0.20];

fn series(walls: &[f64]) -> Series {
    series_of("medium", Operation::InstallWarm, "pip", walls)
}

fn wall(above: &[f64], below: &[f64]) -> Option<Ratio> {
    paired_ratio(&series(above), &series(below), Measure::Wall, &Bootstrap::seeded(1))
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found / expected - 1.0).abs() < tolerance, "{found} is not {expected}");
}

#[test]
fn pairs_by_hand_and_by_scipy() {
    // The ratios are 49.3 51.105 48.571 48.537 49.495 47.692 49.538 49.752 49.749 48.9; in the middle are 49.3 and 49.495,
    // whose geometric mean is 49.397. Interval: scipy 1.17, percentile bootstrap of the logarithms with 1,000,000
    // resamples at the expanded percentiles.
    let ratio = wall(&PIP, &UV).unwrap();
    close(ratio.value, (49.3 * 49.494_949_494_949_5_f64).sqrt(), 1e-12);
    let interval = ratio.interval.unwrap();
    close(interval.low, 48.554_003_843, 1e-3);
    close(interval.high, 49.750_609_448, 1e-3);
    let range = ratio.range.unwrap();
    close(range.low, 47.692_307_692_3, 1e-10);
    close(range.high, 51.105_263_157_9, 1e-10);
    assert_eq!((ratio.pairs, ratio.dropped), (10, 0));
    assert!(ratio.is_sure());
}

#[test]
fn an_odd_number_of_pairs_has_the_usual_median() {
    let ratio = wall(&[2.0, 6.0, 12.0, 20.0, 5.0], &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    close(ratio.value, 3.0, 1e-12);
    assert_eq!((ratio.interval, ratio.pairs), (None, 5));
}

#[test]
fn it_is_no_ratio_of_means() {
    // One of ten pairs was held up for a minute; the mean would be off by a factor of 1.6.
    let mut above = PIP;
    above[3] += 60.0;
    close(wall(&above, &UV).unwrap().value, wall(&PIP, &UV).unwrap().value, 0.01);
}

#[test]
fn what_slows_both_of_a_pair_does_not_count() {
    let slow: Vec<f64> = (0..10).map(|block| 1.5_f64.powi(block)).collect();
    let above: Vec<f64> = PIP.iter().zip(&slow).map(|(time, factor)| time * factor).collect();
    let below: Vec<f64> = UV.iter().zip(&slow).map(|(time, factor)| time * factor).collect();
    close(wall(&above, &below).unwrap().value, wall(&PIP, &UV).unwrap().value, 1e-9);
}

#[test]
fn the_other_way_round_is_the_inverse() {
    let (one, other) = (wall(&PIP, &UV).unwrap(), wall(&UV, &PIP).unwrap().inverse());
    close(one.value, other.value, 1e-12);
    // The resamples are others, but of the same values.
    close(one.interval.unwrap().low, other.interval.unwrap().low, 1e-2);
    close(one.range.unwrap().high, other.range.unwrap().high, 1e-12);
}

#[test]
fn partners_are_found_by_their_block() {
    let mut above = series(&PIP);
    above.samples.reverse();
    let mut below = series(&UV);
    below.samples.remove(4);
    let ratio = paired_ratio(&above, &below, Measure::Wall, &Bootstrap::seeded(1)).unwrap();
    assert_eq!((ratio.pairs, ratio.dropped), (9, 1));
    let twice = below.samples[0];
    below.samples.push(Sample { wall: 1000.0, ..twice });
    let again = paired_ratio(&above, &below, Measure::Wall, &Bootstrap::seeded(1)).unwrap();
    assert_eq!(again.value.to_bits(), ratio.value.to_bits());
}

#[test]
fn a_clock_that_is_too_coarse_drops_pairs() {
    let mut below = series(&UV);
    below.samples[0].user = 0.0;
    below.samples[0].system = 0.0;
    let ratio = paired_ratio(&series(&PIP), &below, Measure::Cpu, &Bootstrap::seeded(1)).unwrap();
    assert_eq!((ratio.pairs, ratio.dropped), (9, 1));
    // User and system: 0.4 and 0.1 of the wall time in these series, so that the ratio is the same.
    close(ratio.value, 49.49, 1e-2);
}

#[test]
fn memory_that_is_not_known_has_no_ratio() {
    let mut below = series(&UV);
    for sample in &mut below.samples {
        sample.peak_memory = None;
    }
    assert_eq!(paired_ratio(&series(&PIP), &below, Measure::PeakMemory, &Bootstrap::seeded(1)), None);
    assert_eq!(Measure::PeakMemory.values(&below), Vec::<f64>::new());
}

#[test]
fn what_has_no_ratio_has_none() {
    assert_eq!(wall(&[], &[]), None);
    assert_eq!(wall(&PIP, &[]), None);
    assert_eq!(wall(&[0.0; 10], &[0.0; 10]), None);
    assert_eq!(wall(&[f64::NAN; 10], &[1.0; 10]), None);
    assert_eq!(wall(&[f64::INFINITY; 10], &[1.0; 10]), None);
    let equal = wall(&[2.0; 10], &[2.0; 10]).unwrap();
    assert_eq!((equal.value, equal.interval), (1.0, Some(Interval { low: 1.0, high: 1.0 })));
    assert!(!equal.is_sure());
}

#[test]
fn two_runs_by_scipy() {
    // scipy 1.17: bootstrap((log y, log x), difference of medians, method="percentile", n_resamples=1000000):
    // 1.0963 to 1.2019.
    // The ratio of the medians is 1.1451.
    let before = [4.16, 4.02, 4.31, 4.09, 4.45, 4.20, 4.11, 9.87, 4.05, 4.18];
    let after = [4.9, 4.6, 5.2, 4.75, 4.8, 5.0, 4.7, 4.66];
    let ratio = unpaired_ratio(&after, &before, &Bootstrap::seeded(1)).unwrap();
    close(ratio.value, 1.145_071_531, 1e-9);
    close(ratio.interval.unwrap().low, 1.096_272_358, 5e-3);
    close(ratio.interval.unwrap().high, 1.201_923_077, 5e-3);
    assert_eq!((ratio.pairs, ratio.dropped), (8, 0));
}

#[test]
fn two_runs_without_enough_samples() {
    assert_eq!(unpaired_ratio(&[], &[1.0], &Bootstrap::seeded(1)), None);
    assert_eq!(unpaired_ratio(&[0.0], &[1.0], &Bootstrap::seeded(1)), None);
    let few = unpaired_ratio(&[2.0; 5], &[1.0; 50], &Bootstrap::seeded(1)).unwrap();
    assert_eq!((few.interval, few.pairs), (None, 5));
    close(few.value, 2.0, 1e-12);
}

#[test]
fn two_runs_of_the_same_thing_rarely_differ() {
    // Both are drawn from one distribution: about 50 of 1,000 intervals may exclude 1.
    let mut generator = fastrand::Rng::with_seed(11);
    let mut draw = |count: usize| -> Vec<f64> {
        (0..count).map(|_| (0.1 * testing::normal(&mut generator)).exp()).collect()
    };
    let experiments = (0..1_000).map(|seed| {
        let bootstrap = Bootstrap { resamples: 500, ..Bootstrap::seeded(seed) };
        unpaired_ratio(&draw(12), &draw(12), &bootstrap).unwrap()
    });
    let wrong = experiments.filter(Ratio::is_sure).count();
    assert!((15..=70).contains(&wrong), "{wrong} of 1000");
}

#[test]
fn a_true_ratio_is_found_in_about_95_of_100_experiments() {
    // pip takes 8.4 times as long; both are held up together, and each for itself.
    let mut generator = fastrand::Rng::with_seed(12);
    let mut experiment = |seed| {
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for _ in 0..10 {
            let together = (0.3 * testing::normal(&mut generator)).exp();
            above.push(8.4 * together * (0.05 * testing::normal(&mut generator)).exp());
            below.push(together * (0.08 * testing::normal(&mut generator)).exp());
        }
        let bootstrap = Bootstrap { resamples: 500, ..Bootstrap::seeded(seed) };
        let paired = paired_ratio(&series(&above), &series(&below), Measure::Wall, &bootstrap).unwrap();
        let unpaired = unpaired_ratio(&above, &below, &bootstrap).unwrap();
        let width = |ratio: &Ratio| ratio.interval.map(|found| (found.high / found.low).ln()).unwrap();
        (paired.interval.unwrap().contains(8.4), width(&paired) < width(&unpaired))
    };
    let found: Vec<(bool, bool)> = (0..1_000).map(&mut experiment).collect();
    let held = found.iter().filter(|(holds, _)| *holds).count();
    assert!((940..=985).contains(&held), "{held} of 1000");
    // Pairs are what makes it narrow.
    assert!(found.iter().filter(|(_, is_narrower)| *is_narrower).count() > 990);
}

#[test]
fn the_summary_and_the_ratio_look_at_the_same_samples() {
    let run = testing::run(5, 11);
    let one = &run.series[0];
    let median = Summary::of(&Measure::Cpu.values(one)).unwrap().median;
    let by_hand: Vec<f64> = one.samples.iter().map(|sample| sample.user + sample.system).collect();
    assert_eq!(Summary::of(&by_hand).unwrap().median.to_bits(), median.to_bits());
}
