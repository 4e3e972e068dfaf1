//! Setting the region up, as two dozen people in eleven offices would: the hub begins it and invites, each node makes its
//! keys and asks, a fingerprint is compared, the hub admits. Then agencies are named and the published figures taken in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};

use futures::future::try_join_all;
use tempfile::TempDir;
use vrs_console::accounts::{Accounts, NewAccount, Operator};
use vrs_console::passwords::Password;
use vrs_hub::Hub;
use vrs_hub::admission::Invitation;
use vrs_hub::config::Settings as HubSettings;
use vrs_node::delivery::Joining;
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::{ImportRequest, NewNode};
use vrs_node::roles::Role;
use vrs_node::{Node, NodeError};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::ParticipantKind;
use vrs_runtime::clock::Clock;
use vrs_runtime::files;
use vrs_runtime::progress::Progress;
use vrs_runtime::random;
use vrs_runtime::settings::FILE_NAME;
use vrs_runtime::shutdown::Shutdown;

use crate::arguments::As;
use crate::participants::{PARTICIPANTS, Participant};
use crate::problem::{DemoError, Result};
use crate::process::{Child, Running};

/// Name of the demo's region.
pub(crate) const REGION: &str = "Demo Region";
/// What every sign-in page says.
const NOTICE: &str = "Demonstration on published statistics. None of these figures was submitted by a government.";

/// Persons of a node: account, name on the door, role.
const PERSONS: [(&str, &str, Role); 4] = [
    ("officer", "National officer", Role::FocalPoint),
    ("director", "Director", Role::Approver),
    ("auditor", "Auditor", Role::Auditor),
    ("administrator", "Administrator", Role::Administrator),
];
/// Persons of the hub: account, name on the door, role.
const PERSONS_OF_HUB: [(&str, &str, &str); 3] = [
    ("analyst", "Analyst", "analyst"),
    ("auditor", "Auditor", "auditor"),
    ("administrator", "Administrator", "administrator"),
];

/// Where the region lies.
pub(crate) struct Folder {
    path: PathBuf,
    temporary: Option<TempDir>,
}

impl Folder {
    /// The folder that was named, if it is empty or new; else a temporary one.
    pub(crate) fn choose(named: Option<&Path>) -> Result<Self> {
        let Some(path) = named else {
            let made = tempfile::Builder::new().prefix("vrs-demo-").tempdir();
            let made = made.map_err(|cause| DemoError::System("no temporary folder could be made".into(), cause))?;
            return Ok(Self { path: made.path().to_owned(), temporary: Some(made) });
        };
        files::private_directory(path)?;
        let system = |cause| DemoError::System(format!("{} cannot be read", path.display()), cause);
        if path.read_dir().map_err(system)?.next().is_some() {
            return Err(DemoError::FolderInUse(path.to_owned()));
        }
        Ok(Self { path: path.to_owned(), temporary: None })
    }
}

/// A node as the demo works with it: the same database as the process beside it.
pub(crate) struct Place {
    /// Its code.
    pub(crate) code: &'static str,
    /// The node.
    pub(crate) node: Node,
    /// Prepares.
    pub(crate) officer: Operator,
    /// Approves.
    pub(crate) director: Operator,
    /// Where its console listens.
    pub(crate) console: SocketAddr,
}

/// The region while the story happens.
pub(crate) struct Region {
    /// Where it lies.
    folder: Folder,
    /// The hub's database, beside its process.
    pub(crate) hub: Hub,
    /// Where the hub's console listens.
    pub(crate) hub_console: SocketAddr,
    /// The nodes, in the order of admission.
    pub(crate) places: Vec<Place>,
    /// The password of every account of this demo.
    pub(crate) password: String,
    children: Vec<Child>,
}

