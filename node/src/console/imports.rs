//! `/imports`: bring a file of an agency. All of its tables are taken, or none and every problem is listed.

use askama::Template;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use vrs_console::domain::names::title;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};

use super::App;
use super::frame::problem;
use super::own_agency;
use crate::error::NodeError;
use crate::intake::text::FILE_BYTES_MAX;
use crate::intake::{Problems, is_canonical};
use crate::national::{Agency, AgencyCode};
use crate::node::{ImportReport, ImportRequest, Node, WorkbookReport};
use crate::roles::Capability;
use crate::say;

/// Imports that are listed.
const IMPORTS_MAX: u32 = 50;
/// Files that a mapping may want beside the first; see the intake for what is read of them.
const FILES_MAX: usize = 8;
/// Megabytes of a file, as the page says it.
const FILE_MB_MAX: usize = FILE_BYTES_MAX >> 20;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;

#[derive(Template)]
#[template(path = "imports.html")]
pub(super) struct Imports {
    frame: Frame,
    can_bring: bool,
    forms: Vec<(String, String)>,
    file_mb_max: usize,
    agencies: Vec<Agency>,
    chosen: String,
    refused: Option<Refused>,
    /// What was pasted and refused.
    pasted: String,
    table: Option<FigureTable>,
}

/// A file that was not taken, with everything that is wrong with it.
struct Refused {
    name: String,
    problems: FigureTable,
    more: String,
}

pub(super) async fn imports(State(app): State<App>, who: SignedIn) -> Result<Page<Imports>, Problem> {
    page(&app, &who, String::new(), None, String::new()).await
}

async fn page(
    app: &App,
    who: &SignedIn,
    chosen: String,
    refused: Option<Refused>,
    pasted: String,
) -> Result<Page<Imports>, Problem> {
    let frame = app.frame(who, say("word-bring-a-file")).await?.lead(say("imports-figures-of-one-agency-all"));
    let mut agencies = app.node.agencies().await.map_err(problem)?;
    let mut files = app.node.imports(IMPORTS_MAX).await.map_err(problem)?;
    if let Some(own) = own_agency::restricted_to(who)? {
        agencies.retain(|agency| agency.code == own);
        files.retain(|file| file.agency == own);
    }
    let columns = [
        Column::text(say("word-file")),
        Column::text(say("me-agency")),
        Column::number(say("imports-rows")),
        Column::text(say("word-taken-in")),
        Column::text(say("word-by")),
        Column::text(say("taken-in-force")),
    ];
    let rows = files.iter().map(|file| {
        let row = Row::new(file.name.clone()).link(format!("/imports/taken/{}", file.id)).text(file.agency.as_str());
        let row = row.figure(file.rows_read as u64).cell(Cell::Moment(app.moment(file.taken_at.0)));
        let back = file.back.as_ref().map_or_else(String::new, |_| say("taken-back").into());
        row.text(file.taken_by.clone()).text(back)
    });
    let table = (!files.is_empty()).then(|| FigureTable::new(say("imports-files-taken-in"), columns).rows(rows));
    let can_bring = Capability::BringFiles.is_of(&who.operator);
    let forms = app.node.forms_in_force().map(|form| (form.code.to_string(), title(form))).collect();
    Ok(Page(Imports { frame, can_bring, forms, file_mb_max: FILE_MB_MAX, agencies, chosen, refused, pasted, table }))
}

/// What came with the form.
#[derive(Default)]
struct Sent {
    agency: String,
    file: Option<(String, Vec<u8>)>,
    mapping: Option<(String, Vec<u8>)>,
    beside: Vec<(String, Vec<u8>)>,
    /// The block that was pasted in place of a file.
    pasted: String,
}

pub(super) async fn import(State(app): State<App>, who: SignedIn, form: Multipart) -> Result<Response, Problem> {
    let sent = read(form).await?;
    let agency = AgencyCode::parse(&sent.agency)
        .map_err(|_| Problem::refused(say("imports-choose-the-agency-that-delivered")))?;
    let (name, bytes) = sent.file.ok_or_else(|| Problem::refused(say("imports-choose-the-file-to-take")))?;
    let pasted = sent.pasted;
    // Whoever may not deliver for the agency does not get a file read either.
    app.node.may_deliver(Some(&who.operator), &agency).await.map_err(problem)?;
    let (bytes, is_own) = Node::is_own_workbook(bytes).await.map_err(problem)?;
    if sent.mapping.is_none() && is_own {
        return match app.node.import_workbook(&agency, &name, bytes, Some(&who.operator)).await {
            Ok(report) => workbook_taken(&app, &who, agency, name, &report).await,
            Err(error) => refusal(&app, &who, agency, Refusing { name, pasted }, error).await,
        };
    }
    if sent.mapping.is_none() && !is_canonical(&bytes) {
        // A layout that nobody described: what it holds is found out with a person.
        return match app.node.bring(&agency, &name, bytes, &who.operator).await {
            Ok(id) => Ok(Redirect::to(&format!("/imports/{id}")).into_response()),
            Err(error) => refusal(&app, &who, agency, Refusing { name, pasted }, error).await,
        };
    }
    let request = ImportRequest {
        agency: agency.clone(),
        name: name.clone(),
        bytes,
        mapping: sent.mapping,
        beside: sent.beside,
        only: None,
        metadata: None,
        by: Some(who.operator.clone()),
    };
    match app.node.import(request).await {
        Ok(report) => {
            app.console.say(&who, Tone::Good, taken_words(&name, &report)).await?;
            Ok(Redirect::to("/imports").into_response())
        }
        Err(error) => refusal(&app, &who, agency, Refusing { name, pasted }, error).await,
    }
}

