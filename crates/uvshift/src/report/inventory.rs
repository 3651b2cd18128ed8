//! The inventory at a glance: counts first, then where they come from, then the risks.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use uvshift_depgraph::catalogue::Category;
use uvshift_migrate::inventory::{
    Counts, DirectKind, EnvironmentSummary, Inventory, LockSummary, Place, PythonSummary, Risk, RiskSeverity,
    SourceSummary, ToolKind, Totals,
};
use uvshift_project::Provenance;

use super::plural;
use crate::paint::Paint;

/// So many rows of a list are shown unless everything is asked for.
const SHOWN: usize = 6;
/// So many risks are shown with their mitigation unless everything is asked for.
const SHOWN_RISKS: usize = 6;
/// The width of the names in front.
const NAMES: usize = 12;

/// What is here, and what may go wrong.
pub(crate) fn inventory(inventory: &Inventory, paint: Paint, verbose: bool) -> String {
    let mut lines = Lines { text: String::new(), paint, verbose };
    let _ = writeln!(lines.text, "{}", paint.bold("Inventory"));
    sources(&mut lines, &inventory.sources, inventory.declared);
    categories(&mut lines, &inventory.categories);
    direct(&mut lines, inventory);
    locks(&mut lines, &inventory.locks);
    if let Some(found) = &inventory.environment {
        environment(&mut lines, found);
    }
    tools(&mut lines, inventory);
    places(&mut lines, "CI", &inventory.ci);
    places(&mut lines, "Containers", &inventory.containers);
    places(&mut lines, "Scripts", &inventory.scripts);
    python(&mut lines, &inventory.python);
    if !inventory.unread.is_empty() {
        lines.row("Not read", &format!("{}, as no text of at most 1 MiB", inventory.unread.join(", ")));
    }
    risks(&mut lines, &inventory.risks);
    lines.text
}

/// The text in the making.
struct Lines {
    text: String,
    paint: Paint,
    verbose: bool,
}

impl Lines {
    /// A name with what there is to say.
    fn row(&mut self, name: &str, what: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "  {name:<NAMES$}{what}");
    }

    /// A line below such a name.
    fn below(&mut self, what: &str) {
        self.row("", what);
    }

    /// The same, for what is only shown when everything is asked for.
    fn detail(&mut self, what: &str) {
        if self.verbose {
            let what = self.paint.dim(what);
            self.row("", &format!("  {what}"));
        }
    }

    /// How many of a list are shown.
    fn limit(&self, limit: usize) -> usize {
        if self.verbose { usize::MAX } else { limit }
    }

    /// That there is more than is shown.
    fn more(&mut self, count: usize, shown: usize) {
        if count > shown {
            let what = self.paint.dim(&format!("and {} more; `-v` shows all", count - shown));
            self.below(&what);
        }
    }
}

fn sources(lines: &mut Lines, sources: &[SourceSummary], totals: Totals) {
    lines.row("Declared", &declared(totals));
    let read: Vec<&SourceSummary> = sources.iter().filter(|source| source.left_alone.is_none()).collect();
    let left: Vec<&SourceSummary> = sources.iter().filter(|source| source.left_alone.is_some()).collect();
    if read.is_empty() {
        return;
    }
    let limit = lines.limit(SHOWN);
    let width = |column: fn(&SourceSummary) -> String| {
        read.iter().take(limit).map(|source| column(source).chars().count()).max().unwrap_or(0)
    };
    let (first, second) = (width(|source| source.path.clone()), width(what));
    for (index, source) in read.iter().take(limit).enumerate() {
        let name = if index == 0 { "Sources" } else { "" };
        let row = format!("{:<first$}  {:<second$}  {}", source.path, what(source), of_source(source));
        lines.row(name, row.trim_end());
    }
    lines.more(read.len(), limit);
    if !left.is_empty() {
        lines.below(&lines.paint.dim(&format!("{} left alone", plural(left.len(), "file"))));
        for source in left {
            let why = source.left_alone.as_deref().unwrap_or_default();
            lines.detail(&format!("{}  {why}", source.path));
        }
    }
}

