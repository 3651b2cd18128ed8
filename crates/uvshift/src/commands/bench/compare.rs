//! `uvshift bench compare`: two results, and what became slower.

use uvshift_bench::compare::{CompareOptions, compare};
use uvshift_bench::report::style::Style;
use uvshift_bench::report::{chart, comparison, html};

use super::report::{paint, read, width};
use crate::args::{BenchCompareArgs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::deliver;
use crate::printer::Printer;

pub(crate) fn run(args: &BenchCompareArgs, printer: &Printer) -> Result<Exit, Failure> {
    let BenchCompareArgs { before, after, format, tolerance, output } = args;
    if !(0.0..=1000.0).contains(tolerance) {
        return Err(Failure::Tolerance { given: tolerance.to_string() });
    }
    let (before, after) = (read(before)?, read(after)?);
    let found =
        compare(&before, &after, &CompareOptions { effect: tolerance / 100.0, ..CompareOptions::default() });
    if !found.has_common() {
        return Err(Failure::NothingInCommon);
    }
    let content = match format {
        Format::Json => (serde_json::to_string_pretty(&comparison::json(&found))? + "\n").into_bytes(),
        Format::Markdown => comparison::markdown(&found).into_bytes(),
        Format::Csv => comparison::csv(&found).into_bytes(),
        Format::Html => html::comparison_page(&before, &after, &found).into_bytes(),
        Format::Svg => chart::comparison_forest(&before, &after, &found)?.to_svg().into_bytes(),
        Format::Png => chart::comparison_forest(&before, &after, &found)?.to_png()?,
        _ => {
            let paint = |role, text: &str| paint(printer.out, role, text);
            comparison::text(&found, &Style { width: width(), paint: &paint }).into_bytes()
        }
    };
    deliver(&content, *format, output.as_deref(), printer)?;
    Ok(if found.has_regressions() { Exit::Findings } else { Exit::Done })
}
