//! Makes the vectors from fixed seeds. Bad ones have exactly one flaw, and are signed as they stand wherever the flaw is
//! not the signature, so that nothing but the flaw can be the reason for the refusal.

mod body;
mod documents;
pub(crate) mod evidence;
mod region;
mod words;

use vrs_protocol::statement::SigningKey;

use crate::shared::{Files, Folder};

/// All vectors that are single files.
pub(crate) fn all() -> Files {
    let mut files = Files::new();
    words::period(&mut Folder { name: "period", files: &mut files });
    words::audience(&mut Folder { name: "audience", files: &mut files });
    documents::manifest(&mut Folder { name: "manifest", files: &mut files });
    documents::charter(&mut Folder { name: "charter", files: &mut files });
    documents::line(&mut Folder { name: "line", files: &mut files });
    documents::refusal(&mut Folder { name: "refusal", files: &mut files });
    body::body(&mut Folder { name: "body", files: &mut files });
    region::region(&mut Folder { name: "region", files: &mut files });
    files
}

/// The hub's ledger key.
fn hub() -> SigningKey {
    SigningKey::from_seed(&[10; 32])
}

/// A participant's key: its seed is its code, repeated.
fn key_of(code: &str) -> SigningKey {
    let mut seed = [0; 32];
    seed.iter_mut().zip(code.bytes().cycle()).for_each(|(to, from)| *to = from);
    SigningKey::from_seed(&seed)
}
