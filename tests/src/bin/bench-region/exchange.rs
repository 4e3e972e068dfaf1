//! What we reach: a signed release, verified, durable, with its receipt, between a node's link and a hub in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use vrs_node::delivery::Session;
use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::release::{Draft, Nonce, Operator, Terms};
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{Reply, Request, Submission};
use vrs_tests::world::World;

use crate::{cpu, mean};

/// Releases under way at the same time, as many as one commit takes.
const UNDER_WAY: usize = 64;
/// Below the burst that a hub grants one participant by default.
const ROUNDS: usize = 1_536;
/// Topics with a total of their own, so that no figure contradicts another.
const FORMS: [&str; 6] = ["IE_TOT", "RE_TOT", "IR_TOT", "IX_TOT", "SM_TOT", "MS_TOT"];

/// What an exchange costs and how many there are in a second.
pub(crate) struct Exchange {
    pub(crate) cpu_us: f64,
    pub(crate) per_second: f64,
    pub(crate) approve_to_readable_ms: f64,
}

impl Exchange {
    pub(crate) fn mean(turns: &[Self]) -> Self {
        Self {
            cpu_us: mean(turns, |turn| turn.cpu_us),
            per_second: mean(turns, |turn| turn.per_second),
            approve_to_readable_ms: mean(turns, |turn| turn.approve_to_readable_ms),
        }
    }
}

pub(crate) async fn measure() -> Exchange {
    let world = World::without_wires(&["A", "B"]).await;
    let drafts = drafts(&world).await;
    let a = &world.node("A").node;
    let (me, key) = (a.me().await.unwrap(), Arc::new(a.keys().identity().unwrap()));
    let session = Arc::new(Session::connect(a).await.unwrap());
    let (drafts, next) = (Arc::new(drafts), Arc::new(AtomicUsize::new(0)));
    let (cpu_before, begun) = (cpu::used_us(), Instant::now());
    let mut workers = Vec::new();
    for _ in 0..UNDER_WAY {
        let (session, drafts, next, key, me) = (session.clone(), drafts.clone(), next.clone(), key.clone(), me.clone());
        workers.push(tokio::spawn(async move {
            while let Some(draft) = drafts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let approved = draft.clone().approve(&Operator("director".into()), Timestamp(0)).unwrap();
                let signed = approved.sign(me.exchange, me.code.as_str(), &key).unwrap();
                let submission =
                    Submission { statement: signed.statement.into_bytes(), nonce: signed.nonce, body: signed.body };
                let reply = session.call(&Request::Submit { releases: vec![submission] }).await.unwrap();
                assert!(matches!(reply, Reply::Logged { .. }));
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let (cpu_us, seconds) = (cpu::used_us() - cpu_before, begun.elapsed().as_secs_f64());
    let approve_to_readable_ms = approve_to_readable(&world).await;
    Exchange { cpu_us: cpu_us / ROUNDS as f64, per_second: ROUNDS as f64 / seconds, approve_to_readable_ms }
}

/// Different forms and months, all by one author, each a release of its own.
async fn drafts(world: &World) -> Vec<Draft> {
    let node = &world.node("A").node;
    let (me, view) = (node.me().await.unwrap(), node.view().await.unwrap());
    let region = view.region();
    let (charter, rules) = region.charter().unwrap();
    let mut drafts = Vec::new();
    for year in 1990..2025 {
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
    unreachable!("35 years of months hold enough tables")
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
