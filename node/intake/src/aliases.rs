//! The alias list: labels of countries and nationalities as publishers print them, and what each stands for. It is
//! compiled in, so that a mapping can name a printer and need no list of its own. See `node/intake/labels/README.md`.

use std::sync::OnceLock;

use vrs_protocol::id::Code;

use super::labels::Target;
use super::records::Records;

const ALIASES: &str = include_str!("../labels/aliases.csv");
/// Stateless person (ICAO 9303-3).
const STATELESS: &str = "XXA";
/// Whose labels the list knows.
pub const PRINTERS: [&str; 7] =
    ["eurostat", "frontex", "poland", "sri_lanka", "uk_home_office", "us_border_patrol", "us_dhs"];

/// One line of the alias list.
pub(super) struct Alias {
    /// The label.
    pub(super) label: String,
    /// Who prints it so.
    pub(super) printed_by: Vec<&'static str>,
    /// What it stands for.
    pub(super) target: Target,
}

const WORDS: &str = include_str!("../labels/words.csv");

/// What people call the codes of the short lists, in several languages: list, code, label.
pub(super) fn words() -> &'static [(String, Code, String)] {
    static READ: OnceLock<Vec<(String, Code, String)>> = OnceLock::new();
    READ.get_or_init(|| {
        let rows = Records::new(WORDS, ',', 1).skip(1).filter_map(Result::ok);
        rows.filter_map(|row| {
            let [list, code, label] = <[_; 3]>::try_from(row.fields).ok()?;
            Some((list.into_owned(), Code::parse(&code).ok()?, label.into_owned()))
        })
        .collect()
    })
}

/// The alias list, read once.
pub(super) fn aliases() -> &'static [Alias] {
    static READ: OnceLock<Vec<Alias>> = OnceLock::new();
    READ.get_or_init(|| {
        // A line that cannot be read is left out here and found by the test that counts them.
        let printers = |field: &str| -> Vec<&'static str> {
            PRINTERS.into_iter().filter(|known| field.split('|').any(|printer| printer == *known)).collect()
        };
        let rows = Records::new(ALIASES, ',', 1).skip(1).filter_map(Result::ok);
        rows.filter_map(|row| {
            let [label, printed_by, kind, iso3, _] = <[_; 5]>::try_from(row.fields).ok()?;
            let target = match &*kind {
                "country" | "former_country" => Target::Code(Code::parse(&iso3).ok()?),
                "stateless" => Target::Code(Code::parse(STATELESS).ok()?),
                "aggregate" => Target::Aggregate,
                "residual" | "category" => Target::Category,
                _ => return None,
            };
            Some(Alias { label: label.into_owned(), printed_by: printers(&printed_by), target })
        })
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alias_list_is_read() {
        assert_eq!(aliases().len(), ALIASES.lines().count() - 1);
        assert!(aliases().iter().all(|alias| !alias.printed_by.is_empty()));
    }

    #[test]
    fn every_word_stands_for_a_code_of_its_list() {
        assert_eq!(words().len(), WORDS.lines().count() - 1);
        let catalogue = vrs_protocol::catalogue::Catalogue::bundled();
        for (list, code, label) in words() {
            let known = catalogue.list(list).is_some_and(|list| list.entry(code).is_some());
            assert!(known, "{list} {code} {label}");
        }
    }
}
