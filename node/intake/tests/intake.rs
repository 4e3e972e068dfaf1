//! Intake on files as they come: the demo's published figures, and files with one flaw each.
//!
//! `intake/demo-figures.csv` was computed from the published files by another program in another language; the mappings
//! must arrive at the same figures. In `intake/bad` each file is named for its flaw, and the `.txt` beside it is the
//! whole answer that a person gets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use vrs_intake::{HowCounted, Intake, Mapping, Problems, SourceFile, read_canonical, read_mapped, write_canonical};
use vrs_protocol::catalogue::{Catalogue, Form, Kind};
use vrs_protocol::cell::{Cell, Fee, Figure, Narrative, Status, Step, StepRole};
use vrs_protocol::id::{Code, FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Metadata, Table};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/intake")
}
fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/demo")
}
fn participant(code: &str) -> ParticipantCode {
    ParticipantCode::parse(code).unwrap()
}
fn mapping(path: &Path) -> Mapping {
    Mapping::parse(&fs::read(path).unwrap()).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// Imports a file of a folder with a mapping, as the command line does.
fn import(folder: &Path, file: &str, mapping: &Mapping, who: &str) -> Result<Intake, Problems> {
    let bytes = |name: &str| fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let beside: Vec<(String, Vec<u8>)> = mapping.beside_names().map(|name| (name.to_owned(), bytes(name))).collect();
    let beside: Vec<SourceFile<'_>> = beside.iter().map(|(name, bytes)| SourceFile { name, bytes }).collect();
    read_mapped(
        SourceFile { name: file, bytes: &bytes(file) },
        &beside,
        mapping,
        &HowCounted::default(),
        Catalogue::bundled(),
        &participant(who),
    )
}

/// The demo's imports: mapping, and who makes them.
const IMPORTS: [(&str, &[&str]); 9] = [
    ("eurostat-illegal-entry", &["ITA", "GRC", "HUN", "FRA", "HRV", "SVN", "POL", "BGR"]),
    ("eurostat-refused-entry-totals", &["GBR", "ITA", "GRC", "HUN", "FRA", "HRV", "SVN", "POL", "BGR"]),
    ("eurostat-refused-entry-by-citizenship", &["GBR", "ITA", "GRC", "HUN", "FRA", "HRV", "SVN", "POL", "BGR"]),
    ("eurostat-illegally-present", &["GBR", "ITA", "GRC", "HUN", "FRA", "HRV", "SVN", "POL", "BGR"]),
    ("uk-detections", &["GBR"]),
    ("us-cbp-encounters", &["USA"]),
    ("us-dhs-inadmissible", &["USA"]),
    ("poland-border-guard", &["POL"]),
    ("poland-police", &["POL"]),
];

fn demo_import(name: &str, who: &str) -> Intake {
    let mapping = mapping(&demo().join(format!("mappings/{name}.toml")));
    let file = mapping.file.name.clone().unwrap();
    import(&demo().join("data"), &file, &mapping, who).unwrap_or_else(|problems| panic!("{name} {who}:\n{problems}"))
}

#[test]
fn the_demo_files_give_the_figures_that_another_program_computed() {
    let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (name, members) in IMPORTS {
        for who in members {
            for taken in demo_import(name, who).tables {
                let table = taken.table;
                assert!(
                    table.metadata.source.as_ref().is_some_and(|source| !source.is_empty()),
                    "the publisher stands next to the figures"
                );
                for (key, cell) in &table.cells {
                    let place = format!(
                        "{name},{},{},{who},{}",
                        table.form,
                        table.period,
                        key.0.first().map_or("", |code| code.as_str())
                    );
                    found.insert(
                        place,
                        (cell.as_count().map_or_else(String::new, |count| count.to_string()), cell.codes().0.into()),
                    );
                }
            }
        }
    }
    let text = fs::read_to_string(here().join("demo-figures.csv")).unwrap();
    let expected: BTreeMap<String, (String, String)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[..5].join(","), (fields[5].to_owned(), fields[6].to_owned()))
        })
        .collect();
    for (place, figure) in &expected {
        assert_eq!(found.get(place), Some(figure), "{place}");
    }
    assert_eq!(
        found.len(),
        expected.len(),
        "no figure more than expected: {:?}",
        found.keys().find(|place| !expected.contains_key(*place))
    );
}

