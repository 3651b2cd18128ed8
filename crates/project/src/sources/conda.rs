//! conda's environment.yml: dependencies, the pip section, channels, and what none of that is for uv.

mod dependency;
mod files;
mod lines;
pub(super) mod names;
pub(super) mod spec;

use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;

pub(super) use self::dependency::{chooses_variant, python_range};
use self::files::File;
use self::lines::Lines;
use super::Given;
use super::entry::{change, leave_out, open, refuse};
use crate::convert::{Foreign, read_foreign, settle_indexes};
use crate::names::is_constraints;
use crate::{Comments, Error, Fate, MAIN_GROUP, OldFile, Provenance, Reading, Scope, codes};
use uvshift_requirements::redacted;

pub(super) fn detect(given: &Given<'_>) -> bool {
    !files::environments(given.tree).is_empty() || !files::locks(given.tree).is_empty()
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    for lock in files::locks(given.tree) {
        let from = Provenance::new(&lock, 1);
        let why = "it locks builds of conda, which the package index does not have";
        let advice = format!(
            "leave it out with `--ignore {lock}`; `--from-venv DIR` keeps the versions of the environment that it made"
        );
        refuse(out, from, &lock, why, advice);
    }
    for file in files::environments(given.tree) {
        environment(&file, given, out);
    }
    settle_indexes(out, given.options.index_strategy);
    Ok(())
}

/// One file while it is read.
struct Reader<'a> {
    given: &'a Given<'a>,
    file: &'a str,
    scope: Scope,
    lines: Lines<'a>,
    /// Whether `conda env export` wrote it, with everything that is installed.
    exported: bool,
    /// Names that are taken to be the same on the index, though nobody looked.
    assumed: Vec<String>,
    out: &'a mut Reading,
}

fn environment(file: &File, given: &Given<'_>, out: &mut Reading) {
    let Some(text) = open(given.tree, &file.path, out) else { return };
    let document = match serde_yaml::from_str::<Value>(&text) {
        Ok(Value::Mapping(document)) => document,
        Ok(_) => return unreadable(&file.path, 1, "it is no mapping of keys", out),
        Err(error) => {
            let line = error.location().map_or(1, |location| location.line());
            return unreadable(&file.path, line, &error.to_string(), out);
        }
    };
    // One that only names itself, or a Python, leaves the dependencies to other files.
    out.lists_dependencies |= lists_dependencies(&document);
    let scope = match &file.group {
        Some(group) => Scope::Group(group.clone()),
        None if lists_its_own(given) => {
            out.manifest.group(MAIN_GROUP).default = true;
            Scope::Group(MAIN_GROUP.to_owned())
        }
        None => Scope::Main,
    };
    if let Scope::Group(name) = &scope {
        out.manifest.group(name);
    }
    let exported = document.contains_key("prefix") || has_builds(&document);
    let lines = Lines::new(&text);
    let mut reader = Reader { given, file: &file.path, scope, lines, exported, assumed: Vec::new(), out };
    for (key, value) in &document {
        reader.key(key, value);
    }
    reader.finish();
    let (path, what) = (file.path.clone(), "conda environment".to_owned());
    out.old_files.push(OldFile { path, what, fate: Fate::Remove });
}

fn unreadable(file: &str, line: usize, why: &str, out: &mut Reading) {
    let found = Diagnostic::error(codes::M040, format!("{file} cannot be read: {why}")).in_file(file, line);
    out.diagnostics.push(found.with_help("correct the file, or leave it out with `--ignore FILE`"));
}

/// What a package requires must not change because somebody developed it in an environment of conda.
fn lists_its_own(given: &Given<'_>) -> bool {
    given.tree.has("setup.py")
        || given.pyproject.is_some_and(|found| found.has_project() && found.has_build_system())
}

/// Whether anything but Python and pip is asked for.
fn lists_dependencies(document: &serde_yaml::Mapping) -> bool {
    let is_tool = |item: &Value| {
        let name =
            item.as_str().and_then(|item| item.split(|letter: char| "=<>!~ [".contains(letter)).next());
        matches!(name, Some("python" | "pip"))
    };
    match document.get("dependencies") {
        Some(Value::Sequence(items)) => items.iter().any(|item| !item.is_null() && !is_tool(item)),
        _ => false,
    }
}

/// Nobody writes builds of most packages by hand.
fn has_builds(document: &serde_yaml::Mapping) -> bool {
    let items = document.get("dependencies").and_then(Value::as_sequence).into_iter().flatten();
    let specs: Vec<spec::Spec> =
        items.filter_map(Value::as_str).filter_map(|item| spec::parse(item).ok()).collect();
    let with = specs.iter().filter(|spec| spec.build.is_some()).count();
    specs.len() > 3 && with * 2 > specs.len()
}

