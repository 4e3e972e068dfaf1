//! What a participant sends to the region's operator to get its first certificate: a text file that can be mailed.
//!
//! It holds nothing secret, and mail proves nothing: two persons compare the fingerprint by telephone. The
//! fingerprint is over the certificate request and the identity key, and the request carries the participant's code
//! in its subject; so a bundle cannot be passed off as another participant's without changing the fingerprint.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::Deserialize;
use vrs_protocol::id::{IdError, ParticipantCode};
use vrs_protocol::statement::{KeyError, PublicKey};
use vrs_protocol::wire::{enrol_fingerprint, enrol_proof_message};

use crate::pem::{self, PemError};
use crate::request::{self, RequestError};

/// First words of every bundle, by which `show` knows one.
pub const FORMAT: &str = "vrs-bundle/1";
/// Largest bundle; ours have about 1 KiB, mail may add some.
pub const BUNDLE_BYTES_MAX: usize = 64 << 10;

/// Why a bundle is refused.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Larger than [`BUNDLE_BYTES_MAX`].
    #[error("{0} bytes are more than a bundle may have")]
    TooLarge(usize),
    /// Not the text `vrs-certs request` writes.
    #[error("this is not a bundle, or it was damaged on the way: {0}; ask the participant to send the file again")]
    NotABundle(String),
    /// Another format.
    #[error("this bundle has the format {0:?} and this program reads {FORMAT:?}; use the same version on both sides")]
    OtherFormat(String),
    /// Its participant is no code.
    #[error(transparent)]
    Participant(#[from] IdError),
    /// Its request is no PEM.
    #[error("the certificate request in the bundle: {0}")]
    Pem(#[from] PemError),
    /// Its request is no request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Its identity is no key.
    #[error("the identity key in the bundle: {0}")]
    Identity(KeyError),
    /// Its proof is not 64 bytes in hexadecimal.
    #[error("the proof in the bundle is not 128 hexadecimal digits; ask the participant to send the file again")]
    ProofMalformed,
    /// The proof is not by the identity key over the request.
    #[error(
        "the proof is not by the identity key: the bundle was changed, or its maker does not have the key; do not sign it"
    )]
    ProofWrong,
    /// The request was made in another name.
    #[error("the bundle says {bundle} and its certificate request was made for {request:?}; do not sign it")]
    OtherName {
        /// Code in the bundle.
        bundle: ParticipantCode,
        /// Name in the request.
        request: String,
    },
}

/// A bundle whose parts have been read. Whether they belong together is the question to [`Bundle::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Who sends it.
    pub participant: ParticipantCode,
    /// Certificate request of its link key (PKCS#10, DER).
    pub request: Vec<u8>,
    /// Its identity key.
    pub identity: PublicKey,
    /// Signature of the identity key over [`enrol_proof_message`] of the request.
    pub proof: [u8; 64],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    participant: String,
    identity: String,
    proof: String,
    request: String,
}

impl Bundle {
    /// Reads a bundle and verifies it.
    ///
    /// # Errors
    /// [`BundleError`] says what is wrong and whom to ask.
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        if text.len() > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLarge(text.len()));
        }
        let written: Written = toml::from_str(text).map_err(|error| BundleError::NotABundle(error.message().into()))?;
        if written.format != FORMAT {
            return Err(BundleError::OtherFormat(crate::certificate::printable(&written.format)));
        }
        let proof = HEXLOWER_PERMISSIVE.decode(written.proof.as_bytes()).unwrap_or_default();
        let bundle = Self {
            participant: ParticipantCode::parse(&written.participant)?,
            request: pem::decode_one(&written.request, pem::REQUEST)?.to_vec(),
            identity: written.identity.parse().map_err(BundleError::Identity)?,
            proof: proof.try_into().map_err(|_| BundleError::ProofMalformed)?,
        };
        bundle.verify()?;
        Ok(bundle)
    }

    /// Whether the request is signed by its own key, made in this participant's name, and vouched for by the
    /// identity key.
    ///
    /// # Errors
    /// The first thing that is not so.
    pub fn verify(&self) -> Result<(), BundleError> {
        let request = request::check(&self.request)?;
        let name = request.common_name.unwrap_or_default();
        if name != self.participant.as_str() {
            return Err(BundleError::OtherName { bundle: self.participant.clone(), request: name });
        }
        let message = enrol_proof_message(&self.request);
        self.identity.verify(&message, &self.proof).map_err(|_| BundleError::ProofWrong)
    }

    /// What two persons compare by telephone.
    pub fn fingerprint(&self) -> String {
        enrol_fingerprint(&self.request, &self.identity)
    }

    /// The bundle as the text that is mailed.
    pub fn to_text(&self) -> String {
        // Every value is of a fixed alphabet without quotes, so nothing has to be escaped.
        format!(
            "# Request of {code} for a certificate. It holds no secret: send it to the region's operator, and read the\n\
             # fingerprint that was printed with it to the operator by telephone.\n\
             format = \"{FORMAT}\"\nparticipant = \"{code}\"\nidentity = \"{identity}\"\nproof = \"{proof}\"\n\
             request = \"\"\"\n{request}\"\"\"\n",
            code = self.participant,
            identity = self.identity,
            proof = HEXLOWER.encode(&self.proof),
            request = pem::encode(pem::REQUEST, &self.request),
        )
    }
}

