//! One page without any external resource: a table with search and filters, and below it what differs, with the logs.

use std::fmt::Write as _;

use super::{
    built, difference_words, headline, helping, in_vain, is_fine, long, place, remedy_lines, short, summary,
    together_sentence, together_words, verdict_sentence, verdict_words, wire::wire,
};
use crate::compat::model::{Attempt, Compat, Difference, Outcome, Row, Tally, Together, Verdict};
use crate::report::page::{Cell, Column, Page, Row as TableRow, Table, escaped};
use crate::report::words::{count, time};

/// A log takes no more than this of the page, in bytes; its end is shown.
const LOG_LIMIT: usize = 12 << 10;

pub(in crate::compat) fn html(compat: &Compat, log: &dyn Fn(&str) -> Option<String>) -> String {
    let mut main = format!(
        "<h1>pip and uv, requirement by requirement</h1>\n<p class=\"lead\">{}</p>\n<p>{}</p>\n",
        escaped(&summary(compat)),
        escaped(&headline(&compat.setting)),
    );
    tags(&mut main, compat.tally());
    if !compat.together.is_empty() {
        main.push_str("<h2>All together</h2>\n");
        for (place, together) in compat.together.iter().enumerate() {
            let title = if place == 0 { "All that can be asked" } else { "Without those that fail alone" };
            let _ = writeln!(main, "<h3>{title}</h3>");
            explain_together(&mut main, compat, together, log);
        }
    }
    main.push_str("<h2>One by one</h2>\n");
    main.push_str(&table(compat).to_html());
    let unlike: Vec<(usize, &Row)> =
        compat.rows.iter().enumerate().filter(|(_, row)| !is_fine(row.verdict)).collect();
    if !unlike.is_empty() {
        main.push_str("<h2>What differs, and what helps</h2>\n");
    }
    for (place, row) in unlike {
        explain_row(&mut main, place, row, log);
    }
    about(&mut main, compat);
    let data = wire(compat);
    let page = Page {
        title: "pip and uv, requirement by requirement",
        description: "Whether every requirement resolves under pip and under uv, and to the same versions.",
        main: &main,
        data: Some(("compat.json", &data.to_string())),
    };
    page.to_html()
}

/// How many came to what, at a glance.
fn tags(out: &mut String, tally: Tally) {
    let Tally { rows: _, same, differ, only_pip, only_uv, neither, not_tried, flags_help: _ } = tally;
    out.push_str("<p>");
    for (number, words, class) in [
        (same, "the same", "good"),
        (differ, "differ", "warn"),
        (only_uv, "only with uv", "warn"),
        (only_pip, "only with pip", "bad"),
        (neither, "with neither", "bad"),
        (not_tried, "not tried", "quiet"),
    ] {
        if number > 0 {
            let _ = write!(out, "<span class=\"tag {class}\">{number} {words}</span> ");
        }
    }
    out.push_str("</p>\n");
}

fn table(compat: &Compat) -> Table<'static> {
    let states =
        Verdict::ALL.into_iter().filter(|verdict| compat.rows.iter().any(|row| row.verdict == *verdict));
    Table {
        id: "requirements",
        caption: "Every requirement alone, with all that it needs",
        columns: vec![
            Column::left("Requirement"),
            Column::left("pip").help("The version that pip chooses, or why there is none"),
            Column::left("uv").help("The version that uv chooses, or why there is none"),
            Column::left("Compared"),
            Column::left("Why, and what helps"),
        ],
        rows: compat.rows.iter().enumerate().map(|(place, row)| table_row(place, row)).collect(),
        search: true,
        states: states.map(|verdict| (verdict.id(), verdict_words(verdict))).collect(),
    }
}

fn table_row(number: usize, row: &Row) -> TableRow {
    let name = row.name.as_deref();
    let text = escaped(&row.requested.text);
    let text = if is_fine(row.verdict) { text } else { format!("<a href=\"#row-{number}\">{text}</a>") };
    let place = place(row)
        .map(|place| format!("<br><span class=\"quiet small keep\">{}</span>", escaped(&place)))
        .unwrap_or_default();
    let tag = format!("<span class=\"tag {}\">{}</span>", colour(row.verdict), verdict_words(row.verdict));
    let outcome = |outcome: &Outcome| {
        let cell = Cell::html(format!("<span class=\"keep\">{}</span>", escaped(&short(name, outcome))));
        if outcome.chosen().is_some() { cell } else { cell.class("bad") }
    };
    let why = match (&row.reason, helping(&row.attempts, row.reason.as_deref()).first()) {
        (Some(reason), _) => reason.clone(),
        (None, Some(helps)) => helps.clone(),
        (None, None) if is_fine(row.verdict) => {
            built(row).map(|names| format!("built when it is installed: {names}")).unwrap_or_default()
        }
        (None, None) => said(row),
    };
    let why: String =
        if why.chars().count() > 160 { why.chars().take(157).chain("...".chars()).collect() } else { why };
    TableRow {
        cells: vec![
            Cell::html(format!("{text}{place}")).sorting_by(&row.requested.text),
            outcome(&row.pip),
            outcome(&row.uv),
            Cell::html(tag).sorting_by(verdict_words(row.verdict)),
            Cell::html(marked(&why)),
        ],
        state: Some(row.verdict.id().to_owned()),
    }
}

/// What uv said, or pip where uv said nothing.
fn said(row: &Row) -> String {
    let of = |tool, outcome| long(outcome).map(|words| format!("{tool} {words}"));
    of("uv", &row.uv).or_else(|| of("pip", &row.pip)).unwrap_or_default()
}

fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "good",
        Verdict::OtherDependencies | Verdict::OtherVersion | Verdict::OnlyUv => "warn",
        Verdict::OnlyPip | Verdict::Neither => "bad",
        Verdict::DoesNotApply | Verdict::NotTried => "quiet",
    }
}

fn explain_row(out: &mut String, number: usize, row: &Row, log: &dyn Fn(&str) -> Option<String>) {
    let place = place(row).map(|place| format!(" <span class=\"quiet small\">{}</span>", escaped(&place)));
    let _ = writeln!(
        out,
        "<h3 id=\"row-{number}\"><code>{}</code>{}</h3>\n<p><span class=\"tag {}\">{}</span> {}</p>\n<ul>",
        escaped(&row.requested.text),
        place.unwrap_or_default(),
        colour(row.verdict),
        verdict_words(row.verdict),
        verdict_sentence(row.verdict)
    );
    both(out, &row.pip, &row.uv);
    item(out, "Why", row.reason.as_deref());
    flags(out, &row.attempts, row.reason.as_deref());
    for remedy in &row.remedies {
        item(out, "Remedy for", Some(&remedy_lines(remedy).join("; ")));
    }
    out.push_str("</ul>\n");
    differences(out, &row.differences);
    logs(out, [&row.pip, &row.uv], log);
}

fn explain_together(
    out: &mut String,
    compat: &Compat,
    together: &Together,
    log: &dyn Fn(&str) -> Option<String>,
) {
    let _ = writeln!(
        out,
        "<p><span class=\"tag {}\">{}</span> {}</p>\n<ul>",
        colour(together.verdict),
        together_words(together.verdict),
        escaped(&together_sentence(together))
    );
    both(out, &together.pip, &together.uv);
    item(out, "Why", together.reason.as_deref());
    flags(out, &together.attempts, together.reason.as_deref());
    let left_out = together.left_out.iter().filter_map(|place| compat.rows.get(*place));
    let left_out: Vec<&str> = left_out.map(|row| row.requested.text.as_str()).collect();
    if !left_out.is_empty() {
        item(out, "Left out: they need a build, cannot be read, or fail alone:", Some(&left_out.join(", ")));
    }
    out.push_str("</ul>\n");
    differences(out, &together.differences);
    logs(out, [&together.pip, &together.uv], log);
}

fn both(out: &mut String, pip: &Outcome, uv: &Outcome) {
    item(out, "pip", long(pip).as_deref());
    item(out, "uv", long(uv).as_deref());
}

fn flags(out: &mut String, attempts: &[Attempt], reason: Option<&str>) {
    let helping = helping(attempts, reason);
    for sentence in &helping {
        item(out, "Helps:", Some(sentence));
    }
    let vain = in_vain(attempts);
    if reason.is_none() && helping.is_empty() && !vain.is_empty() {
        item(out, "Tried in vain:", Some(&vain.join("; ")));
    }
}

fn item(out: &mut String, label: &str, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "<li><strong>{label}</strong> {}</li>", marked(text));
    }
}

fn differences(out: &mut String, differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>{}</summary><ul>", differing(differences.len()));
    for difference in differences {
        let _ = writeln!(out, "<li>{}</li>", escaped(&difference_words(difference)));
    }
    out.push_str("</ul></details>\n");
}

fn differing(number: usize) -> String {
    format!("{} differ{}", count(number, "package"), if number == 1 { "s" } else { "" })
}

fn logs(out: &mut String, outcomes: [&Outcome; 2], log: &dyn Fn(&str) -> Option<String>) {
    for (tool, outcome) in ["pip", "uv"].iter().zip(outcomes) {
        let Some(path) = &outcome.log else { continue };
        let taken = if outcome.taken { ", from an earlier run" } else { "" };
        let title = format!("What {tool} said ({}{taken})", time(outcome.seconds));
        let _ = match log(path) {
            Some(text) => writeln!(
                out,
                "<details><summary>{title}</summary><pre>{}</pre></details>",
                escaped(end_of(&text))
            ),
            None => writeln!(out, "<p class=\"quiet small\">{title}: {}</p>", escaped(path)),
        };
    }
}

fn end_of(text: &str) -> &str {
    let start = text.ceil_char_boundary(text.len().saturating_sub(LOG_LIMIT));
    &text[start..]
}

fn about(out: &mut String, compat: &Compat) {
    out.push_str("<h2>How this was found</h2>\n<ul>\n");
    let setting = &compat.setting;
    let sources =
        if setting.sources.is_empty() { "the tools' default".to_owned() } else { setting.sources.join(", ") };
    item(out, "Packages from:", Some(&sources));
    let limit = format!(
        "{}, {} at a time, {} in all",
        time(setting.timeout.as_secs_f64()),
        setting.parallel,
        time(compat.seconds)
    );
    item(out, "Time limit of a command:", Some(&limit));
    let builds = if setting.builds {
        "allowed: code of packages ran where their metadata needed it"
    } else {
        "not allowed: only wheels count, and no code of packages ran"
    };
    item(out, "Builds:", Some(builds));
    out.push_str("</ul>\n<p><button type=\"button\" class=\"button\" data-save hidden>Save the data as JSON</button></p>\n");
}

/// A text whose parts between backticks are code.
fn marked(text: &str) -> String {
    let mut out = String::new();
    let parts: Vec<&str> = text.split('`').collect();
    for (place, part) in parts.iter().enumerate() {
        // The last part of an odd number of backticks is not closed.
        if place % 2 == 1 && place + 1 < parts.len() {
            let _ = write!(out, "<code>{}</code>", escaped(part));
        } else {
            out.push_str(&escaped(part));
        }
    }
    out
}
