//! Places for callers that nobody knows yet: so many for all, and few for each, so that one cannot take them all.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who counts as one caller where nothing but the address is known. See [`neighbourhood`].
pub(super) type Neighbourhood = (IpAddr, u16);

/// Places that are taken, by who holds them. Clones share the places.
#[derive(Debug)]
pub(super) struct Places<K> {
    all_max: usize,
    each_max: usize,
    taken: Arc<Mutex<BTreeMap<K, usize>>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<K: Ord> {
    who: K,
    taken: Arc<Mutex<BTreeMap<K, usize>>>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Crowded {
    #[error("too many callers")]
    All,
    #[error("too many from one place")]
    Each,
}

impl<K: Ord + Clone> Places<K> {
    /// So many for all, and so many of them for each.
    pub(super) fn new(all_max: usize, each_max: usize) -> Self {
        Self { all_max, each_max, taken: Arc::default() }
    }

    /// Takes a place.
    pub(super) fn take(&self, who: K) -> Result<Place<K>, Crowded> {
        let mut taken = locked(&self.taken);
        if taken.values().sum::<usize>() >= self.all_max {
            return Err(Crowded::All);
        }
        let own = taken.entry(who.clone()).or_default();
        if *own >= self.each_max {
            return Err(Crowded::Each);
        }
        *own += 1;
        Ok(Place { who, taken: self.taken.clone() })
    }

    /// How many are free.
    #[cfg(test)]
    pub(super) fn free(&self) -> usize {
        self.all_max - locked(&self.taken).values().sum::<usize>()
    }
}

impl<K: Ord> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = locked(&self.taken);
        if let Some(own) = taken.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.who);
            }
        }
    }
}

fn locked<K>(taken: &Mutex<BTreeMap<K, usize>>) -> MutexGuard<'_, BTreeMap<K, usize>> {
    // Nothing under the lock can panic half way through a change.
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Addresses that one caller can have at will: one of the older kind, the lower half of one of the newer kind. Callers on
/// this machine are told apart by their port: they all have one address, and who is here needs no crowd to do harm.
pub(super) fn neighbourhood(address: SocketAddr) -> Neighbourhood {
    match address.ip().to_canonical() {
        ip if ip.is_loopback() => (ip, address.port()),
        IpAddr::V4(ip) => (ip.into(), 0),
        IpAddr::V6(ip) => (Ipv6Addr::from(u128::from(ip) >> 64 << 64).into(), 0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn one_takes_its_share_and_no_more_and_all_together_no_more_than_there_are() {
        let places = Places::new(5, 2);
        let mut held = vec![places.take('a').unwrap(), places.take('a').unwrap()];
        assert_eq!(places.take('a').unwrap_err(), Crowded::Each);
        held.extend(['b', 'b', 'c'].map(|who| places.take(who).unwrap()));
        assert_eq!(places.take('d').unwrap_err(), Crowded::All);
        held.remove(0);
        held.push(places.take('d').unwrap());
        assert_eq!(places.free(), 0);
        held.clear();
        assert_eq!((places.free(), locked(&places.taken).len()), (5, 0));
    }

    #[test]
    fn who_has_many_addresses_is_one_caller() {
        let of = |address: &str| neighbourhood(address.parse().unwrap());
        assert_eq!(of("192.0.2.1:1"), of("192.0.2.1:2"));
        assert_eq!(of("192.0.2.1:1"), of("[::ffff:192.0.2.1]:3"));
        assert_ne!(of("192.0.2.1:1"), of("192.0.2.2:1"));
        assert_eq!(of("[2001:db8::1]:1"), of("[2001:db8::ffff:1]:2"));
        assert_ne!(of("[2001:db8::1]:1"), of("[2001:db8:0:1::1]:1"));
        assert_ne!(of("127.0.0.1:1"), of("127.0.0.1:2"));
        assert_ne!(of("[::1]:1"), of("[::1]:2"));
    }
}
