//! From text to lines: one pass, nothing is looked up, nothing fails.

use std::sync::Arc;

use uvshift_diagnostics::Diagnostic;

use crate::classify::{self, Refusal, Shape};
use crate::diagnose;
use crate::document::{Document, GlobalOption, Include, IncludeKind, Invalid, InvalidReason, Line, LineKind};
use crate::lines::{Joined, LogicalLine, Splitter, find_comment};
use crate::option::{self, OptionName, Parsed, Use};
use crate::requirement::{Data, Form, HashAlgorithm, HashPart, Rare, Requirement};
use crate::shell;
use crate::text::{Part, strip};

/// Parses a requirements or constraints file as pip 26.3 does.
///
/// Never fails: what pip refuses becomes a [`LineKind::Invalid`] line with a diagnostic. `${NAME}` stays as
/// written, which is what pip does with a variable that is not set.
///
/// ```
/// let document = uvshift_requirements::parse("flask>=2 # web\n-r base.txt\n");
/// let (line, requirement) = document.requirements().next().unwrap();
/// assert_eq!(requirement.name(), Some("flask"));
/// assert_eq!(requirement.specifier(), ">=2");
/// assert_eq!(document.comment(line), Some("# web"));
/// assert_eq!(document.to_string(), "flask>=2 # web\n-r base.txt\n");
/// ```
pub fn parse(text: &str) -> Document {
    let text: Arc<str> = Arc::from(text);
    if u32::try_from(text.len()).is_err() {
        return too_large(text);
    }
    let mut parser = Parser {
        lines: Vec::with_capacity(estimated_lines(&text)),
        diagnostics: Vec::new(),
        joined: Joined::default(),
        text: &text,
    };
    let mut splitter = Splitter::new(&text);
    if !splitter.is_plain() {
        diagnose::line_ends(&text, &mut parser.diagnostics);
    }
    while let Some(logical) = splitter.next_line(&mut parser.joined) {
        parser.line(logical);
    }
    let Parser { mut lines, mut diagnostics, .. } = parser;
    lines.shrink_to_fit();
    diagnostics.sort_by_key(|found: &Diagnostic| found.span.map(|span| span.start));
    Document { text: Arc::clone(&text), lines, diagnostics }
}

/// Counting line feeds costs little and saves growing the list step by step.
fn estimated_lines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1
}

/// A text that offsets of four bytes cannot reach stays one line.
#[cold]
fn too_large(text: Arc<str>) -> Document {
    let message = "the file is larger than 4 GiB".to_owned();
    let invalid = Invalid { reason: InvalidReason::TooLarge, message, requirement: None };
    let kind = LineKind::Invalid(Box::new(invalid));
    let line = Line { span: Part::new(0, text.len()), comment: Part::NONE, first: 1, last: 1, kind };
    Document { text, lines: vec![line], diagnostics: vec![diagnose::too_large()] }
}

struct Parser<'a> {
    text: &'a Arc<str>,
    joined: Joined,
    lines: Vec<Line>,
    diagnostics: Vec<Diagnostic>,
}

/// A logical line while it is being parsed: the source that offsets count in, and what it consists of.
pub(crate) struct Context<'a> {
    /// The document, or the joined text.
    pub(crate) source: &'a str,
    /// The line without comment and edge spaces, in the source.
    pub(crate) body: Part,
    pub(crate) logical: LogicalLine,
    pub(crate) joined: Option<&'a Joined>,
    document: &'a Arc<str>,
}

impl Context<'_> {
    /// The place in the document of a place in the source.
    pub(crate) fn locate(&self, part: Part) -> Part {
        match self.joined {
            None => part,
            Some(joined) => {
                let start = joined.physical(part.start());
                let end = if part.is_empty() { start } else { joined.physical(part.end() - 1) + 1 };
                Part::new(start, end.max(start))
            }
        }
    }

    /// The length of the whole document.
    pub(crate) fn document_len(&self) -> usize {
        self.document.len()
    }

    /// A shared handle to the source.
    fn share(&self) -> Arc<str> {
        match self.joined {
            None => Arc::clone(self.document),
            Some(_) => Arc::from(self.source),
        }
    }
}

impl Parser<'_> {
    fn line(&mut self, logical: LogicalLine) {
        let joined = logical.joined.then_some(&self.joined);
        let (source, whole) = match joined {
            Some(joined) => (joined.text.as_str(), Part::new(0, joined.text.len())),
            None => (&**self.text, logical.content),
        };
        let comment_at = find_comment(whole.of(source)).map(|offset| whole.start() + offset);
        let body = strip(source, Part::new(whole.start(), comment_at.unwrap_or(whole.end())));
        let context = Context { source, body, logical, joined, document: self.text };
        let comment = comment_at.map_or(Part::NONE, |at| {
            let start = joined.map_or(at, |joined| joined.physical(at));
            Part::new(start, logical.content.end())
        });
        if let (Some(joined), Some(at)) = (joined, comment_at) {
            diagnose::joined_comment(&context, joined, at, &mut self.diagnostics);
        }
        let kind = if body.is_empty() {
            if comment.is_some() { LineKind::Comment } else { LineKind::Blank }
        } else {
            let before = self.diagnostics.len();
            let kind = body_kind(&context, &mut self.diagnostics);
            diagnose::line(&context, &kind, &mut self.diagnostics);
            for found in &mut self.diagnostics[before..] {
                found.line.get_or_insert(logical.first as usize);
            }
            kind
        };
        self.lines.push(Line { span: logical.span, comment, first: logical.first, last: logical.last, kind });
    }
}

