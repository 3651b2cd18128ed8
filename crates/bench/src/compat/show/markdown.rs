//! A table for a pull request or a wiki, with what differs explained below it.

use std::fmt::Write as _;

use super::{
    difference_words, headline, helping, is_fine, long, place, remedy_lines, short, summary,
    together_sentence, verdict_sentence, verdict_words,
};
use crate::compat::model::{Compat, Row, Together, Verdict};
use crate::report::words::plain;

/// More differences than these are in the other forms of the report.
const DIFFERENCES: usize = 20;

pub(in crate::compat) fn markdown(compat: &Compat) -> String {
    let mut out = format!(
        "# pip and uv, requirement by requirement\n\n{}\n\n**{}**\n\n",
        escaped(&headline(&compat.setting)),
        escaped(&summary(compat))
    );
    for together in &compat.together {
        let _ = writeln!(out, "- {}", escaped(&together_sentence(together)));
    }
    out.push_str("\n| requirement | pip | uv | compared |\n|---|---|---|---|\n");
    for row in &compat.rows {
        let name = row.name.as_deref();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} {} |",
            code(&row.requested.text),
            escaped(&short(name, &row.pip)),
            escaped(&short(name, &row.uv)),
            mark(row.verdict),
            verdict_words(row.verdict)
        );
    }
    let unlike: Vec<&Row> = compat.rows.iter().filter(|row| !is_fine(row.verdict)).collect();
    if !unlike.is_empty() || compat.together.iter().any(|together| !is_fine(together.verdict)) {
        out.push_str("\n## What differs\n");
    }
    for row in unlike {
        explain_row(&mut out, row);
    }
    for together in compat.together.iter().filter(|together| !is_fine(together.verdict)) {
        explain_together(&mut out, together);
    }
    out
}

fn explain_row(out: &mut String, row: &Row) {
    let place = place(row).map(|place| format!(" ({})", escaped(&place))).unwrap_or_default();
    let _ = writeln!(out, "\n### {}{place}\n", code(&row.requested.text));
    item(out, "", Some(verdict_sentence(row.verdict)));
    item(out, "pip ", long(&row.pip).as_deref());
    item(out, "uv ", long(&row.uv).as_deref());
    for difference in row.differences.iter().take(DIFFERENCES) {
        item(out, "", Some(&difference_words(difference)));
    }
    item(out, "why: ", row.reason.as_deref());
    for sentence in helping(&row.attempts, row.reason.as_deref()) {
        item(out, "", Some(&sentence));
    }
    for remedy in &row.remedies {
        item(out, "remedy for ", Some(&remedy_lines(remedy).join("; ")));
    }
}

fn explain_together(out: &mut String, together: &Together) {
    let _ = writeln!(out, "\n### {}\n", escaped(&together_sentence(together)));
    item(out, "pip ", long(&together.pip).as_deref());
    item(out, "uv ", long(&together.uv).as_deref());
    for difference in together.differences.iter().take(DIFFERENCES) {
        item(out, "", Some(&difference_words(difference)));
    }
    item(out, "why: ", together.reason.as_deref());
    for sentence in helping(&together.attempts, together.reason.as_deref()) {
        item(out, "", Some(&sentence));
    }
}

fn item(out: &mut String, before: &str, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "- {before}{}", escaped(text));
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "\u{2705}",
        Verdict::DoesNotApply | Verdict::NotTried => "\u{26aa}",
        Verdict::OtherDependencies | Verdict::OtherVersion | Verdict::OnlyUv => "\u{1f7e1}",
        Verdict::OnlyPip | Verdict::Neither => "\u{1f534}",
    }
}

/// A text in which nothing is markup, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in plain(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Some pages make links of names and numbers behind these.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    // An address would become a link by itself.
    out.replace("://", ":&#47;&#47;")
}

/// A text as code. A fence that is longer than any in the text ends only where it should; `|` would end the cell.
fn code(text: &str) -> String {
    let text = plain(text).replace('|', "\u{ff5c}");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
