//! Options: unknown, gone, abbreviated, ignored, or read differently by uv.

use uvshift_diagnostics::{Diagnostic, Safety};

use super::{UV_REFUSES, replace};
use crate::codes;
use crate::option::{OptionName, OptionProblem, Parsed, ProblemKind, Spelling, Use};
use crate::parse::Context;
use crate::shell::ShellError;
use crate::text::Part;

/// Options that pip had once, and what became of them.
const REMOVED: [(&str, &str); 15] = [
    ("--global-option", "use `--config-settings`; uv has `config-settings` in [tool.uv]"),
    ("--install-option", "use `--config-settings`; uv has `config-settings` in [tool.uv]"),
    ("--build-option", "use `--config-settings`; uv has `config-settings` in [tool.uv]"),
    ("--use-wheel", "remove it: wheels are the default"),
    ("--no-use-wheel", "use `--no-binary :all:`"),
    ("--allow-external", "remove it: pip no longer leaves the index on its own"),
    ("--allow-all-external", "remove it: pip no longer leaves the index on its own"),
    ("--allow-unverified", "remove it: pip no longer leaves the index on its own"),
    ("--allow-insecure", "remove it: pip no longer leaves the index on its own"),
    ("--no-allow-external", "remove it: this is the default"),
    ("--no-allow-insecure", "remove it: this is the default"),
    ("--process-dependency-links", "write `name @ URL` requirements instead"),
    ("--always-unzip", "remove it: it has no effect"),
    ("-Z", "remove it: it has no effect"),
    ("--use-pep517", "remove it: this is the default"),
];

pub(crate) fn shell_error(context: &Context<'_>, part: Part, error: ShellError, found: &mut Vec<Diagnostic>) {
    let span = context.locate(part).span();
    let diagnostic = match error {
        ShellError::LoneBackslash => super::refusal::space_after_backslash(span),
        ShellError::OpenQuote => Diagnostic::error(codes::UNBALANCED_QUOTE, "a quote is not closed")
            .at(span)
            .with_pip("refuses the file: could not split options")
            .with_uv("does not know quotes around values of options")
            .with_help("close the quote; a word that begins with `-` begins the options of the line"),
    };
    found.push(diagnostic);
}

pub(crate) fn option_problem(context: &Context<'_>, problem: &OptionProblem, found: &mut Vec<Diagnostic>) {
    let span = context.locate(problem.part).span();
    let written = problem.message.trim_start_matches("no such option: ");
    let removed = REMOVED.iter().find(|(name, _)| *name == written);
    let pip = format!("refuses the file: {}", problem.message);
    let diagnostic = match (problem.kind, removed) {
        (ProblemKind::Unknown, Some((name, advice))) => {
            Diagnostic::error(codes::REMOVED_OPTION, format!("`{name}` is gone from pip")).with_help(*advice)
        }
        (ProblemKind::Unknown, None) => {
            Diagnostic::error(codes::UNKNOWN_OPTION, format!("pip does not know `{written}` in a file"))
                .with_help("remove it, or give it on the command line")
        }
        (ProblemKind::Ambiguous, _) => Diagnostic::error(codes::AMBIGUOUS_OPTION, problem.message.clone())
            .with_help("write the name of the option in full"),
        (ProblemKind::Value, _) => Diagnostic::error(codes::INVALID_OPTION_VALUE, problem.message.clone())
            .with_help("correct or remove the value"),
    };
    found.push(diagnostic.at(span).with_pip(pip).with_uv(UV_REFUSES));
}

/// Everything about the options of a line that pip accepts.
pub(crate) fn options(context: &Context<'_>, arguments: Part, parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    for used in &parsed.uses {
        spelling(context, used, found);
    }
    let uses = |name| parsed.uses.iter().filter(move |used| used.name == name);
    let has = |name| uses(name).next().is_some();
    if !arguments.is_empty() || has(OptionName::Editable) {
        with_requirement(context, arguments, parsed, found);
    } else if has(OptionName::Requirement) || has(OptionName::Constraint) {
        beside_include(context, parsed, found);
    } else {
        alone(context, parsed, found);
    }
    if let Some(first) = parsed.ignored.first() {
        ignored_words(context, *first, arguments, parsed, found);
    }
}

