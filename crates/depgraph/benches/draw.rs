//! Drawing graphs of made-up packages, each of which needs four others.

use divan::Bencher;
use petgraph::graph::NodeIndex;
use uvshift_depgraph::Scope;
use uvshift_depgraph::catalogue::Category;
use uvshift_depgraph::draw::{Options, html, svg};
use uvshift_depgraph::graph::{Graph, Need, Package, PackageSource};

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 500, 5_000], sample_count = 20)]
fn picture(bencher: Bencher<'_, '_>, count: usize) {
    let (graph, options) = (made(count), Options::default());
    bencher.bench(|| svg(divan::black_box(&graph), &options));
}

#[divan::bench(args = [100, 500, 5_000], sample_count = 20)]
fn page(bencher: Bencher<'_, '_>, count: usize) {
    let (graph, options) = (made(count), Options::default());
    bencher.bench(|| html(divan::black_box(&graph), &options));
}

/// A project with a tenth of the packages; each needs four of those behind it, near and far, as a fixed sequence has it.
fn made(count: usize) -> Graph {
    let mut graph = Graph::default();
    let indexes: Vec<NodeIndex> =
        (0..=count).map(|number| graph.packages.add_node(package(number))).collect();
    let mut random = 1_usize;
    for (place, from) in indexes.iter().enumerate() {
        let wanted = if place == 0 { count / 10 } else { 4 };
        for _ in 0..wanted {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let ahead = 1 + (random >> 33) % (count / 5);
            if let Some(to) = indexes.get(place + ahead) {
                let need = Need { scope: Scope::Main, extras: Vec::new(), specifier: None, marker: None };
                graph.packages.add_edge(*from, *to, need);
            }
        }
    }
    graph.roots.push(indexes[0]);
    graph
}

fn package(number: usize) -> Package {
    Package {
        name: format!("package-{number}"),
        version: Some("1.2.3".to_owned()),
        is_project: number == 0,
        category: Category::ALL[number % Category::ALL.len()],
        declared: Vec::new(),
        source: PackageSource::Index,
        licence: None,
        size: Some(1_000),
        marker: None,
        imported_by: Vec::new(),
        depth: Some(1),
    }
}
