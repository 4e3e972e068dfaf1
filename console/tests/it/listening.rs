//! What the listener grants to callers that send no request, or none that ends.

use std::net::SocketAddr;
use std::time::Duration;

use axum::{Router, extract::ConnectInfo, routing::get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;
use vrs_console::serving::{self, CONNECTIONS_MAX};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A listener that answers with the address of its caller, until it is told to stop or the sender is dropped.
async fn listening() -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let whoami = get(|ConnectInfo(from): ConnectInfo<SocketAddr>| async move { from.to_string() });
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().route("/", whoami);
    let serving = tokio::spawn(serving::serve(listener, router, async move { drop(stopped.await) }));
    (address, stop, serving)
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_request_is_answered_with_the_address_it_came_from_and_a_stop_ends_it() {
    let (address, stop, serving) = listening().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let own = stream.local_addr().unwrap().to_string();
    stream.write_all(REQUEST).await.unwrap();
    let text = answer(stream).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with(&own), "{text}");
    // One that waits for nothing holds up no stop.
    let _idle = TcpStream::connect(address).await.unwrap();
    stop.send(()).unwrap();
    timeout(Duration::from_secs(20), serving).await.unwrap().unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_never_ends_the_head_of_a_request_is_let_go() {
    let (address, _stop, _serving) = listening().await;
    for begun in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        let text = timeout(Duration::from_secs(serving::HEAD_SECS_MAX + 5), answer(stream)).await.unwrap();
        assert!(!text.contains("200 OK"), "{text}");
    }
}

#[tokio::test]
async fn callers_beyond_the_bound_wait_until_somebody_leaves() {
    let (address, _stop, _serving) = listening().await;
    let mut crowd = Vec::new();
    for _ in 0..CONNECTIONS_MAX {
        crowd.push(TcpStream::connect(address).await.unwrap());
    }
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(REQUEST).await.unwrap();
    let mut reading = Box::pin(answer(late));
    assert!(timeout(Duration::from_millis(300), &mut reading).await.is_err(), "there was no place");
    crowd.pop();
    let text = timeout(Duration::from_secs(20), reading).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}
