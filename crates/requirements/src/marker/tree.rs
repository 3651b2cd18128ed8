//! A marker as a tree, printed as pip prints it and evaluated as pip evaluates it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use super::literal::unescape;
use super::scan::{MarkerOperator, MarkerVariable, Side, Visitor, scan};
use crate::text::{Part, normalize_name};

/// A marker by pip's grammar.
///
/// ```
/// use uvshift_requirements::Marker;
///
/// let marker = Marker::parse("(python_version<'3' )and extra == 'Foo_Bar'")?;
/// assert_eq!(marker.to_string(), r#"python_version < "3" and extra == "foo-bar""#);
/// # Ok::<(), uvshift_requirements::MarkerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Marker {
    pub(super) nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Item(Operand, MarkerOperator, Operand),
    Group(Vec<Node>),
    And,
    Or,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A variable of the environment.
    Variable(MarkerVariable),
    /// A quoted text, without quotes and escapes.
    Literal(String),
}

/// Why a text is no marker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid marker at byte {offset}: {message}")]
pub struct MarkerError {
    /// Where in the text.
    pub offset: usize,
    message: &'static str,
}

impl Marker {
    /// Parses a marker as pip 26.3 does.
    pub fn parse(text: &str) -> Result<Self, MarkerError> {
        let mut builder = Builder { stack: vec![Vec::new()] };
        scan(text, Part::new(0, text.len()), &mut builder)
            .map_err(|problem| MarkerError { offset: problem.at, message: problem.message })?;
        Ok(Self { nodes: builder.stack.pop().unwrap_or_default() })
    }

    /// The extras that the marker compares `extra` with, in their normal form.
    pub fn extras(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        collect_extras(&self.nodes, &mut found);
        found
    }
}

fn collect_extras<'a>(nodes: &'a [Node], found: &mut BTreeSet<&'a str>) {
    for node in nodes {
        match node {
            Node::Group(nodes) => collect_extras(nodes, found),
            Node::Item(Operand::Variable(MarkerVariable::Extra), _, Operand::Literal(name))
            | Node::Item(Operand::Literal(name), _, Operand::Variable(MarkerVariable::Extra)) => {
                found.insert(name);
            }
            Node::Item(..) | Node::And | Node::Or => {}
        }
    }
}

/// As `str(packaging.markers.Marker(text))` prints it.
impl fmt::Display for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_group(formatter, &self.nodes, true)
    }
}

fn write_group(formatter: &mut fmt::Formatter<'_>, nodes: &[Node], first: bool) -> fmt::Result {
    if let [only @ (Node::Group(_) | Node::Item(..))] = nodes {
        return write_node(formatter, only, first);
    }
    if !first {
        formatter.write_str("(")?;
    }
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            formatter.write_str(" ")?;
        }
        write_node(formatter, node, false)?;
    }
    if first { Ok(()) } else { formatter.write_str(")") }
}

fn write_node(formatter: &mut fmt::Formatter<'_>, node: &Node, first: bool) -> fmt::Result {
    match node {
        Node::Group(nodes) => write_group(formatter, nodes, first),
        Node::And => formatter.write_str("and"),
        Node::Or => formatter.write_str("or"),
        Node::Item(left, operator, right) => write!(formatter, "{left} {} {right}", operator.as_str()),
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(variable) => formatter.write_str(variable.as_str()),
            Self::Literal(value) if value.contains('"') => write!(formatter, "'{value}'"),
            Self::Literal(value) => write!(formatter, "\"{value}\""),
        }
    }
}

struct Builder {
    stack: Vec<Vec<Node>>,
}

impl Builder {
    fn push(&mut self, node: Node) {
        if let Some(nodes) = self.stack.last_mut() {
            nodes.push(node);
        }
    }
}

impl<'a> Visitor<'a> for Builder {
    fn open(&mut self) {
        self.stack.push(Vec::new());
    }

    fn close(&mut self) {
        if self.stack.len() > 1
            && let Some(nodes) = self.stack.pop()
        {
            self.push(Node::Group(nodes));
        }
    }

    fn and(&mut self) {
        self.push(Node::And);
    }

    fn or(&mut self) {
        self.push(Node::Or);
    }

    fn item(&mut self, left: Side<'a>, operator: MarkerOperator, right: Side<'a>) {
        let names_set = |side: Side<'_>| {
            matches!(side, Side::Variable(MarkerVariable::Extras | MarkerVariable::DependencyGroups))
        };
        // Names of extras and groups are compared in their normal form, so pip keeps only that.
        let normalize_left = right == Side::Variable(MarkerVariable::Extra) || names_set(right);
        let normalize_right = left == Side::Variable(MarkerVariable::Extra);
        let left = operand(left, normalize_left);
        let right = operand(right, normalize_right);
        self.push(Node::Item(left, operator, right));
    }
}

fn operand(side: Side<'_>, normalize: bool) -> Operand {
    match side {
        Side::Variable(variable) => Operand::Variable(variable),
        Side::Literal(raw) => {
            let value = unescape(raw).unwrap_or(Cow::Borrowed(raw));
            Operand::Literal(if normalize { normalize_name(&value) } else { value.into_owned() })
        }
    }
}
