//! Folders of evidence: what `vrs-node evidence` writes, so that others can check a release without our software. They
//! hold the files as they are, and their names say whether they prove what they seem to.

use std::collections::BTreeMap;
use std::fs;

use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::ledger::{Genesis, KeyEvent, Line, LineKind, ParticipantChange};
use vrs_protocol::note::{SignatureType, VerifierKey};
use vrs_protocol::receipt::Receipt;
use vrs_protocol::release::Manifest;
use vrs_protocol::statement::{PublicKey, Statement};

use crate::shared::root;

/// Contents by file name.
pub(crate) type Evidence = BTreeMap<String, Vec<u8>>;

/// All folders on disk.
pub(crate) fn folders() -> BTreeMap<String, Evidence> {
    let mut folders = BTreeMap::new();
    for folder in fs::read_dir(root().join("evidence")).unwrap() {
        let path = folder.unwrap().path();
        let files = fs::read_dir(&path).unwrap().map(|file| {
            let file = file.unwrap();
            (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
        });
        folders.insert(path.file_name().unwrap().to_str().unwrap().to_owned(), files.collect());
    }
    folders
}

/// Writes them anew.
pub(crate) fn write(made: &BTreeMap<String, Evidence>) {
    let _ = fs::remove_dir_all(root().join("evidence"));
    for (name, files) in made {
        let folder = root().join("evidence").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in files {
            fs::write(folder.join(file), bytes).unwrap();
        }
    }
}

/// Checks a folder in the order of SPEC.md, section 16.
pub(crate) fn judge(files: &Evidence) -> Result<(), String> {
    let file = |name: &str| files.get(name).ok_or_else(|| format!("no {name}"));
    let text = |name: &str| file(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let print = |error: &dyn std::fmt::Debug| format!("{error:?}");

    // The beginning: the exchange id and the hub's key.
    let genesis_bytes = file("genesis.cbor")?;
    let exchange = Hash::of(genesis_bytes);
    let genesis_line = Line::from_bytes(genesis_bytes).map_err(|e| print(&e))?;
    let genesis_statement = genesis_line.statement().map_err(|e| print(&e))?;
    let genesis: Genesis = codec::decode_strict(genesis_statement.payload()).map_err(|e| print(&e))?;
    genesis_statement.verify(&genesis.hub_key).map_err(|e| print(&e))?;
    if text("ledger.pem")? != genesis.hub_key.to_spki_pem() {
        return Err("ledger.pem is not the key of the genesis line".into());
    }

    // The checkpoint.
    let checkpoint: SignedCheckpoint = text("checkpoint.note")?.parse().map_err(|e| print(&e))?;
    let origin = vrs_protocol::id::origin(&genesis.region);
    let log = VerifierKey::new(&origin, SignatureType::Ed25519, genesis.hub_key).map_err(|e| print(&e))?;
    checkpoint.verify(&log).map_err(|e| print(&e))?;

    // Both lines are in its tree.
    let included = |line: &str, receipt: &str| {
        let receipt = Receipt::parse(file(receipt)?).map_err(|e| print(&e))?;
        let root = receipt.verify(file(line)?, &genesis.hub_key).map_err(|e| print(&e))?;
        if root != checkpoint.checkpoint().root() || receipt.proof().size != checkpoint.checkpoint().size() {
            return Err(format!("the receipt of {line} is for another tree than the checkpoint's"));
        }
        if receipt.issuer() != origin || receipt.subject() != format!("line {}", receipt.proof().index) {
            return Err(format!("the receipt of {line} names another line"));
        }
        Ok(receipt.proof().index)
    };
    let release_index = included("line.cbor", "receipt.cose")?;
    let key_index = included("key-line.cbor", "key-line-receipt.cose")?;
    if key_index >= release_index {
        return Err("the key line does not come before the release".into());
    }

    // The author's key.
    let key_line = Line::from_bytes(file("key-line.cbor")?).map_err(|e| print(&e))?;
    let key_statement = key_line.statement().map_err(|e| print(&e))?;
    let (author, key): (u64, PublicKey) = match key_line.kind() {
        Some(LineKind::Participant) => {
            key_statement.verify(&genesis.hub_key).map_err(|e| print(&e))?;
            match codec::decode_strict(key_statement.payload()).map_err(|e| print(&e))? {
                ParticipantChange::Admit { key, .. } => (key_index, key),
                _ => return Err("the key line admits nobody".into()),
            }
        }
        Some(LineKind::Key) => {
            let event: KeyEvent = codec::decode_strict(key_statement.payload()).map_err(|e| print(&e))?;
            (event.participant.0, event.key)
        }
        _ => return Err("the key line names no key".into()),
    };
    if text("author.pem")? != key.to_spki_pem() {
        return Err("author.pem is not the key of the key line".into());
    }

    // The release.
    let line = Line::from_bytes(file("line.cbor")?).map_err(|e| print(&e))?;
    let statement = Statement::parse(file("statement.cose")?).map_err(|e| print(&e))?;
    if line.statement != statement.bytes() || line.kind() != Some(LineKind::Release) {
        return Err("line.cbor does not hold statement.cose".into());
    }
    statement.verify(&key).map_err(|e| print(&e))?;
    let header = statement.header();
    if header.exchange != exchange || header.content_type != LineKind::Release.content_type() {
        return Err("the statement belongs elsewhere".into());
    }
    let manifest: Manifest = codec::decode_strict(statement.payload()).map_err(|e| print(&e))?;
    manifest.check().map_err(|e| print(&e))?;
    if manifest.participant.0 != author || line.author != Some(manifest.participant) {
        return Err("the release is by another participant".into());
    }
    match (files.get("body.cbor"), files.get("nonce.bin")) {
        (None, None) => Ok(()),
        (Some(body), Some(nonce)) if Hash::of_parts(&[nonce, body]) == manifest.body_hash && nonce.len() == 32 => {
            Ok(())
        }
        _ => Err("the body is not the one the manifest names".into()),
    }
}
