//! What people read of environments.

use std::fmt::Write as _;
use std::path::Path;
use std::time::SystemTime;

use uvshift_depgraph::draw::size;
use uvshift_installed::{Kind, Origin};
use uvshift_venv::{
    ArchiveContents, ArchiveKind, BackupReport, Difference, DifferenceKind, Found, Listing, LocalChange,
    LocalKind, Made, Migrated, Package, Plan, Refusal, RestoreReport, RestoreWay, Snapshot, Way, Weight,
};

use super::plural;
use crate::paint::Paint;

/// What an environment has: its Python, then a row a package.
pub(crate) fn snapshot(snapshot: &Snapshot, paint: Paint, verbose: bool) -> String {
    let mut text = header(snapshot, paint);
    let width = snapshot.packages.iter().map(|package| package.name.chars().count()).max().unwrap_or(0);
    let versions = snapshot.packages.iter().map(|package| package.version.chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "\n{}", paint.bold(&plural(snapshot.packages.len(), "package")));
    for package in &snapshot.packages {
        let from = origin(package);
        let line =
            format!("  {:<width$}  {:<versions$}  {}", package.name, package.version, paint.dim(&from));
        let _ = writeln!(text, "{}", line.trim_end());
        if verbose {
            text.push_str(&more(package, paint));
        }
    }
    let others = snapshot.conda_packages.iter().filter(|package| package.distributions.is_empty()).count();
    if others > 0 {
        let _ = writeln!(text, "and {} of conda that are no Python packages", plural(others, "package"));
    }
    text
}

fn header(snapshot: &Snapshot, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.bold(&snapshot.root.display().to_string()));
    let mut row = |name: &str, what: &str| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {name:<12}{what}");
    };
    let python = &snapshot.python;
    let version = python.version.as_deref().unwrap_or("of an unknown version");
    let implementation = python.implementation.as_deref().unwrap_or("Python");
    let base = match &python.base {
        Some(base) => format!("  {}", paint.dim(&format!("({})", base.display()))),
        None => format!("  {}", paint.red("its Python is gone")),
    };
    row("Python", &format!("{implementation} {version}{base}"));
    row(
        "Made by",
        snapshot.created_by.as_deref().unwrap_or(match snapshot.kind {
            Kind::Virtual => "venv",
            Kind::Conda => "conda",
            Kind::Python => "nobody: it is a Python itself",
        }),
    );
    if let Some(prompt) = &snapshot.prompt {
        row("Prompt", prompt);
    }
    if snapshot.system_site_packages {
        row("Visible", "the packages of its base Python, too; they are not listed");
    }
    text
}

/// Where a package came from, where that is not just an index.
fn origin(package: &Package) -> String {
    let mut text = match &package.origin {
        Origin::Index => package.index.clone().unwrap_or_default(),
        Origin::Vcs { vcs, url, commit, .. } => {
            let vcs = vcs.map_or("vcs", |vcs| vcs.as_str());
            format!("{vcs}+{url}@{}", commit.get(..12).unwrap_or(commit))
        }
        Origin::Archive { url, .. } => url.clone(),
        Origin::Directory { path, editable: true, checkout } => match checkout {
            Some(checkout) => {
                let commit = checkout.commit.get(..12).unwrap_or(&checkout.commit);
                format!("editable {}, of {}@{commit}", path.display(), checkout.url)
            }
            None => format!("editable {}", path.display()),
        },
        Origin::Directory { path, .. } => path.display().to_string(),
    };
    if let Some(installer) =
        package.installer.as_deref().filter(|installer| !matches!(*installer, "pip" | "uv"))
    {
        let _ = write!(text, "{}by {installer}", if text.is_empty() { "" } else { ", " });
    }
    text
}

fn more(package: &Package, paint: Paint) -> String {
    let mut text = String::new();
    let mut list = |name: &str, words: Vec<&str>| {
        if !words.is_empty() {
            let _ = writeln!(text, "      {} {}", paint.dim(name), words.join(", "));
        }
    };
    list("needs", package.requires.iter().map(String::as_str).collect());
    list("programs", package.scripts.iter().map(|script| script.name.as_str()).collect());
    list("modules", package.top_level.iter().map(String::as_str).collect());
    text
}

