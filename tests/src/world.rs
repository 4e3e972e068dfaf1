//! A region in one process: a hub and nodes with real keys, links and databases, under one clock that the story moves.
//!
//! Databases are embedded files, or PostgreSQL when `VRS_TEST_POSTGRES` names a server. Everybody is admitted the ordinary
//! way: invite, fingerprint, admission. The rules are not here; a story asks the programs.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_hub::Hub;
use vrs_hub::admission::Invitation;
use vrs_hub::config::{PagesSettings, Settings as HubSettings};
use vrs_hub::edition::{Compiled, HubOverview};
use vrs_node::delivery::{Joining, SyncReport};
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::{ImportRequest, Measures, NewNode, PrepareOutcome, PrepareRequest, WithdrawOutcome, Withholding};
use vrs_node::release::Terms;
use vrs_node::roles::Role;
use vrs_node::{Node, NodeError};
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::invite::Invite;
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;
use vrs_protocol::release::WithdrawalReason;
use vrs_runtime::backup;
use vrs_runtime::clock::{Clock, Hands};
use vrs_runtime::database::Database;
use vrs_runtime::progress::Progress;
use vrs_runtime::shutdown::Shutdown;
use vrs_runtime::testing::Place;

use crate::network::Network;

/// When every story begins: 2026-01-01.
const BEGINNING: u64 = 1_767_225_600;
/// Name of the region.
const REGION: &str = "Test Region";
/// How often a round is tried while the hub renews its certificate.
const TRIES: usize = 50;
/// Between two tries.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
/// Password of every account.
const PASSWORD: &str = "correct horse battery staple";

/// The hub of a world.
pub struct HubSeat {
    /// Its folder.
    pub dir: PathBuf,
    /// Its address, the same after a restart.
    pub listen: SocketAddr,
    clock: Clock,
    running: Option<Hub>,
    place: Place,
}

/// A node of a world, with the two persons a release needs.
pub struct Seat {
    /// Its code.
    pub code: ParticipantCode,
    /// The node.
    pub node: Node,
    /// Prepares.
    pub officer: Operator,
    /// Approves.
    pub director: Operator,
    _place: Place,
}

/// A region.
pub struct World {
    /// The hub.
    pub hub: HubSeat,
    /// The wires.
    pub network: Network,
    /// Moves the clock of everybody.
    pub hands: Hands,
    seats: BTreeMap<String, Seat>,
    folder: TempDir,
}

impl World {
    /// A region with these participants, all admitted, at their desks, and under the accepted Charter. A name of one letter
    /// stands for the code of three of it.
    pub async fn of(names: &[&str]) -> Self {
        let (clock, hands) = Clock::manual(BEGINNING);
        Self::under(clock, hands, Network::default(), names).await
    }

    /// As [`World::of`], with nothing between the nodes and the hub: for measuring.
    pub async fn without_wires(names: &[&str]) -> Self {
        let (clock, hands) = Clock::manual(BEGINNING);
        Self::under(clock, hands, Network::none(), names).await
    }

    /// As [`World::of`], under the clock of the machine: for stories in which a real program takes part. Time does not pass at
    /// the story's word there.
    pub async fn of_today(names: &[&str]) -> Self {
        let (_, hands) = Clock::manual(BEGINNING);
        Self::under(Clock::system(), hands, Network::default(), names).await
    }

    async fn under(clock: Clock, hands: Hands, network: Network, names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hub = HubSeat::begin(folder.path().join("hub"), clock.clone()).await;
        let mut world = Self { hub, network, hands, seats: BTreeMap::new(), folder };
        world.admit(names).await;
        world
    }

