//! Rule 3, blocks: how they are formed, frozen, marked and seen.

use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::TopicCode;
use vrs_protocol::ledger::{BlockLine, BlockTableLine, Edition, Hidden, LineKind};

use super::sharing::closed_block;
use super::story::{Story, code, table};
use super::tell;
use crate::shared::Folder;

const T: &str = "SM_CIT 2021-S1";
const THREE: [&str; 3] = ["AUS", "IDN", "THA"];

/// An edition of the topic SM and the year 2021.
pub(super) fn edition(number: u32, blocks: Vec<BlockLine>, not_included: &[Hidden]) -> Edition {
    Edition { number, topic: TopicCode::parse("SM").unwrap(), year: 2021, blocks, not_included: not_included.to_vec() }
}

/// A block of some tables; each with the number that stands for its figures, and whether it is marked.
pub(super) fn block(story: &Story, sharing: Sharing, members: &[&str], tables: &[(&str, u8, bool)]) -> BlockLine {
    let tables = tables.iter().map(|(of, figures, marked)| {
        let (form, period) = table(of);
        BlockTableLine { form, period, hash: Hash::of(&[*figures]), marked: *marked }
    });
    BlockLine { sharing, members: members.iter().map(|code| story.id(code)).collect(), tables: tables.collect() }
}

pub(super) fn hidden(story: &Story, of: &str, code: &str) -> Hidden {
    let (form, period) = table(of);
    Hidden { form, period, participant: story.id(code) }
}

pub(super) fn editions(folder: &mut Folder<'_>) {
    good(folder);
    forming(folder);
    frozen(folder);
    seeing(folder);
}

