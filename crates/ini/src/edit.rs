//! The edits: sections and keys are taken out by span, every other byte stays.

use crate::document::{Document, LineKind};
use crate::space::is_space;

/// What to take out of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut<'a> {
    /// A section with everything in it.
    Section(&'a str),
    /// Keys of a section, named as the dialect compares them. The section goes with its last key.
    Keys(&'a str, &'a [&'a str]),
}

impl Document {
    /// The text without a section. Comments directly above its header go with it, as do those between its keys;
    /// comments after a blank line at its end stay, and so do those directly above the next header.
    pub fn remove_section(&self, name: &str) -> Option<String> {
        self.without(&[Cut::Section(name)])
    }

    /// The text without some keys of a section, their values, and the comments directly above them. A section
    /// that loses its last key goes, too.
    pub fn remove_keys(&self, section: &str, keys: &[&str]) -> Option<String> {
        self.without(&[Cut::Keys(section, keys)])
    }

    /// Whether nothing but blank lines and comments would be left.
    pub fn is_empty_after(&self, cuts: &[Cut<'_>]) -> bool {
        let gone = self.gone(cuts);
        let solid = self.lines.iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| line.kind);
        solid.into_iter().all(|kind| matches!(kind, LineKind::Blank | LineKind::Comment))
    }

    /// The text without all that the cuts name. What is not there is no error. Nothing if what stays would be
    /// read otherwise: an indented key or header would continue the value that is above it then.
    pub fn without(&self, cuts: &[Cut<'_>]) -> Option<String> {
        let gone = self.gone(cuts);
        let first = self.lines.first().map_or(self.text.len(), |line| line.span.start);
        let mut out = self.text.get(..first).unwrap_or_default().to_owned();
        for (line, gone) in self.lines.iter().zip(gone) {
            if !gone {
                out.push_str(line.span.text(&self.text).unwrap_or_default());
            }
        }
        self.keeps(&Self::parse(&out, &self.dialect), cuts).then_some(out)
    }

    /// Whether everything that the cuts do not name is in another document, too, and nothing else.
    fn keeps(&self, other: &Self, cuts: &[Cut<'_>]) -> bool {
        let kept = self.sections.iter().enumerate().filter(|(index, _)| !self.section_goes(*index, cuts));
        let kept = kept.map(|(index, section)| {
            let keys = section.keys.iter().enumerate().filter(|(key, _)| !self.key_goes(index, *key, cuts));
            (&section.name, keys.map(|(_, key)| (&key.name, &key.raw)).collect::<Vec<_>>())
        });
        let found = other
            .sections
            .iter()
            .map(|section| (&section.name, section.keys.iter().map(|key| (&key.name, &key.raw)).collect()));
        kept.eq(found)
    }

    /// For each line of [`Document::lines`] whether it goes.
    pub fn gone(&self, cuts: &[Cut<'_>]) -> Vec<bool> {
        let sections: Vec<bool> =
            (0..self.sections.len()).map(|section| self.section_goes(section, cuts)).collect();
        let mut gone: Vec<bool> = self
            .lines
            .iter()
            .map(|line| match line.kind {
                LineKind::Header(section) => sections.get(section).copied().unwrap_or(false),
                LineKind::Key(section, key) | LineKind::Continuation(section, key) => {
                    sections.get(section).copied().unwrap_or(false) || self.key_goes(section, key, cuts)
                }
                LineKind::Blank | LineKind::Comment | LineKind::Broken => false,
            })
            .collect();
        self.join_gaps(&sections, &mut gone);
        self.take_attached(&sections, &mut gone);
        self.take_blank_lines(&mut gone);
        gone
    }

    fn section_goes(&self, section: usize, cuts: &[Cut<'_>]) -> bool {
        let Some(found) = self.sections.get(section) else { return false };
        let named = cuts.iter().any(|cut| matches!(cut, Cut::Section(name) if *name == found.name));
        let has_keys = !found.keys.is_empty();
        named || (has_keys && (0..found.keys.len()).all(|key| self.key_goes(section, key, cuts)))
    }

    fn key_goes(&self, section: usize, key: usize, cuts: &[Cut<'_>]) -> bool {
        let Some(found) = self.sections.get(section) else { return false };
        let Some(key) = found.keys.get(key) else { return false };
        cuts.iter().any(|cut| match cut {
            Cut::Section(name) => *name == found.name,
            Cut::Keys(name, keys) => *name == found.name && keys.contains(&key.name.as_str()),
        })
    }

    /// Comments and blank lines inside a value go with it; those between two keys of a section that goes, too.
    fn join_gaps(&self, sections: &[bool], gone: &mut [bool]) {
        let mut last: Option<(usize, usize)> = None;
        for index in 0..self.lines.len() {
            let (section, inside) = match self.lines[index].kind {
                LineKind::Blank | LineKind::Comment => continue,
                LineKind::Header(section) if gone[index] => {
                    last = Some((index, section));
                    continue;
                }
                LineKind::Key(section, _) if gone[index] => (section, false),
                LineKind::Continuation(section, _) if gone[index] => (section, true),
                _ => {
                    last = None;
                    continue;
                }
            };
            if let Some((before, known)) = last
                && known == section
                && (inside || sections.get(section).copied().unwrap_or(false))
            {
                gone[before..index].fill(true);
            }
            last = Some((index, section));
        }
    }

    /// Comments directly above what goes, go with it, unless they are indented deeper, which makes them a part of
    /// the value above. Those below it go if they are indented, or if their whole section goes.
    fn take_attached(&self, sections: &[bool], gone: &mut [bool]) {
        let comment = |index: usize| self.lines[index].kind == LineKind::Comment;
        for index in (1..gone.len()).rev() {
            if gone[index] && comment(index - 1) && self.indent(index - 1) <= self.indent(index) {
                gone[index - 1] = true;
            }
        }
        let mut whole = false;
        for index in 1..gone.len() {
            if let LineKind::Header(section) = self.lines[index - 1].kind {
                whole = sections.get(section).copied().unwrap_or(false);
            }
            let below = comment(index) && !gone[index] && gone[index - 1];
            if below && (self.indent(index) > 0 || (whole && !self.belongs_below(index))) {
                gone[index] = true;
            }
        }
    }

    fn indent(&self, line: usize) -> usize {
        let text = self.lines.get(line).and_then(|line| line.span.text(&self.text)).unwrap_or_default();
        text.chars().take_while(|character| is_space(*character)).count()
    }

    /// Whether a comment stands, with nothing but comments between, directly above something that stays.
    fn belongs_below(&self, index: usize) -> bool {
        let below = self.lines.iter().skip(index).find(|line| line.kind != LineKind::Comment);
        below.is_some_and(|line| line.kind != LineKind::Blank)
    }

    /// Blank lines around a gap: as many stay as stood above it, none where it opens or ends the text.
    fn take_blank_lines(&self, gone: &mut [bool]) {
        let blank = |index: usize| self.lines[index].kind == LineKind::Blank;
        let mut index = 0;
        while index < gone.len() {
            if !gone[index] {
                index += 1;
                continue;
            }
            let start = index;
            while index < gone.len() && (gone[index] || blank(index)) {
                index += 1;
            }
            let end = index;
            let last = (start..end).rev().find(|line| gone[*line]).unwrap_or(start);
            let opens =
                start == 0 || blank(start - 1) || matches!(self.lines[start - 1].kind, LineKind::Header(_));
            if end == gone.len() {
                gone[start..].fill(true);
                let mut above = start;
                while above > 0 && blank(above - 1) {
                    above -= 1;
                    gone[above] = true;
                }
            } else if opens {
                gone[start..end].fill(true);
            } else {
                gone[start..=last].fill(true);
            }
        }
    }
}
