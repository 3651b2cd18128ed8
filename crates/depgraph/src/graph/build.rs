//! What is declared, locked and installed, put together.

use std::collections::{BTreeMap, HashMap, HashSet};

use petgraph::graph::NodeIndex;
use uvshift_lockfile::LockKind;
use uvshift_pyproject::Scope;
use uvshift_requirements::{Target, normalize_name, parse};

use super::choose::fits;
use super::{Graph, GraphInput, Need, Package, PackageSource, installed, locked};
use crate::catalogue::{Category, category};
use crate::{Declared, Project};

/// A graph that grows.
pub(super) struct Builder<'a> {
    pub(super) input: &'a GraphInput<'a>,
    pub(super) graph: Graph,
    /// The versions of each name.
    names: HashMap<String, Vec<NodeIndex>>,
    /// The folder of each project, relative to the root; empty for the root itself.
    pub(super) folders: BTreeMap<String, NodeIndex>,
    edges: HashSet<(NodeIndex, NodeIndex, Need)>,
}

pub(super) fn build(input: &GraphInput<'_>) -> Graph {
    let mut builder = Builder {
        input,
        graph: Graph::default(),
        names: HashMap::new(),
        folders: BTreeMap::new(),
        edges: HashSet::new(),
    };
    if let Some(lock) = input.lock {
        builder.graph.resolved_by = Some(input.lock_name.to_owned());
        locked::add(&mut builder, lock);
    } else if let Some(environment) = input.environment {
        builder.graph.resolved_by = Some(input.environment_name.to_owned());
        installed::add_packages(&mut builder, environment);
    }
    builder.add_declared();
    if let Some(environment) = input.environment {
        let lock_tells = input.lock.is_some_and(|lock| {
            lock.kind == LockKind::Uv || lock.packages.iter().any(|package| !package.dependencies.is_empty())
        });
        if !lock_tells {
            installed::add_edges(&mut builder, environment);
        }
        installed::add_facts(&mut builder, environment);
    }
    builder.guess_what_is_asked_for();
    builder.finish()
}

impl<'a> Builder<'a> {
    /// A package that is not there yet.
    pub(super) fn add(&mut self, package: Package) -> NodeIndex {
        let name = package.name.clone();
        let at = self.graph.packages.add_node(package);
        self.names.entry(name).or_default().push(at);
        at
    }

