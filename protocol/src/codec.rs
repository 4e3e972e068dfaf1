//! Strict deterministic CBOR (RFC 8949, section 4.2.1).
//!
//! One value has one encoding. The decoder underneath is liberal: it takes integers that are longer than needed,
//! maps in any order, with a key twice, of indefinite length, and ignores what follows. So [`decode_strict`]
//! encodes again what it has read and compares: whatever is not the one encoding is refused, with the place of
//! the first difference. Bytes that somebody signed are stored and hashed as they came; nothing here is for
//! rewriting them.
//!
//! Decoding reserves no memory for what is only announced: a list that claims 2^60 elements costs nothing until
//! they are there. A value may still take far more room than its bytes, so lists whose bytes are not few by themselves
//! are read with [`at_most`]. Types with a reference to themselves do not occur, so the depth is that of the type.

use std::convert::Infallible;

use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// Why bytes are not the one encoding of a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Longer than the caller's bound; nothing was read.
    #[error("{length} bytes are more than the {max} allowed here")]
    TooLarge {
        /// How many bytes came.
        length: usize,
        /// How many are allowed.
        max: usize,
    },
    /// The bytes end inside the value.
    #[error("the bytes end inside the value")]
    Truncated,
    /// Not CBOR, or not of the expected type; the decoder's sentence.
    #[error("not the expected value: {0}")]
    Malformed(String),
    /// The value is followed by this many further bytes.
    #[error("{0} bytes follow the value")]
    TrailingBytes(usize),
    /// The value has another encoding, which differs first at this byte.
    #[error("not the deterministic encoding, from byte {0} on")]
    NotDeterministic(usize),
}

/// The deterministic encoding of a value.
#[must_use]
pub fn to_bytes<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written: Result<(), minicbor::encode::Error<Infallible>> = minicbor::encode(value, &mut bytes);
    // Writing to memory cannot fail, and no `Encode` of this crate refuses a value; each type has a test that
    // encodes it.
    debug_assert!(written.is_ok(), "an encoder refused a value");
    bytes
}

/// Reads a value, and refuses every encoding of it but the one [`to_bytes`] writes.
///
/// # Errors
/// Whatever is wrong with the bytes, as a [`CodecError`].
pub fn decode_strict<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8]) -> Result<T, CodecError> {
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode()?;
    let end = decoder.position();
    if end < bytes.len() {
        return Err(CodecError::TrailingBytes(bytes.len() - end));
    }
    let mut comparison = Comparison { expected: bytes, position: 0 };
    let equal = Encoder::new(&mut comparison).encode(&value).is_ok();
    if equal && comparison.position == bytes.len() {
        Ok(value)
    } else {
        Err(CodecError::NotDeterministic(comparison.position))
    }
}

/// [`decode_strict`] for bytes from outside: nothing longer than `max` is looked at.
///
/// # Errors
/// Whatever is wrong with the bytes, as a [`CodecError`].
pub fn decode_strict_bounded<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8], max: usize) -> Result<T, CodecError> {
    if bytes.len() > max {
        return Err(CodecError::TooLarge { length: bytes.len(), max });
    }
    decode_strict(bytes)
}

/// Reads a list of at most `MAX` values; for fields, as `decode_with`. A longer one is refused where its length is
/// announced, or else at the first value too many: bytes that unpack to millions of small values cost no more than `MAX`.
///
/// # Errors
/// When there are more, or one of them cannot be read.
pub(crate) fn at_most<'b, const MAX: usize, C, T: Decode<'b, C>>(
    decoder: &mut Decoder<'b>,
    context: &mut C,
) -> Result<Vec<T>, minicbor::decode::Error> {
    let at = decoder.position();
    let too_many = || minicbor::decode::Error::message(format!("more than the {MAX} values allowed here")).at(at);
    if decoder.probe().array()?.is_some_and(|announced| announced > MAX as u64) {
        return Err(too_many());
    }
    let mut values = Vec::new();
    for value in decoder.array_iter_with(context)? {
        if values.len() == MAX {
            return Err(too_many());
        }
        values.push(value?);
    }
    Ok(values)
}

impl From<minicbor::decode::Error> for CodecError {
    fn from(error: minicbor::decode::Error) -> Self {
        if error.is_end_of_input() { Self::Truncated } else { Self::Malformed(error.to_string()) }
    }
}

/// A writer that keeps nothing and stops at the first byte that is not the expected one.
struct Comparison<'a> {
    expected: &'a [u8],
    position: usize,
}

/// The written bytes differ from the expected ones.
struct Different;

