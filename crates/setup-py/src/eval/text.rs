//! Methods of strings, and where their text comes from.

use std::rc::Rc;

use ruff_text_size::Ranged;

use super::calls::Args;
use super::operator::{LONGEST, line_of_text};
use super::path::PLACE;
use super::pattern::{Anchor, Match, Pattern, compile};
use super::value::{Cell, Kind, Val};
use super::{Eval, Interpreter};
use crate::Origin;

type From = Option<Rc<[Origin]>>;

impl Interpreter<'_> {
    pub(super) fn text_method(
        &mut self,
        owner: &Val,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        let (Kind::Str(text) | Kind::Bytes(text)) = &owner.kind else { return Ok(None) };
        let text = text.clone();
        self.spend(text.len() / 16);
        if args.taint().is_some() || text.contains(PLACE) {
            return Ok(None);
        }
        let line = line_of_text(owner, self.line(node));
        if let Some(stripped) = strip(&text, name, args) {
            // What is left of a file without the white space around it still is that file.
            let whole = args.positional.is_empty();
            let from = if whole { owner.from.clone() } else { excerpt(owner.from.as_ref()) };
            return Ok(Some(like(owner, stripped, line).with_from(from)));
        }
        if let Some(parts) = split(&text, name, args) {
            let from = excerpt(owner.from.as_ref());
            let items = parts.into_iter().map(|it| like(owner, &it, line).with_from(from.clone())).collect();
            let tuple = matches!(name, "partition" | "rpartition");
            return Ok(Some(if tuple { self.tuple(items, line) } else { self.list(items, line) }));
        }
        match (name, args.positional.as_slice()) {
            ("decode", _) if matches!(owner.kind, Kind::Bytes(_)) => {
                return Ok(Some(Val::text(text, line).with_from(owner.from.clone())));
            }
            ("encode", _) if matches!(owner.kind, Kind::Str(_)) => {
                return Ok(Some(Val::new(Kind::Bytes(text), line).with_from(owner.from.clone())));
            }
            ("join", [items]) => return Ok(self.join_text(owner, &text, items, line)),
            ("format", _) => return Ok(Some(self.str_format(owner, &text, args, line))),
            ("index", [_]) => {
                let found = search(&text, "find", args);
                return match found {
                    Some(Kind::Int(at)) if at >= 0 => Ok(Some(Val::new(Kind::Int(at), line))),
                    Some(_) => {
                        self.raise(node, "ValueError", "there is no such part of the string").map(Some)
                    }
                    None => Ok(None),
                };
            }
            _ => {}
        }
        if let Some(kind) = self.ask_starts(&text, name, args).or_else(|| search(&text, name, args)) {
            return Ok(Some(Val::new(kind, line)));
        }
        let from = excerpt(owner.from.as_ref());
        Ok(change(&text, name, args).filter(|it| it.len() <= LONGEST).map(|it| {
            self.spend(it.len() / 16);
            like(owner, &it, line).with_from(from)
        }))
    }

    fn join_text(&mut self, owner: &Val, separator: &str, items: &Val, line: usize) -> Option<Val> {
        // The order of a set is another one in each run.
        if matches!(items.kind, Kind::Set(_)) {
            return None;
        }
        let items = self.plain_items(items).ok()?;
        let texts: Option<Vec<Rc<str>>> = items.iter().map(|it| it.as_str().cloned()).collect();
        let texts = texts?;
        let length: usize = texts.iter().map(|it| it.len() + separator.len()).sum();
        if length > LONGEST || texts.iter().any(|it| it.contains(PLACE)) {
            return None;
        }
        self.spend(length / 16);
        let separator_counts = items.len() > 1;
        let parts: Vec<&Val> = items.iter().chain(separator_counts.then_some(owner)).collect();
        let from = combined(&parts);
        let first_line = items.first().map_or(line, |it| line_of_text(it, line));
        Some(Val::text(texts.join(separator), first_line).with_from(from))
    }

    fn ask_starts(&mut self, text: &str, name: &str, args: &Args) -> Option<Kind> {
        let holds: fn(&str, &str) -> bool = match name {
            "startswith" => |text, it| text.starts_with(it),
            "endswith" => |text, it| text.ends_with(it),
            _ => return None,
        };
        let [wanted] = args.positional.as_slice() else { return None };
        match &wanted.kind {
            Kind::Str(it) | Kind::Bytes(it) => Some(Kind::Bool(holds(text, it))),
            Kind::Tuple(id) => match self.cell(*id) {
                Cell::Items(items) => {
                    let mut any = false;
                    for item in items {
                        any |= holds(text, item.as_str()?);
                    }
                    Some(Kind::Bool(any))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Functions of the module `re`.
    pub(super) fn regular_expression(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Option<Val> {
        let pattern = args.get(0, "pattern")?;
        let at = match name {
            "compile" => 1,
            "search" | "match" | "fullmatch" | "findall" => 2,
            "sub" => 4,
            "split" => 3,
            _ => return None,
        };
        let flags = match args.get(at, "flags").map(|it| &it.kind) {
            None | Some(Kind::Int(0)) => Rc::from(""),
            Some(Kind::External(flags)) => flags.clone(),
            Some(_) => return None,
        };
        let (Kind::Str(text) | Kind::Bytes(text)) = &pattern.kind else {
            let Kind::Pattern(pattern) = &pattern.kind else { return None };
            let rest = Args { positional: args.positional.get(1..)?.to_vec(), ..Args::default() };
            return self.pattern_method(&pattern.clone(), name, &rest, node);
        };
        let anchor = match name {
            "match" => Anchor::Start,
            "fullmatch" => Anchor::Whole,
            _ => Anchor::Anywhere,
        };
        self.spend(text.len() / 4);
        match compile(text, &flags, anchor) {
            Ok(compiled) if name == "compile" => {
                Some(Val::new(Kind::Pattern(Rc::new(compiled)), self.line(node)))
            }
            Ok(compiled) => {
                let given =
                    if args.positional.len() > 1 { args.positional.get(1..)?.to_vec() } else { Vec::new() };
                let named = args.named("string").cloned();
                let rest = Args { positional: given.into_iter().chain(named).collect(), ..Args::default() };
                self.pattern_result(&compiled, name, &rest, node)
            }
            Err(why) => Some(self.unknown(node, why)),
        }
    }

    pub(super) fn pattern_method(
        &mut self,
        pattern: &Rc<Pattern>,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        let anchor = match name {
            "match" => Anchor::Start,
            "fullmatch" => Anchor::Whole,
            _ => return self.pattern_result(pattern, name, args, node),
        };
        let (text, flags) = &pattern.python;
        self.spend(text.len() / 4);
        let anchored = compile(text, flags, anchor).ok()?;
        self.pattern_result(&anchored, name, args, node)
    }

    fn pattern_result(
        &mut self,
        pattern: &Pattern,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        let line = self.line(node);
        let subject = match name {
            "sub" => args.positional.get(1)?,
            _ => args.positional.first()?,
        };
        let (Kind::Str(text) | Kind::Bytes(text)) = &subject.kind else { return None };
        if text.contains(PLACE) || text.len() > 1_000_000 {
            return None;
        }
        // The engine takes time in the product of both lengths.
        self.spend(text.len() * (pattern.regex.as_str().len() + 1) / 256);
        let from = excerpt(subject.from.as_ref());
        match name {
            "search" | "match" | "fullmatch" => match pattern.find(text, from) {
                Ok(Some(found)) => Some(Val::new(Kind::Match(Rc::new(found)), line)),
                Ok(None) => Some(Val::new(Kind::None, line)),
                Err(why) => Some(self.unknown(node, why)),
            },
            "findall" if pattern.is_exact_for(text) => {
                let mut out = Vec::new();
                for found in pattern.regex.captures_iter(text) {
                    let groups: Vec<Val> = (usize::from(found.len() > 1)..found.len())
                        .map(|at| {
                            Val::text(found.get(at).map_or("", |it| it.as_str()), line)
                                .with_from(from.clone())
                        })
                        .collect();
                    match <[Val; 1]>::try_from(groups) {
                        Ok([only]) => out.push(only),
                        Err(groups) => out.push(self.tuple(groups, line)),
                    }
                }
                Some(self.list(out, line))
            }
            "sub" if pattern.is_exact_for(text) && args.positional.len() == 2 => {
                let with = args.positional.first()?.as_str()?;
                if with.contains(['\\', '$']) || pattern.regex.is_match("") {
                    return None;
                }
                let replaced = pattern.regex.replace_all(text, with.as_ref()).into_owned();
                (replaced.len() <= LONGEST).then(|| Val::text(replaced, line).with_from(from))
            }
            _ => None,
        }
    }

    /// `match.group(...)`
    pub(super) fn group(&mut self, found: &Rc<Match>, which: &[Val], line: usize) -> Val {
        let mut values = Vec::new();
        for key in which.iter().map(|it| it.kind.clone()).chain(which.is_empty().then_some(Kind::Int(0))) {
            let at = match &key {
                Kind::Int(at) => usize::try_from(*at).ok(),
                Kind::Str(name) => found.names.iter().position(|it| it.as_deref() == Some(name)),
                _ => None,
            };
            let group = at.and_then(|at| found.groups.get(at));
            values.push(match (at, group) {
                (Some(0), _) if found.end_is_loose => {
                    Val::unknown(line, "a match that may end before or after a line end")
                }
                (_, Some(Some(text))) => Val::text(text.as_str(), line).with_from(found.from.clone()),
                (_, Some(None)) => Val::new(Kind::None, line),
                (_, None) => Val::unknown(line, "there is no such group"),
            });
        }
        match <[Val; 1]>::try_from(values) {
            Ok([only]) => only,
            Err(values) => self.tuple(values, line),
        }
    }

    pub(super) fn all_groups(&mut self, found: &Rc<Match>, line: usize) -> Val {
        let which: Vec<i64> = (1..).take(found.groups.len().saturating_sub(1)).collect();
        let items =
            which.iter().map(|at| self.group(found, &[Val::new(Kind::Int(*at), line)], line)).collect();
        self.tuple(items, line)
    }

    pub(super) fn named_groups(&mut self, found: &Rc<Match>, line: usize) -> Val {
        let mut entries = Vec::new();
        for name in found.names.iter().flatten() {
            let key = Val::text(name.as_str(), line);
            let value = self.group(found, std::slice::from_ref(&key), line);
            entries.push((key, value));
        }
        self.dict(entries, line)
    }
}

/// White space in the sense of `str.isspace`.
pub(super) fn is_space(it: char) -> bool {
    it.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&it)
}

fn strip<'t>(text: &'t str, name: &str, args: &Args) -> Option<&'t str> {
    let chars: Option<Vec<char>> = match args.positional.as_slice() {
        [] => None,
        [it] => match &it.kind {
            Kind::Str(chars) | Kind::Bytes(chars) => Some(chars.chars().collect()),
            _ => return None,
        },
        _ => return None,
    };
    let out = |it: char| chars.as_ref().map_or_else(|| is_space(it), |chars| chars.contains(&it));
    match name {
        "strip" => Some(text.trim_matches(out)),
        "lstrip" => Some(text.trim_start_matches(out)),
        "rstrip" => Some(text.trim_end_matches(out)),
        _ => None,
    }
}

fn split(text: &str, name: &str, args: &Args) -> Option<Vec<String>> {
    let owned = |parts: Vec<&str>| parts.into_iter().map(str::to_owned).collect();
    let separator = match args.get(0, "sep").map(|it| &it.kind) {
        None | Some(Kind::None) => None,
        Some(Kind::Str(it) | Kind::Bytes(it)) if !it.is_empty() => Some(it.clone()),
        Some(Kind::Bool(_)) if name == "splitlines" => None,
        Some(_) => return None,
    };
    let limit = match args.get(1, "maxsplit").map(|it| &it.kind) {
        None | Some(Kind::Int(-1)) => None,
        Some(Kind::Int(limit)) => Some(usize::try_from(*limit).ok()?),
        Some(_) => return None,
    };
    match (name, separator, limit) {
        ("splitlines", None, None) => {
            let keep = matches!(args.get(0, "keepends").map(|it| &it.kind), Some(Kind::Bool(true)));
            Some(lines(text, keep))
        }
        ("split" | "rsplit", None, None) => {
            Some(owned(text.split(is_space).filter(|it| !it.is_empty()).collect()))
        }
        ("split", None, Some(limit)) => {
            let mut parts = Vec::new();
            let mut rest = text.trim_start_matches(is_space);
            while parts.len() < limit && !rest.is_empty() {
                let (first, after) = rest.split_once(is_space).unwrap_or((rest, ""));
                parts.push(first.to_owned());
                rest = after.trim_start_matches(is_space);
            }
            if !rest.is_empty() {
                parts.push(rest.to_owned());
            }
            Some(parts)
        }
        ("split" | "rsplit", Some(it), None) => Some(owned(text.split(it.as_ref()).collect())),
        ("split", Some(it), Some(limit)) => Some(owned(text.splitn(limit + 1, it.as_ref()).collect())),
        ("rsplit", Some(it), Some(limit)) => {
            let mut parts: Vec<&str> = text.rsplitn(limit + 1, it.as_ref()).collect();
            parts.reverse();
            Some(owned(parts))
        }
        ("partition", Some(it), None) => Some(match text.split_once(it.as_ref()) {
            Some((before, after)) => owned(vec![before, &it, after]),
            None => owned(vec![text, "", ""]),
        }),
        ("rpartition", Some(it), None) => Some(match text.rsplit_once(it.as_ref()) {
            Some((before, after)) => owned(vec![before, &it, after]),
            None => owned(vec!["", "", text]),
        }),
        _ => None,
    }
}

/// `str.splitlines`
pub(super) fn lines(text: &str, keep: bool) -> Vec<String> {
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ends) {
        let end = rest.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8);
        let end = if rest.get(at..).is_some_and(|it| it.starts_with("\r\n")) { 2 } else { end };
        let taken = if keep { at + end } else { at };
        out.push(rest.get(..taken).unwrap_or_default().to_owned());
        rest = rest.get(at + end..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.push(rest.to_owned());
    }
    out
}

