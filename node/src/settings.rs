//! The node's settings, in `vrs.toml`: each key with its default. Read in layers (file, then `VRS_…` environment, then
//! flags); unknown keys are refused. Secrets stand in files of their own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::ParticipantKind;
use vrs_runtime::link::LinkSettings;
use vrs_runtime::logging::LogSettings;
use vrs_runtime::settings::{self, Loaded, Sources};

use crate::error::Result;
use crate::roles::Role;

/// Environment variables that begin as settings do and are none.
pub const NOT_SETTINGS: &[&str] = &["VRS_PASSWORD_FILE", "VRS_CODE", "VRS_TEST_POSTGRES"];

/// Everything an operator can set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Code of the participant, as it was invited: `GBR`, `PIDC`.
    pub participant: ParticipantCode,
    /// Display name; empty: the country's name.
    #[serde(default)]
    pub name: String,
    /// `state`, `territory` or `organisation`.
    #[serde(default = "state")]
    pub kind: ParticipantKind,
    /// `sqlite:PATH` relative to this folder, or `postgres://…`.
    #[serde(default = "database")]
    pub database: String,
    /// A file with the address of the database, where that holds a password. Counts before `database`.
    #[serde(default)]
    pub database_file: Option<PathBuf>,
    /// The web console.
    #[serde(default)]
    pub console: ConsoleSettings,
    /// The hub.
    #[serde(default)]
    pub hub: HubSettings,
    /// The link to the hub.
    #[serde(default)]
    pub link: LinkSection,
    /// Disclosure control.
    #[serde(default)]
    pub disclosure: DisclosureSettings,
    /// The calendar.
    #[serde(default)]
    pub calendar: CalendarSettings,
    /// The log.
    #[serde(default)]
    pub log: LogSettings,
}

/// The calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarSettings {
    /// Days after a period's end by which its figures are due. Counts until the node has a Charter, which says it for everybody.
    pub due_days: u16,
}

/// Disclosure control: where its policy differs from the one that ships.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisclosureSettings {
    /// Number of the policy, as the manifest of each release names it: 1 is the one that ships, a policy with rules of its own
    /// has another, from 2 on.
    pub policy: u16,
    /// What differs. The first rule that names a topic counts for it, then the one for every topic.
    pub rules: Vec<DisclosureRule>,
}

/// A rule of the policy that differs from the one that ships.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisclosureRule {
    /// Code of the topic, such as `IE`; not set: every topic.
    pub topic: Option<String>,
    /// Counts below this, and above zero, are hidden. At least 2; not set: as shipped.
    pub below: Option<u32>,
    /// Two figures that differ by this much must stay possible for each hidden small count. Not set: `below` less 1.
    pub width: Option<u32>,
    /// The figures are published already: nothing is small.
    pub published: bool,
    /// Why. A rule without a reason is refused.
    pub reason: String,
}

/// The web console.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleSettings {
    /// Where it listens. Without TLS of its own it belongs on the loopback address, behind a proxy.
    pub listen: SocketAddr,
    /// Whether a proxy on the same machine ends TLS in front of it.
    pub behind_tls: bool,
    /// Sentence on the classification of what is shown; empty: none.
    pub classification: String,
    /// Notice on the sign-in page; empty: none.
    pub sign_in_notice: String,
    /// Time zone instants are shown in, such as `Europe/London`.
    pub zone: String,
    /// Language of pages for who chose none and whose browser asks for none of ours: `en`, `fr`, or one of the files in
    /// `translations/` beside the configuration.
    pub language: String,
    /// Roles that nobody uses without a second factor: who has one of them sets it up at the next sign-in at the console.
    /// Whoever has set one up is always asked for it.
    pub second_factor_for: Vec<Role>,
    /// Marks every page as test data.
    pub test_data: bool,
}

/// The hub.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HubSettings {
    /// Where it listens now, `host:port`, when it has moved since the node joined.
    pub address: Option<String>,
}

