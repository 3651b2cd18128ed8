//! Conditions on the interpreter and the platform, and the environment markers (PEP 508) that say the same.

use std::rc::Rc;

/// What a condition can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    /// `sys.version_info`
    VersionInfo,
    /// `sys.version_info[:2]`
    MajorMinor,
    /// `sys.version_info[:1]`
    MajorTuple,
    /// `sys.version_info[0]`, `sys.version_info.major`
    Major,
    /// `sys.version_info[1]`, `sys.version_info.minor`
    Minor,
    /// `sys.platform`
    SysPlatform,
    /// `os.name`
    OsName,
    /// `platform.system()`
    PlatformSystem,
    /// `platform.machine()`
    PlatformMachine,
    /// `platform.python_implementation()`
    Implementation,
    /// `sys.implementation.name`
    ImplementationName,
}

/// A condition as a marker.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The marker.
    pub(crate) text: String,
    /// The marker of the opposite.
    pub(crate) negated: String,
    /// What the condition is for every Python from 3.8 on, if it is the same for all of them.
    pub(crate) modern: Option<bool>,
}

/// What is known of a condition.
#[derive(Debug, Clone)]
pub(crate) enum Truth {
    /// The same for every Python 3.
    Known(bool),
    /// As the marker says.
    Marker(Rc<Marker>),
}

/// A longer marker than this is not one that people would write.
const LONGEST: usize = 500;

impl Marker {
    fn simple(variable: &str, operator: &str, value: &str, modern: Option<bool>) -> Truth {
        let opposite = match operator {
            "<" => ">=",
            ">=" => "<",
            "<=" => ">",
            ">" => "<=",
            "!=" => "==",
            _ => "!=",
        };
        Truth::Marker(Rc::new(Self {
            text: format!("{variable} {operator} \"{value}\""),
            negated: format!("{variable} {opposite} \"{value}\""),
            modern,
        }))
    }

    /// Nobody knows when: no marker at all.
    pub(crate) fn perhaps() -> Self {
        Self { text: String::new(), negated: String::new(), modern: None }
    }

    /// Something is there or not, and no marker says when.
    pub(crate) fn is_perhaps(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn not(&self) -> Self {
        Self { text: self.negated.clone(), negated: self.text.clone(), modern: self.modern.map(|it| !it) }
    }

    /// Both conditions at once. `None` when the marker would grow too long.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        if self.is_perhaps() || other.is_perhaps() {
            return None;
        }
        if self.text == other.text {
            return Some(Self {
                text: self.text.clone(),
                negated: self.negated.clone(),
                modern: self.modern,
            });
        }
        let modern = match (self.modern, other.modern) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let marker = Self {
            text: format!("{} and {}", atom(&self.text), atom(&other.text)),
            negated: format!("{} or {}", atom(&self.negated), atom(&other.negated)),
            modern,
        };
        (marker.text.len() <= LONGEST && marker.negated.len() <= LONGEST).then_some(marker)
    }

    pub(crate) fn or(&self, other: &Self) -> Option<Self> {
        Some(self.not().and(&other.not())?.not())
    }
}

fn atom(marker: &str) -> String {
    if marker.contains(" and ") || marker.contains(" or ") {
        format!("({marker})")
    } else {
        marker.to_owned()
    }
}

/// `sys.version_info OPERATOR version` and its parts. `None` when no marker says the same.
pub(crate) fn compare_version(environment: Environment, operator: &str, version: &[i64]) -> Option<Truth> {
    use Environment as E;
    if version.iter().any(|part| !(0..1000).contains(part)) {
        return None;
    }
    match (environment, version) {
        (E::Major | E::MajorTuple, [major]) => Some(Truth::Known(holds(&3, operator, major)?)),
        // Only Python 3 matters, so that the second number alone tells the version.
        (E::Minor, [minor]) => two_numbers(operator, 3, *minor),
        (E::MajorMinor | E::VersionInfo, [major]) => one_number(operator, *major),
        (E::MajorMinor, [major, minor]) => two_numbers(operator, *major, *minor),
        // The tuple of the interpreter is longer: (3, 8, 0, ..) is greater than (3, 8), and never equal to it.
        (E::VersionInfo, [major, minor, rest @ ..]) => {
            let operator = match operator {
                "<" | "<=" => "<",
                ">" | ">=" => ">=",
                "==" => return Some(Truth::Known(false)),
                "!=" => return Some(Truth::Known(true)),
                _ => return None,
            };
            match rest {
                [] | [0] | [0, 0] => two_numbers(operator, *major, *minor),
                [micro] => three_numbers(operator, *major, *minor, *micro),
                _ => None,
            }
        }
        _ => None,
    }
}

