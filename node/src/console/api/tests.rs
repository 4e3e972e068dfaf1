//! What programs ask, asked.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::document::made;
use super::operations::{OPERATIONS, What};
use crate::console::gate::Verb;
use crate::console::tests::{Browser, Sample};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::testing::form;

struct Answer {
    status: StatusCode,
    kind: String,
    retry_after: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let answer = router.clone().oneshot(request).await.unwrap();
    let header = |name| answer.headers().get(name).map_or_else(String::new, |kind| kind.to_str().unwrap().to_owned());
    let (status, kind, retry_after) = (answer.status(), header(header::CONTENT_TYPE), header(header::RETRY_AFTER));
    let text = String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    Answer { status, kind, retry_after, text }
}

/// A request as curl sends it: no Origin, no Sec-Fetch-Site.
fn request(verb: Verb, path: &str, token: &str) -> axum::http::request::Builder {
    let builder = if verb == Verb::Get { Request::get(path) } else { Request::post(path) };
    builder.header(header::AUTHORIZATION, format!("Bearer {token}"))
}

async fn get(router: &Router, path: &str, token: &str) -> Answer {
    send(router, request(Verb::Get, path, token).body(Body::empty()).unwrap()).await
}

async fn deliver(router: &Router, token: &str, csv: &str) -> Answer {
    let request = request(Verb::Post, "/api/v1/imports", token).header(header::CONTENT_TYPE, "text/csv");
    send(router, request.body(Body::from(csv.to_owned())).unwrap()).await
}

fn agency() -> AgencyCode {
    AgencyCode::parse("COAST").unwrap()
}

/// A node with an agency that delivers one form, and its token.
async fn with_token() -> (Sample, String) {
    let sample = Sample::filled().await;
    let coast = crate::national::Agency { code: agency(), name: "Coast Guard".into() };
    sample.node.add_agency(&coast).await.unwrap();
    sample.node.assign_forms(&agency(), &[form("IE_CIT")].into()).await.unwrap();
    let made = sample.node.make_token(&agency(), "nightly delivery", 30).await.unwrap();
    (sample, made.text.to_string())
}

/// Whether an answer says everything that an example says; it may say more. These differ from node to node.
fn holds(answer: &Value, example: &Value) -> bool {
    match (answer, example) {
        (Value::Object(answer), Value::Object(example)) => example.iter().all(|(name, example)| {
            let varies = matches!(name.as_str(), "import" | "sha256");
            answer.get(name).is_some_and(|answer| varies || holds(answer, example))
        }),
        (Value::Array(answer), Value::Array(example)) => {
            example.iter().all(|example| answer.iter().any(|answer| holds(answer, example)))
        }
        (answer, example) => answer == example,
    }
}

/// What of a schema an answer does not keep; the words of JSON Schema that our document uses.
fn misfit(schema: &Value, value: &Value, document: &Value, at: &str) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return misfit(document.pointer(reference.trim_start_matches('#'))?, value, document, at);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return Some(format!("{at}: no type")),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        return Some(format!("{at}: {kind} instead of {kinds:?}"));
    }
    if let Value::Array(values) = value {
        return values.iter().find_map(|value| misfit(&schema["items"], value, document, at));
    }
    let Value::Object(values) = value else { return None };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(missing) = required.into_iter().find(|name| !values.contains_key(*name)) {
        return Some(format!("{at}: {missing} is missing"));
    }
    values.iter().find_map(|(name, value)| match schema["properties"].get(name) {
        Some(schema) => misfit(schema, value, document, &format!("{at}.{name}")),
        None => (schema["additionalProperties"] == json!(false)).then(|| format!("{at}: {name} is too much")),
    })
}

/// The status and the example that answer a request, by the name of its example.
fn expected<'d>(operation: &'d Value, kind: &str, name: &str) -> (u16, &'d Value, &'d Value) {
    for (status, answer) in operation["responses"].as_object().unwrap() {
        for (of, content) in answer["content"].as_object().into_iter().flatten() {
            let example = &content["examples"][name]["value"];
            if !example.is_null() && (kind.is_empty() || of == kind) {
                return (status.parse().unwrap(), example, &content["schema"]);
            }
        }
    }
    panic!("no answer {name} ({kind})");
}

