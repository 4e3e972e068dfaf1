#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::table::{Key, Table};

use super::super::{HowCounted, Intake, Mapping, Problems, SourceFile, read_mapped, read_mapped_keyed};
use crate::cases::ReferenceKey;

const HEAD: &str = r#"
format = 1
[publication]
publisher = "Border Guard"
title = "cases"
licence = "national"
[file]
participant = "AUS"
[labels.country]
lists = ["codes", "names"]
also = { "" = "_U" }
[labels.mode]
also = { land = "LAND", sea = "SEA", air = "AIR", "" = "_U" }
[labels.sex]
also = { m = "M", f = "F", x = "_O", "" = "_U" }
[labels.age]
also = { "" = "_U" }
[cases]
"#;

const ENTRIES: &str = r#"
topic = { is = "IE" }
period = { date = "day" }
metadata = { unit = "persons" }
[cases.dimensions]
citizenship = { column = "citizenship", labels = "country" }
last_exit = { column = "from", labels = "country" }
mode = { column = "mode", labels = "mode" }
sex = { column = "sex", labels = "sex" }
age = { column = "age", labels = "age", years = true }
"#;

const ROWS: &str = "\
day,citizenship,from,mode,sex,age
2021-01-05,Afghanistan,IDN,sea,m,12
2021-02-28,AFG,IDN,sea,m,17
2021-03-31,IRQ,MYS,air,f,40
2021-04-01,,,,,
";

fn read(rules: &str, rows: &str) -> Result<Intake, Problems> {
    let mapping = Mapping::parse(format!("{HEAD}{rules}").as_bytes())?;
    let file = SourceFile { name: "cases.csv", bytes: rows.as_bytes() };
    let participant = ParticipantCode::parse("AUS").unwrap();
    read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant)
}

fn refusal(rules: &str, rows: &str) -> String {
    read(rules, rows).unwrap_err().to_string()
}

fn tables(intake: &Intake) -> BTreeMap<String, &Table> {
    let name = |table: &Table| format!("{} {}", table.form, table.period);
    intake.tables.iter().map(|taken| (name(&taken.table), &taken.table)).collect()
}

fn counts(table: &Table) -> Vec<String> {
    let cell = |key: &Key| table.cells[key].as_count().map_or_else(|| "?".to_owned(), |count| count.to_string());
    table.cells.keys().map(|key| format!("{} {}", key.to_string().replace(" / ", "/"), cell(key))).collect()
}

#[test]
fn cases_are_counted_into_every_form_that_they_answer() {
    let intake = read(ENTRIES, ROWS).unwrap();
    let tables = tables(&intake);
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "IE_CIT 2021-Q1",
            "IE_CIT 2021-Q2",
            "IE_LEX 2021-Q1",
            "IE_LEX 2021-Q2",
            "IE_MOD 2021-Q1",
            "IE_MOD 2021-Q2",
            "IE_SXA 2021-Q1",
            "IE_SXA 2021-Q2",
            "IE_TOT 2021-Q1",
            "IE_TOT 2021-Q2",
        ]
    );
    assert_eq!(counts(tables["IE_TOT 2021-Q1"]), ["total 3"]);
    assert_eq!(counts(tables["IE_CIT 2021-Q1"]), ["AFG 2", "IRQ 1", "_T 3"]);
    assert_eq!(counts(tables["IE_CIT 2021-Q2"]), ["_T 1", "_U 1"]);
    assert!(tables["IE_CIT 2021-Q1"].metadata.list_complete, "every case was counted");
    assert_eq!(tables["IE_CIT 2021-Q1"].metadata.source.as_deref(), Some("Border Guard, cases. national"));
    let modes = counts(tables["IE_MOD 2021-Q1"]);
    for cell in
        ["AIR/MYS 1", "AIR/_T 1", "LAND/_T 0", "SEA/IDN 2", "SEA/_T 2", "_T/IDN 2", "_T/MYS 1", "_T/_T 3", "_U/_T 0"]
    {
        assert!(modes.iter().any(|known| known == cell), "{cell}: {modes:?}");
    }
    assert_eq!(modes.len(), 9);
}

#[test]
fn ages_become_groups_and_groups_their_wider_ones() {
    let intake = read(ENTRIES, ROWS).unwrap();
    let cells = counts(tables(&intake)["IE_SXA 2021-Q1"]);
    for cell in [
        "M/Y0T13 1",
        "M/Y14T17 1",
        "M/Y0T17 2",
        "M/Y18T 0",
        "F/Y35T 1",
        "F/Y18T 1",
        "F/Y0T17 0",
        "M/_T 2",
        "_T/_T 3",
        "_T/Y0T17 2",
        "_U/_U 0",
    ] {
        assert!(cells.iter().any(|known| known == cell), "{cell}: {cells:?}");
    }
}

