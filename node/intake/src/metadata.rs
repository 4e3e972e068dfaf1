//! How figures were counted: the metadata block of a table, from a mapping, from a file of its own, or as the agency said
//! it before. Wherever it comes from, it is checked like a figure before anything is stored, because peers read it.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::problems::{Flaw, Problem};
use super::text;

/// How the figures of a file were counted, as far as the file itself does not say it.
#[derive(Debug, Clone, Default)]
pub struct HowCounted {
    /// What came together with the file; holds for all of its tables.
    pub given: Option<Metadata>,
    /// What the agency said of each table when it delivered it last.
    pub before: BTreeMap<(FormCode, Period), Metadata>,
}

impl HowCounted {
    /// The metadata of a table of canonical CSV, which carries none. Figures are counted as they were before, but that a
    /// list is complete was said of the rows of then.
    pub(super) fn of(&self, form: &FormCode, period: Period) -> Metadata {
        let before = || self.before.get(&(form.clone(), period)).cloned();
        self.given
            .clone()
            .or_else(|| before().map(|before| Metadata { list_complete: false, ..before }))
            .unwrap_or_default()
    }
}

/// Reads the metadata block from a file of its own.
pub fn parse(bytes: &[u8]) -> Result<Metadata, Problem> {
    let wrong =
        |why: String| Problem::of_file(Flaw::Metadata(why), "TOML with the fields of metadata in node/MAPPINGS.md");
    let text = text::decode(bytes)?;
    toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))
}

/// What is wrong with the metadata of a table of this form, field by field.
pub(super) fn flaws(metadata: &Metadata, form: &Form) -> Vec<Problem> {
    let texts = [
        ("metadata.unit", &metadata.unit),
        ("metadata.source", &metadata.source),
        ("metadata.legal_basis", &metadata.legal_basis),
        ("metadata.deviation", &metadata.deviation),
        ("metadata.coverage", &metadata.coverage),
        ("metadata.period_deviation", &metadata.period_deviation),
        ("metadata.comment", &metadata.comment),
    ];
    let of_text = |(field, text): (&str, &Option<String>)| {
        let text = text.as_deref()?;
        let (flaw, accepted) = if text.len() > TEXT_BYTES_MAX {
            (Flaw::TooLarge(format!("a text of {} bytes", text.len())), format!("at most {TEXT_BYTES_MAX} bytes"))
        } else if let Some(c) = text.chars().find(|c| text::unprintable(*c)) {
            let flaw = Flaw::Shape(format!("the character U+{:04X} is no text", u32::from(c)));
            (flaw, "letters, digits, spaces, tabs and line ends".to_owned())
        } else if field == "metadata.unit" && !form.units.iter().any(|unit| unit == text) {
            (Flaw::UnknownCode(format!("unit of {}", form.code)), form.units.join(", "))
        } else {
            return None;
        };
        Some(Problem::at(0, field, text, flaw, accepted))
    };
    texts.into_iter().filter_map(of_text).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use vrs_protocol::catalogue::Catalogue;

    fn said(toml: &str) -> Vec<String> {
        let form = Catalogue::bundled().form(&FormCode::parse("IE_CIT").unwrap()).unwrap();
        flaws(&parse(toml.as_bytes()).unwrap(), form).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_field_that_cannot_be_kept_is_named_with_its_value_and_what_is_accepted() {
        assert_eq!(
            said("unit = \"bananas\""),
            ["column metadata.unit, \"bananas\": unknown unit of IE_CIT; accepted: persons, detections"]
        );
        let long = said(&format!("coverage = \"{}\"\ncomment = \"{0}\"", "x".repeat(5_000)));
        assert!(long.len() == 2 && long[0].ends_with("too large: a text of 5000 bytes; accepted: at most 4000 bytes"));
        assert_eq!(
            said("source = \"\\u001b[2J\""),
            [
                "column metadata.source, \"\\u{1b}[2J\": not well-formed: the character U+001B is no text; accepted: letters, digits, spaces, tabs and line ends"
            ]
        );
        assert!(said("unit = \"persons\"\ncomment = \"\"\"two\nlines\"\"\"\nlist_complete = true").is_empty());
    }

    #[test]
    fn a_file_that_is_no_metadata_block_is_refused() {
        for bytes in [&b"unity = \"persons\""[..], b"no toml", b"\xFF\xFE", b"unit = \"\x1b\""] {
            assert!(parse(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn that_a_list_is_complete_is_not_said_of_the_rows_that_come_next() {
        let (form, period) = (FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
        let before = parse(b"source = \"Border Guard\"\nlist_complete = true").unwrap();
        let mut counted = HowCounted { given: None, before: [((form.clone(), period), before.clone())].into() };
        assert_eq!(counted.of(&form, period), Metadata { list_complete: false, ..before.clone() });
        counted.given = Some(before.clone());
        assert_eq!(counted.of(&form, period), before);
        assert_eq!(HowCounted::default().of(&form, period), Metadata::default());
    }
}
