//! What would be done.

use std::collections::BTreeMap;
use std::path::Path;

use uvshift_installed::ProblemKind;

use super::{LocalFiles, Migrate, MigrateError, OldEnvironment, Plan, place};
use crate::recreate::{self, Task};
use crate::{Indexes, LocalKind, Made, PythonChoice, Recreate, Snapshot, local_changes};

/// What would be done, without running anything.
pub(super) fn plan(asked: &Migrate<'_>, place: &Path) -> Result<Plan, MigrateError> {
    let snapshot = place::snapshot(place)?;
    let wanted = recreate::wanted(&snapshot, asked.python).map_err(MigrateError::Recreate)?;
    let local = local_changes(&snapshot)?;
    let (tasks, refusals) = recreate::tasks(&snapshot, asked.allow);
    let undecided = asked.local == LocalFiles::Stop && local.iter().any(crate::LocalChange::needs_decision);
    let notes = notes(asked, &snapshot, &local);
    Ok(Plan {
        python: wanted.request.to_string_lossy().into_owned(),
        steps: steps(asked, &snapshot, place)?,
        needs_decision: undecided || !refusals.is_empty(),
        packages: tasks.iter().map(made).collect(),
        refusals,
        local,
        notes,
        snapshot,
    })
}

fn made(task: &Task) -> Made {
    Made { name: task.name.clone(), version: task.version.clone(), way: task.way }
}

fn steps(asked: &Migrate<'_>, snapshot: &Snapshot, place: &Path) -> Result<Vec<String>, MigrateError> {
    let request = request(asked, snapshot, place);
    let wanted = recreate::wanted(snapshot, asked.python).map_err(MigrateError::Recreate)?;
    let python = recreate::python_of(place);
    let venv = recreate::venv_command(&request, &wanted);
    let install = recreate::install_command(&request, &python, Path::new("REQUIREMENTS"));
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let mut steps = vec![
        format!("make the environment beside `{name}`, to see that all goes well, and compare it"),
        format!("move `{name}` aside"),
        venv.to_string(),
        install.to_string(),
    ];
    if asked.local == LocalFiles::Carry {
        steps.push("copy what no package brought".to_owned());
    }
    steps.push("compare it with the old one, and put the old one back if they differ".to_owned());
    steps.push(match asked.old {
        OldEnvironment::Remove => "remove the old one".to_owned(),
        OldEnvironment::Keep => format!("keep the old one as `{name}.uvshift-old-...`"),
    });
    Ok(steps)
}

/// The request for the environment at its place.
pub(super) fn request<'a>(asked: &Migrate<'a>, snapshot: &'a Snapshot, at: &'a Path) -> Recreate<'a> {
    Recreate {
        snapshot,
        at,
        python: asked.python,
        uv: asked.uv,
        indexes: asked.indexes,
        allow: asked.allow,
        old_tree: None,
        first: &[],
    }
}

fn notes(asked: &Migrate<'_>, snapshot: &Snapshot, local: &[crate::LocalChange]) -> Vec<String> {
    let mut notes: Vec<String> = place::users(&snapshot.root)
        .into_iter()
        .map(|(id, program)| {
            format!("process {id} runs from it (`{program}`); it goes on with the old files")
        })
        .collect();
    for problem in &snapshot.problems {
        let told = match &problem.kind {
            ProblemKind::Duplicate(_) | ProblemKind::Leftover => format!("{problem}; it is not made again"),
            _ => problem.to_string(),
        };
        notes.push(told);
    }
    let mut deleted: BTreeMap<&str, usize> = BTreeMap::new();
    for change in local {
        if let LocalKind::Deleted { package } = &change.kind {
            *deleted.entry(package.as_str()).or_default() += 1;
        }
    }
    for (package, count) in deleted {
        let files = if count == 1 { "a file".to_owned() } else { format!("{count} files") };
        notes.push(format!("{files} of {package} that somebody removed will be there again"));
    }
    if *asked.python != PythonChoice::Same {
        notes.push("with another Python, compiled packages are other files".to_owned());
    }
    if asked.indexes == &Indexes::default() {
        notes.push("packages come from the indexes that uv itself is set to".to_owned());
    }
    notes
}