#[test]
fn every_cell_knows_the_line_of_its_first_case() {
    let intake = read(ENTRIES, ROWS).unwrap();
    let taken = intake.tables.iter().find(|taken| taken.table.form.as_str() == "IE_CIT").unwrap();
    let line = |code: &str| {
        let key = taken.table.cells.keys().find(|key| key.to_string() == code).unwrap();
        taken.lines.get(key).copied()
    };
    assert_eq!((line("AFG"), line("IRQ"), line("_T")), (Some(2), Some(4), Some(2)));
}

#[test]
fn longer_periods_are_sums_and_need_each_of_their_parts() {
    let year = ENTRIES.replace("metadata", "make = [\"quarter\", \"year\"]\nmetadata");
    let refused = refusal(&year, ROWS);
    assert!(refused.contains("2021 cannot be made, the file has no case in 2021-Q3, 2021-Q4"), "{refused}");
    assert!(refused.contains("cases.covers"), "{refused}");
    let covered = year.replace("metadata", "covers = [\"2021\"]\nmetadata");
    let intake = read(&covered, ROWS).unwrap();
    let tables = tables(&intake);
    assert_eq!(counts(tables["IE_TOT 2021"]), ["total 4"]);
    assert_eq!(counts(tables["IE_TOT 2021-Q4"]), ["total 0"], "covered, and nobody came");
    assert_eq!(counts(tables["IE_CIT 2021"]), ["AFG 2", "IRQ 1", "_T 4", "_U 1"]);
    let outside = refusal(&covered, &format!("{ROWS}2022-01-01,AFG,IDN,sea,m,12\n"));
    assert!(outside.contains("line 6, column day, \"2022-01-01\"") && outside.contains("covers"), "{outside}");
}

#[test]
fn a_column_may_say_what_a_row_is_a_case_of_and_how_many_persons_it_has() {
    let rules = r#"
topic = { column = "event", topics = { entry = "IE", stay = "IR" }, skip = ["other"] }
period = { column = "month" }
persons = "persons"
make = ["month"]
metadata = { unit = "persons" }
dimensions = { citizenship = { column = "citizenship", labels = "country" } }
"#;
    let rows = "event,month,citizenship,persons\nentry,2021-01,AFG,4\nstay,2021-01,IRQ,1 200\nother,2021-01,IRQ,7\n";
    let intake = read(rules, rows).unwrap();
    assert_eq!(intake.rows_left_out, 1);
    let tables = tables(&intake);
    assert_eq!(counts(tables["IE_CIT 2021-01"]), ["AFG 4", "_T 4"]);
    assert_eq!(counts(tables["IR_TOT 2021-01"]), ["total 1200"]);
    let refused = refusal(rules, "event,month,citizenship,persons\nexit,2021-01,AFG,4\n");
    assert!(
        refused.contains("line 2, column event, \"exit\": unknown topic") && refused.contains("entry, other, stay"),
        "{refused}"
    );
}

#[test]
fn the_smaller_rows_of_a_list_may_go_into_the_remainder() {
    let rules = ENTRIES.replace("metadata", "keep = { largest = 1 }\nmetadata");
    let intake = read(&rules, ROWS).unwrap();
    let tables = tables(&intake);
    let table = tables["IE_CIT 2021-Q1"];
    assert_eq!(counts(table), ["AFG 2", "_O 1", "_T 3"]);
    assert!(!table.metadata.list_complete, "what is not written may be inside _O");
}

#[test]
fn a_row_that_cannot_be_counted_is_named() {
    for (row, said) in [
        ("05/01/2021,AFG,IDN,sea,m,12", "line 2, column day, \"05/01/2021\""),
        ("2021-01-05,Atlantis,IDN,sea,m,12", "line 2, column citizenship, \"Atlantis\""),
        ("2021-01-05,AFG,IDN,river,m,12", "line 2, column mode, \"river\""),
        ("2021-01-05,AFG,IDN,sea,m,old", "line 2, column age, \"old\""),
        ("2021-01-05,AFG,IDN,sea,m,131", "an age of 0 to 130 years"),
        ("2021-01-05,AFG,IDN,sea,m", "the row has 5 fields"),
    ] {
        let refused = refusal(ENTRIES, &format!("day,citizenship,from,mode,sex,age\n{row}\n"));
        assert!(refused.contains(said), "{row}: {refused}");
    }
}

