//! A requirement: its source text and what stands where in it.

use std::fmt;
use std::sync::Arc;

use pep440_rs::{VersionSpecifier, VersionSpecifiers};
use pep508_rs::MarkerTree;
use uvshift_diagnostics::Span;

use crate::marker::{self, Marker, MarkerConcern};
use crate::text::{Part, normalize_name};
use crate::url::{self, VcsUrl};
use crate::version::{self, Operator, Specifier};

/// A requirement as pip reads it, with its text as written.
///
/// Nothing here is normalised unless the method says so. `${NAME}` is never expanded.
#[derive(Clone, PartialEq, Eq)]
pub struct Requirement {
    data: Box<Data>,
}

/// Everything is out of line, so that lines stay small, and in parts of a shared text.
#[derive(Clone)]
pub(crate) struct Data {
    /// The document, or the joined line, or the value of an editable option.
    pub(crate) source: Arc<str>,
    /// In the document.
    pub(crate) span: Part,
    pub(crate) text: Part,
    pub(crate) name: Part,
    pub(crate) extras: Part,
    pub(crate) specifier: Part,
    pub(crate) marker: Part,
    pub(crate) url: Part,
    pub(crate) form: Form,
    pub(crate) editable: bool,
    pub(crate) hashes: Box<[HashPart]>,
    pub(crate) rare: Option<Box<Rare>>,
}

/// What few requirements have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rare {
    pub(crate) config_settings: Vec<(String, String)>,
    /// Hashes that were quoted in such a way that they are no part of the source.
    pub(crate) hashes: Vec<(HashAlgorithm, String)>,
}

/// What the requirement points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A name, found in an index.
    Index,
    /// `name @ url`
    Direct,
    /// A URL alone.
    Url,
    /// A path alone.
    Path,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HashPart {
    pub(crate) algorithm: HashAlgorithm,
    pub(crate) digest: Part,
}

/// The hash algorithms that pip accepts in `--hash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// The name as written in `--hash=NAME:DIGEST`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// One `--hash` of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Hash<'a> {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The digest as written; pip does not check its form.
    pub digest: &'a str,
}

/// The hashes of a requirement, in the order of the file.
#[derive(Debug, Clone, Copy)]
pub struct Hashes<'a> {
    source: &'a str,
    parts: &'a [HashPart],
    owned: &'a [(HashAlgorithm, String)],
}

impl<'a> Hashes<'a> {
    /// The number of hashes.
    pub const fn len(&self) -> usize {
        self.parts.len() + self.owned.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hashes one by one.
    pub fn iter(&self) -> impl Iterator<Item = Hash<'a>> + Clone + use<'a> {
        let source = self.source;
        let parts = self.parts.iter();
        let owned = self.owned.iter();
        parts
            .map(move |part| Hash { algorithm: part.algorithm, digest: part.digest.of(source) })
            .chain(owned.map(|(algorithm, digest)| Hash { algorithm: *algorithm, digest }))
    }
}

/// What a requirement points at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A project that is looked up in the indexes.
    Index,
    /// A repository.
    Vcs(VcsUrl),
    /// A URL as written, `file:` included.
    Url(String),
    /// A path as written, without extras; whether it exists is for the file system to say.
    Path(String),
}

/// Name and version that a wheel's file name gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WheelName {
    /// The project as written in the file name.
    pub name: String,
    /// The version as written in the file name.
    pub version: String,
}

/// Why a specifier that pip accepts cannot be expressed with `pep440_rs`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecifierError {
    /// `===` with something that is no PEP 440 version.
    #[error("`==={version}` compares texts, not versions")]
    Arbitrary {
        /// What stands after `===`.
        version: String,
    },
    /// Numbers over 64 bits and the like.
    #[error("`{clause}` is valid for pip, but not supported: {message}")]
    Unsupported {
        /// The clause as written.
        clause: String,
        /// The words of `pep440_rs`.
        message: String,
    },
}

impl Requirement {
    pub(crate) fn new(data: Data) -> Self {
        Self { data: Box::new(data) }
    }

    /// The text that all parts count in.
    pub(crate) fn source(&self) -> &str {
        &self.data.source
    }

    /// The source text without comment, options and hashes; continuation lines are joined.
    ///
    /// For an editable, this is the value of `-e`.
    pub fn text(&self) -> &str {
        self.data.text.of(&self.data.source)
    }

    /// Where the requirement stands in the document: from its first character to the end of its last option.
    pub fn span(&self) -> Span {
        self.data.span.span()
    }

    /// The project's name as written: before specifier or URL, or after `egg=`, or in a wheel's file name.
    pub fn name(&self) -> Option<&str> {
        self.data.name.get(&self.data.source)
    }

    /// The name by PEP 503.
    pub fn normalized_name(&self) -> Option<String> {
        self.name().map(normalize_name)
    }

