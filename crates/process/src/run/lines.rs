//! Cutting a stream of bytes into lines of text.

/// A line longer than this is handed on in pieces.
const LONGEST: usize = 64 << 10;

/// Holds the beginning of a line until its end comes.
#[derive(Default)]
pub(super) struct LineSplitter {
    open: Vec<u8>,
}

impl LineSplitter {
    /// Takes `bytes` and hands on every line that is complete now. A carriage return ends a line too: with it, progress
    /// bars write over themselves. Empty lines are left out.
    pub(super) fn push(&mut self, bytes: &[u8], mut on_line: impl FnMut(&str)) {
        let mut pieces = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).peekable();
        while let Some(piece) = pieces.next() {
            self.open.extend_from_slice(piece);
            if pieces.peek().is_some() || self.open.len() > LONGEST {
                self.hand_on(&mut on_line);
            }
        }
    }

    /// Hands on what came after the last line end.
    pub(super) fn finish(mut self, mut on_line: impl FnMut(&str)) {
        self.hand_on(&mut on_line);
    }

    fn hand_on(&mut self, on_line: &mut impl FnMut(&str)) {
        if !self.open.is_empty() {
            on_line(&String::from_utf8_lossy(&self.open));
            self.open.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let text = b"one\r\ntwo\n\n10%\r20%\r\xff\nrest";
        for size in 1..=text.len() {
            let mut splitter = LineSplitter::default();
            let mut lines = Vec::new();
            text.chunks(size).for_each(|chunk| splitter.push(chunk, |line| lines.push(line.to_owned())));
            splitter.finish(|line| lines.push(line.to_owned()));
            assert_eq!(lines, ["one", "two", "10%", "20%", "\u{fffd}", "rest"], "chunks of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_handed_on_in_pieces() {
        let mut splitter = LineSplitter::default();
        let mut pieces = 0;
        for _ in 0..1000 {
            splitter.push(&[b'x'; 1000], |_| pieces += 1);
        }
        assert!(pieces > 10 && splitter.open.len() <= LONGEST);
    }
}