fn spelling(context: &Context<'_>, used: &Use, found: &mut Vec<Diagnostic>) {
    let span = context.locate(used.part).span();
    let long = used.name.long();
    unquoted(context, used, found);
    match used.spelling {
        Spelling::Plain => {}
        Spelling::Abbreviated => {
            let written = used.written.of(context.source);
            let mut diagnostic =
                Diagnostic::warning(codes::ABBREVIATED_OPTION, format!("`{written}` is short for `{long}`"))
                    .at(span)
                    .with_pip("accepts any beginning that fits only one option")
                    .with_uv(UV_REFUSES)
                    .with_help(format!("write `{long}`"));
            if written.starts_with("--") {
                let place = context.locate(used.written).span();
                diagnostic =
                    diagnostic.with_fix(replace("write the name in full", Safety::Safe, place, long));
            }
            found.push(diagnostic);
        }
        Spelling::Attached => found.push(
            Diagnostic::warning(codes::ATTACHED_VALUE, "the value follows the option without a space")
                .at(span)
                .with_pip("accepts it")
                .with_uv(UV_REFUSES)
                .with_help("put a space between option and value"),
        ),
        Spelling::AttachedEquals => found.push(
            Diagnostic::warning(
                codes::EQUALS_AFTER_SHORT_OPTION,
                format!("the value is `{}`, with the `=`", used.value.text),
            )
            .at(span)
            .with_pip("takes the `=` for a part of the value")
            .with_uv("takes what follows the `=` for the value")
            .with_help("put a space instead of the `=`"),
        ),
    }
}

/// Values from which pip's shell rules took something away.
fn unquoted(context: &Context<'_>, used: &Use, found: &mut Vec<Diagnostic>) {
    let span = context.locate(used.part).span();
    let lost =
        |character| used.part.of(context.source).contains(character) && !used.value.text.contains(character);
    let (clean, _) = crate::url::split_credentials(&used.value.text);
    if lost('\\') {
        let message = format!("the value is `{clean}`, without the backslashes");
        found.push(
            Diagnostic::warning(codes::BACKSLASH_IN_OPTION, message)
                .at(span)
                .with_pip("reads the value by shell rules, where a backslash only protects what follows it")
                .with_uv("drops the backslashes, too")
                .with_help("write `/` between the parts of a path"),
        );
    }
    if lost('"') || lost('\'') {
        found.push(
            Diagnostic::warning(codes::QUOTED_VALUE, format!("the value is `{clean}`, without the quotes"))
                .at(span)
                .with_pip("reads the value by shell rules, which take the quotes away")
                .with_uv("takes the quotes for a part of the value")
                .with_help("write the value without quotes; a path with spaces has to be renamed"),
        );
    }
}

fn with_requirement(context: &Context<'_>, arguments: Part, parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let editable = parsed.uses.iter().any(|used| used.name == OptionName::Editable);
    let mut editables = 0;
    for used in &parsed.uses {
        let span = context.locate(used.part).span();
        let long = used.name.long();
        match used.name {
            OptionName::Editable => {
                editables += 1;
                if editables > 1 || !arguments.is_empty() {
                    found.push(ignored(context, used));
                }
            }
            OptionName::Hash if editable => found.push(
                Diagnostic::warning(codes::EDITABLE_HASH_IGNORED, "`--hash` has no effect on an editable")
                    .at(span)
                    .with_pip("ignores the hash")
                    .with_uv("accepts the line")
                    .with_help("remove the hash"),
            ),
            OptionName::ConfigSettings => found.push(
                Diagnostic::warning(codes::CONFIG_SETTINGS, format!("`{long}` for one requirement"))
                    .at(span)
                    .with_pip("passes them to the build of this requirement")
                    .with_uv(UV_REFUSES)
                    .with_help("set `config-settings-package` in [tool.uv]"),
            ),
            name if !name.is_per_requirement() => found.push(ignored(context, used)),
            _ => {}
        }
    }
}

/// An option that pip drops because of what else stands on the line.
fn ignored(context: &Context<'_>, used: &Use) -> Diagnostic {
    let long = used.name.long();
    Diagnostic::warning(
        codes::OPTION_AFTER_REQUIREMENT,
        format!("`{long}` after a requirement has no effect"),
    )
    .at(context.locate(used.part).span())
    .with_pip("ignores the option without a word")
    .with_uv(UV_REFUSES)
    .with_help(format!("put `{long}` on a line of its own, or remove it"))
}

