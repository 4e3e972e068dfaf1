//! `init`, `join`, `run` and `check`: how a node begins, works and is looked at.

use std::path::Path;

use serde::Serialize;
use vrs_console::acts::Chain;
use vrs_protocol::time::Timestamp;
use vrs_runtime::clock::Clock;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};
use vrs_runtime::settings::Setting;
use vrs_runtime::shutdown::Shutdown;

use super::arguments::Init;
use super::begin_log;
use crate::console;
use crate::delivery::{Joining, Session};
use crate::error::{NodeError, Result};
use crate::node::{NewNode, Node};

/// A certificate with fewer days is something to do: it is renewed at half of its seven.
const CERTIFICATE_DAYS_MIN: u64 = 2;
const DAY: u64 = 86_400;

pub(super) async fn init(dir: &Path, init: Init, output: &Output) -> Result<Exit> {
    let Init { participant, name, kind, console } = init;
    let node = Node::init(dir, &NewNode { participant, name, kind, console }, Clock::system()).await?;
    // Keys are known by this name everywhere: in statements, in the ledger, on pages.
    let key = node.keys().identity()?.public().kid().to_string();
    let value = serde_json::json!({
        "participant": node.participant(),
        "name": node.name(),
        "key": key,
        "console": node.settings().console.listen.to_string(),
    });
    output.answer(&value, || {
        format!(
            "Participant  {} ({})\nKey          {key}\nConsole      http://{}\n\nNext: vrs-node account add NAME --role administrator, then vrs-node join INVITE with the invite of the hub's operator. Keep keys/ in a backup.",
            node.participant(),
            node.name(),
            node.settings().console.listen
        )
    });
    node.close().await;
    Ok(Exit::Done)
}

pub(super) async fn join(node: &Node, invite: Option<&str>, output: &Output) -> Result<Exit> {
    let told = output.clone();
    let participant = node
        .join(invite, move |step| {
            if let Joining::Waiting(fingerprint) = step {
                told.aside(&format!(
                    "Fingerprint  {fingerprint}\n\nRead it out to the hub's operator by telephone. Waiting until the operator admits this node; Ctrl-C is safe, 'vrs-node join' goes on."
                ));
            }
        })
        .await?;
    let membership = node.membership().await?;
    let value = serde_json::json!({ "participant": participant, "code": node.participant(), "region": membership.region, "exchange": membership.exchange() });
    output.answer(&value, || {
        format!(
            "{} is admitted to {}. The exchange is {}: compare it with another participant once.\n\nNext: vrs-node sync, then vrs-node charter show and vrs-node charter accept --as ACCOUNT.",
            node.participant(),
            membership.region,
            membership.exchange()
        )
    });
    Ok(Exit::Done)
}

