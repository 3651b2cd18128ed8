//! Set up, test, tidy and measure uvshift.

fn main() {}
