//! Regular expressions of Python's `re`, as far as they mean the same to `regex_lite`.

use std::rc::Rc;

use regex_lite::{Regex, RegexBuilder};

use crate::Origin;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// `$` may also have taken the line end before the end of the text, which shows in group 0 only.
    pub(crate) end_is_loose: bool,
    /// `\w`, `\s`, `\d` or `\b`, which know more than ASCII in Python.
    classes: bool,
    /// The pattern and the flags as Python has them.
    pub(crate) python: (Box<str>, Box<str>),
}

/// What a pattern found.
#[derive(Debug)]
pub(crate) struct Match {
    pub(crate) groups: Vec<Option<String>>,
    pub(crate) names: Vec<Option<String>>,
    pub(crate) end_is_loose: bool,
    pub(crate) from: Option<Rc<[Origin]>>,
}

/// Where a pattern has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Anywhere,
    Start,
    Whole,
}

/// Translates a pattern. The flags are names like `re.M`, separated by `|`.
pub(crate) fn compile(pattern: &str, flags: &str, anchor: Anchor) -> Result<Pattern, String> {
    let mut builder = Flags::default();
    for flag in flags.split('|').filter(|it| !it.is_empty()) {
        match flag.trim_start_matches("re.") {
            "M" | "MULTILINE" => builder.multi_line = true,
            "I" | "IGNORECASE" => builder.ignore_case = true,
            "S" | "DOTALL" => builder.dot_all = true,
            "U" | "UNICODE" => {}
            _ => return Err(format!("the flag `{flag}` of a regular expression")),
        }
    }
    let mut translated = translate(pattern, builder.multi_line)?;
    translated.text = match anchor {
        Anchor::Anywhere => translated.text,
        Anchor::Start => format!("\\A(?:{})", translated.text),
        Anchor::Whole => format!("\\A(?:{})\\z", translated.text),
    };
    let regex = RegexBuilder::new(&translated.text)
        .multi_line(builder.multi_line)
        .case_insensitive(builder.ignore_case)
        .dot_matches_new_line(builder.dot_all)
        .build()
        .map_err(|_| format!("the regular expression `{pattern}`"))?;
    let classes = translated.classes || builder.ignore_case || pattern.contains("(?i");
    let python = (Box::from(pattern), Box::from(flags));
    Ok(Pattern { regex, end_is_loose: translated.end_is_loose, classes, python })
}

#[derive(Default)]
struct Flags {
    multi_line: bool,
    ignore_case: bool,
    dot_all: bool,
}

#[derive(Default)]
struct Translated {
    text: String,
    end_is_loose: bool,
    classes: bool,
}

fn translate(pattern: &str, multi_line: bool) -> Result<Translated, String> {
    let mut out = Translated::default();
    let mut rest = pattern.chars().peekable();
    let mut class: Option<usize> = None;
    while let Some(it) = rest.next() {
        class = class.map(|at| at + 1);
        match (it, class) {
            ('\\', _) => escape(rest.next(), class.is_some(), &mut out)?,
            ('[', None) => {
                class = Some(0);
                out.text.push(it);
                if rest.peek() == Some(&'^') {
                    rest.next();
                    out.text.push('^');
                }
            }
            // A bracket that closes nothing yet is a character of the class.
            (']', Some(1)) => out.text.push_str("\\]"),
            (']', Some(_)) => {
                class = None;
                out.text.push(it);
            }
            ('[' | '&' | '~', Some(_)) => out.text.extend(['\\', it]),
            ('$', None) if !multi_line && !pattern.contains("(?m") => {
                out.end_is_loose = true;
                out.text.push_str("(?:\\n?\\z)");
            }
            ('(', None) if rest.peek() == Some(&'?') => {
                let after: String = rest.clone().skip(1).take(2).collect();
                let known = after.starts_with(':') || after == "P<" || after.starts_with(['i', 'm', 's']);
                if !known {
                    return Err(format!("the group `(?{after}` of a regular expression"));
                }
                out.text.push(it);
            }
            _ => out.text.push(it),
        }
    }
    Ok(out)
}

fn escape(escaped: Option<char>, in_class: bool, out: &mut Translated) -> Result<(), String> {
    match escaped {
        Some('Z') if !in_class => out.text.push_str("\\z"),
        Some(it @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
            out.classes = true;
            out.text.extend(['\\', it]);
        }
        Some(it @ ('b' | 'B')) if !in_class => {
            out.classes = true;
            out.text.extend(['\\', it]);
        }
        Some(it @ ('n' | 't' | 'r' | 'f' | 'v')) => out.text.extend(['\\', it]),
        Some('A') if !in_class => out.text.push_str("\\A"),
        Some(it) if it.is_ascii_punctuation() => match it {
            '<' | '>' | '\'' | '"' | '`' | ',' | ';' | ':' | '@' | '=' | '!' | '%' | '/' | '_' => {
                out.text.push(it);
            }
            _ => out.text.extend(['\\', it]),
        },
        Some(it) => return Err(format!("`\\{it}` in a regular expression")),
        None => return Err("a regular expression that ends in a backslash".to_owned()),
    }
    Ok(())
}

impl Pattern {
    /// The first match. `Err` when Python may see letters that are not ASCII in another way.
    pub(crate) fn find(&self, text: &str, from: Option<Rc<[Origin]>>) -> Result<Option<Match>, String> {
        let found = self.groups(text);
        if self.classes && !text.is_ascii() {
            let letters: String = text.chars().map(|it| if it.is_ascii() { it } else { 'x' }).collect();
            if self.groups(&letters) != found {
                return Err("a regular expression over letters that are not ASCII".to_owned());
            }
        }
        let names = self.regex.capture_names().map(|it| it.map(str::to_owned)).collect();
        Ok(found.map(|groups| Match { groups, names, end_is_loose: self.end_is_loose, from }))
    }

    /// Whether every match in this text is the one that Python finds.
    pub(crate) fn is_exact_for(&self, text: &str) -> bool {
        !self.end_is_loose && (!self.classes || text.is_ascii())
    }

    fn groups(&self, text: &str) -> Option<Vec<Option<String>>> {
        let captures = self.regex.captures(text)?;
        Some(captures.iter().map(|it| it.map(|it| it.as_str().to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, flags: &str, text: &str) -> Option<Vec<Option<String>>> {
        compile(pattern, flags, Anchor::Anywhere).unwrap().find(text, None).unwrap().map(|it| it.groups)
    }

    #[test]
    fn the_usual_patterns_work() {
        let text = "'''é'''\n__version__ = '1.2'\n";
        let groups = found(r#"^__version__\s*=\s*['\"]([^'\"]*)['\"]"#, "re.MULTILINE", text).unwrap();
        assert_eq!(groups[1].as_deref(), Some("1.2"));
        assert_eq!(found(r"[]a]+", "", "x]a").unwrap()[0].as_deref(), Some("]a"));
        assert_eq!(found(r"^(.+)$", "", "abc\n").unwrap()[1].as_deref(), Some("abc"));
    }

    #[test]
    fn what_means_something_else_is_refused() {
        for pattern in [r"(?<=a)b", r"(?!x)", r"(a)\1", r"\Ga", "(?P=x)", "(?x) a b", "a{"] {
            assert!(compile(pattern, "", Anchor::Anywhere).is_err(), "{pattern}");
        }
        assert!(compile("a", "re.X", Anchor::Anywhere).is_err());
    }
}
