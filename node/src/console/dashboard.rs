//! `/`: what do I have to do, in one screen; and `/charter`: the rules of the region, and accepting them.

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::{Moment, ago};
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::check::Severity;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::{Length, Period};

use super::App;
use super::frame::{Seen, problem};
use super::own::{Own, Stage};
use super::sight::{sight, tally, tally_words};
use super::words::counted;
use crate::error::NodeError;
use crate::node::CharterReport;
use crate::release::State as DeskState;
use crate::roles::Role;
use crate::store;

/// Tables whose findings are looked for; more would make the first page slow.
const FINDINGS_TABLES_MAX: usize = 12;
/// Tasks of one kind that are listed; the rest is counted.
const TASKS_MAX: usize = 6;

/// A number with what it counts.
struct Fact {
    number: String,
    what: String,
    href: &'static str,
}

/// Something to do, and where.
struct Task {
    what: String,
    href: String,
    note: String,
}

/// One step of the first day.
struct Step {
    done: bool,
    what: String,
    how: String,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub(super) struct Dashboard {
    frame: Frame,
    steps: Vec<Step>,
    facts: Vec<Fact>,
    tasks: Vec<Task>,
    due: Option<FigureTable>,
    shared: String,
    outbox: String,
    checked: String,
}

pub(super) async fn dashboard(State(app): State<App>, who: SignedIn) -> Result<Page<Dashboard>, Problem> {
    let frame = app.frame(&who, "Dashboard").await?;
    let (seen, own) = (app.seen().await?, Own::load(&app).await?);
    let steps = steps(&app, &seen, &own).await?;
    let sights = seen.me.map(|me| sight(seen.region(), me)).unwrap_or_default();
    let mut tx = app.read("count the outbox").await?;
    let (waiting, _) = store::outbox::count_waiting(&mut tx).await?;
    drop(tx);
    let released = own.desk.releases.iter().filter(|entry| entry.release.state.stands()).count();
    let facts = vec![
        Fact {
            number: grouped(released as u64),
            what: if released == 1 { "release of ours stands" } else { "releases of ours stand" }.into(),
            href: "/releases",
        },
        Fact {
            number: grouped(tally(&sights).0 as u64), what: "peers’ tables are open to us".into(), href: "/peers"
        },
        Fact {
            number: grouped(waiting),
            what: if waiting == 1 { "waits in the outbox" } else { "wait in the outbox" }.into(),
            href: "/link",
        },
        Fact { number: grouped(seen.view.size()), what: "ledger lines held here".into(), href: "/ledger" },
    ];
    Ok(Page(Dashboard {
        steps,
        facts,
        tasks: tasks(&app, &who, &seen, &own).await?,
        due: due(&app, &seen, &own),
        shared: tally_words(&sights),
        outbox: app.lamp().await?.1,
        checked: checked(&seen),
        frame,
    }))
}

/// What was found when the lines came in; the whole ledger is judged again on the page of the ledger.
fn checked(seen: &Seen) -> String {
    let region = seen.region();
    match seen.view.flaws().first_key_value() {
        None if seen.view.size() == 0 => "No line of the ledger has come yet.".into(),
        None => format!(
            "All {} ledger lines and {} servings in them were judged by this node when they came in: every one was justified.",
            grouped(seen.view.size()),
            grouped(region.servings_count())
        ),
        Some((line, reason)) => format!("Line {line} of the ledger may not stand there: {reason}."),
    }
}

/// The first day, until there is a release.
async fn steps(app: &App, seen: &Seen, own: &Own) -> Result<Vec<Step>, Problem> {
    let accounts = app.node.list_accounts().await.map_err(problem)?;
    let has = |role: Role| accounts.iter().any(|account| !account.disabled && account.operator.has_role(role.code()));
    let people = accounts.iter().filter(|account| !account.disabled).count() >= 2
        && has(Role::FocalPoint)
        && has(Role::Approver);
    let agencies = !app.node.agencies().await.map_err(problem)?.is_empty();
    let accepted = app.node.charter().await.is_ok_and(|charter| charter.accepted.is_some());
    let released = own.desk.releases.iter().any(|entry| entry.release.signed_at.is_some());
    let step = |done, what: &str, how: &str| Step { done, what: what.into(), how: how.into() };
    let steps = vec![
        step(true, &format!("This node belongs to {}", app.node.name()), ""),
        step(
            people,
            "Two persons: one prepares, another approves",
            "vrs-node account add NAME --role focal_point, and one with --role approver",
        ),
        step(
            seen.me.is_some(),
            "Join the region",
            "Ask the hub’s operator for an invite, then run vrs-node join INVITE",
        ),
        step(accepted, "Accept the Charter", "Read it under Records, Charter, and accept it there"),
        step(agencies, "Name the agencies that deliver figures", "vrs-node agency add CODE --name NAME"),
        step(!own.subjects.is_empty(), "Bring the first figures", "Reports, Bring a file"),
        step(released, "Release a first table", "Reports, Release desk: prepare, and let a second person approve"),
    ];
    Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps })
}

