//! Containers that the project's own compose files and CI start beside the application: what they are called, their images, and
//! the variables that they get.

use std::path::Path;

use uvshift_project::Tree;

use super::is_plain;

/// A container of the project's own files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Container {
    /// What it is called, and with that its host: `db`.
    pub(super) name: String,
    /// Whether the usual compose file of the project has it.
    pub(super) in_compose: bool,
    /// Whether it has ports of this machine.
    pub(super) is_published: bool,
    /// The image, with a tag where there is one; empty when it is built from the project.
    pub(super) image: String,
    /// Its variables whose values are written in the file.
    pub(super) environment: Vec<(String, String)>,
}

/// The usual names of compose files.
const COMPOSE: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// The compose file that Compose reads.
pub(super) fn compose_file(tree: &Tree) -> Option<&'static str> {
    COMPOSE.iter().copied().find(|file| tree.has(file))
}

/// Every container that is plain enough to be named elsewhere: those of compose first, then those of CI. `value_of` knows the values
/// of variables, as `.env.example` has them.
pub(super) fn read(tree: &Tree, value_of: &dyn Fn(&str) -> Option<String>) -> Vec<Container> {
    let mut files: Vec<&str> = COMPOSE.iter().copied().filter(|file| tree.has(file)).collect();
    let all = || tree.files().iter().map(String::as_str);
    files.extend(all().filter(|file| is_other_compose(file)));
    files.extend(all().filter(|file| is_workflow(file)));
    files.extend([".gitlab-ci.yml"].into_iter().filter(|file| tree.has(file)));
    let usual = compose_file(tree);
    let mut containers: Vec<Container> = Vec::new();
    for file in files {
        let Some(text) = tree.text(file) else { continue };
        let found = of_file(&text, tree, value_of).into_iter();
        containers.extend(found.map(|made| Container { in_compose: Some(file) == usual, ..made }));
    }
    containers
}

/// `docker-compose.dev.yml`, `local.yml`, `docker/docker-compose.yml`; not what is for production.
fn is_other_compose(file: &str) -> bool {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let is_near = matches!(folder, "" | "docker" | ".docker" | "compose" | ".devcontainer");
    let is_one = name.starts_with("docker-compose") || name.starts_with("compose.") || file == "local.yml";
    is_near && is_yaml(file) && is_one && !COMPOSE.contains(&file) && !file.contains("prod")
}

/// A workflow of GitHub.
pub(super) fn is_workflow(file: &str) -> bool {
    file.starts_with(".github/workflows/") && is_yaml(file)
}

fn is_yaml(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
}

/// A line of YAML that says something: how deep it is, whether it begins an element, and its key and value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) depth: usize,
    pub(super) is_element: bool,
    /// Empty when the line has no key.
    pub(super) key: &'a str,
    pub(super) value: &'a str,
}

fn of_file(text: &str, tree: &Tree, value_of: &dyn Fn(&str) -> Option<String>) -> Vec<Container> {
    let lines: Vec<Line<'_>> = text.lines().filter_map(line).collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.key != "services" || !line.value.is_empty() {
            continue;
        }
        let block = below(&lines, index);
        let depth = block.first().map(|first| first.depth);
        for (place, line) in block.iter().enumerate() {
            if Some(line.depth) == depth {
                found.push(container(line, below(block, place), tree, value_of));
            }
        }
    }
    found.retain(|container| is_plain(&container.name, ""));
    found
}

