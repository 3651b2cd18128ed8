//! One clause, such as `^1.2`.

use std::str::FromStr as _;

use pep440_rs::{Prerelease, Version};

use super::Problem;
use super::ranges::Ranges;

/// How a version is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    const ALL: [(&'static str, Self); 8] = [
        // `<>` comes first, and is an equality to Poetry; see `Clause::parse`.
        ("!=", Self::NotEqual),
        (">=", Self::GreaterOrEqual),
        ("<=", Self::LessOrEqual),
        ("==", Self::Equal),
        (">", Self::Greater),
        ("<", Self::Less),
        ("=", Self::Equal),
        ("", Self::Equal),
    ];

    /// The operator of PEP 440.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }
}

/// One clause of a constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clause {
    /// `*`
    Any,
    /// An operator of PEP 440, or none, which is `==`.
    Compare(Comparison, Version),
    /// `~=1.2`
    Compatible { version: Version, below: Version },
    /// `^1.2` and `~1.2`: from a version up to the next breaking one.
    Span { from: Version, below: Version },
    /// `1.2.*`, `!=1.2.*`
    Prefix { version: Version, inverted: bool },
}

impl Clause {
    /// Reads a clause in the order in which poetry-core tries its forms.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        if is_any(text) {
            return Ok(Self::Any);
        }
        let bad = || {
            let shown: String = text.chars().take(60).collect();
            Problem::new(
                format!("`{shown}` is no version constraint of Poetry"),
                "write a version such as `^1.2` or `>=1.2,<2`",
            )
        };
        if let Some(rest) = text.strip_prefix("~=") {
            let version = version(rest).ok_or_else(bad)?;
            let below = below_compatible(&version).ok_or_else(bad)?;
            return Ok(Self::Compatible { version, below });
        }
        if let Some(rest) = text.strip_prefix('~') {
            let from = version(rest).ok_or_else(bad)?;
            let below = below_tilde(&from).ok_or_else(bad)?;
            return Ok(Self::Span { from, below });
        }
        if let Some(rest) = text.strip_prefix('^') {
            let from = version(rest).ok_or_else(bad)?;
            let below = below_caret(&from).ok_or_else(bad)?;
            return Ok(Self::Span { from, below });
        }
        if text.starts_with("<>") {
            let why = "Poetry reads `<>` as `==`, which is hardly what is meant";
            return Err(Problem::new(why, "write `!=` or `==`"));
        }
        Self::comparison(text).ok_or_else(bad)
    }

    fn comparison(text: &str) -> Option<Self> {
        let (operator, comparison) =
            *Comparison::ALL.iter().find(|(operator, _)| text.starts_with(operator))?;
        let rest = text[operator.len()..].trim_start();
        let is_prefix = rest.ends_with(".*");
        let plain = rest.trim_end_matches(".*");
        // Several `.*` only behind at most three numbers.
        if rest.len() > plain.len() + 2 && !is_short_release(plain) {
            return None;
        }
        let version = if rest.eq_ignore_ascii_case("dev") { version("0.0-dev") } else { version(plain) }?;
        let exact = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !is_prefix || !exact {
            // `>=1.2.*` is `>=1.2` to Poetry.
            return Some(Self::Compare(comparison, version));
        }
        if version.is_local() {
            return None;
        }
        Some(Self::Prefix { version, inverted: comparison == Comparison::NotEqual })
    }

    /// Specifiers of PEP 440 that all have to hold.
    pub(super) fn specifiers(&self) -> Result<Vec<String>, Problem> {
        let ordered = match self {
            Self::Compare(
                Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual,
                version,
            )
            | Self::Compatible { version, .. }
            | Self::Span { from: version, .. } => Some(version),
            Self::Any | Self::Compare(..) | Self::Prefix { .. } => None,
        };
        if let Some(version) = ordered
            && version.is_local()
        {
            let why = format!("PEP 440 does not order local versions, so `{version}` cannot be a bound");
            return Err(Problem::new(why, "leave out what stands behind `+`, or write `==`"));
        }
        Ok(match self {
            Self::Any => Vec::new(),
            Self::Compare(comparison, version) => vec![format!("{}{version}", comparison.as_str())],
            Self::Compatible { version, .. } if version.release().len() > 1 => vec![format!("~={version}")],
            Self::Compatible { version: from, below } | Self::Span { from, below } => {
                vec![format!(">={from}"), format!("<{below}")]
            }
            Self::Prefix { version, inverted } if is_release(version) => {
                vec![format!("{}{version}.*", if *inverted { "!=" } else { "==" })]
            }
            Self::Prefix { version, inverted: false } => {
                let (from, below) = prefix_bounds(version);
                vec![format!(">={from}"), format!("<{below}")]
            }
            Self::Prefix { version, inverted: true } => {
                let why = format!("PEP 440 has no `!={version}.*`");
                return Err(Problem::new(why, "exclude the versions one by one"));
            }
        })
    }

    /// The versions that it allows.
    pub(super) fn ranges(&self) -> Ranges {
        match self {
            Self::Any => Ranges::all(),
            Self::Compare(Comparison::Less, version) => Ranges::below(&strict(version)),
            Self::Compare(..) => self.raw_ranges(),
            Self::Compatible { version: from, below } | Self::Span { from, below } => {
                Ranges::between(from, &strict(below))
            }
            Self::Prefix { version, inverted } => {
                let (from, below) = prefix_bounds(version);
                let within = Ranges::between(&from, &below);
                if *inverted { within.complement() } else { within }
            }
        }
    }

    /// The same for the versions of Python, which have no pre-releases in a marker.
    pub(super) fn raw_ranges(&self) -> Ranges {
        match self {
            Self::Any => Ranges::all(),
            Self::Compare(comparison, version) => match comparison {
                Comparison::Less => Ranges::below(version),
                Comparison::LessOrEqual => Ranges::up_to(version),
                Comparison::Equal => Ranges::exactly(version),
                Comparison::NotEqual => Ranges::exactly(version).complement(),
                Comparison::GreaterOrEqual => Ranges::from(version),
                Comparison::Greater => Ranges::up_to(version).complement(),
            },
            Self::Compatible { version: from, below } | Self::Span { from, below } => {
                Ranges::between(from, below)
            }
            Self::Prefix { version, inverted } => {
                let within = Ranges::between(version, &next_prefix(version));
                if *inverted { within.complement() } else { within }
            }
        }
    }
}

