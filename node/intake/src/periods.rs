//! Periods as people write them in files: `2013`, `2013-Q1`, `Q1 2013`, `2013M03`, `March 2013`, `mars 2013`. Only what can
//! be read in one way is read; a fiscal year is none of ours, and whoever has one says which calendar period it stands for.

use vrs_protocol::period::Period;

use super::problems::Flaw;

/// What every refusal of a period says is accepted.
pub const ACCEPTED: &str = "2013, 2013-S1, 2013-Q1, 2013-03 or March 2013";

/// Names of months in the languages of the United Nations that write them in Latin letters, and in German, Italian and
/// Portuguese, in small letters without accents. An abbreviation has at least three letters of one of them.
const MONTHS: [&[&str]; 12] = [
    &["january", "janvier", "enero", "januar", "gennaio", "janeiro"],
    &["february", "fevrier", "febrero", "februar", "febbraio", "fevereiro"],
    &["march", "mars", "marzo", "maerz", "marco"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "maio"],
    &["june", "juin", "junio", "juni", "giugno", "junho"],
    &["july", "juillet", "julio", "juli", "luglio", "julho"],
    &["august", "aout", "agosto"],
    &["september", "septembre", "septiembre", "settembre", "setembro"],
    &["october", "octobre", "octubre", "oktober", "ottobre", "outubro"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "decembre", "diciembre", "dezember", "dicembre", "dezembro"],
];
/// Fewest letters of the abbreviation of a month.
const MONTH_LETTERS: usize = 3;

/// Reads a period as people write it.
///
/// # Errors
/// When it is none, or can be read in two ways.
pub fn written(text: &str) -> Result<Period, Flaw> {
    let text = text.trim();
    if let Ok(period) = Period::parse(text) {
        return Ok(period);
    }
    if let Some(flaw) = fiscal(text) {
        return Err(flaw);
    }
    let words = words(text);
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = match plain[..] {
        [year, part] if is_year(year) => part_of(year, part),
        [part, year] if is_year(year) => part_of(year, part),
        _ => None,
    };
    found.ok_or_else(|| match Period::parse(text) {
        Err(error) => Flaw::UnknownPeriod(error.to_string()),
        Ok(_) => Flaw::UnknownPeriod("it is none".into()),
    })
}

/// Letters and digits in groups, small and without accents: `2013M03` is `2013`, `m03`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for c in text.chars().flat_map(char::to_lowercase).map(unaccented) {
        let begins = match last {
            Some(before) if before.is_alphanumeric() => {
                // "q1" stays together, "2013q1" and "mar2013" fall apart.
                let four = words.last().is_some_and(|word| is_year(word));
                (four && c.is_alphabetic())
                    || (before.is_alphabetic()
                        && c.is_ascii_digit()
                        && words.last().is_some_and(|word| word.chars().count() >= MONTH_LETTERS))
            }
            _ => true,
        };
        if c.is_alphanumeric() {
            match words.last_mut() {
                Some(word) if !begins => word.push(c),
                _ => words.push(c.to_string()),
            }
        }
        last = Some(c);
    }
    words
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is wrong with a fiscal year, where the text is one.
#[must_use]
pub fn fiscal(text: &str) -> Option<Flaw> {
    let sentence = "it looks like a fiscal year, which is no calendar year";
    is_fiscal(text).then(|| Flaw::UnknownPeriod(sentence.into()))
}

/// `FY2018`, `2018/19`, `2018-2019`.
fn is_fiscal(text: &str) -> bool {
    let small = text.to_lowercase();
    let two = |mark| {
        let (first, second) = small.split_once(mark)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let after = first.parse::<u16>().ok().filter(|_| is_year(first))? + 1;
        let last = format!("{after}");
        Some(digits(second) && (last == second || (second.len() == 2 && last.ends_with(second) && mark == '/')))
    };
    small.starts_with("fy") || ['/', '-', '\u{2013}'].into_iter().any(|mark| two(mark) == Some(true))
}

fn part_of(year: &str, part: &str) -> Option<Period> {
    let digits = part.trim_start_matches(char::is_alphabetic);
    let letters = &part[..part.len() - digits.len()];
    let number = digits.parse::<u8>().ok();
    let parse = |text: String| Period::parse(&text).ok();
    match (letters, number) {
        ("q" | "t", Some(quarter)) => parse(format!("{year}-Q{quarter}")),
        ("s" | "h", Some(half)) => parse(format!("{year}-S{half}")),
        ("m" | "", Some(month)) if digits.len() <= 2 => parse(format!("{year}-{month:02}")),
        (name, None) if digits.is_empty() => parse(format!("{year}-{:02}", month(name)?)),
        _ => None,
    }
}

/// The month of a name or its abbreviation; none where two months may be meant.
fn month(name: &str) -> Option<usize> {
    let exact = MONTHS.iter().position(|names| names.contains(&name));
    let begins = |names: &&[&str]| names.iter().any(|known| known.starts_with(name));
    exact
        .or_else(|| {
            let mut found = MONTHS.iter().enumerate().filter(|(_, names)| begins(names)).map(|(place, _)| place + 1);
            let first = found.next().filter(|_| name.chars().count() >= MONTH_LETTERS)?;
            found.next().is_none().then_some(first - 1)
        })
        .map(|place| place + 1)
}

/// The letter without its accent, for the letters that occur in names of months.
fn unaccented(c: char) -> char {
    match c {
        'é' | 'è' | 'ê' => 'e',
        'û' | 'ü' => 'u',
        'ç' => 'c',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, period) in [
            ("2013", "2013"),
            ("2013-S1", "2013-S1"),
            ("2013-03", "2013-03"),
            ("2013/3", "2013-03"),
            ("03/2013", "2013-03"),
            ("2013M03", "2013-03"),
            ("2013 m3", "2013-03"),
            ("2013Q1", "2013-Q1"),
            ("Q1 2013", "2013-Q1"),
            ("T2-2013", "2013-Q2"),
            ("H2 2013", "2013-S2"),
            ("2013-s2", "2013-S2"),
            ("March 2013", "2013-03"),
            ("Mar-2013", "2013-03"),
            ("mar2013", "2013-03"),
            ("Février 2013", "2013-02"),
            ("août 2013", "2013-08"),
            ("enero 2013", "2013-01"),
            ("2013 dez", "2013-12"),
        ] {
            assert_eq!(written(text).map(|found| found.to_string()), Ok(period.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for text in [
            "",
            "13",
            "03/13",
            "Mar-13",
            "2013-13",
            "Q5 2013",
            "2013-01-31",
            "last year",
            "jui 2013",
            "Total",
            "ju 2013",
        ] {
            assert!(written(text).is_err(), "{text}");
        }
        for text in ["FY2018", "FY 2018", "2018/19", "2018/2019", "2018-2019", "2018–2019"] {
            assert!(written(text).unwrap_err().to_string().contains("fiscal"), "{text}");
        }
        assert_eq!(written("2018-12").unwrap().to_string(), "2018-12");
    }
}
