//! `init`, `run` and `check`: how a hub begins, works and is looked at.

use std::net::SocketAddr;
use std::path::Path;

use data_encoding::BASE32_NOPAD;
use serde::Serialize;
use vrs_console::accounts::{AccountError, Accounts, NewAccount};
use vrs_console::passwords::Password;
use vrs_runtime::clock::Clock;
use vrs_runtime::exit::Exit;
use vrs_runtime::files::FileError;
use vrs_runtime::output::{Output, columns};
use vrs_runtime::random;
use vrs_runtime::settings::Setting;
use vrs_runtime::shutdown::Shutdown;

use super::arguments::Init;
use super::{accounts, settings};
use crate::config;
use crate::hub::Hub;
use crate::problem::HubError;
use crate::report::alarm_words;
use crate::roles::Role;
use crate::{Alarm, AlarmCause, console};

/// What to do about an address that nodes elsewhere cannot call.
pub(super) const LOCAL_ONLY: &str = "Invites name an address of this machine, which is right for nodes on it only: set 'address' in vrs.toml to the host name and port that nodes call.";

/// The ledger's time never goes back; a little ahead is the work of two clocks.
const CLOCK_AHEAD_SECS: u64 = 300;

/// Name of the first account.
const FIRST_ACCOUNT: &str = "administrator";

#[derive(Serialize)]
struct Begun<'a> {
    region: &'a str,
    exchange: String,
    authority: String,
    listen: String,
    console: String,
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

pub(super) async fn init(dir: &Path, init: Init, output: &Output) -> Result<Exit, HubError> {
    let Init { region, listen, console } = init;
    let flag = |key: &str, value: Option<SocketAddr>| value.map(|value| (key.to_owned(), value.to_string()));
    let flags: Vec<_> = [flag("listen", listen), flag("console", console)].into_iter().flatten().collect();
    vrs_runtime::files::private_directory(dir)?;
    let loaded = settings(dir, flags, false)?.settings;
    match config::write_first(dir, &region, &loaded) {
        Ok(()) => {}
        // Left by an attempt before, or written by the operator: it stays as it is, so a flag must say the same.
        Err(FileError::Exists(file)) => {
            let kept = settings(dir, Vec::new(), false)?.settings;
            for (flag, given, kept) in [("listen", listen, kept.listen), ("console", console, kept.console)] {
                if let Some(given) = given.filter(|given| *given != kept) {
                    return Err(HubError::Sentence(format!(
                        "{} is there already and says {flag} = \"{kept}\", so --{flag} {given} would be forgotten; write it into that file, or leave the flag out",
                        file.display()
                    )));
                }
            }
        }
        Err(error) => return Err(error.into()),
    }
    // The password of a file is the operator's own and is not printed. It is read first: a region is not begun halfway.
    let given = accounts::password_of_file()?;
    let made = if given.is_none() { Some(first_password()) } else { None };
    let password = Password::new(given.or_else(|| made.clone()).unwrap_or_default()).map_err(AccountError::from)?;
    let hub = Hub::init(dir, &region, loaded, Clock::system(), Shutdown::new()).await?;
    let account = NewAccount::new(FIRST_ACCOUNT, "Administrator")?.with_roles([Role::Administrator.code()]);
    Accounts::new(hub.database().clone(), hub.clock().clone()).add(account, password).await?;
    let begun = Begun {
        region: hub.region(),
        exchange: hub.exchange().to_string(),
        authority: hub.authority().root_fingerprint().to_string(),
        listen: hub.settings().listen.to_string(),
        console: hub.settings().console.to_string(),
        account: FIRST_ACCOUNT,
        password: made.as_deref(),
    };
    output.answer(&begun, || {
        let password = made.as_ref().map_or_else(|| "the one of VRS_PASSWORD_FILE".to_owned(), |made| format!("{made}\n             (shown once; change it after signing in)"));
        format!(
            "Region       {}\nExchange     {}\nAuthority    {}\nNodes call   {}\nConsole      http://{}\nAccount      {FIRST_ACCOUNT}\nPassword     {password}\n\n\
             Next: vrs-hub run, then vrs-hub participant invite CODE for each participant. Keep keys/ and authority/ in a backup.\n",
            begun.region, begun.exchange, begun.authority, begun.listen, begun.console
        )
    });
    hub.close().await?;
    Ok(Exit::Done)
}

/// A password that a person can type: 24 letters and digits in groups, 120 bits.
fn first_password() -> String {
    let text = BASE32_NOPAD.encode(&random::bytes::<15>()).to_lowercase();
    text.as_bytes().chunks(6).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join("-")
}

