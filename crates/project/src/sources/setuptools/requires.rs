//! What the project needs: `install_requires`, `extras_require`, `tests_require`.

use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_requirements::{Requirement, parse, split_credentials};

use super::field::{Field, Origin, Part, Told};
use super::migration::Migration;
use super::script;
use crate::convert::{text_for_uv, unsupported, with_marker};
use crate::{Dependency, Outcome, Provenance, Scope, codes};

impl Migration<'_> {
    pub(super) fn requirements(&mut self) {
        self.install_requires();
        self.extras_require();
        self.tests_require();
        self.setup_requires();
        if let Some(field) = self.take_told("dependency_links") {
            let why = "pip has ignored it since version 19; a package from elsewhere is a source in `[tool.uv.sources]`";
            self.drop_field(&field, why);
        }
    }

    pub(super) fn install_requires(&mut self) {
        let Some(field) = self.take_told("install_requires") else { return };
        let value = match (&field.value, &field.origins[..]) {
            (
                Told::Text(text),
                [Origin::Contents(path) | Origin::Excerpt(path) | Origin::Requirements(path)],
            ) => {
                let file = Some(path.trim_start_matches("./").to_owned());
                Told::List(vec![Part { file, ..Part::new(text.as_str(), field.from.clone()) }])
            }
            (value, _) => value.clone(),
        };
        let Some(lines) = self.lines(&value, &field.from) else {
            return self.unknown_requires(&field);
        };
        self.note_main_files(&lines);
        for line in &lines {
            self.dependency(line, None, &Scope::Main);
        }
        self.carry(&field, &Scope::Main.key());
    }

    /// A file is the list of what the project needs only if all of it is.
    fn note_main_files(&mut self, lines: &[Part]) {
        let mut files: Vec<&str> = lines.iter().filter_map(|line| line.file.as_deref()).collect();
        files.dedup();
        for file in files {
            let text = self.given.tree.text(file).unwrap_or_default();
            let whole = lines_of_file(file, &text);
            let taken =
                |part: &Part| lines.iter().any(|line| line.text == part.text && line.marker.is_none());
            if whole.iter().all(taken) && !self.out.main_files.iter().any(|known| known == file) {
                self.out.main_files.push(file.to_owned());
            }
        }
    }

    /// What the build backend says, if somebody has asked it.
    fn unknown_requires(&mut self, field: &Field) {
        let why = field.value.unknown().unwrap_or_else(|| "it is no list of requirements".to_owned());
        let Some(requires) = self.built.as_ref().and_then(|built| built.requires(None)) else {
            return self.refuse_unknown(field, &why);
        };
        for text in requires {
            self.dependency(&Part::new(text, field.from.clone()), None, &Scope::Main);
        }
        self.change(field, &Scope::Main.key(), format!("as the build backend says, because {why}"));
    }

    fn extras_require(&mut self) {
        let Some(field) = self.take_told("extras_require") else { return };
        let Some(extras) = self.extras(&field) else {
            return self.unknown_extras(&field);
        };
        for (key, lines) in extras {
            let (name, condition) = key.text.split_once(':').unwrap_or((&key.text, ""));
            let marker = both(key.marker.as_deref(), condition.trim());
            let scope = self.extra_scope(name.trim());
            for line in &lines {
                self.dependency(line, marker.as_deref(), &scope);
            }
        }
        self.carry_each(&field, "project.optional-dependencies", |key| {
            let name = key.split_once(':').map_or(key, |(name, _)| name).trim();
            if name.is_empty() { Scope::Main.key() } else { Scope::Extra(name.to_owned()).key() }
        });
    }

    /// Each extra with its lines, if all of it is known.
    fn extras(&self, field: &Field) -> Option<Vec<(Part, Vec<Part>)>> {
        let Told::Table(pairs) = &field.value else { return None };
        let extra = |(key, value): &(Part, Told)| Some((key.clone(), self.lines(value, &key.from)?));
        pairs.iter().map(extra).collect()
    }

    fn unknown_extras(&mut self, field: &Field) {
        let inner = match &field.value {
            Told::Table(pairs) => pairs.iter().find_map(|(_, value)| value.unknown()),
            value => value.unknown(),
        };
        let why = inner.unwrap_or_else(|| "it is no table of requirements".to_owned());
        let built = self.built.as_ref().and_then(|built| {
            let names = built.extras();
            names
                .into_iter()
                .map(|name| Some((built.requires(Some(&name))?, name)))
                .collect::<Option<Vec<_>>>()
        });
        let Some(extras) = built else { return self.refuse_unknown(field, &why) };
        for (requires, name) in extras {
            let scope = self.extra_scope(&name);
            for text in requires {
                self.dependency(&Part::new(text, field.from.clone()), None, &scope);
            }
        }
        let why = format!("as the build backend says, because {why}");
        self.change(field, "project.optional-dependencies", why);
    }

    /// An extra is there even if it needs nothing. One without a name holds what is always needed.
    fn extra_scope(&mut self, name: &str) -> Scope {
        if name.is_empty() {
            return Scope::Main;
        }
        let name = if super::metadata::is_identifier(name) {
            name.to_owned()
        } else {
            let dashed: String = name
                .chars()
                .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
                .collect();
            dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
        };
        self.out.manifest.extra(&name);
        Scope::Extra(name)
    }

    /// Nothing has read `tests_require` since setuptools 72, but it says what the tests need.
    fn tests_require(&mut self) {
        let Some(field) = self.take_told("tests_require") else { return };
        let Some(lines) = self.lines(&field.value, &field.from) else {
            let why = field.value.unknown().unwrap_or_default();
            self.drop_field(
                &field,
                format!("nothing has read it since setuptools 72, and it is not known: {why}"),
            );
            return;
        };
        let scope = Scope::Group("test".to_owned());
        for line in &lines {
            self.dependency(line, None, &scope);
        }
        self.change(
            &field,
            &scope.key(),
            "setuptools does not run tests any more; `uv run --group test` has these",
        );
    }

    /// The requirements that a value lists, each with its place, as setuptools splits them (`setuptools/_reqs.py`).
    pub(super) fn lines(&self, value: &Told, from: &Provenance) -> Option<Vec<Part>> {
        match value {
            Told::Nothing => Some(Vec::new()),
            Told::Text(text) => Some(split(&[Part::new(text.as_str(), from.clone())])),
            Told::List(parts) => Some(self.located(split(parts))),
            Told::Files(paths) => {
                let files = paths.iter().filter_map(|path| Some((path, self.given.tree.text(path)?)));
                Some(files.flat_map(|(path, text)| lines_of_file(path, &text)).collect())
            }
            _ => None,
        }
    }

    /// A line of a requirements file has its place there.
    fn located(&self, mut lines: Vec<Part>) -> Vec<Part> {
        let mut known: Vec<(String, Vec<Part>)> = Vec::new();
        for line in &mut lines {
            let Some(path) = line.file.clone() else { continue };
            if !known.iter().any(|(file, _)| *file == path) {
                let text = self.given.tree.text(&path).unwrap_or_default();
                known.push((path.clone(), lines_of_file(&path, &text)));
            }
            let of_file = known.iter().filter(|(file, _)| *file == path).flat_map(|(_, parts)| parts);
            match of_file.into_iter().find(|found| found.text == line.text) {
                Some(found) => {
                    line.from.clone_from(&found.from);
                    line.comments.clone_from(&found.comments);
                }
                None => line.file = None,
            }
        }
        let in_script = |line: &Part| line.file.is_none() && line.from.file == script::PATH;
        if lines.iter().all(in_script)
            && let Some(text) = self.given.tree.text(script::PATH)
        {
            comments(&mut lines, &text);
        }
        lines
    }

    /// Adds one requirement to its place.
    fn dependency(&mut self, part: &Part, marker: Option<&str>, scope: &Scope) {
        let document = parse(&part.text);
        let found = document.requirements().next().map(|(_, requirement)| requirement.clone());
        let problem = match &found {
            None => {
                let said = document.diagnostics().iter().find(|found| found.severity == Severity::Error);
                let help = said.and_then(|said| {
                    said.fix.as_ref().map(|fix| fix.title.clone()).or_else(|| said.help.clone())
                });
                let why = said.map_or("it is no requirement by PEP 508", |said| &said.message);
                Some((why.to_owned(), help.unwrap_or_else(|| "write `name` or `name>=1.0`".to_owned())))
            }
            Some(requirement) => problem(requirement),
        };
        let name = found.as_ref().and_then(Requirement::normalized_name);
        let (Some(requirement), Some(name), None) = (found, name, &problem) else {
            let (why, advice) =
                problem.unwrap_or_else(|| ("it has no name".to_owned(), "write `name @ URL`".to_owned()));
            return self.refuse_line(part, &why, advice);
        };
        let (written, reason) = text_for_uv(&requirement);
        let marker = both(part.marker.as_deref(), marker.unwrap_or_default());
        let text = marked(&written, requirement.marker(), marker.as_deref());
        let to = scope.key();
        self.out.manifest.has_conditions |= marker.is_some();
        let outcome = match (reason, &marker) {
            (Some(why), _) => Outcome::Changed { to, why },
            (None, Some(_)) => Outcome::Changed { to, why: "its condition is a marker now".to_owned() },
            (None, None) => Outcome::Carried { to },
        };
        self.entry(part.from.clone(), part.text.clone(), outcome);
        let dependency = Dependency { text, name, comments: part.comments.clone(), from: part.from.clone() };
        self.out.manifest.add(scope, dependency);
    }

    fn refuse_line(&mut self, part: &Part, why: &str, advice: String) {
        let found = Diagnostic::error(
            codes::M025,
            uvshift_requirements::redacted(&format!("`{}`: {why}", part.text)),
        );
        self.out.diagnostics.push(found.in_file(&part.from.file, part.from.line).with_help(advice.clone()));
        self.out.not_carried.insert(part.from.file.clone());
        self.entry(part.from.clone(), part.text.clone(), Outcome::Refused { why: why.to_owned(), advice });
    }
}