fn search(text: &str, name: &str, args: &Args) -> Option<Kind> {
    let count = |at: usize| text.get(..at).and_then(|it| i64::try_from(it.chars().count()).ok());
    match (name, args.positional.as_slice()) {
        ("find" | "rfind", [wanted]) => {
            let wanted = wanted.as_str()?;
            let found = if name == "find" { text.find(wanted.as_ref()) } else { text.rfind(wanted.as_ref()) };
            Some(Kind::Int(match found {
                Some(at) => count(at)?,
                None => -1,
            }))
        }
        ("count", [wanted]) if !wanted.as_str()?.is_empty() => {
            Some(Kind::Int(i64::try_from(text.matches(wanted.as_str()?.as_ref()).count()).ok()?))
        }
        ("isdigit", []) if text.is_ascii() => {
            Some(Kind::Bool(!text.is_empty() && text.chars().all(|it| it.is_ascii_digit())))
        }
        ("isspace", []) => Some(Kind::Bool(!text.is_empty() && text.chars().all(is_space))),
        ("isalpha", []) if text.is_ascii() => {
            Some(Kind::Bool(!text.is_empty() && text.chars().all(|it| it.is_ascii_alphabetic())))
        }
        ("isalnum", []) if text.is_ascii() => {
            Some(Kind::Bool(!text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric())))
        }
        _ => None,
    }
}

