//! Parses a file several times and prints what it takes as JSON.
//!
//! `cargo run --release -p uvshift-requirements --example measure -- FILE [TIMES]` reads a file;
//! `-- --lines N [TIMES]` makes one up, and `-- --write N FILE` writes that one, for other programs to read.

#[path = "../benches/common/mod.rs"]
mod common;

use std::io::{self, Write as _};
use std::time::Instant;

use serde_json::json;
use uvshift_requirements::{LineKind, parse};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default: usize| {
        arguments.get(index).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (text, times) = match arguments.first().map(String::as_str) {
        Some("--lines") => (common::requirements(number(1, 100_000)), number(2, 5)),
        Some("--write") => return write(number(1, 100_000), arguments.get(2)),
        Some(path) => {
            let bytes = std::fs::read(path)?;
            let decoded = uvshift_requirements::decode(&bytes).map_err(io::Error::other)?;
            (decoded.text, number(1, 5))
        }
        None => {
            return Err(io::Error::other("usage: measure FILE [TIMES] | --lines N [TIMES] | --write N FILE"));
        }
    };
    let before = peak_kib();
    let mut seconds = Vec::new();
    let mut counts = [0_usize; 3];
    for _ in 0..times.max(1) {
        let start = Instant::now();
        let document = parse(&text);
        seconds.push(start.elapsed().as_secs_f64());
        let invalid =
            document.lines().iter().filter(|line| matches!(line.kind(), LineKind::Invalid(_))).count();
        counts = [document.requirements().count(), invalid, document.diagnostics().len()];
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let lines = text.lines().count();
    let after = peak_kib();
    let ratio =
        after.zip(before).map(|(after, before)| decimal((after - before) * 1024) / decimal(text.len()));
    let report = json!({
        "lines": lines, "bytes": text.len(), "requirements": counts[0], "invalid": counts[1],
        "diagnostics": counts[2], "seconds": median, "fastest": seconds[0], "lines_per_second": decimal(lines) / median,
        "peak_kib": after, "peak_kib_before": before,
        "bytes_per_input_byte": ratio,
    });
    writeln!(io::stdout(), "{report}")
}

/// Counts here are far below the 2^53 that a float holds exactly.
fn decimal(number: impl TryInto<u32>) -> f64 {
    number.try_into().map_or(f64::NAN, f64::from)
}

#[expect(clippy::disallowed_methods, reason = "the caller names the file that is to be written")]
fn write(lines: usize, path: Option<&String>) -> io::Result<()> {
    let path = path.ok_or_else(|| io::Error::other("--write wants a number of lines and a file"))?;
    std::fs::write(path, common::requirements(lines))
}

/// The largest resident set so far, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
