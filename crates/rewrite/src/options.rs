//! Arguments split into options and the rest, for a program whose options are known.

use crate::shell::Word;

/// The arguments of a program.
#[derive(Debug, Clone, Default)]
pub struct Options<'a> {
    /// Options in order: the name as it is written, with its dashes (`-r`, `--index-url`), and the value, if it takes one.
    pub named: Vec<(String, Option<OptionValue<'a>>)>,
    /// What is no option, in order.
    pub positional: Vec<&'a Word>,
    /// An option that is in neither list.
    pub unknown: Option<&'a Word>,
}

/// The value of an option: a word of its own, or the end of one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OptionValue<'a> {
    /// The word it stands in.
    pub word: &'a Word,
    /// As it is written in the script, quotes included where it is a word of its own.
    pub raw: &'a str,
}

impl<'a> Options<'a> {
    /// Splits arguments. `flags` take no value, `values` take one: `-rfile`, `-r file`, `--requirement=file`,
    /// `--requirement file`. Short flags can stand together (`-qq`, `-Ur`).
    pub fn split(script: &'a str, args: &'a [Word], flags: &[&str], values: &[&str]) -> Self {
        let mut options = Self::default();
        let mut words = args.iter();
        let mut only_positional = false;
        while let Some(word) = words.next() {
            let raw = word.raw(script);
            if only_positional || !raw.starts_with('-') || raw == "-" {
                options.positional.push(word);
            } else if raw == "--" {
                only_positional = true;
            } else if raw.starts_with("--") {
                options.long(raw, word, &mut words, script, flags, values);
            } else {
                options.short(raw, word, &mut words, script, flags, values);
            }
        }
        options
    }

    fn long(
        &mut self,
        raw: &'a str,
        word: &'a Word,
        words: &mut std::slice::Iter<'a, Word>,
        script: &'a str,
        flags: &[&str],
        values: &[&str],
    ) {
        let (name, value) = raw.split_once('=').map_or((raw, None), |(name, value)| (name, Some(value)));
        if values.contains(&name) {
            let value = match value {
                Some(raw) => Some(OptionValue { word, raw }),
                None => words.next().map(|word| OptionValue { word, raw: word.raw(script) }),
            };
            self.named.push((name.to_owned(), value));
        } else if flags.contains(&name) && value.is_none() {
            self.named.push((name.to_owned(), None));
        } else {
            self.unknown.get_or_insert(word);
        }
    }

    fn short(
        &mut self,
        raw: &'a str,
        word: &'a Word,
        words: &mut std::slice::Iter<'a, Word>,
        script: &'a str,
        flags: &[&str],
        values: &[&str],
    ) {
        let mut rest = raw.get(1..).unwrap_or_default();
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let name = format!("-{letter}");
            if values.contains(&name.as_str()) {
                let value = if rest.is_empty() {
                    words.next().map(|word| OptionValue { word, raw: word.raw(script) })
                } else {
                    Some(OptionValue { word, raw: rest.strip_prefix('=').unwrap_or(rest) })
                };
                self.named.push((name, value));
                return;
            }
            if !flags.contains(&name.as_str()) {
                self.unknown.get_or_insert(word);
                return;
            }
            self.named.push((name, None));
        }
    }

    /// Whether an option is there under any of its names.
    pub fn has(&self, names: &[&str]) -> bool {
        self.named.iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    /// The values of an option under any of its names, in order.
    pub fn values(&self, names: &[&str]) -> Vec<&OptionValue<'a>> {
        let given = self.named.iter().filter(|(name, _)| names.contains(&name.as_str()));
        given.filter_map(|(_, value)| value.as_ref()).collect()
    }
}
