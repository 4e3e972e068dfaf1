//! What every certificate of the region looks like and how long it lives. There are four kinds: root, issuing, node
//! and hub. Nothing a requester asks for gets in; only its public key does.

use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SanType, SerialNumber,
};
use time::OffsetDateTime;
use vrs_protocol::id::{hub_server_name, node_uri, region_slug};
use vrs_protocol::time::Timestamp;

use crate::names::{Holder, Serial};

/// Seconds in a day.
pub const DAY_SECS: u64 = 86_400;
/// A node's or hub's certificate lives 7 days: short enough that a lost list of revocations does little harm, long
/// enough that a weekend without the hub stops nobody.
pub const LEAF_SECS: u64 = 7 * DAY_SECS;
/// So many certificates a day are issued to one holder by itself before the half of the last one's life is over: a node
/// that was restored, or lost its key, and asks again. Each is a line of the register for ever.
pub const RENEWALS_PER_DAY: usize = 4;
/// The issuing certificate lives a year: its key works every day on a machine that is online.
pub const ISSUING_SECS: u64 = 365 * DAY_SECS;
/// With less than this left the root renews the issuing certificate: two months to fetch the root key from its safe.
pub const ISSUING_RENEW_SECS: u64 = 60 * DAY_SECS;
/// The root lives ten years.
pub const ROOT_SECS: u64 = 3_652 * DAY_SECS;
/// Certificates and lists begin this much earlier, for machines whose clock is a little behind.
pub const SKEW_SECS: u64 = 300;
/// A revocation list is good for as long as the certificates it speaks of.
pub const LIST_SECS: u64 = 7 * DAY_SECS;
/// It is signed anew every day, and at once when something is revoked.
pub const LIST_REFRESH_SECS: u64 = DAY_SECS;

/// Longest name of a region: the bound that X.520 puts on an organisation's name.
pub const REGION_BYTES_MAX: usize = 64;

/// Why a text cannot name a region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot name a region: it needs 1 to {REGION_BYTES_MAX} bytes on one line, with Latin letters or digits in it"
)]
pub struct RegionError(pub String);

/// Whether a region may be called this: its slug is one label of a host name.
///
/// # Errors
/// [`RegionError`] when it may not.
pub fn check_region(region: &str) -> Result<(), RegionError> {
    // A label of a host name has at most 63 bytes; a slug is never longer than the name it was made from.
    let slug = region_slug(region);
    let fits = region.len() <= REGION_BYTES_MAX && region.trim() == region && !region.chars().any(char::is_control);
    if fits && (1..=63).contains(&slug.len()) { Ok(()) } else { Err(RegionError(region.chars().take(40).collect())) }
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub not_before: Timestamp,
    /// Last second.
    pub not_after: Timestamp,
}

impl Validity {
    /// Lives this long from now, but never longer than its issuer.
    pub(crate) fn from_now(now: Timestamp, secs: u64, issuer_ends: Option<Timestamp>) -> Self {
        let end = now.plus_secs(secs);
        let not_after = issuer_ends.map_or(end, |ends| end.min(ends));
        Self { not_before: Timestamp(now.0.saturating_sub(SKEW_SECS)), not_after }
    }
}

/// The self-signed root.
pub(crate) fn root(region: &str, serial: &Serial, validity: Validity) -> CertificateParams {
    let mut params = common(region, "VRS root authority", serial, validity);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// An issuing authority. Each has a name of its own: a verifier finds the revocation list by the issuer's name, and
/// with two keys under one name it would check the list of one with the key of the other.
pub(crate) fn issuing(region: &str, generation: u32, serial: &Serial, validity: Validity) -> CertificateParams {
    let mut params = common(region, &format!("VRS issuing authority {generation}"), serial, validity);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

/// A certificate for the link. A node's is good for calling and the hub's for answering, so that a stolen node key
/// cannot pose as the hub.
pub(crate) fn leaf(
    region: &str,
    holder: &Holder,
    serial: &Serial,
    validity: Validity,
) -> Result<CertificateParams, rcgen::Error> {
    let (name, san, usage) = match holder {
        Holder::Hub => {
            let name = hub_server_name(region);
            let san = SanType::DnsName(Ia5String::try_from(name.clone())?);
            (name, san, ExtendedKeyUsagePurpose::ServerAuth)
        }
        Holder::Participant(code) => {
            let san = SanType::URI(Ia5String::try_from(node_uri(region, code))?);
            (code.to_string(), san, ExtendedKeyUsagePurpose::ClientAuth)
        }
    };
    let mut params = common(region, &name, serial, validity);
    params.is_ca = IsCa::ExplicitNoCa;
    params.subject_alt_names = vec![san];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn common(region: &str, name: &str, serial: &Serial, validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, region);
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(serial.as_bytes()));
    params.not_before = civil(validity.not_before);
    params.not_after = civil(validity.not_after);
    params
}

/// The instant as the certificate library wants it.
pub(crate) fn civil(at: Timestamp) -> OffsetDateTime {
    // Every `Timestamp` up to its maximum lies within the library's years.
    let secs = i64::try_from(at.0.min(Timestamp::MAX.0)).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(secs).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_region_needs_a_name_that_can_stand_in_a_host_name() {
        for good in ["Demo", "Bali Process / Pilot 2", "Région 1", &"x".repeat(63)] {
            assert_eq!(check_region(good), Ok(()), "{good}");
        }
        for bad in ["", " ", "Ω", "a\nb", " Demo", &"x".repeat(64), &"x".repeat(65)] {
            assert!(check_region(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_outlives_its_issuer() {
        let now = Timestamp(1_800_000_000);
        let short = Validity::from_now(now, LEAF_SECS, Some(now.plus_secs(60)));
        assert_eq!(short.not_after, now.plus_secs(60));
        assert_eq!(short.not_before, Timestamp(now.0 - SKEW_SECS));
        assert_eq!(Validity::from_now(now, LEAF_SECS, None).not_after, now.plus_secs(LEAF_SECS));
        assert_eq!(civil(Timestamp::MAX).unix_timestamp(), 253_402_300_799);
    }
}
