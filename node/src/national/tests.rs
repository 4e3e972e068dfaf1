#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::{Figure, Status};
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::*;

fn form(code: &str) -> &'static Form {
    Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
}

fn key(text: &str) -> Key {
    Key(text.split('/').filter(|code| !code.is_empty()).map(|code| Code::parse(code).unwrap()).collect())
}

fn agency(code: &str, form: &str, cells: &[(&str, Cell)]) -> AgencyTable {
    let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse("2018-S1").unwrap());
    table.cells = cells.iter().map(|(text, cell)| (key(text), cell.clone())).collect();
    let file = FileNote { import: 1, name: "f.csv".into(), taken_at: Timestamp(0), taken_by: "test".into() };
    AgencyTable {
        id: code.len() as i64,
        agency: AgencyCode::parse(code).unwrap(),
        table,
        lines: BTreeMap::new(),
        rows: BTreeMap::new(),
        of_cases: false,
        since: file.taken_at,
        file,
    }
}

fn decision(rule: Rule, keep: Option<u16>) -> Decided {
    let decision = Decision { rule, keep, by: "ana".into(), reason: "agreed".into(), at: Timestamp(0) };
    Decided { decision: Some(decision), ..Decided::default() }
}

fn cells(national: &National) -> Vec<(String, Cell)> {
    national.table.cells.iter().map(|(key, cell)| (key.to_string(), cell.clone())).collect()
}

#[test]
fn one_agency_s_table_is_the_national_table() {
    let police = agency("POLICE", "IE_TOT", &[("", Cell::count(7))]);
    let national = compile(form("IE_TOT"), std::slice::from_ref(&police), &Decided::default()).unwrap();
    assert_eq!(national.table, police.table);
    assert_eq!(compile(form("IE_TOT"), &[], &Decided::default()), Err(NationalError::Nothing));
}

#[test]
fn lists_that_make_up_their_totals_are_added_row_by_row() {
    let guard = agency("BG", "IR_CIT", &[("_T", Cell::count(10)), ("AFG", Cell::count(7)), ("SYR", Cell::count(3))]);
    let police =
        agency("POLICE", "IR_CIT", &[("_T", Cell::count(5)), ("AFG", Cell::count(1)), ("UKR", Cell::count(4))]);
    let national = compile(form("IR_CIT"), &[guard, police], &Decided::default()).unwrap();
    let expected = [("AFG", 8), ("SYR", 3), ("UKR", 4), ("_T", 15)].map(|(code, n)| (code.to_owned(), Cell::count(n)));
    assert_eq!(cells(&national), expected);
}

#[test]
fn a_row_that_may_be_in_another_s_remainder_falls_into_the_remainder() {
    let guard = agency("BG", "IR_CIT", &[("_T", Cell::count(10)), ("AFG", Cell::count(7)), ("SYR", Cell::count(3))]);
    let police = agency("POLICE", "IR_CIT", &[("_T", Cell::count(9)), ("AFG", Cell::count(1)), ("_O", Cell::count(8))]);
    let national = compile(form("IR_CIT"), &[guard, police], &Decided::default()).unwrap();
    let expected = [("AFG", 8), ("_O", 11), ("_T", 19)].map(|(code, n)| (code.to_owned(), Cell::count(n)));
    assert_eq!(cells(&national), expected);
}

#[test]
fn a_gap_of_one_agency_marks_the_sum_and_the_coverage_says_who_is_missing() {
    let guard = agency("BG", "IE_TOT", &[("", Cell::count(10))]);
    let police = agency("POLICE", "IE_TOT", &[("", Cell::NotCollected)]);
    let national = compile(form("IE_TOT"), &[guard, police], &Decided::default()).unwrap();
    let known = Cell::Value { figure: Figure::Count(10), status: Status::LowReliability };
    assert_eq!(national.table.total(), Some(&known));
    assert_eq!(national.table.metadata.coverage.as_deref(), Some("Without POLICE in 1 of the figures."));
    let behind = &national.behind[&key("")];
    assert_eq!(behind.len(), 2, "every reason is kept beside the sum");
    assert_eq!(behind[1].1, Cell::NotCollected);
}

