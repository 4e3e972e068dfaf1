//! What every page of the node shares: the program's description, the frame with its lamp, and how an error becomes a page.

use std::sync::Arc;

use vrs_console::accounts::AccountError;
use vrs_console::domain::names::{ledger_name, title_of};
use vrs_console::domain::refusals::reason_said;
use vrs_console::layout::{Frame, Kind, Menu, Program, Tone, Transport};
use vrs_console::moment::{Zone, ago};
use vrs_console::passwords::Password;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::{Languages, Said};
use vrs_protocol::catalogue::Form;
use vrs_protocol::id::{FormCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_runtime::database::Transaction;
use vrs_runtime::files::FileError;

use super::App;
use super::words::error_words;
use crate::error::{NodeError, Result};
use crate::mirror::View;
use crate::node::Node;
use crate::say;
use crate::sentences::NODE;
use crate::store;

/// The participant's name, by language where it is a country's own.
fn participant(node: &Node) -> Said {
    let (catalogue, code, name) = (node.catalogue(), node.participant().clone(), node.name());
    Said::made(move || ledger_name(catalogue, &code, &name))
}

/// The version of the questionnaire that people answer now. It changes while the program runs.
fn version_now(node: &Node) -> Said {
    let node = node.clone();
    Said::made(move || node.catalogue_now().version.clone())
}

/// The program as its pages show it.
pub(super) fn program(node: &Node) -> Result<Program> {
    let pages = &node.settings().console;
    let zone = Zone::named(&pages.zone).map_err(|error| NodeError::Usage(format!("console.zone: {error}")))?;
    let languages = Languages::load(&node.dir().join("translations"), &pages.language, &NODE)
        .map_err(|error| NodeError::Usage(error.to_string()))?;
    Ok(Program {
        kind: Kind::Node,
        participant: participant(node),
        code: node.participant().to_string(),
        version: env!("CARGO_PKG_VERSION").into(),
        catalogue_version: version_now(node),
        classification: pages.classification.clone(),
        test_data: pages.test_data,
        transport: if pages.behind_tls { Transport::Tls } else { Transport::PlainHttp },
        zone,
        menu: vec![
            Menu::link(say("word-dashboard"), "/"),
            Menu::list(
                say("frame-reports"),
                &[
                    (say("word-our-tables"), "/tables"),
                    (say("calendar-calendar"), "/calendar"),
                    (say("word-findings"), "/findings"),
                    (say("word-bring-a-file"), "/imports"),
                    (say("word-release-desk"), "/releases"),
                ],
            ),
            Menu::list(
                say("word-region"),
                &[
                    (say("word-overviews"), "/overviews"),
                    (say("word-peers-tables"), "/peers"),
                    (say("word-why-can-i-not-see"), "/access"),
                ],
            ),
            Menu::list(
                say("frame-records"),
                &[
                    (say("word-who-read-what"), "/servings"),
                    (say("word-ledger"), "/ledger"),
                    (say("acts-audit-trail"), "/acts"),
                    (say("word-charter"), "/charter"),
                    (say("word-link-to-the-hub"), "/link"),
                ],
            ),
            Menu::list(
                say("frame-help"),
                &[
                    (say("help-help"), "/help"),
                    (say("catalogue-questionnaire"), "/catalogue"),
                    (say("help-glossary"), "/help/glossary"),
                ],
            ),
            Menu::list(
                say("frame-people"),
                &[(say("operators-people"), "/operators"), (say("agencies-agencies"), "/agencies")],
            ),
        ],
        second_factor_for: pages.second_factor_for.iter().map(|role| role.code().to_owned()).collect(),
        may_open: super::gate::may_open,
        sign_in_notice: pages.sign_in_notice.clone(),
        languages,
    })
}

/// The region as a page asks about it.
pub(super) struct Seen {
    pub(super) view: Arc<View>,
    /// Our id; `None`: the node has joined no region yet.
    pub(super) me: Option<ParticipantId>,
}

impl Seen {
    pub(super) fn region(&self) -> &Region {
        self.view.region()
    }
}

impl App {
    /// The frame of a page below the dashboard, with the lamp that says how the link to the hub is.
    pub(super) async fn frame(&self, who: &SignedIn, title: impl Into<String>) -> Result<Frame, Problem> {
        let (tone, words) = self.lamp().await?;
        let frame = self.console.frame(who, title).await?.lamp(tone, words);
        let frame = if who.path() == "/" { frame } else { frame.below(say("word-dashboard"), "/") };
        let help = super::help::page_for(who.path());
        // A page of help is no help to itself.
        Ok(if who.path().starts_with("/help") { frame } else { frame.help(help) })
    }

    /// How the link is, in one line.
    pub(super) async fn lamp(&self) -> Result<(Tone, String), Problem> {
        let mut tx = self.read("look at the link").await?;
        let (waiting, since) = store::outbox::count_waiting(&mut tx, self.node.now().0).await?;
        let link = store::link::state(&mut tx).await?;
        let joined = store::membership::find(&mut tx).await?.is_some();
        let broken = store::ledger::head(&mut tx).await?.broken;
        drop(tx);
        if joined
            && broken.is_none()
            && let Some(reason) = self.node.suspended().await.map_err(problem)?
        {
            return Ok((Tone::Bad, reason_said(&reason).into()));
        }
        let now = self.node.now().0;
        if let Some(since) = self.node.unwritten_since() {
            let words =
                say("frame-nothing-can-be-written-since").with("since", self.moment(since.0).words()).to_string();
            return Ok((Tone::Bad, words));
        }
        let outbox = match (waiting, since) {
            (0, _) => say("frame-nothing-waits-in-the-outbox").to_string(),
            (1, Some(since)) => say("frame-one-waits").with("ago", ago(now, since.0)).to_string(),
            (many, Some(since)) => {
                say("frame-many-wait-since").with("count", many).with("ago", ago(now, since.0)).to_string()
            }
            (many, None) => say("frame-many-wait").with("count", many).to_string(),
        };
        Ok(match (joined, broken, link.trouble_since, link.reached_at) {
            (false, ..) => (Tone::Caution, say("frame-this-node-has-not-joined").to_string()),
            (_, Some(_), ..) => (Tone::Bad, say("frame-the-hub-is-not-believed").to_string()),
            (_, _, Some(trouble), _) => (
                Tone::Caution,
                say("frame-hub-not-reached-since")
                    .with("since", self.moment(trouble.0).words())
                    .with("outbox", outbox.to_string())
                    .to_string(),
            ),
            (_, _, None, Some(reached)) => {
                let tone = if waiting == 0 { Tone::Good } else { Tone::Plain };
                (
                    tone,
                    say("frame-hub-reached")
                        .with("ago", ago(now, reached.0).to_string())
                        .with("outbox", outbox.to_string())
                        .to_string(),
                )
            }
            (_, _, None, None) => {
                (Tone::Plain, say("frame-the-hub-has-not-been").with("outbox", outbox.to_string()).to_string())
            }
        })
    }

    /// The region and our place in it.
    pub(super) async fn seen(&self) -> Result<Seen, Problem> {
        let view = self.node.view().await.map_err(problem)?;
        let me = match self.node.membership().await {
            Ok(membership) => Some(membership.participant),
            Err(NodeError::NotJoined) => None,
            Err(error) => return Err(problem(error)),
        };
        Ok(Seen { view, me })
    }

    /// A transaction for reading.
    pub(super) async fn read(&self, step: &'static str) -> Result<Transaction, Problem> {
        Ok(self.node.database().read(step).await?)
    }

    /// Asks for the password once more, and for the code where there is a second factor, before an act that cannot be undone. The inner answer says why it was not right.
    pub(super) async fn step_up(
        &self,
        who: &SignedIn,
        password: String,
        code: String,
    ) -> Result<Result<(), String>, Problem> {
        let name = &who.operator.name;
        match self.node.sign_in_with(name, Password::typed(password), || Ok(code)).await {
            Ok(_) => Ok(Ok(())),
            Err(NodeError::NotAllowed(sentence)) => Ok(Err(capital(&sentence))),
            Err(error) => Err(problem(error)),
        }
    }

    /// An instant in the configured zone.
    pub(super) fn moment(&self, seconds: u64) -> vrs_console::moment::Moment {
        self.console.program().zone.moment(seconds)
    }

    /// Form and period of an address; the form in the words of the period.
    pub(super) fn subject(&self, period: &str, form: &str) -> Result<(Period, &'static Form), Problem> {
        let period = Period::parse(period).map_err(|error| Problem::not_found(capital(&error.to_string())))?;
        let code = FormCode::parse(form).map_err(|error| Problem::not_found(capital(&error.to_string())))?;
        Ok((period, self.node.form_of(&code, period).map_err(problem)?))
    }

    /// Title of a form, or its code where this program does not know it.
    pub(super) fn title(&self, form: &FormCode) -> String {
        title_of(self.node.catalogue(), form)
    }
}

/// The participant's name in the language of the page.
pub(super) fn own_name(app: &App) -> String {
    ledger_name(app.node.catalogue(), app.node.participant(), &app.node.name())
}

/// An error of the node as a page: what a person can act on is said, everything else goes to the log.
pub(super) fn problem(error: NodeError) -> Problem {
    let next = error.next_step();
    let said = capital(&error_words(&error));
    let page = match error {
        NodeError::Missing(_) => Problem::not_found(said),
        NodeError::NotAllowed(_) => Problem::forbidden(said),
        NodeError::Refused(_) | NodeError::Usage(_) | NodeError::Rule(_) | NodeError::Hub(_) | NodeError::File(_) => {
            Problem::refused(said)
        }
        NodeError::NotJoined
        | NodeError::Unreachable(_)
        | NodeError::TurnedAway(_)
        | NodeError::Broken(_)
        | NodeError::Hostile(_) => Problem::refused(said),
        NodeError::Database(error) | NodeError::Account(AccountError::Database(error)) => return Problem::from(error),
        error @ NodeError::Disk(FileError::DiskFull(_)) => {
            return Problem::unavailable("write a file of the node", &error);
        }
        other => return Problem::internal("make a page of the node", &other),
    };
    match next {
        Some(next) => page.next(capital(&next)),
        None => page,
    }
}

/// A sentence with a capital letter and a full stop, as pages write it.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let mut text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if !text.ends_with(['.', '!', '?', ':']) {
        text.push('.');
    }
    text
}
