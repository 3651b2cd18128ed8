//! Where the repository is kept: from `.git`, without running git.

use std::path::{Path, PathBuf};

use uvshift_project::Tree;
use uvshift_scaffold::Repository;

use super::is_plain;

/// How many folders above the project may be that of the repository.
const HIGHEST: usize = 6;
/// A larger file of git is not the one that is looked for.
const MOST_BYTES: u64 = 4 << 20;

pub(super) fn read(root: &Path, tree: &Tree, project: &str) -> Repository {
    let git = folder(root);
    let url = git.as_deref().and_then(remote).unwrap_or_default();
    let (server, path) = parts(&url);
    let host = host(server, tree);
    // A group of GitLab can have groups.
    let path = Some(path).filter(|path| is_plain(path, "/~")).unwrap_or_default();
    let (owner, name) = path.rsplit_once('/').unwrap_or_default();
    Repository {
        host: host.to_owned(),
        owner: owner.to_owned(),
        name: if name.is_empty() { project.to_owned() } else { name.to_owned() },
        branch: git
            .as_deref()
            .and_then(branch)
            .filter(|name| is_plain(name, "/+"))
            .unwrap_or_else(|| "main".to_owned()),
    }
}

/// The folder with the configuration of the repository that the project is in.
fn folder(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let git = root.ancestors().take(HIGHEST).map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    // A second work tree has a file that says where its own folder is, and that one where the common folder is.
    let text = text(&git)?;
    let own = git.parent()?.join(text.strip_prefix("gitdir:")?.trim());
    let common = self::text(&own.join("commondir")).map(|common| own.join(common.trim()));
    Some(common.unwrap_or(own))
}

fn text(path: &Path) -> Option<String> {
    let metadata = path.metadata().ok()?;
    if metadata.len() > MOST_BYTES {
        return None;
    }
    std::fs::read_to_string(path).ok()
}

/// The address of `origin`, or of the only remote.
fn remote(git: &Path) -> Option<String> {
    let config = text(&git.join("config"))?;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut section = None;
    for line in config.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let name = header.strip_prefix("remote \"").and_then(|rest| rest.split_once("\"]"));
            section = name.map(|(name, _)| name.to_owned());
        } else if let (Some(section), Some((key, value))) = (&section, line.split_once('='))
            && key.trim() == "url"
        {
            found.push((section.clone(), value.trim().to_owned()));
        }
    }
    let origin = found.iter().position(|(name, _)| name == "origin").unwrap_or(0);
    (origin < found.len()).then(|| found.swap_remove(origin).1)
}

/// The server and the path of an address such as `https://user:token@host/owner/name.git` or `git@host:owner/name.git`.
fn parts(url: &str) -> (&str, &str) {
    let (authority, path) = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').unwrap_or_default(),
        // Without a user it may well be a path of Windows or of this machine.
        None if url.contains('@') => url.split_once(':').unwrap_or_default(),
        None => ("", ""),
    };
    let server = authority.rsplit('@').next().unwrap_or_default();
    let server = server.split(':').next().unwrap_or_default();
    let path = path.trim_matches('/');
    (server, path.strip_suffix(".git").unwrap_or(path))
}

/// What the server is, from its name or from the files of its CI.
fn host(server: &str, tree: &Tree) -> &'static str {
    let has = |folder: &str| tree.files().iter().any(|file| file.starts_with(folder));
    match server {
        _ if server.contains("github") => "github",
        _ if server.contains("gitlab") => "gitlab",
        _ if server.contains("bitbucket") => "bitbucket",
        _ if tree.has(".gitlab-ci.yml") => "gitlab",
        _ if has(".github/") => "github",
        _ if tree.has("bitbucket-pipelines.yml") => "bitbucket",
        _ => "",
    }
}

/// The main branch: that of the server, or the usual one that is there, or the one that is checked out.
fn branch(git: &Path) -> Option<String> {
    let named = |file: &str, prefix: &str| {
        let text = text(&git.join(file))?;
        text.trim().strip_prefix("ref: ")?.strip_prefix(prefix).map(str::to_owned)
    };
    let remote = || named("refs/remotes/origin/HEAD", "refs/remotes/origin/");
    let packed = text(&git.join("packed-refs")).unwrap_or_default();
    let is_there = |branch: &&str| {
        git.join("refs/heads").join(branch).exists()
            || packed.lines().any(|line| line.ends_with(&format!(" refs/heads/{branch}")))
    };
    let usual = || ["main", "master"].into_iter().find(is_there).map(str::to_owned);
    remote().or_else(usual).or_else(|| named("HEAD", "refs/heads/"))
}
