//! `/`: what do I have to do, in one screen; and `/charter`: the rules of the region, and accepting them.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use vrs_console::domain::refusals::reason_said;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::{Moment, ago};
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::charter::Charter;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::{Length, Period};

use super::App;
use super::calendar;
use super::frame::{Seen, own_name, problem};
use super::gate;
use super::own::{Own, Stage};
use super::sight::{sight, tally, tally_words};
use crate::calendar::{Nearness, nearness};
use crate::node::CharterReport;
use crate::release::State as DeskState;
use crate::roles::{Capability, FiguresOf, Role, figures_of};
use crate::say;
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
    /// How far each section of the period has come that ended last.
    sections: Option<FigureTable>,
    shared: Option<String>,
    records: Option<(String, String)>,
}

pub(super) async fn dashboard(State(app): State<App>, who: SignedIn) -> Result<Page<Dashboard>, Problem> {
    let frame = app.frame(&who, say("word-dashboard")).await?;
    let (seen, own) = (app.seen().await?, Own::load(&app).await?);
    let steps = steps(&app, &seen, &own).await?;
    let sights = seen.me.map(|me| sight(seen.region(), me)).unwrap_or_default();
    let mut tx = app.read("count the outbox").await?;
    let (waiting, _) = store::outbox::count_waiting(&mut tx, app.node.now().0).await?;
    drop(tx);
    let released = own.desk.releases.iter().filter(|entry| entry.release.state.stands()).count();
    let facts = vec![
        Fact {
            number: grouped(released as u64),
            what: say("dashboard-releases-stand").with("count", released).into(),
            href: "/releases",
        },
        Fact {
            number: grouped(tally(&sights).0 as u64),
            what: say("dashboard-peers-tables-are-open-to").into(),
            href: "/peers",
        },
        Fact { number: grouped(waiting), what: say("dashboard-waiting").with("count", waiting).into(), href: "/link" },
        Fact {
            number: grouped(seen.view.size()),
            what: say("dashboard-ledger-lines-held-here").into(),
            href: "/ledger",
        },
    ];
    let may = |href: &str| gate::may_open(&who.operator, href);
    let mut tasks = tasks(&app, &who, &seen, &own).await?;
    tasks.extend(of_the_questionnaire(&app, &who).await?);
    tasks.extend(reminders(&app, &who, &own).await?);
    tasks.retain(|task| may(&task.href));
    let sections = if may("/releases") { sections_of_the_last(&app, &own).await? } else { None };
    Ok(Page(Dashboard {
        steps: if may("/charter") { steps } else { Vec::new() },
        facts: facts.into_iter().filter(|fact| may(fact.href)).collect(),
        tasks,
        sections,
        due: if may("/releases") { due(&app, &seen, &own) } else { None },
        shared: may("/access").then(|| tally_words(&sights)),
        records: if may("/link") { Some((app.lamp().await?.1, checked(&seen))) } else { None },
        frame,
    }))
}

/// What was found when the lines came in; the whole ledger is judged again on the page of the ledger.
fn checked(seen: &Seen) -> String {
    let region = seen.region();
    match seen.view.flaws().first_key_value() {
        None if seen.view.size() == 0 => say("dashboard-no-line-of-the-ledger").into(),
        None => say("dashboard-all-ledger-lines-and-servings")
            .with("lines", seen.view.size())
            .with("servings", region.servings_count())
            .to_string(),
        Some((line, reason)) => say("dashboard-line-of-the-ledger-may")
            .with("line", line.to_string())
            .with("reason", reason_said(reason))
            .to_string(),
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
    let step = |done, what: Said, how: Said| Step { done, what: what.into(), how: how.into() };
    let steps = vec![
        step(true, say("dashboard-belongs-to").with("name", own_name(app)), "".into()),
        step(people, say("dashboard-two-persons-one-prepares-another"), say("dashboard-vrs-node-account-add-name")),
        step(seen.me.is_some(), say("dashboard-join-the-region"), say("dashboard-ask-the-hubs-operator-for")),
        step(accepted, say("word-accept-the-charter"), say("dashboard-read-it-under-records-charter")),
        step(agencies, say("dashboard-name-the-agencies-that-deliver"), say("dashboard-vrs-node-agency-add-code")),
        step(!own.subjects.is_empty(), say("dashboard-bring-the-first-figures"), say("dashboard-reports-bring-a-file")),
        step(released, say("dashboard-release-a-first-table"), say("dashboard-reports-release-desk-prepare-and")),
    ];
    Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps })
}

