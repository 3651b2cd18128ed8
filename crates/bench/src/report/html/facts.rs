//! Where and how it was measured, and how to do it again.

use std::fmt::Write;

use crate::model::{Operation, Run, WarningKind};
use crate::report::page::escaped;
use crate::report::{date, words};
use crate::statistics::FEWEST;

/// The machine, the versions, the caches.
pub(super) fn machine(out: &mut String, run: &Run) {
    out.push_str("<section id=\"machine\" aria-labelledby=\"machine-title\">\n<h2 id=\"machine-title\">Machine and versions</h2>\n<dl class=\"facts\">\n");
    for (name, value) in facts(run) {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escaped(&value));
    }
    out.push_str("</dl>\n</section>\n");
}

/// Where and how a run was made, by name, always in the same order.
pub(super) fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let machine = &run.machine;
    let unknown = || "unknown".to_owned();
    let caches = match machine.same_device {
        Some(true) => "caches and environments on the same device",
        Some(false) => "caches and environments on different devices, so that uv copies",
        None => "unknown whether caches and environments share a device",
    };
    let system = machine.release.clone().unwrap_or_else(|| machine.os.clone());
    vec![
        ("System", format!("{system} ({}, {})", machine.os, machine.architecture)),
        ("Processor", machine.processor.clone().unwrap_or_else(unknown)),
        ("Threads", machine.cores.to_string()),
        ("Memory", machine.memory.map_or_else(unknown, words::memory)),
        ("Load at the start", machine.load.map_or_else(unknown, |load| format!("{load:.2}"))),
        ("File system", format!("{}; {caches}", machine.file_system.clone().unwrap_or_else(unknown))),
        ("Link mode of uv", machine.link_mode.clone().unwrap_or_else(unknown)),
        ("Python", machine.python.clone().unwrap_or_else(unknown)),
        ("Contenders", contenders(run)),
        ("Index", index(run).to_owned()),
        ("Runs", format!("{} after {} unmeasured", run.settings.runs, run.settings.warmups)),
        ("Started", started(run)),
        (
            "Finished",
            run.finished.map_or_else(
                || "not: it was interrupted".to_owned(),
                |at| if at == 0 { "unknown".to_owned() } else { date::utc(at) },
            ),
        ),
    ]
}

/// Who was measured: each by its name, and by its version where that is not in it.
fn contenders(run: &Run) -> String {
    let words: Vec<String> = run
        .contenders
        .iter()
        .map(|it| {
            let is_told = it.label.contains(&it.version);
            if is_told { it.label.clone() } else { format!("{} ({})", it.label, it.version) }
        })
        .collect();
    words.join(", ")
}

fn index(run: &Run) -> &'static str {
    if run.settings.local_index {
        "an index on this machine, filled before"
    } else {
        "the index that the tools use"
    }
}

/// When a run began, where that is known.
pub(super) fn started(run: &Run) -> String {
    if is_foreign(run) { "unknown".to_owned() } else { date::utc(run.started) }
}

/// How it was measured.
pub(super) fn method(out: &mut String, run: &Run) {
    out.push_str("<section id=\"method\" aria-labelledby=\"method-title\">\n<h2 id=\"method-title\">Method</h2>\n<ul>\n");
    if is_foreign(run) {
        out.push_str("<li>The file is one of another program, which does not tell how it measured.</li>\n");
    } else {
        measuring(out, run);
    }
    let _ = write!(
        out,
        "<li>Figures are medians, and the MAD is the median distance to them. Intervals are those of 95\u{a0}%, by the bootstrap: 10,000 resamples with the \
         seed {}. Ratios are the medians of the ratios of pairs. With fewer than {FEWEST} samples there is no interval, and nothing is claimed.</li>\n\
         <li>No sample is left out. Outliers (more than 14.826 times the MAD from the median, as in hyperfine) are marked only.</li>\n\
         <li>Wall time is from start to end. CPU is the time of the processors in the program, its children, and the kernel for them, as the \
         operating system counts it. Peak memory is that of the largest single process, not of all together.</li>\n</ul>\n</section>\n",
        run.settings.seed,
    );
}

/// How samples of ours came about.
fn measuring(out: &mut String, run: &Run) {
    let settings = &run.settings;
    let _ = write!(
        out,
        "<li>Each command was measured {} after {} without measuring. A command that took over {} would have been ended.</li>\n\
         <li>Runs are in blocks: in each block every contender runs once, in an order drawn anew (seed {}). What slows the machine down for a while slows \
         all of them, and the ratio is that of samples of the same block.</li>\n\
         <li>Each tool has caches of its own. A cold run has empty ones. A run counts as warm only if the cache is shown to be used; settings \
         of the caller (<code>PIP_*</code>, <code>UV_*</code>) are taken away.</li>\n\
         <li>Packages came from {}.</li>\n",
        times(settings.runs),
        times(settings.warmups),
        words::time(settings.timeout),
        settings.seed,
        index(run),
    );
}

/// Whether another program measured.
pub(super) fn is_foreign(run: &Run) -> bool {
    run.warnings.iter().any(|warning| warning.kind == WarningKind::Foreign)
}

fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}

/// How to measure the same again.
pub(super) fn again(out: &mut String, run: &Run) {
    let _ = write!(
        out,
        "<section id=\"again\" aria-labelledby=\"again-title\">\n<h2 id=\"again-title\">Do it again</h2>\n<pre><code>{}</code></pre>\n\
         <p class=\"quiet\">Figures differ from run to run and from machine to machine. <code>uvshift bench compare</code> tells whether two \
         runs differ by more than chance.</p>\n</section>\n",
        escaped(&command(run))
    );
}

fn command(run: &Run) -> String {
    let mut words = vec!["uvshift bench run".to_owned()];
    for scenario in run.scenarios.iter().filter(|it| it.name != "project") {
        words.push(format!("--scenario {}", quoted(&scenario.name)));
    }
    if run.scenarios.len() > 1 && run.scenarios.iter().any(|it| it.name == "project") {
        words.push("--scenario project".to_owned());
    }
    let measured: Vec<Operation> = Operation::ALL
        .into_iter()
        .filter(|it| run.series.iter().any(|series| series.operation == *it))
        .collect();
    if measured.len() < Operation::ALL.len() {
        words.extend(measured.iter().map(|it| format!("--operation {}", it.id())));
    }
    if run.settings.quick {
        words.push("--quick".to_owned());
    } else {
        words.push(format!("--runs {} --warmups {}", run.settings.runs, run.settings.warmups));
    }
    if run.settings.local_index {
        words.push("--local-index".to_owned());
    }
    words.push(format!("--seed {} --output run.json --html report.html", run.settings.seed));
    words.join(" ")
}

/// A word of a shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Every sample, to take along.
pub(super) fn data(out: &mut String) {
    out.push_str(
        "<section id=\"data\" aria-labelledby=\"data-title\">\n<h2 id=\"data-title\">Data</h2>\n\
         <p>Every sample of this page is in it, in the form of <code>uvshift bench run --output</code>, which <code>uvshift bench report</code> and \
         <code>uvshift bench compare</code> read.</p>\n\
         <p><button type=\"button\" class=\"button\" data-save hidden>Save as JSON</button></p>\n\
         <noscript><p class=\"quiet\">Scripts are turned off here: the data is in the source of this page, in the element with the id \
         <code>page-data</code>.</p></noscript>\n</section>\n",
    );
}
