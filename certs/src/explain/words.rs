//! What is in a file, as sentences for a person who compares, renews or wonders.

use std::fmt;

use vrs_protocol::time::Timestamp;

use super::{ListedSerial, Part, Phase, Role};
use crate::certificate::CertificateFacts;
use crate::profile::DAY_SECS;

/// Most lines of a list that are told in words; JSON has them all.
const TOLD_MAX: usize = 100;

/// A part with the time at which it is told, so that it can say what is left.
#[derive(Debug)]
pub struct Told<'p> {
    part: &'p Part,
    now: Option<Timestamp>,
}

impl Part {
    /// The part as sentences, with what is left of its life at this time.
    pub const fn told(&self, now: Timestamp) -> Told<'_> {
        Told { part: self, now: Some(now) }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Told { part: self, now: None }.fmt(f)
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Certificate { role, participant, phase, renew_at, revoked_at, facts } => {
                let region = facts.organisation.as_deref().unwrap_or("without a name");
                match (role, participant) {
                    (Role::Root, _) => write!(f, "Root certificate of the region {region}")?,
                    (Role::Issuing, _) => write!(f, "Issuing certificate of the region {region}")?,
                    (Role::Hub, _) => write!(f, "Certificate of the hub of the region {region}")?,
                    (Role::Node, Some(code)) => write!(f, "Certificate of the node of {code} in the region {region}")?,
                    _ => f.write_str("Certificate of none of the kinds a VRS region uses")?,
                }
                f.write_str(".\n")?;
                life(f, *phase, facts, self.now)?;
                if matches!(role, Role::Node | Role::Hub) && *phase == Phase::Current {
                    writeln!(f, "  To be renewed at {renew_at}.")?;
                }
                if let Some(at) = revoked_at {
                    writeln!(f, "  It was revoked at {at}.")?;
                }
                certificate(f, facts)
            }
            Part::RevocationList { issuer, number, made_at, next_update, phase, revoked } => {
                let number = number.as_deref().unwrap_or("none");
                writeln!(f, "Revocation list, number {number}.\n  Made by:  {issuer}\n  Made at:  {made_at}")?;
                match (next_update, phase) {
                    (Some(until), Phase::Ended) => writeln!(f, "  It ended at {until}; get a newer one.")?,
                    (Some(until), _) => writeln!(f, "  Good until {until}.")?,
                    (None, _) => f.write_str("  It names no end.\n")?,
                }
                list(f, revoked)
            }
            Part::Request { name, key } => {
                let name = name.as_deref().unwrap_or("nobody");
                write!(f, "Certificate request in the name of {name}, signed by its own key ({key}).")
            }
            Part::Bundle { participant, fingerprint, identity, kid } => write!(
                f,
                "Bundle of {participant}, whole and signed by its keys.\n  Fingerprint: {fingerprint}\n  Identity:    {identity}\n  \
                 Key name:    {kid}\n  Let the participant read the fingerprint to you before you sign."
            ),
            Part::LinkKey { public_sha256 } => {
                write!(
                    f,
                    "Private link key (ECDSA P-256). Keep it secret.\n  SHA-256 of its public half: {public_sha256}"
                )
            }
            Part::IdentityKey { public, kid } => write!(
                f,
                "Private identity key (Ed25519). Keep it secret: it signs in the participant's name.\n  Public half: {public}\n  \
                 Key name:    {kid}"
            ),
            Part::PublicKey { key, sha256, identity } => {
                write!(f, "Public key ({key}).\n  SHA-256:  {sha256}")?;
                match identity {
                    Some(identity) => write!(f, "\n  Identity: {identity}\n  Key name: {}", identity.kid()),
                    None => Ok(()),
                }
            }
        }
    }
}

fn life(f: &mut fmt::Formatter<'_>, phase: Phase, facts: &CertificateFacts, now: Option<Timestamp>) -> fmt::Result {
    match phase {
        Phase::NotYet => writeln!(f, "  It is not good before {}; check the clock of this machine.", facts.not_before),
        Phase::Ended => writeln!(f, "  It ended at {}.", facts.not_after),
        Phase::Current => match now {
            Some(now) => {
                writeln!(f, "  Good until {}, {} left.", facts.not_after, span(facts.not_after.secs_since(now)))
            }
            None => writeln!(f, "  Good until {}.", facts.not_after),
        },
    }
}

fn certificate(f: &mut fmt::Formatter<'_>, facts: &CertificateFacts) -> fmt::Result {
    let uses = match (facts.authority, facts.client, facts.server) {
        (true, ..) => "signing other certificates",
        (false, true, true) => "calling and answering",
        (false, true, false) => "calling the hub",
        (false, false, true) => "answering nodes",
        (false, false, false) => "nothing on the link",
    };
    writeln!(f, "  Good for: {uses}\n  Subject:  {}\n  Made by:  {}", facts.subject, facts.issuer)?;
    for name in facts.uris.iter().chain(&facts.host_names) {
        writeln!(f, "  Name:     {name}")?;
    }
    write!(f, "  Serial:   {}\n  Key:      {}\n  SHA-256:  {}", facts.serial, facts.key, facts.fingerprint)
}

fn list(f: &mut fmt::Formatter<'_>, revoked: &[ListedSerial]) -> fmt::Result {
    match revoked.len() {
        0 => return f.write_str("  It revokes nothing."),
        1 => f.write_str("  It revokes 1 certificate:")?,
        count => write!(f, "  It revokes {count} certificates:")?,
    }
    for one in revoked.iter().take(TOLD_MAX) {
        write!(f, "\n    {} at {}", one.serial, one.at)?;
        if let Some(holder) = &one.holder {
            write!(f, " ({holder})")?;
        }
    }
    match revoked.len().saturating_sub(TOLD_MAX) {
        0 => Ok(()),
        more => write!(f, "\n    and {more} more; --json shows all"),
    }
}

/// A time span in the two units that matter.
fn span(secs: u64) -> String {
    let count = |number: u64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    let (days, hours, minutes) = (secs / DAY_SECS, secs % DAY_SECS / 3_600, secs % 3_600 / 60);
    match (days, hours) {
        (0, 0) => count(minutes, "minute"),
        (0, _) => count(hours, "hour"),
        (1..=29, 1..) => format!("{} and {}", count(days, "day"), count(hours, "hour")),
        _ => count(days, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_are_told_in_the_units_that_matter() {
        for (secs, told) in [
            (59, "0 minutes"),
            (60, "1 minute"),
            (7_300, "2 hours"),
            (86_400, "1 day"),
            (604_800 - 1, "6 days and 23 hours"),
            (86_400 * 400 + 7_200, "400 days"),
        ] {
            assert_eq!(span(secs), told);
        }
    }
}
