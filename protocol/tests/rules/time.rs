//! Rule 6, time and parts.

use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::State;
use vrs_protocol::time::Timestamp;

use crate::support::{How, World, table};

fn quarter(world: &mut World, who: &str, when: &str, audience: &str) -> u64 {
    world.release(who, "IE_TOT", when, audience, &[("", "10")]).unwrap()
}
fn derive(world: &mut World, who: &str, when: &str, parts: &[&str], audience: &str) -> Result<u64, Reason> {
    let audience = world.audience(audience);
    world.release_table(who, &audience, table("IE_TOT", when, &[("", "20")]), &How { sources: parts, ..How::default() })
}

#[test]
fn a_derived_release_names_its_sources_and_falls_with_any_of_them() {
    for end in ["withdraw", "revise"] {
        let mut world = World::of(&["AAA", "BBB"]);
        for when in ["2021-Q1", "2021-Q2"] {
            quarter(&mut world, "AAA", when, "contributors");
        }
        let semester = derive(&mut world, "AAA", "2021-S1", &["2021-Q1", "2021-Q2"], "contributors").unwrap();
        quarter(&mut world, "BBB", "2021-S1", "contributors");
        world.serve("BBB");
        let at = match end {
            "withdraw" => world.withdraw("AAA", "IE_TOT", "2021-Q2").unwrap(),
            _ => {
                // The semester is submitted with the quarter that changes, and summed anew.
                let bundle = [("IE_TOT", "2021-Q2"), ("IE_TOT", "2021-S1")];
                let audience = world.audience("contributors");
                let revised = table("IE_TOT", "2021-Q2", &[("", "12")]);
                let at =
                    world.release_table("AAA", &audience, revised, &How { bundle: &bundle, ..How::default() }).unwrap();
                let again = How { bundle: &bundle, sources: &["2021-Q1", "2021-Q2"], ..How::default() };
                let new =
                    world.release_table("AAA", &audience, table("IE_TOT", "2021-S1", &[("", "22")]), &again).unwrap();
                assert_eq!(world.current("AAA", "IE_TOT", "2021-S1"), new);
                at
            }
        };
        assert_eq!(world.region.release(semester).unwrap().state, State::Fallen(at), "{end}");
        assert!(
            world.owed().contains(&("BBB".into(), semester)) && world.owed().contains(&("hub".into(), semester)),
            "{end}"
        );
    }
}

#[test]
fn what_has_fallen_is_released_again_as_the_next_revision() {
    let mut world = World::of(&["AAA"]);
    for when in ["2021-Q1", "2021-Q2"] {
        quarter(&mut world, "AAA", when, "contributors");
    }
    derive(&mut world, "AAA", "2021-S1", &["2021-Q1", "2021-Q2"], "contributors").unwrap();
    world.withdraw("AAA", "IE_TOT", "2021-Q1").unwrap();
    quarter(&mut world, "AAA", "2021-Q1", "contributors");
    let again = derive(&mut world, "AAA", "2021-S1", &["2021-Q1", "2021-Q2"], "contributors").unwrap();
    assert_eq!(world.region.release(again).unwrap().manifest.revision, 2);
}

#[test]
fn the_year_falls_with_a_quarter_through_its_semester() {
    let mut world = World::of(&["AAA"]);
    for when in ["2021-Q1", "2021-Q2", "2021-S2"] {
        quarter(&mut world, "AAA", when, "contributors");
    }
    let semester = derive(&mut world, "AAA", "2021-S1", &["2021-Q1", "2021-Q2"], "contributors").unwrap();
    let year = derive(&mut world, "AAA", "2021", &["2021-S1", "2021-S2"], "contributors").unwrap();
    let at = world.withdraw("AAA", "IE_TOT", "2021-Q1").unwrap();
    for line in [semester, year] {
        assert_eq!(world.region.release(line).unwrap().state, State::Fallen(at));
    }
    assert!(world.region.release(world.current("AAA", "IE_TOT", "2021-S2")).is_some());
}

