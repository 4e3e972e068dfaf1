//! The wires between the nodes and the hub: each node has a relay of its own, which a story can cut and mend.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::UdpSocket;

/// The largest UDP packet.
const PACKET_BYTES_MAX: usize = 65_536;

/// All wires by the name of the node.
#[derive(Default)]
pub struct Network {
    wires: BTreeMap<String, Wire>,
    /// Nodes call the hub itself.
    none: bool,
}

struct Wire {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
}

impl Network {
    /// No wires: every node calls the hub itself, and nothing can be cut.
    pub fn none() -> Self {
        Self { wires: BTreeMap::new(), none: true }
    }

    /// Lays a wire to the hub and says where the node calls it.
    pub async fn lay(&mut self, name: &str, hub: SocketAddr) -> SocketAddr {
        if self.none {
            return hub;
        }
        let outer = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let (address, cut) = (outer.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        tokio::spawn(relay(outer, hub, cut.clone()));
        self.wires.insert(name.to_owned(), Wire { address, cut });
        address
    }

    /// From now on nothing gets through.
    pub fn cut(&self, name: &str) {
        self.wires[name].cut.store(true, Ordering::SeqCst);
    }

    /// From now on everything gets through again.
    pub fn mend(&self, name: &str) {
        self.wires[name].cut.store(false, Ordering::SeqCst);
    }

    /// Where a node calls the hub.
    pub fn address(&self, name: &str) -> SocketAddr {
        self.wires[name].address
    }
}

/// Passes packets on in both directions. Every caller gets a socket of its own towards the hub, so that two connections of
/// one node stay apart.
async fn relay(outer: Arc<UdpSocket>, hub: SocketAddr, cut: Arc<AtomicBool>) {
    let mut callers: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
    let mut packet = vec![0; PACKET_BYTES_MAX];
    loop {
        // A hub that is down answers with "port unreachable", which is weather and no end.
        let Ok((length, caller)) = outer.recv_from(&mut packet).await else { continue };
        if cut.load(Ordering::SeqCst) {
            continue;
        }
        // Not the entry of the map: it could not be held across the wait.
        #[allow(clippy::map_entry)]
        if !callers.contains_key(&caller) {
            let inner = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
            inner.connect(hub).await.unwrap();
            tokio::spawn(back(inner.clone(), outer.clone(), caller, cut.clone()));
            callers.insert(caller, inner);
        }
        let _ = callers[&caller].send(&packet[..length]).await;
    }
}

async fn back(inner: Arc<UdpSocket>, outer: Arc<UdpSocket>, caller: SocketAddr, cut: Arc<AtomicBool>) {
    let mut packet = vec![0; PACKET_BYTES_MAX];
    loop {
        let Ok(length) = inner.recv(&mut packet).await else { continue };
        if !cut.load(Ordering::SeqCst) {
            let _ = outer.send_to(&packet[..length], caller).await;
        }
    }
}
