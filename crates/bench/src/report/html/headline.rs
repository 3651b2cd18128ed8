//! The one number that is told first, and what it does and does not mean.

use std::fmt::Write;

use super::facts::is_foreign;
use super::{capital, when};
use crate::model::{Operation, Run};
use crate::report::page::escaped;
use crate::report::view::{Condition, Pair, View};
use crate::report::words;
use crate::statistics::{Interval, Ratio};

/// What is told first.
pub(super) struct Headline<'a> {
    /// The pair whose ratio is the number.
    pair: &'a Pair<'a>,
    ratio: Ratio,
    /// All pairs of the same operation of the same scenario, this one among them.
    beside: Vec<&'a Pair<'a>>,
}

/// What people ask for first.
const FIRST: [Operation; 7] = [
    Operation::InstallWarm,
    Operation::InstallCold,
    Operation::Resolve,
    Operation::SyncAfterChange,
    Operation::NoOp,
    Operation::CreateEnvironment,
    Operation::Command,
];

/// The pair that says most: of the user's own project if that was measured, else of the medium scenario, else of the first; of
/// the operation that people do most; with an interval if any has one; each tool as it comes.
pub(super) fn choose<'a>(view: &'a View<'a>) -> Option<Headline<'a>> {
    let place = |operation| FIRST.iter().position(|it| *it == operation);
    let scenario = |name: &str| match name {
        "project" => 0,
        "medium" => 1,
        _ => 2,
    };
    let rank = |pair: &Pair<'_>, ratio: &Ratio| {
        let (name, operation) = (pair.fast.series.scenario.as_str(), pair.fast.series.operation);
        (ratio.interval.is_none(), scenario(name), place(operation), pair.condition != Condition::AsTheyCome)
    };
    let candidates = view.pairs.iter().filter_map(|pair| Some((pair, pair.ratio?)));
    let (pair, ratio) = candidates.min_by_key(|(pair, ratio)| rank(pair, ratio))?;
    let is_beside = |other: &&Pair<'_>| {
        other.fast.series.scenario == pair.fast.series.scenario
            && other.fast.series.operation == pair.fast.series.operation
    };
    Some(Headline { pair, ratio, beside: view.pairs.iter().filter(is_beside).collect() })
}

/// The headline, as plain text.
pub(super) fn title(run: &Run, headline: Option<&Headline<'_>>) -> String {
    let Some(Headline { pair, ratio, .. }) = headline else {
        let commands = words::count(run.series.len(), "command");
        let is_foreign = is_foreign(run);
        return if is_foreign {
            format!("How long {commands} took")
        } else {
            "Nothing could be compared".to_owned()
        };
    };
    let (slow, fast) = names(pair);
    let (what, how) = doing(pair);
    let pairs = words::count(ratio.pairs, "pair");
    match few(ratio) {
        _ if ratio.is_sure() && ratio.value > 1.0 => {
            format!("{fast} {what} {} times as fast as {slow}{how}", words::ratio(ratio.value))
        }
        _ if ratio.is_sure() => {
            let times = words::ratio(1.0 / ratio.value);
            format!("{fast} {what} slower than {slow}{how}: it takes {times} times as long")
        }
        Some(range) if range.low > 1.0 => {
            let times = words::interval(range);
            format!("{fast} {what} {times} times as fast as {slow}{how}, in {pairs} of runs")
        }
        Some(_) => format!("{fast} {what} slower than {slow}{how}, in {pairs} of runs"),
        None if ratio.interval.is_none() => {
            format!("Too few runs to tell whether {fast} {what} faster than {slow}{how}")
        }
        None => {
            format!("No difference between {fast} and {slow} was shown: {fast} {what} about as fast{how}")
        }
    }
}

/// The range of few pairs that all say the same, without an interval.
fn few(ratio: &Ratio) -> Option<Interval> {
    ratio.range.filter(|range| ratio.interval.is_none() && ratio.pairs > 1 && !range.contains(1.0))
}

/// The headline and its interval in a sentence, as plain text.
pub(super) fn description(headline: Option<&Headline<'_>>) -> String {
    match headline {
        Some(it) => format!(
            "{} against {}: {}.",
            it.pair.fast.label,
            it.pair.slow.label,
            words::times_as_fast(&it.ratio)
        ),
        None => "No two commands were measured in the same block.".to_owned(),
    }
}

