#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;

use super::super::{HowCounted, Intake, Mapping, Problems, SourceFile, read_mapped};
use super::propose::{Remembered, propose};
use super::questions::{Question, questions};
use super::seen::{Seen, see};
use super::write::{Source, mapping};
use super::{Answers, LEFT_OUT, Layout, Role};

fn ours() -> ParticipantCode {
    ParticipantCode::parse("FRA").unwrap()
}

/// A file, what was seen of it, and the proposal for it.
struct Tried {
    name: &'static str,
    bytes: Vec<u8>,
    seen: Seen,
    answers: Answers,
}

impl Tried {
    fn new(name: &'static str, bytes: &[u8]) -> Self {
        let file = SourceFile { name, bytes };
        let seen = see(file, &Layout::default()).unwrap_or_else(|problems| panic!("{problems}"));
        let answers = propose(&seen, name, Catalogue::bundled(), &ours(), &Remembered::default());
        Self { name, bytes: bytes.to_vec(), seen, answers }
    }
    fn file(&self) -> SourceFile<'_> {
        SourceFile { name: self.name, bytes: &self.bytes }
    }
    fn open(&self) -> Vec<Question> {
        questions(self.file(), &self.seen, &self.answers, Catalogue::bundled()).unwrap().questions
    }
    fn mapping(&self) -> Mapping {
        let source = Source { participant: ours(), publisher: "Police".into(), title: self.name.into() };
        let made = mapping(&self.seen, &self.answers, &source, Catalogue::bundled()).unwrap();
        // What is printed is the same mapping.
        let printed = made.print();
        assert_eq!(Mapping::parse(printed.as_bytes()).unwrap_or_else(|problem| panic!("{problem}\n{printed}")), made);
        made
    }
    fn read(&self) -> Result<Intake, Problems> {
        read_mapped(self.file(), &[], &self.mapping(), &HowCounted::default(), Catalogue::bundled(), &ours())
    }
    /// Form, period and cells of each table.
    fn tables(&self) -> Vec<String> {
        let read = self.read().unwrap_or_else(|problems| panic!("{problems}"));
        let cells = |taken: &super::super::Taken| {
            taken
                .table
                .cells
                .iter()
                .map(|(key, cell)| format!("{key}={}", cell.in_words()))
                .collect::<Vec<_>>()
                .join(" ")
        };
        read.tables
            .iter()
            .map(|taken| format!("{} {}: {}", taken.table.form, taken.table.period, cells(taken)))
            .collect()
    }
}

#[test]
fn a_tidy_file_leaves_few_questions() {
    let text = "year,indicator,nationality_as_printed,count,page\n2020,refused_entry,Indian,75,49\n2020,refused_entry,Chinese,47,49\n2020,refused_entry,Other Nations,10,50\n2021,refused_entry,Indian,7,51\n2021,refused_entry,Elbonian,1,52\n";
    let mut tried = Tried::new("refused.csv", text.as_bytes());
    assert_eq!(tried.answers.columns["nationality_as_printed"], Role::Dimension("citizenship".into()));
    assert_eq!(tried.answers.columns["indicator"], Role::Topic);
    assert_eq!(tried.answers.columns["count"], Role::Count);
    assert_eq!(tried.answers.labels["citizenship"]["Other Nations"], "_O");
    // A column that says nothing we know, a label nobody knows, whether the list is whole, and the unit.
    let open = tried.open();
    assert!(open.contains(&Question::Column("page".into())), "{open:?}");
    assert!(matches!(&open[1], Question::Label(asked) if asked.label == "Elbonian"), "{open:?}");
    assert!(open.contains(&Question::Complete), "{open:?}");
    assert_eq!(open.len(), 4, "{open:?}");

    tried.answers.columns.insert("page".into(), Role::Ignored);
    tried.answers.labels.get_mut("citizenship").unwrap().insert("Elbonian".into(), "_U".into());
    tried.answers.complete = Some(true);
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.open(), []);
    assert_eq!(tried.tables(), ["RE_CIT 2020: CHN=47 IND=75 _O=10 _T=132", "RE_CIT 2021: IND=7 _T=8 _U=1"]);
}

