//! Two snapshots compared: what an environment was, and what it is now.

mod files;
mod model;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use model::{Compared, Comparison, Difference, DifferenceKind, Weight};
use uvshift_installed::{Form, Origin, is_seed};

use crate::recreate::{base, finish, programs};
use crate::{Package, ScriptKind, Snapshot};

/// How `after` differs from `before`. Files are looked at, nothing is run.
///
/// What is compared of files are the hashes that `RECORD` has of them, in both environments, where the trees are still there.
/// Left out are bytecode, programs (their first line names the environment), and `RECORD`, `INSTALLER`, `REQUESTED`,
/// `direct_url.json`, which the installer writes. Where a wheel is not pure, or of a tool that every environment is given (which
/// distributors change), or for the other metadata, which a newer build backend may write in another way, a difference is a note.
pub fn compare(before: &Snapshot, after: &Snapshot) -> Comparison {
    let mut found = Comparison::default();
    environments(before, after, &mut found);
    for package in &before.packages {
        match after.find(&package.name) {
            None => {
                found.add(Weight::Breaks, Some(package), DifferenceKind::Distribution, &package.version, "");
            }
            Some(now) => {
                found.compared.distributions += 1;
                packages((before, package), (after, now), &mut found);
            }
        }
    }
    for package in after.packages.iter().filter(|package| before.find(&package.name).is_none()) {
        found.add(Weight::Breaks, Some(package), DifferenceKind::Distribution, "", &package.version);
    }
    found.differences.sort_by_key(|difference| difference.weight);
    found
}

impl Comparison {
    fn add(
        &mut self,
        weight: Weight,
        package: Option<&Package>,
        kind: DifferenceKind,
        before: &str,
        after: &str,
    ) {
        self.differences.push(Difference {
            weight,
            package: package.map(|package| package.name.clone()),
            kind,
            before: before.to_owned(),
            after: after.to_owned(),
        });
    }
}

fn environments(before: &Snapshot, after: &Snapshot, found: &mut Comparison) {
    let version = |snapshot: &Snapshot| snapshot.python.version.clone().unwrap_or_default();
    let (old, new) = (version(before), version(after));
    // `3.11` is all that some tools write down.
    if old != new && !new.starts_with(&format!("{old}.")) {
        let same_minor = base::minor(&old) == base::minor(&new);
        let weight = if same_minor { Weight::Note } else { Weight::Breaks };
        found.add(weight, None, DifferenceKind::Python, &old, &new);
    }
    if before.system_site_packages != after.system_site_packages {
        let [old, new] = [before, after].map(|snapshot| snapshot.system_site_packages.to_string());
        found.add(Weight::Breaks, None, DifferenceKind::SystemSitePackages, &old, &new);
    }
    let (old, new) = (prompt(before), prompt(after));
    if old != new {
        found.add(Weight::Note, None, DifferenceKind::Prompt, &old, &new);
    }
}

/// The prompt, which without being set is the name of the folder.
pub(crate) fn prompt(snapshot: &Snapshot) -> String {
    let name = || snapshot.root.file_name().map(|name| name.to_string_lossy().into_owned());
    snapshot.prompt.clone().or_else(name).unwrap_or_default()
}

type Side<'a> = (&'a Snapshot, &'a Package);

fn packages(before: Side<'_>, after: Side<'_>, found: &mut Comparison) {
    let (old, new) = (before.1, after.1);
    if old.version != new.version {
        let weight = if same_version(&old.version, &new.version) { Weight::Note } else { Weight::Breaks };
        found.add(weight, Some(old), DifferenceKind::Version, &old.version, &new.version);
    }
    if !finish::is_same(&old.origin, &new.origin) {
        let (was, is) = (origin(&old.origin), origin(&new.origin));
        found.add(Weight::Breaks, Some(old), DifferenceKind::Origin, &was, &is);
    }
    if old.form != new.form {
        found.add(Weight::Note, Some(old), DifferenceKind::Form, form(old.form), form(new.form));
    }
    scripts(before, after, found);
    if !old.origin.is_editable() {
        modules(before, after, found);
        files::compare(before, after, found);
    }
}

