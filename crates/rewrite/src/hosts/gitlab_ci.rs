//! GitLab CI: `before_script` and `script` of a job run in one shell, `after_script` in another one.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::pipeline::{
    Budget, Caches, Job, Language, Pipeline, Unit, Way, is_yaml, rewrite, set_variables, variables,
};
use crate::pythons;
use crate::yaml::{Node, Yaml};

/// Keys of the file that are no jobs.
const GLOBAL: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "types",
    "spec",
];

/// How many jobs a job can go back to by `extends`, and how deep references go.
const MAX_EXTENDS: usize = 12;

const WAY: Way = Way { walk, settings, is_together };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "gitlab-ci",
    title: "GitLab CI",
    kind: Kind::Edited,
    is: |path, _| is_gitlab(path),
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

fn is_gitlab(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below = [".gitlab/", ".gitlab-ci/", "ci/gitlab/"].iter().any(|folder| path.starts_with(folder));
    is_yaml(path) && (name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml") || below)
}

/// Whether one file may include the other one.
fn is_together(_: &str, other: &str) -> bool {
    is_gitlab(other)
}

/// The document that has the jobs: the second one when the first has only `spec`.
fn document<'y>(yaml: &'y Yaml<'y>) -> Option<Node<'y>> {
    yaml.documents().find(|root| root.entry("spec").is_none())
}

/// A file, and those that it is put together with when GitLab reads it.
struct Config<'y> {
    root: Node<'y>,
    /// Files that have jobs to extend.
    others: Vec<Node<'y>>,
    /// The file that includes this one, whose defaults count.
    main: Option<Node<'y>>,
    budget: Budget,
}

