//! Settings in layers: defaults, then `vrs.toml`, then the environment, then flags.
//!
//! ```text
//! #[derive(Serialize, Deserialize)]
//! #[serde(deny_unknown_fields, default)]
//! struct Settings { listen: SocketAddr, log: LogSettings }
//!
//! let loaded = load::<Settings>(&Sources::of_machine(dir, flags, &["VRS_PASSWORD_FILE"]))?;
//! ```
//!
//! The rule it keeps: a mistyped name is refused with the names that are accepted, and every value knows where it came
//! from. `VRS_LINK__PAD_PACKETS` is the key `link.pad_packets`: two underscores go one level down. Lists are written as
//! in the file: `VRS_ROOTS='["a.pem", "b.pem"]'`. Secrets stand in files of their own (`…_file`, [`read_secret_text`])
//! and never in a layer. What the keys mean is the program's business.

mod origin;

pub use origin::{Origin, Setting};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, Environment, FileFormat, Source};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::files::{FileError, read_bounded, read_secret};

/// The name of the file in the program's folder.
pub const FILE_NAME: &str = "vrs.toml";

/// The prefix of environment variables that are settings.
pub const PREFIX: &str = "VRS";

/// Variables with which tests are steered; no program takes them for settings.
const TESTS_PREFIX: &str = "VRS_TEST_";

/// A settings file is written by hand; this is a hundred times a long one.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where settings come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The folder that holds the file. Without a file there are only the other layers.
    pub dir: PathBuf,
    /// Environment variables; those without the prefix are passed over.
    pub environment: Vec<(String, String)>,
    /// Keys and values given on the command line: `("listen", "127.0.0.1:4433")`.
    pub flags: Vec<(String, String)>,
    /// Variables that begin with the prefix and are no settings, in full.
    pub not_settings: Vec<String>,
}

/// Settings that were accepted, and where each value came from.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The settings.
    pub settings: T,
    /// Every value with its origin, by key, for `check`. Passwords in addresses are hidden.
    pub values: Vec<Setting>,
}

/// Why settings were refused. Each sentence says where to look.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file, or a file with a secret, cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not TOML.
    #[error("{}: {cause}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        cause: String,
    },
    /// A key is unknown, missing, or has an impossible value.
    #[error("{0}")]
    Refused(String),
}

impl Sources {
    /// The file in `dir`, the environment of this process, and these flags.
    #[must_use]
    pub fn of_machine(dir: &Path, flags: Vec<(String, String)>, not_settings: &[&str]) -> Self {
        // A variable that is no text can be none of ours.
        let environment = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        let not_settings = not_settings.iter().map(|name| (*name).to_owned()).collect();
        Self { dir: dir.to_owned(), environment: environment.collect(), flags, not_settings }
    }
}

/// Reads all layers. Structures should carry `#[serde(deny_unknown_fields)]`, or mistyped keys pass unseen.
///
/// # Errors
/// See [`SettingsError`].
pub fn load<T: DeserializeOwned + Serialize>(sources: &Sources) -> Result<Loaded<T>, SettingsError> {
    let path = sources.dir.join(FILE_NAME);
    let layers = [file(&path)?, environment(sources)?, flags(sources)?];
    let origin = |key: &str| origin::of(key, &layers);

    let mut builder = Config::builder();
    for (_, layer) in &layers {
        builder = builder.add_source(Collected(layer.clone().into_iter().collect()));
    }
    let settings: T =
        builder.build().and_then(Config::try_deserialize).map_err(|error| refused(&error, &path, &origin))?;
    let values = origin::report(&settings, origin)?;
    Ok(Loaded { settings, values })
}

