//! A history as it was told: the region it gives, and what every body and every sum says about the figures nobody shows.
//!
//! The unknowns are *atoms*: one participant's count of one citizenship in one quarter of one topic, in one vintage. Every
//! cell of every release is a sum of atoms. So the identities that everybody knows hold by themselves: the rows of a table
//! and `_O` add to its total, quarters add to a semester, and the total of the list is the total of the topic.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::{Audience, Sharing};
use vrs_protocol::blocks;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use vrs_protocol::ledger::ServedItem;
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::YearOfTopic;
use vrs_protocol::table::{Key, Table};

use crate::algebra::{Row, add, unit};
use crate::history::{PARTICIPANTS_MAX, PERIODS, Setup, Shown, Step, TOPICS};
use crate::sabotage::Sabotage;
use crate::support::{How, World, form, key, period, table, topic};

/// A count nobody shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Atom {
    /// Whose.
    pub(crate) of: ParticipantId,
    /// Place in [`TOPICS`].
    pub(crate) topic: usize,
    /// 0 to 3.
    pub(crate) quarter: usize,
    /// Afghan, Syrian, any other.
    pub(crate) citizenship: usize,
    /// Counts the revisions with new figures.
    pub(crate) vintage: u32,
}

/// A table to be released: form, period, what it shows, and whether it is derived where its parts are there.
type Written = (String, String, Shown, bool);

/// Something the attacker learnt.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// The sum of atoms that it states.
    pub(crate) row: Row,
    /// The release whose figures it gives singly; `None` for sums over several participants.
    pub(crate) single: Option<LineIndex>,
}

/// A history as it was told.
pub(crate) struct Told {
    /// The region.
    pub(crate) world: World,
    /// All atoms; their places are the unknowns of the equations.
    pub(crate) atoms: Vec<Atom>,
    /// What each participant was ever served.
    pub(crate) learnt: BTreeMap<ParticipantId, Vec<Fact>>,
    /// What happened, for statistics: that blocks were read, kinds changed, and so on.
    pub(crate) seen: BTreeSet<&'static str>,
    places: BTreeMap<Atom, usize>,
    vintages: BTreeMap<(ParticipantId, usize, usize), u32>,
    /// The cells of each release.
    cells: BTreeMap<LineIndex, BTreeMap<Key, Row>>,
    /// Releases that were derived.
    derived: BTreeSet<LineIndex>,
    setup: Setup,
    admitted: usize,
    sabotage: Option<Sabotage>,
}

