//! Lines per second with full semantics: specifiers and markers are validated, diagnostics are made.

mod common;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use uvshift_requirements::parse;

fn main() {
    divan::main();
}

#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 10)]
fn lines(bencher: Bencher<'_, '_>, lines: usize) {
    let text = common::requirements(lines);
    bencher
        .counter(ItemsCount::new(lines))
        .counter(BytesCount::of_str(&text))
        .bench(|| parse(divan::black_box(&text)));
}
