//! Two nodes of the United Kingdom: one that was just made, and one in a region of ten.

use axum::Router;
use tempfile::TempDir;
use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_protocol::audience::{Audience, AudienceChoice};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::{LineKind, ParticipantChange, ParticipantKind};
use vrs_protocol::table::Table;
use vrs_runtime::clock::{Clock, Hands};
use vrs_runtime::files;

use crate::national::{Agency, AgencyCode};
use crate::node::{ImportRequest, Measures, NewNode, Node, PrepareOutcome, PrepareRequest, Withholding};
use crate::release::Terms;
use crate::roles::Role;
use crate::settings::first_file;
use crate::store;
use crate::store::bodies::HeldBody;
use crate::store::membership::Membership;
use crate::testing::{NOW, TestRegion, code, form, period, table};

/// Everybody's password here.
pub(in crate::console) const PASSWORD: &str = "a long enough sentence";

/// The region, in the order of admission.
const CODES: [&str; 10] = ["USA", "GBR", "POL", "FRA", "GRC", "ITA", "HUN", "HRV", "SVN", "BGR"];

/// A node with its pages.
pub(in crate::console) struct Sample {
    pub(in crate::console) node: Node,
    pub(in crate::console) router: Router,
    /// Moves the clock.
    pub(in crate::console) hands: Hands,
    dir: TempDir,
}

impl Sample {
    /// The files of the node's folder.
    pub(super) fn files(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
    }

    /// A node on its first day, with persons and nothing else.
    pub(in crate::console) async fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (node, hands) = node(&dir).await;
        Self { router: crate::console::router(&node).unwrap(), node, hands, dir }
    }

    /// The same, and the region follows the second version of the questionnaire from 2026 on, which begins just now.
    pub(in crate::console) async fn with_a_new_questionnaire() -> Self {
        Self::filled_until(async |sample: &mut Filling<'_>| {
            let (_, charter) = sample.region.region().charter().unwrap();
            let [_, second] = Catalogue::known() else { panic!("two versions") };
            let charter = Charter { title: "Second Charter".into(), ..charter.with_catalogue(second, 2026) };
            sample.region.by_hub(LineKind::Charter, &charter);
            sample.mirror().await;
            sample.node.view().await.unwrap();
        })
        .await
    }

    /// A node in a region, with figures, releases in several states, and peers that share.
    pub(in crate::console) async fn filled() -> Self {
        Self::filled_until(async |_: &mut Filling<'_>| ()).await
    }

    async fn filled_until(last: impl AsyncFnOnce(&mut Filling<'_>)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut region = TestRegion::of(&CODES);
        let keys = dir.path().join("keys");
        files::private_directory(&keys).unwrap();
        files::create_secret(&keys.join("identity.pem"), region.key_of("GBR").to_pkcs8_pem().unwrap().as_bytes())
            .unwrap();
        let (node, hands) = node(&dir).await;
        let names = CODES.map(|text| (region.id(text), node.catalogue().participant_name(&code(text))));
        for (participant, name) in names {
            region.by_hub(LineKind::Participant, &ParticipantChange::Rename { participant, name });
        }
        let mut sample = Filling { node: &node, region, mirrored: 0 };
        sample.join().await;
        sample.bring_figures().await;
        sample.release_ours().await;
        sample.peers().await;
        sample.leave_work_for_today().await;
        last(&mut sample).await;
        Self { router: crate::console::router(&node).unwrap(), node, hands, dir }
    }
}

async fn node(dir: &TempDir) -> (Node, Hands) {
    let new = NewNode {
        participant: code("GBR"),
        name: String::new(),
        kind: ParticipantKind::State,
        console: "127.0.0.1:0".parse().unwrap(),
    };
    let (clock, hands) = Clock::manual(NOW.0 + 7_200);
    let text = first_file(&new.participant, "", new.kind, new.console) + "second_factor_for = []\n";
    files::write_public(&dir.path().join("vrs.toml"), text.as_bytes()).unwrap();
    let node = Node::init(dir.path(), &new, clock).await.unwrap();
    for (name, shown, roles) in [
        ("ana", "Ana Lovell", &[Role::FocalPoint][..]),
        ("ben", "Ben Okafor", &[Role::Approver]),
        ("cleo", "Cleo Marsh", &[Role::FocalPoint, Role::Approver]),
        ("dana", "Dana Fox", &[Role::Administrator, Role::Auditor]),
    ] {
        node.add_account(name, shown, roles, None, password()).await.unwrap();
    }
    (node, hands)
}

pub(in crate::console) fn password() -> Password {
    Password::new(PASSWORD.into()).unwrap()
}

/// The person of an account.
pub(in crate::console) async fn person(node: &Node, name: &str) -> Operator {
    node.sign_in(name, password()).await.unwrap()
}

struct Filling<'a> {
    node: &'a Node,
    region: TestRegion,
    mirrored: u64,
}