/// The top of the page.
pub(super) fn section(out: &mut String, view: &View<'_>, headline: Option<&Headline<'_>>) {
    let _ = write!(
        out,
        "<header>\n<p class=\"kicker\">{}</p>\n<h1>{}</h1>\n",
        escaped(&when(view.run)),
        escaped(&title(view.run, headline))
    );
    match headline {
        Some(headline) => told(out, headline),
        None => out.push_str("<p class=\"lead\">No two commands were measured in the same block, so nothing can be said about their ratio.</p>\n"),
    }
    out.push_str("</header>\n");
    if let Some(headline) = headline {
        meaning(out, view, headline);
    }
}

fn told(out: &mut String, headline: &Headline<'_>) {
    let pair = headline.pair;
    if let (Some(slow), Some(fast)) = (&pair.slow.wall, &pair.fast.wall) {
        let _ = writeln!(
            out,
            "<p class=\"lead\">{} took {} and {} took {}: medians of {} each, in turn on the same machine.</p>",
            escaped(&pair.slow.label),
            words::time(slow.median),
            escaped(&pair.fast.label),
            words::time(fast.median),
            words::count(fast.count, "run"),
        );
    }
    out.push_str("<ul class=\"cards\">\n");
    for pair in &headline.beside {
        card(out, pair);
    }
    out.push_str("</ul>\n");
}

fn card(out: &mut String, pair: &Pair<'_>) {
    let (number, below) = match &pair.ratio {
        Some(ratio) => (big(ratio), below(ratio)),
        None => ("<strong class=\"big quiet\">–</strong>".to_owned(), "not measured".to_owned()),
    };
    let _ = writeln!(
        out,
        "<li><span class=\"what\">{}</span> {number} <span class=\"range\">{}</span> \
         <span class=\"who\">{} <span aria-hidden=\"true\">·</span><span class=\"said\">against</span> {}</span></li>",
        escaped(&capital(&pair.words())),
        escaped(&below),
        escaped(&pair.fast.label),
        escaped(&pair.slow.label),
    );
}

/// The number of a card. Where nothing is claimed, it is not told as if it were.
fn big(ratio: &Ratio) -> String {
    let class = if ratio.is_sure() { "big" } else { "big quiet" };
    match few(ratio) {
        Some(range) => {
            format!("<strong class=\"big few\">{}<small>×</small></strong>", words::interval(range))
        }
        None => format!("<strong class=\"{class}\">{}<small>×</small></strong>", words::ratio(ratio.value)),
    }
}

fn below(ratio: &Ratio) -> String {
    let pairs = words::count(ratio.pairs, "pair");
    match ratio.interval {
        Some(interval) if interval.contains(1.0) => {
            format!("95\u{a0}% interval {}: no difference shown", words::interval(interval))
        }
        Some(interval) => format!("95\u{a0}% interval {}, {pairs}", words::interval(interval)),
        None => format!("{pairs}, too few for an interval"),
    }
}

fn meaning(out: &mut String, view: &View<'_>, headline: &Headline<'_>) {
    out.push_str("<section class=\"meaning\" aria-label=\"What the number means\">\n<div>\n<h2>What it means</h2>\n<ul>\n");
    for sentence in means(view, headline) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&sentence));
    }
    out.push_str("</ul>\n</div>\n<div>\n<h2>What it does not mean</h2>\n<ul>\n");
    for sentence in means_not(view, headline) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&sentence));
    }
    out.push_str("</ul>\n</div>\n</section>\n");
}

fn means(view: &View<'_>, headline: &Headline<'_>) -> Vec<String> {
    let pair = headline.pair;
    let mut sentences = Vec::new();
    let ratio = &headline.ratio;
    if !ratio.is_sure() && few(ratio).is_none() {
        let why =
            if ratio.interval.is_some() { "the interval has 1 in it" } else { "there are too few runs" };
        sentences.push(format!("Nothing may be claimed from these figures: {why}."));
    } else if let (Some(slow), Some(fast)) = (&pair.slow.wall, &pair.fast.wall) {
        let difference = slow.median - fast.median;
        let more = if difference >= 0.0 { "less" } else { "more" };
        sentences.push(format!("{} {more} {}.", words::time(difference.abs()), each_time(pair, view.run)));
    }
    if let Some(interval) = headline.ratio.interval {
        sentences.push(format!(
            "With 95\u{a0}% confidence the ratio lies between {} and {}, on this machine as it was then.",
            words::ratio(interval.low),
            words::ratio(interval.high)
        ));
    }
    let bytecode =
        headline.beside.iter().find(|it| it.condition == Condition::WithBytecode).and_then(|it| it.ratio);
    if let Some(ratio) = bytecode.filter(|_| pair.condition == Condition::AsTheyCome) {
        sentences.push(format!(
            "pip compiles bytecode while it installs; uv leaves that to the first import unless told to. Where both do it, the ratio is {}.",
            words::ratio(ratio.value)
        ));
    }
    sentences
}

