//! The hub's process is killed again and again while a node sends. Each time it comes up on what was durable, and in the end
//! every release stands in the ledger exactly once.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use vrs_node::release::State;
use vrs_tests::{World, programs::program};

/// How often it is killed, each time a little later in the exchange.
const KILLS: u64 = 8;
/// How much later.
const STEP: Duration = Duration::from_millis(12);

/// Starts the real program and waits until it listens.
async fn start(world: &World) -> Child {
    let mut hub = Command::new(program("vrs-hub"))
        .arg("--dir")
        .arg(&world.hub.dir)
        .args(["--json", "run"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(hub.stdout.take().unwrap());
    let mut ready = String::new();
    tokio::time::timeout(Duration::from_secs(60), said.read_line(&mut ready)).await.unwrap().unwrap();
    assert!(!ready.is_empty(), "the hub did not start");
    hub
}

#[tokio::test(flavor = "multi_thread")]
async fn every_release_stands_exactly_once() {
    let mut world = World::of_today(&["A"]).await;
    world.hub.stop().await;
    let settings = format!(
        "listen = \"{}\"\nconsole = \"127.0.0.1:0\"\ndatabase = \"{}\"\n",
        world.hub.listen,
        world.hub.database()
    );
    std::fs::write(world.hub.dir.join("vrs.toml"), settings).unwrap();
    let a = world.node("A");
    for kill in 0..KILLS {
        let mut hub = start(&world).await;
        let period = (2010 + kill).to_string();
        a.figures("IE_TOT", &period, &[("", Some(kill))]).await;
        a.sign("IE_TOT", &period, "contributors").await;
        // Where in the exchange it happens is what differs; nothing is waited for.
        tokio::select! {
            _ = a.node.sync() => {}
            () = tokio::time::sleep(STEP * u32::try_from(kill).unwrap()) => {}
        }
        hub.kill().await.unwrap();
    }

    let hub = start(&world).await;
    a.sync_after_a_pause().await;
    let desk = a.node.desk().await.unwrap();
    let states: Vec<State> = desk.releases.iter().map(|entry| entry.release.state).collect();
    assert_eq!(states, vec![State::Final; KILLS as usize]);
    let view = a.node.view().await.unwrap();
    assert_eq!(view.region().releases().count() as u64, KILLS, "one line each");
    a.audit().await;
    drop(hub);
}
