//! Two runs side by side.

use std::fmt::Write;

use super::facts::{facts, started};
use super::figure;
use crate::compare::{Change, Comparison, Verdict};
use crate::model::Run;
use crate::report::chart::{change_ratio, change_words, comparison_plot, contender, inline};
use crate::report::comparison::json;
use crate::report::page::{Cell, Column, Page, Row, Table, escaped};
use crate::report::view::operation;
use crate::report::words;

/// The verdicts in the order in which they matter, with what they are called above a table.
const VERDICTS: [(Verdict, &str); 5] = [
    (Verdict::Slower, "Slower"),
    (Verdict::Faster, "Faster"),
    (Verdict::Same, "The same"),
    (Verdict::Unclear, "Unclear"),
    (Verdict::Missing, "In one run only"),
];

/// Two runs as a page, as [`page`](super::page) is one of a single run: what became slower, what faster, and what cannot be told.
pub fn comparison_page(before: &Run, after: &Run, comparison: &Comparison) -> String {
    let title = title(comparison);
    let mut main = String::new();
    header(&mut main, before, after, comparison, &title);
    warnings(&mut main, comparison);
    picture(&mut main, before, after, comparison);
    table(&mut main, before, after, comparison);
    runs(&mut main, before, after);
    method(&mut main, comparison);
    let data = json(comparison).to_string();
    let description = counts(comparison);
    let data = Some(("uvshift-bench-comparison.json", data.as_str()));
    Page { title: &title, description: &description, main: &main, data }.to_html()
}

/// The headline, as plain text.
fn title(comparison: &Comparison) -> String {
    let all = comparison.changes.len();
    match (comparison.count(Verdict::Slower), comparison.count(Verdict::Faster)) {
        _ if all == 0 => "Nothing was measured in either run".to_owned(),
        (0, 0) if comparison.count(Verdict::Unclear) > 0 => {
            "No change was shown, and not all is clear".to_owned()
        }
        (0, 0) => "No change was shown".to_owned(),
        (0, faster) => format!("{faster} of {all} became faster, none slower"),
        (slower, _) => format!("{slower} of {all} became slower"),
    }
}

fn counts(comparison: &Comparison) -> String {
    let counts = VERDICTS.map(|(verdict, words)| format!("{}: {}", words, comparison.count(verdict)));
    counts.join(", ")
}

fn header(out: &mut String, before: &Run, after: &Run, comparison: &Comparison, title: &str) {
    let _ = write!(
        out,
        "<header>\n<p class=\"kicker\">Two runs compared, of {} and of {}</p>\n<h1>{}</h1>\n\
         <p class=\"lead\">A change counts from {} on, and only if its 95\u{a0}% interval excludes “no change”.</p>\n<ul class=\"cards counts\">\n",
        escaped(&started(before)),
        escaped(&started(after)),
        escaped(title),
        bound(comparison),
    );
    for (verdict, words) in VERDICTS {
        let count = comparison.count(verdict);
        let class = match verdict {
            Verdict::Slower if count > 0 => " bad",
            Verdict::Faster if count > 0 => " good",
            _ => "",
        };
        let _ = writeln!(
            out,
            "<li><span class=\"what\">{words}</span> <strong class=\"big{class}\">{count}</strong></li>"
        );
    }
    out.push_str("</ul>\n</header>\n");
}

fn warnings(out: &mut String, comparison: &Comparison) {
    if comparison.warnings.is_empty() {
        return;
    }
    out.push_str("<section id=\"care\" class=\"care\" aria-labelledby=\"care-title\">\n<h2 id=\"care-title\">Before you believe a change</h2>\n<ul>\n");
    for warning in &comparison.warnings {
        let _ = writeln!(out, "<li>{}</li>", escaped(warning));
    }
    out.push_str("</ul>\n</section>\n");
}

fn picture(out: &mut String, before: &Run, after: &Run, comparison: &Comparison) {
    let caption = "Median wall time of the later run divided by that of the earlier one, with its 95\u{a0}% interval. A ring claims nothing: its interval has \
                   1 in it, or the change is too small to count.";
    out.push_str("<section id=\"changes\" aria-labelledby=\"changes-title\">\n<h2 id=\"changes-title\">Every change</h2>\n");
    figure(out, comparison_plot(before, after, comparison).map(|plot| inline(&plot)), caption);
    out.push_str("</section>\n");
}

