//! Who may open and do what: every address for every role.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use vrs_protocol::id::FormCode;

use super::browser::Browser;
use super::sample::{Sample, import, password};
use crate::console::gate::{GATE, Verb};
use crate::national::{Agency, AgencyCode};
use crate::roles::Role;
use crate::testing::form;

/// Who is let through, in the order contributor, focal point, approver, administrator, auditor. Written out, so that a slip in
/// the table of capabilities is seen here.
const EXPECTED: &str = "
GET  /                               C F P A U
GET  /catalogue                      C F P A U
GET  /catalogue/print                C F P A U
GET  /catalogue/{form}               C F P A U
GET  /catalogue/changes              C F P A U
POST /catalogue/changes              - - - A -
GET  /help                           C F P A U
GET  /help/{page}                    C F P A U
GET  /operators                      - - - A -
POST /operators                      - - - A -
GET  /operators/{name}               - - - A -
POST /operators/{name}               - - - A -
POST /agencies                       - - - A -
GET  /agencies                       - F - A U
GET  /agencies/{code}                - F - A U
POST /agencies/{code}                - - - A -
POST /agencies/{code}/tokens         - - - A -
GET  /access                         - F P - U
GET  /charter                        - F P A U
POST /charter                        - - P A -
GET  /calendar                       C F P - U
POST /calendar                       - F - - -
GET  /findings                       - F P - U
POST /findings                       - F - - -
GET  /imports                        C F - - U
POST /imports                        C F - - -
GET /imports/workbook.xlsx                        C F - - -
GET  /imports/taken/{id}             C F - - U
POST /imports/taken/{id}             C F - - -
GET /imports/{id}                        C F - - -
POST /imports/{id}                        C F - - -
GET /imports/{id}/mapping                        C F - - -
GET  /ledger                         - F P A U
GET  /ledger/audit                   - F P A U
GET  /link                           - F P A U
GET  /overviews                      - F P - U
GET  /overviews/{period}/{form}      - F P - U
GET  /peers                          - F P - U
GET  /peers/{code}/{period}/{form}   - F P - U
GET  /releases                       - F P - U
GET  /releases/new                   - F - - -
POST /releases/new                   - F - - -
GET  /releases/{id}                  - F P - U
POST /releases/{id}/approve          - - P - -
POST /releases/{id}/discard          - F P - -
POST /releases/{id}/withdraw         - - P - -
GET  /servings                       - F P A U
GET  /tables                         C F P - U
GET  /tables/nothing                 C F - - -
POST /tables/nothing                 C F - - -
GET  /tables/{period}/{form}         C F P - U
POST /tables/{period}/{form}         - F - - -
POST /tables/{period}/{form}/cell    - F - - -
POST /tables/{period}/{form}/between - F - - -
GET  /tables/{period}/{form}/sheet   C F - - -
POST /tables/{period}/{form}/sheet   C F - - -
GET  /acts                           - - - A U
GET  /acts/export                    - - - A U
";

const ROLES: [(&str, Role); 5] = [
    ("carl", Role::Contributor),
    ("fay", Role::FocalPoint),
    ("paul", Role::Approver),
    ("adam", Role::Administrator),
    ("uma", Role::Auditor),
];

/// A person for each role, the contributor of Border Force.
async fn with_everybody(sample: &Sample) -> Vec<Browser> {
    let code = AgencyCode::parse("BF").unwrap();
    let agency = Agency { code: code.clone(), name: "Border Force".into() };
    let _ = sample.node.add_agency(&agency).await;
    let mut browsers = Vec::new();
    for (name, role) in ROLES {
        let agency = (role == Role::Contributor).then_some(&code);
        sample.node.add_account(name, name, &[role], agency, password()).await.unwrap();
        browsers.push(Browser::signed_in(&sample.router, name).await);
    }
    browsers
}

fn expected() -> Vec<(Verb, &'static str, [bool; 5])> {
    let line = |line: &'static str| {
        let mut words = line.split_whitespace();
        let verb = if words.next() == Some("GET") { Verb::Get } else { Verb::Post };
        let path = words.next().unwrap();
        let through: Vec<bool> = words.map(|word| word != "-").collect();
        (verb, path, through.try_into().unwrap())
    };
    EXPECTED.trim().lines().map(line).collect()
}