    /// Admits further participants.
    pub async fn admit(&mut self, names: &[&str]) {
        let mut made = Vec::new();
        for name in names {
            let wire = self.network.lay(name, self.hub.listen).await;
            let seat = Seat::make(code(name), self.folder.path().join(name), wire, self.hub.clock.clone()).await;
            let invitation =
                Invitation { code: seat.code.clone(), name: None, kind: ParticipantKind::State, parent: None };
            let invite = Invite { address: wire.to_string(), ..self.hub.up().invite(invitation).await.unwrap() };
            made.push(((*name).to_owned(), seat, invite.to_string()));
        }
        let (rings, mut telephone) = tokio::sync::mpsc::unbounded_channel();
        let joins = made.iter().map(|(_, seat, invite)| {
            let rings = rings.clone();
            let tell = move |step: &Joining| {
                if let Joining::Waiting(fingerprint) = step {
                    rings.send((seat.code.clone(), fingerprint.clone())).unwrap();
                }
            };
            seat.node.join(Some(invite), tell)
        });
        let joins = futures::future::try_join_all(joins);
        let hub = self.hub.up();
        let admits = async {
            for _ in names {
                let (code, fingerprint) = telephone.recv().await.unwrap();
                hub.admit(&code, &fingerprint).await.unwrap();
            }
        };
        let (joined, ()) = tokio::join!(joins, admits);
        joined.unwrap();
        for (name, seat, _) in made {
            seat.node.sync().await.unwrap();
            seat.node.accept_charter(&seat.director).await.unwrap();
            self.seats.insert(name, seat);
        }
    }

    /// A participant's node.
    pub fn node(&self, name: &str) -> &Seat {
        &self.seats[name]
    }

    /// Everybody hears of everything, twice: what one does in the first round the others see in the second.
    pub async fn sync(&self) {
        for _ in 0..2 {
            for seat in self.seats.values() {
                seat.sync().await;
            }
        }
    }

    /// Lets time pass for everybody.
    pub fn pass_days(&self, days: u64) {
        self.hands.advance(days * 86_400);
    }

    /// The clock of everybody.
    pub fn clock(&self) -> &Clock {
        &self.hub.clock
    }
}

impl HubSeat {
    async fn begin(dir: PathBuf, clock: Clock) -> Self {
        let place = place().await;
        // Held while it is read only; nobody else takes it in that instant.
        let listen = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut seat = Self { dir, listen, clock, running: None, place };
        std::fs::create_dir_all(&seat.dir).unwrap();
        let hub = Hub::init(&seat.dir, REGION, seat.settings(), seat.clock.clone(), Shutdown::new()).await.unwrap();
        hub.serve().await.unwrap();
        seat.running = Some(hub);
        seat
    }

    fn settings(&self) -> HubSettings {
        // A story that signs in sets up no telephone.
        let pages = PagesSettings { second_factor_for: Vec::new(), ..PagesSettings::default() };
        HubSettings { listen: self.listen, database: self.database(), pages, ..HubSettings::default() }
    }

    /// Address of its database.
    pub fn database(&self) -> String {
        database(&self.place)
    }

    /// The hub, which must be running.
    pub fn up(&self) -> &Hub {
        self.running.as_ref().expect("the hub is down")
    }

    /// Stops the hub.
    pub async fn stop(&mut self) {
        self.running.take().expect("the hub is down already").close().await.unwrap();
    }

    /// Writes the database into one file, beside the folder.
    pub async fn backup(&self) -> PathBuf {
        let file = self.dir.with_extension("backup");
        backup::dump(self.up().database(), &file, &self.clock, &mut Progress::hidden()).await.unwrap();
        file
    }

    /// Comes back on a backup: an empty database takes it in, and the hub runs on that.
    pub async fn restore(&mut self, file: &Path) {
        self.stop().await;
        self.place = place().await;
        let empty = Database::connect(&self.database(), &self.dir).await.unwrap();
        vrs_hub::hub::restore(file, &empty, &self.clock, &mut Progress::hidden()).await.unwrap();
        empty.close().await;
        self.start().await;
    }