/// pip's `break_args_options`: a word that begins with a dash ends the requirement.
fn options_start(body: &str) -> Option<usize> {
    if body.starts_with('-') {
        return Some(0);
    }
    memchr::memmem::find(body.as_bytes(), b" -").map(|position| position + 1)
}

fn body_kind(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) -> LineKind {
    let body = context.body;
    let Some(offset) = options_start(body.of(context.source)) else {
        return requirement(context, body, Attached::default(), diagnostics);
    };
    let options = Part::new(body.start() + offset, body.end());
    let arguments = Part::new(body.start(), (body.start() + offset).saturating_sub(1).max(body.start()));
    if offset > 0
        && let Some(hashes) = plain_hashes(context.source, options)
    {
        let attached = Attached { hashes, ..Attached::default() };
        return requirement(context, arguments, attached, diagnostics);
    }
    let parsed = match shell::split(context.source, options) {
        Ok(words) => option::parse(&words),
        Err(error) => {
            diagnose::shell_error(context, options, error, diagnostics);
            return invalid(InvalidReason::Options, "the quotes of the options do not match", None);
        }
    };
    match parsed {
        Ok(parsed) => with_options(context, arguments, parsed, diagnostics),
        Err(problem) => {
            diagnose::option_problem(context, &problem, diagnostics);
            invalid(InvalidReason::Options, &problem.message, None)
        }
    }
}

fn invalid(reason: InvalidReason, message: &str, requirement: Option<Requirement>) -> LineKind {
    LineKind::Invalid(Box::new(Invalid { reason, message: message.to_owned(), requirement }))
}

/// What options add to a requirement.
#[derive(Default)]
struct Attached {
    hashes: Vec<HashPart>,
    rare: Rare,
    editable: bool,
}

/// The usual `--hash=sha256:... --hash=sha256:...` without quotes, which needs no shell.
fn plain_hashes(source: &str, part: Part) -> Option<Vec<HashPart>> {
    let text = part.of(source);
    let bytes = text.as_bytes();
    // Shell syntax, and spaces that shell and strip disagree about, are left to the general way.
    let mut hashes = Vec::with_capacity(bytes.len() / 79 + 1);
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b' ' | b'\t') {
            at += 1;
            continue;
        }
        let rest = bytes[at..].strip_prefix(b"--hash=sha")?;
        let (algorithm, digest) = match rest {
            [b'2', b'5', b'6', b':', digest @ ..] => (HashAlgorithm::Sha256, digest),
            [b'3', b'8', b'4', b':', digest @ ..] => (HashAlgorithm::Sha384, digest),
            [b'5', b'1', b'2', b':', digest @ ..] => (HashAlgorithm::Sha512, digest),
            _ => return None,
        };
        let length = digest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(digest.len());
        if !matches!(digest.get(length), None | Some(b' ' | b'\t')) {
            return None;
        }
        let start = part.start() + bytes.len() - digest.len();
        hashes.push(HashPart { algorithm, digest: Part::new(start, start + length) });
        at = bytes.len() - digest.len() + length;
    }
    Some(hashes)
}

/// A line with options: a requirement, an include, or options for the whole run.
fn with_options(
    context: &Context<'_>,
    arguments: Part,
    parsed: Parsed,
    diagnostics: &mut Vec<Diagnostic>,
) -> LineKind {
    diagnose::options(context, arguments, &parsed, diagnostics);
    let editable = parsed.uses.iter().find(|found| found.name == OptionName::Editable);
    if !arguments.is_empty() || editable.is_some() {
        let mut attached = attach(&parsed.uses);
        attached.editable = editable.is_some();
        return match editable {
            Some(value) if arguments.is_empty() => editable_option(context, value, attached, diagnostics),
            _ => requirement(context, arguments, attached, diagnostics),
        };
    }
    let include = |name, kind| {
        let found = parsed.uses.iter().find(|found| found.name == name)?;
        Some(Include { kind, target: found.value.text.clone() })
    };
    if let Some(found) = include(OptionName::Requirement, IncludeKind::Requirements)
        .or_else(|| include(OptionName::Constraint, IncludeKind::Constraints))
    {
        return LineKind::Include(found);
    }
    LineKind::Options(global_options(parsed.uses))
}

