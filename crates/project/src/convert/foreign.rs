//! Requirements that stand in a file of another kind, read as if they were lines of a requirements file.

use uvshift_requirements::{LineKind, decode, parse};

use super::{Context, Reader, source};
use crate::{
    Comments, GroupItem, Layout, Outcome, Provenance, ReadOptions, Reading, Role, Scope, SourceFile, Tree,
};
use uvshift_requirements::redacted;

/// A requirement of another kind of file.
pub(crate) struct Foreign {
    /// What it would be as a line of a requirements file.
    pub(crate) line: String,
    /// How it stands in its file.
    pub(crate) shown: String,
    /// Where it stands.
    pub(crate) from: Provenance,
    /// Its comments.
    pub(crate) comments: Comments,
}

/// Reads requirements into a scope: texts, sources, hashes, credentials and the ledger are those of requirements files.
pub(crate) fn read_foreign(
    tree: &Tree,
    options: &ReadOptions,
    scope: &Scope,
    requirements: Vec<Foreign>,
    out: &mut Reading,
) {
    let role = match scope {
        Scope::Main => Role::Main,
        Scope::Extra(name) | Scope::Group(name) => Role::Group(name.clone()),
    };
    if let Scope::Extra(name) = scope {
        let mut apart = Reading::default();
        read_into(tree, options, &role, requirements, &mut apart);
        return move_to_extra(name, apart, out);
    }
    read_into(tree, options, &role, requirements, out);
    source::scope_sources(&mut out.manifest);
}

fn read_into(tree: &Tree, options: &ReadOptions, role: &Role, requirements: Vec<Foreign>, out: &mut Reading) {
    let layout = Layout::default();
    let mut reader = Reader { tree, layout: &layout, options, waiting: Vec::new(), out: std::mem::take(out) };
    for Foreign { line, shown, from, comments } in requirements {
        let before = reader.out.ledger.entries().len();
        let Ok(decoded) = decode(line.as_bytes()) else { continue };
        let file = SourceFile {
            path: from.file.clone(),
            role: role.clone(),
            why: String::new(),
            default: false,
            decoded,
            document: parse(&line),
        };
        for line in file.document.lines() {
            if !matches!(line.kind(), LineKind::Blank | LineKind::Comment) {
                let context = Context { file: &file, from: from.clone(), comments: comments.clone() };
                reader.line(line, context);
            }
        }
        if reader.out.ledger.entries().len() == before {
            let outcome = Outcome::Refused {
                why: "it is no requirement".to_owned(),
                advice: "write `NAME` and a version specifier".to_owned(),
            };
            reader.out.ledger.add(from, String::new(), outcome);
        }
        reader.out.ledger.describe_from(before, &redacted(&shown));
    }
    *out = reader.out;
}

/// What was read as a group of this name is an extra.
fn move_to_extra(name: &str, apart: Reading, out: &mut Reading) {
    let Reading { manifest, mut ledger, diagnostics, not_carried, .. } = apart;
    let (group, extra) = (Scope::Group(name.to_owned()), Scope::Extra(name.to_owned()));
    ledger.rename(&group.key(), &extra.key());
    out.ledger.append(ledger);
    out.diagnostics.extend(diagnostics);
    out.not_carried.extend(not_carried);
    let known = out.manifest.extra(name);
    for item in manifest.groups.into_iter().flat_map(|group| group.items) {
        if matches!(item, GroupItem::Dependency(_)) {
            known.items.push(item);
        }
    }
    for mut source in manifest.sources {
        source.scope = extra.clone();
        source.source.group = None;
        out.manifest.sources.push(source);
    }
    out.manifest.hashes.extend(manifest.hashes);
    out.manifest.secrets.extend(manifest.secrets);
}
