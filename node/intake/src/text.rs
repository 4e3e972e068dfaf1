//! From bytes to text: a bound on the size, the encoding that was said, and a refusal by name of what else people send,
//! because a wrongly guessed encoding damages names in silence.

use std::borrow::Cow;

use super::mapping::Encoding;
use super::problems::{Flaw, Problem};

/// Largest file that is read. A spreadsheet of 200,000 rows saved as text stays below it.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// How many bytes are looked at to see whether a file is text at all.
const BINARY_LOOK: usize = 4_096;

/// What is accepted, said in every refusal of this file.
const ACCEPTED: &str = "UTF-8 text; in a spreadsheet choose \"Save as: CSV UTF-8\"";

/// The text of a file, without its byte order mark.
pub fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    decode_up_to(bytes, FILE_BYTES_MAX)
}

/// As [`decode`], with another bound than [`FILE_BYTES_MAX`].
pub fn decode_up_to(bytes: &[u8], bytes_max: usize) -> Result<&str, Problem> {
    bounded(bytes, bytes_max)?;
    if let Some(name) = foreign(bytes) {
        return Err(Problem::of_file(Flaw::Encoding(format!("it is {name}")), ACCEPTED));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    readable(text)?;
    Ok(text)
}

/// The text of a file in an encoding that a person or a mapping named.
///
/// # Errors
/// When it is not in this encoding, or holds what is no text.
pub fn decode_as(bytes: &[u8], encoding: Encoding, bytes_max: usize) -> Result<Cow<'_, str>, Problem> {
    if encoding == Encoding::Utf8 {
        return decode_up_to(bytes, bytes_max).map(Cow::Borrowed);
    }
    bounded(bytes, bytes_max)?;
    let (decoder, name) = match encoding {
        Encoding::Windows1252 => (encoding_rs::WINDOWS_1252, "Windows-1252"),
        _ if bytes.starts_with(b"\xFE\xFF") => (encoding_rs::UTF_16BE, "UTF-16"),
        _ => (encoding_rs::UTF_16LE, "UTF-16"),
    };
    let (text, is_damaged) = decoder.decode_with_bom_removal(bytes);
    if is_damaged {
        let flaw = Flaw::Encoding(format!("it is no {name} either, as was said of it"));
        return Err(Problem::of_file(flaw, ACCEPTED));
    }
    readable(&text)?;
    Ok(text)
}

/// The encoding that the bytes speak for. It is offered to a person, who sees the names it gives, and never taken in silence.
#[must_use]
pub fn likely(bytes: &[u8]) -> Encoding {
    match foreign(bytes) {
        Some(name) if name.starts_with("UTF-16") => Encoding::Utf16,
        _ if std::str::from_utf8(bytes).is_ok() => Encoding::Utf8,
        _ => Encoding::Windows1252,
    }
}

fn bounded(bytes: &[u8], bytes_max: usize) -> Result<(), Problem> {
    if bytes.len() <= bytes_max {
        return Ok(());
    }
    let size = format!("{} bytes, and a file may have {bytes_max}", bytes.len());
    Err(Problem::of_file(Flaw::TooLarge(size), "split the file by period or form"))
}

/// Refuses text without a letter, and text with what is none.
fn readable(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::of_file(
            Flaw::Empty("the file has no text"),
            "a first row of column names, and rows below it",
        ));
    }
    match text.char_indices().find(|(_, c)| unprintable(*c)) {
        None => Ok(()),
        Some((at, '\u{FFFD}')) => {
            let flaw = Flaw::Encoding("U+FFFD stands where an earlier program lost a letter".into());
            Err(Problem::at(line_of(text.as_bytes(), at), "", "\u{FFFD}", flaw, "the original file, saved as UTF-8"))
        }
        Some((at, c)) => {
            let flaw = Flaw::Shape(format!("the control character U+{:04X} is no text", u32::from(c)));
            Err(Problem::at(line_of(text.as_bytes(), at), "", "", flaw, "letters, digits, spaces, tabs and line ends"))
        }
    }
}

/// Characters that no honest file holds; a lone one is a sign of damage or of an attack on a terminal.
pub(super) fn unprintable(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
        || matches!(c, '\u{FFFD}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The name of a format that its first bytes give away.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 8] = [
        // The four-byte mark begins with the two-byte one, so it is asked first.
        (b"\xFF\xFE\0\0", "UTF-32"),
        (b"\xFF\xFE", "UTF-16, little end first"),
        (b"\xFE\xFF", "UTF-16, big end first"),
        (b"\0\0\xFE\xFF", "UTF-32"),
        (b"PK\x03\x04", "a spreadsheet or archive (ZIP)"),
        (b"\xD0\xCF\x11\xE0", "an old spreadsheet (XLS)"),
        (b"\x1F\x8B", "compressed (gzip)"),
        (b"%PDF", "a PDF document"),
    ];
    let marked = MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| name);
    // Latin text in UTF-16 has a zero in every second byte.
    let head = &bytes[..bytes.len().min(64) / 2 * 2];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 4 > head.len();
    marked.or_else(|| (zeros(0) || zeros(1)).then_some("UTF-16 without its mark"))
}

