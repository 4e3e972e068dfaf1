//! What we reach: a signed release, verified, durable, with its receipt, between a node's link and a hub in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use vrs_node::Node;
use vrs_node::delivery::Session;
use vrs_node::node::Me;
use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::release::{Draft, Nonce, Operator, Terms};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{Reply, Request, Submission};
use vrs_tests::world::World;

use crate::cpu;

/// Participants that submit, the first alone and the others together, each over its own connection: a link carries 16
/// requests at a time, and a commit takes 64.
const AUTHORS: [&str; 9] = ["A", "B", "C", "D", "E", "F", "G", "H", "I"];
/// Releases of each that are under way at the same time.
const UNDER_WAY: usize = 16;
/// Releases of each.
const ROUNDS: usize = 192;
/// Topics with a total of their own, so that no figure contradicts another.
const FORMS: [&str; 6] = ["IE_TOT", "RE_TOT", "IR_TOT", "IX_TOT", "SM_TOT", "MS_TOT"];

/// What an exchange costs and how many there are in a second.
pub(crate) struct Cost {
    pub(crate) cpu_us: f64,
    pub(crate) per_second: f64,
}

/// An exchange in a region: when one participant submits, and when several do.
pub(crate) struct Exchange {
    pub(crate) alone: Cost,
    pub(crate) together: Cost,
    pub(crate) approve_to_readable_ms: f64,
}

pub(crate) async fn measure() -> Exchange {
    let world = World::without_wires(&AUTHORS).await;
    let mut authors = Vec::new();
    for name in AUTHORS {
        authors.push(Arc::new(Author::new(&world, name).await));
    }
    let (alone, others) = authors.split_first().unwrap();
    let alone = Cost::of(std::slice::from_ref(alone)).await;
    let together = Cost::of(others).await;
    Exchange { alone, together, approve_to_readable_ms: approve_to_readable(&world).await }
}

impl Cost {
    /// What it costs when these submit all that they have.
    async fn of(authors: &[Arc<Author>]) -> Self {
        let (cpu_before, begun) = (cpu::used_us(), Instant::now());
        let workers: Vec<_> =
            (0..UNDER_WAY).flat_map(|_| authors).map(|author| tokio::spawn(author.clone().submit())).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let (cpu_us, seconds) = (cpu::used_us() - cpu_before, begun.elapsed().as_secs_f64());
        let releases = (ROUNDS * authors.len()) as f64;
        Self { cpu_us: cpu_us / releases, per_second: releases / seconds }
    }
}

/// A participant with its drafts, connected.
struct Author {
    me: Me,
    key: SigningKey,
    session: Session,
    drafts: Vec<Draft>,
    next: AtomicUsize,
}

impl Author {
    async fn new(world: &World, name: &str) -> Self {
        let node = &world.node(name).node;
        Self {
            me: node.me().await.unwrap(),
            key: node.keys().identity().unwrap(),
            session: Session::connect(node).await.unwrap(),
            drafts: drafts(node).await,
            next: AtomicUsize::new(0),
        }
    }

    /// Signs and submits one draft after the other until none is left.
    async fn submit(self: Arc<Self>) {
        while let Some(draft) = self.drafts.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let approved = draft.clone().approve(&Operator("director".into()), Timestamp(0)).unwrap();
            let signed = approved.sign(self.me.exchange, self.me.code.as_str(), &self.key).unwrap();
            let submission =
                Submission { statement: signed.statement.into_bytes(), nonce: signed.nonce, body: signed.body };
            let reply = self.session.call(&Request::Submit { releases: vec![submission] }).await.unwrap();
            assert!(matches!(reply, Reply::Logged { .. }));
        }
    }
}

/// Different forms and months, all by one author, each a release of its own.
async fn drafts(node: &Node) -> Vec<Draft> {
    let (me, view) = (node.me().await.unwrap(), node.view().await.unwrap());
    let region = view.region();
    let (charter, rules) = region.charter().unwrap();
    let mut drafts = Vec::new();
    for year in 2019..2025 {
        for month in 1..=12 {
            for form in FORMS {
                let form = node.form(&FormCode::parse(form).unwrap()).unwrap();
                let mut table = Table::new(form.code.clone(), Period::parse(&format!("{year}-{month:02}")).unwrap());
                table.cells.insert(Key::default(), Cell::count(1_000 + month));
                let terms = Terms {
                    participant: me.id,
                    audience: Audience::Contributors,
                    revision: 1,
                    previous: None,
                    catalogue: rules.catalogue_hash,
                    charter,
                    policy: 0,
                    sources: Vec::new(),
                    bundle: Vec::new(),
                };
                let nonce = Nonce(vrs_runtime::random::bytes());
                drafts.push(Draft::prepare(&table, form, terms, nonce, Operator("officer".into())).unwrap());
                if drafts.len() == ROUNDS {
                    return drafts;
                }
            }
        }
    }
    unreachable!("six years of months hold enough tables")
}

/// From the second person's approval at one node until the body is at hand at another.
async fn approve_to_readable(world: &World) -> f64 {
    let (a, b) = (world.node("A"), world.node("B"));
    let cells = [("_T", Some(40)), ("AFG", Some(30)), ("_O", Some(10))];
    b.release("SM_CIT", "2025", "contributors", &cells).await;
    a.sync().await;
    a.figures("SM_CIT", "2025", &cells).await;
    let prepared = a.prepare("SM_CIT", "2025", "contributors").await.unwrap();
    let vrs_node::node::PrepareOutcome::Prepared(preview) = prepared else { unreachable!("contributors is not keep") };
    let begun = Instant::now();
    a.node.approve(preview.id, &a.director).await.unwrap();
    a.sync().await;
    b.sync().await;
    let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
    assert_eq!(b.reads("SM_CIT", "2025").await.len(), 1);
    milliseconds
}
