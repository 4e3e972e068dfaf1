//! One release as its page shows it: terms, every cell, and what changes against the revision before.
//!
//! The figures shown here are unpacked from the very bytes that are signed, not read from the national table again.

use vrs_console::domain::cells::placed;
use vrs_console::domain::tables::{key_words, metadata_facts, ordered, table_figures};
use vrs_console::numbers::{State as Gap, grouped};
use vrs_console::problem::Problem;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::App;
use super::frame::problem;
use super::own::Own;
use super::table::Found;
use super::words::codes;
use crate::intake::write_canonical;
use crate::release::Origin;
use crate::release::preview::PreviewedRelease;
use crate::store;

/// One release on the page.
pub(super) struct Shown {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) why_along: &'static str,
    pub(super) after: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) body_hash: String,
    pub(super) figures: FigureTable,
    pub(super) notes: Vec<(String, String)>,
    pub(super) findings: Vec<Found>,
    pub(super) changes: Option<FigureTable>,
    pub(super) text: String,
}

/// Shows one release of a bundle.
pub(super) async fn show(app: &App, own: &Own, previewed: &PreviewedRelease) -> Result<Shown, Problem> {
    let release = &previewed.release;
    let form = app.node.form(&release.form).map_err(problem)?;
    let mut tx = app.read("show a release").await?;
    let packed = store::releases::packed(&mut tx, release.id).await?;
    let packed = packed.ok_or_else(|| Problem::conflict("The release has changed meanwhile."))?;
    let damaged = |error| Problem::internal("unpack the bytes of a release", &error);
    let table = decode_body(&packed.body).map_err(damaged)?;
    let before = own.desk.releases.iter().find(|entry| {
        let other = &entry.release;
        other.form == release.form
            && other.period == release.period
            && other.revision.map(|r| r + 1) == release.revision
            && other.line.is_some()
    });
    let before = match before {
        Some(before) => {
            store::releases::packed(&mut tx, before.release.id).await?.and_then(|packed| decode_body(&packed.body).ok())
        }
        None => None,
    };
    let catalogue = app.node.catalogue();
    let manifest = &packed.manifest;
    let ended = previewed.has_ended();
    let returns = match (previewed.unlocks.is_empty(), previewed.regional) {
        (true, true) => "the regional figures; nobody’s table singly yet".to_owned(),
        (true, false) if previewed.core_answered => "nothing yet; whoever shares back opens its table".to_owned(),
        (true, false) => "nothing: the total is not answered".to_owned(),
        (false, true) => format!("the tables of {}, and the regional figures", codes(&previewed.unlocks)),
        (false, false) => format!("the tables of {}", codes(&previewed.unlocks)),
    };
    let mut facts = if ended {
        vec![("Whom it was for", previewed.audience.clone())]
    } else {
        vec![
            ("Who may read it", previewed.audience.clone()),
            ("Can read it at once", codes(&previewed.readers_now)),
            ("Can read it once they share back", codes(&previewed.readers_later)),
            ("You can read in return", returns),
        ]
    };
    if !previewed.derived_from.is_empty() {
        let parts: Vec<String> = previewed.derived_from.iter().map(ToString::to_string).collect();
        facts.push(("Added up from", parts.join(", ")));
    }
    facts.push(("Rules accepted", format!("Charter of line {}, catalogue {}", manifest.charter, catalogue.version)));
    facts.push((
        "Size as it travels",
        format!("{} bytes, padded so that its length tells little", grouped(u64::from(previewed.body_bytes))),
    ));
    Ok(Shown {
        id: release.id,
        title: format!("{} · {}", form.title, release.period.in_words()),
        why_along: match release.origin {
            Origin::Chosen => "",
            Origin::Derived => "It is complete with these, and is derived from its parts.",
            Origin::Along => "It must be revised along, because the rules change such tables together.",
        },
        after: if previewed.core_answered || ended {
            String::new()
        } else {
            "This table does not answer its total: it is honest, and earns no right to read.".into()
        },
        facts,
        body_hash: manifest.body_hash.to_string(),
        figures: table_figures(
            &table,
            form,
            catalogue,
            if ended { "Every cell" } else { "Every cell, as peers see it" },
        ),
        notes: metadata_facts(&table.metadata),
        findings: previewed.findings.iter().map(Found::of).collect(),
        changes: before.and_then(|before| changes(app, form, &before, &table)),
        text: write_canonical([&table], form, app.node.participant()),
    })
}

/// Cells that differ from the revision before.
fn changes(app: &App, form: &CatalogueForm, before: &Table, after: &Table) -> Option<FigureTable> {
    let columns = [Column::text("Cell"), Column::number("Was"), Column::number("Becomes")];
    let mut table = FigureTable::new("What changes against the revision before", columns);
    let mut all = before.clone();
    all.cells.extend(after.cells.iter().map(|(key, cell)| (key.clone(), cell.clone())));
    let mut any = false;
    for key in ordered(&all) {
        let (was, becomes) = (before.cell(&key), after.cell(&key));
        if was == becomes {
            continue;
        }
        any = true;
        let mut row = Row::new(key_words(&key, form, app.node.catalogue()));
        for cell in [was, becomes] {
            row = match cell {
                Some(cell) => row.cell(placed(cell)),
                None => row.figure(Gap::NotReported),
            };
        }
        table = table.row(row);
    }
    any.then_some(table)
}
