//! The arguments, as DESIGN section 8 fixes them. What is malformed is wrong usage, so words become types here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vrs_protocol::id::{FormCode, ParticipantCode, TopicCode};
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;

use crate::roles::Role;

/// The hub of a region for the mutual sharing of figures.
#[derive(Debug, Parser)]
#[command(name = "vrs-hub", version)]
pub(super) struct Arguments {
    /// Folder of the hub: settings, database and keys.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Answer in JSON on standard output.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Begin a region: keys, authority, database, first Charter and first administrator.
    Init(Init),
    /// Serve nodes and the console until SIGTERM or Ctrl-C.
    Run,
    /// Look at settings, keys, certificates, ledger and alarms; says what to do.
    Check {
        /// Settle all alarms: you have decided that the hub goes on with the ledger it has.
        #[arg(long)]
        settle: bool,
    },
    /// Invite, admit, list, suspend and resume participants.
    Participant {
        #[command(subcommand)]
        command: Participant,
    },
    /// Persons who may sign in at the console.
    Account {
        #[command(subcommand)]
        command: Account,
    },
    /// The region's rules.
    Charter {
        #[command(subcommand)]
        command: Charter,
    },
    /// The live overview of a form and period; for the hub only.
    Overview {
        /// Form, such as IE_CIT.
        form: FormCode,
        /// Period, such as 2021, 2021-S1, 2021-Q1 or 2021-03.
        period: Period,
    },
    /// Overviews frozen and signed.
    Edition {
        #[command(subcommand)]
        command: Edition,
    },
    /// Write what the hub may show as files: who reported what, open figures, sums of blocks, the ledger.
    Export {
        /// Format of the files.
        #[arg(long, value_enum)]
        format: ExportFormat,
        /// Folder for the files; it is made where there is none.
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    /// List lines of the ledger.
    Ledger {
        /// First line.
        #[arg(long, default_value_t = 0, value_name = "N")]
        from: u64,
    },
    /// Judge every stored line, checkpoint and body again.
    Audit,
    /// Write the database into one file; it may be in use.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Read a backup into an empty database.
    Restore {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Name of the region.
    #[arg(long, value_name = "NAME")]
    pub(super) region: String,
    /// Address and UDP port at which nodes call.
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<SocketAddr>,
    /// Address and TCP port of the web console.
    #[arg(long, value_name = "ADDR")]
    pub(super) console: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Participant {
    /// Make an invite: one word for the participant, with a one-time secret in it.
    Invite {
        /// Code, such as AUS or PIDC.
        code: ParticipantCode,
        /// Display name; the country's where it is not given.
        #[arg(long)]
        name: Option<String>,
        /// What it is.
        #[arg(long, value_enum, default_value_t = Kind::State)]
        kind: Kind,
        /// Code of the participant it belongs to.
        #[arg(long, value_name = "CODE")]
        parent: Option<ParticipantCode>,
    },
    /// Admit the node whose fingerprint you have compared by telephone.
    Admit {
        /// Code it was invited as.
        code: ParticipantCode,
        /// The fingerprint the participant reads out.
        #[arg(long, value_name = "F")]
        fingerprint: String,
    },
    /// Participants, requests to be admitted, and open invites.
    List,
    /// Let a participant's rights rest; from then on its node is answered only what it needs to erase.
    Suspend {
        /// Its code.
        code: ParticipantCode,
    },
    /// Give a participant its rights back.
    Resume {
        /// Its code.
        code: ParticipantCode,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// A state.
    State,
    /// A territory.
    Territory,
    /// An organisation.
    Organisation,
}

impl From<Kind> for ParticipantKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::State => Self::State,
            Kind::Territory => Self::Territory,
            Kind::Organisation => Self::Organisation,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Add a person. The password is asked at the terminal, or read from the file VRS_PASSWORD_FILE names.
    Add {
        /// Name to sign in with.
        name: String,
        /// What the person may do; several are given by repeating the flag.
        #[arg(long = "role", value_enum, required = true)]
        roles: Vec<Role>,
        /// How pages call the person.
        #[arg(long, default_value = "")]
        display_name: String,
    },
    /// All accounts.
    List,
    /// End a person's right to sign in.
    Disable {
        /// The name.
        name: String,
    },
    /// Give the right to sign in back.
    Enable {
        /// The name.
        name: String,
    },
    /// Set a new password for somebody who forgot it; who is signed in under the name is signed out. The password is asked at
    /// the terminal, or read from the file VRS_PASSWORD_FILE names.
    Password {
        /// The name.
        name: String,
    },
    /// Sign a person out everywhere.
    EndSessions {
        /// The name.
        name: String,
    },
    /// Take the second factor of a person away who lost the device and the recovery codes.
    ResetSecondFactor {
        /// The name.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Charter {
    /// Print the Charter in force as a file that 'set' reads.
    Show,
    /// Put a Charter in force. Nodes release nothing under it before their operators have accepted it.
    Set {
        /// The file.
        file: PathBuf,
    },
    /// Without a version: the catalogues this program carries, and which holds for which years. With one: put the Charter in
    /// force that follows it from a year on, and is otherwise as before.
    Catalogue {
        /// The version, such as 2027.1.
        #[arg(requires = "from")]
        version: Option<String>,
        /// The first period it holds for, which begins a calendar year: 2027, 2027-S1, 2027-Q1 or 2027-01.
        #[arg(long, value_name = "PERIOD", requires = "version")]
        from: Option<Period>,
        /// What the Charter is called from now on.
        #[arg(long, value_name = "TEXT", requires = "version")]
        title: Option<String>,
        /// Only show what would be asked otherwise.
        #[arg(long, requires = "version")]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Edition {
    /// Write an edition for each topic and year about which there is something new to say.
    Compile {
        /// This topic only, such as IE.
        #[arg(long, value_name = "T")]
        topic: Option<TopicCode>,
        /// This calendar year only.
        #[arg(long, value_name = "Y")]
        year: Option<u16>,
    },
    /// All editions.
    List,
    /// One edition with its blocks.
    Show {
        /// Its number, as 'list' shows it.
        number: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// Comma-separated values.
    Csv,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_those_of_the_contract() {
        Arguments::command().debug_assert();
        let names: Vec<String> =
            Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let contract = [
            "init",
            "run",
            "check",
            "participant",
            "account",
            "charter",
            "overview",
            "edition",
            "export",
            "ledger",
            "audit",
            "backup",
            "restore",
        ];
        assert_eq!(names, contract);
        for line in [
            "vrs-hub init --region Demo --listen 127.0.0.1:0 --json",
            "vrs-hub --dir x participant admit AUS --fingerprint 0-1",
            "vrs-hub account add eve --role analyst --role auditor",
        ] {
            assert!(Arguments::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
        assert!(Arguments::try_parse_from(["vrs-hub", "account", "add", "eve"]).is_err());
        for line in [
            "vrs-hub init --region Demo --listen here",
            "vrs-hub init --region Demo --console 127.0.0.1",
            "vrs-hub participant invite aus",
            "vrs-hub participant invite AUS --parent x",
            "vrs-hub participant admit 1 --fingerprint 0-1",
            "vrs-hub participant suspend a-b",
            "vrs-hub overview 2021 IE_CIT",
            "vrs-hub overview IE_CIT 2021-Q5",
            "vrs-hub edition compile --topic ?",
        ] {
            let refused = Arguments::try_parse_from(line.split(' ')).expect_err(line);
            assert_eq!(refused.exit_code(), 2, "{line}: {refused}");
        }
    }
}