async fn tasks(app: &App, who: &SignedIn, seen: &Seen, own: &Own) -> Result<Vec<Task>, Problem> {
    let has = |role: Role| who.operator.has_role(role.code());
    let mut tasks = Vec::new();
    if Capability::AcceptCharter.is_of(&who.operator)
        && let Ok(CharterReport { accepted: None, charter, line }) = app.node.charter().await
    {
        tasks.push(Task {
            what: say("dashboard-read-and-accept-the-charter").with("charter", charter.title.to_string()).to_string(),
            href: "/charter".into(),
            note: say("dashboard-line-nothing-is-released-before").with("line", line.to_string()).to_string(),
        });
    }
    waiting_for_approval(app, who, own, &mut tasks);
    refused(app, own, &mut tasks);
    let aside = app.node.set_aside().await.map_err(problem)?;
    if aside > 0 {
        tasks.push(Task {
            what: say("dashboard-set-aside").with("count", aside).into(),
            href: "/link".into(),
            note: say("dashboard-the-bytes-are-damaged-withdraw").into(),
        });
    }
    if has(Role::FocalPoint) {
        findings(app, own, &mut tasks).await?;
    }
    if let Some(me) = seen.me {
        for line in seen.region().erasures_due_by(me) {
            let Some(release) = seen.region().release(line) else { continue };
            let manifest = &release.manifest;
            tasks.push(Task {
                what: say("dashboard-for-of-must-be-erased")
                    .with("form", app.title(&manifest.form).to_string())
                    .with("period", manifest.period.to_string())
                    .with("participant", seen.region().code_of(manifest.participant).to_string())
                    .to_string(),
                href: "/servings".into(),
                note: say("dashboard-this-node-does-it-at").into(),
            });
        }
    }
    Ok(tasks)
}

/// What the last change of the questionnaire asks of somebody: to read it, until its first year is over; and to give a new form to
/// an agency, until one has it. An agency is told only of what concerns it. Who gives no forms to agencies at all is not asked to.
async fn of_the_questionnaire(app: &App, who: &SignedIn) -> Result<Vec<Task>, Problem> {
    let Some((old, new)) = app.node.last_change() else { return Ok(Vec::new()) };
    let change = app.node.catalogue_change(old, new).await.map_err(problem)?;
    let Some(since) = change.since else { return Ok(Vec::new()) };
    let href = format!("/catalogue/changes?old={}&new={}", old.version, new.version);
    let mut tasks = Vec::new();
    let assigns = app.node.agency_entries().await.map_err(problem)?.iter().any(|entry| !entry.forms.is_empty());
    if assigns && Capability::ManageAgencies.is_of(&who.operator) {
        tasks.extend(change.unassigned().into_iter().take(TASKS_MAX).map(|form| Task {
            what: say("dashboard-new-form-of-nobody").with("form", app.title(form)).to_string(),
            href: format!("{href}#new-forms"),
            note: say("dashboard-new-form-since").with("code", form).with("year", since.to_string()).to_string(),
        }));
    }
    let change = match figures_of(&who.operator) {
        FiguresOf::Agency(agency) => change.for_agency(&agency),
        FiguresOf::Everybody => change,
        FiguresOf::Nobody => return Ok(tasks),
    };
    if app.node.now().date().0 <= since && !change.is_empty() {
        let counted = say("dashboard-questionnaire-counts")
            .with("added", change.added.len())
            .with("changed", change.changed.len())
            .with("retired", change.retired.len());
        let what = say("dashboard-questionnaire-changes").with("year", since.to_string());
        tasks.push(Task {
            what: what.with("version", new.version.as_str()).to_string(),
            href: href.clone(),
            note: counted.to_string(),
        });
    }
    if !change.gone.is_empty() {
        tasks.push(Task {
            what: say("dashboard-readings-name-what-is-gone").with("count", change.gone.len()).to_string(),
            href: format!("{href}#readings"),
            note: String::new(),
        });
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
        let own_work = release.prepared_by.0 == who.operator.name;
        if !own_work && !approver {
            continue;
        }
        tasks.push(Task {
            what: if own_work { say("dashboard-another-must-approve") } else { say("dashboard-approve") }
                .with("title", app.title(&release.form))
                .with("period", release.period)
                .with("also", also)
                .into(),
            href: format!("/releases/{}", release.bundle),
            note: say("dashboard-prepared-by")
                .with("name", release.prepared_by.0.to_string())
                .with("ago", ago(now, release.prepared_at.0).to_string())
                .to_string(),
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
            what: say("dashboard-for-was-refused")
                .with("form", app.title(&entry.release.form).to_string())
                .with("period", entry.release.period.to_string())
                .to_string(),
            href: format!("/releases/{}", entry.release.id),
            note: by_the_hub.or_else(|| entry.release.note.clone()).unwrap_or_default(),
        });
    }
}

