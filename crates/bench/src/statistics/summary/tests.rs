use super::*;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

fn of(values: &[f64]) -> Summary {
    Summary::of(values).unwrap()
}

#[test]
fn a_series_by_hand() {
    // Sorted: 1 2 4 4 9. Mean 20 / 5; squares of distances 9 + 4 + 0 + 0 + 25 = 38, 38 / 4 = 9.5; distances 3 2 0 0 5.
    let summary = of(&[4.0, 1.0, 9.0, 4.0, 2.0]);
    assert_eq!(summary.count, 5);
    close(summary.mean, 4.0);
    close(summary.standard_deviation.unwrap(), 9.5_f64.sqrt());
    close(summary.median, 4.0);
    close(summary.mad, 2.0);
    close(summary.lower_quartile, 2.0);
    close(summary.upper_quartile, 4.0);
    close(summary.minimum, 1.0);
    close(summary.maximum, 9.0);
    assert!(summary.outliers.is_empty() && !summary.slow_first);
}

#[test]
fn pythons_statistics_and_scipy_say_the_same() {
    // Python 3: statistics.mean, stdev, median, quantiles(n=4, method="inclusive"); scipy 1.17: median_abs_deviation.
    let summary = of(&[4.16, 4.02, 4.31, 4.09, 4.45, 4.20, 4.11, 9.87, 4.05, 4.18]);
    close(summary.mean, 4.744);
    close(summary.standard_deviation.unwrap(), 1.805_585_162_150_425);
    close(summary.median, 4.17);
    close(summary.mad, 0.1);
    close(summary.lower_quartile, 4.095);
    close(summary.upper_quartile, 4.2825);
    assert_eq!(summary.outliers, [7]);
    assert!(!summary.slow_first);
}

#[test]
fn certified_values_of_nist() {
    // NIST StRD, univariate summary statistics: NumAcc1 to NumAcc4, with their certified means and deviations.
    let alternating = |first: f64, low: f64, high: f64| {
        let pairs = std::iter::repeat_n([low, high], 500).flatten();
        of(&std::iter::once(first).chain(pairs).collect::<Vec<_>>())
    };
    let accuracy = [
        (of(&[10_000_001.0, 10_000_003.0, 10_000_002.0]), 10_000_002.0, 1.0, 1e-15),
        (alternating(1.2, 1.1, 1.3), 1.2, 0.1, 1e-12),
        (alternating(1_000_000.2, 1_000_000.1, 1_000_000.3), 1_000_000.2, 0.1, 1e-8),
        (alternating(10_000_000.2, 10_000_000.1, 10_000_000.3), 10_000_000.2, 0.1, 1e-7),
    ];
    for (summary, mean, deviation, tolerance) in accuracy {
        assert!((summary.mean / mean - 1.0).abs() < 1e-12, "{}", summary.mean);
        let found = summary.standard_deviation.unwrap();
        assert!((found / deviation - 1.0).abs() < tolerance, "{found}");
    }
}

#[test]
fn rosners_data_of_the_handbook() {
    // NIST/SEMATECH e-Handbook, 1.3.5.17.3: 54 values, of which the generalized ESD test finds three outliers; its first
    // statistic, (6.01 - mean) / deviation, is given as 3.119. The modified z-scores (1.3.5.17, bound 3.5) of these three:
    // 0.6745 (6.01 - 2.095) / 0.545 = 4.85, 4.12 and 4.02; ours have no factor and a bound of 14.826, so none is one.
    let data = [
        -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65,
        1.69, 1.70, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26,
        2.35, 2.37, 2.40, 2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30,
        4.64, 5.34, 5.42, 6.01,
    ];
    let summary = of(&data);
    let first = (6.01 - summary.mean) / summary.standard_deviation.unwrap();
    assert!((first - 3.119).abs() < 0.000_5, "{first}");
    close(summary.median, 2.095);
    close(summary.mad, 0.545);
    let scores = modified_scores(&data).unwrap();
    let of_handbook: Vec<f64> =
        scores.iter().map(|score| 0.6745 * score).filter(|score| *score > 3.5).collect();
    let expected = [4.016_059_633, 4.115_068_807, 4.845_261_468];
    assert_eq!(of_handbook.len(), 3);
    for (found, expected) in of_handbook.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
    assert!(summary.outliers.is_empty());
}

