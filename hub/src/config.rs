//! The hub's settings: `vrs.toml` < `VRS_…` environment < flags. Every key has a default; unknown keys are refused.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vrs_runtime::files::{self, FileError};
use vrs_runtime::link::{LinkSettings, Rate};
use vrs_runtime::logging::LogSettings;
use vrs_runtime::settings::{self, FILE_NAME, Loaded, SettingsError, Sources};
use vrs_runtime::tls::KeyExchange;

use crate::roles::Role;

/// Environment variables that begin like settings and are none.
pub const NOT_SETTINGS: &[&str] = &["VRS_PASSWORD_FILE"];

/// The hub's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and UDP port at which nodes call. Default `0.0.0.0:7443`.
    pub listen: SocketAddr,
    /// What invites tell nodes to call: `host:port`. Default: the value of `listen`, which is right on one machine only.
    pub address: Option<String>,
    /// Address and TCP port of the web console, for a reverse proxy on the same machine. Default `127.0.0.1:7480`.
    pub console: SocketAddr,
    /// The database: `sqlite:PATH`, relative to the hub's folder, or `postgres://…`. Default `sqlite:hub.db`.
    pub database: String,
    /// A file for its owner only that holds the address of the database instead, for one with a password in it.
    pub database_file: Option<PathBuf>,
    /// Seconds between two looks for what other processes did: commands of the operator, revoked certificates. Default 1.
    pub follow_secs: u64,
    /// How much one participant may ask.
    pub rate: RateSettings,
    /// The link.
    pub link: LinkConfig,
    /// What the web console shows around its pages.
    pub pages: PagesSettings,
    /// The log.
    pub log: LogSettings,
}

/// What the web console shows around its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PagesSettings {
    /// A reverse proxy on the same machine ends TLS in front of the console. Default false: plain HTTP, for this machine only.
    pub behind_tls: bool,
    /// Sentence after "Classification:" on every page. Default empty: none.
    pub classification: String,
    /// Notice on the sign-in page. Default empty.
    pub sign_in_notice: String,
    /// Time zone instants are shown in, such as `Asia/Bangkok`. Default `UTC`.
    pub zone: String,
    /// Language of pages for who chose none and whose browser asks for none of ours: `en`, `fr`, or one of the files in
    /// `translations/` beside the configuration. Default `en`.
    pub language: String,
    /// Roles that nobody uses without a second factor: who has one of them sets it up at the next sign-in at the console.
    /// Whoever has set one up is always asked for it. Default `["approver", "administrator"]`.
    pub second_factor_for: Vec<Role>,
    /// The figures are published statistics for a demonstration: every page says so. Default false.
    pub test_data: bool,
}

impl Default for PagesSettings {
    fn default() -> Self {
        Self {
            behind_tls: false,
            classification: String::new(),
            sign_in_notice: String::new(),
            zone: "UTC".into(),
            language: "en".into(),
            second_factor_for: vec![Role::Approver, Role::Administrator],
            test_data: false,
        }
    }
}

/// How much one participant may ask: `burst` requests at once, then `per_minute`; and how much of that may be declarations,
/// which stay in everybody's ledger for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateSettings {
    /// Requests that can be saved up. Default 2,000: a node that was away for a month catches up at once.
    pub burst: u32,
    /// Requests that come back in a minute. Default 6,000: a hundred a second is far more than a ministry asks.
    pub per_minute: u32,
    /// Withdrawals, extensions, erasures, objections and key events that can be saved up. Default 200: a whole year is withdrawn
    /// at once.
    pub declarations_burst: u32,
    /// Declarations that come back in a minute. Default 20.
    pub declarations_per_minute: u32,
}

/// What an operator may have to change for a peculiar network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkConfig {
    /// Also accepts X25519 without ML-KEM-768, for a network that drops the larger first message. Default false.
    pub classical_key_exchange: bool,
    /// Lets the kernel cut large sends into packets. Some cloud hosts claim to be able and are not. Default true.
    pub segmentation_offload: bool,
    /// Makes all packets equally long, so that lengths do not show on the path. Default false.
    pub pad_packets: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 7443)),
            address: None,
            console: SocketAddr::from((Ipv4Addr::LOCALHOST, 7480)),
            database: "sqlite:hub.db".into(),
            database_file: None,
            follow_secs: 1,
            rate: RateSettings::default(),
            link: LinkConfig::default(),
            pages: PagesSettings::default(),
            log: LogSettings::default(),
        }
    }
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { burst: 2_000, per_minute: 6_000, declarations_burst: 200, declarations_per_minute: 20 }
    }
}

impl Default for LinkConfig {
    fn default() -> Self {
        let LinkSettings { segmentation_offload, pad_packets } = LinkSettings::default();
        Self { classical_key_exchange: false, segmentation_offload, pad_packets }
    }
}

