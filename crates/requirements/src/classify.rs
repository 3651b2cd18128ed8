//! pip's `parse_req_from_line` and `parse_editable`: is it a name, a URL or a path, and is it valid.

use crate::document::InvalidReason;
use crate::marker::{self, Judge};
use crate::pep508::{self, Grammar, Problem};
use crate::requirement::{Form, WheelName};
use crate::text::{Part, is_space, strip};
use crate::url::{self, Vcs};

/// Where everything stands in the source of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) form: Form,
    pub(crate) name: Part,
    pub(crate) extras: Part,
    pub(crate) specifier: Part,
    pub(crate) marker: Part,
    pub(crate) url: Part,
    /// pip reads it, PEP 508 does not allow it.
    pub(crate) lenient: bool,
    /// The specifier cannot be expressed with `pep440_rs`.
    pub(crate) unsupported: bool,
    /// The marker is worth a closer look.
    pub(crate) uncommon_marker: bool,
}

impl Shape {
    /// For what pip refuses.
    pub(crate) fn empty() -> Self {
        Self::new(Form::Index)
    }

    fn new(form: Form) -> Self {
        let none = Part::NONE;
        Self {
            form,
            name: none,
            extras: none,
            specifier: Part::new(0, 0),
            marker: none,
            url: none,
            lenient: false,
            unsupported: false,
            uncommon_marker: false,
        }
    }

    fn take_grammar(&mut self, grammar: Grammar) {
        self.name = grammar.name;
        self.extras = grammar.extras;
        self.specifier = grammar.specifier;
        self.url = grammar.url;
        self.lenient |= grammar.lenient;
        self.unsupported |= grammar.unsupported;
        if grammar.url.is_some() {
            self.form = Form::Direct;
        }
    }
}

/// Why pip refuses a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: InvalidReason,
    pub(crate) at: usize,
    pub(crate) message: &'static str,
    pub(crate) cause: Cause,
}

/// Causes that have a diagnostic of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Other,
    Egg,
    WheelName,
    EditableTarget,
    EditableName,
}

impl Refusal {
    fn grammar(problem: Problem) -> Self {
        Self {
            reason: InvalidReason::Requirement,
            at: problem.at,
            message: problem.message,
            cause: Cause::Other,
        }
    }

    fn marker(problem: Problem) -> Self {
        Self { reason: InvalidReason::Marker, at: problem.at, message: problem.message, cause: Cause::Other }
    }

    fn url(at: usize, message: &'static str, cause: Cause) -> Self {
        Self { reason: InvalidReason::Url, at, message, cause }
    }
}

/// Classifies a requirement that is not editable.
pub(crate) fn requirement(source: &str, part: Part) -> Result<Shape, Refusal> {
    match common(source, part) {
        Some(shape) => Ok(shape),
        None => general(source, part),
    }
}

/// The common case `name[extras] specifier ; marker`, for which none of pip's questions about URLs and paths can
/// be answered with yes. Gives nothing whenever there is any doubt; [`general`] then follows pip step by step.
pub(crate) fn common(source: &str, part: Part) -> Option<Shape> {
    let bytes = source.as_bytes().get(part.start()..part.end())?;
    let head_end =
        bytes.iter().position(|b| matches!(b, b';' | b':' | b'/' | b'@' | b'#' | 0..=8 | 10..=31 | 127..));
    let semicolon = match head_end {
        None => bytes.len(),
        Some(position) if bytes[position] == b';' => position,
        Some(_) => return None,
    };
    let head = strip(source, Part::new(part.start(), part.start() + semicolon));
    let grammar = pep508::parse(source, head).ok()?;
    // pip asks whether it is an archive after taking extras from the end.
    let location = if source.as_bytes()[head.end() - 1] == b']' { grammar.name } else { head };
    if is_archive(location.of(source)) {
        return None;
    }
    if grammar.identical {
        return None;
    }
    let mut shape = Shape::new(Form::Index);
    shape.take_grammar(grammar);
    if semicolon < bytes.len() {
        let marker = Part::new(part.start() + semicolon + 1, part.end());
        take_marker(source, marker, &mut shape).ok()?;
    }
    Some(shape)
}

