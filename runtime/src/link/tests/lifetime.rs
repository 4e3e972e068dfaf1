//! How long a connection lasts.

use super::*;
use crate::tls::fixture::WEEK;

const DAY: u64 = 24 * 3600;

fn registry(world: &World) -> ConnectionRegistry {
    ConnectionRegistry::new(world.clock.clone(), world.server_trust.clone())
}

fn close_code(error: &LinkError) -> u32 {
    if let LinkError::ClosedByPeer { code, .. } = error { *code } else { panic!("it ended as {error}") }
}

#[tokio::test]
async fn a_third_connection_takes_the_place_of_the_oldest() {
    let mut world = World::new();
    let (registry, client) = (registry(&world), world.client(7));
    let mut near = Vec::new();
    for _ in 0..3 {
        let pair = world.pair(&client).await;
        registry.register("seven", &pair.1).unwrap();
        near.push(pair.0);
    }
    assert_eq!(close_code(&soon(near[0].closed()).await), codes::REPLACED);
    assert!(!near[1].is_closed() && !near[2].is_closed());
    let open = registry.of("seven");
    assert_eq!(open.len(), 2);
    open[0].notify(b"to the newest").await.unwrap();
    assert_eq!(soon(near[2].accept_notify()).await.unwrap(), b"to the newest");
    assert!(registry.of("eight").is_empty());
}

#[tokio::test]
async fn a_connection_that_ends_leaves_the_registry() {
    let mut world = World::new();
    let (registry, client) = (registry(&world), world.client(7));
    let (near, far) = world.pair(&client).await;
    registry.register("seven", &far).unwrap();
    assert_eq!(registry.identities(), ["seven"]);
    near.close(codes::DONE, "");
    soon(async {
        while !registry.identities().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_older_than_a_day_or_than_its_certificate() {
    let mut world = World::new();
    let (registry, client) = (registry(&world), world.client(7));
    let (near, far) = world.pair(&client).await;
    registry.register("seven", &far).unwrap();
    world.hands.advance(DAY - 1);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!near.is_closed());
    world.hands.advance(1);
    assert_eq!(close_code(&soon(near.closed()).await), codes::TOO_OLD);

    // An hour before the certificate ends, a connection has an hour left.
    world.hands.set(NOW + WEEK - 3600);
    let (near, far) = world.pair(&client).await;
    registry.register("seven", &far).unwrap();
    world.hands.advance(3600);
    assert_eq!(close_code(&soon(near.closed()).await), codes::TOO_OLD);
}

#[tokio::test]
async fn a_revoked_certificate_ends_its_connections_at_once() {
    let mut world = World::new();
    let (registry, seven, eight) = (registry(&world), world.client(7), world.client(8));
    let (near_seven, far_seven) = world.pair(&seven).await;
    let (near_eight, far_eight) = world.pair(&eight).await;
    registry.register("seven", &far_seven).unwrap();
    registry.register("eight", &far_eight).unwrap();
    registry.recheck();
    world.server_trust.exchange(&world.authority.trust(&[107])).unwrap();
    registry.recheck();
    assert_eq!(close_code(&soon(near_seven.closed()).await), codes::UNWELCOME);
    assert!(!near_eight.is_closed());
}

#[tokio::test]
async fn a_handshake_under_way_during_the_revocation_is_caught() {
    let mut world = World::new();
    let (registry, client) = (registry(&world), world.client(7));
    let (near, far) = world.pair(&client).await;
    // The list is exchanged and gone through after the handshake, before the connection is taken in.
    world.server_trust.exchange(&world.authority.trust(&[107])).unwrap();
    registry.recheck();
    assert!(registry.register("seven", &far).is_err());
    assert_eq!(close_code(&soon(near.closed()).await), codes::UNWELCOME);
}

#[tokio::test]
async fn a_stranger_has_no_certificate_to_lose() {
    let mut world = World::new();
    let (registry, stranger) = (registry(&world), world.client_with(IdentitySlot::empty()));
    let (near, far) = world.pair_on(&stranger, JOINING).await;
    registry.register("newcomer", &far).unwrap();
    registry.recheck();
    assert!(!near.is_closed());
}