/// The refusal of bytes that are not UTF-8, with the likeliest reason.
fn not_utf8(bytes: &[u8], at: usize) -> Problem {
    let byte = bytes[at];
    let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
    let guess = match byte {
        // Text in any of the usual encodings has no control characters but tabs and line ends.
        _ if bytes.iter().take(BINARY_LOOK).filter(|b| **b < 0x20 && !b"\t\r\n".contains(b)).count() > 2 => {
            let flaw = Flaw::Encoding("it is no text in any encoding".into());
            return Problem::of_file(flaw, "a file of figures, as CSV");
        }
        // In UTF-8 these begin a letter of several bytes; a letter cut off at the end of the file is a lost tail.
        0xC2..=0xF4
            if bytes.len() - at < 4
                && std::str::from_utf8(&bytes[..at]).is_ok()
                && bytes[at + 1..].iter().all(|b| (0x80..0xC0).contains(b)) =>
        {
            "the file ends in the middle of a letter".into()
        }
        0xA0..=0xFF => format!("probably Windows-1252 or ISO 8859-1, where it is {:?}", char::from(byte)),
        _ => "probably Windows-1252".into(),
    };
    let flaw = Flaw::Encoding(format!("byte {} of the line is 0x{byte:02X}, {guess}", at - start + 1));
    Problem::at(line_of(bytes, at), "", "", flaw, ACCEPTED)
}

/// The line of a byte, counted from 1.
fn line_of(bytes: &[u8], at: usize) -> u64 {
    bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        decode(bytes).unwrap_err().to_string()
    }

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(decode("a,b\nCôte,1\n".as_bytes()).unwrap(), "a,b\nCôte,1\n");
        assert_eq!(decode(b"\xEF\xBB\xBFa,b\r\n").unwrap(), "a,b\r\n");
    }

    #[test]
    fn other_encodings_are_refused_by_name() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert!(refusal(&[&b"\xFF\xFE"[..], &wide("a,b\n")].concat()).contains("UTF-16, little end first"));
        assert!(refusal(&wide("country,persons\nItaly,1\n")).contains("UTF-16 without its mark"));
        assert!(refusal(b"\xFE\xFF\0a").contains("UTF-16, big end first"));
        assert!(refusal(b"PK\x03\x04rest").contains("spreadsheet"));
        assert!(refusal(b"\x1F\x8B\x08").contains("gzip"));
    }

    #[test]
    fn a_windows_letter_is_named_with_line_and_byte() {
        let problem = decode(b"a,b\nC\xF4te,1\n").unwrap_err();
        assert_eq!(problem.line, 2);
        assert!(
            problem
                .to_string()
                .contains("byte 2 of the line is 0xF4, probably Windows-1252 or ISO 8859-1, where it is 'ô'"),
            "{problem}"
        );
        assert!(refusal(b"a\n\x93quoted\x94\n").contains("probably Windows-1252"));
        assert!(refusal(b"a,b\nC\xC3").contains("ends in the middle of a letter"));
    }

    #[test]
    fn an_encoding_that_is_said_is_read() {
        let read = |bytes: &[u8], encoding| decode_as(bytes, encoding, FILE_BYTES_MAX).map(Cow::into_owned);
        assert_eq!(read(b"a\nC\xF4te d\x92Ivoire\n", Encoding::Windows1252).unwrap(), "a\nCôte d’Ivoire\n");
        let wide: Vec<u8> = "\u{FEFF}a\nCôte\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide, Encoding::Utf16).unwrap(), "a\nCôte\n");
        let wide: Vec<u8> = "\u{FEFF}a\nCôte\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&wide, Encoding::Utf16).unwrap(), "a\nCôte\n");
        // A letter that Windows-1252 has not, and half a letter.
        assert!(read(b"a\n\x81\n", Encoding::Windows1252).is_err());
        assert!(read(b"a\0\n\0\0\xD8", Encoding::Utf16).unwrap_err().to_string().contains("no UTF-16"));
        assert_eq!(likely(b"C\xF4te"), Encoding::Windows1252);
        assert_eq!(likely(&wide), Encoding::Utf16);
        assert_eq!(likely("Côte".as_bytes()), Encoding::Utf8);
    }

    #[test]
    fn damage_is_refused() {
        assert!(refusal("a\nC\u{FFFD}te\n".as_bytes()).starts_with("line 2"));
        assert!(refusal(b"a,b\nx\x00y,1\n").contains("U+0000"));
        assert!(refusal("a\n\u{202E}x\n".as_bytes()).contains("U+202E"));
        assert!(refusal(b" \r\n \n").contains("nothing in it"));
    }

    #[test]
    fn a_file_has_a_bound() {
        let noise: Vec<u8> = (0..9_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 | 1).collect();
        assert!(decode(&noise).unwrap_err().to_string().contains("no text in any encoding"));
        assert!(decode(&vec![b'a'; FILE_BYTES_MAX]).is_ok());
        assert!(matches!(decode(&vec![b'a'; FILE_BYTES_MAX + 1]).unwrap_err().flaw, Flaw::TooLarge(_)));
    }
}
