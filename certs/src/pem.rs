//! PEM (RFC 7468): base64 between two marker lines, several blocks in one file.
//!
//! Text before and between blocks is ignored, as mail programs and other tools put some there. A block that has
//! begun must end with its own label. What the bytes mean is not looked at here.

use std::fmt;

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// Label of a certificate.
pub const CERTIFICATE: &str = "CERTIFICATE";
/// Label of a certificate request.
pub const REQUEST: &str = "CERTIFICATE REQUEST";
/// Label of a revocation list.
pub const REVOCATION_LIST: &str = "X509 CRL";
/// Label of a private key (PKCS#8).
pub const PRIVATE_KEY: &str = "PRIVATE KEY";

/// Most blocks in one file; a chain has two, and a trust file a few.
pub const BLOCKS_MAX: usize = 64;

/// Why a text is not PEM.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// No block in it.
    #[error("there is no PEM block in it (a line -----BEGIN …-----)")]
    NoBlock,
    /// A block that has no end.
    #[error("the block {0} has no end: the file is cut off; copy it again")]
    NoEnd(String),
    /// A block that ends as another.
    #[error("the block {begun} ends as {ended}: two files are mixed; copy them again")]
    OtherEnd {
        /// The label of its first line.
        begun: String,
        /// The label of its last.
        ended: String,
    },
    /// What is inside is not base64.
    #[error("the block {0} is not base64: the file is damaged; copy it again")]
    NotBase64(String),
    /// More blocks than [`BLOCKS_MAX`].
    #[error("more than {BLOCKS_MAX} blocks")]
    TooMany,
    /// A file with another kind of block than the one asked for.
    #[error("this holds a {found}, and a {wanted} is needed")]
    OtherLabel {
        /// What is in it.
        found: String,
        /// What should be.
        wanted: &'static str,
    },
}

/// One block.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// What its marker lines say, such as `CERTIFICATE`.
    pub label: String,
    /// The bytes, wiped when they are dropped: they may be a key.
    pub der: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes may be a key.
        write!(f, "Block({}, {} bytes)", self.label, self.der.len())
    }
}

/// Prints one block, 64 characters a line.
pub fn encode(label: &str, der: &[u8]) -> String {
    let base64 = Zeroizing::new(BASE64.encode(der));
    let mut text = String::with_capacity(base64.len() + base64.len() / 64 + 2 * label.len() + 40);
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII: every index is a boundary.
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// Prints a chain of certificates, leaf first.
pub fn encode_chain(chain: &[Vec<u8>]) -> String {
    chain.iter().map(|der| encode(CERTIFICATE, der)).collect()
}

/// Reads all blocks of a text.
///
/// # Errors
/// [`PemError::NoBlock`] where there is none.
pub fn decode(text: &str) -> Result<Vec<Block>, PemError> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(label) = marker(line, "-----BEGIN ") else { continue };
        if blocks.len() == BLOCKS_MAX {
            return Err(PemError::TooMany);
        }
        blocks.push(Block { label: label.to_owned(), der: Zeroizing::new(block(label, &mut lines)?) });
    }
    if blocks.is_empty() { Err(PemError::NoBlock) } else { Ok(blocks) }
}

/// Reads certificates, as in a chain file.
///
/// # Errors
/// [`PemError::OtherLabel`] when something else is in it, such as a key.
pub fn decode_chain(text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    let blocks = decode(text)?;
    blocks.into_iter().map(|block| wanted(block, CERTIFICATE).map(|der| der.to_vec())).collect()
}

/// Reads the first block, which must have this label.
///
/// # Errors
/// [`PemError::OtherLabel`] when it has another.
pub fn decode_one(text: &str, label: &'static str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    let first = decode(text)?.into_iter().next().ok_or(PemError::NoBlock)?;
    wanted(first, label)
}

fn wanted(block: Block, label: &'static str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    if block.label == label { Ok(block.der) } else { Err(PemError::OtherLabel { found: block.label, wanted: label }) }
}

/// The label of a marker line; blanks at its end do not matter.
fn marker<'t>(line: &'t str, begin: &str) -> Option<&'t str> {
    let label = line.trim_end().strip_prefix(begin)?.strip_suffix("-----")?;
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ';
    ((1..=40).contains(&label.len()) && label.chars().all(plain)).then_some(label)
}

/// The bytes up to the end of the block.
fn block(label: &str, lines: &mut std::str::Lines<'_>) -> Result<Vec<u8>, PemError> {
    let mut base64 = Zeroizing::new(String::new());
    for line in lines {
        if let Some(ended) = marker(line, "-----END ") {
            if ended != label {
                return Err(PemError::OtherEnd { begun: label.to_owned(), ended: ended.to_owned() });
            }
            return BASE64.decode(base64.as_bytes()).map_err(|_| PemError::NotBase64(label.to_owned()));
        }
        if marker(line, "-----BEGIN ").is_some() {
            return Err(PemError::NoEnd(label.to_owned()));
        }
        base64.push_str(line.trim());
    }
    Err(PemError::NoEnd(label.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_is_printed_is_read_back_also_with_text_around_it_and_windows_line_ends() {
        for length in [0, 1, 47, 48, 49, 500] {
            let der: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let text = encode(CERTIFICATE, &der);
            assert!(text.lines().all(|line| line.len() <= 64));
            let mailed = format!("Dear colleague,\r\n{}\r\nregards", text.replace('\n', " \r\n"));
            assert_eq!(decode_chain(&mailed).unwrap(), [der]);
        }
    }

    #[test]
    fn damage_is_named() {
        let text = encode(CERTIFICATE, &[7; 100]);
        assert_eq!(decode(""), Err(PemError::NoBlock));
        assert_eq!(decode(&text[..80]), Err(PemError::NoEnd("CERTIFICATE".into())));
        assert_eq!(decode(&format!("{}{text}", &text[..80])), Err(PemError::NotBase64("CERTIFICATE".into())));
        assert_eq!(decode(&text.replace("Bw", "!!")), Err(PemError::NotBase64("CERTIFICATE".into())));
        let mixed = text.replace("END CERTIFICATE", "END X509 CRL");
        assert!(matches!(decode(&mixed), Err(PemError::OtherEnd { .. })));
        assert_eq!(decode(&text.repeat(BLOCKS_MAX + 1)), Err(PemError::TooMany));
    }

    #[test]
    fn a_key_is_no_certificate() {
        let refused = decode_chain(&encode(PRIVATE_KEY, &[1; 10])).unwrap_err();
        assert_eq!(refused.to_string(), "this holds a PRIVATE KEY, and a CERTIFICATE is needed");
    }
}