impl Told {
    /// Tells a history; with sabotage, the hub breaks one sentence of the rule behind the ledger's back.
    pub(crate) fn tell(setup: &Setup, steps: &[Step], sabotage: Option<Sabotage>) -> Self {
        let mut told = Self {
            world: World::with_charter(|charter| {
                charter.block_min = setup.block_min;
                charter.observers = (0..PARTICIPANTS_MAX)
                    .filter(|n| setup.observers >> n & 1 == 1)
                    .map(|n| ParticipantCode::parse(&code(n)).unwrap())
                    .collect();
            }),
            atoms: Vec::new(),
            learnt: BTreeMap::new(),
            seen: BTreeSet::new(),
            places: BTreeMap::new(),
            vintages: BTreeMap::new(),
            cells: BTreeMap::new(),
            derived: BTreeSet::new(),
            setup: setup.clone(),
            admitted: 0,
            sabotage,
        };
        (0..setup.first).for_each(|_| told.admit());
        steps.iter().for_each(|step| told.step(step));
        // At the end everybody takes what there is.
        TOPICS.iter().for_each(|topic| told.edition(topic));
        told.serve(u8::MAX, true);
        told
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Report { who, topic, list, period, kind, shown, derived } => {
                let (topic, when) = (usize::from(topic) % 2, PERIODS[usize::from(period) % 7]);
                // Observers look on for longer, and then some report as well.
                let looks_on = |n: &usize| self.setup.observers >> n & 1 == 1 && shown & 0b0100_0000 == 0;
                let who: Vec<usize> = (0..self.admitted).filter(|n| who >> n & 1 == 1 && !looks_on(n)).collect();
                for n in who {
                    // Different participants draw different kinds and show different rows.
                    let shown = Shown(shown.rotate_left(n as u32));
                    self.report(
                        n,
                        &(form_of(topic, list), when.to_owned(), shown, derived),
                        kind.wrapping_mul(n as u8 * 2 + 1),
                    );
                }
            }
            Step::Revise { who, pick, same, shown, named } => self.revise(who, pick, same, Shown(shown), named),
            Step::Withdraw { who, pick } => self.withdraw(who, pick),
            Step::Kind { who, topic, named } => self.change_kind(who, topic, named),
            Step::Suspend { who } => {
                let code = self.who(who);
                if self.world.region.active(self.world.id(&code)).is_ok() {
                    self.world.suspend(&code);
                    self.seen.insert("suspended");
                } else {
                    self.world.resume(&code);
                }
            }
            Step::Admit if self.admitted < PARTICIPANTS_MAX => self.admit(),
            Step::Admit => {}
            Step::Extend { who } => self.extend(who),
            Step::Observe { who } => {
                let code = ParticipantCode::parse(&self.who(who)).unwrap();
                self.world.charter(|charter| {
                    if !charter.observers.remove(&code) {
                        charter.observers.insert(code);
                    }
                });
            }
            Step::BlockMin { least } => drop(self.world.charter(|charter| charter.block_min = least.into())),
            Step::Edition { topic } => self.edition(TOPICS[usize::from(topic) % 2]),
            Step::Serve { who, erase } => self.serve(who, erase),
        }
    }

    fn who(&self, who: u8) -> String {
        code(usize::from(who) % self.admitted)
    }

    fn admit(&mut self) {
        let n = self.admitted;
        let before = n.checked_sub(1).map(code);
        let parent = before.filter(|before| {
            self.setup.children >> n & 1 == 1
                && self.world.region.participant(self.world.id(before)).unwrap().parent.is_none()
        });
        self.world.admit_child(&code(n), parent.as_deref());
        self.admitted += 1;
        if n >= self.setup.first {
            self.seen.insert("newcomer");
        }
    }

    // What participants do.

    fn report(&mut self, n: usize, what: &Written, kind: u8) {
        let (form, when) = (form(&what.0), period(&what.1));
        let (name, topic) = (code(n), topic_of(&form));
        let id = self.world.id(&name);
        if self.world.region.current(id, &form, when).is_some() {
            return;
        }
        let drawn = kind % 100;
        let sharing = self.world.region.sharing(id, &year(topic)).unwrap_or(match drawn {
            _ if drawn < self.setup.totals => Sharing::Totals,
            _ if drawn < self.setup.totals + self.setup.open => Sharing::Open,
            _ => Sharing::Named,
        });
        let audience = self.audience(n, sharing, kind);
        let before = self.vintages.clone();
        // Whoever has withdrawn everything about a period may come back with other figures.
        if kind % 2 == 1 && self.world.region.overlapping(id, &form, when).is_empty() {
            self.new_figures(id, &form, when);
        }
        if let Err(reason) = self.submit(&name, &audience, std::slice::from_ref(what)) {
            self.vintages = before;
            self.refused(&name, topic, &reason);
        }
    }

    fn revise(&mut self, who: u8, pick: u8, same: bool, shown: Shown, named: u8) {
        let name = self.who(who);
        let id = self.world.id(&name);
        let Some((code, when)) = self.pick(id, pick) else { return };
        let release = self.world.region.current(id, &code, when).unwrap();
        let sharing = release.manifest.audience.sharing().unwrap();
        let audience = self.audience(usize::from(who) % self.admitted, sharing, named);
        let company = self.world.region.overlapping(id, &code, when);
        let before = self.vintages.clone();
        if !same {
            self.new_figures(id, &code, when);
        }
        // Half of them first try without the company that the rule asks for.
        if named >= 0x80 && company.len() > 1 && self.submit_all(&name, &audience, vec![(code, when)], shown).is_ok() {
            self.seen.insert("must not be: revised alone");
            return;
        }
        match self.submit_all(&name, &audience, company, shown) {
            Ok(()) => drop(self.seen.insert(if same { "revised with the same figures" } else { "revised" })),
            Err(_) => self.vintages = before,
        }
    }

    fn withdraw(&mut self, who: u8, pick: u8) {
        let name = self.who(who);
        let Some((code, when)) = self.pick(self.world.id(&name), pick) else { return };
        if self.world.withdraw(&name, code.as_str(), &when.to_string()).is_ok() {
            self.seen.insert("withdrawn");
        }
    }

    fn change_kind(&mut self, who: u8, topic: u8, named: u8) {
        let (name, topic) = (self.who(who), usize::from(topic) % 2);
        let id = self.world.id(&name);
        let year = year(topic);
        let Some(from) = self.world.region.sharing(id, &year) else { return };
        // One in four tries a change that the rule does not know.
        let to = match from {
            Sharing::Totals if named % 4 == 3 => Sharing::Named,
            Sharing::Totals => Sharing::Open,
            Sharing::Open if named % 4 == 3 => Sharing::Totals,
            Sharing::Open => Sharing::Named,
            Sharing::Named if named % 2 == 1 => Sharing::Open,
            Sharing::Named => Sharing::Totals,
        };
        let audience = self.audience(usize::from(who) % self.admitted, to, named);
        let all: Vec<_> = self.world.region.releases_in(id, &year).filter(|release| release.is_current()).collect();
        let mut all: Vec<_> =
            all.iter().map(|release| (release.manifest.form.clone(), release.manifest.period)).collect();
        // Half of them first try to leave one out.
        if named >= 0x80 && all.len() > 1 && self.submit_all(&name, &audience, all[1..].to_vec(), Shown(named)).is_ok()
        {
            self.seen.insert("must not be: kind changed in part");
            return;
        }
        // Whoever has withdrawn everything comes back with something.
        if all.is_empty() {
            let Some(last) = self.world.region.releases_in(id, &year).last() else { return };
            all.push((last.manifest.form.clone(), last.manifest.period));
        }
        match self.submit_all(&name, &audience, all, Shown(named)) {
            Ok(()) => {
                self.seen.insert(match (from, to) {
                    (Sharing::Totals, Sharing::Open) => "opened",
                    (Sharing::Open, Sharing::Named) => "named",
                    _ => "must not be: another change of kind",
                });
            }
            Err(reason) => self.refused(&name, topic, &reason),
        }
    }

    fn extend(&mut self, who: u8) {
        let name = self.who(who);
        let id = self.world.id(&name);
        let to: Vec<String> =
            self.world.region.participants().filter(|p| p.id > id).map(|p| p.code.to_string()).collect();
        let open =
            self.world.region.current_of(id).filter(|release| release.manifest.audience == Audience::Contributors);
        let tables: Vec<(String, String)> =
            open.map(|release| (release.manifest.form.to_string(), release.manifest.period.to_string())).collect();
        if !to.is_empty() && !tables.is_empty() {
            let tables: Vec<(&str, &str)> = tables.iter().map(|(form, when)| (form.as_str(), when.as_str())).collect();
            let to: Vec<&str> = to.iter().map(String::as_str).collect();
            drop(self.world.extend(&name, &tables, &to));
        }
    }

    fn audience(&self, n: usize, sharing: Sharing, draw: u8) -> Audience {
        match sharing {
            Sharing::Totals => Audience::Totals,
            Sharing::Open => Audience::Contributors,
            Sharing::Named => {
                let others = (0..self.admitted).filter(|other| *other != n);
                let named: BTreeSet<_> = others.clone().filter(|other| draw >> (other % 8) & 1 == 1).collect();
                let named = if named.is_empty() { others.collect() } else { named };
                Audience::Named(named.into_iter().map(|other| self.world.id(&code(other))).collect())
            }
        }
    }

    fn pick(&self, id: ParticipantId, pick: u8) -> Option<(FormCode, Period)> {
        let current: Vec<_> = self
            .world
            .region
            .current_of(id)
            .map(|release| (release.manifest.form.clone(), release.manifest.period))
            .collect();
        (!current.is_empty()).then(|| current[usize::from(pick) % current.len()].clone())
    }

    fn new_figures(&mut self, id: ParticipantId, code: &FormCode, when: Period) {
        for quarter in quarters(when) {
            *self.vintages.entry((id, topic_of(code), quarter)).or_default() += 1;
        }
    }

    // What leaves a state.

    fn submit_all(
        &mut self,
        name: &str,
        audience: &Audience,
        mut tables: Vec<(FormCode, Period)>,
        shown: Shown,
    ) -> Result<(), Reason> {
        let id = self.world.id(name);
        // Parts before wholes, because a whole that is derived names its parts as they are then.
        tables.sort_by_key(|(_, when)| when.length());
        let derived = |code: &FormCode, when: Period| {
            self.world.region.current(id, code, when).is_some_and(|release| self.derived.contains(&release.index))
        };
        let tables: Vec<_> = tables
            .iter()
            .map(|(code, when)| (code.to_string(), when.to_string(), shown, derived(code, *when)))
            .collect();
        self.submit(name, audience, &tables)
    }

    /// Submits tables, all or none.
    fn submit(&mut self, name: &str, audience: &Audience, tables: &[Written]) -> Result<(), Reason> {
        let names: Vec<(&str, &str)> = tables.iter().map(|(code, when, ..)| (code.as_str(), when.as_str())).collect();
        let before = (tables.len() > 1).then(|| (self.world.region.clone(), self.world.lines.len()));
        for (code, when, shown, derived) in tables {
            let id = self.world.id(name);
            let parts: Vec<String> = period(when).parts().iter().map(Period::to_string).collect();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let from_parts = *derived
                && !parts.is_empty()
                && parts.iter().all(|part| self.world.region.current(id, &form(code), period(part)).is_some());
            let bundle = if names.len() > 1 { &names[..] } else { &[] };
            let how = How { bundle, sources: if from_parts { &parts } else { &[] }, charter: None };
            let (body, cells) = self.write(id, code, when, *shown);
            match self.world.release_table(name, audience, body, &how) {
                Ok(line) => {
                    self.cells.insert(line, cells);
                    if from_parts {
                        self.derived.insert(line);
                        self.seen.insert("derived");
                    }
                }
                Err(reason) => {
                    if let Some((region, lines)) = before {
                        self.world.region = region;
                        self.world.lines.truncate(lines);
                        self.world.bodies.retain(|line, _| *line < lines as u64);
                        self.cells.retain(|line, _| *line < lines as u64);
                        self.derived.retain(|line| *line < lines as u64);
                    }
                    return Err(reason);
                }
            }
        }
        Ok(())
    }

    /// A table as it leaves, and what each of its cells says of the atoms.
    fn write(&mut self, id: ParticipantId, code: &str, when: &str, Shown(shown): Shown) -> (Table, BTreeMap<Key, Row>) {
        let (list, topic) = (code.ends_with("CIT"), topic_of(&form(code)));
        let mut sum = |citizenships: &[usize]| {
            let mut row = Row::new();
            for quarter in quarters(period(when)) {
                for citizenship in citizenships {
                    let vintage = self.vintages.get(&(id, topic, quarter)).copied().unwrap_or_default();
                    add(
                        &mut row,
                        &unit(place(
                            &mut self.atoms,
                            &mut self.places,
                            Atom { of: id, topic, quarter, citizenship: *citizenship, vintage },
                        )),
                        1,
                    );
                }
            }
            row
        };
        let total = sum(&[0, 1, 2]);
        if !list {
            return (table(code, when, &[("", "10")]), [(Key::default(), total)].into());
        }
        let complete = shown & 0b1000 != 0;
        let mut cells = vec![("_T", "10")];
        let mut rows = vec![("_T", total)];
        let mut other = vec![2];
        for (citizenship, at) in [(0, "AFG"), (1, "SYR")] {
            let row = sum(&[citizenship]);
            if shown >> citizenship & 1 == 1 {
                // One of the written rows may be hidden.
                let hidden = shown & 0b0100 != 0 && citizenship == 0;
                cells.push((at, if hidden { "suppressed" } else { "3" }));
                if !hidden {
                    rows.push((at, row));
                }
            } else if complete {
                // Not written and zero; nobody but its readers knows that it is.
                rows.push((at, row));
            } else {
                other.push(citizenship);
            }
        }
        cells.push(("_O", "4"));
        rows.push(("_O", sum(&other)));
        if shown & 0b1111_0000 == 0b1111_0000 {
            // The core is not answered.
            cells[0].1 = "not known";
            rows.remove(0);
        }
        let mut body = table(code, when, &cells);
        body.metadata.list_complete = complete;
        (body, rows.into_iter().map(|(at, row)| (key(at), row)).collect())
    }

    // What the hub does.

    fn edition(&mut self, topic: &str) {
        self.world.edition(topic, 2021).unwrap();
        if let Some(sabotage) = self.sabotage {
            sabotage.at_edition(self, topic);
        }
    }

    fn serve(&mut self, who: u8, erase: bool) {
        for n in (0..self.admitted).filter(|n| who >> n & 1 == 1) {
            let name = code(n);
            if erase {
                self.world.erase_due(&name);
            }
            for item in self.world.serve(&name) {
                self.learn(self.world.id(&name), item);
            }
        }
        if let Some(sabotage) = self.sabotage {
            sabotage.at_serving(self);
        }
    }

    fn learn(&mut self, reader: ParticipantId, item: ServedItem) {
        match item {
            ServedItem::Release(line) => {
                self.seen.insert("read singly");
                self.learn_release(reader, line);
            }
            ServedItem::BlockTable(edition, block, table) => {
                let line = &self.world.region.edition(edition).unwrap().blocks[usize::from(block)];
                let insider = line.members.contains(&reader);
                self.seen.insert(match (line.sharing, insider) {
                    (Sharing::Open, _) => "open block read",
                    (_, true) => "closed block read by a member",
                    _ => "closed block read",
                });
                let of = self.world.compiled[&edition][usize::from(block)][usize::from(table)].of.clone();
                self.learn_sum(reader, &of);
            }
        }
    }

    /// The reader learns every cell of a release.
    pub(crate) fn learn_release(&mut self, reader: ParticipantId, line: LineIndex) {
        let facts = self.cells[&line].values().map(|row| Fact { row: row.clone(), single: Some(line) });
        self.learnt.entry(reader).or_default().extend(facts);
    }

    /// The reader learns the sum of several releases.
    pub(crate) fn learn_sum(&mut self, reader: ParticipantId, of: &[LineIndex]) {
        let release = self.world.region.release(of[0]).unwrap();
        let tables: Vec<&Table> = of.iter().map(|line| &self.world.bodies[line]).collect();
        let form = Catalogue::bundled().form(&release.manifest.form).unwrap();
        let sums = blocks::sum(form, release.manifest.period, &tables);
        for at in sums.cells.keys() {
            let mut row = Row::new();
            for line in of {
                let cells = &self.cells[line];
                // A cell that is in the sum is known of each member, else the sum would not have it.
                add(&mut row, &cells[at], 1);
                // The remainder holds the rows that are not in the sum.
                if *at == key("_O") {
                    ["AFG", "SYR"]
                        .map(key)
                        .iter()
                        .filter(|at| !sums.cells.contains_key(at))
                        .filter_map(|at| cells.get(at))
                        .for_each(|folded| add(&mut row, folded, 1));
                }
            }
            self.learnt.entry(reader).or_default().push(Fact { row, single: None });
        }
    }

    /// The cells of a release.
    pub(crate) fn rows(&self, line: LineIndex) -> impl Iterator<Item = &Row> {
        self.cells[&line].values()
    }

    fn refused(&mut self, name: &str, topic: usize, reason: &Reason) {
        match reason {
            Reason::OpenBlockRead { .. } => drop(self.seen.insert("refused: open block read")),
            Reason::BlockWouldOpen { .. } => drop(self.seen.insert("refused: block would open")),
            _ => {}
        }
        if let Some(sabotage) = self.sabotage {
            sabotage.at_refusal(self, name, TOPICS[topic], reason);
        }
    }
}

/// Code of the nth participant.
pub(crate) fn code(n: usize) -> String {
    format!("P{}{}", char::from(b'A' + n as u8), char::from(b'A' + n as u8))
}
/// Topic and year.
pub(crate) fn year(place: usize) -> YearOfTopic {
    (topic(TOPICS[place]), 2021)
}

fn form_of(topic: usize, list: bool) -> String {
    format!("{}_{}", TOPICS[topic], if list { "CIT" } else { "TOT" })
}
fn topic_of(code: &FormCode) -> usize {
    usize::from(code.as_str().starts_with(TOPICS[1]))
}
fn quarters(when: Period) -> impl Iterator<Item = usize> {
    (0..4).filter(move |quarter| when.contains(period(PERIODS[*quarter])))
}
fn place(atoms: &mut Vec<Atom>, places: &mut BTreeMap<Atom, usize>, atom: Atom) -> usize {
    *places.entry(atom).or_insert_with(|| {
        atoms.push(atom);
        atoms.len() - 1
    })
}
