//! From bytes to text: a bound on the size, UTF-8 with or without its mark, and a refusal by name of what else people
//! send, because a wrongly guessed encoding damages names in silence.

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
    if bytes.len() > bytes_max {
        let size = format!("{} bytes, and a file may have {bytes_max}", bytes.len());
        return Err(Problem::of_file(Flaw::TooLarge(size), "split the file by period or form"));
    }
    if let Some(name) = foreign(bytes) {
        return Err(Problem::of_file(Flaw::Encoding(format!("it is {name}")), ACCEPTED));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    if text.trim().is_empty() {
        return Err(Problem::of_file(
            Flaw::Empty("the file has no text"),
            "a first row of column names, and rows below it",
        ));
    }
    match text.char_indices().find(|(_, c)| unprintable(*c)) {
        None => Ok(text),
        Some((at, '\u{FFFD}')) => {
            let flaw = Flaw::Encoding("U+FFFD stands where an earlier program lost a letter".into());
            Err(Problem::at(line_of(bytes, at), "", "\u{FFFD}", flaw, "the original file, saved as UTF-8"))
        }
        Some((at, c)) => {
            let flaw = Flaw::Shape(format!("the control character U+{:04X} is no text", u32::from(c)));
            Err(Problem::at(line_of(bytes, at), "", "", flaw, "letters, digits, spaces, tabs and line ends"))
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