/// What of a requirement cannot be carried, with what to do.
fn problem(requirement: &Requirement) -> Option<(String, String)> {
    let secret = |url: &str| {
        split_credentials(url).1.is_some_and(|found| !found.is_reference() && found.password.is_some())
    };
    if requirement.url().is_some_and(secret) {
        let advice =
            "take the credentials out of the URL and change them; uv reads them from the environment";
        return Some(("credentials stand in its URL".to_owned(), advice.to_owned()));
    }
    if requirement.is_direct_reference() { None } else { unsupported(requirement) }
}

/// Lines without comments, joined where a backslash ends them; the character before it goes, too.
fn split(parts: &[Part]) -> Vec<Part> {
    let mut lines = Vec::new();
    let mut open: Option<Part> = None;
    let physical = parts.iter().flat_map(|part| part.text.lines().map(move |line| (part, line.trim())));
    for (part, line) in physical.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (line, comment) = line.split_once(" #").unwrap_or((line, ""));
        let mut part = match open.take() {
            Some(before) => Part { text: format!("{}{line}", before.text), ..before },
            None => Part { text: line.to_owned(), ..part.clone() },
        };
        if let Some(before) = part.text.strip_suffix('\\') {
            let mut letters = before.chars();
            letters.next_back();
            let text = letters.as_str().trim().to_owned();
            part.text = text;
            open = Some(part);
        } else {
            let text = part.text.trim().to_owned();
            part.text = text;
            if !comment.is_empty() {
                part.comments.trailing = Some(format!("#{comment}"));
            }
            lines.push(part);
        }
    }
    lines
}

