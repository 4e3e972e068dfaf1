//! Bodies of releases.

use std::collections::BTreeSet;

use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::ledger::ServedItem;
use vrs_protocol::refusal::Reason;
use vrs_protocol::wire::{MESSAGE_BYTES_MAX, READ_MAX, ServedBody};

use super::Reading;

/// Bytes left in a reply for everything that is not a body: frames, lines, nonces and signed refusals.
const REPLY_REST_BYTES: usize = 1 << 20;

/// What may be read, and what may not.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    pub(crate) bodies: Vec<ServedBody>,
    pub(crate) refused: Vec<(LineIndex, Reason)>,
}

impl Reading {
    /// Serves bodies of releases, each or the reason why not. What does not fit into one reply is refused in passing and
    /// not logged: the reader asks for the rest next.
    ///
    /// # Errors
    /// Where nothing can be answered at all.
    pub(crate) async fn bodies(&self, reader: ParticipantId, releases: Vec<LineIndex>) -> Result<Bodies, Reason> {
        if releases.is_empty() || releases.len() > READ_MAX {
            return Err(Reason::Malformed(format!("{} releases; 1 to {READ_MAX} are read at once", releases.len())));
        }
        let (fitting, later) = self.fitting(releases.into_iter().collect());
        let items = fitting.into_iter().map(ServedItem::Release).collect();
        let mut answer =
            Bodies { bodies: Vec::new(), refused: later.into_iter().map(|line| (line, Reason::Busy(1))).collect() };
        for (item, served) in self.serve(reader, items).await? {
            let ServedItem::Release(release) = item else { continue };
            match served {
                Ok((serving, body)) => {
                    answer.bodies.push(ServedBody { release, serving, nonce: body.nonce, body: body.body })
                }
                Err(reason) => answer.refused.push((release, reason)),
            }
        }
        Ok(answer)
    }

    /// The releases whose bodies fit into one reply, and those left for the next.
    fn fitting(&self, releases: BTreeSet<LineIndex>) -> (Vec<LineIndex>, Vec<LineIndex>) {
        let view = self.ledger.view();
        let mut left = MESSAGE_BYTES_MAX - REPLY_REST_BYTES;
        releases.into_iter().partition(|line| {
            let bytes = view.region().release(*line).map_or(0, |release| release.manifest.body_bytes as usize);
            let fits = bytes <= left;
            left -= if fits { bytes } else { 0 };
            fits
        })
    }
}
