//! Conda's match specifications, such as `conda-forge::numpy=1.26=py311*`, and their versions as PEP 440 specifiers.

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};

/// A match specification taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) channel: Option<String>,
    /// In lower case.
    pub(crate) name: String,
    /// As written; `=1.26` keeps its one `=`.
    pub(crate) version: Option<String>,
    pub(crate) build: Option<String>,
}

/// Takes `[channel::]name[version[build]]` apart, with `=` or spaces between the parts, or in brackets.
pub(crate) fn parse(text: &str) -> Result<Spec, &'static str> {
    let text = text.trim();
    let is_file = matches!(text.rsplit_once('.'), Some((_, "conda" | "bz2")));
    if text.contains("://") || is_file {
        return Err("it names a file of conda packages");
    }
    let (channel, rest) = match text.split_once("::") {
        Some((channel, rest)) => (Some(channel.trim().to_owned()), rest.trim()),
        None => (None, text),
    };
    let (rest, keys) = match rest.split_once('[') {
        Some((head, keys)) => (head.trim(), keys.strip_suffix(']').ok_or("its bracket is not closed")?),
        None => (rest, ""),
    };
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
    let name = rest[..end].to_ascii_lowercase();
    if name.is_empty() || !name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_') {
        return Err("it does not begin with the name of a package");
    }
    let mut spec = Spec { channel, name, ..Spec::default() };
    parts(rest[end..].trim(), &mut spec)?;
    bracketed(keys, &mut spec)?;
    Ok(spec)
}

/// Version and build behind the name.
fn parts(rest: &str, spec: &mut Spec) -> Result<(), &'static str> {
    if rest.is_empty() {
        return Ok(());
    }
    let operator =
        rest.find(|letter: char| !matches!(letter, '=' | '<' | '>' | '!' | '~')).unwrap_or(rest.len());
    let (sign, value) = (&rest[..operator], rest[operator..].trim_start());
    if value.is_empty() {
        return Err("its version is missing");
    }
    // A build follows behind `=` or a space, but `>=1.0, <2` and `1.0 | 2.0` go on with the version.
    let joined = value.replace(", ", ",").replace(" ,", ",").replace(" |", "|").replace("| ", "|");
    let joined = ["<=", ">=", "==", "!=", "~=", "<", ">"]
        .iter()
        .fold(joined, |text, sign| text.replace(&format!("{sign} "), sign));
    let split = joined.find(' ').or_else(|| build_sign(&joined));
    let (version, build) = match split {
        Some(at) => (&joined[..at], Some(joined[at + 1..].trim())),
        None => (joined.as_str(), None),
    };
    if build.is_some_and(|build| build.is_empty() || build.contains([' ', '='])) {
        return Err("it has more than a version and a build");
    }
    // `name 1.2` and, with a build behind it, `name=1.2=build` mean this version itself.
    let exact = sign == "=" && build.is_some() && !version.contains('*');
    let sign = if exact || sign.is_empty() && is_plain(version) { "==" } else { sign };
    spec.version = Some(format!("{sign}{version}"));
    spec.build = build.map(str::to_owned);
    Ok(())
}

fn is_plain(version: &str) -> bool {
    version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains(['*', ',', '|'])
}

/// A lone `=`, behind which a build stands.
fn build_sign(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let lone = |at: usize| {
        bytes[at] == b'='
            && bytes.get(at + 1) != Some(&b'=')
            && !at
                .checked_sub(1)
                .is_some_and(|before| matches!(bytes[before], b'=' | b'<' | b'>' | b'!' | b'~' | b','))
    };
    (0..bytes.len()).find(|at| lone(*at))
}

/// `[version='>=1', build=..., channel=...]`
fn bracketed(keys: &str, spec: &mut Spec) -> Result<(), &'static str> {
    let mut rest = keys.trim();
    while !rest.is_empty() {
        let (key, value) = rest.split_once('=').ok_or("its brackets hold no `key=value`")?;
        let value = value.trim_start();
        let (value, after) = match value.chars().next().filter(|first| matches!(first, '\'' | '"')) {
            Some(quote) => value[1..].split_once(quote).ok_or("a quote in its brackets is not closed")?,
            None => value.split_once(',').map_or((value, ""), |(value, after)| (value.trim(), after)),
        };
        match key.trim() {
            "version" if is_plain(value) => spec.version = Some(format!("=={value}")),
            "version" => spec.version = Some(value.to_owned()),
            "build" => spec.build = Some(value.to_owned()),
            "channel" => spec.channel = Some(value.to_owned()),
            _ => return Err("its brackets hold a key that has no meaning for the package index"),
        }
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    Ok(())
}

/// A specifier of PEP 440, and what is different where it is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Specifier {
    pub(crate) text: String,
    pub(crate) why: Option<&'static str>,
}

