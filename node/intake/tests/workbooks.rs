//! Workbooks as they come from agencies: dates, merged cells, formulas, hidden sheets, and archives that want to do harm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use vrs_intake::workbook::{Remark, SheetName, read, sheets};
use vrs_intake::{HowCounted, Mapping, SourceFile, read_mapped};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;
use zip::write::SimpleFileOptions;

fn refusal(bytes: &[u8]) -> String {
    read(bytes, None).unwrap_err().to_string()
}

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The parts of a workbook that a program has saved, to change one of them.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut held = Vec::new();
        std::io::copy(&mut part, &mut held).unwrap();
        parts.push((part.name().unwrap().into_owned(), held));
    }
    parts
}

fn changed(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut all = parts(bytes);
    let part = all.iter_mut().find(|(own, _)| own == name).unwrap();
    part.1 = change(String::from_utf8(part.1.clone()).unwrap()).into_bytes();
    let all: Vec<(&str, &[u8])> = all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    archive(&all)
}

#[test]
fn a_sheet_becomes_text_on_the_lines_of_its_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("March").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(0, 0, "Police, \"figures\"").unwrap();
    for (column, name) in ["Country", "Date", "Persons", "Share"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).unwrap();
    }
    sheet.write(3, 0, "Côte\nd’Ivoire").unwrap();
    sheet.write_with_format(3, 1, ExcelDateTime::from_ymd(2024, 3, 31).unwrap(), &day).unwrap();
    sheet.write(3, 2, 1200).unwrap();
    sheet.write(3, 3, 0.125).unwrap();
    sheet.write(4, 0, "Total").unwrap();
    sheet.write_formula(4, 2, Formula::new("=SUM(C4:C4)").set_result("1200")).unwrap();
    book.add_worksheet().set_name("Notes").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let shown = |name: &str, is_visible| SheetName { name: name.into(), is_visible };
    assert_eq!(sheets(&bytes).unwrap(), [shown("March", true), shown("Notes", false)]);
    let text = read(&bytes, None).unwrap();
    assert_eq!(
        text.text,
        "\"Police, \"\"figures\"\"\",,,\n\nCountry,Date,Persons,Share\nCôte d’Ivoire,2024-03-31,1200,0.1250\nTotal,,1200,\n"
    );
    assert_eq!(text.remarks, [Remark::Formulas(1)]);
    assert_eq!(read(&bytes, Some("Notes")).unwrap().text, "x\n");
    let refused = read(&bytes, Some("April")).unwrap_err().to_string();
    assert!(refused.contains("one of its sheets: March, Notes"), "{refused}");
}

#[test]
fn merged_cells_are_read_in_each_of_their_rows_and_figures_only_once() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    for (column, name) in ["Year", "Country", "Persons"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "", &plain).unwrap();
    sheet.write(1, 0, 2021).unwrap();
    sheet.write(1, 1, "Mali").unwrap();
    sheet.write(2, 1, "Chad").unwrap();
    sheet.merge_range(1, 2, 2, 2, "", &plain).unwrap();
    sheet.write(1, 2, 7).unwrap();
    sheet.merge_range(3, 0, 4, 0, "", &plain).unwrap();
    sheet.write(3, 0, 2022).unwrap();
    sheet.write(3, 1, "Mali").unwrap();
    sheet.write(4, 1, "Chad").unwrap();
    // A count may look like a year.
    sheet.merge_range(3, 2, 4, 2, "", &plain).unwrap();
    sheet.write(3, 2, 2000).unwrap();
    let text = read(&book.save_to_buffer().unwrap(), None).unwrap();
    assert_eq!(text.text, "Year,Country,Persons\n2021,Mali,7\n2021,Chad,\n2022,Mali,2000\n2022,Chad,\n");
    let merged = |area: &str| Remark::Merged(area.into());
    let figure = |area: &str| Remark::MergedFigure(area.into());
    assert_eq!(text.remarks, [merged("A2:A3"), figure("C2:C3"), merged("A4:A5"), figure("C4:C5")]);
}