    /// The extras as written.
    pub fn extras(&self) -> impl Iterator<Item = &str> {
        crate::pep508::extras(&self.data.source, self.data.extras)
    }

    /// The version specifier as written, without parentheses; empty where there is none.
    pub fn specifier(&self) -> &str {
        self.data.specifier.of(&self.data.source)
    }

    /// The clauses of the specifier as written.
    pub fn specifiers(&self) -> impl Iterator<Item = Specifier<'_>> + Clone {
        version::clauses(self.specifier())
    }

    /// The specifier by meaning.
    pub fn version_specifiers(&self) -> Result<VersionSpecifiers, SpecifierError> {
        self.specifiers().map(version_specifier).collect()
    }

    /// The version of a pin: exactly one `==` without `.*`, or exactly one `===`.
    pub fn pin(&self) -> Option<&str> {
        let mut clauses = self.specifiers();
        let (first, None) = (clauses.next()?, clauses.next()) else { return None };
        match first.operator {
            Operator::Identical => Some(first.version),
            Operator::Equal if !first.version.ends_with(".*") => Some(first.version),
            _ => None,
        }
    }

    /// The marker as written, without the `;`.
    pub fn marker(&self) -> Option<&str> {
        self.data.marker.get(&self.data.source)
    }

    /// The marker as pip reads it.
    pub fn parsed_marker(&self) -> Option<Marker> {
        Marker::parse(self.marker()?).ok()
    }

    /// The marker by meaning, true everywhere if there is none.
    ///
    /// The error lists why `pep508_rs` would make something else of it than pip, for example because it leaves a
    /// comparison out.
    pub fn marker_tree(&self) -> Result<MarkerTree, Vec<MarkerConcern>> {
        self.marker().map_or(Ok(MarkerTree::TRUE), marker::tree)
    }

    /// The URL as written, without extras and marker. A bare path has none.
    pub fn url(&self) -> Option<&str> {
        if self.data.form == Form::Path { None } else { self.data.url.get(&self.data.source) }
    }

    /// What the requirement points at.
    pub fn target(&self) -> Target {
        let Some(location) = self.data.url.get(&self.data.source) else { return Target::Index };
        if self.data.form == Form::Path {
            return Target::Path(location.to_owned());
        }
        let scheme = url::scheme(location);
        match VcsUrl::parse(location) {
            Some(vcs) if url::Vcs::of_scheme(&scheme).is_some() || self.data.editable => Target::Vcs(vcs),
            _ if scheme.len() < 2 => Target::Path(location.to_owned()),
            _ => Target::Url(location.to_owned()),
        }
    }

    /// Name and version of the wheel that a URL or path points at.
    pub fn wheel(&self) -> Option<WheelName> {
        let location = self.data.url.get(&self.data.source)?;
        crate::classify::wheel_name(location, self.data.form == Form::Path)
    }

    /// Whether `-e` stands before it.
    pub fn is_editable(&self) -> bool {
        self.data.editable
    }

    /// Whether it is written as `name @ url`.
    pub fn is_direct_reference(&self) -> bool {
        self.data.form == Form::Direct
    }

    /// The `--hash` options.
    pub fn hashes(&self) -> Hashes<'_> {
        let owned = self.data.rare.as_deref().map_or(&[][..], |rare| rare.hashes.as_slice());
        Hashes { source: &self.data.source, parts: &self.data.hashes, owned }
    }

    /// The `--config-settings` options as pairs of key and value.
    pub fn config_settings(&self) -> &[(String, String)] {
        self.data.rare.as_deref().map_or(&[], |rare| rare.config_settings.as_slice())
    }
}

fn version_specifier(clause: Specifier<'_>) -> Result<VersionSpecifier, SpecifierError> {
    version::to_pep440(clause).map_err(|message| match clause.operator {
        Operator::Identical => SpecifierError::Arbitrary { version: clause.version.to_owned() },
        _ => SpecifierError::Unsupported {
            clause: format!("{}{}", clause.operator.as_str(), clause.version),
            message,
        },
    })
}

impl PartialEq for Data {
    /// Two requirements are equal when they say the same; where they stand does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.text.of(&self.source) == other.text.of(&other.source)
            && self.editable == other.editable
            && self.rare == other.rare
            && self.hashes.len() == other.hashes.len()
            && self.hashes.iter().zip(&other.hashes).all(|(ours, theirs)| {
                ours.algorithm == theirs.algorithm
                    && ours.digest.of(&self.source) == theirs.digest.of(&other.source)
            })
    }
}

impl Eq for Data {}

impl fmt::Debug for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL may hold a password, which must not reach a log.
        let (text, _) = url::split_credentials(self.text());
        formatter
            .debug_struct("Requirement")
            .field("text", &text)
            .field("name", &self.name())
            .field("editable", &self.data.editable)
            .field("span", &self.data.span.span())
            .finish_non_exhaustive()
    }
}
