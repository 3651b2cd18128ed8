//! Reading an environment of 300 distributions, each with a description of 16 KiB and twelve requirements.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use divan::Bencher;
use uvshift_installed::Environment;

fn main() {
    divan::main();
}

#[divan::bench]
fn environment(bencher: Bencher<'_, '_>) {
    let folder = built();
    bencher.bench(|| Environment::read(divan::black_box(folder.path())));
}

#[divan::bench]
fn roots(bencher: Bencher<'_, '_>) {
    let folder = built();
    let environment = Environment::read(folder.path());
    bencher.bench(|| environment.as_ref().map(|it| it.roots().of.len()).ok());
}

fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
    write(&folder.path().join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
    for number in 0..300 {
        let name = format!("package-{number}");
        let info = folder.path().join(format!("lib/python3.11/site-packages/package_{number}-1.0.dist-info"));
        let mut metadata =
            format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nProvides-Extra: test\n");
        for other in 1..=12 {
            let marker = if other % 3 == 0 { " ; extra == 'test'" } else { " ; python_version >= '3.8'" };
            let _ = writeln!(metadata, "Requires-Dist: package-{}>=1.0{marker}", number + other);
        }
        let _ = write!(metadata, "\n{}", "A line of the description.\n".repeat(600));
        write(&info.join("METADATA"), &metadata);
        write(&info.join("RECORD"), &"package/module.py,sha256=abc,100\n".repeat(100));
        write(&info.join("INSTALLER"), "pip\n");
        write(&info.join("top_level.txt"), "package\n");
    }
    folder
}

#[expect(clippy::disallowed_methods, reason = "the benchmark makes its own environment")]
fn write(path: &Path, text: &str) {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
