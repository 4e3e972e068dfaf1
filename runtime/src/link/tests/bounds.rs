//! What hostile bytes cost.

use super::*;
use crate::link::settings::{NOTICE_BYTES_MAX, STRANGER_STREAMS_MAX, STRANGER_WINDOW_BYTES, STREAMS_MAX};

/// Sends raw bytes as a request and waits for what becomes of the stream: the code with which it is given up.
async fn raw(near: &Connection, bytes: &[u8], end: bool) -> u32 {
    let (mut send, mut recv) = near.quic.open_bi().await.unwrap();
    send.write_all(bytes).await.unwrap();
    if end {
        send.finish().unwrap();
    }
    match soon(recv.read_to_end(10)).await {
        Err(quinn::ReadToEndError::Read(quinn::ReadError::Reset(code))) => code.into_inner() as u32,
        other => panic!("the stream ended as {other:?}"),
    }
}

/// Receives one request and returns the error it makes.
async fn refused(far: &Connection, limits: &Limits) -> LinkError {
    soon(far.accept_request()).await.unwrap().receive(limits).await.err().expect("an error")
}

#[tokio::test]
async fn frames_that_break_the_rules_are_given_up_and_the_connection_lives() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let too_long = LinkError::TooLarge { bytes: 0xFFFF_FFFF, bytes_max: 100_000 };
    let early = LinkError::Malformed("it ended early");
    let cases: [(&[u8], bool, LinkError, u32); 7] = [
        // Nothing of it was sent but the length, and nothing is kept for it.
        (&[0xFF; 4], false, too_long, codes::FRAME_TOO_LARGE),
        (&[0, 0, 0, 5, 1, 2], true, early.clone(), codes::FRAME_MALFORMED),
        (&[0, 0], true, early.clone(), codes::FRAME_MALFORMED),
        (&[], true, early, codes::FRAME_MALFORMED),
        (&[0, 0, 0, 1, 7, 8], true, LinkError::Malformed("something follows it"), codes::FRAME_MALFORMED),
        // Half a frame, and a whole one whose stream does not end.
        (&[0, 0, 0, 5, 1, 2], false, LinkError::TooSlow, codes::TOO_SLOW),
        (&[0, 0, 0, 2, 1, 2], false, LinkError::TooSlow, codes::TOO_SLOW),
    ];
    for (bytes, end, error, code) in cases {
        let limits = if error == LinkError::TooSlow { &QUICK } else { &SMALL };
        let (told, refused) = tokio::join!(raw(&near, bytes, end), refused(&far, limits));
        assert_eq!((refused, told), (error, code), "{bytes:?}");
    }
    answer_reversed(far);
    assert_eq!(near.request(b"abc", &SMALL).await.unwrap(), b"cba");
}

#[tokio::test]
async fn a_frame_that_trickles_is_cut_off_by_its_whole_time() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let trickle = tokio::spawn(async move {
        let (mut send, _recv) = near.quic.open_bi().await.unwrap();
        send.write_all(&[0, 0, 0, 200]).await.unwrap();
        // Each byte in time, the whole not.
        for byte in 0..200u8 {
            if send.write_all(&[byte]).await.is_err() {
                return byte;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        200
    });
    assert_eq!(refused(&far, &QUICK).await, LinkError::TooSlow);
    assert!(soon(trickle).await.unwrap() < 50);
}

#[tokio::test]
async fn a_silent_stream_holds_up_no_other() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let (mut silent, _recv) = near.quic.open_bi().await.unwrap();
    silent.write_all(&[0]).await.unwrap();
    answer_reversed(far);
    assert_eq!(soon(near.request(b"abc", &Limits::CALLER)).await.unwrap(), b"cba");
}

