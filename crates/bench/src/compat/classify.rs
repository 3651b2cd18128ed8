//! What kind of failure a tool tells, by the texts of `data/compat_failures.toml`.

use std::sync::OnceLock;

use regex_lite::Regex;
use toml_edit::{DocumentMut, Table};
use uvshift_requirements::normalize_name;

use super::model::{Failure, FailureClass, Tool};
use super::reason;

/// What a tool said when it failed, without credentials.
pub(super) struct Said<'a> {
    pub(super) tool: Tool,
    /// Standard output and standard error.
    pub(super) text: &'a str,
    /// pip's own log: pip tells on the terminal neither what it skipped nor that an index did not answer.
    pub(super) details: &'a str,
}

/// Texts that mean a kind of failure.
struct Rule {
    tool: Option<Tool>,
    class: FailureClass,
    pattern: Regex,
}

/// Why the tool failed.
pub(super) fn failure(said: &Said<'_>) -> Failure {
    let mut rules = rules().iter().filter(|rule| rule.tool.is_none_or(|tool| tool == said.tool));
    let found = rules.find_map(|rule| Some((rule.class, rule.pattern.captures(said.text)?)));
    let Some((class, captures)) = found else {
        let message = reason::tail(said.text);
        return Failure { class: FailureClass::Unknown, message, about: None };
    };
    let about = captures.iter().skip(1).flatten().next().map(|about| about.as_str().to_owned());
    let matched = captures.get(0).map_or("", |all| line_of(said.text, all.start()));
    let cause = match class {
        FailureClass::BuildFailed => reason::last_of_build(said.text),
        _ => is_of_build(class).then_some(matched),
    };
    let message = reason::shortened(said.tool, said.text, cause);
    let failure = Failure { class, message, about };
    if said.tool == Tool::Pip && class == FailureClass::NoSuchVersion {
        return by_details(failure, said);
    }
    if said.tool == Tool::Pip && class == FailureClass::Conflict {
        return with_python(failure, said);
    }
    failure
}

/// A conflict with a constraint to a version that pip left out because it is for another Python.
fn with_python(failure: Failure, said: &Said<'_>) -> Failure {
    let constraints =
        said.text.lines().filter_map(|line| line.trim().strip_prefix("The user requested (constraint) "));
    for (name, version) in constraints.filter_map(|constraint| constraint.split_once("==")) {
        let is_it = |line: &&&str| {
            let link = line.split(" (from ").next().unwrap_or_default();
            let file = link.rsplit('/').next().unwrap_or_default();
            line.contains("Link requires a different Python") && file.contains(&format!("-{version}"))
        };
        let section = section_of(said.details, &normalize_name(name));
        if let Some(line) = section.iter().find(is_it)
            && let Some((_, rest)) = line.split_once("Link requires a different Python (")
            && let Some((limit, _)) = rest.split_once("):")
        {
            let message = reason::cut(&format!("{name} {version} requires a different Python: {limit}"));
            return Failure { class: FailureClass::OtherPython, message, about: Some(name.to_owned()) };
        }
    }
    failure
}

/// The failure of pip in the light of uv's: pip says the same for a package that does not exist, that has no wheel, and whose
/// versions are for another Python.
pub(super) fn refined(pip: &mut Failure, uv: &Failure) {
    let tells_more = matches!(
        uv.class,
        FailureClass::NoSuchPackage
            | FailureClass::NeedsBuild
            | FailureClass::NoWheel
            | FailureClass::OtherPython
    );
    if pip.class == FailureClass::NoSuchVersion && tells_more {
        pip.class = uv.class;
    }
}

/// Whether the cause stands in the output of a build.
fn is_of_build(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::MissingCompiler
            | FailureClass::MissingLibrary
            | FailureClass::MissingRust
            | FailureClass::MissingBuildModule
    )
}

/// What pip's log says of a package that it found no version of.
fn by_details(mut failure: Failure, said: &Said<'_>) -> Failure {
    let Some(name) = failure.about.as_deref().map(normalize_name) else { return failure };
    let section = section_of(said.details, &name);
    let nothing = said.text.contains("(from versions: none)");
    if let Some(line) =
        section.iter().find(|line| line.contains("Could not fetch URL") && !line.contains(": 404 "))
    {
        let refused = [": 401 ", ": 403 "].iter().any(|status| line.contains(status));
        failure.class = if refused { FailureClass::Authentication } else { FailureClass::Network };
        failure.message = reason::cut(line.trim());
        return failure;
    }
    if !nothing || section.is_empty() {
        return failure;
    }
    let skipped = |text: &str| section.iter().any(|line| line.contains(text));
    failure.class = if skipped("No sources permitted for") {
        FailureClass::NeedsBuild
    } else if skipped("none of the wheel's tags") {
        FailureClass::NoWheel
    } else if skipped("Link requires a different Python") {
        FailureClass::OtherPython
    } else {
        FailureClass::NoSuchPackage
    };
    failure
}

/// The lines of pip's log on the last search for a package.
fn section_of<'a>(details: &'a str, name: &str) -> Vec<&'a str> {
    let is_start = |line: &str| {
        let found = line.split_once("location(s) to search for versions of ");
        found.is_some_and(|(_, rest)| normalize_name(rest.trim_end().trim_end_matches(':')) == name)
    };
    let lines: Vec<&str> = details.lines().collect();
    let Some(start) = lines.iter().rposition(|line| is_start(line)) else { return Vec::new() };
    let rest = lines.into_iter().skip(start + 1);
    rest.take_while(|line| !line.contains("location(s) to search for versions of")).collect()
}

fn line_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    // A pattern may begin with white space and so match line ends first.
    text[start..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim()
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let data: Result<DocumentMut, _> = include_str!("../../data/compat_failures.toml").parse();
        // That every rule is read is a test.
        data.ok()
            .as_ref()
            .and_then(|data| data.get("rule")?.as_array_of_tables())
            .map(|rules| rules.iter().filter_map(rule).collect())
            .unwrap_or_default()
    })
}

fn rule(table: &Table) -> Option<Rule> {
    let text = |key: &str| table.get(key).and_then(|value| value.as_str());
    let tool = match text("tool") {
        None => None,
        Some("pip") => Some(Tool::Pip),
        Some("uv") => Some(Tool::Uv),
        Some(_) => return None,
    };
    let class = FailureClass::of_id(text("class")?)?;
    Some(Rule { tool, class, pattern: Regex::new(text("pattern")?).ok()? })
}

#[cfg(test)]
mod tests;
