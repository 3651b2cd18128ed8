//! The folder that an image is built from, and what of the repository that leaves.

use super::parse::Dockerfile;
use crate::context::{Context, joined};

/// The folder that an image is built from: the one that a compose file or a build names; else the one, at or above that of
/// the file, from which its text makes sense.
pub(super) fn context(path: &str, text: &str, file: &Dockerfile, context: &Context) -> String {
    let named = context.images.contexts.get(path);
    let mut named = named.into_iter().flatten();
    if let (Some(folder), None) = (named.next(), named.next()) {
        return folder.clone();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if is_alone(folder, text, file, context) { folder.to_owned() } else { likely(folder, text, context) }
}

/// Whether all that a file copies is in its own folder, which has its own requirements.
fn is_alone(folder: &str, text: &str, file: &Dockerfile, context: &Context) -> bool {
    let copies = file.instructions.iter().filter(|instruction| {
        matches!(instruction.name.as_str(), "COPY" | "ADD")
            && instruction.flag("from").is_none()
            && instruction.heredocs.is_empty()
    });
    let mut count = 0;
    for instruction in copies {
        let words = instruction.words(text);
        let sources = words.split_last().map(|(_, sources)| sources).unwrap_or_default();
        for source in sources.iter().map(|word| word.text.trim_start_matches("./").trim_matches('/')) {
            if matches!(source, "" | ".") || source.contains(['$', '*', '?', '[', ':']) {
                continue;
            }
            if !joined(folder, source).is_some_and(|path| context.images.has(&path)) {
                return false;
            }
            count += 1;
        }
    }
    count > 0
        || context.foreign.contains(folder)
        || context.requirement_files.contains(&format!("{folder}/requirements.txt"))
}

/// The folder from which most of the text makes sense.
fn likely(folder: &str, text: &str, context: &Context) -> String {
    let mut candidates = vec![folder];
    let mut above = folder;
    while !above.is_empty() {
        above = above.rsplit_once('/').map_or("", |(above, _)| above);
        candidates.push(above);
    }
    let score = |candidate: &str| -> usize {
        let inside = |path: &str| -> Option<String> {
            if candidate.is_empty() {
                return Some(path.to_owned());
            }
            path.strip_prefix(candidate)?.strip_prefix('/').map(str::to_owned)
        };
        let files = context.became.keys().filter_map(|file| inside(file));
        let named: usize = files.filter(|file| text.contains(file.as_str())).map(|file| file.len()).sum();
        let has_project = context.projects.iter().any(|project| project.folder == candidate);
        named * 2 + usize::from(has_project)
    };
    let mut best = (0, folder);
    for candidate in candidates {
        let score = score(candidate);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1.to_owned()
}

/// What of a repository an image can have: what lies in the folder that it is built from. `text` is that of the Dockerfile.
pub(super) fn within(context: &Context, root: &str, text: &str) -> Context {
    let mut within = context.clone();
    for line in &mut within.images.lines {
        line.is_named = text.contains(line.path.rsplit('/').next().unwrap_or_default());
    }
    if root.is_empty() {
        return within;
    }
    let below = format!("{root}/");
    let is_inside = |path: &str| path == root || path.starts_with(&below);
    within.projects.retain(|project| is_inside(&project.folder));
    within.became.retain(|path, _| is_inside(path));
    within
}
