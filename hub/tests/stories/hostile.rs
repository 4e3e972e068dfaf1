//! What hostile and broken callers get: a numbered refusal, and nothing is written.

use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::checkpoint::Checkpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::origin;
use vrs_protocol::ledger::{LineKind, Serving};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::wire::{EXPORTER_LABEL, Request};
use vrs_runtime::link::LinkError;

use crate::support::{Node, REGION, logged, on_each_engine, submission};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_answered_before_the_connection_is_bound() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let (_client, connection) = world.call(&gbr.keys, &gbr.chain).await.unwrap();
        let unbound = Node { connection, ..gbr };
        let reply = unbound.ask(&Request::Lines { from: 0, count: 1 }).await;
        assert_eq!(unbound.refusal(&world.hub, reply).number, 103);
        // A version that does not exist yet.
        let exporter = unbound.connection.exporter(EXPORTER_LABEL.as_bytes(), &[]).unwrap();
        let binding = unbound.binding(&exporter, &unbound.keys.identity);
        let later = Request::Hello {
            participant: unbound.id,
            version_min: 7,
            version_max: 9,
            binding,
            software: String::new(),
        };
        assert_eq!(unbound.refusal(&world.hub, unbound.ask(&later).await).number, 102);
        // A binding of another connection, as somebody in the middle would pass it on.
        let passed_on = unbound.hello_request(unbound.binding(&[7; 32], &unbound.keys.identity));
        assert_eq!(unbound.refusal(&world.hub, unbound.ask(&passed_on).await).number, 204);
        // A certificate of the authority without the logged key.
        let stranger = vrs_certs::NodeKeys::generate().unwrap();
        let forged = unbound.hello_request(unbound.binding(&exporter, &stranger.identity));
        assert_eq!(unbound.refusal(&world.hub, unbound.ask(&forged).await).number, 203);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_speaks_for_another() {
    on_each_engine(|world| async move {
        let (gbr, fra) = (world.join("GBR").await, world.join("FRA").await);
        // The certificate of one, the name of the other.
        let (_client, connection) = world.call(&gbr.keys, &gbr.chain).await.unwrap();
        let posing = Node { connection, id: fra.id, ..gbr };
        let reply = posing.hello().await;
        assert_eq!(posing.refusal(&world.hub, reply).number, 202);
        let gbr = world.again(Node { id: posing_id(&world.hub), ..posing }).await;
        // A release of the other, passed on.
        let release = fra.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(1))]);
        let size = world.hub.ledger().view().size();
        assert_eq!(gbr.refusal(&world.hub, gbr.submit(&[release]).await).number, 203);
        // A line that only the hub writes.
        let serving = Serving { reader: gbr.id, items: Vec::new() };
        assert_eq!(gbr.refusal(&world.hub, gbr.declare(LineKind::Serving, &serving).await).number, 206);
        assert_eq!(world.hub.ledger().view().size(), size);
        world.hub.close().await.unwrap();
    })
    .await;
}

fn posing_id(hub: &vrs_hub::Hub) -> vrs_protocol::id::ParticipantId {
    hub.ledger().view().region().participant_by_code(&crate::support::code("GBR")).unwrap().id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altered_bodies_and_statements_are_refused_with_their_number() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]);
        let size = world.hub.ledger().view().size();
        let submit = async |change: &dyn Fn(&mut vrs_protocol::wire::Submission)| {
            let mut submission = submission(&release);
            change(&mut submission);
            gbr.refusal(&world.hub, gbr.ask(&Request::Submit { releases: vec![submission] }).await).number
        };
        assert_eq!(submit(&|s| s.body[20] ^= 1).await, 416);
        assert_eq!(submit(&|s| s.nonce.0[0] ^= 1).await, 416);
        assert_eq!(submit(&|s| *s.statement.last_mut().unwrap() ^= 1).await, 204);
        assert_eq!(submit(&|s| s.statement.push(0)).await, 100);
        assert_eq!(submit(&|s| s.statement = vec![0; 70_000]).await, 101);
        assert_eq!(gbr.refusal(&world.hub, gbr.ask(&Request::Submit { releases: Vec::new() }).await).number, 100);
        assert_eq!(gbr.refusal(&world.hub, gbr.ask(&Request::Read { releases: vec![0; 65] }).await).number, 100);
        // A message beyond every bound is not read at all, and the connection stays good for others.
        let huge = Request::Renew { request: vec![0; 20 << 20] };
        assert!(matches!(gbr.try_ask(&huge).await, Err(LinkError::GivenUp(16))));
        assert_eq!(world.hub.ledger().view().size(), size);
        logged(gbr.submit(&[release]).await);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_that_do_not_fit_the_form_or_each_other_are_refused() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let refused = async |form: &str, period: &str, cells: &[(&str, Cell)]| {
            let release = gbr.release(&world.hub, form, period, Audience::Contributors, cells);
            gbr.refusal(&world.hub, gbr.submit(&[release]).await).number
        };
        assert_eq!(refused("IE_CIT", "2021", &[("QQQ", Cell::count(1))]).await, 419, "a country that does not exist");
        assert_eq!(
            refused("IE_TOT", "2021", &[("", Cell::Fewer { below: 9 })]).await,
            419,
            "another bound than the Charter's"
        );
        assert_eq!(
            refused("IE_CIT", "2021", &[("_T", Cell::count(1)), ("AFG", Cell::count(2))]).await,
            419,
            "parts over their total"
        );
        assert_eq!(refused("IE_TOT", "2999", &[("", Cell::count(1))]).await, 404, "a period that has not ended");
        gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(10))]).await;
        assert_eq!(
            refused("IE_CIT", "2021", &[("_T", Cell::count(11))]).await,
            419,
            "a total that another table contradicts"
        );
        assert_eq!(refused("IE_TOT", "2021-S1", &[("", Cell::count(11))]).await, 419, "a half larger than the year");
        world.hub.close().await.unwrap();
    })
    .await;
}

