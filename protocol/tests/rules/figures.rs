//! Standing, and Rule 1: *you see whom you show yourself to.*

use vrs_protocol::region::Standing;

use crate::support::{World, form, period, table};

#[test]
fn reading_is_symmetric_whatever_the_audiences() {
    let audiences = ["totals", "contributors", "named:BBB", "named:AAA", "named:CCC"];
    for one in audiences.iter().filter(|audience| !audience.ends_with("AAA")) {
        for other in audiences.iter().filter(|audience| !audience.ends_with("BBB")) {
            let mut world = World::of(&["AAA", "BBB", "CCC"]);
            world.release("AAA", "IE_TOT", "2021", one, &[("", "1")]).unwrap();
            world.release("BBB", "IE_TOT", "2021", other, &[("", "2")]).unwrap();
            let (there, back) = (world.why("AAA", "BBB", "IE_TOT", "2021"), world.why("BBB", "AAA", "IE_TOT", "2021"));
            assert_eq!(there == "read", back == "read", "{one} {other}: {there} / {back}");
            let admits = |audience: &str, code: &str| audience == "contributors" || audience.ends_with(code);
            assert_eq!(there == "read", admits(one, "BBB") && admits(other, "AAA"), "{one} {other}");
        }
    }
}

#[test]
fn a_right_holds_for_its_form_and_period_only() {
    let mut world = World::of(&["AAA", "BBB"]);
    for (who, code, when, cells) in [
        ("AAA", "IE_TOT", "2021", ("", "5")),
        ("AAA", "IE_CIT", "2021", ("_T", "5")),
        ("AAA", "IE_TOT", "2020", ("", "4")),
        ("BBB", "IE_TOT", "2021", ("", "9")),
    ] {
        world.release(who, code, when, "contributors", &[cells]).unwrap();
    }
    assert_eq!(world.reads("BBB", "IE_TOT", "2021"), ["AAA"]);
    assert_eq!(world.reads("BBB", "IE_CIT", "2021"), Vec::<String>::new());
    assert_eq!(world.reads("BBB", "IE_TOT", "2020"), Vec::<String>::new());
    assert_eq!(world.reads("BBB", "IE_TOT", "2021-S1"), Vec::<String>::new());
}

#[test]
fn zero_is_a_value_and_so_is_fewer() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "0")]).unwrap();
    world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "<5")]).unwrap();
    world.release("CCC", "IE_TOT", "2021", "contributors", &[("", "7")]).unwrap();
    for (reader, authors) in [("AAA", ["BBB", "CCC"]), ("BBB", ["AAA", "CCC"]), ("CCC", ["AAA", "BBB"])] {
        assert_eq!(world.reads(reader, "IE_TOT", "2021"), authors);
    }
}

#[test]
fn not_collected_not_known_or_suppressed_alone_earn_nothing() {
    for nothing in ["not collected", "not known", "not applicable", "suppressed"] {
        let mut world = World::of(&["AAA", "BBB"]);
        world.release("AAA", "IE_CIT", "2021", "contributors", &[("_T", nothing), ("AFG", "12")]).unwrap();
        world.release("BBB", "IE_CIT", "2021", "contributors", &[("_T", "3")]).unwrap();
        assert!(
            matches!(world.region.standing(world.id("AAA"), &form("IE_CIT"), period("2021")), Standing::CoreMissing(_)),
            "{nothing}"
        );
        assert_eq!(world.reads("AAA", "IE_CIT", "2021"), Vec::<String>::new());
        assert_eq!(
            world.why("BBB", "AAA", "IE_CIT", "2021"),
            "AAA has released nothing of IE_CIT for 2021 that answers its core cells"
        );
    }
}

#[test]
fn a_form_without_core_cells_is_answered_by_any_value() {
    let mut world = World::of(&["AAA", "BBB"]);
    let step = |country: &str| {
        let mut routes = table("RT_CTY", "2021", &[]);
        let step = vrs_protocol::cell::Step {
            country: vrs_protocol::id::Code::parse(country).unwrap(),
            role: vrs_protocol::cell::StepRole::Origin,
            mode: None,
            comment: None,
        };
        let figure = vrs_protocol::cell::Figure::Step(step);
        routes.cells.insert(
            crate::support::key("AFG/1/1"),
            vrs_protocol::cell::Cell::Value { figure, status: Default::default() },
        );
        routes
    };
    for who in ["AAA", "BBB"] {
        let audience = world.audience("contributors");
        world.release_table(who, &audience, step("AFG"), &Default::default()).unwrap();
    }
    assert_eq!(world.reads("AAA", "RT_CTY", "2021"), ["BBB"]);
}

#[test]
fn the_right_names_both_lines_it_rests_on() {
    let mut world = World::of(&["AAA", "BBB"]);
    let own = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let theirs = world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    let right = world.region.figures(world.id("AAA"), world.id("BBB"), &form("IE_TOT"), period("2021")).unwrap();
    assert_eq!((right.own, right.theirs), (own, theirs));
}

