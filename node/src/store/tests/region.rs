use vrs_protocol::checkpoint::Checkpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::release::Nonce;
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::DatabaseError;

use super::*;
use crate::mirror::{About, Broken, Contradiction, Flaw};
use crate::store::blocks::HeldBlockTable;
use crate::store::bodies::HeldBody;
use crate::store::charters::Acceptance;
use crate::store::membership::Membership;
use crate::store::refusals::NewRefusal;
use crate::store::{blocks, bodies, charters, flaws, ledger, link, membership, refusals};

#[tokio::test]
async fn a_node_belongs_to_one_region_for_ever() {
    on_each(async |database| {
        let mut tx = write(database).await;
        assert_eq!(membership::find(&mut tx).await.unwrap(), None);
        let ours = Membership {
            region: "Demo".into(),
            address: "hub:7443".into(),
            participant: ParticipantId(4),
            genesis: vec![1, 2],
            joined_at: Timestamp(9),
        };
        membership::set(&mut tx, &ours).await.unwrap();
        assert_eq!(membership::find(&mut tx).await.unwrap(), Some(ours.clone()));
        assert!(matches!(membership::set(&mut tx, &ours).await, Err(DatabaseError::Conflict { .. })));
    })
    .await;
}

#[tokio::test]
async fn lines_are_added_at_the_end_and_nowhere_else() {
    on_each(async |database| {
        let mut tx = write(database).await;
        ledger::prepare(&mut tx).await.unwrap();
        ledger::prepare(&mut tx).await.unwrap();
        ledger::append(&mut tx, 0, &[vec![0], vec![1], vec![2]]).await.unwrap();
        assert_eq!(ledger::head(&mut tx).await.unwrap().size, 3);
        assert_eq!(ledger::lines(&mut tx, 1, 10).await.unwrap(), [vec![1], vec![2]]);
        assert_eq!(ledger::lines(&mut tx, 0, 2).await.unwrap(), [vec![0], vec![1]]);
        assert_eq!(ledger::line(&mut tx, 2).await.unwrap(), Some(vec![2]));
        assert_eq!(ledger::line(&mut tx, 3).await.unwrap(), None);
        tx.commit().await.unwrap();
        // Another process that still believes in two lines is told so.
        let mut tx = write(database).await;
        assert!(matches!(ledger::append(&mut tx, 2, &[vec![9]]).await, Err(DatabaseError::Conflict { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_rollback_can_heal_and_a_fork_cannot() {
    on_each(async |database| {
        let mut tx = write(database).await;
        ledger::prepare(&mut tx).await.unwrap();
        let key = SigningKey::from_seed(&[9; 32]);
        let checkpoint = Checkpoint::new("vrs/test", 3, Hash::of(b"root")).unwrap().sign(&key).unwrap();
        let broken =
            |kind| Broken { kind, sentence: "set back".into(), at: Timestamp(7), evidence: "evidence/f.json".into() };
        ledger::set_broken(&mut tx, &broken(Contradiction::Rollback)).await.unwrap();
        assert_eq!(ledger::head(&mut tx).await.unwrap().broken, Some(broken(Contradiction::Rollback)));
        ledger::set_checkpoint(&mut tx, &checkpoint, 8).await.unwrap();
        let head = ledger::head(&mut tx).await.unwrap();
        assert_eq!(
            (head.broken, head.checkpoint.as_ref(), head.checked_at),
            (None, Some(&checkpoint), Some(Timestamp(8)))
        );

        ledger::set_broken(&mut tx, &broken(Contradiction::Fork)).await.unwrap();
        ledger::set_broken(&mut tx, &broken(Contradiction::Rollback)).await.unwrap();
        assert_eq!(ledger::head(&mut tx).await.unwrap().broken, Some(broken(Contradiction::Fork)));
        ledger::settle(&mut tx).await.unwrap();
        assert_eq!(ledger::head(&mut tx).await.unwrap().broken, None);
        ledger::set_broken(&mut tx, &broken(Contradiction::Fork)).await.unwrap();
        assert!(ledger::set_checkpoint(&mut tx, &checkpoint, 9).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_flaw_is_said_once() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let flaw = Flaw { line: 5, about: About::Line, number: 611, sentence: "wrong".into(), found_at: Timestamp(1) };
        assert!(flaws::add(&mut tx, &flaw).await.unwrap());
        assert!(!flaws::add(&mut tx, &flaw).await.unwrap());
        let body = Flaw { about: About::Body, ..flaw.clone() };
        assert!(flaws::add(&mut tx, &body).await.unwrap());
        let sums = |table| Flaw { about: About::Block { block: 2, table }, ..flaw.clone() };
        assert!(flaws::add(&mut tx, &sums(1)).await.unwrap());
        assert!(flaws::add(&mut tx, &sums(3)).await.unwrap(), "each table of an edition");
        assert_eq!(flaws::list(&mut tx).await.unwrap(), [flaw.clone(), body.clone(), sums(1), sums(3)]);
        // Found again later, it is the same flaw, and known to be there still.
        assert!(!flaws::add(&mut tx, &Flaw { found_at: Timestamp(500), ..body.clone() }).await.unwrap());
        assert_eq!(flaws::since(&mut tx, 1).await.unwrap(), [(5, About::Body)].into());
        assert_eq!(flaws::since(&mut tx, 0).await.unwrap().len(), 4);
        assert_eq!(flaws::list(&mut tx).await.unwrap()[1], body);
    })
    .await;
}

#[tokio::test]
async fn an_acceptance_keeps_the_first_name() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let first = Acceptance { line: 1, by: "ana".into(), at: Timestamp(1) };
        charters::accept(&mut tx, &first).await.unwrap();
        charters::accept(&mut tx, &Acceptance { by: "ben".into(), ..first.clone() }).await.unwrap();
        assert_eq!(charters::find(&mut tx, 1).await.unwrap(), Some(first));
        assert_eq!(charters::find(&mut tx, 2).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn trouble_on_the_link_keeps_its_beginning() {
    on_each(async |database| {
        let mut tx = write(database).await;
        link::trouble(&mut tx, "nobody answered", 100).await.unwrap();
        link::trouble(&mut tx, "no address", 200).await.unwrap();
        let state = link::state(&mut tx).await.unwrap();
        assert_eq!((state.trouble_since, state.trouble.as_deref()), (Some(Timestamp(100)), Some("no address")));
        link::reached(&mut tx, 300).await.unwrap();
        let state = link::state(&mut tx).await.unwrap();
        assert_eq!((state.reached_at, state.trouble_since), (Some(Timestamp(300)), None));
        assert_eq!(link::revocations(&mut tx).await.unwrap(), Vec::<Vec<u8>>::new());
        link::set_revocations(&mut tx, &[vec![1], vec![2, 3]], 300).await.unwrap();
        assert_eq!(link::revocations(&mut tx).await.unwrap(), [vec![1], vec![2, 3]]);
        assert_eq!(link::state(&mut tx).await.unwrap().reached_at, Some(Timestamp(300)));
    })
    .await;
}

#[tokio::test]
async fn an_erased_body_leaves_a_note_and_may_come_again() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let held =
            HeldBody { release: 7, serving: 9, nonce: Nonce([1; 32]), body: vec![5; 4096], received_at: Timestamp(2) };
        bodies::put(&mut tx, &held).await.unwrap();
        assert_eq!(bodies::find(&mut tx, 7).await.unwrap(), Some(held.clone()));
        assert!(bodies::erase(&mut tx, 7, "withdrawn at line 12", 50).await.unwrap());
        assert!(!bodies::erase(&mut tx, 7, "again", 60).await.unwrap());
        assert_eq!(bodies::find(&mut tx, 7).await.unwrap(), None);
        assert!(bodies::held(&mut tx).await.unwrap().is_empty());
        let erased = bodies::erased(&mut tx).await.unwrap();
        assert_eq!(
            (erased[0].release, erased[0].erased_at, erased[0].why.as_str()),
            (7, Timestamp(50), "withdrawn at line 12")
        );
        bodies::put(&mut tx, &HeldBody { serving: 20, ..held }).await.unwrap();
        assert_eq!(bodies::find(&mut tx, 7).await.unwrap().unwrap().serving, 20);
        assert!(bodies::erased(&mut tx).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_block_table_is_named_by_its_hash_and_never_changes() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let table = HeldBlockTable {
            hash: Hash::of(b"sums"),
            edition: 30,
            block: 0,
            place: 1,
            serving: 31,
            nonce: Nonce([2; 32]),
            body: vec![6; 4096],
            received_at: Timestamp(3),
        };
        blocks::put(&mut tx, &table).await.unwrap();
        blocks::put(&mut tx, &HeldBlockTable { edition: 40, ..table.clone() }).await.unwrap();
        assert_eq!(blocks::find(&mut tx, table.hash).await.unwrap(), Some(table.clone()));
        assert_eq!(blocks::held(&mut tx).await.unwrap(), [table.hash].into());
    })
    .await;
}

#[tokio::test]
async fn refusals_are_kept_word_for_word() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let new = NewRefusal { number: 503, sentence: "would open", subject: "RE_TOT 2019", statement: &[1, 2, 3] };
        let id = refusals::add(&mut tx, new, 5).await.unwrap();
        let kept = refusals::list(&mut tx, 10).await.unwrap();
        assert_eq!((kept[0].id, kept[0].number, kept[0].sentence.as_str()), (id, 503, "would open"));
        assert_eq!((kept[0].statement.as_slice(), kept[0].received_at), (&[1, 2, 3][..], Timestamp(5)));
    })
    .await;
}
