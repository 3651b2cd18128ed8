//! What people read of rewritten commands.

use std::fmt::Write as _;

use uvshift_diagnostics::Severity;
use uvshift_migrate::{HostKind, RewriteDone, RewriteEdit, RewriteFile, RewritePlan, rewrite_hosts};
use uvshift_project::redacted;

use super::plural;
use crate::paint::Paint;

/// Longer texts are cut where they stand in one line.
const WIDTH: usize = 100;

/// Which files change and how, what is to be looked at, and what stays.
pub(crate) fn rewrite(plan: &RewritePlan, paint: Paint, verbose: bool) -> String {
    let mut text = String::new();
    if plan.files.is_empty() {
        return text;
    }
    let _ = writeln!(text, "{}  {}", paint.bold("Commands"), counts(plan, paint));
    for file in &plan.files {
        let _ = writeln!(text, "  {} {}", file.path, paint.dim(&format!("({})", file.host.title)));
        for edit in &file.made {
            let reason = verbose.then_some(edit.reason.as_str());
            text.push_str(&line(file, edit, &paint.green("changed"), reason, paint));
        }
        // What is never edited is told; `--review` makes the rest.
        let word = if file.host.kind == HostKind::Reported { "told   " } else { "review " };
        for edit in &file.offered {
            text.push_str(&line(file, edit, &paint.yellow(word), Some(&edit.reason), paint));
        }
        for left in &file.left {
            let was = file.before.get(left.span.clone()).unwrap_or_default();
            let reason = match &left.suggestion {
                Some(suggestion) => format!("{}; try: {}", left.reason, short(suggestion)),
                None => left.reason.clone(),
            };
            let _ = writeln!(
                text,
                "    {}  {:>4}  {}\n                   {}",
                paint.yellow("left   "),
                file.line(left.span.start),
                short(was),
                paint.dim(&redacted(&reason))
            );
        }
    }
    text
}

fn line(file: &RewriteFile, edit: &RewriteEdit, word: &str, reason: Option<&str>, paint: Paint) -> String {
    let (was, new) = from_the_change(file.before.get(edit.span.clone()).unwrap_or_default(), &edit.new);
    let (was, new) = (short(was), short(new));
    let what = match (was.is_empty(), new.is_empty()) {
        (true, _) => format!("+ {new}"),
        (_, true) => format!("- {was}"),
        _ => format!("{was} {} {new}", paint.dim("->")),
    };
    let mut text = format!("    {word}  {:>4}  {what}\n", file.line(edit.span.start));
    if let Some(reason) = reason {
        let _ = writeln!(text, "                   {}", paint.dim(&redacted(reason)));
    }
    text
}

/// Both texts from the first line on in which they differ, so that a block with a common head shows what becomes of it.
fn from_the_change<'a>(was: &'a str, new: &'a str) -> (&'a str, &'a str) {
    let says = |text: &'a str| text.split_inclusive('\n').filter(|line| !line.trim().is_empty());
    let common = says(was).zip(says(new)).take_while(|(was, new)| was.trim() == new.trim()).count();
    let rest = |text: &'a str| {
        let mut at = 0;
        let mut seen = 0;
        for line in text.split_inclusive('\n') {
            if seen == common && !line.trim().is_empty() {
                break;
            }
            seen += usize::from(!line.trim().is_empty());
            at += line.len();
        }
        text.get(at..).unwrap_or_default()
    };
    let (rest_was, rest_new) = (rest(was), rest(new));
    // Only the space at the ends of lines differs.
    if rest_was.is_empty() && rest_new.is_empty() { (was, new) } else { (rest_was, rest_new) }
}

/// The first line that says something, cut and without credentials.
fn short(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return String::new() };
    let mut shown: String = redacted(first).chars().take(WIDTH).collect();
    if lines.next().is_some() || first.chars().count() > WIDTH {
        shown.push_str(" ...");
    }
    shown
}

