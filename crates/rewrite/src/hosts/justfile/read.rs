//! A justfile, as far as its variables and recipes.

use std::ops::Range;

use crate::hosts::shell_script;

/// What a justfile has.
#[derive(Debug, Clone, Default)]
pub(super) struct Justfile {
    pub(super) variables: Vec<Variable>,
    pub(super) recipes: Vec<Recipe>,
    /// The shell that recipes are for, and where that is said.
    pub(super) shell: Option<(String, Range<usize>)>,
    /// Whether recipes run in a folder of its own.
    pub(super) has_folder: bool,
    /// A line that just cannot read.
    pub(super) problem: Option<(usize, &'static str)>,
}

/// `name := value`
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    /// As a shell reads it; none when just works it out.
    pub(super) value: Option<String>,
    pub(super) line: Range<usize>,
}

/// A recipe.
#[derive(Debug, Clone, Default)]
pub(super) struct Recipe {
    pub(super) name: String,
    /// The recipes before it.
    pub(super) needs: Vec<String>,
    /// Its lines without their indentation, with those that continue them, without their ends.
    pub(super) lines: Vec<Range<usize>>,
    /// What stands in front of its lines.
    pub(super) indent: String,
    /// The program behind `#!`.
    pub(super) interpreter: Option<String>,
}

/// Reads a justfile.
pub(super) fn read(text: &str) -> Justfile {
    let mut reader =
        Reader { text, file: Justfile::default(), in_recipe: false, quotes: None, continues: false };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = at..at + line.trim_end_matches(['\n', '\r']).len();
        at += line.len();
        reader.line(span);
    }
    reader.file
}

struct Reader<'a> {
    text: &'a str,
    file: Justfile,
    in_recipe: bool,
    /// The quotes of a text that goes on over lines.
    quotes: Option<&'static str>,
    /// Whether a line of a recipe goes on.
    continues: bool,
}

impl<'a> Reader<'a> {
    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    fn line(&mut self, span: Range<usize>) {
        let line = self.slice(span.clone());
        let is_indented = line.starts_with([' ', '\t']);
        if let Some(quotes) = self.quotes {
            if line.matches(quotes).count() % 2 == 1 {
                self.quotes = None;
            }
        } else if line.trim().is_empty() {
            self.continues = false;
        } else if is_indented && self.in_recipe {
            self.body(span);
        } else if is_indented {
            // A list that goes on over lines.
        } else {
            self.in_recipe = false;
            self.item(span, line);
        }
    }

    fn body(&mut self, span: Range<usize>) {
        let line = self.slice(span.clone());
        let Some(recipe) = self.file.recipes.last_mut() else { return };
        let blank = line.len() - line.trim_start().len();
        if recipe.lines.is_empty() {
            line.get(..blank).unwrap_or_default().clone_into(&mut recipe.indent);
            if line.trim_start().starts_with("#!") {
                recipe.interpreter = shell_script::interpreter(line.trim_start()).map(str::to_owned);
            }
        }
        let indent = if line.starts_with(&recipe.indent) { recipe.indent.len() } else { blank };
        let is_script = recipe.interpreter.is_some();
        match recipe.lines.last_mut() {
            Some(last) if self.continues && !is_script => last.end = span.end,
            _ => recipe.lines.push(span.start + indent..span.end),
        }
        self.continues = !is_script && line.ends_with('\\');
    }

