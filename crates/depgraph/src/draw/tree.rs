//! A graph as a tree of lines.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use petgraph::Direction;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;
use uvshift_pyproject::Scope;

use super::Options;
use crate::graph::{Graph, Need, Package};

/// Deeper than that the lines would be longer than anybody can read, and the text as long as the square of the depth.
const DEEPEST: usize = 200;

/// What each project needs, over any number of steps. A package whose needs stand elsewhere is marked `(*)`; what nothing needs
/// comes last.
pub fn tree(graph: &Graph, options: &Options) -> String {
    let mut drawing = Drawing::new(graph, options, Direction::Outgoing);
    for root in &graph.roots {
        drawing.root(*root);
    }
    let orphans = graph.orphans();
    if !orphans.is_empty() {
        drawing.text.push_str("not needed by anything:\n");
        for orphan in orphans {
            let Some(package) = graph.package(orphan) else { continue };
            let _ = writeln!(drawing.text, "    {}", drawing.describe(package, &Step::plain(orphan)));
        }
    }
    drawing.end()
}

/// What needs a package, in each version, over any number of steps.
pub fn tree_to(graph: &Graph, name: &str, options: &Options) -> String {
    let graph = &graph.leading_to(name);
    let mut drawing = Drawing::new(graph, options, Direction::Incoming);
    for version in graph.versions(name) {
        drawing.root(version);
    }
    drawing.end()
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal place is shown")]
    let mut value = bytes as f64 / 1024.0;
    let mut unit = UNITS.iter();
    let mut shown = unit.next().copied().unwrap_or_default();
    for next in unit {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        shown = next;
    }
    format!("{value:.1} {shown}")
}

/// One line to come.
#[derive(Debug, Clone)]
struct Step {
    to: Line,
    /// The branches before it: whether each of them goes on.
    branches: Vec<bool>,
    /// How many edges it is away from the first line.
    depth: usize,
}

#[derive(Debug, Clone)]
enum Line {
    /// `[group: dev]`, with what is below it.
    Heading(String, Vec<Line>),
    /// A package with the extras that are asked for, and the edges that lead to it.
    Package { at: NodeIndex, extras: BTreeSet<String>, edges: Vec<EdgeIndex> },
}

/// What comes below a line.
enum Fate {
    Below,
    Nothing,
    /// It stands elsewhere.
    Shown,
    /// It is too deep.
    Cut,
}

impl Step {
    const fn plain(at: NodeIndex) -> Line {
        Line::Package { at, extras: BTreeSet::new(), edges: Vec::new() }
    }
}

/// Packages by name and version.
type Key<'a> = (&'a str, Option<&'a str>, NodeIndex);

struct Drawing<'a> {
    graph: &'a Graph,
    options: &'a Options,
    direction: Direction,
    roots: HashSet<NodeIndex>,
    text: String,
    /// What was shown with all that it needs, and how deep.
    shown: HashMap<(NodeIndex, BTreeSet<String>), usize>,
    has_marks: bool,
    was_cut: bool,
}

impl<'a> Drawing<'a> {
    fn new(graph: &'a Graph, options: &'a Options, direction: Direction) -> Self {
        Self {
            graph,
            options,
            direction,
            roots: graph.roots.iter().copied().collect(),
            text: String::new(),
            shown: HashMap::new(),
            has_marks: false,
            was_cut: false,
        }
    }

    fn end(mut self) -> String {
        if self.has_marks {
            self.text.push_str("(*) what it leads to stands above\n");
        }
        if self.was_cut {
            let _ = writeln!(self.text, "... deeper than {DEEPEST} steps, which is not drawn");
        }
        self.text
    }

    fn root(&mut self, root: NodeIndex) {
        // An explicit stack: a chain can have more packages than a thread has stack.
        let mut waiting = vec![Step { to: Step::plain(root), branches: Vec::new(), depth: 0 }];
        while let Some(step) = waiting.pop() {
            let below = self.line(&step);
            let last = below.len().saturating_sub(1);
            let steps = below.into_iter().enumerate().map(|(place, to)| {
                let mut branches = step.branches.clone();
                branches.push(place != last);
                let depth = step.depth + usize::from(matches!(to, Line::Package { .. }));
                Step { to, branches, depth }
            });
            let steps: Vec<Step> = steps.collect();
            waiting.extend(steps.into_iter().rev());
        }
    }

    /// Writes a line, and gives those below it.
    fn line(&mut self, step: &Step) -> Vec<Line> {
        if let Some((last, above)) = step.branches.split_last() {
            for goes_on in above {
                self.text.push_str(if *goes_on { "│   " } else { "    " });
            }
            self.text.push_str(if *last { "├── " } else { "└── " });
        }
        match &step.to {
            Line::Heading(heading, below) => {
                let _ = writeln!(self.text, "[{heading}]");
                below.clone()
            }
            Line::Package { at, extras, .. } => {
                let Some(package) = self.graph.package(*at) else { return Vec::new() };
                let mut words = self.describe(package, &step.to);
                let below = match self.fate(*at, extras, step.depth) {
                    Fate::Below => self.below(*at, extras),
                    Fate::Nothing => Vec::new(),
                    Fate::Shown => {
                        words.push_str(" (*)");
                        self.has_marks = true;
                        Vec::new()
                    }
                    Fate::Cut => {
                        words.push_str(" ...");
                        self.was_cut = true;
                        Vec::new()
                    }
                };
                let _ = writeln!(self.text, "{words}");
                below
            }
        }
    }

