//! Dockerfile, Containerfile and their kin.
//!
//! Each stage that installs Python packages gets uv, one environment, and `uv sync` where the project has a lock. What a
//! stage gets is made together or not at all.

mod parse;
mod stage;

mod build;
mod copy;
mod finish;
pub(crate) mod hazards;
pub(crate) mod place;
mod run;
pub(crate) mod script;
mod sync;
mod work;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::codes;
use crate::context::{Context, joined};
use crate::hosts::{Host, Kind};
use crate::model::{RewriteOptions, Rewritten};

/// The host.
pub(crate) const HOST: Host =
    Host { name: "dockerfile", title: "Dockerfile, Containerfile", kind: Kind::Edited, is, rewrite };

/// `Dockerfile`, `Containerfile`, with something before or behind.
fn is(path: &str, _text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let not = [
        ".dockerignore",
        ".md",
        ".rst",
        ".py",
        ".sh",
        ".yml",
        ".yaml",
        ".json",
        ".toml",
        ".rs",
        ".go",
        ".js",
    ];
    let word = |word: &str| {
        name == word
            || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('.'))
    };
    !not.iter().any(|ending| name.ends_with(ending)) && (word("dockerfile") || word("containerfile"))
}

fn rewrite(path: &str, text: &str, context: &Context, _options: &RewriteOptions) -> Rewritten {
    let file = parse::parse(text);
    if let Some((at, message)) = file.problem {
        let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
        let found =
            Diagnostic::error(codes::UNREADABLE, format!("this cannot be read as a Dockerfile: {message}"));
        return Rewritten { diagnostics: vec![found.at(Span::new(at, end))], ..Rewritten::default() };
    }
    let stages = stage::stages(&file, text);
    if stages.len() > stage::MAX_STAGES {
        return Rewritten::default();
    }
    let root = build::context(path, text, &file, context);
    let context = &build::within(context, &root, text);
    let has_buildkit = place::uses_buildkit(&file, text);
    let bare = Context { projects: Vec::new(), ..context.clone() };
    work::File { text, parsed: &file, stages: &stages, context, bare: &bare, has_buildkit, root: &root, path }
        .rewrite()
}

/// A path below a folder of the repository; as it is when it leads out.
pub(crate) fn joined_path(folder: &str, path: &str) -> String {
    joined(folder, path).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests;