fn take_marker(source: &str, part: Part, shape: &mut Shape) -> Result<(), Refusal> {
    let part = strip(source, part);
    if part.is_empty() {
        shape.lenient = true;
        return Ok(());
    }
    let mut judge = Judge::default();
    marker::scan(source, part, &mut judge).map_err(Refusal::marker)?;
    shape.marker = part;
    shape.uncommon_marker = judge.uncommon;
    Ok(())
}

/// pip's `parse_req_from_line`, step by step.
pub(crate) fn general(source: &str, part: Part) -> Result<Shape, Refusal> {
    let mut shape = Shape::new(Form::Index);
    let is_url = url::is_url(part.of(source));
    let separator = if is_url { "; " } else { ";" };
    let mut head = part;
    if let Some(offset) = part.of(source).find(separator) {
        head = Part::new(part.start(), part.start() + offset);
        let marker = Part::new(head.end() + separator.len(), part.end());
        take_marker(source, marker, &mut shape)?;
    }
    // PEP 508 wants a space between a URL and the semicolon, and so does uv for a path; pip splits anywhere.
    let tight = head.end() < part.end() && !head.of(source).ends_with(is_space);
    head = strip(source, head);
    if url::is_url(head.of(source)) {
        shape.form = Form::Url;
        shape.url = head;
        shape.lenient |= tight;
        return link(source, shape);
    }
    let (location, extras) = split_extras(source, head)?;
    if is_path(location.of(source), head.of(source)) {
        shape.form = Form::Path;
        shape.url = location;
        shape.extras = extras;
        shape.lenient |= tight;
        return link(source, shape);
    }
    let marker = shape.marker;
    shape.take_grammar(pep508::parse(source, head).map_err(Refusal::grammar)?);
    shape.marker = marker;
    if shape.form == Form::Direct {
        shape.lenient |= tight;
        // A URL that ends in brackets: pip takes those for the extras, and drops the ones after the name.
        if pep508::extras(source, extras).next().is_some() {
            shape.extras = extras;
        }
        check_link(source, shape.url)?;
    }
    Ok(shape)
}

/// pip's `strip_extras`: a list in brackets at the very end.
fn split_extras(source: &str, part: Part) -> Result<(Part, Part), Refusal> {
    let text = part.of(source);
    let none = Ok((part, Part::NONE));
    let Some(inner_end) = text.strip_suffix(']').map(str::len) else { return none };
    let before = &text[..inner_end];
    // The expression takes the last `[` that has something before it and no `]` after it.
    let Some(open) = before.rfind('[') else { return none };
    if open == 0 || open + 1 == inner_end || before[open..].contains(']') {
        return none;
    }
    let extras = Part::new(part.start() + open + 1, part.start() + inner_end);
    pep508::extras_are_valid(source, extras).map_err(Refusal::grammar)?;
    let location = before[..open].trim_end_matches(is_space);
    Ok((Part::new(part.start(), part.start() + location.len()), extras))
}

/// Whether pip takes the text for a path, given that what looks like one exists.
fn is_path(location: &str, whole: &str) -> bool {
    if is_archive(location) {
        return match whole.split_once('@') {
            Some((before, _)) => looks_like_path(before),
            None => true,
        };
    }
    looks_like_path(whole) && !whole.contains("://") && !is_direct_reference(whole)
}

fn looks_like_path(text: &str) -> bool {
    text.contains('/') || text.starts_with('.')
}

/// Whether the text begins as `name [extras] @` does. pip asks the file system; such a path would be odd.
fn is_direct_reference(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, _)| {
        let before = before.trim_end_matches(is_space);
        let allowed = |c: char| crate::text::is_word(c) || matches!(c, '.' | '-' | ' ' | '[' | ']' | ',');
        !before.is_empty() && before.chars().all(allowed)
    })
}

/// Whether pip counts a file name as an archive.
pub(crate) fn is_archive(name: &str) -> bool {
    // Cheap first: every archive extension ends in one of these.
    if !name.ends_with(['p', 'l', '2', 'z', 'a', 'r', 'P', 'L', 'Z', 'A', 'R']) {
        return false;
    }
    let file = name.rsplit('/').next().unwrap_or(name).trim_start_matches('.');
    let Some((stem, extension)) = file.rsplit_once('.') else { return false };
    let extension = extension.to_ascii_lowercase();
    let tar =
        stem.len() >= 4 && stem.get(stem.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".tar"));
    if tar {
        matches!(extension.as_str(), "bz2" | "xz" | "lz" | "lzma" | "gz")
    } else {
        matches!(extension.as_str(), "zip" | "whl" | "tbz" | "txz" | "tlz" | "tgz" | "tar")
    }
}