#[test]
fn a_wide_sheet_with_a_title_and_a_total_is_read() {
    let text = "Irregular entries by nationality;;;\n;;;\nNationalité;2021;2022;2023\nAfghanistan;10;1 200;-\nSyria;20;5;7\nIraq;5;<5;1\nTotal;35;1 208;8\nSource: police;;;\n";
    let mut tried = Tried::new("entries.csv", text.as_bytes());
    assert_eq!((tried.seen.rules.header_line, tried.seen.rules.delimiter.char()), (3, ';'));
    assert_eq!(tried.seen.title, "Irregular entries by nationality");
    assert_eq!(tried.answers.topic.as_ref().unwrap().as_str(), "IE");
    assert_eq!(tried.answers.columns["2021"], Role::PeriodInHeading);
    assert_eq!(tried.answers.labels["citizenship"]["Total"], "_T");
    assert_eq!(tried.answers.states["<5"], "fewer-than-5");
    let open = tried.open();
    assert!(open.contains(&Question::Mark("-".into())), "{open:?}");
    tried.answers.states.insert("-".into(), "no-row".into());
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.open(), []);
    assert_eq!(
        tried.tables(),
        [
            "IE_CIT 2021: AFG=10 IRQ=5 SYR=20 _T=35",
            "IE_CIT 2022: AFG=1200 IRQ=fewer than 5 SYR=5 _T=1208",
            "IE_CIT 2023: IRQ=1 SYR=7 _T=8",
        ]
    );
}

#[test]
fn a_total_among_ordinary_rows_is_found_by_its_sum_and_asked_about() {
    let text = "month,country,persons\n2021-01,AFG,1\n2021-01,IRQ,2\n2021-01,SYR,3\n2021-01,Whole territory,6\n2021-02,AFG,4\n2021-02,IRQ,5\n2021-02,SYR,6\n2021-02,Whole territory,15\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    let asked = |open: &[Question]| match &open[0] {
        Question::Label(asked) => (asked.label.clone(), asked.is_sum),
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&tried.open()), ("Whole territory".into(), true));
    tried.answers.labels.get_mut("citizenship").unwrap().insert("Whole territory".into(), "_T".into());
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.open(), []);
    assert_eq!(tried.tables()[0], "IE_CIT 2021-01: AFG=1 IRQ=2 SYR=3 _T=6");
    // A country whose figure is by chance the sum of the others is asked about too, and never added in or left out alone.
    let text = text.replace("Whole territory", "IRN");
    let tried = Tried::new("irregular entries.csv", text.as_bytes());
    assert_eq!(asked(&tried.open()), ("IRN".into(), true));
}

#[test]
fn two_labels_of_one_country_are_refused_until_somebody_says_that_they_are_parts() {
    let text = "month,citizenship,persons\n2021-01,GIN,1\n2021-01,GIN,2\n2021-02,GIN,3\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.complete = Some(true);
    tried.answers.metadata.unit = Some("persons".into());
    assert!(tried.read().unwrap_err().to_string().contains("repeated"));
    tried.answers.add_repeated = true;
    assert_eq!(tried.tables(), ["IE_CIT 2021-01: GIN=3 _T=3", "IE_CIT 2021-02: GIN=3 _T=3"]);
}

#[test]
fn breakdowns_in_headings_and_in_columns_make_several_forms() {
    let text =
        "Quarter,Country of origin,Men,Women,Total\nQ1 2022,Mali,3,1,4\nQ1 2022,Chad,2,2,4\nQ1 2022,Total,5,3,8\n";
    let mut tried = Tried::new("Apprehensions at the border.csv", text.as_bytes());
    assert_eq!(tried.answers.columns["Men"], Role::DimensionInHeading("sex".into()));
    assert_eq!(tried.answers.columns["Total"], Role::DimensionInHeading("sex".into()));
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.open(), [], "{:?}", tried.answers);
    let tables = ["IE_CIT 2022-Q1: MLI=4 TCD=4 _T=8", "IE_SXA 2022-Q1: F / _T=3 M / _T=5 _T / _T=8"];
    assert_eq!(tried.tables(), tables);
}

#[test]
fn one_side_of_a_cross_is_answered_with_totals_of_the_other() {
    let text = "month,demographic,persons\n2021-01,men,5\n2021-01,women,3\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.metadata.unit = Some("persons".into());
    tried.answers.complete = Some(true);
    assert_eq!(tried.open(), [], "{:?}", tried.answers);
    assert_eq!(tried.tables(), ["IE_SXA 2021-01: F / _T=3 M / _T=5 _T / _T=8"]);
}

