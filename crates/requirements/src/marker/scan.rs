//! One walk over a marker; what is done with it is up to the [`Visitor`].

use crate::pep508::Problem;
use crate::text::{Part, is_word, skip_blanks};

/// pip recurses with Python's stack, which gives up at about this depth; so do we, before ours does.
const MAXIMUM_DEPTH: usize = 150;

/// The environment variables that a marker may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarkerVariable {
    /// `python_version`
    PythonVersion,
    /// `python_full_version`
    PythonFullVersion,
    /// `os_name`
    OsName,
    /// `sys_platform`
    SysPlatform,
    /// `platform_release`
    PlatformRelease,
    /// `platform_system`
    PlatformSystem,
    /// `platform_version`
    PlatformVersion,
    /// `platform_machine`
    PlatformMachine,
    /// `platform_python_implementation`, also written `python_implementation`
    PlatformPythonImplementation,
    /// `implementation_name`
    ImplementationName,
    /// `implementation_version`
    ImplementationVersion,
    /// `extra`
    Extra,
    /// `extras`
    Extras,
    /// `dependency_groups`
    DependencyGroups,
}

impl MarkerVariable {
    /// The name as pip prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PythonVersion => "python_version",
            Self::PythonFullVersion => "python_full_version",
            Self::OsName => "os_name",
            Self::SysPlatform => "sys_platform",
            Self::PlatformRelease => "platform_release",
            Self::PlatformSystem => "platform_system",
            Self::PlatformVersion => "platform_version",
            Self::PlatformMachine => "platform_machine",
            Self::PlatformPythonImplementation => "platform_python_implementation",
            Self::ImplementationName => "implementation_name",
            Self::ImplementationVersion => "implementation_version",
            Self::Extra => "extra",
            Self::Extras => "extras",
            Self::DependencyGroups => "dependency_groups",
        }
    }

    /// The variable with this name, in one of its spellings.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"python_version" => Self::PythonVersion,
            b"python_full_version" => Self::PythonFullVersion,
            b"os_name" | b"os.name" => Self::OsName,
            b"sys_platform" | b"sys.platform" => Self::SysPlatform,
            b"platform_release" => Self::PlatformRelease,
            b"platform_system" => Self::PlatformSystem,
            b"platform_version" | b"platform.version" => Self::PlatformVersion,
            b"platform_machine" | b"platform.machine" => Self::PlatformMachine,
            b"platform_python_implementation"
            | b"platform.python_implementation"
            | b"python_implementation" => Self::PlatformPythonImplementation,
            b"implementation_name" => Self::ImplementationName,
            b"implementation_version" => Self::ImplementationVersion,
            b"extra" => Self::Extra,
            b"extras" => Self::Extras,
            b"dependency_groups" => Self::DependencyGroups,
            _ => return None,
        })
    }
}

/// How the two sides of a marker are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkerOperator {
    /// A version operator, which pip also uses on texts.
    Compare(crate::version::Operator),
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl MarkerOperator {
    /// The operator as pip prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compare(operator) => operator.as_str(),
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}

/// One side of a comparison as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side<'a> {
    Variable(MarkerVariable),
    /// What stands between the quotes.
    Literal(&'a str),
}

/// Receives what a walk over a marker meets, in order.
pub(crate) trait Visitor<'a> {
    fn open(&mut self) {}
    fn close(&mut self) {}
    fn and(&mut self) {}
    fn or(&mut self) {}
    fn item(&mut self, left: Side<'a>, operator: MarkerOperator, right: Side<'a>);
}

/// Walks over the whole marker in `part`.
pub(crate) fn scan<'a>(text: &'a str, part: Part, visitor: &mut impl Visitor<'a>) -> Result<(), Problem> {
    let mut scanner = Scanner { text, bytes: &text.as_bytes()[..part.end()], at: part.start(), visitor };
    scanner.marker(0)?;
    if scanner.at < part.end() {
        return Err(scanner.problem("expected the end of the marker"));
    }
    Ok(())
}

struct Scanner<'a, 'v, V> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    visitor: &'v mut V,
}

