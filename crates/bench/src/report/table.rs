//! A run as a table for a terminal: what it comes to first, then a group of bars for each scenario and operation.

use super::figures::{Figures, Group, Row, figures, warnings};
use super::style::{Role, Style};
use super::words::{count, interval, memory_of, plain, ratio, time, times_as_fast_as};
use crate::model::{Machine, Run, WarningKind};
use crate::statistics::Ratio;

/// The table. Sentences are wrapped at `style.width`; rows have bars where there is room for them.
pub fn table(run: &Run, style: &Style<'_>) -> String {
    let figures = figures(run);
    let mut lines = headline(run, &figures, style);
    let columns = Columns::of(&figures.groups, style.width);
    let mut scenario = None;
    for group in &figures.groups {
        if scenario != Some(&group.scenario) {
            lines.push(String::new());
            let heading = wrap(&heading(run, &group.scenario), style.width, "  ");
            lines.extend(heading.iter().map(|line| (style.paint)(Role::Heading, line)));
            scenario = Some(&group.scenario);
        }
        lines.extend(group_lines(group, &columns, style));
    }
    // Why a series has no figures stands where its figures would.
    let is_told = |message: &String| run.series.iter().any(|series| series.failure.as_ref() == Some(message));
    let mut warnings = warnings(run);
    warnings.retain(|warning| warning.kind != WarningKind::Failed || !is_told(&warning.message));
    if !warnings.is_empty() {
        lines.push(String::new());
    }
    for warning in warnings {
        let place = warning.place.map(|place| format!("{}: ", plain(&place))).unwrap_or_default();
        let text = format!("warning: {place}{}", plain(&warning.message));
        lines.extend(
            wrap(&text, style.width, "         ").iter().map(|line| (style.paint)(Role::Warning, line)),
        );
    }
    lines.join("\n") + "\n"
}

fn headline(run: &Run, figures: &Figures, style: &Style<'_>) -> Vec<String> {
    let text =
        if figures.headline.is_empty() { "nothing to compare was measured" } else { &figures.headline };
    let mut lines: Vec<String> =
        wrap(text, style.width, "").iter().map(|line| (style.paint)(Role::Headline, line)).collect();
    let tools = run.contenders.iter().filter(|contender| contender.label != contender.id);
    let tools: Vec<String> =
        tools.map(|contender| format!("{}: {}", plain(&contender.id), plain(&contender.label))).collect();
    lines
        .extend(wrap(&tools.join("; "), style.width, "").iter().map(|line| (style.paint)(Role::Faint, line)));
    let facts = facts(run);
    lines.extend(wrap(&facts, style.width, "").iter().map(|line| (style.paint)(Role::Faint, line)));
    lines
}

/// On what and how often it was measured.
pub(super) fn facts(run: &Run) -> String {
    let Machine { release, architecture, processor, cores, file_system, link_mode, python, .. } =
        &run.machine;
    let known = [
        processor.clone(),
        (*cores > 0).then(|| count(*cores, "thread")),
        release.clone(),
        Some(architecture.clone()).filter(|text| !text.is_empty()),
        file_system.clone(),
        link_mode.as_ref().map(|mode| format!("link mode {mode}")),
        python.as_ref().map(|version| format!("Python {version}")),
        run.settings.local_index.then(|| "packages from an index on this machine".to_owned()),
        Some(format!("{} each", count(run.settings.runs as usize, "run"))),
    ];
    let facts: Vec<String> = known.into_iter().flatten().map(|fact| plain(&fact)).collect();
    facts.join(", ")
}

fn heading(run: &Run, name: &str) -> String {
    let Some(scenario) = run.scenarios.iter().find(|scenario| scenario.name == name) else {
        return plain(name);
    };
    let packages = scenario.packages.map(|number| count(number as usize, "package"));
    let requirements = Some(scenario.requirements.len()).filter(|number| *number > 0);
    let requirements = requirements.map(|number| count(number, "requirement"));
    let sizes: Vec<String> = requirements.into_iter().chain(packages).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!(" ({})", sizes.join(", ")) };
    let description = scenario.description.as_str();
    let description =
        if description.is_empty() { String::new() } else { format!(": {}", plain(description)) };
    format!("{}{description}{sizes}", plain(name))
}

/// How the rows of all groups stand below each other.
struct Columns {
    widths: [usize; 5],
    /// In characters; 0 for none.
    bars: usize,
}

impl Columns {
    /// A bar that is shorter than this tells nothing.
    const SHORTEST: usize = 10;
    const LONGEST: usize = 40;

