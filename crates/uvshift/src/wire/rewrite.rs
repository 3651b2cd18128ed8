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
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "rewrite")))]
    command: &'static str,
    /// How far it is.
    status: RewriteStatus,
    /// How many files were read as one of a kind.
    read: usize,
    /// The files with something to change or to tell.
    files: Vec<RewrittenFile>,
    /// What there is to say.
    diagnostics: Vec<WireDiagnostic>,
    /// What is written.
    changes: Vec<Change>,
    /// A unified diff, where nothing was written yet.
    diff: Option<String>,
    /// The run that a rollback undoes.
    journal: Option<String>,
}

/// How far a rewriting is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum RewriteStatus {
    /// It was not asked for, or not agreed to; nothing is written.
    Planned,
    /// It is done.
    Rewritten,
    /// There is nothing to write; there may still be something to review.
    NothingToDo,
}

/// A file with something to change or to tell.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewritten_file"))]
struct RewrittenFile {
    /// The file, relative to the root.
    path: String,
    /// What kind of file it is: a name of `rewrite --list`.
    kind: &'static str,
    /// What changes in it: first what is made, then what is only offered.
    changes: Vec<CommandChange>,
    /// What has to do with the old tools and stays as it is.
    left: Vec<LeftCommand>,
}

/// A command that changes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewritten_command"))]
struct CommandChange {
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// The rule, one of `docs/rules.md`.
    rule: &'static str,
    /// Whether the same is installed and run, or a person has to look at it.
    safety: Safety,
    /// Whether it is made, or only offered.
    made: bool,
    /// Why it changes like this.
    reason: String,
    /// What stands there, without credentials.
    before: String,
    /// What will stand there, without credentials.
    after: String,
}

/// Whether a change needs a look.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum Safety {
    /// The same is installed, and the same programs run.
    Safe,
    /// Made only with `--review`.
    Review,
}

/// A command that stays as it is.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "left_command"))]
struct LeftCommand {
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// What stands there, without credentials.
    text: String,
    /// Why it stays.
    reason: String,
    /// What could stand there.
    suggestion: Option<String>,
}

impl Rewrite {
    pub(crate) fn planned(plan: &RewritePlan, diff: bool) -> Self {
        Self {
            version: VERSION,
            command: "rewrite",
            status: if plan.changes.is_empty() { RewriteStatus::NothingToDo } else { RewriteStatus::Planned },
            read: plan.read,
            files: plan.files.iter().map(file).collect(),
            diagnostics: plan.diagnostics.iter().map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| redacted(&plan.changes.diff())),
            journal: None,
        }
    }

    pub(crate) fn done(plan: &RewritePlan, done: &RewriteDone) -> Self {
        Self {
            status: RewriteStatus::Rewritten,
            journal: Some(done.journal.clone()),
            ..Self::planned(plan, false)
        }
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
        safety: if edit.safety == RewriteSafety::Safe { Safety::Safe } else { Safety::Review },
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
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "rewrite-list")))]
    command: &'static str,
    /// The kinds of files.
    kinds: Vec<HostRow>,
}

/// A kind of files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rewrite_kind"))]
struct HostRow {
    /// The name for `--only` and `--skip`.
    name: &'static str,
    /// What it is, for people.
    title: &'static str,
    /// What is done with it.
    treatment: Treatment,
}

/// What is done with a kind of files.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum Treatment {
    /// Edited in place.
    Edited,
    /// Told of, with what could stand there.
    Reported,
    /// Edited with `--docs`.
    Document,
}

impl Hosts {
    pub(crate) fn all() -> Self {
        let row = |host: &uvshift_migrate::RewriteHost| HostRow {
            name: host.name,
            title: host.title,
            treatment: match host.kind {
                HostKind::Edited => Treatment::Edited,
                HostKind::Reported => Treatment::Reported,
                HostKind::Document => Treatment::Document,
            },
        };
        Self { version: VERSION, command: "rewrite-list", kinds: rewrite_hosts().iter().map(row).collect() }
    }
}
