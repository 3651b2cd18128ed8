//! Scanning real files: the standard library of the interpreter in `.tools`, and one file of growing length.
//!
//! The second shows that the time grows with the length and no faster.
#![expect(clippy::print_stdout, reason = "what is passed over is said")]

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use uvshift_depgraph::scan::{Options, scan, scan_file};

fn main() {
    divan::main();
}

/// `lib/python3.X` of the interpreter that the environments in `.tools` are made of.
fn library() -> Option<PathBuf> {
    let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/tools");
    let settings = std::fs::read_to_string(environment.join("pyvenv.cfg")).ok()?;
    let home = settings.lines().find_map(|line| line.strip_prefix("home = "))?;
    let folders = std::fs::read_dir(Path::new(home).parent()?.join("lib")).ok()?;
    folders.flatten().map(|folder| folder.path()).find(|folder| folder.join("importlib").is_dir())
}

#[divan::bench(args = [1, 2])]
fn standard_library(bencher: Bencher<'_, '_>, threads: usize) {
    let Some(folder) = library() else {
        println!("SKIPPED: there is no `.tools`; `cargo xtask setup` makes it");
        return;
    };
    let options = Options { threads: Some(threads), ..Options::default() };
    let files = scan(&folder, &options).map_or(0, |scan| scan.files.len());
    bencher.counter(ItemsCount::new(files)).bench(|| scan(&folder, &options));
}

const BLOCK: &str = "import a.b as c\nfrom d import (\n    e,\n    f,\n)\n\n\ndef function(argument: int = 1) -> str:\n    \
    \"\"\"A docstring of some length.\"\"\"\n    values = [argument, f\"{argument!r:>10}\", 'text']\n    if argument > 1:\n        \
    try:\n            import g\n        except ImportError:\n            g = None\n    return str(values)\n\n\n";

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn one_file(bencher: Bencher<'_, '_>, blocks: usize) {
    let text = BLOCK.repeat(blocks);
    bencher.counter(BytesCount::of_str(&text)).bench(|| scan_file("a.py", text.as_bytes()));
}

/// The same with a call that only the tree tells.
#[divan::bench(args = [1_000, 10_000])]
fn one_file_with_a_tree(bencher: Bencher<'_, '_>, blocks: usize) {
    let text = BLOCK.repeat(blocks) + "__import__('h')\n";
    bencher.counter(BytesCount::of_str(&text)).bench(|| scan_file("a.py", text.as_bytes()));
}