fn count(intake: &Intake, form: &str, period: &str, code: &str) -> Option<u64> {
    let table = intake
        .tables
        .iter()
        .map(|taken| &taken.table)
        .find(|table| table.form.as_str() == form && table.period.to_string() == period)
        .unwrap();
    table
        .cells
        .iter()
        .find(|(key, _)| key.0.first().map_or("", |code| code.as_str()) == code)
        .and_then(|(_, cell)| cell.as_count())
}

#[test]
fn the_figures_of_the_story_are_the_published_ones() {
    let closed: Vec<u64> = ["FRA", "HRV", "SVN"]
        .into_iter()
        .map(|who| count(&demo_import("eurostat-illegal-entry", who), "IE_CIT", "2021", "_T").unwrap())
        .collect();
    assert_eq!(closed, [5_940, 12_945, 8_970]);
    let refused = |name, who| count(&demo_import(name, who), "RE_TOT", "2019", "").unwrap();
    assert_eq!(
        refused("eurostat-refused-entry-totals", "HUN")
            + refused("us-cbp-encounters", "USA")
            + refused("eurostat-refused-entry-totals", "FRA"),
        146_258
    );
    let uk = demo_import("uk-detections", "GBR");
    let quarters: u64 = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"]
        .into_iter()
        .map(|quarter| count(&uk, "IE_TOT", quarter, "").unwrap())
        .sum();
    assert_eq!((quarters, count(&uk, "IE_CIT", "2021", "_T")), (36_813, Some(36_813)));
    let poland: Vec<_> = ["poland-border-guard", "poland-police"]
        .into_iter()
        .map(|name| count(&demo_import(name, "POL"), "IR_CIT", "2018-S1", "_T").unwrap())
        .collect();
    assert_eq!(poland, [2_862, 6_077]);
}

#[test]
fn a_state_that_did_not_report_says_not_known_everywhere_and_never_zero() {
    let croatia = demo_import("eurostat-refused-entry-by-citizenship", "HRV");
    let table = &croatia.tables[0].table;
    assert_eq!(table.cells.len(), 3);
    assert!(table.cells.values().all(|cell| *cell == Cell::NotKnown), "{:?}", table.cells);
}

#[test]
fn every_imported_table_survives_its_own_csv() {
    let catalogue = Catalogue::bundled();
    for (name, members) in IMPORTS {
        for taken in demo_import(name, members[0]).tables {
            let form = catalogue.form(&taken.table.form).unwrap();
            let who = participant(members[0]);
            let csv = write_canonical([&taken.table], form, &who);
            let again = read_canonical(csv.as_bytes(), &HowCounted::default(), catalogue, &who)
                .unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
            assert_eq!(again.tables.len(), 1);
            assert_eq!(again.tables[0].table.cells, taken.table.cells);
            assert_eq!(write_canonical([&again.tables[0].table], form, &who), csv);
        }
    }
}

#[test]
fn a_mapping_of_one_state_is_refused_at_another() {
    let uk = mapping(&demo().join("mappings/uk-detections.toml"));
    let problems = import(&demo().join("data"), "uk-detections.csv", &uk, "FRA").unwrap_err();
    assert!(problems.to_string().contains("this mapping is for figures of GBR"), "{problems}");
    let eurostat = mapping(&demo().join("mappings/eurostat-refused-entry-totals.toml"));
    let problems = import(&demo().join("data"), "eurostat-refused-entry-totals.csv", &eurostat, "THA").unwrap_err();
    assert!(problems.to_string().contains("none speaks of THA"), "{problems}");
}

