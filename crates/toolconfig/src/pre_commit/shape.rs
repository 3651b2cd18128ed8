//! Where the repositories, hooks and keys of a `.pre-commit-config.yaml` stand, in block style.
//!
//! Only what the edits need is read here, and it is compared with what `serde_yaml` reads.

use std::ops::Range;

use serde_yaml::Value;

/// The places of a file.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) lines: Vec<&'a str>,
    /// The byte at which each line starts, and the end of the text.
    pub(crate) starts: Vec<usize>,
    pub(crate) repos: Vec<Repo>,
}

/// A repository.
#[derive(Debug)]
pub(crate) struct Repo {
    pub(crate) item: Item,
    pub(crate) hooks: Vec<Item>,
}

/// An item of a list that is a mapping. Lines count from 0.
#[derive(Debug)]
pub(crate) struct Item {
    /// The line of its dash.
    pub(crate) first: usize,
    /// The line behind its last one that is neither blank nor a comment.
    pub(crate) end: usize,
    pub(crate) dash: usize,
    pub(crate) column: usize,
    pub(crate) keys: Vec<Key>,
    /// It is in a form that is not read, such as `{id: x}`.
    pub(crate) is_opaque: bool,
}

/// A key of a mapping.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// The line behind its value.
    pub(crate) end: usize,
    /// What stands behind the colon on its line, without a comment.
    pub(crate) value: Range<usize>,
}

impl Item {
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl<'a> Shape<'a> {
    /// The places of a text; none where it is in a form that is not understood.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut starts = vec![0];
        starts.extend(lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        let mut shape = Self { lines, starts, repos: Vec::new() };
        let head = shape.lines.iter().position(|line| line.starts_with("repos:"))?;
        if !content(shape.lines[head].strip_prefix("repos:")?).is_empty() {
            return None;
        }
        let end =
            (head + 1..shape.lines.len()).find(|line| shape.ends_list(*line)).unwrap_or(shape.lines.len());
        for item in shape.items(head + 1..end)? {
            let below = item.key("hooks").filter(|hooks| hooks.value.is_empty());
            let hooks = below.and_then(|hooks| shape.items(hooks.line + 1..hooks.end)).unwrap_or_default();
            shape.repos.push(Repo { item, hooks });
        }
        let value: Value = serde_yaml::from_str(text).ok()?;
        shape.agrees(&value).then_some(shape)
    }

    /// A line at the left margin that is neither blank, a comment, nor an item.
    fn ends_list(&self, line: usize) -> bool {
        self.is_content(line) && self.indent(line) == 0 && !self.lines[line].starts_with('-')
    }

    fn is_content(&self, line: usize) -> bool {
        self.lines
            .get(line)
            .is_some_and(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    }

    pub(crate) fn is_blank(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.trim().is_empty())
    }

    pub(crate) fn is_comment(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.trim_start().starts_with('#'))
    }

    fn indent(&self, line: usize) -> usize {
        self.lines.get(line).map_or(0, |line| line.len() - line.trim_start_matches(' ').len())
    }

    /// The items of a list whose lines these are.
    fn items(&self, lines: Range<usize>) -> Option<Vec<Item>> {
        let mut content = lines.clone().filter(|line| self.is_content(*line));
        let dash = self.indent(content.next()?);
        let is_dash = |line: &usize| {
            self.is_content(*line) && self.indent(*line) == dash && {
                let rest = self.lines[*line].get(dash..).unwrap_or_default();
                rest.starts_with("- ") || rest.trim_end() == "-"
            }
        };
        let firsts: Vec<usize> = lines.clone().filter(is_dash).collect();
        if firsts.first() != lines.clone().find(|line| self.is_content(*line)).as_ref() {
            return None;
        }
        let ends = firsts.iter().skip(1).copied().chain([lines.end]);
        firsts.iter().zip(ends).map(|(first, end)| self.item(*first, end, dash)).collect()
    }

    fn item(&self, first: usize, end: usize, dash: usize) -> Option<Item> {
        let end = (first..end).rev().find(|line| self.is_content(*line))? + 1;
        let rest = self.lines[first].get(dash + 1..)?;
        let inner = rest.trim_start_matches(' ');
        // `- # comment` has its first key below.
        let (column, from) = if content(inner).is_empty() {
            let next = (first + 1..end).find(|line| self.is_content(*line))?;
            (self.indent(next), next)
        } else {
            (dash + 1 + rest.len() - inner.len(), first)
        };
        let keys = self.keys(from..end, column).filter(|keys| !keys.is_empty());
        let is_opaque = keys.is_none();
        Some(Item { first, end, dash, column, keys: keys.unwrap_or_default(), is_opaque })
    }