#[test]
fn every_route_stands_at_the_gate_and_in_this_table() {
    let source = include_str!("../mod.rs");
    let routes = source.split("fn routes()").nth(1).unwrap().split("\n}").next().unwrap();
    let mut served = BTreeSet::new();
    for route in routes.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        for (method, verb) in [("get(", "GET"), ("post(", "POST")] {
            if route.contains(method) {
                served.insert(format!("{verb} {path}"));
            }
        }
    }
    let verb = |verb: Verb| if verb == Verb::Get { "GET" } else { "POST" };
    let gate: BTreeSet<String> = GATE.iter().map(|(of, path, _)| format!("{} {path}", verb(*of))).collect();
    assert_eq!(served, gate, "routes without a place in gate.rs, or the other way round");
    let told = expected().into_iter().filter(|(_, path, _)| !path.starts_with("/acts"));
    let told: BTreeSet<String> = told.map(|(of, path, _)| format!("{} {path}", verb(of))).collect();
    assert_eq!(told, gate);
}

#[tokio::test]
async fn every_role_is_let_through_where_it_should_be_and_nowhere_else() {
    let sample = Sample::empty().await;
    let mut browsers = with_everybody(&sample).await;
    let (code, form) = (AgencyCode::parse("BF").unwrap(), FormCode::parse("IE_CIT").unwrap());
    sample.node.assign_forms(&code, &[form].into()).await.unwrap();
    for (verb, path, through) in expected() {
        let address = path
            .replace("{name}", "uma")
            .replace("{code}", "BF")
            .replace("{period}", "2021")
            .replace("{form}", "IE_CIT");
        let address = address.replace("{id}", "7").replace("{page}", "keys");
        for (at, browser) in browsers.iter_mut().enumerate() {
            let answer = match verb {
                Verb::Get => browser.get(&address).await,
                Verb::Post => browser.post(&address, "nothing=of+use").await,
            };
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(!refused, through[at], "{verb:?} {path} for {}: {}", ROLES[at].0, answer.status);
            assert!(answer.status.as_u16() < 500, "{verb:?} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn an_auditor_changes_nothing_but_the_own_account() {
    let sample = Sample::filled().await;
    let mut browsers = with_everybody(&sample).await;
    let auditor = &mut browsers[4];
    for (_, path, _) in GATE.iter().filter(|(verb, ..)| *verb == Verb::Post) {
        let address = path
            .replace("{name}", "uma")
            .replace("{code}", "BF")
            .replace("{period}", "2021")
            .replace("{form}", "IE_CIT");
        let answer = auditor.post(&address.replace("{id}", "3"), "password=x&reason=wrong&rule=sum").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(auditor.post("/language", "language=fr").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_is_shown_a_link_that_leads_to_a_refusal() {
    for sample in [Sample::empty().await, Sample::filled().await] {
        for (at, mut browser) in with_everybody(&sample).await.into_iter().enumerate() {
            let page = browser.page("/").await;
            let links: BTreeSet<&str> =
                page.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(links.len() > 2, "{links:?}");
            for link in links.into_iter().filter(|link| !link.starts_with("assets")) {
                let answer = browser.get(&format!("/{link}").replace("&#38;", "&")).await;
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "/{link} for {}", ROLES[at].0);
            }
        }
    }
}

#[tokio::test]
async fn a_contributor_sees_and_brings_the_own_agency_s_forms_only() {
    let sample = Sample::filled().await;
    let mut carl = with_everybody(&sample).await.remove(0);
    let tables = carl.page("/tables").await;
    assert!(tables.contains("No form is assigned") && tables.contains("/tables/2018/IR_CIT"), "{tables}");
    // The police delivered 412 for the same form and period.
    let own = carl.page("/tables/2018/IR_CIT").await;
    assert!(own.contains("Figures of BF") && own.contains("stay-2018.csv"), "{own}");
    for foreign in ["POLICE", "police-2018", "412", "Agencies side by side"] {
        assert!(!own.contains(foreign), "{foreign}: {own}");
    }
    let csv = carl.get("/tables/2018/IR_CIT.csv").await.text;
    assert!(csv.contains("21000") && !csv.contains("412"), "{csv}");
    let imports = carl.page("/imports").await;
    assert!(imports.contains("stay-2018.csv") && !imports.contains("police-2018.csv"), "{imports}");

    let text = "form,period,participant,value,status,conf\nIE_TOT,2020,GBR,8466,A,F\n";
    let file = [("agency", "", "BF"), ("file", "totals.csv", text)];
    let refused = carl.post_files("/imports", &file).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("IE_TOT: not assigned to the agency BF"), "{}", refused.text);
    assert!(refused.text.contains("An administrator assigns forms"), "{}", refused.text);
    let code = AgencyCode::parse("BF").unwrap();
    sample.node.assign_forms(&code, &[FormCode::parse("IE_TOT").unwrap()].into()).await.unwrap();
    assert_eq!(carl.post_files("/imports", &file).await.status, StatusCode::SEE_OTHER);
    let foreign = [("agency", "", "POLICE"), ("file", "totals.csv", text)];
    assert_eq!(carl.post_files("/imports", &foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_administrator_adds_agencies_and_assigns_their_forms() {
    let sample = Sample::filled().await;
    let mut adam = with_everybody(&sample).await.remove(3);
    assert_eq!(adam.post("/agencies", "code=coast&name=Coast+Guard").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(adam.post("/agencies", "code=COAST&name=+").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = adam.post("/agencies", "code=COAST&name=Coast+Guard").await;
    assert_eq!(added.location, "/agencies/COAST");
    assert!(adam.page("/agencies/COAST").await.contains("Assign its forms"));
    let form = "name=Coast+Guard&contact=Ms+Hill%2C+ext.+12&form=IE_TOT&form=IE_CIT";
    assert_eq!(adam.post("/agencies/COAST", form).await.location, "/agencies");
    let page = adam.page("/agencies/COAST").await;
    assert!(page.contains("value=\"IE_TOT\" checked") && page.contains("Ms Hill, ext. 12"), "{page}");
    assert!(!page.contains("value=\"RE_TOT\" checked"));
    let list = adam.page("/agencies").await;
    assert!(list.contains("Border Force") && list.contains("Coast Guard"), "{list}");
    let unknown = adam.post("/agencies/COAST", "name=Coast+Guard&contact=&form=XX_YY").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.text);
    let acts = adam.page("/acts?what=forms-assigned").await;
    assert!(acts.contains("agency COAST") && acts.contains("forms: IE_CIT IE_TOT"), "{acts}");
}

#[tokio::test]
async fn agencies_see_each_other_where_the_focal_point_lets_them_and_they_delivered() {
    let sample = Sample::filled().await;
    let mut carl = with_everybody(&sample).await.remove(0);
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let path = "/tables/2018/IR_CIT";
    sample.node.assign_forms(&AgencyCode::parse("BF").unwrap(), &[form("IR_CIT")].into()).await.unwrap();
    assert!(!carl.page(path).await.contains("POLICE"));
    assert_eq!(
        ana.post(&format!("{path}/between"), "allow=yes&reason=").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let allowed = ana.post(&format!("{path}/between"), "allow=yes&reason=They+reconcile+together").await;
    assert_eq!(allowed.status, StatusCode::SEE_OTHER, "{}", allowed.text);
    let page = carl.page(path).await;
    assert!(page.contains("POLICE") && page.contains("292") && !page.contains("National"), "{page}");
    // What the own agency has not delivered, it does not see of others; a reason in place of the total opens nothing.
    let sheet = "/tables/2015/IR_CIT/sheet";
    import(&sample.node, "POLICE", "police-2015.csv", "IR_CIT", "2015", &[("_T", "777")]).await;
    let typed = carl.post(sheet, "agency=BF&version=0&c0.0=_T&v0.0=L&act=complete").await;
    assert_eq!(typed.status, StatusCode::SEE_OTHER, "{}", typed.text);
    assert!(!carl.page("/tables/2015/IR_CIT").await.contains("777"));
    import(&sample.node, "POLICE", "police-2016.csv", "IR_CIT", "2016", &[("_T", "5")]).await;
    assert_eq!(carl.get("/tables/2016/IR_CIT").await.status, StatusCode::NOT_FOUND);
    assert!(!carl.get("/tables/2018/IR_CIT.csv").await.text.contains("412"));
    assert_eq!(ana.post(&format!("{path}/between"), "allow=no").await.status, StatusCode::SEE_OTHER);
    assert!(!carl.page(path).await.contains("POLICE"));
}
