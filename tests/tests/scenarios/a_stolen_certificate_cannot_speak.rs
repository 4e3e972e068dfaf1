//! Somebody has a copy of a node's certificate and its key, and not the identity key that stands in the ledger. The link opens;
//! nobody listens.

use std::os::unix::fs::PermissionsExt;

use vrs_protocol::statement::SigningKey;
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_binding_needs_the_logged_key() {
    let world = World::of(&["A", "B"]).await;
    world.node("B").release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    let thief = world.node("A");
    let before = thief.sync().await.size;
    let file = thief.node.dir().join("keys/identity.pem");
    std::fs::write(&file, SigningKey::from_seed(&[66; 32]).to_pkcs8_pem().unwrap().as_bytes()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();

    let refused = thief.node.sync().await.unwrap_err();
    assert_eq!(refused.number(), Some(203), "{refused}");
    assert_eq!(world.hub.size(), before, "nothing was written in the name of the robbed");
}
