//! Small multiples: one little line chart for each participant or code, all over the same periods.

use askama::{Template, filters::HtmlSafe};

use super::{
    drawing::{Drawing, Key, Patterns, Surround, Swatch, keys, state_entries},
    geometry::{At, Scale, Span, shortened, text_width},
    palette,
};
use crate::{
    numbers::{Pattern, Shown, State},
    table::{Column, FigureTable, Row},
    words::say,
};

/// A sheet of small line charts: `{{ lines }}` prints it with its table below.
#[derive(Debug, Clone)]
pub struct Lines {
    /// Title, note and description.
    pub drawing: Drawing,
    /// What the panels are: the heading of the table's first column.
    pub of: String,
    /// The periods, in order.
    pub periods: Vec<String>,
    /// The panels.
    pub panels: Vec<Panel>,
    /// Whether all panels have one scale, so that their heights compare; else each fills its own.
    pub one_scale: bool,
}

/// One panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// Whose line.
    pub label: String,
    /// One figure for each period.
    pub figures: Vec<Shown>,
    /// Whether it is the reader's own.
    pub own: bool,
}

impl Panel {
    /// A panel with a figure for each period.
    #[must_use]
    pub fn new(label: impl Into<String>, figures: impl IntoIterator<Item = impl Into<Shown>>) -> Self {
        Self { label: label.into(), figures: figures.into_iter().map(Into::into).collect(), own: false }
    }

    /// As the reader's own.
    #[must_use]
    pub fn own(mut self) -> Self {
        self.own = true;
        self
    }
}

const WIDTH: f64 = 760.0;
const COLUMNS: usize = 3;
const GAP: f64 = 26.0;
const PANEL: f64 = (WIDTH - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
const PLOT: f64 = 74.0;
const HEAD: f64 = 40.0;
const FOOT: f64 = 34.0;
const SIZE: f64 = 13.0;
const SMALL: f64 = 11.0;
/// Room at both sides, so that the first and the last point are whole.
const SIDE: f64 = 8.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Height of the drawing.
    pub height: At,
    /// The panels.
    pub panels: Vec<Placed>,
    /// The legend.
    pub keys: Vec<Key>,
}

/// One panel, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its label, shortened to its width.
    pub label: String,
    /// Left edge.
    pub x: At,
    /// Right edge.
    pub right: At,
    /// Base line of the label.
    pub label_y: At,
    /// Zero and the top of the scale.
    pub zero: At,
    /// The top of the scale.
    pub top: At,
    /// The number at the top of the scale.
    pub top_text: String,
    /// The lines: one for each run of known figures, as `x,y x,y …`.
    pub lines: Vec<String>,
    /// The known figures.
    pub points: Vec<Point>,
    /// What figures could still be: a thin upright from the known part to the bound.
    pub bounds: Vec<(At, Span)>,
    /// The periods without a figure.
    pub states: Vec<(Span, Pattern, String)>,
    /// The first and the last period, under their points.
    pub ends: Vec<(At, &'static str, String)>,
    /// Base line of the periods.
    pub ends_y: At,
    /// Colour of the line.
    pub stroke: &'static str,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// A known figure, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Where.
    pub x: At,
    /// Where.
    pub y: At,
    /// Whether it is only a known part.
    pub open: bool,
    /// The number beside it, at the last known figure.
    pub text: Option<String>,
    /// From which edge the number is set.
    pub anchor: &'static str,
    /// Period and figure in full.
    pub full: String,
}

