//! On the page of a table: the agencies' figures side by side with the national ones, and the figures that a person sets by hand
//! over them.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::cells::{placed, shown};
use vrs_console::domain::tables::{key_words, ordered};
use vrs_console::layout::Tone;
use vrs_console::moment::Moment;
use vrs_console::numbers::{State as Gap, grouped};
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell as Placed, Column, FigureTable, Row};
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::cell::Cell;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

use super::App;
use super::frame::{capital, problem};
use crate::national::{AgencyTable, National, by_hand};
use crate::say;

/// A figure that was set by hand.
pub(super) struct SetByHand {
    /// The cell's codes, as the form sends them back.
    pub(super) codes: String,
    /// The cell in words.
    pub(super) place: String,
    pub(super) figure: String,
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) reason: String,
    /// What the agencies said then, and what they say now where that is something else.
    pub(super) then: String,
    pub(super) now: Option<String>,
}

/// Every key of anybody, those on which agencies disagree first.
fn keys(form: &CatalogueForm, period: Period, national: Option<&National>, agencies: &[AgencyTable]) -> Vec<Key> {
    let mut all = Table::new(form.code.clone(), period);
    let tables = agencies.iter().map(|own| &own.table).chain(national.map(|national| &national.table));
    for table in tables {
        all.cells.extend(table.cells.iter().map(|(key, cell)| (key.clone(), cell.clone())));
    }
    let mut keys = ordered(&all);
    keys.sort_by_key(|key| difference(agencies, key).is_none());
    keys
}

/// How the answers of several agencies to one cell differ; `None` where fewer than two answer, or all alike.
fn difference(agencies: &[AgencyTable], key: &Key) -> Option<String> {
    let answers: Vec<&Cell> = agencies.iter().filter_map(|own| own.table.cell(key)).collect();
    if answers.windows(2).all(|pair| pair[0] == pair[1]) {
        return None;
    }
    let counts: Option<Vec<u64>> = answers.iter().map(|cell| cell.as_count()).collect();
    Some(match counts.and_then(|counts| Some(counts.iter().max()? - counts.iter().min()?)) {
        Some(0) | None => say("beside-differ").into(),
        Some(by) => say("beside-differ-by").with("count", grouped(by)).into(),
    })
}

/// What stands beside the agencies.
pub(super) enum Beside<'n> {
    /// The national table, where there is one.
    National(Option<&'n National>),
    /// Nothing: who looks is one of the agencies.
    AgenciesOnly,
}

/// A row for each cell that anybody answers, a column for each agency; disagreement first.
pub(super) fn beside(
    app: &App,
    form: &CatalogueForm,
    period: Period,
    of: Beside<'_>,
    agencies: &[AgencyTable],
) -> FigureTable {
    let catalogue = app.node.catalogue();
    let mut columns = vec![Column::text(say("word-cell"))];
    let national = match of {
        Beside::National(national) => {
            columns.push(Column::number(say("table-national")));
            national
        }
        Beside::AgenciesOnly => None,
    };
    columns.extend(agencies.iter().map(|own| Column::number(own.agency.as_str())));
    columns.push(Column::text(say("beside-difference")));
    let mut table = FigureTable::new(say("table-agencies-side-by-side"), columns);
    for key in keys(form, period, national, agencies) {
        let mut row = Row::new(key_words(&key, form, catalogue));
        row = match national.and_then(|national| Some((national, national.table.cell(&key)?))) {
            Some((national, cell)) => row.cell(marked(placed(cell), national.by_hand.contains_key(&key))),
            None if matches!(of, Beside::National(_)) => row.figure(Gap::NotReported),
            None => row,
        };
        for own in agencies {
            row = match own.table.cell(&key) {
                Some(cell) => row.cell(placed(cell)),
                None => row.figure(Gap::NotReported),
            };
        }
        row = match difference(agencies, &key) {
            Some(words) => row.cell(Placed::Badge(Tone::Caution, words)),
            None => row.text(""),
        };
        table = table.row(if key.is_total() { row.total() } else { row });
    }
    table
}

/// With the mark of what was set by hand.
fn marked(cell: Placed, by_hand: bool) -> Placed {
    match cell {
        Placed::Figure(figure) if by_hand => Placed::Figure(figure.mark('H', say("beside-set-by-hand"))),
        other => other,
    }
}

/// The figures that were set by hand, with what stands under them.
pub(super) fn set_by_hand(
    app: &App,
    form: &CatalogueForm,
    national: &National,
    agencies: &[AgencyTable],
) -> Vec<SetByHand> {
    let said = |answers: &[by_hand::Answered]| match answers {
        [] => say("beside-nobody-answers").to_string(),
        some => some.iter().map(|(agency, answer)| format!("{agency} {answer}")).collect::<Vec<_>>().join(", "),
    };
    let of = |(key, set): (&Key, &by_hand::ByHand)| SetByHand {
        codes: codes(key),
        place: key_words(key, form, app.node.catalogue()),
        figure: shown(&set.cell).text(),
        by: set.by.clone(),
        at: app.moment(set.at.0),
        reason: set.reason.clone(),
        then: said(&set.under),
        now: national.stale.contains(key).then(|| said(&by_hand::answers(agencies, key))),
    };
    national.by_hand.iter().map(of).collect()
}

/// What may be set by hand: the codes of each cell that anybody answers, and what they mean.
pub(super) fn offered(
    app: &App,
    form: &CatalogueForm,
    period: Period,
    national: Option<&National>,
    agencies: &[AgencyTable],
) -> Vec<(String, String)> {
    let keys = keys(form, period, national, agencies);
    keys.iter().map(|key| (codes(key), key_words(key, form, app.node.catalogue()))).collect()
}

/// A cell as [`by_hand::read_key`] reads it.
fn codes(key: &Key) -> String {
    if key.0.is_empty() { "total".into() } else { key.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("/") }
}

/// What a person sets by hand, or takes back.
#[derive(Deserialize)]
pub(super) struct CellForm {
    cell: String,
    #[serde(default)]
    figure: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    take_back: String,
}

pub(super) async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
    Form(said): Form<CellForm>,
) -> Result<Redirect, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let refused = |sentence: String| Problem::refused(capital(&sentence));
    let key = by_hand::read_key(&said.cell, form).map_err(refused)?;
    let sentence = if said.take_back.is_empty() {
        let cell = by_hand::read_figure(&said.figure).map_err(refused)?;
        app.node.set_by_hand(&form.code, period, &key, cell, &said.reason, &who.operator).await.map_err(problem)?;
        say("beside-is-set").with("cell", key_words(&key, form, app.node.catalogue()))
    } else {
        app.node.take_back(&form.code, period, &key, &said.reason, &who.operator).await.map_err(problem)?;
        say("beside-is-taken-back").with("cell", key_words(&key, form, app.node.catalogue()))
    };
    app.console.say(&who, Tone::Good, sentence).await?;
    Ok(Redirect::to(&format!("/tables/{period}/{}#by-hand", form.code)))
}
