//! How wide a text is, and what of a text may be shown.

/// The width of a text in Helvetica, or a font of the same measures, in the unit of `size`.
pub(in crate::draw) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| size * em(letter)).sum()
}

/// The width of a letter as a part of the size of the font.
fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '|' | '\'' => 0.23,
        'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '!' | '[' | ']' | '/' | ' ' => 0.28,
        'r' | '-' | '(' | ')' | '*' => 0.34,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 0.5,
        'm' | 'M' => 0.84,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 0.73,
        'G' | 'O' | 'Q' => 0.78,
        'W' | '@' | '%' => 0.98,
        'A'..='Z' => 0.67,
        ' '..='~' => 0.56,
        '\u{a0}'..='\u{10ff}' => 0.62,
        _ => 1.0,
    }
}

/// A text that is at most so wide: where it is not, some of its middle is left out, since long names often begin alike.
pub(in crate::draw) fn shortened(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let half = (most - size) / 2.0;
    let end: Vec<char> = fitting(text.chars().rev(), size, half).collect();
    fitting(text.chars(), size, half).chain(['…']).chain(end.into_iter().rev()).collect()
}

fn fitting(letters: impl Iterator<Item = char>, size: f64, mut left: f64) -> impl Iterator<Item = char> {
    letters.take_while(move |letter| {
        left -= size * em(*letter);
        left >= 0.0
    })
}

/// A text without what cannot stand in XML, and without what turns the direction of a line: names come from anywhere.
pub(in crate::draw) fn printable(text: &str) -> String {
    text.chars().map(|letter| if is_harmless(letter) { letter } else { '\u{fffd}' }).collect()
}

fn is_harmless(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        && !matches!(u32::from(letter) & 0xffff, 0xfffe | 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_it_is_too_wide() {
        assert_eq!(shortened("abc", 10.0, 20.0), "abc");
        let short = shortened("a-name-that-never-ends", 10.0, 60.0);
        assert!(short.contains('…') && short.ends_with("nds") && width(&short, 10.0) <= 60.0, "{short}");
        assert_eq!(shortened("abc", 10.0, 0.0), "…");
    }

    #[test]
    fn what_xml_forbids_is_not_printed() {
        assert_eq!(printable("a\u{0}b\u{202e}c\u{ffff}d\u{1fffe}ü"), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}ü");
    }
}
