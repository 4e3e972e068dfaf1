//! A caller with a certificate: first the binding, then requests beside each other, and news when the ledger grows.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use vrs_certs::Serial;
use vrs_protocol::codec;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;
use vrs_protocol::wire::{self, Notify, Reply, Request};
use vrs_runtime::link::{Connection, Incoming, IncomingRequest, Limits, LinkError, codes};

use super::{BOUND, Listener, answers, hello};
use crate::intake::Author;

/// A caller has so long to bind its connection, and so many requests to try it with.
const BIND_SECS: u64 = 30;
const BIND_TRIES: usize = 4;
/// A caller is told at most so often that the ledger has grown: while many lines are written, each would be news for all.
const NEWS_PAUSE: Duration = Duration::from_millis(50);
/// After a key event the answer to it still gets out before the old binding ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// A caller whose connection is bound to its logged key.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) author: Author,
    pub(super) code: ParticipantCode,
    /// Number of the certificate that opened the connection.
    pub(super) certificate: Serial,
    /// It was suspended when it was greeted, and may stay to learn of it and to say that it has erased.
    pub(super) came_suspended: bool,
}

/// Speaks with a caller until one of both ends it.
pub(super) async fn run(listener: Arc<Listener>, connection: Connection) {
    // Subscribed before the caller is looked up, so that no change after that is missed.
    let mut growth = listener.hub.ledger().growth();
    let known = *growth.borrow_and_update();
    let Ok(Some(bound)) = timeout(Duration::from_secs(BIND_SECS), bind(&listener, &connection)).await else {
        connection.close(codes::UNWELCOME, "the connection was not bound to a participant's key");
        return;
    };
    let bound = Arc::new(bound);
    if let Err(error) = listener.registry.register(bound.code.as_str(), &connection) {
        tracing::warn!(participant.code = %bound.code, %error, "Closed a caller");
        return;
    }
    tracing::info!(participant.code = %bound.code, caller.address = %connection.remote_address(), "A node is connected");
    let news = tokio::spawn(news(listener.clone(), connection.clone(), bound.clone(), growth, known));
    while let Some(request) = connection.accept_request().await {
        tokio::spawn(answer(listener.clone(), bound.clone(), request));
    }
    news.abort();
    let reason = connection.closed().await;
    tracing::info!(participant.code = %bound.code, %reason, "A node is disconnected");
}

/// Answers requests one after the other until one of them binds the connection.
async fn bind(listener: &Listener, connection: &Connection) -> Option<Bound> {
    let caller = connection.remote_address().to_string();
    for _ in 0..BIND_TRIES {
        let request = connection.accept_request().await?;
        let Some(Incoming { bytes, responder }) = received(request.receive(&Limits::STRANGER).await, &caller) else {
            continue;
        };
        let greeted = match wire::decode::<Request>(&bytes) {
            Ok(Request::Hello { participant, version_min, version_max, binding, software }) => {
                let said = hello::Said { participant, versions: version_min..=version_max, binding, software };
                hello::greet(listener, connection, said)
            }
            Ok(_) => Err(Reason::NotBound),
            Err(error) => Err(Reason::Malformed(error.to_string())),
        };
        let (reply, bound) = match greeted {
            Ok((reply, bound)) => (reply, Some(bound)),
            Err(reason) => (listener.refused(&caller, &bytes, &reason), None),
        };
        let encoded = codec::to_bytes(&reply);
        drop(reply);
        if responder.reply(&encoded).await.is_ok() && bound.is_some() {
            return bound;
        }
    }
    None
}