fn one_number(operator: &str, major: i64) -> Option<Truth> {
    let answer = match operator {
        "<" | "<=" => 3 < major,
        ">" | ">=" => 3 >= major,
        "==" => false,
        "!=" => true,
        _ => return None,
    };
    Some(Truth::Known(answer))
}

fn two_numbers(operator: &str, major: i64, minor: i64) -> Option<Truth> {
    let versions = |from: i64| (from..=40).map(move |minor| (3, minor));
    let other = (major, minor);
    let first = holds(&(3, 0), operator, &other)?;
    if versions(0).all(|it| holds(&it, operator, &other) == Some(first)) {
        return Some(Truth::Known(first));
    }
    let modern = holds(&(3, 8), operator, &other)?;
    let constant = versions(8).all(|it| holds(&it, operator, &other) == Some(modern));
    Some(Marker::simple("python_version", operator, &format!("{major}.{minor}"), constant.then_some(modern)))
}

fn three_numbers(operator: &str, major: i64, minor: i64, micro: i64) -> Option<Truth> {
    let other = (major, minor, micro);
    if major < 3 {
        return Some(Truth::Known(holds(&(3, 0, 0), operator, &other)?));
    }
    let modern = (major, minor) < (3, 8);
    let value = format!("{major}.{minor}.{micro}");
    Some(Marker::simple("python_full_version", operator, &value, modern.then_some(operator == ">=")))
}

fn holds<T: PartialOrd>(one: &T, operator: &str, two: &T) -> Option<bool> {
    Some(match operator {
        "<" => one < two,
        "<=" => one <= two,
        ">" => one > two,
        ">=" => one >= two,
        "==" => one == two,
        "!=" => one != two,
        _ => return None,
    })
}

/// `sys.platform == "win32"` and its kin. `None` when no marker says the same.
pub(crate) fn compare_text(environment: Environment, operator: &str, value: &str) -> Option<Truth> {
    let variable = variable(environment)?;
    if !matches!(operator, "==" | "!=") || !plain(value) {
        return None;
    }
    Some(Marker::simple(variable, operator, value, None))
}

/// What asks for `PyPy` in other words.
pub(crate) fn is_pypy() -> Truth {
    Marker::simple("platform_python_implementation", "==", "PyPy", None)
}

/// `sys.platform.startswith("win")`: true only where all names with this start are known.
pub(crate) fn starts_with(environment: Environment, start: &str) -> Option<Truth> {
    // Jython has no Python 3.
    if environment == Environment::SysPlatform && start == "java" {
        return Some(Truth::Known(false));
    }
    let whole = match (environment, start) {
        (Environment::SysPlatform, "win" | "win3" | "win32") => "win32",
        (Environment::SysPlatform, "linux") => "linux",
        (Environment::SysPlatform, "darwin") => "darwin",
        (Environment::SysPlatform, "cygwin") => "cygwin",
        (Environment::OsName, "nt") => "nt",
        _ => return None,
    };
    compare_text(environment, "==", whole)
}

fn variable(environment: Environment) -> Option<&'static str> {
    match environment {
        Environment::SysPlatform => Some("sys_platform"),
        Environment::OsName => Some("os_name"),
        Environment::PlatformSystem => Some("platform_system"),
        Environment::PlatformMachine => Some("platform_machine"),
        Environment::Implementation => Some("platform_python_implementation"),
        Environment::ImplementationName => Some("implementation_name"),
        _ => None,
    }
}

fn plain(value: &str) -> bool {
    !value.is_empty()
        && value.len() < 60
        && value.chars().all(|it| it.is_ascii_alphanumeric() || "-_. ".contains(it))
}
