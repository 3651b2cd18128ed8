//! Physical lines as Python's `str.splitlines` sees them, joined into logical lines as pip joins them.

use memchr::{memchr, memchr2, memchr3};

use crate::text::{Part, is_space};

/// One logical line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogicalLine {
    /// From the first byte to the end of the last line end.
    pub(crate) span: Part,
    /// The same without the last line end.
    pub(crate) content: Part,
    /// First physical line, counted from 1.
    pub(crate) first: u32,
    /// Last physical line.
    pub(crate) last: u32,
    /// Whether [`Joined`] holds its text, because a `\` joined several physical lines.
    pub(crate) joined: bool,
}

/// The text of a joined line and where its pieces come from.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// The pieces without the backslashes that joined them.
    pub(crate) text: String,
    /// Offset in `text` and offset in the document of each piece.
    pub(crate) pieces: Vec<(u32, u32)>,
}

impl Joined {
    /// The document offset of an offset in the joined text.
    pub(crate) fn physical(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|&(logical, _)| logical as usize <= offset);
        match self.pieces.get(piece.saturating_sub(1)) {
            Some(&(logical, physical)) => physical as usize + offset.saturating_sub(logical as usize),
            None => offset,
        }
    }

    fn push(&mut self, text: &str, physical: usize) {
        let part = Part::new(self.text.len(), physical);
        self.pieces.push((part.start, part.end));
        self.text.push_str(text);
    }
}

/// Walks over a text line by line.
pub(crate) struct Splitter<'a> {
    text: &'a str,
    position: usize,
    number: u32,
    /// No line end other than LF and CRLF occurs, which one vectorised search finds.
    plain: bool,
}

/// A physical line: where it starts, where its content ends, where the next one starts.
#[derive(Clone, Copy)]
struct Physical {
    start: usize,
    end: usize,
    next: usize,
}

impl<'a> Splitter<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, position: 0, number: 0, plain: is_plain(text.as_bytes()) }
    }

    /// Whether LF and CRLF are the only line ends.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The next logical line; `joined` is filled when the line says so.
    pub(crate) fn next_line(&mut self, joined: &mut Joined) -> Option<LogicalLine> {
        let line = self.physical()?;
        let content = &self.text[line.start..line.end];
        let first = self.number;
        if !content.ends_with('\\') || is_comment_line(content) {
            return Some(LogicalLine {
                span: Part::new(line.start, line.next),
                content: Part::new(line.start, line.end),
                first,
                last: first,
                joined: false,
            });
        }
        Some(self.join(line, joined))
    }

    /// pip's `join_lines`: a line that ends in `\` goes on, and a comment line ends the joining.
    #[cold]
    fn join(&mut self, first_line: Physical, joined: &mut Joined) -> LogicalLine {
        let first = self.number;
        joined.text.clear();
        joined.pieces.clear();
        let mut line = first_line;
        loop {
            let content = &self.text[line.start..line.end];
            let comment = is_comment_line(content);
            if comment {
                // pip puts a space there, so that the comment is found again.
                joined.push(" ", line.start);
            }
            if comment || !content.ends_with('\\') {
                joined.push(content, line.start);
                break;
            }
            let without_start = content.trim_start_matches('\\');
            let start = line.start + (content.len() - without_start.len());
            joined.push(without_start.trim_end_matches('\\'), start);
            match self.physical() {
                Some(next) => line = next,
                None => break,
            }
        }
        LogicalLine {
            span: Part::new(first_line.start, line.next),
            content: Part::new(first_line.start, line.end),
            first,
            last: self.number,
            joined: true,
        }
    }

    fn physical(&mut self) -> Option<Physical> {
        let bytes = self.text.as_bytes();
        let start = self.position;
        if start >= bytes.len() {
            return None;
        }
        let (end, next) = if self.plain {
            match memchr(b'\n', &bytes[start..]) {
                Some(offset) if offset > 0 && bytes[start + offset - 1] == b'\r' => {
                    (start + offset - 1, start + offset + 1)
                }
                Some(offset) => (start + offset, start + offset + 1),
                None => (bytes.len(), bytes.len()),
            }
        } else {
            line_end(bytes, start)
        };
        self.position = next;
        self.number = self.number.saturating_add(1);
        Some(Physical { start, end, next })
    }
}

/// Whether LF and CRLF are the only line ends.
fn is_plain(bytes: &[u8]) -> bool {
    if memchr2(0x0b, 0x0c, bytes).is_some() || memchr3(0x1c, 0x1d, 0x1e, bytes).is_some() {
        return false;
    }
    let lone_return =
        memchr::memchr_iter(b'\r', bytes).any(|position| bytes.get(position + 1) != Some(&b'\n'));
    !lone_return
        && !memchr::memchr2_iter(0xc2, 0xe2, bytes).any(|position| special_length(bytes, position).is_some())
}

/// The length of NEL, U+2028 or U+2029 at a position.
pub(crate) fn special_length(bytes: &[u8], position: usize) -> Option<usize> {
    match bytes.get(position..)? {
        [0xc2, 0x85, ..] => Some(2),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => Some(3),
        _ => None,
    }
}

/// The end of the content and the start of the next line, for every line end that `str.splitlines` knows.
fn line_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let mut position = start;
    while position < bytes.len() {
        match bytes[position] {
            b'\r' => {
                let width = if bytes.get(position + 1) == Some(&b'\n') { 2 } else { 1 };
                return (position, position + width);
            }
            b'\n' | 0x0b | 0x0c | 0x1c | 0x1d | 0x1e => return (position, position + 1),
            0xc2 | 0xe2 => {
                if let Some(width) = special_length(bytes, position) {
                    return (position, position + width);
                }
            }
            _ => {}
        }
        position += 1;
    }
    (bytes.len(), bytes.len())
}

/// Whether pip's `COMMENT_RE.match` hits: only spaces before the first `#`.
fn is_comment_line(content: &str) -> bool {
    content.trim_start_matches(is_space).starts_with('#')
}

/// The offset of the `#` that starts a comment: at the start of the text or after a space.
pub(crate) fn find_comment(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'#', text.as_bytes()).find(|&position| {
        text.get(..position).is_some_and(|before| before.chars().next_back().is_none_or(is_space))
    })
}
