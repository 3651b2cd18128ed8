//! `pip-compile`: `uv lock` for what became a part of pyproject.toml, else `uv pip compile`.

use std::fmt::Write as _;

use crate::context::Context;
use crate::engine::Scope;
use crate::install::args::{Item, items, render};
use crate::install::plain::is_foreign;
use crate::install::project::with_doubts;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-compile",
    summary: "`pip-compile` becomes `uv lock` for what is in pyproject.toml now, else `uv pip compile`",
    programs: &["pip-compile", "piptools"],
    apply,
};

/// uv takes them as they are.
const SAME: &[&str] = &[
    "-U",
    "--upgrade",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--strip-extras",
    "--no-strip-extras",
    "--all-extras",
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "--emit-index-url",
    "--emit-find-links",
    "--pre",
    "--no-build-isolation",
    "--no-index",
];

/// They are what uv does anyway.
const GONE: &[&str] = &[
    "--header",
    "--annotate",
    "--allow-unsafe",
    "--no-allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-options",
    "--no-emit-find-links",
    "--build-isolation",
    "--no-reuse-hashes",
    "--no-config",
    "--reuse-hashes",
    "--emit-options",
    "--emit-trusted-host",
];

/// uv has nothing like them.
const REFUSED: &[&str] = &[
    "-n",
    "--dry-run",
    "--rebuild",
    "--ask",
    "-r",
    "--only-build-deps",
    "--all-build-deps",
    "-h",
    "--help",
    "--version",
];

const SAME_VALUES: &[&str] = &[
    "-o",
    "--output-file",
    "-P",
    "--upgrade-package",
    "--annotation-style",
    "--extra",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--trusted-host",
    "--cert",
    "--cache-dir",
];

const GONE_VALUES: &[&str] = &["--resolver", "--max-rounds", "--newline", "--unsafe-package"];

const REFUSED_VALUES: &[&str] =
    &["--pip-args", "--client-cert", "--config", "--build-deps-for", "--src-file"];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let is_module = invocation.program == "piptools";
    if is_module && invocation.subcommand().as_deref() != Some("compile") {
        return Verdict::NotMine;
    }
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    let flags = [SAME, GONE, REFUSED].concat();
    let values = [SAME_VALUES, GONE_VALUES, REFUSED_VALUES].concat();
    let mut all = match items(invocation.script, invocation.args, &flags, &values) {
        Ok(all) => all,
        Err(word) => {
            return Verdict::left(format!("uv pip compile has no `{}`", word.raw(invocation.script)));
        }
    };
    if is_module {
        let at = all.iter().position(|item| item.name.is_empty() && item.raw == "compile");
        at.map(|at| all.remove(at));
    }
    let refused = [REFUSED, REFUSED_VALUES].concat();
    if let Some(item) = all.iter().find(|item| refused.contains(&item.name.as_str())) {
        return Verdict::left(format!("uv pip compile has no `{}`", item.name));
    }
    scope.has_uv = true;
    let sources: Vec<&Item<'_>> = all.iter().filter(|item| item.name.is_empty()).collect();
    let output = all.iter().rfind(|item| item.is(&["-o", "--output-file"]));
    if let Some(verdict) = locks(&all, &sources, output, scope, context) {
        return verdict;
    }
    compiles(invocation, &all, &sources, output)
}

/// `uv lock`, when a source or the output is a part of pyproject.toml now.
fn locks(
    all: &[Item<'_>],
    sources: &[&Item<'_>],
    output: Option<&Item<'_>>,
    scope: &Scope,
    context: &Context,
) -> Option<Verdict> {
    let folder = scope.folder.as_deref().unwrap_or_default();
    context.project(folder)?;
    let named: Vec<String> = sources.iter().copied().chain(output).filter_map(Item::text).collect();
    let compiled = named.iter().filter_map(|name| name.strip_suffix(".in")).map(|stem| format!("{stem}.txt"));
    let is_project = |name: &str| {
        context.became(folder, name).is_some() || matches!(name, "pyproject.toml" | "setup.py" | "setup.cfg")
    };
    let mut all_names = named.iter().cloned().chain(compiled);
    if !sources.is_empty() && !all_names.any(|name| is_project(&name)) {
        return None;
    }
    let mut new = "uv lock".to_owned();
    let mut doubts = Vec::new();
    for item in all {
        match item.name.as_str() {
            "-U" | "--upgrade" => new.push_str(" --upgrade"),
            "-P" | "--upgrade-package" => {
                let _ = write!(new, " --upgrade-package {}", item.raw);
            }
            "-q" | "--quiet" => new.push_str(" --quiet"),
            "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" | "--pre" | "--no-index" => {
                doubts.push(format!("`{}` belongs into `[tool.uv]` of pyproject.toml", item.name));
            }
            _ => {}
        }
    }
    if sources.is_empty() {
        doubts.push("what it reads is not named".to_owned());
    }
    Some(with_doubts(new, "uv.lock takes the place of the compiled files", &doubts))
}

fn compiles(
    invocation: &Invocation<'_>,
    all: &[Item<'_>],
    sources: &[&Item<'_>],
    output: Option<&Item<'_>>,
) -> Verdict {
    let mut doubts = Vec::new();
    let script = invocation.script;
    let kept =
        |item: &Item<'_>| !GONE.contains(&item.name.as_str()) && !GONE_VALUES.contains(&item.name.as_str());
    let args = render(script, invocation.args, all, |_, item| {
        let to_output = item.is(&["-o", "--output-file"]) && item.raw == "-";
        (kept(item) && !to_output).then(|| item.written())
    });
    let mut new = format!("uv pip compile{args}");
    match sources {
        [] => {
            doubts.push("what it reads is not named; `requirements.in` is taken".to_owned());
            new.push_str(" requirements.in");
            if output.is_none() {
                new.push_str(" -o requirements.txt");
            }
        }
        [source] if output.is_none() => match source.text().and_then(|name| output_of(&name)) {
            Some(name) => {
                let _ = write!(new, " -o {name}");
            }
            None => return Verdict::left("the file that it writes is not known"),
        },
        _ if output.is_none() => return Verdict::left("pip-compile needs a name for what it writes"),
        _ => {}
    }
    let emits = all.iter().any(|item| item.name == "--emit-index-url");
    if !emits
        && all.iter().any(|item| item.is(&["-i", "--index-url", "--extra-index-url", "--find-links", "-f"]))
    {
        doubts.push("uv does not write indexes into the file (`--emit-index-url` does)".to_owned());
    }
    if all
        .iter()
        .any(|item| item.is(&["--emit-options", "--emit-trusted-host", "--reuse-hashes", "--unsafe-package"]))
    {
        doubts.push("an option has no counterpart in uv and goes".to_owned());
    }
    with_doubts(new, "uv compiles the same, faster; it reads what is in the file that it writes", &doubts)
}

/// What pip-compile writes for one source.
fn output_of(source: &str) -> Option<String> {
    let name = source.rsplit('/').next().unwrap_or(source);
    if matches!(name, "pyproject.toml" | "setup.py" | "setup.cfg") {
        let folder = source.strip_suffix(name)?;
        return Some(format!("{folder}requirements.txt"));
    }
    let (stem, ending) = source.rsplit_once('.')?;
    (!ending.contains('/')).then(|| format!("{stem}.txt"))
}