async fn tasks(app: &App, who: &SignedIn, seen: &Seen, own: &Own) -> Result<Vec<Task>, Problem> {
    let has = |role: Role| who.operator.has_role(role.code());
    let mut tasks = Vec::new();
    if (has(Role::Approver) || has(Role::Administrator))
        && let Ok(CharterReport { accepted: None, charter, line }) = app.node.charter().await
    {
        tasks.push(Task {
            what: format!("Read and accept the Charter “{}”", charter.title),
            href: "/charter".into(),
            note: format!("line {line}; nothing is released before"),
        });
    }
    waiting_for_approval(app, who, own, &mut tasks);
    refused(app, own, &mut tasks);
    let aside = app.node.set_aside().await.map_err(problem)?;
    if aside > 0 {
        tasks.push(Task {
            what: counted(aside as usize, "entry of the outbox cannot be sent", "entries of the outbox cannot be sent"),
            href: "/link".into(),
            note: "the bytes are damaged; withdraw the release and prepare it again".into(),
        });
    }
    if has(Role::FocalPoint) || has(Role::Contributor) {
        findings(app, own, &mut tasks).await?;
    }
    if let Some(me) = seen.me {
        for line in seen.region().erasures_due_by(me) {
            let Some(release) = seen.region().release(line) else { continue };
            let manifest = &release.manifest;
            tasks.push(Task {
                what: format!(
                    "“{}” for {} of {} must be erased",
                    app.title(&manifest.form),
                    manifest.period,
                    seen.region().code_of(manifest.participant)
                ),
                href: "/servings".into(),
                note: "this node does it at the next contact with the hub".into(),
            });
        }
    }
    Ok(tasks)
}

/// What waits for a second person: for those who may be it, and for whoever prepared it.
fn waiting_for_approval(app: &App, who: &SignedIn, own: &Own, tasks: &mut Vec<Task>) {
    let approver = who.operator.has_role(Role::Approver.code());
    let now = app.node.now().0;
    let prepared = own
        .desk
        .releases
        .iter()
        .filter(|entry| entry.release.state == DeskState::Prepared && entry.release.id == entry.release.bundle);
    for entry in prepared {
        let release = &entry.release;
        let also = own.desk.releases.iter().filter(|other| other.release.bundle == release.bundle).count() - 1;
        let also = if also == 0 { String::new() } else { format!(" and {also} more") };
        let own_work = release.prepared_by.0 == who.operator.name;
        if !own_work && !approver {
            continue;
        }
        tasks.push(Task {
            what: format!(
                "{} the release of “{}” for {}{also}",
                if own_work { "Another person must approve" } else { "Approve" },
                app.title(&release.form),
                release.period
            ),
            href: format!("/releases/{}", release.bundle),
            note: format!("prepared by {} {}", release.prepared_by.0, ago(now, release.prepared_at.0)),
        });
    }
}