fn body(kind: &str, example: &Value) -> (String, String) {
    if kind == "multipart/form-data" {
        let mut body = String::new();
        for (name, text) in example.as_object().unwrap() {
            let text = text.as_str().unwrap();
            body += &format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
            );
        }
        return (format!("{kind}; boundary=edge"), body + "--edge--\r\n");
    }
    (kind.to_owned(), example.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn every_example_of_the_document_is_answered_as_it_says() {
    let (sample, token) = with_token().await;
    let document = made("GBR", "COAST");
    let mut sent = 0;
    for operation in OPERATIONS {
        let verb = if operation.verb == Verb::Get { "get" } else { "post" };
        let said = &document["paths"][operation.path][verb];
        let mut path = operation.path.to_owned();
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            let (name, example) = (parameter["name"].as_str().unwrap(), parameter["example"].as_str().unwrap());
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), example),
                _ => path += &format!("?{name}={example}"),
            }
        }
        let mut check = async |request: Request<Body>, (status, example, schema): (u16, &Value, &Value)| {
            let answer = send(&sample.router, request).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
            let is_text = example.is_string();
            let value = if is_text { Value::String(answer.text.clone()) } else { answer.json() };
            assert!(holds(&value, example), "{path}: {value:#}\nis not\n{example:#}");
            assert_eq!(misfit(schema, &value, &document, &path), None);
            sent += 1;
        };
        for (kind, content) in said["requestBody"]["content"].as_object().into_iter().flatten() {
            for (name, example) in content["examples"].as_object().unwrap() {
                let (kind, body) = body(kind, &example["value"]);
                let request = request(operation.verb, &path, &token).header(header::CONTENT_TYPE, kind);
                check(request.body(Body::from(body)).unwrap(), expected(said, "", name)).await;
            }
        }
        for (kind, content) in said["responses"]["200"]["content"].as_object().unwrap() {
            if content["examples"]["answer"].is_object() {
                let request = request(operation.verb, &path, &token).header(header::ACCEPT, kind);
                check(request.body(Body::empty()).unwrap(), expected(said, kind, "answer")).await;
            }
        }
    }
    assert_eq!(sent, 7);
    let asked = get(&sample.router, "/api/v1/openapi.json", &token).await;
    assert_eq!(asked.json(), document);
}

#[test]
fn routes_gate_and_document_have_the_same_operations() {
    let document = made("GBR", "COAST");
    let paths = document["paths"].as_object().unwrap();
    let verbs: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(verbs, OPERATIONS.len());
    for operation in OPERATIONS {
        assert!(operation.path.starts_with("/api/v1/"), "{}", operation.path);
        assert!(operation.needs.roles().contains(&Role::Contributor), "nobody could ask {}", operation.path);
        let verb = if operation.verb == Verb::Get { "get" } else { "post" };
        assert!(paths[operation.path][verb]["responses"]["401"].is_object());
        let parameters = paths[operation.path][verb]["parameters"].as_array().into_iter().flatten();
        let named = parameters.filter(|one| one["in"] == "path").count();
        assert_eq!(named, operation.path.matches('{').count(), "{}", operation.path);
    }
    assert!(OPERATIONS.iter().any(|operation| operation.what == What::Document));
}

