//! From a sheet to canonical CSV, and from a line of it back to the row that a problem is about.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::id::{Code, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;

use super::fields::{self, Field, Typed};
use super::routes::routes;
use super::{Row, Sheet};
use crate::aliases::PRINTERS;
use crate::canonical::{heading, quoted};
use crate::labels::{Found, Labels};
use crate::mapping::LabelRules;
use crate::problems::{Flaw, Problem};

/// The lists in which a country is looked for, before those of the printers whose names for it are known.
const COUNTRY_LISTS: [&str; 4] = ["codes", "names", "alpha-2", "m49"];

/// A sheet as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Canonical CSV.
    pub text: String,
    /// The first line of each row that has an answer, by row of the sheet.
    rows: BTreeMap<u64, usize>,
}

impl Written {
    /// The row of the sheet that stands in a line of the file.
    #[must_use]
    pub fn row_at(&self, line: u64) -> Option<usize> {
        self.rows.range(..=line).next_back().map(|(_, row)| *row)
    }
}

impl Written {
    /// The file with each row on the line that is given for it, counted from 1, so that a problem names the row of a workbook.
    /// Lines go up; the heading stands on the first.
    #[must_use]
    pub fn on_lines(&self, lines: &[u64]) -> String {
        let mut text = String::new();
        let mut at = 1;
        let mut place = None;
        for (line, row) in (1..).zip(self.text.lines()) {
            if let Some(wanted) = self.rows.get(&line) {
                place = lines.get(*wanted).copied();
            }
            while place.is_some_and(|wanted| at < wanted) {
                text.push('\n');
                at += 1;
            }
            text.push_str(row);
            text.push('\n');
            at += 1;
        }
        text
    }
}

/// A problem of a sheet, and the row it is about; `None`: the whole sheet.
pub type RowProblem = (Option<usize>, Problem);

/// Writes what was answered; rows without an answer are left out, and so stay unanswered.
///
/// # Errors
/// Codes that nobody knows, and a core cell without an answer.
pub fn write(
    sheet: &Sheet,
    form: &Form,
    period: Period,
    participant: &ParticipantCode,
    catalogue: &Catalogue,
) -> Result<Written, Vec<RowProblem>> {
    let readers = Readers::new(form, catalogue);
    let mut problems = Vec::new();
    let mut written = Written { text: heading(form).join(",") + "\n", rows: BTreeMap::new() };
    let mut keys = Vec::new();
    let mut line = 2;
    for (place, row) in sheet.rows.iter().enumerate() {
        if row.is_blank() {
            continue;
        }
        match readers.row(row) {
            Ok((key, answer)) => {
                let before = [form.code.to_string(), period.to_string(), participant.to_string()];
                let codes = key.0.iter().map(ToString::to_string);
                let fields: Vec<String> =
                    before.into_iter().chain(codes).chain(answer).map(|field| quoted(&field)).collect();
                let text = fields.join(",");
                written.rows.insert(line, place);
                line += 1 + text.matches('\n').count() as u64;
                written.text.push_str(&text);
                written.text.push('\n');
                keys.push(key);
            }
            Err(problem) => problems.push((Some(place), problem)),
        }
    }
    problems.extend(unanswered(sheet, form, &keys, problems.is_empty()));
    if problems.is_empty() { Ok(written) } else { Err(problems) }
}

/// The notes on rows, by the cell they are about, answered or not. A step of a route that is not answered has no cell: its note
/// goes to the step before it. Two notes on one cell become one.
///
/// # Errors
/// Codes that nobody knows, and a route without a step.
pub fn notes(sheet: &Sheet, form: &Form, catalogue: &Catalogue) -> Result<BTreeMap<Key, String>, Vec<RowProblem>> {
    let readers = Readers::new(form, catalogue);
    let noted = sheet.rows.iter().enumerate().filter(|(_, row)| !row.note.trim().is_empty());
    let mut notes: BTreeMap<Key, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (place, row) in noted {
        let about = if form.kind == Kind::Routes { step_near(sheet, place) } else { Some(row) };
        let key = about.map_or_else(
            || {
                Err(Problem::of_file(
                    Flaw::Missing("the note is about a step without a country".into()),
                    "a step in its route, or no note",
                ))
            },
            |row| readers.key(row),
        );
        match key {
            Ok(key) => {
                let note = notes.entry(key).or_default();
                if !note.is_empty() {
                    note.push('\n');
                }
                note.push_str(row.note.trim());
            }
            Err(problem) => problems.push((Some(place), problem)),
        }
    }
    if problems.is_empty() { Ok(notes) } else { Err(problems) }
}

/// The answered step of a route at or before this row, else the first behind it.
fn step_near(sheet: &Sheet, place: usize) -> Option<&Row> {
    let route = routes(sheet).into_iter().find(|route| route.rows.contains(&place))?;
    let before = sheet.rows[route.rows.start..=place].iter().rev();
    before.chain(&sheet.rows[place + 1..route.rows.end]).find(|row| !row.is_blank())
}

