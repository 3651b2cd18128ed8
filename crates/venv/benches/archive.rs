//! A backup with its verification, and the way back: 3,000 files, 60 MB, of which a half can be compressed.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use uvshift_venv::{
    ArchiveKind, ArchiveProgress, BackupOptions, Destination, Existing, RestoreOptions, RestoreWay, backup,
    inspect_archive, restore,
};

const FILES: usize = 3_000;
const SIZE: usize = 20_000;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10)]
fn back_up_all_files(bencher: Bencher<'_, '_>) {
    let folder = built();
    let options = options(folder.path(), ArchiveKind::Full);
    bencher.counter(BytesCount::new(FILES * SIZE)).bench_local(|| backup(&options, &mut quietly));
}

#[divan::bench(sample_count = 10)]
fn back_up_without_the_tree(bencher: Bencher<'_, '_>) {
    let folder = built();
    let options = options(folder.path(), ArchiveKind::Light);
    bencher.bench_local(|| backup(&options, &mut quietly));
}

#[divan::bench(sample_count = 10)]
fn verify(bencher: Bencher<'_, '_>) {
    let folder = built();
    let options = options(folder.path(), ArchiveKind::Full);
    let archive = backup(&options, &mut quietly).unwrap_or_else(|error| panic!("{error}")).archive;
    bencher.counter(BytesCount::new(FILES * SIZE)).bench_local(|| inspect_archive(&archive, &mut quietly));
}

#[divan::bench(sample_count = 10)]
fn restore_all_files(bencher: Bencher<'_, '_>) {
    let folder = built();
    let options = options(folder.path(), ArchiveKind::Full);
    let archive = backup(&options, &mut quietly).unwrap_or_else(|error| panic!("{error}")).archive;
    let options = RestoreOptions {
        archive,
        sha256: None,
        at: None,
        existing: Existing::Replace,
        way: RestoreWay::Files,
    };
    bencher.counter(BytesCount::new(FILES * SIZE)).bench_local(|| {
        restore(&options, None, &mut quietly).unwrap_or_else(|error| panic!("{error}"));
    });
}

fn quietly(_: &ArchiveProgress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn options(folder: &Path, kind: ArchiveKind) -> BackupOptions {
    BackupOptions {
        root: folder.join("env"),
        kind,
        destination: Destination::File(folder.join("a.tar.zst")),
        existing: Existing::Replace,
        seconds: 0,
        variables: Vec::new(),
        configuration: Vec::new(),
    }
}

fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let packages = folder.path().join("env/lib/python3.11/site-packages");
    let mut state = 1_u64;
    for number in 0..FILES {
        let place = packages.join(format!("package{}", number / 30));
        let mut bytes = b"def function(argument): return argument + 1\n".repeat(SIZE / 44 + 1);
        bytes.truncate(SIZE);
        for byte in bytes.iter_mut().take(SIZE / 2) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
        write(&place.join(format!("module{number}.py")), &bytes);
    }
    write(&folder.path().join("env/pyvenv.cfg"), b"version = 3.11.7\n");
    folder
}

#[expect(clippy::disallowed_methods, reason = "the environment of a benchmark")]
fn write(path: &Path, bytes: &[u8]) {
    let written = fs::create_dir_all(path.parent().unwrap_or(path)).and_then(|()| fs::write(path, bytes));
    written.unwrap_or_else(|error| panic!("{error}"));
}
