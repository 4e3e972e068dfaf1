//! Bodies. Their plain bytes are packed into frames of one uncompressed block, which every reader of zstd takes and no
//! packer's version changes; one body is packed as ours is.

use minicbor::Encoder;
use vrs_protocol::cell::{Cell, Fee, Figure, Narrative, Status, Step, StepRole};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::release::encode_body;
use vrs_protocol::table::{Key, Table};

use crate::check::described;
use crate::shared::Folder;
use crate::shared::cbor::{Map, bytes, cbor, entries, list, map, number, remove, set, text};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn table(form: &str, period: &str, cells: &[(&str, Cell)]) -> Table {
    let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse(period).unwrap());
    for (key, cell) in cells {
        table.cells.insert(Key(key.split('/').filter(|part| !part.is_empty()).map(code).collect()), cell.clone());
    }
    table
}

fn value(figure: Figure) -> Cell {
    Cell::Value { figure, status: Status::Normal }
}

fn mixed() -> Table {
    let estimated = Cell::Value { figure: Figure::Count(1_000_000_000_000), status: Status::Estimated };
    let mut table = table(
        "SM_MOD",
        "2013-S1",
        &[
            ("_T/_T", Cell::count(77)),
            ("AIR/_T", Cell::NotKnown),
            ("AIR/_U", Cell::Fewer { below: 5 }),
            ("LAND/_T", Cell::NotApplicable),
            ("SEA/_O", Cell::Suppressed),
            ("SEA/AUS", Cell::CountedElsewhere),
            ("SEA/IDN", Cell::count(0)),
            ("SEA/LKA", Cell::NotCollected),
            ("SEA/VNM", estimated),
        ],
    );
    table.metadata.unit = Some("persons".into());
    table.metadata.source = Some("Border Guard".into());
    table.metadata.definition_followed = Some(false);
    table.metadata.deviation = Some("Includes facilitators’ families.".into());
    table
}

/// One frame of zstd with one raw block (RFC 8878, sections 3.1.1.1 and 3.1.1.2).
fn frame(plain: &[u8]) -> Vec<u8> {
    let length = u32::try_from(plain.len()).unwrap();
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd];
    // Single segment; the content size in 1 byte, or in 2 bytes from 256 on.
    if length < 256 {
        frame.extend([0x20, length as u8]);
    } else {
        frame.push(0x60);
        frame.extend(u16::try_from(length - 256).unwrap().to_le_bytes());
    }
    // Last block, raw, its size.
    frame.extend(&(1 | length << 3).to_le_bytes()[..3]);
    frame.extend(plain);
    frame
}

/// A body without its padding.
fn head_and_frame(version: u8, plain_length: usize, packed_length: usize, frame: &[u8]) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).unwrap().to_be_bytes();
    [&[version][..], &number(plain_length), &number(packed_length), frame].concat()
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let frame = frame(plain);
    head_and_frame(1, plain.len(), frame.len(), &frame)
}

/// The plain bytes of a table, as the reader's own packer makes them.
fn plain(table: &Table) -> Vec<u8> {
    let body = encode_body(table).unwrap();
    let number = |at: usize| u32::from_be_bytes(body[at..at + 4].try_into().unwrap()) as usize;
    zstd::bulk::decompress(&body[9..9 + number(5)], number(1)).unwrap()
}

fn padding(length: usize) -> (&'static str, String) {
    ("padded", length.to_string())
}

