use std::collections::BTreeMap;

use vrs_protocol::cell::{Cell, Fee, Figure, Narrative, Status, Step, StepRole};
use vrs_protocol::hash::Hash;
use vrs_protocol::table::Table;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::DatabaseError;

use super::*;
use crate::national::{Agency, AgencyCode, ByHand, Decision, Rule};
use crate::store::figures::{NewFile, NewTable};
use crate::store::{agencies, by_hand, decisions, figures};

fn police() -> Agency {
    Agency { code: AgencyCode::parse("POLICE").unwrap(), name: "Police".into() }
}

fn file(name: &str) -> NewFile {
    NewFile {
        agency: police().code,
        name: name.into(),
        hash: Hash::of(name.as_bytes()),
        mapping: None,
        rows_read: 3,
        rows_of_others: 0,
        rows_left_out: 0,
        taken_by: "ana".into(),
    }
}

fn new<'t>(table: &'t Table, lines: &'t BTreeMap<Key, u64>) -> NewTable<'t> {
    NewTable { table, lines, rows: lines, of_cases: true }
}

#[tokio::test]
async fn an_agency_has_one_code() {
    on_each(async |database| {
        let mut tx = write(database).await;
        agencies::add(&mut tx, &police(), 1).await.unwrap();
        assert_eq!(agencies::list(&mut tx).await.unwrap(), [police()]);
        assert_eq!(agencies::find(&mut tx, &police().code).await.unwrap(), Some(police()));
        let again = agencies::add(&mut tx, &police(), 2).await;
        assert!(matches!(again, Err(DatabaseError::Conflict { .. })), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn every_answer_comes_back_with_its_line_and_the_latest_version_counts() {
    on_each(async |database| {
        let mut tx = write(database).await;
        agencies::add(&mut tx, &police(), 1).await.unwrap();
        let value = |figure| Cell::Value { figure, status: Status::Provisional };
        let code = |text: &str| Code::parse(text).unwrap();
        let mut table = Table::new(form("SM_MOD"), period("2021-S1"));
        table.metadata.source = Some("Police, \"quoted\"".into());
        table.metadata.list_complete = true;
        let fee = Fee {
            min: Some(1),
            typical: None,
            max: Some(9),
            currency: code("USD"),
            per_group: true,
            included: vec![code("DOCUMENTS")],
            payment: Vec::new(),
        };
        let step =
            Step { country: code("AFG"), role: StepRole::Origin, mode: Some(code("LAND")), comment: Some("é".into()) };
        for (text, cell) in [
            ("_T/_T", value(Figure::Count(u64::MAX >> 20))),
            ("SEA/AFG", Cell::count(0)),
            ("SEA/_O", Cell::Fewer { below: 5 }),
            ("AIR/_T", Cell::NotCollected),
            ("AIR/_U", Cell::Withheld),
            ("LAND/_T", Cell::Embargoed),
            ("LAND/AFG", value(Figure::Fee(fee))),
            ("LAND/SYR", value(Figure::Step(step))),
            ("LAND/IRN", value(Figure::Narrative(Narrative { choices: vec![code("A")], text: "said".into() }))),
        ] {
            table.cells.insert(key(text), cell);
        }
        let lines = BTreeMap::from([(key("_T/_T"), 2), (key("SEA/AFG"), 3)]);
        let first = figures::add_file(&mut tx, &file("one.csv"), 10).await.unwrap();
        figures::add_table(&mut tx, &police().code, first, new(&table, &lines)).await.unwrap();
        let found = figures::tables(&mut tx, &table.form, table.period).await.unwrap();
        assert_eq!((found.len(), &found[0].table, &found[0].lines), (1, &table, &lines));
        assert_eq!((found[0].file.name.as_str(), found[0].file.taken_at), ("one.csv", Timestamp(10)));

        table.cells.insert(key("SEA/AFG"), Cell::count(4));
        let second = figures::add_file(&mut tx, &file("two.csv"), 20).await.unwrap();
        figures::add_table(&mut tx, &police().code, second, new(&table, &BTreeMap::new())).await.unwrap();
        let found = figures::tables(&mut tx, &table.form, table.period).await.unwrap();
        assert_eq!((found.len(), &found[0].table), (1, &table));
        assert_eq!(figures::subjects(&mut tx).await.unwrap(), [(form("SM_MOD"), period("2021-S1"))]);
        let names: Vec<String> = figures::files(&mut tx, 10).await.unwrap().into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["two.csv", "one.csv"]);
        assert_eq!(figures::tables(&mut tx, &form("SM_TOT"), table.period).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_number_form_has_one_cell_with_an_empty_key() {
    on_each(async |database| {
        let mut tx = write(database).await;
        agencies::add(&mut tx, &police(), 1).await.unwrap();
        let mut table = Table::new(form("IE_TOT"), period("2021"));
        table.cells.insert(key(""), Cell::count(7));
        let file = figures::add_file(&mut tx, &file("one.csv"), 10).await.unwrap();
        figures::add_table(&mut tx, &police().code, file, new(&table, &BTreeMap::new())).await.unwrap();
        assert_eq!(figures::tables(&mut tx, &table.form, table.period).await.unwrap()[0].table, table);
    })
    .await;
}

#[tokio::test]
async fn the_latest_decision_is_in_force() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let (form, period) = (form("IE_TOT"), period("2021"));
        assert_eq!(decisions::latest(&mut tx, &form, period).await.unwrap(), None);
        let sum =
            Decision { rule: Rule::Sum, keep: Some(20), by: "ana".into(), reason: "both".into(), at: Timestamp(3) };
        let prefer = Decision {
            rule: Rule::Prefer(police().code),
            keep: None,
            by: "ben".into(),
            reason: "one".into(),
            at: Timestamp(4),
        };
        for decision in [sum, prefer] {
            decisions::add(&mut tx, &form, period, &decision).await.unwrap();
            assert_eq!(decisions::latest(&mut tx, &form, period).await.unwrap(), Some(decision));
        }
    })
    .await;
}

#[tokio::test]
async fn a_cell_set_by_hand_is_in_force_until_it_is_taken_back() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let (form, period) = (form("IE_CIT"), period("2021"));
        let set = |cell: Cell, answer: &str| ByHand {
            cell,
            under: vec![(police().code, answer.to_owned())],
            by: "ana".into(),
            reason: "counted again".into(),
            at: Timestamp(3),
        };
        let (first, second) = (set(Cell::count(7), "8"), set(Cell::Fewer { below: 5 }, "9"));
        by_hand::set(&mut tx, &form, period, &key("AFG"), &first).await.unwrap();
        by_hand::set(&mut tx, &form, period, &key("_T"), &set(Cell::NotKnown, "1")).await.unwrap();
        by_hand::set(&mut tx, &form, period, &key("AFG"), &second).await.unwrap();
        by_hand::take_back(&mut tx, &form, period, &key("_T"), "ana", "settled", Timestamp(4)).await.unwrap();
        let in_force = by_hand::in_force(&mut tx, &form, period).await.unwrap();
        assert_eq!(in_force, BTreeMap::from([(key("AFG"), second)]));
    })
    .await;
}