#[test]
fn sources_are_exactly_the_current_parts_by_the_author() {
    let mut world = World::of(&["AAA", "BBB"]);
    for when in ["2021-Q1", "2021-Q2", "2021-Q3"] {
        quarter(&mut world, "AAA", when, "contributors");
    }
    for wrong in [&["2021-Q1"][..], &["2021-Q1", "2021-Q3"], &["2021-Q1", "2021-Q2", "2021-Q3"]] {
        assert!(
            matches!(derive(&mut world, "AAA", "2021-S1", wrong, "contributors"), Err(Reason::WrongSource(_))),
            "{wrong:?}"
        );
    }
    // A source that is replaced, or somebody else's, is none.
    let old = world.region.release(world.current("AAA", "IE_TOT", "2021-Q1")).unwrap().id;
    quarter(&mut world, "AAA", "2021-Q1", "contributors");
    quarter(&mut world, "BBB", "2021-Q1", "contributors");
    let theirs = world.region.release(world.current("BBB", "IE_TOT", "2021-Q1")).unwrap().id;
    for wrong in [old, theirs] {
        let audience = world.audience("contributors");
        let whole = table("IE_TOT", "2021-S1", &[("", "20")]);
        let mut manifest = world
            .sign("AAA", &audience, &whole, &How { sources: &["2021-Q1", "2021-Q2"], ..How::default() })
            .manifest()
            .unwrap();
        let current = world.region.release(world.current("AAA", "IE_TOT", "2021-Q1")).unwrap().id;
        manifest.sources.retain(|id| *id != current);
        manifest.sources.push(wrong);
        manifest.sources.sort();
        let statement = world.sign_manifest("AAA", &manifest);
        assert!(matches!(world.log("AAA", LineKind::Release, &statement), Err(Reason::WrongSource(_))));
    }
}

#[test]
fn stocks_fees_and_routes_are_not_derived() {
    let fees = |when: &str| {
        let mut fees = table("MF_FEE", when, &[]);
        let shape = vrs_protocol::catalogue::Catalogue::bundled().form(&fees.form).unwrap();
        let currency = vrs_protocol::id::Code::parse("USD").unwrap();
        let figure = vrs_protocol::cell::Figure::Fee(vrs_protocol::cell::Fee {
            min: Some(100),
            typical: None,
            max: None,
            currency,
            per_group: false,
            included: Vec::new(),
            payment: Vec::new(),
        });
        let cell = vrs_protocol::cell::Cell::Value { figure, status: Default::default() };
        fees.cells.insert(vrs_protocol::table::Key::total(shape.dimensions.len()), cell);
        fees
    };
    let mut world = World::of(&["AAA"]);
    let audience = world.audience("contributors");
    for when in ["2021-Q1", "2021-Q2"] {
        world.release_table("AAA", &audience, fees(when), &How::default()).unwrap();
    }
    let derived = How { sources: &["2021-Q1", "2021-Q2"], ..How::default() };
    let refused = world.release_table("AAA", &audience, fees("2021-S1"), &derived);
    assert!(matches!(refused, Err(Reason::DoesNotAdd(_))), "{refused:?}");
    // Reported for the semester as such, they are welcome.
    assert!(world.release_table("AAA", &audience, fees("2021-S1"), &How::default()).is_ok());
}

#[test]
fn no_release_has_a_wider_audience_than_one_of_its_parts() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    quarter(&mut world, "AAA", "2021-Q1", "named:BBB");
    let wider =
        |world: &mut World, when: &str, audience: &str| world.release("AAA", "IE_TOT", when, audience, &[("", "20")]);
    for when in ["2021-S1", "2021"] {
        assert!(matches!(wider(&mut world, when, "named:BBB,CCC"), Err(Reason::WiderThanPart { .. })), "{when}");
    }
    assert!(wider(&mut world, "2021-S1", "named:BBB").is_ok());
    // Nor is a part released more narrowly afterwards, so that the whole would be the wider one.
    assert!(matches!(wider(&mut world, "2021-Q2", "named:CCC"), Err(Reason::WiderThanPart { .. })));
    assert!(wider(&mut world, "2021-Q2", "named:BBB,CCC").is_ok());
    // What does not lie inside, and another form, are no parts.
    assert!(wider(&mut world, "2021-S2", "named:CCC").is_ok());
    assert!(world.release("AAA", "IE_CIT", "2021-S1", "named:BBB,CCC", &[("_T", "20")]).is_ok());
}

#[test]
fn a_wider_audience_for_part_and_whole_comes_in_one_bundle_in_either_order() {
    for turned in [false, true] {
        let mut world = World::of(&["AAA", "BBB", "CCC"]);
        quarter(&mut world, "AAA", "2021-Q1", "named:BBB");
        quarter(&mut world, "AAA", "2021-S1", "named:BBB");
        let mut tables = [table("IE_TOT", "2021-Q1", &[("", "10")]), table("IE_TOT", "2021-S1", &[("", "20")])];
        if turned {
            tables.reverse();
        }
        assert!(world.bundle("AAA", "named:BBB,CCC", &tables).is_ok());
    }
}

