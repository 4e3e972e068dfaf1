//! What agencies noted beside their figures, as a table below them. It is shown to who works with the figures here, and
//! leaves with none.

use vrs_console::domain::tables::key_words;
use vrs_console::problem::Problem;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::catalogue::Form;
use vrs_protocol::period::Period;

use super::App;
use super::frame::problem;
use crate::national::AgencyTable;
use crate::say;
use crate::sheet::{Note, Subject};

/// The notes of these agencies on a form and period; `None`: there is none.
pub(super) async fn notes(
    app: &App,
    form: &Form,
    period: Period,
    agencies: &[AgencyTable],
) -> Result<Option<FigureTable>, Problem> {
    let columns = [
        Column::text(say("word-cell")),
        Column::text(say("me-agency")),
        Column::text(say("sheet-note")),
        Column::text(say("sheet-noted")),
    ];
    let mut table = FigureTable::new(say("sheet-notes-of-agencies"), columns);
    let mut any = false;
    for own in agencies {
        let of = Subject { agency: own.agency.clone(), form: form.code.clone(), period };
        let notes = app.node.notes(&of).await.map_err(problem)?;
        any |= !notes.is_empty();
        let row = |cell: String, note: &Note| {
            let written = say("table-by")
                .with("name", note.by.clone())
                .with("day", app.moment(note.at.0).day().to_string())
                .to_string();
            Row::new(cell).text(own.agency.as_str()).text(note.text.clone()).text(written)
        };
        if let Some(note) = &notes.whole {
            table = table.row(row(say("sheet-whole-table").into(), note));
        }
        for (key, note) in &notes.cells {
            table = table.row(row(key_words(key, form, app.node.catalogue()), note));
        }
    }
    Ok(any.then_some(table))
}
