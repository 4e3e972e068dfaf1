//! The arguments, as DESIGN section 8 fixes them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vrs_disclosure::request::CellRef;
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;

use crate::national::{AgencyCode, Rule};
use crate::node::{TOKEN_DAYS_MAX, read_cell};
use crate::roles::Role;

/// The node of one participant: national figures, and what leaves of them.
#[derive(Debug, Parser)]
#[command(name = "vrs-node", version)]
pub(super) struct Arguments {
    /// Folder of the node: settings, database and keys.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Answer in JSON on standard output.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// A form and a period.
#[derive(Debug, Clone, Args)]
pub(super) struct Subject {
    /// Form, such as IE_CIT.
    pub(super) form: FormCode,
    /// Period, such as 2021, 2021-S1, 2021-Q1 or 2021-03.
    pub(super) period: Period,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a node: settings, database and keys.
    Init(Init),
    /// Join a region with the invite of its hub; without one, go on with a join that was interrupted.
    Join {
        /// The invite, one word.
        invite: Option<String>,
    },
    /// Keep the link to the hub and serve the console until SIGTERM or Ctrl-C.
    Run,
    /// Look at settings, keys, certificate, database and link; says what to do.
    Check {
        /// The contradiction of the hub is cleared up with the others: believe it again, if it continues what this node has.
        #[arg(long)]
        settle: bool,
    },
    /// The region's rules.
    Charter {
        #[command(subcommand)]
        command: Charter,
    },
    /// The questionnaire: which version holds for which years, and what one asks otherwise than another.
    Catalogue {
        #[command(subcommand)]
        command: Option<Catalogue>,
    },
    /// Agencies that deliver figures.
    Agency {
        #[command(subcommand)]
        command: Agency,
    },
    /// Persons who may sign in.
    Account {
        #[command(subcommand)]
        command: Account,
    },
    /// Take in a file of figures, whole or not at all.
    Import(Import),
    /// Let the agencies that deliver a form see each other's figures of it, each for the periods it has delivered for.
    Between {
        /// The form.
        form: FormCode,
        /// Why.
        #[arg(long, required_unless_present = "end")]
        reason: Option<String>,
        /// Each agency sees only its own figures again.
        #[arg(long, conflicts_with = "reason")]
        end: bool,
        #[command(flatten)]
        who: Who,
    },
    /// Take an import back: what the agency had delivered before is in force again.
    TakeBack {
        /// The number of the import, as `import` and the page Bring a file say it.
        import: i64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// The national table of a form and period.
    Table {
        #[command(flatten)]
        subject: Subject,
        /// Print the canonical CSV, which 'import' reads.
        #[arg(long)]
        csv: bool,
        /// Say where each figure comes from: agency, file and line.
        #[arg(long, conflicts_with = "csv")]
        origins: bool,
    },
    /// What to look at before a table is released.
    Findings {
        #[command(flatten)]
        subject: Subject,
        /// Say that those which need a reason are right as they are; they are silent until the figures change.
        #[arg(long, requires_all = ["reason", "account"])]
        accept: bool,
        /// Why they are right.
        #[arg(long, requires = "accept")]
        reason: Option<String>,
        #[command(flatten)]
        who: PerhapsWho,
    },
    /// Decide how the figures of several agencies make the national table.
    Decide(Decide),
    /// Close a period, open it again, or let an agency deliver late.
    Period {
        #[command(subcommand)]
        command: PeriodCommand,
    },
    /// The release desk.
    Release {
        #[command(subcommand)]
        command: Release,
    },
    /// Exchange with the hub now: send, mirror, erase, read.
    Sync,
    /// What others share of a form and period, as it was read.
    Read {
        #[command(flatten)]
        subject: Subject,
        /// Only this participant's table.
        #[arg(long, value_name = "CODE")]
        participant: Option<ParticipantCode>,
        /// Print the canonical CSV.
        #[arg(long)]
        csv: bool,
    },
    /// The region for a form and period, over what may be seen here.
    Overview {
        #[command(flatten)]
        subject: Subject,
    },
    /// Why something can be read or not, and what would unlock it.
    Why {
        #[command(flatten)]
        subject: Subject,
        /// Only about this participant's figures.
        #[arg(long, value_name = "CODE")]
        participant: Option<ParticipantCode>,
    },
    /// Who was served what: of ours, and to us.
    Servings,
    /// Judge the whole ledger again.
    Audit,
    /// The audit trail: who did what at this node.
    Acts {
        #[command(subcommand)]
        command: Acts,
    },
    /// Write what somebody else's COSE and SCITT software needs to verify a release.
    Evidence {
        /// Line of the release in the ledger, or SHA-256 of its statement; not its number at the desk. 'release list' and
        /// 'release show' print the line of our own, 'read' that of others.
        release: String,
        /// Folder to write to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The body too, while it may be read.
        #[arg(long)]
        with_body: bool,
    },
    /// Write everything this node holds as CSV files.
    Export {
        /// The format.
        #[arg(long, value_enum)]
        format: ExportFormat,
        /// Folder to write to.
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    /// Write the whole database into one file.
    Backup {
        /// The file to write.
        file: PathBuf,
    },
    /// Fill an empty database from a backup.
    Restore {
        /// The file to read.
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// Comma-separated values (RFC 4180), UTF-8.
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Code of the participant, as the hub will invite it.
    #[arg(long, value_name = "CODE")]
    pub(super) participant: ParticipantCode,
    /// Display name; without it the country's.
    #[arg(long, default_value = "")]
    pub(super) name: String,
    /// What the participant is: state, territory or organisation.
    #[arg(long, default_value = "state", value_parser = kind)]
    pub(super) kind: ParticipantKind,
    /// Address and TCP port of the console.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7080")]
    pub(super) console: SocketAddr,
}

fn kind(text: &str) -> Result<ParticipantKind, String> {
    match text {
        "state" => Ok(ParticipantKind::State),
        "territory" => Ok(ParticipantKind::Territory),
        "organisation" => Ok(ParticipantKind::Organisation),
        _ => Err("write state, territory or organisation".into()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Catalogue {
    /// The versions this program carries, and for which years each holds.
    List,
    /// What a version asks otherwise than an older one, and whom of our agencies it concerns. Without versions: the last change
    /// in the region.
    Changes {
        /// The older version, such as 2026.1.
        #[arg(requires = "new")]
        old: Option<String>,
        /// The newer version.
        new: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Charter {
    /// The Charter in force, and who accepted it here.
    Show,
    /// Accept the Charter in force; nothing is released under one that was not accepted.
    Accept {
        #[command(flatten)]
        who: Who,
    },
}

/// The person behind a command; the password comes from the terminal or from the file in VRS_PASSWORD_FILE, the code of a second
/// factor from the terminal or from VRS_CODE.
#[derive(Debug, Clone, Args)]
pub(super) struct Who {
    /// Account that acts.
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub(super) account: String,
}

/// The person behind a command that changes nothing: whoever may use the folder may look. One who is named is checked.
#[derive(Debug, Clone, Args)]
pub(super) struct PerhapsWho {
    /// Account that looks; its password is asked for.
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Make a token. It is shown once, on standard output.
    Make {
        /// Short code of the agency, such as BG.
        agency: AgencyCode,
        /// What it is for, such as "nightly delivery".
        #[arg(long)]
        name: String,
        /// Days until it ends, at most 365.
        #[arg(long, default_value_t = TOKEN_DAYS_MAX)]
        days: u64,
    },
    /// The tokens of an agency.
    List {
        /// Short code of the agency, such as BG.
        agency: AgencyCode,
    },
    /// End a token.
    End {
        /// Short code of the agency, such as BG.
        agency: AgencyCode,
        /// The public part of the token, as the list shows it.
        token: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Agency {
    /// Add an agency.
    Add {
        /// Short code, such as BG.
        code: AgencyCode,
        /// Its name.
        #[arg(long)]
        name: Option<String>,
    },
    /// Say which forms an agency's contributors bring from now on; those not named they bring no longer.
    Assign {
        /// Short code, such as BG.
        code: AgencyCode,
        /// Forms, such as IE_CIT IE_TOT; none with --none.
        #[arg(required_unless_present_any = ["all", "none"])]
        forms: Vec<FormCode>,
        /// Every form of the questionnaire.
        #[arg(long, conflicts_with_all = ["forms", "none"])]
        all: bool,
        /// No form any more.
        #[arg(long, conflicts_with = "forms")]
        none: bool,
        /// Beside those it has, instead of in their place.
        #[arg(long, conflicts_with_all = ["all", "none"])]
        also: bool,
    },
    /// Name an agency anew, and note whom to ask there.
    Change {
        /// Short code, such as BG.
        code: AgencyCode,
        /// Its name; without it the name stays.
        #[arg(long)]
        name: Option<String>,
        /// Whom to ask there; without it the note stays.
        #[arg(long)]
        contact: Option<String>,
    },
    /// Tokens, with which programs of an agency deliver files and read what it delivered.
    Token {
        #[command(subcommand)]
        command: Token,
    },
    /// All agencies with their forms.
    List,
}

#[derive(Debug, Subcommand)]
pub(super) enum PeriodCommand {
    /// Close it, and every period inside it: no file, sheet or decision changes a figure of it any more.
    Lock {
        /// Period, such as 2021, 2021-S1, 2021-Q1 or 2021-03.
        period: Period,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        who: Who,
    },
    /// Open it again.
    Unlock {
        /// Period.
        period: Period,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        who: Who,
    },
    /// Let an agency deliver for a closed period.
    Except {
        /// Period.
        period: Period,
        /// The agency.
        agency: AgencyCode,
        /// The last day, as 2026-11-27.
        #[arg(long, value_name = "DAY", value_parser = crate::calendar::read_day)]
        until: (u16, u8, u8),
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        who: Who,
    },
    /// What is closed, and to whom not.
    List,
}

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Add a person; the password comes from the terminal or from the file in VRS_PASSWORD_FILE.
    Add {
        /// Name to sign in with.
        name: String,
        /// What the person may do; may be given several times.
        #[arg(long = "role", required = true, value_parser = Role::parse)]
        roles: Vec<Role>,
        /// The agency a contributor delivers for.
        #[arg(long)]
        agency: Option<AgencyCode>,
        /// What the person is called; without it the name.
        #[arg(long)]
        display_name: Option<String>,
    },
    /// All persons.
    List,
    /// End a person's right to sign in.
    Disable {
        /// Name to sign in with.
        name: String,
    },
    /// Give the right to sign in back.
    Enable {
        /// Name to sign in with.
        name: String,
    },
    /// Set a new password for somebody who forgot it; who is signed in under the name is signed out. The password comes from
    /// the terminal or from the file in VRS_PASSWORD_FILE.
    Password {
        /// Name to sign in with.
        name: String,
    },
    /// Say anew what a person may do; who is signed in under the name is signed out.
    Roles {
        /// Name to sign in with.
        name: String,
        /// What the person may do; may be given several times.
        #[arg(long = "role", required = true, value_parser = Role::parse)]
        roles: Vec<Role>,
        /// The agency a contributor delivers for.
        #[arg(long)]
        agency: Option<AgencyCode>,
    },
    /// Sign a person out everywhere.
    EndSessions {
        /// Name to sign in with.
        name: String,
    },
    /// Take the second factor of a person away who lost the device and the recovery codes.
    ResetSecondFactor {
        /// Name to sign in with.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Acts {
    /// Write every act into a file, one JSON object a line, each with the hash of the one before.
    Export {
        /// The file to write.
        file: PathBuf,
    },
    /// Check an exported file; needs no node.
    Verify {
        /// The file to check.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file: canonical CSV, a workbook of the console that was filled in, or any CSV or workbook with a mapping.
    pub(super) file: PathBuf,
    /// Whose figures it holds.
    #[arg(long)]
    pub(super) agency: AgencyCode,
    /// Refuse the file if it holds another form.
    #[arg(long, requires = "period")]
    pub(super) form: Option<FormCode>,
    /// Refuse the file if it holds another period.
    #[arg(long, requires = "form")]
    pub(super) period: Option<Period>,
    /// How to read a foreign layout; see MAPPINGS.md.
    #[arg(long, value_name = "M.toml", conflicts_with_all = ["form", "period"])]
    pub(super) mapping: Option<PathBuf>,
    /// How the figures were counted, for a canonical CSV: a TOML file with the metadata block.
    #[arg(long, value_name = "FILE")]
    pub(super) metadata: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Decide {
    #[command(flatten)]
    pub(super) subject: Subject,
    /// 'sum'; 'prefer AGENCY' as one word: prefer:BG; or each case of these agencies once: cases:BG,POLICE. About a case that
    /// several have, the one named first is right.
    #[arg(long, value_parser = Rule::parse, required_unless_present = "cell")]
    pub(super) rule: Option<Rule>,
    /// With cases: decide so for every table of the topic and year that these agencies have cases for, so that totals agree.
    #[arg(long, requires = "rule", conflicts_with = "keep")]
    pub(super) whole_year: bool,
    /// Keep the largest rows of a list, the rest in "other".
    #[arg(long, value_name = "ROWS", requires = "rule")]
    pub(super) keep: Option<u16>,
    /// Instead: set one cell by hand; its codes, as AFG or SEA/AFG, or total.
    #[arg(long, value_name = "CODES", conflicts_with = "rule")]
    pub(super) cell: Option<String>,
    /// The national figure of that cell, as typed into a sheet: 1234, '1234 P', '<5', or the letter of a reason, as L.
    #[arg(long, requires = "cell", required_unless_present_any = ["rule", "take_back"])]
    pub(super) figure: Option<String>,
    /// Let the rule count again for that cell.
    #[arg(long, requires = "cell", conflicts_with = "figure")]
    pub(super) take_back: bool,
    /// Why. May be left out for a rule where the agencies do not contradict each other.
    #[arg(long, default_value = "")]
    pub(super) reason: String,
    #[command(flatten)]
    pub(super) who: Who,
}

#[derive(Debug, Subcommand)]
pub(super) enum Release {
    /// Fix exactly what would leave, and show it.
    Prepare {
        #[command(flatten)]
        subject: Subject,
        /// Further tables that are decided together: FORM:PERIOD, separated by commas.
        #[arg(long, value_delimiter = ',', value_parser = table)]
        with: Vec<(FormCode, Period)>,
        /// keep, totals, contributors, or named:GBR,FRA.
        #[arg(long, value_parser = AudienceChoice::parse)]
        audience: AudienceChoice,
        /// Do not derive longer periods that become complete.
        #[arg(long)]
        no_derived: bool,
        /// Hide a cell that is not small and protect it like one: FORM:PERIOD:CODES, such as IE_MOD:2021:SEA/AFG; may be given
        /// several times.
        #[arg(long, value_name = "CELL", value_parser = read_cell, requires = "reason")]
        withhold: Vec<CellRef>,
        /// Why cells are withheld; it stays in this node.
        #[arg(long)]
        reason: Option<String>,
        /// Embargo: signed when it is approved, and held here until this day begins, such as 2026-12-24.
        #[arg(long, value_name = "DAY")]
        embargo: Option<String>,
        /// Why what was released before changes; asked for with a revision, and kept in this node.
        #[arg(long, value_name = "TEXT")]
        because: Option<String>,
        /// Hold small corrections of what left before back, or show them where a table changes by more, and mark the table as
        /// provisional.
        #[arg(long)]
        provisional: bool,
        /// Prepare it although cells can be worked out, and say why; the second person says why too.
        #[arg(long, value_name = "TEXT")]
        despite_open: Option<String>,
        #[command(flatten)]
        who: Who,
    },
    /// Approve what another person prepared; it is signed and sent.
    Approve {
        /// Number of the release.
        id: i64,
        /// Why it shall leave although cells can be worked out, where the preparer asks for that; you take it upon yourself.
        #[arg(long, value_name = "TEXT")]
        despite_open: Option<String>,
        #[command(flatten)]
        who: Who,
    },
    /// All releases and where they are.
    List {
        #[command(flatten)]
        who: PerhapsWho,
    },
    /// Exactly what leaves, or left.
    Show {
        /// Number of the release.
        id: i64,
        #[command(flatten)]
        who: PerhapsWho,
    },
    /// Take a release back.
    Withdraw {
        /// Number of the release.
        id: i64,
        /// What the others are told.
        #[arg(long, value_enum, default_value = "unstated")]
        reason: Reason,
        #[command(flatten)]
        who: Who,
    },
    /// Open current releases to participants admitted after them.
    Extend {
        /// Numbers of the releases.
        ids: Vec<i64>,
        /// To whom.
        #[arg(long, value_delimiter = ',', required = true)]
        to: Vec<ParticipantCode>,
        #[command(flatten)]
        who: Who,
    },
}

fn table(text: &str) -> Result<(FormCode, Period), String> {
    let (form, period) = text.split_once(':').ok_or("write FORM:PERIOD, such as IE_TOT:2021")?;
    Ok((
        FormCode::parse(form).map_err(|error| error.to_string())?,
        Period::parse(period).map_err(|error| error.to_string())?,
    ))
}

/// What the others are told about a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Reason {
    /// No reason is given.
    Unstated,
    /// The figures were wrong.
    Wrong,
    /// It was released by mistake.
    Mistake,
    /// The state no longer shares this form.
    NoLongerShared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_on_a_release_takes_an_account() {
        let read = |line: &str| Arguments::try_parse_from(line.split(' ')).is_ok();
        for command in
            ["prepare IE_TOT 2021 --audience totals", "approve 1", "list", "show 1", "withdraw 1", "extend 1 --to FRA"]
        {
            assert!(read(&format!("vrs-node release {command} --as ana")), "{command}");
        }
        assert!(read("vrs-node release list") && read("vrs-node release show 1"), "whoever has the folder may look");
        assert!(!read("vrs-node release approve 1"));
    }
}
