//! Releases reach the ledger, exactly once, and their receipts prove it.

use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::ledger::{LineKind, Said};
use vrs_protocol::merkle::{ConsistencyProof, InclusionProof, leaf_hash};
use vrs_protocol::note::{SignatureType, VerifierKey};
use vrs_protocol::wire::{Notify, Reply, Request, decode};

use crate::support::{logged, on_each_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_is_logged_with_a_receipt_that_verifies() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(40))]);
        let Reply::Logged { lines, checkpoint, proofs } = gbr.submit(std::slice::from_ref(&release)).await else {
            panic!("refused")
        };
        let signed: SignedCheckpoint = checkpoint.parse().unwrap();
        let key = VerifierKey::new(
            "vrs/demo",
            SignatureType::Ed25519,
            world.hub.ledger().view().region().genesis().unwrap().hub_key,
        )
        .unwrap();
        signed.verify(&key).unwrap();
        let Reply::Lines { lines: bytes } = gbr.ask(&Request::Lines { from: lines[0], count: 1 }).await else {
            panic!("no lines")
        };
        let proof = InclusionProof { size: signed.checkpoint().size(), index: lines[0], path: proofs[0].clone() };
        proof.verify(&leaf_hash(&bytes[0]), &signed.checkpoint().root()).unwrap();

        // The same bytes again, also on another connection: the same line. Other bytes for the same revision: a conflict.
        assert_eq!(logged(gbr.submit(std::slice::from_ref(&release)).await), lines);
        let gbr = world.again(gbr).await;
        assert_eq!(logged(gbr.submit(std::slice::from_ref(&release)).await), lines);
        let view = world.hub.ledger().view().size();
        let mut other = gbr.release(&world.hub, "IE_TOT", "2022", Audience::Contributors, &[("", Cell::count(41))]);
        let first = gbr.submit(std::slice::from_ref(&other)).await;
        assert_eq!(logged(first), [view]);
        other = {
            let fresh = world.join("FRA").await;
            fresh.release(&world.hub, "IE_TOT", "2022", Audience::Contributors, &[("", Cell::count(1))])
        };
        let refused = gbr.refusal(&world.hub, gbr.submit(&[other]).await);
        assert_eq!(refused.number, 203, "{}", refused.sentence);

        // A later checkpoint continues the one in the receipt.
        let Reply::Checkpoint { note, proof } =
            gbr.ask(&Request::Checkpoint { since: signed.checkpoint().size(), note: None }).await
        else {
            panic!("no checkpoint")
        };
        let later: SignedCheckpoint = note.parse().unwrap();
        let proof = ConsistencyProof { old: signed.checkpoint().size(), new: later.checkpoint().size(), path: proof };
        proof.verify(&signed.checkpoint().root(), &later.checkpoint().root()).unwrap();
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_bytes_for_the_same_revision_are_a_signed_conflict_with_both_hashes() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let one = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(40))]);
        let other = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(41))]);
        logged(gbr.submit(std::slice::from_ref(&one)).await);
        let refused = gbr.refusal(&world.hub, gbr.submit(std::slice::from_ref(&other)).await);
        assert_eq!(refused.number, 407);
        assert!(
            refused.sentence.contains(&one.statement.id().to_string())
                && refused.sentence.contains(&other.statement.id().to_string())
        );
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_is_written_whole_or_not_at_all_and_half_of_one_stops_nobody() {
    on_each_engine(|world| async move {
        let (gbr, fra) = (world.join("GBR").await, world.join("FRA").await);
        let bundle = [("IE_CIT", "2021"), ("IE_TOT", "2021")];
        let part = |form: &str, cells: &[(&str, Cell)]| {
            gbr.bundled(&world.hub, form, "2021", Audience::Contributors, cells, &bundle)
        };
        let total = part("IE_TOT", &[("", Cell::count(10))]);
        let before = world.hub.ledger().view().size();
        // Half of the bundle.
        assert_eq!(gbr.refusal(&world.hub, gbr.submit(std::slice::from_ref(&total)).await).number, 302);
        // The second half is impossible beside the first.
        let impossible = part("IE_CIT", &[("_T", Cell::count(11))]);
        assert_eq!(gbr.refusal(&world.hub, gbr.submit(&[impossible, total.clone()]).await).number, 419);
        assert_eq!(world.hub.ledger().view().size(), before);
        let line = fra.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(3))]).await;
        let parts = part("IE_CIT", &[("_T", Cell::count(10)), ("AFG", Cell::count(4)), ("_O", Cell::count(6))]);
        assert_eq!(logged(gbr.submit(&[parts, total]).await), [line + 1, line + 2]);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_submissions_at_once_share_commits_and_none_is_lost() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let releases: Vec<_> = (1990..2020)
            .map(|year| {
                gbr.release(&world.hub, "IE_TOT", &year.to_string(), Audience::Totals, &[("", Cell::count(year))])
            })
            .collect();
        let first = world.hub.ledger().view().size();
        let replies =
            futures::future::join_all(releases.iter().map(|release| gbr.submit(std::slice::from_ref(release)))).await;
        let mut lines: Vec<u64> = replies.into_iter().map(|reply| logged(reply)[0]).collect();
        lines.sort_unstable();
        assert_eq!(lines, (first..first + 30).collect::<Vec<_>>());
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_hear_that_the_ledger_has_grown() {
    on_each_engine(|world| async move {
        let (gbr, fra) = (world.join("GBR").await, world.join("FRA").await);
        let line = fra.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(3))]).await;
        loop {
            let notice = gbr.connection.accept_notify().await.unwrap();
            if decode::<Notify>(&notice).unwrap().size > line {
                break;
            }
        }
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_erases_the_hub_s_body_in_the_same_breath() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let line = gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(3))]).await;
        let withdrawn = logged(gbr.withdraw(&world.hub, line).await)[0];
        let erasures = world.said(&gbr, LineKind::Erasure).await;
        assert!(matches!(&erasures[..], [(at, Said::Erasure(erasure))] if *at == withdrawn + 1 && erasure.releases == [line]), "{erasures:?}");
        // The same withdrawal again has the same line; nothing is erased twice.
        let size = world.hub.ledger().view().size();
        assert_eq!(logged(gbr.withdraw(&world.hub, line).await), [withdrawn]);
        assert_eq!(world.hub.ledger().view().size(), size);
        world.hub.close().await.unwrap();
    })
    .await;
}
