//! Which rules a section of flake8 selects, by flake8's own logic.

use std::collections::BTreeSet;

use uvshift_diagnostics::Diagnostic;

use crate::codes::{RULES_EXCLUDE_EACH_OTHER, UNKNOWN_SELECTOR};
use crate::report::Outcome;
use crate::section::{Key, Section};

use super::decide::Choice;
use super::flake8::option;
use super::output::Output;
use super::rules::{Family, State, catalogue};
use super::values::{items, lines};

/// The options that select, with the plugins they concern.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) choice: Choice,
    pub(crate) families: Vec<&'static Family>,
    pub(crate) has_complexity: bool,
    pub(crate) convention: String,
    /// Comments on what is selected and what is not.
    comments: Vec<String>,
}

impl Selection {
    /// Reads the options of a section.
    pub(crate) fn read(tool: &str, section: &Section, plugins: &[String], out: &mut Output) -> Self {
        let mut choice = Choice::default();
        let mut comments = Vec::new();
        let mut extensions = Vec::new();
        let mut named = Vec::new();
        for key in &section.keys {
            let mut list = |out: &mut Output| {
                let lines = lines(section, key, out);
                comments.extend(key.comments.iter().cloned());
                for line in &lines {
                    comments.extend(line.above.iter().cloned());
                    let text = line.content.trim_end_matches([',', ' ']);
                    comments.extend(line.comment.iter().map(|comment| format!("{text}: {comment}")));
                }
                items(&lines)
            };
            match option(key).as_str() {
                "select" => choice.select = Some(list(out)),
                "ignore" => choice.ignore = Some(list(out)),
                "extend-select" => choice.extend_select = list(out),
                "extend-ignore" => choice.extend_ignore = list(out),
                "enable-extensions" => extensions = list(out),
                "per-file-ignores" => named = super::values::split(&key.value).map(str::to_owned).collect(),
                _ => {}
            }
        }
        if tool == "pycodestyle" {
            // pycodestyle passes over `ignore` where `select` is set, and takes an empty list for one that is not set.
            choice.select = choice.select.filter(|select| !select.is_empty());
            choice.ignore = match choice.select {
                Some(_) => Some(Vec::new()),
                None => choice.ignore.filter(|ignore| !ignore.is_empty()),
            };
        }
        let families = families(tool, section, plugins, &choice, &extensions, &named);
        for family in &families {
            if !family.off || extensions.iter().any(|name| name.starts_with(&family.flake8)) {
                choice.default_select.push(family.flake8.clone());
            }
            choice.default_ignore.extend(family.default_ignore.iter().cloned());
        }
        let convention = section.keys.iter().find(|key| option(key) == "docstring-convention");
        let convention = convention.map_or("pep257", |key| key.value.trim()).to_owned();
        Self { choice, families, has_complexity: false, convention, comments }
    }

    /// The rules that flake8 would report with these options and with these codes ignored besides.
    pub(crate) fn rules(&self, ignoring: &[String]) -> BTreeSet<String> {
        let choice = self.choice.ignoring(ignoring);
        let mut rules = BTreeSet::new();
        for family in &self.families {
            for rule in catalogue().under(&family.ruff) {
                if let Some(code) = family.in_flake8(&rule.code)
                    && choice.selects(&code)
                    && self.is_on(&rule.code)
                {
                    rules.insert(rule.code.clone());
                }
            }
        }
        rules
    }

    /// The switches inside the plugins, which flake8's own logic does not see.
    fn is_on(&self, code: &str) -> bool {
        let left_out = catalogue().conventions.get(&self.convention);
        match code {
            "C901" => self.has_complexity,
            // bugbear reports these only where a prefix of at least two characters selects them.
            _ if code.starts_with("B9") => {
                self.choice.selecting().any(|prefix| prefix.len() > 1 && code.starts_with(prefix.as_str()))
            }
            _ => left_out.is_none_or(|left_out| !left_out.contains(code)),
        }
    }

    /// Enables the rules.
    pub(crate) fn apply(&self, out: &mut Output) {
        out.rules.extend(self.rules(&[]));
        out.comments.extend(self.comments.iter().cloned());
        if self.families.iter().any(|family| family.ruff == "D") {
            out.convention = Some(self.convention.clone());
        }
        for (stays, goes) in [("D211", "D203"), ("D212", "D213")] {
            if out.rules.contains(stays) && out.rules.remove(goes) {
                let message = format!("{stays} and {goes} contradict each other; ruff takes {stays} only");
                let help = format!("ignore {stays} to have {goes}");
                out.diagnostics.push(Diagnostic::warning(RULES_EXCLUDE_EACH_OTHER, message).with_help(help));
            }
        }
    }
}