impl Region {
    /// Begins the region and brings everybody in.
    pub(crate) async fn set_up(folder: Folder) -> Result<Self> {
        let password = password();
        let ports = Ports::free(PARTICIPANTS.len() + 1)?;
        say(&format!("One hub and {} nodes in {}", PARTICIPANTS.len(), folder.path.display()));
        let (hub, mut process, hub_console) = begin_hub(&folder.path.join("hub"), &ports, &password).await?;
        process.ready().await?;

        let mut progress = Progress::begin("Nodes with keys, database and accounts", Some(PARTICIPANTS.len() as u64));
        let mut places = Vec::with_capacity(PARTICIPANTS.len());
        for (participant, console) in PARTICIPANTS.iter().zip(&ports.consoles[1..]) {
            places.push(make_node(&folder.path.join(participant.code), participant, *console, &password).await?);
            progress.advance(1);
        }
        drop(progress);

        admit(&hub, &places).await?;
        let mut children = vec![process];
        for place in &places {
            children.push(Child::start(As::Node, place.code, place.node.dir(), place.console)?);
        }
        try_join_all(children.iter_mut().map(Child::ready)).await?;
        say("Everybody is admitted, and eleven processes are running");
        Ok(Self { folder, hub, hub_console, places, password, children })
    }

    /// The node of a code.
    pub(crate) fn place(&self, code: &str) -> Result<&Place> {
        let place = self.places.iter().find(|place| place.code == code);
        place.ok_or_else(|| DemoError::Story(format!("{code} does not take part")))
    }

    /// Lets go of what the story needed; the processes stay.
    pub(crate) async fn leave_running(self) -> Result<Running> {
        for place in &self.places {
            place.node.close().await;
        }
        self.hub.close().await?;
        Ok(Running::new(self.children, self.folder.temporary))
    }
}

/// A sentence for whoever waits.
pub(crate) fn say(sentence: &str) {
    eprintln!("{sentence}");
}

/// One password for all accounts of this demo, new each time: it opens consoles on this machine's loopback address only.
fn password() -> String {
    let letters = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::from("demo");
    for (place, byte) in random::bytes::<12>().into_iter().enumerate() {
        if place % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(letters[usize::from(byte) % letters.len()]));
    }
    text
}

/// Addresses on the loopback interface that nobody uses.
struct Ports {
    listen: SocketAddr,
    consoles: Vec<SocketAddr>,
}

impl Ports {
    /// All are held until all are found, so that none is found twice.
    fn free(consoles: usize) -> Result<Self> {
        let system = |cause| DemoError::System("no free port was found".into(), cause);
        let any = (Ipv4Addr::LOCALHOST, 0);
        let udp = UdpSocket::bind(any).map_err(system)?;
        let tcp = (0..consoles).map(|_| TcpListener::bind(any)).collect::<std::io::Result<Vec<_>>>().map_err(system)?;
        Ok(Self {
            listen: udp.local_addr().map_err(system)?,
            consoles: tcp.iter().map(TcpListener::local_addr).collect::<std::io::Result<_>>().map_err(system)?,
        })
    }
}

async fn begin_hub(dir: &Path, ports: &Ports, password: &str) -> Result<(Hub, Child, SocketAddr)> {
    let console = ports.consoles[0];
    files::private_directory(dir)?;
    let text = format!(
        "# Settings of the demo's hub.\nlisten = \"{}\"\nconsole = \"{console}\"\n\n[pages]\ntest_data = true\nsecond_factor_for = []\nsign_in_notice = \"{NOTICE}\"\n",
        ports.listen
    );
    files::write_public(&dir.join(FILE_NAME), text.as_bytes())?;
    let settings = HubSettings::load(dir, Vec::new()).map_err(vrs_hub::HubError::from)?.settings;
    let hub = Hub::init(dir, REGION, settings, Clock::system(), Shutdown::new()).await?;
    let accounts = Accounts::new(hub.database().clone(), hub.clock().clone());
    for (name, door, role) in PERSONS_OF_HUB {
        accounts.add(NewAccount::new(name, door)?.with_roles([role]), secret(password)?).await?;
    }
    let process = Child::start(As::Hub, "the hub", dir, console)?;
    Ok((hub, process, console))
}