/// A row an environment.
pub(crate) fn listing(listing: &Listing, paint: Paint) -> String {
    if listing.found.is_empty() {
        return "There is no environment.\n".to_owned();
    }
    let rows: Vec<[String; 6]> = listing.found.iter().map(row).collect();
    let head = ["", "environment", "Python", "packages", "changed", "where"].map(str::to_owned);
    let mut width = [0; 6];
    for row in std::iter::once(&head).chain(&rows) {
        for (width, cell) in width.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(width).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut text = format!("{}\n", paint.dim(&line(&head)));
    for (found, row) in listing.found.iter().zip(&rows) {
        let shown = line(row);
        let _ = writeln!(text, "{}", if found.active { paint.bold(&shown) } else { shown });
        if let Some(broken) = &found.broken {
            let _ = writeln!(text, "   {} {broken}", paint.red("broken:"));
        }
    }
    text
}

fn row(found: &Found) -> [String; 6] {
    let packages = match found.size {
        Some(bytes) => format!("{}, {}", found.packages, size(bytes)),
        None => found.packages.to_string(),
    };
    let place = match &found.project {
        Some(project) => format!("{} of {}", found.place.as_str(), project.display()),
        None => found.place.as_str().to_owned(),
    };
    [
        if found.active { "*".to_owned() } else { String::new() },
        found.path.display().to_string(),
        found.python.clone().unwrap_or_else(|| "?".to_owned()),
        packages,
        found.modified.map(day).unwrap_or_default(),
        place,
    ]
}

/// The day in UTC.
fn day(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    uvshift_migrate::inventory::Day::of_unix(seconds).to_string()
}

/// What would be done.
pub(crate) fn plan(plan: &Plan, paint: Paint, verbose: bool) -> String {
    let mut text = header(&plan.snapshot, paint);
    let same = plan.snapshot.python.base.as_deref().is_some_and(|base| base == Path::new(&plan.python));
    let _ = writeln!(text, "  {:<12}{}", "Afterwards", if same { "the same Python" } else { &plan.python });
    let _ = writeln!(text, "\n{}  {}", paint.bold("Packages"), ways(&plan.packages));
    for made in plan.packages.iter().filter(|made| verbose || made.way != Way::Index) {
        let _ = writeln!(text, "  {} {}  {}", made.name, made.version, paint.dim(way(made.way)));
    }
    if !plan.local.is_empty() {
        let _ =
            writeln!(text, "\n{}", paint.bold("Files that no package brought, or that were changed by hand"));
        text.push_str(&local(&plan.local, verbose));
        if plan.needs_decision {
            let help =
                "take them along with `--local-files carry`, or give them up with `--local-files drop`";
            let _ = writeln!(text, "  {} {help}", paint.cyan("help:"));
        }
    }
    text.push_str(&refusals(&plan.refusals, paint));
    if verbose {
        let _ = writeln!(text, "\n{}", paint.bold("Steps"));
        for step in &plan.steps {
            let _ = writeln!(text, "  {step}");
        }
    }
    for note in &plan.notes {
        let _ = writeln!(text, "{} {note}", paint.yellow("note:"));
    }
    text.push('\n');
    text
}

/// How many packages go which way.
fn ways(packages: &[Made]) -> String {
    const ALL: [Way; 7] =
        [Way::Index, Way::Vcs, Way::Archive, Way::Directory, Way::Editable, Way::Carried, Way::LeftOut];
    let count = |wanted: Way| packages.iter().filter(|made| made.way == wanted).count();
    let parts: Vec<String> = ALL
        .iter()
        .map(|way_of| (count(*way_of), way(*way_of)))
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Index => "from an index",
        Way::Vcs => "from a repository",
        Way::Archive => "from a file",
        Way::Directory => "from a folder",
        Way::Editable => "editable",
        Way::Carried => "copied from the old environment",
        Way::LeftOut => "left out",
        _ => "in another way",
    }
}

fn local(changes: &[LocalChange], verbose: bool) -> String {
    const SHOWN: usize = 12;
    let shown = if verbose { changes.len() } else { SHOWN };
    let mut text = String::new();
    for change in changes.iter().take(shown) {
        let what = match &change.kind {
            LocalKind::Patched { package } => format!("changed by hand; it belongs to {package}"),
            LocalKind::Deleted { package } => format!("deleted; it belonged to {package}"),
            LocalKind::Loose => "no package brought it".to_owned(),
            LocalKind::Source { package } => format!("the source of {package}, which is taken along"),
            LocalKind::Activation => "activates the environment, with lines of somebody's own".to_owned(),
            LocalKind::Leftover => "left by an interrupted installation; Python does not use it".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(text, "  {}  {what}", change.path.display());
    }
    if changes.len() > shown {
        let _ = writeln!(text, "  ... and {} more, with `--verbose`", changes.len() - shown);
    }
    text
}

/// Packages that cannot be had just as they were, and what would help.
pub(crate) fn refusals(refusals: &[Refusal], paint: Paint) -> String {
    let mut text = String::new();
    for refusal in refusals {
        let _ = writeln!(text, "{} {refusal}", paint.yellow("cannot be had:"));
        for line in refusal.reason.lines() {
            let _ = writeln!(text, "    {}", paint.dim(line));
        }
        for offer in &refusal.offers {
            let _ = writeln!(text, "    {} {}", paint.cyan("help:"), offer.flag(&refusal.name));
        }
    }
    text
}

/// What was done.
pub(crate) fn migrated(done: &Migrated, environment: &Path, paint: Paint) -> String {
    let is_same = done.comparison.differences.iter().all(|found| found.kind != DifferenceKind::Python);
    let how = if is_same { "is the same" } else { "has the same packages, for another Python" };
    let mut text =
        format!("{}\n", paint.green(&format!("The environment was made anew with uv, and {how}.")));
    let compared = done.comparison.compared;
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(text, "  {name:<10}{what}");
    };
    row("packages", &ways(&done.packages));
    row(
        "compared",
        &format!(
            "{}, {}, {}, {}",
            plural(compared.distributions, "package"),
            plural(compared.files, "file"),
            plural(compared.scripts, "program"),
            plural(compared.modules, "module")
        ),
    );
    row("size", &format!("{} before, {} now", size(done.size.before), size(done.size.after)));
    row(
        "time",
        &format!(
            "{:.1} s; for {:.1} s there was no environment",
            done.took.as_secs_f64(),
            done.away.as_secs_f64()
        ),
    );
    for path in &done.carried {
        row("carried", &path.display().to_string());
    }
    for path in &done.dropped {
        row("given up", &path.display().to_string());
    }
    if let Some(kept) = &done.kept {
        row("old one", &kept.display().to_string());
    }
    text.push_str(&differences(&done.comparison.differences, paint));
    for note in &done.notes {
        let _ = writeln!(text, "{} {note}", paint.yellow("note:"));
    }
    let _ = writeln!(text, "\nLook at it:  uvshift venv snapshot {}", environment.display());
    text
}

