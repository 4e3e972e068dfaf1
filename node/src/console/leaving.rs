//! One release as its page shows it: terms, every cell, and what changes against the revision before.
//!
//! The figures shown here are unpacked from the very bytes that are signed, not read from the national table again.

use vrs_console::domain::cells::placed;
use vrs_console::domain::names::{period_words, title};
use vrs_console::domain::tables::{key_words, metadata_facts, ordered, table_figures_with};
use vrs_console::numbers::State as Gap;
use vrs_console::problem::Problem;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::catalogue::{Catalogue, Form as CatalogueForm};
use vrs_protocol::cell::Cell;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::{Key, Table};

use super::App;
use super::frame::problem;
use super::own::Own;
use super::table::Found;
use super::words::codes;
use crate::intake::write_canonical;
use crate::protection::words::{hidden_words, possible_words};
use crate::protection::{HiddenCell, HiddenWhy, ProtectedTable};
use crate::release::Origin;
use crate::release::preview::{Preview, PreviewedRelease};
use crate::say;
use crate::store;

/// One release on the page.
pub(super) struct Shown {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) why_along: String,
    pub(super) after: String,
    pub(super) facts: Vec<(Said, String)>,
    pub(super) body_hash: String,
    pub(super) figures: FigureTable,
    pub(super) hidden: Option<FigureTable>,
    pub(super) notes: Vec<(String, String)>,
    pub(super) findings: Vec<Found>,
    pub(super) changes: Option<FigureTable>,
    pub(super) text: String,
}

/// Shows one release of a bundle.
pub(super) async fn show(
    app: &App,
    own: &Own,
    preview: &Preview,
    previewed: &PreviewedRelease,
) -> Result<Shown, Problem> {
    let release = &previewed.release;
    let form = app.node.form(&release.form).map_err(problem)?;
    let mut tx = app.read("show a release").await?;
    let packed = store::releases::packed(&mut tx, release.id).await?;
    let packed = packed.ok_or_else(|| Problem::conflict(say("release-the-release-has-changed-meanwhile")))?;
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
    let protected = preview.protection.iter().find_map(|protection| protection.table(&release.form, release.period));
    let ended = previewed.has_ended();
    let returns = match (previewed.unlocks.is_empty(), previewed.regional) {
        (true, true) => say("release-the-regional-figures-nobodys-table").to_string(),
        (true, false) if previewed.core_answered => say("release-nothing-yet-whoever-shares-back").to_string(),
        (true, false) => say("release-nothing-the-total-is-not").to_string(),
        (false, true) => {
            say("release-the-tables-of-and-the").with("participants", codes(&previewed.unlocks).to_string()).to_string()
        }
        (false, false) => {
            say("release-the-tables-of").with("participants", codes(&previewed.unlocks).to_string()).to_string()
        }
    };
    let mut facts = if ended {
        vec![(say("release-whom-it-was-for"), previewed.audience.clone())]
    } else {
        vec![
            (say("word-who-may-read-it"), previewed.audience.clone()),
            (say("release-can-read-it-at-once"), codes(&previewed.readers_now)),
            (say("release-can-read-it-once-they"), codes(&previewed.readers_later)),
            (say("release-you-can-read-in-return"), returns),
        ]
    };
    if !previewed.derived_from.is_empty() {
        let parts: Vec<String> = previewed.derived_from.iter().map(ToString::to_string).collect();
        facts.push((say("release-added-up-from"), parts.join(", ")));
    }
    facts.push((
        say("release-rules-accepted"),
        say("release-charter-of-line-catalogue")
            .with("charter", manifest.charter.to_string())
            .with("version", catalogue.version.to_string())
            .to_string(),
    ));
    facts.push((
        say("release-size-as-it-travels"),
        say("release-bytes-padded-so-that-its").with("body_bytes", u64::from(previewed.body_bytes)).to_string(),
    ));
    Ok(Shown {
        id: release.id,
        title: format!("{} · {}", title(form), period_words(release.period)),
        why_along: match release.origin {
            Origin::Chosen => String::new(),
            Origin::Derived => say("release-it-is-complete-with-these").into(),
            Origin::Along => say("release-it-must-be-revised-along").into(),
        },
        after: if previewed.core_answered || ended {
            String::new()
        } else {
            say("release-this-table-does-not-answer").into()
        },
        facts,
        body_hash: manifest.body_hash.to_string(),
        figures: table_figures_with(
            &table,
            form,
            catalogue,
            &String::from(if ended { say("release-every-cell") } else { say("release-every-cell-as-peers-see") }),
            |key| hidden_state(protected, &table, key),
        ),
        hidden: protected.and_then(|protected| hidden(protected, form, catalogue)),
        notes: metadata_facts(&table.metadata),
        findings: previewed.findings.iter().map(Found::of).collect(),
        changes: before.and_then(|before| changes(app, form, &before, &table)),
        text: write_canonical([&table], form, app.node.participant()),
    })
}

/// Why a cell is hidden, drawn in its place. Nobody outside sees this: there all hidden cells are alike.
fn hidden_state(protected: Option<&ProtectedTable>, table: &Table, key: &Key) -> Option<Gap> {
    if table.cell(key) != Some(&Cell::Suppressed) {
        return None;
    }
    // Without a record the table was added up from its parts, or goes along as it left before.
    let why = protected.and_then(|table| table.hidden.iter().find(|cell| cell.key == key.0)).map(|cell| cell.why);
    Some(match why {
        Some(HiddenWhy::Small) => Gap::HiddenSmall,
        Some(HiddenWhy::Protects) => Gap::HiddenToProtect,
        Some(HiddenWhy::Withheld) => Gap::Withheld,
        Some(HiddenWhy::NotAtHand) => Gap::Suppressed,
        Some(HiddenWhy::Before) | None => Gap::HiddenBefore,
    })
}

/// The hidden cells with what an outsider can tell of each.
fn hidden(protected: &ProtectedTable, form: &CatalogueForm, catalogue: &Catalogue) -> Option<FigureTable> {
    let columns = [
        Column::text(say("word-cell")),
        Column::text(say("release-why-hidden")),
        Column::text(say("release-an-outsider-can-tell")),
    ];
    let table = FigureTable::new(say("release-hidden-cells"), columns);
    let row = |table: FigureTable, cell: &HiddenCell| {
        let row = Row::new(key_words(&Key(cell.key.clone()), form, catalogue));
        table.row(row.text(hidden_words(cell)).text(possible_words(cell.possible)))
    };
    let any = !protected.hidden.is_empty();
    any.then(|| protected.hidden.iter().fold(table, row))
}

/// Cells that differ from the revision before.
fn changes(app: &App, form: &CatalogueForm, before: &Table, after: &Table) -> Option<FigureTable> {
    let columns =
        [Column::text(say("word-cell")), Column::number(say("release-was")), Column::number(say("release-becomes"))];
    let mut table = FigureTable::new(say("release-what-changes-against-the-revision"), columns);
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
