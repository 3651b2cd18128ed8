//! Which files are CI, containers and scripts, by their paths.

/// What a file is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    Ci,
    Container,
    Script,
}

/// How the lines of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Keys and values; commands are values.
    Yaml,
    /// Instructions.
    Docker,
    /// Plain lines of a shell, of make, or of an ini file with `key = value`.
    Shell,
    /// Python with `session.install(...)`.
    Nox,
}

/// What is known of a file by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) area: Area,
    pub(super) system: &'static str,
    pub(super) syntax: Syntax,
}

/// Folders whose files are somebody else's or stand for others.
const NOT_OURS: [&str; 14] = [
    "vendor",
    "_vendor",
    "vendored",
    "_vendored",
    "third_party",
    "extern",
    "node_modules",
    "templates",
    "fixtures",
    "testdata",
    "examples",
    "cookiecutter",
    "static",
    "_static",
];

/// What a file is, if it is CI, a container or a script.
pub(super) fn kind(path: &str) -> Option<Kind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    let is_yaml = matches!(lower.rsplit_once('.'), Some((_, "yml" | "yaml")));
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
    if let Some((system, syntax)) = ci(folder, &lower, stem, is_yaml) {
        return Some(Kind { area: Area::Ci, system, syntax });
    }
    if folder.split('/').any(|part| NOT_OURS.contains(&part) || part.contains('{')) {
        return None;
    }
    if let Some((system, syntax)) = container(folder, &lower, stem, is_yaml) {
        return Some(Kind { area: Area::Container, system, syntax });
    }
    let (system, syntax) = script(folder, &lower, stem)?;
    Some(Kind { area: Area::Script, system, syntax })
}

/// Folders of CI services.
const CI_FOLDERS: [(&str, &str); 18] = [
    (".github/workflows", "GitHub Actions"),
    (".github/actions", "GitHub Actions"),
    (".gitlab", "GitLab CI"),
    (".gitlab-ci", "GitLab CI"),
    (".circleci", "CircleCI"),
    (".azure-pipelines", "Azure Pipelines"),
    (".azure", "Azure Pipelines"),
    (".pipelines", "Azure Pipelines"),
    ("azure-pipelines", "Azure Pipelines"),
    (".buildkite", "Buildkite"),
    (".semaphore", "Semaphore"),
    (".woodpecker", "Woodpecker"),
    (".builds", "sourcehut"),
    (".tekton", "Tekton"),
    ("zuul.d", "Zuul"),
    (".zuul.d", "Zuul"),
    (".forgejo/workflows", "Forgejo Actions"),
    (".gitea/workflows", "Gitea Actions"),
];

fn ci(folder: &str, name: &str, stem: &str, is_yaml: bool) -> Option<(&'static str, Syntax)> {
    let within =
        |top: &str| folder == top || folder.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
    let yaml = |system: &'static str| Some((system, Syntax::Yaml));
    if is_yaml && let Some((_, system)) = CI_FOLDERS.iter().find(|(top, _)| within(top)) {
        return yaml(system);
    }
    if within(".buildkite") && name == format!("{stem}.sh") {
        return Some(("Buildkite", Syntax::Shell));
    }
    if !folder.is_empty() {
        return None;
    }
    if stem == "jenkinsfile" || name.starts_with("jenkinsfile") || name.ends_with(".jenkinsfile") {
        return Some(("Jenkins", Syntax::Shell));
    }
    if !is_yaml {
        return None;
    }
    yaml(match stem {
        ".gitlab-ci" => "GitLab CI",
        ".travis" => "Travis CI",
        "appveyor" | ".appveyor" => "AppVeyor",
        "bitbucket-pipelines" => "Bitbucket Pipelines",
        ".drone" => "Drone",
        ".woodpecker" => "Woodpecker",
        ".cirrus" => "Cirrus CI",
        "buildkite" | ".buildkite" => "Buildkite",
        "buildspec" => "AWS CodeBuild",
        "cloudbuild" => "Google Cloud Build",
        ".zuul" | "zuul" => "Zuul",
        ".build" => "sourcehut",
        "codemagic" => "Codemagic",
        "shippable" => "Shippable",
        "wercker" => "Wercker",
        ".scrutinizer" => "Scrutinizer",
        ".readthedocs" | "readthedocs" => "Read the Docs",
        _ if stem.ends_with(".gitlab-ci") => "GitLab CI",
        _ if stem.trim_start_matches('.').starts_with("azure-pipeline") => "Azure Pipelines",
        _ => return None,
    })
}

