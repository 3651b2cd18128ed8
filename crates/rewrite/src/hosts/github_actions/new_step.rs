//! A step of its own that sets uv up.

use super::File;
use super::job::Job;
use super::step::Step;
use crate::yaml::Change;

/// A new step behind another one.
pub(super) fn behind<'y>(
    file: &File<'y>,
    job: &Job<'y>,
    step: &Step<'y>,
    wanted: &[String],
) -> Option<Change> {
    let mut behind = job.steps.iter().skip_while(|it| it.node.span() != step.node.span()).skip(1);
    // In front of the next one, so that it stands apart from what becomes of the last line of this one.
    if let Some(next) = behind.next() {
        return before(file, job, next, wanted);
    }
    let blank = if has_blank_lines(file, job) { "\n" } else { "" };
    step.node.with_item_after(&format!("{blank}{}", text(job, wanted)))
}

/// A new step in front of another one.
pub(super) fn before<'y>(
    file: &File<'y>,
    job: &Job<'y>,
    step: &Step<'y>,
    wanted: &[String],
) -> Option<Change> {
    let blank = if has_blank_lines(file, job) { "\n" } else { "" };
    step.node.with_item_before(&format!("{}{blank}", text(job, wanted)))
}

/// The text of a step that sets uv up, in the style of the others.
fn text(job: &Job<'_>, wanted: &[String]) -> String {
    let named = job.steps.iter().filter(|step| step.text("name").is_some()).count();
    let uses = File::setup_uv();
    let mut lines = if named * 2 > job.steps.len() {
        format!("- name: Install uv\n  uses: {uses}")
    } else {
        format!("- uses: {uses}")
    };
    if !wanted.is_empty() {
        lines.push_str("\n  with:");
        for line in wanted {
            lines.push_str("\n    ");
            lines.push_str(line);
        }
    }
    lines
}

/// Whether an empty line stands between the steps.
fn has_blank_lines(file: &File<'_>, job: &Job<'_>) -> bool {
    let text = file.yaml.text();
    let mut gaps = job.steps.windows(2).filter_map(|pair| match pair {
        [one, two] => text.get(one.node.whole().end..two.node.whole().start),
        _ => None,
    });
    job.steps.len() > 1 && gaps.all(|gap| gap.lines().skip(1).any(|line| line.trim().is_empty()))
}