fn attach(uses: &[Use]) -> Attached {
    let mut attached = Attached::default();
    for found in uses {
        match found.name {
            OptionName::Hash => {
                let Some((name, digest)) = found.value.text.split_once(':') else { continue };
                let Some(algorithm) = HashAlgorithm::named(name) else { continue };
                match found.value.part() {
                    Some(part) if attached.rare.hashes.is_empty() => attached.hashes.push(HashPart {
                        algorithm,
                        digest: Part::new(part.start() + name.len() + 1, part.end()),
                    }),
                    _ => attached.rare.hashes.push((algorithm, digest.to_owned())),
                }
            }
            OptionName::ConfigSettings => {
                if let Some((key, value)) = found.value.text.split_once('=') {
                    attached.rare.config_settings.push((key.to_owned(), value.to_owned()));
                }
            }
            _ => {}
        }
    }
    attached
}

/// `-e VALUE`: the value is a part of the source unless quotes or escapes break it up.
fn editable_option(
    context: &Context<'_>,
    value: &Use,
    mut attached: Attached,
    diagnostics: &mut Vec<Diagnostic>,
) -> LineKind {
    // pip does not pass hashes on to an editable.
    attached.hashes.clear();
    attached.rare.hashes.clear();
    if let Some(part) = value.value.part() {
        return build(context, context.share(), part, attached, diagnostics);
    }
    let source: Arc<str> = Arc::from(value.value.text.as_str());
    let part = Part::new(0, source.len());
    build(context, source, part, attached, diagnostics)
}

fn requirement(
    context: &Context<'_>,
    arguments: Part,
    mut attached: Attached,
    diagnostics: &mut Vec<Diagnostic>,
) -> LineKind {
    if attached.editable {
        attached.hashes.clear();
        attached.rare.hashes.clear();
    }
    build(context, context.share(), arguments, attached, diagnostics)
}

/// Classifies the requirement in `part` of `source` and puts it together.
fn build(
    context: &Context<'_>,
    source: Arc<str>,
    part: Part,
    attached: Attached,
    diagnostics: &mut Vec<Diagnostic>,
) -> LineKind {
    let result = if attached.editable {
        classify::editable(&source, part)
    } else {
        classify::requirement(&source, part)
    };
    let Attached { hashes, rare, editable } = attached;
    let is_rare = !rare.config_settings.is_empty() || !rare.hashes.is_empty();
    let shape = result.as_ref().map_or_else(|_| Shape::empty(), |shape| *shape);
    let requirement = Requirement::new(Data {
        span: context.locate(context.body),
        text: if editable { part } else { strip(&source, part) },
        name: shape.name,
        extras: shape.extras,
        specifier: shape.specifier,
        marker: shape.marker,
        url: shape.url,
        form: shape.form,
        editable,
        hashes: hashes.into_boxed_slice(),
        rare: is_rare.then(|| Box::new(rare)),
        source,
    });
    if let Err(refusal) = result {
        return refused(context, requirement, part, &refusal, diagnostics);
    }
    if shape.is_remarkable() || editable {
        diagnose::requirement(context, &requirement, &shape, part, diagnostics);
    }
    LineKind::Requirement(requirement)
}

#[cold]
fn refused(
    context: &Context<'_>,
    requirement: Requirement,
    part: Part,
    refusal: &Refusal,
    diagnostics: &mut Vec<Diagnostic>,
) -> LineKind {
    diagnose::refusal(context, requirement.source(), part, refusal, diagnostics);
    invalid(refusal.reason, refusal.message, Some(requirement))
}

/// The options that take effect, in order.
fn global_options(uses: Vec<Use>) -> Vec<GlobalOption> {
    let mut options = Vec::with_capacity(uses.len());
    for found in uses {
        let value = found.value.text;
        options.push(match found.name {
            OptionName::IndexUrl => GlobalOption::IndexUrl(value),
            OptionName::ExtraIndexUrl => GlobalOption::ExtraIndexUrl(value),
            OptionName::FindLinks => {
                // pip looks at the first one of a line only.
                if options.iter().any(|option| matches!(option, GlobalOption::FindLinks(_))) {
                    continue;
                }
                GlobalOption::FindLinks(value)
            }
            OptionName::NoIndex => GlobalOption::NoIndex,
            OptionName::Pre => GlobalOption::Pre,
            OptionName::PreferBinary => GlobalOption::PreferBinary,
            OptionName::NoBinary => GlobalOption::NoBinary(value),
            OptionName::OnlyBinary => GlobalOption::OnlyBinary(value),
            OptionName::TrustedHost => GlobalOption::TrustedHost(value),
            OptionName::RequireHashes => GlobalOption::RequireHashes,
            OptionName::NoRequireHashes => GlobalOption::NoRequireHashes,
            OptionName::UseFeature => GlobalOption::UseFeature(value),
            OptionName::AllReleases => GlobalOption::AllReleases(value),
            OptionName::OnlyFinal => GlobalOption::OnlyFinal(value),
            OptionName::Constraint
            | OptionName::Requirement
            | OptionName::Editable
            | OptionName::Hash
            | OptionName::ConfigSettings => continue,
        });
    }
    options
}

impl Shape {
    /// Whether there may be something to say about the requirement.
    fn is_remarkable(&self) -> bool {
        self.lenient || self.unsupported || self.uncommon_marker || self.form != Form::Index
    }
}
