//! What one tool takes an ini file to mean.

/// How a tool reads ini files: the arguments of Python's `configparser.ConfigParser`, as plain data.
///
/// A tool that is not here yet is a constant more; the fields say what Python 3.11's module does with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "these are the switches of Python's own reader")]
pub struct Dialect {
    /// What stands between a key and its value; at one place the first of them wins.
    pub delimiters: &'static [&'static str],
    /// What a comment line starts with, after spaces.
    pub comment_prefixes: &'static [&'static str],
    /// What starts a comment behind a value, at the start of a line or after a space.
    pub inline_comment_prefixes: &'static [&'static str],
    /// Whether keys are compared in lower case. setuptools keeps the case.
    pub lower_case_keys: bool,
    /// Whether a section or key that is said twice is an error. Where it is none, sections merge and the last
    /// value counts.
    pub strict: bool,
    /// Whether an empty line is a part of the value around it, or ends the value.
    pub empty_lines_in_values: bool,
    /// Whether a key may stand without delimiter and value.
    pub allow_no_value: bool,
    /// Whether a byte order mark is skipped (`utf-8-sig`), or spoils the first line.
    pub byte_order_mark: bool,
    /// The section whose keys every other section has, too.
    pub default_section: &'static str,
    /// What `%` means in values.
    pub interpolation: Interpolation,
}

/// What `%` means in values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpolation {
    /// Nothing: values are as written.
    None,
    /// `%(key)s` is the value of another key and `%%` is `%`, as Python's `BasicInterpolation` has it.
    Basic,
}

impl Dialect {
    /// Python's `RawConfigParser()`.
    pub const RAW: Self = Self {
        delimiters: &["=", ":"],
        comment_prefixes: &["#", ";"],
        inline_comment_prefixes: &[],
        lower_case_keys: true,
        strict: true,
        empty_lines_in_values: true,
        allow_no_value: false,
        byte_order_mark: false,
        default_section: "DEFAULT",
        interpolation: Interpolation::None,
    };

    /// Python's `ConfigParser()`, which interpolates.
    pub const INTERPOLATING: Self = Self { interpolation: Interpolation::Basic, ..Self::RAW };

    /// How setuptools 84 reads setup.cfg: interpolating, with the case of keys kept.
    pub const SETUPTOOLS: Self = Self { lower_case_keys: false, ..Self::INTERPOLATING };

    /// The key as this dialect compares it.
    pub fn key(&self, written: &str) -> String {
        if self.lower_case_keys { written.to_lowercase() } else { written.to_owned() }
    }
}
