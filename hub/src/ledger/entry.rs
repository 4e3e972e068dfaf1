//! What is to be written into the ledger.

use minicbor::Encode;
use vrs_protocol::codec;
use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::statement::Verified;
use vrs_protocol::time::Timestamp;

use crate::store::block_tables::StoredBlockTable;
use crate::store::bodies::StoredBody;

/// One submission: all of it is written, or nothing.
pub(crate) enum Append {
    /// Statements of one participant, in order.
    Signed {
        /// Who signed them; the caller is bound to this participant.
        author: ParticipantId,
        /// The statements.
        statements: Vec<Signed>,
    },
    /// A line of the hub, composed against exactly the state it will stand on. It may be composed again when the first
    /// attempt was not committed. `None`: there is nothing to say.
    Composed(Compose),
    /// The hub erases what it may no longer hold.
    Sweep,
}

/// Composes a line of the hub: region and hub time of the line to be.
pub(crate) type Compose = Box<dyn Fn(&Region, Timestamp) -> Result<Option<Composed>, Reason> + Send + Sync>;

/// A statement of a participant.
pub(crate) struct Signed {
    /// What it is.
    pub(crate) kind: LineKind,
    /// That its author's key made it.
    pub(crate) verified: Verified,
    /// The COSE_Sign1 as it came.
    pub(crate) statement: Vec<u8>,
    /// The body, for a release.
    pub(crate) body: Option<StoredBody>,
}

/// A line of the hub, not yet signed.
pub(crate) struct Composed {
    pub(super) kind: LineKind,
    pub(super) about: String,
    pub(super) payload: Vec<u8>,
    pub(super) beside: Beside,
}

/// What else the transaction of a line writes.
pub(crate) enum Beside {
    /// Nothing.
    Nothing,
    /// Sums that the edition gives for the first time.
    BlockTables(Vec<StoredBlockTable>),
    /// A request that is answered by this admission, and the certificate chain to hand out.
    Admitted {
        /// Number of the request.
        enrolment: i64,
        /// Certificates in DER, the leaf first.
        chain: Vec<Vec<u8>>,
    },
    /// Bodies that leave the database.
    Erased(Vec<LineIndex>),
}

impl Append {
    /// A line of the hub, composed when its turn comes.
    pub(crate) fn compose(
        said: impl Fn(&Region, Timestamp) -> Result<Option<Composed>, Reason> + Send + Sync + 'static,
    ) -> Self {
        Self::Composed(Box::new(said))
    }
}

impl Composed {
    /// A line of the hub that says `payload` about something. The subject of the statement also names the line, so that
    /// no two statements of the hub are ever the same bytes.
    pub(crate) fn new<T: Encode<()>>(kind: LineKind, about: impl Into<String>, payload: &T) -> Self {
        Self { kind, about: about.into(), payload: codec::to_bytes(payload), beside: Beside::Nothing }
    }

    /// With what else belongs to the same transaction.
    pub(crate) fn with(self, beside: Beside) -> Self {
        Self { beside, ..self }
    }
}