/// The five steps: arguments were read; load the settings, open, serve, stop.
pub(super) async fn run(dir: &Path, output: &Output) -> Result<Exit, HubError> {
    let loaded = settings(dir, Vec::new(), true)?.settings;
    let shutdown = Shutdown::new();
    shutdown.on_signals().map_err(|cause| HubError::System { path: dir.to_owned(), cause })?;
    let hub = Hub::open(dir, loaded, Clock::system(), shutdown.clone()).await?;
    let listen = hub.serve().await?;
    let console = console::serve(&hub).await?;
    let ready =
        serde_json::json!({ "region": hub.region(), "listen": listen.to_string(), "console": console.to_string() });
    output.answer(&ready, || {
        format!("The hub of {} listens for nodes at {listen}; its console is http://{console}", hub.region())
    });
    shutdown.wait().await;
    hub.close().await?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Checked<'a> {
    region: &'a str,
    exchange: String,
    lines: u64,
    root: String,
    participants: usize,
    authority: vrs_certs::Standing,
    alarms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unwritable: Option<String>,
    settings: Vec<Setting>,
    to_do: Vec<String>,
}

pub(super) async fn check(dir: &Path, settle: bool, output: &Output) -> Result<Exit, HubError> {
    let loaded = settings(dir, Vec::new(), false)?;
    let hub = Hub::open(dir, loaded.settings, Clock::system(), Shutdown::new()).await?;
    if settle {
        let settled = hub.settle_alarms().await?;
        output.aside(&format!("Settled {settled} alarms; the hub goes on with the ledger it has."));
    }
    let authority = hub.authority().standing(hub.now())?;
    let open: Vec<Alarm> = hub.alarms().await?.into_iter().filter(|alarm| alarm.settled_at.is_none()).collect();
    let alarms: Vec<String> = open.iter().map(|alarm| in_words(&hub, alarm)).collect();
    let mut to_do: Vec<String> = authority.to_do.clone().into_iter().collect();
    if open.iter().any(|alarm| matches!(alarm.cause, AlarmCause::Lost { .. })) {
        to_do.push("A node has seen more of the ledger than this hub has: find the newer database or backup and put it back, or decide to go on with 'vrs-hub check --settle'. Until then nothing is written.".into());
    } else if !open.is_empty() {
        to_do.push("Run the hub and let every node call ('vrs-node sync'): one that has seen more than the backup holds raises an alarm. If none does, go on with 'vrs-hub check --settle'. Until then nothing is written.".into());
    }
    let ahead = hub.ledger().view().region().time().secs_since(hub.now());
    if ahead > CLOCK_AHEAD_SECS {
        to_do.push(format!("The last line was written {ahead} seconds after now: set this machine's clock. Until then lines bear that time."));
    }
    if hub.settings().is_local_only() {
        to_do.push(LOCAL_ONLY.into());
    }
    let unwritable = hub.try_writing().await.err().map(|error| error.to_string());
    if let Some(cause) = &unwritable {
        to_do.push(format!("Nothing can be written ({cause}): free some space, or see to the database. Nothing is lost, and it goes on by itself."));
    }
    let (lines, root, participants) = {
        let view = hub.ledger().view();
        (view.size(), view.root().to_string(), view.region().participants().count())
    };
    let checked = Checked {
        region: hub.region(),
        exchange: hub.exchange().to_string(),
        lines,
        root,
        participants,
        authority,
        alarms,
        unwritable,
        settings: loaded.values,
        to_do,
    };
    output.answer(&checked, || {
        let rows: Vec<Vec<String>> = checked
            .settings
            .iter()
            .map(|setting| vec![setting.key.clone(), setting.value.clone(), setting.origin.to_string()])
            .collect();
        let to_do: String = checked.to_do.iter().map(|sentence| format!("To do: {sentence}\n")).collect();
        let alarms: String = checked.alarms.iter().map(|sentence| format!("ALARM: {sentence}\n")).collect();
        format!(
            "Region {}, {} lines, {} participants, exchange {}\nRoot of the ledger {}\n\n{}\n{alarms}{to_do}",
            checked.region,
            checked.lines,
            checked.participants,
            checked.exchange,
            checked.root,
            columns(&["setting", "value", "from"], &rows)
        )
    });
    let well = checked.alarms.is_empty() && checked.unwritable.is_none();
    let exit = if well { Exit::Done } else { Exit::Failed };
    hub.close().await?;
    Ok(exit)
}

fn in_words(hub: &Hub, alarm: &Alarm) -> String {
    format!("{}: {}", alarm.raised_at, alarm_words(hub.ledger().view().region(), alarm))
}
