//! `GET /api/v1/openapi.json`: the operations for people who write programs, and for their tools. Made of the table of
//! operations, so that none is left out; a test sends every example and compares what comes back.
//!
//! An example of a request is answered by the example of the same name; an answer without such a request is what the operation
//! answers when it is asked without anything.

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use vrs_console::page::Json;

use super::super::App;
use super::super::gate::Verb;
use super::gate::Machine;
use super::operations::{OPERATIONS, Operation, What};

pub(super) async fn document(State(app): State<App>, Extension(machine): Extension<Machine>) -> impl IntoResponse {
    Json(made(app.node.participant().as_str(), machine.agency.as_str()))
}

/// The document, with examples for a participant and an agency.
pub(super) fn made(participant: &str, agency: &str) -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let verb = if operation.verb == Verb::Get { "get" } else { "post" };
        paths.insert(operation.path.to_owned(), json!({ verb: said(operation, participant, agency) }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "VRS node, machine interface",
            "version": "1",
            "description": "Programs of an agency deliver figures and read what the agency delivered. An administrator of the node makes a token on the page of the agency. A token acts for one agency, with the forms assigned to it, and may be used 120 times a minute. Missing is never zero: leave a cell that is not known empty and give its reason in status.",
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token of an agency, vrs_…" }
            },
            "schemas": schemas(),
        },
    })
}

fn said(operation: &Operation, participant: &str, agency: &str) -> Value {
    let mut said = json!({ "summary": operation.summary, "description": operation.about });
    let mut answers = match operation.what {
        What::Import => {
            said["parameters"] = json!([{
                "name": "name", "in": "query", "required": false, "schema": { "type": "string", "maxLength": 120 },
                "description": "The name under which the file is listed; without it the name in the part, or figures.csv.",
                "example": "detections-2021.csv",
            }]);
            said["requestBody"] = import_body(participant);
            import_answers(agency)
        }
        What::Tables => json!({ "200": answer("What the agency has delivered.", "Tables", json!({
            "agency": agency,
            "forms": ["IE_CIT"],
            "tables": [{ "form": "IE_CIT", "period": "2021", "address": "/api/v1/tables/2021/IE_CIT" }],
        })) }),
        What::Table => {
            let parameter = |name, example, about| {
                let schema = json!({ "type": "string" });
                json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example, "description": about })
            };
            said["parameters"] = json!([
                parameter("period", "2021", "As printed: 2021, 2021-S1, 2021-Q1, 2021-03."),
                parameter("form", "IE_CIT", "Code of the form."),
            ]);
            table_answers(participant)
        }
        What::Catalogue => {
            json!({ "200": answer("Forms and code lists; the example is an excerpt.", "Questionnaire", json!({
            "participant": participant,
            "forms": [{
                "code": "IE_CIT", "kind": "list", "assigned": true, "extension": false,
                "dimensions": [{ "column": "citizenship", "list": "country" }],
                "columns": ["form", "period", "participant", "citizenship", "value", "status", "conf"],
            }],
            "lists": [{ "code": "country", "codes": [{ "code": "_T", "label": "Total" }, { "code": "AFG", "label": "Afghanistan" }] }],
        })) })
        }
        What::Document => json!({ "200": {
            "description": "The document.",
            "content": { "application/json": { "schema": { "type": "object" } } },
        } }),
    };
    if let Some(answers) = answers.as_object_mut() {
        answers.extend(refusals(operation.what));
    }
    said["responses"] = answers;
    said
}

