//! Counts as people write them. A number that could be read in two ways is refused, because a wrong figure that looks
//! right is worse than none.

use vrs_protocol::cell::COUNT_MAX;

use super::problems::Flaw;

/// What every refusal of a number says is accepted.
pub const ACCEPTED: &str =
    "a whole number from 0, such as 1234, or 1 234 with one separator between all groups of three";

/// Signs that stand between groups of three: spaces, comma, point, apostrophes.
const SEPARATORS: [char; 8] = [' ', '\u{A0}', '\u{202F}', '\u{2009}', ',', '.', '\'', '\u{2019}'];

/// Reads a count. `1 234`, `1,234`, `1.234` and `1'234` are 1234, because groups are of three and the separator is the
/// same throughout; `12.5`, `1,23` and `≈120` are refused with the reason.
pub fn count(text: &str) -> Result<u64, Flaw> {
    let text = text.trim_matches([' ', '\u{A0}', '\t']);
    let refuse = |why| Err(Flaw::NotACount(why));
    let Some(first) = text.chars().next() else { return refuse("it is empty, and an empty field is not zero") };
    match first {
        '-' | '\u{2212}' | '\u{2013}' if text.len() > first.len_utf8() => return refuse("it is negative"),
        '(' => return refuse("brackets stand for a negative number"),
        '#' => return refuse("a spreadsheet writes such a mark where a formula failed"),
        '≈' | '~' | '<' | '>' | '≤' | '≥' | '±' => return refuse("it is not exact"),
        _ => {}
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return bounded(text);
    }
    if text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()) {
        return refuse("its digits are not 0 to 9");
    }
    if text.ends_with('%') {
        return refuse("it is a percentage, and a count is asked for");
    }
    if !text.chars().all(|c| c.is_ascii_digit() || SEPARATORS.contains(&c)) {
        return refuse(if text.bytes().any(|b| b.is_ascii_digit()) {
            "there are other signs in it"
        } else {
            "there is no number in it"
        });
    }
    grouped(text)
}

/// Digits with separators: groups of three, one separator throughout.
fn grouped(text: &str) -> Result<u64, Flaw> {
    let groups: Vec<&str> = text.split(SEPARATORS).collect();
    let mut marks = text.chars().filter(|c| SEPARATORS.contains(c));
    let mark = marks.next();
    let same = marks.all(|c| Some(c) == mark);
    let threes =
        groups.len() > 1 && (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    // 0.125 and 0,125 have groups of three, and are fractions all the same.
    let led_by_zero = groups[0].starts_with('0');
    if same && threes && !led_by_zero {
        return bounded(&groups.concat());
    }
    Err(Flaw::NotACount(match mark {
        Some('.' | ',') if groups.len() == 2 || !same => "it has a fraction, or its groups are not of three",
        _ if !same => "its groups are separated by different signs",
        _ => "its groups are not of three",
    }))
}

/// Digits only, inside the bound of one cell.
fn bounded(digits: &str) -> Result<u64, Flaw> {
    match digits.parse::<u64>() {
        Ok(count) if count <= COUNT_MAX => Ok(count),
        _ => Err(Flaw::NotACount("it is larger than a thousand thousand million")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn grouped_digits_are_read_when_there_is_one_way_to_read_them() {
        for text in
            ["1234", " 1234 ", "1 234", "1,234", "1.234", "1'234", "1’234", "1\u{A0}234", "1\u{202F}234", "01234"]
        {
            assert_eq!(count(text), Ok(1234), "{text:?}");
        }
        assert_eq!(count("0"), Ok(0));
        assert_eq!(count("12 345 678"), Ok(12_345_678));
        assert_eq!(count("1000000000000"), Ok(COUNT_MAX));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "12.5",
            "1,23",
            "1234.567",
            "1,234.567",
            "1.234,5",
            "1,234 567",
            "1,2345",
            "0.125",
            "0,125",
            "1.",
            ".5",
            ",",
            "1,,234",
            "12.0",
        ] {
            assert!(matches!(count(text), Err(Flaw::NotACount(_))), "{text:?}");
        }
    }

    #[test]
    fn the_reason_is_named() {
        let why = |text| count(text).unwrap_err().to_string();
        assert!(why("").contains("empty field is not zero"));
        assert!(why("   ").contains("empty field is not zero"));
        for text in ["-5", "\u{2212}5", "\u{2013}5"] {
            assert!(why(text).contains("negative"), "{text}");
        }
        assert!(why("(5)").contains("negative"));
        for text in ["≈120", "~120", "<5", ">5"] {
            assert!(why(text).contains("not exact"), "{text}");
        }
        assert!(why("12.5").contains("fraction"));
        assert!(why("12 34 567").contains("not of three"));
        assert!(why("1 234'567").contains("different signs"));
        assert!(why("١٢٣").contains("0 to 9"));
        assert!(why("1e5").contains("other signs"));
        assert!(why("-").contains("no number"));
        assert!(why("n/a").contains("no number"));
        assert!(why("1000000000001").contains("larger"));
        assert!(why("99999999999999999999999").contains("larger"));
    }
}
