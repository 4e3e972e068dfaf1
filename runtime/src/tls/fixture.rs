//! A small certificate authority for the tests of this crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ED25519, RevokedCertParams, SanType, SerialNumber,
};
use zeroize::Zeroizing;

use super::{Identity, Revocation, Trust};

/// The instant at which the tests play.
pub(crate) const NOW: u64 = 1_800_000_000;
/// How long a certificate of the fixture lives.
pub(crate) const WEEK: u64 = 7 * 24 * 3600;

/// An authority with one root.
pub(crate) struct Authority {
    pub(crate) der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = at(NOW - 10 * WEEK).into();
        params.not_after = at(NOW + 100 * WEEK).into();
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { der, issuer: Issuer::new(params, key) }
    }

    /// A certificate that lives from a minute ago for a week, with the root behind it.
    pub(crate) fn issue(&self, dns: &str, uri: &str, serial: u64) -> Identity {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let mut params = CertificateParams::new(vec![dns.to_owned()]).unwrap();
        params.subject_alt_names.push(SanType::URI(uri.try_into().unwrap()));
        params.serial_number = Some(SerialNumber::from(serial));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = at(NOW - 60).into();
        params.not_after = at(NOW + WEEK).into();
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        Identity { chain: vec![leaf.der().to_vec(), self.der.clone()], key: Zeroizing::new(key.serialize_der()) }
    }

    /// A revocation list with these serial numbers.
    pub(crate) fn list(&self, revoked: &[u64], next_update: u64) -> Vec<u8> {
        let params = CertificateRevocationListParams {
            this_update: at(NOW - 60).into(),
            next_update: at(next_update).into(),
            crl_number: SerialNumber::from(revoked.len() as u64),
            issuing_distribution_point: None,
            revoked_certs: revoked
                .iter()
                .map(|serial| RevokedCertParams {
                    serial_number: SerialNumber::from(*serial),
                    revocation_time: at(NOW - 30).into(),
                    reason_code: None,
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().der().to_vec()
    }

    /// Trust in this authority, with these serial numbers revoked.
    pub(crate) fn trust(&self, revoked: &[u64]) -> Trust {
        let lists = vec![self.list(revoked, NOW + 50 * WEEK)];
        Trust { roots: vec![self.der.clone()], revocation: Revocation::Lists { lists, refuse_outdated: true } }
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