#[test]
fn reasons_do_not_become_numbers() {
    for (one, other, sum) in [
        (Cell::NotCollected, Cell::NotCollected, Cell::NotCollected),
        (Cell::NotCollected, Cell::NotKnown, Cell::NotKnown),
        (Cell::NotApplicable, Cell::count(4), Cell::count(4)),
        (Cell::CountedElsewhere, Cell::count(4), Cell::count(4)),
        (Cell::Withheld, Cell::count(4), Cell::Withheld),
        (Cell::Suppressed, Cell::count(4), Cell::Suppressed),
        (Cell::Fewer { below: 5 }, Cell::Fewer { below: 5 }, Cell::NotKnown),
        (Cell::count(0), Cell::count(0), Cell::count(0)),
    ] {
        assert_eq!(sum::add_cells(&[one.clone(), other.clone()]).0, sum, "{one:?} and {other:?}");
    }
}

#[test]
fn a_decision_prefers_one_agency() {
    let guard = agency("BG", "IE_TOT", &[("", Cell::count(10))]);
    let police = agency("POLICE", "IE_TOT", &[("", Cell::count(12))]);
    let prefer = decision(Rule::Prefer(AgencyCode::parse("BG").unwrap()), None);
    let both = [guard, police];
    assert_eq!(compile(form("IE_TOT"), &both, &prefer).unwrap().table.total(), Some(&Cell::count(10)));
    let nobody = decision(Rule::Prefer(AgencyCode::parse("NAVY").unwrap()), None);
    assert!(matches!(compile(form("IE_TOT"), &both, &nobody), Err(NationalError::NoFigures(_))));
}

#[test]
fn the_largest_rows_stay_and_the_rest_goes_into_other() {
    let rows = [("_T", 20), ("AFG", 9), ("BGD", 4), ("CHN", 4), ("DZA", 2), ("_U", 1)];
    let guard = agency("BG", "IR_CIT", &rows.map(|(code, n)| (code, Cell::count(n))));
    let national = compile(form("IR_CIT"), &[guard], &decision(Rule::Sum, Some(2))).unwrap();
    let expected =
        [("AFG", 9), ("BGD", 4), ("_O", 6), ("_T", 20), ("_U", 1)].map(|(code, n)| (code.to_owned(), Cell::count(n)));
    assert_eq!(cells(&national), expected);
}

#[test]
fn different_units_are_not_added() {
    let mut guard = agency("BG", "IE_TOT", &[("", Cell::count(10))]);
    guard.table.metadata.unit = Some("detections".into());
    let police = agency("POLICE", "IE_TOT", &[("", Cell::count(12))]);
    let refused = compile(form("IE_TOT"), &[guard, police], &Decided::default()).unwrap_err().to_string();
    assert!(refused.contains("different units") && refused.contains("prefer:AGENCY"), "{refused}");
}

#[test]
fn decisions_print_as_they_were_read() {
    for text in ["sum", "prefer:POLICE", "cases:BG,POLICE"] {
        assert_eq!(Rule::parse(text).unwrap().to_string(), text);
    }
    for text in ["prefer", "prefer:police", "cases", "cases:", "cases:BG,BG", "sum:BG"] {
        assert!(Rule::parse(text).is_err(), "{text}");
    }
}

fn set(cell: Cell, under: &[(&str, &str)]) -> ByHand {
    let answered = |(agency, text): &(&str, &str)| (AgencyCode::parse(agency).unwrap(), (*text).to_owned());
    let under = under.iter().map(answered).collect();
    ByHand { cell, under, by: "ana".into(), reason: "counted again".into(), at: Timestamp(0) }
}

