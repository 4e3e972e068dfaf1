//! The link through a network that loses, repeats and reorders packets, and what the first packets look like.

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

/// Passes on so many packets of a client and then nothing; gives back the server's packets.
async fn fading_network(server: SocketAddr, packets: usize) -> (SocketAddr, tokio::sync::mpsc::Receiver<Vec<u8>>) {
    let outer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = outer.local_addr().unwrap();
    let (seen, answers) = tokio::sync::mpsc::channel(100);
    tokio::spawn(async move {
        let inner = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        inner.connect(server).await.unwrap();
        let (mut from_client, mut from_server) = (vec![0; 65536], vec![0; 65536]);
        let (mut client, mut passed) = (None, 0);
        loop {
            tokio::select! {
                got = outer.recv_from(&mut from_client) => {
                    let (length, address) = got.unwrap();
                    client = Some(address);
                    passed += 1;
                    if passed <= packets {
                        inner.send(&from_client[..length]).await.unwrap();
                    }
                }
                got = inner.recv(&mut from_server) => {
                    let packet = from_server[..got.unwrap()].to_vec();
                    outer.send_to(&packet, client.unwrap()).await.unwrap();
                    let _ = seen.try_send(packet);
                }
            }
        }
    });
    (address, answers)
}

#[tokio::test]
async fn an_address_is_validated_before_a_handshake_costs_anything() {
    let mut world = World::new();
    let (relay, mut answers) = fading_network(world.server.local_address().unwrap(), usize::MAX).await;
    let (client, address) = (world.client(7), relay.to_string());
    let call = async { tokio::join!(client.connect(&address, SERVER_NAME, MEMBERS), world.server.accept()) };
    let (near, _far) = soon(call).await;
    near.unwrap();
    // RFC 9000, 17.2.5: a long header (0x80), the fixed bit (0x40) and the type Retry (0x30).
    let first = answers.recv().await.unwrap();
    assert_eq!(first[0] & 0xF0, 0xF0, "the first answer to an unknown address is a Retry");
    assert!(first.len() < 200, "and no larger than what was asked: {} bytes", first.len());
}

#[tokio::test]
async fn a_handshake_that_stops_half_way_holds_up_nobody() {
    let mut world = World::new();
    // The Retry is answered; after that, nothing more arrives.
    let (relay, mut answers) = fading_network(world.server.local_address().unwrap(), 3).await;
    let (lost, client) = (world.client(6), world.client(7));
    let half = tokio::spawn(async move { lost.connect(&relay.to_string(), SERVER_NAME, MEMBERS).await.is_ok() });
    soon(async {
        let begun = async {
            answers.recv().await.unwrap();
            answers.recv().await.unwrap()
        };
        tokio::select! {
            _ = begun => {}
            accepted = world.server.accept() => panic!("accepted {accepted:?}"),
        }
    })
    .await;
    soon(world.pair(&client)).await;
    half.abort();
}