fn counts(plan: &RewritePlan, paint: Paint) -> String {
    let sum = |count: fn(&RewriteFile) -> usize| plan.files.iter().map(count).sum::<usize>();
    let changing = plan.files.iter().filter(|file| file.before != file.after).count();
    let mut parts =
        vec![format!("{} read", plural(plan.read, "file")), paint.green(&format!("{changing} change"))];
    for (count, word) in
        [(sum(|file| file.offered.len()), "to review"), (sum(|file| file.left.len()), "left as they are")]
    {
        if count > 0 {
            parts.push(paint.yellow(&format!("{count} {word}")));
        }
    }
    parts.join(", ")
}

/// What became of commands in a migration.
pub(super) struct Outcome {
    made: usize,
    /// What `--review` makes.
    pub(super) offered: usize,
    left: usize,
}

/// Counts what became of each command. What is never edited counts as left.
pub(super) fn outcome(plan: &RewritePlan) -> Outcome {
    let mut outcome = Outcome { made: 0, offered: 0, left: 0 };
    for file in &plan.files {
        outcome.made += file.made.len();
        outcome.left += file.left.len();
        if file.host.kind == HostKind::Reported {
            outcome.left += file.offered.len();
        } else {
            outcome.offered += file.offered.len();
        }
    }
    outcome
}

impl Outcome {
    /// None where no command has to do with pip.
    pub(super) fn counts(&self, paint: Paint) -> Option<String> {
        let Self { made, offered, left } = self;
        if made + offered + left == 0 {
            return None;
        }
        let mut parts = vec![format!("{made} changed")];
        let more = [(offered, "to review"), (left, "left")];
        let more = more.iter().filter(|(count, _)| **count > 0);
        parts.extend(more.map(|(count, word)| paint.yellow(&format!("{count} {word}"))));
        Some(parts.join(", "))
    }
}

/// Why nothing changes; `documents` is how many documents have commands, where those were not asked for.
pub(crate) fn no_rewrite(plan: &RewritePlan, documents: usize) -> String {
    if documents > 0 {
        let documents = plural(documents, "document");
        return format!("Nothing to rewrite but commands in {documents}, which `--docs` reads, too.\n");
    }
    if plan.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        "Nothing is changed; correct what is named above first.\n"
    } else if plan.files.iter().any(|file| !file.offered.is_empty()) {
        "Nothing is changed without being looked at; `--review` makes these changes, too.\n"
    } else if plan.files.is_empty() {
        "Nothing to rewrite: no command here has to do with pip or its kin.\n"
    } else {
        "Nothing can be rewritten; what is named above stays as it is.\n"
    }
    .to_owned()
}

/// What was done, at a glance, and how to undo it.
pub(crate) fn rewritten(plan: &RewritePlan, done: &RewriteDone, path: &str, paint: Paint) -> String {
    let mut text =
        format!("{}\n", paint.green("The commands are those of uv; a second run would change nothing."));
    let _ = writeln!(text, "  commands  {}", counts(plan, paint));
    let _ = writeln!(text, "  changed   {}", done.changed.join(", "));
    let place = if path == "." { String::new() } else { format!(" {path}") };
    let _ = writeln!(text, "\nUndo:  uvshift rollback{place}");
    text
}

/// The kinds of files.
pub(crate) fn hosts(paint: Paint) -> String {
    let width = rewrite_hosts().iter().map(|host| host.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for host in rewrite_hosts() {
        let what = match host.kind {
            HostKind::Edited => "edited",
            HostKind::Reported => "told of only",
            HostKind::Document => "edited with --docs",
        };
        let _ = writeln!(text, "{:<width$}  {} {}", host.name, host.title, paint.dim(&format!("({what})")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_shows_the_line_that_changes() {
        let was = "|\n  set -e\n  pip install -r requirements.txt\n  pytest\n";
        let new = "|\n  set -e\n\n  uv sync --locked\n  uv run pytest\n";
        let (was, new) = from_the_change(was, new);
        assert_eq!(short(was), "pip install -r requirements.txt ...");
        assert_eq!(short(new), "uv sync --locked ...");
        assert_eq!(from_the_change("a", "b"), ("a", "b"));
        assert_eq!(from_the_change("a\nb", "a"), ("b", ""));
        assert_eq!(from_the_change("", "b\n"), ("", "b\n"));
    }
}