/// `1.0-1` is `1.0.post1`.
fn same_version(left: &str, right: &str) -> bool {
    let version = |text: &str| text.trim().parse::<pep440_rs::Version>().ok();
    matches!((version(left), version(right)), (Some(left), Some(right)) if left == right)
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Index => "an index".to_owned(),
        Origin::Vcs { url, commit, .. } => format!("{url} at {commit}"),
        Origin::Archive { url, hashes, .. } => {
            let hash = hashes.first().map(|hash| format!(" with {hash}")).unwrap_or_default();
            format!("{url}{hash}")
        }
        Origin::Directory { path, editable, .. } => {
            format!("{}{}", if *editable { "editable " } else { "" }, path.display())
        }
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::DistInfo => ".dist-info",
        Form::EggInfo => ".egg-info",
        Form::EggLink => ".egg-link",
    }
}

/// Programs that were there have to be there, and the system has to run them.
fn scripts(before: Side<'_>, after: Side<'_>, found: &mut Comparison) {
    let (old_folder, new_folder) = (programs(&before.0.root), programs(&after.0.root));
    let mut known: BTreeSet<String> = BTreeSet::new();
    for script in &before.1.scripts {
        // A tree that is gone tells nothing; then what its metadata promised counts.
        if old_folder.is_dir() && program(&old_folder, &script.name).is_none() {
            continue;
        }
        found.compared.scripts += 1;
        let name = renamed(&script.name, before.0, after.0);
        match program(&new_folder, &name) {
            Some(path) if is_executable(&path) => {}
            Some(_) => {
                found.add(Weight::Breaks, Some(before.1), DifferenceKind::Script, &name, "not executable");
            }
            None => {
                // virtualenv gives pip more names than pip itself does: `pip-3.11`.
                let is_extra = script.kind == ScriptKind::File && is_seed(&before.1.normalized_name);
                let weight = if is_extra { Weight::Note } else { Weight::Breaks };
                found.add(weight, Some(before.1), DifferenceKind::Script, &name, "");
            }
        }
        known.insert(name);
    }
    for script in after.1.scripts.iter().filter(|script| !known.contains(&script.name)) {
        if program(&new_folder, &script.name).is_some() {
            found.add(Weight::Note, Some(before.1), DifferenceKind::Script, "", &script.name);
        }
    }
}

/// `pip3.11` is `pip3.12` with another Python.
fn renamed(name: &str, before: &Snapshot, after: &Snapshot) -> String {
    let minor = |snapshot: &Snapshot| base::minor(snapshot.python.version.as_deref()?);
    let (Some(old), Some(new)) = (minor(before), minor(after)) else { return name.to_owned() };
    match name.strip_suffix(&old) {
        Some(stem) if !stem.ends_with(|end: char| end.is_ascii_digit() || end == '.') => {
            format!("{stem}{new}")
        }
        _ => name.to_owned(),
    }
}

fn program(folder: &Path, name: &str) -> Option<PathBuf> {
    let candidates = [name.to_owned(), format!("{name}.exe"), format!("{name}-script.py")];
    candidates.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    // Windows knows a program by its ending.
    true
}

/// Modules that were there have to be there.
fn modules(before: Side<'_>, after: Side<'_>, found: &mut Comparison) {
    let has_tree = before.0.site_packages.iter().any(|folder| folder.is_dir());
    for name in &before.1.top_level {
        if has_tree && !has_module(before.0, name) {
            continue;
        }
        found.compared.modules += 1;
        if !has_module(after.0, name) {
            found.add(Weight::Breaks, Some(before.1), DifferenceKind::Module, name, "");
        }
    }
}

/// Whether a folder of packages has a folder, a file or an extension module of this name. `name` may have folders in it.
fn has_module(snapshot: &Snapshot, name: &str) -> bool {
    let plain = !name.is_empty() && !name.contains("..") && !name.starts_with('/');
    plain
        && snapshot.site_packages.iter().any(|folder| {
            folder.join(name).is_dir()
                || folder.join(format!("{name}.py")).is_file()
                || has_extension(folder, name)
        })
}

/// `name.cpython-311-x86_64-linux-gnu.so`, `name.abi3.so`, `name.pyd`, `name.pyc`
fn has_extension(folder: &Path, name: &str) -> bool {
    let prefix = format!("{name}.");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|file| {
        let file = file.to_string_lossy();
        let ending = file.rsplit('.').next().unwrap_or_default();
        file.starts_with(&prefix) && matches!(ending, "so" | "pyd" | "pyc")
    })
}

#[cfg(test)]
mod tests;