fn table(out: &mut String, before: &Run, after: &Run, comparison: &Comparison) {
    let columns = vec![
        Column::left("Scenario"),
        Column::left("Operation"),
        Column::left("Who"),
        Column::left("Verdict"),
        Column::right("Change (95\u{a0}%)").help("Of the median wall time, later against earlier"),
        Column::right("Before").help("The median wall time of the earlier run"),
        Column::right("After").help("The median wall time of the later run"),
        Column::right("Runs").help("Samples before and after"),
        Column::right("CPU (95\u{a0}%)").help("The change of the median time of the processors"),
    ];
    let rows =
        comparison.changes.iter().map(|change| row(change, &contender(change, before, after))).collect();
    let states = VERDICTS.map(|(verdict, words)| (verdict.id(), words)).to_vec();
    let caption = "Every scenario, operation and contender of either run.";
    let table = Table { id: "all", caption, columns, rows, search: true, states };
    out.push_str("<section id=\"figures\" class=\"bleed\" aria-labelledby=\"figures-title\">\n<h2 id=\"figures-title\">All figures</h2>\n");
    out.push_str(&table.to_html());
    out.push_str("</section>\n");
}

fn row(change: &Change, contender: &str) -> Row {
    let median = |of: &Option<crate::statistics::Summary>| {
        let median = of.as_ref().map(|summary| summary.median);
        Cell::number(&median.map_or_else(|| "–".to_owned(), words::time), median)
    };
    let samples = |of: &Option<crate::statistics::Summary>| of.as_ref().map_or(0, |summary| summary.count);
    let words = VERDICTS.iter().find(|it| it.0 == change.verdict).map_or("", |it| it.1);
    let tag = match change.verdict {
        Verdict::Slower => " bad",
        Verdict::Faster => " good",
        Verdict::Unclear => " warn",
        Verdict::Same | Verdict::Missing => "",
    };
    Row {
        cells: vec![
            Cell::text(&change.scenario),
            Cell::text(operation(change.operation)).sorting_by(&(change.operation as u8).to_string()),
            Cell::text(contender),
            Cell::html(format!("<span class=\"tag{tag}\">{words}</span>")),
            Cell::number(&change_words(change), change.wall.map(|ratio| ratio.value)),
            median(&change.before),
            median(&change.after),
            Cell::number(&format!("{} / {}", samples(&change.before), samples(&change.after)), None),
            Cell::number(
                &change.cpu.map_or_else(|| "–".to_owned(), |ratio| change_ratio(&ratio)),
                change.cpu.map(|ratio| ratio.value),
            ),
        ],
        state: Some(change.verdict.id().to_owned()),
    }
}

/// What the two runs were made on; what differs stands out.
fn runs(out: &mut String, before: &Run, after: &Run) {
    out.push_str(
        "<section id=\"machine\" aria-labelledby=\"machine-title\">\n<h2 id=\"machine-title\">The two runs</h2>\n<div class=\"scroll\">\n\
         <table>\n<caption>Where and how both runs were made; what differs stands out.</caption>\n\
         <thead><tr><th scope=\"col\">What</th><th scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead>\n<tbody>\n",
    );
    for ((name, old), (_, new)) in facts(before).into_iter().zip(facts(after)) {
        let differs = old != new && !matches!(name, "Started" | "Finished" | "Load at the start");
        let class = if differs { " class=\"differs\"" } else { "" };
        let (old, new) = (escaped(&old), escaped(&new));
        let _ = writeln!(out, "<tr{class}><th scope=\"row\">{name}</th><td>{old}</td><td>{new}</td></tr>");
    }
    out.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

fn method(out: &mut String, comparison: &Comparison) {
    let _ = write!(
        out,
        "<section id=\"method\" aria-labelledby=\"method-title\">\n<h2 id=\"method-title\">Method</h2>\n<ul>\n\
         <li>The samples of two runs are no pairs. Both are resampled (the bootstrap, 10,000 times), and the interval is that of the ratio of the two \
         medians.</li>\n\
         <li>Slower or faster: the interval has no 1 in it, and the ratio is beyond {}. The same: what is there is smaller than that. Unclear: \
         it may be any of these, since there are too few samples or they differ too much.</li>\n\
         <li>Of twenty intervals of 95\u{a0}%, about one lies beside the truth by chance.</li>\n</ul>\n</section>\n\
         <section id=\"data\" aria-labelledby=\"data-title\">\n<h2 id=\"data-title\">Data</h2>\n\
         <p>The figures of this page, in the form of <code>uvshift bench compare --format json</code>.</p>\n\
         <p><button type=\"button\" class=\"button\" data-save hidden>Save as JSON</button></p>\n\
         <noscript><p class=\"quiet\">Scripts are turned off here: the data is in the source of this page, in the element with the id \
         <code>page-data</code>.</p></noscript>\n</section>\n",
        bound(comparison),
    );
}

/// The smallest change that counts, as `5.0 %`.
fn bound(comparison: &Comparison) -> String {
    words::change(1.0 + comparison.effect).trim_start_matches('+').to_owned()
}
