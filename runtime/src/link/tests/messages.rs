//! Requests, replies and notifications.

use super::*;

#[tokio::test]
async fn a_request_is_answered_and_the_bytes_are_counted() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    answer_reversed(far.clone());
    for length in [0, 1, 1200, 99_999] {
        let question: Vec<u8> = (0..length).map(|n| n as u8).collect();
        let answer = near.request(&question, &SMALL).await.unwrap();
        assert!(answer.iter().eq(question.iter().rev()), "{length} bytes");
    }
    assert!(near.traffic().bytes_sent > 100_000 && near.traffic().bytes_received > 100_000);
    assert!(far.traffic().bytes_sent > 100_000);
}

#[tokio::test]
async fn either_side_may_ask_and_many_at_once() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    answer_reversed(near.clone());
    answer_reversed(far.clone());
    let asks = (0..40u8).map(|number| {
        let asking = if number % 2 == 0 { near.clone() } else { far.clone() };
        tokio::spawn(async move { asking.request(&[number, 1, 2], &Limits::CALLER).await })
    });
    for (number, ask) in asks.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(soon(ask).await.unwrap().unwrap(), [2, 1, number as u8]);
    }
}

#[tokio::test]
async fn the_largest_request_and_reply_pass() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    answer_reversed(far);
    let question: Vec<u8> = (0..Limits::CALLER.request_bytes_max).map(|n| (n / 3) as u8).collect();
    let answer = soon(near.request(&question, &Limits::CALLER)).await.unwrap();
    assert!(answer.iter().eq(question.iter().rev()));
}

#[tokio::test]
async fn notifications_travel_both_ways() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    far.notify(b"something new").await.unwrap();
    near.notify(b"").await.unwrap();
    assert_eq!(soon(near.accept_notify()).await.unwrap(), b"something new");
    assert_eq!(soon(far.accept_notify()).await.unwrap(), b"");
    far.close(300, "goodbye");
    assert_eq!(soon(near.accept_notify()).await, None);
}

#[tokio::test]
async fn a_request_that_is_let_go_is_said_to_be() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let ask = tokio::spawn({
        let near = near.clone();
        async move { (near.request(b"a", &SMALL).await, near.request(b"b", &SMALL).await) }
    });
    let first = soon(far.accept_request()).await.unwrap().receive(&SMALL).await.unwrap();
    drop(first.responder);
    let second = soon(far.accept_request()).await.unwrap().receive(&SMALL).await.unwrap();
    second.responder.give_up(codes::FIRST_OF_PROGRAMS + 3);
    let (first, second) = soon(ask).await.unwrap();
    assert_eq!(first, Err(LinkError::GivenUp(codes::UNANSWERED)));
    assert_eq!(second, Err(LinkError::GivenUp(259)));
}

#[tokio::test]
async fn a_caller_that_no_longer_waits_is_noticed() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let ask = tokio::spawn(async move { near.request(b"long work", &Limits::CALLER).await.map(|_| near) });
    let request = soon(far.accept_request()).await.unwrap().receive(&SMALL).await.unwrap();
    ask.abort();
    let _ = ask.await;
    let lost = soon(request.responder.reply(b"done")).await.unwrap_err();
    assert!(matches!(lost, LinkError::GivenUp(codes::CANCELLED) | LinkError::ClosedByPeer { .. }), "{lost}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for_for_ever() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    assert_eq!(soon(near.request(b"anybody?", &QUICK)).await, Err(LinkError::TooSlow));
    // The connection is as good as before.
    answer_reversed(far);
    assert_eq!(near.request(b"abc", &SMALL).await.unwrap(), b"cba");
}

#[tokio::test]
async fn the_reason_for_a_farewell_arrives() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    near.close(codes::FIRST_OF_PROGRAMS, "bell\u{7} and whistle");
    let (code, reason) = (256, "bell  and whistle".to_owned());
    assert_eq!(soon(far.closed()).await, LinkError::ClosedByPeer { code, reason });
    assert_eq!(near.closed().await, LinkError::ClosedHere);
    assert!(far.accept_request().await.is_none() && far.is_closed() && near.is_closed());

    let (near, _far) = world.pair(&client).await;
    world.server.close("maintenance").await;
    let error = soon(near.closed()).await;
    assert!(matches!(error, LinkError::ClosedByPeer { code: codes::STOPPING, .. }), "{error}");
}

#[tokio::test]
async fn a_reply_arrives_although_the_connection_is_closed_right_after() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    let ask = tokio::spawn(async move { near.request(b"may I?", &Limits::CALLER).await });
    let request = soon(far.accept_request()).await.unwrap().receive(&SMALL).await.unwrap();
    request.responder.reply(&vec![9; 90_000]).await.unwrap();
    far.close(300, "no more");
    assert_eq!(soon(ask).await.unwrap().unwrap().len(), 90_000);
}