fn container(folder: &str, name: &str, stem: &str, is_yaml: bool) -> Option<(&'static str, Syntax)> {
    for word in ["dockerfile", "containerfile"] {
        let other = [
            ".dockerignore",
            ".md",
            ".txt",
            ".py",
            ".sh",
            ".rst",
            ".js",
            ".ts",
            ".css",
            ".html",
            ".json",
            ".yml",
            ".yaml",
            ".go",
            ".rb",
            ".rs",
            ".java",
            ".xml",
            ".vim",
            ".lua",
            ".svg",
            ".png",
            ".map",
            ".snap",
            ".el",
        ];
        let is_one = name == word
            || name.ends_with(&format!(".{word}"))
            || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']));
        if is_one && !other.iter().any(|end| name.ends_with(end)) {
            return Some(("Docker", Syntax::Docker));
        }
    }
    let is_compose = ["docker-compose", "compose", "podman-compose"].iter().any(|word| {
        stem == *word || stem.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    });
    if is_yaml && is_compose {
        return Some(("Docker Compose", Syntax::Yaml));
    }
    if name == "devcontainer.json" && (folder == ".devcontainer" || folder.starts_with(".devcontainer/"))
        || (folder.is_empty() && name == ".devcontainer.json")
    {
        return Some(("dev container", Syntax::Yaml));
    }
    (folder.is_empty() && name == ".gitpod.yml").then_some(("Gitpod", Syntax::Yaml))
}

fn script(folder: &str, name: &str, stem: &str) -> Option<(&'static str, Syntax)> {
    let shell = |system: &'static str| Some((system, Syntax::Shell));
    match name {
        "makefile" | "gnumakefile" => return shell("make"),
        "justfile" | ".justfile" => return shell("just"),
        "tox.ini" | "tox.toml" if folder.is_empty() => return shell("tox"),
        "noxfile.py" if folder.is_empty() => return Some(("nox", Syntax::Nox)),
        "procfile" if folder.is_empty() => return shell("Procfile"),
        "taskfile.yml" | "taskfile.yaml" => return Some(("Task", Syntax::Yaml)),
        "vagrantfile" if folder.is_empty() => return shell("Vagrant"),
        "render.yaml" if folder.is_empty() => return Some(("Render", Syntax::Yaml)),
        "netlify.toml" if folder.is_empty() => return shell("Netlify"),
        _ => {}
    }
    let extension = name.get(stem.len()..).unwrap_or_default();
    match extension {
        ".mk" | ".make" => shell("make"),
        ".just" => shell("just"),
        ".sh" | ".bash" | ".zsh" | ".fish" | ".ksh" | ".bat" | ".cmd" | ".ps1" => shell("script"),
        // Scripts without an extension live in folders of their own; the first line tells what they are.
        "" if is_of_scripts(folder) && !name.is_empty() => shell("script"),
        _ => None,
    }
}

/// Folders of scripts without an extension; the file then has to start with `#!` and a shell.
pub(super) fn is_of_scripts(folder: &str) -> bool {
    matches!(
        folder.split('/').next(),
        Some("bin" | "scripts" | "script" | "ci" | ".ci" | "tools" | ".travis" | "hooks")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_files_are() {
        for (path, expected) in [
            (".github/workflows/ci.yml", Some((Area::Ci, "GitHub Actions"))),
            (".github/actions/setup/action.yaml", Some((Area::Ci, "GitHub Actions"))),
            (".github/dependabot.yml", None),
            (".gitlab-ci.yml", Some((Area::Ci, "GitLab CI"))),
            ("ci.gitlab-ci.yml", Some((Area::Ci, "GitLab CI"))),
            ("azure-pipelines-release.yml", Some((Area::Ci, "Azure Pipelines"))),
            (".circleci/config.yml", Some((Area::Ci, "CircleCI"))),
            ("Jenkinsfile", Some((Area::Ci, "Jenkins"))),
            ("Jenkinsfile.release", Some((Area::Ci, "Jenkins"))),
            ("sub/.travis.yml", None),
            ("Dockerfile", Some((Area::Container, "Docker"))),
            ("services/web/Dockerfile.dev", Some((Area::Container, "Docker"))),
            ("web.dockerfile", Some((Area::Container, "Docker"))),
            ("Dockerfile.dockerignore", None),
            ("vendor/x/Dockerfile", None),
            ("docker-compose.override.yml", Some((Area::Container, "Docker Compose"))),
            ("compose.yaml", Some((Area::Container, "Docker Compose"))),
            ("composer.yaml", None),
            ("Makefile", Some((Area::Script, "make"))),
            ("docs/Makefile", Some((Area::Script, "make"))),
            ("scripts/setup.sh", Some((Area::Script, "script"))),
            ("scripts/bootstrap", Some((Area::Script, "script"))),
            ("src/bootstrap", None),
            ("noxfile.py", Some((Area::Script, "nox"))),
            ("app.py", None),
            ("", None),
        ] {
            assert_eq!(kind(path).map(|kind| (kind.area, kind.system)), expected, "{path}");
        }
    }
}