/// Figures at hand that nobody has decided on, and whether something in them must be looked at.
async fn findings(app: &App, own: &Own, tasks: &mut Vec<Task>) -> Result<(), Problem> {
    let is_asked = |form: &FormCode, period: Period| app.node.catalogue_of(period).form(form).is_some();
    let mut undecided: Vec<&(FormCode, Period)> = own
        .subjects
        .iter()
        .filter(|(form, period)| own.stage(form, *period) == Stage::AtHand && is_asked(form, *period))
        .collect();
    undecided.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), app.node.catalogue().order(form)));
    let rest = undecided.len().saturating_sub(FINDINGS_TABLES_MAX);
    let shown: Vec<(FormCode, Period)> = undecided.into_iter().take(FINDINGS_TABLES_MAX).cloned().collect();
    let each = app.node.findings_each(&shown).await.map_err(problem)?;
    for ((form, period), found) in shown.iter().zip(each) {
        let note = match found {
            Ok(found) => match found.findings.iter().filter(|checked| checked.is_open()).count() {
                0 => say("dashboard-no-findings-ready-to-be").into(),
                many => say("dashboard-findings-to-look-at").with("count", many).into(),
            },
            Err(sentence) => super::frame::capital(&sentence),
        };
        tasks.push(Task {
            what: say("dashboard-for-is-not-released")
                .with("form", app.title(form).to_string())
                .with("period", period.to_string())
                .to_string(),
            href: format!("/tables/{period}/{form}"),
            note,
        });
    }
    if rest > 0 {
        let what = say("dashboard-more-tables").with("count", rest).to_string();
        tasks.push(Task { what, href: "/tables".into(), note: String::new() });
    }
    Ok(())
}

/// How far each section has come for the shortest period of our rhythm that ended last and has figures.
async fn sections_of_the_last(app: &App, own: &Own) -> Result<Option<FigureTable>, Problem> {
    let has_figures = |period: &Period| own.subjects.iter().any(|(_, of)| of == period);
    let Some(period) = calendar::rhythm(app).await?.into_iter().find(has_figures) else { return Ok(None) };
    let found = app.node.findings_for(period).await.map_err(problem)?;
    let sections = calendar::sections(app, own, period, &found).await?;
    Ok(Some(calendar::section_table(app, period, &sections)))
}

