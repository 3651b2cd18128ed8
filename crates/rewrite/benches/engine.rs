//! How fast scripts are rewritten.

use std::collections::{BTreeMap, BTreeSet};

use divan::Bencher;
use divan::counter::BytesCount;
use uvshift_rewrite::{Became, Context, Scope, Selection, UvProject, rewrite_script};

fn main() {
    divan::main();
}

/// A script like those of CI.
const SCRIPT: &str = "\
set -euo pipefail
python -m pip install --upgrade pip setuptools wheel
if [ -f requirements-dev.txt ]; then
  pip install -r requirements.txt -r requirements-dev.txt
else
  pip install -r requirements.txt || exit 1
fi
export DATABASE_URL=\"postgres://localhost/test\"
(cd docs && pip install -r requirements.txt && make html)
pytest --cov=shop --cov-report=xml tests/ | tee log.txt
python manage.py collectstatic --noinput
";

fn context() -> Context {
    let project = UvProject {
        name: "shop".to_owned(),
        is_package: true,
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
    Context { projects: vec![project], became, ..Context::default() }
}

/// One script of CI, and long ones: the time grows with the length.
#[divan::bench(args = [1, 10, 100, 1000])]
fn script_of_ci(bencher: Bencher<'_, '_>, times: usize) {
    let script = SCRIPT.repeat(times);
    let context = context();
    bencher
        .counter(BytesCount::of_str(&script))
        .bench_local(|| rewrite_script(divan::black_box(&script), &mut Scope::at_root(), &context));
}

/// A script that has nothing to do with Python.
#[divan::bench(args = [1, 100])]
fn script_without_python(bencher: Bencher<'_, '_>, times: usize) {
    let script =
        "set -e\nfor file in *.txt; do\n  grep -q x \"$file\" && cp \"$file\" out/\ndone\n".repeat(times);
    let context = context();
    bencher
        .counter(BytesCount::of_str(&script))
        .bench_local(|| rewrite_script(divan::black_box(&script), &mut Scope::at_root(), &context));
}

/// Lines that all go.
#[divan::bench(args = [10, 100, 1000])]
fn lines_that_go(bencher: Bencher<'_, '_>, times: usize) {
    let script = "pip install -U pip\n".repeat(times);
    let context = context();
    bencher
        .counter(BytesCount::of_str(&script))
        .bench_local(|| rewrite_script(divan::black_box(&script), &mut Scope::at_root(), &context));
}
