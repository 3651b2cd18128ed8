//! Graphs that nobody would wish for: none of them may overflow the stack, take for ever, or fill the disk.

use std::fmt::Write as _;

use proptest::prelude::*;
use uvshift_depgraph::draw::{self, Options};
use uvshift_depgraph::graph::{Filter, Graph, GraphInput, Importers, NodeIndex, Platform, Scopes, Target};
use uvshift_lockfile::parse_uv;

/// A lock in which each package, told by its number, needs some others; 0 is the project.
fn graph(count: usize, needs: impl Fn(usize) -> Vec<usize>) -> Graph {
    let mut text = String::from("version = 1\nrequires-python = \">=3.10\"\n");
    for at in 0..count {
        let source = if at == 0 { "{ virtual = \".\" }" } else { "{ registry = \"https://index.example\" }" };
        let _ = writeln!(
            text,
            "[[package]]\nname = \"p{at}\"\nversion = \"1\"\nsource = {source}\ndependencies = ["
        );
        for next in needs(at) {
            let _ = writeln!(text, "  {{ name = \"p{next}\" }},");
        }
        text.push_str("]\n");
    }
    of_lock(&text)
}

fn of_lock(text: &str) -> Graph {
    let lock = parse_uv(text).unwrap();
    Graph::new(&GraphInput {
        projects: &[],
        name: "hostile",
        lock: Some(&lock),
        lock_name: "uv.lock",
        environment: None,
        environment_name: "",
        importers: &Importers::new(),
    })
}

/// Everything that can be asked and drawn; gives how many letters all of it has.
fn everything(graph: &Graph, name: &str) -> usize {
    let options = Options::default();
    let mut letters = draw::tree(graph, &options).len() + draw::tree_to(graph, name, &options).len();
    letters += draw::dot(graph, &options).len() + draw::mermaid(graph, &options).len();
    letters += draw::json(graph, &options).len();
    let paths = graph.paths_to(name, 1_000);
    assert!(paths.iter().all(|found| found.paths.len() <= 1_000));
    let _ = (graph.along(&paths), graph.cycles(), graph.duplicates(), graph.totals(), graph.orphans());
    let filter = Filter {
        scopes: Scopes::main_only(),
        target: Target { platform: Some(Platform::Linux), python: Some("3.12".to_owned()) },
        depth: Some(3),
        ..Filter::default()
    };
    let _ = (graph.filtered(&filter), graph.nearest(name));
    letters
}

const MANY: usize = 10_000;

#[test]
fn a_chain_that_is_longer_than_the_stack() {
    let graph = graph(MANY, |at| if at + 1 < MANY { vec![at + 1] } else { Vec::new() });
    assert_eq!(graph.totals().depth, MANY - 1);
    let [found] = graph.paths_to("p9999", 10).try_into().unwrap();
    assert_eq!((found.count, found.paths[0].steps.len()), (1, MANY - 1));
    let letters = everything(&graph, "p9999");
    assert!(letters < 20_000_000, "{letters}");
    let tree = draw::tree(&graph, &Options::default());
    assert!(tree.contains("p200 1 ...\n... deeper than 200 steps, which is not drawn\n"), "{tree}");
}

#[test]
fn a_ring_of_ten_thousand() {
    let graph = graph(MANY, |at| vec![(at + 1) % MANY]);
    let [cycle] = graph.cycles().try_into().unwrap();
    assert_eq!((cycle.packages.len(), cycle.round.len()), (MANY, MANY));
    everything(&graph, "p5000");
}

#[test]
fn layers_with_more_ways_than_anybody_can_count() {
    // 100 layers of 20 packages, each of which needs all of the next layer.
    let graph = graph(2_001, |at| {
        let layer = at.div_ceil(20);
        if layer < 100 { (layer * 20 + 1..=layer * 20 + 20).collect() } else { Vec::new() }
    });
    let [found] = graph.paths_to("p2000", 1_000).try_into().unwrap();
    assert_eq!((found.length, found.paths.len()), (Some(100), 1_000));
    // 20 to the 99th is more than a number holds.
    assert_eq!(found.count, u128::MAX);
    let [near] = graph.paths_to("p70", 1_000).try_into().unwrap();
    assert_eq!((near.length, near.count, near.paths.len()), (Some(4), 8_000, 1_000));
    let distinct: std::collections::BTreeSet<_> = near.paths.iter().map(|path| path.steps.clone()).collect();
    assert_eq!(distinct.len(), 1_000);
    let letters = everything(&graph, "p2000");
    assert!(letters < 60_000_000, "{letters}");
}

#[test]
fn everybody_needs_everybody() {
    let count = 300;
    let graph = graph(count, |at| (0..count).filter(|other| *other != at).collect());
    let [cycle] = graph.cycles().try_into().unwrap();
    assert_eq!((cycle.packages.len(), cycle.round.len()), (count, 2));
    everything(&graph, "p7");
}

