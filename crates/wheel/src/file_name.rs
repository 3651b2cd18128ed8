use std::collections::BTreeSet;
use std::fmt;

/// What the file name of a wheel says (binary distribution format, PEP 427).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileName {
    /// The distribution as written, such as `ruamel_yaml`.
    pub distribution: String,
    /// The version as written.
    pub version: String,
    /// The build tag, such as `1`.
    pub build: Option<String>,
    /// The tags, one for each combination: `py2.py3-none-any` is two.
    pub tags: BTreeSet<String>,
}

impl FileName {
    /// Reads `NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl`.
    ///
    /// ```
    /// use uvshift_wheel::FileName;
    ///
    /// let name = FileName::parse("six-1.17.0-py2.py3-none-any.whl").unwrap();
    /// assert_eq!((name.distribution.as_str(), name.version.as_str()), ("six", "1.17.0"));
    /// assert_eq!(name.tags.len(), 2);
    /// assert_eq!(FileName::parse("six-1.17.0.tar.gz"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".whl")?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (distribution, version, build, tags) = match parts.as_slice() {
            [distribution, version, tags @ ..] if tags.len() == 3 => (distribution, version, None, tags),
            [distribution, version, build, tags @ ..] if tags.len() == 3 => {
                (distribution, version, Some((*build).to_owned()), tags)
            }
            _ => return None,
        };
        let is_named = parts.iter().all(|part| !part.is_empty());
        is_named.then(|| Self {
            distribution: (*distribution).to_owned(),
            version: (*version).to_owned(),
            build,
            tags: expanded(&tags.join("-")),
        })
    }
}

/// The tags that a compressed one such as `py2.py3-none-any` stands for.
pub(crate) fn expanded(tag: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = tag.trim().split('-').collect();
    let [python, abi, platform] = parts.as_slice() else { return BTreeSet::from([tag.trim().to_owned()]) };
    let mut tags = BTreeSet::new();
    for python in python.split('.') {
        for abi in abi.split('.') {
            for platform in platform.split('.') {
                tags.insert(format!("{python}-{abi}-{platform}"));
            }
        }
    }
    tags
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.distribution, self.version)
    }
}
