//! Arguments of pip, one by one, so that each can stay as it is written.

use std::ops::Range;

use crate::shell::Word;

/// An option with its value, or an argument that is none.
#[derive(Debug, Clone)]
pub(crate) struct Item<'a> {
    /// The option as it is written, such as `-r`; empty for what is none.
    pub(crate) name: String,
    /// The value, or the argument, as it is written.
    pub(crate) raw: &'a str,
    /// The word the value stands in, when it has one to itself.
    pub(crate) word: Option<&'a Word>,
    /// The words of the command that it takes, by index.
    pub(crate) words: Range<usize>,
}

impl Item<'_> {
    pub(crate) fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    /// The value without quotes; patterns such as `[dev]` as they are. None when a variable is in it.
    pub(crate) fn text(&self) -> Option<String> {
        if let Some(word) = self.word {
            return plain(word);
        }
        let raw = self.raw.trim_matches(['"', '\'']);
        (!raw.contains(['$', '`'])).then(|| raw.to_owned())
    }

    /// As it can be written.
    pub(crate) fn written(&self) -> String {
        if self.name.is_empty() {
            return self.raw.to_owned();
        }
        match (self.raw.is_empty(), self.name.starts_with("--")) {
            (true, _) => self.name.clone(),
            (false, true) if self.word.is_none() => format!("{}={}", self.name, self.raw),
            (false, _) => format!("{} {}", self.name, self.raw),
        }
    }
}

/// A word without quotes; patterns as they are.
pub(crate) fn plain(word: &Word) -> Option<String> {
    use crate::shell::Part;
    let parts = word.parts.iter().map(|part| match part {
        Part::Literal(text) | Part::Pattern(text) => Some(text.as_str()),
        _ => None,
    });
    parts.collect()
}

/// Splits arguments of a program whose options are known.
///
/// # Errors
/// The word that is an option of neither list, or `--`.
pub(crate) fn items<'a>(
    script: &'a str,
    args: &'a [Word],
    flags: &[&str],
    values: &[&str],
) -> Result<Vec<Item<'a>>, &'a Word> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = args.get(at) {
        let raw = word.raw(script);
        let here = at..at + 1;
        at += 1;
        if !raw.starts_with('-') || raw == "-" {
            found.push(Item { name: String::new(), raw, word: Some(word), words: here });
        } else if raw.starts_with("--") {
            let (name, value) = raw.split_once('=').map_or((raw, None), |(name, value)| (name, Some(value)));
            if flags.contains(&name) && value.is_none() {
                found.push(Item { name: name.to_owned(), raw: "", word: None, words: here });
            } else if let (true, Some(raw)) = (values.contains(&name), value) {
                found.push(Item { name: name.to_owned(), raw, word: None, words: here });
            } else if let (true, Some(value)) = (values.contains(&name), args.get(at)) {
                let words = here.start..at + 1;
                found.push(Item { name: name.to_owned(), raw: value.raw(script), word: Some(value), words });
                at += 1;
            } else {
                return Err(word);
            }
        } else {
            at = short(script, args, at, &mut found, flags, values).ok_or(word)?;
        }
    }
    Ok(found)
}

/// Short options that stand together; the index of the next word.
fn short<'a>(
    script: &'a str,
    args: &'a [Word],
    at: usize,
    found: &mut Vec<Item<'a>>,
    flags: &[&str],
    values: &[&str],
) -> Option<usize> {
    let here = at.checked_sub(1)?;
    let mut rest = args.get(here)?.raw(script).get(1..)?;
    while let Some(letter) = rest.chars().next() {
        rest = rest.get(letter.len_utf8()..)?;
        let name = format!("-{letter}");
        if values.contains(&name.as_str()) {
            if rest.is_empty() {
                let value = args.get(at)?;
                found.push(Item { name, raw: value.raw(script), word: Some(value), words: here..at + 1 });
                return Some(at + 1);
            }
            let raw = rest.strip_prefix('=').unwrap_or(rest);
            found.push(Item { name, raw, word: None, words: here..at });
            return Some(at);
        }
        if !flags.contains(&name.as_str()) {
            return None;
        }
        found.push(Item { name, raw: "", word: None, words: here..at });
    }
    Some(at)
}

/// The items of which `keep` tells a text, with the blanks and continued lines that stand between them. Words that stay as
/// they are stay byte for byte.
pub(crate) fn render<'a>(
    script: &str,
    args: &[Word],
    items: &[Item<'a>],
    keep: impl Fn(usize, &Item<'a>) -> Option<String>,
) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let words = item.words.clone();
        let together = items.iter().skip(at).take_while(|other| other.words.start == words.start);
        let members: Vec<&Item<'a>> = together.collect();
        let kept: Vec<Option<String>> =
            members.iter().enumerate().map(|(offset, item)| keep(at + offset, item)).collect();
        at += members.len();
        let end = members.iter().map(|item| item.words.end).max().unwrap_or(words.end);
        let is_same =
            members.iter().zip(&kept).all(|(item, kept)| kept.as_deref() == Some(item.written().as_str()));
        let text = if is_same {
            raw_words(script, args, words.start..end).to_owned()
        } else {
            kept.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        };
        if !text.is_empty() {
            out.push_str(blank_before(script, args, words.start));
            out.push_str(&text);
        }
    }
    out
}

/// Words as they are written, with what stands between them.
fn raw_words<'a>(script: &'a str, args: &[Word], words: Range<usize>) -> &'a str {
    let first = args.get(words.start).map(|word| word.span.start);
    let last = words.end.checked_sub(1).and_then(|last| args.get(last)).map(|word| word.span.end);
    first.zip(last).and_then(|(from, to)| script.get(from..to)).unwrap_or_default()
}

/// What stands before a word: a blank, or a continued line.
fn blank_before<'a>(script: &'a str, args: &[Word], index: usize) -> &'a str {
    let before = index.checked_sub(1).and_then(|before| args.get(before));
    let between =
        before.zip(args.get(index)).and_then(|(before, word)| script.get(before.span.end..word.span.start));
    let is_blank =
        |text: &&str| !text.is_empty() && text.chars().all(|letter| letter.is_whitespace() || letter == '\\');
    between.filter(is_blank).unwrap_or(" ")
}