/// The lines that belong to one. Elements of a list may stand as deep as the key that they are of.
pub(super) fn below<'l, 'a>(lines: &'l [Line<'a>], index: usize) -> &'l [Line<'a>] {
    let rest = lines.get(index + 1..).unwrap_or_default();
    let Some(head) = lines.get(index) else { return rest };
    let is_in = |line: &Line<'_>| {
        line.depth > head.depth || (line.is_element && !head.is_element && line.depth == head.depth)
    };
    let end = rest.iter().position(|line| !is_in(line)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn container(
    head: &Line<'_>,
    block: &[Line<'_>],
    tree: &Tree,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Container {
    let mut made = Container::default();
    let plain_image = |value: &str| resolved(value, value_of).filter(|image| is_plain(image, "/:@"));
    // An element of GitLab: `- postgres:17`, or `- name: postgres:17` with an alias.
    if head.is_element {
        made.image = plain_image(head.value).unwrap_or_default();
        let alias = block.iter().find(|line| line.key == "alias").map(|line| line.value);
        made.name = alias.map_or_else(|| host_of(&made.image), str::to_owned);
    } else {
        head.key.clone_into(&mut made.name);
    }
    for (place, line) in block.iter().enumerate() {
        match line.key {
            "ports" => made.is_published = true,
            "image" => made.image = plain_image(line.value).unwrap_or_default(),
            "dockerfile" if made.image.is_empty() => {
                let base = tree.text(line.value.trim_start_matches("./")).and_then(|text| base(&text));
                made.image = base.filter(|image| is_plain(image, "/:@")).unwrap_or_default();
            }
            "environment" | "env" | "variables" => {
                made.environment
                    .extend(below(block, place).iter().filter_map(|line| variable(line, value_of)));
            }
            _ => {}
        }
    }
    made
}

/// `NAME: value` or `- NAME=value`.
fn variable(line: &Line<'_>, value_of: &dyn Fn(&str) -> Option<String>) -> Option<(String, String)> {
    let (name, value) =
        if line.key.is_empty() { line.value.split_once('=')? } else { (line.key, line.value) };
    let value = resolved(value, value_of)?;
    is_plain(name, "").then(|| (name.to_owned(), value))
}

/// GitLab calls a service by its image: `library/postgres:17` is `postgres`, other folders become `-`.
fn host_of(image: &str) -> String {
    let name = image.split([':', '@']).next().unwrap_or_default();
    name.trim_start_matches("docker.io/").trim_start_matches("library/").replace('/', "-")
}

/// The image that the last stage of a Dockerfile is from.
fn base(text: &str) -> Option<String> {
    let mut stages = text.lines().rev().filter_map(|line| line.trim().strip_prefix("FROM "));
    let image = stages.next()?.split_whitespace().find(|word| !word.starts_with("--"))?;
    Some(image.to_owned())
}

pub(super) fn line(text: &str) -> Option<Line<'_>> {
    let bare = text.trim_start_matches(' ');
    let depth = text.len() - bare.len();
    let (is_element, bare, depth) = match bare.strip_prefix("- ") {
        Some(rest) => (true, rest.trim_start(), depth),
        None => (false, bare, depth),
    };
    let bare = bare.trim_end();
    if bare.is_empty() || bare.starts_with('#') {
        return None;
    }
    let (key, value) = match bare.split_once(": ") {
        Some((key, value)) if is_key(key) => (key, value),
        _ => match bare.strip_suffix(':') {
            Some(key) if is_key(key) => (key, ""),
            _ => ("", bare),
        },
    };
    Some(Line { depth, is_element, key: unquoted(key), value: scalar(value) })
}

fn is_key(text: &str) -> bool {
    is_plain(unquoted(text), "")
}

/// A value without its comment, its quotes and its anchor.
fn scalar(value: &str) -> &str {
    let value = value.trim();
    let value = match value.strip_prefix('&') {
        Some(rest) => rest.split_once(' ').map_or("", |(_, value)| value.trim()),
        None => value,
    };
    if value.starts_with(['"', '\'']) {
        let quote = value.get(..1).unwrap_or_default();
        let rest = value.get(1..).unwrap_or_default();
        return rest.split(quote).next().unwrap_or_default();
    }
    if value.starts_with('#') {
        return "";
    }
    value.split(" #").next().unwrap_or(value).trim()
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// A value with the variables in it: `${NAME:-17}` is `17`, `${NAME}` what is known of it. None when something is not known.
fn resolved(value: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let inside = after.strip_prefix('{').filter(|inside| !inside.starts_with('{'))?;
        let (inside, after) = inside.split_once('}')?;
        let (name, default) = match inside.split_once('-') {
            Some((name, default)) => (name.trim_end_matches(':'), Some(default)),
            None => (inside.split([':', '?']).next().unwrap_or_default(), None),
        };
        text.push_str(&default.map(str::to_owned).or_else(|| value_of(name))?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}
