//! The walk over included files.

use std::collections::HashMap;

use uvshift_diagnostics::{Diagnostic, Span};

use super::{
    Edge, EdgeTarget, File, IncludeTarget, Loader, Options, Resolved, Role, VariablePolicy, include_target,
};
use crate::codes;
use crate::decode::decode;
use crate::document::{Document, Include, IncludeKind, Line, LineKind};
use crate::error::{DecodeError, LoadError};
use crate::parse::parse;
use crate::requirement::Requirement;
use crate::variables::variables;

/// pip fails with Python's recursion limit; no real project comes near either limit.
const MAXIMUM_DEPTH: usize = 100;
const MAXIMUM_FILES: usize = 10_000;

pub(super) fn walk(entry: &str, loader: &impl Loader, options: &Options) -> Resolved {
    let mut walk = Walk {
        loader,
        variables: &options.variables,
        resolved: Resolved::default(),
        known: HashMap::new(),
        open: Vec::new(),
    };
    let path = match include_target("", entry) {
        IncludeTarget::Local(path) | IncludeTarget::Remote(path) | IncludeTarget::Outside(path) => path,
    };
    walk.file(&path, options.role, None);
    walk.resolved
}

struct Walk<'a, L> {
    loader: &'a L,
    variables: &'a VariablePolicy,
    resolved: Resolved,
    /// Files that have been read, by path and role.
    known: HashMap<(String, Role), usize>,
    /// Files that are being read.
    open: Vec<String>,
}

/// The place of an include line.
#[derive(Clone, Copy)]
struct Place<'p> {
    file: &'p str,
    line: usize,
    span: Span,
}

impl Place<'_> {
    fn put(self, diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.at(self.span).in_file(self.file, self.line)
    }
}

impl<L: Loader> Walk<'_, L> {
    /// Reads a file once for each role; gives its index.
    fn file(&mut self, path: &str, role: Role, place: Option<Place<'_>>) -> Option<usize> {
        if let Some(&index) = self.known.get(&(path.to_owned(), role)) {
            return Some(index);
        }
        let decoded = match self.loader.load(path) {
            Ok(bytes) => match decode(&bytes) {
                Ok(decoded) => decoded,
                Err(error) => {
                    self.resolved.diagnostics.push(undecodable(path, &error));
                    return None;
                }
            },
            Err(error) => {
                let diagnostic = missing(path, role, &error);
                let diagnostic = match place {
                    Some(place) => place.put(diagnostic),
                    None => diagnostic.in_file(path, 1),
                };
                self.resolved.diagnostics.push(diagnostic);
                return None;
            }
        };
        let document = parse(&decoded.text);
        let index = self.resolved.files.len();
        self.known.insert((path.to_owned(), role), index);
        self.report(path, role, &document);
        let includes = includes(&document);
        self.resolved.files.push(File { path: path.to_owned(), role, decoded, document });
        self.open.push(path.to_owned());
        for (line, span, include) in includes {
            let place = Place { file: path, line, span };
            let to = self.include(&include, role, place);
            self.resolved.edges.push(Edge { from: index, line, kind: include.kind, to });
        }
        self.open.pop();
        Some(index)
    }

    fn include(&mut self, include: &Include, role: Role, place: Place<'_>) -> EdgeTarget {
        if role == Role::Constraints && include.kind == IncludeKind::Requirements {
            self.resolved.diagnostics.push(
                place.put(
                    Diagnostic::warning(
                        codes::REQUIREMENTS_INSIDE_CONSTRAINTS,
                        "`-r` within a constraints file",
                    )
                    .with_pip("installs the requirements of that file")
                    .with_uv("takes them for constraints")
                    .with_help("write `-c`, or move the line to a requirements file"),
                ),
            );
        }
        let target = self.expand(&include.target);
        if variables(&target).next().is_some() && matches!(self.variables, VariablePolicy::Keep) {
            self.resolved.diagnostics.push(
                place.put(
                    Diagnostic::warning(
                        codes::VARIABLE_IN_INCLUDE,
                        format!("which file is meant depends on the environment: `{target}`"),
                    )
                    .with_pip("puts the values of the variables in and opens the file")
                    .with_uv("does the same")
                    .with_help("write the path without variables"),
                ),
            );
            return EdgeTarget::Variable(target);
        }
        match include_target(place.file, &target) {
            IncludeTarget::Remote(url) => {
                let (clean, _) = crate::url::split_credentials(&url);
                self.resolved.diagnostics.push(place.put(remote(&clean)));
                EdgeTarget::Remote(url)
            }
            IncludeTarget::Outside(path) => {
                self.resolved.diagnostics.push(place.put(outside(&path)));
                EdgeTarget::Outside(path)
            }
            IncludeTarget::Local(path) => self.local(path, include.kind.into(), place),
        }
    }

    fn local(&mut self, path: String, role: Role, place: Place<'_>) -> EdgeTarget {
        let deep = self.open.len() >= MAXIMUM_DEPTH || self.resolved.files.len() >= MAXIMUM_FILES;
        if deep || self.open.contains(&path) {
            let message = if deep {
                "the files are nested too deeply".to_owned()
            } else {
                format!("`{path}` includes itself")
            };
            self.resolved.diagnostics.push(
                place.put(
                    Diagnostic::error(codes::INCLUDE_CYCLE, message)
                        .with_pip("refuses the file: it recursively references itself")
                        .with_uv("reads each file once")
                        .with_help("remove one of the lines that close the circle"),
                ),
            );
            return EdgeTarget::Cycle(path);
        }
        match self.file(&path, role, Some(place)) {
            Some(index) => EdgeTarget::File(index),
            None => EdgeTarget::Missing(path),
        }
    }

    fn expand(&self, target: &str) -> String {
        let VariablePolicy::Values(values) = self.variables else { return target.to_owned() };
        let mut expanded = String::with_capacity(target.len());
        let mut copied = 0;
        for variable in variables(target) {
            // pip leaves empty variables as written, like unset ones.
            if let Some(value) = values.get(variable.name).filter(|value| !value.is_empty()) {
                expanded.push_str(&target[copied..variable.span.start]);
                expanded.push_str(value);
                copied = variable.span.end;
            }
        }
        expanded.push_str(&target[copied..]);
        expanded
    }

    /// The diagnostics of a document, and those that depend on its role and on the environment.
    fn report(&mut self, path: &str, role: Role, document: &Document) {
        let found = &mut self.resolved.diagnostics;
        for diagnostic in document.diagnostics() {
            let line = diagnostic.line.unwrap_or(1);
            found.push(diagnostic.clone().in_file(path, line));
        }
        for line in document.lines() {
            let place = Place { file: path, line: line.line(), span: line.span() };
            if let (Role::Constraints, LineKind::Requirement(requirement)) = (role, line.kind())
                && let Some(diagnostic) = invalid_constraint(requirement)
            {
                found.push(place.put(diagnostic));
            }
            if let VariablePolicy::Values(values) = self.variables {
                unset(document, line, values, place, found);
            }
        }
    }
}

