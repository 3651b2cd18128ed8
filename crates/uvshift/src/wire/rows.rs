//! What the libraries give, as rows of the JSON.

use uvshift_diagnostics::Diagnostic;
use uvshift_migrate::{
    LockReport, PinReport, PinState, PinSummary, Plan, Project, ProjectWheel, WheelReport,
};
use uvshift_project::{Fate, Ledger, Outcome, Role, SourceFile};

use super::words::Word;
use super::{
    Change, ChangeKind, File, FileRole, GroupLimited, GroupsApart, Kept, LedgerEntry, LedgerOutcome,
    LeftAlone, Lock, OldFate, OldFile, Pin, PinFate, Pins, PythonRaised, Reference, Secret, Unheld, Verified,
    WheelState, WireDiagnostic, WireDifference, WireLedger, WireWheel,
};

/// Every project of the run, with its paths told from the root.
fn rows<'a, T: 'a, R>(
    plan: &'a Plan,
    list: impl Fn(&'a Project) -> &'a [T],
    row: impl Fn(String, &'a T) -> R,
    path: impl Fn(&'a T) -> &'a str,
) -> Vec<R> {
    let mut found = Vec::new();
    for project in &plan.projects {
        for item in list(project) {
            let place = match project.folder.as_str() {
                "" => path(item).to_owned(),
                folder => format!("{folder}/{}", path(item)),
            };
            found.push(row(place, item));
        }
    }
    found
}

/// The requirements files.
pub(super) fn files(plan: &Plan) -> Vec<File> {
    let row = |path: String, file: &SourceFile| {
        let (role, group, compiled_from) = match &file.role {
            Role::Main => (FileRole::Main, None, None),
            Role::Group(name) => (FileRole::Group, Some(name.clone()), None),
            Role::Constraints => (FileRole::Constraints, None, None),
            Role::Compiled { source, scope } => {
                (FileRole::Compiled, scope.group().map(str::to_owned), Some(source.clone()))
            }
            Role::LeftAlone => (FileRole::LeftAlone, None, None),
        };
        File { path, role, group, compiled_from, why: file.why.clone() }
    };
    rows(plan, |project| &project.layout.files, row, |file| &file.path)
}

/// Files that are named like requirements files and are not read.
pub(super) fn left_alone(plan: &Plan) -> Vec<LeftAlone> {
    let row = |path, left: &uvshift_project::LeftAlone| LeftAlone { path, why: left.why.clone() };
    rows(plan, |project| &project.layout.left_alone, row, |left| &left.path)
}

/// The files of other tools.
pub(super) fn old_files(plan: &Plan) -> Vec<OldFile> {
    let row = |path, file: &uvshift_project::OldFile| OldFile {
        path,
        what: file.what.clone(),
        fate: match &file.fate {
            Fate::Remove | Fate::RemoveOr(_) => OldFate::Remove,
            Fate::Edit(_) => OldFate::Edit,
            Fate::Keep(_) => OldFate::Keep,
        },
    };
    rows(plan, |project| &project.old_files, row, |file| &file.path)
}

/// What the sources other than requirements files are called, each once.
pub(super) fn sources(plan: &Plan) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for name in plan.projects.iter().flat_map(|project| &project.sources) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

/// The folders of the projects below the root.
pub(super) fn members(plan: &Plan) -> Vec<String> {
    let folders = plan.projects.iter().map(|project| project.folder.clone());
    folders.filter(|folder| !folder.is_empty()).collect()
}

pub(super) fn ledger(ledger: &Ledger) -> WireLedger {
    let entry = |entry: &uvshift_project::Entry| {
        let (outcome, to, why, advice) = match &entry.outcome {
            Outcome::Carried { to } => (LedgerOutcome::Carried, Some(to), None, None),
            Outcome::Changed { to, why } => (LedgerOutcome::Changed, Some(to), Some(why), None),
            Outcome::Dropped { why } => (LedgerOutcome::Dropped, None, Some(why), None),
            Outcome::Refused { why, advice } => (LedgerOutcome::Refused, None, Some(why), Some(advice)),
        };
        LedgerEntry {
            file: entry.from.file.clone(),
            line: entry.from.line,
            text: entry.text.clone(),
            outcome,
            to: to.cloned(),
            why: why.cloned(),
            advice: advice.cloned(),
        }
    };
    let counts = ledger.counts();
    WireLedger {
        carried: counts.carried,
        changed: counts.changed,
        dropped: counts.dropped,
        refused: counts.refused,
        entries: ledger.entries().iter().map(entry).collect(),
    }
}

pub(super) fn diagnostic(found: &Diagnostic) -> WireDiagnostic {
    WireDiagnostic {
        code: found.code.id(),
        name: found.code.name(),
        severity: Word(found.severity),
        message: found.message.clone(),
        file: found.file.clone(),
        line: found.line,
        pip: found.pip.clone(),
        uv: found.uv.clone(),
        help: found.help.clone(),
    }
}

pub(super) fn change(change: &uvshift_changeset::Change) -> Change {
    use uvshift_changeset::Change as Planned;
    let kind = match change {
        Planned::Create { .. } => ChangeKind::Create,
        Planned::Edit { .. } => ChangeKind::Edit,
        Planned::Delete { .. } => ChangeKind::Delete,
        _ => ChangeKind::Other,
    };
    Change { path: change.path().as_str().to_owned(), kind }
}

pub(super) fn kept(plan: &Plan) -> Vec<Kept> {
    let reference = |found: &uvshift_tree::references::Reference| Reference {
        file: found.file.clone(),
        line: found.line,
        text: uvshift_project::redacted(&found.text),
    };
    plan.kept
        .iter()
        .map(|kept| Kept {
            path: kept.path.clone(),
            why: kept.why.clone(),
            references: kept.references.iter().map(reference).collect(),
        })
        .collect()
}

pub(super) fn secrets(plan: &Plan) -> Vec<Secret> {
    let secret = |secret: &uvshift_project::SecretVariable| Secret {
        variable: secret.name.clone(),
        value: secret.value.clone(),
        file: secret.from.file.clone(),
        line: secret.from.line,
    };
    plan.secrets().map(secret).collect()
}

pub(super) fn lock(report: &LockReport) -> Lock {
    let unheld = |unheld: &uvshift_migrate::UnheldPin| Unheld {
        name: unheld.pin.name.clone(),
        version: unheld.pin.version.clone(),
        why: unheld.why.clone(),
    };
    let limited = |found: &uvshift_migrate::GroupLimit| GroupLimited {
        group: found.group.clone(),
        requires_python: found.limit.clone(),
        why: found.why.clone(),
    };
    Lock {
        packages: report.packages,
        pinned: report.pinned,
        unheld: report.unheld.iter().map(unheld).collect(),
        python_raised: report.python.as_ref().map(|raise| PythonRaised {
            from: raise.from.clone(),
            to: raise.to.clone(),
            why: raise.why.clone(),
        }),
        groups_limited: report.groups.iter().map(limited).collect(),
        groups_apart: report
            .apart
            .iter()
            .map(|found| GroupsApart { groups: found.groups.clone(), why: found.why.clone() })
            .collect(),
    }
}

pub(super) fn pins(reports: &[PinReport]) -> Pins {
    let entry = |report: &PinReport| {
        let (state, locked, why) = match &report.state {
            PinState::Kept => (PinFate::Kept, Vec::new(), None),
            PinState::Drifted { locked, why } => (PinFate::Drifted, locked.clone(), Some(why.clone())),
            PinState::Absent { why } => (PinFate::Absent, Vec::new(), Some(why.clone())),
        };
        let (name, version) = (report.pin.name.clone(), report.pin.version.clone());
        let (file, line) = (report.pin.from.file.clone(), report.pin.from.line);
        Pin { name, version, state, locked, why, file, line }
    };
    let summary = PinSummary::of(reports);
    Pins {
        kept: summary.kept,
        drifted: summary.drifted,
        absent: summary.absent,
        entries: reports.iter().map(entry).collect(),
    }
}

pub(super) fn verified(checked: &uvshift_migrate::Checked) -> Verified {
    Verified {
        requirements: checked.requirements,
        constraints: checked.constraints,
        settings: checked.settings,
        hashes: checked.hashes,
        differences: checked.differences.iter().map(difference).collect(),
    }
}

pub(super) fn wheel(wheel: &ProjectWheel) -> WireWheel {
    let (state, files, accepted, why) = match &wheel.report {
        WheelReport::Same { files, accepted } => {
            (WheelState::Same, Some(*files), accepted.iter().map(ToString::to_string).collect(), None)
        }
        WheelReport::NotBuilt { why } => (WheelState::NotBuilt, None, Vec::new(), Some(why.clone())),
        WheelReport::NotAsked { why } => (WheelState::NotAsked, None, Vec::new(), Some(why.clone())),
    };
    WireWheel { folder: wheel.folder.clone(), state, files, accepted, why }
}

pub(super) fn difference(found: &uvshift_migrate::Difference) -> WireDifference {
    WireDifference { place: found.place.clone(), what: found.what.clone() }
}
