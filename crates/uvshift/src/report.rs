//! What people read: the layout, the ledger, the result.

use std::fmt::Write as _;
use std::path::Path;

use uvshift_migrate::{
    Checked, Done, GroupLimit, GroupsApart, LockReport, Nothing, PinReport, PinState, PinSummary, Plan,
    Project, ProjectWheel, WheelReport,
};
use uvshift_project::{Counts, Entry, Fate, Outcome, Role};

use crate::paint::Paint;

mod deps;
mod generate;
pub(crate) mod graph;
mod inventory;
mod rewrite;
mod tools;
pub(crate) mod venv;

pub(crate) use deps::{deps, fix, fixed, imports};
pub(crate) use generate::{generated, generation, nothing_generated, template_begun, templates};
pub(crate) use inventory::inventory;
pub(crate) use rewrite::{hosts, no_rewrite, rewrite, rewritten};
pub(crate) use tools::{tools, tools_done};

/// Which files play which part, what Python, what becomes of the lines.
pub(crate) fn plan(plan: &Plan, paint: Paint, verbose: bool) -> String {
    let mut text = layout(plan, paint);
    let choice = plan.python();
    let python = choice.requires_python.as_deref().unwrap_or("not known");
    let because =
        if choice.because.is_empty() { String::new() } else { format!("  ({})", choice.because.join(", ")) };
    // Writing into a string cannot fail.
    let _ = writeln!(text, "\n{}  {python}{}", paint.bold("Python"), paint.dim(&because));
    let _ = writeln!(text, "{}   {}", paint.bold("Lines"), counts(plan.ledger.counts(), paint));
    for entry in plan.ledger.entries() {
        if verbose || !matches!(entry.outcome, Outcome::Carried { .. }) {
            text.push_str(&ledger_line(entry, paint));
        }
    }
    text.push_str(&old_files(plan, paint));
    text
}

fn layout(plan: &Plan, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.bold("Files"));
    let rows: Vec<_> = plan.projects.iter().flat_map(layout_rows).collect();
    let width = |column: fn(&Row<'_>) -> usize| rows.iter().map(column).max().unwrap_or(0);
    let (first, second) = (width(|row| row.0.chars().count()), width(|row| row.1.chars().count()));
    for (path, role, why) in &rows {
        let _ = writeln!(text, "  {path:<first$}  {role:<second$}  {}", paint.dim(why));
    }
    text
}

/// A file, its part, and why.
type Row<'a> = (String, String, &'a str);

fn layout_rows(project: &Project) -> Vec<Row<'_>> {
    let at = |path: &str| {
        if project.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", project.folder) }
    };
    let others = project.old_files.iter().map(|file| {
        let fate = match &file.fate {
            Fate::Remove | Fate::RemoveOr(_) => "goes, as pyproject.toml and uv.lock hold it",
            Fate::Edit(_) => "what pyproject.toml holds now is taken out",
            Fate::Keep(why) => why,
        };
        (at(&file.path), file.what.clone(), fate)
    });
    let in_tables = project.ledger.entries().iter().any(|entry| entry.from.file == "pyproject.toml");
    let tables = (in_tables && !project.sources.is_empty()).then(|| {
        let what = project.sources.join(", ");
        (at("pyproject.toml"), what, "its tables become [project], groups and [tool.uv]")
    });
    let files = project.layout.files.iter().map(|file| {
        let role = match &file.role {
            Role::Main => "project.dependencies".to_owned(),
            Role::Group(name) => format!("group {name}"),
            Role::Constraints => "constraints".to_owned(),
            Role::Compiled { .. } => "pins for uv.lock".to_owned(),
            Role::LeftAlone => "left alone".to_owned(),
        };
        (at(&file.path), role, file.why.as_str())
    });
    let left = project
        .layout
        .left_alone
        .iter()
        .map(|left| (at(&left.path), "left alone".to_owned(), left.why.as_str()));
    tables.into_iter().chain(others).chain(files).chain(left).collect()
}

fn counts(counts: Counts, paint: Paint) -> String {
    let Counts { carried, changed, dropped, refused } = counts;
    let mut parts = vec![paint.green(&format!("{carried} carried"))];
    let more = [(changed, "changed"), (dropped, "dropped")];
    parts.extend(
        more.iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| paint.yellow(&format!("{count} {word}"))),
    );
    if refused > 0 {
        parts.push(paint.red(&format!("{refused} refused")));
    }
    parts.join(", ")
}

fn ledger_line(entry: &Entry, paint: Paint) -> String {
    let Entry { from, text, outcome } = entry;
    let word = format!("{:<7}", outcome.as_str());
    let (word, rest) = match outcome {
        Outcome::Carried { to } => (paint.green(&word), format!("-> {to}")),
        Outcome::Changed { to, why } => (paint.yellow(&word), format!("-> {to}; {why}")),
        Outcome::Dropped { why } => (paint.yellow(&word), why.clone()),
        Outcome::Refused { why, advice } => {
            (paint.red(&word), format!("{why}\n           {} {advice}", paint.cyan("help:")))
        }
    };
    format!("  {word}  {from}  {text}\n           {}\n", paint.dim(&rest))
}