/// Says what was taken of a workbook, and lists the problems of the sheets that were refused.
async fn workbook_taken(
    app: &App,
    who: &SignedIn,
    agency: AgencyCode,
    name: String,
    report: &WorkbookReport,
) -> Result<Response, Problem> {
    let refused = report.refused().count();
    let said = say("workbook-taken").with("name", name.as_str()).with("taken", report.sheets.len() - refused);
    let mut words = said.with("refused", refused).to_string();
    if !report.ignored.is_empty() {
        words = format!("{words} {}", say("workbook-ignored").with("sheets", report.ignored.join(", ")));
    }
    if refused == 0 {
        app.console.say(who, Tone::Good, words).await?;
        return Ok(Redirect::to("/imports").into_response());
    }
    let mut problems = Problems::default();
    for sheet in report.refused() {
        for problem in &sheet.problems {
            problems.push(crate::intake::Problem { file: Some(sheet.tab.as_str().into()), ..problem.clone() });
        }
    }
    app.console.say(who, Tone::Caution, words).await?;
    refusal(app, who, agency, Refusing { name, pasted: String::new() }, NodeError::File(problems)).await
}

/// What is refused: a file, or the block that was pasted in place of one.
struct Refusing {
    name: String,
    pasted: String,
}

/// The page with every problem of a file, or the page of another error.
async fn refusal(
    app: &App,
    who: &SignedIn,
    agency: AgencyCode,
    Refusing { name, pasted }: Refusing,
    error: NodeError,
) -> Result<Response, Problem> {
    let NodeError::File(problems) = error else { return Err(problem(error)) };
    let refused = Refused { problems: problem_table(&problems), more: more(&problems), name };
    let mut answer = page(app, who, agency.to_string(), Some(refused), pasted).await?.into_response();
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    let mut pasted = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "agency" => sent.agency = field.text().await.map_err(unreadable)?,
            "file" => sent.file = file(field).await?,
            "pasted" => {
                let text = field.text().await.map_err(unreadable)?;
                let file = (say("imports-pasted-name").to_string() + ".csv", text.into_bytes());
                pasted = Some(file).filter(|(_, bytes)| !bytes.trim_ascii().is_empty());
            }
            "mapping" => sent.mapping = file(field).await?,
            "beside" if sent.beside.len() < FILES_MAX => sent.beside.extend(file(field).await?),
            _ => {}
        }
    }
    match (&sent.file, pasted) {
        (Some(_), Some(_)) => return Err(Problem::refused(say("imports-file-or-block"))),
        (None, Some(block)) => {
            sent.pasted = String::from_utf8_lossy(&block.1).into_owned();
            sent.file = Some(block);
        }
        _ => {}
    }
    Ok(sent)
}

/// A file of the form; a field without one is sent with an empty name.
async fn file(field: Field<'_>) -> Result<Option<(String, Vec<u8>)>, Problem> {
    let name: String =
        field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    let bytes = field.bytes().await.map_err(unreadable)?;
    Ok((!name.is_empty()).then(|| (name, bytes.to_vec())))
}

fn unreadable(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::refused(
            say("imports-the-files-are-too-large").with("megabytes", FILE_MB_MAX.to_string()).to_string(),
        )
        .next(say("imports-split-them-by-form-or"));
    }
    Problem::refused(say("imports-the-form-did-not-arrive")).next(say("imports-send-it-again"))
}

pub(super) fn taken_words(name: &str, report: &ImportReport) -> String {
    let changed: Vec<String> = report
        .tables
        .iter()
        .filter(|table| table.changed)
        .map(|table| format!("{} {}", table.form, table.period))
        .collect();
    if changed.is_empty() {
        return say("imports-says-nothing-new-every-table").with("name", name.to_string()).to_string();
    }
    let some = changed.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
    say("imports-taken")
        .with("name", name)
        .with("count", changed.len())
        .with("tables", some)
        .with("more", changed.len().saturating_sub(8))
        .to_string()
}

pub(super) fn problem_table(problems: &Problems) -> FigureTable {
    let columns = [
        Column::text(say("word-line")),
        Column::text(say("imports-column")),
        Column::text(say("imports-value")),
        Column::text(say("imports-what-is-wrong")),
        Column::text(say("imports-what-is-accepted")),
    ];
    let mut table = FigureTable::new(say("imports-problems-of-the-file"), columns).wide();
    for one in &problems.listed {
        let line = if one.line == 0 { say("imports-the-file").to_string() } else { one.line.to_string() };
        let line = one.file.as_ref().map_or_else(|| line.clone(), |file| format!("{file}, {line}"));
        let what = super::frame::capital(&one.flaw.to_string());
        let what = if one.again > 0 && one.line > 0 {
            format!("{what} {}", say("imports-again").with("count", one.again))
        } else {
            what
        };
        table = table.row(Row::new(line).text(&*one.column).text(&*one.value).text(what).text(&*one.accepted));
    }
    table
}

pub(super) fn more(problems: &Problems) -> String {
    let mut words = String::new();
    if problems.more > 0 {
        words = format!("{} ", say("imports-more-problems").with("count", problems.more));
    }
    if problems.unread {
        words.push_str(&say("imports-unread").to_string());
    }
    words
}
