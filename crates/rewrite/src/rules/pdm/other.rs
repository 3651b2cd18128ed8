//! What PDM does beside installing and running.

use super::Pdm;
use super::install::{VALUES as GROUPS, selection};
use crate::manager::{self, Call, Change, Table, is_read, left, named_group};
use crate::rules::Verdict;
use crate::shell::Word;

/// `pdm config`: what says how PDM works goes with it.
pub(super) fn config(call: &Call<'_>) -> Verdict {
    let options = call.options(&["-l", "--local", "-d", "--delete", "-e", "--edit"], &[]);
    let words: Vec<&Word> = options.positional;
    let key = words.first().and_then(|word| word.literal()).unwrap_or_default();
    let value = words.get(1).map(|word| word.raw(call.script)).unwrap_or_default();
    if key.starts_with("repository.") {
        return left(
            "uv reads its indexes from pyproject.toml and credentials from its environment",
            "an index with a `publish-url` in [[tool.uv.index]], UV_PUBLISH_TOKEN",
        );
    }
    if key.starts_with("pypi.") && key != "pypi.verify_ssl" {
        return left(
            "uv reads its index from pyproject.toml or its environment",
            format!("UV_DEFAULT_INDEX={value}"),
        );
    }
    Verdict::safe("", "it says how PDM works, and uv has its own ways")
}

/// `pdm lock` takes the newest versions unless it is told to reuse them.
pub(super) fn lock(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags =
        ["--refresh", "--check", "--update-reuse", "--no-default", "-d", "--dev", "--prod", "--production"];
    let options = pdm.options(&flags, &[&["-S", "--strategy"][..], &GROUPS[..]].concat());
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    if options.has(&["--check"]) {
        return Verdict::safe("uv lock --check", "whether the lock fits pyproject.toml");
    }
    let mut reason = "for every group and platform, as uv always locks".to_owned();
    if options.has(&["--refresh", "--update-reuse"]) {
        reason.push_str("; uv keeps the versions that are locked, too");
        return Verdict::safe("uv lock", reason);
    }
    reason.push_str("; PDM takes the newest versions whenever it locks");
    Verdict::safe("uv lock --upgrade", reason)
}

pub(super) fn add(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags = [
        "-d",
        "--dev",
        "--no-sync",
        "--frozen-lockfile",
        "--no-lock",
        "--pre",
        "--prerelease",
        "--no-self",
        "--save-exact",
        "--save-minimum",
        "--save-compatible",
        "--save-wildcard",
        "--save-safe-compatible",
        "--update-reuse",
        "--update-eager",
        "--update-all",
        "-u",
        "--unconstrained",
    ];
    let options = pdm.options(&flags, &["-G", "--group", "-e", "--editable"]);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let script = pdm.call.script;
    let mut change =
        Change { table: table(pdm, options.has(&["-d", "--dev"]), &options), ..Change::default() };
    change.packages = options.positional.iter().map(|word| word.raw(script).to_owned()).collect();
    let editable = options.values(&["-e", "--editable"]);
    if !editable.is_empty() {
        change.flags.push("--editable".to_owned());
        change.review |= !change.packages.is_empty();
        change.packages.extend(editable.iter().map(|value| value.raw.to_owned()));
    }
    for (names, flag) in [
        (["--no-sync", "--no-sync"], "--no-sync"),
        (["--frozen-lockfile", "--no-lock"], "--frozen"),
        (["--pre", "--prerelease"], "--prerelease allow"),
        (["--save-exact", "--save-exact"], "--bounds exact"),
        (["--save-compatible", "--save-compatible"], "--bounds major"),
    ] {
        if options.has(&names) {
            change.flags.push(flag.to_owned());
        }
    }
    manager::add("PDM", &change)
}

/// `-d` alone is the group `dev`; `-G` alone is an extra, with `-d` it is a group. A group that is known is one.
fn table(pdm: &Pdm<'_, '_>, dev: bool, options: &crate::options::Options<'_>) -> Table {
    match options.values(&["-G", "--group"]).last() {
        Some(group) => {
            let name = group.literal().unwrap_or_default();
            let is_group = dev || named_group(&pdm.project.groups, &name).is_some();
            if name == "default" {
                Table::Main
            } else if is_group {
                Table::Group(group.raw.to_owned())
            } else {
                Table::Extra(group.raw.to_owned())
            }
        }
        None if dev => Table::Group("dev".to_owned()),
        None => Table::Main,
    }
}

pub(super) fn remove(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags = ["-d", "--dev", "--no-sync", "--frozen-lockfile", "--no-lock", "--no-self"];
    let options = pdm.options(&flags, &["-G", "--group"]);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let packages = options.positional.iter().map(|word| word.raw(pdm.call.script).to_owned()).collect();
    let mut change =
        Change { table: table(pdm, options.has(&["-d", "--dev"]), &options), packages, ..Change::default() };
    if options.has(&["--no-sync"]) {
        change.flags.push("--no-sync".to_owned());
    }
    manager::remove("PDM", &change, pdm.project)
}

pub(super) fn build(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags = ["--no-sdist", "--no-wheel", "--no-clean"];
    let options = pdm.options(&flags, &["-d", "--dest"]);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let mut words = vec!["uv build".to_owned()];
    words.extend(pdm.directory.iter().map(|directory| format!("--directory {directory}")));
    if options.has(&["--no-sdist"]) {
        words.push("--wheel".to_owned());
    }
    if options.has(&["--no-wheel"]) {
        words.push("--sdist".to_owned());
    }
    words.extend(options.values(&["-d", "--dest"]).iter().map(|value| format!("--out-dir {}", value.raw)));
    let settings = options.values(&["-C", "--config-setting"]);
    words.extend(settings.iter().map(|value| format!("--config-setting {}", value.raw)));
    if options.has(&["--no-isolation"]) {
        words.push("--no-build-isolation".to_owned());
    }
    if !options.has(&["--no-clean"]) {
        words.push("--clear".to_owned());
    }
    Verdict::safe(words.join(" "), "the same build backend, called by uv")
}

