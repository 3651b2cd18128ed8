//! A Makefile, as far as its variables, rules and recipes.

use std::ops::Range;

/// What a Makefile has.
#[derive(Debug, Clone, Default)]
pub(super) struct Makefile {
    pub(super) variables: Vec<Variable>,
    pub(super) rules: Vec<Rule>,
    /// The lines of `define`, which are text that can be used anywhere.
    pub(super) defines: Vec<Range<usize>>,
    /// Whether a recipe is one script.
    pub(super) one_shell: bool,
    /// Whether other files belong to it.
    pub(super) includes: bool,
    /// A line that make cannot read.
    pub(super) problem: Option<(usize, &'static str)>,
}

/// `NAME = value`
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) operator: &'static str,
    pub(super) value: Range<usize>,
    /// With its end.
    pub(super) line: Range<usize>,
    pub(super) is_exported: bool,
    /// Whether it is for a target only.
    pub(super) is_local: bool,
}

/// `targets: prerequisites`, and what is done.
#[derive(Debug, Clone, Default)]
pub(super) struct Rule {
    pub(super) targets: Vec<Range<usize>>,
    pub(super) prerequisites: Vec<Range<usize>>,
    pub(super) recipe: Vec<Recipe>,
}

/// A line of a recipe, with those that continue it.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// The command, without what stands before the first line, and without the end of the last.
    pub(super) span: Range<usize>,
    /// All of it with its end, when it is a line by itself.
    pub(super) line: Option<Range<usize>>,
    /// The `ifeq` that it stands in, by number, and the branch of that; of several, the outermost.
    pub(super) arm: Option<(usize, usize)>,
}

/// The longer ones first.
const OPERATORS: [&str; 7] = [":::=", "::=", ":=", "?=", "+=", "!=", "="];

/// Words that begin a line which is neither a variable nor a rule.
const DIRECTIVES: [&str; 13] = [
    "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "vpath",
    "unexport", "undefine", "load",
];

/// Reads a Makefile.
pub(super) fn read(text: &str) -> Makefile {
    let mut reader = Reader {
        text,
        makefile: Makefile::default(),
        prefix: '\t',
        in_rule: false,
        conditions: Vec::new(),
        count: 0,
    };
    let mut define: Option<(usize, usize)> = None;
    for line in logical_lines(text) {
        let content = text.get(line.clone()).unwrap_or_default();
        let first = content.split_whitespace().next().unwrap_or_default();
        if let Some((start, depth)) = define {
            define = match first {
                "endef" if depth == 0 => {
                    reader.makefile.defines.push(start..line.start);
                    None
                }
                "endef" => Some((start, depth - 1)),
                "define" => Some((start, depth + 1)),
                _ => Some((start, depth)),
            };
        } else if reader.in_rule && content.starts_with(reader.prefix) {
            reader.recipe(line);
        } else if is_define(content) {
            define = Some((line.end, 0));
            reader.in_rule = false;
        } else {
            reader.line(line);
        }
    }
    reader.makefile
}

fn is_define(content: &str) -> bool {
    let mut words =
        content.split_whitespace().filter(|word| !matches!(*word, "export" | "override" | "private"));
    words.next() == Some("define") && words.next().is_some_and(|word| !word.starts_with([':', '=']))
}

/// Lines with those that continue them, with their ends.
fn logical_lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        let content = line.trim_end_matches('\n').trim_end_matches('\r');
        let backslashes = content.len() - content.trim_end_matches('\\').len();
        if backslashes % 2 == 0 || !line.ends_with('\n') {
            lines.push(start..at);
            start = at;
        }
    }
    if start < at {
        lines.push(start..at);
    }
    lines
}

struct Reader<'a> {
    text: &'a str,
    makefile: Makefile,
    /// What a line of a recipe begins with.
    prefix: char,
    /// Whether a recipe can go on here.
    in_rule: bool,
    /// The conditions that are open, each by its number and branch.
    conditions: Vec<(usize, usize)>,
    count: usize,
}

impl<'a> Reader<'a> {
    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    fn recipe(&mut self, line: Range<usize>) {
        let end = line.start + self.slice(line.clone()).trim_end_matches(['\n', '\r']).len();
        let span = line.start + self.prefix.len_utf8()..end.max(line.start + self.prefix.len_utf8());
        let arm = self.conditions.first().copied();
        if let Some(rule) = self.makefile.rules.last_mut() {
            rule.recipe.push(Recipe { span, line: Some(line), arm });
        }
    }

    /// Opens, changes or closes a condition.
    fn condition(&mut self, word: &str) {
        match word {
            "else" => {
                if let Some((_, arm)) = self.conditions.last_mut() {
                    *arm += 1;
                }
            }
            "endif" => drop(self.conditions.pop()),
            _ if word.starts_with("if") => {
                self.count += 1;
                self.conditions.push((self.count, 0));
            }
            _ => {}
        }
    }