impl<'a, V: Visitor<'a>> Scanner<'a, '_, V> {
    fn problem(&self, message: &'static str) -> Problem {
        Problem::new(self.at, message)
    }

    fn blanks(&mut self) {
        self.at = skip_blanks(self.bytes, self.at, self.bytes.len());
    }

    fn marker(&mut self, depth: usize) -> Result<(), Problem> {
        self.atom(depth)?;
        loop {
            if self.word(b"and") {
                self.visitor.and();
            } else if self.word(b"or") {
                self.visitor.or();
            } else {
                return Ok(());
            }
            self.atom(depth)?;
        }
    }

    fn atom(&mut self, depth: usize) -> Result<(), Problem> {
        self.blanks();
        if self.bytes.get(self.at) == Some(&b'(') {
            if depth >= MAXIMUM_DEPTH {
                return Err(self.problem("too many parentheses"));
            }
            self.at += 1;
            self.visitor.open();
            self.marker(depth + 1)?;
            self.blanks();
            if self.bytes.get(self.at) != Some(&b')') {
                return Err(self.problem("expected `)` after the marker expression"));
            }
            self.at += 1;
            self.visitor.close();
        } else {
            let left = self.side()?;
            let operator = self.operator()?;
            let right = self.side()?;
            self.visitor.item(left, operator, right);
        }
        self.blanks();
        Ok(())
    }

    fn side(&mut self) -> Result<Side<'a>, Problem> {
        self.blanks();
        let Some(&first) = self.bytes.get(self.at) else {
            return Err(self.problem("expected a marker variable or quoted string"));
        };
        if matches!(first, b'"' | b'\'') {
            let start = self.at + 1;
            let Some(length) = memchr::memchr(first, &self.bytes[start..]) else {
                return Err(self.problem("expected a marker variable or quoted string"));
            };
            let inner = &self.text[start..start + length];
            if !super::literal::is_valid(inner) {
                return Err(self.problem("invalid quoted string"));
            }
            self.at = start + length + 1;
            return Ok(Side::Literal(inner));
        }
        match self.variable() {
            Some((variable, end)) => {
                self.at = end;
                Ok(Side::Variable(variable))
            }
            None => Err(self.problem("expected a marker variable or quoted string")),
        }
    }

    /// The longest variable name here that ends at a word boundary.
    fn variable(&self) -> Option<(MarkerVariable, usize)> {
        let word = word_end(self.bytes, self.at);
        if let Some(found) = MarkerVariable::named(&self.bytes[self.at..word]) {
            return self.boundary(word).then_some((found, word));
        }
        if self.bytes.get(word) == Some(&b'.') {
            let dotted = word_end(self.bytes, word + 1);
            let found = MarkerVariable::named(&self.bytes[self.at..dotted])?;
            return self.boundary(dotted).then_some((found, dotted));
        }
        None
    }

    /// Whether no letter outside ASCII goes on with the word that ends at `at`.
    fn boundary(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            Some(byte) if !byte.is_ascii() => {
                !self.text.get(at..).is_some_and(|rest| rest.starts_with(is_word))
            }
            _ => true,
        }
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let end = self.at + word.len();
        let found = self.bytes[self.at..].starts_with(word)
            && word_end(self.bytes, self.at) == end
            && self.boundary(end);
        if found {
            self.at = end;
        }
        found
    }

    fn operator(&mut self) -> Result<MarkerOperator, Problem> {
        self.blanks();
        if let Some(operator) = crate::version::Operator::at(&self.bytes[self.at..]) {
            self.at += operator.as_str().len();
            return Ok(MarkerOperator::Compare(operator));
        }
        if self.word(b"in") {
            return Ok(MarkerOperator::In);
        }
        if self.word(b"not") {
            let after = self.at;
            self.blanks();
            if self.at == after {
                return Err(self.problem("expected whitespace after `not`"));
            }
            return if self.word(b"in") {
                Ok(MarkerOperator::NotIn)
            } else {
                Err(self.problem("expected `in` after `not`"))
            };
        }
        Err(self.problem("expected a marker operator, one of <=, <, !=, ==, >=, >, ~=, ===, in, not in"))
    }
}

/// The end of the ASCII word characters from `at` on.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        at += 1;
    }
    at
}