#[test]
fn a_file_that_turns_from_years_to_months_keeps_its_years() {
    let months: String = (1..=6).map(|month| format!("2020-{month:02},MLI,2\n")).collect();
    let text = format!("period,citizenship,persons\n2019,MLI,9\n{months}");
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.metadata.unit = Some("persons".into());
    tried.answers.complete = Some(true);
    tried.answers.make = vec![super::Made::Quarter];
    assert_eq!(tried.tables(), ["IE_CIT 2019: MLI=9 _T=9", "IE_CIT 2020-Q1: MLI=6 _T=6", "IE_CIT 2020-Q2: MLI=6 _T=6"]);
}

#[test]
fn cases_are_recognised_and_a_day_that_fits_two_orders_is_asked_about() {
    let text =
        "id,detected on,nationality,sex,age,came from\n1,03/04/2022,Mali,m,17,Libya\n2,05/06/2022,Chad,f,30,Libya\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    assert!(!tried.answers.columns.contains_key("detected on"));
    assert!(tried.open().contains(&Question::Column("detected on".into())));
    let order = super::DateOrder::DayMonthYear;
    tried.answers.columns.insert("detected on".into(), Role::Date(order));
    for column in ["id", "came from"] {
        tried.answers.columns.entry(column.into()).or_insert(Role::Ignored);
    }
    assert!(tried.answers.is_of_cases());
    assert_eq!(tried.answers.columns["age"], Role::AgeInYears);
    tried.answers.metadata.unit = Some("persons".into());
    let forms = super::propose::possible_forms(&tried.answers, Catalogue::bundled());
    tried.answers.forms = forms.iter().filter(|form| !form.extension).map(|form| form.code.clone()).collect();
    tried.answers.make = vec![super::Made::Quarter];
    assert_eq!(tried.open(), []);
    let tables = tried.tables();
    assert!(tables.iter().any(|table| table == "IE_CIT 2022-Q2: MLI=1 TCD=1 _T=2"), "{tables:?}");
}

#[test]
fn a_heading_that_identifies_persons_is_refused_before_a_row_is_read() {
    let file = SourceFile { name: "x.csv", bytes: b"Passport number,country\nX1,Mali\n" };
    assert!(see(file, &Layout::default()).unwrap_err().to_string().contains("person's document"));
}

#[test]
fn old_encodings_are_proposed_and_said() {
    let tried = Tried::new("irregular entries.csv", b"Ann\xE9e;Pays;Nombre\n2021;C\xF4te d'Ivoire;3\n");
    assert_eq!(tried.seen.rules.encoding, super::Encoding::Windows1252);
    assert_eq!(tried.answers.columns["Année"], Role::Year);
    assert_eq!(tried.answers.columns["Pays"], Role::Dimension("citizenship".into()));
    assert_eq!(tried.answers.columns["Nombre"], Role::Count);
}

#[test]
fn what_was_answered_is_proposed_for_the_next_file() {
    let text = "year,citizenship,persons\n2020,Elbonian,1\n2020,IND,2\n2020,MLI,2\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.labels.entry("citizenship".into()).or_default().insert("Elbonian".into(), LEFT_OUT.into());
    let text = text.replace("2020", "2021");
    let file = SourceFile { name: "next.csv", bytes: text.as_bytes() };
    let seen = see(file, &Layout::default()).unwrap();
    assert_eq!(seen.signature(), tried.seen.signature());
    let remembered =
        Remembered { answers: Some(tried.answers.clone()), is_of_another_file: true, labels: Default::default() };
    let next = propose(&seen, "next.csv", Catalogue::bundled(), &ours(), &remembered);
    assert_eq!(next.labels, tried.answers.labels);
    assert_eq!(next.topic, tried.answers.topic);
    // Of a file with other headings, only the labels are known.
    let remembered = Remembered { labels: tried.answers.labels.clone(), ..Remembered::default() };
    let other = propose(&seen, "irregular entries.csv", Catalogue::bundled(), &ours(), &remembered);
    assert_eq!(other.labels["citizenship"]["Elbonian"], LEFT_OUT);
}

#[test]
fn a_role_is_read_as_it_is_printed() {
    for word in [
        "ignored",
        "date:day-month-year",
        "dimension:citizenship",
        "heading:period",
        "heading:sex",
        "only:Total: all",
        "count",
    ] {
        assert_eq!(Role::try_from(word.to_owned()).unwrap().to_string(), word);
    }
    assert!(Role::try_from("nothing".to_owned()).is_err());
}

