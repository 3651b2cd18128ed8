//! Requirements that pip accepts and something is to be said about.

use uvshift_diagnostics::Diagnostic;

use super::UV_REFUSES;
use super::lines::credentials;
use crate::classify::Shape;
use crate::codes;
use crate::marker::{MarkerConcernKind, concerns};
use crate::parse::Context;
use crate::requirement::{Requirement, Target};
use crate::text::Part;
use crate::url::{Vcs, has_secret};

/// Called for every requirement that is not a plain name with a plain marker.
pub(crate) fn requirement(
    context: &Context<'_>,
    requirement: &Requirement,
    shape: &Shape,
    part: Part,
    found: &mut Vec<Diagnostic>,
) {
    let span = context.locate(context.body).span();
    if shape.uncommon_marker
        && let Some(marker) = requirement.marker()
    {
        found.extend(marker_concerns(marker).map(|diagnostic| diagnostic.at(span)));
    }
    if shape.unsupported {
        let message = match requirement.version_specifiers() {
            Err(error) => error.to_string(),
            Ok(_) => "the specifier is not supported".to_owned(),
        };
        found.push(
            Diagnostic::error(codes::UNSUPPORTED_VERSION, message)
                .at(span)
                .with_pip("accepts it")
                .with_uv(UV_REFUSES)
                .with_help("write a version by PEP 440"),
        );
    }
    if shape.lenient {
        found.push(
            Diagnostic::warning(codes::LENIENT_SYNTAX, "pip reads this more leniently than PEP 508 allows")
                .at(span)
                .with_pip("accepts it")
                .with_uv("refuses the file, or reads it differently")
                .with_help(lenient_help(requirement)),
        );
    }
    if requirement.url().is_some_and(has_secret) {
        credentials(context, context.body, found);
    }
    found.extend(location(requirement, part).into_iter().map(|diagnostic| diagnostic.at(span)));
}

fn marker_concerns(marker: &str) -> impl Iterator<Item = Diagnostic> + use<> {
    concerns(marker).into_iter().map(|concern| {
        let (pip, uv) = match concern.kind {
            MarkerConcernKind::Refused => ("accepts the marker", UV_REFUSES),
            MarkerConcernKind::Dropped => (
                "compares as texts what is no valid version comparison, which is mostly false",
                "leaves the comparison out, which makes it true everywhere",
            ),
            MarkerConcernKind::Differs => ("evaluates the marker by its own rules", "gets another result"),
            MarkerConcernKind::FailsInPip => {
                ("accepts the line and fails when it evaluates the marker", "leaves the comparison out")
            }
        };
        Diagnostic::warning(codes::UNSUPPORTED_MARKER, concern.message)
            .with_pip(pip)
            .with_uv(uv)
            .with_help("write the marker so that every tool reads it alike")
    })
}

fn lenient_help(requirement: &Requirement) -> String {
    let mut text = requirement.name().unwrap_or_default().to_owned();
    if requirement.url().is_some() {
        return "put a space before the semicolon, and nothing after an empty one".to_owned();
    }
    let extras: Vec<_> = requirement.extras().collect();
    if !extras.is_empty() {
        text.push('[');
        text.push_str(&extras.join(","));
        text.push(']');
    }
    let clauses: Vec<_> = requirement
        .specifiers()
        .map(|clause| format!("{}{}", clause.operator.as_str(), clause.version))
        .collect();
    text.push_str(&clauses.join(","));
    if let Some(marker) = requirement.marker() {
        text.push_str(" ; ");
        text.push_str(marker);
    }
    format!("write `{text}`, with a name and a version that PEP 508 and PEP 440 allow")
}

/// What the target of the requirement is worth saying.
fn location(requirement: &Requirement, part: Part) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    match requirement.target() {
        Target::Vcs(vcs) => {
            if vcs.vcs != Vcs::Git {
                found.push(
                    Diagnostic::error(
                        codes::UNSUPPORTED_VCS,
                        format!("uv cannot fetch from {}", vcs.vcs.as_str()),
                    )
                    .with_pip("fetches it if the tool is installed")
                    .with_uv(UV_REFUSES)
                    .with_help("point to a git repository, a source archive or an index"),
                );
            } else if requirement.is_editable() {
                found.push(
                    Diagnostic::warning(codes::EDITABLE_VCS, "uv installs no repository as editable")
                        .with_pip("clones it into `src/` and installs that directory")
                        .with_uv(UV_REFUSES)
                        .with_help("drop the `-e`, or clone it yourself and use the path"),
                );
            }
        }
        Target::Path(path) => found.extend(path_location(requirement, &path)),
        Target::Index | Target::Url(_) => {}
    }
    let named = requirement.name().is_some() || requirement.wheel().is_some();
    if !named && !part.is_empty() && !requirement.is_editable() {
        found.push(
            Diagnostic::note(codes::UNNAMED_REQUIREMENT, "the requirement has no name")
                .with_pip("finds the name when it builds the project")
                .with_uv("does the same for files, but wants a name in pyproject.toml")
                .with_help("write `name @ URL`"),
        );
    }
    found
}

fn path_location(requirement: &Requirement, path: &str) -> Option<Diagnostic> {
    if path.starts_with("git+") && path.contains('@') {
        return Some(
            Diagnostic::warning(codes::SCP_URL, "`git+user@host:path` is no URL")
                .with_pip("takes it for a path")
                .with_uv("takes it for a path")
                .with_help("write `git+ssh://user@host/path`"),
        );
    }
    let fragment = path.contains("#egg=") || path.contains("#subdirectory=");
    (fragment && !requirement.is_direct_reference()).then(|| {
        Diagnostic::warning(codes::FRAGMENT_ON_PATH, "a path has no fragment")
            .with_pip("takes `#` and what follows for a part of the path")
            .with_uv("takes `#` and what follows for a part of the path")
            .with_help("remove the fragment, or write a `file:` URL")
    })
}
