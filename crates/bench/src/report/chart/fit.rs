//! How wide words are, and how they are made to fit.

/// The width of a text in pixels, at least as wide as common fonts without serifs show it (`DejaVu Sans`, of the PNG, is the widest).
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| advance(letter) * size).sum()
}

/// Widths in units of the size, rounded up.
fn advance(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 0.3,
        ' ' | '.' | ',' | ':' | ';' | 'I' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '!' | '·' => {
            0.41
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.0,
        '-' => 0.37,
        'A'..='Z' | '…' | '→' | '←' | '×' | '+' | '=' | '<' | '>' | '~' => 0.85,
        'a'..='z' | '0'..='9' | '_' | '"' | '*' | '?' | '$' | '#' => 0.64,
        // Letters of East Asia are as wide as they are high, and so may be all that is not known.
        _ => 1.1,
    }
}

/// The text, or as much of its beginning and its end as fits into the width, with an ellipsis between. The end of a label, such as
/// an option, often is what tells it from the next.
pub(super) fn fitting(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let end: Vec<char> = taken(text.chars().rev(), size, room * 0.4);
    let begin: String = taken(text.chars(), size, room * 0.6).into_iter().collect();
    format!("{begin}…{}", end.into_iter().rev().collect::<String>())
}

fn taken(letters: impl Iterator<Item = char>, size: f64, room: f64) -> Vec<char> {
    let mut used = 0.0;
    letters
        .take_while(|letter| {
            used += advance(*letter) * size;
            used <= room
        })
        .collect()
}

/// The text in lines that fit into the width, at most `most`; the last one is cut.
pub(super) fn lines(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let is_last = lines.len() == most;
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + 0.41 * size <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if is_last => {
                line.push_str(" …");
                break;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| fitting(line, size, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_keep_their_ends() {
        let short = fitting("uv 0.13.9 --compile-bytecode --link-mode copy", 12.0, 150.0);
        assert!(short.starts_with("uv 0.13") && short.ends_with("copy") && short.contains('…'), "{short}");
        assert!(width(&short, 12.0) <= 150.0);
        assert_eq!(fitting("pip", 12.0, 150.0), "pip");
        assert_eq!(fitting("pip", 12.0, 1.0), "…");
    }

    #[test]
    fn lines_are_no_longer_than_their_room() {
        let lines = lines(&"word ".repeat(50), 12.0, 100.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 100.0), "{lines:?}");
    }
}
