//! The domain of VRS and its rules. This crate opens no file and no socket, looks at no clock and throws no dice:
//! time and randomness are arguments, so every history can be replayed, by the hub before it serves and by every
//! node afterwards.
//!
//! In reading order: words (`id`, `period`, `cell`, `table`), the questionnaire (`catalogue`, `check`), what leaves
//! a state (`audience`, `release`), what a region remembers (`charter`, `ledger`, `region`), what follows from it
//! (`reciprocity`, `blocks`, `derived`, `overview`), and how two programs speak (`wire`, `refusal`).
//! Below them lie the borrowed standards: `codec`, `hash`, `time`, `statement`, `merkle`, `note`, `checkpoint`, `receipt`.

pub mod id;
pub mod period;

pub mod catalogue;
pub mod cell;
pub mod check;
pub mod table;

pub mod audience;
pub mod release;

pub mod charter;
pub mod ledger;
pub mod region;

pub mod blocks;
pub mod derived;
pub mod overview;
pub mod reciprocity;

pub mod invite;
pub mod refusal;
pub mod wire;

pub mod checkpoint;
pub mod codec;
pub mod hash;
pub mod merkle;
pub mod note;
pub mod receipt;
pub mod statement;
pub mod time;