    /// A line that is not of a recipe.
    fn line(&mut self, line: Range<usize>) {
        let content = self.slice(line.clone());
        let trimmed = content.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return;
        }
        let start = line.start + (content.len() - content.trim_start().len());
        let (words, modifiers) = modifiers(trimmed);
        let at = start + (trimmed.len() - words.len());
        let first = words.split_whitespace().next().unwrap_or_default();
        if DIRECTIVES.contains(&first) || first.starts_with("ifeq(") || first.starts_with("ifneq(") {
            self.makefile.includes |= first.ends_with("include");
            self.condition(first);
        } else if words.is_empty() || !modifiers.is_empty() && !words.contains('=') {
            // `export` alone, or with names.
        } else if let Some(variable) = self.variable(at, words, line.clone(), modifiers.contains(&"export")) {
            self.in_rule = false;
            self.makefile.variables.push(variable);
        } else if let Some(colon) = colon(words) {
            self.rule(at, words, colon);
        } else if !words.starts_with('$') && self.makefile.problem.is_none() {
            let message = if content.starts_with('\t') {
                "a recipe begins before the first target"
            } else {
                "a line has no separator (a recipe begins with a tab)"
            };
            self.makefile.problem = Some((start, message));
        }
    }

    fn variable(
        &mut self,
        at: usize,
        words: &str,
        line: Range<usize>,
        is_exported: bool,
    ) -> Option<Variable> {
        let (length, operator) = assignment(words)?;
        let name = words.get(..length)?.trim().to_owned();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        let behind = words.get(length + operator.len()..)?;
        let start = at + length + operator.len() + (behind.len() - behind.trim_start().len());
        let value = start..start + value_length(behind.trim_start());
        if name == ".RECIPEPREFIX" {
            self.prefix = self.slice(value.clone()).chars().next().unwrap_or('\t');
        }
        Some(Variable { name, operator, value, line, is_exported, is_local: false })
    }

    fn rule(&mut self, at: usize, words: &str, colon: usize) {
        let targets = split(self.text, at..at + colon);
        self.makefile.one_shell |= targets.iter().any(|target| self.slice(target.clone()) == ".ONESHELL");
        let mut start = at + colon + 1;
        let behind = words.get(colon + 1..).unwrap_or_default();
        start += behind.len() - behind.trim_start_matches(':').len();
        let end = at + words.len();
        let behind = self.slice(start..end);
        if let Some((length, operator)) = assignment(behind) {
            let name = behind.get(..length).unwrap_or_default().trim();
            if is_local_name(name) {
                let name = name.rsplit(' ').next().unwrap_or(name).to_owned();
                let value = start + length + operator.len()..end;
                let variable =
                    Variable { name, operator, value, line: at..end, is_exported: false, is_local: true };
                self.makefile.variables.push(variable);
                self.in_rule = false;
                return;
            }
        }
        let inline = outside(behind, |byte| byte == b';');
        let comment = outside(behind, |byte| byte == b'#');
        let stop = inline.into_iter().chain(comment).min().unwrap_or(behind.len());
        // Of a static pattern, only what follows the second colon.
        let pattern = behind.get(..stop).and_then(|behind| outside(behind, |byte| byte == b':'));
        let prerequisites = split(self.text, start + pattern.map_or(0, |at| at + 1)..start + stop);
        let mut rule = Rule { targets, prerequisites, recipe: Vec::new() };
        if let Some(inline) = inline.filter(|inline| *inline == stop) {
            let arm = self.conditions.first().copied();
            rule.recipe.push(Recipe { span: start + inline + 1..end, line: None, arm });
        }
        self.in_rule = true;
        self.makefile.rules.push(rule);
    }
}

/// What follows `export`, `override` and `private`, and which of them there are.
fn modifiers(mut words: &str) -> (&str, Vec<&str>) {
    let mut found = Vec::new();
    while let Some(modifier) = ["export", "override", "private"].into_iter().find(|word| {
        words.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }) {
        found.push(modifier);
        words = words.get(modifier.len()..).unwrap_or_default().trim_start();
    }
    (words, found)
}

fn is_local_name(name: &str) -> bool {
    let name = name.rsplit(' ').next().unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// Where the operator of an assignment begins, and which it is; none when a rule begins before.
fn assignment(words: &str) -> Option<(usize, &'static str)> {
    let at = outside(words, |byte| byte == b'=' || byte == b':' || byte == b'#')?;
    let bytes = words.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let at = if bytes.get(at) == Some(&b'=') && before.is_some_and(|byte| b"?+!".contains(byte)) {
        at - 1
    } else {
        at
    };
    let behind = words.get(at..)?;
    OPERATORS.iter().find(|operator| behind.starts_with(**operator)).map(|operator| (at, *operator))
}

/// The length of a value without a comment and the blanks before it.
fn value_length(value: &str) -> usize {
    let end = outside(value, |byte| byte == b'#').unwrap_or(value.len());
    value.get(..end).unwrap_or_default().trim_end().len()
}

/// The colon of a rule.
fn colon(words: &str) -> Option<usize> {
    outside(words, |byte| byte == b':')
}

/// The first byte that is asked for outside of `$(...)` and `${...}`.
fn outside(text: &str, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => {
                depth += 1;
                at += 1;
            }
            b'(' | b'{' if depth > 0 => depth += 1,
            b')' | b'}' if depth > 0 => depth -= 1,
            b'\\' if depth == 0 && bytes.get(at + 1) != Some(&b'\n') => at += 1,
            byte if depth == 0 && wanted(*byte) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Words outside of references, with their places.
fn split(text: &str, span: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = span.start;
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\\']).len();
        let word = rest.get(blank..).unwrap_or_default();
        let length = outside(word, |byte| byte.is_ascii_whitespace()).unwrap_or(word.len());
        if length > 0 {
            words.push(at + blank..at + blank + length);
        }
        at += blank + length;
        if blank + length == 0 {
            break;
        }
    }
    words
}