#[test]
fn a_missing_file_beside_is_named() {
    let mapping = mapping(&demo().join("mappings/eurostat-illegally-present.toml"));
    let bytes = fs::read(demo().join("data/eurostat-illegally-present-by-citizenship.csv")).unwrap();
    let file = SourceFile { name: "eurostat-illegally-present-by-citizenship.csv", bytes: &bytes };
    let problems = read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant("FRA"))
        .unwrap_err();
    assert!(problems.to_string().contains("eurostat-illegally-present-by-reason-and-place.csv"), "{problems}");
}

/// Codes that may stand in a dimension and are no part of each other.
fn leaves(catalogue: &Catalogue, list: &str) -> Vec<Code> {
    let codes = |texts: &[&str]| texts.iter().map(|text| Code::parse(text).unwrap()).collect();
    match list {
        "country" => codes(&["NAM", "XXA", "_O", "FRA"]),
        "point" => codes(&["FRCQF", "P-12", "SEA-2", "_O"]),
        "rank" => codes(&["1", "2", "10", "99"]),
        _ => {
            let entries = &catalogue.list(list).unwrap().entries;
            let leaf = |code: &Code| !entries.iter().any(|entry| entry.parent.as_ref() == Some(code));
            entries.iter().map(|entry| entry.id.clone()).filter(leaf).take(4).collect()
        }
    }
}

/// The `i`-th kind of answer to a form; texts are the ones that break careless writers.
fn answer(i: usize, form: &Form, catalogue: &Catalogue) -> Cell {
    const TEXTS: [&str; 5] = ["a, \"b\"\r\nc", " led and followed by spaces ", "\"", "=SUM(A1)", "ой, 移民\n\n"];
    let reasons = [
        Cell::NotCollected,
        Cell::NotKnown,
        Cell::NotApplicable,
        Cell::CountedElsewhere,
        Cell::Suppressed,
        Cell::Withheld,
        Cell::Embargoed,
    ];
    if i % 2 == 1 {
        return reasons[i / 2 % reasons.len()].clone();
    }
    if i.is_multiple_of(22) && form.kind.counts() {
        return Cell::Fewer { below: 5 };
    }
    let text = TEXTS[i / 2 % TEXTS.len()];
    let some = |n: u64| (!(i as u64 / 2).is_multiple_of(n)).then_some(i as u64);
    let figure = match form.kind {
        Kind::Number | Kind::List | Kind::Cross => Figure::Count(i as u64 * 1_000_003),
        Kind::Fees => Figure::Fee(Fee {
            min: some(2),
            typical: Some(i as u64),
            max: some(3),
            currency: Code::parse("EUR").unwrap(),
            per_group: i.is_multiple_of(4),
            included: if i.is_multiple_of(3) {
                vec![Code::parse("TRANSPORT").unwrap(), Code::parse("BRIBES").unwrap()]
            } else {
                Vec::new()
            },
            payment: if i.is_multiple_of(5) { vec![Code::parse("DEBT").unwrap()] } else { Vec::new() },
        }),
        Kind::Routes => {
            let role = [StepRole::Origin, StepRole::Transit, StepRole::Destination][i / 2 % 3];
            let mode = i.is_multiple_of(4).then(|| Code::parse("SEA").unwrap());
            Figure::Step(Step {
                country: Code::parse("NER").unwrap(),
                role,
                mode,
                comment: i.is_multiple_of(3).then(|| text.to_owned()),
            })
        }
        Kind::Narrative => {
            let offered = form.choices.as_ref().map(|list| leaves(catalogue, list)).unwrap_or_default();
            let choices = offered.into_iter().take(if form.several { 2 } else { 1 }).collect();
            Figure::Narrative(Narrative { choices, text: if form.text { text.to_owned() } else { String::new() } })
        }
    };
    Cell::Value { figure, status: Status::ALL[i % Status::ALL.len()] }
}

