//! Where `pep508_rs`, and with it uv, reads a marker differently from pip.

use pep508_rs::{MarkerTree, MarkerWarningKind, Reporter};

use super::grid::disagreement;
use super::scan::{MarkerOperator, MarkerVariable, Side, Visitor, scan};
use crate::text::Part;
use crate::version::Operator;

/// One reason why the parsed form of a marker is not what pip makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MarkerConcern {
    /// What kind of reason.
    pub kind: MarkerConcernKind,
    /// In words: lower case, no full stop.
    pub message: String,
}

/// The kinds of [`MarkerConcern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarkerConcernKind {
    /// `pep508_rs` refuses the marker.
    Refused,
    /// `pep508_rs` leaves the comparison out, which makes it true everywhere.
    Dropped,
    /// Both evaluate it, with different results.
    Differs,
    /// pip fails when it evaluates it.
    FailsInPip,
}

/// Decides during the walk whether a marker is one of the common ones that every tool reads alike.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// Something uncommon was met, so [`concerns`] has to look.
    pub(crate) uncommon: bool,
}

impl<'a> Visitor<'a> for Judge {
    fn item(&mut self, left: Side<'a>, operator: MarkerOperator, right: Side<'a>) {
        let MarkerOperator::Compare(operator) = operator else {
            self.uncommon = true;
            return;
        };
        self.uncommon |= match (left, right) {
            (Side::Variable(variable), Side::Literal(literal)) => !is_common(variable, operator, literal),
            _ => true,
        };
    }
}

fn is_common(variable: MarkerVariable, operator: Operator, literal: &str) -> bool {
    use MarkerVariable as Variable;
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let parts = release_parts(literal);
    match variable {
        Variable::OsName
        | Variable::SysPlatform
        | Variable::PlatformSystem
        | Variable::PlatformMachine
        | Variable::PlatformPythonImplementation
        | Variable::ImplementationName => equality && !literal.contains(['\\', '"', '\'']),
        Variable::Extra => equality && is_extra_name(literal),
        Variable::PythonVersion => {
            matches!(parts, Some(1 | 2)) && !matches!(operator, Operator::Compatible | Operator::Identical)
        }
        Variable::PythonFullVersion | Variable::ImplementationVersion => {
            matches!(parts, Some(1..=4)) && !matches!(operator, Operator::Compatible | Operator::Identical)
        }
        _ => false,
    }
}

/// The number of parts of a plain release such as `3.10`; short enough for any integer.
fn release_parts(literal: &str) -> Option<usize> {
    let digits = |part: &str| !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit());
    literal.split('.').all(digits).then(|| literal.split('.').count())
}

fn is_extra_name(literal: &str) -> bool {
    let bytes = literal.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Counts what `pep508_rs` leaves out.
struct Dropped(bool);

impl Reporter for Dropped {
    fn report(&mut self, kind: MarkerWarningKind, _: String) {
        // A deprecated spelling keeps its meaning.
        self.0 |= !matches!(kind, MarkerWarningKind::DeprecatedMarkerName);
    }
}

/// Everything that makes the parsed form of a valid marker differ from what pip does with it.
pub(crate) fn concerns(text: &str) -> Vec<MarkerConcern> {
    let mut found = Differences(Vec::new());
    // The caller has parsed it before; an invalid marker has no meaning to differ in.
    let _ = scan(text, Part::new(0, text.len()), &mut found);
    found.0
}

/// The parsed form of a marker, unless it would mean something else than it means to pip.
pub(crate) fn tree(text: &str) -> Result<MarkerTree, Vec<MarkerConcern>> {
    let found = concerns(text);
    if !found.is_empty() {
        return Err(found);
    }
    MarkerTree::parse_reporter(text, &mut Dropped(false)).map_err(|error| {
        vec![MarkerConcern { kind: MarkerConcernKind::Refused, message: error.message.to_string() }]
    })
}

/// A comparison as it can be parsed on its own.
fn item_text(left: Side<'_>, operator: MarkerOperator, right: Side<'_>) -> String {
    let side = |side: Side<'_>| match side {
        Side::Variable(variable) => variable.as_str().to_owned(),
        // What was written in single quotes may hold double ones, and the other way round.
        Side::Literal(literal) if literal.contains('"') => format!("'{literal}'"),
        Side::Literal(literal) => format!("\"{literal}\""),
    };
    format!("{} {} {}", side(left), operator.as_str(), side(right))
}