/// The include lines of a document.
fn includes(document: &Document) -> Vec<(usize, Span, Include)> {
    let lines = document.lines().iter();
    lines
        .filter_map(|line| match line.kind() {
            LineKind::Include(include) => Some((line.line(), line.span(), include.clone())),
            _ => None,
        })
        .collect()
}

fn unset(
    document: &Document,
    line: &Line,
    values: &std::collections::BTreeMap<String, String>,
    place: Place<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let end = line.comment().map_or(line.span().end, |comment| comment.start);
    let content = document.text().get(line.span().start..end).unwrap_or_default();
    for variable in variables(content) {
        if values.get(variable.name).is_none_or(String::is_empty) {
            let start = line.span().start + variable.span.start;
            let message = format!("the environment variable `{}` is not set", variable.name);
            found.push(
                Diagnostic::warning(codes::UNSET_VARIABLE, message)
                    .at(Span::new(start, start + variable.span.len()))
                    .in_file(place.file, place.line)
                    .with_pip("leaves the reference as written")
                    .with_uv("leaves the reference as written")
                    .with_help("set the variable, or write its value into the file"),
            );
        }
    }
}

fn invalid_constraint(requirement: &Requirement) -> Option<Diagnostic> {
    let (message, pip) = if requirement.is_editable() {
        ("an editable cannot be a constraint", "editable requirements are not allowed as constraints")
    } else if requirement.name().is_none() && requirement.wheel().is_none() {
        ("a constraint needs a name", "unnamed requirements are not allowed as constraints")
    } else if requirement.extras().next().is_some() {
        ("a constraint cannot have extras", "constraints cannot have extras")
    } else {
        return None;
    };
    Some(
        Diagnostic::error(codes::INVALID_CONSTRAINT, message)
            .with_pip(format!("refuses to install: {pip}"))
            .with_uv("ignores extras, refuses the rest")
            .with_help("write a name and a version"),
    )
}

fn missing(path: &str, role: Role, error: &LoadError) -> Diagnostic {
    let kind = match role {
        Role::Requirements => "requirements",
        Role::Constraints => "constraint",
    };
    Diagnostic::error(codes::MISSING_FILE, format!("cannot read `{path}`: {error}"))
        .with_pip(format!("stops: could not open {kind} file"))
        .with_uv("stops")
        .with_help("correct the path, which counts from the file that names it")
}

fn undecodable(path: &str, error: &DecodeError) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::UNDECODABLE_FILE, format!("cannot read `{path}`: {error}"))
        .in_file(path, 1)
        .with_pip("tries the encoding of the locale, and stops if that fails")
        .with_uv("stops");
    match error.hint() {
        Some(hint) => diagnostic.with_help(hint),
        None => diagnostic,
    }
}

fn remote(url: &str) -> Diagnostic {
    Diagnostic::warning(codes::REMOTE_INCLUDE, format!("`{url}` is not fetched"))
        .with_pip("fetches it at every run")
        .with_uv("fetches it at every run")
        .with_help("download the file and include the copy")
}

fn outside(path: &str) -> Diagnostic {
    Diagnostic::warning(codes::INCLUDE_OUTSIDE, format!("`{path}` lies outside of the project"))
        .with_pip("reads it")
        .with_uv("reads it")
        .with_help("copy the file into the project")
}