/// The requirements of a file, each with its place.
fn lines_of_file(path: &str, text: &str) -> Vec<Part> {
    let line = |(at, line): (usize, &str)| Part {
        file: Some(path.to_owned()),
        ..Part::new(line, Provenance::new(path, at + 1))
    };
    let parts: Vec<Part> = text.lines().enumerate().map(line).collect();
    let mut lines = split(&parts);
    lines.retain(|part| !part.text.starts_with('-'));
    comments(&mut lines, text);
    lines
}

/// Finds the comments beside and above lines in the text that they come from. Where several stand on one line, nobody
/// knows which of them a comment is about.
fn comments(parts: &mut [Part], text: &str) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let several: Vec<bool> =
        parts.iter().map(|part| parts.iter().filter(|other| other.from == part.from).count() > 1).collect();
    for (part, several) in parts.iter_mut().zip(several) {
        let Some(line) = part.from.line.checked_sub(1).filter(|_| !several) else { continue };
        let above =
            lines.get(..line).unwrap_or_default().iter().rev().take_while(|line| line.starts_with('#'));
        let mut above: Vec<String> = above.map(|line| (*line).to_owned()).collect();
        above.reverse();
        part.comments.above = above;
        let trailing = lines.get(line).and_then(|line| comment_of(line));
        part.comments.trailing = part.comments.trailing.take().or_else(|| trailing.map(str::to_owned));
    }
}

