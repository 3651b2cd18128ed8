//! A local index to try things with.
//!
//! ```sh
//! cargo run -p uvshift-bench --example local_index -- FOLDER PYTHON https://index.example/simple/
//! ```
//!
//! It says what pip and uv have to be given, then reads lines: `freeze`, `counts` (which sets them to 0), `failures`. The end
//! of its input ends it. With `frozen` after the address nothing is fetched from the start.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::env;
use std::io::stdin;
use std::sync::Arc;

use uvshift_bench::{LocalIndex, LocalIndexOptions, Mode};
use uvshift_process::SystemRunner;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("FOLDER PYTHON INDEX [frozen]");
    let mut options = LocalIndexOptions::new(next()?, next()?, next()?);
    if next().is_ok_and(|word| word == "frozen") {
        options.mode = Mode::Frozen;
    }
    let index = LocalIndex::start(options, Arc::new(SystemRunner::new()))?;
    println!("pip install {}", index.pip_args().join(" "));
    println!("uv pip install {}", index.uv_args().join(" "));
    for line in stdin().lines() {
        match line?.trim() {
            "freeze" => index.freeze(),
            "counts" => println!("{:?}", index.take_counts()),
            "failures" => println!("{:#?}", index.failures()),
            other => println!("`{other}` is not known"),
        }
    }
    index.stop();
    Ok(())
}
