//! `uvshift bench report`: a result in another form.

use std::path::Path;

use uvshift_bench::report::chart::{self, Chart};
use uvshift_bench::report::style::{Role, Style};
use uvshift_bench::report::{csv, html, markdown, table};
use uvshift_bench::threshold::{Check, Outcome, Threshold, evaluate, parse_threshold};
use uvshift_bench::{Run, file};

use crate::args::{BenchReportArgs, ChartArg, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::deliver;
use crate::paint::Paint;
use crate::printer::Printer;

pub(crate) fn run(args: &BenchReportArgs, printer: &Printer) -> Result<Exit, Failure> {
    let BenchReportArgs { result, format, chart, scenario, output, threshold } = args;
    let thresholds = threshold.iter().map(|text| parse_threshold(text)).collect::<Result<Vec<_>, _>>()?;
    let run = read(result)?;
    let content = match format {
        Format::Json => file::to_json(&run).into_bytes(),
        Format::Markdown => markdown::markdown(&run).into_bytes(),
        Format::Csv => csv::samples(&run).into_bytes(),
        Format::Html => html::page(&run).into_bytes(),
        Format::Svg => drawn(&run, *chart, scenario.as_deref())?.to_svg().into_bytes(),
        Format::Png => drawn(&run, *chart, scenario.as_deref())?.to_png()?,
        _ => {
            let paint = |role, text: &str| paint(printer.out, role, text);
            table::table(&run, &Style { width: width(), paint: &paint }).into_bytes()
        }
    };
    deliver(&content, *format, output.as_deref(), printer)?;
    Ok(judged(&checks(&run, &thresholds), printer))
}

/// A file of ours or of hyperfine.
pub(super) fn read(path: &Path) -> Result<Run, Failure> {
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|source| Failure::Read { path: path.to_owned(), source })?;
    file::from_json(&text).map_err(|source| Failure::Result { path: path.to_owned(), source })
}

fn drawn(run: &Run, chart: ChartArg, scenario: Option<&str>) -> Result<Chart, Failure> {
    let known = || run.scenarios.iter().map(|scenario| scenario.name.as_str());
    if let Some(given) = scenario.filter(|given| !known().any(|name| name == *given)) {
        let known = known().collect::<Vec<_>>().join(", ");
        return Err(Failure::UnknownScenario { given: given.to_owned(), known });
    }
    let scenario = scenario.or_else(|| known().next()).unwrap_or_default();
    Ok(match chart {
        ChartArg::Ratios => chart::forest(run)?,
        ChartArg::Distributions => chart::distributions(run, scenario)?,
        ChartArg::Medians => chart::medians(run, scenario)?,
    })
}

/// What came of the thresholds.
pub(super) fn checks(run: &Run, thresholds: &[Threshold]) -> Vec<Check> {
    thresholds.iter().flat_map(|threshold| evaluate(run, threshold)).collect()
}

/// Tells the thresholds, and which exit status they are.
pub(super) fn judged(checks: &[Check], printer: &Printer) -> Exit {
    let mut exit = Exit::Done;
    for check in checks {
        let word = match check.outcome {
            Outcome::Passed => printer.err.green("passed"),
            Outcome::Failed => printer.err.red("failed"),
            Outcome::Undecided => printer.err.yellow("undecided"),
            Outcome::NotMeasured => printer.err.red("not measured"),
        };
        printer.say(&format!("{word}  {}: {}", check.threshold, check.message));
        if check.outcome != Outcome::Passed {
            exit = Exit::Findings;
        }
    }
    exit
}

/// The colours of a report.
pub(super) fn paint(paint: Paint, role: Role, text: &str) -> String {
    match role {
        Role::Headline | Role::Heading => paint.bold(text),
        Role::Bar => paint.cyan(text),
        Role::Better => paint.green(text),
        Role::Worse => paint.red(text),
        Role::Faint => paint.dim(text),
        Role::Warning => paint.yellow(text),
    }
}

/// The width of the terminal, where there is one.
pub(super) fn width() -> usize {
    console_width().unwrap_or(100).clamp(40, 140)
}

fn console_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
