//! rye, which uv took the place of.

use crate::context::{Context, UvProject};
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{
    self, Call, Change, Install, Lock, Table, is_read, left, named_group, no_project, project, run,
    unknown_option,
};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "rye",
    summary: "commands of rye become those of uv that it was made into",
    programs: &["rye"],
    apply,
};

const FLAGS: [&str; 4] = ["-v", "--verbose", "-q", "--quiet"];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &[]) else {
        return Verdict::left("uvshift does not know which command of rye this is");
    };
    match call.name.as_str() {
        "self" => return Verdict::safe("", "it changes rye itself, which is not needed any more"),
        "config" => return Verdict::safe("", "it says how rye works, and uv has its own ways"),
        "install" => return tool(&call, "uv tool install"),
        "uninstall" => return tool(&call, "uv tool uninstall"),
        "fetch" => return fetch(&call),
        "pin" => return pin(&call),
        _ => {}
    }
    let Some(project) = project(scope, context, None) else { return no_project("rye") };
    match call.name.as_str() {
        "sync" => sync(&call, scope, project),
        "lock" => lock(&call),
        "run" => run("rye", call.script, call.args, scope, (context, project)),
        "add" => add(&call),
        "remove" => remove(&call, project),
        "build" => build(&call),
        "publish" => left("credentials and the index are given to uv in another way", "uv publish"),
        "list" if !is_read(invocation) => {
            Verdict::safe("uv pip list", "the same packages, printed in another form")
        }
        "test" => {
            left("rye tests each project of the workspace with the pytest of the project", "uv run pytest")
        }
        "fmt" | "format" => left("rye brings a ruff of its own", "uvx ruff format"),
        "lint" | "check" => left("rye brings a ruff of its own", "uvx ruff check"),
        "init" => left("it makes a new project of rye", "uv init"),
        name => Verdict::left(format!("uv has nothing for `rye {name}` here")),
    }
}

fn sync(call: &Call<'_>, scope: &mut Scope, project: &UvProject) -> Verdict {
    let options = call.options(
        &[&FLAGS[..], &["--no-lock", "--no-dev", "-f", "--force", "--all-features", "--update-all"]].concat(),
        &["--features", "--update"],
    );
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let mut request = Install::of(project.default_selection());
    if options.has(&["--no-dev"]) {
        request.selection.groups.clear();
    }
    if options.has(&["--no-lock"]) {
        request.lock = Lock::Frozen;
    }
    if options.has(&["--all-features"]) {
        request.selection.extras.extend(project.extras.iter().cloned());
    }
    for value in options.values(&["--features"]) {
        match manager::lists(&[value]) {
            Err(raw) => request.unknown("--extra", &raw),
            Ok(names) => {
                for name in names {
                    let Some(extra) = named_group(&project.extras, &name) else {
                        return Verdict::left(format!("the project has no extra `{name}`"));
                    };
                    request.selection.extras.insert(extra.to_owned());
                }
            }
        }
    }
    if options.has(&["--update-all"]) {
        request.lock = Lock::Renewed;
        request.flag("--upgrade");
    }
    for value in options.values(&["--update"]) {
        request.lock = Lock::Renewed;
        request.flag(format!("--upgrade-package {}", value.raw));
    }
    request.verdict("rye", scope, project)
}

fn lock(call: &Call<'_>) -> Verdict {
    let options = call.options(
        &[
            &FLAGS[..],
            &["--update-all", "--all-features", "--with-sources", "--generate-hashes", "--universal"],
        ]
        .concat(),
        &["--update", "--features"],
    );
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let mut words = vec!["uv lock".to_owned()];
    if options.has(&["--update-all"]) {
        words.push("--upgrade".to_owned());
    }
    words
        .extend(options.values(&["--update"]).iter().map(|value| format!("--upgrade-package {}", value.raw)));
    Verdict::safe(words.join(" "), "for every group, extra and platform, as uv always locks")
}

fn add(call: &Call<'_>) -> Verdict {
    let options = call
        .options(&[&FLAGS[..], &["-d", "--dev", "--sync", "--no-sync", "--pre"]].concat(), &["--optional"]);
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let mut change = Change::default();
    if options.has(&["-d", "--dev"]) {
        change.table = Table::Group("dev".to_owned());
    }
    if let Some(extra) = options.values(&["--optional"]).last() {
        change.table = Table::Extra(extra.raw.to_owned());
    }
    if options.has(&["--no-sync"]) {
        change.flags.push("--no-sync".to_owned());
    }
    if options.has(&["--pre"]) {
        change.flags.push("--prerelease allow".to_owned());
    }
    change.packages = options.positional.iter().map(|word| word.raw(call.script).to_owned()).collect();
    manager::add("rye", &change)
}

fn remove(call: &Call<'_>, project: &UvProject) -> Verdict {
    let options =
        call.options(&[&FLAGS[..], &["-d", "--dev", "--sync", "--no-sync"]].concat(), &["--optional"]);
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let packages = options.positional.iter().map(|word| word.raw(call.script).to_owned()).collect();
    let mut change = Change { packages, ..Change::default() };
    if options.has(&["-d", "--dev"]) {
        change.table = Table::Group("dev".to_owned());
    }
    manager::remove("rye", &change, project)
}

fn build(call: &Call<'_>) -> Verdict {
    let options = call.options(
        &[&FLAGS[..], &["--sdist", "--wheel", "-c", "--clean", "-a", "--all"]].concat(),
        &["-o", "--out", "-p", "--package"],
    );
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let mut words = vec!["uv build".to_owned()];
    for (names, flag) in [
        (["--sdist", "--sdist"], "--sdist"),
        (["--wheel", "--wheel"], "--wheel"),
        (["-c", "--clean"], "--clear"),
        (["-a", "--all"], "--all-packages"),
    ] {
        if options.has(&names) {
            words.push(flag.to_owned());
        }
    }
    words.extend(options.values(&["-o", "--out"]).iter().map(|value| format!("--out-dir {}", value.raw)));
    words.extend(options.values(&["-p", "--package"]).iter().map(|value| format!("--package {}", value.raw)));
    Verdict::safe(words.join(" "), "the same build backend, called by uv")
}

fn tool(call: &Call<'_>, new: &str) -> Verdict {
    let options = call.options(&[&FLAGS[..], &["-f", "--force"]].concat(), &["-p", "--python"]);
    if let Some(word) = options.unknown {
        return unknown_option("rye", call.script, word);
    }
    let mut words = vec![new.to_owned()];
    if options.has(&["-f", "--force"]) && new.ends_with(" install") {
        words.push("--force".to_owned());
    }
    words.extend(options.values(&["-p", "--python"]).iter().map(|value| format!("--python {}", value.raw)));
    words.extend(options.positional.iter().map(|word| word.raw(call.script).to_owned()));
    Verdict::safe(words.join(" "), "the tool in an environment of its own, as rye does")
}

fn fetch(call: &Call<'_>) -> Verdict {
    let options = call.options(&[&FLAGS[..], &["-f", "--force"]].concat(), &[]);
    let python = options.positional.first().map(|word| word.raw(call.script)).unwrap_or_default();
    Verdict::safe(format!("uv python install {python}").trim(), "the Python of the project, or this one")
}

fn pin(call: &Call<'_>) -> Verdict {
    let options = call.options(&[&FLAGS[..], &["--relaxed", "--no-update-requires-python"]].concat(), &[]);
    match options.positional.first() {
        Some(python) => Verdict::safe(
            format!("uv python pin {}", python.raw(call.script)),
            "the Python of the project, in `.python-version`",
        ),
        None => Verdict::left("rye pins nothing here"),
    }
}