/// Places a sheet of small line charts.
#[must_use]
pub fn layout(chart: &Lines) -> Layout {
    let mut entries = state_entries(states(chart));
    if chart
        .panels
        .iter()
        .flat_map(|panel| &panel.figures)
        .any(|figure| matches!(figure, Shown::AtLeast(_) | Shown::Range { .. }))
    {
        entries.insert(0, (Swatch::Open, say("chart-known-part-of-a-figure").into()));
    }
    let (placed_keys, keys_height) = keys(entries, 0.0, 0.0, WIDTH);
    let top = if keys_height > 0.0 { keys_height + 8.0 } else { 0.0 };
    let largest_of = |panel: &Panel| panel.figures.iter().filter_map(Shown::reach).max().unwrap_or(0);
    let common = chart.panels.iter().map(largest_of).max().unwrap_or(0);
    let tall = HEAD + PLOT + FOOT;
    let panels: Vec<Placed> = chart
        .panels
        .iter()
        .enumerate()
        .map(|(place_no, panel)| {
            #[allow(clippy::cast_precision_loss)] // a handful of panels
            let (column, line) = ((place_no % COLUMNS) as f64, (place_no / COLUMNS) as f64);
            let largest = if chart.one_scale { common } else { largest_of(panel) };
            place(chart, panel, column * (PANEL + GAP), top + line * tall, largest)
        })
        .collect();
    #[allow(clippy::cast_precision_loss)] // a handful of panels
    let height = top + chart.panels.len().div_ceil(COLUMNS).max(1) as f64 * tall;
    Layout { height: At(height), panels, keys: placed_keys }
}

fn place(chart: &Lines, panel: &Panel, x: f64, y: f64, largest: u64) -> Placed {
    let (top, zero) = (y + HEAD, y + HEAD + PLOT);
    let scale = Scale::new(largest, zero, top);
    let (left, right) = (x + SIDE, x + PANEL - SIDE);
    #[allow(clippy::cast_precision_loss)] // a handful of periods
    let step = (right - left) / (chart.periods.len().max(2) - 1) as f64;
    #[allow(clippy::cast_precision_loss)] // a handful of periods
    let at = |period: usize| left + step * period as f64;

    let (mut lines, mut run) = (Vec::new(), String::new());
    let (mut points, mut bounds, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for (period, (name, figure)) in chart.periods.iter().zip(&panel.figures).enumerate() {
        let full = format!("{}, {name}: {}", panel.label, figure.text());
        match (figure.known(), figure.state()) {
            (Some(known), _) => {
                let here = At(scale.at(known));
                if !run.is_empty() {
                    run.push(' ');
                }
                run.push_str(&format!("{},{here}", At(at(period))));
                if let Shown::Range { low, high } = figure {
                    bounds.push((At(at(period)), Span::between(scale.at(*high), scale.at(*low))));
                }
                let open = !matches!(figure, Shown::Number(_));
                points.push(Point { x: At(at(period)), y: here, open, text: None, anchor: "end", full });
            }
            (None, state) => {
                let pattern = state.map_or(Pattern::Sparse, State::pattern);
                // Half a step to each side: neighbours touch, known points beside stay free.
                let (from, to) = (at(period) - step / 2.0, at(period) + step / 2.0);
                states.push((Span::between(from.max(x), to.min(x + PANEL)), pattern, full));
                if !run.is_empty() {
                    lines.push(std::mem::take(&mut run));
                }
            }
        }
    }
    if !run.is_empty() {
        lines.push(run);
    }
    if let Some(last) = points.last_mut() {
        let text = last.full.rsplit(": ").next().unwrap_or_default().to_owned();
        let fits_left = last.x.0 - x > text_width(&text, SMALL);
        last.anchor = if fits_left { "end" } else { "start" };
        last.text = Some(text);
    }
    let ends = match (chart.periods.first(), chart.periods.last()) {
        (Some(first), Some(last)) if chart.periods.len() > 1 => {
            vec![(At(left), "start", first.clone()), (At(right), "end", last.clone())]
        }
        (Some(only), _) => vec![(At(left), "start", only.clone())],
        _ => Vec::new(),
    };
    let label = if panel.own {
        say("chart-you").with("label", panel.label.to_string()).to_string()
    } else {
        panel.label.clone()
    };
    Placed {
        label: shortened(&label, SIZE, PANEL),
        x: At(x),
        right: At(x + PANEL),
        label_y: At(y + 14.0),
        zero: At(zero),
        top: At(top),
        top_text: if points.is_empty() { String::new() } else { scale.top_text() },
        lines,
        points,
        bounds,
        states,
        ends,
        ends_y: At(zero + 15.0),
        stroke: if panel.own { palette::OWN } else { palette::MAIN },
        own: panel.own,
    }
}

fn states(chart: &Lines) -> impl Iterator<Item = &State> {
    chart.panels.iter().flat_map(|panel| panel.figures.iter().filter_map(Shown::state))
}

#[derive(Debug, Template)]
#[template(path = "lines.html")]
struct LinesSvg {
    around: Surround,
    layout: Layout,
}

impl std::fmt::Display for Lines {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let described = || {
            let (first, last) = (self.periods.first(), self.periods.last());
            let scale = if self.one_scale { say("chart-on-one-scale") } else { say("chart-each-on-its-own-scale") };
            match first.zip(last) {
                Some((first, last)) => say("chart-lines-described-over").with("first", first).with("last", last),
                None => say("chart-lines-described"),
            }
            .with("count", self.panels.len())
            .with("scale", scale)
            .to_string()
        };
        let table = |title: &str| {
            let columns = std::iter::once(Column::text(&self.of)).chain(self.periods.iter().map(Column::number));
            FigureTable::new(title, columns).rows(self.panels.iter().map(|panel| {
                let row = panel.figures.iter().cloned().fold(Row::new(&panel.label), Row::figure);
                if panel.own { row.own() } else { row }
            }))
        };
        let mut around = Surround::new(&self.drawing, described, table, (WIDTH, layout.height.0));
        around.patterns = Patterns::of(&around.id, states(self));
        LinesSvg { around, layout }.fmt(out)
    }
}