fn old_files(plan: &Plan, paint: Paint) -> String {
    let mut text = String::new();
    if !plan.removed.is_empty() {
        let _ = writeln!(text, "{}  {}", paint.bold("Removed"), plan.removed.join(", "));
    }
    for kept in &plan.kept {
        let _ = writeln!(text, "{}     {}  {}", paint.bold("Kept"), kept.path, paint.dim(&kept.why));
        for reference in kept.references.iter().take(3) {
            let line = uvshift_project::redacted(&reference.text);
            let _ = writeln!(text, "           {}:{}  {}", reference.file, reference.line, paint.dim(&line));
        }
        if kept.references.len() > 3 {
            let _ = writeln!(text, "           and {} more", kept.references.len() - 3);
        }
    }
    text
}

/// What was done, at a glance, and how to undo it.
pub(crate) fn done(plan: &Plan, done: &Done, path: &str, paint: Paint, verbose: bool) -> String {
    let mut text = format!("{}\n", verdict(plan, paint));
    let _ = writeln!(text, "  lines     {}", counts(plan.ledger.counts(), paint));
    let _ = writeln!(text, "  verified  {}", checked(&done.checked));
    match &done.lock {
        Some(lock) => text.push_str(&lock_lines(lock, &done.pins, paint, verbose)),
        None => text.push_str("  lock      not made\n"),
    }
    text.push_str(&wheel_lines(&done.wheels, paint, verbose));
    for secret in plan.secrets() {
        let _ = writeln!(
            text,
            "  set       {}={}  {}",
            secret.name,
            secret.value,
            paint.dim(&secret.from.to_string())
        );
    }
    let _ = writeln!(text, "  changed   {}", done.changed.join(", "));
    let commands = plan.rewrite.as_ref().map(rewrite::outcome);
    if let Some(counts) = commands.as_ref().and_then(|outcome| outcome.counts(paint)) {
        let _ = writeln!(text, "  commands  {counts}");
    }
    let offered = commands.is_some_and(|outcome| outcome.offered > 0);
    let lock = done.lock.is_none().then_some("uv lock");
    let review = offered.then_some("uvshift rewrite --review");
    text.push_str(&next_steps(lock, review, path));
    text
}

/// What to type now: `uv sync`, and what comes before and after it where there is such a thing.
fn next_steps(before: Option<&str>, after: Option<&str>, path: &str) -> String {
    let (place, project) = match path {
        "." => (String::new(), String::new()),
        _ => (format!(" {path}"), format!(" --project {path}")),
    };
    let of_uv = before.into_iter().chain(["uv sync"]).map(|step| format!("{step}{project}"));
    let steps: Vec<String> = of_uv.chain(after.map(|step| format!("{step}{place}"))).collect();
    format!("\nNext:  {}\nUndo:  uvshift rollback{place}\n", steps.join("\n       "))
}

/// The one sentence that everybody reads: nothing was lost, or what was left out.
fn verdict(plan: &Plan, paint: Paint) -> String {
    let refused = plan.ledger.counts().refused > 0;
    let unread = plan.unread().join(", ");
    let except = match (refused, unread.is_empty()) {
        (false, true) => return paint.green("Migrated to uv; nothing was lost."),
        (true, true) => "the refused lines, which stay in their files".to_owned(),
        (false, false) => format!("commands in what could not be read: {unread}"),
        (true, false) => {
            format!(
                "the refused lines, which stay in their files, and commands in what could not be read: {unread}"
            )
        }
    };
    paint.yellow(&format!("Migrated to uv, except for {except}."))
}

/// What came of the wheels. That nothing was to be built is worth a word only where there is a package.
fn wheel_lines(wheels: &[ProjectWheel], paint: Paint, verbose: bool) -> String {
    let mut text = String::new();
    for ProjectWheel { folder, report } in wheels {
        let place = if folder.is_empty() { String::new() } else { format!(" of {folder}") };
        let _ = match report {
            WheelReport::Same { files, accepted } => {
                let _ = writeln!(
                    text,
                    "  wheel     {} and all metadata{place} are the same before and after",
                    plural(*files, "file")
                );
                accepted
                    .iter()
                    .filter(|_| verbose)
                    .try_for_each(|found| writeln!(text, "            {}", paint.dim(&found.to_string())))
            }
            WheelReport::NotBuilt { why } => {
                let why = why.lines().last().unwrap_or_default();
                writeln!(
                    text,
                    "  wheel     {}  {}",
                    paint.yellow("not compared"),
                    paint.dim(&format!("it did not build before: {why}"))
                )
            }
            WheelReport::NotAsked { why } if why.contains("code of the project") => {
                writeln!(
                    text,
                    "  wheel     {}  {}",
                    paint.yellow("not compared"),
                    paint.dim(&format!("{why}; `--run-build` allows it"))
                )
            }
            WheelReport::NotAsked { .. } => Ok(()),
        };
    }
    text
}