/// Says what became of the options that select.
pub(crate) fn report(tool: &str, section: &Section, out: &mut Output) {
    for key in &section.keys {
        let name = option(key);
        if !matches!(name.as_str(), "select" | "ignore" | "extend-select" | "extend-ignore") {
            continue;
        }
        let to = if name.ends_with("select") { "lint.select" } else { "lint.ignore" };
        let unknown = unknown(section, key, out);
        let mut why = format!("every rule of ruff was put to {tool}'s own decision");
        if !unknown.is_empty() {
            why = format!("{why}; ruff has no {}", unknown.join(", "));
        }
        out.row(tool, section, key, Some(to), Outcome::Changed(why));
    }
}

/// The selectors of a key that ruff has no rule for.
fn unknown(section: &Section, key: &Key, out: &mut Output) -> Vec<String> {
    let value = key.parts.iter().map(|part| part.text.split('#').next().unwrap_or_default());
    let text = value.collect::<Vec<_>>().join("\n");
    let unknown: Vec<String> =
        super::values::split(&text).filter(|selector| !is_known(selector)).map(str::to_owned).collect();
    if !unknown.is_empty() {
        let message = format!("ruff has no rule for {} of `{}`", unknown.join(", "), key.name);
        let help =
            "ruff stops at a selector it does not know, so it is left out; in `noqa` comments it stays valid";
        let diagnostic = Diagnostic::note(UNKNOWN_SELECTOR, message).with_help(help);
        out.say(&section.place(key), diagnostic);
    }
    unknown
}

/// Whether a rule of ruff answers to a selector of flake8.
pub(crate) fn is_known(selector: &str) -> bool {
    let answers = |family: &Family| {
        catalogue()
            .under(&family.ruff)
            .any(|rule| family.in_flake8(&rule.code).is_some_and(|code| code.starts_with(selector)))
    };
    catalogue().families.iter().any(answers)
}

/// The plugins in use: those known to be, and those that the section shows to be.
fn families(
    tool: &str,
    section: &Section,
    plugins: &[String],
    choice: &Choice,
    extensions: &[String],
    per_file: &[String],
) -> Vec<&'static Family> {
    if tool == "pycodestyle" {
        return catalogue()
            .families
            .iter()
            .filter(|family| matches!(family.ruff.as_str(), "E" | "W"))
            .collect();
    }
    let shows = |family: &Family, selector: &String| {
        let letters = family.flake8.trim_end_matches(|digit: char| digit.is_ascii_digit());
        let shared = catalogue()
            .families
            .iter()
            .filter(|other| other.flake8.trim_end_matches(|digit: char| digit.is_ascii_digit()) == letters);
        let is_own = shared.count() == 1;
        selector.starts_with(&family.flake8) && selector.get(letters.len()..).is_some_and(is_number)
            || is_own
                && selector.starts_with(letters)
                && selector.get(letters.len()..).is_some_and(is_number)
                && family.flake8.starts_with(selector.as_str())
    };
    let is_used = |family: &&Family| {
        let has_option = section.keys.iter().any(|key| family.options.contains(&option(key)));
        let is_listed = plugins.iter().any(|plugin| family.plugins.contains(plugin));
        // Whoever selects a code has its plugin. Whoever ignores one may once have had it.
        let selects = choice.selecting().chain(extensions).any(|selector| shows(family, selector));
        let names = choice.named().chain(per_file).any(|selector| shows(family, selector));
        // The code of flake8-blind-except is bugbear's, too, as that of others is somebody else's.
        let is_telling = !matches!(family.ruff.as_str(), "BLE" | "FIX" | "PERF");
        family.base || is_listed || has_option || is_telling && (selects || plugins.is_empty() && names)
    };
    catalogue().families.iter().filter(is_used).collect()
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Codes that stand in `noqa` comments and that ruff does not have.
pub(crate) fn external(selection: &Selection, out: &mut Output) {
    let is_code = |selector: &&String| {
        selector.starts_with(|letter: char| letter.is_ascii_uppercase())
            && selector.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    for selector in selection.choice.named().filter(is_code) {
        if !is_known(selector) {
            out.external.insert(selector.clone());
        }
    }
    for family in selection.families.iter().filter(|family| family.has_other_codes()) {
        let is_ruffs = catalogue()
            .rules
            .values()
            .any(|rule| rule.state != State::Removed && rule.code.starts_with(&family.flake8));
        if !is_ruffs {
            out.external.insert(family.flake8.clone());
        }
    }
}
