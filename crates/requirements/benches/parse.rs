//! Lines per second.
fn main() {
    divan::main();
}
