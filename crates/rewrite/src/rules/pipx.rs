//! pipx.

use crate::context::{Context, distribution};
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{Call, left, project, unknown_option, written};
use crate::options::Options;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pipx",
    summary: "`pipx install` becomes `uv tool install`, `pipx run` becomes `uvx`",
    programs: &["pipx"],
    apply,
};

/// Programs that uv takes the place of.
const REPLACED: [&str; 8] = ["poetry", "pipenv", "pdm", "rye", "pip-tools", "virtualenv", "pipx", "uv"];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &[]) else { return Verdict::NotMine };
    let on_uv = project(scope, context, None).is_some();
    match call.name.as_str() {
        "install" => install(&call, on_uv),
        "run" => run(&call),
        "inject" => inject(&call, on_uv),
        "upgrade" => plain(&call, "uv tool upgrade"),
        "upgrade-all" => Verdict::safe("uv tool upgrade --all", "every tool, as pipx does"),
        "uninstall" => plain(&call, "uv tool uninstall"),
        "uninstall-all" => Verdict::safe("uv tool uninstall --all", "every tool, as pipx does"),
        "list" => left("uv prints its tools in another form", "uv tool list"),
        "ensurepath" => {
            Verdict::safe("uv tool update-shell", "the folder of the tools, in the settings of the shell")
        }
        name => Verdict::left(format!("uv has nothing for `pipx {name}`")),
    }
}

fn install(call: &Call<'_>, on_uv: bool) -> Verdict {
    let flags = ["-f", "--force", "-e", "--editable", "-q", "--quiet", "-v", "--verbose"];
    let options =
        call.options(&flags, &["--python", "-i", "--index-url", "--pip-args", "--spec", "--suffix"]);
    if let Some(word) = options.unknown {
        return unknown_option("pipx", call.script, word);
    }
    if options.has(&["--pip-args", "--suffix", "--spec"]) {
        return Verdict::left("uv takes no arguments of pip and no other names for a tool");
    }
    let mut kept = Vec::new();
    for word in &options.positional {
        let name = word.literal().map(|text| distribution(&text)).unwrap_or_default();
        let is_plugin = name.starts_with("poetry-") || name.starts_with("pdm-");
        if !(on_uv && (REPLACED.contains(&name.as_str()) || is_plugin)) {
            kept.push((name, word.raw(call.script)));
        }
    }
    if kept.is_empty() && !options.positional.is_empty() {
        return Verdict::safe("", "uv does what it was installed for");
    }
    let options = shared(&options);
    let commands = kept.iter().map(|(name, raw)| {
        let with = if name == "tox" && on_uv { " --with tox-uv" } else { "" };
        format!("uv tool install{options} {raw}{with}")
    });
    Verdict::safe(
        commands.collect::<Vec<_>>().join(" && "),
        "each tool in an environment of its own, as pipx does",
    )
}

fn shared(options: &Options<'_>) -> String {
    let mut words = String::new();
    for (names, flag) in [
        (["-f", "--force"], " --force"),
        (["-e", "--editable"], " --editable"),
        (["-q", "--quiet"], " --quiet"),
    ] {
        if options.has(&names) {
            words.push_str(flag);
        }
    }
    for (names, flag) in [(["--python", "--python"], "--python"), (["-i", "--index-url"], "--index-url")] {
        for value in options.values(&names) {
            words.push(' ');
            words.push_str(flag);
            words.push(' ');
            words.push_str(value.raw);
        }
    }
    words
}

/// `pipx run --spec PACKAGE PROGRAM ...`: its own options come before the program.
fn run(call: &Call<'_>) -> Verdict {
    let mut words = call.args;
    let mut new = "uvx".to_owned();
    while let Some((first, rest)) = words.split_first() {
        let raw = first.raw(call.script);
        let (name, value) = raw.split_once('=').map_or((raw, None), |(name, value)| (name, Some(value)));
        let flag = match name {
            "--spec" => "--from",
            "--python" => "--python",
            "-q" | "--quiet" | "-v" | "--verbose" => {
                words = rest;
                continue;
            }
            "--no-cache" => {
                new.push_str(" --no-cache");
                words = rest;
                continue;
            }
            raw if raw.starts_with('-') => return unknown_option("pipx", call.script, first),
            _ => break,
        };
        let (value, rest) = match (value, rest.split_first()) {
            (Some(value), _) => (value, rest),
            (None, Some((value, rest))) => (value.raw(call.script), rest),
            (None, None) => return Verdict::left("an option has no value"),
        };
        for word in [flag, value] {
            new.push(' ');
            new.push_str(word);
        }
        words = rest;
    }
    let Some(program) = words.first() else { return Verdict::left("pipx runs nothing here") };
    let name = program.literal().map(|text| distribution(&text)).unwrap_or_default();
    if ["uvx", "uvx --from build"].contains(&new.as_str()) && name == "build" {
        return super::build::of(call.script, words.get(1..).unwrap_or_default());
    }
    if REPLACED.contains(&name.as_str()) {
        return Verdict::left(format!(
            "uvshift reads commands of {name} only where they stand by themselves"
        ));
    }
    if program.raw(call.script).contains("://") {
        return Verdict::left("it runs a script from the web");
    }
    new.push(' ');
    new.push_str(written(call.script, words));
    Verdict::safe(new, "the tool in an environment of its own, as pipx does")
}

/// `pipx inject TOOL PACKAGE...`: a tool of uv is installed with all that it needs at once.
fn inject(call: &Call<'_>, on_uv: bool) -> Verdict {
    let options = call.options(&["-q", "--quiet", "-f", "--force"], &[]);
    if let Some(word) = options.unknown {
        return unknown_option("pipx", call.script, word);
    }
    let mut words = options.positional.iter();
    let Some(tool) = words.next() else { return Verdict::left("pipx injects nothing here") };
    let name = tool.literal().map(|text| distribution(&text)).unwrap_or_default();
    if on_uv && REPLACED.contains(&name.as_str()) {
        return Verdict::safe("", "uv does what it was installed for");
    }
    let with: Vec<String> = words.map(|word| format!("--with {}", word.raw(call.script))).collect();
    Verdict::safe(
        format!("uv tool install {} {}", tool.raw(call.script), with.join(" ")),
        "the tool with these packages; what was added to it before is to be named again",
    )
}

fn plain(call: &Call<'_>, new: &str) -> Verdict {
    let options = call.options(&["-q", "--quiet", "-v", "--verbose", "--include-injected"], &[]);
    if let Some(word) = options.unknown {
        return unknown_option("pipx", call.script, word);
    }
    let names: Vec<&str> = options.positional.iter().map(|word| word.raw(call.script)).collect();
    Verdict::safe(format!("{new} {}", names.join(" ")), "the same for the tools of uv")
}