/// A version of conda as specifiers of PEP 440.
///
/// `=1.26` is `==1.26.*` for both, and so is `1.26.*`; `>=1.2.*` is `>=1.2`, as conda itself reads it.
pub(crate) fn specifier(version: &str) -> Result<Specifier, String> {
    if version.contains(['|', '(', ')']) {
        return Err("PEP 440 has no `|` between versions".to_owned());
    }
    if version.contains(['^', '$']) {
        return Err("PEP 440 has no regular expressions".to_owned());
    }
    let (mut clauses, mut why) = (Vec::new(), None);
    for clause in version.split(',').map(str::trim) {
        let digits = clause.find(|letter: char| !matches!(letter, '=' | '<' | '>' | '!' | '~'));
        let (sign, value) = clause.split_at(digits.unwrap_or(clause.len()));
        let stem = value.strip_suffix(".*").or_else(|| value.strip_suffix('*'));
        let plain = stem.unwrap_or(value);
        if plain.is_empty() && matches!(sign, "" | "=" | "==" | ">=") && value == "*" {
            continue;
        }
        if Version::from_str(plain).is_err() {
            return Err(format!("`{plain}` is no version of PEP 440"));
        }
        if stem.is_some() && !value.ends_with(".*") {
            why = Some("a `*` within a number has no place in PEP 440, so it stands for whole numbers");
        }
        clauses.push(match (sign, stem.is_some()) {
            ("=" | "", _) | ("==", true) => format!("=={plain}.*"),
            ("==" | "===", false) => format!("=={plain}"),
            ("!=", true) => format!("!={plain}.*"),
            (sign @ ("!=" | ">=" | "<=" | ">" | "<" | "~="), _) => format!("{sign}{plain}"),
            (sign, _) => return Err(format!("`{sign}` is no comparison")),
        });
    }
    let text = clauses.join(",");
    VersionSpecifiers::from_str(&text).map_err(|_| format!("`{text}` is no specifier of PEP 440"))?;
    Ok(Specifier { text, why })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken_apart(text: &str) -> String {
        match parse(text) {
            Ok(Spec { channel, name, version, build }) => {
                let version = version.map(|version| match specifier(&version) {
                    Ok(found) => found.text,
                    Err(why) => format!("({why})"),
                });
                [channel, Some(name), version, build].map(|part| part.unwrap_or("-".into())).join(" ")
            }
            Err(why) => why.to_owned(),
        }
    }

    #[test]
    fn specifications_are_taken_apart() {
        for (text, expected) in [
            ("numpy", "- numpy - -"),
            ("NumPy=1.26", "- numpy ==1.26.* -"),
            ("numpy=1.26.4", "- numpy ==1.26.4.* -"),
            ("numpy==1.26.4", "- numpy ==1.26.4 -"),
            ("numpy=1.26.4=py311h64a7726_0", "- numpy ==1.26.4 py311h64a7726_0"),
            ("numpy==1.26.4=py311_0", "- numpy ==1.26.4 py311_0"),
            ("numpy 1.26.4", "- numpy ==1.26.4 -"),
            ("numpy 1.26.4 py311_0", "- numpy ==1.26.4 py311_0"),
            ("numpy 1.26.*", "- numpy ==1.26.* -"),
            ("numpy=1.26.*", "- numpy ==1.26.* -"),
            ("numpy=1.26*", "- numpy ==1.26.* -"),
            ("numpy >=1.20,<2", "- numpy >=1.20,<2 -"),
            ("numpy>=1.20, <2", "- numpy >=1.20,<2 -"),
            ("numpy >= 1.20", "- numpy >=1.20 -"),
            ("numpy>=1.20.*", "- numpy >=1.20 -"),
            ("numpy!=1.5", "- numpy !=1.5 -"),
            ("numpy!=1.5.*", "- numpy !=1.5.* -"),
            ("numpy~=1.5", "- numpy ~=1.5 -"),
            ("numpy=*", "- numpy  -"),
            ("blas=*=openblas", "- blas  openblas"),
            ("pytorch=2.1=*cuda*", "- pytorch ==2.1 *cuda*"),
            ("conda-forge::scipy=1.11", "conda-forge scipy ==1.11.* -"),
            ("numpy[version='>=1.2,<2', build=py_0]", "- numpy >=1.2,<2 py_0"),
            ("numpy[version=1.2]", "- numpy ==1.2 -"),
            ("numpy>=1.8,<2|==1.9", "- numpy (PEP 440 has no `|` between versions) -"),
            ("openssl=1.1.1w", "- openssl (`1.1.1w` is no version of PEP 440) -"),
            ("numpy>=1.2=py_0", "- numpy >=1.2 py_0"),
            ("https://conda.example/a-1.0-0.conda", "it names a file of conda packages"),
            ("=1.0", "it does not begin with the name of a package"),
            ("", "it does not begin with the name of a package"),
            ("numpy=", "its version is missing"),
            ("numpy[version", "its bracket is not closed"),
            ("numpy[md5=12]", "its brackets hold a key that has no meaning for the package index"),
            ("numpy 1 2 3", "it has more than a version and a build"),
        ] {
            assert_eq!(taken_apart(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}", near in "[a-z:]{1,8}[=<>!~ |,\\[\\]'.*0-9a-z]{0,20}") {
            for text in [text, near] {
                if let Ok(found) = parse(&text)
                    && let Some(Ok(specifier)) = found.version.as_deref().map(specifier)
                {
                    prop_assert!(VersionSpecifiers::from_str(&specifier.text).is_ok());
                }
            }
        }
    }
}