    /// What comes below a package. Told before its lines are made, as most packages of a large graph are shown many times.
    fn fate(&mut self, at: NodeIndex, extras: &BTreeSet<String>, depth: usize) -> Fate {
        let is_root = self.roots.contains(&at);
        let mut edges = self.graph.packages.edges_directed(at, self.direction);
        let has_below = edges.any(|edge| self.is_wanted(edge.weight(), is_root, extras));
        if !has_below || self.options.depth.is_some_and(|deepest| depth >= deepest) {
            return Fate::Nothing;
        }
        let key = (at, extras.clone());
        match self.shown.get(&key) {
            // With a limit, it may have been shown so deep that not all of it was.
            Some(known) if self.options.depth.is_none() || *known <= depth => Fate::Shown,
            _ if depth >= DEEPEST => Fate::Cut,
            _ => {
                self.shown.insert(key, depth);
                Fate::Below
            }
        }
    }

    fn is_wanted(&self, need: &Need, is_root: bool, extras: &BTreeSet<String>) -> bool {
        match &need.scope {
            Scope::Extra(name) if !is_root && self.direction == Direction::Outgoing => {
                extras.contains(name) || name.is_empty() && !extras.is_empty()
            }
            _ => true,
        }
    }

    /// The packages below one, by name; those of extras and groups of a project under headings of their own.
    fn below(&self, at: NodeIndex, extras: &BTreeSet<String>) -> Vec<Line> {
        if self.direction == Direction::Incoming || !self.roots.contains(&at) {
            return self.lines(at, |need| self.is_wanted(need, false, extras));
        }
        let scopes: BTreeSet<&Scope> =
            self.graph.packages.edges(at).map(|edge| &edge.weight().scope).collect();
        let mut below = self.lines(at, |need| need.scope == Scope::Main);
        for scope in scopes.into_iter().filter(|scope| **scope != Scope::Main) {
            let lines = self.lines(at, |need| need.scope == *scope);
            below.push(Line::Heading(heading(scope), lines));
        }
        below
    }

    fn lines(&self, at: NodeIndex, wanted: impl Fn(&Need) -> bool) -> Vec<Line> {
        let mut found: BTreeMap<Key<'_>, (BTreeSet<String>, Vec<EdgeIndex>)> = BTreeMap::new();
        for edge in
            self.graph.packages.edges_directed(at, self.direction).filter(|edge| wanted(edge.weight()))
        {
            let next = if self.direction == Direction::Outgoing { edge.target() } else { edge.source() };
            let Some(package) = self.graph.package(next) else { continue };
            let entry = found.entry((&package.name, package.version.as_deref(), next)).or_default();
            if self.direction == Direction::Outgoing {
                entry.0.extend(edge.weight().extras.iter().cloned());
            }
            entry.1.push(edge.id());
        }
        found.into_iter().map(|((_, _, at), (extras, edges))| Line::Package { at, extras, edges }).collect()
    }

    /// `flask[async] 3.0.2 (>=3; python_version > '3.8')`
    fn describe(&self, package: &Package, line: &Line) -> String {
        let mut words = package.name.clone();
        let Line::Package { extras, edges, .. } = line else { return words };
        if !extras.is_empty() {
            let names: Vec<&str> = extras.iter().map(String::as_str).collect();
            let _ = write!(words, "[{}]", names.join(","));
        }
        if let Some(version) = &package.version {
            let _ = write!(words, " {version}");
        } else if !package.is_project {
            words.push_str(" (version not known)");
        }
        let needs: Vec<&Need> =
            edges.iter().filter_map(|edge| self.graph.packages.edge_weight(*edge)).collect();
        if let Some(when) = when(&needs) {
            let _ = write!(words, " ; {when}");
        }
        if self.direction == Direction::Incoming {
            let scopes: BTreeSet<&Scope> =
                needs.iter().map(|need| &need.scope).filter(|scope| **scope != Scope::Main).collect();
            for scope in scopes {
                let _ = write!(words, " ({})", heading(scope));
            }
        }
        if self.options.imports && !package.imported_by.is_empty() {
            let count = package.imported_by.len();
            let _ = write!(words, " - imported by {count} {}", if count == 1 { "file" } else { "files" });
        }
        words
    }
}

/// When a package is needed: always as soon as one of the reasons is.
fn when(needs: &[&Need]) -> Option<String> {
    let mut markers: Vec<&str> = Vec::new();
    for need in needs {
        let marker = need.marker.as_deref()?;
        if !markers.contains(&marker) {
            markers.push(marker);
        }
    }
    match markers.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        several => Some(several.iter().map(|it| format!("({it})")).collect::<Vec<_>>().join(" or ")),
    }
}

/// `extra: web`, `group: dev`
pub(super) fn heading(scope: &Scope) -> String {
    match scope {
        Scope::Main => "main".to_owned(),
        Scope::Extra(name) => format!("extra: {name}"),
        Scope::Group(name) => format!("group: {name}"),
    }
}
