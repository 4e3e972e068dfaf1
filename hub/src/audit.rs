//! Judges what is stored again: every line, every checkpoint, every body, every sum of a block.
//!
//! The rule it keeps: it believes nothing that was computed before, neither the hub's memory nor the columns that were
//! copied out of the lines; and it goes on after a flaw, because a person will want to know all of them.

use std::collections::BTreeSet;

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::origin;
use vrs_protocol::ledger::Line;
use vrs_protocol::merkle::{MemoryTree, leaf_hash};
use vrs_protocol::note::{SignatureType, VerifierKey};
use vrs_protocol::region::Region;
use vrs_protocol::release::{Manifest, decode_body};
use vrs_runtime::database::{Database, DatabaseError, Transaction};
use vrs_runtime::progress::Progress;

use crate::store;

/// Lines read at a time.
const CHUNK: u64 = 1_024;
const CHUNK_BYTES: usize = 4 << 20;
/// Flaws that are named; more of the same tell nothing new.
const FLAWS_MAX: usize = 100;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Lines judged.
    pub lines: u64,
    /// Rights served.
    pub servings: u64,
    /// Checkpoints compared.
    pub checkpoints: u64,
    /// Bodies compared.
    pub bodies: u64,
    /// Sums of blocks compared.
    pub block_tables: u64,
    /// Root of the tree of the lines.
    pub root: String,
    /// What is wrong, at most a hundred.
    pub flaws: Vec<String>,
    /// What a person may want to know and is not wrong.
    pub notes: Vec<String>,
}

impl Findings {
    fn flaw(&mut self, sentence: String) {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push(sentence);
        }
    }
}

/// Judges everything in a database.
///
/// # Errors
/// When the database does not answer. What is wrong with its content is a finding.
pub async fn audit(database: &Database, progress: &mut Progress) -> Result<Findings, DatabaseError> {
    let mut found = Findings::default();
    // One transaction: everything is looked at as it was at one moment, also beside a running hub.
    let mut tx = database.read("audit").await?;
    let (region, tree) = lines(&mut tx, &mut found, progress).await?;
    head(&mut tx, &tree, &mut found).await?;
    checkpoints(&mut tx, &region, &tree, &mut found).await?;
    bodies(&mut tx, &region, &mut found).await?;
    sums(&mut tx, &region, &mut found).await?;
    found.servings = region.servings_count();
    found.root = tree.root().to_string();
    if !region.unjudged().is_empty() && found.flaws.is_empty() {
        found.notes.push(format!(
            "{} lines are of a later version and cannot be judged by this program.",
            region.unjudged().len()
        ));
    }
    Ok(found)
}

async fn lines(
    tx: &mut Transaction,
    found: &mut Findings,
    progress: &mut Progress,
) -> Result<(Region, MemoryTree), DatabaseError> {
    let (mut region, mut tree) = (Region::empty(Catalogue::bundled()), MemoryTree::new());
    loop {
        let lines = store::lines::range(tx, region.size(), CHUNK, CHUNK_BYTES).await?;
        if lines.is_empty() {
            found.lines = region.size();
            return Ok((region, tree));
        }
        for line in lines {
            if line.index != region.size() {
                found.flaw(format!("line {} is missing; what comes after it cannot be judged", region.size()));
                found.lines = region.size();
                return Ok((region, tree));
            }
            let leaf = leaf_hash(&line.bytes);
            if leaf != line.leaf {
                found.flaw(format!("line {}: its leaf hash is not that of its bytes", line.index));
            }
            if Line::from_bytes(&line.bytes).is_ok_and(|read| Hash::of(&read.statement) != line.statement) {
                found.flaw(format!("line {}: its statement hash is not that of its statement", line.index));
            }
            if let Err(reason) = region.take(&line.bytes) {
                found.flaw(format!("line {}: {reason}", line.index));
                region.skip();
            }
            tree.append(leaf);
            progress.advance(1);
        }
        tokio::task::yield_now().await;
    }
}

async fn head(tx: &mut Transaction, tree: &MemoryTree, found: &mut Findings) -> Result<(), DatabaseError> {
    match store::head::find(tx).await? {
        None => found.flaw("there is no region in this database".into()),
        Some(head) if (head.size, head.root) != (tree.size(), tree.root()) => {
            found.flaw(format!(
                "the head speaks of {} lines with root {}, the lines are {} with root {}",
                head.size,
                head.root,
                tree.size(),
                tree.root()
            ));
        }
        Some(_) => {}
    }
    Ok(())
}

async fn checkpoints(
    tx: &mut Transaction,
    region: &Region,
    tree: &MemoryTree,
    found: &mut Findings,
) -> Result<(), DatabaseError> {
    let key = region
        .genesis()
        .and_then(|genesis| VerifierKey::new(&origin(&genesis.region), SignatureType::Ed25519, genesis.hub_key).ok());
    let Some(key) = key else { return Ok(()) };
    let mut covered = 0;
    let mut look = |signed: SignedCheckpoint| -> Result<(), DatabaseError> {
        let checkpoint = signed.checkpoint();
        covered = covered.max(checkpoint.size());
        if let Err(error) = signed.verify(&key) {
            found.flaw(format!("the checkpoint of {} lines: {error}", checkpoint.size()));
        }
        match tree.root_at(checkpoint.size()) {
            Ok(root) if root == checkpoint.root() => {}
            Ok(_) => {
                found.flaw(format!("the checkpoint of {} lines has another root than the lines", checkpoint.size()))
            }
            Err(error) => found.flaw(format!("the checkpoint of {} lines: {error}", checkpoint.size())),
        }
        Ok(())
    };
    let count = store::checkpoints::each(tx, &mut look).await?;
    found.checkpoints = count;
    if covered != tree.size() {
        found.flaw(format!("the last checkpoint covers {covered} of {} lines", tree.size()));
    }
    Ok(())
}

async fn bodies(tx: &mut Transaction, region: &Region, found: &mut Findings) -> Result<(), DatabaseError> {
    let held: BTreeSet<u64> = store::bodies::held(tx).await?.into_iter().collect();
    for release in region.releases().filter(|release| release.is_current() && !held.contains(&release.index)) {
        found.flaw(format!("the body of the release of line {} is missing", release.index));
    }
    for line in held {
        let Some(release) = region.release(line) else {
            found.flaw(format!("there is a body for line {line}, which is no release"));
            continue;
        };
        if region.hub_must_erase(line) {
            found.flaw(format!("the body of the release of line {line} should be erased: the release has ended"));
        }
        let Some(body) = store::bodies::find(tx, line).await? else { continue };
        if !release.manifest.names(&body.nonce, &body.body) {
            found.flaw(format!("the body of the release of line {line} is not the one its manifest names"));
        } else if let Err(error) = decode_body(&body.body) {
            found.flaw(format!("the body of the release of line {line}: {error}"));
        }
        found.bodies += 1;
    }
    Ok(())
}

async fn sums(tx: &mut Transaction, region: &Region, found: &mut Findings) -> Result<(), DatabaseError> {
    let named: BTreeSet<Hash> = region
        .editions()
        .flat_map(|(_, edition)| &edition.blocks)
        .flat_map(|block| &block.tables)
        .map(|table| table.hash)
        .collect();
    for hash in named {
        match store::block_tables::find(tx, &hash).await? {
            None => found.flaw(format!("the sums with hash {hash} are missing")),
            Some(sums) if Manifest::hash_of(&sums.nonce, &sums.body) != hash => {
                found.flaw(format!("the sums with hash {hash} are others"))
            }
            Some(_) => found.block_tables += 1,
        }
    }
    Ok(())
}