/// Reads a secret that a `…_file` key names, relative to the program's folder, without the line end that editors add.
///
/// # Errors
/// When the file is missing, open to others, a symbolic link, or not text.
pub fn read_secret_text(dir: &Path, file: &Path) -> Result<Zeroizing<String>, SettingsError> {
    let path = dir.join(file);
    let bytes = read_secret(&path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| SettingsError::Refused(format!("{}: this secret is not text", path.display())))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A layer as the library takes it. Later ones win key by key, also inside tables.
#[derive(Debug, Clone)]
struct Collected(config::Map<String, config::Value>);

impl Source for Collected {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<config::Map<String, config::Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// A layer: its kind, and its values by key.
type Layer = (LayerKind, BTreeMap<String, config::Value>);

enum LayerKind {
    File(PathBuf),
    Environment,
    Flags,
}

fn file(path: &Path) -> Result<Layer, SettingsError> {
    let kind = LayerKind::File(path.to_owned());
    let bytes = match read_bounded(path, FILE_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(FileError::Missing(_)) => return Ok((kind, BTreeMap::new())),
        Err(error) => return Err(error.into()),
    };
    let syntax = |cause: String| SettingsError::Syntax { path: path.to_owned(), cause };
    let text = String::from_utf8(bytes).map_err(|_| syntax("this is not UTF-8 text".to_owned()))?;
    let values = config::File::from_str(&text, FileFormat::Toml).collect().map_err(|error| match error {
        ConfigError::FileParse { cause, .. } => syntax(cause.to_string()),
        other => syntax(other.to_string()),
    })?;
    Ok((kind, values.into_iter().collect()))
}

fn environment(sources: &Sources) -> Result<Layer, SettingsError> {
    let is_ours = |name: &String| !name.starts_with(TESTS_PREFIX) && !sources.not_settings.contains(name);
    let ours = sources.environment.iter().filter(|(name, _)| is_ours(name)).cloned().collect();
    let collected = Environment::with_prefix(PREFIX)
        .prefix_separator("_")
        .separator("__")
        .ignore_empty(true)
        .source(Some(ours))
        .collect()
        .map_err(|error| SettingsError::Refused(error.to_string()))?;
    let values = collected.into_iter().map(|(key, value)| (key, structured(value)));
    Ok((LayerKind::Environment, values.collect()))
}

fn flags(sources: &Sources) -> Result<Layer, SettingsError> {
    let values = sources.flags.iter().map(|(key, value)| (key.clone(), structured(value.as_str().into())));
    Ok((LayerKind::Flags, values.collect()))
}

/// A value that is written as a list or table becomes one; all others stay text and are read as what the key asks for.
fn structured(value: config::Value) -> config::Value {
    let config::ValueKind::String(text) = &value.kind else { return value };
    if !text.starts_with(['[', '{']) {
        return value;
    }
    let parsed = config::File::from_str(&format!("value = {text}"), FileFormat::Toml).collect();
    parsed.ok().and_then(|mut table| table.remove("value")).unwrap_or(value)
}

/// The library's error in our words: which key, from where, and what would be accepted.
fn refused(error: &ConfigError, path: &Path, origin: &dyn Fn(&str) -> Origin) -> SettingsError {
    let (inner, prefix) = match error {
        ConfigError::At { error, key: Some(key), .. } => (error.as_ref(), key.as_str()),
        other => (other, ""),
    };
    let join = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    let text = inner.to_string();
    if let Some((key, accepted)) = text.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, ")) {
        let key = join(key);
        let from = origin(&key);
        return SettingsError::Refused(format!("the setting {key} ({from}) is unknown: {accepted}"));
    }
    if let ConfigError::NotFound(key) = inner {
        let where_to = if path.exists() { "write it into" } else { "there is no" };
        let sentence = format!("the setting {} is missing; {where_to} {}", join(key), path.display());
        return SettingsError::Refused(sentence);
    }
    let key = match inner {
        ConfigError::Type { key: Some(key), .. } => key.clone(),
        _ => prefix.to_owned(),
    };
    if key.is_empty() {
        return SettingsError::Refused(text);
    }
    let from = origin(&key);
    SettingsError::Refused(format!("the setting {key} ({from}) is refused: {text}"))
}

#[cfg(test)]
mod tests;
