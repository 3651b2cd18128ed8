//! The `uvshift` command.

fn main() {}
