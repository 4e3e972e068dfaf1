//! CBOR written by hand, so that every flaw can be written.

use minicbor::{Decoder, Encoder};

/// Writes CBOR by hand.
pub(crate) fn cbor(write: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder);
    encoder.into_writer()
}

pub(crate) fn number(value: i64) -> Vec<u8> {
    cbor(|e| drop(e.i64(value)))
}

pub(crate) fn text(value: &str) -> Vec<u8> {
    cbor(|e| drop(e.str(value)))
}

pub(crate) fn bytes(value: &[u8]) -> Vec<u8> {
    cbor(|e| drop(e.bytes(value)))
}

/// An array of encoded values.
pub(crate) fn list(values: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = cbor(|e| drop(e.array(values.len() as u64)));
    values.iter().for_each(|value| bytes.extend(value));
    bytes
}

/// A map as a list of encoded keys and values.
pub(crate) type Map = Vec<(Vec<u8>, Vec<u8>)>;

pub(crate) fn map(entries: &Map) -> Vec<u8> {
    let mut bytes = cbor(|e| drop(e.map(entries.len() as u64)));
    entries.iter().for_each(|(key, value)| bytes.extend([&key[..], value].concat()));
    bytes
}

/// The entries of an encoded map.
pub(crate) fn entries(bytes: &[u8]) -> Map {
    let mut d = Decoder::new(bytes);
    let count = d.map().unwrap().unwrap();
    let mut value = || {
        let from = d.position();
        d.skip().unwrap();
        bytes[from..d.position()].to_vec()
    };
    (0..count).map(|_| (value(), value())).collect()
}

/// Leaves an entry out.
pub(crate) fn remove(place: usize) -> impl Fn(&mut Map) {
    move |entries| drop(entries.remove(place))
}

/// Gives an entry another value.
pub(crate) fn set(place: usize, value: Vec<u8>) -> impl Fn(&mut Map) {
    move |entries| entries[place].1.clone_from(&value)
}