/// What is due within two weeks or was: for an agency the assigned forms it has not delivered, for who prepares the tables that are
/// at hand or were there the time before. Only lengths of period in which figures came before: nobody is reminded of months who
/// reports in quarters.
async fn reminders(app: &App, who: &SignedIn, own: &Own) -> Result<Vec<Task>, Problem> {
    let mut tasks = Vec::new();
    let agency = match figures_of(&who.operator) {
        FiguresOf::Agency(agency) => Some(agency),
        FiguresOf::Everybody if Capability::Prepare.is_of(&who.operator) => None,
        FiguresOf::Everybody | FiguresOf::Nobody => return Ok(tasks),
    };
    let (delivered, assigned) = match &agency {
        None => (own.subjects.clone(), BTreeSet::new()),
        Some(agency) => {
            let mut tx = app.read("find what an agency has delivered").await?;
            let delivered = store::figures::metadata(&mut tx, agency).await?;
            drop(tx);
            let assigned = app.node.agency_entry(agency).await.map_err(problem)?.forms;
            (delivered.into_keys().collect(), assigned)
        }
    };
    let now = app.node.now();
    for period in calendar::rhythm(app).await? {
        let due = app.node.due(period).await.map_err(problem)?;
        let is_near = due.is_some_and(|due| nearness(due, now) != Nearness::Far);
        let is_ours = delivered.is_empty() || delivered.iter().any(|(_, of)| of.length() == period.length());
        if !is_near || !is_ours {
            continue;
        }
        let is_here = |form: &FormCode| delivered.contains(&(form.clone(), period));
        // Nobody is reminded of a form that is not asked any more, or not yet.
        let is_asked = |form: &FormCode| app.node.catalogue_of(period).form(form).is_some();
        let is_missing = |form: &&FormCode| is_asked(form) && !is_here(form);
        let of = |period: Period| delivered.iter().filter(move |(_, of)| *of == period).map(|(form, _)| form);
        let counted = if agency.is_some() {
            vec![(say("dashboard-deliver"), assigned.iter().filter(is_missing).count())]
        } else {
            let waiting = of(period).filter(|form| own.stage(form, period) == Stage::AtHand).count();
            let gone = period.previous().into_iter().flat_map(of).filter(is_missing).count();
            vec![(say("dashboard-release"), waiting), (say("dashboard-not-come"), gone)]
        };
        for (what, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            tasks.push(Task {
                what: what.with("count", count).with("period", period.to_string()).into(),
                href: format!("/calendar?period={period}"),
                note: calendar::due_words(app, period).await?,
            });
        }
    }
    Ok(tasks)
}

