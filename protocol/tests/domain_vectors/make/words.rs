//! Periods and audiences.

use vrs_protocol::codec::to_bytes;
use vrs_protocol::period::Period;

use crate::shared::Folder;
use crate::shared::cbor::{bytes, list, number, text};

pub(super) fn period(folder: &mut Folder<'_>) {
    for period in ["2013", "2013-S1", "2013-S2", "2013-Q1", "2013-Q4", "2013-03", "1900-01", "2999-12"] {
        let name = format!("ok_period_{}", period.to_lowercase().replace('-', "_"));
        folder.text(&name, "ok", &[], period);
        let value = Period::parse(period).unwrap();
        folder.hex(&name.replace("period_", "period_wire_"), "ok", &[("text", period.to_owned())], &to_bytes(&value));
    }
    for (name, expected, period) in [
        ("quarter_five", "QuarterOutOfRange(5)", "2013-Q5"),
        ("quarter_zero", "QuarterOutOfRange(0)", "2013-Q0"),
        ("quarter_of_two_digits", "Shape(\"2013-Q01\")", "2013-Q01"),
        ("semester_three", "SemesterOutOfRange(3)", "2013-S3"),
        ("semester_zero", "SemesterOutOfRange(0)", "2013-S0"),
        ("half_year_by_another_letter", "Shape(\"2013-H1\")", "2013-H1"),
        ("month_thirteen", "MonthOutOfRange(13)", "2013-13"),
        ("month_zero", "MonthOutOfRange(0)", "2013-00"),
        ("month_of_one_digit", "Shape(\"2013-1\")", "2013-1"),
        ("day", "Shape(\"2013-01-01\")", "2013-01-01"),
        ("year_1899", "YearOutOfRange(1899)", "1899"),
        ("year_3000", "YearOutOfRange(3000)", "3000"),
        ("year_of_two_digits", "Shape(\"13\")", "13"),
        ("year_with_sign", "Shape(\"+2013\")", "+2013"),
        ("year_in_wide_digits", "Shape(\"２０１３\")", "２０１３"),
        ("space_before", "Shape(\" 2013\")", " 2013"),
        ("end_of_line_after", "Shape(\"2013\\n\")", "2013\n"),
        ("hyphen_left_over", "Shape(\"2013-\")", "2013-"),
        ("lower_case", "Shape(\"2013-q1\")", "2013-q1"),
        ("fiscal_year", "Shape(\"2013/14\")", "2013/14"),
        ("empty", "Shape(\"\")", ""),
    ] {
        folder.text(&format!("bad_period_{name}"), expected, &[], period);
    }
    let wire = |date: &str, months: i64| list(&[text(date), number(months)]);
    for (name, expected, bytes) in [
        ("months_five", "Malformed", wire("2013-01-01", 5)),
        ("months_zero", "Malformed", wire("2013-01-01", 0)),
        ("months_24", "Malformed", wire("2013-01-01", 24)),
        ("months_negative", "Malformed", wire("2013-01-01", -6)),
        ("semester_from_april", "Malformed", wire("2013-04-01", 6)),
        ("quarter_from_february", "Malformed", wire("2013-02-01", 3)),
        ("year_from_july", "Malformed", wire("2013-07-01", 12)),
        ("month_13", "Malformed", wire("2013-13-01", 1)),
        ("second_day", "Malformed", wire("2013-01-02", 12)),
        ("year_1899", "Malformed", wire("1899-01-01", 12)),
        ("year_and_month_only", "Malformed", wire("2013-01", 12)),
        // Ten characters, and yet not a date.
        ("year_with_sign", "NotDeterministic", wire("+2013-1-01", 12)),
        ("instant", "Malformed", wire("2013-01-01T00:00:00Z", 12)),
        ("one_part", "Malformed", list(&[text("2013-01-01")])),
        ("three_parts", "Malformed", list(&[text("2013-01-01"), number(12), number(0)])),
        ("date_as_number", "Malformed", list(&[number(20_130_101), number(12)])),
        ("as_text", "Malformed", text("2013")),
        ("months_not_shortest", "NotDeterministic", [&list(&[text("2013-01-01"), vec![0x18, 6]])[..]].concat()),
        ("trailing_byte", "TrailingBytes(1)", [wire("2013-01-01", 12), vec![0]].concat()),
    ] {
        folder.hex(&format!("bad_period_wire_{name}"), expected, &[], &bytes);
    }
}

pub(super) fn audience(folder: &mut Folder<'_>) {
    let named = |ids: &[i64]| list(&[number(3), list(&ids.iter().copied().map(number).collect::<Vec<_>>())]);
    let hundred: Vec<i64> = (1..=100).collect();
    for (name, kind, bytes) in [
        ("totals", "totals", list(&[number(1)])),
        ("contributors", "contributors", list(&[number(2)])),
        ("named_one", "named", named(&[5])),
        ("named_two", "named", named(&[3, 70_000])),
        ("named_hundred", "named", named(&hundred)),
        // A tag of a later version: kept as it came, and admits nobody.
        ("unknown_tag", "unknown", list(&[number(9), text("later")])),
        ("unknown_tag_alone", "unknown", list(&[number(0)])),
        ("unknown_tag_not_in_shortest_form", "unknown", vec![0x82, 0x18, 9, 0x18, 5]),
    ] {
        folder.hex(&format!("ok_audience_{name}"), "ok", &[("means", kind.to_owned())], &bytes);
    }
    let over: Vec<i64> = (1..=101).collect();
    for (name, expected, bytes) in [
        ("unsorted", "Malformed", named(&[7, 3])),
        ("repeated", "Malformed", named(&[3, 3])),
        ("of_nobody", "Malformed", named(&[])),
        ("of_101", "Malformed", named(&over)),
        ("negative_participant", "Malformed", named(&[-1])),
        ("code_for_participant", "Malformed", list(&[number(3), list(&[text("AUS")])])),
        ("named_without_list", "Malformed", list(&[number(3)])),
        ("named_with_two_lists", "Malformed", list(&[number(3), list(&[number(1)]), list(&[number(2)])])),
        ("named_with_map", "Malformed", [&[0x82, 3][..], &[0xa0]].concat()),
        ("named_list_indefinite", "Malformed", vec![0x82, 3, 0x9f, 5, 0xff]),
        ("totals_with_rest", "Malformed", list(&[number(1), number(1)])),
        ("contributors_with_list", "Malformed", list(&[number(2), list(&[])])),
        ("keep", "Malformed", list(&[])),
        ("tag_text", "Malformed", list(&[text("totals")])),
        ("tag_negative", "Malformed", list(&[number(-1)])),
        ("tag_bytes", "Malformed", list(&[bytes(&[1])])),
        ("number", "Malformed", number(1)),
        ("map", "Malformed", vec![0xa1, 1, 0]),
        ("indefinite", "Malformed", vec![0x9f, 1, 0xff]),
        ("known_tag_not_in_shortest_form", "NotDeterministic", vec![0x81, 0x18, 1]),
        ("participant_not_in_shortest_form", "NotDeterministic", vec![0x82, 3, 0x81, 0x18, 5]),
        ("length_not_in_shortest_form", "NotDeterministic", vec![0x98, 1, 1]),
        ("truncated", "Truncated", vec![0x82, 3, 0x82, 5]),
        ("trailing_byte", "TrailingBytes(1)", [list(&[number(1)]), vec![0]].concat()),
    ] {
        folder.hex(&format!("bad_audience_{name}"), expected, &[], &bytes);
    }
}
