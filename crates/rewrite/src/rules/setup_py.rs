//! `python setup.py ...`.

use crate::context::{Context, Selection, UvProject};
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::manager::{Install, left, project};
use crate::rules::{Rule, Verdict};
use crate::shell::{Word, parse};

pub(super) const RULE: Rule = Rule {
    name: "setup-py",
    summary: "`python setup.py sdist bdist_wheel` becomes `uv build`, `install` and `develop` become `uv sync`; other \
              commands of setup.py stay and are told",
    programs: &["python", "setup.py"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(args) = arguments(invocation) else { return Verdict::NotMine };
    if scope.environment == Environment::Foreign {
        return Verdict::NotMine;
    }
    let words: Option<Vec<String>> = args.iter().map(Word::literal).collect();
    let Some(words) = words else {
        return Verdict::left("uvshift does not know which command of setup.py this is");
    };
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_quiet(word)).collect();
    if let Some(verdict) = builds(&words) {
        return verdict;
    }
    let project = project(scope, context, None);
    match (words.as_slice(), project) {
        (["install" | "develop", rest @ ..], Some(project)) => install(&words, rest, scope, project),
        (["install", ..], None) => left("it installs without pip or uv knowing of it", "uv pip install ."),
        (["develop", ..], None) => {
            left("it installs without pip or uv knowing of it", "uv pip install --editable .")
        }
        (["test", ..], Some(project)) if project.declares("pytest") => Verdict::review(
            "uv run pytest",
            "`setup.py test` is gone from setuptools; the project has pytest, which finds tests in its own way",
        ),
        (["test", ..], _) => left("`setup.py test` is gone from setuptools", "uv run python -m unittest"),
        (words, _) => other(words),
    }
}

/// Whether a script has a command of setup.py that stays, and needs setuptools.
pub(crate) fn stays_in(script: &str, scope: &Scope) -> bool {
    script.contains("setup.py")
        && parse(script).commands.iter().any(|command| {
            let invocation = Invocation::of(script, command, scope);
            let args = invocation.as_ref().filter(|found| RULE.programs.contains(&found.program.as_str()));
            let Some(args) = args.and_then(arguments) else { return false };
            let words: Vec<String> = args.iter().map(|word| word.literal().unwrap_or_default()).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_quiet(word)).collect();
            let goes = matches!(words.first(), None | Some(&("install" | "develop" | "test")));
            !goes && builds(&words).is_none()
        })
}

/// What follows `setup.py`.
fn arguments<'a>(invocation: &Invocation<'a>) -> Option<&'a [Word]> {
    if invocation.program == "setup.py" {
        let folder = matches!(&invocation.via, Via::Path(folder) if folder == ".");
        return folder.then_some(invocation.args);
    }
    if matches!(invocation.via, Via::Module(_)) {
        return None;
    }
    let at = invocation.args.iter().position(|word| !word.raw(invocation.script).starts_with('-'))?;
    let (script, rest) = invocation.args.get(at..)?.split_first()?;
    matches!(script.literal()?.as_str(), "setup.py" | "./setup.py").then_some(rest)
}

fn is_quiet(word: &str) -> bool {
    matches!(word, "-q" | "--quiet" | "-v" | "--verbose")
}

/// Commands that build, with the options that uv has, too.
fn builds(words: &[&str]) -> Option<Verdict> {
    let mut flags: Vec<String> = Vec::new();
    let mut folder = None;
    let mut cleaned = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "sdist" => flags.push("--sdist".to_owned()),
            "bdist_wheel" => flags.push("--wheel".to_owned()),
            "clean" | "--all" | "-a" if flags.is_empty() => cleaned = true,
            "build" | "--universal" | "--formats=gztar" | "--format=gztar" => {}
            "-d" | "--dist-dir" => folder = words.next().map(|word| (*word).to_owned()),
            word => match word.strip_prefix("--dist-dir=") {
                Some(found) => folder = Some(found.to_owned()),
                None => return None,
            },
        }
    }
    if flags.is_empty() {
        return None;
    }
    flags.sort();
    flags.dedup();
    let mut new = format!("uv build {}", flags.join(" "));
    if let Some(folder) = folder {
        new.push_str(" --out-dir ");
        new.push_str(&folder);
    }
    let mut reason =
        "the build backend of the project, with what it needs in an environment of its own".to_owned();
    if cleaned {
        reason.push_str("; the folder `build` is not cleaned");
    }
    Some(Verdict::safe(new, reason))
}

fn install(words: &[&str], rest: &[&str], scope: &mut Scope, project: &UvProject) -> Verdict {
    let known = |word: &&&str| !matches!(**word, "--user" | "--force" | "-f" | "--no-deps");
    if let Some(word) = rest.iter().find(known) {
        return Verdict::left(format!("uvshift does not know what `{word}` of setup.py is in uv"));
    }
    let mut selection = Selection::main();
    if let Some(synced) = &scope.synced {
        selection.join(synced);
    }
    let mut request = Install::of(selection);
    if scope.runs_setup_py && scope.environment != Environment::Active {
        request.note("`python setup.py` is still run, with a Python that has nothing of `.venv`");
        request.review = true;
    }
    if words.first() == Some(&"install") && project.is_package {
        request.note("uv makes the project itself editable");
    }
    if !project.is_package {
        request
            .note("uv does not install the project itself, which has `package = false` or no build system");
        request.review = true;
    }
    request.verdict("setup.py", scope, project)
}

fn other(words: &[&str]) -> Verdict {
    let command = words.first().copied().unwrap_or_default();
    match command {
        "upload" => left("`setup.py upload` is gone from setuptools", "uv build && uv publish"),
        "register" => Verdict::left("an index registers a project with its first upload"),
        "check" => left("it checks the description of the package", "uv build && uvx twine check dist/*"),
        "build_ext" => left(
            "it needs setuptools and what the build needs in the environment; uv builds extensions when it installs",
            "uv sync --reinstall-package NAME, or uv run --with setuptools python setup.py build_ext --inplace",
        ),
        "egg_info" => left("uv makes the metadata when it builds", "uv build"),
        "build" | "build_py" => left("it builds without making a wheel", "uv build --wheel"),
        "bdist_rpm" | "bdist_egg" | "bdist_wininst" | "bdist_msi" | "py2app" | "py2exe" => {
            Verdict::left(format!("uv builds wheels and source distributions only, not those of `{command}`"))
        }
        "--version" | "--name" | "--fullname" => {
            left("it asks the project", "uv version --short, when the version is static")
        }
        "build_sphinx" => {
            left("`setup.py build_sphinx` is gone from Sphinx", "uv run sphinx-build docs build/docs")
        }
        "extract_messages" | "init_catalog" | "update_catalog" | "compile_catalog" => {
            left("it is a command of Babel", "uv run pybabel ...")
        }
        "" => Verdict::left("uvshift does not know which command of setup.py this is"),
        _ => left(
            format!("`{command}` is a command of setup.py itself"),
            "uv run --with setuptools python setup.py ...",
        ),
    }
}
