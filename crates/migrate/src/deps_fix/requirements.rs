//! Requirements in and out of a requirements file.

use uvshift_pyproject::Scope;
use uvshift_requirements::{
    Decoded, Document, GlobalOption, LineKind, Requirement, meaning, normalize_name, parse,
};

use super::draft::{Refusal, Taken, parsed};
use super::remarks;

/// A requirements file on its way.
#[derive(Debug, Clone)]
pub(super) struct RequirementsFile {
    /// The path, relative to the project.
    pub(super) path: String,
    /// The scope of what it lists.
    pub(super) scope: Scope,
    /// Its bytes as they were.
    pub(super) before: Vec<u8>,
    decoded: Decoded,
    text: String,
    is_link: bool,
}

impl RequirementsFile {
    pub(super) fn new(path: String, scope: Scope, decoded: Decoded, before: Vec<u8>, is_link: bool) -> Self {
        let text = decoded.text.clone();
        Self { path, scope, before, decoded, text, is_link }
    }

    /// The bytes that the file has now, if they are others.
    pub(super) fn after(&self) -> Option<Vec<u8>> {
        if self.text == self.decoded.text { None } else { self.decoded.encode(&self.text) }
    }

    /// Whether it lists a package.
    pub(super) fn holds(&self, name: &str) -> bool {
        parse(&self.text).requirements().any(|(_, found)| is_about(found, name))
    }

    /// Takes the lines of a package out, each with its continuation lines, hashes, the comment behind it, and those above that
    /// speak of it alone.
    pub(super) fn take(&mut self, name: &str) -> Result<Vec<Taken>, Refusal> {
        let document = parse(&self.text);
        let (mut taken, mut text, mut from) = (Vec::new(), String::new(), 0);
        for (line, requirement) in document.requirements().filter(|(_, found)| is_about(found, name)) {
            let span = line.span();
            let (above, start) = self.above(span.start, span.end, name);
            taken.push(Taken {
                text: plain_text(requirement),
                above,
                comment: document.comment(line).map(str::to_owned),
                line: span.text(&self.text).map(str::to_owned),
                has_options: !requirement.hashes().is_empty() || !requirement.config_settings().is_empty(),
            });
            text.push_str(self.text.get(from..start).unwrap_or_default());
            from = span.end;
        }
        if taken.is_empty() {
            return Ok(taken);
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        let left: Vec<Requirement> = requirements(&document).filter(|found| !is_about(found, name)).collect();
        self.replace(text, &left)?;
        Ok(taken)
    }

    /// The comment lines above a requirement that go with it, and where these start. With a paragraph that goes as a whole goes
    /// the blank line above it.
    fn above(&self, start: usize, end: usize, name: &str) -> (Vec<String>, usize) {
        let lines: Vec<&str> = self.text.lines().collect();
        let number = |at: usize| self.text.get(..at).unwrap_or_default().lines().count();
        let (first, behind) = (number(start), number(end));
        let from = remarks::start(&lines, first..behind, name);
        let is_blank = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
        let before = from.checked_sub(1).filter(|at| is_blank(lines.get(*at)) && is_blank(lines.get(behind)));
        let kept = before.unwrap_or(from);
        let cut: usize = self.text.split_inclusive('\n').take(kept).map(str::len).sum();
        let above = lines.get(from..first).unwrap_or_default();
        (above.iter().map(|line| line.trim().to_owned()).collect(), cut.min(start))
    }

    /// Adds a requirement as a line at the end.
    pub(super) fn put(&mut self, taken: &Taken) -> Result<(), Refusal> {
        let document = parse(&self.text);
        self.refuse_hashes(&document, taken)?;
        let crlf = self.text.matches("\r\n").count() * 2 > self.text.matches('\n').count();
        let end = if crlf { "\r\n" } else { "\n" };
        let line = match (&taken.line, &taken.text, &taken.comment) {
            (Some(line), ..) => line.trim_end_matches(['\r', '\n']).replace("\r\n", "\n").replace('\n', end),
            (None, Some(text), Some(comment)) => format!("{text}  {comment}"),
            (None, Some(text), None) => text.clone(),
            (None, None, _) => return Err(Refusal::new("it has no name")),
        };
        let above = taken.above.iter().flat_map(|comment| [comment.as_str(), end]);
        let line = above.collect::<String>() + &line;
        let added = parse(&line);
        let mut wanted: Vec<Requirement> = requirements(&document).collect();
        wanted.extend(requirements(&added));
        let gap = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { end };
        self.replace(format!("{}{gap}{line}{end}", self.text), &wanted)
    }

    /// A file with one hash wants one for every requirement.
    fn refuse_hashes(&self, document: &Document, taken: &Taken) -> Result<(), Refusal> {
        let wants = |kind: &LineKind| match kind {
            LineKind::Requirement(found) => !found.hashes().is_empty(),
            LineKind::Options(options) => options.contains(&GlobalOption::RequireHashes),
            _ => false,
        };
        let wants_hashes = document.lines().iter().any(|line| wants(line.kind()));
        let path = &self.path;
        match (wants_hashes, taken.has_options && taken.line.is_some()) {
            (true, false) => Err(Refusal::with_help(
                format!("`{path}` has hashes, and pip then wants one for every requirement"),
                format!(
                    "add it to `{path}` with the hashes that `pip hash` gives, or compile the file again"
                ),
            )),
            (false, true) => Err(Refusal::with_help(
                format!(
                    "it has hashes or options, and `{path}` has none; pip would want one for every requirement"
                ),
                format!("move it to `{path}` by hand without them"),
            )),
            _ => Ok(()),
        }
    }

    /// Takes a new text if it says what it should, and nothing else.
    fn replace(&mut self, text: String, wanted: &[Requirement]) -> Result<(), Refusal> {
        let path = &self.path;
        if self.is_link {
            return Err(Refusal::with_help(
                format!("`{path}` is a symbolic link"),
                "change the file that it leads to by hand",
            ));
        }
        let found: Vec<Requirement> = requirements(&parse(&text)).collect();
        let is_same = found.len() == wanted.len()
            && found.iter().zip(wanted).all(|(found, wanted)| {
                found.text() == wanted.text() && found.hashes().iter().eq(wanted.hashes().iter())
            });
        if !is_same {
            return Err(Refusal::new(format!("`{path}` would say something else besides")));
        }
        if self.decoded.encode(&text).is_none() {
            return Err(Refusal::new(format!("`{path}` has an encoding without some of the letters")));
        }
        self.text = text;
        Ok(())
    }
}

fn requirements(document: &Document) -> impl Iterator<Item = Requirement> {
    document.requirements().map(|(_, found)| found.clone())
}

fn is_about(requirement: &Requirement, name: &str) -> bool {
    requirement.name().is_some_and(|found| normalize_name(found) == name)
}

/// The requirement by PEP 508, if it is one and means the same alone.
fn plain_text(requirement: &Requirement) -> Option<String> {
    let text = requirement.text();
    let alone = parsed(text).filter(|_| !requirement.is_editable())?;
    let has_own_name = alone.is_direct_reference() || alone.url().is_none();
    (has_own_name && meaning::difference(requirement, &alone).is_none()).then(|| text.to_owned())
}