fn answer(about: &str, schema: &str, example: Value) -> Value {
    let content = json!({ "schema": reference(schema), "examples": { "answer": { "value": example } } });
    json!({ "description": about, "content": { "application/json": content } })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn import_body(participant: &str) -> Value {
    let heading = "form,period,participant,citizenship,value,status,conf";
    let taken = [
        heading,
        &format!("IE_CIT,2021,{participant},_T,1250,A,F"),
        &format!("IE_CIT,2021,{participant},AFG,410,A,F"),
        &format!("IE_CIT,2021,{participant},SYR,,O,F"),
        &format!("IE_CIT,2021,{participant},_O,540,A,F\n"),
    ];
    let refused = [
        heading,
        &format!("IE_CIT,2021,{participant},_T,1250,A,F"),
        &format!("IE_CIT,2021,{participant},AFG,12.5,A,F"),
        &format!("IE_CIT,2021,{participant},ATL,7,A,F\n"),
    ];
    let file = "year;country;persons\n2020;Afghanistan;350\n2020;Syria;210\n2020;Total;900\n";
    let mapping = format!(
        r#"format = 1
[publication]
publisher = "Border Force"
title = "detections at the border"
licence = "internal"
[file]
delimiter = ";"
participant = "{participant}"
[labels.country]
lists = ["names"]
also = {{ "Syria" = "SYR", "Total" = "_T" }}
[[table]]
form = "IE_CIT"
period = {{ year = "year" }}
dimensions = {{ citizenship = {{ column = "country", labels = "country" }} }}
value = {{ column = "persons" }}
total = {{ from = "row" }}
metadata = {{ unit = "persons" }}
"#
    );
    json!({
        "required": true,
        "content": {
            "text/csv": {
                "schema": { "type": "string", "maxLength": 10_485_760, "description": "Canonical CSV: the columns of the form as the catalogue lists them, one row a cell." },
                "examples": {
                    "taken": { "summary": "A file that is taken", "value": taken.join("\n") },
                    "refused": { "summary": "A file with two problems", "value": refused.join("\n") },
                },
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": { "type": "string", "contentMediaType": "text/csv", "description": "The file, in any layout." },
                        "mapping": { "type": "string", "contentMediaType": "application/toml", "description": "How the file is read; without it, it is canonical CSV." },
                        "beside": { "type": "array", "maxItems": 8, "items": { "type": "string" }, "description": "Further files, where the mapping names them." },
                    },
                },
                "examples": { "mapped": {
                    "summary": "A file of another layout with its mapping",
                    "value": { "file": file, "mapping": mapping },
                } },
            },
        },
    })
}

fn import_answers(agency: &str) -> Value {
    let taken = |period: &str, rows: u64, cells: u64| {
        json!({ "value": {
            "import": 17, "agency": agency,
            "sha256": "d8a5…", "rows_read": rows, "rows_of_others": 0, "rows_left_out": 0,
            "tables": [{ "form": "IE_CIT", "period": period, "cells": cells, "changed": true }],
        } })
    };
    let listed = [
        json!({
            "file": null, "line": 3, "column": "value", "value": "12.5", "again": 0,
            "problem": "not a count: it has a fraction, or its groups are not of three",
            "accepted": "a whole number from 0, such as 1234, or 1 234 with one separator between all groups of three",
        }),
        json!({ "line": 4, "column": "citizenship", "value": "ATL", "problem": "unknown citizenship" }),
    ];
    json!({
        "200": {
            "description": "Taken. import is null where every table says what the agency had said before.",
            "content": { "application/json": {
                "schema": reference("Taken"),
                "examples": { "taken": taken("2021", 4, 4), "mapped": taken("2020", 3, 3) },
            } },
        },
        "422": {
            "description": "Refused: nothing of the file was taken, and every problem is listed.",
            "content": { "application/problem+json": {
                "schema": reference("Problem"),
                "examples": { "refused": { "value": {
                    "type": "urn:vrs:problem:refused",
                    "status": 422,
                    "detail": "The file was refused, and nothing of it was taken.",
                    "problems": listed,
                    "more_problems": 0,
                    "unread": false,
                } } },
            } },
        },
    })
}

