//! What is in a file: certificates, revocation lists, requests, bundles and keys, told in words and as JSON. Of a
//! private key only the public half is shown.
//!
//! The bytes may come from anybody. Reading a file here says nothing about whether to believe it.
//!
//! - `part`: the things that can be in one;
//! - `words`: the same as sentences.

mod part;
mod words;

use vrs_protocol::hash::Hash;
use vrs_protocol::id::hub_server_name;
use vrs_protocol::statement::{PublicKey, SigningKey};
use vrs_protocol::time::Timestamp;
use x509_parser::prelude::{CertificateRevocationList, FromDer};
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::bundle::{Bundle, BundleError};
use crate::certificate::{
    CERTIFICATE_BYTES_MAX, CertificateError, CertificateFacts, instant, key_kind, participant_of, printable,
};
use crate::keys::TlsKey;
use crate::names::Serial;
use crate::pem::{self, PemError};
use crate::register::Register;
use crate::request::{self, RequestError};

pub use part::{ListedSerial, Part, Phase, Role};
pub use words::Told;

/// Label of a public key in PEM.
const PUBLIC_KEY: &str = "PUBLIC KEY";

/// Why a file cannot be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// Nothing we know.
    #[error(
        "this is none of the files VRS knows (a certificate, chain, revocation list, certificate request, bundle or key)"
    )]
    Unknown,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// PEM that is damaged.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A kind of block that VRS does not use.
    #[error("it holds a block {0}, which VRS does not use")]
    OtherBlock(String),
    /// A damaged certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A damaged list.
    #[error("this is not a revocation list, or it is damaged")]
    List,
    /// A damaged request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// A bundle that is not to be signed.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A private key of a kind that VRS does not use.
    #[error("this private key is neither a link key (ECDSA P-256) nor an identity (Ed25519), both in PKCS#8")]
    OtherKey,
}

/// What is in a file, in order.
///
/// # Errors
/// [`ExplainError`] says what is wrong with it.
pub fn explain(bytes: &[u8], now: Timestamp, register: Option<&Register>) -> Result<Vec<Part>, ExplainError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ExplainError::Empty);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(vec![explain_der(bytes, now, register)?]) };
    if text.lines().any(|line| line.trim_start().starts_with("format") && line.contains("vrs-bundle/")) {
        return Ok(vec![explain_bundle(&Bundle::parse(text)?)]);
    }
    match pem::decode(text) {
        Ok(blocks) => blocks.iter().map(|block| explain_block(block, now, register)).collect(),
        // Small binary files can happen to be UTF-8.
        Err(PemError::NoBlock) => Ok(vec![explain_der(bytes, now, register)?]),
        Err(error) => Err(error.into()),
    }
}

fn explain_block(block: &pem::Block, now: Timestamp, register: Option<&Register>) -> Result<Part, ExplainError> {
    match block.label.as_str() {
        pem::CERTIFICATE => explain_certificate(&block.der, now, register),
        pem::REVOCATION_LIST => explain_list(&block.der, now, register),
        pem::REQUEST => explain_request(&block.der),
        pem::PRIVATE_KEY => explain_private(&block.der),
        PUBLIC_KEY => explain_public(&block.der),
        other if other.ends_with(pem::PRIVATE_KEY) => Err(ExplainError::OtherKey),
        other => Err(ExplainError::OtherBlock(other.to_owned())),
    }
}

fn explain_der(der: &[u8], now: Timestamp, register: Option<&Register>) -> Result<Part, ExplainError> {
    let unknown = |_| ExplainError::Unknown;
    explain_certificate(der, now, register)
        .or_else(|_| explain_list(der, now, register))
        .or_else(|_| explain_request(der))
        .map_err(unknown)
}