    /// Starts the hub again on what is in its folder.
    pub async fn start(&mut self) {
        let hub = Hub::open(&self.dir, self.settings(), self.clock.clone(), Shutdown::new()).await.unwrap();
        hub.serve().await.unwrap();
        self.running = Some(hub);
    }

    /// Compiles an edition of everything about which there is something new to say.
    pub async fn edition(&self) -> Vec<Compiled> {
        self.up().compile_editions(None, None).await.unwrap()
    }

    /// What the hub knows of a form and period.
    pub async fn overview(&self, form: &str, period: &str) -> HubOverview {
        self.up().overview(&form_code(form), period_of(period)).await.unwrap()
    }

    /// How many lines the ledger has.
    pub fn size(&self) -> u64 {
        self.up().ledger().view().size()
    }
}

impl Seat {
    async fn make(code: ParticipantCode, dir: PathBuf, wire: SocketAddr, clock: Clock) -> Self {
        let place = place().await;
        std::fs::create_dir_all(&dir).unwrap();
        let text = vrs_node::settings::first_file(
            &code,
            code.as_str(),
            ParticipantKind::State,
            "127.0.0.1:0".parse().unwrap(),
        );
        let text = text.replace("database = \"sqlite:vrs.db\"", &format!("database = \"{}\"", database(&place)));
        std::fs::write(dir.join("vrs.toml"), format!("{text}second_factor_for = []\n\n[hub]\naddress = \"{wire}\"\n"))
            .unwrap();
        let console = "127.0.0.1:0".parse().unwrap();
        let new = NewNode { participant: code.clone(), name: code.to_string(), kind: ParticipantKind::State, console };
        let node = Node::init(&dir, &new, clock).await.unwrap();
        let person = async |name: &str, role| {
            node.add_account(name, name, &[role], None, Password::new(PASSWORD.into()).unwrap()).await.unwrap()
        };
        let (officer, director) = (person("officer", Role::FocalPoint).await, person("director", Role::Approver).await);
        node.add_agency(&Agency { code: agency(), name: "Border Police".into() }).await.unwrap();
        Self { code, node, officer, director, _place: place }
    }

    /// Takes in the agency's figures: one row for each code, the value or `None` where the agency collects nothing.
    pub async fn figures(&self, form: &str, period: &str, cells: &[(&str, Option<u64>)]) {
        let dimensions: Vec<&str> = self
            .node
            .form(&form_code(form))
            .unwrap()
            .dimensions
            .iter()
            .map(|dimension| dimension.code.as_str())
            .collect();
        let names: String = dimensions.iter().map(|name| format!("{name},")).collect();
        let mut text = format!("form,period,participant,{names}value,status,conf\n");
        for (key, value) in cells {
            let keys: String = key.split('/').filter(|code| !code.is_empty()).map(|code| format!("{code},")).collect();
            let (value, status) = value.map_or_else(|| (String::new(), "L"), |value| (value.to_string(), "A"));
            text.push_str(&format!("{form},{period},{},{keys}{value},{status},F\n", self.code));
        }
        let request = ImportRequest {
            agency: agency(),
            name: format!("{form}-{period}.csv"),
            bytes: text.into_bytes(),
            mapping: None,
            beside: Vec::new(),
            only: None,
            metadata: None,
            by: None,
        };
        self.node.import(request).await.unwrap();
    }

    /// The officer prepares.
    pub async fn prepare(&self, form: &str, period: &str, audience: &str) -> Result<PrepareOutcome, NodeError> {
        let (code, when) = (form_code(form), period_of(period));
        // Figures of a story change as they please; that a table cannot be made yet is said by the desk itself.
        let _ = self.node.accept_findings(&code, when, None, "so the story goes", &self.officer).await;
        let tables = vec![(code, when)];
        let request = PrepareRequest {
            tables,
            audience: AudienceChoice::parse(audience).unwrap(),
            derive: false,
            withholding: Withholding::default(),
            terms: Terms { not_before: None, because: "figures were corrected".into() },
            measures: Measures::default(),
        };
        self.node.prepare(&request, &self.officer).await
    }