impl HtmlSafe for Lines {}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(panels: Vec<Panel>, one_scale: bool) -> Lines {
        let periods = ["2019", "2020", "2021", "2022"].map(str::to_owned).into();
        Lines { drawing: Drawing::new("trend", "Trend"), of: "Reporting".into(), periods, panels, one_scale }
    }

    #[test]
    fn a_line_breaks_where_a_figure_is_missing() {
        let figures = [Shown::Number(4), State::NotCollected.into(), Shown::Number(2), Shown::Number(1)];
        let layout = layout(&chart(vec![Panel::new("A", figures)], false));
        let panel = &layout.panels[0];
        assert_eq!(panel.lines.len(), 2);
        assert_eq!(panel.points.len(), 3);
        assert_eq!(panel.states.len(), 1);
        assert!(panel.states[0].2.ends_with("A, 2020: not collected"));
        let gap = panel.states[0].0;
        assert!(panel.points.iter().all(|point| point.x.0 < gap.from.0 || point.x.0 > gap.end().0));
    }

    #[test]
    fn zero_lies_on_the_base_line_and_is_a_point() {
        let layout = layout(&chart(vec![Panel::new("A", [0_u64, 0, 0, 0])], false));
        assert!(layout.panels[0].points.iter().all(|point| point.y == layout.panels[0].zero));
        assert_eq!(layout.panels[0].points.len(), 4);
    }

    #[test]
    fn one_scale_lets_heights_compare() {
        let panels = vec![Panel::new("A", [100_u64, 0, 0, 0]), Panel::new("B", [10_u64, 0, 0, 0])];
        let together = layout(&chart(panels.clone(), true));
        assert_eq!(together.panels[0].top_text, together.panels[1].top_text);
        let apart = layout(&chart(panels, false));
        assert_ne!(apart.panels[0].top_text, apart.panels[1].top_text);
    }

    #[test]
    fn a_bound_is_an_upright_above_its_point() {
        let figures = [Shown::Range { low: 2, high: 8 }, Shown::AtLeast(3), Shown::Number(1), Shown::Number(1)];
        let layout = layout(&chart(vec![Panel::new("A", figures)], false));
        let panel = &layout.panels[0];
        assert_eq!(panel.bounds.len(), 1);
        assert_eq!(panel.bounds[0].1.end(), panel.points[0].y);
        assert_eq!(panel.points.iter().filter(|point| point.open).count(), 2);
    }

    #[test]
    fn one_period_no_period_and_no_panel_are_drawn() {
        for periods in [vec![], vec!["2021".to_owned()]] {
            let mut one = chart(vec![Panel::new("A", [5_u64])], false);
            one.periods = periods;
            assert!(one.to_string().contains("<svg"));
        }
        assert!(chart(vec![], true).to_string().contains("0 small line charts"));
    }
}