fn beside_include(context: &Context<'_>, parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let name = if parsed.uses.iter().any(|used| used.name == OptionName::Requirement) {
        OptionName::Requirement
    } else {
        OptionName::Constraint
    };
    let first = parsed.uses.iter().position(|used| used.name == name);
    for (index, used) in parsed.uses.iter().enumerate() {
        if Some(index) != first {
            let long = used.name.long();
            found.push(
                Diagnostic::warning(
                    codes::OPTION_BESIDE_INCLUDE,
                    format!("`{long}` beside another file on the same line has no effect"),
                )
                .at(context.locate(used.part).span())
                .with_pip("follows one file of a line, `-r` before `-c`, and ignores the rest of the line")
                .with_uv("takes the rest of the line for a part of the path, or refuses the file")
                .with_help(format!("put `{long}` on a line of its own")),
            );
        }
    }
}

/// A line of options for the whole run.
fn alone(context: &Context<'_>, parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let mut find_links = 0;
    for used in &parsed.uses {
        let span = context.locate(used.part).span();
        let long = used.name.long();
        if used.name.is_per_requirement() {
            let message = format!("`{long}` has no requirement");
            found.push(
                Diagnostic::warning(codes::OPTION_WITHOUT_REQUIREMENT, message)
                    .at(span)
                    .with_pip("ignores it; a hash is then not checked")
                    .with_uv(UV_REFUSES)
                    .with_help(
                        "end the line before with ` \\`, so that the option belongs to its requirement",
                    ),
            );
        }
        find_links += usize::from(used.name == OptionName::FindLinks);
        if used.name == OptionName::FindLinks && find_links > 1 {
            found.push(
                Diagnostic::warning(codes::SEVERAL_OPTIONS, "only the first `--find-links` of a line counts")
                    .at(span)
                    .with_pip("ignores every further one")
                    .with_uv("takes the rest of the line for a part of the first value")
                    .with_help("put it on a line of its own"),
            );
        }
        unknown_to_uv(context, used, found);
    }
    if parsed.uses.len() > 1 && find_links < 2 {
        let message = format!("{} options on one line", parsed.uses.len());
        found.push(
            Diagnostic::warning(codes::SEVERAL_OPTIONS, message)
                .at(context.locate(context.body).span())
                .with_pip("reads each of them")
                .with_uv("takes what follows a value for a part of the value")
                .with_help("put each option on a line of its own"),
        );
    }
}

fn unknown_to_uv(context: &Context<'_>, used: &Use, found: &mut Vec<Diagnostic>) {
    let uv = match used.name {
        OptionName::Pre
        | OptionName::PreferBinary
        | OptionName::TrustedHost
        | OptionName::UseFeature
        | OptionName::RequireHashes => "warns and ignores it in a file",
        OptionName::AllReleases | OptionName::OnlyFinal | OptionName::NoRequireHashes => UV_REFUSES,
        OptionName::IndexUrl if used.written.of(context.source) == "--pypi-url" => UV_REFUSES,
        _ => return,
    };
    let long = used.name.long();
    found.push(
        Diagnostic::note(codes::OPTION_UNKNOWN_TO_UV, format!("uv does not honour `{long}` in a file"))
            .at(context.locate(used.part).span())
            .with_pip("honours it")
            .with_uv(uv)
            .with_help("uv has settings in [tool.uv] for the same purpose"),
    );
}

fn ignored_words(
    context: &Context<'_>,
    first: Part,
    arguments: Part,
    parsed: &Parsed,
    found: &mut Vec<Diagnostic>,
) {
    let last = parsed.ignored.last().copied().unwrap_or(first);
    let part = Part::new(first.start(), last.end());
    let span = context.locate(part).span();
    let editable =
        arguments.is_empty() && parsed.uses.first().is_some_and(|it| it.name == OptionName::Editable);
    let text = part.of(context.source);
    found.push(if editable && text.starts_with(';') {
        Diagnostic::warning(codes::EDITABLE_MARKER_IGNORED, "the marker of an editable has no effect")
            .at(span)
            .with_pip("ignores the marker and always installs the editable")
            .with_uv("honours the marker")
            .with_help("remove the marker to keep what pip does")
    } else if editable && text.starts_with('@') {
        Diagnostic::warning(codes::EDITABLE_DIRECT_REFERENCE, "`-e name @ URL` reads the directory `name`")
            .at(span)
            .with_pip("takes the first word for a directory and drops the rest")
            .with_uv(UV_REFUSES)
            .with_help("write `-e \"name @ URL\"` with quotes, or `-e URL#egg=name`")
    } else {
        Diagnostic::warning(codes::IGNORED_WORDS, "words after the options have no effect")
            .at(span)
            .with_pip("drops them without a word")
            .with_uv("takes them for a part of the value, or refuses the file")
            .with_help("remove them, or put each on a line of its own")
    });
}
