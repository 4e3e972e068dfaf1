//! What a program says with its last word. Scripts rely on these three numbers.

use std::process::{ExitCode, Termination};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done (0).
    Done,
    /// Refused or failed (1); standard error says why and what to do next.
    Failed,
    /// Wrong usage (2), as command line parsers have it.
    Usage,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_rely_on_these_numbers() {
        assert_eq!([Exit::Done, Exit::Failed, Exit::Usage].map(Exit::number), [0, 1, 2]);
        assert_eq!(Exit::Failed.report(), ExitCode::from(1));
    }
}