#[test]
fn every_form_with_every_answer_survives_its_csv() {
    let catalogue = Catalogue::bundled();
    for form in catalogue.forms() {
        let mut keys = vec![Vec::new()];
        for dimension in &form.dimensions {
            let codes = leaves(catalogue, &dimension.list);
            keys = keys
                .iter()
                .flat_map(|key: &Vec<Code>| codes.iter().map(|code| [key.clone(), vec![code.clone()]].concat()))
                .collect();
        }
        // A form without dimensions has one cell: as many periods as answers.
        let periods = if form.dimensions.is_empty() { 22 } else { 1 };
        let tables: Vec<Table> = (0..periods)
            .map(|year| {
                let mut table = Table::new(form.code.clone(), Period::year_of(2000 + year).unwrap());
                table.cells = keys
                    .iter()
                    .enumerate()
                    .map(|(i, key)| (Key(key.clone()), answer(i + usize::from(year), form, catalogue)))
                    .collect();
                table
            })
            .collect();
        let csv = write_canonical(&tables, form, &participant("FRA"));
        let again = read_canonical(csv.as_bytes(), &HowCounted::default(), catalogue, &participant("FRA"))
            .unwrap_or_else(|problems| panic!("{}:\n{problems}\n{csv}", form.code));
        let read: Vec<&Table> = again.tables.iter().map(|taken| &taken.table).collect();
        assert_eq!(read, tables.iter().collect::<Vec<_>>(), "{}", form.code);
    }
}

/// Files of a folder with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

/// Compares an answer with the `.txt` beside the file; `VRS_WRITE_EXPECTED` writes it, for a person to read in the diff.
fn same_as_beside(path: &Path, answer: &str) -> bool {
    let beside = path.with_extension("txt");
    if std::env::var_os("VRS_WRITE_EXPECTED").is_some() {
        fs::write(&beside, format!("{answer}\n")).unwrap();
    }
    let expected = fs::read_to_string(&beside).unwrap_or_default();
    if expected.trim_end() != answer {
        println!("{}\n--- expected\n{}\n--- found\n{answer}\n", path.display(), expected.trim_end());
    }
    expected.trim_end() == answer
}

#[test]
fn each_good_file_is_read_and_printed_the_same_way_again() {
    let catalogue = Catalogue::bundled();
    let good = files(&here().join("good"), "csv");
    assert!(good.len() >= 6);
    for path in good {
        let bytes = fs::read(&path).unwrap();
        let intake = read_canonical(&bytes, &HowCounted::default(), catalogue, &participant("FRA"))
            .unwrap_or_else(|problems| panic!("{}:\n{problems}", path.display()));
        let form = catalogue.form(&intake.tables[0].table.form).unwrap();
        let printed = write_canonical(intake.tables.iter().map(|taken| &taken.table), form, &participant("FRA"));
        let again = read_canonical(printed.as_bytes(), &HowCounted::default(), catalogue, &participant("FRA")).unwrap();
        let cells = |intake: &Intake| intake.tables.iter().map(|taken| taken.table.clone()).collect::<Vec<_>>();
        assert_eq!(cells(&again), cells(&intake), "{}", path.display());
    }
}