#[test]
fn extras_that_ask_for_each_other() {
    // a[x0] asks for a[x1], that for a[x2], and so on; the last one brings b.
    let mut text = String::from(
        "version = 1\n[[package]]\nname = \"shop\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\", extra = [\"x0\"] }]\n\
         [[package]]\nname = \"b\"\nversion = \"1\"\n[[package]]\nname = \"a\"\nversion = \"1\"\n[package.optional-dependencies]\n",
    );
    let many = 2_000;
    for at in 0..many {
        let _ = writeln!(text, "x{at} = [{{ name = \"a\", extra = [\"x{}\"] }}]", at + 1);
    }
    let _ = writeln!(
        text,
        "x{many} = [{{ name = \"b\" }}]\nunused = [{{ name = \"c\" }}]\n[[package]]\nname = \"c\"\nversion = \"1\""
    );
    let graph = of_lock(&text);
    let [found] = graph.paths_to("b", 10).try_into().unwrap();
    assert_eq!((found.length, found.count), (Some(many + 2), 1));
    let c = &graph.packages[graph.versions("c")[0]];
    assert_eq!(c.depth, None, "nobody asks for the extra");
    let [cycle] = graph.cycles().try_into().unwrap();
    assert!(cycle.is_harmless);
    everything(&graph, "b");
}

/// A project and a package whose names, versions and markers mean something to DOT, Mermaid and HTML.
fn odd() -> (Graph, Options) {
    let text = "version = 1\n[[package]]\nname = 'a\"]; --> <script>&lt;'\nversion = '1\"\\n'\nsource = { virtual = '.' }\n\
                dependencies = [{ name = 'end', marker = \"sys_platform == 'x\\\"]'\" }]\n[[package]]\nname = 'end'\nversion = '%%{init}%%'\n";
    (of_lock(text), Options { title: "a\"\\\n'title': [".to_owned(), ..Options::default() })
}

#[test]
fn names_that_mean_something_to_a_language() {
    let (graph, options) = odd();
    let dot = draw::dot(&graph, &options);
    assert_eq!(dot.lines().filter(|line| line.contains("label=")).count(), 4, "{dot}");
    let mermaid = draw::mermaid(&graph, &options);
    assert!(!mermaid.contains("<script>") && !mermaid.contains("%%{"), "{mermaid}");
    everything(&graph, "end");
}

/// What Graphviz makes of a text, if it is installed.
fn graphviz(dot: &str) -> Option<String> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    #[expect(clippy::disallowed_methods, reason = "the test asks Graphviz")]
    let mut command = Command::new("dot");
    let started =
        command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = started else {
        println!("SKIPPED: Graphviz is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(dot.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !error.contains("syntax error"), "{error}{dot}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn graphviz_reads_what_is_drawn() {
    let (graph, options) = odd();
    if let Some(svg) = graphviz(&draw::dot(&graph, &options)) {
        for text in ["a&quot;]; &#45;&gt; &lt;script&gt;&amp;lt;<", ">1&quot;\\n<", ">end<", ">%%{init}%%<"] {
            assert!(svg.contains(text), "{text} is not in {svg}");
        }
    }
    let layers = self::graph(61, |at| {
        let layer = at.div_ceil(20);
        if layer < 3 { (layer * 20 + 1..=layer * 20 + 20).collect() } else { Vec::new() }
    });
    if let Some(svg) = graphviz(&draw::dot(&layers, &Options::default())) {
        let count = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
        assert_eq!((count("node"), count("edge")), (61, layers.packages.edge_count()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The number of shortest ways, their length and the ways themselves, against plain walking.
    #[test]
    fn the_shortest_ways_are_those_of_plain_walking(
        edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..60),
        to in 0_usize..12,
    ) {
        let graph = graph(12, |at| {
            let mut next: Vec<usize> = edges.iter().filter(|edge| edge.0 == at).map(|edge| edge.1).collect();
            next.sort_unstable();
            next.dedup();
            next
        });
        let [found] = graph.paths_to(&format!("p{to}"), 100_000).try_into().unwrap();
        let place = |at: usize| graph.versions(&format!("p{at}"))[0];
        let mut walks: Vec<Vec<NodeIndex>> = vec![vec![place(0)]];
        let mut length = 0;
        while length <= 12 && walks.iter().all(|walk| walk.last() != Some(&place(to))) {
            walks = walks
                .iter()
                .flat_map(|walk| {
                    let next = graph.packages.neighbors(*walk.last().unwrap());
                    next.filter(|next| !walk.contains(next)).map(|next| [walk.as_slice(), &[next]].concat()).collect::<Vec<_>>()
                })
                .collect();
            length += 1;
        }
        walks.retain(|walk| walk.last() == Some(&place(to)));
        walks.sort_unstable();
        let ours = |path: &uvshift_depgraph::graph::Path| -> Vec<NodeIndex> {
            let steps = path.steps.iter().map(|edge| graph.packages.edge_endpoints(*edge).unwrap().1);
            std::iter::once(path.from).chain(steps).collect()
        };
        let mut paths: Vec<Vec<NodeIndex>> = found.paths.iter().map(ours).collect();
        paths.sort_unstable();
        if to == 0 {
            prop_assert_eq!(found.length, Some(0));
        } else {
            prop_assert_eq!(found.length, if walks.is_empty() { None } else { Some(length) });
            prop_assert_eq!(found.count, walks.len() as u128);
            prop_assert_eq!(paths, walks);
        }
        everything(&graph, &format!("p{to}"));
        // Who leads there by the graph is who reaches it.
        let leading = graph.leading_to(&format!("p{to}"));
        for at in graph.packages.node_indices() {
            let reaches = petgraph::algo::has_path_connecting(&graph.packages, at, place(to), None);
            prop_assert_eq!(!leading.versions(&graph.packages[at].name).is_empty(), reaches);
        }
    }
}