fn lock_lines(lock: &LockReport, pins: &[PinReport], paint: Paint, verbose: bool) -> String {
    let mut text =
        format!("  lock      uv.lock, {}, accepted by `uv lock --check`\n", plural(lock.packages, "package"));
    if let Some(raise) = &lock.python {
        let _ =
            writeln!(text, "  python    {} instead of {}  {}", raise.to, raise.from, paint.dim(&raise.why));
    }
    for GroupLimit { group, limit, why } in &lock.groups {
        let what = group.as_ref().map_or_else(|| "the lock".to_owned(), |group| format!("the group {group}"));
        let _ = writeln!(text, "  python    {limit} for {what}  {}", paint.dim(why));
    }
    for GroupsApart { groups: [first, second], why } in &lock.apart {
        let _ = writeln!(text, "  groups    {first} and {second} not together  {}", paint.dim(why));
    }
    text.push_str(&pin_lines(pins, paint, verbose));
    text
}

/// How many pins held, and what became of the others.
pub(crate) fn pin_lines(pins: &[PinReport], paint: Paint, verbose: bool) -> String {
    if pins.is_empty() {
        return String::new();
    }
    let PinSummary { kept, drifted, absent } = PinSummary::of(pins);
    let mut text = format!("  pins      {kept} kept, {drifted} drifted, {absent} absent\n");
    for report in pins {
        let pin = format!("{}=={}", report.pin.name, report.pin.version);
        let _ = match &report.state {
            PinState::Kept if verbose => writeln!(text, "            kept     {pin}"),
            PinState::Kept => Ok(()),
            PinState::Drifted { locked, why } => {
                writeln!(
                    text,
                    "            {}  {pin} is {}  {}",
                    paint.yellow("drifted"),
                    locked.join(" and "),
                    paint.dim(why)
                )
            }
            PinState::Absent { why } => {
                writeln!(text, "            {}   {pin}  {}", paint.yellow("absent"), paint.dim(why))
            }
        };
    }
    text
}

/// What was compared.
pub(crate) fn checked(checked: &Checked) -> String {
    let Checked { requirements, constraints, settings, hashes, .. } = checked;
    let mut parts = vec![plural(*requirements, "requirement")];
    let more = [(*constraints, "constraint"), (*settings, "setting"), (*hashes, "set of hashes")];
    parts.extend(more.iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(*count, word)));
    format!("{} read back and compared by meaning", parts.join(", "))
}

/// `1 package`, `2 packages`.
pub(crate) fn plural(count: usize, what: &str) -> String {
    match (count, what.split_once(' ')) {
        (1, _) => format!("1 {what}"),
        (_, Some((first, rest))) => format!("{count} {first}s {rest}"),
        (_, None) => format!("{count} {what}s"),
    }
}

/// Why nothing is to be done.
pub(crate) fn nothing(nothing: &Nothing, command: &str, above: Option<&Path>) -> String {
    match nothing {
        Nothing::AlreadyUv { evidence, requirements } if requirements.is_empty() => {
            format!(
                "The project is on uv already: {evidence}.\nNext:  `uvshift rewrite --dry-run` shows what CI, containers and scripts still do with pip\n"
            )
        }
        Nothing::AlreadyUv { evidence, requirements } => {
            let files = requirements.join(", ");
            format!(
                "The project is on uv already: {evidence}.\nRequirements files that are still here: {files}\n\
                 Next:  `uvshift rewrite --dry-run` shows what CI, containers and scripts still do with pip\n"
            )
        }
        Nothing::OnlyProject => {
            "Nothing to migrate: pyproject.toml says all, and uv reads it as it is.\nNext:  uv sync\n"
                .to_owned()
        }
        Nothing::NoSources { below } => {
            let next = match above.filter(|_| below.is_empty()) {
                Some(above) => project_above(command, above),
                None => elsewhere(below),
            };
            format!("Nothing to migrate: nothing here says what the project depends on.\n{next}")
        }
    }
}

/// That the project is elsewhere.
pub(crate) fn project_above(command: &str, above: &Path) -> String {
    format!("A folder above has a project:  uvshift {command} {}\n", above.display())
}

/// Where there is something to migrate.
fn elsewhere(below: &[String]) -> String {
    let shown = below.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = below.len().saturating_sub(5);
    match below {
        [] => "Next:  `uvshift migrate --from-venv DIR` takes what an environment has, `uv init` begins a project\n".to_owned(),
        [only] => format!("Next:  uvshift migrate {only}\n"),
        _ => {
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!(
                "Projects below: {shown}{more}\nNext:  name one, or `--separate` for each with a lock of its own, `--workspace` for one lock\n"
            )
        }
    }
}
