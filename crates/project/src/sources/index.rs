//! Package indexes of other tools, each with a name of its own.

use uvshift_pyproject::Index;
use uvshift_requirements::{split_credentials, variables};

use super::entry::{carry, change, refuse};
use crate::convert::note_credentials;
use crate::names::normalized;
use crate::{Provenance, Reading};

/// An index as another tool has it.
pub(super) struct OtherIndex<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    /// What packages come from.
    pub(super) use_for: Use,
    /// Whether its certificate is checked.
    pub(super) verify: bool,
    pub(super) from: Provenance,
    /// How it stands in the file.
    pub(super) shown: String,
}

/// What packages come from an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// All that no other index has: it takes the place of the public one.
    Default,
    /// All that it has.
    All,
    /// Those that name it.
    Named,
}

/// Adds an index; its name in uv, or none if it cannot be had.
pub(super) fn add_index(index: OtherIndex<'_>, out: &mut Reading) -> Option<String> {
    let OtherIndex { name, url, use_for, verify, from, shown } = index;
    let (clean, credentials) = split_credentials(url);
    if variables(&clean).next().is_some() {
        let advice = "write the URL out; only the user and the password of a URL may be variables";
        refuse(out, from, &shown, "uv does not expand variables in pyproject.toml", advice);
        return None;
    }
    let name = unused_name(name, &clean, &out.manifest.indexes);
    let to = format!("tool.uv.index {name}");
    let mut reasons: Vec<String> = Vec::new();
    if let Some(credentials) = credentials {
        note_credentials(out, &name, &credentials, &from);
        reasons.push("without its credentials".to_owned());
    }
    if !verify && let Some(host) = host(&clean) {
        let hosts = &mut out.manifest.uv.allow_insecure_host;
        if !hosts.contains(&host) {
            hosts.push(host);
        }
        reasons.push("certificates that are not checked are those of tool.uv.allow-insecure-host".to_owned());
    }
    let (default, explicit) = (use_for == Use::Default, use_for == Use::Named);
    let new = Index { name: Some(name.clone()), url: clean, default, explicit, format: None };
    if !out.manifest.indexes.contains(&new) {
        out.manifest.indexes.push(new);
    }
    if reasons.is_empty() {
        carry(out, from, &shown, to);
    } else {
        change(out, from, &shown, to, reasons.join("; "));
    }
    Some(name)
}

/// The name in the letters that uv allows, which no index with another URL has.
fn unused_name(name: &str, url: &str, known: &[Index]) -> String {
    let base = match normalized(name) {
        empty if empty.is_empty() => "index".to_owned(),
        base => base,
    };
    let taken =
        |name: &str| known.iter().any(|index| index.name.as_deref() == Some(name) && index.url != url);
    let numbered = (2..1000).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
}

/// Host and port of a URL.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (!host.is_empty()).then(|| host.to_owned())
}
