//! What every page has in common: one file that needs no other, bears any text, and works without its script.
//!
//! Tables of [`Table`] can be sorted by their headers and searched once the script of the page has run; without it they are whole.

mod digest;
mod table;

use std::fmt::Write;

use uvshift_requirements::redacted;

pub(crate) use table::{Cell, Column, Row, Table};

/// How every page looks, light, dark and on paper.
const STYLE: &str = concat!(include_str!("../../data/page.css"), include_str!("../../data/report.css"));

/// Sorting, searching and saving the data; the page is whole without it.
const SCRIPT: &str = include_str!("../../data/page.js");

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    /// The title of the window, as plain text.
    pub(crate) title: &'a str,
    /// One sentence on what the page tells, as plain text.
    pub(crate) description: &'a str,
    /// What stands between `<main>` and its end: HTML in which every text has gone through [`escaped`].
    pub(crate) main: &'a str,
    /// What `<button data-save>` saves: the name of the file, and the data as JSON. Credentials must be covered in it already.
    pub(crate) data: Option<(&'a str, &'a str)>,
}

impl Page<'_> {
    /// The whole file. Its policy forbids every connection, and every script and style but its own.
    pub(crate) fn to_html(self) -> String {
        let all = format!("{STYLE}{}", super::chart::style());
        let (style, script) = (digest::digest(&all), digest::digest(SCRIPT));
        let (title, description) = (escaped(self.title), escaped(self.description));
        let data = self.data.map(|(name, data)| embedded(name, data)).unwrap_or_default();
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{style}'; \
             script-src '{script}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"description\" content=\"{description}\">\n\
             <title>{title}</title>\n<style>{all}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">To the content</a>\n<main id=\"main\">\n{}</main>\n{data}<script>{SCRIPT}</script>\n\
             </body>\n</html>\n",
            self.main
        )
    }
}

/// A text between tags or in an attribute with double quotes, as [`shown`].
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in shown(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// A text without credentials, and without what a reader would not see as it is written (control characters, marks that turn the
/// direction of the text): that becomes U+FFFD, so that nobody is misled about a name.
pub(crate) fn shown(text: &str) -> String {
    let keep = |letter: char| !is_invisible(letter) || matches!(letter, '\n' | '\t');
    redacted(text).chars().map(|letter| if keep(letter) { letter } else { '\u{fffd}' }).collect()
}

/// Whether a character shows nothing of itself: a control, a mark of direction, or none at all in XML.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Data in the page. A script of this type is never run, and no text in it can end it.
fn embedded(name: &str, data: &str) -> String {
    let mut json = String::with_capacity(data.len());
    for letter in data.trim_end().chars() {
        // All of these can only be within a string of JSON, where they may be written by their number.
        if matches!(letter, '<' | '>' | '&')
            || (is_invisible(letter) && !matches!(letter, '\n' | '\r' | '\t'))
        {
            let _ = write!(json, "\\u{:04x}", u32::from(letter));
        } else {
            json.push(letter);
        }
    }
    format!(
        "<script type=\"application/json\" id=\"page-data\" data-name=\"{}\">{json}</script>\n",
        escaped(name)
    )
}

#[cfg(test)]
mod tests;
