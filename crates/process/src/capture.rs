//! Holding the beginning and the end of a stream that may be endless.

use std::collections::VecDeque;

/// The first and the last bytes of a stream, each up to half of a limit.
pub(crate) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    half: usize,
    left_out: u64,
}

impl Capture {
    pub(crate) fn new(limit: usize) -> Self {
        Self { head: Vec::new(), tail: VecDeque::new(), half: (limit / 2).max(1), left_out: 0 }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(self.half - self.head.len()));
        self.head.extend_from_slice(head);
        self.tail.extend(rest);
        if let Some(excess) = self.tail.len().checked_sub(self.half) {
            self.tail.drain(..excess);
            self.left_out += excess as u64;
        }
    }

    /// Counts bytes of the middle that were never taken in.
    pub(crate) fn skip(&mut self, count: u64) {
        self.left_out += count;
    }

    /// The bytes, with a line in their middle when some were left out, and how many those are.
    pub(crate) fn finish(mut self) -> (Vec<u8>, u64) {
        if self.left_out > 0 {
            self.head.extend_from_slice(format!("\n[{} bytes left out here]\n", self.left_out).as_bytes());
        }
        self.head.extend(self.tail);
        (self.head, self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(limit: usize, chunks: &[&[u8]]) -> (String, u64) {
        let mut capture = Capture::new(limit);
        for chunk in chunks {
            capture.push(chunk);
        }
        let (bytes, left_out) = capture.finish();
        (String::from_utf8(bytes).unwrap(), left_out)
    }

    #[test]
    fn what_fits_is_kept_whole() {
        assert_eq!(captured(8, &[b"abc", b"def", b"gh"]), ("abcdefgh".into(), 0));
        assert_eq!(captured(8, &[]), (String::new(), 0));
    }

    #[test]
    fn the_middle_of_more_is_left_out_and_counted() {
        let expected = ("abcd\n[3 bytes left out here]\nhijk".to_owned(), 3);
        assert_eq!(captured(8, &[b"abcdefghijk"]), expected);
        assert_eq!(captured(8, &[b"a", b"bcdef", b"ghij", b"k"]), expected);
    }
}
