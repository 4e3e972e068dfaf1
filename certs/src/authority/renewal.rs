//! When a holder gets its next certificate by itself.

use vrs_protocol::time::Timestamp;

use super::AuthorityError;
use crate::names::{Holder, Serial};
use crate::profile::{DAY_SECS, RENEWALS_PER_DAY};
use crate::register::{Entry, Register};

/// Judges a holder that asks for its next certificate, with the one it shows, if it shows one. The caller holds the
/// folder's lock, has caught up, and signs before it lets go.
pub(super) fn judge(
    register: &Register,
    holder: &Holder,
    shown: Option<&Serial>,
    now: Timestamp,
) -> Result<(), AuthorityError> {
    if register.is_barred(holder) {
        return Err(AuthorityError::Barred(holder.clone()));
    }
    let is_good = |serial: &Serial| {
        register.entry(serial).is_some_and(|entry| entry.holder == *holder) && register.revoked_at(serial).is_none()
    };
    if shown.is_some_and(|serial| !is_good(serial)) {
        return Err(AuthorityError::ShownRevoked(holder.clone()));
    }
    let own = || register.entries().map(|(_, entry)| entry).filter(|entry| entry.holder == *holder);
    let mut of_today: Vec<Timestamp> =
        own().map(|entry| entry.issued_at).filter(|at| now.secs_since(*at) < DAY_SECS).collect();
    // Counted from the latest one: an old certificate, kept by somebody, asks no more often than the newest.
    let half_over = own().max_by_key(|entry| entry.issued_at).map(half_life);
    if of_today.len() < RENEWALS_PER_DAY || half_over.is_none_or(|half| half <= now) {
        return Ok(());
    }
    of_today.sort_unstable();
    let a_day_later = of_today[of_today.len() - RENEWALS_PER_DAY].plus_secs(DAY_SECS);
    Err(AuthorityError::TooMany {
        holder: holder.clone(),
        from: half_over.map_or(a_day_later, |half| half.min(a_day_later)),
    })
}

fn half_life(entry: &Entry) -> Timestamp {
    entry.issued_at.plus_secs(entry.not_after.secs_since(entry.issued_at) / 2)
}