#[tokio::test]
async fn too_large_is_refused_before_it_is_sent_and_when_it_comes() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let large = vec![0; SMALL.request_bytes_max + 1];
    let too_large = LinkError::TooLarge { bytes: 100_001, bytes_max: 100_000 };
    assert_eq!(near.request(&large, &SMALL).await, Err(too_large.clone()));
    assert!(matches!(near.notify(&[0; NOTICE_BYTES_MAX + 1]).await, Err(LinkError::TooLarge { .. })));
    // A caller that allows itself more than the other side takes.
    let ask = tokio::spawn({
        let near = near.clone();
        async move { near.request(&large, &Limits::CALLER).await }
    });
    assert_eq!(refused(&far, &SMALL).await, too_large);
    assert_eq!(soon(ask).await.unwrap(), Err(LinkError::GivenUp(codes::FRAME_TOO_LARGE)));
    // A reply that is larger than the caller wants.
    let asking = near.clone();
    let ask = tokio::spawn(async move { asking.request(b"?", &SMALL).await });
    let request = soon(far.accept_request()).await.unwrap().receive(&Limits::CALLER).await.unwrap();
    let reply = vec![0; 100_001];
    let (replied, asked) = tokio::join!(request.responder.reply(&reply), ask);
    assert_eq!(asked.unwrap(), Err(too_large.clone()));
    assert_eq!(replied, Err(LinkError::GivenUp(codes::FRAME_TOO_LARGE)));
    // A reply that is larger than the answering side allows itself.
    let asking = near.clone();
    let ask = tokio::spawn(async move { asking.request(b"?", &Limits::CALLER).await });
    let request = soon(far.accept_request()).await.unwrap().receive(&SMALL).await.unwrap();
    assert_eq!(request.responder.reply(&reply).await, Err(too_large));
    assert_eq!(soon(ask).await.unwrap(), Err(LinkError::GivenUp(codes::FRAME_TOO_LARGE)));
}

#[tokio::test]
async fn large_requests_wait_their_turn_before_they_take_memory() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let largest = vec![5; Limits::CALLER.request_bytes_max];
    for _ in 0..5 {
        let (near, largest) = (near.clone(), largest.clone());
        tokio::spawn(async move { near.request(&largest, &Limits::CALLER).await });
    }
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(soon(soon(far.accept_request()).await.unwrap().receive(&Limits::CALLER)).await.unwrap());
    }
    let mut fifth = Box::pin(soon(far.accept_request()).await.unwrap().receive(&Limits::CALLER));
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut fifth).await.is_err(), "four hold the whole share");
    held.pop();
    assert_eq!(soon(fifth).await.unwrap().bytes.len(), largest.len());
}

#[tokio::test]
async fn a_malformed_notification_is_skipped() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    for bytes in [&[0u8, 0, 0, 9, 1][..], &[0, 2, 0, 0, 1], &[0, 0, 0, 0, 1]] {
        let mut send = near.quic.open_uni().await.unwrap();
        send.write_all(bytes).await.unwrap();
        send.finish().unwrap();
    }
    near.notify(b"good").await.unwrap();
    assert_eq!(soon(far.accept_notify()).await.unwrap(), b"good");
}

/// How many streams can be opened at once, and how many bytes can be sent on them unread.
async fn share(near: &Connection) -> (usize, usize) {
    let patience = Duration::from_millis(100);
    let (mut streams, mut bytes) = (Vec::new(), 0);
    while let Ok(opened) = tokio::time::timeout(patience, near.quic.open_bi()).await {
        streams.push(opened.unwrap());
    }
    for (send, _) in &mut streams {
        while let Ok(written) = tokio::time::timeout(patience, send.write(&[1; 16 * 1024])).await {
            bytes += written.unwrap();
        }
    }
    (streams.len(), bytes)
}

#[tokio::test]
async fn a_stranger_gets_a_small_share_of_streams_and_memory() {
    let mut world = World::new();
    let (stranger, member) = (world.client_with(IdentitySlot::empty()), world.client(7));
    let (near, _far) = world.pair_on(&stranger, JOINING).await;
    let (streams, bytes) = share(&near).await;
    assert_eq!(streams, STRANGER_STREAMS_MAX as usize);
    assert!(bytes <= STRANGER_WINDOW_BYTES as usize, "{bytes}");
    assert!(tokio::time::timeout(Duration::from_millis(300), near.quic.open_uni()).await.is_err());

    // A certificate says nothing about who calls: its bearer may have stolen it.
    for protocol in [JOINING, MEMBERS] {
        let (near, _far) = world.pair_on(&member, protocol).await;
        assert_eq!(share(&near).await.0, STRANGER_STREAMS_MAX as usize);
    }
    let (near, far) = world.pair_on(&member, MEMBERS).await;
    let registry = ConnectionRegistry::new(world.clock.clone(), world.server_trust.clone());
    registry.register("seven", &far).unwrap();
    let (streams, bytes) = share(&near).await;
    assert_eq!(streams, STREAMS_MAX as usize);
    assert!(bytes > STRANGER_WINDOW_BYTES as usize && bytes <= 8 * 1024 * 1024, "{bytes}");
}