fn means_not(view: &View<'_>, headline: &Headline<'_>) -> Vec<String> {
    let run = view.run;
    let mut sentences = vec![
        "It is no promise for other machines, networks or packages: these figures are those of one machine on one day.".to_owned(),
        "Nothing else becomes faster by it: tests, builds and the program itself take as long as before.".to_owned(),
    ];
    sentences.push(if run.settings.local_index {
        "It leaves the network out: packages came from an index on this machine. Over a network both wait for the same bytes, and the ratio is smaller.".to_owned()
    } else {
        "The network is in every figure of a cold cache: packages came from an index elsewhere, as fast as that was at the time.".to_owned()
    });
    if let Some(range) = range(view, headline) {
        sentences.push(range);
    }
    if run.settings.quick {
        sentences.push(
            "It is a first look: the short form has few runs. The full form gives narrower intervals."
                .to_owned(),
        );
    }
    sentences
}

/// From where to where all other ratios go.
fn range(view: &View<'_>, headline: &Headline<'_>) -> Option<String> {
    let others = view.pairs.iter().filter(|pair| !std::ptr::eq(*pair, headline.pair));
    let values: Vec<f64> = others.filter_map(|pair| Some(pair.ratio?.value)).collect();
    let low = values.iter().copied().reduce(f64::min)?;
    let high = values.iter().copied().reduce(f64::max)?;
    Some(format!(
        "It does not stand for everything: the other comparisons below go from {} to {}.",
        words::ratio(low),
        words::ratio(high)
    ))
}

/// What a scenario is called in a sentence.
fn described(run: &Run, name: &str) -> String {
    let packages = run.scenarios.iter().find(|it| it.name == name).and_then(|it| it.packages);
    let packages =
        packages.map(|count| format!(" ({})", words::count(count as usize, "package"))).unwrap_or_default();
    format!("{}{packages}", called(name))
}

fn called(name: &str) -> String {
    if name == "project" { "this project".to_owned() } else { format!("“{name}”") }
}

/// Pip and uv where it is them, else their names.
fn names<'a>(pair: &'a Pair<'_>) -> (&'a str, &'a str) {
    if pair.condition == Condition::Others { (&pair.slow.label, &pair.fast.label) } else { ("pip", "uv") }
}

/// What the faster one does, and on what condition, as the middle and the end of a sentence.
fn doing(pair: &Pair<'_>) -> (String, &'static str) {
    let name = called(&pair.fast.series.scenario);
    match pair.fast.series.operation {
        Operation::Resolve => (format!("resolves {name}"), ""),
        Operation::InstallCold => (format!("installs {name}"), " with a cold cache"),
        Operation::InstallWarm => (format!("installs {name}"), " with a warm cache"),
        Operation::NoOp => (format!("sees that {name} is installed"), ""),
        Operation::SyncAfterChange => (format!("brings {name} up to date"), ""),
        Operation::CreateEnvironment => ("creates an environment".to_owned(), ""),
        Operation::Command => (format!("runs {name}"), ""),
    }
}

/// One doing of it, as the end of a sentence.
fn each_time(pair: &Pair<'_>, run: &Run) -> String {
    let what = described(run, &pair.fast.series.scenario);
    match pair.fast.series.operation {
        Operation::Resolve => format!("for each resolution of {what}"),
        Operation::InstallCold => format!("for each installation of {what} with a cold cache"),
        Operation::InstallWarm => format!("for each installation of {what} with a warm cache"),
        Operation::NoOp => format!("for each look at {what} when all is installed"),
        Operation::SyncAfterChange => format!("for each change of {what}"),
        Operation::CreateEnvironment => "for each new environment".to_owned(),
        Operation::Command => format!("for each run of {what}"),
    }
}
