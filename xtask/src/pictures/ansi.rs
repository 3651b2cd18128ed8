//! Text with the escape sequences of colours, into pieces of one style each.

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) dim: bool,
    /// One of the eight colours of terminals.
    pub(super) colour: Option<u8>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) style: Style,
}

/// The lines of a text, broken between words where they are wider than this.
pub(super) fn lines(text: &str, width: usize) -> Vec<Vec<Piece>> {
    let mut style = Style::default();
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut column = 0;
        let mut rest = line.chars();
        while let Some(character) = rest.next() {
            if character == '\u{1b}' {
                let codes: String = rest.by_ref().skip(1).take_while(|it| *it != 'm').collect();
                codes.split(';').for_each(|code| apply(&mut style, code));
                continue;
            }
            if column == width {
                let begun = if character == ' ' { Vec::new() } else { begun_word(&mut pieces) };
                column = begun.iter().map(|piece| piece.text.chars().count()).sum();
                lines.push(std::mem::replace(&mut pieces, begun));
                if character == ' ' {
                    continue;
                }
            }
            column += 1;
            match pieces.last_mut().filter(|piece| piece.style == style) {
                Some(piece) => piece.text.push(character),
                None => pieces.push(Piece { text: character.to_string(), style }),
            }
        }
        lines.push(pieces);
    }
    lines
}

/// Takes the word that has begun from the end of a full line.
fn begun_word(pieces: &mut [Piece]) -> Vec<Piece> {
    let Some(last) = pieces.last_mut() else { return Vec::new() };
    let Some(space) = last.text.rfind(' ') else { return Vec::new() };
    let text = last.text.split_off(space + 1);
    if text.is_empty() { Vec::new() } else { vec![Piece { text, style: last.style }] }
}

fn apply(style: &mut Style, code: &str) {
    match code.parse().unwrap_or(0_u8) {
        0 => *style = Style::default(),
        1 => style.bold = true,
        2 => style.dim = true,
        22 => (style.bold, style.dim) = (false, false),
        39 => style.colour = None,
        code @ 30..=37 => style.colour = Some(code - 30),
        code @ 90..=97 => style.colour = Some(code - 90),
        _ => {}
    }
}

#[test]
fn colours_are_read_and_lines_broken() {
    let found = lines("a\u{1b}[1m\u{1b}[32mbc\u{1b}[0md\n\nxyz", 3);
    let shown: Vec<Vec<(&str, Style)>> = found
        .iter()
        .map(|line| line.iter().map(|piece| (piece.text.as_str(), piece.style)).collect())
        .collect();
    let plain = Style::default();
    let green = Style { bold: true, dim: false, colour: Some(2) };
    assert_eq!(shown, [vec![("a", plain), ("bc", green)], vec![("d", plain)], vec![], vec![("xyz", plain)]]);
}

#[test]
fn a_word_is_not_broken() {
    let shown: Vec<String> = lines("ab cd, efghij k", 6)
        .iter()
        .map(|line| line.iter().map(|piece| piece.text.as_str()).collect())
        .collect();
    assert_eq!(shown, ["ab cd,", "efghij", "k"]);
}