/// Whether two persons speak of the same fingerprint: capitals and how the digits are grouped do not matter.
pub fn same_fingerprint(one: &str, other: &str) -> bool {
    matches!((digits(one), digits(other)), (Some(one), Some(other)) if one == other)
}

/// The 32 hexadecimal digits; `None` where there are more, fewer or other characters.
fn digits(text: &str) -> Option<String> {
    let spoken = text.chars().filter(|c| !matches!(c, ' ' | '-' | ':' | '.' | '\t' | '\r' | '\n'));
    // Thirty-three are enough to see that there are too many.
    let digits: String = spoken.take(33).map(|c| c.to_ascii_lowercase()).collect();
    (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::keys::NodeKeys;

    fn bundle() -> Bundle {
        NodeKeys::generate().unwrap().bundle(&ParticipantCode::parse("AUS").unwrap()).unwrap()
    }

    #[test]
    fn a_bundle_survives_the_mail() {
        let bundle = bundle();
        let text = bundle.to_text();
        assert!(text.lines().all(|line| line.len() <= 200), "a mail program would break lines");
        assert_eq!(Bundle::parse(&text).unwrap(), bundle);
        assert_eq!(Bundle::parse(&text.replace('\n', "\r\n")).unwrap(), bundle);
        assert_eq!(bundle.fingerprint(), enrol_fingerprint(&bundle.request, &bundle.identity));
    }

    #[test]
    fn a_bundle_with_another_participants_code_is_refused() {
        let text = bundle().to_text().replace("participant = \"AUS\"", "participant = \"IDN\"");
        assert!(matches!(Bundle::parse(&text), Err(BundleError::OtherName { .. })));
    }

    #[test]
    fn a_bundle_with_another_identity_or_proof_is_refused() {
        let (mine, other) = (bundle(), bundle());
        let swapped = Bundle { identity: other.identity, ..mine.clone() };
        assert!(matches!(swapped.verify(), Err(BundleError::ProofWrong)));
        let swapped = Bundle { request: other.request.clone(), ..mine.clone() };
        assert!(matches!(swapped.verify(), Err(BundleError::ProofWrong)));
        assert_ne!(swapped.fingerprint(), mine.fingerprint());
        let mut changed = mine;
        changed.request[40] ^= 1;
        assert!(matches!(changed.verify(), Err(BundleError::Request(_))));
    }

    #[test]
    fn ugly_texts_are_refused_with_what_is_wrong() {
        let text = bundle().to_text();
        let lines = text.lines().count();
        for kept in 0..lines {
            let cut: String = text.lines().take(kept).map(|line| format!("{line}\n")).collect();
            assert!(Bundle::parse(&cut).is_err(), "{kept} lines");
        }
        assert!(matches!(Bundle::parse(&"#".repeat(BUNDLE_BYTES_MAX + 1)), Err(BundleError::TooLarge(_))));
        assert!(matches!(Bundle::parse(&text.replace(FORMAT, "vrs-bundle/9")), Err(BundleError::OtherFormat(_))));
        assert!(matches!(Bundle::parse(&format!("{text}\nextra = 1\n")), Err(BundleError::NotABundle(_))));
        let aus_key = text.replace("CERTIFICATE REQUEST", "PRIVATE KEY");
        assert!(Bundle::parse(&aus_key).unwrap_err().to_string().contains("PRIVATE KEY"));
    }

    #[test]
    fn fingerprints_are_compared_as_people_write_them() {
        let fingerprint = bundle().fingerprint();
        assert!(same_fingerprint(&fingerprint, &fingerprint.to_uppercase().replace('-', " ")));
        assert!(same_fingerprint(&fingerprint, &format!(" {}\n", fingerprint.replace('-', ""))));
        assert!(!same_fingerprint(&fingerprint, &fingerprint[1..]));
        assert!(!same_fingerprint(&fingerprint, &format!("{fingerprint}0")));
        assert!(!same_fingerprint("", ""));
        assert!(!same_fingerprint(&fingerprint, &bundle().fingerprint()));
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in ".{0,400}") {
            let _ = Bundle::parse(&text);
            let _ = same_fingerprint(&text, &text);
        }
    }
}
