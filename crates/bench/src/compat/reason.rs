//! What a tool says, short enough for a table.

use super::model::Tool;

/// A message is no longer than this, in characters.
const LIMIT: usize = 600;

/// The message of a tool that failed; `cause` is the line of a build that says why.
pub(super) fn shortened(tool: Tool, text: &str, cause: Option<&str>) -> String {
    let said = match tool {
        Tool::Pip => of_pip(text),
        Tool::Uv => of_uv(text),
    };
    match cause {
        Some(cause) if said.is_empty() => cut(cause),
        None if said.is_empty() => tail(text),
        Some(cause) if !said.contains(cause) => cut(&format!("{cause} ({said})")),
        _ if tool == Tool::Uv => both_ends(&said),
        _ => cut(&said),
    }
}

/// The last line that a build wrote: of a traceback it is the exception.
pub(super) fn last_of_build(text: &str) -> Option<&str> {
    let starts = ["its output was:", "lines of output]", "[stderr]"];
    let ends = ["[end of output]", "note: This error originates", "hint:"];
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let start = lines.iter().rposition(|line| starts.iter().any(|start| line.ends_with(start)))?;
    let rest = lines.get(start + 1..)?;
    let end = rest.iter().position(|line| ends.iter().any(|end| line.starts_with(end))).unwrap_or(rest.len());
    rest.get(..end)?.iter().rfind(|line| !line.is_empty()).copied()
}

/// The last lines of a text that nobody knows.
pub(super) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    cut(&lines[lines.len().saturating_sub(6)..].join(" | "))
}

/// At most [`LIMIT`] characters.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

/// The beginning and the end of a long proof: its last sentence says which requirements contradict each other.
fn both_ends(text: &str) -> String {
    let length = text.chars().count();
    if length <= LIMIT {
        return text.to_owned();
    }
    let head: String = text.chars().take(LIMIT / 3).collect();
    let tail: String = text.chars().skip(length - LIMIT * 2 / 3).collect();
    format!("{head} ... {tail}")
}

/// The `ERROR:` lines, with the list of what contradicts each other.
fn of_pip(text: &str) -> String {
    let (mut parts, mut conflict): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("The conflict is caused by:") {
            let causes = lines.by_ref().take_while(|line| !line.trim().is_empty());
            conflict.extend(causes.map(|line| line.trim().to_owned()));
        } else if let Some(error) = line.strip_prefix("ERROR: ") {
            let known = error.starts_with("No matching distribution") && !parts.is_empty();
            if !known
                && !error.starts_with("ResolutionImpossible")
                && !error.starts_with("Ignored the following")
            {
                parts.push(without_versions(error));
            }
        } else if line.starts_with("WARNING: Ignoring version") {
            parts.push(line.trim_start_matches("WARNING: ").to_owned());
            // The next line says what is wrong with it, behind where it is from.
            let detail = lines.next().and_then(|line| line.split_once(" has invalid metadata: "));
            parts.extend(detail.map(|(_, detail)| detail.to_owned()));
        }
    }
    // The causes stand on another stream than the error, and so before it.
    parts.extend(conflict);
    parts.dedup();
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end_matches(['.', ':', ' '])).collect();
    parts.join("; ")
}

/// A long list of versions is cut to its last ones.
fn without_versions(error: &str) -> String {
    let Some((before, versions)) = error.split_once("(from versions: ") else { return error.to_owned() };
    let versions: Vec<&str> = versions.trim_end_matches(')').split(", ").collect();
    if versions.len() <= 4 {
        return error.to_owned();
    }
    format!("{before}(from {} versions, the last is {})", versions.len(), versions.last().unwrap_or(&""))
}

/// From `error:` to the hints, without the output of a build.
fn of_uv(text: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with("error:"));
    let lines = lines.take_while(|line| {
        !line.starts_with("hint:") && line.trim() != "[stderr]" && line.trim() != "[stdout]"
    });
    let parts: Vec<&str> = lines
        .map(|line| {
            let line = line.trim();
            line.strip_prefix("error:").or_else(|| line.strip_prefix("cause:")).unwrap_or(line).trim()
        })
        .filter(|line| {
            !line.trim_matches(['^', '~']).is_empty()
                && *line != "No solution found when resolving dependencies"
        })
        .collect();
    parts.join(" ")
}
