//! Where the environment of a stage lies, and how uv comes into an image.

use super::parse::Dockerfile;
use super::stage::{Stage, State, assignments};

/// Where packages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A virtual environment that the file had already, or that uv makes.
    Virtual {
        /// Its folder, absolute.
        path: String,
        /// Whether the file names it.
        is_old: bool,
    },
    /// The Python of the image, which other stages or commands rely on by path.
    Prefix,
}

/// Registries that everybody can reach.
const PUBLIC_REGISTRIES: &[&str] = &[
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "registry.access.redhat.com",
    "registry.redhat.io",
    "nvcr.io",
    "registry.k8s.io",
    "registry.gitlab.com",
];

/// Images of distributions, which have the Python of the distribution if any.
const DISTRIBUTIONS: &[&str] = &[
    "almalinux",
    "alpine",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "centos",
    "cuda",
    "debian",
    "fedora",
    "node",
    "opensuse",
    "oraclelinux",
    "rockylinux",
    "ubi8",
    "ubi8-minimal",
    "ubi9",
    "ubi9-minimal",
    "ubuntu",
];

/// The Python 3 of releases of distributions.
const DISTRIBUTION_PYTHONS: &[(&str, &[&str], u32)] = &[
    ("alpine", &["3.15"], 9),
    ("alpine", &["3.16", "3.17"], 10),
    ("alpine", &["3.18", "3.19"], 11),
    ("alpine", &["3.20", "3.21", "3.22"], 12),
    ("debian", &["10", "buster"], 7),
    ("debian", &["11", "bullseye"], 9),
    ("debian", &["12", "bookworm"], 11),
    ("debian", &["13", "trixie"], 13),
    ("ubuntu", &["18.04", "bionic"], 6),
    ("ubuntu", &["20.04", "focal"], 8),
    ("ubuntu", &["22.04", "jammy"], 10),
    ("ubuntu", &["24.04", "noble"], 12),
];

impl Place {
    /// The folder, absolute.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Virtual { path, .. } => path,
            Self::Prefix => "/usr/local",
        }
    }
}

/// Where the packages of a stage go.
///
/// `made` is the environment that the last command of it makes; `end` is what holds at the end.
pub(crate) fn place(
    file: &Dockerfile,
    text: &str,
    stage: &Stage,
    stages: &[Stage],
    end: &State,
    made: Option<&String>,
) -> Place {
    let chain = chain(stage, stages);
    let is_here = |index: usize| chain.iter().any(|stage| stage.instructions.contains(&index));
    let of_chain =
        || file.instructions.iter().enumerate().filter(|(index, _)| is_here(*index)).map(|(_, it)| it);
    let copies = copies_from(file, text, stage, stages);
    let mut environments = Vec::new();
    for (index, instruction) in file.instructions.iter().enumerate().filter(|(_, it)| it.name == "ENV") {
        let is_here = is_here(index);
        for (name, value) in assignments(&instruction.arguments(text)) {
            let value = end.expand_or_keep(&value);
            if let Some(path) = environment(&name, &value, end, text)
                && (is_here || copies.iter().any(|copy| copy.trim_end_matches('/') == path))
            {
                environments.push(path);
            }
        }
    }
    if environments.is_empty() {
        environments.extend(made.cloned());
    }
    if let Some(path) = environments.pop() {
        return Place::Virtual { path, is_old: true };
    }
    let by_path = |text: &str| text.contains("/usr/local/lib/python") || text.contains("/usr/local/bin/");
    let relies = copies.iter().any(|copy| copy.starts_with("/usr/local"))
        || of_chain().any(|instruction| {
            let starts = matches!(instruction.name.as_str(), "CMD" | "ENTRYPOINT" | "RUN" | "HEALTHCHECK");
            // A file whose text stands in the Dockerfile may start something.
            (starts || !instruction.heredocs.is_empty())
                && text.get(instruction.span.clone()).is_some_and(by_path)
        });
    if relies && is_official_python(&image(stage, stages)) {
        return Place::Prefix;
    }
    Place::Virtual { path: "/opt/venv".to_owned(), is_old: false }
}

/// The environment that a variable of an image names.
fn environment(name: &str, value: &str, end: &State, text: &str) -> Option<String> {
    let is_true = || matches!(value, "1" | "true" | "True" | "yes");
    match name {
        "VIRTUAL_ENV" | "UV_PROJECT_ENVIRONMENT" => Some(value.trim_end_matches('/').to_owned()),
        "PATH" => {
            let first = value.split(':').find_map(|entry| entry.strip_suffix("/bin"))?;
            let name = first.rsplit('/').next()?;
            let is_made =
                || text.contains(&format!("venv {first}")) || text.contains(&format!("virtualenv {first}"));
            (first.starts_with('/') && (name.to_ascii_lowercase().contains("env") || is_made()))
                .then(|| first.to_owned())
        }
        "POETRY_VIRTUALENVS_IN_PROJECT" if makes_none(text) => None,
        "POETRY_VIRTUALENVS_IN_PROJECT" | "PIPENV_VENV_IN_PROJECT" if is_true() => {
            end.absolute(".venv").filter(|path| path != "/.venv")
        }
        _ => None,
    }
}

/// Whether Poetry is told to make no environment: it installs into the Python of the image then.
fn makes_none(text: &str) -> bool {
    let after =
        |name: &str| text.split(name).nth(1).unwrap_or_default().trim_start_matches(['=', ' ', '"', '\'']);
    ["POETRY_VIRTUALENVS_CREATE", "virtualenvs.create"]
        .iter()
        .any(|name| ["0", "false", "False", "no"].iter().any(|value| after(name).starts_with(value)))
}