fn good(folder: &mut Folder<'_>) {
    // The example of the design: A and B open, C, G and K with totals, D for A, E nothing, F without an answer.
    let mut story = Story::begin(&["AUS", "BGD", "CHN", "DEU", "EST", "FRA", "GBR", "KOR"]);
    let (a, b) = (story.open("AUS", T), story.open("BGD", T));
    let c = story.totals("CHN", T);
    story.totals("GBR", T);
    story.totals("KOR", T);
    let named = story.to(&["AUS"]);
    let d = story.release("DEU", T, named);
    let empty = vrs_protocol::release::Manifest {
        core_answered: false,
        ..story.manifest("FRA", T, vrs_protocol::audience::Audience::Contributors)
    };
    let f = story.told("FRA", empty);
    let closed = block(&story, Sharing::Totals, &["CHN", "GBR", "KOR"], &[(T, 1, false)]);
    let line = story.ok(story.by_hub(LineKind::Edition, &edition(1, vec![closed], &[])));
    story.ok(story.serving("AUS", &[(b.line, a.line), (d.line, a.line)]));
    story.ok(story.serving("BGD", &[(a.line, b.line)]));
    story.ok(story.serving("DEU", &[(a.line, d.line)]));
    story.ok(story.block_serving("AUS", line, 0, 0, a.line));
    story.ok(story.block_serving("CHN", line, 0, 0, c.line));
    story.refused(603, story.block_serving("DEU", line, 0, 0, d.line));
    story.refused(600, story.block_serving("EST", line, 0, 0, a.line));
    story.refused(601, story.block_serving("FRA", line, 0, 0, f.line));
    story.refused(602, story.serving("CHN", &[(a.line, c.line)]));
    tell(folder, "bad_region_the_example_of_the_design", &story);

    let mut story = Story::begin(&["AUS", "IDN", "THA", "MYS"]);
    let told: Vec<_> = ["AUS", "IDN", "THA"].map(|code| story.totals(code, T)).into();
    story.totals("MYS", T);
    let first = edition(1, vec![block(&story, Sharing::Totals, &THREE, &[(T, 1, false)])], &[hidden(&story, T, "MYS")]);
    story.ok(story.by_hub(LineKind::Edition, &first));
    // A revision marks the figures, which stay as they were; another table that does not overlap is added.
    story.totals("AUS", T);
    for code in THREE {
        story.totals(code, "SM_CIT 2021-S2");
    }
    let second = edition(
        2,
        vec![block(&story, Sharing::Totals, &THREE, &[(T, 1, true), ("SM_CIT 2021-S2", 2, false)])],
        &[hidden(&story, T, "MYS")],
    );
    let line = story.ok(story.by_hub(LineKind::Edition, &second));
    story.ok(story.block_serving("IDN", line, 0, 0, told[1].line));
    tell(folder, "ok_region_second_edition_marks_and_adds", &story);

    let mut charter = Charter::standard(Catalogue::bundled());
    charter.observers.insert(code("UNODC"));
    let mut story = Story::begin_with(charter, &["AUS", "IDN", "THA", "UNODC"]);
    for member in THREE {
        story.open(member, T);
    }
    let line = story
        .ok(story
            .by_hub(LineKind::Edition, &edition(1, vec![block(&story, Sharing::Open, &THREE, &[(T, 1, false)])], &[])));
    story.ok(story.block_serving("UNODC", line, 0, 0, 1));
    tell(folder, "ok_region_observer_reads_blocks", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    story.totals("AUS", T);
    story.totals("IDN", T);
    let none = edition(1, vec![], &[hidden(&story, T, "AUS"), hidden(&story, T, "IDN")]);
    story.ok(story.by_hub(LineKind::Edition, &none));
    tell(folder, "ok_region_two_are_reported_and_not_included", &story);
}

/// New blocks that may not stand.
fn forming(folder: &mut Folder<'_>) {
    let mut bad = |number: u16, name: &str, edition_of: &dyn Fn(&mut Story) -> Edition| {
        let mut story = Story::begin(&["AUS", "IDN", "THA", "MYS", "GBR"]);
        for code in THREE {
            story.totals(code, T);
        }
        let edition = edition_of(&mut story);
        story.refused(number, story.by_hub(LineKind::Edition, &edition));
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    let whole = |s: &Story| block(s, Sharing::Totals, &THREE, &[(T, 1, false)]);
    bad(300, "edition_number_skipped", &|s| edition(2, vec![whole(s)], &[]));
    bad(300, "edition_of_no_topic", &|s| Edition {
        topic: TopicCode::parse("XX").unwrap(),
        ..edition(1, vec![whole(s)], &[])
    });
    bad(700, "block_too_small", &|s| {
        edition(1, vec![block(s, Sharing::Totals, &THREE[..2], &[(T, 1, false)])], &[hidden(s, T, "THA")])
    });
    bad(700, "block_of_one_family", &|s| {
        s.admit("HKG", Some("AUS"));
        s.totals("HKG", T);
        edition(1, vec![block(s, Sharing::Totals, &["AUS", "IDN", "HKG"], &[(T, 1, false)])], &[hidden(s, T, "THA")])
    });
    bad(700, "block_smaller_than_the_charter_asks", &|s| {
        s.charter(Charter { block_min: 4, ..Charter::standard(Catalogue::bundled()) });
        edition(1, vec![whole(s)], &[])
    });
    bad(700, "member_in_two_blocks", &|s| {
        s.totals("MYS", T);
        s.totals("GBR", T);
        let second = block(s, Sharing::Totals, &["THA", "MYS", "GBR"], &[(T, 2, false)]);
        edition(1, vec![whole(s), second], &[])
    });
    bad(700, "members_unsorted", &|s| {
        edition(1, vec![block(s, Sharing::Totals, &["IDN", "AUS", "THA"], &[(T, 1, false)])], &[])
    });
    bad(700, "member_of_another_kind", &|s| {
        s.open("MYS", T);
        edition(1, vec![block(s, Sharing::Totals, &["AUS", "IDN", "THA", "MYS"], &[(T, 1, false)])], &[])
    });
    bad(700, "member_suspended", &|s| {
        s.ok(s.suspension("THA"));
        edition(1, vec![whole(s)], &[])
    });
    bad(700, "member_that_does_not_stand", &|s| {
        s.totals("MYS", "SM_TOT 2021-S1");
        let four = block(s, Sharing::Totals, &["AUS", "IDN", "THA", "MYS"], &[(T, 1, false)]);
        edition(1, vec![four], &[hidden(s, "SM_TOT 2021-S1", "MYS")])
    });
    bad(700, "block_of_named", &|s| edition(1, vec![block(s, Sharing::Named, &THREE, &[(T, 1, false)])], &[]));
    bad(700, "block_without_a_table", &|s| {
        edition(1, vec![block(s, Sharing::Totals, &THREE, &[])], &THREE.map(|code| hidden(s, T, code)))
    });
    bad(700, "block_with_a_table_of_another_year", &|s| {
        for code in THREE {
            s.totals(code, "SM_CIT 2020-S1");
        }
        edition(1, vec![block(s, Sharing::Totals, &THREE, &[("SM_CIT 2020-S1", 2, false), (T, 1, false)])], &[])
    });
    bad(700, "block_with_tables_unsorted", &|s| {
        for code in THREE {
            s.totals(code, "SM_TOT 2021-S1");
        }
        edition(1, vec![block(s, Sharing::Totals, &THREE, &[(T, 1, false), ("SM_TOT 2021-S1", 2, false)])], &[])
    });
    bad(700, "new_block_marked", &|s| edition(1, vec![block(s, Sharing::Totals, &THREE, &[(T, 1, true)])], &[]));
    bad(300, "not_included_forgotten", &|s| {
        s.totals("MYS", T);
        edition(1, vec![whole(s)], &[])
    });
    bad(700, "period_not_yet_closed", &|s| {
        let month = "SM_CIT 2022-02";
        for code in THREE {
            s.totals(code, month);
        }
        Edition { year: 2022, ..edition(1, vec![block(s, Sharing::Totals, &THREE, &[(month, 1, false)])], &[]) }
    });
    bad(700, "block_of_a_form_that_holds_no_counts", &|s| {
        for code in THREE {
            s.totals(code, "MF_FEE 2021-S1");
        }
        Edition {
            topic: TopicCode::parse("MF").unwrap(),
            ..edition(1, vec![block(s, Sharing::Totals, &THREE, &[("MF_FEE 2021-S1", 1, false)])], &[])
        }
    });
    bad(300, "not_included_though_included", &|s| edition(1, vec![whole(s)], &[hidden(s, T, "AUS")]));
}

/// Frozen blocks that were touched.
fn frozen(folder: &mut Folder<'_>) {
    let mut bad = |name: &str, edition_of: &dyn Fn(&mut Story) -> Edition| {
        let (mut story, ..) = closed_block(&THREE);
        story.admit("MYS", None);
        let edition = edition_of(&mut story);
        story.refused(700, story.by_hub(LineKind::Edition, &edition));
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    bad("frozen_block_missing", &|s| edition(2, vec![], &THREE.map(|code| hidden(s, T, code))));
    bad("frozen_block_joined", &|s| {
        s.totals("MYS", T);
        edition(2, vec![block(s, Sharing::Totals, &["AUS", "IDN", "THA", "MYS"], &[(T, 1, false)])], &[])
    });
    bad("frozen_block_left", &|s| {
        edition(2, vec![block(s, Sharing::Totals, &THREE[..2], &[(T, 1, false)])], &[hidden(s, T, "THA")])
    });
    bad("frozen_block_changed_kind", &|s| {
        edition(2, vec![block(s, Sharing::Open, &THREE, &[(T, 1, false)])], &THREE.map(|code| hidden(s, T, code)))
    });
    bad("frozen_figures_changed", &|s| {
        s.totals("AUS", T);
        edition(2, vec![block(s, Sharing::Totals, &THREE, &[(T, 2, true)])], &[])
    });
    bad("frozen_figures_missing", &|s| {
        for code in THREE {
            s.totals(code, "SM_CIT 2021-S2");
        }
        edition(
            2,
            vec![block(s, Sharing::Totals, &THREE, &[("SM_CIT 2021-S2", 2, false)])],
            &THREE.map(|code| hidden(s, T, code)),
        )
    });
    bad("frozen_figures_not_marked", &|s| {
        s.totals("AUS", T);
        edition(2, vec![block(s, Sharing::Totals, &THREE, &[(T, 1, false)])], &[])
    });
    bad("table_added_though_a_member_lacks_it", &|s| {
        s.totals("AUS", "SM_CIT 2021-S2");
        let added = block(s, Sharing::Totals, &THREE, &[(T, 1, false), ("SM_CIT 2021-S2", 2, false)]);
        edition(2, vec![added], &[])
    });
    bad("table_added_after_an_overlapping_revision", &|s| {
        s.totals("AUS", T);
        for code in THREE {
            s.totals(code, "SM_TOT 2021-S1");
        }
        let added = block(s, Sharing::Totals, &THREE, &[("SM_TOT 2021-S1", 2, false), (T, 1, true)]);
        edition(2, vec![added], &[])
    });
}

/// Block tables shown to those who may not see them.
fn seeing(folder: &mut Folder<'_>) {
    let mut story = Story::begin(&["AUS", "IDN", "THA", "MYS"]);
    let told: Vec<_> = THREE.map(|code| story.open(code, T)).into();
    let mine = story.totals("MYS", T);
    let first = edition(1, vec![block(&story, Sharing::Open, &THREE, &[(T, 1, false)])], &[hidden(&story, T, "MYS")]);
    let line = story.ok(story.by_hub(LineKind::Edition, &first));
    story.refused(610, story.block_serving("AUS", line, 0, 0, told[0].line));
    story.ok(story.block_serving("MYS", line, 0, 0, mine.line));
    story.refused(612, story.block_serving("MYS", line, 0, 0, mine.line));
    tell(folder, "bad_region_open_block_shown_to_an_open_participant", &story);

    let (mut story, told, line) = closed_block(&THREE);
    story.refused(106, story.block_serving("AUS", line, 0, 1, told[0].line));
    story.refused(106, story.block_serving("AUS", line, 1, 0, told[0].line));
    story.refused(611, story.block_serving("AUS", line, 0, 0, told[1].line));
    story.ok(story.block_serving("AUS", line, 0, 0, told[0].line));
    tell(folder, "bad_region_block_table_that_is_not_there", &story);

    let mut story = Story::begin(&["AUS", "IDN", "THA", "GBR"]);
    for code in THREE {
        story.totals(code, T);
    }
    let named = story.to(&["AUS"]);
    let d = story.release("GBR", T, named);
    let line = story.ok(story
        .by_hub(LineKind::Edition, &edition(1, vec![block(&story, Sharing::Totals, &THREE, &[(T, 1, false)])], &[])));
    story.refused(603, story.block_serving("GBR", line, 0, 0, d.line));
    tell(folder, "bad_region_block_shown_to_a_bilateral_participant", &story);

    // The Charter now asks for more, and what was formed before is served under the stricter of both.
    let (mut story, told, line) = closed_block(&THREE);
    story.charter(Charter { block_min: 4, ..Charter::standard(Catalogue::bundled()) });
    story.refused(610, story.block_serving("AUS", line, 0, 0, told[0].line));
    tell(folder, "bad_region_block_shown_though_the_charter_asks_for_larger_ones", &story);

    let mut charter = Charter::standard(Catalogue::bundled());
    charter.observers.insert(code("UNODC"));
    let (mut story, told, line) = closed_block(&THREE);
    story.admit("UNODC", None);
    let in_force = story.charter(charter);
    story.refused(610, story.block_serving("UNODC", line, 0, 0, in_force));
    story.ok(story.block_serving("AUS", line, 0, 0, told[0].line));
    tell(folder, "bad_region_block_shown_to_an_observer_named_later", &story);

    let (mut story, told, line) = closed_block(&THREE);
    story.withdraw("AUS", &told[0]);
    story.refused(600, story.block_serving("AUS", line, 0, 0, told[0].line));
    tell(folder, "bad_region_block_shown_after_withdrawal", &story);
}
