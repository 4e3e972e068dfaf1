//! Statements without a body: which kinds a participant may send.

use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;

/// The kind of a number, if participants declare it.
pub(super) fn kind(number: u8) -> Result<LineKind, Reason> {
    match LineKind::of(number) {
        Some(
            kind @ (LineKind::Withdrawal
            | LineKind::Extension
            | LineKind::Erasure
            | LineKind::Objection
            | LineKind::Key),
        ) => Ok(kind),
        Some(LineKind::Release) => Err(Reason::Malformed("a release comes with its body; submit it".into())),
        Some(kind) => Err(Reason::HubOnly(kind.word())),
        None => Err(Reason::Malformed(format!("there is no kind of line with number {number}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants_declare_five_kinds_and_no_other() {
        let taken: Vec<u8> = (0..=255).filter(|number| kind(*number).is_ok()).collect();
        assert_eq!(
            taken,
            [LineKind::Key, LineKind::Extension, LineKind::Withdrawal, LineKind::Erasure, LineKind::Objection]
                .map(|kind| kind as u8)
        );
        assert_eq!(kind(LineKind::Serving as u8), Err(Reason::HubOnly("serving")));
        assert!(matches!(kind(LineKind::Release as u8), Err(Reason::Malformed(_))));
    }
}
