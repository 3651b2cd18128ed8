//! Evaluating a marker as pip does.

use std::borrow::Cow;
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifier};

use super::scan::{MarkerOperator, MarkerVariable};
use super::tree::{Marker, Node, Operand};
use crate::text::is_space;
use crate::version::{Operator, is_specifier};

/// Why pip fails when it evaluates a marker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// The environment has no such variable.
    #[error("`{name}` does not exist in the environment")]
    UndefinedName {
        /// The name.
        name: String,
    },
    /// `~=` and `===` compare versions only.
    #[error("`{operator}` is not defined for `{left}` and `{right}`")]
    UndefinedComparison {
        /// The operator.
        operator: &'static str,
        /// The left side.
        left: String,
        /// The right side.
        right: String,
    },
    /// Valid for pip, with a number that is too large here.
    #[error("`{version}` is too large")]
    TooLarge {
        /// The version.
        version: String,
    },
}

impl Marker {
    /// The value of the marker in an environment, by the rules of pip 26.3.
    ///
    /// `extra` is empty, or the extra that was asked for in its normal form; pip knows neither `extras` nor
    /// `dependency_groups`.
    ///
    /// ```
    /// use uvshift_requirements::{Marker, MarkerVariable};
    ///
    /// let marker = Marker::parse("python_version ~= '3.9.0' or os_name == 'nt'")?;
    /// let value = marker.evaluate(|variable| match variable {
    ///     MarkerVariable::PythonVersion => Some("3.10"),
    ///     MarkerVariable::OsName => Some("posix"),
    ///     _ => None,
    /// });
    /// assert_eq!(value, Ok(false));
    /// # Ok::<(), uvshift_requirements::MarkerError>(())
    /// ```
    pub fn evaluate<'e>(
        &self,
        environment: impl Fn(MarkerVariable) -> Option<&'e str>,
    ) -> Result<bool, EvaluationError> {
        group(&self.nodes, &environment)
    }

    /// Whether the marker can hold in an environment that is known in part only: a comparison with a variable that is not
    /// known can hold.
    ///
    /// ```
    /// use uvshift_requirements::{Marker, MarkerVariable};
    ///
    /// let linux = |variable| (variable == MarkerVariable::SysPlatform).then_some("linux");
    /// assert!(Marker::parse("sys_platform != 'win32' and platform_machine == 'arm64'")?.can_hold(linux));
    /// assert!(!Marker::parse("sys_platform == 'win32' and platform_machine == 'arm64'")?.can_hold(linux));
    /// # Ok::<(), uvshift_requirements::MarkerError>(())
    /// ```
    pub fn can_hold<'e>(&self, environment: impl Fn(MarkerVariable) -> Option<&'e str>) -> bool {
        possible(&self.nodes, &environment)
    }
}

/// A marker has no `not`, so that taking a comparison for true never makes the whole false.
fn possible<'e>(nodes: &[Node], environment: &impl Fn(MarkerVariable) -> Option<&'e str>) -> bool {
    let (mut any, mut all) = (false, true);
    for node in nodes {
        match node {
            Node::And => {}
            Node::Or => {
                any |= all;
                all = true;
            }
            Node::Group(nodes) => all &= possible(nodes, environment),
            Node::Item(left, operator, right) => {
                all &= item(left, *operator, right, environment).unwrap_or(true);
            }
        }
    }
    any || all
}

/// `and` binds stronger than `or`; every comparison is evaluated, so that an error is one wherever it stands.
fn group<'e>(
    nodes: &[Node],
    environment: &impl Fn(MarkerVariable) -> Option<&'e str>,
) -> Result<bool, EvaluationError> {
    let (mut any, mut all) = (false, true);
    for node in nodes {
        match node {
            Node::And => {}
            Node::Or => {
                any |= all;
                all = true;
            }
            Node::Group(nodes) => all &= group(nodes, environment)?,
            Node::Item(left, operator, right) => all &= item(left, *operator, right, environment)?,
        }
    }
    Ok(any || all)
}

