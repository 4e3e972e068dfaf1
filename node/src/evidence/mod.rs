//! Evidence of one release, as files that other people's COSE and SCITT software verifies without ours.
//!
//! ```text
//! statement.cose    the author's COSE_Sign1 around the manifest
//! receipt.cose      RFC 9942: the ledger holds line.cbor
//! line.cbor         the leaf
//! checkpoint.note   C2SP: size and root of the tree, signed by the hub
//! key-line.cbor     the line that names the author's key, with key-line-receipt.cose
//! genesis.cbor      the line that names the hub's key; its SHA-256 is the exchange id
//! author.pem        the author's public key
//! ledger.pem        the hub's public key
//! body.cbor         on request, while the release may be read: the body as it travelled, with nonce.bin
//! ```
//!
//! The rule it keeps: nothing is written that this node has not verified itself, and no body it may not hold.

use std::path::{Path, PathBuf};

use serde::Serialize;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantCode};
use vrs_protocol::ledger::Line;
use vrs_protocol::receipt::Receipt;
use vrs_protocol::region::LoggedRelease;
use vrs_runtime::files;

use crate::delivery::Hub;
use crate::error::{NodeError, Result};
use crate::mirror::View;
use crate::node::Node;
use crate::store;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// SHA-256 of the release's statement.
    pub release: Hash,
    /// Its line.
    pub line: LineIndex,
    /// Its author.
    pub author: ParticipantCode,
    /// Size of the tree the receipts are about.
    pub size: u64,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// The parts of the evidence, before they are files.
struct Parts {
    statement: Vec<u8>,
    receipt: Vec<u8>,
    line: Vec<u8>,
    checkpoint: SignedCheckpoint,
    key_line: Vec<u8>,
    key_receipt: Vec<u8>,
    genesis: Vec<u8>,
    author: String,
    ledger: String,
    body: Option<(Vec<u8>, Vec<u8>)>,
}

impl Node {
    /// Writes the evidence of a release, named by the hash of its statement or by its line, into a folder. The receipts come
    /// from the hub; both are verified before anything is written.
    ///
    /// # Errors
    /// When there is no such release, the hub cannot be reached, or the body is asked for and may not be read.
    pub async fn evidence(&self, release: &str, out: &Path, with_body: bool) -> Result<Evidence> {
        let view = self.view().await?;
        let region = view.region();
        let logged = find(&view, release)?;
        let head = self.head().await?;
        let checkpoint = head
            .checkpoint
            .ok_or_else(|| NodeError::Refused("no checkpoint of the hub is at hand yet; run: vrs-node sync".into()))?;
        let size = checkpoint.checkpoint().size();
        if logged.index >= size {
            return Err(NodeError::Refused("the release is not under a checkpoint yet; run: vrs-node sync".into()));
        }
        let author = region
            .participant(logged.manifest.participant)
            .ok_or_else(|| NodeError::Defect("a release of nobody".into()))?;
        let key = author.key_at(logged.index).ok_or_else(|| NodeError::Defect("a release without a key".into()))?;
        let key_line = author.keys.iter().find(|at| at.key == *key).map_or(author.id.0, |at| at.from);
        let genesis_key = region.genesis().ok_or(NodeError::NotJoined)?.hub_key;

        let (line, key_bytes, genesis) =
            (self.stored_line(logged.index).await?, self.stored_line(key_line).await?, self.stored_line(0).await?);
        let body = if with_body { Some(self.body_for_evidence(&view, logged).await?) } else { None };
        let hub = Hub::connect(self).await?;
        let receipt = receipt_of(&hub, logged.index, size, &line, &view).await?;
        let key_receipt = receipt_of(&hub, key_line, size, &key_bytes, &view).await?;
        hub.close("evidence is complete").await;
        let statement = Line::from_bytes(&line).map_err(|error| NodeError::Defect(error.to_string()))?.statement;
        let parts = Parts {
            statement,
            receipt,
            line,
            checkpoint,
            key_line: key_bytes,
            key_receipt,
            genesis,
            author: key.to_spki_pem(),
            ledger: genesis_key.to_spki_pem(),
            body,
        };
        let files = parts.write(out)?;
        Ok(Evidence { release: logged.id, line: logged.index, author: author.code.clone(), size, files })
    }

