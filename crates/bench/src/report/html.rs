//! A run, and two runs side by side, as one page.

mod care;
mod compared;
mod facts;
mod headline;
mod scenarios;
mod tables;

use std::fmt::Write;

use super::chart::{ChartError, forest_plot, inline};
use super::date;
use super::page::{Page, escaped};
use super::view::View;
use crate::file::to_json;
use crate::model::Run;

pub use compared::comparison_page;

/// A run as a page: a whole HTML file, which needs no other file and no network, and no script to be read.
///
/// It begins with one number and what that means, and ends with every sample. Whatever the texts of the run are, they stay texts.
pub fn page(run: &Run) -> String {
    let view = View::of(run);
    let headline = headline::choose(&view);
    let care = care::Care::of(run);
    let title = headline::title(run, headline.as_ref());
    let mut main = String::new();
    headline::section(&mut main, &view, headline.as_ref());
    contents(&mut main, run);
    care.section(&mut main);
    comparisons(&mut main, &view);
    scenarios::section(&mut main, &view);
    tables::figures(&mut main, &view, &care);
    tables::commands(&mut main, &view);
    if !facts::is_foreign(run) {
        facts::machine(&mut main, run);
    }
    facts::method(&mut main, run);
    if !facts::is_foreign(run) {
        facts::again(&mut main, run);
    }
    facts::data(&mut main);
    let data = to_json(run);
    let description = headline::description(headline.as_ref());
    Page { title: &title, description: &description, main: &main, data: Some(("uvshift-bench.json", &data)) }
        .to_html()
}

/// Links to what is below.
fn contents(out: &mut String, run: &Run) {
    let all = [
        ("comparisons", "Comparisons"),
        ("times", "Times"),
        ("figures", "All figures"),
        ("commands", "Commands"),
        ("machine", "Machine"),
        ("method", "Method"),
        ("again", "Do it again"),
        ("data", "Data"),
    ];
    out.push_str("<nav aria-label=\"On this page\"><ul class=\"toc\">");
    for (id, words) in
        all.into_iter().filter(|(id, _)| !facts::is_foreign(run) || !matches!(*id, "machine" | "again"))
    {
        let _ = write!(out, "<li><a href=\"#{id}\">{words}</a></li>");
    }
    out.push_str("</ul></nav>\n");
}

/// All ratios in one picture.
fn comparisons(out: &mut String, view: &View<'_>) {
    out.push_str("<section id=\"comparisons\" aria-labelledby=\"comparisons-title\">\n<h2 id=\"comparisons-title\">Every comparison</h2>\n");
    let plot = forest_plot(view);
    let caption = plot.as_ref().map(|plot| plot.subtitle.clone()).unwrap_or_default();
    figure(out, plot.map(|plot| inline(&plot)), &caption);
    out.push_str("</section>\n");
}

/// A picture with its caption, or why there is none.
fn figure(out: &mut String, picture: Result<String, ChartError>, caption: &str) {
    match picture {
        Ok(picture) => {
            out.push_str("<figure>\n");
            out.push_str(&picture);
            let _ = write!(out, "<figcaption>{}</figcaption>\n</figure>\n", escaped(caption));
        }
        Err(error) => {
            let _ = writeln!(out, "<p class=\"quiet\">No picture: {}.</p>", escaped(&error.to_string()));
        }
    }
}

/// When it was measured, and by which version.
fn when(run: &Run) -> String {
    if facts::is_foreign(run) {
        return "From a file of another program".to_owned();
    }
    format!("Measured on {} by uvshift {}", date::utc(run.started), run.uvshift)
}

/// The text with a capital at its beginning, unless it is the name of a tool.
fn capital(text: &str) -> String {
    if text.starts_with("uv") || text.starts_with("pip") {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
