//! Where code stands in Markdown and reStructuredText.

use std::ops::Range;

/// What code is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// A script of a shell.
    Shell,
    /// What a terminal shows: commands behind prompts, and what they print.
    Console,
    /// Nobody says.
    Unknown,
    /// PowerShell, or cmd.
    Windows,
}

/// What a document has, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A heading.
    Heading,
    /// A code block.
    Block {
        /// What it is in.
        language: Language,
        /// Its lines without their indentation, with their ends.
        lines: Vec<Range<usize>>,
        /// The indentation.
        indent: String,
    },
    /// Code in a sentence, without its quotes.
    Inline(Range<usize>),
}

/// The language of a name; none when it is another one.
fn language(name: &str) -> Option<Language> {
    match name.trim().to_ascii_lowercase().as_str() {
        "bash" | "sh" | "shell" | "zsh" | "shellscript" => Some(Language::Shell),
        "console" | "shell-session" | "shellsession" | "sh-session" | "terminal" | "bash-session" => {
            Some(Language::Console)
        }
        "" | "text" | "none" | "plaintext" => Some(Language::Unknown),
        "powershell" | "ps1" | "pwsh" | "cmd" | "bat" | "batch" | "doscon" | "dosbatch" => {
            Some(Language::Windows)
        }
        _ => None,
    }
}

/// Lines with their places, ends included.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start..at, line)
    })
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The items of a Markdown document.
pub(super) fn markdown(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut lines = lines(text);
    while let Some((span, line)) = lines.next() {
        let bare = line.trim();
        if let Some(fence) = fence(bare) {
            let name = bare.trim_start_matches(fence).trim_start_matches(['{', '.']).trim();
            let name = name.split([' ', ',', '{', '}', ':', '\t']).next().unwrap_or_default();
            let found = fenced(&mut lines, fence, bare.len() - bare.trim_start_matches(fence).len(), line);
            if let Some(language) = language(name) {
                items.push(Item::Block { language, lines: found, indent: indentation(line) });
            }
        } else if bare.starts_with('#') && bare.trim_start_matches('#').starts_with(' ') {
            items.push(Item::Heading);
        } else {
            inline(line, span.start, "`", &mut items);
        }
    }
    items
}

fn indentation(line: &str) -> String {
    line.get(..indent_of(line)).unwrap_or_default().to_owned()
}

/// The sign of a fence.
fn fence(bare: &str) -> Option<char> {
    ['`', '~'].into_iter().find(|sign| {
        let length = bare.chars().take_while(|letter| letter == sign).count();
        length >= 3 && !(*sign == '`' && bare.get(length..).is_some_and(|rest| rest.contains('`')))
    })
}

/// The lines up to the end of a fenced block, each without the indentation of the fence.
fn fenced<'a>(
    lines: &mut impl Iterator<Item = (Range<usize>, &'a str)>,
    sign: char,
    length: usize,
    first: &str,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let indent = indent_of(first);
    for (span, line) in lines {
        let bare = line.trim();
        if bare.len() >= length && bare.chars().all(|letter| letter == sign) {
            break;
        }
        found.push(span.start + indent.min(indent_of(line))..span.end);
    }
    found
}

/// Code in a line of text that has the look of an installation.
fn inline(line: &str, start: usize, quotes: &str, items: &mut Vec<Item>) {
    if !line.contains(quotes) {
        return;
    }
    let mut at = 0;
    for (index, piece) in line.split(quotes).enumerate() {
        if index % 2 == 1 && is_command(piece) {
            items.push(Item::Inline(start + at..start + at + piece.len()));
        }
        at += piece.len() + quotes.len();
    }
}

/// Whether code in a sentence is a command with all that it needs, and not the name of one.
fn is_command(code: &str) -> bool {
    let starts = ["pip install -r", "pip install -e", "pip install .", "pip3 install -r", "pip3 install -e"];
    let others =
        ["python -m pip install -", "python3 -m pip install -", "poetry install", "poetry run ", "pipenv "];
    starts.iter().chain(&others).any(|start| code.starts_with(start)) && !code.trim_end().ends_with("install")
        || code == "poetry install"
}

