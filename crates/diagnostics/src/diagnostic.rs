use std::fmt;

use crate::{Code, Fix, Span};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// The result may differ from what the author meant.
    Warning,
    /// The tool cannot go on with this.
    Error,
}

impl Severity {
    /// Every severity, the least first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The lower-case word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One thing to say about one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter: lower case, no full stop.
    pub message: String,
    /// The byte range in the text, where there is one.
    pub span: Option<Span>,
    /// The file, relative to the project, with `/` between its parts.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What pip does with it.
    pub pip: Option<String>,
    /// What uv does with it.
    pub uv: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The change that resolves it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span: None,
            file: None,
            line: None,
            pip: None,
            uv: None,
            help: None,
            fix: None,
        }
    }

    /// A diagnostic that is good to know.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// A diagnostic about a result that may differ from what the author meant.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A diagnostic about something the tool cannot go on with.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Adds the byte range.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds the file and the line, counted from 1.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>, line: usize) -> Self {
        self.file = Some(file.into());
        self.line = Some(line);
        self
    }

    /// Adds the line, counted from 1, where the file is not known yet.
    #[must_use]
    pub fn on_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// Says what pip does.
    #[must_use]
    pub fn with_pip(mut self, pip: impl Into<String>) -> Self {
        self.pip = Some(pip.into());
        self
    }

    /// Says what uv does.
    #[must_use]
    pub fn with_uv(mut self, uv: impl Into<String>) -> Self {
        self.uv = Some(uv.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the change that resolves it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// One line, as compilers write it: `requirements.txt:3: warning[R014]: message`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(formatter, "{file}:")?;
        }
        if let Some(line) = self.line {
            write!(formatter, "{line}:")?;
        }
        if self.file.is_some() || self.line.is_some() {
            formatter.write_str(" ")?;
        }
        write!(formatter, "{}[{}]: {}", self.severity, self.code, self.message)
    }
}