pub(super) fn body(folder: &mut Folder<'_>) {
    let step = |country: &str, role| {
        value(Figure::Step(Step { country: code(country), role, mode: Some(code("LAND")), comment: None }))
    };
    let arrival = Figure::Step(Step {
        country: code("GRC"),
        role: StepRole::Destination,
        mode: None,
        comment: Some("By night.".into()),
    });
    let fee = Fee {
        min: Some(500),
        typical: None,
        max: Some(4_000),
        currency: code("USD"),
        per_group: false,
        included: vec![code("TRANSPORT"), code("BRIBES")],
        payment: vec![code("INSTALMENTS")],
    };
    let narrative = Narrative { choices: vec![code("CONCEALED"), code("SHAM")], text: "Seldom.".into() };
    let mut complete = table("IE_CIT", "2021-03", &[("_T", Cell::count(3)), ("AFG", Cell::count(3))]);
    complete.metadata.list_complete = true;
    for (name, table) in [
        ("every_kind_of_cell", mixed()),
        ("one_number", table("IE_TOT", "2021", &[("", Cell::count(12))])),
        ("list_complete", complete),
        ("without_cells", table("IE_CIT", "2021", &[])),
        (
            "routes",
            table(
                "RT_CTY",
                "2021",
                &[
                    ("AFG/1/1", step("AFG", StepRole::Origin)),
                    ("AFG/1/2", step("IRN", StepRole::Transit)),
                    ("AFG/1/3", value(arrival)),
                ],
            ),
        ),
        ("fees", table("MF_FEE", "2021", &[("AFG/_T", value(Figure::Fee(fee)))])),
        ("narrative", table("MF_MTH", "2021", &[("AFG", value(Figure::Narrative(narrative)))])),
    ] {
        let values: Vec<_> = described(&table).into_iter().chain([("padded".to_owned(), "4096".to_owned())]).collect();
        let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        folder.hex(&format!("ok_body_{name}"), "ok", &values, &packed(&plain(&table)));
    }
    let codes: Vec<String> = (1..=40).map(|n| format!("P{n:02}")).collect();
    let regular: Vec<(&str, Cell)> =
        codes.iter().map(|code| (code.as_str(), Cell::count(12))).chain([("_T", Cell::count(480))]).collect();
    let regular = table("IE_EPT", "2021", &regular);
    let ours = encode_body(&regular).unwrap();
    let used = 9 + u32::from_be_bytes(ours[5..9].try_into().unwrap()) as usize;
    assert!(used < plain(&regular).len(), "this one is to be compressed");
    let values: Vec<_> = described(&regular).into_iter().chain([("padded".to_owned(), "4096".to_owned())]).collect();
    let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    folder.hex("ok_body_compressed", "ok", &values, &ours[..used]);

    outside(folder);
    inside(folder);
}

/// Flaws of the shell: version, lengths, frame and padding.
fn outside(folder: &mut Folder<'_>) {
    let plain = plain(&mixed());
    let frame = frame(&plain);
    let good = packed(&plain);
    let mut bad = |name: &str, expected: &str, length: usize, bytes: &[u8]| {
        folder.hex(&format!("bad_body_{name}"), expected, &[padding(length)], bytes);
    };
    bad("length_5000", "Length(5000)", 5000, &good);
    bad("length_zero", "Length(0)", 0, &[]);
    bad("longer_step_than_needed", "Length(16384)", 16_384, &good);
    bad("not_padded", &format!("Length({})", good.len()), good.len(), &good);
    let mut noisy = good.clone();
    noisy.resize(4095, 0);
    noisy.push(1);
    bad("padding_not_zero", "Padding", 4096, &noisy);
    bad("version_zero", "Version(0)", 4096, &head_and_frame(0, plain.len(), frame.len(), &frame));
    bad("version_two", "Version(2)", 4096, &head_and_frame(2, plain.len(), frame.len(), &frame));
    bad("plain_length_short", "Packing", 4096, &head_and_frame(1, plain.len() - 1, frame.len(), &frame));
    bad("plain_length_long", "Packing", 4096, &head_and_frame(1, plain.len() + 1, frame.len(), &frame));
    bad("plain_length_beyond_8_mib", "Packing", 4096, &head_and_frame(1, (8 << 20) + 1, frame.len(), &frame));
    bad("packed_length_beyond_the_body", "Packing", 4096, &head_and_frame(1, plain.len(), 4088, &frame));
    bad("packed_length_short", "Padding", 4096, &head_and_frame(1, plain.len(), frame.len() - 1, &frame));
    bad("packed_length_long", "Packing", 4096, &head_and_frame(1, plain.len(), frame.len() + 1, &frame));
    let mut damaged = good.clone();
    damaged[9] ^= 1;
    bad("frame_magic_changed", "Packing", 4096, &damaged);
    // The beginning of a longer body, cut to a shorter step.
    let long = super::body::packed(&vec![0; 5000]);
    bad("step_too_small_for_its_frame", "Packing", 4096, &long[..4096]);
    bad("all_zero", "Version(0)", 4096, &[]);
}