impl From<RateSettings> for Rate {
    fn from(rate: RateSettings) -> Self {
        Self { burst: rate.burst, per_minute: rate.per_minute }
    }
}

impl RateSettings {
    pub(crate) const fn declarations(self) -> Rate {
        Rate { burst: self.declarations_burst, per_minute: self.declarations_per_minute }
    }
}

impl LinkConfig {
    pub(crate) const fn settings(self) -> LinkSettings {
        LinkSettings { segmentation_offload: self.segmentation_offload, pad_packets: self.pad_packets }
    }
    pub(crate) const fn key_exchange(self) -> KeyExchange {
        if self.classical_key_exchange { KeyExchange::AllowClassical } else { KeyExchange::Hybrid }
    }
}

impl Settings {
    /// Reads all layers.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn load(dir: &Path, flags: Vec<(String, String)>) -> Result<Loaded<Self>, SettingsError> {
        let loaded: Loaded<Self> = settings::load(&Sources::of_machine(dir, flags, NOT_SETTINGS))?;
        if loaded.settings.follow_secs == 0 {
            return Err(SettingsError::Refused("the setting follow_secs is 0; write at least 1".into()));
        }
        Ok(loaded)
    }

    /// The address of the database.
    ///
    /// # Errors
    /// When the file that holds it cannot be read.
    pub fn database_url(&self, dir: &Path) -> Result<String, SettingsError> {
        match &self.database_file {
            Some(file) => Ok(settings::read_secret_text(dir, file)?.trim().to_owned()),
            None => Ok(self.database.clone()),
        }
    }

    /// What invites tell nodes to call. An address that stands for every one of the machine tells nobody where to call;
    /// then it is this machine's own, which is right for nodes on it only.
    pub fn public_address(&self) -> String {
        let reachable = if self.listen.ip().is_unspecified() {
            SocketAddr::from((Ipv4Addr::LOCALHOST, self.listen.port()))
        } else {
            self.listen
        };
        self.address.clone().unwrap_or_else(|| reachable.to_string())
    }

    /// Whether invites tell an address that is right on this machine only.
    pub fn is_local_only(&self) -> bool {
        self.address.is_none() && (self.listen.ip().is_unspecified() || self.listen.ip().is_loopback())
    }
}

/// Writes the first settings file: what was given at `init`, and the keys that are commonly changed.
///
/// # Errors
/// [`FileError::Exists`] where there is one.
pub(crate) fn write_first(dir: &Path, region: &str, settings: &Settings) -> Result<(), FileError> {
    let Settings { listen, address, console, database, .. } = settings;
    let address = match address {
        Some(address) => format!("address = {address:?}"),
        None => "# address = \"hub.example.org:7443\"".to_owned(),
    };
    let text = format!(
        "# Settings of the hub of {region:?}. 'vrs-hub check' shows every key with its value and where it comes from.\n\n\
         # Address and UDP port at which nodes call.\nlisten = \"{listen}\"\n\n\
         # What invites tell nodes to call, if that is not the same.\n{address}\n\n\
         # Address and TCP port of the web console, for a reverse proxy on the same machine.\nconsole = \"{console}\"\n\n\
         # sqlite:PATH or postgres://USER@HOST/NAME; an address with a password goes into a file of its own:\n\
         # database_file = \"keys/database\"\ndatabase = {database:?}\n"
    );
    let mut file = files::NewFile::begin(&dir.join(FILE_NAME), files::Access::Everybody)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
        .map_err(|cause| FileError::System { path: dir.join(FILE_NAME), cause })?;
    file.create()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_says_what_was_given_and_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let given = Settings {
            listen: "127.0.0.1:9443".parse().unwrap(),
            address: Some("hub.example.org:443".into()),
            ..Settings::default()
        };
        write_first(folder.path(), "A \"quoted\" region", &given).unwrap();
        let sources = Sources { dir: folder.path().to_owned(), ..Sources::default() };
        assert_eq!(settings::load::<Settings>(&sources).unwrap().settings, given);
        assert!(matches!(write_first(folder.path(), "again", &given), Err(FileError::Exists(_))));
    }

    #[test]
    fn an_unknown_key_is_refused_and_nested_ones_come_from_the_environment() {
        let sources =
            |key: &str, value: &str| Sources { environment: vec![(key.into(), value.into())], ..Sources::default() };
        let loaded = settings::load::<Settings>(&sources("VRS_RATE__BURST", "7")).unwrap().settings;
        assert_eq!(loaded.rate, RateSettings { burst: 7, ..RateSettings::default() });
        let refused = settings::load::<Settings>(&sources("VRS_LISTN", "x")).unwrap_err().to_string();
        assert!(refused.contains("listn") && refused.contains("listen"), "{refused}");
    }
}