impl Reader<'_> {
    fn from(&self, line: usize) -> Provenance {
        Provenance::new(self.file, line)
    }

    fn key(&mut self, key: &Value, value: &Value) {
        let Some(key) = key.as_str() else {
            let advice = "remove it; conda reads names of keys only";
            return refuse(self.out, self.from(1), &shown(key), "the key is no text", advice);
        };
        let line = self.lines.key(key);
        let from = self.from(line);
        match key {
            "name" => leave_out(
                self.out,
                from,
                &format!("name: {}", shown(value)),
                "uv keeps the environment in .venv",
            ),
            "prefix" => {
                leave_out(self.out, from, "prefix", "it is a folder of the machine that exported the file");
            }
            "platforms" => leave_out(self.out, from, "platforms", "uv.lock holds for every platform"),
            "channels" => self.channels(value, line),
            "variables" => self.variables(value, line),
            "dependencies" => self.dependencies(value, line),
            _ => {
                let advice = "remove it, or write what it does into pyproject.toml by hand";
                refuse(self.out, from, key, "uvshift does not know what conda does with it", advice);
            }
        }
    }

    fn channels(&mut self, value: &Value, line: usize) {
        let channels: Vec<String> = match value {
            Value::Sequence(items) => items.iter().map(shown).collect(),
            Value::Null => Vec::new(),
            other => vec![shown(other)],
        };
        for channel in channels {
            let line = if value.is_sequence() { self.lines.item(&channel) } else { line };
            let (from, text) = (self.from(line), format!("channel {}", redacted(&channel)));
            if is_public(&channel) {
                leave_out(self.out, from, &text, "the packages come from the package index");
            } else {
                let advice = "add the index that has these packages, such as `--extra-index-url` in the pip section, and \
                              remove the channel";
                refuse(
                    self.out,
                    from,
                    &text,
                    "uv reads no channels of conda, and this is none of the public ones",
                    advice,
                );
            }
        }
    }

    /// The values may be secrets, so they are not shown.
    fn variables(&mut self, value: &Value, line: usize) {
        let advice = "write it into a file such as .env, and run `uv run --env-file .env`";
        let Some(variables) = value.as_mapping().filter(|variables| !variables.is_empty()) else {
            if !value.is_null() {
                refuse(self.out, self.from(line), "variables", "they are no mapping", advice);
            }
            return;
        };
        for (name, _) in variables {
            let line = self.lines.item(&format!("{}:", shown(name)));
            let text = format!("variable {}", shown(name));
            refuse(self.out, self.from(line), &text, "an environment of uv sets no variables", advice);
        }
    }

    fn dependencies(&mut self, value: &Value, line: usize) {
        let items = match value {
            Value::Sequence(items) => items.as_slice(),
            Value::Null => &[],
            _ => {
                let advice = "write one `- NAME` for each package";
                return refuse(self.out, self.from(line), "dependencies", "they are no list", advice);
            }
        };
        for item in items {
            match item {
                Value::String(text) => {
                    let line = self.lines.item(text);
                    self.dependency(text, line);
                }
                Value::Mapping(sections) => {
                    sections.iter().for_each(|(name, value)| self.section(name, value));
                }
                other => {
                    let line = self.lines.item(&shown(other));
                    let advice = "write the name of a package, in quotes if need be";
                    refuse(self.out, self.from(line), &shown(other), "it is no package", advice);
                }
            }
        }
    }

    /// `- pip:`, the only section that conda knows.
    fn section(&mut self, name: &Value, value: &Value) {
        let name = shown(name);
        let line = self.lines.item(&format!("{name}:"));
        if name != "pip" {
            let advice = "install these with their own tool, and remove the section";
            return refuse(self.out, self.from(line), &name, "uv installs Python packages only", advice);
        }
        let items = match value {
            Value::Sequence(items) => items.as_slice(),
            Value::Null => &[],
            other => std::slice::from_ref(other),
        };
        for item in items {
            let text = shown(item);
            let line = if text.is_empty() { line } else { self.lines.item(&text) };
            self.pip(text.trim(), line);
        }
    }

    /// A line of a requirements file.
    fn pip(&mut self, text: &str, line: usize) {
        if let Some((flag, target)) = include(text) {
            return self.include(text, flag, target, line);
        }
        let from = self.from(line);
        let comments = Comments { above: self.lines.above(line), trailing: self.lines.trailing(line) };
        let foreign = Foreign { line: text.to_owned(), shown: text.to_owned(), from, comments };
        let given = self.given;
        read_foreign(given.tree, given.options, &self.scope, vec![foreign], self.out);
    }

    /// `-r FILE` and `-c FILE`: files that are read for themselves, as long as something tells their part.
    fn include(&mut self, text: &str, flag: Flag, target: &str, line: usize) {
        let from = self.from(line);
        let target = target.trim_start_matches("./").to_owned();
        if !self.given.tree.has(&target) || target.contains("..") {
            let advice = "restore the file, or remove the line";
            return refuse(self.out, from, text, format!("{target} is no file of the project"), advice);
        }
        match (flag, &self.scope) {
            (Flag::Requirements, Scope::Main) => {
                let why = format!("{target} is read for itself");
                change(self.out, from, text, Scope::Main.key(), why);
                self.out.main_files.push(target);
            }
            (Flag::Requirements, scope) => {
                let group = scope.group().unwrap_or(MAIN_GROUP).to_owned();
                let advice = format!("name its part with `--group {group}={target}`, and remove the line");
                refuse(self.out, from, text, "the file has a part of its own", advice);
            }
            (Flag::Constraints, _) if is_constraints(&target) => {
                let why = format!("{target} is read for itself");
                change(self.out, from, text, "tool.uv.constraint-dependencies", why);
            }
            (Flag::Constraints, _) => {
                let advice = format!("name its part with `--constraints {target}`, and remove the line");
                refuse(
                    self.out,
                    from,
                    text,
                    "nothing but this line tells that the file holds constraints",
                    advice,
                );
            }
        }
    }

    fn finish(&mut self) {
        if !self.assumed.is_empty() {
            let message = format!(
                "these names of conda are taken to be the same on the package index: {}",
                self.assumed.join(", ")
            );
            let found = Diagnostic::note(codes::M065, message).in_file(self.file, 1);
            self.out
                .diagnostics
                .push(found.with_help("look each of them up, and correct those that are not"));
        }
        if self.exported {
            let message = "the file holds everything that was installed, and all of it becomes a dependency";
            let found = Diagnostic::warning(codes::M067, message).in_file(self.file, 1);
            let help = "write a file with what the project asks for (`conda env export --from-history` prints that), or remove \
                        from pyproject.toml what only others need";
            self.out.diagnostics.push(found.with_help(help));
        }
    }
}

