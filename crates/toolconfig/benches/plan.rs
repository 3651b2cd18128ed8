//! Planning what moves, from the disk on: every real project, and one of them.
//!
//! The bounds are 50 ms for all and 10 ms for one.
#![expect(clippy::print_stdout, reason = "what is passed over is said")]

#[path = "../tests/real/folders.rs"]
mod folders;

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use uvshift_toolconfig::{Options, plan};
use uvshift_tree::Tree;

fn main() {
    divan::main();
}

/// A project with settings of many tools, in three files.
const ONE: &str = "virtualenv-20.16.7";

fn projects() -> Option<(TempDir, Vec<(String, PathBuf)>)> {
    let into = tempfile::tempdir().ok()?;
    let folders = folders::all(into.path())?;
    Some((into, folders))
}

/// The number of settings that a plan reports on; none where the project cannot be read.
fn planned(folder: &Path, to_ruff: bool) -> usize {
    let tree = Tree::from_disk(folder).ok();
    let plan = tree.and_then(|tree| plan(&tree, &Options { to_ruff, ..Options::default() }).ok());
    plan.map_or(0, |plan| plan.rows.len())
}

#[divan::bench(args = [false, true])]
fn every_project(bencher: Bencher<'_, '_>, to_ruff: bool) {
    let Some((_into, folders)) = projects() else { return };
    bencher.counter(ItemsCount::new(folders.len())).bench(|| {
        folders.iter().map(|(_, folder)| planned(divan::black_box(folder.as_path()), to_ruff)).sum::<usize>()
    });
}

#[divan::bench(args = [false, true])]
fn one_project(bencher: Bencher<'_, '_>, to_ruff: bool) {
    let Some((_into, folders)) = projects() else { return };
    let Some((_, folder)) = folders.iter().find(|(name, _)| name == ONE) else { return };
    bencher.bench(|| planned(divan::black_box(folder), to_ruff));
}