#[test]
fn only_the_current_release_may_be_read() {
    let mut world = World::of(&["AAA", "BBB"]);
    world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    let first = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let second = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "3")]).unwrap();
    let reader = world.id("BBB");
    assert_eq!(
        world.region.may_be_served(reader, first).unwrap_err().to_string(),
        format!("nothing current stands there: the release of line {first} ended at line {second}")
    );
    assert!(world.region.may_be_served(reader, second).is_ok());
}

#[test]
fn contributors_are_those_admitted_at_the_index_of_the_release() {
    let mut world = World::of(&["AAA"]);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.admit("NEW");
    world.release("NEW", "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    assert_eq!(
        world.why("NEW", "AAA", "IE_TOT", "2021"),
        "AAA released IE_TOT for 2021, or a part of it, before NEW was admitted; AAA can open it by an Extension"
    );
    // And as reading is symmetric, A does not read the newcomer either.
    assert_eq!(
        world.why("AAA", "NEW", "IE_TOT", "2021"),
        "AAA's own release of IE_TOT for 2021 does not admit NEW, and reading is symmetric; admit NEW and you unlock it"
    );
}

#[test]
fn an_author_opens_older_releases_to_newcomers_by_an_extension() {
    let mut world = World::of(&["AAA"]);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.admit("NEW");
    world.admit("OTH");
    for who in ["NEW", "OTH"] {
        world.release(who, "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    }
    world.extend("AAA", &[("IE_TOT", "2021")], &["NEW"]).unwrap();
    assert_eq!(world.reads("NEW", "IE_TOT", "2021"), ["AAA", "OTH"]);
    assert_eq!(world.reads("OTH", "IE_TOT", "2021"), ["NEW"]);
    assert_eq!(world.reads("AAA", "IE_TOT", "2021"), ["NEW"]);
}

#[test]
fn an_extension_opens_nothing_but_the_authors_own_open_releases() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    world.release("AAA", "IE_TOT", "2021", "totals", &[("", "1")]).unwrap();
    world.release("BBB", "IE_TOT", "2021", "named:CCC", &[("", "1")]).unwrap();
    world.release("CCC", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.admit("NEW");
    for author in ["AAA", "BBB"] {
        assert_eq!(world.extend(author, &[("IE_TOT", "2021")], &["NEW"]).unwrap_err().number(), 415, "{author}");
    }
    let theirs = world.region.release(world.current("CCC", "IE_TOT", "2021")).unwrap().id;
    let to = vec![world.id("NEW")];
    let extension = vrs_protocol::ledger::Extension { participant: world.id("AAA"), releases: vec![theirs], to };
    let statement = world.statement("AAA", vrs_protocol::ledger::LineKind::Extension, &extension);
    assert_eq!(world.log("AAA", vrs_protocol::ledger::LineKind::Extension, &statement).unwrap_err().number(), 415);
}

#[test]
fn a_newcomer_reads_what_is_released_after_its_admission() {
    let mut world = World::of(&["AAA"]);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.admit("NEW");
    world.release("NEW", "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    assert_eq!(world.reads("NEW", "IE_TOT", "2021"), ["AAA"]);
}

#[test]
fn the_outlook_on_the_release_desk_says_who_reads_at_once_and_who_later() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE"]);
    world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.release("CCC", "IE_TOT", "2021", "totals", &[("", "1")]).unwrap();
    world.release("DDD", "IE_TOT", "2021", "named:EEE", &[("", "1")]).unwrap();
    let codes = |codes: &[vrs_protocol::id::ParticipantCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let outlook =
        world.region.outlook(world.id("AAA"), &form("IE_TOT"), period("2021"), &world.audience("contributors"), true);
    assert_eq!(
        (codes(&outlook.readers_now), codes(&outlook.unlocks)),
        (vec!["BBB".to_owned()], vec!["BBB".to_owned()])
    );
    assert_eq!(codes(&outlook.readers_later), ["CCC", "DDD", "EEE"]);
    assert!(outlook.regional);
    let bilateral =
        world.region.outlook(world.id("AAA"), &form("IE_TOT"), period("2021"), &world.audience("named:BBB"), true);
    assert_eq!((codes(&bilateral.readers_now), bilateral.regional), (vec!["BBB".to_owned()], false));
    let closed =
        world.region.outlook(world.id("AAA"), &form("IE_TOT"), period("2021"), &world.audience("totals"), true);
    assert_eq!((closed.readers_now.len(), closed.readers_later.len(), closed.regional), (0, 0, true));
    let unanswered =
        world.region.outlook(world.id("AAA"), &form("IE_TOT"), period("2021"), &world.audience("contributors"), false);
    assert_eq!((unanswered.readers_now.len(), unanswered.regional), (0, false));
}