#[test]
fn what_is_set_by_hand_stands_until_it_is_taken_back_and_says_when_it_is_stale() {
    let guard = agency("BG", "IE_TOT", &[("", Cell::count(10))]);
    let police = agency("POLICE", "IE_TOT", &[("", Cell::count(12))]);
    let mut decided = Decided::default();
    decided.by_hand.insert(key(""), set(Cell::count(15), &[("BG", "10"), ("POLICE", "12")]));
    let national = compile(form("IE_TOT"), &[guard.clone(), police], &decided).unwrap();
    assert_eq!(national.table.total(), Some(&Cell::count(15)));
    assert!(national.stale.is_empty());
    let changed = agency("POLICE", "IE_TOT", &[("", Cell::NotKnown)]);
    let national = compile(form("IE_TOT"), &[guard, changed], &decided).unwrap();
    assert_eq!(national.table.total(), Some(&Cell::count(15)), "it stands all the same");
    assert!(national.stale.contains(&key("")));
}

#[test]
fn a_row_set_by_hand_is_kept_and_is_no_part_of_other() {
    let guard = agency(
        "BG",
        "IR_CIT",
        &[("_T", Cell::count(16)), ("AFG", Cell::count(9)), ("BGD", Cell::count(5)), ("CHN", Cell::count(2))],
    );
    let mut decided = decision(Rule::Sum, Some(1));
    decided.by_hand.insert(key("CHN"), set(Cell::count(3), &[("BG", "2")]));
    let national = compile(form("IR_CIT"), &[guard], &decided).unwrap();
    let expected = [("AFG", 9), ("CHN", 3), ("_O", 5), ("_T", 16)].map(|(code, n)| (code.to_owned(), Cell::count(n)));
    assert_eq!(cells(&national), expected);
}

#[test]
fn agencies_differ_where_two_answer_the_same_cell_otherwise() {
    let guard = agency("BG", "IR_CIT", &[("_T", Cell::count(10)), ("AFG", Cell::count(10))]);
    let police =
        agency("POLICE", "IR_CIT", &[("_T", Cell::count(10)), ("SYR", Cell::NotKnown), ("AFG", Cell::NotKnown)]);
    let national = compile(form("IR_CIT"), &[guard, police], &Decided::default()).unwrap();
    assert_eq!(national.differing().map(Key::to_string).collect::<Vec<_>>(), ["AFG"]);
}

fn from(national: &National, cell: &str) -> String {
    national.origins[&key(cell)].words()
}

#[test]
fn every_national_figure_says_where_it_comes_from() {
    let mut guard =
        agency("BG", "IR_CIT", &[("_T", Cell::count(10)), ("AFG", Cell::count(7)), ("SYR", Cell::count(3))]);
    guard.lines = [(key("_T"), 2), (key("AFG"), 3)].into();
    guard.rows = [(key("AFG"), 7)].into();
    let alone = compile(form("IR_CIT"), std::slice::from_ref(&guard), &Decided::default()).unwrap();
    assert_eq!(from(&alone, "_T"), "BG: f.csv, line 2");
    assert_eq!(from(&alone, "AFG"), "BG: f.csv, 7 rows, the first in line 3");
    assert_eq!(from(&alone, "SYR"), "BG: f.csv");
    let police = agency("POLICE", "IR_CIT", &[("_T", Cell::count(9)), ("AFG", Cell::count(1)), ("_O", Cell::count(8))]);
    let both = [guard, police];
    let mut decided = Decided::default();
    decided.by_hand.insert(key("SYR"), set(Cell::count(2), &[("BG", "3")]));
    let sum = compile(form("IR_CIT"), &both, &decided).unwrap();
    assert_eq!(from(&sum, "_T"), "sum of BG: f.csv, line 2; POLICE: f.csv");
    assert_eq!(from(&sum, "_O"), "the rest of the list, of POLICE: f.csv; BG: f.csv");
    assert_eq!(from(&sum, "SYR"), "set by hand by ana, 1970-01-01");
    let prefer = decision(Rule::Prefer(AgencyCode::parse("BG").unwrap()), Some(1));
    let preferred = compile(form("IR_CIT"), &both, &prefer).unwrap();
    assert_eq!(from(&preferred, "AFG"), "BG: f.csv, 7 rows, the first in line 3");
    assert_eq!(from(&preferred, "_O"), "the rest of the list, of BG: f.csv");
    assert_eq!(preferred.origins.len(), preferred.table.cells.len());
}
