//! Dockerfile, Containerfile and their kin.

mod parse;

use crate::context::Context;
use crate::hosts::{Host, Kind};
use crate::model::{RewriteOptions, Rewritten};

/// The host.
pub(crate) const HOST: Host =
    Host { name: "dockerfile", title: "Dockerfile, Containerfile", kind: Kind::Edited, is, rewrite };

/// `Dockerfile`, `Containerfile`, with something before or behind.
fn is(path: &str, _text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let not = [".dockerignore", ".md", ".rst", ".py", ".sh", ".yml", ".yaml", ".json", ".toml", ".rs", ".go"];
    let word = |word: &str| {
        name == word
            || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('.'))
    };
    !not.iter().any(|ending| name.ends_with(ending)) && (word("dockerfile") || word("containerfile"))
}

fn rewrite(_path: &str, text: &str, _context: &Context, _options: &RewriteOptions) -> Rewritten {
    let file = parse::parse(text);
    let _ = file;
    Rewritten::default()
}