/// What the packages are for: how many, and with everything asked for which.
fn categories(lines: &mut Lines, categories: &[(Category, Vec<String>)]) {
    if categories.is_empty() {
        return;
    }
    let counts: Vec<String> =
        categories.iter().map(|(category, names)| format!("{} {}", names.len(), category.as_str())).collect();
    lines.row("Categories", &counts.join(", "));
    for (category, names) in categories {
        lines.detail(&format!("{}: {}", category.as_str(), names.join(", ")));
    }
}

fn what(source: &SourceSummary) -> String {
    source.role.clone().unwrap_or_else(|| source.kind.clone())
}

fn declared(totals: Totals) -> String {
    let Totals { main, extras, groups, packages, counts } = totals;
    if counts.total() == 0 {
        return "nothing".to_owned();
    }
    let parts = [(main, "to run"), (extras, "in extras"), (groups, "in groups")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let pinned = totals.pinned_percent().map(|percent| format!("; {percent} % pinned")).unwrap_or_default();
    format!(
        "{} of {}: {}{pinned}",
        plural(counts.total(), "requirement"),
        plural(packages, "package"),
        parts.join(", ")
    )
}

fn of_source(source: &SourceSummary) -> String {
    let mut parts = vec![of_counts(source.counts)];
    if source.hashed > 0 {
        parts.push(format!("{} with hashes", source.hashed));
    }
    if !source.includes.is_empty() {
        parts.push(format!("-r {}", source.includes.join(", ")));
    }
    if !source.constraints.is_empty() {
        parts.push(format!("-c {}", source.constraints.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

fn of_counts(counts: Counts) -> String {
    let Counts { exact, bounded, open, direct } = counts;
    let parts = [(exact, "pinned"), (bounded, "bounded"), (open, "open"), (direct, "direct")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    parts.join(", ")
}

fn direct(lines: &mut Lines, inventory: &Inventory) {
    let found = &inventory.direct;
    if found.is_empty() {
        return;
    }
    let kinds = [
        (DirectKind::Git, "git"),
        (DirectKind::Vcs, "other repository"),
        (DirectKind::Url, "URL"),
        (DirectKind::Path, "local"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .map(|(kind, word)| (found.iter().filter(|found| found.kind == *kind).count(), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    lines.row("Direct", &parts.join(", "));
    let limit = lines.limit(SHOWN);
    for one in found.iter().take(limit) {
        let name = one.name.as_deref().unwrap_or(if one.itself { "the project" } else { "(no name)" });
        let reference = one.reference.as_ref().map(|reference| format!("@{reference}")).unwrap_or_default();
        let mut notes = Vec::new();
        if one.editable {
            notes.push("editable");
        }
        if one.outside {
            notes.push("outside of the project");
        }
        if !one.fixed {
            notes.push(if one.kind == DirectKind::Url { "without a hash" } else { "not held at a commit" });
        }
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let place = lines.paint.dim(&one.from.to_string());
        lines.below(&format!("{name}  {}{reference}{notes}  {place}", one.location));
    }
    lines.more(found.len(), limit);
}

fn locks(lines: &mut Lines, locks: &[LockSummary]) {
    if locks.is_empty() {
        lines.row("Locks", "none");
        return;
    }
    let limit = lines.limit(SHOWN);
    for (index, lock) in locks.iter().take(limit).enumerate() {
        let count = match lock.packages {
            Some(count) => plural(count, "package"),
            None => "not readable here".to_owned(),
        };
        let name = if index == 0 { "Locks" } else { "" };
        lines.row(name, &format!("{}  {}, {count}", lock.path, lock.kind));
    }
    lines.more(locks.len(), limit);
}

fn environment(lines: &mut Lines, found: &EnvironmentSummary) {
    let EnvironmentSummary { path, python, packages, elsewhere, unneeded, problems } = found;
    let mut parts = vec![plural(*packages, "package")];
    if !python.is_empty() {
        parts.insert(0, format!("Python {python}"));
    }
    if !elsewhere.is_empty() {
        parts.push(format!("{} not from an index", elsewhere.len()));
    }
    if !unneeded.is_empty() {
        parts.push(format!("{} that no file asks for", unneeded.len()));
    }
    if *problems > 0 {
        parts.push(plural(*problems, "problem"));
    }
    lines.row("Environment", &format!("{path}  {}", parts.join(", ")));
    for one in elsewhere {
        lines.detail(&format!("{} {}  {}  {}", one.name, one.version, one.kind.as_str(), one.origin));
    }
    if !unneeded.is_empty() {
        lines.detail(&format!("no file asks for {}", unneeded.join(", ")));
    }
}

fn tools(lines: &mut Lines, inventory: &Inventory) {
    let tools = &inventory.tools;
    if tools.is_empty() {
        return;
    }
    if !lines.verbose {
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        lines.row("Tools", &names.join(", "));
        return;
    }
    let mut name = "Tools";
    for kind in ToolKind::ALL {
        for tool in tools.iter().filter(|tool| tool.kind == kind) {
            let mut parts = Vec::new();
            if !tool.configured.is_empty() {
                parts.push(format!("settings in {}", tool.configured.join(", ")));
            }
            if let Some(first) = tool.declared.first() {
                parts.push(format!("declared in {first}"));
            }
            if let Some((rev, _)) = &tool.hook {
                parts.push(format!("hook {rev}"));
            }
            lines.row(name, &format!("{} ({})  {}", tool.name, kind.as_str(), parts.join("; ")));
            name = "";
        }
    }
}

fn places(lines: &mut Lines, name: &str, places: &[Place]) {
    if places.is_empty() {
        return;
    }
    let limit = lines.limit(SHOWN);
    let width = places.iter().take(limit).map(|place| place.path.chars().count()).max().unwrap_or(0);
    for (index, place) in places.iter().take(limit).enumerate() {
        let mut parts = vec![place.system.to_owned()];
        if !place.images.is_empty() {
            let images: Vec<&str> = place.images.iter().map(|(_, image)| image.as_str()).collect();
            parts.push(few(&images));
        } else if !place.python.is_empty() {
            parts.push(format!("Python {}", place.python.join(", ")));
        }
        if !place.calls.is_empty() {
            let mut programs: Vec<&str> = Vec::new();
            for call in &place.calls {
                if !programs.contains(&call.program.as_str()) {
                    programs.push(call.program.as_str());
                }
            }
            parts.push(format!("{} to {}", plural(place.calls.len(), "call"), programs.join(", ")));
        }
        let name = if index == 0 { name } else { "" };
        lines.row(name, &format!("{:<width$}  {}", place.path, parts.join("; ")));
        for call in &place.calls {
            lines.detail(&format!("{}:{}  {}", place.path, call.line, call.command));
        }
    }
    lines.more(places.len(), limit);
}

/// The first ones of a list, each once.
fn few(words: &[&str]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for word in words {
        if !unique.contains(word) {
            unique.push(word);
        }
    }
    let more = if unique.len() > 3 { format!(" and {} more", unique.len() - 3) } else { String::new() };
    unique.truncate(3);
    format!("{}{more}", unique.join(", "))
}

fn python(lines: &mut Lines, python: &PythonSummary) {
    let PythonSummary { requires_python, evidence, contradictions, versions } = python;
    let mut parts = vec![requires_python.clone().unwrap_or_else(|| "not said".to_owned())];
    if !versions.is_empty() {
        let named: Vec<&str> = versions
            .iter()
            .filter(|version| version.is_named)
            .map(|version| version.version.as_str())
            .collect();
        if !named.is_empty() {
            parts.push(format!("named: {}", named.join(", ")));
        }
    }
    let past: Vec<&str> =
        versions.iter().filter(|version| version.is_past).map(|version| version.version.as_str()).collect();
    match (past.len(), past.len() == versions.len()) {
        (0, _) => {}
        (1, true) => parts.push("past its end of life".to_owned()),
        (_, true) => parts.push("all past their end of life".to_owned()),
        _ => parts.push(format!("past end of life: {}", past.join(", "))),
    }
    lines.row("Python", &parts.join("; "));
    let mut shown: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for found in evidence {
        let row = (found.from.file.as_str(), found.what.as_str(), found.specifier.as_str());
        // A matrix says the same in many lines.
        if shown.insert(row) {
            lines.detail(&format!("{}  {} {}", found.from, found.what, found.specifier));
        }
    }
    for text in contradictions {
        lines.detail(text);
    }
}

fn risks(lines: &mut Lines, risks: &[Risk]) {
    let paint = lines.paint;
    if risks.is_empty() {
        let _ = writeln!(lines.text, "\n{}  {}\n", paint.bold("Risks"), paint.green("none found"));
        return;
    }
    let count = |severity| risks.iter().filter(|risk| risk.severity == severity).count();
    let severities = [RiskSeverity::High, RiskSeverity::Medium, RiskSeverity::Low];
    let parts: Vec<String> = severities
        .iter()
        .map(|severity| (count(*severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {}", severity.as_str()))
        .collect();
    let _ = writeln!(lines.text, "\n{}  {}", paint.bold("Risks"), parts.join(", "));
    let kinds = kinds(risks, lines.verbose);
    let limit = lines.limit(SHOWN_RISKS);
    for (risk, others) in kinds.iter().take(limit) {
        one_risk(lines, risk, others);
    }
    let hidden: usize = kinds.iter().skip(limit).map(|(_, others)| 1 + others.len()).sum();
    if hidden > 0 {
        let more = paint.dim(&format!("and {hidden} more; `-v` shows all"));
        let _ = writeln!(lines.text, "  {more}");
    }
    lines.text.push('\n');
}

/// The first risk of each kind with the others of it; each for itself where everything is asked for.
fn kinds(risks: &[Risk], verbose: bool) -> Vec<(&Risk, Vec<&Risk>)> {
    let mut kinds: Vec<(&Risk, Vec<&Risk>)> = Vec::new();
    for risk in risks {
        match kinds.last_mut() {
            Some((first, others))
                if !verbose && (first.code, first.severity) == (risk.code, risk.severity) =>
            {
                others.push(risk);
            }
            _ => kinds.push((risk, Vec::new())),
        }
    }
    kinds
}

fn one_risk(lines: &mut Lines, risk: &Risk, others: &[&Risk]) {
    const INDENT: &str = "                ";
    let paint = lines.paint;
    let word = format!("{:<6}", risk.severity.as_str());
    let word = match risk.severity {
        RiskSeverity::High => paint.red(&word),
        RiskSeverity::Medium => paint.yellow(&word),
        RiskSeverity::Low => paint.cyan(&word),
    };
    let at = at(&risk.places, lines.limit(2));
    let inline = if lines.verbose || at.is_empty() { String::new() } else { format!("  {at}") };
    let _ = writeln!(lines.text, "  {word}  {}  {}{}", risk.code.id(), risk.what, paint.dim(&inline));
    if lines.verbose {
        if !at.is_empty() {
            let _ = writeln!(lines.text, "{INDENT}{}", paint.dim(&at));
        }
        let _ = writeln!(lines.text, "{INDENT}{} {}", paint.dim("why:"), risk.why);
    }
    let _ = writeln!(lines.text, "{INDENT}{} {}", paint.cyan("help:"), risk.mitigation);
    if !others.is_empty() {
        let packages: Vec<&str> = others.iter().filter_map(|risk| risk.package.as_deref()).collect();
        let also = if packages.len() == others.len() {
            packages.join(", ")
        } else {
            format!("{} more of this kind", others.len())
        };
        let _ = writeln!(lines.text, "{INDENT}{} {also}", paint.dim("also:"));
    }
}

/// The first places, and how many more there are.
fn at(places: &[Provenance], limit: usize) -> String {
    let shown: Vec<String> = places.iter().take(limit).map(ToString::to_string).collect();
    let more = places.len().saturating_sub(limit);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
