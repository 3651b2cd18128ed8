//! Redirections and here-documents.

use super::Redirection;
use super::reader::{Pending, Read, Reader, stop};
use super::word::Parts;

/// The longer ones first.
const OPERATORS: [&str; 12] = ["<<<", "<<-", "<<", "<&", "<>", "<", "&>>", "&>", ">>", ">&", ">|", ">"];

impl<'a> Reader<'a> {
    /// A redirection, if one stands here.
    pub(super) fn redirection(&mut self) -> Read<Option<Redirection>> {
        let start = self.at;
        let Some(operator) = self.operator() else { return Ok(None) };
        self.at += operator.len();
        self.blanks();
        let at = self.at;
        let Some(target) = self.word()? else {
            return stop(at, "a redirection has no target");
        };
        let kind =
            operator.trim_start_matches(|letter: char| letter != '<' && letter != '>' && letter != '&');
        if kind == "<<" || kind == "<<-" {
            let raw = self.slice(target.span.clone());
            // The end of a document is not expanded: `<<$x` ends with `$x`.
            let end = target.literal().unwrap_or_else(|| raw.replace(['\'', '"', '\\'], ""));
            self.pending.push(Pending {
                redirection: start,
                end,
                strips_tabs: kind == "<<-",
                is_quoted: raw.contains(['\'', '"', '\\']),
                within: self.within.clone(),
            });
        }
        Ok(Some(Redirection { span: start..self.at, operator: operator.to_owned(), target, document: None }))
    }

    /// The operator with the number or `{NAME}` in front of it.
    fn operator(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes().get(self.at..)?;
        let length = match bytes.first()? {
            b'{' => {
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let name = bytes.iter().skip(1).take_while(is_part).count();
                if bytes.get(name + 1) == Some(&b'}') { name + 2 } else { return None }
            }
            b'0'..=b'9' => bytes.iter().take_while(|byte| byte.is_ascii_digit()).count(),
            b'<' | b'>' | b'&' => 0,
            _ => return None,
        };
        let behind = self.text.get(self.at + length..)?;
        let operator = OPERATORS.iter().find(|operator| behind.starts_with(**operator))?;
        let is_substitution = length == 0 && behind.get(1..).is_some_and(|rest| rest.starts_with('('));
        if is_substitution && operator.len() == 1
            || length > 0 && operator.starts_with('&')
            || self.at_template()
        {
            return None;
        }
        Some(self.slice(self.at..self.at + length + operator.len()))
    }

    /// Reads the documents that begin here, at the start of a line.
    pub(super) fn read_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut end = self.text.len();
            while self.at < self.text.len() {
                let line_start = self.at;
                let line = self.run(|byte| byte == b'\n');
                self.take("\n");
                let line = line.strip_suffix('\r').unwrap_or(line);
                let line = if pending.strips_tabs { line.trim_start_matches('\t') } else { line };
                if line == pending.end {
                    end = line_start;
                    break;
                }
            }
            let behind = self.at;
            self.documents.insert(pending.redirection, start..end);
            if !pending.is_quoted {
                self.document(&pending, start, end);
            }
            self.at = behind;
        }
    }

    /// The commands within a document. The shell looks at them when it runs, so they are no reason to stop reading.
    fn document(&mut self, pending: &Pending, start: usize, end: usize) {
        let text = self.text;
        let within = std::mem::replace(&mut self.within, pending.within.clone());
        let others = std::mem::take(&mut self.pending);
        self.text = text.get(..end).unwrap_or_default();
        let closing = self.closing.take();
        self.at = start;
        let mut ignored = Parts::default();
        while self.at < self.text.len() {
            self.run(|byte| matches!(byte, b'$' | b'`' | b'\\'));
            let (at, commands) = (self.at, self.commands.len());
            let found = match self.byte(0) {
                Some(b'$') => self.dollar(&mut ignored, true),
                Some(b'`') => self.backquotes(&mut ignored),
                Some(_) => {
                    self.at += 1;
                    self.character();
                    Ok(())
                }
                None => Ok(()),
            };
            if found.is_err() {
                self.commands.truncate(commands);
                self.at = at;
                break;
            }
        }
        self.text = text;
        self.closing = closing;
        self.within = within;
        self.pending = others;
    }
}