/// `pdm publish` builds first.
pub(super) fn publish(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags = ["--no-build", "--skip-existing"];
    let values = ["-r", "--repository", "-u", "--username", "-P", "--password", "-d", "--dest"];
    let options = pdm.options(&flags, &values);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let mut words = vec!["uv publish".to_owned()];
    let mut reason =
        "PDM_PUBLISH_USERNAME, PDM_PUBLISH_PASSWORD and PDM_PUBLISH_REPO are UV_PUBLISH_USERNAME, \
                      UV_PUBLISH_PASSWORD and UV_PUBLISH_URL for uv"
            .to_owned();
    for (names, flag) in [(["-u", "--username"], "--username"), (["-P", "--password"], "--password")] {
        words.extend(options.values(&names).iter().map(|value| format!("{flag} {}", value.raw)));
    }
    if let Some(index) = options.values(&["-r", "--repository"]).last() {
        let flag = if index.raw.contains("://") { "--publish-url" } else { "--index" };
        words.push(format!("{flag} {}", index.raw));
        if flag == "--index" {
            reason.push_str("; the index needs a `publish-url` in [[tool.uv.index]]");
        }
    }
    if options.has(&["--skip-existing"]) {
        reason.push_str("; files that are there already need `--check-url` to be skipped");
    }
    if let Some(folder) = options.values(&["-d", "--dest"]).last() {
        words.push(format!("{}/*", folder.raw.trim_end_matches('/')));
    }
    let publish = words.join(" ");
    let new = if options.has(&["--no-build"]) { publish } else { format!("uv build --clear && {publish}") };
    Verdict::review(new, reason)
}

pub(super) fn export(pdm: &Pdm<'_, '_>) -> Verdict {
    let flags = [
        "--no-hashes",
        "--without-hashes",
        "--no-default",
        "-d",
        "--dev",
        "--prod",
        "--production",
        "--self",
        "--editable-self",
        "--no-markers",
        "--no-extras",
        "--pyproject",
        "--expandvars",
    ];
    let values = [&GROUPS[..], &["-o", "--output", "-f", "--format", "-L", "--lockfile"]].concat();
    let options = pdm.options(&flags, &values);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    let other = [
        "--self",
        "--editable-self",
        "--no-markers",
        "--no-extras",
        "--pyproject",
        "--expandvars",
        "-L",
        "--lockfile",
    ];
    if options.has(&other) {
        return Verdict::left("uv writes the lock without the project itself, with markers and extras");
    }
    let format = options.values(&["-f", "--format"]).last().and_then(|value| value.literal());
    if format.as_deref().is_some_and(|format| format != "requirements") {
        return left("it writes another format", "uv export --format pylock.toml");
    }
    let selection = match selection(&options, pdm.project) {
        Ok((selection, unknown)) if unknown.is_empty() => selection,
        Ok(_) => return Verdict::left("which groups it takes is only known when the script runs"),
        Err(verdict) => return verdict,
    };
    let mut flags = Vec::new();
    if options.has(&["--no-hashes", "--without-hashes"]) {
        flags.push("--no-hashes".to_owned());
    }
    flags.extend(options.values(&["-o", "--output"]).iter().map(|value| format!("-o {}", value.raw)));
    manager::export("PDM", pdm.project, &selection, &flags)
}

pub(super) fn list(pdm: &Pdm<'_, '_>) -> Verdict {
    let options = pdm.options(&["--tree", "--graph", "-r", "--reverse", "--freeze"], &[]);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    if options.has(&["--freeze"]) {
        return Verdict::safe("uv pip freeze", "what is installed, in the form of pip");
    }
    let new = match (options.has(&["--tree", "--graph"]), options.has(&["-r", "--reverse"])) {
        (true, true) => "uv tree --invert",
        (true, false) => "uv tree",
        (false, _) => "uv pip list",
    };
    if is_read(pdm.invocation) {
        return left("something reads what it prints, and uv prints it in another form", new);
    }
    Verdict::safe(new, "the same packages, printed in another form")
}

/// `pdm use`: the Python of the project.
pub(super) fn pin(pdm: &Pdm<'_, '_>) -> Verdict {
    let options = pdm.options(&["-f", "--first", "-i", "--ignore-remembered"], &[]);
    if let Some(verdict) = pdm.unknown(&options) {
        return verdict;
    }
    match options.positional.first() {
        Some(python) => Verdict::review(
            format!("uv python pin {}", python.raw(pdm.call.script)),
            "the Python of the project from here on, which uv writes into `.python-version`",
        ),
        None => Verdict::left("it asks which Python to take"),
    }
}

/// `pdm venv create 3.12`
pub(super) fn venv(pdm: &Pdm<'_, '_>) -> Verdict {
    let options = pdm.options(&["-f", "--force", "--with-pip"], &["-n", "--name", "-w", "--with"]);
    let mut words = options.positional.iter().map(|word| word.raw(pdm.call.script));
    match (words.next(), words.next()) {
        (Some("create"), python) if options.unknown.is_none() && !options.has(&["-n", "--name"]) => {
            let python = python.map(|python| format!(" --python {python}")).unwrap_or_default();
            Verdict::review(format!("uv venv{python}"), "an empty environment in `.venv`")
        }
        (Some("activate"), _) => left("it prints what is to be evaluated", ". .venv/bin/activate"),
        _ => Verdict::left("uv has one environment for a project, in `.venv`"),
    }
}
