use super::*;
use crate::model::Operation;
use crate::testing::series_of;

fn series(walls: &[f64]) -> Series {
    series_of("medium", Operation::Resolve, "uv", walls)
}

fn reasons(series: &Series, cores: usize) -> Vec<NoiseReason> {
    noise(series, cores).unwrap().reasons
}

#[test]
fn a_quiet_series_has_no_reasons() {
    let found = noise(&series(&[1.0, 1.01, 0.99, 1.02, 0.98, 1.0]), 2).unwrap();
    assert!(!found.is_noisy(), "{found:?}");
    // Every sample has a load of 0.5; MAD 0.01 by hand.
    assert_eq!(found.load, Some(0.25));
    assert!((found.spread.unwrap() - 0.014_826).abs() < 1e-9);
}

#[test]
fn what_disturbs_is_named() {
    assert_eq!(reasons(&series(&[1.0, 1.3, 0.7, 1.4, 0.8, 1.2]), 2), [NoiseReason::Spread]);
    assert_eq!(reasons(&series(&[1.0, 1.01, 0.99, 1.02, 0.98, 9.0]), 2), [NoiseReason::Outliers]);
    assert_eq!(reasons(&series(&[9.0, 1.01, 0.99, 1.02, 0.98, 1.0]), 2), [NoiseReason::SlowFirst]);
    let both = [NoiseReason::SlowFirst, NoiseReason::Outliers];
    assert_eq!(reasons(&series(&[9.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.0, 9.0]), 2), both);
    let mut busy = series(&[1.0; 6]);
    busy.samples[3].load = Some(2.6);
    assert_eq!(reasons(&busy, 2), [NoiseReason::Load]);
    assert_eq!(reasons(&busy, 4), []);
    assert_eq!(reasons(&busy, 0), [NoiseReason::Load]);
}

#[test]
fn a_handful_of_samples_tells_nothing_of_outliers() {
    assert_eq!(reasons(&series(&[9.0, 1.0, 1.01, 0.99, 1.0]), 2), []);
}

#[test]
fn what_cannot_be_told_is_not() {
    assert_eq!(noise(&series(&[]), 2), None);
    assert_eq!(noise(&series(&[f64::NAN]), 2), None);
    let mut zeros = series(&[0.0; 6]);
    for sample in &mut zeros.samples {
        sample.load = Some(f64::NAN);
    }
    let found = noise(&zeros, 2).unwrap();
    assert_eq!((found.load, found.spread, found.is_noisy()), (None, None, false));
}
