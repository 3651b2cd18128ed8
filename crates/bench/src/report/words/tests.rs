use super::*;

#[test]
fn times_have_three_digits_and_a_unit() {
    for (seconds, expected) in [
        (0.0, "0.00 µs"),
        (0.000_000_4, "0.40 µs"),
        (0.000_812, "812 µs"),
        (0.000_999_6, "1.00 ms"),
        (0.004_512, "4.51 ms"),
        (0.0451, "45.1 ms"),
        (0.8, "800 ms"),
        (0.999_6, "1.00 s"),
        (1.234, "1.23 s"),
        (9.996, "10.0 s"),
        (14.04, "14.0 s"),
        (154.2, "154 s"),
        (999.6, "16.7 min"),
        (360_000.0, "6000 min"),
        (3_600_000.0, "60,000 min"),
        (f64::NAN, "?"),
        (f64::INFINITY, "?"),
    ] {
        assert_eq!(time(seconds), expected, "{seconds}");
    }
}

#[test]
fn memory_has_binary_units() {
    for (bytes, expected) in [
        (0, "0.00 KiB"),
        (512, "0.50 KiB"),
        (832_000, "812 KiB"),
        (1_048_576, "1.00 MiB"),
        (47_395_635, "45.2 MiB"),
        (1_342_177_280, "1.25 GiB"),
        (u64::MAX, "17,179,869,184 GiB"),
    ] {
        assert_eq!(memory(bytes), expected, "{bytes}");
    }
}

#[test]
fn a_ratio_never_reads_one_where_it_is_not() {
    for (value, expected) in [
        (1.0, "1.00"),
        (1.003, "1.003"),
        (0.9978, "0.998"),
        (1.000_1, "1.000+"),
        (0.999_9, "0.999+"),
        (1.04, "1.04"),
        (0.46, "0.46"),
        (0.012, "0.012"),
        (1.496, "1.5"),
        (1.86, "1.9"),
        (8.4, "8.4"),
        (9.96, "10"),
        (49.4, "49"),
        (1234.0, "1234"),
        (12_345.0, "12,345"),
        (f64::NAN, "?"),
    ] {
        assert_eq!(ratio(value), expected, "{value}");
    }
}

fn of(value: f64, interval: Option<(f64, f64)>, range: (f64, f64)) -> Ratio {
    let limits = |(low, high)| Interval { low, high };
    Ratio { value, interval: interval.map(limits), range: Some(limits(range)), pairs: 3, dropped: 0 }
}

#[test]
fn only_what_is_sure_is_claimed() {
    let wide = (1.0, 100.0);
    assert_eq!(times_as_fast(&of(8.4, Some((7.9, 9.0)), wide)), "8.4 times as fast (95 %: 7.9 to 9.0)");
    assert_eq!(times_as_fast(&of(1.1, Some((0.96, 1.2)), wide)), "no difference shown (95 %: 0.96 to 1.20)");
    assert_eq!(times_as_fast(&of(1.1, Some((1.0, 1.2)), wide)), "no difference shown (95 %: 1.00 to 1.20)");
    assert_eq!(times_as_fast(&of(8.4, None, wide)), "3 pairs, too few to tell");
    let told = times_as_fast_as(&of(8.4, None, (7.9, 9.0)), Some("pip"));
    assert_eq!(told, "7.9 to 9.0 times as fast as pip in 3 pairs (too few for an interval)");
}

#[test]
fn a_range_of_one_figure_is_one_figure() {
    assert_eq!(range(Interval { low: 7.9, high: 9.0 }), "7.9 to 9.0");
    assert_eq!(range(Interval { low: 17.1, high: 17.2 }), "17");
    let told = times_as_fast(&of(17.1, None, (17.1, 17.1)));
    assert_eq!(told, "17 times as fast in 3 pairs (too few for an interval)");
}

#[test]
fn changes_have_a_sign() {
    for (ratio, expected) in [
        (1.0, "0.0 %"),
        (1.0002, "0.0 %"),
        (1.052, "+5.2 %"),
        (0.88, "-12 %"),
        (3.0, "+200 %"),
        (f64::NAN, "?"),
    ] {
        assert_eq!(change(ratio), expected);
    }
}

#[test]
fn numbers_have_nouns() {
    assert_eq!(count(0, "run"), "0 runs");
    assert_eq!(count(1, "run"), "1 run");
    assert_eq!(count(12_345, "run"), "12,345 runs");
}

#[test]
fn texts_steer_nothing_and_betray_nothing() {
    assert_eq!(plain("uv\u{1b}[31m\nred\u{202e}"), "uv\u{fffd}[31m\u{fffd}red\u{fffd}");
    assert_eq!(plain("größe ± 日本"), "größe ± 日本");
    let shown = plain("a @ https://somebody:hunter2@index.example/a.whl?token=hunter2");
    assert!(!shown.contains("hunter2") && shown.contains("index.example/a.whl"), "{shown}");
}