/// Forms in use by the latest ended period of each length in our rhythm.
fn due(app: &App, seen: &Seen, own: &Own) -> Option<FigureTable> {
    let (_, charter) = seen.region().charter()?;
    let forms = |period: Period| {
        app.node.catalogue_of(period).forms().iter().filter(|form| charter.uses(form)).map(|form| &form.code)
    };
    let now = app.node.now();
    let latest = latest_ended(now.date(), Length::Month).map_or(0, |period| forms(period).count());
    let columns = [
        Column::text(say("word-period")),
        Column::text(say("dashboard-due")),
        Column::number(say("dashboard-released"))
            .unit(say("dashboard-of").with("forms", latest.to_string()).to_string()),
        Column::number(say("dashboard-on-the-desk")),
        Column::number(say("dashboard-kept")),
        Column::number(say("dashboard-at-hand")),
        Column::number(say("dashboard-nothing-yet")),
    ];
    let mut table = FigureTable::new(say("dashboard-the-periods-that-ended-last"), columns);
    for length in [Length::Month, Length::Quarter, Length::Semester, Length::Year] {
        if !charter.in_rhythm(app.node.participant(), length) {
            continue;
        }
        let Some(period) = latest_ended(now.date(), length) else { continue };
        let count =
            |stages: &[Stage]| forms(period).filter(|form| stages.contains(&own.stage(form, period))).count() as u64;
        let due = charter.due(period);
        let words = due.map_or_else(String::new, |due| {
            let day = app.moment(due.0).day().to_owned();
            if due > now {
                say("dashboard-due-in").with("day", day).with("count", due.secs_since(now) / 86_400).to_string()
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
pub(super) fn latest_ended(today: (u16, u8, u8), length: Length) -> Option<Period> {
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
    facts: Vec<(Said, String)>,
    accepted: Option<(String, Moment)>,
    may_accept: bool,
}

/// The Charter in force, and who accepted it here.
pub(super) async fn charter(State(app): State<App>, who: SignedIn) -> Result<Page<CharterPage>, Problem> {
    let frame = app.frame(&who, say("word-charter")).await?.lead(say("dashboard-the-rules-of-the-region"));
    let Ok(CharterReport { line, charter, accepted }) = app.node.charter().await else {
        return Ok(Page(CharterPage { frame, charter: None }));
    };
    let list = |words: Vec<String>, none: Said| if words.is_empty() { none.into() } else { words.join(", ") };
    let months = |months: &std::collections::BTreeSet<u8>| {
        let words = months.iter().map(|months| match months {
            1 => say("dashboard-months"),
            3 => say("dashboard-quarters"),
            6 => say("dashboard-semesters"),
            _ => say("dashboard-years"),
        });
        words.map(String::from).collect::<Vec<_>>().join(", ")
    };
    let rhythms = charter.rhythms.iter().map(|(code, lengths)| format!("{code}: {}", months(lengths))).collect();
    let facts = vec![
        (say("dashboard-line-of-the-ledger"), grouped(line)),
        (say("dashboard-catalogue"), catalogues_of(&charter)),
        (say("dashboard-reporting-in"), months(&charter.months)),
        (say("dashboard-own-rhythms"), list(rhythms, say("word-none"))),
        (say("dashboard-releases-are-due"), say("dashboard-days-after").with("count", charter.due_days).to_string()),
        (
            say("dashboard-the-first-edition-closes"),
            say("dashboard-days-after").with("count", charter.closing_days).to_string(),
        ),
        (
            say("dashboard-least-size-of-a-group"),
            say("dashboard-block-min").with("count", charter.block_min).to_string(),
        ),
        (
            say("dashboard-fewer-than"),
            if charter.fewer_below == 0 {
                say("dashboard-not-allowed").into()
            } else {
                say("dashboard-may-stand-for-1-to").with("most", (charter.fewer_below - 1).to_string()).to_string()
            },
        ),
        (
            say("dashboard-observers"),
            list(charter.observers.iter().map(ToString::to_string).collect(), say("word-none")),
        ),
        (
            say("dashboard-extensions-switched-on"),
            list(charter.extensions.iter().map(ToString::to_string).collect(), say("word-none")),
        ),
        (
            say("dashboard-figures-are-kept"),
            say("dashboard-kept-years").with("count", charter.retention_years).to_string(),
        ),
    ];
    let may_accept = accepted.is_none() && Capability::AcceptCharter.is_of(&who.operator);
    let accepted = accepted.map(|accepted| (accepted.by, app.moment(accepted.at.0)));
    Ok(Page(CharterPage { frame, charter: Some(CharterFacts { title: charter.title, facts, accepted, may_accept }) }))
}

/// `2026.1 until 2026, 2027.1 from 2027 on`, with the hash of the latest.
fn catalogues_of(charter: &Charter) -> String {
    let earlier = charter.earlier.0.iter().map(|one| {
        let said = say("catalogue-named-until").with("version", one.catalogue.as_str());
        said.with("last", one.until.to_string()).to_string()
    });
    let latest = match charter.earlier.0.last() {
        None => charter.catalogue.clone(),
        Some(before) => say("catalogue-named-from")
            .with("version", charter.catalogue.as_str())
            .with("first", before.until.saturating_add(1).to_string())
            .to_string(),
    };
    let named = earlier.chain([latest]).collect::<Vec<_>>().join(", ");
    format!("{named}, {}", charter.catalogue_hash)
}

pub(super) async fn accept_charter(State(app): State<App>, who: SignedIn) -> Result<Redirect, Problem> {
    let report = app.node.accept_charter(&who.operator).await.map_err(problem)?;
    app.console
        .say(
            &who,
            Tone::Good,
            say("dashboard-the-charter-is-accepted").with("charter", report.charter.title.to_string()).to_string(),
        )
        .await?;
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