#[test]
fn contributors_to_a_whole_are_those_to_each_of_its_parts() {
    // N is admitted between the quarters. Were the semester open to it, it would know the first quarter by subtraction.
    let mut world = World::of(&["AAA"]);
    quarter(&mut world, "AAA", "2021-Q1", "contributors");
    world.admit("NEW");
    quarter(&mut world, "AAA", "2021-Q2", "contributors");
    derive(&mut world, "AAA", "2021-S1", &["2021-Q1", "2021-Q2"], "contributors").unwrap();
    quarter(&mut world, "AAA", "2021", "contributors");
    for when in ["2021-Q1", "2021-Q2", "2021-S1", "2021"] {
        quarter(&mut world, "NEW", when, "contributors");
    }
    let reads: Vec<bool> = ["2021-Q1", "2021-Q2", "2021-S1", "2021"]
        .iter()
        .map(|when| world.reads("NEW", "IE_TOT", when) == ["AAA"])
        .collect();
    assert_eq!(reads, [false, true, false, false]);
    // An extension of the whole alone is wider than the part; of both, it is not.
    assert!(matches!(world.extend("AAA", &[("IE_TOT", "2021-S1")], &["NEW"]), Err(Reason::WiderThanPart { .. })));
    world.extend("AAA", &[("IE_TOT", "2021-S1"), ("IE_TOT", "2021-Q1")], &["NEW"]).unwrap();
    assert_eq!(world.reads("NEW", "IE_TOT", "2021-S1"), ["AAA"]);
    // The year follows, because each of its parts is open to N now.
    world.extend("AAA", &[("IE_TOT", "2021")], &["NEW"]).unwrap();
    assert_eq!(world.reads("NEW", "IE_TOT", "2021"), ["AAA"]);
}

#[test]
fn a_whole_released_after_the_extension_of_its_part_is_open_to_the_newcomer_too() {
    let mut world = World::of(&["AAA"]);
    quarter(&mut world, "AAA", "2021-Q1", "contributors");
    world.admit("NEW");
    world.admit("OTH");
    world.extend("AAA", &[("IE_TOT", "2021-Q1")], &["NEW"]).unwrap();
    quarter(&mut world, "AAA", "2021-S1", "contributors");
    for who in ["NEW", "OTH"] {
        quarter(&mut world, who, "2021-S1", "contributors");
    }
    assert_eq!(
        (world.reads("NEW", "IE_TOT", "2021-S1"), world.reads("OTH", "IE_TOT", "2021-S1")),
        (vec!["AAA".to_owned(), "OTH".into()], vec!["NEW".to_owned()])
    );
    // A revision of both opens both to everybody admitted by then.
    let tables = [table("IE_TOT", "2021-S1", &[("", "9")]), table("IE_TOT", "2021-Q1", &[("", "9")])];
    world.bundle("AAA", "contributors", &tables).unwrap();
    assert_eq!(world.reads("OTH", "IE_TOT", "2021-S1"), ["AAA", "NEW"]);
}

#[test]
fn releases_for_periods_not_yet_ended_are_refused() {
    let mut world = World::of(&["AAA"]);
    world.time = Timestamp::from_date(2030, 6, 30).unwrap();
    for when in ["2030-S1", "2030-Q2", "2030-06", "2030", "2031"] {
        let refused = world.release("AAA", "IE_TOT", when, "contributors", &[("", "1")]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("{when} has not ended yet; releases of a period are accepted from its end")
        );
    }
    assert!(world.release("AAA", "IE_TOT", "2030-05", "contributors", &[("", "1")]).is_ok());
    world.time = Timestamp::from_date(2030, 7, 1).unwrap();
    assert!(world.release("AAA", "IE_TOT", "2030-S1", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn participants_report_at_their_own_rhythm() {
    let code = vrs_protocol::id::ParticipantCode::parse("AAA").unwrap();
    let mut world = World::with_charter(|charter| drop(charter.rhythms.insert(code, [6, 12].into())));
    world.admit("AAA");
    world.admit("BBB");
    let refused = world.release("AAA", "IE_TOT", "2021-Q1", "contributors", &[("", "1")]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "AAA does not report in periods such as 2021-Q1; its Charter rhythm allows 6 months, 12 months"
    );
    assert!(world.release("AAA", "IE_TOT", "2021-S1", "contributors", &[("", "1")]).is_ok());
    assert!(world.release("BBB", "IE_TOT", "2021-Q1", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn nobody_compares_a_quarter_with_a_semester() {
    let mut world = World::of(&["AAA", "BBB"]);
    quarter(&mut world, "AAA", "2021-Q1", "contributors");
    quarter(&mut world, "BBB", "2021-S1", "contributors");
    assert_eq!(world.reads("AAA", "IE_TOT", "2021-Q1"), Vec::<String>::new());
    assert_eq!(world.reads("BBB", "IE_TOT", "2021-S1"), Vec::<String>::new());
}