impl Filling<'_> {
    async fn join(&mut self) {
        let mut tx = self.node.database().begin("join").await.unwrap();
        let membership = Membership {
            region: "Test".into(),
            address: "hub.test.vrs:7443".into(),
            participant: self.region.id("GBR"),
            genesis: self.region.lines[0].clone(),
            joined_at: NOW,
        };
        store::membership::set(&mut tx, &membership).await.unwrap();
        store::link::reached(&mut tx, NOW.0 + 7_080).await.unwrap();
        tx.commit().await.unwrap();
        self.mirror().await;
        self.node.accept_charter(&person(self.node, "ben").await).await.unwrap();
    }

    /// The node has every line.
    async fn mirror(&mut self) {
        assert!(self.region.view.flaws().is_empty(), "{:?}", self.region.view.flaws());
        let mut tx = self.node.database().begin("mirror").await.unwrap();
        let new = &self.region.lines[self.mirrored as usize..];
        store::ledger::append(&mut tx, self.mirrored, new).await.unwrap();
        store::ledger::set_checkpoint(&mut tx, &self.region.checkpoint(), NOW.0 + 7_080).await.unwrap();
        tx.commit().await.unwrap();
        self.mirrored = self.region.view.size();
    }

    async fn bring_figures(&self) {
        for (agency, name) in [("BF", "Border Force"), ("POLICE", "National Police")] {
            self.node
                .add_agency(&Agency { code: AgencyCode::parse(agency).unwrap(), name: name.into() })
                .await
                .unwrap();
        }
        self.import(
            "BF",
            "detections-2021.csv",
            "IE_CIT",
            "2021",
            &[
                ("_T", "29213"),
                ("IRN", "7874"),
                ("IRQ", "5414"),
                ("ERI", "2829"),
                ("SYR", "2260"),
                ("VNM", "1403"),
                ("AFG", "1323"),
                ("_O", "8110"),
            ],
        )
        .await;
        self.import("BF", "totals-2021.csv", "IE_TOT", "2021", &[("", "29213")]).await;
        self.import("BF", "refused-2019.csv", "RE_TOT", "2019", &[("", "18760")]).await;
        self.import(
            "BF",
            "stay-2018.csv",
            "IR_CIT",
            "2018",
            &[("_T", "21000"), ("IND", "6800"), ("PAK", "3100"), ("ALB", "<5"), ("_O", "11098")],
        )
        .await;
        self.import("POLICE", "police-2018.csv", "IR_CIT", "2018", &[("_T", "412"), ("IND", "120"), ("ALB", "292")])
            .await;
    }

    async fn import(&self, agency: &str, file: &str, form_code: &str, when: &str, cells: &[(&str, &str)]) {
        import(self.node, agency, file, form_code, when, cells).await;
    }

    /// Two tables that are final by now.
    async fn release_ours(&mut self) {
        let tables = [("IE_CIT", "2021"), ("IE_TOT", "2021")];
        let bundle = prepare(self.node, &tables, AudienceChoice::Contributors).await;
        self.node.approve(bundle, &person(self.node, "ben").await).await.unwrap();
        let mut tx = self.node.database().begin("deliver").await.unwrap();
        let parcel = store::outbox::waiting(&mut tx).await.unwrap().remove(0);
        store::outbox::set_sent(&mut tx, parcel.id).await.unwrap();
        store::releases::set_sent(&mut tx, bundle, NOW.0 + 7_200).await.unwrap();
        let mut line = 0;
        for release in store::releases::of_bundle(&mut tx, bundle).await.unwrap() {
            let statement = store::releases::packed(&mut tx, release.id).await.unwrap().unwrap().statement.unwrap();
            line = self.region.by("GBR", LineKind::Release, statement);
            store::releases::set_final(&mut tx, release.id, line, NOW.0 + 7_200).await.unwrap();
        }
        store::outbox::set_logged(&mut tx, parcel.id, line, NOW.0 + 7_200).await.unwrap();
        tx.commit().await.unwrap();
        self.mirror().await;
    }

    /// What the others do, and what is read of it.
    async fn peers(&mut self) {
        let of = |total: u64, afg: u64, syr: u64| {
            table("IE_CIT", "2021", &[("_T", total), ("AFG", afg), ("SYR", syr), ("_O", total - afg - syr)])
        };
        for (author, figures) in [
            ("USA", of(1_659_206, 1_245, 310)),
            ("ITA", of(67_040, 8_720, 5_112)),
            ("GRC", of(8_970, 2_400, 1_800)),
            ("HUN", of(12_945, 5_310, 2_204)),
        ] {
            self.share(author, &figures, author != "HUN").await;
        }
        for author in ["FRA", "HRV", "SVN"] {
            self.region.release(author, &of(5_940, 900, 700), Audience::Totals);
        }
        let named = Audience::Named([self.region.id("ITA")].into());
        self.region.release("POL", &of(7_700, 1_000, 900), named);
        for (author, total) in [("USA", 263_000), ("POL", 65_390)] {
            self.region.release(author, &table("RE_TOT", "2019", &[("", total)]), Audience::Contributors);
        }
        self.mirror().await;
    }

    /// A release to contributors, read by us and by its author in return; `arrived`: the body is here.
    async fn share(&mut self, author: &str, figures: &Table, arrived: bool) {
        let (line, signed) = self.region.release(author, figures, Audience::Contributors);
        let ours = self.ours();
        self.region.serve(author, ours, line);
        let serving = self.region.serve("GBR", line, ours);
        if arrived {
            let mut tx = self.node.database().begin("read").await.unwrap();
            let held = HeldBody { release: line, serving, nonce: signed.nonce, body: signed.body, received_at: NOW };
            store::bodies::put(&mut tx, &held).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    fn ours(&self) -> LineIndex {
        self.region.region().current(self.region.id("GBR"), &form("IE_CIT"), period("2021")).unwrap().index
    }

    /// One release waits for approval, one table is kept, and one attempt the rules do not allow.
    async fn leave_work_for_today(&self) {
        prepare(self.node, &[("RE_TOT", "2019")], AudienceChoice::Contributors).await;
        let ana = person(self.node, "ana").await;
        let refused = PrepareRequest {
            tables: vec![(form("IE_CIT"), period("2021"))],
            audience: AudienceChoice::Totals,
            derive: false,
            withholding: Withholding::default(),
            terms: Terms { because: "Late reports".into(), not_before: None },
            measures: Measures::default(),
        };
        self.node.prepare(&refused, &ana).await.unwrap_err();
    }
}

/// Prepared by Ana; the number of the bundle.
pub(in crate::console) async fn prepare(node: &Node, tables: &[(&str, &str)], audience: AudienceChoice) -> i64 {
    let tables = tables.iter().map(|(code, when)| (form(code), period(when))).collect();
    let request = PrepareRequest {
        tables,
        audience,
        derive: false,
        withholding: Withholding::default(),
        terms: Terms::default(),
        measures: Measures::default(),
    };
    match node.prepare(&request, &person(node, "ana").await).await.unwrap() {
        PrepareOutcome::Prepared(preview) => preview.id,
        PrepareOutcome::Kept(_) => panic!("prepared"),
    }
}

/// Takes a file with these cells in.
pub(in crate::console) async fn import(
    node: &Node,
    agency: &str,
    file: &str,
    form_code: &str,
    when: &str,
    cells: &[(&str, &str)],
) {
    let dimension = if cells[0].0.is_empty() { "" } else { "citizenship," };
    let mut text = format!("form,period,participant,{dimension}value,status,conf\n");
    for (key, value) in cells {
        let (value, conf) = if value.starts_with('<') { (*value, "C") } else { (*value, "F") };
        let status = if value.starts_with('<') { "Q" } else { "A" };
        let key = if key.is_empty() { String::new() } else { format!("{key},") };
        text.push_str(&format!("{form_code},{when},GBR,{key}{value},{status},{conf}\n"));
    }
    let request = ImportRequest {
        agency: AgencyCode::parse(agency).unwrap(),
        name: file.into(),
        bytes: text.into_bytes(),
        mapping: None,
        beside: Vec::new(),
        only: None,
        metadata: Some(vrs_protocol::table::Metadata {
            source: Some("Published statistics of detections".into()),
            coverage: Some("Small boats, air and vehicles; not the whole territory".into()),
            definition_followed: Some(true),
            ..Default::default()
        }),
        by: None,
    };
    node.import(request).await.unwrap();
}