#[test]
fn the_mad_of_the_encyclopedia() {
    // 1 1 2 2 4 6 9: the median is 2, the distances are 0 0 1 1 2 4 7, and the median of these is 1.
    let summary = of(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]);
    close(summary.median, 2.0);
    close(summary.mad, 1.0);
}

#[test]
fn quartiles_are_those_of_definition_seven() {
    // Hyndman and Fan 1996: the place is (n - 1) p + 1. Of 1 to 10: 9 / 4 + 1 = 3.25 and 27 / 4 + 1 = 7.75. (Definition 6,
    // of Minitab, would be 2.75 and 8.25, definition 8 would be 2.917 and 8.083.)
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    close(quantile(&ten, 0.25).unwrap(), 3.25);
    close(quantile(&ten, 0.5).unwrap(), 5.5);
    close(quantile(&ten, 0.75).unwrap(), 7.75);
    close(quantile(&ten, 0.0).unwrap(), 1.0);
    close(quantile(&ten, 1.0).unwrap(), 10.0);
    // Of four values, the halves between their halves: 1 + 0.75, 3 + 0.25.
    let summary = of(&[4.0, 3.0, 2.0, 1.0]);
    close(summary.lower_quartile, 1.75);
    close(summary.upper_quartile, 3.25);
}

#[test]
fn outliers_are_those_of_hyperfine() {
    // The cases of hyperfine's own tests (1.20, outlier detection), with the numbers of outliers that it finds.
    let normal = [
        2.332_694_88,
        1.421_959_07,
        -0.575_276_98,
        -0.312_934_37,
        2.294_815_8,
        0.758_132_73,
        -1.071_238_8,
        -0.963_947_41,
        -1.158_974_46,
        1.109_762_85,
    ];
    let spoiled: Vec<f64> = normal.iter().copied().chain([20.0, -500.0]).collect();
    let cases: [(&[f64], usize); 9] = [
        (&[50.0], 0),
        (&[1000.0, 0.0], 0),
        (&[-0.2, 0.0, 0.2], 0),
        (&[-0.2, 0.0, 0.2, 4.0], 1),
        (&[0.5, 0.30, 0.29, 0.31, 0.30], 1),
        (&normal, 0),
        (&spoiled, 2),
        (&[10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 100.0], 1),
        (&[10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 100.0, 100.0], 2),
    ];
    for (values, expected) in cases {
        assert_eq!(of(values).outliers.len(), expected, "{values:?}");
    }
}

#[test]
fn a_slow_first_run_is_one_only_when_it_is_slow_and_first() {
    assert!(of(&[0.5, 0.30, 0.29, 0.31, 0.30]).slow_first);
    assert!(!of(&[0.30, 0.5, 0.29, 0.31, 0.30]).slow_first);
    assert!(!of(&[0.1, 0.30, 0.29, 0.31, 0.30]).slow_first);
    assert_eq!(of(&[0.1, 0.30, 0.29, 0.31, 0.30]).outliers, [0]);
}

#[test]
fn what_has_no_figures_has_none() {
    assert_eq!(Summary::of(&[]), None);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Summary::of(&[1.0, bad, 2.0]), None);
        assert_eq!(modified_scores(&[bad]), None);
    }
    assert_eq!(quantile(&[], 0.5), None);
    for share in [-0.1, 1.1, f64::NAN] {
        assert_eq!(quantile(&[1.0, 2.0], share), None);
    }
}

#[test]
fn few_and_equal_values_are_no_special_case() {
    let one = of(&[3.0]);
    assert_eq!((one.count, one.median, one.mad, one.standard_deviation), (1, 3.0, 0.0, None));
    let equal = of(&[0.0; 20]);
    assert_eq!((equal.median, equal.mad, equal.standard_deviation), (0.0, 0.0, Some(0.0)));
    assert!(equal.outliers.is_empty() && !equal.slow_first);
    assert_eq!(of(&[f64::MAX; 4]).mean.to_bits(), f64::MAX.to_bits());
    // The distance between these is no number any more.
    assert_eq!(Summary::of(&[f64::MAX, f64::MAX, f64::MIN, f64::MIN]), None);
}