impl<'y> Config<'y> {
    /// A job or another key of the file, or of one that it is put together with.
    fn get(&self, key: &str) -> Option<Node<'y>> {
        self.root.get(key).or_else(|| self.others.iter().find_map(|other| other.get(key)))
    }

    /// The file that includes the others comes first, which wins.
    fn files(&self) -> impl Iterator<Item = Node<'y>> {
        self.main.into_iter().chain([self.root]).chain(self.others.iter().copied())
    }

    fn default_of(&self, key: &str) -> Option<Node<'y>> {
        self.files().find_map(|root| root.at(&["default", key]).or_else(|| root.get(key)))
    }

    /// The value of a key of a job, or of what it extends; the last one that has it wins.
    fn inherited(&self, job: Node<'y>, key: &str, depth: usize) -> Option<Node<'y>> {
        if let Some(found) = job.get_merged(key).or_else(|| self.elsewhere(job, key)) {
            return Some(found);
        }
        if depth >= MAX_EXTENDS || !self.budget.spend() {
            return None;
        }
        let parents = job.get_merged("extends")?.strings();
        parents
            .into_iter()
            .rev()
            .find_map(|parent| self.inherited(self.get(parent.as_str()?)?, key, depth + 1))
    }

    /// What another file says of a job of the same name, which is put together with it.
    fn elsewhere(&self, job: Node<'y>, key: &str) -> Option<Node<'y>> {
        let entry = self.root.entries().find(|entry| entry.value.span() == job.span())?;
        let name = entry.key.as_str()?;
        self.files().filter_map(|root| root.get(name)).find_map(|same| same.get_merged(key))
    }

    /// The variables of a job: its own, those of what it extends, those of the files.
    fn variables(&self, job: Node<'y>) -> Vec<Node<'y>> {
        let mut found = Vec::new();
        let mut open = vec![job];
        for _ in 0..MAX_EXTENDS {
            let Some(node) = open.pop().filter(|_| self.budget.spend()) else { break };
            found.extend(node.get_merged("variables"));
            let parents = node.get_merged("extends").map(Node::strings).unwrap_or_default();
            open.extend(parents.into_iter().filter_map(|parent| self.get(parent.as_str()?)));
        }
        found.extend(self.files().filter_map(|root| root.get("variables")));
        found
    }

    /// Every Python that the image of a job can have.
    fn pythons(&self, job: Node<'y>) -> Vec<String> {
        let image = self.image(job).unwrap_or_default();
        let variables = self.variables(job);
        let matrix = self.inherited(job, "parallel", 0).and_then(|parallel| parallel.get("matrix"));
        let values = |name: &str| {
            let legs = matrix.into_iter().flat_map(Node::items).map(Node::resolved);
            let legs: Vec<&str> = legs
                .filter_map(|leg| leg.get(name))
                .flat_map(Node::strings)
                .filter_map(Node::as_str)
                .collect();
            let value = |node: &Node<'y>| {
                let value = node.get(name)?;
                value.as_str().or_else(|| value.get("value")?.as_str())
            };
            if legs.is_empty() { variables.iter().find_map(value).into_iter().collect() } else { legs }
        };
        let braced = pythons::filled(&image, ("${", "}"), &values);
        let images = braced.iter().flat_map(|image| pythons::filled(image, ("$", ""), &values));
        images.filter_map(|image| pythons::of_image(&image)).collect()
    }

    /// Whether a job takes a default.
    fn inherits(&self, job: Node<'y>, key: &str) -> bool {
        let said = self.inherited(job, "inherit", 0).and_then(|inherit| inherit.get("default"));
        let Some(said) = said else { return true };
        if said.is_sequence() {
            return said.strings().iter().any(|name| name.as_str() == Some(key));
        }
        said.as_str() != Some("false")
    }

    /// The value of a key of a job as GitLab puts it together.
    fn value(&self, job: Node<'y>, key: &str) -> Option<Node<'y>> {
        let own = self.inherited(job, key, 0);
        own.or_else(|| self.default_of(key).filter(|_| self.inherits(job, key)))
    }

    fn image(&self, job: Node<'y>) -> Option<String> {
        let image = self.value(job, "image")?;
        let name = if image.is_mapping() { image.get("name")? } else { image };
        name.as_str().map(str::to_owned)
    }

    fn referenced(&self, reference: Node<'y>) -> Option<Node<'y>> {
        let mut keys = reference.items();
        let mut node = self.get(keys.next()?.as_str()?)?;
        for key in keys {
            node = self.inherited(node, key.as_str()?, 0)?;
        }
        Some(node)
    }
}

/// Every file with those that it is put together with; the one that is rewritten comes first.
fn configs<'y>(pipeline: &Pipeline<'y>) -> Vec<Config<'y>> {
    let own = (pipeline.path, pipeline.yaml);
    let all = std::iter::once(own).chain(pipeline.others.iter().map(|(path, yaml)| (*path, yaml)));
    let all: Vec<(&str, Node<'y>)> = all.filter_map(|(path, yaml)| Some((path, document(yaml)?))).collect();
    let main = all.iter().find(|(path, _)| *path == ".gitlab-ci.yml").map(|(_, root)| *root);
    let included = main.and_then(|main| main.get("include")).map(Node::raw).unwrap_or_default();
    let config = |(path, root): &(&str, Node<'y>)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_included = included.contains(name) || included.contains('*');
        let is_main = *path == ".gitlab-ci.yml";
        let others =
            all.iter().filter(|(other, _)| other != path && (is_main || is_included)).map(|(_, root)| *root);
        Config {
            root: *root,
            others: others.collect(),
            main: main.filter(|_| is_included && !is_main),
            budget: pipeline.budget.clone(),
        }
    };
    all.iter().map(config).collect()
}

fn walk(pipeline: &mut Pipeline<'_>) {
    let mut hidden = Vec::new();
    let configs = configs(pipeline);
    for config in &configs {
        for entry in config.root.entries() {
            let Some(name) = entry.key.as_str() else { continue };
            let job = entry.value.resolved();
            if GLOBAL.contains(&name) || !job.is_mapping() {
                continue;
            }
            if name.starts_with('.') {
                hidden.push((config, job));
            } else {
                job_of(pipeline, config, job);
            }
        }
    }
    // What no job here uses may be used by a file that is not here.
    for (config, job) in hidden {
        let is_known = ["before_script", "script"]
            .into_iter()
            .filter_map(|key| job.get(key))
            .any(|list| commands(config, list, 0).into_iter().any(|script| pipeline.knows(script)));
        if !is_known {
            job_of(pipeline, config, job);
        }
    }
    for config in &configs {
        global(pipeline, config);
    }
}

/// What stands in front of every job, when no job here takes it.
fn global<'y>(pipeline: &mut Pipeline<'y>, config: &Config<'y>) {
    let Some(before) = config.default_of("before_script") else { return };
    let scripts = commands(config, before, 0);
    if scripts.iter().any(|script| pipeline.knows(*script)) {
        return;
    }
    let image = config.default_of("image").and_then(Node::as_str);
    let mut job = Pipeline::job(&scripts, image);
    for variables in config.files().filter_map(|root| root.get("variables")) {
        set_variables(&mut job.scope, Some(variables));
    }
    for script in scripts {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    pipeline.end(&job);
}

fn job_of<'y>(pipeline: &mut Pipeline<'y>, config: &Config<'y>, node: Node<'y>) {
    let part =
        |key: &str| config.value(node, key).map(|value| commands(config, value, 0)).unwrap_or_default();
    let (before, script, after) = (part("before_script"), part("script"), part("after_script"));
    if script.is_empty() && before.is_empty() {
        return;
    }
    let all: Vec<Node<'y>> = before.iter().chain(&script).chain(&after).copied().collect();
    let mut job: Job = Pipeline::job(&all, config.image(node).as_deref());
    job.pythons = config.pythons(node);
    for variables in config.variables(node) {
        set_variables(&mut job.scope, Some(variables));
    }
    let start = job.scope.clone();
    for script in before.into_iter().chain(script) {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    Pipeline::next_shell(&mut job, &start);
    for script in after {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    pipeline.end(&job);
}

/// The commands of a value: a string, a list, lists in it, and what `!reference` names.
fn commands<'y>(config: &Config<'y>, value: Node<'y>, depth: usize) -> Vec<Node<'y>> {
    let value = value.resolved();
    if depth > MAX_EXTENDS || !config.budget.spend() {
        return Vec::new();
    }
    if value.as_str().is_some() {
        return vec![value];
    }
    if value.has_tag() {
        let found = config.referenced(value);
        return found.map(|found| commands(config, found, depth + 1)).unwrap_or_default();
    }
    value.items().flat_map(|item| commands(config, item, depth + 1)).collect()
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = document(pipeline.yaml) else { return };
    tell_includes(root, found);
    if pipeline.uses_uv() {
        used_settings(pipeline, root, found);
    }
    pipeline.filters(changes(pipeline.yaml), found);
}

/// The paths of files whose changes start a job: `rules: [{changes: [...]}]`, `only: {changes: [...]}`.
fn changes<'y>(yaml: &'y Yaml<'y>) -> Vec<Node<'y>> {
    let is_except = |node: Node<'_>| {
        let key = node.parent().and_then(|parent| {
            parent.entries().find(|entry| entry.value.span() == node.span())?.key.as_str()
        });
        key == Some("except")
    };
    let lists = yaml.nodes().filter(|node| !is_except(*node)).filter_map(|node| node.get("changes"));
    lists.map(|changes| changes.get("paths").unwrap_or(changes)).collect()
}

fn used_settings(pipeline: &Pipeline<'_>, root: Node<'_>, found: &mut Rewritten) {
    let keep_old = pipeline.still_installs();
    let mut done = BTreeSet::new();
    for node in std::iter::once(root).chain(root.entries().map(|entry| entry.value.resolved())) {
        if let Some(mapping) =
            node.get("variables").filter(|it| it.is_mapping() && done.insert(it.span().start))
        {
            variables(mapping, keep_old, found);
        }
        if let Some(cache) = node.get("cache").filter(|it| done.insert(it.span().start)) {
            caches(pipeline, cache, found);
        }
    }
    link_mode(root, found);
}

/// One cache, or several.
fn caches(pipeline: &Pipeline<'_>, cache: Node<'_>, found: &mut Rewritten) {
    if cache.is_sequence() {
        for item in cache.items().filter(|item| !item.is_alias()) {
            one_cache(pipeline, item, found);
        }
    } else {
        one_cache(pipeline, cache, found);
    }
}

fn one_cache(pipeline: &Pipeline<'_>, cache: Node<'_>, found: &mut Rewritten) {
    let names = Caches { context: pipeline.context, folder: "" };
    if let Some(files) = cache.at(&["key", "files"]) {
        names.key_files(files, found);
    }
    if let Some(paths) = cache.get("paths") {
        Caches::folders(paths, pipeline.still_installs(), found);
    }
}

/// Between the container and the folder of the build there are no hard links.
fn link_mode(root: Node<'_>, found: &mut Rewritten) {
    let Some(variables) = root.get("variables").filter(|it| it.is_mapping()) else { return };
    let is_set = |name: &str| variables.entry(name).is_some();
    if is_set("UV_LINK_MODE")
        || is_set("UV_CACHE_DIR")
        || found.edits.iter().any(|edit| edit.new.contains("UV_CACHE_DIR"))
    {
        return;
    }
    if let Some(last) = variables.entries().next_back() {
        let reason =
            "the runner's build folder is a volume of its own, which uv cannot link into from its cache";
        let change = last.with_entry_after("UV_LINK_MODE: copy");
        found.edits.push(change.edit("link-mode", reason, Safety::Safe, 0));
    }
}

/// Files of other repositories are not seen.
fn tell_includes(root: Node<'_>, found: &mut Rewritten) {
    let Some(include) = root.get("include") else { return };
    let items: Vec<Node<'_>> = if include.is_sequence() { include.items().collect() } else { vec![include] };
    for item in items {
        let Some(kind) =
            ["template", "project", "remote", "component"].into_iter().find(|kind| item.get(kind).is_some())
        else {
            continue;
        };
        let named = item.get(kind).and_then(Node::as_str).unwrap_or_default();
        let is_python =
            ["python", "pip", "poetry"].iter().any(|word| named.to_ascii_lowercase().contains(word));
        if is_python {
            let reason = "what it includes is not seen, and may still use pip".to_owned();
            found.left.push(Left { span: item.span(), reason, suggestion: None });
        }
    }
}
