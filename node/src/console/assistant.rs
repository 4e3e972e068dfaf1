//! `/imports/{id}`: a file in a layout of its own. What was recognised is shown, what is unknown is asked, and what would be taken in
//! is shown before it is. Each answer is a plain form; nothing is taken in without a person's word.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use vrs_console::domain::names::{title, unit_words};
use vrs_console::domain::tables::heading;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{FigureTable, Row};
use vrs_intake::assistant::Role;
use vrs_intake::assistant::propose::possible_forms;
use vrs_intake::assistant::questions::Question;
use vrs_intake::assistant::seen::{Seen, SeenColumn};
use vrs_intake::mapping::Delimiter;
use vrs_protocol::catalogue::Catalogue;

use super::App;
use super::assistant_form::{LENGTHS, Sent, delimiter_word, encodings, keep_metadata};
use super::assistant_views::{
    Choice, ColumnView, LabelsView, PairView, abouts, flags, label_view, marks, roles, sheet_choice, topics, written,
};
use super::frame::problem;
use super::imports::{more, problem_table, taken_words};
use super::sheet_rows::countries;
use crate::error::NodeError;
use crate::intake::{Flaw, Problems};
use crate::node::{Assistance, ImportReport, mark};
use crate::say;
use crate::sentences::NODE;

#[derive(Template)]
#[template(path = "assistant.html")]
struct AssistantPage {
    frame: Frame,
    address: String,
    file: String,
    agency: String,
    before: Option<String>,
    notes: Vec<String>,
    wrong: Vec<String>,
    sheets: Vec<Choice>,
    encodings: Vec<Choice>,
    delimiters: Vec<Choice>,
    header_line: u64,
    columns: Vec<ColumnView>,
    sample: Vec<(u64, Vec<String>)>,
    asks_topic: bool,
    topic_open: bool,
    unit_open: bool,
    topics: Vec<Choice>,
    abouts: Vec<PairView>,
    forms: Vec<Choice>,
    no_form: bool,
    needs_period: bool,
    period: String,
    written: Vec<PairView>,
    marks: Vec<PairView>,
    flags: Vec<PairView>,
    labels: Vec<LabelsView>,
    more_labels: usize,
    countries: Vec<String>,
    asks_complete: bool,
    complete: Option<bool>,
    units: Vec<Choice>,
    lengths: Vec<Choice>,
    as_in_file: bool,
    of_cases: bool,
    covers: String,
    add_repeated: bool,
    coverage: String,
    period_deviation: String,
    open: usize,
    ready: Option<FigureTable>,
    ready_words: String,
    refused: Option<FigureTable>,
    refused_more: String,
    repeats: bool,
    shown: String,
    mapping: String,
}

pub(super) async fn assistant(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, &who, &id, Vec::new()).await
}

pub(super) async fn answer(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    if pairs.iter().any(|(name, value)| name == "act" && value == "drop") {
        let name = app.node.let_brought_go(&id, &who.operator).await.map_err(problem)?;
        app.console.say(&who, Tone::Good, say("assistant-let-go").with("file", name)).await?;
        return Ok(Redirect::to("/imports").into_response());
    }
    let shown = app.node.assistance(&id, &who.operator).await.map_err(problem)?;
    let columns: Vec<String> = shown.seen.columns.iter().map(|column| column.name.clone()).collect();
    let mut sent = Sent::read(pairs, &columns, app.node.catalogue_to_read());
    keep_metadata(&mut sent.answers, &shown.answers.metadata);
    app.node.answer(&id, sent.answers, &who.operator).await.map_err(problem)?;
    if sent.act != "take" || !sent.wrong.is_empty() {
        if sent.wrong.is_empty() {
            return Ok(Redirect::to(&address(&id)).into_response());
        }
        return page(&app, &who, &id, sent.wrong).await;
    }
    match app.node.take_brought(&id, &sent.shown, &who.operator).await {
        Ok(report) => {
            app.console.say(&who, Tone::Good, taken_words(&shown.brought.name, &report)).await?;
            Ok(Redirect::to("/imports").into_response())
        }
        // The page says what is open, or every problem of the file.
        Err(NodeError::File(_) | NodeError::Usage(_)) => page(&app, &who, &id, Vec::new()).await,
        Err(error) => Err(problem(error)),
    }
}