async fn make_node(dir: &Path, participant: &Participant, console: SocketAddr, password: &str) -> Result<Place> {
    let code = participant.code;
    let fail = |error: NodeError| DemoError::Node(code, error);
    let participant_code = ParticipantCode::parse(code)?;
    let (name, kind) = (String::new(), ParticipantKind::State);
    files::private_directory(dir)?;
    let mut text = vrs_node::settings::first_file(&participant_code, &name, kind, console);
    // The last section of the file is the console's.
    let _ = write!(text, "test_data = true\nsecond_factor_for = []\nsign_in_notice = \"{NOTICE}\"\n");
    files::write_public(&dir.join(FILE_NAME), text.as_bytes())?;
    let new = NewNode { participant: participant_code, name, kind, console };
    let node = Node::init(dir, &new, Clock::system()).await.map_err(fail)?;
    let mut persons = BTreeMap::new();
    for (name, door, role) in PERSONS {
        let person = node.add_account(name, door, &[role], None, secret(password)?).await.map_err(fail)?;
        persons.insert(name, person);
    }
    let missing = |name: &str| DemoError::Story(format!("{code} has no {name}"));
    let officer = persons.remove("officer").ok_or_else(|| missing("officer"))?;
    let director = persons.remove("director").ok_or_else(|| missing("director"))?;
    Ok(Place { code, node, officer, director, console })
}

fn secret(password: &str) -> Result<Password> {
    Ok(Password::new(password.to_owned()).map_err(vrs_console::accounts::AccountError::from)?)
}

/// Invites, lets each node ask, compares the fingerprint the node shows with the one the hub has seen, and admits.
async fn admit(hub: &Hub, places: &[Place]) -> Result<()> {
    let mut progress = Progress::begin("Admitted", Some(places.len() as u64));
    let (rings, mut telephone) = tokio::sync::mpsc::unbounded_channel();
    let mut invites = Vec::with_capacity(places.len());
    for place in places {
        let code = ParticipantCode::parse(place.code)?;
        let invitation = Invitation { code: code.clone(), name: None, kind: ParticipantKind::State, parent: None };
        invites.push(hub.invite(invitation).await?.to_string());
    }
    let joins = places.iter().zip(&invites).map(|(place, invite)| {
        let rings = rings.clone();
        async move {
            let tell = move |step: &Joining| {
                if let Joining::Waiting(fingerprint) = step {
                    // The other end hangs up only when the demo ends.
                    let _ = rings.send((place.code, fingerprint.clone()));
                }
            };
            place.node.join(Some(invite), tell).await.map_err(|error| DemoError::Node(place.code, error))
        }
    });
    let joins = try_join_all(joins);
    let admits = async {
        for _ in places {
            let Some((code, fingerprint)) = telephone.recv().await else { break };
            hub.admit(&ParticipantCode::parse(code)?, &fingerprint).await?;
            progress.advance(1);
        }
        Ok(())
    };
    tokio::try_join!(joins, admits).map(drop)
}

/// Names the publishers as agencies and takes their files in.
pub(crate) async fn take_figures_in(place: &Place, participant: &Participant) -> Result<()> {
    let fail = |error: NodeError| DemoError::Node(place.code, error);
    for publisher in participant.publishers {
        let agency = AgencyCode::parse(publisher.code)?;
        let named = Agency { code: agency.clone(), name: publisher.name.to_owned() };
        place.node.add_agency(&named).await.map_err(fail)?;
        for source in publisher.sources {
            let request = ImportRequest {
                agency: agency.clone(),
                name: source.name.to_owned(),
                bytes: source.bytes.to_vec(),
                mapping: Some((source.mapping.to_owned(), source.mapping_bytes.to_vec())),
                beside: source.beside.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect(),
                only: None,
                metadata: None,
                by: Some(place.officer.clone()),
            };
            place.node.import(request).await.map_err(fail)?;
        }
    }
    Ok(())
}