/// The link to the hub.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkSection {
    /// Lets a classical key exchange pass, for a network that drops the larger post-quantum greeting.
    pub allow_classical: bool,
    /// Lets the kernel cut large sends into packets.
    pub segmentation_offload: bool,
    /// Makes all packets equally long.
    pub pad_packets: bool,
}

const fn state() -> ParticipantKind {
    ParticipantKind::State
}

fn database() -> String {
    "sqlite:vrs.db".to_owned()
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7080)),
            behind_tls: false,
            classification: String::new(),
            sign_in_notice: String::new(),
            zone: "UTC".to_owned(),
            language: "en".to_owned(),
            second_factor_for: vec![Role::Approver, Role::Administrator],
            test_data: false,
        }
    }
}

impl Default for DisclosureSettings {
    fn default() -> Self {
        Self { policy: crate::protection::policy::SHIPPED, rules: Vec::new() }
    }
}

impl Default for CalendarSettings {
    fn default() -> Self {
        Self { due_days: 45 }
    }
}

impl Default for LinkSection {
    fn default() -> Self {
        let LinkSettings { segmentation_offload, pad_packets } = LinkSettings::default();
        Self { allow_classical: false, segmentation_offload, pad_packets }
    }
}

impl Settings {
    /// Reads the settings of the node in `dir`.
    ///
    /// # Errors
    /// Names the key, where it stands, and what is accepted.
    pub fn load(dir: &Path, flags: Vec<(String, String)>) -> Result<Loaded<Self>> {
        Ok(settings::load(&Sources::of_machine(dir, flags, NOT_SETTINGS))?)
    }

    /// The address of the database.
    ///
    /// # Errors
    /// When it stands in a file that cannot be read.
    pub fn database_url(&self, dir: &Path) -> Result<String> {
        match &self.database_file {
            Some(file) => Ok(settings::read_secret_text(dir, file)?.to_string()),
            None => Ok(self.database.clone()),
        }
    }
}

/// The first `vrs.toml` of a node.
#[must_use]
pub fn first_file(code: &ParticipantCode, name: &str, kind: ParticipantKind, console: SocketAddr) -> String {
    let kind = match kind {
        ParticipantKind::State => "state",
        ParticipantKind::Territory => "territory",
        ParticipantKind::Organisation => "organisation",
    };
    // A TOML basic string is written like a JSON string.
    let name = serde_json::Value::from(name);
    format!(
        "# Settings of this node. Every key can also be given as VRS_KEY in the environment (console.listen: \
         VRS_CONSOLE__LISTEN).\n\
         participant = \"{code}\"\n\
         name = {name}\n\
         kind = \"{kind}\"\n\
         \n\
         # Relative to this folder, or postgres://user@host/database; with a password: database_file = \"keys/database\".\n\
         database = \"sqlite:vrs.db\"\n\
         \n\
         [console]\n\
         listen = \"{console}\"\n"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_first_file_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let code = ParticipantCode::parse("CIV").unwrap();
        let listen: SocketAddr = "127.0.0.1:9000".parse().unwrap();
        let text = first_file(&code, "Côte \"d'Ivoire\"", ParticipantKind::Territory, listen);
        std::fs::write(folder.path().join(settings::FILE_NAME), text).unwrap();
        let sources = Sources { dir: folder.path().to_owned(), ..Sources::default() };
        let loaded: Settings = settings::load(&sources).unwrap().settings;
        assert_eq!((loaded.participant, loaded.name.as_str()), (code, "Côte \"d'Ivoire\""));
        assert_eq!((loaded.kind, loaded.console.listen), (ParticipantKind::Territory, listen));
        assert_eq!(loaded.database_file, None);
    }

    #[test]
    fn a_mistyped_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(settings::FILE_NAME), "participant = \"AUS\"\n[console]\nlissen = 1\n")
            .unwrap();
        let sources = Sources { dir: folder.path().to_owned(), ..Sources::default() };
        let refused = settings::load::<Settings>(&sources).unwrap_err().to_string();
        assert!(refused.contains("console.lissen"), "{refused}");
    }
}
