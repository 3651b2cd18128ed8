//! Reading scripts.

use divan::Bencher;
use divan::counter::BytesCount;
use uvshift_rewrite::shell::parse;

fn main() {
    divan::main();
}

const SCRIPT: &str = include_str!("../testdata/shell/install.sh");

/// A script as they are.
#[divan::bench]
fn one(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_str(SCRIPT)).bench(|| parse(divan::black_box(SCRIPT)));
}

/// Five hundred of them, in one.
#[divan::bench]
fn five_hundred(bencher: Bencher<'_, '_>) {
    let text = SCRIPT.repeat(500);
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(divan::black_box(&text)));
}

/// What is read again, since `((` can be two things.
#[divan::bench]
fn brackets(bencher: Bencher<'_, '_>) {
    let text = "(( ( # ((\n a) )\n".repeat(10_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(divan::black_box(&text)));
}