/// A URL or path alone: its name comes from the wheel's file name or from `egg=`.
fn link(source: &str, mut shape: Shape) -> Result<Shape, Refusal> {
    let location = shape.url.of(source);
    let is_path = shape.form == Form::Path;
    if is_path {
        check_path(location, shape.url)?;
    } else {
        check_link(source, shape.url)?;
    }
    if let Some(file) = wheel_file(location, is_path) {
        let Some(wheel) = parse_wheel(&file) else {
            return Err(Refusal::url(shape.url.start(), "invalid wheel file name", Cause::WheelName));
        };
        // An encoded name is not a part of the text; the method `wheel` gives it then.
        if let Some(found) = location.rfind(&*file) {
            let start = shape.url.start() + found;
            shape.name = Part::new(start, start + wheel.name.len());
        }
    } else if !is_path && !is_relative_file(location) {
        shape.name = egg(location, shape.url.start());
    }
    Ok(shape)
}

/// pip rebuilds such a URL from its path and loses the fragment.
fn is_relative_file(location: &str) -> bool {
    url::scheme(location) == "file" && location.contains("../")
}

fn egg(location: &str, start: usize) -> Part {
    url::fragment_range(location, "egg")
        .map_or(Part::NONE, |range| Part::new(start + range.start, start + range.end))
}

/// What pip's `Link` checks: that the URL can be split, and that `egg=` is a name.
fn check_link(source: &str, part: Part) -> Result<(), Refusal> {
    let location = &*url::without_tabs(part.of(source));
    let parts = url::split(location).map_err(|message| Refusal::url(part.start(), message, Cause::Other))?;
    let written = part.of(source);
    if let Some(range) = url::fragment_range(written, "egg")
        && !written.get(range.clone()).is_some_and(url::is_project_name)
    {
        let at = part.start() + range.start;
        return Err(Refusal::url(at, "`egg=` wants a project name and nothing else", Cause::Egg));
    }
    if parts.scheme == "file" && !written.starts_with("file:") {
        return Err(Refusal::url(part.start(), "`file:` must be in lower case", Cause::Other));
    }
    if parts.scheme == "file" && !matches!(parts.netloc, "" | "localhost") && !is_relative_file(location) {
        let message = "a `file:` URL must not name another machine";
        return Err(Refusal::url(part.start(), message, Cause::Other));
    }
    Ok(())
}

/// Two slashes in front survive pip's normalisation, and make a host of the first directory.
fn check_path(location: &str, part: Part) -> Result<(), Refusal> {
    if location.starts_with("//") && !location.starts_with("///") {
        return Err(Refusal::url(part.start(), "a path must not begin with two slashes", Cause::Other));
    }
    Ok(())
}

/// The decoded file name, if it is a wheel's.
fn wheel_file(location: &str, is_path: bool) -> Option<String> {
    let clean = url::without_tabs(location);
    let path =
        if is_path { location.to_owned() } else { url::unquote(url::split(&clean).ok()?.path).into_owned() };
    // On Windows, `\` separates the parts of a path, too.
    let file = path.trim_end_matches('/').rsplit(if is_path { &['/', '\\'][..] } else { &['/'] }).next()?;
    let stem = file.strip_suffix(".whl")?;
    // Python's `splitext` sees no extension in a name that begins with its only dots.
    (!stem.trim_start_matches('.').is_empty()).then(|| file.to_owned())
}

/// Name and version of the wheel that a URL or path points at.
pub(crate) fn wheel_name(location: &str, is_path: bool) -> Option<WheelName> {
    parse_wheel(&wheel_file(location, is_path)?)
}

