//! The part of docs/evidence.md about imports.

use std::fmt::Write as _;

use super::{Judged, Score, Scores, TOOLS};

pub(crate) fn render(judged: &[Judged]) -> String {
    let mut text = head(judged);
    totals(&mut text, &judged.iter().collect::<Vec<_>>());
    let held_out: Vec<&Judged> = judged.iter().filter(|project| project.truth.is_held_out).collect();
    let _ = write!(
        text,
        "\nThe rules were mended with the first {} of them, which is what such a list is for. The other {} were read and judged after that, and before uvshift \
had seen them; of these alone:\n\n",
        judged.len() - held_out.len(),
        held_out.len()
    );
    totals(&mut text, &held_out);
    projects(&mut text, judged);
    differences(&mut text, judged);
    corrections(&mut text, judged);
    text
}

/// One of the scores.
type Part = fn(&Scores) -> &Score;

/// All projects together, for one of the tools.
pub(crate) fn total(judged: &[&Judged], tool: usize, part: impl Fn(&Scores) -> &Score) -> Score {
    let mut total = Score::default();
    for project in judged {
        total.add(part(&project.results[tool]));
    }
    total
}

fn head(judged: &[Judged]) -> String {
    let declared: usize = judged.iter().map(|project| project.truth.declared.len()).sum();
    let unused: usize = judged.iter().map(|project| project.truth.unused()).sum();
    let undeclared: usize = judged.iter().map(|project| project.truth.undeclared()).sum();
    format!(
        "## Imports and dependencies\n\n\
{} source distributions, pinned by hash, whose every import and requirement was read and judged before any tool had looked at them \
(`crates/depgraph/truth`):\n{declared} requirements in `dependencies`, `install_requires` and extras, {unused} of them unused; {undeclared} distributions that are imported and \
not declared.\n`uvshift deps` runs as it is; deptry with the options and requirements files that make it read each project as its owner would.\n\
deptry names modules and never a distribution; the facts translate them for it, while uvshift has to name the distribution.\n\
What uvshift says in a note about an import (it is guarded, or in an example) is no claim of a defect, and does not count; what it says about requirements always counts.\n\n",
        judged.len(),
    )
}

fn totals(text: &mut String, judged: &[&Judged]) {
    let rules: [(&str, Part); 4] = [
        ("unused", |it| &it.unused),
        ("unused, of extras for development alone", |it| &it.unused_in_development),
        ("missing, with those that something else brings", |it| &it.undeclared),
        ("missing, without those", |it| &it.missing),
    ];
    text.push_str(
        "| rule | tool | right | wrong | overlooked | precision | recall |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    for (rule, part) in rules {
        for (index, tool) in TOOLS.iter().enumerate() {
            let score = total(judged, index, part);
            let _ = writeln!(
                text,
                "| {rule} | {tool} | {} | {:.1} % | {:.1} % |",
                counts(&score),
                score.precision() * 100.0,
                score.recall() * 100.0
            );
        }
    }
}

fn counts(score: &Score) -> String {
    format!("{} | {} | {}", score.right.len(), score.wrong.len(), score.overlooked.len())
}

fn projects(text: &mut String, judged: &[Judged]) {
    text.push_str("\nRight, wrong and overlooked by project:\n\n| project | what it is |");
    for tool in TOOLS {
        let _ = write!(text, " {tool}: unused | missing |");
    }
    text.push_str("\n|---|---|---|---|---|---|---|---|\n");
    for project in judged {
        let truth = &project.truth;
        let _ = write!(text, "| {} {} | {} |", truth.name, truth.version, truth.kind);
        for scores in &project.results {
            let cell = |score: &Score| counts(score).replace(" |", ",");
            let _ = write!(text, " {} | {} |", cell(&scores.unused), cell(&scores.undeclared));
        }
        text.push('\n');
    }
}

fn differences(text: &mut String, judged: &[Judged]) {
    text.push_str("\nWhere a tool is not right:\n\n");
    for project in judged {
        for (tool, scores) in TOOLS.iter().zip(&project.results) {
            for (rule, score) in [("unused", &scores.unused), ("missing", &scores.undeclared)] {
                for (what, names) in [("wrong", &score.wrong), ("overlooked", &score.overlooked)] {
                    if !names.is_empty() {
                        let _ = writeln!(
                            text,
                            "- {}: {tool}: {rule}, {what}: {}",
                            project.truth.name,
                            names.join(", ")
                        );
                    }
                }
            }
        }
    }
}

fn corrections(text: &mut String, judged: &[Judged]) {
    let all: Vec<(&str, &String)> = judged
        .iter()
        .flat_map(|project| project.truth.corrected.iter().map(|why| (project.truth.name.as_str(), why)))
        .collect();
    let _ = writeln!(
        text,
        "\nThe truth was corrected {} times after a tool had been looked at{}",
        all.len(),
        if all.is_empty() { "." } else { ":\n" }
    );
    for (name, why) in all {
        let _ = writeln!(text, "- {name}: {why}");
    }
}