fn change(text: &str, name: &str, args: &Args) -> Option<String> {
    let word = |at: usize| match args.positional.get(at).map(|it| &it.kind) {
        Some(Kind::Str(it) | Kind::Bytes(it)) => Some(it.clone()),
        _ => None,
    };
    match (name, args.positional.len()) {
        ("lower" | "casefold", 0) if text.is_ascii() => Some(text.to_ascii_lowercase()),
        ("upper", 0) if text.is_ascii() => Some(text.to_ascii_uppercase()),
        ("capitalize", 0) if text.is_ascii() => {
            let (first, rest) = text.split_at(1.min(text.len()));
            Some(first.to_ascii_uppercase() + &rest.to_ascii_lowercase())
        }
        ("title", 0) if text.chars().all(|it| it.is_ascii_alphabetic() || it == ' ') => {
            Some(text.split(' ').map(capital).collect::<Vec<_>>().join(" "))
        }
        ("replace", 2) => {
            let (old, new) = (word(0)?, word(1)?);
            let grows = new.len() > old.len() && text.len().saturating_mul(new.len()) > LONGEST * 4;
            (!old.is_empty() && !grows).then(|| text.replace(old.as_ref(), &new))
        }
        ("removeprefix", 1) => Some(text.strip_prefix(word(0)?.as_ref()).unwrap_or(text).to_owned()),
        ("removesuffix", 1) => Some(text.strip_suffix(word(0)?.as_ref()).unwrap_or(text).to_owned()),
        _ => None,
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1.min(word.len()));
    first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
}

