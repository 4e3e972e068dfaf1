//! Workbooks that an agency fills in without a network. Each question has a sheet of its own, whose rows are those of a [`Sheet`];
//! what a cell means is said by hidden rows above it, not by its place, so that a workbook with renamed sheets, moved columns and
//! half of its rows is still understood. Filled in, it comes back as the same sheets, and goes through the same intake as what is
//! typed at the console.

mod read;
mod write;

pub use read::{Filled, FilledSheet, is_template, read};
pub use write::{FormSheet, Template, write};

/// What the hidden row above the columns begins with, and the version of this layout.
const MARK: &str = "vrs:1";
/// The hidden sheet of the countries.
const CODES: &str = "_codes";
/// The name of the list of countries.
const COUNTRIES: &str = "vrs_countries";
/// Row of the hidden facts, of the hidden names of the columns, of the headings, and of the first answer; from 0.
const FACTS: u32 = 2;
const NAMES: u32 = 3;
const HEADS: u32 = 4;
const FIRST: u32 = 5;
/// The fields of "how it was counted".
const COUNTED: [&str; 10] = [
    "unit",
    "source",
    "legal_basis",
    "definition_followed",
    "deviation",
    "coverage",
    "double_counting",
    "period_deviation",
    "comment",
    "list_complete",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::id::{FormCode, ParticipantCode};
    use vrs_protocol::period::Period;

    use crate::sheet::Sheet;
    use crate::sheet::{csv, rows};
    use crate::{HowCounted, read_canonical};

    fn template(fill: impl Fn(&mut Sheet), codes: &[&str]) -> Vec<u8> {
        let catalogue = Catalogue::bundled();
        let forms = codes.iter().map(|code| {
            let form = catalogue.form(&FormCode::parse(code).unwrap()).unwrap();
            let mut sheet = rows::sheet(form, catalogue, None, |_, code| code.to_string());
            fill(&mut sheet);
            FormSheet {
                form,
                title: form.title.clone(),
                question: "Question?".into(),
                heads: vec!["Head".into(); 9],
                sheet,
            }
        });
        let template = Template {
            participant: &ParticipantCode::parse("FRA").unwrap(),
            agency: "BF",
            period: Period::parse("2021-Q1").unwrap(),
            intro: ("Read: me?".into(), vec!["Title".into(), "Text".into()]),
            counted: ("How it was counted".into(), vec!["x".into(); 11]),
            hint: "A whole number".into(),
            countries: vec!["Afghanistan (AFG)".into(), "Mali (MLI)".into()],
            forms: forms.collect(),
        };
        write(&template, catalogue).unwrap()
    }

    #[test]
    fn a_blank_workbook_says_nothing() {
        let bytes = template(|_| {}, &["IE_TOT", "IE_CIT", "IE_SXA", "MF_FEE", "RT_CTY", "IN"]);
        assert!(is_template(&bytes));
        let filled = read(&bytes, Catalogue::bundled()).unwrap();
        assert_eq!((filled.sheets.len(), filled.ignored), (0, vec!["Read  me ".to_owned()]));
    }

    #[test]
    fn what_was_filled_in_comes_back_with_the_rows_of_the_workbook() {
        let fill = |sheet: &mut Sheet| {
            sheet.rows[0].values = vec!["1 234 P".into()];
            sheet.metadata.coverage = Some("All".into());
            sheet.metadata.list_complete = true;
            if let Some(row) = sheet.rows.iter_mut().find(|row| row.codes == [""]) {
                row.codes[0] = "Mali (MLI)".into();
                row.values = vec!["=1+1".into()];
            }
        };
        let bytes = template(fill, &["IE_TOT", "IE_CIT"]);
        let filled = read(&bytes, Catalogue::bundled()).unwrap();
        assert_eq!(filled.sheets.len(), 2);
        let list = &filled.sheets[1];
        assert_eq!(
            (list.form.as_str(), list.period.to_string().as_str(), list.agency.as_str()),
            ("IE_CIT", "2021-Q1", "BF")
        );
        assert_eq!(list.sheet.metadata.coverage.as_deref(), Some("All"));
        assert!(list.sheet.metadata.list_complete);
        // What looks like a formula is a text, and is refused as any text is.
        assert_eq!(list.sheet.rows[1].values, ["=1+1"]);
        let mut right = list.sheet.clone();
        right.rows[1].values[0] = "34".into();
        let catalogue = Catalogue::bundled();
        let form = catalogue.form(&list.form).unwrap();
        let ours = ParticipantCode::parse("FRA").unwrap();
        let written = csv::write(&right, form, list.period, &ours, catalogue).unwrap();
        let text = written.on_lines(&list.lines);
        let read = read_canonical(text.as_bytes(), &HowCounted::default(), catalogue, &ours).unwrap();
        let lines: Vec<u64> = read.tables[0].lines.values().copied().collect();
        let mut rows = list.lines.clone();
        rows.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(lines, rows, "{text}");
    }
}
