use vrs_protocol::audience::{Audience, AudienceChoice};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::release::{Manifest, Nonce, Operator};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::DatabaseError;

use super::*;
use crate::release::{Ended, Origin, State};
use crate::store::outbox::{self, Load};
use crate::store::refusals::{self, NewRefusal};
use crate::store::releases::{self, NewDraft};

fn ana() -> Operator {
    Operator("ana".into())
}

fn ben() -> Operator {
    Operator("ben".into())
}

fn draft(form_code: &str) -> NewDraft {
    NewDraft {
        form: form(form_code),
        period: period("2021"),
        audience: AudienceChoice::parse("named:FRA,GBR").unwrap(),
        origin: Origin::Chosen,
        prepared_by: ana(),
    }
}

fn manifest(form_code: &str) -> Manifest {
    Manifest {
        version: 1,
        participant: ParticipantId(3),
        form: form(form_code),
        period: period("2021"),
        stream: 0,
        revision: 1,
        previous: None,
        catalogue: Hash::ZERO,
        charter: 1,
        policy: 0,
        audience: Audience::Contributors,
        sources: Vec::new(),
        core_answered: true,
        body_bytes: 4096,
        body_hash: Hash::of(b"body"),
        bundle: Vec::new(),
    }
}

async fn state(tx: &mut Transaction, id: i64) -> State {
    releases::find(tx, id).await.unwrap().unwrap().state
}

pub(super) async fn prepared(tx: &mut Transaction) -> i64 {
    let id = releases::add_draft(tx, &draft("IE_TOT"), None, 1).await.unwrap();
    releases::set_prepared(tx, id, &manifest("IE_TOT"), &Nonce([3; 32]), &[7; 4096]).await.unwrap();
    id
}

#[tokio::test]
async fn a_release_goes_through_every_state_in_order() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let id = releases::add_draft(&mut tx, &draft("IE_TOT"), None, 1).await.unwrap();
        assert_eq!(state(&mut tx, id).await, State::Draft);
        assert_eq!(releases::packed(&mut tx, id).await.unwrap(), None);
        releases::set_prepared(&mut tx, id, &manifest("IE_TOT"), &Nonce([3; 32]), &[7; 4096]).await.unwrap();
        let packed = releases::packed(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((packed.manifest, packed.nonce, packed.statement), (manifest("IE_TOT"), Nonce([3; 32]), None));
        releases::set_approved(&mut tx, id, &ben(), 2).await.unwrap();
        let statement_id = Hash::of(b"statement");
        releases::set_signed(&mut tx, id, b"statement", statement_id, 3).await.unwrap();
        assert_eq!(releases::by_statement(&mut tx, statement_id).await.unwrap().unwrap().id, id);
        releases::set_sent(&mut tx, id, 4).await.unwrap();
        assert_eq!(state(&mut tx, id).await, State::Sent);
        releases::set_logged(&mut tx, id, 12, 5).await.unwrap();
        releases::set_final(&mut tx, id, 12, 6).await.unwrap();
        // A late answer changes nothing any more.
        releases::set_logged(&mut tx, id, 99, 7).await.unwrap();
        releases::set_sent(&mut tx, id, 7).await.unwrap();
        let release = releases::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((release.state, release.line, release.final_at), (State::Final, Some(12), Some(Timestamp(6))));
        assert_eq!(
            (release.bundle, release.revision, release.approved_by),
            (id, Some(1), Some(Operator("ben".into())))
        );
        let ended = Ended { state: State::Withdrawn, by: Some(20), note: None };
        releases::set_ended(&mut tx, id, &ended, 8).await.unwrap();
        releases::set_ended(&mut tx, id, &Ended { state: State::Replaced, by: Some(30), note: None }, 9).await.unwrap();
        let release = releases::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!(
            (release.state, release.ended_by, release.ended_at),
            (State::Withdrawn, Some(20), Some(Timestamp(8)))
        );
    })
    .await;
}