/// An archive that was written.
pub(crate) fn backup(done: &BackupReport, environment: &Path, paint: Paint) -> String {
    let kind = match done.kind {
        ArchiveKind::Light => "what is needed to make it anew",
        ArchiveKind::Full => "every file of it",
    };
    let mut text = format!("{} {}\n", paint.green("Backed up and verified:"), done.archive.display());
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(text, "  {name:<10}{what}");
    };
    row("holds", &format!("{kind}; {}, {} members", plural(done.packages, "package"), done.members));
    row("size", &format!("{}, of {}", size(done.size), size(done.content_size)));
    row("SHA-256", &done.sha256);
    for name in &done.covered {
        row("covered", &format!("{name}: its secrets are not in the archive"));
    }
    for left in &done.left_out {
        row("left out", &format!("{}: {}", left.path.display(), left.kind));
    }
    let _ = writeln!(text, "\nRestore it:  uvshift venv restore {}", done.archive.display());
    if done.kind == ArchiveKind::Light {
        let _ = writeln!(
            text,
            "{}",
            paint.dim(&format!("With every file:  uvshift venv backup --full {}", environment.display()))
        );
    }
    text
}

/// What an archive holds, and what would become of it.
pub(crate) fn contents(
    contents: &ArchiveContents,
    at: &Path,
    way: RestoreWay,
    paint: Paint,
    verbose: bool,
) -> String {
    let kind = match contents.kind {
        ArchiveKind::Light => "what is needed to make it anew",
        ArchiveKind::Full => "every file",
    };
    let mut text = format!("{}\n", paint.bold(&format!("Archive of {}", contents.root.display())));
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(text, "  {name:<10}{what}");
    };
    let python = contents.snapshot.python.version.as_deref().unwrap_or("of an unknown version");
    row("made", &format!("{} by uvshift {}", contents.created, contents.uvshift));
    row(
        "holds",
        &format!("{kind}; {}, Python {python}", plural(contents.snapshot.packages.len(), "package")),
    );
    row("SHA-256", &contents.sha256);
    let how = match way {
        RestoreWay::Files => "with its own files",
        RestoreWay::Rebuild => "made anew with uv",
    };
    row("goes to", &format!("{}, {how}", at.display()));
    if way == RestoreWay::Rebuild {
        for package in contents.builds() {
            row("builds", &format!("{package}: it is built again, which runs its code"));
        }
    }
    for name in &contents.covered {
        row("covered", &format!("{name}: its secrets are not in the archive"));
    }
    if verbose {
        let _ = writeln!(text, "\n{}", contents.freeze.trim_end());
    }
    text.push('\n');
    text
}

/// What was restored.
pub(crate) fn restored(done: &RestoreReport, paint: Paint) -> String {
    let mut text = format!("{} {}\n", paint.green("Restored and verified:"), done.at.display());
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(text, "  {name:<10}{what}");
    };
    let files = match done.way {
        RestoreWay::Files => format!(", {} files, folders and links", done.files),
        RestoreWay::Rebuild => ", made anew with uv".to_owned(),
    };
    row("holds", &format!("{}{files}", plural(done.snapshot.packages.len(), "package")));
    for (path, target) in &done.dangling {
        row("dangling", &format!("{} leads to {target}, which is not there", path.display()));
    }
    for path in &done.without_bits {
        row("changed", &format!("{}: it does not run as another user any more", path.display()));
    }
    if let Some(kept) = &done.kept {
        row("old one", &format!("{}: it could not be removed", kept.display()));
    }
    for note in &done.notes {
        let _ = writeln!(text, "{} {note}", paint.yellow("note:"));
    }
    text
}

/// Differences, the weighty ones first.
pub(crate) fn differences(differences: &[Difference], paint: Paint) -> String {
    let mut text = String::new();
    for difference in differences {
        let label = match difference.weight {
            Weight::Breaks => paint.red("differs:"),
            Weight::Note => paint.dim("differs a little:"),
        };
        let _ = writeln!(text, "  {label} {difference}");
    }
    text
}