    /// A line that begins something.
    fn item(&mut self, span: Range<usize>, line: &str) {
        self.quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| line.matches(quotes).count() % 2 == 1);
        let first = line.split(|letter: char| !is_word(letter)).next().unwrap_or_default();
        let behind = line.get(first.len()..).unwrap_or_default();
        let is_keyword = behind.starts_with([' ', '\t']);
        if line.starts_with(['#', '[', ']', ')', '}']) {
            // Comments, attributes, and ends of what goes on over lines.
        } else if first == "set" && is_keyword && !behind.contains(" :")
            || first == "set" && behind.contains(":=")
        {
            self.setting(behind.trim(), span);
        } else if matches!(first, "alias" | "import" | "mod" | "unexport") && is_keyword {
            // Nothing runs.
        } else if let Some((name, value)) = assignment(line) {
            let value = value_of(value);
            self.file.variables.push(Variable { name: name.to_owned(), value, line: span });
        } else if let Some(recipe) = header(line) {
            self.file.recipes.push(recipe);
            self.in_recipe = true;
            self.continues = false;
        } else if self.file.problem.is_none() {
            self.file.problem = Some((span.start, "a line that is neither a variable nor a recipe"));
        }
    }

    fn setting(&mut self, setting: &str, span: Range<usize>) {
        let (name, value) =
            setting.split_once(":=").map_or((setting, ""), |(name, value)| (name.trim(), value));
        match name {
            "shell" => {
                let program = value.split(['"', '\'']).nth(1).unwrap_or_default();
                let program = program.rsplit('/').next().unwrap_or(program);
                // `/usr/bin/env bash`
                let program = if program == "env" {
                    value.split(['"', '\'']).nth(3).unwrap_or_default()
                } else {
                    program
                };
                self.file.shell = Some((program.to_owned(), span));
            }
            "working-directory" => self.file.has_folder = true,
            _ => {}
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// `name := value`, also with `export` in front.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once(":=")?;
    let name = name.trim();
    (!name.is_empty() && name.chars().all(is_word)).then_some((name, value.trim()))
}

/// A value of texts and names, put together with `+` and `/`.
fn value_of(value: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = value.trim();
    let mut is_operand = true;
    while let Some(first) = rest.chars().next() {
        match first {
            '#' => break,
            '"' | '\'' if is_operand => {
                let behind = rest.get(1..)?;
                let end = behind.find(first)?;
                let text = behind.get(..end)?;
                if text.contains('\\') || text.contains("{{") {
                    return None;
                }
                out.push_str(text);
                rest = behind.get(end + 1..)?;
            }
            letter if is_operand && is_word(letter) => {
                let end = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
                let name = rest.get(..end)?;
                rest = rest.get(end..)?;
                if rest.starts_with('(') || name == "if" || name.contains('-') {
                    return None;
                }
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
            '+' if !is_operand => rest = rest.get(1..)?,
            '/' if !is_operand => {
                out.push('/');
                rest = rest.get(1..)?;
            }
            _ => return None,
        }
        is_operand = !is_operand;
        rest = rest.trim_start();
    }
    (!out.is_empty()).then_some(out)
}

/// `name parameters: needs`
fn header(line: &str) -> Option<Recipe> {
    let line = line.strip_prefix('@').unwrap_or(line);
    let length = line.find(|letter: char| !is_word(letter)).unwrap_or(line.len());
    let name = line.get(..length).filter(|name| !name.is_empty())?;
    let colon = colon(line)?;
    let needs = line.get(colon + 1..)?;
    let needs = needs.split('#').next().unwrap_or_default();
    // What follows `&&` runs afterwards.
    let needs = needs.split("&&").next().unwrap_or_default();
    let words =
        needs.split([' ', '\t', '(', ')']).filter(|word| !word.is_empty() && word.chars().all(is_word));
    Some(Recipe { name: name.to_owned(), needs: words.map(str::to_owned).collect(), ..Recipe::default() })
}

/// The colon of a recipe, outside of quotes.
fn colon(line: &str) -> Option<usize> {
    let mut quote = None;
    line.char_indices().find_map(|(at, letter)| match (letter, quote) {
        ('"' | '\'' | '`', None) => {
            quote = Some(letter);
            None
        }
        (_, Some(open)) if open == letter => {
            quote = None;
            None
        }
        (':', None) => Some(at),
        _ => None,
    })
}