/// Flaws of what is packed.
fn inside(folder: &mut Folder<'_>) {
    let plain = plain(&mixed());
    let mut bad = |name: &str, expected: &str, plain: &[u8]| {
        folder.hex(&format!("bad_body_{name}"), expected, &[padding(4096)], &packed(plain));
    };
    bad("plain_empty", "Encoding", &[]);
    bad("plain_truncated", "Encoding", &plain[..plain.len() - 1]);
    bad("plain_trailing_byte", "Encoding", &[&plain[..], &[0]].concat());
    let mut shell = |name: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = entries(&plain);
        change(&mut entries);
        bad(name, "Encoding", &map(&entries));
    };
    shell("form_in_lower_case", &set(0, text("sm_mod")));
    shell("period_as_text", &set(1, text("2013-S1")));
    shell("metadata_missing", &remove(2));
    shell("key_unknown", &|m| m.push((number(4), number(0))));
    shell("list_complete_missing", &|m| {
        let mut metadata = entries(&m[2].1);
        metadata.pop();
        m[2].1 = map(&metadata);
    });
    shell("column_missing", &|m| m[3].1 = list(&[list(&[]), bytes(&[]), list(&[]), list(&[]), list(&[]), list(&[])]));
    shell("column_null", &|m| {
        m[3].1 = list(&[list(&[]), bytes(&[]), list(&[]), list(&[]), list(&[]), list(&[]), vec![0xf6]])
    });

    let mut columns = |name: &str, what: &str, columns: Columns| {
        let mut entries = entries(&plain);
        entries[3].1 = columns.encoded();
        bad(name, &format!("Columns({what:?})"), &map(&entries));
    };
    let two = || Columns {
        dimensions: vec![dimension(&["AIR", "SEA"], &[0, 1])],
        states: vec![0, 0],
        counts: vec![4, 5],
        ..Columns::default()
    };
    columns("two_cells_without_dimension", "too many cells", Columns { dimensions: vec![], ..two() });
    columns("rows_short", "a dimension", Columns { dimensions: vec![dimension(&["AIR", "SEA"], &[0])], ..two() });
    columns(
        "row_beyond_the_codes",
        "a dimension",
        Columns { dimensions: vec![dimension(&["AIR", "SEA"], &[0, 2])], ..two() },
    );
    columns(
        "code_unused",
        "a dimension",
        Columns { dimensions: vec![dimension(&["AIR", "LAND", "SEA"], &[0, 2])], ..two() },
    );
    columns(
        "codes_unsorted",
        "a dimension",
        Columns { dimensions: vec![dimension(&["SEA", "AIR"], &[0, 1])], ..two() },
    );
    columns("code_twice", "a dimension", Columns { dimensions: vec![dimension(&["AIR", "AIR"], &[0, 1])], ..two() });
    columns(
        "cells_unsorted",
        "cells are not sorted",
        Columns { dimensions: vec![dimension(&["AIR", "SEA"], &[1, 0])], ..two() },
    );
    columns("cell_twice", "cells are not sorted", Columns { dimensions: vec![dimension(&["AIR"], &[0, 0])], ..two() });
    for state in [8, 15, 22, 255] {
        columns(
            &format!("state_{state}"),
            "an unknown state",
            Columns { states: vec![0, state], counts: vec![4], ..two() },
        );
    }
    columns("counts_short", "values", Columns { counts: vec![4], ..two() });
    columns("counts_left_over", "values left over", Columns { counts: vec![4, 5, 6], ..two() });
    columns(
        "count_too_large",
        "a figure is out of bounds",
        Columns { counts: vec![4, 1_000_000_000_000_001], ..two() },
    );
    columns("bound_missing", "bounds", Columns { states: vec![0, 16], counts: vec![4], ..two() });
    columns("bound_one", "bounds", Columns { states: vec![0, 16], counts: vec![4], bounds: vec![1], ..two() });
    columns("bounds_left_over", "values left over", Columns { bounds: vec![5], ..two() });
    let fee = |max: u64| {
        list(&[vec![0xf6], vec![0xf6], cbor(|e| drop(e.u64(max))), text("USD"), vec![0xf4], vec![0x80], vec![0x80]])
    };
    columns("two_kinds_of_figures", "figures of two kinds", Columns { counts: vec![4], fees: vec![fee(5)], ..two() });
    columns(
        "fee_too_large",
        "a figure is out of bounds",
        Columns { counts: vec![], fees: vec![fee(5), fee(1_000_000_000_001)], ..two() },
    );
    let narrative =
        |choices: usize, length: usize| list(&[list(&vec![text("SHAM"); choices]), text(&"x".repeat(length))]);
    let narratives = |second: Vec<u8>| Columns { counts: vec![], narratives: vec![narrative(1, 0), second], ..two() };
    // Lists are bounded while they are read.
    let five = vec![dimension(&["A"], &[0]); 5];
    let five = Columns { dimensions: five, states: vec![0], counts: vec![1], ..Columns::default() };
    for (name, columns) in [("five_dimensions", five), ("narrative_of_101_choices", narratives(narrative(101, 0)))] {
        let mut entries = entries(&plain);
        entries[3].1 = columns.encoded();
        folder.hex(&format!("bad_body_{name}"), "Encoding", &[padding(4096)], &packed(&map(&entries)));
    }
    // 4,001 bytes do not fit into a body of 4 KiB beside the rest.
    let mut entries = entries(&plain);
    entries[3].1 = narratives(narrative(1, 4001)).encoded();
    folder.hex(
        "bad_body_text_of_4001_bytes",
        "Columns(\"a figure is out of bounds\")",
        &[padding(16_384)],
        &packed(&map(&entries)),
    );
    let mut entries = crate::shared::cbor::entries(&plain);
    let mut metadata = crate::shared::cbor::entries(&entries[2].1);
    metadata[1].1 = text(&"x".repeat(4001));
    entries[2].1 = map(&metadata);
    folder.hex(
        "bad_body_source_of_4001_bytes",
        "Columns(\"a text is too long\")",
        &[padding(16_384)],
        &packed(&map(&entries)),
    );
}

/// The columns, with steps left out.
#[derive(Clone, Default)]
struct Columns {
    dimensions: Vec<Vec<u8>>,
    states: Vec<u8>,
    counts: Vec<u64>,
    bounds: Vec<u64>,
    fees: Vec<Vec<u8>>,
    narratives: Vec<Vec<u8>>,
}

fn dimension(codes: &[&str], rows: &[i64]) -> Vec<u8> {
    list(&[
        list(&codes.iter().copied().map(text).collect::<Vec<_>>()),
        list(&rows.iter().copied().map(number).collect::<Vec<_>>()),
    ])
}

impl Columns {
    fn encoded(&self) -> Vec<u8> {
        let numbers = |values: &[u64]| {
            list(&values.iter().map(|n| cbor(|e: &mut Encoder<Vec<u8>>| drop(e.u64(*n)))).collect::<Vec<_>>())
        };
        list(&[
            list(&self.dimensions),
            bytes(&self.states),
            numbers(&self.counts),
            numbers(&self.bounds),
            list(&self.fees),
            list(&[]),
            list(&self.narratives),
        ])
    }
}