impl Write for Comparison<'_> {
    type Error = Different;

    fn write_all(&mut self, written: &[u8]) -> Result<(), Different> {
        let rest = &self.expected[self.position..];
        let equal = rest.iter().zip(written).take_while(|(a, b)| a == b).count();
        self.position += equal;
        if equal == written.len() { Ok(()) } else { Err(Different) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use minicbor::bytes::ByteVec;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Encode, Decode)]
    #[cbor(map)]
    struct Sample {
        #[n(0)]
        number: u64,
        #[n(1)]
        list: Vec<u16>,
        #[n(2)]
        text: Option<String>,
    }

    fn decode(hex: &str) -> Result<Sample, CodecError> {
        decode_strict(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    #[test]
    fn a_value_is_read_back() {
        let sample = Sample { number: 24, list: vec![1, 256], text: Some("a".into()) };
        let bytes = to_bytes(&sample);
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes), "a3001818018201190100026161");
        assert_eq!(decode_strict(&bytes), Ok(sample));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        use CodecError::{NotDeterministic, TrailingBytes, Truncated};
        assert!(decode("a200050180").is_ok());
        assert_eq!(decode("a20018050180"), Err(NotDeterministic(2)), "integer longer than needed");
        assert_eq!(decode("a201800005"), Err(NotDeterministic(1)), "keys not sorted");
        assert_eq!(decode("a3000500050180"), Err(NotDeterministic(0)), "key twice");
        assert_eq!(decode("bf00050180ff"), Err(NotDeterministic(0)), "indefinite map");
        assert_eq!(decode("a20005019fff"), Err(NotDeterministic(4)), "indefinite list");
        assert_eq!(decode("a30005018002f6"), Err(NotDeterministic(0)), "an absent field written as null");
        assert_eq!(decode("a3000501800900"), Err(NotDeterministic(0)), "an unknown field");
        assert_eq!(decode("b80200050180"), Err(NotDeterministic(0)), "map length longer than needed");
        assert_eq!(decode("a20005018000"), Err(TrailingBytes(1)));
        assert_eq!(decode("a2000501"), Err(Truncated));
        assert!(matches!(decode("a20041050180"), Err(CodecError::Malformed(_))));
    }

    #[test]
    fn announced_lengths_reserve_no_memory() {
        // Each claims 2^60 elements or bytes. Reserving them would end the process.
        assert_eq!(decode_strict::<Vec<u64>>(&[0x9b, 0x10, 0, 0, 0, 0, 0, 0, 0]), Err(CodecError::Truncated));
        assert_eq!(decode_strict::<ByteVec>(&[0x5b, 0x10, 0, 0, 0, 0, 0, 0, 0]), Err(CodecError::Truncated));
        assert_eq!(decode_strict::<String>(&[0x7b, 0x10, 0, 0, 0, 0, 0, 0, 0]), Err(CodecError::Truncated));
        let map = decode_strict::<BTreeMap<u64, u64>>(&[0xbb, 0x10, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(map, Err(CodecError::Truncated));
    }

    #[test]
    fn a_list_is_bounded_before_its_values_are_read() {
        #[derive(Debug, PartialEq, Encode, Decode)]
        #[cbor(map)]
        struct Few {
            #[cbor(n(0), decode_with = "at_most::<3, _, _>")]
            list: Vec<u16>,
        }
        assert_eq!(decode_strict(&[0xa1, 0, 0x83, 1, 2, 3]), Ok(Few { list: vec![1, 2, 3] }));
        let refused = |bytes: &[u8]| match decode_strict::<Few>(bytes) {
            Err(CodecError::Malformed(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        // Four million are announced and none is there: read first, it would be `Truncated`.
        let sentence = refused(&[0xa1, 0, 0x9a, 0, 0x3d, 0x09, 0]);
        assert!(sentence.contains("more than the 3 values"), "{sentence}");
        assert!(refused(&[0xa1, 0, 0x84, 1, 2, 3, 4]).contains("more than the 3 values"));
        // Without an announcement the fourth is one too many, whatever follows it.
        assert!(refused(&[0xa1, 0, 0x9f, 1, 2, 3, 4]).contains("more than the 3 values"));
        assert!(matches!(decode_strict::<Few>(&[0xa1, 0, 0x9f, 1, 2, 3, 0xff]), Err(CodecError::NotDeterministic(_))));
    }

    #[test]
    fn a_deep_nest_in_an_unknown_field_is_walked_without_recursion() {
        for opening in [0x81, 0x9f, 0xa1, 0xbf, 0xc1] {
            let mut bytes = vec![0xa3, 0x00, 0x05, 0x01, 0x80, 0x09];
            bytes.extend(std::iter::repeat_n(opening, 1_000_000));
            assert!(decode_strict::<Sample>(&bytes).is_err());
        }
    }

    #[test]
    fn the_bound_comes_before_everything_else() {
        assert_eq!(decode_strict_bounded::<u64>(&[0xff; 9], 8), Err(CodecError::TooLarge { length: 9, max: 8 }));
        assert_eq!(decode_strict_bounded::<u64>(&[0x05], 1), Ok(5));
    }

    proptest::proptest! {
        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..24)) {
            if let Ok(value) = decode_strict::<Sample>(&bytes) {
                proptest::prop_assert_eq!(to_bytes(&value), bytes.clone());
            }
            if let Ok(value) = decode_strict::<BTreeMap<u8, String>>(&bytes) {
                proptest::prop_assert_eq!(to_bytes(&value), bytes);
            }
        }
    }
}