/// Whether an image starts a Python of its own by its path, whatever is on `PATH`.
pub(crate) fn starts_its_own(image: &str) -> bool {
    image.contains("lambda") || image.contains("azure-functions")
}

/// The environment that the last command of a script makes; none when it changes folder.
pub(crate) fn made(script: &str, state: &State) -> Option<String> {
    let words: Vec<&str> = script.split_whitespace().filter(|word| *word != "\\").collect();
    let (at, _) = words.iter().enumerate().rev().find(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
        match **word {
            "venv" => before == Some("-m"),
            "virtualenv" => {
                matches!(before, None | Some("-m" | "&&")) || before.is_some_and(|it| it.ends_with(';'))
            }
            _ => false,
        }
    })?;
    let mut after = words.get(at + 1..)?.iter();
    let path = loop {
        match *after.next()? {
            "-p" | "--python" | "--prompt" => drop(after.next()),
            option if option.starts_with('-') => {}
            path => break path,
        }
    };
    let path = state.expand(path.trim_matches(['"', '\'']).trim_end_matches([';', '"', '\'', '/']))?;
    let is_path = !path.is_empty() && !path.contains(['&', '|', ';', '<', '>', '(', ')', '=', '~', '$']);
    let is_sure = path.starts_with('/') || !words.contains(&"cd");
    state.absolute(&path).filter(|path| is_path && is_sure && path != "/")
}

/// A stage and those that it starts from.
pub(crate) fn chain<'a>(stage: &'a Stage, stages: &'a [Stage]) -> Vec<&'a Stage> {
    let mut chain = vec![stage];
    while let Some(base) = chain.last().and_then(|stage| stage.base).and_then(|base| stages.get(base)) {
        chain.push(base);
    }
    chain
}

/// The image at the bottom of a stage.
pub(crate) fn image(stage: &Stage, stages: &[Stage]) -> String {
    chain(stage, stages).last().map(|stage| stage.image.clone()).unwrap_or_default()
}

/// What is copied out of a stage, by absolute path.
pub(crate) fn copies_from(file: &Dockerfile, text: &str, stage: &Stage, stages: &[Stage]) -> Vec<String> {
    let number = stages.iter().position(|other| other.from == stage.from).unwrap_or_default();
    let mut found = Vec::new();
    for instruction in file.instructions.iter().filter(|instruction| instruction.name == "COPY") {
        let Some(from) = instruction.flag("from") else { continue };
        if from.to_ascii_lowercase() == stage.name || from == number.to_string() {
            let words = instruction.words(text);
            let sources = words.split_last().map(|(_, sources)| sources).unwrap_or_default();
            found.extend(sources.iter().map(|word| word.text.clone()));
        }
    }
    found
}

/// The official image `python`, from wherever it is mirrored.
pub(crate) fn is_official_python(image: &str) -> bool {
    python_tag(image).is_some()
}

/// Whether an image brings no Python packages and programs of its own that a program would miss in an environment apart from
/// them: the official image, or a distribution.
pub(crate) fn is_plain(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    let name = name.split([':', '@']).next().unwrap_or_default();
    is_official_python(image) || DISTRIBUTIONS.contains(&name)
}

/// Whether commands run in a shell of Windows.
pub(crate) fn is_windows(image: &str) -> bool {
    ["windowsservercore", "nanoserver", "mcr.microsoft.com/windows"].iter().any(|word| image.contains(word))
}

fn python_tag(image: &str) -> Option<&str> {
    // They start a Python of their own by its path.
    if starts_its_own(image) {
        return None;
    }
    let name = image.rsplit('/').next()?;
    let name = name.split('@').next()?;
    match name.split_once(':') {
        Some(("python", tag)) => Some(tag),
        None if name == "python" => Some(""),
        _ => None,
    }
}

/// The minor version of Python 3 that an image has, when its tag says so.
pub(crate) fn python_minor(image: &str) -> Option<u32> {
    let tag = python_tag(image)?.strip_prefix("3.")?;
    let end = tag.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tag.len());
    tag.get(..end)?.parse().ok()
}

/// The minor version of Python 3 that a distribution brings as its own.
pub(crate) fn distribution_minor(image: &str) -> Option<u32> {
    let name = image.rsplit('/').next()?;
    let (name, tag) = name.split('@').next()?.split_once(':')?;
    let release = tag.split('-').next()?;
    DISTRIBUTION_PYTHONS
        .iter()
        .find(|(known, releases, _)| {
            *known == name && releases.iter().any(|known| is_release(release, known))
        })
        .map(|(_, _, minor)| *minor)
}

fn is_release(release: &str, known: &str) -> bool {
    release.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether images come from a registry of one's own, so that the image of uv may be out of reach.
pub(crate) fn has_own_registry(stages: &[Stage]) -> bool {
    stages.iter().filter(|stage| stage.base.is_none()).any(|stage| {
        let Some((registry, _)) = stage.image.split_once('/') else { return false };
        let is_host = registry.contains(['.', ':', '$']) || registry == "localhost";
        is_host && !PUBLIC_REGISTRIES.contains(&registry)
    })
}

/// Whether the file can be built with `BuildKit` only, so that cache mounts may be used.
pub(crate) fn uses_buildkit(file: &Dockerfile, text: &str) -> bool {
    file.has_syntax
        || file.instructions.iter().any(|instruction| {
            !instruction.heredocs.is_empty()
                || instruction.flags.iter().any(|flag| {
                    matches!(flag.name.as_str(), "mount" | "link" | "chmod" | "parents" | "exclude")
                })
        })
        || text.contains("BUILDPLATFORM")
        || text.contains("TARGETARCH")
}
