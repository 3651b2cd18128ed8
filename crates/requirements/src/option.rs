//! pip's options, by one table, parsed as Python's `optparse` parses them.

use crate::shell::Word;
use crate::text::Part;

/// The options that pip 26.3 accepts in a requirements file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OptionName {
    IndexUrl,
    ExtraIndexUrl,
    NoIndex,
    Constraint,
    Requirement,
    Editable,
    FindLinks,
    NoBinary,
    OnlyBinary,
    PreferBinary,
    RequireHashes,
    NoRequireHashes,
    Pre,
    AllReleases,
    OnlyFinal,
    TrustedHost,
    UseFeature,
    Hash,
    ConfigSettings,
}

/// One row: the option, its short form, a long form, whether it takes a value.
type Row = (OptionName, Option<char>, &'static str, bool);

const TABLE: [Row; 20] = [
    (OptionName::IndexUrl, Some('i'), "--index-url", true),
    (OptionName::IndexUrl, None, "--pypi-url", true),
    (OptionName::ExtraIndexUrl, None, "--extra-index-url", true),
    (OptionName::NoIndex, None, "--no-index", false),
    (OptionName::Constraint, Some('c'), "--constraint", true),
    (OptionName::Requirement, Some('r'), "--requirement", true),
    (OptionName::Editable, Some('e'), "--editable", true),
    (OptionName::FindLinks, Some('f'), "--find-links", true),
    (OptionName::NoBinary, None, "--no-binary", true),
    (OptionName::OnlyBinary, None, "--only-binary", true),
    (OptionName::PreferBinary, None, "--prefer-binary", false),
    (OptionName::RequireHashes, None, "--require-hashes", false),
    (OptionName::NoRequireHashes, None, "--no-require-hashes", false),
    (OptionName::Pre, None, "--pre", false),
    (OptionName::AllReleases, None, "--all-releases", true),
    (OptionName::OnlyFinal, None, "--only-final", true),
    (OptionName::TrustedHost, None, "--trusted-host", true),
    (OptionName::UseFeature, None, "--use-feature", true),
    (OptionName::Hash, None, "--hash", true),
    (OptionName::ConfigSettings, Some('C'), "--config-settings", true),
];

/// The features that `--use-feature` of pip 26.3 knows.
const FEATURES: [&str; 6] = [
    "fast-deps",
    "inprocess-build-deps",
    "venv-isolation",
    "truststore",
    "no-binary-enable-wheel-cache",
    "build-constraint",
];

impl OptionName {
    /// The long name as documented.
    pub(crate) fn long(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// Whether the option belongs to a requirement rather than to the whole run.
    pub(crate) const fn is_per_requirement(self) -> bool {
        matches!(self, Self::Hash | Self::ConfigSettings)
    }
}

/// How an option was written, where that is worth a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `--index-url X`, `--index-url=X`, `-i X`.
    Plain,
    /// `--index X`: optparse takes any unambiguous beginning.
    Abbreviated,
    /// `-rX`.
    Attached,
    /// `-r=X`, where pip makes `=X` of the value.
    AttachedEquals,
}

/// The value of an option.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Value {
    pub(crate) text: String,
    /// Where the value stands in the source, if it stands there in one piece.
    pub(crate) at: Option<u32>,
}

impl Value {
    /// The part of the source that is the value.
    pub(crate) fn part(&self) -> Option<Part> {
        self.at.map(|at| Part::new(at as usize, at as usize + self.text.len()))
    }
}

/// One option that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) name: OptionName,
    pub(crate) value: Value,
    /// From the dash to the end of the value.
    pub(crate) part: Part,
    /// The option as written, up to its value.
    pub(crate) written: Part,
    pub(crate) spelling: Spelling,
}

/// What optparse makes of a line.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) uses: Vec<Use>,
    /// Words that are no options; pip drops them.
    pub(crate) ignored: Vec<Part>,
}

/// Why pip refuses the options of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OptionProblem {
    pub(crate) kind: ProblemKind,
    pub(crate) part: Part,
    /// pip's words.
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Unknown,
    Ambiguous,
    Value,
}

/// Sorts the words of a line into options and the rest.
pub(crate) fn parse(words: &[Word]) -> Result<Parsed, OptionProblem> {
    let mut parsed = Parsed::default();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        if word.text == "--" {
            parsed.ignored.extend(words[index..].iter().map(|word| word.part));
            break;
        }
        let (found, consumed) = if word.text.starts_with("--") {
            long_option(word, words.get(index + 1))?
        } else if word.text.starts_with('-') && word.text.len() > 1 {
            short_option(word, words.get(index + 1))?
        } else {
            parsed.ignored.push(word.part);
            index += 1;
            continue;
        };
        check(&found)?;
        parsed.uses.push(found);
        index += consumed;
    }
    Ok(parsed)
}

