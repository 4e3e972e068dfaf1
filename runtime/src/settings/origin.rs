//! Where each value came from, for the `check` commands and for refusals.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::{Layer, LayerKind, PREFIX, SettingsError};

/// The layer a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The settings file.
    File(PathBuf),
    /// The environment variable of this name.
    Environment(String),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File(path) => path.display().fmt(out),
            Self::Environment(name) => write!(out, "environment variable {name}"),
            Self::Flag => out.write_str("command line"),
        }
    }
}

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key, with dots: `link.pad_packets`.
    pub key: String,
    /// Its value as text; `(not set)` for none.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Where the value of a key comes from: the last layer that speaks of it.
pub(super) fn of(key: &str, layers: &[Layer]) -> Origin {
    for (kind, values) in layers.iter().rev() {
        let speaks = values.iter().any(|(named, value)| match key.strip_prefix(named.as_str()) {
            Some("") => true,
            // A table in the layer speaks of the keys in it, a list of all its places.
            Some(below) => below.strip_prefix('.').is_some_and(|below| holds(value, below)),
            None => named.strip_prefix(key).is_some_and(|below| below.starts_with('.')),
        });
        if speaks {
            return match kind {
                LayerKind::File(path) => Origin::File(path.clone()),
                LayerKind::Environment => {
                    Origin::Environment(format!("{PREFIX}_{}", key.replace('.', "__").to_uppercase()))
                }
                LayerKind::Flags => Origin::Flag,
            };
        }
    }
    Origin::Default
}

fn holds(value: &config::Value, key: &str) -> bool {
    let config::ValueKind::Table(table) = &value.kind else { return false };
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    match (table.get(first), rest) {
        (Some(inner), Some(rest)) => holds(inner, rest),
        (found, _) => found.is_some(),
    }
}

/// Every value of the settings, by key.
pub(super) fn report<T: Serialize>(
    settings: &T,
    origin: impl Fn(&str) -> Origin,
) -> Result<Vec<Setting>, SettingsError> {
    let tree = serde_json::to_value(settings).map_err(|error| SettingsError::Refused(error.to_string()))?;
    let mut leaves = Vec::new();
    collect(&tree, "", &mut leaves);
    Ok(leaves.into_iter().map(|(key, value)| Setting { origin: origin(&key), key, value }).collect())
}

fn collect(value: &Value, key: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                collect(inner, &key, leaves);
            }
        }
        Value::Null => leaves.push((key.to_owned(), "(not set)".to_owned())),
        Value::String(text) => leaves.push((key.to_owned(), without_password(text))),
        other => leaves.push((key.to_owned(), other.to_string())),
    }
}

/// An address like `postgres://user:password@host/…` without its password, also where it stands behind the question mark,
/// as in `postgres://host/name?password=…`. A password may hold any character, so in doubt too much is hidden.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let in_place = || {
        let place = &rest[..rest.find('?').unwrap_or(rest.len())];
        let at = place.rfind('@').or_else(|| rest.rfind('@'))?;
        let user = rest[..at].split_once(':')?.0;
        Some(format!("{user}:(hidden){}", &rest[at..]))
    };
    let rest = in_place().unwrap_or_else(|| rest.to_owned());
    let Some((place, parameters)) = rest.split_once('?') else { return format!("{scheme}://{rest}") };
    format!("{scheme}://{place}?{}", parameters.split('&').map(hidden).collect::<Vec<_>>().join("&"))
}

/// Parameters of an address that are shown: they say how a server is reached, and none can hold a secret. What is not known
/// here might.
const SHOWN: &[&str] = &["host", "hostaddr", "port", "dbname", "sslmode", "sslrootcert", "sslcert", "application_name"];

fn hidden(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if !SHOWN.contains(&name) => format!("{name}=(hidden)"),
        _ => parameter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_in_addresses_are_hidden() {
        for (address, shown) in [
            ("postgres://u:p@ss@h:1/d?sslmode=require", "postgres://u:(hidden)@h:1/d?sslmode=require"),
            ("postgres://h/d?user=u&password=p", "postgres://h/d?user=(hidden)&password=(hidden)"),
            ("postgres://h?PASSWORD=p/q@r&host=a", "postgres://h?PASSWORD=(hidden)&host=a"),
            ("postgres://u:p/q?r@h/d", "postgres://u:(hidden)@h/d"),
            ("postgres://u:p@h?pass%77ord=p", "postgres://u:(hidden)@h?pass%77ord=(hidden)"),
        ] {
            assert_eq!(without_password(address), shown);
        }
        for plain in
            ["postgres://u@h/d", "postgres://h:5432/d?sslmode=verify-full", "sqlite:a:b@c.db", "u:p@h", "a: b", ""]
        {
            assert_eq!(without_password(plain), plain);
        }
    }
}
