//! Writing what is locked as a requirements file: `uv export`.

use crate::context::{Selection, UvProject};
use crate::engine::selection_flags;
use crate::manager::joined_words;
use crate::rules::Verdict;

/// `uv export` of a selection without the project itself, which the tools that are replaced leave out, too.
pub(crate) fn export(program: &str, project: &UvProject, selection: &Selection, flags: &[String]) -> Verdict {
    let lock = if project.locked { "--locked" } else { "" };
    let parts = selection_flags(project, selection);
    let itself = if project.is_package && selection.main { "--no-emit-project" } else { "" };
    let words = ["uv export --format requirements.txt", lock].into_iter();
    let words = words.chain(parts.iter().map(String::as_str)).chain([itself]);
    let new = joined_words(words.chain(flags.iter().map(String::as_str)));
    Verdict::safe(new, format!("what {program} writes of its lock, from uv.lock"))
}
