//! Colours, where they are wanted.

use anstyle::{AnsiColor, Style};

/// Text with a style, or without.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    pub(crate) const fn new(on: bool) -> Self {
        Self { on }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default().bold(), text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// A unified diff with its lines coloured.
    pub(crate) fn diff(self, diff: &str) -> String {
        if !self.on {
            return diff.to_owned();
        }
        let line = |line: &str| match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") || line.starts_with("diff ") => {
                self.bold(line)
            }
            Some(b'+') => self.with(AnsiColor::Green.on_default(), line),
            Some(b'-') => self.with(AnsiColor::Red.on_default(), line),
            Some(b'@') => self.cyan(line),
            _ => line.to_owned(),
        };
        diff.lines().map(|text| line(text) + "\n").collect()
    }
}