/// `*`, `x`, `v*.X` and so on.
fn is_any(text: &str) -> bool {
    let rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
    rest.split('.').all(|part| matches!(part, "*" | "x" | "X"))
}

/// A version as `VERSION_PATTERN` of packaging has it.
fn version(text: &str) -> Option<Version> {
    let text = text.trim_start();
    // `pep440_rs` takes blanks at the end, and `.*` is no part of a version.
    if text.ends_with(char::is_whitespace) { None } else { Version::from_str(text).ok() }
}

fn is_short_release(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('v').unwrap_or(text);
    text.split('.').count() <= 3 && text.split('.').all(digits)
}

/// Numbers and an epoch, nothing else.
pub(super) fn is_release(version: &Version) -> bool {
    !version.any_prerelease() && !version.is_post() && !version.is_local()
}

/// The first version that `<VERSION` does not allow: not even pre-releases of a stable version are below it.
fn strict(version: &Version) -> Version {
    if version.any_prerelease() { version.clone() } else { first_dev(version) }
}

fn first_dev(version: &Version) -> Version {
    version.clone().without_local().with_dev(Some(0))
}

/// Only release and epoch, with one number made larger and zeros behind it.
fn bumped(version: &Version, place: usize) -> Option<Version> {
    let mut release: Vec<u64> = version.release().to_vec();
    while release.len() <= place {
        release.push(0);
    }
    release[place] = release[place].checked_add(1)?;
    release[place + 1..].fill(0);
    Some(Version::new(release).with_epoch(version.epoch()))
}

/// `stable.next_minor()`, or `stable.next_major()` of a single number.
fn below_tilde(version: &Version) -> Option<Version> {
    bumped(version, usize::from(version.release().len() > 1))
}

/// `stable.next_breaking()`: the first number that is not zero, or the last one of up to three, goes up.
fn below_caret(version: &Version) -> Option<Version> {
    let release = version.release();
    let place = release.iter().take(3).position(|number| *number > 0);
    bumped(version, place.unwrap_or(release.len().min(3).saturating_sub(1)))
}

/// The number before the last one goes up.
fn below_compatible(version: &Version) -> Option<Version> {
    bumped(version, version.release().len().saturating_sub(2))
}

/// `>=FIRST,<SECOND` for a prefix.
fn prefix_bounds(version: &Version) -> (Version, Version) {
    let next = next_prefix(version);
    let next = if next.is_dev() { next } else { first_dev(&next) };
    (first_dev(version), next)
}

/// What comes after every version that begins like this one.
fn next_prefix(version: &Version) -> Version {
    let plain = || Version::new(version.release()).with_epoch(version.epoch());
    match (version.post(), version.pre(), version.dev()) {
        (Some(post), pre, dev) => {
            let post = if dev.is_none() { post.saturating_add(1) } else { post };
            plain().with_pre(pre).with_post(Some(post))
        }
        (None, Some(pre), dev) => {
            let number = if dev.is_none() { pre.number.saturating_add(1) } else { pre.number };
            plain().with_pre(Some(Prerelease { kind: pre.kind, number }))
        }
        (None, None, Some(_)) => plain(),
        (None, None, None) => {
            bumped(version, version.release().len().saturating_sub(1)).unwrap_or_else(plain)
        }
    }
}