/// The items of a reStructuredText document.
pub(super) fn rest(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut lines = lines(text).peekable();
    while let Some((span, line)) = lines.next() {
        let bare = line.trim();
        let outer = indent_of(line);
        if is_underline(bare) {
            items.push(Item::Heading);
        } else if let Some(found) = directive(bare) {
            let content = content(&mut lines, outer, true);
            push(found, content, text, &mut items);
        } else if bare.ends_with("::") && !bare.starts_with("..") {
            let content = content(&mut lines, outer, false);
            push(Some(Language::Unknown), content, text, &mut items);
        } else {
            inline(line, span.start, "``", &mut items);
        }
    }
    items
}

fn is_underline(bare: &str) -> bool {
    let first = bare.chars().next().filter(|letter| "=-~^\"'`#*+".contains(*letter));
    bare.len() >= 3 && first.is_some_and(|first| bare.chars().all(|letter| letter == first))
}

/// The language of a code directive, which may be none of ours; none when it is no code directive.
#[expect(clippy::option_option, reason = "no directive, and a directive of another language, are two things")]
fn directive(bare: &str) -> Option<Option<Language>> {
    let rest = bare.strip_prefix(".. ")?;
    let (name, argument) = rest.split_once("::")?;
    match name.trim() {
        "code-block" | "code" | "sourcecode" => Some(language(argument)),
        // Its prompts are not written.
        "prompt" => Some(language(argument.split_whitespace().next().unwrap_or("bash"))),
        _ => None,
    }
}

/// The lines of a block that is indented deeper than what announces it, with their indentation. Options of a directive go.
fn content<'a>(
    lines: &mut std::iter::Peekable<impl Iterator<Item = (Range<usize>, &'a str)>>,
    outer: usize,
    has_options: bool,
) -> Vec<(Range<usize>, usize)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    let mut in_options = has_options;
    while let Some((span, line)) =
        lines.next_if(|(_, line)| line.trim().is_empty() || indent_of(line) > outer)
    {
        let bare = line.trim();
        if in_options && bare.starts_with(':') {
            continue;
        }
        in_options = in_options && !bare.is_empty();
        if !bare.is_empty() || !found.is_empty() {
            found.push((span, indent_of(line)));
        }
    }
    while found
        .last()
        .is_some_and(|(span, indent)| span.len() <= indent + 2 && is_blank(lines, span, *indent))
    {
        found.pop();
    }
    found
}

/// A line of nothing but its indentation and its end.
fn is_blank<T>(_: &T, span: &Range<usize>, indent: usize) -> bool {
    span.len().saturating_sub(indent) <= 1
}

fn push(language: Option<Language>, content: Vec<(Range<usize>, usize)>, text: &str, items: &mut Vec<Item>) {
    let Some(language) = language else { return };
    let is_there = |(span, _): &&(Range<usize>, usize)| {
        text.get(span.clone()).is_some_and(|line| !line.trim().is_empty())
    };
    let Some(indent) = content.iter().filter(is_there).map(|(_, indent)| *indent).min() else { return };
    let first = content.iter().find(is_there);
    let written =
        first.and_then(|(span, _)| text.get(span.start..span.start + indent)).unwrap_or_default().to_owned();
    let lines = content.into_iter().map(|(span, own)| span.start + indent.min(own)..span.end).collect();
    items.push(Item::Block { language, lines, indent: written });
}

/// Whether code that nobody names the language of is a list of commands, and has one of ours.
pub(super) fn looks_like_commands(text: &str, lines: &[Range<usize>]) -> bool {
    const OURS: &[&str] =
        &["pip", "pip3", "python", "python3", "poetry", "pipenv", "pdm", "virtualenv", "pytest", "tox"];
    let written = lines.iter().filter_map(|line| text.get(line.clone())).map(str::trim);
    let mut has_ours = false;
    let mut goes_on = false;
    for line in written.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let first = line.split_whitespace().next().unwrap_or_default();
        let is_part =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_./".contains(letter);
        if !goes_on && (!first.chars().all(is_part) || line.ends_with([':', ','])) {
            return false;
        }
        has_ours |= OURS.contains(&first);
        goes_on = line.ends_with('\\');
    }
    has_ours
}
