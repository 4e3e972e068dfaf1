use std::collections::BTreeMap;

use vrs_protocol::cell::Status;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::TopicCode;
use vrs_protocol::time::Timestamp;

use super::*;
use crate::calendar::{Exception, Lock};
use crate::cases::CaseSet;
use crate::cases::distinct::{Union, UnionCell};
use crate::findings::Accepted;
use crate::national::{Agency, AgencyCode, Decision, Rule};
use crate::store::figures::NewFile;
use crate::store::{agencies, calendar, cases, decisions, figures, findings};

fn agency(text: &str) -> AgencyCode {
    AgencyCode::parse(text).unwrap()
}

async fn file_of(tx: &mut Transaction, code: &str) -> i64 {
    agencies::add(tx, &Agency { code: agency(code), name: code.into() }, 1).await.unwrap();
    let file = NewFile {
        agency: agency(code),
        name: "cases.csv".into(),
        hash: Hash::of(b"cases"),
        mapping: None,
        rows_read: 3,
        rows_of_others: 0,
        rows_left_out: 0,
        taken_by: "ana".into(),
    };
    figures::add_file(tx, &file, 10).await.unwrap()
}

#[tokio::test]
async fn cases_lie_in_parts_and_come_back_with_their_codes() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let topic = TopicCode::parse("IE").unwrap();
        let mut set = CaseSet::new(topic.clone(), period("2021-Q1"), Status::Provisional);
        set.dimensions = vec![("citizenship".into(), vec![Code::parse("AFG").unwrap(), Code::unknown()])];
        set.add(&[1; 16], 2, 1, &[0]);
        set.add(&[255; 16], 3, 4, &[1]);
        for (code, secret) in [("BF", [7; 16]), ("POLICE", [8; 16])] {
            let file = file_of(&mut tx, code).await;
            cases::add(&mut tx, &agency(code), file, &secret, &set).await.unwrap();
        }
        let first = cases::part(&mut tx, &topic, 0).await.unwrap();
        assert_eq!(first.len(), 2);
        let (head, bytes) = &first[0];
        assert_eq!((&head.agency, head.period, head.status), (&agency("BF"), set.period, Status::Provisional));
        assert_eq!((&head.dimensions, bytes), (&set.dimensions, &set.parts[0]));
        assert!(cases::part(&mut tx, &topic, 5).await.unwrap().is_empty());
        assert_eq!(
            cases::secrets(&mut tx, &topic).await.unwrap(),
            [(agency("BF"), [7; 16]), (agency("POLICE"), [8; 16])]
        );
        let own = cases::of_agency(&mut tx, &agency("BF"), &topic).await.unwrap();
        assert_eq!((own[0].content, own[0].secret), (set.content(), [7; 16]));
        cases::delete(&mut tx, own[0].id).await.unwrap();
        assert_eq!(cases::part(&mut tx, &topic, 15).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_counted_last_and_the_rules_in_force_are_found() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let (form, when) = (form("IE_CIT"), period("2021-Q1"));
        let cell = UnionCell { key: vec![Code::total()], persons: 7, rows: vec![(agency("BF"), 7, 2)] };
        let union = Union { order: vec![agency("BF")], status: "A".into(), cells: vec![cell], ..Union::default() };
        for counted in [Some(&union), Some(&union), None] {
            cases::set_counted(&mut tx, &form, when, counted).await.unwrap();
            assert_eq!(cases::counted(&mut tx, &form, when).await.unwrap().as_ref(), counted);
            assert_eq!(cases::counted_subjects(&mut tx).await.unwrap().len(), usize::from(counted.is_some()));
        }
        let cases_rule = Rule::Cases(vec![agency("BF"), agency("POLICE")]);
        for rule in [Rule::Sum, cases_rule.clone()] {
            let decision = Decision { rule, keep: None, by: "ana".into(), reason: String::new(), at: Timestamp(3) };
            decisions::add(&mut tx, &form, when, &decision).await.unwrap();
        }
        assert_eq!(decisions::rules(&mut tx).await.unwrap(), [(form, when, cases_rule)]);
        assert_eq!(figures::of_cases(&mut tx).await.unwrap(), BTreeMap::new());
    })
    .await;
}

#[tokio::test]
async fn an_accepted_finding_keeps_its_first_reason() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let (form, when, about) = (form("IE_TOT"), period("2021"), Hash::of(b"finding"));
        let accepted = |reason: &str| Accepted { by: "ana".into(), reason: reason.into(), at: Timestamp(5) };
        findings::accept(&mut tx, &form, when, &about, &accepted("first")).await.unwrap();
        findings::accept(&mut tx, &form, when, &about, &accepted("second")).await.unwrap();
        let found = findings::accepted(&mut tx, &form, when).await.unwrap();
        assert_eq!(found, BTreeMap::from([(about, accepted("first"))]));
        assert!(findings::accepted(&mut tx, &form, period("2022")).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_each_period_the_latest_word_counts() {
    on_each(async |database| {
        let mut tx = write(database).await;
        file_of(&mut tx, "BF").await;
        let lock =
            |text: &str, at| Lock { period: period(text), by: "ana".into(), reason: "sent".into(), at: Timestamp(at) };
        for (text, closed, at) in [
            ("2020", true, 1),
            ("2021", true, 2),
            ("2020", false, 3),
            ("2022", true, 4),
            ("2022", false, 5),
            ("2022", true, 6),
        ] {
            calendar::set_lock(&mut tx, &lock(text, at), closed).await.unwrap();
        }
        let exception = Exception {
            period: period("2021-Q1"),
            agency: agency("BF"),
            until: Timestamp(90),
            by: "ana".into(),
            reason: "a court".into(),
            at: Timestamp(7),
        };
        calendar::except(&mut tx, &exception).await.unwrap();
        let locks = calendar::locks(&mut tx).await.unwrap();
        assert_eq!(locks.locks, [lock("2022", 6), lock("2021", 2)]);
        assert_eq!(locks.exceptions, [exception]);
    })
    .await;
}