fn long_option(word: &Word, next: Option<&Word>) -> Result<(Use, usize), OptionProblem> {
    let (written, explicit) = match word.text.split_once('=') {
        Some((written, value)) => (written, Some(value)),
        None => (word.text.as_str(), None),
    };
    let (row, spelling) = find_long(written, word.part)?;
    let (name, _, long, takes_value) = *row;
    let written_part = Part::new(word.part.start(), (word.part.start() + written.len()).min(word.part.end()));
    let found = |value, end| Use {
        name,
        value,
        part: Part::new(word.part.start(), end),
        written: written_part,
        spelling,
    };
    match (takes_value, explicit, next) {
        (true, Some(value), _) => Ok((found(tail(word, value), word.part.end()), 1)),
        (true, None, Some(next)) => {
            let value = Value { text: next.text.clone(), at: next.at };
            Ok((found(value, next.part.end()), 2))
        }
        (true, None, None) => Err(problem(word, format!("{long} option requires 1 argument"))),
        (false, Some(_), _) => Err(problem(word, format!("{long} option does not take a value"))),
        (false, None, _) => Ok((found(Value::default(), word.part.end()), 1)),
    }
}

/// The end of a word as a value with its place.
fn tail(word: &Word, value: &str) -> Value {
    let skipped = word.text.len() - value.len();
    let at = word.at.map(|at| Part::new(at as usize + skipped, 0).start);
    Value { text: value.to_owned(), at }
}

fn find_long(written: &str, part: Part) -> Result<(&'static Row, Spelling), OptionProblem> {
    if let Some(row) = TABLE.iter().find(|row| row.2 == written) {
        return Ok((row, Spelling::Plain));
    }
    let mut matches: Vec<_> = TABLE.iter().filter(|row| row.2.starts_with(written)).collect();
    match matches.as_slice() {
        [] => Err(OptionProblem {
            kind: ProblemKind::Unknown,
            part,
            message: format!("no such option: {written}"),
        }),
        [row] => Ok((row, Spelling::Abbreviated)),
        _ => {
            matches.sort_by_key(|row| row.2);
            let names: Vec<_> = matches.iter().map(|row| row.2).collect();
            let message = format!("ambiguous option: {written} ({}?)", names.join(", "));
            Err(OptionProblem { kind: ProblemKind::Ambiguous, part, message })
        }
    }
}

fn short_option(word: &Word, next: Option<&Word>) -> Result<(Use, usize), OptionProblem> {
    // Every short option of pip takes a value, so there is never a second one in the same word.
    let letter = word.text.chars().nth(1).unwrap_or('-');
    let Some(row) = TABLE.iter().find(|row| row.1 == Some(letter)) else {
        return Err(OptionProblem {
            kind: ProblemKind::Unknown,
            part: word.part,
            message: format!("no such option: -{letter}"),
        });
    };
    let rest = &word.text[2..];
    let written = Part::new(word.part.start(), (word.part.start() + 2).min(word.part.end()));
    let found = |value, end, spelling| Use {
        name: row.0,
        value,
        part: Part::new(word.part.start(), end),
        written,
        spelling,
    };
    match next {
        _ if rest.starts_with('=') => {
            Ok((found(tail(word, rest), word.part.end(), Spelling::AttachedEquals), 1))
        }
        _ if !rest.is_empty() => Ok((found(tail(word, rest), word.part.end(), Spelling::Attached), 1)),
        Some(next) => {
            let value = Value { text: next.text.clone(), at: next.at };
            Ok((found(value, next.part.end(), Spelling::Plain), 2))
        }
        None => Err(problem(word, format!("-{letter} option requires 1 argument"))),
    }
}

fn problem(word: &Word, message: String) -> OptionProblem {
    OptionProblem { kind: ProblemKind::Value, part: word.part, message }
}

/// The checks that pip makes on values while it parses.
fn check(found: &Use) -> Result<(), OptionProblem> {
    let value = found.value.text.as_str();
    let long = found.name.long();
    let message = match found.name {
        OptionName::Hash => match value.split_once(':') {
            None => format!(
                "arguments to {long} must be a hash name followed by a value, like --hash=sha256:abcde..."
            ),
            Some(("sha256" | "sha384" | "sha512", _)) => return Ok(()),
            Some(_) => format!("allowed hash algorithms for {long} are sha256, sha384, sha512"),
        },
        OptionName::ConfigSettings if !value.contains('=') => {
            format!("arguments to {long} must be of the form KEY=VAL")
        }
        OptionName::UseFeature if !FEATURES.contains(&value) => {
            format!("option {long}: invalid choice: '{value}' (choose from {})", FEATURES.join(", "))
        }
        OptionName::NoBinary | OptionName::OnlyBinary | OptionName::AllReleases | OptionName::OnlyFinal
            if value.starts_with('-') =>
        {
            format!("{long} option requires 1 argument")
        }
        _ => return Ok(()),
    };
    Err(OptionProblem { kind: ProblemKind::Value, part: found.part, message })
}
