//! Where `pep508_rs`, and with it uv, reads a marker differently from pip.

use pep508_rs::{MarkerTree, MarkerWarningKind, Reporter};

use super::scan::{MarkerOperator, MarkerVariable, Side, Visitor, scan};
use crate::text::Part;
use crate::version::Operator;

/// One reason why the parsed form of a marker is not what pip makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MarkerConcern {
    /// What kind of reason.
    pub kind: MarkerConcernKind,
    /// In words: lower case, no full stop.
    pub message: String,
}

/// The kinds of [`MarkerConcern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

struct Collect(Vec<MarkerConcern>);

impl Reporter for Collect {
    fn report(&mut self, kind: MarkerWarningKind, warning: String) {
        // A deprecated spelling keeps its meaning.
        if !matches!(kind, MarkerWarningKind::DeprecatedMarkerName) {
            self.0.push(MarkerConcern { kind: MarkerConcernKind::Dropped, message: lower_first(&warning) });
        }
    }
}

/// Everything that makes the parsed form of a valid marker differ from what pip does with it.
pub(crate) fn concerns(text: &str) -> Vec<MarkerConcern> {
    let mut found = Differences(Vec::new());
    // The caller has parsed it before; an invalid marker has no meaning to differ in.
    // Where the walk alone finds a difference, `pep508_rs` is not asked: `os_name ~= "x"` makes it panic.
    if scan(text, Part::new(0, text.len()), &mut found).is_err() || !found.0.is_empty() {
        return found.0;
    }
    let mut collect = Collect(found.0);
    if let Err(error) = MarkerTree::parse_reporter(text, &mut collect) {
        let message = lower_first(&error.message.to_string());
        collect.0.push(MarkerConcern { kind: MarkerConcernKind::Refused, message });
    }
    collect.0
}

/// The parsed form of a marker, unless it would mean something else than it means to pip.
pub(crate) fn tree(text: &str) -> Result<MarkerTree, Vec<MarkerConcern>> {
    let found = concerns(text);
    if !found.is_empty() {
        return Err(found);
    }
    MarkerTree::parse_reporter(text, &mut Collect(Vec::new())).map_err(|error| {
        vec![MarkerConcern { kind: MarkerConcernKind::Refused, message: error.message.to_string() }]
    })
}

fn lower_first(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
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
        use MarkerVariable as Variable;
        let (variable, literal) = match (left, right) {
            (Side::Variable(variable), Side::Literal(literal))
            | (Side::Literal(literal), Side::Variable(variable)) => (variable, literal),
            (Side::Literal(_), Side::Literal(_)) => {
                let message = "two texts are compared, which pip cannot evaluate".to_owned();
                return self.add(MarkerConcernKind::FailsInPip, message);
            }
            (Side::Variable(_), Side::Variable(_)) => {
                let message = "two variables are compared; pip takes the second one for a text".to_owned();
                return self.add(MarkerConcernKind::Differs, message);
            }
        };
        let name = variable.as_str();
        if matches!(variable, Variable::Extras | Variable::DependencyGroups) {
            let message = format!("`{name}` exists in lock files only; pip fails when it evaluates it");
            return self.add(MarkerConcernKind::FailsInPip, message);
        }
        let MarkerOperator::Compare(operator) = operator else { return };
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
            self.add(MarkerConcernKind::Differs, message);
        } else if variable == Variable::PlatformRelease && (ordered || release_parts(literal).is_some()) {
            let message = "pip compares `platform_release` as a version where it can".to_owned();
            self.add(MarkerConcernKind::Differs, message);
        } else if variable == Variable::PythonVersion
            && operator == Operator::Compatible
            && release_parts(literal).is_some_and(|parts| parts > 2)
        {
            let message =
                format!("`python_version ~= \"{literal}\"` is true on later minor versions only in uv");
            self.add(MarkerConcernKind::Differs, message);
        }
    }
}