fn refused(app: &App, own: &Own, tasks: &mut Vec<Task>) {
    let refused = own.desk.releases.iter().filter(|entry| {
        let latest = own.entry(&entry.release.form, entry.release.period);
        entry.release.state == DeskState::Refused && latest.is_some_and(|latest| latest.release.id == entry.release.id)
    });
    for entry in refused.take(TASKS_MAX) {
        let by_the_hub = entry.refused.as_ref().map(|refusal| refusal.sentence.clone());
        tasks.push(Task {
            what: format!("“{}” for {} was refused", app.title(&entry.release.form), entry.release.period),
            href: format!("/releases/{}", entry.release.id),
            note: by_the_hub.or_else(|| entry.release.note.clone()).unwrap_or_default(),
        });
    }
}

/// Figures at hand that nobody has decided on, and whether something in them must be looked at.
async fn findings(app: &App, own: &Own, tasks: &mut Vec<Task>) -> Result<(), Problem> {
    let mut undecided: Vec<&(FormCode, Period)> =
        own.subjects.iter().filter(|(form, period)| own.stage(form, *period) == Stage::AtHand).collect();
    undecided.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), app.node.catalogue().order(form)));
    let rest = undecided.len().saturating_sub(FINDINGS_TABLES_MAX);
    for (form, period) in undecided.into_iter().take(FINDINGS_TABLES_MAX) {
        let note = match app.node.findings(form, *period).await {
            Ok(found) => match found.findings.iter().filter(|finding| finding.severity >= Severity::Warning).count() {
                0 => "no findings; ready to be prepared".into(),
                many => format!("{} to look at", counted(many, "finding", "findings")),
            },
            Err(NodeError::Refused(sentence) | NodeError::Missing(sentence)) => sentence,
            Err(error) => return Err(problem(error)),
        };
        tasks.push(Task {
            what: format!("“{}” for {period} is not released", app.title(form)),
            href: format!("/tables/{period}/{form}"),
            note,
        });
    }
    if rest > 0 {
        let what = format!("{} more are not released", counted(rest, "table", "tables"));
        tasks.push(Task { what, href: "/tables".into(), note: String::new() });
    }
    Ok(())
}

/// Forms in use by the latest ended period of each length in our rhythm.
fn due(app: &App, seen: &Seen, own: &Own) -> Option<FigureTable> {
    let (_, charter) = seen.region().charter()?;
    let forms: Vec<&FormCode> =
        app.node.catalogue().forms().iter().filter(|form| charter.uses(form)).map(|form| &form.code).collect();
    let now = app.node.now();
    let columns = [
        Column::text("Period"),
        Column::text("Due"),
        Column::number("Released").unit(format!("of {}", forms.len())),
        Column::number("On the desk"),
        Column::number("Kept"),
        Column::number("At hand"),
        Column::number("Nothing yet"),
    ];
    let mut table = FigureTable::new("The periods that ended last, in our rhythm", columns);
    for length in [Length::Month, Length::Quarter, Length::Semester, Length::Year] {
        if !charter.in_rhythm(app.node.participant(), length) {
            continue;
        }
        let Some(period) = latest_ended(now.date(), length) else { continue };
        let count =
            |stages: &[Stage]| forms.iter().filter(|form| stages.contains(&own.stage(form, period))).count() as u64;
        let due = charter.due(period);
        let words = due.map_or_else(String::new, |due| {
            let day = app.moment(due.0).day().to_owned();
            if due > now {
                format!("{day}, in {}", counted((due.secs_since(now) / 86_400) as usize, "day", "days"))
            } else {
                format!("{day}, {}", ago(now.0, due.0))
            }
        });
        table = table.row(
            Row::new(period.to_string())
                .link(format!("/tables?period={period}"))
                .text(words)
                .figure(count(&[Stage::Released]))
                .figure(count(&[Stage::OnTheDesk, Stage::OnItsWay]))
                .figure(count(&[Stage::Kept]))
                .figure(count(&[Stage::AtHand, Stage::Refused, Stage::Withdrawn]))
                .figure(count(&[Stage::Nothing])),
        );
    }
    Some(table)
}