fn explain_certificate(der: &[u8], now: Timestamp, register: Option<&Register>) -> Result<Part, ExplainError> {
    let facts = CertificateFacts::read(der)?;
    let region = facts.organisation.clone().unwrap_or_default();
    let participant = participant_of(der, &region)?;
    let role = match (facts.authority, &participant) {
        (true, _) if facts.subject == facts.issuer => Role::Root,
        (true, _) => Role::Issuing,
        (false, Some(_)) => Role::Node,
        (false, None) if facts.host_names == [hub_server_name(&region)] => Role::Hub,
        (false, None) => Role::Other,
    };
    Ok(Part::Certificate {
        role,
        participant,
        phase: Phase::at(now, facts.not_before, facts.not_after),
        renew_at: facts.half_life(),
        revoked_at: register.and_then(|register| register.revoked_at(&facts.serial)),
        facts: Box::new(facts),
    })
}

fn explain_list(der: &[u8], now: Timestamp, register: Option<&Register>) -> Result<Part, ExplainError> {
    let (rest, list) = CertificateRevocationList::from_der(der).map_err(|_| ExplainError::List)?;
    if !rest.is_empty() {
        return Err(ExplainError::List);
    }
    let (made_at, next_update) = (instant(list.last_update()), list.next_update().map(instant));
    let revoked = list.iter_revoked_certificates().map(|entry| {
        let serial = Serial::from_bytes(entry.raw_serial());
        let holder = register.and_then(|register| Some(register.entry(&serial)?.holder.clone()));
        ListedSerial { serial, at: instant(entry.revocation_date), holder }
    });
    Ok(Part::RevocationList {
        issuer: printable(&list.issuer().to_string()),
        number: list.crl_number().map(ToString::to_string),
        made_at,
        next_update,
        phase: Phase::at(now, made_at, next_update.unwrap_or(Timestamp::MAX)),
        revoked: revoked.collect(),
    })
}

fn explain_request(der: &[u8]) -> Result<Part, ExplainError> {
    let request = request::check(der)?;
    Ok(Part::Request { name: request.common_name, key: request.key_kind })
}

fn explain_bundle(bundle: &Bundle) -> Part {
    Part::Bundle {
        participant: bundle.participant.clone(),
        fingerprint: bundle.fingerprint(),
        identity: bundle.identity,
        kid: bundle.identity.kid(),
    }
}

fn explain_private(der: &[u8]) -> Result<Part, ExplainError> {
    let text = zeroize::Zeroizing::new(pem::encode(pem::PRIVATE_KEY, der));
    if let Ok(key) = TlsKey::from_pem(&text) {
        return Ok(Part::LinkKey { public_sha256: Hash::of(&key.public()) });
    }
    let key = SigningKey::from_pkcs8_pem(&text).map_err(|_| ExplainError::OtherKey)?;
    Ok(Part::IdentityKey { public: key.public(), kid: key.kid() })
}

