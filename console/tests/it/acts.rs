//! The audit trail: what is recorded, by whom and from where, and how a trail that was touched is found out.

use axum::http::{StatusCode, header};
use vrs_console::MIGRATIONS;
use vrs_console::acts::{self, Act, ActsFilter, ChainFault, RecordedAct, chain};
use vrs_console::layout::Transport;
use vrs_runtime::testing::Place;
use vrs_runtime::values;

use crate::browser::{PASSWORD, START, World};

async fn told(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    world
        .console
        .acts()
        .each::<vrs_runtime::database::DatabaseError>(0, |act, _| {
            let RecordedAct { account, from, what, subject, .. } = act;
            lines.push(format!("{} {from} {what} {subject}", account.as_deref().unwrap_or("-")));
            Ok(())
        })
        .await
        .unwrap();
    lines
}

#[tokio::test]
async fn the_trail_tells_who_signed_in_from_where_and_what_was_changed() {
    for place in Place::each().await {
        let world = World::on(place, Transport::PlainHttp).await.with_account("meyer", &["auditor"]).await;
        let mut browser = world.browser();
        browser.sign_in("meyer", "wrong").await;
        browser.sign_in("nobody", "wrong").await;
        browser.sign_in("meyer", PASSWORD).await;
        let form =
            format!("current={0}&new=another+long+sentence&again=another+long+sentence", PASSWORD.replace(' ', "+"));
        assert_eq!(browser.post("/me/password", &form).await.status, StatusCode::SEE_OTHER);
        browser.post("/logout", "").await;
        assert_eq!(
            told(&world).await,
            [
                "- the program account-added account meyer",
                "- 192.0.2.1 sign-in-refused account meyer",
                "- 192.0.2.1 sign-in-refused no account",
                "meyer 192.0.2.1 signed-in account meyer",
                "meyer 192.0.2.1 password-set account meyer",
                "meyer 192.0.2.1 signed-out account meyer",
            ]
        );
        let trail = world.console.acts();
        let of = |account: Option<&str>, what: Option<&str>, since| ActsFilter {
            account: account.map(str::to_owned),
            what: what.map(str::to_owned),
            since,
            until: None,
        };
        for (filter, count) in [
            (of(None, None, None), 6),
            (of(Some("meyer"), None, None), 3),
            (of(None, Some("sign-in-refused"), None), 2),
            (of(None, None, Some(START + 1)), 0),
            (ActsFilter { until: Some(START), ..ActsFilter::default() }, 0),
        ] {
            assert_eq!(trail.count(&filter).await.unwrap(), count, "{filter:?}");
            assert_eq!(trail.page(&filter, 0, 50).await.unwrap().len() as u64, count, "{filter:?}");
        }
        assert_eq!(trail.page(&of(None, None, None), 1, 2).await.unwrap()[0].number, 5, "the latest stands first");
        let intact = trail.intact().await.unwrap();
        assert_eq!((intact.chain.number, intact.broken), (6, None));
    }
}

#[tokio::test]
async fn what_did_not_happen_is_not_recorded() {
    let world = World::new().await;
    let database = world.place.open(MIGRATIONS).await;
    let mut tx = database.begin("do something").await.unwrap();
    acts::record(&mut tx, Act::new("agency-added", "agency BF"), START).await.unwrap();
    drop(tx);
    assert!(told(&world).await.is_empty());
    assert_eq!(world.console.acts().intact().await.unwrap().chain.number, 0);
}

#[tokio::test]
async fn tries_during_a_pause_do_not_fill_the_trail() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    for _ in 0..20 {
        browser.sign_in("meyer", "wrong").await;
    }
    let refused = told(&world).await.iter().filter(|line| line.contains("sign-in-refused")).count();
    assert_eq!(refused, 5, "the tries that were looked at");
    let acts = world.console.acts().page(&ActsFilter::default(), 0, 1).await.unwrap();
    assert_eq!(acts[0].after["pause_secs"], "15");
}

