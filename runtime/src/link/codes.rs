//! Numbers with which one side tells the other why it closed a connection or gave up a stream.
//!
//! Numbers below 256 belong to this crate and never change their meaning; programs choose theirs from 256 on.

/// Closed because the work is done.
pub const DONE: u32 = 0;
/// The protocol name that was asked for needs a client certificate.
pub const CERTIFICATE_NEEDED: u32 = 1;
/// A newer connection of the same identity took its place.
pub const REPLACED: u32 = 2;
/// The connection reached the age at which certificates have to be shown again.
pub const TOO_OLD: u32 = 3;
/// The identity behind the connection is no longer welcome.
pub const UNWELCOME: u32 = 4;
/// The program stops.
pub const STOPPING: u32 = 5;
/// There are too many connections.
pub const CROWDED: u32 = 6;

/// A frame was announced larger than the receiver takes.
pub const FRAME_TOO_LARGE: u32 = 16;
/// A frame ended early, or something followed it.
pub const FRAME_MALFORMED: u32 = 17;
/// A frame or an answer took too long.
pub const TOO_SLOW: u32 = 18;
/// The receiver let go of a request without an answer.
pub const UNANSWERED: u32 = 19;
/// The caller no longer wants the answer.
pub const CANCELLED: u32 = 20;

/// The first number that programs may choose.
pub const FIRST_OF_PROGRAMS: u32 = 256;