fn explain_public(der: &[u8]) -> Result<Part, ExplainError> {
    let (rest, key) = SubjectPublicKeyInfo::from_der(der).map_err(|_| ExplainError::Unknown)?;
    if !rest.is_empty() || der.len() > CERTIFICATE_BYTES_MAX {
        return Err(ExplainError::Unknown);
    }
    let kind = key_kind(&key);
    let identity = if kind == "Ed25519" { PublicKey::try_from(&*key.subject_public_key.data).ok() } else { None };
    Ok(Part::PublicKey { key: kind, sha256: Hash::of(der), identity })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::authority::Authority;
    use crate::keys::NodeKeys;
    use crate::profile::{DAY_SECS, LEAF_SECS};
    use vrs_protocol::id::ParticipantCode;

    const NOW: Timestamp = Timestamp(1_790_000_000);

    fn said(bytes: &[u8], now: Timestamp) -> String {
        let parts = explain(bytes, now, None).unwrap();
        parts.iter().map(|part| part.told(now).to_string()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_file_of_a_region_is_told_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::init(dir.path(), "Demo", NOW).unwrap();
        let keys = NodeKeys::generate().unwrap();
        let code = ParticipantCode::parse("AUS").unwrap();
        let bundle = keys.bundle(&code).unwrap();
        let issued = authority.sign_node(&bundle.request, &code, NOW).unwrap();
        let hub = authority.sign_hub(&bundle.request, NOW).unwrap();

        let chain = said(issued.to_pem().as_bytes(), NOW);
        assert!(chain.contains("Certificate of the node of AUS in the region Demo"), "{chain}");
        assert!(chain.contains("Issuing certificate of the region Demo"), "{chain}");
        assert!(chain.contains("6 days and 23 hours left") || chain.contains("7 days left"), "{chain}");
        assert!(said(&issued.chain[0], NOW.plus_secs(LEAF_SECS + 1)).contains("It ended"));
        assert!(said(&issued.chain[0], Timestamp(NOW.0 - DAY_SECS)).contains("not good before"));
        assert!(said(hub.to_pem().as_bytes(), NOW).contains("Certificate of the hub of the region Demo"));
        let root = said(authority.root_pem().as_bytes(), NOW);
        assert!(root.contains("Root certificate of the region Demo"), "{root}");
        assert!(root.contains(&authority.root_fingerprint().to_string()), "{root}");

        authority.revoke(&code.clone().into(), NOW).unwrap();
        let list = authority.revocation_list(NOW).unwrap();
        let told = said(&list, NOW);
        assert!(told.contains("It revokes 1 certificate:") && told.contains(&issued.serial.to_string()), "{told}");
        let register = Register::open(authority.folder()).unwrap();
        let parts = explain(&list, NOW, Some(&register)).unwrap();
        assert!(parts[0].to_string().contains("AUS"), "{}", parts[0]);
        let parts = explain(&issued.chain[0], NOW, Some(&register)).unwrap();
        assert!(parts[0].to_string().contains("It was revoked"), "{}", parts[0]);

        assert!(said(bundle.to_text().as_bytes(), NOW).contains(&bundle.fingerprint()));
        assert!(said(&bundle.request, NOW).contains("Certificate request"));
        assert!(said(keys.identity_public().to_spki_pem().as_bytes(), NOW).contains(&keys.identity.kid().to_string()));
    }

    #[test]
    fn of_a_private_key_only_the_public_half_is_shown() {
        let keys = NodeKeys::generate().unwrap();
        for (pem, public) in [
            (keys.tls.to_pem(), Hash::of(&keys.tls.public()).to_string()),
            (keys.identity.to_pkcs8_pem().unwrap(), keys.identity_public().to_string()),
        ] {
            let parts = explain(pem.as_bytes(), NOW, None).unwrap();
            assert!(parts[0].is_secret());
            let all = format!("{}{}", parts[0], serde_json::to_string(&parts).unwrap());
            assert!(all.contains(&public), "{all}");
            let secret = pem::decode_one(&pem, pem::PRIVATE_KEY).unwrap();
            let hex = data_encoding::HEXLOWER.encode(&secret[16..48]);
            assert!(!all.contains(&hex[..16]), "{all}");
            assert!(!pem.lines().any(|line| line.len() > 20 && !line.starts_with('-') && all.contains(line)), "{all}");
        }
    }

    #[test]
    fn ugly_files_are_refused_with_what_is_wrong() {
        let refused = |bytes: &[u8]| explain(bytes, NOW, None).unwrap_err().to_string();
        assert!(refused(b" \n").contains("empty"));
        assert!(refused(b"hello").contains("none of the files"));
        assert!(refused(&[0x30, 0x82, 0xff, 0xff, 0]).contains("none of the files"));
        assert!(refused(b"-----BEGIN CERTIFICATE-----\nAAAA\n").contains("cut off"));
        assert!(refused(pem::encode("EC PRIVATE KEY", &[1]).as_bytes()).contains("neither a link key"));
        assert!(refused(pem::encode("PGP MESSAGE", &[1]).as_bytes()).contains("PGP MESSAGE"));
        assert!(refused(pem::encode(pem::CERTIFICATE, &[1]).as_bytes()).contains("damaged"));
        assert!(refused(pem::encode(pem::REVOCATION_LIST, &[1]).as_bytes()).contains("revocation list"));
        assert!(refused(b"format = \"vrs-bundle/1\"\n").contains("bundle"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            for label in [pem::CERTIFICATE, pem::REVOCATION_LIST, pem::REQUEST, pem::PRIVATE_KEY, PUBLIC_KEY] {
                let _ = explain(pem::encode(label, &bytes).as_bytes(), NOW, None);
            }
            let _ = explain(&bytes, NOW, None);
        }
    }
}