/// packaging's `parse_wheel_filename`.
fn parse_wheel(file: &str) -> Option<WheelName> {
    let stem = file.strip_suffix(".whl")?;
    let parts: Vec<_> = stem.split('-').collect();
    let [name, version, build @ .., python, abi, platform] = parts.as_slice() else { return None };
    let name_fits = !name.contains("__") && url::is_project_name(&crate::text::normalize_name(name));
    let build_fits = match build {
        [] => true,
        [build] => build.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let tags_fit = [python, abi, platform].iter().all(|tags| tags.split('.').all(|tag| !tag.is_empty()));
    let identifier =
        |tag: &str| tag.chars().all(crate::text::is_word) && !tag.starts_with(|c: char| c.is_numeric());
    let tags_fit = tags_fit && python.split('.').all(identifier);
    let version_fits = version.trim_matches(is_space).parse::<pep440_rs::Version>().is_ok();
    (name_fits && build_fits && tags_fit && version_fits)
        .then(|| WheelName { name: (*name).to_owned(), version: (*version).to_owned() })
}

/// Classifies the value of `-e`.
pub(crate) fn editable(source: &str, part: Part) -> Result<Shape, Refusal> {
    if let Some(shape) = direct_editable(source, part) {
        check_link(source, shape.url)?;
        return if is_editable_link(shape.url.of(source)) { Ok(shape) } else { Err(not_editable(part)) };
    }
    let (location, extras) = split_extras(source, part)?;
    let mut shape = Shape::new(Form::Path);
    let text = location.of(source);
    if is_directory(text) {
        check_path(text, location)?;
        shape.url = location;
        shape.extras = extras;
        return Ok(shape);
    }
    shape.form = Form::Url;
    if text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("file:")) {
        shape.url = location;
        shape.extras = extras;
        check_link(source, location)?;
        shape.name = egg(text, location.start());
        return if text.starts_with("file:") { Ok(shape) } else { Err(not_editable(part)) };
    }
    shape.url = part;
    check_link(source, part)?;
    shape.name = egg(part.of(source), part.start());
    if !url::is_bare_vcs(part.of(source)) && !is_editable_link(part.of(source)) {
        return Err(not_editable(part));
    }
    if !shape.name.is_some() || shape.name.is_empty() {
        let message = "cannot tell the name of the project from the URL";
        return Err(Refusal::url(part.start(), message, Cause::EditableName));
    }
    Ok(shape)
}

fn not_editable(part: Part) -> Refusal {
    let message = "an editable must be a local directory or a version control URL";
    Refusal::url(part.start(), message, Cause::EditableTarget)
}

/// `name [extras] @ url ; marker` as the value of `-e`, which has to be quoted in a file.
fn direct_editable(source: &str, part: Part) -> Option<Shape> {
    let text = part.of(source);
    let mut head = part;
    let mut marker = Part::NONE;
    if !text.contains('@') {
        return None;
    }
    // packaging looks for the semicolon only after the URL and a space.
    if let Some(at) = text.find(" ;").or_else(|| text.find("\t;")) {
        head = Part::new(part.start(), part.start() + at);
        let rest = source[head.end() + 2..part.end()].trim_end_matches([' ', '\t']);
        marker = Part::new(head.end() + 2, head.end() + 2 + rest.len());
    }
    let mut judge = Judge::default();
    if marker.is_some() {
        marker::scan(source, marker, &mut judge).ok()?;
    }
    let grammar = pep508::parse(source, head).ok()?;
    let mut shape = Shape::new(Form::Direct);
    shape.take_grammar(grammar);
    shape.marker = marker;
    shape.uncommon_marker = judge.uncommon;
    grammar.url.is_some().then_some(shape)
}

fn is_editable_link(location: &str) -> bool {
    location.starts_with("file:") || Vcs::of_scheme(&url::scheme(location)).is_some()
}

/// Whether pip would find a directory there, given that the path exists.
fn is_directory(text: &str) -> bool {
    let colon = text.find(':').is_some_and(|colon| {
        let head = &text[..colon];
        head.starts_with(|c: char| c.is_ascii_alphabetic())
            && head.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
    });
    !colon && (!text.contains('@') || text.starts_with(['.', '/']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{common, general};
    use crate::text::Part;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// The shortcut may decline, but never say something else than pip's own way.
        #[test]
        fn the_shortcut_never_differs(
            text in "(foo|a\\.b|A_|x-y|lib\\.whl|a\\.zip|\\[x, ?Y\\]|\\[\\]|==1\\.0|>=1|,|~=2\\.1|===w|\\(|\\)| |\t|;|@|/|:|os_name|==|'nt'|\"3\"| and |<|\\.\\*|dev|rc1|\\+l|é|#){0,9}"
        ) {
            let part = Part::new(0, text.len());
            if let Some(shape) = common(&text, part) {
                prop_assert_eq!(Ok(shape), general(&text, part));
            }
        }
    }
}
