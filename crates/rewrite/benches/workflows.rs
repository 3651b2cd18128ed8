//! How fast workflows of GitHub are rewritten.

use std::collections::{BTreeMap, BTreeSet};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use uvshift_rewrite::{Became, Context, RewriteOptions, Selection, UvProject, hosts};

fn main() {
    divan::main();
}

const WORKFLOW: &str = include_str!("../testdata/hosts/github-pip/in/.github/workflows/test.yml");

fn context() -> Context {
    let project = UvProject {
        name: "shop".to_owned(),
        locked: true,
        groups: BTreeSet::from(["dev".to_owned()]),
        default_groups: BTreeSet::from(["dev".to_owned()]),
        ..UvProject::default()
    };
    let dev = Selection { main: false, groups: project.groups.clone(), extras: BTreeSet::new() };
    let became = BTreeMap::from([
        ("requirements.txt".to_owned(), Became::Selection(Selection::main())),
        ("requirements-dev.txt".to_owned(), Became::Selection(dev)),
    ]);
    Context { projects: vec![project], became, uv_version: "0.13.9".to_owned(), ..Context::default() }
}

/// 500 workflows, one after the other.
#[divan::bench]
fn five_hundred_workflows(bencher: Bencher<'_, '_>) {
    let context = context();
    let options = RewriteOptions::default();
    let Some(host) = hosts().iter().find(|host| host.name == "github-actions") else { return };
    let work = || {
        (0..500)
            .map(|_| (host.rewrite)(".github/workflows/test.yml", WORKFLOW, &context, &options).edits.len())
            .sum::<usize>()
    };
    bencher.counter(ItemsCount::new(500_usize)).counter(BytesCount::new(WORKFLOW.len() * 500)).bench(work);
}