fn table_answers(participant: &str) -> Value {
    let csv = format!(
        "form,period,participant,citizenship,value,status,conf\nIE_CIT,2021,{participant},AFG,410,A,F\nIE_CIT,2021,{participant},SYR,,O,F\nIE_CIT,2021,{participant},_O,540,A,F\nIE_CIT,2021,{participant},_T,1250,A,F\n"
    );
    let table = json!({
        "form": "IE_CIT", "period": "2021", "participant": participant, "dimensions": ["citizenship"],
        "cells": [
            { "key": ["_T"], "labels": ["Total"], "value": 1250, "status": "A", "conf": "F" },
            { "key": ["SYR"], "value": null, "words": "not known", "status": "O" },
        ],
    });
    let mut found = answer("The figures in force; value is null where there is a reason in its place.", "Table", table);
    found["content"]["text/csv"] =
        json!({ "schema": { "type": "string" }, "examples": { "answer": { "value": csv } } });
    json!({ "200": found })
}

/// What any operation may be refused with.
fn refusals(what: What) -> Map<String, Value> {
    let mut said = vec![
        ("401", "There is no token, or it is not good: unknown, expired, ended."),
        (
            "429",
            "Too many requests of this token, or too many wrong tokens from this address; Retry-After says when to try again.",
        ),
        ("503", "The node could not write or took too long; try again."),
    ];
    if what == What::Import {
        said.push(("403", "A form in the file is not assigned to the agency."));
        said.push(("413", "The file is larger than 10 MiB."));
        said.push(("415", "Neither text/csv nor multipart/form-data."));
    }
    if what == What::Table {
        said.push(("404", "The agency has not delivered this form and period, or there is no such form."));
    }
    let problem = |about: &str| json!({ "description": about, "content": { "application/problem+json": { "schema": reference("Problem") } } });
    said.into_iter().map(|(status, about)| (status.to_owned(), problem(about))).collect()
}

fn schemas() -> Value {
    let text = || json!({ "type": "string" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let perhaps = |kind: &str| json!({ "type": [kind, "null"] });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "Taken": object(&json!({
            "import": perhaps("integer"), "agency": text(), "sha256": text(), "rows_read": count(),
            "rows_of_others": count(), "rows_left_out": count(),
            "tables": list(object(&json!({ "form": text(), "period": text(), "cells": count(), "changed": { "type": "boolean" } }))),
        })),
        "Tables": object(&json!({
            "agency": text(), "forms": texts(),
            "tables": list(object(&json!({ "form": text(), "period": text(), "address": text() }))),
        })),
        "Table": object(&json!({
            "form": text(), "title": text(), "period": text(), "participant": text(), "dimensions": texts(),
            "metadata": { "type": "object" },
            "cells": list(object(&json!({
                "key": texts(), "labels": texts(), "value": perhaps("integer"), "words": text(), "status": text(), "conf": text(),
            }))),
        })),
        "Questionnaire": object(&json!({
            "version": text(), "participant": text(),
            "forms": list(object(&json!({
                "code": text(), "title": text(), "question": text(), "section": count(), "topic": text(), "kind": text(),
                "units": texts(), "dimensions": list(object(&json!({ "column": text(), "list": text() }))), "columns": texts(),
                "extension": { "type": "boolean" }, "assigned": { "type": "boolean" },
            }))),
            "lists": list(json!({
                "type": "object",
                "required": ["code", "title", "codes"],
                "properties": {
                    "code": text(), "title": text(), "pattern": text(),
                    "codes": list(object(&json!({ "code": text(), "label": text() }))),
                },
                "additionalProperties": false,
            })),
        })),
        "Problem": {
            "type": "object",
            "description": "RFC 9457. type tells problems apart; detail, safe and next are for people; reference stands in the node's log.",
            "required": ["type", "title", "status", "detail", "safe", "next", "reference"],
            "properties": {
                "type": text(), "title": text(), "status": count(), "detail": text(), "safe": text(), "next": text(), "reference": text(),
                "problems": list(object(&json!({
                    "file": perhaps("string"), "line": perhaps("integer"), "column": text(), "value": text(), "problem": text(),
                    "accepted": text(), "again": count(),
                }))),
                "more_problems": count(), "unread": { "type": "boolean" },
            },
            "additionalProperties": false,
        },
    })
}

/// An object with exactly these properties.
fn object(properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}