/// The comment at the end of a line, outside of quotes.
fn comment_of(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == '#' && matches!(before, ' ' | '\t' | ',') => return line.get(at..),
            _ => {}
        }
        before = letter;
    }
    None
}

/// Two conditions that must both hold.
fn both(first: Option<&str>, second: &str) -> Option<String> {
    match (first.filter(|first| !first.is_empty()), second) {
        (None, "") => None,
        (Some(one), "") | (None, one) => Some(one.to_owned()),
        (Some(first), second) => Some(format!("{} and {}", wrapped(first), wrapped(second))),
    }
}

/// `or` binds weaker than `and`.
fn wrapped(marker: &str) -> String {
    if marker.contains(" or ") { format!("({marker})") } else { marker.to_owned() }
}

/// A requirement with one more condition.
fn marked(text: &str, own: Option<&str>, marker: Option<&str>) -> String {
    let Some(marker) = marker else { return text.to_owned() };
    let own = own.map(str::trim).filter(|own| !own.is_empty());
    let head = match own.and_then(|own| text.rfind(own)) {
        Some(at) => text[..at].trim_end().trim_end_matches(';'),
        None => text,
    };
    with_marker(head.trim_end(), both(own, marker).as_deref())
}

#[cfg(test)]
mod tests {
    use super::{Part, Provenance, both, marked, split};

    #[test]
    fn conditions_are_joined() {
        assert_eq!(both(None, ""), None);
        assert_eq!(
            both(Some("a == '1' or b == '2'"), "c == '3'").unwrap(),
            "(a == '1' or b == '2') and c == '3'"
        );
        assert_eq!(marked("x>=1", None, Some("os_name == 'nt'")), "x>=1 ; os_name == 'nt'");
        assert_eq!(
            marked("x>=1; sys_platform == 'a'", Some("sys_platform == 'a'"), Some("os_name == 'nt'")),
            "x>=1 ; sys_platform == 'a' and os_name == 'nt'"
        );
    }

    #[test]
    fn a_string_is_split_as_setuptools_splits_it() {
        let part = Part::new("\n a>=1 # why\n# no\n b \\\n >=2\nc#d\n", Provenance::new("setup.py", 1));
        let texts: Vec<String> = split(&[part]).into_iter().map(|part| part.text).collect();
        assert_eq!(texts, ["a>=1", "b>=2", "c#d"]);
    }
}