/// The origins of a part of a text.
pub(super) fn excerpt(from: Option<&Rc<[Origin]>>) -> From {
    let from = from?;
    let mut out: Vec<Origin> = Vec::new();
    for origin in from.iter() {
        // A part of a name's value is still not the value.
        for path in origin.paths() {
            let part = Origin::Excerpt { path: path.to_owned() };
            if !out.contains(&part) {
                out.push(part);
            }
        }
    }
    Some(Rc::from(out))
}

/// The origins of a text that is put together from these, in this order.
pub(super) fn combined(parts: &[&Val]) -> From {
    let blank = |it: &Val| it.as_str().is_some_and(|text| text.chars().all(is_space));
    let with_text: Vec<&Val> = parts.iter().copied().filter(|it| !blank(it)).collect();
    let sources: Vec<&Rc<[Origin]>> = with_text.iter().filter_map(|it| it.from.as_ref()).collect();
    if let ([only], [_]) = (sources.as_slice(), with_text.as_slice()) {
        return Some((*only).clone());
    }
    if sources.is_empty() {
        return None;
    }
    let origins: Vec<&Origin> = sources.iter().flat_map(|it| it.iter()).collect();
    let whole = |it: &&Origin| matches!(it, Origin::FileContents { .. } | Origin::Concatenated { .. });
    if origins.iter().all(whole) {
        let paths = origins.iter().flat_map(|it| it.paths()).map(str::to_owned).collect();
        return Some(Rc::from([Origin::Concatenated { paths }]));
    }
    let mut out = Vec::new();
    for path in origins.iter().flat_map(|it| it.paths()) {
        let part = Origin::Excerpt { path: path.to_owned() };
        if !out.contains(&part) {
            out.push(part);
        }
    }
    Some(Rc::from(out))
}

/// A text of the kind of `owner`: bytes of bytes, else a string.
fn like(owner: &Val, text: &str, line: usize) -> Val {
    match owner.kind {
        Kind::Bytes(_) => Val::new(Kind::Bytes(Rc::from(text)), line),
        _ => Val::text(text, line),
    }
}
