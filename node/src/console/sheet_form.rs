//! A sheet as a form of a page sends it: names and values, in the order in which they stand on the page.
//!
//! ```text
//! c3.0   code of the first dimension in row 3        v3.1   second value column of row 3; several are joined
//! s3     status of row 3                             m.unit what stands under "how it was counted"
//! n3     note on row 3 that stays in this node       note   the same on the whole sheet
//! k2     citizenship of the second route: the rows behind it are its steps, until the next
//! ```

use std::collections::HashMap;

use vrs_protocol::table::Metadata;

use crate::sheet::{ROWS_MAX, Row, Sheet};

/// Columns of one row that are read; forms have fewer.
const COLUMNS_MAX: usize = 16;

/// What a page sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) agency: String,
    /// The version it was opened at.
    pub(super) version: u64,
    pub(super) act: String,
    pub(super) sheet: Sheet,
}

impl Sent {
    /// Reads the pairs; what is no field of a sheet is passed over.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        let mut places = Places::default();
        for (name, value) in pairs {
            match name.as_str() {
                "agency" => sent.agency = value,
                "version" => sent.version = value.parse().unwrap_or(0),
                "act" => sent.act = value,
                "note" => sent.sheet.note = value.trim().replace("\r\n", "\n"),
                _ => match name.strip_prefix("m.") {
                    Some(field) => of_metadata(&mut sent.sheet.metadata, field, value),
                    None => sent.of_row(&mut places, &name, value),
                },
            }
        }
        sent.act = places.act(&sent.act);
        sent
    }

    fn of_row(&mut self, places: &mut Places, name: &str, value: String) {
        let Some((kind, number, column)) = parts(name) else { return };
        if kind == 'k' {
            // What tells this route from the others until they are numbered.
            places.route = vec![value, format!("k{number}"), String::new()];
            return;
        }
        let rows = &mut self.sheet.rows;
        // One more than is accepted, so that the bound is seen to be broken.
        if !places.rows.contains_key(&number) && rows.len() > ROWS_MAX {
            return;
        }
        let place = *places.rows.entry(number).or_insert_with(|| {
            rows.push(Row { codes: places.route.clone(), ..Row::default() });
            rows.len() - 1
        });
        let Some(row) = rows.get_mut(place) else { return };
        let fields = match kind {
            'c' => &mut row.codes,
            'v' => &mut row.values,
            'n' => {
                row.note = value.trim().replace("\r\n", "\n");
                return;
            }
            _ => {
                row.status = value;
                return;
            }
        };
        if fields.len() <= column {
            fields.resize(column + 1, String::new());
        }
        let field = &mut fields[column];
        // Boxes that are ticked come one by one.
        *field = if field.is_empty() { value } else { format!("{field} {value}") };
    }
}

/// What was seen so far of a page.
#[derive(Default)]
struct Places {
    /// The place of each row by its number on the page.
    rows: HashMap<u32, usize>,
    /// The codes of the route whose steps come now; empty where rows have codes of their own.
    route: Vec<String>,
}

impl Places {
    /// An act with the place of its row: buttons name rows as the page numbers them. An act on a row that did not come is none.
    fn act(&self, act: &str) -> String {
        let Some((verb, row)) = act.split_once(':') else { return act.to_owned() };
        let place = row.parse().ok().and_then(|number: u32| self.rows.get(&number));
        place.map_or_else(String::new, |place| format!("{verb}:{place}"))
    }
}

/// `c3.0` as its letter, row and column.
fn parts(name: &str) -> Option<(char, u32, usize)> {
    let kind = name.chars().next().filter(|kind| matches!(kind, 'c' | 'v' | 's' | 'n' | 'k'))?;
    let rest = name.get(1..)?;
    let (row, column) = rest.split_once('.').unwrap_or((rest, "0"));
    Some((kind, row.parse().ok()?, column.parse().ok().filter(|column| *column < COLUMNS_MAX)?))
}

fn of_metadata(metadata: &mut Metadata, field: &str, value: String) {
    let yes_no = || match value.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let text = match field {
        "definition_followed" => {
            metadata.definition_followed = yes_no();
            return;
        }
        "double_counting" => {
            metadata.double_counting = yes_no();
            return;
        }
        "list_complete" => {
            metadata.list_complete = value == "yes";
            return;
        }
        "unit" => &mut metadata.unit,
        "source" => &mut metadata.source,
        "legal_basis" => &mut metadata.legal_basis,
        "deviation" => &mut metadata.deviation,
        "coverage" => &mut metadata.coverage,
        "period_deviation" => &mut metadata.period_deviation,
        "comment" => &mut metadata.comment,
        _ => return,
    };
    let value = value.replace("\r\n", "\n");
    *text = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Sent {
        Sent::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn rows_stand_as_on_the_page_whatever_their_numbers() {
        let sent =
            read(&[("version", "3"), ("c7.0", "AFG"), ("v7.0", "10"), ("c2.0", "_O"), ("v2.0", ""), ("s2", "L")]);
        let rows: Vec<(&str, &str, &str)> = sent
            .sheet
            .rows
            .iter()
            .map(|row| (row.codes[0].as_str(), row.values[0].as_str(), row.status.as_str()))
            .collect();
        assert_eq!((sent.version, rows), (3, vec![("AFG", "10", ""), ("_O", "", "L")]));
    }

    #[test]
    fn ticked_boxes_are_one_field_and_strange_names_are_none() {
        let sent =
            read(&[("v0.0", "A"), ("v0.0", "B"), ("v0.99999999", "x"), ("c.0", "y"), ("c-1.0", "z"), ("é", "?")]);
        assert_eq!(sent.sheet.rows.len(), 1);
        assert_eq!(sent.sheet.rows[0].values, ["A B"]);
    }

    #[test]
    fn steps_belong_to_the_route_before_them() {
        let sent =
            read(&[("k0", "AFG"), ("v0.0", "AFG"), ("v1.0", "TUR"), ("k5", ""), ("v2.0", "IRQ"), ("n2", "by phone")]);
        let codes: Vec<String> = sent.sheet.rows.iter().map(|row| row.codes.join("/")).collect();
        assert_eq!(codes, ["AFG/k0/", "AFG/k0/", "/k5/"]);
        assert_eq!(sent.sheet.rows[2].note, "by phone");
    }

    #[test]
    fn a_button_means_the_row_it_stands_at_whatever_its_number() {
        let rows = [("k0", "AFG"), ("v0.0", "AFG"), ("v6.0", "IRN"), ("k3", "IRQ"), ("v3.0", "IRQ")];
        let act = |act: &str| read(&[&rows[..], &[("act", act)]].concat()).act;
        assert_eq!(act("route-remove:3"), "route-remove:2");
        assert_eq!((act("remove:9"), act("complete"), act("up:x")), (String::new(), "complete".into(), String::new()));
    }

    #[test]
    fn more_rows_than_are_accepted_are_seen_to_be_too_many() {
        let pairs = (0..2_000).map(|row| (format!("v{row}.0"), "1".to_owned())).collect();
        assert!(!Sent::read(pairs).sheet.keeps_bounds());
    }
}
