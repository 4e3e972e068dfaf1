//! Joining, suspension, revocation and the binding of connections.

use std::time::Duration;

use vrs_certs::{Holder, NodeKeys};
use vrs_hub::Hub;
use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::ledger::{Erasure, LineKind, Objection};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::wire::{EnrolReply, EnrolRequest, REENROL_CONTENT_TYPE, Reply, Request};
use vrs_runtime::link::{LinkError, codes};

use crate::support::{Node, code, on_each_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_is_used_once_and_a_second_node_with_it_is_refused() {
    on_each_engine(|world| async move {
        let invite = world.invite("GBR").await;
        let (first, second) = (NodeKeys::generate().unwrap(), NodeKeys::generate().unwrap());
        let request = first.certificate_request(&code("GBR")).unwrap();
        let EnrolReply::Waiting { fingerprint } = world.ask_to_join(&invite, &first, &request).await else {
            panic!("not waiting")
        };
        assert_eq!(fingerprint, vrs_protocol::wire::enrol_fingerprint(&request, &first.identity.public()));
        let other = second.certificate_request(&code("GBR")).unwrap();
        assert!(matches!(world.ask_to_join(&invite, &second, &other).await, EnrolReply::Refused { number: 106, .. }));
        // Another fingerprint than the one that asked is not admitted.
        assert!(world.hub.admit(&code("GBR"), "0000-0000-0000-0000-0000-0000-0000-0000").await.is_err());
        world.hub.admit(&code("GBR"), &fingerprint.to_uppercase()).await.unwrap();
        assert!(matches!(world.ask_to_join(&invite, &first, &request).await, EnrolReply::Admitted { .. }));
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_and_a_proof_by_another_key_are_refused() {
    on_each_engine(|world| async move {
        let invite = world.invite("GBR").await;
        let (keys, other) = (NodeKeys::generate().unwrap(), NodeKeys::generate().unwrap());
        let request = keys.certificate_request(&code("GBR")).unwrap();
        let mut wrong = invite.clone();
        wrong.secret.0[0] ^= 1;
        assert!(matches!(world.ask_to_join(&wrong, &keys, &request).await, EnrolReply::Refused { number: 106, .. }));
        let stolen = EnrolRequest::Join {
            code: code("GBR"),
            secret: invite.secret.0,
            request: request.clone(),
            key: keys.identity.public(),
            proof: other.identity.sign(&vrs_protocol::wire::enrol_proof_message(&request)),
            name: String::new(),
            kind: vrs_protocol::ledger::ParticipantKind::State,
        };
        assert!(matches!(world.enrol(&stolen).await, EnrolReply::Refused { number: 204, .. }));
        assert!(
            matches!(world.ask_to_join(&invite, &keys, &request).await, EnrolReply::Waiting { .. }),
            "the invite is still good"
        );
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_suspended_while_connected_is_gone_at_once_and_comes_back_when_resumed() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        world.hub.suspend(&code("GBR")).await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(10), gbr.connection.closed()).await.unwrap();
        assert!(matches!(end, LinkError::ClosedByPeer { code: codes::UNWELCOME, .. }), "{end}");
        let (_client, connection) = world.call(&gbr.keys, &gbr.chain).await.unwrap();
        let gbr = Node { connection, ..gbr };
        assert!(matches!(gbr.hello().await, Reply::Hello { .. }), "it learns that it is suspended");
        assert!(!world.lines(&gbr).await.is_empty());
        let size = world.hub.ledger().view().size();
        assert!(matches!(gbr.ask(&Request::Checkpoint { since: 0, note: None }).await, Reply::Checkpoint { .. }));
        assert!(matches!(gbr.ask(&Request::Proof { index: 0, size }).await, Reply::Proof { .. }));
        // It may say that it has erased, and is told when there is nothing to erase.
        let erased = gbr.declare(LineKind::Erasure, &Erasure { releases: vec![0] }).await;
        assert_ne!(gbr.refusal(&world.hub, erased).number, 201);
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(1))]);
        let objection = Objection { line: 0, number: 300, text: "no".into() };
        let request = gbr.keys.certificate_request(&gbr.code).unwrap();
        for reply in [
            gbr.submit(&[release]).await,
            gbr.declare(LineKind::Objection, &objection).await,
            gbr.ask(&Request::Read { releases: vec![0] }).await,
            gbr.ask(&Request::Renew { request }).await,
            gbr.ask(&Request::Revocations {}).await,
        ] {
            assert_eq!(gbr.refusal(&world.hub, reply).number, 201);
        }
        world.hub.resume(&code("GBR")).await.unwrap();
        assert!(matches!(gbr.ask(&Request::Revocations {}).await, Reply::Revocations { .. }));
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_no_notifications_is_suspended_as_quickly() {
    on_each_engine(|world| async move {
        let (gbr, fra) = (world.join("GBR").await, world.join("FRA").await);
        // More news than it lets in: no stream of a notification is ever read.
        for year in ["2016", "2017", "2018", "2019", "2020", "2021"] {
            fra.contribute(&world.hub, "IE_TOT", year, Audience::Contributors, &[("", Cell::count(9))]).await;
        }
        world.hub.suspend(&code("GBR")).await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(5), gbr.connection.closed()).await.unwrap();
        assert!(matches!(end, LinkError::ClosedByPeer { code: codes::UNWELCOME, .. }), "{end}");
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_revoked_while_connected_is_gone_and_does_not_come_back_by_itself() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        // As `vrs-certs revoke` does it, in another process, on the same folder.
        let authority = vrs_certs::Authority::open(world.place.dir()).unwrap();
        authority.revoke(&Holder::Participant(code("GBR")), world.hub.now()).unwrap();
        // Before the hub has looked: the open connection brings no certificate that is not revoked.
        let request = gbr.keys.certificate_request(&gbr.code).unwrap();
        if let Ok(reply) = gbr.try_ask(&Request::Renew { request }).await {
            assert_eq!(gbr.refusal(&world.hub, reply).number, 106);
        }
        let end = tokio::time::timeout(Duration::from_secs(10), gbr.connection.closed()).await.unwrap();
        assert!(matches!(end, LinkError::ClosedByPeer { code: codes::UNWELCOME, .. }), "{end}");
        let again = again(&gbr, &world.hub, &gbr.keys.identity);
        assert!(matches!(world.enrol(&again).await, EnrolReply::Refused { number: 106, .. }));
        let called = world.call(&gbr.keys, &gbr.chain).await;
        let refused = match called {
            Err(_) => true,
            Ok((_client, connection)) => matches!(
                tokio::time::timeout(Duration::from_secs(10), connection.closed()).await,
                Ok(LinkError::Handshake { .. } | LinkError::ClosedByPeer { .. })
            ),
        };
        assert!(refused, "a revoked certificate opens nothing");
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_certificate_is_replaced_for_the_logged_key_and_a_good_one_renewed() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let request = gbr.keys.certificate_request(&gbr.code).unwrap();
        let Reply::Certificate { chain } = gbr.ask(&Request::Renew { request: request.clone() }).await else {
            panic!("not renewed")
        };
        assert_eq!(chain.len(), 3);
        let Reply::Revocations { lists } = gbr.ask(&Request::Revocations {}).await else { panic!("no lists") };
        assert_eq!(lists.len(), 2);
        let reply = world.enrol(&again(&gbr, &world.hub, &gbr.keys.identity)).await;
        assert!(matches!(reply, EnrolReply::Admitted { participant, .. } if participant == gbr.id));
        let stolen = again(&gbr, &world.hub, &NodeKeys::generate().unwrap().identity);
        assert!(matches!(world.enrol(&stolen).await, EnrolReply::Refused { number: 203, .. }));
        // Four a day, and then not before half of the life of the last one.
        assert!(matches!(gbr.ask(&Request::Renew { request: request.clone() }).await, Reply::Certificate { .. }));
        let reply = gbr.ask(&Request::Renew { request }).await;
        assert_eq!(gbr.refusal(&world.hub, reply).number, 104);
        let reply = world.enrol(&again(&gbr, &world.hub, &gbr.keys.identity)).await;
        assert!(matches!(reply, EnrolReply::Refused { number: 104, .. }));
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_revoked_after_its_certificate_has_ended_does_not_come_back_by_itself() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let authority = vrs_certs::Authority::open(world.place.dir()).unwrap();
        let later = world.hub.now().plus_secs(8 * 86_400);
        assert_eq!(authority.revoke(&Holder::Participant(code("GBR")), later).unwrap(), [], "nothing is good any more");
        let reply = world.enrol(&again(&gbr, &world.hub, &gbr.keys.identity)).await;
        assert!(matches!(reply, EnrolReply::Refused { number: 106, .. }), "{reply:?}");
        // The operator's hand lets it in again.
        authority.sign_node(&gbr.keys.certificate_request(&gbr.code).unwrap(), &gbr.code, world.hub.now()).unwrap();
        let reply = world.enrol(&again(&gbr, &world.hub, &gbr.keys.identity)).await;
        assert!(matches!(reply, EnrolReply::Admitted { .. }), "{reply:?}");
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_keeps_nobody_in_who_was_revoked() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        // From here on every look at the lines of other processes fails.
        world.hub.database().close().await;
        let authority = vrs_certs::Authority::open(world.place.dir()).unwrap();
        authority.revoke(&Holder::Participant(code("GBR")), world.hub.now()).unwrap();
        let end = tokio::time::timeout(Duration::from_secs(10), gbr.connection.closed()).await.unwrap();
        assert!(matches!(end, LinkError::ClosedByPeer { code: codes::UNWELCOME, .. }), "{end}");
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_certificate_of_the_hub_is_replaced_together_with_its_key() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let key = || std::fs::read(world.place.dir().join("keys/tls.key")).unwrap();
        let (before, shown) = (key(), gbr.connection.peer_certificate().unwrap().to_vec());
        let authority = vrs_certs::Authority::open(world.place.dir()).unwrap();
        assert_eq!(authority.revoke(&Holder::Hub, world.hub.now()).unwrap().len(), 1);
        let replaced = async {
            loop {
                let (_client, connection) = world.call(&gbr.keys, &gbr.chain).await.unwrap();
                if connection.peer_certificate().unwrap() != shown {
                    return connection;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let connection = tokio::time::timeout(Duration::from_secs(20), replaced).await.unwrap();
        let serial = vrs_certs::serial_of(connection.peer_certificate().unwrap()).unwrap();
        assert!(!authority.is_revoked(&serial).unwrap());
        assert_ne!(key(), before);
        world.hub.close().await.unwrap();
    })
    .await;
}

/// What a node whose certificate has ended asks with a key.
fn again(node: &Node, hub: &Hub, key: &SigningKey) -> EnrolRequest {
    let header = Header {
        content_type: REENROL_CONTENT_TYPE.into(),
        exchange: node.exchange,
        issuer: node.code.to_string(),
        subject: "certificate".into(),
        issued_at: Some(hub.now()),
    };
    let request = node.keys.certificate_request(&node.code).unwrap();
    let statement = Statement::sign(header, &request, key).unwrap().into_bytes();
    EnrolRequest::Again { participant: node.id, statement }
}