#[test]
fn what_would_be_counted_twice_is_left_out_or_asked() {
    // Rows that were left out of a list are left out of the sums of other forms too.
    let text = "year,sex,age,citizenship,persons\n2021,m,18+,AFG,1\n2021,f,18+,AFG,2\n2021,m,18+,Region East,1\n2021,f,18+,Region East,2\n2021,m,0-17,IRQ,4\n2021,m,18+,IRQ,1\n2021,m,18+,SYR,1\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.labels.entry("citizenship".into()).or_default().insert("Region East".into(), LEFT_OUT.into());
    tried.answers.complete = Some(true);
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.open(), [], "{:?}", tried.answers);
    let tables = tried.tables();
    assert!(tables[1].ends_with("_T / _T=9"), "{tables:?}");
    // A list that is not whole makes no breakdown that would have to be added up of it.
    tried.answers.complete = Some(false);
    let possible = super::propose::possible_forms(&tried.answers, Catalogue::bundled());
    assert!(possible.is_empty(), "{possible:?}");

    // Sex and age side by side in headings are two breakdowns of the same persons.
    let text = "year,country,Men,Women,0-17,18+\n2021,AFG,1,2,1,2\n2021,IRQ,3,4,3,4\n";
    let tried = Tried::new("irregular entries.csv", text.as_bytes());
    let asked = ["Men", "Women", "0-17", "18+"].map(|name| Question::Column(name.into()));
    assert!(asked.iter().all(|question| tried.open().contains(question)), "{:?}", tried.open());

    // A region with a row for all regions is not added up to twice as much.
    let text = "year,country,region,persons\n2021,AFG,North,1\n2021,AFG,South,2\n2021,AFG,Total,3\n2021,IRQ,North,1\n2021,IRQ,Total,1\n2021,SYR,Total,5\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.columns.insert("region".into(), Role::AddedUp);
    tried.answers.complete = Some(true);
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.tables(), ["IE_CIT 2021: AFG=3 IRQ=1 SYR=5 _T=9"]);

    // A whole and its part, both about one topic, are asked about.
    let text = "year,indicator,country,persons\n2021,Apprehensions,AFG,5\n2021,Apprehensions at sea,AFG,2\n";
    let tried = Tried::new("x.csv", text.as_bytes());
    assert!(tried.answers.topics.is_empty(), "{:?}", tried.answers.topics);
}

#[test]
fn a_row_that_lost_its_figure_is_asked_about() {
    let tried = Tried::new("irregular entries.csv", b"year,country,persons\n2021,AFG,5\n2021,SYR,\n,IRQ,\n");
    assert!(tried.open().contains(&Question::Mark(String::new())), "{:?}", tried.open());
}

#[test]
fn men_and_women_are_not_told_apart_by_one_letter_alone() {
    let text = "year,sexo,age,persons\n2021,H,18+,1\n2021,M,18+,2\n";
    let mut tried = Tried::new("irregular entries.csv", text.as_bytes());
    tried.answers.columns.insert("sexo".into(), Role::Dimension("sex".into()));
    tried.answers.labels.entry("sex".into()).or_default().insert("H".into(), "M".into());
    let open = tried.open();
    assert!(open.iter().any(|asked| matches!(asked, Question::Label(asked) if asked.label == "M")), "{open:?}");
}

#[test]
fn a_day_that_is_the_same_everywhere_does_not_take_the_place_of_the_year() {
    let text =
        "year,country,persons,extracted_on\n2022,AFG,1,2023-01-15\n2022,IRQ,2,2023-01-15\n2022,SYR,2,2023-01-15\n";
    let tried = Tried::new("irregular entries.csv", text.as_bytes());
    assert!(tried.open().contains(&Question::Column("extracted_on".into())), "{:?}", tried.answers);
    let tried = Tried::new("irregular entries.csv", b"Quarter,country,persons\n2021/1,AFG,1\n2021/2,AFG,2\n");
    assert!(tried.open().contains(&Question::Column("Quarter".into())), "{:?}", tried.answers);
}

#[test]
fn a_nameless_column_beside_columns_that_become_rows_has_one_name() {
    let mut tried = Tried::new("irregular entries.csv", b"country;2021;2022;;\nAFG;1;2;;\n");
    tried.answers.complete = Some(true);
    tried.answers.metadata.unit = Some("persons".into());
    assert_eq!(tried.tables(), ["IE_CIT 2021: AFG=1 _T=1", "IE_CIT 2022: AFG=2 _T=2"]);
}