/// A note of the region's origin on a size, by a key.
fn note(size: u64, root: [u8; 32], key: &SigningKey) -> String {
    Checkpoint::new(&origin(REGION), size, Hash(root)).unwrap().sign(key).unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_without_proof_is_refused_and_stops_nobody() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let forged = note(1_000, [7; 32], &gbr.keys.identity);
        for (since, note) in [(i64::MAX as u64, None), (1_000, Some(forged)), (1_000, Some("no note".to_owned()))] {
            let reply = gbr.ask(&Request::Checkpoint { since, note }).await;
            assert_eq!(gbr.refusal(&world.hub, reply).number, 106);
        }
        assert_eq!(world.hub.alarms().await.unwrap(), []);
        gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]).await;
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_checkpoint_of_its_own_stops_the_hub_until_an_operator_has_decided_about_it() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let pem = std::fs::read_to_string(world.place.dir().join("keys/ledger.pem")).unwrap();
        let key = SigningKey::from_pkcs8_pem(&pem).unwrap();
        let show = async |size: u64, root: [u8; 32]| {
            gbr.ask(&Request::Checkpoint { since: size, note: Some(note(size, root, &key)) }).await
        };
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]);
        assert_eq!(gbr.refusal(&world.hub, show(1_000, [7; 32]).await).number, 106);
        let refused = gbr.refusal(&world.hub, gbr.submit(std::slice::from_ref(&release)).await);
        assert!(refused.is_passing() && refused.number == 105, "{}", refused.sentence);
        assert_eq!(world.hub.settle_alarms().await.unwrap(), 1);
        logged(gbr.submit(std::slice::from_ref(&release)).await);
        // The same checkpoint again is decided about. Another one is not, be it smaller or of a size the hub has.
        show(1_000, [7; 32]).await;
        logged(gbr.submit(std::slice::from_ref(&release)).await);
        for size in [900, 2] {
            show(size, [8; 32]).await;
            assert_eq!(world.hub.settle_alarms().await.unwrap(), 1, "{size} lines");
        }
        // What the ledger holds is no reason for an alarm.
        let held = world.hub.ledger().view().checkpoint().unwrap().to_string();
        let since = world.hub.ledger().view().size();
        assert!(matches!(
            gbr.ask(&Request::Checkpoint { since, note: Some(held) }).await,
            vrs_protocol::wire::Reply::Checkpoint { .. }
        ));
        assert_eq!(world.hub.alarms().await.unwrap().len(), 3);
        gbr.contribute(&world.hub, "IE_TOT", "2020", Audience::Contributors, &[("", Cell::count(9))]).await;
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_bundle_is_refused_without_asking_who_writes() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let bundled = |form: &str| {
            let bundle = [("IE_CIT", "2021"), ("IE_TOT", "2021")];
            let cells = if form == "IE_CIT" { [("_T", Cell::count(9))] } else { [("", Cell::count(9))] };
            gbr.bundled(&world.hub, form, "2021", Audience::Contributors, &cells, &bundle)
        };
        // While somebody else writes, whoever has to ask waits.
        let held = world.hub.database().begin("hold").await.unwrap();
        let half = [bundled("IE_CIT")];
        let half = tokio::time::timeout(std::time::Duration::from_secs(3), gbr.submit(&half)).await.unwrap();
        assert_eq!(gbr.refusal(&world.hub, half).number, 302);
        drop(held);
        assert_eq!(logged(gbr.submit(&[bundled("IE_CIT"), bundled("IE_TOT")]).await).len(), 2);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_declares_without_end_is_told_to_wait_and_may_still_release() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        // Each costs a token, also one that cannot be read. Some come back meanwhile, so a few more may be taken.
        let nonsense = Request::Declare { kind: LineKind::Objection as u8, statement: vec![0] };
        let mut taken = 0;
        while gbr.refusal(&world.hub, gbr.ask(&nonsense).await).number != 104 {
            taken += 1;
            assert!(taken < 1_000, "nothing bounds it");
        }
        assert!(taken >= world.hub.settings().rate.declarations_burst, "{taken}");
        gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]).await;
        world.hub.close().await.unwrap();
    })
    .await;
}
