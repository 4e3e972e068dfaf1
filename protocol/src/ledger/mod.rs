//! The ledger: one line after the other, each an author's signed statement untouched, under one RFC 9162 tree.
//!
//! What a line *means* for the region, and whether it may stand there, is judged in [`crate::region`].

mod line;
mod said;

pub use line::{LINE_BYTES_MAX, Line, LineError, LineKind};
pub use said::{
    BlockLine, BlockTableLine, Edition, Erasure, Extension, Genesis, Hidden, KeyEvent, Objection, ParticipantChange,
    ParticipantKind, Said, Served, ServedItem, Serving, Undelivered,
};