#[tokio::test]
async fn no_step_can_be_skipped() {
    for skip in 0..5 {
        on_each(async |database| {
            let mut tx = write(database).await;
            let refused = match skip {
                0 => {
                    let id = releases::add_draft(&mut tx, &draft("IE_TOT"), None, 1).await.unwrap();
                    releases::set_approved(&mut tx, id, &ben(), 2).await
                }
                1 => {
                    let id = prepared(&mut tx).await;
                    releases::set_signed(&mut tx, id, b"s", Hash::of(b"s"), 2).await
                }
                2 => {
                    let id = prepared(&mut tx).await;
                    releases::set_approved(&mut tx, id, &ben(), 2).await.unwrap();
                    releases::set_approved(&mut tx, id, &ben(), 3).await
                }
                3 => {
                    // Not even past the desk: who prepared it does not approve it.
                    let id = prepared(&mut tx).await;
                    releases::set_approved(&mut tx, id, &ana(), 2).await
                }
                _ => {
                    let id = prepared(&mut tx).await;
                    releases::set_prepared(&mut tx, id, &manifest("IE_TOT"), &Nonce([9; 32]), &[1]).await
                }
            };
            assert!(matches!(refused, Err(DatabaseError::Conflict { .. })), "{skip}: {refused:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_bundle_shares_its_way() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let first = releases::add_draft(&mut tx, &draft("IE_TOT"), None, 1).await.unwrap();
        let second = releases::add_draft(&mut tx, &draft("IE_CIT"), Some(first), 1).await.unwrap();
        for (id, code) in [(first, "IE_TOT"), (second, "IE_CIT")] {
            releases::set_prepared(&mut tx, id, &manifest(code), &Nonce([3; 32]), &[7; 4096]).await.unwrap();
            releases::set_approved(&mut tx, id, &ben(), 2).await.unwrap();
            releases::set_signed(&mut tx, id, code.as_bytes(), Hash::of(code.as_bytes()), 3).await.unwrap();
        }
        releases::set_sent(&mut tx, first, 4).await.unwrap();
        let refusal = NewRefusal { number: 403, sentence: "charter", subject: "s", statement: &[1] };
        let refusal = refusals::add(&mut tx, refusal, 5).await.unwrap();
        releases::set_refused(&mut tx, first, refusal, 5).await.unwrap();
        let both = releases::of_bundle(&mut tx, first).await.unwrap();
        assert!(both.iter().all(|release| release.state == State::Refused && release.refusal == Some(refusal)));
        assert_eq!(both.iter().map(|release| release.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!(releases::in_state(&mut tx, State::Refused).await.unwrap(), both);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_kept_names_a_release_of_it_that_stands_all_the_same() {
    on_each(async |database| {
        let mut tx = write(database).await;
        releases::add_keep(&mut tx, &form("IE_TOT"), period("2021"), &ana(), 3).await.unwrap();
        let kept = releases::kept(&mut tx).await.unwrap();
        assert_eq!((kept[0].by.as_str(), kept[0].released), ("ana", None));
        let id = prepared(&mut tx).await;
        assert_eq!(releases::kept(&mut tx).await.unwrap()[0].released, Some(id));
        let ended = Ended { state: State::Withdrawn, by: None, note: None };
        releases::set_ended(&mut tx, id, &ended, 8).await.unwrap();
        assert_eq!(releases::kept(&mut tx).await.unwrap()[0].released, None);
    })
    .await;
}

#[tokio::test]
async fn the_outbox_keeps_its_order_and_gives_nothing_up() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let first = outbox::add(&mut tx, "release 1", &Load::Bundle(1), 10).await.unwrap();
        let load = Load::Statement(LineKind::Withdrawal, vec![1, 2]);
        let second = outbox::add(&mut tx, "withdrawal 1", &load, 20).await.unwrap();
        assert_eq!(outbox::count_waiting(&mut tx, 20).await.unwrap(), (2, Some(Timestamp(10))));
        assert!(outbox::set_sent(&mut tx, first).await.unwrap());
        outbox::set_trouble(&mut tx, first, "nobody answered").await.unwrap();
        let waiting = outbox::waiting(&mut tx).await.unwrap();
        assert_eq!(waiting.iter().map(|parcel| parcel.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!((waiting[0].tries, waiting[0].trouble.as_deref()), (1, Some("nobody answered")));
        assert_eq!((&waiting[0].load, &waiting[1].load), (&Load::Bundle(1), &load));
        outbox::set_logged(&mut tx, first, 12, 30).await.unwrap();
        assert!(!outbox::set_sent(&mut tx, first).await.unwrap());
        assert!(outbox::has(&mut tx, "release 1").await.unwrap() && !outbox::has(&mut tx, "release 2").await.unwrap());
        assert_eq!(outbox::waiting(&mut tx).await.unwrap().len(), 1);
        let listed = outbox::list(&mut tx, 10).await.unwrap();
        assert_eq!(
            (listed[1].state.as_str(), listed[1].line, listed[1].trouble.as_deref()),
            ("logged", Some(12), None)
        );
    })
    .await;
}

#[tokio::test]
async fn only_what_never_left_can_be_taken_out() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let sent = outbox::add(&mut tx, "release 1", &Load::Bundle(1), 10).await.unwrap();
        outbox::set_sent(&mut tx, sent).await.unwrap();
        outbox::add(&mut tx, "release 2", &Load::Bundle(2), 10).await.unwrap();
        let lost = outbox::add(&mut tx, "release 3", &Load::Bundle(3), 10).await.unwrap();
        outbox::set_aside(&mut tx, lost, "the bytes of release 3 are lost").await.unwrap();
        assert_eq!(
            (outbox::count_aside(&mut tx).await.unwrap(), outbox::waiting(&mut tx).await.unwrap().len()),
            (1, 2)
        );
        assert!(outbox::list(&mut tx, 1).await.unwrap()[0].is_aside());
        assert_eq!(outbox::unsettled(&mut tx).await.unwrap().len(), 3);
        assert!(outbox::cancel_bundle(&mut tx, 3, 20).await.unwrap(), "what cannot be sent can be let go");
        assert!(!outbox::cancel_bundle(&mut tx, 1, 20).await.unwrap());
        assert!(outbox::cancel_bundle(&mut tx, 2, 20).await.unwrap());
        assert!(!outbox::has(&mut tx, "release 2").await.unwrap());
        assert_eq!(outbox::waiting(&mut tx).await.unwrap().len(), 1);
    })
    .await;
}
