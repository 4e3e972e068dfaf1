//! Rule 5: a line before every body; and what ends a right.

use std::collections::BTreeSet;

use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_protocol::ledger::{Erasure, LineKind, Said, Served, ServedItem};
use vrs_protocol::release::decode_body;

use crate::support::{form, logged, on_each_engine, period};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serving_line_precedes_every_body_and_one_right_is_served_once() {
    on_each_engine(|world| async move {
        let (gbr, fra, usa) = (world.join("GBR").await, world.join("FRA").await, world.join("USA").await);
        let theirs =
            fra.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(77))]).await;
        let own = gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(5))]).await;
        let (bodies, refused) = gbr.read(&[theirs]).await;
        assert!(refused.is_empty());
        assert_eq!(decode_body(&bodies[0].body).unwrap().total(), Some(&Cell::count(77)));
        let servings = world.said(&gbr, LineKind::Serving).await;
        let [(at, Said::Serving(serving))] = &servings[..] else { panic!("{servings:?}") };
        assert_eq!((*at, serving.reader), (bodies[0].serving, gbr.id));
        assert_eq!(serving.items, [Served { item: ServedItem::Release(theirs), justified_by: own }]);
        // Again: the body, and no new line.
        let size = world.hub.ledger().view().size();
        assert_eq!(gbr.read(&[theirs]).await.0, bodies);
        assert_eq!(world.hub.ledger().view().size(), size);
        // Who contributes nothing reads nothing, and learns what would unlock it.
        let (bodies, refused) = usa.read(&[theirs, own]).await;
        assert!(bodies.is_empty());
        let unlock = refused[0].1.unlock.as_ref().unwrap();
        assert_eq!((refused[0].1.number, &unlock.form, unlock.period), (600, &form("IE_TOT"), period("2021")));
        assert_eq!(unlock.participants.iter().map(ToString::to_string).collect::<Vec<_>>(), ["FRA", "GBR"]);
        assert_eq!(world.hub.ledger().view().size(), size, "a refusal is no serving");
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_ends_both_directions_and_who_owes_an_erasure_gets_nothing_new() {
    on_each_engine(|world| async move {
        let (gbr, fra, usa) = (world.join("GBR").await, world.join("FRA").await, world.join("USA").await);
        let share = |count: u64| [("", Cell::count(count))];
        let british = gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &share(1)).await;
        let french = fra.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &share(2)).await;
        assert_eq!(gbr.read(&[french]).await.0.len(), 1);
        logged(fra.withdraw(&world.hub, french).await);
        assert_eq!(gbr.read(&[french]).await.1[0].1.number, 415, "nothing current stands there");
        assert_eq!(fra.read(&[british]).await.1[0].1.number, 600, "the one who withdrew reads no more");
        let american = usa.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &share(3)).await;
        assert_eq!(gbr.read(&[american]).await.1[0].1.number, 609, "an erasure is owed");
        logged(gbr.declare(LineKind::Erasure, &Erasure { releases: vec![french] }).await);
        assert_eq!(gbr.read(&[american]).await.0.len(), 1);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_release_is_read_by_the_named_one_that_names_back() {
    on_each_engine(|world| async move {
        let (gbr, fra, usa) = (world.join("GBR").await, world.join("FRA").await, world.join("USA").await);
        let named = |id| Audience::Named(BTreeSet::from([id]));
        let british = gbr.contribute(&world.hub, "IE_TOT", "2021", named(fra.id), &[("", Cell::count(1))]).await;
        let french =
            fra.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(2))]).await;
        usa.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(3))]).await;
        assert_eq!(fra.read(&[british]).await.0.len(), 1);
        assert_eq!(gbr.read(&[french]).await.0.len(), 1);
        assert_eq!(usa.read(&[british]).await.1[0].1.number, 606);
        world.hub.close().await.unwrap();
    })
    .await;
}
