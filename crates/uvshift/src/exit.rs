//! The exit status, documented in `docs/exit-codes.md`.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing was lost.
    Done,
    /// Findings, or something needs a decision and nothing was written.
    Findings,
    /// The command line is wrong.
    Usage,
    /// Something outside failed, and all is restored.
    Outside,
    /// Verification found a difference, and all is restored.
    Difference,
    /// Nothing to migrate here.
    Nothing,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Outside => 3,
            Self::Difference => 4,
            Self::Nothing => 10,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn every_status_is_documented() {
        let page = include_str!("../../../docs/exit-codes.md");
        for exit in [Exit::Done, Exit::Findings, Exit::Usage, Exit::Outside, Exit::Difference, Exit::Nothing]
        {
            assert!(page.contains(&format!("| {} |", exit.code())), "{exit:?}");
        }
    }
}