    /// The versions of a package, by its normalised name.
    pub(super) fn versions(&self, name: &str) -> &[NodeIndex] {
        self.names.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The versions that a specifier can mean: all where it tells nothing, or where nothing fits.
    pub(super) fn meant(&self, name: &str, specifier: Option<&str>) -> Vec<NodeIndex> {
        let all = self.versions(name);
        let Some(specifier) = specifier.filter(|_| all.len() > 1) else { return all.to_vec() };
        let fit = |at: &NodeIndex| {
            let version = self.graph.package(*at).and_then(|package| package.version.as_deref());
            version.is_some_and(|version| fits(specifier, version))
        };
        let found: Vec<NodeIndex> = all.iter().copied().filter(fit).collect();
        if found.is_empty() { all.to_vec() } else { found }
    }

    /// An edge, unless the same one is there.
    pub(super) fn connect(&mut self, from: NodeIndex, to: NodeIndex, need: Need) {
        if self.edges.insert((from, to, need.clone())) {
            self.graph.packages.add_edge(from, to, need);
        }
    }

    /// The projects that the graph is of. A lock of uv names them; another lock is of the project at the root.
    fn projects(&mut self) -> Vec<(&'a Project, NodeIndex)> {
        let input = self.input;
        let mut found = Vec::new();
        for project in input.projects {
            let is_wanted = match input.lock {
                // Dependency groups can stand at the root of a workspace that is no project itself.
                Some(_) => project.folder.is_empty() && !project.declared.is_empty(),
                None => project.name.is_some() || !project.declared.is_empty(),
            };
            let known = self.folders.get(&project.folder).copied();
            if let Some(at) = known.or_else(|| is_wanted.then(|| self.add_project(project))) {
                found.push((project, at));
            }
        }
        found
    }

    fn add_project(&mut self, project: &Project) -> NodeIndex {
        let name = match (&project.name, project.folder.rsplit('/').next()) {
            (Some(name), _) => name.clone(),
            (None, Some(folder)) if !folder.is_empty() => normalize_name(folder),
            _ => normalize_name(self.input.name),
        };
        // An environment holds the project itself, where it is installed as editable.
        let known = self.versions(&name).first().copied().filter(|_| project.name.is_some());
        let at =
            known.unwrap_or_else(|| self.add(Package { source: PackageSource::Path, ..Package::new(&name) }));
        if let Some(package) = self.graph.packages.node_weight_mut(at) {
            package.is_project = true;
        }
        self.folders.insert(project.folder.clone(), at);
        if !self.graph.roots.contains(&at) {
            self.graph.roots.push(at);
        }
        at
    }

    /// The project at the root, which is there even if nothing tells of it.
    fn root_project(&mut self) -> NodeIndex {
        if let Some(found) = self.graph.roots.first() {
            return *found;
        }
        let at = self.add(Package {
            is_project: true,
            source: PackageSource::Path,
            ..Package::new(&normalize_name(self.input.name))
        });
        self.graph.roots.push(at);
        at
    }

    fn add_declared(&mut self) {
        let projects = self.projects();
        let mut known = self.known_edges();
        for (project, at) in projects {
            for declared in &project.declared {
                let wanted = Wanted::of(declared);
                // A lock writes down what it chose; what was asked for stands in the declaration.
                let key = (at, declared.scope.clone(), declared.name.clone());
                match known.get_mut(&key) {
                    Some(edges) => self.tell(edges, &wanted),
                    None => self.add_wanted(at, &declared.name, &wanted),
                }
            }
        }
    }

    fn add_wanted(&mut self, project: NodeIndex, name: &str, wanted: &Wanted) {
        let mut versions = self.meant(name, wanted.need.specifier.as_deref());
        if versions.is_empty() {
            // A lock leaves out what no Python or platform of the project wants.
            if self.input.lock.is_some() && wanted.need.marker.is_some() {
                return;
            }
            let version = wanted.pin.clone();
            versions.push(self.add(Package { version, source: wanted.source, ..Package::new(name) }));
        }
        for version in versions {
            self.connect(project, version, wanted.need.clone());
        }
    }

    /// The edges of the projects as the lock has them.
    fn known_edges(&self) -> HashMap<(NodeIndex, Scope, String), Vec<petgraph::graph::EdgeIndex>> {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for edge in self.graph.packages.edge_indices() {
            let Some((from, to)) = self.graph.packages.edge_endpoints(edge) else { continue };
            let (Some(need), Some(to)) = (self.graph.packages.edge_weight(edge), self.graph.package(to))
            else {
                continue;
            };
            if self.graph.package(from).is_some_and(|package| package.is_project) {
                known.entry((from, need.scope.clone(), to.name.clone())).or_default().push(edge);
            }
        }
        known
    }

    /// Edges of the lock take over what the declaration says.
    fn tell(&mut self, edges: &[petgraph::graph::EdgeIndex], wanted: &Wanted) {
        let specifier = wanted.need.specifier.as_deref();
        for edge in edges {
            let version = self
                .graph
                .packages
                .edge_endpoints(*edge)
                .and_then(|(_, to)| self.graph.package(to)?.version.clone());
            let fit = match (specifier, &version) {
                (Some(specifier), Some(version)) if edges.len() > 1 => fits(specifier, version),
                _ => true,
            };
            if let Some(need) = self.graph.packages.edge_weight_mut(*edge).filter(|_| fit) {
                need.specifier = specifier.map(str::to_owned);
            }
        }
    }

    /// Where nothing is declared, as in a folder with a lock alone, the projects ask for what nobody else does.
    fn guess_what_is_asked_for(&mut self) {
        let lock_has_projects = self.input.lock.is_some_and(|lock| lock.kind == LockKind::Uv);
        let declares = self.input.projects.iter().any(|project| !project.declared.is_empty());
        if declares || lock_has_projects && !self.graph.roots.is_empty() {
            return;
        }
        let asked: Vec<(NodeIndex, Scope)> = match (self.input.lock, self.input.environment) {
            (Some(lock), _) => locked::not_needed(self, lock),
            (None, Some(environment)) => {
                let roots = environment.roots().of.into_iter();
                let names = roots.map(|root| root.distribution.normalized_name.clone());
                names.flat_map(|name| self.versions(&name).to_vec()).map(|at| (at, Scope::Main)).collect()
            }
            (None, None) => return,
        };
        let project = self.root_project();
        for (at, scope) in asked.into_iter().filter(|(at, _)| *at != project) {
            self.connect(project, at, Need { scope, ..Need::main() });
        }
    }

    fn finish(mut self) -> Graph {
        if self.graph.roots.is_empty() {
            self.root_project();
        }
        let mut declared: HashMap<NodeIndex, Vec<Scope>> = HashMap::new();
        for edge in self.graph.packages.raw_edges() {
            if self.graph.package(edge.source()).is_some_and(|package| package.is_project) {
                let scopes = declared.entry(edge.target()).or_default();
                if !scopes.contains(&edge.weight.scope) {
                    scopes.push(edge.weight.scope.clone());
                }
            }
        }
        for (at, mut scopes) in declared {
            scopes.sort_unstable();
            if let Some(package) = self.graph.packages.node_weight_mut(at) {
                package.declared = scopes;
            }
        }
        for package in self.graph.packages.node_weights_mut() {
            if package.category == Category::Core {
                package.category = category(&package.name, &[]);
            }
            if let Some(files) = self.input.importers.get(&package.name) {
                package.imported_by.clone_from(files);
            }
        }
        self.graph.drop_unused_extras();
        self.graph.measure();
        self.graph
    }
}

impl Package {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: None,
            is_project: false,
            category: Category::Core,
            declared: Vec::new(),
            source: PackageSource::Index,
            licence: None,
            size: None,
            marker: None,
            imported_by: Vec::new(),
            depth: None,
        }
    }
}

impl Need {
    pub(super) const fn main() -> Self {
        Self { scope: Scope::Main, extras: Vec::new(), specifier: None, marker: None }
    }
}

/// What a declaration asks for.
struct Wanted {
    need: Need,
    pin: Option<String>,
    source: PackageSource,
}

impl Wanted {
    fn of(declared: &Declared) -> Self {
        let document = parse(&declared.text);
        let mut wanted = Self {
            need: Need { scope: declared.scope.clone(), ..Need::main() },
            pin: None,
            source: PackageSource::Index,
        };
        let Some((_, found)) = document.requirements().next() else { return wanted };
        wanted.need.extras = found.extras().map(normalize_name).collect();
        wanted.need.specifier = Some(found.specifier().to_owned()).filter(|text| !text.is_empty());
        wanted.need.marker = found.marker().map(str::to_owned);
        wanted.pin = found.pin().map(str::to_owned);
        wanted.source = match found.target() {
            Target::Index => PackageSource::Index,
            Target::Vcs(_) => PackageSource::Git,
            Target::Url(url) if url.starts_with("file:") => PackageSource::Path,
            Target::Url(_) => PackageSource::Url,
            Target::Path(_) => PackageSource::Path,
        };
        wanted
    }
}