fn item<'e>(
    left: &Operand,
    operator: MarkerOperator,
    right: &Operand,
    environment: &impl Fn(MarkerVariable) -> Option<&'e str>,
) -> Result<bool, EvaluationError> {
    let value = |variable: MarkerVariable| match environment(variable) {
        // An unfinished build of Python calls itself `3.14.0+`, which is no version.
        Some(full) if variable == MarkerVariable::PythonFullVersion && full.ends_with('+') => {
            Ok(Cow::Owned(format!("{full}local")))
        }
        Some(value) => Ok(Cow::Borrowed(value)),
        None => Err(EvaluationError::UndefinedName { name: variable.as_str().to_owned() }),
    };
    match (left, right) {
        (Operand::Variable(variable), Operand::Literal(literal)) => {
            compare(&value(*variable)?, operator, literal, *variable)
        }
        // pip takes a variable on the right for its name.
        (Operand::Variable(variable), Operand::Variable(name)) => {
            compare(&value(*variable)?, operator, name.as_str(), *variable)
        }
        (Operand::Literal(literal), Operand::Variable(variable)) => {
            compare(literal, operator, &value(*variable)?, *variable)
        }
        // pip takes the text on the right for a variable.
        (Operand::Literal(literal), Operand::Literal(name)) => {
            let variable = MarkerVariable::named(name.as_bytes())
                .filter(|variable| variable.as_str() == name)
                .ok_or_else(|| EvaluationError::UndefinedName { name: name.clone() })?;
            compare(literal, operator, &value(variable)?, variable)
        }
    }
}

/// pip's `_eval_op`: as versions where that is possible, otherwise as texts, which have no order.
fn compare(
    left: &str,
    operator: MarkerOperator,
    right: &str,
    variable: MarkerVariable,
) -> Result<bool, EvaluationError> {
    let MarkerOperator::Compare(operator) = operator else {
        return Ok(right.contains(left) == (operator == MarkerOperator::In));
    };
    let is_version = matches!(
        variable,
        MarkerVariable::PythonVersion
            | MarkerVariable::PythonFullVersion
            | MarkerVariable::ImplementationVersion
            | MarkerVariable::PlatformRelease
    );
    if is_version && is_specifier(&format!("{}{right}", operator.as_str())) {
        return contains(operator, right.trim_matches(is_space), left);
    }
    match operator {
        Operator::Equal | Operator::LessOrEqual | Operator::GreaterOrEqual => Ok(left == right),
        Operator::NotEqual => Ok(left != right),
        Operator::Less | Operator::Greater => Ok(false),
        Operator::Compatible | Operator::Identical => Err(EvaluationError::UndefinedComparison {
            operator: operator.as_str(),
            left: left.to_owned(),
            right: right.to_owned(),
        }),
    }
}

/// `Specifier(operator + right).contains(left, prereleases=True)`
fn contains(operator: Operator, right: &str, left: &str) -> Result<bool, EvaluationError> {
    if operator == Operator::Identical {
        return Ok(left.eq_ignore_ascii_case(right));
    }
    let Ok(version) = Version::from_str(left) else { return Ok(false) };
    if let Some(prefix) = right.strip_suffix(".*") {
        // `pep440_rs` finds that 3.9 is within 3.9.1.*, which it is not.
        let prefix = Version::from_str(prefix.trim_end_matches(is_space))
            .map_err(|_| EvaluationError::TooLarge { version: right.to_owned() })?;
        let padded = version.release().iter().chain(std::iter::repeat(&0));
        let inside = version.epoch() == prefix.epoch()
            && prefix.release().iter().eq(padded.take(prefix.release().len()));
        return Ok(inside == (operator == Operator::Equal));
    }
    let specifier = VersionSpecifier::from_str(&format!("{}{right}", operator.as_str()))
        .map_err(|_| EvaluationError::TooLarge { version: right.to_owned() })?;
    Ok(specifier.contains(&version))
}
