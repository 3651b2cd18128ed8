//! The page with what was found.

use std::fmt::Write as _;

/// A file of a project whose settings of a tool moved.
pub(crate) struct Case {
    pub(crate) project: String,
    pub(crate) tool: &'static str,
    pub(crate) file: String,
    pub(crate) uvshift: Side,
    pub(crate) peer: Option<Side>,
}

/// What came of it on one side.
pub(crate) struct Side {
    pub(crate) differences: Vec<String>,
    /// The codes of what was reported.
    pub(crate) told: Vec<String>,
}

const HEAD: &str = "# Evidence: settings of tools

<!-- Written by `UPDATE=1 cargo test -p uvshift-toolconfig --test evidence -- --ignored`; do not edit. -->

The settings of real projects, moved into pyproject.toml by uvshift and by the programs that exist for it: ini2toml 0.15, and
flake8-to-ruff 0.0.234 for flake8. **Equal** is what the tool itself says: its own code reads the old file and the new one, and every
effective setting is the same, for flake8 every rule that it reported and the lengths and the complexity that it allowed. Each
*file* is the one that the tool reads in one project. The peers leave the old files in place, where they hide the new settings from
most tools; here their output is judged as if those were gone, and a table that ini2toml writes without `tool.` is judged as
if its user had added that.

";

/// The table, and below it every difference.
pub(crate) fn render(tools: &[(&str, Option<&str>)], cases: &[Case]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(
        "| tool | files | uvshift: equal | peer: equal | peer | what differs |\n|---|--:|--:|--:|---|---|\n",
    );
    let mut below = String::new();
    for (tool, peer) in tools {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.tool == *tool).collect();
        let equal = |side: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| side(case)).count();
        let ours = equal(&|case| case.uvshift.differences.is_empty());
        let is_equal = |case: &Case| case.peer.as_ref().is_some_and(|peer| peer.differences.is_empty());
        let theirs = peer.map_or_else(|| "-".to_owned(), |_| equal(&is_equal).to_string());
        let peer = peer.unwrap_or("none");
        let differs =
            if ours == cases.len() && (peer == "none" || equal(&is_equal) == ours) { "-" } else { "below" };
        let _ = writeln!(text, "| {tool} | {} | {ours} | {theirs} | {peer} | {differs} |", cases.len());
        for case in cases {
            let sides = [("uvshift", Some(&case.uvshift)), (peer, case.peer.as_ref())];
            for (name, side) in sides.into_iter().filter_map(|(name, side)| Some((name, side?))) {
                below.push_str(&line(name, case, side));
            }
        }
    }
    format!("{text}\n## What differs\n\n{below}")
}

/// A line on what one side did otherwise; nothing if nothing is.
fn line(name: &str, case: &Case, side: &Side) -> String {
    const MOST: usize = 3;
    let Some(_) = side.differences.first() else { return String::new() };
    let shown: Vec<String> = side.differences.iter().take(MOST).map(|found| one_line(found)).collect();
    let rest = side.differences.len().saturating_sub(MOST);
    let more = if rest == 0 { String::new() } else { format!("; and {rest} more") };
    let told = if side.told.iter().any(|code| code == "T008") {
        " Told, as T008: the variable is not set."
    } else {
        ""
    };
    let reason = reason(name, case.tool, &side.differences);
    format!(
        "- {name}, {}, {} of {}: {reason} `{}`{more}.{told}\n",
        case.tool,
        case.file,
        case.project,
        shown.join("`, `")
    )
}

/// Why it is so, as far as the tools say the same for the same reason.
fn reason(name: &str, tool: &str, differences: &[String]) -> &'static str {
    let any = |part: &str| differences.iter().any(|found| found.contains(part));
    match (name, tool) {
        ("uvshift", "coverage") => {
            "a variable that is not set is nothing in an ini file and an empty text in TOML."
        }
        (_, _) if any("it fails") => "the program fails.",
        (_, _) if any("refuses") => "the tool refuses what was written.",
        ("flake8-to-ruff", _) if differences.iter().all(|found| is_preview(found)) => {
            "what is lost are rules that ruff has in preview, which have to be named one by one."
        }
        ("flake8-to-ruff", _) => "the rules are not those that flake8 reported.",
        (_, "pytest") => "values have another type, or another text.",
        (_, "coverage") if any("[") => "lists are split or joined otherwise, or the table has another name.",
        (_, _) => "values are read otherwise or are missing.",
    }
}

/// Whether only codes are lost that ruff has in preview: those about blanks and blank lines, and some of bugbear.
fn is_preview(found: &str) -> bool {
    let preview = |code: &str| {
        ["E1", "E2", "E3", "E502", "W391", "B043", "B901", "B903", "B909"]
            .iter()
            .any(|start| code.starts_with(start))
    };
    found.strip_prefix("no longer reported: ").is_some_and(|codes| codes.split(' ').all(preview))
}

/// A difference that fits into code of Markdown.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 160;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}
