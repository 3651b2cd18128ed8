//! One requirement: the text that pyproject.toml gets, and what goes to the lock.

use uvshift_requirements::{Requirement, Target, normalize_name, variables};

use super::{Context, Reader};
use crate::{AllowedHashes, Dependency, Pin, Role, Scope};

impl Reader<'_> {
    pub(super) fn requirement(&mut self, requirement: &Requirement, context: Context<'_>) {
        if context.is_compiled() {
            return self.compiled_requirement(requirement, &context);
        }
        match requirement.target() {
            Target::Index => self.index_requirement(requirement, context),
            target => self.located_requirement(requirement, &target, context),
        }
    }

    fn index_requirement(&mut self, requirement: &Requirement, context: Context<'_>) {
        let text = requirement.text();
        let (Some(name), Some(mut to)) = (requirement.name(), place(&context)) else { return };
        if variables(text).next().is_some() {
            let advice = "write the value out; uv does not expand variables in pyproject.toml";
            return self.refuse(&context, text, "the requirement depends on a variable", advice);
        }
        if let Some((why, advice)) = unsupported(requirement) {
            return self.refuse(&context, text, why, advice);
        }
        let name = normalize_name(name);
        self.note_settings(requirement, &name, &context);
        if !requirement.config_settings().is_empty() {
            to = format!("{to} and tool.uv.config-settings-package.{name}");
        }
        let (written, reason) = text_for_uv(requirement);
        match reason {
            Some(reason) => self.change(&context, text, to, reason),
            None => self.carry(&context, text, to),
        }
        self.push(
            &context.file.role.clone(),
            Dependency { text: written, name, comments: context.comments, from: context.from },
        );
    }

    /// Adds a requirement where its file belongs, once.
    pub(super) fn push(&mut self, role: &Role, dependency: Dependency) {
        let manifest = &mut self.out.manifest;
        match role.scope() {
            Some(scope) => manifest.add(&scope, dependency),
            None => manifest.constraints.push(dependency),
        }
    }

    /// Hashes and build settings, which pyproject.toml holds elsewhere.
    pub(super) fn note_settings(&mut self, requirement: &Requirement, name: &str, context: &Context<'_>) {
        if !requirement.hashes().is_empty() {
            let hashes = requirement.hashes().iter();
            self.out.manifest.hashes.push(AllowedHashes {
                name: name.to_owned(),
                version: requirement.pin().map(str::to_owned),
                hashes: hashes.map(|hash| format!("{}:{}", hash.algorithm.as_str(), hash.digest)).collect(),
                from: context.from.clone(),
            });
        }
        let settings = requirement.config_settings();
        if !settings.is_empty() {
            let known = &mut self.out.manifest.uv.config_settings;
            if !known.iter().any(|(package, _)| package == name) {
                known.push((name.to_owned(), settings.to_vec()));
            }
        }
    }

    /// A line of a compiled file is a pin for the lock, no requirement of its own.
    fn compiled_requirement(&mut self, requirement: &Requirement, context: &Context<'_>) {
        let text = requirement.text();
        let Some(name) = requirement.normalized_name() else {
            return self.drop_line(context, text, "the file it was compiled from names it");
        };
        self.note_settings(requirement, &name, context);
        match (requirement.pin(), requirement.target()) {
            (Some(version), Target::Index) => {
                self.carry(context, text, "uv.lock");
                self.out.manifest.pins.push(Pin {
                    name,
                    version: version.to_owned(),
                    marker: requirement.marker().map(str::to_owned),
                    from: context.from.clone(),
                });
            }
            (_, Target::Index) => self.drop_line(context, text, "it pins nothing, and the source names it"),
            _ => self.drop_line(context, text, "the file it was compiled from says where it comes from"),
        }
    }
}

/// Where a requirement of this file goes.
pub(super) fn place(context: &Context<'_>) -> Option<String> {
    match &context.file.role {
        Role::Constraints => Some("tool.uv.constraint-dependencies".to_owned()),
        role => role.scope().map(|scope: Scope| scope.key()),
    }
}

/// What uv cannot express, with what to write instead.
pub(crate) fn unsupported(requirement: &Requirement) -> Option<(String, String)> {
    if let Err(error) = requirement.version_specifiers() {
        return Some((error.to_string(), "write a version of PEP 440 with `==`".to_owned()));
    }
    let concerns = requirement.marker_tree().err()?;
    let concern = concerns.first()?;
    let why = format!("uv does not read the marker as pip does: {}", concern.message);
    Some((why, "write the marker as plain comparisons joined with `and` and `or`".to_owned()))
}

/// The author's text if uv reads it; otherwise the same without what only pip allows, with the reason.
pub(crate) fn text_for_uv(requirement: &Requirement) -> (String, Option<String>) {
    let text = requirement.text();
    if !has_sign_of_pip(text) {
        return (text.to_owned(), None);
    }
    let clauses: Vec<String> = requirement
        .specifiers()
        .map(|clause| format!("{}{}", clause.operator.as_str(), clause.version))
        .collect();
    let plain = format!("{}{}", named(requirement), clauses.join(","));
    (with_marker(&plain, requirement.marker()), Some("without a sign that only pip accepts".to_owned()))
}

/// Whether the text ends a list with a comma, has no marker behind its `;`, or empty brackets. pip accepts these.
fn has_sign_of_pip(text: &str) -> bool {
    let (head, marker) = text.split_once(';').map_or((text, None), |(head, marker)| (head, Some(marker)));
    let head = head.trim_end();
    let within = head.strip_suffix(')').unwrap_or(head).trim_end();
    within.ends_with([',', '(']) || marker.is_some_and(|marker| marker.trim().is_empty())
}

/// Name and extras as written.
pub(crate) fn named(requirement: &Requirement) -> String {
    let name = requirement.name().unwrap_or_default();
    let extras: Vec<&str> = requirement.extras().collect();
    if extras.is_empty() { name.to_owned() } else { format!("{name}[{}]", extras.join(",")) }
}

/// A requirement with its marker.
pub(crate) fn with_marker(text: &str, marker: Option<&str>) -> String {
    match marker.map(str::trim).filter(|marker| !marker.is_empty()) {
        Some(marker) => format!("{text} ; {marker}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use uvshift_requirements::parse;

    use super::text_for_uv;

    #[test]
    fn what_only_pip_accepts_is_written_for_all() {
        for (text, written) in [
            ("a", None),
            ("a (>=1)", None),
            ("A[x, y] >= 1 , < 2 ; python_version<'3.9'", None),
            ("a;", Some("a")),
            ("a>=1 ;", Some("a>=1")),
            ("a==1.0,", Some("a==1.0")),
            ("a()", Some("a")),
            ("a (>=1,) ; os_name == 'nt'", Some("a>=1 ; os_name == 'nt'")),
        ] {
            let document = parse(text);
            let (_, requirement) = document.requirements().next().unwrap();
            let (found, reason) = text_for_uv(requirement);
            assert_eq!(found, written.unwrap_or(text));
            assert_eq!(reason.is_some(), written.is_some(), "{text}");
            assert!(pep508_rs::Requirement::<pep508_rs::VerbatimUrl>::from_str(&found).is_ok(), "{found}");
        }
    }
}
