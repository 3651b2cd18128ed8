//! Each scenario with its times and its samples.

use std::fmt::Write;

use super::{capital, figure};
use crate::report::chart::{distributions_plot, inline, medians_plot};
use crate::report::page::escaped;
use crate::report::view::View;
use crate::report::words;

/// More requirements than this are folded.
const SHOWN: usize = 8;

/// All of them.
pub(super) fn section(out: &mut String, view: &View<'_>) {
    out.push_str("<section id=\"times\" aria-labelledby=\"times-title\">\n<h2 id=\"times-title\">How long it takes</h2>\n");
    for name in view.scenarios() {
        one(out, view, name);
    }
    out.push_str("</section>\n");
}

fn one(out: &mut String, view: &View<'_>, name: &str) {
    let _ = writeln!(out, "<article>\n<h3>{}</h3>", escaped(name));
    let mut described =
        view.run.scenarios.iter().filter(|it| !it.requirements.is_empty() || !it.description.is_empty());
    if let Some(scenario) = described.find(|it| it.name == name) {
        let packages = scenario.packages.map(|count| words::count(count as usize, "package"));
        let packages = packages.map(|count| format!(", {count} with what they need")).unwrap_or_default();
        let of = words::count(scenario.requirements.len(), "requirement");
        let description = escaped(&capital(&scenario.description));
        let _ = writeln!(out, "<p class=\"quiet\">{description}. {of}{packages}.</p>");
        requirements(out, &scenario.requirements);
    }
    let caption =
        "Median wall times; shorter is better. Whiskers are the 95\u{a0}% intervals of the medians.";
    figure(out, medians_plot(view, name).map(|plot| inline(&plot)), caption);
    let caption = "Every run of every command, on a logarithmic axis. A ring is far from the others, the upright line is the median, and the band goes \
                   from the lower to the upper quartile.";
    if let Ok(plot) = distributions_plot(view, name) {
        out.push_str("<details>\n<summary>Every sample</summary>\n");
        figure(out, Ok(inline(&plot)), caption);
        out.push_str("</details>\n");
    }
    out.push_str("</article>\n");
}

fn requirements(out: &mut String, requirements: &[String]) {
    let list: Vec<String> = requirements.iter().map(|it| format!("<code>{}</code>", escaped(it))).collect();
    if list.is_empty() {
        return;
    }
    if list.len() <= SHOWN {
        let _ = writeln!(out, "<p class=\"list\">{}</p>", list.join(" "));
    } else {
        let _ = writeln!(
            out,
            "<details>\n<summary>{}</summary>\n<p class=\"list\">{}</p>\n</details>",
            words::count(list.len(), "requirement"),
            list.join(" ")
        );
    }
}