    async fn stored_line(&self, index: LineIndex) -> Result<Vec<u8>> {
        let mut tx = self.database().read("read a line for evidence").await?;
        store::ledger::line(&mut tx, index)
            .await?
            .ok_or_else(|| NodeError::Missing(format!("line {index} in the mirror")))
    }

    /// Nonce and body: our own, or one that we may hold now.
    async fn body_for_evidence(&self, view: &View, release: &LoggedRelease) -> Result<(Vec<u8>, Vec<u8>)> {
        let me = self.me().await?.id;
        let mut tx = self.database().read("read a body for evidence").await?;
        if release.manifest.participant == me {
            if !release.is_current() {
                return Err(NodeError::Refused("the release is no longer current; its body is not given out".into()));
            }
            let ours = store::releases::by_statement(&mut tx, release.id).await?;
            let packed = match ours {
                Some(ours) => store::releases::packed(&mut tx, ours.id).await?,
                None => None,
            };
            let packed = packed.ok_or_else(|| NodeError::Missing("body of this release at hand".into()))?;
            return Ok((packed.nonce.0.to_vec(), packed.body));
        }
        view.region().may_hold(me, release.index)?;
        let held = store::bodies::find(&mut tx, release.index).await?;
        let held = held.ok_or_else(|| NodeError::Missing("body of this release at hand; run: vrs-node sync".into()))?;
        Ok((held.nonce.0.to_vec(), held.body))
    }
}

/// A release by hash of its statement or by line.
fn find<'v>(view: &'v View, named: &str) -> Result<&'v LoggedRelease> {
    let region = view.region();
    let found = match (named.parse::<Hash>(), named.parse::<LineIndex>()) {
        (Ok(id), _) => region.release_by_id(&id),
        (_, Ok(line)) => region.release(line),
        _ => {
            return Err(NodeError::Usage(format!(
                "{named:?} names no release; write its line in the ledger or the hash of its statement (see: vrs-node release list)"
            )));
        }
    };
    found.ok_or_else(|| NodeError::Missing(format!("release {named} in the ledger as this node has it")))
}

/// Asks the hub for the receipt of a line and verifies it against the root our own mirror has at that size.
async fn receipt_of(hub: &Hub, index: LineIndex, size: u64, line: &[u8], view: &View) -> Result<Vec<u8>> {
    let hostile = |cause: String| NodeError::Hostile(format!("a receipt: {cause}"));
    let receipt = hub.receipt(index, size).await?;
    let parsed = Receipt::parse(&receipt).map_err(|error| hostile(error.to_string()))?;
    let root = parsed.verify(line, &hub.me().hub_key).map_err(|error| hostile(error.to_string()))?;
    let expected = view.tree().root_at(size).map_err(|error| NodeError::Defect(error.to_string()))?;
    if root != expected || parsed.proof().index != index || parsed.proof().size != size {
        return Err(hostile("it is about another line or another tree than ours".into()));
    }
    Ok(receipt)
}

impl Parts {
    fn write(self, out: &Path) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(out).map_err(|cause| files::FileError::System { path: out.to_owned(), cause })?;
        let mut all = vec![
            ("statement.cose", self.statement),
            ("receipt.cose", self.receipt),
            ("line.cbor", self.line),
            ("checkpoint.note", self.checkpoint.to_string().into_bytes()),
            ("key-line.cbor", self.key_line),
            ("key-line-receipt.cose", self.key_receipt),
            ("genesis.cbor", self.genesis),
            ("author.pem", self.author.into_bytes()),
            ("ledger.pem", self.ledger.into_bytes()),
        ];
        if let Some((nonce, body)) = self.body {
            all.push(("nonce.bin", nonce));
            all.push(("body.cbor", body));
        }
        let mut written = Vec::new();
        for (name, bytes) in all {
            let path = out.join(name);
            files::write_public(&path, &bytes)?;
            written.push(path);
        }
        Ok(written)
    }
}