#[tokio::test]
async fn replies_that_are_not_read_take_their_share_and_no_more() {
    const LARGE: usize = 8 * 1024 * 1024;
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let mut unread = Vec::new();
    for _ in 0..6 {
        let (mut send, recv) = near.quic.open_bi().await.unwrap();
        send.write_all(&[0, 0, 0, 1, 7]).await.unwrap();
        send.finish().unwrap();
        unread.push((send, recv));
    }
    let receive = async || soon(soon(far.accept_request()).await.unwrap().receive(&Limits::CALLER)).await.unwrap();
    // Counted when it is sent, if it was not before; its first bytes say that it is.
    let responder = receive().await.responder;
    tokio::spawn(async move { responder.reply(&vec![0; LARGE]).await });
    let (_send, mut first) = unread.remove(0);
    soon(first.read_exact(&mut [0; 4])).await.unwrap();
    for _ in 0..3 {
        let responder = soon(receive().await.responder.reserve(LARGE)).await.unwrap();
        tokio::spawn(async move { responder.reply(&vec![0; LARGE]).await });
    }
    let mut fifth = Box::pin(receive().await.responder.reserve(LARGE));
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut fifth).await.is_err(), "four hold the whole share");
    assert_eq!(soon(first.read_to_end(2 * LARGE)).await.unwrap().len(), LARGE);
    let fifth = soon(fifth).await.unwrap();
    // What was reserved and is not needed goes back.
    let sixth = receive().await.responder;
    let (_, mut small) = unread.remove(3);
    let (replied, read) = tokio::join!(fifth.reply(b"ok"), small.read_to_end(10));
    assert_eq!((replied, read.unwrap().as_slice()), (Ok(()), &b"\0\0\0\x02ok"[..]));
    soon(sixth.reserve(LARGE)).await.unwrap();
}

#[tokio::test]
async fn strangers_do_not_crowd_out_members() {
    let mut world = World::new();
    let stranger = world.client_with(IdentitySlot::empty());
    let mut crowd = Vec::new();
    for _ in 0..STRANGERS_MAX {
        // Each from a port of its own.
        let client = world.client_with(IdentitySlot::empty());
        let (near, far) = world.pair_on(&client, JOINING).await;
        crowd.push((client, near, far));
    }
    let error = soon(world.refusal(&stranger, JOINING)).await;
    assert!(matches!(error, LinkError::ClosedByPeer { code: codes::CROWDED, .. }), "{error}");
    let member = world.client(7);
    world.pair(&member).await;
    // One leaves, and there is room for another.
    let (_client, near, far) = crowd.pop().unwrap();
    near.close(codes::DONE, "");
    far.closed().await;
    let room = world.strangers_free().await;
    assert_eq!(room, 1);
    world.pair_on(&stranger, JOINING).await;
}

#[tokio::test]
async fn a_certificate_takes_two_places_of_those_that_are_not_known_and_no_more() {
    let mut world = World::new();
    let (member, other) = (world.client(7), world.client(8));
    let (_first, far) = world.pair_on(&member, MEMBERS).await;
    let _second = world.pair_on(&member, MEMBERS).await;
    let error = soon(world.refusal(&member, MEMBERS)).await;
    assert!(matches!(error, LinkError::ClosedByPeer { code: codes::CROWDED, .. }), "{error}");
    world.pair_on(&other, MEMBERS).await;
    // Who is known makes room for the next.
    far.widen();
    let third = world.pair_on(&member, MEMBERS).await;
    soon(world.refusal(&member, MEMBERS)).await;
    drop(third);
    world.pair_on(&member, MEMBERS).await;
}

#[tokio::test]
async fn one_address_takes_a_few_places_of_strangers_with_a_certificate_or_without() {
    let mut world = World::new();
    // Here all are on one machine, where ports tell callers apart.
    world.server.tell_ports_not_apart();
    let (stranger, member) = (world.client_with(IdentitySlot::empty()), world.client(7));
    let mut held = Vec::new();
    for number in 0..PER_ADDRESS_MAX {
        let client = if number % 2 == 0 { &stranger } else { &member };
        held.push(world.pair_on(client, JOINING).await);
    }
    for client in [&stranger, &member] {
        let error = soon(world.refusal(client, JOINING)).await;
        assert!(matches!(error, LinkError::ClosedByPeer { code: codes::CROWDED, .. }), "{error}");
    }
    assert_eq!(world.server.strangers_free(), STRANGERS_MAX - PER_ADDRESS_MAX);
    // Members are not strangers.
    world.pair(&member).await;
}

impl World {
    async fn strangers_free(&self) -> usize {
        for _ in 0..200 {
            if self.server.strangers_free() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.server.strangers_free()
    }
}
