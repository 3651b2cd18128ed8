//! The words after a command, sorted into flags, options and the rest.

use crate::Outcome;

/// What a command was called with.
#[derive(Debug, Default)]
pub(crate) struct Args {
    flags: Vec<String>,
    options: Vec<(String, String)>,
    positional: Vec<String>,
}

impl Args {
    /// Sorts `words`, knowing which `flags` and which `options` (they take a value) the command has.
    pub(crate) fn parse(words: &[String], flags: &[&str], options: &[&str]) -> Outcome<Self> {
        let mut args = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with('-') => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            if flags.contains(&name) && value.is_none() {
                args.flags.push(name.to_owned());
            } else if options.contains(&name) {
                let value = value.or_else(|| words.next().cloned());
                args.options.push((name.to_owned(), value.ok_or_else(|| format!("`{name}` needs a value"))?));
            } else if name.starts_with('-') {
                return Err(format!("there is no flag `{word}` here"));
            } else {
                args.positional.push(word.clone());
            }
        }
        Ok(args)
    }

    /// Whether a flag was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|given| given == flag)
    }

    /// Every value of an option, in order.
    pub(crate) fn values<'a>(&'a self, option: &'a str) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(name, _)| name == option).map(|(_, value)| value.as_str())
    }

    /// The last value of a numeric option, or `default`.
    pub(crate) fn number(&self, option: &str, default: usize) -> Outcome<usize> {
        self.values(option).last().map_or(Ok(default), |value| {
            value.parse().map_err(|_| format!("`{option}` needs a number, not `{value}`"))
        })
    }

    /// Exactly the words that are neither, `what` names them.
    pub(crate) fn positional<const N: usize>(&self, what: [&str; N]) -> Outcome<[&str; N]> {
        let given: Vec<&str> = self.positional.iter().map(String::as_str).collect();
        if let Some(missing) = what.get(given.len()..).filter(|missing| !missing.is_empty()) {
            return Err(format!("`{}` is missing", missing.join(" ")));
        }
        <[&str; N]>::try_from(given)
            .map_err(|given| format!("expected `{}`, got `{}`", what.join(" "), given.join(" ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        let words = ["--fast", "-p", "one", "name", "-p=two", "--runs=3"].map(str::to_owned);
        let args = Args::parse(&words, &["--fast"], &["-p", "--runs"]).unwrap();
        assert!(args.has("--fast") && !args.has("--online"));
        assert_eq!(args.values("-p").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(args.number("--runs", 10), Ok(3));
        assert_eq!(args.number("--lines", 10), Ok(10));
        assert_eq!(args.positional(["NAME"]), Ok(["name"]));
        assert!(args.positional([]).is_err());
    }
}
