//! Closed blocks: formed by an edition, read as sums, logged before they are read.

use vrs_hub::{Hub, HubError};
use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::ledger::{LineKind, Said};
use vrs_protocol::refusal::Reason;
use vrs_protocol::release::decode_body;
use vrs_protocol::wire::{Reply, Request};
use vrs_runtime::clock::Clock;
use vrs_runtime::shutdown::Shutdown;
use vrs_runtime::values;

use crate::support::{form, on_each_engine, period, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_that_share_totals_are_seen_as_one_sum_and_two_are_not() {
    on_each_engine(|world| async move {
        let (gbr, usa) = (world.join("GBR").await, world.join("USA").await);
        let (fra, hrv, svn) = (world.join("FRA").await, world.join("HRV").await, world.join("SVN").await);
        gbr.contribute(&world.hub, "IE_CIT", "2021", Audience::Contributors, &[("_T", Cell::count(100))]).await;
        let mut closed = Vec::new();
        for (node, count) in [(&fra, 5_940), (&hrv, 12_945)] {
            closed.push(node.contribute(&world.hub, "IE_CIT", "2021", Audience::Totals, &[("_T", Cell::count(count))]).await);
        }
        // Two are no block: the edition only lists them.
        let compiled = world.hub.compile_editions(None, None).await.unwrap();
        assert_eq!(compiled.len(), 1);
        assert!(world.hub.ledger().view().region().edition(compiled[0].line).unwrap().blocks.is_empty());
        let overview = world.hub.overview(&form("IE_CIT"), period("2021")).await.unwrap().overview;
        assert_eq!(overview.not_included().iter().map(ToString::to_string).collect::<Vec<_>>(), ["FRA", "HRV"]);

        closed.push(svn.contribute(&world.hub, "IE_CIT", "2021", Audience::Totals, &[("_T", Cell::count(8_970))]).await);
        world.hub.compile_editions(None, None).await.unwrap();
        assert!(world.hub.compile_editions(None, None).await.unwrap().is_empty(), "nothing new is not said twice");
        let overview = world.hub.overview(&form("IE_CIT"), period("2021")).await.unwrap().overview;
        assert_eq!(overview.blocks[0].cells.values().copied().collect::<Vec<_>>(), [27_855]);
        assert_eq!(overview.open_total().unwrap().known, Some(100));

        let ask = Request::Overview { form: form("IE_CIT"), period: period("2021") };
        let Reply::BlockTables { tables } = gbr.ask(&ask).await else { panic!("refused") };
        assert_eq!(decode_body(&tables[0].body).unwrap().total(), Some(&Cell::count(27_855)));
        let servings = world.said(&gbr, LineKind::Serving).await;
        assert!(matches!(&servings[..], [(at, Said::Serving(serving))] if *at == tables[0].serving && serving.reader == gbr.id));
        assert_eq!(gbr.read(&closed).await.1.len(), 3, "nobody reads them singly");
        let refused = usa.refusal(&world.hub, usa.ask(&ask).await);
        assert_eq!(refused.number, 600, "{}", refused.sentence);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_left_out_of_a_block_for_releasing_late_or_for_a_body_that_is_missing() {
    on_each_engine(|world| async move {
        let (fra, hrv, svn) = (world.join("FRA").await, world.join("HRV").await, world.join("SVN").await);
        let share = |count| [("_T", Cell::count(count))];
        fra.contribute(&world.hub, "IE_CIT", "2021", Audience::Totals, &share(1)).await;
        hrv.contribute(&world.hub, "IE_CIT", "2021", Audience::Totals, &share(2)).await;
        // A command beside the running hub has read the ledger when the third comes.
        let command =
            Hub::open(world.place.dir(), settings(&world.place), Clock::system(), Shutdown::new()).await.unwrap();
        let late = svn.contribute(&world.hub, "IE_CIT", "2021", Audience::Totals, &share(3)).await;
        // As if its body had come after the figures were read, and never did.
        let mut tx = world.hub.database().begin("take a body away").await.unwrap();
        tx.execute("UPDATE body SET line = 0 WHERE line = $1", values![late]).await.unwrap();
        tx.commit().await.unwrap();
        let refused = command.compile_editions(None, None).await.unwrap_err();
        assert!(matches!(refused, HubError::Refused(Reason::Unavailable(_))), "{refused}");
        let mut tx = world.hub.database().begin("bring a body back").await.unwrap();
        tx.execute("UPDATE body SET line = $1 WHERE line = 0", values![late]).await.unwrap();
        tx.commit().await.unwrap();
        let compiled = command.compile_editions(None, None).await.unwrap();
        let members = {
            let view = command.ledger().view();
            view.region().edition(compiled[0].line).unwrap().blocks[0].members.clone()
        };
        assert_eq!(members, [fra.id, hrv.id, svn.id]);
        command.close().await.unwrap();
        world.hub.close().await.unwrap();
    })
    .await;
}