/// The latest period of a length that has ended by a day.
fn latest_ended(today: (u16, u8, u8), length: Length) -> Option<Period> {
    let text = match length {
        Length::Year => format!("{:04}", today.0),
        Length::Semester => format!("{:04}-S{}", today.0, (today.1 - 1) / 6 + 1),
        Length::Quarter => format!("{:04}-Q{}", today.0, (today.1 - 1) / 3 + 1),
        Length::Month => format!("{:04}-{:02}", today.0, today.1),
    };
    Period::parse(&text).ok()?.previous()
}

#[derive(Template)]
#[template(path = "charter.html")]
pub(super) struct CharterPage {
    frame: Frame,
    charter: Option<CharterFacts>,
}

struct CharterFacts {
    title: String,
    facts: Vec<(&'static str, String)>,
    accepted: Option<(String, Moment)>,
    may_accept: bool,
}

/// The Charter in force, and who accepted it here.
pub(super) async fn charter(State(app): State<App>, who: SignedIn) -> Result<Page<CharterPage>, Problem> {
    let frame = app
        .frame(&who, "Charter")
        .await?
        .lead("The rules of the region. Nothing is released under rules that nobody here has accepted.");
    let Ok(CharterReport { line, charter, accepted }) = app.node.charter().await else {
        return Ok(Page(CharterPage { frame, charter: None }));
    };
    let list = |words: Vec<String>, none: &str| if words.is_empty() { none.to_owned() } else { words.join(", ") };
    let months = |months: &std::collections::BTreeSet<u8>| {
        let words = months.iter().map(|months| match months {
            1 => "months",
            3 => "quarters",
            6 => "semesters",
            _ => "years",
        });
        words.collect::<Vec<_>>().join(", ")
    };
    let rhythms = charter.rhythms.iter().map(|(code, lengths)| format!("{code}: {}", months(lengths))).collect();
    let facts = vec![
        ("Line of the ledger", grouped(line)),
        ("Catalogue", format!("{}, {}", charter.catalogue, charter.catalogue_hash)),
        ("Reporting in", months(&charter.months)),
        ("Own rhythms", list(rhythms, "none")),
        ("Releases are due", format!("{} days after a period’s end", charter.due_days)),
        ("The first edition closes", format!("{} days after a period’s end", charter.closing_days)),
        ("Least size of a group", format!("{} participants; those with a common parent count once", charter.block_min)),
        (
            "“Fewer than”",
            if charter.fewer_below == 0 {
                "not allowed".into()
            } else {
                format!("may stand for 1 to {}", charter.fewer_below - 1)
            },
        ),
        ("Observers", list(charter.observers.iter().map(ToString::to_string).collect(), "none")),
        ("Extensions switched on", list(charter.extensions.iter().map(ToString::to_string).collect(), "none")),
        ("Figures are kept", format!("{} years", charter.retention_years)),
    ];
    let may_accept = accepted.is_none()
        && [Role::Approver, Role::Administrator].iter().any(|role| who.operator.has_role(role.code()));
    let accepted = accepted.map(|accepted| (accepted.by, app.moment(accepted.at.0)));
    Ok(Page(CharterPage { frame, charter: Some(CharterFacts { title: charter.title, facts, accepted, may_accept }) }))
}

pub(super) async fn accept_charter(State(app): State<App>, who: SignedIn) -> Result<Redirect, Problem> {
    let report = app.node.accept_charter(&who.operator).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, format!("The Charter “{}” is accepted.", report.charter.title)).await?;
    Ok(Redirect::to("/charter"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_period_that_ended_last_is_the_one_before_todays() {
        let ended = |length| latest_ended((2026, 1, 15), length).unwrap().to_string();
        assert_eq!(
            [Length::Month, Length::Quarter, Length::Semester, Length::Year].map(ended),
            ["2025-12", "2025-Q4", "2025-S2", "2025"]
        );
        assert_eq!(latest_ended((2026, 11, 23), Length::Semester).unwrap().to_string(), "2026-S1");
    }
}
