//! Makes the vectors from fixed seeds. Bad ones are built by hand with exactly one flaw, and signed as they stand
//! wherever the flaw is not the signature, so that nothing but the flaw can be the reason for the refusal.

mod binary;
mod cose;
mod text;

use vrs_protocol::statement::SigningKey;

use crate::shared::{Files, Folder};

/// All vectors.
pub(crate) fn all() -> Files {
    let mut files = Files::new();
    binary::codec(&mut Folder { name: "codec", files: &mut files });
    binary::merkle(&mut Folder { name: "merkle", files: &mut files });
    cose::statement(&mut Folder { name: "statement", files: &mut files });
    cose::receipt(&mut Folder { name: "receipt", files: &mut files });
    text::note(&mut Folder { name: "note", files: &mut files });
    text::checkpoint(&mut Folder { name: "checkpoint", files: &mut files });
    files
}

fn author() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn stranger() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn log() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn witness() -> SigningKey {
    SigningKey::from_seed(&[4; 32])
}
