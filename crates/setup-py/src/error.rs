//! Why a setup.py cannot be read at all.

/// Why a setup.py cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not Python 3, and the call of `setup()` cannot be told from the rest.
    #[error("setup.py, line {line}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// Brackets, blocks or operators are nested deeper than any setup.py that people write.
    #[error("the code in setup.py is nested too deeply to be read")]
    TooDeep,
    /// The text is longer than any setup.py that people write.
    #[error("setup.py has {size} bytes, which is more than the {limit} that are read")]
    TooLong {
        /// The size of the text in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// No statement that can be followed calls `setup()`.
    #[error("setup.py never calls `setup()`")]
    NoCall,
}

impl Error {
    /// What a user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { .. } => {
                Some("setup.py has to be Python 3; `python3 -m py_compile setup.py` shows what is not")
            }
            Self::TooDeep | Self::TooLong { .. } => Some("take generated data out of setup.py"),
            Self::NoCall => Some("setup.py has to call `setup()` of setuptools or distutils itself"),
        }
    }
}
