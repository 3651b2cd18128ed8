//! What nobody wrote for Markdown, made safe for it.

use crate::report::one_line;

/// How much of one text is written.
const LONGEST_TEXT: usize = 400;

/// Whether a letter means nothing to Markdown, HTML and GitHub inside backticks, also in a cell of a table.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || " ._-/:=<>!~,;()[]{}'\"@#%&*^?+$".contains(letter)
}

/// A name or place as code.
///
/// Backticks cannot hold every text: a pipe or a backslash in a cell means different things to different readers. What is not
/// plain becomes a `<code>` whose letters are character references, which no reader takes for anything else.
pub(super) fn code(text: &str) -> String {
    let text = short(&one_line(text));
    if text.trim().is_empty() {
        return String::new();
    }
    let touches_edge = text.starts_with(' ') || text.ends_with(' ');
    if text.chars().all(is_plain) && !touches_edge {
        return format!("`{text}`");
    }
    format!("<code>{}</code>", text.chars().map(reference).collect::<String>())
}

/// A message: what stands between backticks in it is code, everything else stands for itself.
pub(super) fn text(message: &str) -> String {
    let message = short(&one_line(message));
    let parts: Vec<&str> = message.split('`').collect();
    if parts.len().is_multiple_of(2) {
        // A backtick without a partner makes no code.
        return plain(&message);
    }
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { code(part) } else { plain(part) })
        .collect()
}

/// A text that stands for itself.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let is_word_next = next.is_some_and(char::is_alphanumeric);
        match letter {
            // A mention of a person, or a link to an issue: a reference is not enough, since GitHub looks for them afterwards.
            '@' | '#' if is_word_next => {
                out.push_str(&reference(letter));
                out.push_str("&#8203;");
            }
            // A colon in the middle of a text may be that of an address or of an emoji.
            ':' if next.is_none_or(|next| next == ' ') => out.push(letter),
            '.' | ',' | ';' | '(' | ')' | '\'' | '"' | '?' | '%' | '/' | ' ' | '-' | '=' => out.push(letter),
            letter => out.push_str(&reference(letter)),
        }
    }
    // Addresses become links without any markup.
    out.replace("www.", "www&#46;")
}

/// A letter that can mean nothing but itself.
fn reference(letter: char) -> String {
    if letter.is_alphanumeric() || letter == ' ' {
        letter.to_string()
    } else {
        format!("&#{};", u32::from(letter))
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A fence that the block does not hold.
pub(super) fn fence(block: &str) -> String {
    let longest = block.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}