#[tokio::test]
async fn a_cookie_opens_no_operation_and_a_token_opens_no_page() {
    let (sample, token) = with_token().await;
    let mut dana = Browser::signed_in(&sample.router, "cleo").await;
    for operation in OPERATIONS {
        let answer = match operation.verb {
            Verb::Get => dana.get(operation.path).await,
            Verb::Post => dana.post(operation.path, "").await,
        };
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {}", operation.path, answer.text);
        assert!(answer.text.contains("urn:vrs:problem:token") && answer.text.contains("opens nothing here"));
    }
    for page in ["/", "/tables", "/imports", "/agencies/COAST", "/acts"] {
        let answer = get(&sample.router, page, &token).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}");
    }
    // What no table names is nowhere, and said for programs.
    let nowhere = get(&sample.router, "/api/v1/releases", &token).await;
    assert_eq!((nowhere.status, nowhere.kind.as_str()), (StatusCode::NOT_FOUND, "application/problem+json"));
    let other = send(&sample.router, request(Verb::Post, "/api/v1/tables", &token).body(Body::empty()).unwrap()).await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_token_delivers_the_forms_of_its_agency_and_stands_behind_them_in_the_trail() {
    let (sample, token) = with_token().await;
    let csv = "form,period,participant,citizenship,value,status,conf\nIE_CIT,2020,GBR,_T,5,A,F\n";
    let taken = deliver(&sample.router, &token, csv).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    let again = deliver(&sample.router, &token, csv).await.json();
    assert_eq!((&again["import"], &again["tables"][0]["changed"]), (&Value::Null, &json!(false)));
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=import-taken").await;
    assert!(acts.contains("(nightly delivery)") && acts.contains("agency: COAST"), "{acts}");
    let foreign = "form,period,participant,value,status,conf\nIE_TOT,2020,GBR,5,A,F\n";
    let refused = deliver(&sample.router, &token, foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("not assigned to the agency COAST"), "{}", refused.text);
    // The police delivered it, the coast guard did not.
    assert_eq!(get(&sample.router, "/api/v1/tables/2018/IR_CIT", &token).await.status, StatusCode::NOT_FOUND);
    let odd = request(Verb::Post, "/api/v1/imports", &token)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let odd = send(&sample.router, odd.body(Body::from("file=x")).unwrap()).await;
    assert_eq!(odd.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = deliver(&sample.router, &token, &"x".repeat(13 * 1024 * 1024)).await;
    assert_eq!((large.status, large.kind.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json"));
}

#[tokio::test]
async fn wrong_tokens_slow_down_and_persons_are_not_kept_out_by_them() {
    let (sample, token) = with_token().await;
    let secret = token.splitn(3, '_').nth(2).unwrap().to_owned();
    let known = token.replace(&secret, &"A".repeat(secret.len()));
    let unknown = format!("vrs_aaaaaaaaaaaaaaaa_{secret}");
    for wrong in [known.as_str(), unknown.as_str(), "vrs_", "x", &format!("vrs_{}", "y".repeat(9_000))] {
        let answer = get(&sample.router, "/api/v1/tables", wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    }
    let paused = get(&sample.router, "/api/v1/tables", &token).await;
    assert_eq!((paused.status, paused.retry_after.as_str()), (StatusCode::TOO_MANY_REQUESTS, "15"), "{}", paused.text);
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=token-refused").await;
    assert!(acts.contains("why: wrong") && !acts.contains("yyyy"), "{acts}");
}

#[tokio::test]
async fn a_token_ends_in_time_or_by_hand_and_says_so_to_whoever_has_it() {
    let (sample, token) = with_token().await;
    let public = token.split('_').nth(1).unwrap();
    assert_eq!(get(&sample.router, "/api/v1/tables", &token).await.status, StatusCode::OK);
    assert!(sample.node.tokens(&agency()).await.unwrap()[0].last_used_at.is_some());
    sample.node.end_token(&agency(), public).await.unwrap();
    let ended = get(&sample.router, "/api/v1/tables", &token).await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
    assert!(ended.text.contains("was ended at"), "{}", ended.text);
    assert!(sample.node.end_token(&agency(), public).await.is_err());
    for days in [0, 366] {
        assert!(sample.node.make_token(&agency(), "x", days).await.is_err());
    }
    assert!(sample.node.make_token(&agency(), "", 1).await.is_err());
}

#[tokio::test]
async fn an_administrator_makes_a_token_that_is_shown_once_and_ends_it() {
    let (sample, _) = with_token().await;
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let form = |password: &str| format!("do=make&name=Border+register&days=90&password={password}");
    let refused = dana.post("/agencies/COAST/tokens", &form("wrong")).await;
    assert_eq!(refused.location, "/agencies/COAST");
    let before = sample.node.tokens(&agency()).await.unwrap().len();
    assert_eq!(before, 1);
    let made = dana.post("/agencies/COAST/tokens", &form("a+long+enough+sentence")).await;
    let token = made.text.split("<p class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(get(&sample.router, "/api/v1/catalogue", &token).await.status, StatusCode::OK);
    let page = dana.page("/agencies/COAST").await;
    assert!(page.contains("Border register") && !page.contains(&token), "{page}");
    let public = token.split('_').nth(1).unwrap();
    let end = format!("do=end&token={public}&password=a+long+enough+sentence");
    assert_eq!(dana.post("/agencies/COAST/tokens", &end).await.location, "/agencies/COAST");
    assert_eq!(get(&sample.router, "/api/v1/catalogue", &token).await.status, StatusCode::UNAUTHORIZED);
    assert!(dana.page("/agencies/COAST").await.contains("ended by dana"));
}
