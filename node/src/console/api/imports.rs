//! `POST /api/v1/imports`: a file of the agency, taken in by the same function as a file that a person brings.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Multipart, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use vrs_console::page::Json;
use vrs_console::problem::Problem;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::super::App;
use super::super::frame::problem;
use super::gate::Machine;
use crate::error::NodeError;
use crate::intake::Problems;
use crate::node::{ImportReport, ImportRequest};
use crate::say;

/// Files that a mapping may want beside the first.
const FILES_MAX: usize = 8;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;

/// What the address may say.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// The name under which the file is listed.
    #[serde(default)]
    name: String,
}

/// What was taken.
#[derive(Serialize)]
struct Taken {
    import: Option<i64>,
    agency: String,
    sha256: String,
    rows_read: usize,
    rows_of_others: usize,
    rows_left_out: usize,
    tables: Vec<TakenTable>,
}

#[derive(Serialize)]
struct TakenTable {
    form: FormCode,
    period: Period,
    cells: usize,
    changed: bool,
}

pub(super) async fn import(
    State(app): State<App>,
    Extension(machine): Extension<Machine>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let sent = match kind.as_str() {
        "text/csv" => {
            let bytes = Bytes::from_request(request, &()).await.map_err(|refused| unread(&refused))?;
            Sent { file: Some((String::new(), bytes.to_vec())), ..Sent::default() }
        }
        "multipart/form-data" => {
            let form = Multipart::from_request(request, &()).await;
            read(form.map_err(|_| Problem::wrong_kind(say("api-send-csv-or-form")))?).await?
        }
        _ => return Err(Problem::wrong_kind(say("api-send-csv-or-form"))),
    };
    let (sent_name, bytes) = sent.file.ok_or_else(|| Problem::refused(say("api-file-is-missing")))?;
    let name = [named(&asked.name), sent_name].into_iter().find(|name| !name.is_empty());
    let import = ImportRequest {
        agency: machine.agency,
        name: name.unwrap_or_else(|| "figures.csv".into()),
        bytes,
        mapping: sent.mapping,
        beside: sent.beside,
        only: None,
        metadata: None,
        by: Some(machine.operator),
    };
    let place = app.callers.imports.acquire().await;
    let taken = app.node.import(import).await;
    drop(place);
    match taken {
        Ok(report) => Ok(Json(said(report))),
        Err(NodeError::File(problems)) => Err(refused(&problems)),
        Err(error) => Err(problem(error)),
    }
}

/// What came with the request.
#[derive(Default)]
struct Sent {
    file: Option<(String, Vec<u8>)>,
    mapping: Option<(String, Vec<u8>)>,
    beside: Vec<(String, Vec<u8>)>,
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name().unwrap_or_default() {
            "file" => sent.file = Some(part(field).await?),
            "mapping" => sent.mapping = Some(part(field).await?).filter(|(_, bytes)| !bytes.is_empty()),
            "beside" if sent.beside.len() < FILES_MAX => sent.beside.push(part(field).await?),
            _ => {}
        }
    }
    Ok(sent)
}

async fn part(field: Field<'_>) -> Result<(String, Vec<u8>), Problem> {
    let name = named(field.file_name().unwrap_or_default());
    let bytes = field.bytes().await.map_err(|error| broken(&error))?;
    Ok((name, bytes.to_vec()))
}

fn named(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}

fn broken(error: &MultipartError) -> Problem {
    not_arrived(error.status())
}

fn unread(refused: &BytesRejection) -> Problem {
    not_arrived(refused.status())
}

fn not_arrived(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large()
    } else {
        Problem::wrong_kind(say("api-send-csv-or-form"))
    }
}

fn said(report: ImportReport) -> Taken {
    let tables = report.tables.into_iter();
    Taken {
        import: report.import,
        agency: report.agency.to_string(),
        sha256: report.hash.to_string(),
        rows_read: report.rows_read,
        rows_of_others: report.rows_of_others,
        rows_left_out: report.rows_left_out,
        tables: tables
            .map(|table| TakenTable {
                form: table.form,
                period: table.period,
                cells: table.cells,
                changed: table.changed,
            })
            .collect(),
    }
}

/// Every problem of a file, for a program to show or to act on.
fn refused(problems: &Problems) -> Problem {
    let listed = problems.listed.iter().map(|one| {
        serde_json::json!({
            "file": one.file.as_deref(),
            "line": (one.line > 0).then_some(one.line),
            "column": &*one.column,
            "value": &*one.value,
            "problem": one.flaw.to_string(),
            "accepted": &*one.accepted,
            "again": one.again,
        })
    });
    Problem::refused(say("api-file-refused"))
        .next(say("api-correct-the-file"))
        .member("problems", listed.collect())
        .member("more_problems", problems.more.into())
        .member("unread", problems.unread.into())
}
