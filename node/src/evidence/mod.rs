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
//! body.cbor         on request, while the release may be read: the body as it travelled, with nonce.bin; mode 600
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
        let logged = match find(&view, release) {
            Err(NodeError::Missing(what)) => return Err(NodeError::Missing(self.perhaps_meant(release, what).await?)),
            found => found?,
        };
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

    /// A number that is no line of a release may be meant as one of the desk's; those are not lines, and the line is named.
    async fn perhaps_meant(&self, named: &str, what: String) -> Result<String> {
        let Ok(id) = named.parse() else { return Ok(what) };
        let mut tx = self.database().read("find a release for evidence").await?;
        let line = store::releases::find(&mut tx, id).await?.and_then(|release| release.line);
        Ok(match line {
            Some(line) => {
                format!("{what}. Release {id} of the desk stands at line {line}: vrs-node evidence {line} --out DIR")
            }
            None => what,
        })
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
                "{named:?} names no release; write its line in the ledger or the SHA-256 of its statement (of our own: vrs-node release list, column line; of others: vrs-node read FORM PERIOD)"
            )));
        }
    };
    let what = if named.len() < 20 { "release at line" } else { "release with the statement" };
    found.ok_or_else(|| NodeError::Missing(format!("{what} {named} in the ledger as this node has it")))
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
        files::private_directory(out)?;
        let all = [
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
        let mut written = Vec::new();
        for (name, bytes) in all {
            let path = out.join(name);
            files::write_public(&path, &bytes)?;
            written.push(path);
        }
        // These two are the figures themselves, which are for whoever is given them and not for everybody on the machine.
        let figures = self.body.into_iter().flat_map(|(nonce, body)| [("nonce.bin", nonce), ("body.cbor", body)]);
        for (name, bytes) in figures {
            let path = out.join(name);
            files::write_secret(&path, &bytes)?;
            written.push(path);
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::os::unix::fs::PermissionsExt;

    use vrs_protocol::audience::Audience;

    use super::*;
    use crate::testing::{TestRegion, table};

    #[test]
    fn figures_are_written_for_their_owner_only() {
        let region = TestRegion::of(&["AUS"]);
        let empty = Vec::new;
        let parts = Parts {
            statement: empty(),
            receipt: empty(),
            line: empty(),
            checkpoint: region.checkpoint(),
            key_line: empty(),
            key_receipt: empty(),
            genesis: empty(),
            author: String::new(),
            ledger: String::new(),
            body: Some((vec![1], vec![2])),
        };
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("evidence");
        let written = parts.write(&out).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&out), mode(&out.join("body.cbor")), mode(&out.join("nonce.bin"))), (0o700, 0o600, 0o600));
        assert_eq!((written.len(), mode(&out.join("line.cbor"))), (11, 0o644));
    }

    #[test]
    fn a_release_is_named_by_its_line_or_its_statement() {
        let mut region = TestRegion::of(&["AUS", "IDN"]);
        let (line, signed) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), Audience::Contributors);
        let view = &region.view;
        assert_eq!(find(view, &line.to_string()).unwrap().index, line);
        assert_eq!(find(view, &signed.statement.id().to_string()).unwrap().index, line);
        assert!(find(view, "1").unwrap_err().to_string().contains("no release at line 1 in the ledger"));
        assert!(matches!(find(view, "IE_TOT"), Err(NodeError::Usage(said)) if said.contains("its line in the ledger")));
    }
}