/// `/imports/{id}/mapping`: the mapping as it stands, for who imports such files from the command line.
pub(super) async fn mapping(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let shown = app.node.assistance(&id, &who.operator).await.map_err(problem)?;
    let mapping = shown.trial.and_then(|trial| trial.mapping);
    let mapping = mapping.ok_or_else(|| Problem::refused(say("assistant-still-open")))?;
    let kind = (header::CONTENT_TYPE, "application/toml");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"mapping.toml\"");
    Ok(([kind, name], mapping.print()).into_response())
}

fn address(id: &str) -> String {
    format!("/imports/{id}")
}

async fn page(app: &App, who: &SignedIn, id: &str, wrong: Vec<String>) -> Result<Response, Problem> {
    let shown = app.node.assistance(id, &who.operator).await.map_err(problem)?;
    let frame = app.frame(who, shown.brought.name.clone()).await?;
    let frame = frame.below(say("word-bring-a-file"), "/imports").lead(say("assistant-what-was-recognised"));
    let is_wrong = !wrong.is_empty();
    let before = shown.before.as_ref().map(|(by, at)| {
        say("assistant-as-before").with("by", by.as_str()).with("when", app.moment(at.0).day()).to_string()
    });
    let answer = Page(view(app.node.catalogue_to_read(), frame, id, shown, before, wrong)).into_response();
    Ok(if is_wrong { (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response() } else { answer })
}

fn view(
    catalogue: &'static Catalogue,
    frame: Frame,
    id: &str,
    shown: Assistance,
    before: Option<String>,
    wrong: Vec<String>,
) -> AssistantPage {
    let Assistance { brought, seen, answers, open, trial, .. } = shown;
    let is_asked = |asked: &Question| open.questions.contains(asked);
    let column = |column: &SeenColumn| ColumnView {
        name: column.name.clone(),
        is_open: is_asked(&Question::Column(column.name.clone())),
        roles: roles(column, &answers, catalogue),
    };
    let mut labels: Vec<LabelsView> = Vec::new();
    let asked = open.questions.iter().filter_map(|question| match question {
        Question::Label(asked) => Some((asked, true)),
        _ => None,
    });
    for (asked, is_open) in asked.chain(open.answered.iter().map(|asked| (asked, false))) {
        let place = labels.iter().position(|own| own.dimension == asked.dimension).unwrap_or_else(|| {
            labels.push(LabelsView {
                dimension: asked.dimension.clone(),
                name: heading(&asked.dimension),
                is_of_countries: asked.list == "country",
                labels: Vec::new(),
            });
            labels.len() - 1
        });
        labels[place].labels.push(label_view(asked, is_open, catalogue));
    }
    let mapping = trial.as_ref().and_then(|trial| trial.mapping.as_ref());
    let (shown, mapping) = mapping.map(|mapping| (mark(mapping), mapping.print())).unwrap_or_default();
    let (mut ready, mut ready_words, mut refused, mut refused_more) = (None, String::new(), None, String::new());
    match trial.as_ref().map(|trial| &trial.result) {
        Some(Ok(report)) => {
            ready = Some(tables(report, catalogue));
            ready_words = rows_words(report);
        }
        Some(Err(problems)) => {
            refused = Some(problem_table(problems));
            refused_more = more(problems);
        }
        None => {}
    }
    let is_repeated = |problems: &Problems| problems.listed.iter().any(|one| matches!(one.flaw, Flaw::Duplicate(_)));
    let repeats = trial.as_ref().and_then(|trial| trial.result.as_ref().err()).is_some_and(is_repeated);
    let topic = answers.topic.as_ref().map_or("", |topic| topic.as_str());
    let forms = possible_forms(&answers, catalogue);
    let units: Vec<String> = {
        let chosen = answers.forms.iter().filter_map(|code| catalogue.form(code));
        let mut units: Vec<String> = chosen.flat_map(|form| form.units.clone()).collect();
        units.sort();
        units.dedup();
        units
    };
    AssistantPage {
        frame,
        address: address(id),
        file: brought.name.clone(),
        agency: brought.agency.to_string(),
        before,
        notes: notes(&seen),
        wrong,
        sheets: seen.sheets.iter().map(|sheet| sheet_choice(&sheet.name, sheet.is_visible, &seen)).collect(),
        encodings: if seen.sheets.is_empty() {
            let chosen =
                encodings().into_iter().find(|(_, own)| *own == seen.rules.encoding).map_or("", |(word, _)| word);
            encodings()
                .into_iter()
                .map(|(word, _)| Choice::new(word, NODE.say_or(format!("assistant-encoding-{word}"), word), chosen))
                .collect()
        } else {
            Vec::new()
        },
        delimiters: if seen.sheets.is_empty() {
            let chosen = delimiter_word(seen.rules.delimiter);
            Delimiter::ALL
                .into_iter()
                .map(delimiter_word)
                .map(|word| Choice::new(word, NODE.say_or(format!("assistant-delimiter-{word}"), word), chosen))
                .collect()
        } else {
            Vec::new()
        },
        header_line: seen.rules.header_line,
        columns: seen.columns.iter().map(column).collect(),
        sample: seen.sample.clone(),
        topic_open: is_asked(&Question::Topic),
        unit_open: open.questions.iter().any(|question| matches!(question, Question::Unit(_))),
        asks_topic: answers.column(&Role::Topic).is_none(),
        topics: topics(catalogue, topic),
        abouts: abouts(&seen, &answers, catalogue),
        no_form: !answers.all_topics().is_empty() && forms.is_empty(),
        forms: forms
            .iter()
            .map(|form| Choice {
                value: form.code.to_string(),
                words: title(form),
                chosen: answers.forms.contains(&form.code),
            })
            .collect(),
        needs_period: is_asked(&Question::NoPeriod) || answers.period.is_some(),
        period: answers.period.map(|period| period.to_string()).unwrap_or_default(),
        written: written(&open.questions, &answers),
        marks: marks(&open.questions, &answers),
        flags: flags(&open.questions, &answers),
        countries: if labels.iter().any(|own| own.is_of_countries) { countries(catalogue) } else { Vec::new() },
        labels,
        more_labels: open.more_labels,
        asks_complete: is_asked(&Question::Complete) || answers.complete.is_some(),
        complete: answers.complete,
        units: units
            .iter()
            .map(|unit| Choice::new(unit, unit_words(unit), answers.metadata.unit.as_deref().unwrap_or_default()))
            .collect(),
        lengths: LENGTHS
            .into_iter()
            .map(|(word, made)| Choice {
                value: word.into(),
                words: NODE.say_or(format!("assistant-length-{word}"), word).to_string(),
                chosen: answers.make.contains(&made),
            })
            .collect(),
        as_in_file: answers.make.is_empty(),
        of_cases: answers.is_of_cases(),
        covers: answers.covers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        add_repeated: answers.add_repeated,
        coverage: answers.metadata.coverage.clone().unwrap_or_default(),
        period_deviation: answers.metadata.period_deviation.clone().unwrap_or_default(),
        open: open.questions.len() + open.more_labels,
        ready,
        ready_words,
        refused,
        refused_more,
        repeats,
        shown,
        mapping,
    }
}

fn notes(seen: &Seen) -> Vec<String> {
    let mut notes = vec![say("assistant-rows").with("count", seen.rows).to_string()];
    if !seen.title.is_empty() {
        notes.push(say("assistant-title").with("title", seen.title.as_str()).to_string());
    }
    notes.extend(seen.remarks.iter().map(|remark| format!("{remark}.")));
    notes
}

fn tables(report: &ImportReport, catalogue: &Catalogue) -> FigureTable {
    use vrs_console::table::Column;
    let columns = [
        Column::text(say("word-table")),
        Column::text(say("word-period")),
        Column::number(say("assistant-cells")),
        Column::text(say("assistant-against-what-is-stored")),
    ];
    let rows = report.tables.iter().map(|table| {
        let title = catalogue.form(&table.form).map(title).unwrap_or_default();
        let state = if table.changed { say("assistant-new-or-changed") } else { say("assistant-the-same") };
        Row::new(format!("{title} ({})", table.form))
            .text(table.period.to_string())
            .figure(table.cells as u64)
            .text(state.to_string())
    });
    FigureTable::new(say("assistant-tables-of-the-file"), columns).rows(rows)
}

fn rows_words(report: &ImportReport) -> String {
    say("assistant-would-be-taken")
        .with("tables", report.tables.len())
        .with("rows", report.rows_read)
        .with("left", report.rows_left_out + report.rows_of_others)
        .to_string()
}
