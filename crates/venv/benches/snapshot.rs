//! Reading an environment of 300 packages as they are: 12 requirements and a description of 16 KiB each, and lists of files from
//! twenty lines to five thousand, 230 on average.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use divan::Bencher;
use uvshift_venv::{Home, ListOptions, Place, Snapshot, freeze, inspect, json, list};

fn main() {
    divan::main();
}

/// With `UVSHIFT_BENCH_ENVIRONMENT=DIR`, that environment instead.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let folder = built();
    let root = named().unwrap_or_else(|| folder.path().to_owned());
    bencher.bench(|| Snapshot::read(divan::black_box(&root)));
}

#[divan::bench]
fn freeze_300(bencher: Bencher<'_, '_>) {
    let folder = built();
    let snapshot = Snapshot::read(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    bencher.bench(|| freeze(divan::black_box(&snapshot)));
}

#[divan::bench]
fn inspect_300(bencher: Bencher<'_, '_>) {
    let folder = built();
    let snapshot = Snapshot::read(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    bencher.bench(|| inspect(divan::black_box(&snapshot)));
}

#[divan::bench]
fn to_json(bencher: Bencher<'_, '_>) {
    let folder = built();
    let snapshot = Snapshot::read(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    bencher.bench(|| json::to_json(divan::black_box(&snapshot)).to_string());
}

/// 50 environments of 40 packages each.
#[divan::bench(args = [false, true])]
fn list_50(bencher: Bencher<'_, '_>, with_size: bool) {
    let folder = folder();
    for number in 0..50 {
        let root = folder.path().join(format!("environment-{number}"));
        write(&root.join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
        (0..40).for_each(|number| package(&root, number));
    }
    let homes = vec![Home { place: Place::Virtualenvwrapper, folder: folder.path().to_owned() }];
    let options = ListOptions { homes, with_size, ..ListOptions::default() };
    bencher.bench(|| list(divan::black_box(&options)));
}

#[expect(clippy::disallowed_methods, reason = "the benchmark is told what to measure")]
fn named() -> Option<PathBuf> {
    std::env::var_os("UVSHIFT_BENCH_ENVIRONMENT").map(PathBuf::from)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"))
}

fn built() -> tempfile::TempDir {
    let folder = folder();
    write(&folder.path().join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
    (0..300).for_each(|number| package(folder.path(), number));
    folder
}

fn package(root: &Path, number: usize) {
    let name = format!("package_{number}");
    let packages = root.join("lib/python3.11/site-packages");
    let info = packages.join(format!("{name}-1.0.dist-info"));
    let mut metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nProvides-Extra: test\n");
    for other in 1..=12 {
        let marker = if other % 3 == 0 { " ; extra == 'test'" } else { " ; python_version >= '3.8'" };
        let _ = writeln!(metadata, "Requires-Dist: package-{}>=1.0{marker}", number + other);
    }
    let _ = write!(metadata, "\n{}", "A line of the description.\n".repeat(600));
    let mut record = String::new();
    for file in 0..files(number) {
        let hash = "x".repeat(43);
        let _ = writeln!(record, "{name}/part_{}/module_{file}.py,sha256={hash},{file}", file / 10);
    }
    let _ = writeln!(record, "../../../bin/{name},sha256=x,224\n{name}-1.0.dist-info/RECORD,,");
    write(&info.join("METADATA"), &metadata);
    write(&info.join("RECORD"), &record);
    write(&info.join("INSTALLER"), "pip\n");
    write(&info.join("WHEEL"), "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    write(&info.join("entry_points.txt"), &format!("[console_scripts]\n{name} = {name}:main\n"));
    if number.is_multiple_of(2) {
        write(&info.join("top_level.txt"), &name);
    }
}

/// Most packages are small and a few are large.
fn files(number: usize) -> usize {
    match number % 50 {
        0 => 5000,
        1..=5 => 800,
        6..=20 => 120,
        _ => 20,
    }
}

#[expect(clippy::disallowed_methods, reason = "the benchmark makes its own environment")]
fn write(path: &Path, text: &str) {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