    /// The officer prepares, the director approves; the release is signed and in the outbox.
    pub async fn sign(&self, form: &str, period: &str, audience: &str) {
        let outcome = self.prepare(form, period, audience).await.unwrap();
        if let PrepareOutcome::Prepared(preview) = outcome {
            self.node.approve(preview.id, &self.director).await.unwrap();
        }
    }

    /// Figures in, prepared, approved, sent.
    pub async fn release(&self, form: &str, period: &str, audience: &str, cells: &[(&str, Option<u64>)]) {
        self.sync().await;
        self.figures(form, period, cells).await;
        self.sign(form, period, audience).await;
        self.sync().await;
    }

    /// Takes a release back.
    pub async fn withdraw(&self, form: &str, period: &str) -> WithdrawOutcome {
        let id = self.number_of(form, period).await;
        self.node.withdraw(id, WithdrawalReason::NoLongerShared, &self.director).await.unwrap()
    }

    /// The number of the release of a form and period that stands.
    pub async fn number_of(&self, form: &str, period: &str) -> i64 {
        let desk = self.node.desk().await.unwrap();
        let mut releases = desk.releases.into_iter().map(|entry| entry.release);
        let found = releases.find(|release| {
            release.form.as_str() == form && release.period.to_string() == period && release.state.stands()
        });
        found.expect("no such release stands").id
    }

    /// One round with the hub.
    pub async fn sync(&self) -> SyncReport {
        self.node.sync().await.unwrap()
    }

    /// Whose figures are at hand here, in order.
    pub async fn reads(&self, form: &str, period: &str) -> Vec<String> {
        match self.node.read(&form_code(form), period_of(period), None).await {
            Ok(report) => report.tables.iter().map(|table| table.table.participant.to_string()).collect(),
            Err(NodeError::Rule(_)) => Vec::new(),
            Err(error) => panic!("{error}"),
        }
    }

    /// The sentence why somebody's figures can or cannot be read.
    pub async fn why(&self, form: &str, period: &str, other: &str) -> String {
        let report = self.node.why(&form_code(form), period_of(period), Some(&code(other))).await.unwrap();
        report.participants[0].sentence.clone()
    }

    /// A round after time has passed: the hub renews its own certificate within a second, so the first tries may fail.
    pub async fn sync_after_a_pause(&self) -> SyncReport {
        for _ in 0..TRIES {
            match self.node.sync().await {
                Ok(report) => return report,
                Err(_) => tokio::time::sleep(BETWEEN_TRIES).await,
            }
        }
        self.sync().await
    }

    /// The audit of the whole ledger in one sentence; it must be clean.
    pub async fn audit(&self) -> String {
        let audit = self.node.audit(|_, _| ()).await.unwrap();
        assert!(audit.is_clean(), "{}", audit.sentence());
        audit.sentence()
    }
}

/// The code a name stands for: three times its letter, or itself.
pub fn code(name: &str) -> ParticipantCode {
    let text = if name.len() == 1 { name.repeat(3) } else { name.to_owned() };
    ParticipantCode::parse(&text).unwrap()
}

fn form_code(text: &str) -> FormCode {
    FormCode::parse(text).unwrap()
}

fn period_of(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// The one agency of every node.
pub fn agency() -> AgencyCode {
    AgencyCode::parse("POLICE").unwrap()
}

/// A place for a database: on the server for tests where there is one.
async fn place() -> Place {
    if std::env::var_os(vrs_runtime::testing::POSTGRES_VARIABLE).is_some() {
        return Place::postgres().await.unwrap();
    }
    Place::sqlite()
}

/// The address of a place, absolute where it is a file.
fn database(place: &Place) -> String {
    match place.url().strip_prefix("sqlite:") {
        Some(file) => format!("sqlite:{}", place.dir().join(file).display()),
        None => place.url().to_owned(),
    }
}