/// Comparisons that `pep508_rs` keeps without a word, yet reads differently.
struct Differences(Vec<MarkerConcern>);

impl Differences {
    fn add(&mut self, kind: MarkerConcernKind, message: String) {
        self.0.push(MarkerConcern { kind, message });
    }
}

impl<'a> Visitor<'a> for Differences {
    fn item(&mut self, left: Side<'a>, operator: MarkerOperator, right: Side<'a>) {
        if let Some((kind, message)) = difference(left, operator, right) {
            // `pep508_rs` is not asked then: `os_name ~= "x"` makes it panic.
            return self.add(kind, message);
        }
        let mut judge = Judge::default();
        judge.item(left, operator, right);
        if !judge.uncommon {
            return;
        }
        let text = item_text(left, operator, right);
        let mut dropped = Dropped(false);
        match MarkerTree::parse_reporter(&text, &mut dropped) {
            Err(error) => {
                self.add(MarkerConcernKind::Refused, format!("uv refuses `{text}`: {}", error.message));
            }
            Ok(_) if dropped.0 => self.add(MarkerConcernKind::Dropped, format!("uv leaves `{text}` out")),
            Ok(tree) if is_python_version(left) || is_python_version(right) => {
                if let Some(python) = disagreement(&text, &tree) {
                    let message = format!("pip and uv disagree about `{text}` on Python {python}");
                    self.add(MarkerConcernKind::Differs, message);
                }
            }
            Ok(_) => {}
        }
    }
}

fn is_python_version(side: Side<'_>) -> bool {
    use MarkerVariable as Variable;
    matches!(
        side,
        Side::Variable(
            Variable::PythonVersion | Variable::PythonFullVersion | Variable::ImplementationVersion
        )
    )
}

/// What pip does otherwise although `pep508_rs` does not say a word.
fn difference(
    left: Side<'_>,
    operator: MarkerOperator,
    right: Side<'_>,
) -> Option<(MarkerConcernKind, String)> {
    use MarkerVariable as Variable;
    let variable = match (left, right) {
        (Side::Variable(variable), Side::Literal(_)) | (Side::Literal(_), Side::Variable(variable)) => {
            variable
        }
        (Side::Literal(_), Side::Literal(_)) => {
            let message = "two texts are compared, which pip cannot evaluate".to_owned();
            return Some((MarkerConcernKind::FailsInPip, message));
        }
        (Side::Variable(_), Side::Variable(_)) => {
            let message = "two variables are compared; pip takes the second one for a text".to_owned();
            return Some((MarkerConcernKind::Differs, message));
        }
    };
    let name = variable.as_str();
    if matches!(variable, Variable::Extras | Variable::DependencyGroups) {
        let message = format!("`{name}` exists in lock files only; pip fails when it evaluates it");
        return Some((MarkerConcernKind::FailsInPip, message));
    }
    let literal = match (left, right) {
        (Side::Literal(literal), _) | (_, Side::Literal(literal)) => literal,
        _ => "",
    };
    if variable == Variable::Extra
        && matches!(operator, MarkerOperator::Compare(_))
        && !is_extra_name(literal)
    {
        let message = format!("`{literal}` cannot be the name of an extra; pip compares it nevertheless");
        return Some((MarkerConcernKind::Differs, message));
    }
    let MarkerOperator::Compare(operator) = operator else { return None };
    let is_version = matches!(
        variable,
        Variable::PythonVersion
            | Variable::PythonFullVersion
            | Variable::ImplementationVersion
            | Variable::PlatformRelease
    );
    let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
    if !is_version && ordered {
        let message =
            format!("pip does not order texts, so `{name} {}` is not what it seems", operator.as_str());
        Some((MarkerConcernKind::Differs, message))
    } else if variable == Variable::PlatformRelease {
        let message = "pip compares `platform_release` as a version where it can".to_owned();
        Some((MarkerConcernKind::Differs, message))
    } else {
        None
    }
}