#[derive(Clone, Copy)]
enum Flag {
    Requirements,
    Constraints,
}

/// The file of a line that includes one.
fn include(text: &str) -> Option<(Flag, &str)> {
    let flags = [
        ("-r", Flag::Requirements),
        ("--requirement", Flag::Requirements),
        ("-c", Flag::Constraints),
        ("--constraint", Flag::Constraints),
    ];
    flags.into_iter().find_map(|(written, flag)| {
        let rest = text.strip_prefix(written)?;
        let is_long = written.starts_with("--");
        let value = rest.strip_prefix('=').filter(|_| is_long).or_else(|| rest.strip_prefix([' ', '\t']));
        let value = value.or(Some(rest).filter(|rest| !is_long && !rest.is_empty()))?;
        Some((flag, value.trim()))
    })
}

/// Channels that everybody has.
const PUBLIC: [&str; 16] = [
    "defaults",
    "main",
    "free",
    "r",
    "msys2",
    "conda-forge",
    "nodefaults",
    "anaconda",
    "bioconda",
    "pytorch",
    "nvidia",
    "pyviz",
    "intel",
    "plotly",
    "huggingface",
    "fastai",
];

/// Hosts of these channels.
const PUBLIC_HOSTS: [&str; 4] =
    ["conda.anaconda.org", "repo.anaconda.com", "repo.continuum.io", "conda.anaconda.com"];

pub(super) fn is_public(channel: &str) -> bool {
    let (host, path) = match channel.split_once("://") {
        Some((_, rest)) => rest.split_once('/').unwrap_or((rest, "")),
        None => ("", channel),
    };
    let name = path.trim_matches('/');
    let name = name.strip_prefix("pkgs/").unwrap_or(name);
    let name = name.split('/').next().unwrap_or(name);
    (host.is_empty() || PUBLIC_HOSTS.contains(&host)) && PUBLIC.contains(&name)
}

/// A scalar as text; anything else as YAML on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => String::new(),
        other => {
            let text = serde_yaml::to_string(other).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests;