/// The core cells that have no answer: without them the table gives no standing, which a person should not learn later.
fn unanswered(sheet: &Sheet, form: &Form, keys: &[Key], complain_of_nothing: bool) -> Vec<RowProblem> {
    let missing = form.core.iter().filter(|core| !keys.contains(core));
    let codes = |key: &Key| key.0.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut problems: Vec<RowProblem> = missing
        .map(|core| {
            let row = sheet.rows.iter().position(|row| row.codes == codes(core));
            let flaw = Flaw::Missing("this is the figure the whole table rests on, and it has no answer".into());
            (row, Problem::of_file(flaw, "a number, where zero is written 0; or the letter of a reason"))
        })
        .collect();
    if problems.is_empty() && keys.is_empty() && complain_of_nothing {
        problems.push((None, Problem::of_file(Flaw::Empty("no row has an answer"), "an answer in at least one row")));
    }
    problems
}

/// What reads the codes of a form's rows.
struct Readers<'c> {
    dimensions: Vec<(String, Labels<'c>)>,
    fields: Vec<(&'static str, Field)>,
    countries: Labels<'c>,
}

impl<'c> Readers<'c> {
    fn new(form: &Form, catalogue: &'c Catalogue) -> Self {
        let dimensions =
            form.dimensions.iter().map(|dimension| (dimension.code.clone(), labels(dimension, catalogue))).collect();
        let country = Dimension { code: "country".into(), list: "country".into() };
        Self { dimensions, fields: fields::of(form, catalogue), countries: labels(&country, catalogue) }
    }

    fn key(&self, row: &Row) -> Result<Key, Problem> {
        let mut key = Vec::new();
        for (place, (dimension, labels)) in self.dimensions.iter().enumerate() {
            let typed = row.codes.get(place).map_or("", String::as_str);
            key.push(code(typed, labels).map_err(|(flaw, accepted)| Problem::at(0, dimension, typed, flaw, accepted))?);
        }
        Ok(Key(key))
    }

    /// Key of a row, and its value columns with status and conf.
    fn row(&self, row: &Row) -> Result<(Key, Vec<String>), Problem> {
        let key = self.key(row)?;
        let typed = |place: usize| row.values.get(place).map_or("", String::as_str);
        if matches!(self.fields.as_slice(), [(_, Field::Count)]) {
            let Typed { value, status, conf } = Typed::read(typed(0));
            return Ok((key, vec![value, status.into(), conf.into()]));
        }
        let mut answer = Vec::new();
        for (place, (column, field)) in self.fields.iter().enumerate() {
            let text = typed(place);
            answer.push(if *field == Field::Country && !text.trim().is_empty() {
                code(text, &self.countries)
                    .map_err(|(flaw, accepted)| Problem::at(0, column, text, flaw, accepted))?
                    .to_string()
            } else {
                text.replace("\r\n", "\n")
            });
        }
        let (status, conf) = fields::reason(&row.status).map_or(("", ""), |reason| reason.codes());
        answer.extend([status.to_owned(), conf.to_owned()]);
        Ok((key, answer))
    }
}

fn labels<'c>(dimension: &Dimension, catalogue: &'c Catalogue) -> Labels<'c> {
    if dimension.list != "country" {
        return Labels::codes(catalogue, dimension);
    }
    let printed = PRINTERS.iter().map(|printer| format!("printed:{printer}"));
    let lists = COUNTRY_LISTS.into_iter().map(str::to_owned).chain(printed).collect();
    let rules = LabelRules { lists, ..LabelRules::default() };
    // These lists exist; were one renamed, codes would still be read.
    Labels::declared(&rules, catalogue, dimension).unwrap_or_else(|_| Labels::codes(catalogue, dimension))
}

/// The code that was typed or chosen: a code or a name, or both as pages offer them, `Name (CODE)`.
fn code(typed: &str, labels: &Labels<'_>) -> Result<Code, (Flaw, String)> {
    if let Some(Ok(Found::Code(code))) = offered(typed).map(|code| labels.read(code)) {
        return Ok(code);
    }
    match labels.read(typed)? {
        Found::Code(code) => Ok(code),
        Found::Skip => Err((Flaw::UnknownCode("label".into()), String::new())),
    }
}

/// Reads what is typed for a country, as often as one likes.
pub struct Countries<'c>(Labels<'c>);

impl<'c> Countries<'c> {
    /// The names of a catalogue's countries, and those of the printers that are known.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self(labels(&Dimension { code: "country".into(), list: "country".into() }, catalogue))
    }

    /// The code that was typed: a code, `Name (CODE)`, or the name of a country in any language.
    #[must_use]
    pub fn code_of(&self, typed: &str) -> Option<Code> {
        code(typed, &self.0).ok().or_else(|| code_in(typed))
    }
}

