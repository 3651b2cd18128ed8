//! What `rewrite` prints.

use serde::Serialize;
use uvshift_migrate::{
    HostKind, RewriteDone, RewriteEdit, RewriteFile, RewriteLeft, RewritePlan, RewriteSafety, rewrite_hosts,
};
use uvshift_project::redacted;

use super::rows::{change, diagnostic};
use super::{Change, VERSION, WireDiagnostic};

/// What `rewrite` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewrite"))]
pub(crate) struct Rewrite {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "rewrite")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "rewritten", "nothing-to-do"])))]
    status: &'static str,
    /// How many files were read as one of a kind.
    read: usize,
    files: Vec<RewrittenFile>,
    diagnostics: Vec<WireDiagnostic>,
    changes: Vec<Change>,
    diff: Option<String>,
    journal: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewritten_file"))]
struct RewrittenFile {
    path: String,
    /// A name of `rewrite --list`.
    kind: &'static str,
    changes: Vec<CommandChange>,
    left: Vec<LeftCommand>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewritten_command"))]
struct CommandChange {
    line: usize,
    rule: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["safe", "review"])))]
    safety: &'static str,
    /// Whether it is made, or only offered.
    made: bool,
    reason: String,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "left_command"))]
struct LeftCommand {
    line: usize,
    text: String,
    reason: String,
    suggestion: Option<String>,
}

impl Rewrite {
    pub(crate) fn planned(plan: &RewritePlan, diff: bool) -> Self {
        Self {
            version: VERSION,
            command: "rewrite",
            status: if plan.changes.is_empty() { "nothing-to-do" } else { "planned" },
            read: plan.read,
            files: plan.files.iter().map(file).collect(),
            diagnostics: plan.diagnostics.iter().map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| redacted(&plan.changes.diff())),
            journal: None,
        }
    }

    pub(crate) fn done(plan: &RewritePlan, done: &RewriteDone) -> Self {
        Self { status: "rewritten", journal: Some(done.journal.clone()), ..Self::planned(plan, false) }
    }
}

fn file(file: &RewriteFile) -> RewrittenFile {
    let made = file.made.iter().map(|edit| command_change(file, edit, true));
    let offered = file.offered.iter().map(|edit| command_change(file, edit, false));
    RewrittenFile {
        path: file.path.clone(),
        kind: file.host.name,
        changes: made.chain(offered).collect(),
        left: file.left.iter().map(|left| left_command(file, left)).collect(),
    }
}

fn command_change(file: &RewriteFile, edit: &RewriteEdit, made: bool) -> CommandChange {
    CommandChange {
        line: file.line(edit.span.start),
        rule: edit.rule,
        safety: if edit.safety == RewriteSafety::Safe { "safe" } else { "review" },
        made,
        reason: redacted(&edit.reason),
        before: redacted(file.before.get(edit.span.clone()).unwrap_or_default()),
        after: redacted(&edit.new),
    }
}

fn left_command(file: &RewriteFile, left: &RewriteLeft) -> LeftCommand {
    LeftCommand {
        line: file.line(left.span.start),
        text: redacted(file.before.get(left.span.clone()).unwrap_or_default()),
        reason: redacted(&left.reason),
        suggestion: left.suggestion.as_deref().map(redacted),
    }
}

/// What `rewrite --list` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewrite_list"))]
pub(crate) struct Hosts {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "rewrite-list")))]
    command: &'static str,
    kinds: Vec<HostRow>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewrite_kind"))]
struct HostRow {
    name: &'static str,
    title: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["edited", "reported", "document"])))]
    treatment: &'static str,
}

impl Hosts {
    pub(crate) fn all() -> Self {
        let row = |host: &uvshift_migrate::RewriteHost| HostRow {
            name: host.name,
            title: host.title,
            treatment: match host.kind {
                HostKind::Edited => "edited",
                HostKind::Reported => "reported",
                HostKind::Document => "document",
            },
        };
        Self { version: VERSION, command: "rewrite-list", kinds: rewrite_hosts().iter().map(row).collect() }
    }
}
