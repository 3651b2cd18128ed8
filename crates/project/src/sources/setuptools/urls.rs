//! The URLs of the project.

use uvshift_pyproject::Value;

use super::field::{Field, Told};
use super::metadata::reason;
use super::migration::Migration;
use uvshift_requirements::redacted;

impl Migration<'_> {
    /// `url` is the label `Homepage` and `download_url` is `Download`: core metadata has no other place for them
    /// when they come from pyproject.toml, and indexes take these labels for the same (PEP 753).
    pub(super) fn urls(&mut self) {
        let mut urls: Vec<(String, String)> = Vec::new();
        let mut from = None;
        for (name, label) in [("url", "Homepage"), ("download_url", "Download")] {
            let Some(field) = self.take_told(name) else { continue };
            match &field.value {
                Told::Text(text) if is_url(text.trim()) => {
                    urls.push((label.to_owned(), text.trim().to_owned()));
                    self.carry(&field, &format!("project.urls.{label}"));
                    from = from.or(Some(field.from));
                }
                Told::Text(text) => self.stay(&field, format!("`{}` is no URL", redacted(text))),
                _ => self.stay(&field, reason(&field)),
            }
        }
        let Some(field) = self.take_told("project_urls") else {
            return self.write_urls(urls, from.as_ref());
        };
        match field.value.pairs().filter(|pairs| pairs.iter().all(|(_, url)| is_url(url))) {
            Some(pairs) => {
                for (label, url) in pairs {
                    add(&mut urls, label, url);
                }
                self.carry(&field, "project.urls");
                from = from.or(Some(field.from));
            }
            None => self.stay_urls(&field, &mut urls),
        }
        self.write_urls(urls, from.as_ref());
    }

    /// `urls` is dynamic as a whole, so that nothing else of it can be in pyproject.toml.
    fn stay_urls(&mut self, field: &Field, urls: &mut Vec<(String, String)>) {
        self.stay_dynamic(field, &["urls"], reason(field));
        if !urls.is_empty() {
            let message = "the home page stands beside URLs that only setup.py knows";
            let help = "write all URLs into `[project.urls]`";
            self.refuse(field, crate::codes::M024, message, help);
            urls.clear();
        }
    }

    fn write_urls(&mut self, urls: Vec<(String, String)>, from: Option<&crate::Provenance>) {
        if let Some(from) = from
            && !urls.is_empty()
        {
            self.set(&["project"], "urls", Value::table(urls), from);
        }
    }
}

/// Adds a URL. One that has the label of the home page already replaces nothing.
fn add(urls: &mut Vec<(String, String)>, label: String, url: String) {
    let plain =
        |label: &str| label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let same = |known: &&mut (String, String)| plain(&known.0) == plain(&label);
    match urls.iter_mut().find(same) {
        Some(known) if known.1.trim_end_matches('/') == url.trim_end_matches('/') => *known = (label, url),
        Some(known) if known.0 == label => {
            "Home page".clone_into(&mut known.0);
            urls.push((label, url));
        }
        _ => urls.push((label, url)),
    }
}

/// Whether setuptools takes the text for a URL: it has a scheme and a host.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty()
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}