#[test]
fn a_workbook_is_imported_through_a_mapping_and_names_its_rows() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").unwrap().write(0, 0, "nothing").unwrap();
    let sheet = book.add_worksheet().set_name("Data").unwrap();
    for (column, name) in ["Country", "2021", "2022"].into_iter().enumerate() {
        sheet.write(1, column as u16, name).unwrap();
    }
    for (row, (country, first, second)) in [("Mali", 1, 2), ("Chad", 3, 4)].into_iter().enumerate() {
        sheet.write(row as u32 + 2, 0, country).unwrap();
        sheet.write(row as u32 + 2, 1, first).unwrap();
        sheet.write(row as u32 + 2, 2, second).unwrap();
    }
    sheet.write(5, 0, "Source: the police").unwrap();
    let mapping = "format = 1
        [publication]\npublisher = 'P'\ntitle = 'T'\nlicence = 'L'
        [file]\nparticipant = 'FRA'\nsheet = 'Data'\nheader_line = 2\nnotes_below = true
        unfold = { columns = ['2021', '2022'], into = 'year', value = 'persons' }
        [labels.c]\nlists = ['names']
        [[table]]\nform = 'IE_CIT'\nperiod = { column = 'year' }
        dimensions = { citizenship = { column = 'Country', labels = 'c' } }
        value = { column = 'persons' }\ntotal = { from = 'sum' }\nmetadata = { unit = 'persons' }";
    let mapping = Mapping::parse(mapping.as_bytes()).unwrap_or_else(|problem| panic!("{problem}"));
    let import = |bytes: &[u8]| {
        let ours = ParticipantCode::parse("FRA").unwrap();
        let file = SourceFile { name: "figures.xlsx", bytes };
        read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &ours)
    };
    let read = import(&book.save_to_buffer().unwrap()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((read.tables.len(), read.tables[0].lines.values().copied().collect::<Vec<_>>()), (2, vec![3, 4]));
    book.worksheet_from_name("Data").unwrap().write(3, 0, "Elbonia").unwrap();
    let refused = import(&book.save_to_buffer().unwrap()).unwrap_err();
    assert_eq!(refused.listed[0].line, 4, "{refused}");
}

#[test]
fn archives_that_want_to_do_harm_are_refused_before_they_do() {
    // A thousand times larger inside.
    let bomb = archive(&[("xl/worksheets/sheet1.xml", &vec![b' '; 200 << 20])]);
    assert!(bomb.len() < 1 << 20);
    assert!(refusal(&bomb).contains("unpacked it has more than"), "{}", refusal(&bomb));
    let many: Vec<String> = (0..2_001).map(|part| format!("part{part}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(refusal(&archive(&many)).contains("2001 parts"));
    assert!(refusal(&archive(&[("xl/vbaProject.bin", b"x")])).contains("macros"));
    assert!(refusal(&archive(&[("readme.txt", b"no workbook")])).contains("damaged"));
    assert!(refusal(b"PK\x03\x04 and no more").contains("damaged"));

    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, 1).unwrap();
    let good = book.save_to_buffer().unwrap();
    assert!(refusal(&good[..good.len() / 2]).contains("damaged"));
    // A cell in the last corner of a sheet would be a grid of seventeen thousand million cells.
    let sheet = "xl/worksheets/sheet1.xml";
    let far = changed(&good, sheet, |xml| {
        xml.replace("r=\"A1\"", "r=\"XFD1048576\"").replace("<row r=\"1\"", "<row r=\"1048576\"")
    });
    assert!(refusal(&far).contains("XFD1048576"), "{}", refusal(&far));
    // A merged area of all cells, many times.
    let areas = "<mergeCell ref=\"A1:DX200000\"/>".repeat(9);
    let merged = format!("</sheetData><mergeCells count=\"9\">{areas}</mergeCells>");
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap();
    let merged = changed(&book.save_to_buffer().unwrap(), sheet, |xml| xml.replace("</sheetData>", &merged));
    assert!(refusal(&merged).contains("merged areas"), "{}", refusal(&merged));
    let huge = changed(&good, sheet, |xml| xml.replace("r=\"A1\"", "r=\"A99999999999\""));
    assert!(read(&huge, None).is_err());
}

#[test]
fn a_formula_without_a_result_is_no_blank() {
    let mut book = Workbook::new();
    book.add_worksheet().write_formula(2, 1, "=A1+1").unwrap();
    let bytes = changed(&book.save_to_buffer().unwrap(), "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>0</v>", ""));
    assert!(refusal(&bytes).contains("B3 is a formula"), "{}", refusal(&bytes));
}