#[test]
fn each_bad_file_is_refused_for_its_flaw() {
    let bad = files(&here().join("bad"), "csv");
    assert!(bad.len() >= 25);
    let wrong: Vec<_> = bad
        .into_iter()
        .filter(|path| {
            match read_canonical(
                &fs::read(path).unwrap(),
                &HowCounted::default(),
                Catalogue::bundled(),
                &participant("FRA"),
            ) {
                Ok(_) => panic!("{} was accepted", path.display()),
                Err(problems) => !same_as_beside(path, &problems.to_string()),
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn each_bad_file_of_a_foreign_layout_is_refused_for_its_flaw() {
    let folder = here().join("bad-mapped");
    let common = mapping(&folder.join("mapping.toml"));
    let bad = files(&folder, "csv");
    assert!(bad.len() >= 14);
    let wrong: Vec<_> = bad
        .into_iter()
        .filter(|path| match import(&folder, path.file_name().unwrap().to_str().unwrap(), &common, "FRA") {
            Ok(_) => panic!("{} was accepted", path.display()),
            Err(problems) => !same_as_beside(path, &problems.to_string()),
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn each_bad_mapping_is_refused_for_its_flaw() {
    let folder = here().join("bad-mappings");
    let bad = files(&folder, "toml");
    assert!(bad.len() >= 10);
    let sample = fs::read(here().join("bad-mappings/sample.csv")).unwrap();
    let wrong: Vec<_> = bad
        .into_iter()
        .filter(|path| {
            let file = SourceFile { name: "sample.csv", bytes: &sample };
            let read = Mapping::parse(&fs::read(path).unwrap()).map_err(|problem| problem.to_string());
            let refused = read.and_then(|mapping| {
                read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant("FRA"))
                    .map_err(|problems| problems.to_string())
            });
            !same_as_beside(path, &refused.err().unwrap_or_else(|| panic!("{} was accepted", path.display())))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn random_bytes_and_cut_files_are_refused_or_read_and_never_panic() {
    let catalogue = Catalogue::bundled();
    let uk = mapping(&demo().join("mappings/uk-detections.toml"));
    let seed = fs::read(here().join("good/list_with_every_answer.csv")).unwrap();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..1_000 {
        let mut bytes = seed.clone();
        for _ in 0..4 {
            // xorshift: the same bytes in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = usize::try_from(state >> 32).unwrap() % bytes.len();
            match state % 3 {
                0 => bytes[at] = state.to_le_bytes()[1],
                1 => bytes.truncate(at + 1),
                _ => bytes.insert(at, b",\"\n\r0"[usize::try_from(state % 5).unwrap()]),
            }
        }
        let _either = read_canonical(&bytes, &HowCounted::default(), catalogue, &participant("FRA"));
        let _either = read_mapped(
            SourceFile { name: "x", bytes: &bytes },
            &[],
            &uk,
            &HowCounted::default(),
            catalogue,
            &participant("GBR"),
        );
        let _either = Mapping::parse(&bytes);
    }
}

#[test]
fn a_file_made_of_nothing_but_flaws_is_not_read_to_its_end() {
    let mut text = String::from("form,period,participant,citizenship,value,status,conf\n");
    (0..150_000).for_each(|i| text.push_str(&format!("IE_CIT,2021,FRA,nowhere-{i},1,A,F\n")));
    let problems =
        read_canonical(text.as_bytes(), &HowCounted::default(), Catalogue::bundled(), &participant("FRA")).unwrap_err();
    assert_eq!((problems.listed.len(), problems.more, problems.unread), (100, 900, true));
}

#[test]
fn the_example_of_the_page_is_a_mapping_that_works() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../MAPPINGS.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mapping = Mapping::parse(example.as_bytes()).unwrap();
    let text = "year,reporting_country,citizenship,sex,persons,flag,note\n2012,France,Total,Total,15,,\n2012,France,Türkiye,Total,10,p,\n\
                2012,France,Unknown,Total,3,,\n2012,France,Türkiye,Women,4,,\n2012,Spain,Total,Total,9,,\n";
    let file = SourceFile { name: "x.csv", bytes: text.as_bytes() };
    let intake =
        read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant("FRA")).unwrap();
    let cells: Vec<String> = intake.tables[0]
        .table
        .cells
        .iter()
        .map(|(key, cell)| format!("{key} {} {}", cell.in_words(), cell.codes().0))
        .collect();
    assert_eq!(cells, ["TUR 10 P", "_O 2 P", "_T 15 A", "_U 3 A"]);
    assert_eq!((intake.rows_read, intake.rows_of_others, intake.rows_left_out), (5, 1, 1));
    assert_eq!(intake.tables[0].lines.values().copied().collect::<Vec<_>>(), [3, 2, 4]);
}

#[test]
fn the_example_of_a_file_of_cases_is_a_mapping_that_works() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../MAPPINGS.md")).unwrap();
    let example = page.split("```toml\n").nth(2).unwrap().split("```").next().unwrap();
    let mapping = Mapping::parse(example.as_bytes()).unwrap();
    let text = "event;detected_on;nationality;where;came_from;sex;age;officer_unit\n\
                entry;31/12/2024;Afghanistan;green border;BIH;m;16;3\nrefusal;1/2/2024;;airport;TUR;f;;3\ntest;;;;;;;\n";
    let file = SourceFile { name: "x.csv", bytes: text.as_bytes() };
    let read = |name: &str| {
        let participant = participant(name);
        read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant)
    };
    let intake = read("HRV").unwrap();
    assert_eq!((intake.rows_read, intake.rows_left_out), (3, 1));
    let total = |form: &str, period: &str| {
        let mut tables = intake.tables.iter().map(|taken| &taken.table);
        let table = tables.find(|table| table.form.as_str() == form && table.period.to_string() == period).unwrap();
        table.total().unwrap().as_count().unwrap()
    };
    assert_eq!((total("IE_SXA", "2024"), total("IE_CIT", "2024-Q4"), total("IE_MOD", "2024-Q1")), (1, 1, 0));
    assert_eq!((total("RE_CIT", "2024-Q1"), total("RE_TOT", "2024-Q2")), (1, 0));
    assert!(read("FRA").unwrap_err().to_string().contains("HRV"));
}

#[test]
fn a_file_of_three_forms_and_periods_gives_a_table_for_each() {
    let text = "form,period,participant,citizenship,value,status,conf\n\
                RE_CIT,2021,FRA,_T,5,A,F\nIE_CIT,2022,FRA,_T,7,A,F\nIE_CIT,2021,FRA,_T,6,A,F\n";
    let intake =
        read_canonical(text.as_bytes(), &HowCounted::default(), Catalogue::bundled(), &participant("FRA")).unwrap();
    let names: Vec<String> =
        intake.tables.iter().map(|taken| format!("{} {}", taken.table.form, taken.table.period)).collect();
    assert_eq!(names, ["IE_CIT 2021", "IE_CIT 2022", "RE_CIT 2021"]);
    assert_eq!(intake.tables[0].lines.values().collect::<Vec<_>>(), [&4]);
    assert!(Catalogue::bundled().form(&FormCode::parse("RE_CIT").unwrap()).is_some());
}

#[test]
fn a_list_that_is_cut_is_no_longer_complete() {
    let text = |keep: &str| {
        format!(
            "format = 1\n[publication]\npublisher = \"P\"\ntitle = \"T\"\nlicence = \"L\"\n[file]\nparticipant = \"FRA\"\n[[table]]\n\
             form = \"IE_CIT\"\nperiod = {{ year = \"year\" }}\ndimensions = {{ citizenship = {{ column = \"citizenship\" }} }}\n\
             value = {{ column = \"persons\" }}\ntotal = {{ from = \"sum\" }}\n{keep}\nmetadata = {{ list_complete = true }}\n"
        )
    };
    let file = SourceFile { name: "x.csv", bytes: b"year,citizenship,persons\n2021,AFG,5\n2021,IRQ,6\n2021,SYR,7\n" };
    let complete = |keep: &str, counted: &HowCounted| {
        let mapping = Mapping::parse(text(keep).as_bytes()).unwrap();
        let intake = read_mapped(file, &[], &mapping, counted, Catalogue::bundled(), &participant("FRA")).unwrap();
        intake.tables[0].table.metadata.list_complete
    };
    let nothing = HowCounted::default();
    assert!(complete("", &nothing) && complete("keep = { largest = 3 }", &nothing));
    assert!(!complete("keep = { largest = 2 }", &nothing));
    let given = Metadata { list_complete: true, ..Metadata::default() };
    let given = HowCounted { given: Some(given), ..HowCounted::default() };
    assert!(!complete("keep = { largest = 2 }", &given), "nor by what came beside the file");
}
