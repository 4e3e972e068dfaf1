//! Where a request comes from: for the throttle, the list of sessions and the audit trail.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts, Request},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::{Console, acts::whence, layout::Transport};

/// Where a request comes from, as far as it can be known.
///
/// With TLS on a computer of its own, a proxy ends it and is the only direct caller; then the last address it noted
/// counts, the one before could be written by anybody. Without TLS nobody stands in front, and the note is ignored.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub Option<IpAddr>);

impl Caller {
    fn of(transport: Transport, direct: Option<IpAddr>, headers: &HeaderMap) -> Self {
        let noted = || {
            let last = headers.get_all("x-forwarded-for").iter().next_back()?;
            last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        match direct {
            Some(address) if transport == Transport::Tls && address.is_loopback() => Self(noted().or(direct)),
            direct => Self(direct),
        }
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(address) => address.fmt(out),
            None => out.write_str("unknown"),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Console: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let console = Console::from_ref(state);
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self::of(console.program().transport, direct, &parts.headers))
    }
}

/// The layer that says where the acts of a request come from.
pub(crate) async fn on_behalf(transport: Transport, request: Request, next: Next) -> Response {
    let direct = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let caller = Caller::of(transport, direct, request.headers());
    whence::from(caller.to_string(), next.run(request)).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_note_on_the_sender_counts_only_from_our_own_proxy() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.7".parse().unwrap());
        let here = Some("127.0.0.1".parse().unwrap());
        let there = Some("192.0.2.1".parse().unwrap());
        assert_eq!(Caller::of(Transport::Tls, here, &headers).to_string(), "198.51.100.7");
        assert_eq!(Caller::of(Transport::Tls, there, &headers).to_string(), "192.0.2.1");
        assert_eq!(Caller::of(Transport::PlainHttp, here, &headers).to_string(), "127.0.0.1");
        assert_eq!(Caller::of(Transport::Tls, None, &headers).to_string(), "unknown");
    }
}