/// The five steps: arguments were read; load the settings, open, serve, stop.
pub(super) async fn run(dir: &Path, output: &Output) -> Result<Exit> {
    let node = Node::open(dir).await?;
    begin_log(node.settings(), true)?;
    let shutdown = Shutdown::new();
    shutdown.on_signals().map_err(|cause| NodeError::Refused(format!("signals cannot be waited for: {cause}")))?;
    let console = console::serve(&node, &shutdown).await?;
    let joined = !matches!(node.membership().await, Err(NodeError::NotJoined));
    let value =
        serde_json::json!({ "participant": node.participant(), "console": console.to_string(), "joined": joined });
    output.answer(&value, || {
        let link = if joined {
            "keeps the link to its hub"
        } else {
            "belongs to no region yet: get an invite from the hub's operator and run 'vrs-node join INVITE' beside this"
        };
        format!("The node of {} {link}; its console is http://{console}", node.name())
    });
    node.run(shutdown).await?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Checked {
    participant: String,
    region: Option<String>,
    key: String,
    certificate_until: Option<Timestamp>,
    lines: u64,
    policy: u16,
    acts: Chain,
    hub: String,
    settings: Vec<Setting>,
    to_do: Vec<String>,
}

pub(super) async fn check(node: &Node, settle: bool, output: &Output) -> Result<Exit> {
    if settle {
        node.believe_again().await?;
        output.aside(
            "The hub is believed again as far as it continues the lines this node has. The proof stays in evidence/.",
        );
    }
    let mut to_do = Vec::new();
    let region = match node.membership().await {
        Ok(membership) => Some(membership.region),
        Err(NodeError::NotJoined) => {
            to_do.push(if node.keys().invite()?.is_some() {
                "The hub's operator has not admitted this node yet: read out the fingerprint that 'vrs-node join' shows, and let it wait.".to_owned()
            } else {
                "Ask the hub's operator for an invite, then run: vrs-node join INVITE".to_owned()
            });
            None
        }
        Err(error) => return Err(error),
    };
    let certificate_until = node.keys().certificate()?.map(|facts| Timestamp(facts.not_after));
    if certificate_until.is_some_and(|until| until < node.now().plus_secs(CERTIFICATE_DAYS_MIN * DAY)) {
        to_do.push(
            "The certificate ends soon or has ended; 'vrs-node run' or 'vrs-node sync' gets a new one.".to_owned(),
        );
    }
    let head = node.head().await?;
    if let Some(broken) = &head.broken {
        to_do.push(format!("{} The proof is in {}.", broken.sentence, broken.evidence));
    }
    let aside = node.set_aside().await?;
    if aside > 0 {
        to_do.push(format!(
            "{aside} in the outbox cannot be sent and {} set aside; see 'vrs-node release list', withdraw and prepare again.",
            if aside == 1 { "is" } else { "are" }
        ));
    }
    let acts = node.acts().intact().await?;
    if let Some((number, fault)) = &acts.broken {
        to_do.push(format!(
            "Act {number} of the audit trail {fault}. Somebody wrote into the database past this program: compare the trail with an earlier 'vrs-node acts export' and a backup."
        ));
    }
    let hub = if region.is_some() { reach(node, &mut to_do).await } else { "not joined".to_owned() };
    if region.is_some()
        && let Some(reason) = node.suspended().await?
    {
        to_do.push(format!("{reason}. Talk to the hub's operator."));
    }
    if region.is_some() && node.charter().await.is_ok_and(|charter| charter.accepted.is_none()) {
        to_do.push("Accept the Charter: vrs-node charter accept --as ACCOUNT".to_owned());
    }
    if node.list_accounts().await?.is_empty() {
        to_do.push("Add a person: vrs-node account add NAME --role administrator".to_owned());
    }
    let checked = Checked {
        participant: node.participant().to_string(),
        region,
        key: node.keys().identity()?.public().kid().to_string(),
        certificate_until,
        lines: head.size,
        policy: node.policies().number(),
        acts: acts.chain,
        hub,
        settings: node.setting_values().to_vec(),
        to_do,
    };
    output.answer(&checked, || words(&checked));
    Ok(if checked.to_do.is_empty() { Exit::Done } else { Exit::Failed })
}

/// Calls the hub once.
async fn reach(node: &Node, to_do: &mut Vec<String>) -> String {
    match Session::connect(node).await {
        Ok(session) => {
            let size = session.size_at_hello();
            session.close("checked").await;
            format!("reached; its ledger has {size} lines")
        }
        Err(error) => {
            to_do.push(format!("{error}. {}", error.next_step().unwrap_or_default()));
            error.to_string()
        }
    }
}

fn words(checked: &Checked) -> String {
    let rows: Vec<Vec<String>> = checked
        .settings
        .iter()
        .map(|setting| vec![setting.key.clone(), setting.value.clone(), setting.origin.to_string()])
        .collect();
    let until = checked.certificate_until.map_or_else(|| "none yet".to_owned(), |until| until.to_string());
    let region = checked.region.clone().unwrap_or_else(|| "none yet".to_owned());
    let to_do = if checked.to_do.is_empty() {
        "Nothing is to be done.".to_owned()
    } else {
        checked.to_do.iter().map(|sentence| format!("To do: {sentence}")).collect::<Vec<_>>().join("\n")
    };
    format!(
        "{}\nParticipant  {}\nRegion       {region}\nKey          {}\nCertificate  until {until}\nLedger       {} lines here\nPolicy       {} of disclosure control\nActs         intact to act {}, {}\nHub          {}\n\n{to_do}",
        columns(&["setting", "value", "from"], &rows),
        checked.participant,
        checked.key,
        checked.lines,
        checked.policy,
        checked.acts.number,
        checked.acts.hash,
        checked.hub
    )
}