    fn keys(&self, lines: Range<usize>, column: usize) -> Option<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        let mut line = lines.start;
        while line < lines.end {
            let is_key = line == lines.start || self.is_content(line) && self.indent(line) == column;
            let is_item = self.lines[line].get(column..).is_some_and(|rest| rest.starts_with("- "))
                && line != lines.start;
            if !is_key || is_item {
                if self.is_content(line) && self.indent(line) < column && line != lines.start {
                    return None;
                }
                line += 1;
                continue;
            }
            let key = self.key(line, column)?;
            line = key.end;
            if let Some(last) = keys.last_mut() {
                last.end = self.last_content(last.line, key.line);
            }
            keys.push(key);
        }
        if let Some(last) = keys.last_mut() {
            last.end = self.last_content(last.line, lines.end);
        }
        Some(keys)
    }

    fn last_content(&self, first: usize, end: usize) -> usize {
        (first..end).rev().find(|line| self.is_content(*line)).map_or(first, |line| line) + 1
    }

    /// The key at a column, with the end of a value that is quoted or in brackets.
    fn key(&self, line: usize, column: usize) -> Option<Key> {
        let rest = self.lines[line].get(column..)?;
        let (name, value) = rest.split_once(':')?;
        let is_name =
            !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_name || !(value.is_empty() || value.starts_with([' ', '\r', '\n', '\t'])) {
            return None;
        }
        let inner = value.trim_start_matches(' ');
        let start = self.starts[line] + column + rest.len() - inner.len();
        let (length, rows) = if inner.starts_with(['[', '{', '"', '\'']) {
            let all: String =
                std::iter::once(inner).chain(self.lines.iter().skip(line + 1).copied()).collect();
            let length = closed(&all)?;
            (length, all.get(..length)?.matches('\n').count())
        } else {
            (content(inner).len(), 0)
        };
        Some(Key { name: name.to_owned(), line, end: line + rows + 1, value: start..start + length })
    }

    /// Whether the places are those of what the file means.
    fn agrees(&self, value: &Value) -> bool {
        let repos = value.get("repos").and_then(Value::as_sequence);
        let same_keys = |item: &Item, value: &Value| {
            item.is_opaque
                || value.as_mapping().is_some_and(|mapping| {
                    mapping.len() == item.keys.len()
                        && mapping
                            .keys()
                            .zip(&item.keys)
                            .all(|(known, key)| known.as_str() == Some(key.name.as_str()))
                })
        };
        repos.is_some_and(|repos| {
            repos.len() == self.repos.len()
                && repos.iter().zip(&self.repos).all(|(value, repo)| {
                    let hooks = value.get("hooks").and_then(Value::as_sequence);
                    same_keys(&repo.item, value)
                        && (repo.hooks.is_empty()
                            || hooks.is_some_and(|hooks| {
                                hooks.len() == repo.hooks.len()
                                    && hooks
                                        .iter()
                                        .zip(&repo.hooks)
                                        .all(|(value, hook)| same_keys(hook, value))
                            }))
                })
        })
    }

    /// The first line of the comments that stand directly above an item.
    pub(crate) fn lead(&self, item: &Item) -> usize {
        (0..item.first)
            .rev()
            .take_while(|line| self.is_comment(*line) && self.indent(*line) == item.dash)
            .last()
            .unwrap_or(item.first)
    }
}

/// A value of one line without the comment behind it.
pub(crate) fn content(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    value.find(" #").map_or(value, |at| value.get(..at).unwrap_or_default()).trim_end()
}

/// How long a value in quotes or brackets is.
pub(crate) fn closed(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut letters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.checked_sub(1)?,
            '#' if before.is_whitespace() => {
                while letters.next_if(|(_, letter)| *letter != '\n').is_some() {}
            }
            '"' | '\'' if at == 0 || matches!(before, ' ' | '\n' | '[' | '{' | ',' | ':') => {
                let mut end = None;
                while let Some((at, inner)) = letters.next() {
                    if inner == '\\' && letter == '"' {
                        letters.next();
                    } else if inner == letter
                        && (letter == '"' || letters.next_if(|(_, next)| *next == '\'').is_none())
                    {
                        end = Some(at + 1);
                        break;
                    }
                }
                if depth == 0 {
                    return end;
                }
                end?;
            }
            _ => {}
        }
        before = letter;
        if depth == 0 {
            return Some(at + letter.len_utf8());
        }
    }
    None
}

impl Shape<'_> {
    /// How lines end.
    pub(crate) fn newline(&self) -> &'static str {
        if self.lines.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
    }

    /// The line of a byte, counted from 0.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The blanks at the start of the line of a span.
    pub(crate) fn indentation(&self, text: &str, span: &Range<usize>) -> Option<String> {
        let start = *self.starts.get(self.line_of(span.start))?;
        Some(text.get(start..)?.chars().take_while(|letter| *letter == ' ').collect())
    }

    /// The bytes of lines.
    pub(crate) fn span(&self, lines: Range<usize>) -> Option<Range<usize>> {
        Some(*self.starts.get(lines.start)?..*self.starts.get(lines.end)?)
    }

    /// New lines in front of a line.
    pub(crate) fn lines_at(&self, text: &str, line: usize, lines: String) -> Option<(Range<usize>, String)> {
        let at = *self.starts.get(line)?;
        let is_whole = at == 0 || text.get(..at)?.ends_with('\n');
        // A file whose last line does not end goes on like that.
        let unended = || format!("{}{}", self.newline(), lines.trim_end_matches(['\r', '\n']));
        let lines = if is_whole { lines } else { unended() };
        Some((at..at, lines))
    }

    /// A new key of a hook, behind its id.
    pub(crate) fn new_line(&self, text: &str, item: &Item, line: &str) -> Option<(Range<usize>, String)> {
        let key = item.key("id")?;
        self.lines_at(text, key.end, format!("{}{line}{}", " ".repeat(item.column), self.newline()))
    }

    /// The bytes that go with an item: the comments directly above it, and one of the blank lines around it.
    pub(crate) fn removal(&self, item: &Item) -> Option<Range<usize>> {
        let (mut first, mut end) = (self.lead(item), item.end);
        if first > 0 && self.is_blank(first - 1) {
            if self.is_blank(end) {
                end += 1;
            } else if end >= self.lines.len() {
                first -= 1;
            }
        }
        self.span(first..end)
    }
}
