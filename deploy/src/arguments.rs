//! The command line of `vrs-demo`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Starts a region of one hub and ten nodes on this machine, on published figures, and tells what happens in it.
#[derive(Debug, Clone, Parser)]
#[command(name = "vrs-demo", version)]
pub(crate) struct Arguments {
    /// Folder for the region; it must be empty or not there. Default: a temporary one that is removed at the end.
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
    /// Ends when the story is told, instead of keeping the region running.
    #[arg(long)]
    pub(crate) exit: bool,
    /// Prints one JSON object on standard output instead of the story in words.
    #[arg(long)]
    pub(crate) json: bool,
    /// Lives as one program of the region; the demo starts itself again with it.
    #[arg(long = "as", hide = true, requires = "dir")]
    pub(crate) run_as: Option<As>,
}

impl Arguments {
    /// Reads the command line. `cargo demo` ends in `--` for cargo; one more from whoever types `cargo demo -- --exit` says
    /// nothing.
    pub(crate) fn read(given: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut given = given.into_iter();
        let program = given.next();
        let rest = given.enumerate().filter(|(place, word)| *place > 0 || word != "--").map(|(_, word)| word);
        Self::try_parse_from(program.into_iter().chain(rest))
    }
}

/// A program of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// The hub.
    Hub,
    /// A node.
    Node,
}

impl As {
    /// As it is written on the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Node => "node",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_two_ways_to_call_it_are_understood() {
        for given in [vec!["vrs-demo", "--exit", "--json"], vec!["vrs-demo", "--", "--exit", "--json"]] {
            let arguments = Arguments::read(given.into_iter().map(OsString::from)).unwrap();
            assert!(arguments.exit && arguments.json && arguments.dir.is_none());
        }
        for what in [As::Hub, As::Node] {
            let child = Arguments::try_parse_from(["vrs-demo", "--as", what.word(), "--dir", "d"]).unwrap();
            assert_eq!(child.run_as, Some(what));
        }
        assert!(Arguments::try_parse_from(["vrs-demo", "--as", "hub"]).is_err());
    }
}
