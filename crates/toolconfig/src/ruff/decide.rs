//! flake8's own way to decide whether a code is reported (`flake8/style_guide.py` of 7.5).

/// What flake8 ignores where `ignore` is not set.
const DEFAULT_IGNORE: [&str; 8] = ["E121", "E123", "E126", "E226", "E24", "E704", "W503", "W504"];

/// The options that decide. `None` is an option that is not set, which is something else than an empty one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    pub(crate) select: Option<Vec<String>>,
    pub(crate) ignore: Option<Vec<String>>,
    pub(crate) extend_select: Vec<String>,
    pub(crate) extend_ignore: Vec<String>,
    /// What the plugins in use select by being there.
    pub(crate) default_select: Vec<String>,
    /// What the plugins in use ignore by being there.
    pub(crate) default_ignore: Vec<String>,
}

/// How much a list says about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The user said so, with a prefix of this length.
    Explicitly(usize),
    /// The defaults say so, with a prefix of this length.
    Implicitly(usize),
    /// Nothing.
    No,
}

impl Choice {
    /// Whether flake8 reports a code.
    pub(crate) fn selects(&self, code: &str) -> bool {
        let selected = said(code, self.select.as_deref(), &self.extend_select, &[&self.default_select]);
        let flake8: Vec<String> = DEFAULT_IGNORE.map(str::to_owned).to_vec();
        let ignored =
            said(code, self.ignore.as_deref(), &self.extend_ignore, &[&flake8, &self.default_ignore]);
        match (selected, ignored) {
            (Said::No, _) | (Said::Implicitly(_), Said::Explicitly(_)) => false,
            (Said::Explicitly(_), Said::Implicitly(_)) | (_, Said::No) => true,
            (Said::Explicitly(select), Said::Explicitly(ignore))
            | (Said::Implicitly(select), Said::Implicitly(ignore)) => select > ignore,
        }
    }

    /// The same with further codes ignored, as `per-file-ignores` has it.
    pub(crate) fn ignoring(&self, codes: &[String]) -> Self {
        let mut choice = self.clone();
        choice.extend_ignore.extend_from_slice(codes);
        choice
    }

    /// Everything the user names.
    pub(crate) fn named(&self) -> impl Iterator<Item = &String> {
        self.selecting().chain(self.ignore.iter().flatten()).chain(&self.extend_ignore)
    }

    /// Everything the user selects.
    pub(crate) fn selecting(&self) -> impl Iterator<Item = &String> {
        self.select.iter().flatten().chain(&self.extend_select)
    }
}

fn said(code: &str, option: Option<&[String]>, extend: &[String], defaults: &[&[String]]) -> Said {
    let longest = |list: &[String]| {
        list.iter().filter(|prefix| code.starts_with(prefix.as_str())).map(String::len).max()
    };
    let own = option.and_then(longest).max(longest(extend));
    // An option that is set replaces the defaults. Otherwise the longest prefix counts, be it one of the defaults.
    let by_default = match option {
        Some(_) => None,
        None => defaults.iter().filter_map(|list| longest(list)).max(),
    };
    match (own, by_default) {
        (Some(own), by_default) => Said::Explicitly(by_default.map_or(own, |length| own.max(length))),
        (None, Some(length)) => Said::Implicitly(length),
        (None, None) => Said::No,
    }
}