#[tokio::test]
async fn a_trail_that_was_touched_is_found_out() {
    for (touch, number, expected) in [
        ("UPDATE act SET subject = 'account eve' WHERE number = 2", 2, Some(ChainFault::Hash)),
        ("UPDATE act SET facts_after = '{}' WHERE number = 1", 1, Some(ChainFault::Hash)),
        ("DELETE FROM act WHERE number = 2", 2, None),
        ("DELETE FROM act WHERE number = 3", 3, None),
        ("DELETE FROM act", 1, None),
    ] {
        let world = World::new().await.with_account("meyer", &["auditor"]).await;
        for name in ["ana", "ben"] {
            let new = vrs_console::accounts::NewAccount::new(name, "").unwrap();
            let password = vrs_console::passwords::Password::new(PASSWORD.into()).unwrap();
            world.console.accounts().add(new, password).await.unwrap();
        }
        let database = world.place.open(MIGRATIONS).await;
        let mut tx = database.begin("touch").await.unwrap();
        tx.execute(touch, values![]).await.unwrap();
        tx.commit().await.unwrap();
        let (found, fault) = world.console.acts().intact().await.unwrap().broken.unwrap();
        assert_eq!(found, number, "{touch}");
        if let Some(expected) = expected {
            assert_eq!(fault, expected, "{touch}");
        } else {
            assert!(matches!(fault, ChainFault::Number { .. }), "{touch}: {fault}");
        }
    }
}

#[tokio::test]
async fn the_auditor_reads_the_trail_and_others_do_not() {
    let world =
        World::new().await.with_account("meyer", &["auditor"]).await.with_account("ana", &["focal_point"]).await;
    let mut auditor = world.browser();
    auditor.sign_in("meyer", PASSWORD).await;
    let page = auditor.get("/acts").await;
    assert!(page.text.contains("Intact to act 3, checked 23 November 2026, 21:05 UTC."), "{}", page.text);
    assert!(page.text.contains("account added") && page.text.contains("roles: focal_point"), "{}", page.text);
    let filtered = auditor.get("/acts?account=meyer&what=signed-in&from=2026-11-23&to=2026-11-23&page=7").await;
    assert!(filtered.text.contains("<option value=\"signed-in\" selected>signed in</option>"), "{}", filtered.text);
    assert!(auditor.get("/acts?from=2026-11-24").await.text.contains("No act is of this kind."));
    assert_eq!(auditor.get("/acts?from=soon").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = auditor.get("/acts/export").await;
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("VRS_FRA_acts.jsonl"));
    let verified = chain::verify(file.text.as_bytes()).unwrap();
    assert_eq!((verified.chain.number, verified.broken), (4, None), "its own export is the last act");
    let mut other = world.browser();
    other.sign_in("ana", PASSWORD).await;
    for path in ["/acts", "/acts/export"] {
        assert_eq!(other.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

/// The codes in our sources are those that have a name in both languages.
#[test]
fn every_act_has_a_name_in_every_language() {
    let house = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![house.join("console/src"), house.join("node/src"), house.join("hub/src")];
    let mut codes = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
            for part in text.split("Act::new(").skip(1) {
                let code = part.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                codes.extend(code.map(|(code, _)| code.to_owned()));
            }
            let written = text.split('"').filter(|word| word.ends_with("-written") || word.ends_with("-with-body"));
            codes.extend(written.filter(|word| !word.contains(' ')).map(str::to_owned));
        }
    }
    assert!(codes.len() > 20, "{codes:?}");
    for language in ["en", "fr"] {
        let file = house.join("console/translations").join(language).join("acts.ftl");
        let named: std::collections::BTreeSet<String> = std::fs::read_to_string(file)
            .unwrap()
            .lines()
            .filter_map(|line| Some(line.strip_prefix("act-")?.split_once(" = ")?.0.to_owned()))
            .collect();
        assert_eq!(named, codes, "{language}");
    }
}
