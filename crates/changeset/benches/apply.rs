//! How long a transaction takes.

fn main() {
    divan::main();
}