#[test]
fn a_mapping_that_leaves_something_open_is_refused() {
    for (from, to, said) in [
        ("metadata = { unit = \"persons\" }", "", "needs metadata.unit"),
        ("unit = \"persons\"", "unit = \"documents\"", "no form of topic IE is answered"),
        ("{ is = \"IE\" }", "{}", "topic is either"),
        ("{ date = \"day\" }", "{ date = \"day\", column = \"mode\" }", "period is either"),
        ("sex = {", "nose = {", "has the dimension age, nose"),
        ("metadata", "forms = [\"IE_EPT\"]\nmetadata", "IE_EPT needs dimensions.entry_point"),
        ("metadata", "forms = [\"RE_TOT\"]\nmetadata", "RE_TOT is of topic RE"),
        ("metadata", "make = []\nmetadata", "make names at least one"),
        ("column = \"sex\"", "column = \"gender\"", "there is no column \"gender\""),
    ] {
        let refused = refusal(&ENTRIES.replacen(from, to, 1), ROWS);
        assert!(refused.contains(said), "{to}: {refused}");
    }
    let unspoken = refusal(ENTRIES, &ROWS.replacen("age\n", "age,weight\n", 1));
    assert!(unspoken.contains("the mapping does not speak of weight"), "{unspoken}");
}

const REFERENCES: &str = r#"
topic = { is = "IE" }
period = { date = "day" }
make = ["quarter", "half"]
covers = ["2021-S1"]
reference = { column = "case_no" }
metadata = { unit = "persons" }
[cases.dimensions]
citizenship = { column = "citizenship", labels = "country" }
"#;

fn read_keyed(rules: &str, rows: &str) -> Result<Intake, Problems> {
    let mapping = Mapping::parse(format!("{HEAD}{rules}").as_bytes())?;
    let file = SourceFile { name: "cases.csv", bytes: rows.as_bytes() };
    let participant = ParticipantCode::parse("AUS").unwrap();
    let key = ReferenceKey::new(&[7; 32]);
    let counted = HowCounted::default();
    read_mapped_keyed(file, &[], &mapping, &counted, Catalogue::bundled(), &participant, Some(&key))
}

#[test]
fn cases_with_references_are_kept_by_base_period_and_their_references_are_not() {
    let rows = "day,citizenship,case_no\n2021-01-05,AFG,BF-1\n2021-02-05,SYR,BF-2\n2021-05-01,AFG,BF-3\n";
    let intake = read_keyed(REFERENCES, rows).unwrap();
    assert_eq!(tables(&intake)["IE_TOT 2021-S1"].total().unwrap().as_count(), Some(3));
    let kept: Vec<(String, usize)> = intake.cases.iter().map(|set| (set.period.to_string(), set.len())).collect();
    assert_eq!(kept, [("2021-Q1".to_owned(), 2), ("2021-Q2".to_owned(), 1)]);
    assert_eq!(intake.cases[0].dimensions[0].0, "citizenship");
    let all: Vec<u8> = intake.cases.iter().flat_map(|set| set.parts.concat()).collect();
    assert!(!all.windows(4).any(|bytes| bytes == b"BF-1"));
    let taken = intake.tables.iter().find(|taken| taken.table.form.as_str() == "IE_CIT").unwrap();
    assert_eq!((taken.rows[&Key::total(1)], taken.lines[&Key::total(1)]), (2, 2));
}

#[test]
fn a_reference_that_stands_twice_is_named_by_line_and_never_repeated() {
    let long = "b".repeat(201);
    let rows = format!(
        "day,citizenship,case_no\n2021-01-05,AFG,BF-1\n2021-02-05,SYR,bf - 1\n2021-05-01,AFG, \n2021-05-02,AFG,{long}\n"
    );
    let refused = read_keyed(REFERENCES, &rows).unwrap_err().to_string();
    for words in [
        "line 3, column case_no: the same reference stands already in line 2",
        "line 4, column case_no: the row has no reference",
        "line 5, column case_no: this is no reference",
    ] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    assert!(!refused.to_lowercase().contains("bf") && !refused.contains("bbbb"), "{refused}");
    let once = REFERENCES.replace("\"case_no\" }", "\"case_no\", repeated = \"same-case\" }");
    let intake = read_keyed(&once, &rows[..rows.find("2021-05-01").unwrap()]).unwrap();
    assert_eq!((intake.rows_read, intake.rows_repeated), (2, 1));
    assert_eq!(tables(&intake)["IE_CIT 2021-Q1"].cells.len(), 2, "the first row is right");
}

#[test]
fn a_column_of_references_is_for_nothing_else_and_identifies_nobody() {
    let as_topic = REFERENCES.replace("{ is = \"IE\" }", "{ column = \"case_no\", topics = { a = \"IE\" } }");
    assert!(read_keyed(&as_topic, "x\n").unwrap_err().to_string().contains("used for nothing else"));
    let passport = REFERENCES.replace("case_no", "passport");
    let refused = read_keyed(&passport, "day,citizenship,passport\n2021-01-05,AFG,X1\n").unwrap_err().to_string();
    assert!(refused.contains("the number of a person's document") && !refused.contains("X1"), "{refused}");
    assert!(refusal(REFERENCES, "day,citizenship,case_no\n").contains("only a node can hash"));
}