/// Answers one request.
async fn answer(listener: Arc<Listener>, bound: Arc<Bound>, request: IncomingRequest) {
    let Some(Incoming { bytes, mut responder }) = received(request.receive(&BOUND).await, bound.code.as_str()) else {
        return;
    };
    let token = listener.take_token(&listener.callers, bound.code.as_str());
    let asked =
        match token.map_err(|exhausted| Reason::Busy(u32::try_from(exhausted.retry_after_secs).unwrap_or(u32::MAX))) {
            Ok(()) => wire::decode::<Request>(&bytes).map_err(|error| Reason::Malformed(error.to_string())),
            Err(busy) => Err(busy),
        };
    if let Ok(request) = &asked {
        responder = match responder.reserve(answers::reply_bytes_max(request)).await {
            Ok(responder) => responder,
            Err(error) => {
                tracing::info!(participant.code = %bound.code, %error, "A node asks for more than it reads");
                return;
            }
        };
    }
    let answered = match asked.and_then(|request| standing(&listener, &bound).admits(&bound, request)) {
        Ok(request) => answers::answer(&listener, &bound, request).await,
        Err(reason) => Err(reason),
    };
    let reply: Reply = answered.unwrap_or_else(|reason| listener.refused(bound.code.as_str(), &bytes, &reason));
    let encoded = codec::to_bytes(&reply);
    // Only what is sent is held while it is sent: the caller may take its time.
    drop((bytes, reply));
    if let Err(error) = responder.reply(&encoded).await {
        // What was written stays written; the caller asks again and gets the same answer.
        tracing::debug!(participant.code = %bound.code, %error, "A reply did not arrive");
    }
}

/// A request that did not arrive whole was given up with its code on the link; here is its log line.
fn received(received: Result<Incoming, LinkError>, caller: &str) -> Option<Incoming> {
    received.inspect_err(|error| tracing::info!(caller, %error, "A request did not arrive")).ok()
}

/// Tells the caller whenever the ledger has grown beyond what was told, and lets it go when it may no longer speak as it
/// did.
async fn news(
    listener: Arc<Listener>,
    connection: Connection,
    bound: Arc<Bound>,
    mut growth: watch::Receiver<u64>,
    mut told: u64,
) {
    // As it was greeted, and not as it is now: who is suspended in between has to go.
    let mut was_suspended = bound.came_suspended;
    let mut next = Instant::now();
    loop {
        let now = standing(&listener, &bound);
        match now {
            Standing::Suspended if !was_suspended => {
                connection.close(codes::UNWELCOME, "the participant is suspended");
                return;
            }
            Standing::OtherKey => {
                sleep(FAREWELL).await;
                connection.close(codes::UNWELCOME, "the participant has another key; call again");
                return;
            }
            Standing::Fine | Standing::Suspended => was_suspended = now == Standing::Suspended,
        }
        let size = *growth.borrow_and_update();
        let tell = async {
            if size > told {
                sleep_until(next).await;
                (told, next) = (size, Instant::now() + NEWS_PAUSE);
                if let Err(error) = connection.notify(&codec::to_bytes(&Notify { size })).await {
                    tracing::debug!(participant.code = %bound.code, %error, "A notification did not arrive");
                }
            }
            std::future::pending::<()>().await;
        };
        // Whoever takes no notification is not waited for: the next line may be the one that suspends it.
        tokio::select! {
            grown = growth.changed() => if grown.is_err() { return },
            () = tell => {}
        }
    }
}

/// How a bound caller stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Fine,
    Suspended,
    OtherKey,
}

fn standing(listener: &Listener, bound: &Bound) -> Standing {
    let view = listener.hub.ledger().view();
    match view.region().participant(bound.author.participant) {
        Some(participant) if participant.key() != Some(&bound.author.key) => Standing::OtherKey,
        Some(participant) if participant.suspended.is_none() => Standing::Fine,
        _ => Standing::Suspended,
    }
}

impl Standing {
    /// The request, if it is answered to somebody who stands so. Who is suspended learns what the ledger says, as far as it
    /// needs that to erase what it must, and says that it has done so.
    fn admits(self, bound: &Bound, request: Request) -> Result<Request, Reason> {
        match (self, &request) {
            (Self::Fine, _)
            | (Self::Suspended, Request::Lines { .. } | Request::Checkpoint { .. } | Request::Proof { .. }) => {
                Ok(request)
            }
            (Self::Suspended, Request::Declare { kind, .. }) if *kind == LineKind::Erasure as u8 => Ok(request),
            (Self::Suspended, _) => Err(Reason::Suspended(bound.code.clone())),
            (Self::OtherKey, _) => Err(Reason::WrongKey(bound.code.to_string())),
        }
    }
}