/// The code in a field as pages fill it: a code, or `Name (CODE)`.
#[must_use]
pub fn code_in(text: &str) -> Option<Code> {
    Code::parse(offered(text).unwrap_or_else(|| text.trim())).ok()
}

/// The code of `Name (CODE)`.
fn offered(text: &str) -> Option<&str> {
    Some(text.trim().strip_suffix(')')?.rsplit_once('(')?.1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{HowCounted, read_canonical};
    use vrs_protocol::cell::Cell;
    use vrs_protocol::id::FormCode;

    fn form(code: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
    }
    fn write_of(code: &str, rows: &[(&[&str], &[&str])]) -> Result<Written, Vec<RowProblem>> {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        let row =
            |(codes, values): &(&[&str], &[&str])| Row { codes: owned(codes), values: owned(values), ..Row::default() };
        let sheet = Sheet { rows: rows.iter().map(row).collect(), ..Sheet::default() };
        let participant = ParticipantCode::parse("AUS").unwrap();
        write(&sheet, form(code), Period::parse("2021").unwrap(), &participant, Catalogue::bundled())
    }
    fn read(written: &Written) -> vrs_protocol::table::Table {
        let participant = ParticipantCode::parse("AUS").unwrap();
        let read = read_canonical(written.text.as_bytes(), &HowCounted::default(), Catalogue::bundled(), &participant);
        read.unwrap().tables.remove(0).table
    }

    #[test]
    fn countries_are_typed_by_name_or_code_in_any_language() {
        let rows: [(&[&str], &[&str]); 6] = [
            (&["_T"], &["60"]),
            (&["Afghanistan (AFG)"], &["10"]),
            (&["Iraq"], &["20"]),
            (&["Syria"], &["30 P"]),
            (&["Égypte"], &["L"]),
            (&[""], &[""]),
        ];
        let table = read(&write_of("IE_CIT", &rows).unwrap());
        let keys: Vec<String> = table.cells.keys().map(ToString::to_string).collect();
        assert_eq!(keys, ["AFG", "EGY", "IRQ", "SYR", "_T"]);
        assert_eq!(table.cells.values().nth(1), Some(&Cell::NotCollected));
    }

    #[test]
    fn an_unknown_name_is_asked_about_in_its_row() {
        let rows: [(&[&str], &[&str]); 3] = [(&["_T"], &["60"]), (&["Atlantis"], &["10"]), (&["Irak"], &["2"])];
        let problems = write_of("IE_CIT", &rows).unwrap_err();
        let places: Vec<Option<usize>> = problems.iter().map(|(row, _)| *row).collect();
        assert_eq!(places, [Some(1), Some(2)]);
        assert!(problems[1].1.accepted.contains("Iraq"), "{}", problems[1].1);
    }

    #[test]
    fn a_total_without_an_answer_is_not_complete_and_zero_is_an_answer() {
        let problems = write_of("IE_CIT", &[(&["_T"], &[""]), (&["AFG"], &["10"])]).unwrap_err();
        assert_eq!(problems[0].0, Some(0));
        assert!(write_of("IE_TOT", &[(&[], &[""])]).is_err());
        assert!(write_of("IE_TOT", &[(&[], &["0"])]).is_ok());
    }

    #[test]
    fn a_note_on_a_step_that_waits_goes_to_the_step_before_it() {
        let step = |step: &str, country: &str, note: &str| Row {
            codes: vec!["AFG".into(), "1".into(), step.into()],
            values: vec![country.into(), "TRANSIT".into(), String::new(), String::new()],
            note: note.into(),
            ..Row::default()
        };
        let waits = Row { values: Vec::new(), ..step("", "", "ask") };
        let rows = vec![step("1", "AFG", "seen"), waits.clone(), step("2", "TUR", "")];
        let sheet = Sheet { rows, ..Sheet::default() };
        let found = notes(&sheet, form("RT_CTY"), Catalogue::bundled()).unwrap();
        let found: Vec<(String, &str)> = found.iter().map(|(key, note)| (key.to_string(), note.as_str())).collect();
        assert_eq!(found, [("AFG / 1 / 1".to_owned(), "seen\nask")]);
        let alone = Sheet { rows: vec![waits], ..Sheet::default() };
        assert!(notes(&alone, form("RT_CTY"), Catalogue::bundled()).is_err());
    }

    #[test]
    fn a_text_of_several_lines_does_not_shift_the_rows() {
        let rows: [(&[&str], &[&str]); 2] =
            [(&["AFG", "IRN"], &["", "One.\r\nTwo, \"three\"."]), (&["IRN", "TUR"], &["", "Four."])];
        let written = write_of("IN", &rows).unwrap();
        assert_eq!((written.row_at(2), written.row_at(3), written.row_at(4)), (Some(0), Some(0), Some(1)));
        assert_eq!(read(&written).cells.len(), 2);
    }
}