    fn of(groups: &[Group], width: usize) -> Self {
        let mut widths = [0; 5];
        for row in groups.iter().flat_map(|group| &group.rows) {
            for (width, cell) in widths.iter_mut().zip(cells(row)) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let fixed = 4 + widths.iter().map(|width| width + 2).sum::<usize>();
        let bars = width.saturating_sub(fixed).min(Self::LONGEST);
        Self { widths, bars: if bars < Self::SHORTEST { 0 } else { bars } }
    }
}

fn group_lines(group: &Group, columns: &Columns, style: &Style<'_>) -> Vec<String> {
    let longest = group.rows.iter().filter_map(|row| row.wall.as_ref()).map(|wall| wall.median);
    let longest = longest.fold(0.0, f64::max);
    if group.rows.iter().all(|row| row.wall.is_none() && row.failure.is_none()) {
        return vec![(style.paint)(Role::Faint, &format!("  {}: not measured", group.operation.id()))];
    }
    let mut lines = vec![format!("  {}", group.operation.id())];
    for row in &group.rows {
        let median = row.wall.as_ref().map_or(0.0, |wall| wall.median);
        lines.push(row_line(row, columns, &bar(median, longest, columns.bars), style));
        lines.extend(notes(row, &group.baseline, style));
    }
    lines
}

/// Contender, median, MAD, processor time, memory.
fn cells(row: &Row) -> [String; 5] {
    let label = plain(&row.contender);
    let Some(wall) = &row.wall else {
        return [label, "-".to_owned(), String::new(), String::new(), String::new()];
    };
    let cpu = row.cpu.map(|cpu| format!("CPU {}", time(cpu))).unwrap_or_default();
    let memory = row.memory.map(memory_of).unwrap_or_default();
    let mad = if wall.count > 1 { format!("± {}", time(wall.mad)) } else { String::new() };
    [label, time(wall.median), mad, cpu, memory]
}

fn row_line(row: &Row, columns: &Columns, bar: &str, style: &Style<'_>) -> String {
    let [label, median, mad, cpu, memory] = cells(row);
    let [label_width, median_width, mad_width, cpu_width, memory_width] = columns.widths;
    let gap = " ".repeat(columns.bars.saturating_sub(bar.chars().count()));
    let bar =
        if columns.bars == 0 { String::new() } else { format!("{}{gap}  ", (style.paint)(Role::Bar, bar)) };
    let line = format!(
        "    {label:label_width$}  {bar}{median:>median_width$}  {mad:mad_width$}  {cpu:>cpu_width$}  {memory:>memory_width$}"
    );
    line.trim_end().to_owned()
}

/// What may be said of a row, below it.
fn notes(row: &Row, baseline: &str, style: &Style<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(value) = &row.times_as_fast {
        let text = format!("{}{}", note(value, baseline), cpu_note(row.cpu_ratio.as_ref()));
        let role = role(value);
        lines.extend(indented(&text, role, style));
    }
    let nothing = row.wall.is_none().then_some("not measured");
    if let Some(failure) = row.failure.as_deref().or(nothing) {
        let text =
            if row.failure.is_some() { format!("failed: {}", plain(failure)) } else { failure.to_owned() };
        lines.extend(indented(&text, Role::Warning, style));
    }
    lines
}

fn indented(text: &str, role: Role, style: &Style<'_>) -> Vec<String> {
    const INDENT: &str = "      ";
    let lines = wrap(text, style.width.saturating_sub(INDENT.len()), "");
    lines.iter().map(|line| format!("{INDENT}{}", (style.paint)(role, line))).collect()
}

/// Never a number below 1 "times as fast": what is slower is said to be.
fn note(value: &Ratio, baseline: &str) -> String {
    if value.is_sure() && value.value < 1.0 {
        let other = value.inverse();
        let range = other.interval.map(interval).unwrap_or_default();
        return format!("slower: takes {} times as long (95 %: {range})", ratio(other.value));
    }
    times_as_fast_as(value, Some(baseline))
}

fn cpu_note(value: Option<&Ratio>) -> String {
    match value {
        Some(value) if value.is_sure() && value.value > 1.0 => {
            format!("; {} times less CPU", ratio(value.value))
        }
        Some(value) if value.is_sure() => format!("; {} times as much CPU", ratio(value.inverse().value)),
        _ => String::new(),
    }
}

fn role(value: &Ratio) -> Role {
    match value.is_sure() {
        true if value.value > 1.0 => Role::Better,
        true => Role::Worse,
        false => Role::Faint,
    }
}

/// A bar of eighths of a character; whatever was measured has at least one.
pub(super) fn bar(value: f64, longest: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if longest <= 0.0 || value <= 0.0 || width == 0 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "the width of a terminal")]
    let wanted = (value / longest).min(1.0) * (width * 8) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most eight times the width"
    )]
    let eighths = (wanted.round() as usize).max(1);
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{rest}", "█".repeat(eighths / 8))
}

/// Lines of at most this width, broken at spaces; the lines after the first are indented.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests;
