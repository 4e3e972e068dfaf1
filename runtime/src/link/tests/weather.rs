//! The link through a network that loses, repeats and reorders packets, and changes addresses.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::net::UdpSocket;

use super::*;

/// A relay between a client and a server with bad habits, the same ones every time.
async fn bad_network(server: SocketAddr) -> (SocketAddr, Arc<AtomicU64>) {
    let outer = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
    let address = outer.local_addr().unwrap();
    let lost = Arc::new(AtomicU64::new(0));
    let counter = lost.clone();
    tokio::spawn(async move {
        let inner = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        inner.connect(server).await.unwrap();
        let (mut from_client, mut from_server) = (vec![0; 65536], vec![0; 65536]);
        let (mut client, mut number) = (None, 0u64);
        let mut late: Option<Vec<u8>> = None;
        loop {
            number += 1;
            // Every eleventh packet is lost, every seventh comes twice, every fifth is overtaken by the next.
            let (loses, doubles, holds) = (number % 11 == 0, number % 7 == 0, number % 5 == 0);
            tokio::select! {
                got = outer.recv_from(&mut from_client) => {
                    let (length, address) = got.unwrap();
                    client = Some(address);
                    if loses {
                        counter.fetch_add(1, Ordering::Relaxed);
                    } else if holds && late.is_none() {
                        late = Some(from_client[..length].to_vec());
                    } else {
                        inner.send(&from_client[..length]).await.unwrap();
                        if doubles {
                            inner.send(&from_client[..length]).await.unwrap();
                        }
                        if let Some(packet) = late.take() {
                            inner.send(&packet).await.unwrap();
                        }
                    }
                }
                got = inner.recv(&mut from_server) => {
                    let length = got.unwrap();
                    if loses {
                        counter.fetch_add(1, Ordering::Relaxed);
                    } else if let Some(client) = client {
                        outer.send_to(&from_server[..length], client).await.unwrap();
                    }
                }
            }
        }
    });
    (address, lost)
}

#[tokio::test]
async fn requests_survive_loss_repetition_and_disorder() {
    let mut world = World::new();
    let (relay, lost) = bad_network(world.server.local_address().unwrap()).await;
    let client = world.client(7);
    let address = relay.to_string();
    let (near, far) =
        soon(async { tokio::join!(client.connect(&address, SERVER_NAME, MEMBERS), world.server.accept()) }).await;
    answer_reversed(far.unwrap());
    let near = near.unwrap();
    let question: Vec<u8> = (0..300_000).map(|n| (n / 7) as u8).collect();
    for _ in 0..3 {
        let answer = soon(near.request(&question, &Limits::CALLER)).await.unwrap();
        assert!(answer.iter().eq(question.iter().rev()));
    }
    assert!(lost.load(Ordering::Relaxed) > 20, "the network behaved too well to show anything");
}
