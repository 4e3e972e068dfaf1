//! What a map shows where.

use std::collections::BTreeMap;

use crate::{
    chart::{
        Classes, Drawing,
        drawing::{Swatch, state_entries},
    },
    numbers::{Shown, State},
    table::{Column, FigureTable, Row},
    words::{Said, say},
};

/// Words and figures of a map.
#[derive(Debug, Clone)]
pub struct AreaFigures {
    /// Title, note and description.
    pub drawing: Drawing,
    /// What the areas are: the heading of the table's first column ("Citizenship", "Reporting state").
    pub of: String,
    /// What is counted: the heading of the table's figures.
    pub unit: String,
    /// The areas that have a figure or a reason for none; all others are drawn as mere land.
    pub areas: Vec<Area>,
    /// The classes, where several maps are to be compared; else they are made from the figures.
    pub classes: Option<Classes>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// ISO 3166-1 alpha-3 code, or another code, which lies on no map and is named below it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The figure, its bounds, or why there is none.
    pub shown: Shown,
    /// Whether it is the reader's own: drawn with a strong outline.
    pub own: bool,
    /// Whether it may still change: drawn with a dashed outline.
    pub provisional: bool,
    /// Where it leads.
    pub href: Option<String>,
}

impl Area {
    /// An area with a figure.
    #[must_use]
    pub fn new(code: impl Into<String>, name: impl Into<String>, shown: impl Into<Shown>) -> Self {
        Self { code: code.into(), name: name.into(), shown: shown.into(), own: false, provisional: false, href: None }
    }

    /// As the reader's own.
    #[must_use]
    pub fn own(mut self) -> Self {
        self.own = true;
        self
    }

    /// As one whose figure may still change.
    #[must_use]
    pub fn provisional(mut self) -> Self {
        self.provisional = true;
        self
    }

    /// Leading somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Name and figure in full.
    pub(crate) fn full(&self) -> String {
        let figure = format!("{}: {}", self.name, self.shown.text());
        if self.provisional { say("map-provisional-figure").with("figure", figure).to_string() } else { figure }
    }

    /// Whether the outline is dashed: the figure may change, or is only a known part.
    pub(crate) fn is_open(&self) -> bool {
        self.provisional || matches!(self.shown, Shown::AtLeast(_) | Shown::Range { .. })
    }
}

impl AreaFigures {
    pub(crate) fn classes(&self) -> Classes {
        self.classes.clone().unwrap_or_else(|| Classes::of(self.areas.iter().filter_map(|area| area.shown.known())))
    }

    pub(crate) fn by_code(&self) -> BTreeMap<&str, &Area> {
        self.areas.iter().map(|area| (area.code.as_str(), area)).collect()
    }

    pub(crate) fn states(&self) -> impl Iterator<Item = &State> {
        self.areas.iter().filter_map(|area| area.shown.state())
    }

    pub(crate) fn legend(&self, classes: &Classes) -> Vec<(Swatch, String)> {
        let mut entries = Vec::new();
        if self.areas.iter().any(|area| area.shown.known().is_some()) {
            entries.extend(classes.legend().into_iter().map(|(colour, words)| (Swatch::Colour(colour), words)));
        }
        let provisional = self.areas.iter().any(|area| area.provisional);
        let bounded = self.areas.iter().any(|area| !area.provisional && area.is_open());
        match (provisional, bounded) {
            (true, true) => entries.push((Swatch::Dashed, say("map-provisional-or-could-be-more").to_string())),
            (true, false) => entries.push((Swatch::Dashed, say("chart-provisional").to_string())),
            (false, true) => entries.push((Swatch::Dashed, say("chart-known-part-could-be-more").to_string())),
            (false, false) => {}
        }
        entries.extend(state_entries(self.states()));
        entries.push((Swatch::Colour(crate::chart::palette::LAND), say("map-no-part-of-this-figure").to_string()));
        entries
    }

    /// Those that lie on no map, as a sentence; empty when there are none.
    pub(crate) fn not_drawn(&self, is_drawn: impl Fn(&str) -> bool) -> String {
        let named: Vec<String> = self.areas.iter().filter(|area| !is_drawn(&area.code)).map(Area::full).collect();
        if named.is_empty() {
            String::new()
        } else {
            say("map-not-on-this-map").with("areas", named.join("; ").to_string()).to_string()
        }
    }

    pub(crate) fn described(&self, kind: Said) -> String {
        let with = self.areas.iter().filter(|area| area.shown.known().is_some()).count();
        let most = self.areas.iter().filter(|area| area.shown.known().is_some()).max_by_key(|area| area.shown.known());
        let figures =
            say("map-described").with("kind", kind).with("with", with).with("count", self.areas.len()).to_string();
        match most {
            Some(area) => format!("{figures} {}", say("map-the-most").with("figure", area.full())),
            None => figures,
        }
    }

    pub(crate) fn table(&self, title: &str) -> FigureTable {
        FigureTable::new(title, [Column::text(&self.of), Column::number(&self.unit)]).rows(self.areas.iter().map(
            |area| {
                let row = Row::new(&area.name).figure(area.shown.clone());
                if area.own { row.own() } else { row }
            },
        ))
    }
}
